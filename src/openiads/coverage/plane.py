"""Areas and the common grid: geodesic polar cells about a site, and equal-distance cells over a whole defence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from openiads.coverage.polar import offset
from openiads.earth import geodesics, geodesy
from openiads.kernel import Reals

SEMI_MAJOR_M, ECCENTRICITY2 = 6_378_137.0, 6.694379990141e-3  # WGS84
MOST_CELLS = 4_000_000
CELL_M = 1_000.0
Window: TypeAlias = tuple[slice, slice]


def gaussian_radius_m(lat_rad: float) -> float:
    """Return the radius of the sphere that fits the ellipsoid best at a latitude. [m]"""
    w2 = 1.0 - ECCENTRICITY2 * math.sin(lat_rad) ** 2
    return SEMI_MAJOR_M * math.sqrt(1.0 - ECCENTRICITY2) / w2


def cap_m2(lat_rad: float, range_m: Reals | float) -> Reals:
    """Return the area within geodesic distances of a point, good to 1e-4 at 700 km. [m2]"""
    radius_m = gaussian_radius_m(lat_rad)
    half = np.sin(np.asarray(range_m) / (2.0 * radius_m))
    return np.asarray(4.0 * math.pi * radius_m * radius_m * half * half)


def ring_areas_m2(lat_rad: float, range_m: Reals) -> Reals:
    """Return the areas of the rings that end at evenly spaced ranges (r,)."""
    return np.diff(cap_m2(lat_rad, np.concatenate([[0.0], range_m])))


def polar_area_m2(lat_rad: float, range_m: Reals, covered: np.ndarray, bearings: np.ndarray, reach_m: Reals) -> float:
    """Return the area of covered polar cells.

    ``covered`` (1 or rows, ranges) counts within ``bearings`` (360 flags). The cell in which a bearing's reach (360,) ends counts up
    to it.
    """
    step_m = float(range_m[1] - range_m[0])
    rings = ring_areas_m2(lat_rad, range_m) / 360.0
    by_row = covered @ rings
    total = np.full(360, float(by_row[0])) if by_row.size == 1 else by_row.reshape(360, -1).mean(axis=1)
    whole = np.floor(reach_m / step_m) * step_m
    total = total + np.where(reach_m > 0.0, (cap_m2(lat_rad, reach_m) - cap_m2(lat_rad, whole)) / 360.0, 0.0)
    return float(total[bearings].sum())


def shares_of_cells(
    lat_rad: float, range_m: Reals, why: np.ndarray, bearings: np.ndarray, outside: int, names: Sequence[str]
) -> dict[str, float]:
    """Return the share of the uncovered area that each factor causes (they sum to 1; empty where all is covered).

    ``why`` (1 or rows, ranges) holds factors, negative where covered; off the ``bearings`` (360 flags) the factor is ``outside``.
    """
    weights = np.broadcast_to(ring_areas_m2(lat_rad, range_m) / len(why), why.shape)
    inside = float(bearings.mean())
    kept = why >= 0
    if len(why) > 1:
        flags = np.repeat(bearings, len(why) // 360)
        found = np.bincount(why[flags][kept[flags]], weights[flags][kept[flags]], minlength=len(names))
    else:
        found = np.asarray(inside * np.bincount(why[kept], weights[kept], minlength=len(names)))
    found[outside] += (1.0 - inside) * float(weights.sum())
    total = float(found.sum())
    return {name: float(value) / total for name, value in zip(names, found, strict=True) if value > 0.0} if total > 0.0 else {}


@dataclass(eq=False)
class Plane:
    """A grid of equal steps about a centre, at most ``most_cells`` cells, with the way to each place kept once found."""

    centre: tuple[float, float]
    reach_m: float
    most_cells: int = MOST_CELLS
    step_m: float = 0.0
    area_m2: Reals = field(default_factory=lambda: np.zeros(0))
    ways: dict[tuple[float, ...], tuple[Window, np.ndarray, np.ndarray]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay the grid."""
        half = math.ceil(self.reach_m / CELL_M)
        self.step_m = CELL_M
        if (2 * half + 1) ** 2 > self.most_cells:
            half = (math.isqrt(self.most_cells) - 1) // 2
            self.step_m = self.reach_m / half
        self.axis_m = np.asarray(np.arange(-half, half + 1) * self.step_m, np.float64)
        coarse = np.linspace(self.axis_m[0], self.axis_m[-1], 41)
        x, y = np.meshgrid(coarse, coarse)
        lat, lon, _ = geodesics.direct(*self.centre, np.arctan2(x, y), np.hypot(x, y))
        from scipy.interpolate import RectBivariateSpline

        places = geodesy.to_ecef(lat, lon, 0.0).reshape(41, 41, 3)
        parts = [RectBivariateSpline(coarse, coarse, places[..., c])(self.axis_m, self.axis_m) for c in range(3)]
        self.ecef_m = parts
        far = np.hypot(self.axis_m[:, None], self.axis_m[None, :])
        angle = far / gaussian_radius_m(self.centre[0])
        self.area_m2 = self.step_m**2 * np.sinc(angle / math.pi)

    def _way(self, place: tuple[float, float], window: Window) -> tuple[Reals, Reals]:
        """Distance [m] and bearing [rad] of the cells of a window from a place."""
        site = geodesy.frame(*place, 0.0)
        rows, columns = window
        dx, dy, dz = (part[rows, columns] - float(origin) for part, origin in zip(self.ecef_m, site.origin_ecef_m, strict=True))
        axes = np.asarray(site.axes)
        east = axes[0, 0] * dx + axes[0, 1] * dy + axes[0, 2] * dz
        north = axes[1, 0] * dx + axes[1, 1] * dy + axes[1, 2] * dz
        chord = np.sqrt(dx * dx + dy * dy + dz * dz)
        radius_m = gaussian_radius_m(place[0])
        return 2.0 * radius_m * np.arcsin(np.minimum(chord / (2.0 * radius_m), 1.0)), np.arctan2(east, north)

    def _cells(self, place: tuple[float, float], rows: int, range_m: Reals) -> tuple[Window, np.ndarray, np.ndarray]:
        """The window that polar cells reach, in it the nearest polar cell (row, column as one index) and the whole bearing [deg]."""
        key = (*place, rows, float(range_m[-1]), range_m.size)
        if key not in self.ways:
            window = self._window(place, float(range_m[-1]) + 1.5 * self.step_m)
            distance, bearing = self._way(place, window)
            column = np.clip(np.rint(distance / (range_m[1] - range_m[0])).astype(np.int32) - 1, 0, range_m.size)
            row = np.rint(bearing / (2.0 * math.pi) * rows).astype(np.int32) % rows
            degree = np.rint(np.degrees(bearing)).astype(np.int16) % 360
            self.ways[key] = window, row * np.int32(range_m.size + 1) + column, degree
        return self.ways[key]

    def spread(
        self, place: tuple[float, float], range_m: Reals, values: np.ndarray, bearings: np.ndarray, outside: Any
    ) -> tuple[Window, np.ndarray]:
        """Return a window of the grid and the values (1 or rows, ranges) of the polar cells about a place that lie in it.

        Off the ``bearings`` (360 flags) and beyond the last range it holds ``outside``.
        """
        window, index, degree = self._cells(place, len(values), range_m)
        far = np.flatnonzero((values != outside).any(axis=0))
        if not far.size:
            return (slice(0, 0), slice(0, 0)), np.zeros((0, 0), values.dtype)
        part = self._window(place, float(range_m[far[-1]]) + 1.5 * self.step_m)
        inner = tuple(slice(max(a.start - b.start, 0), min(a.stop, b.stop) - b.start) for a, b in zip(part, window, strict=True))
        padded = np.concatenate([values, np.full((len(values), 1), outside, values.dtype)], axis=1).reshape(-1)
        found = padded[index[inner]]
        if not bearings.all():
            found = np.where(bearings[degree[inner]], found, np.asarray(outside, values.dtype))
        at = tuple(slice(b.start + c.start, b.start + c.stop) for b, c in zip(window, inner, strict=True))
        return (at[0], at[1]), found

    def lay(self, out: np.ndarray, place: tuple[float, float], range_m: Reals, covered: np.ndarray, bearings: np.ndarray) -> None:
        """Join to ``out`` the cells that polar cells (1 or rows, ranges) about a place cover."""
        window, found = self.spread(place, range_m, covered, bearings, False)
        out[window] |= found

    def _window(self, place: tuple[float, float], far_m: float) -> Window:
        x, y = offset(self.centre, place)
        slack = 1.02 * far_m + 2.0 * self.step_m
        found = []
        for at in (y, x):
            low = int(np.clip(np.floor((at - slack - self.axis_m[0]) / self.step_m), 0, self.axis_m.size - 1))
            high = int(np.clip(np.ceil((at + slack - self.axis_m[0]) / self.step_m) + 1, 1, self.axis_m.size))
            found.append(slice(low, high))
        return found[0], found[1]

    def distance_m(self, place: tuple[float, float], window: Window) -> Reals:
        """Return the distance of the cells of a window from a place."""
        return self._way(place, window)[0]

    def around(self, places: Sequence[tuple[float, float]], far_m: float) -> tuple[Window, Reals]:
        """Return a window that holds all places with a distance about them, and the distance of its cells to the nearest. [m]"""
        parts = [self._window(place, far_m) for place in places]
        window = (
            slice(min(p[0].start for p in parts), max(p[0].stop for p in parts)),
            slice(min(p[1].start for p in parts), max(p[1].stop for p in parts)),
        )
        return window, np.minimum.reduce([self.distance_m(place, window) for place in places])

    def rays(self, covered: np.ndarray, place: tuple[float, float]) -> Reals:
        """Return, for 360 bearings from a place, the first range going outward at which cells are no longer covered. [m]"""
        x0, y0 = offset(self.centre, place)
        step_m = 0.5 * self.step_m
        rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
        if not rows.size:
            return np.zeros(360)
        corners = [math.hypot(self.axis_m[c] - x0, self.axis_m[r] - y0) for r in rows[[0, -1]] for c in columns[[0, -1]]]
        along = np.arange(1, int(max(corners) / step_m) + 4) * step_m
        angle = np.radians(np.arange(360.0))[:, None]
        column = np.rint((x0 + along * np.sin(angle) - self.axis_m[0]) / self.step_m).astype(np.int64)
        row = np.rint((y0 + along * np.cos(angle) - self.axis_m[0]) / self.step_m).astype(np.int64)
        size = self.axis_m.size
        inside = (row >= 0) & (row < size) & (column >= 0) & (column < size)
        hit = covered[np.clip(row, 0, size - 1), np.clip(column, 0, size - 1)] & inside
        starts = np.argmax(hit, axis=1)
        beyond = ~hit & (np.arange(along.size)[None, :] > starts[:, None])
        ends = np.argmax(beyond, axis=1)
        return np.where(hit.any(axis=1), along[np.maximum(ends - 1, 0)], 0.0)
