"""Areas and the common grid: geodesic polar cells about a site, and equal-distance cells over a whole defence."""

import math
from dataclasses import dataclass, field

import numpy as np

from openiads.earth import geodesy
from openiads.kernel import Reals

SEMI_MAJOR_M, ECCENTRICITY2 = 6_378_137.0, 6.694379990141e-3  # WGS84
MOST_CELLS = 4_000_000
CELL_M = 1_000.0


def gaussian_radius_m(lat_rad: float) -> float:
    """Return the radius of the sphere that fits the ellipsoid best at a latitude. [m]"""
    w2 = 1.0 - ECCENTRICITY2 * math.sin(lat_rad) ** 2
    return SEMI_MAJOR_M * math.sqrt(1.0 - ECCENTRICITY2) / w2


def cap_m2(lat_rad: float, range_m: Reals | float) -> Reals:
    """Return the area within geodesic distances of a point, good to 1e-4 at 700 km. [m2]"""
    radius_m = gaussian_radius_m(lat_rad)
    half = np.sin(np.asarray(range_m) / (2.0 * radius_m))
    return np.asarray(4.0 * math.pi * radius_m * radius_m * half * half)


def polar_area_m2(lat_rad: float, range_m: Reals, covered: np.ndarray, bearings: np.ndarray, reach_m: Reals) -> float:
    """Return the area of covered polar cells.

    ``covered`` (1 or 360, ranges) counts within ``bearings`` (360 flags). The cell in which a bearing's reach ends counts up to it.
    """
    step_m = float(range_m[1] - range_m[0])
    edges = np.concatenate([[0.0], range_m])
    rings = np.diff(cap_m2(lat_rad, edges)) / 360.0
    if covered.shape[0] == 1:
        total = np.full(360, float(covered[0] @ rings))
    else:
        total = covered @ rings
    whole = np.floor(reach_m / step_m) * step_m
    total = total + np.where(reach_m > 0.0, (cap_m2(lat_rad, reach_m) - cap_m2(lat_rad, whole)) / 360.0, 0.0)
    return float(total[bearings].sum())


@dataclass(eq=False)
class Plane:
    """A grid of equal steps about a centre, at most ``MOST_CELLS`` cells, with the way to each place kept once found."""

    centre: tuple[float, float]
    reach_m: float
    step_m: float = 0.0
    lat_rad: Reals = field(default_factory=lambda: np.zeros(0))
    lon_rad: Reals = field(default_factory=lambda: np.zeros(0))
    area_m2: Reals = field(default_factory=lambda: np.zeros(0))
    ways: dict[tuple[float, float], tuple[Reals, np.ndarray]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay the grid."""
        half = math.ceil(self.reach_m / CELL_M)
        self.step_m = CELL_M
        if (2 * half + 1) ** 2 > MOST_CELLS:
            half = (math.isqrt(MOST_CELLS) - 1) // 2
            self.step_m = self.reach_m / half
        self.axis_m = np.arange(-half, half + 1) * self.step_m
        coarse = np.linspace(self.axis_m[0], self.axis_m[-1], 41)
        x, y = np.meshgrid(coarse, coarse)
        lat, lon, _ = geodesy.direct(*self.centre, np.arctan2(x, y), np.hypot(x, y))
        from scipy.interpolate import RectBivariateSpline

        places = geodesy.to_ecef(lat, lon, 0.0).reshape(41, 41, 3)
        parts = [RectBivariateSpline(coarse, coarse, places[..., c])(self.axis_m, self.axis_m) for c in range(3)]
        self.ecef_m = parts
        far = np.hypot(self.axis_m[:, None], self.axis_m[None, :])
        angle = far / gaussian_radius_m(self.centre[0])
        self.area_m2 = self.step_m**2 * np.sinc(angle / math.pi)

    def way(self, place: tuple[float, float]) -> tuple[Reals, np.ndarray]:
        """Return distance [m] (float32) and whole bearing [deg] (int16) of every cell from a place."""
        if place not in self.ways:
            site = geodesy.frame(*place, 0.0)
            dx, dy, dz = (part - float(origin) for part, origin in zip(self.ecef_m, site.origin_ecef_m, strict=True))
            axes = np.asarray(site.axes)
            east = axes[0, 0] * dx + axes[0, 1] * dy + axes[0, 2] * dz
            north = axes[1, 0] * dx + axes[1, 1] * dy + axes[1, 2] * dz
            chord = np.sqrt(dx * dx + dy * dy + dz * dz)
            radius_m = gaussian_radius_m(place[0])
            distance = 2.0 * radius_m * np.arcsin(np.minimum(chord / (2.0 * radius_m), 1.0))
            bearing = np.rint(np.degrees(np.arctan2(east, north))).astype(np.int16) % 360
            self.ways[place] = distance.astype(np.float32), bearing
        return self.ways[place]

    def lay(self, out: np.ndarray, place: tuple[float, float], range_m: Reals, covered: np.ndarray, bearings: np.ndarray) -> None:
        """Join to ``out`` the cells that polar cells (1 or 360, ranges) about a place cover."""
        used = np.flatnonzero(covered.any(axis=0))
        if not used.size:
            return
        step_m = float(range_m[1] - range_m[0])
        farthest = range_m[used[-1]] + 1.5 * self.step_m
        distance, around = self.way(place)
        rows, columns = self._window(place, farthest)
        near = distance[rows, columns]
        index = np.clip(np.rint(near / step_m).astype(np.int32) - 1, 0, range_m.size)
        padded = np.concatenate([covered, np.zeros((covered.shape[0], 1), bool)], axis=1)
        found = padded[0][index] if covered.shape[0] == 1 else padded[around[rows, columns], index]
        if not bearings.all():
            found = found & bearings[around[rows, columns]]
        out[rows, columns] |= found

    def _window(self, place: tuple[float, float], far_m: float) -> tuple[slice, slice]:
        distance, bearing, _ = geodesy.inverse(*self.centre, *place)
        x, y = float(distance) * math.sin(float(bearing)), float(distance) * math.cos(float(bearing))
        slack = 1.02 * far_m + 2.0 * self.step_m
        found = []
        for at in (y, x):
            low = int(np.clip(np.floor((at - slack - self.axis_m[0]) / self.step_m), 0, self.axis_m.size - 1))
            high = int(np.clip(np.ceil((at + slack - self.axis_m[0]) / self.step_m) + 1, 1, self.axis_m.size))
            found.append(slice(low, high))
        return found[0], found[1]

    def rays(self, covered: np.ndarray, place: tuple[float, float]) -> Reals:
        """Return, for 360 bearings from a place, the first range going outward at which cells are no longer covered. [m]"""
        distance, bearing, _ = geodesy.inverse(*self.centre, *place)
        x0, y0 = float(distance) * math.sin(float(bearing)), float(distance) * math.cos(float(bearing))
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
