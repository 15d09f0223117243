"""Covered cells as outlines on the earth."""

from functools import lru_cache

import numpy as np

from openiads.coverage.plane import Plane
from openiads.coverage.value import Entry
from openiads.earth import geodesics
from openiads.kernel import Reals

LEAST_CELLS = 4.0  # smaller specks are left out of pictures, not out of areas
SIMPLER_M = 250.0
Outline = tuple[Reals, Reals]


def grid_outlines(plane: Plane, covered: np.ndarray) -> list[Outline]:
    """Return the closed borders of covered cells as (latitude, longitude) [rad], holes wound the other way."""
    from contourpy import contour_generator
    from shapely.geometry import LineString

    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    if not rows.size:
        return []
    box = np.pad(covered[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float64), 1)
    x0, y0 = plane.axis_m[columns[0]] - plane.step_m, plane.axis_m[rows[0]] - plane.step_m
    found = []
    for found_line in contour_generator(z=box).lines(0.5):
        line = np.asarray(found_line, dtype=np.float64)
        x, y = x0 + line[:, 0] * plane.step_m, y0 + line[:, 1] * plane.step_m
        if abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) < 2.0 * LEAST_CELLS * plane.step_m**2:
            continue
        kept = np.asarray(LineString(np.column_stack([x, y])).simplify(SIMPLER_M * plane.step_m / 1000.0).coords)
        lat, lon, _ = geodesics.direct(*plane.centre, np.arctan2(kept[:, 0], kept[:, 1]), np.hypot(kept[:, 0], kept[:, 1]))
        found.append((lat, lon))
    return found


def bearing_outline(centre: tuple[float, float], range_m: Reals) -> Outline:
    """Return the closed outline of reaches by whole degrees of bearing."""
    return _around(centre, np.asarray(range_m, np.float64).tobytes())


@lru_cache(maxsize=2048)
def _around(centre: tuple[float, float], packed: bytes) -> Outline:
    range_m = np.frombuffer(packed)
    angle = np.radians(np.append(np.arange(range_m.size) * (360.0 / range_m.size), 0.0))
    lat, lon, _ = geodesics.direct(*centre, angle, np.append(range_m, range_m[0]))
    return lat, lon


def outlines(entry: Entry) -> list[Outline]:
    """Return the outlines of an entry: those of its cells, or of its reaches by bearing."""
    if entry.areas or entry.site is None:
        return list(entry.areas)
    if not float(np.max(entry.range_by_bearing_m, initial=0.0)) > 0.0:
        return []
    return [bearing_outline(entry.centre, np.asarray(entry.range_by_bearing_m))]


def naive_outline(entry: Entry) -> Outline:
    """Return the circle of the published range."""
    return bearing_outline(entry.centre, np.full(360, entry.naive_range_m))
