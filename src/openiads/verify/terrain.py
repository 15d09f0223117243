"""Checks of terrain grids and of the terrain mask."""

import math
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from openiads.earth import geodesics, geodesy, mask, terrain
from openiads.errors import UserError
from openiads.kernel import Reals
from openiads.verify import rows

_SITE = (math.radians(0.0), math.radians(0.0))


def grid_fact(fact: str) -> float:
    """One fact of the small elevation model, as the terrain grid has it."""
    found = _hills()
    rows_, columns = found.heights_amsl_m.shape
    south_deg = min(found.lat0_deg, found.lat0_deg + (rows_ - 1) * found.lat_step_deg) - 0.5 * abs(found.lat_step_deg)
    lats = np.radians(found.lat0_deg + found.lat_step_deg * np.arange(rows_))
    lons = np.radians(found.lon0_deg + found.lon_step_deg * np.arange(columns))
    heights = found.height_amsl_m(*np.meshgrid(lats, lons, indexing="ij"))
    facts: dict[str, float] = {
        "rows": float(rows_),
        "columns": float(columns),
        "minimum_m": float(np.min(heights)),
        "maximum_m": float(np.max(heights)),
        "cell_deg": abs(found.lat_step_deg),
        "west_deg": found.lon0_deg - 0.5 * found.lon_step_deg,
        "south_deg": south_deg,
    }
    return facts[fact]


def mask_ring_km(antenna_m: float, target_m: float) -> float:
    """Range at which a flat grid hides a target, by the sweep that a battle uses."""
    return _ring_km(_flat(), antenna_m, target_m)


def smooth_ring_km(antenna_m: float, target_m: float) -> float:
    """Range at which the smooth earth hides a target."""
    return _ring_km(terrain.smooth(), antenna_m, target_m)


def brute_force_gap(lat_deg: float, lon_deg: float, antenna_m: float) -> float:
    """Share of cells of a mask that differ by more than 1 m from a line of sight drawn anew for each of them."""
    hills, site = _hills(), (math.radians(lat_deg), math.radians(lon_deg))
    step_m, bearings = 100.0, 24
    found = mask.mask(hills, site, antenna_m, max_range_m=9e3, step_m=step_m, bearings=bearings)
    swept = found.lowest_visible_height_agl_m
    range_m = step_m * np.arange(swept.shape[1])
    drop_m = range_m * range_m / (2.0 * 4.0 / 3.0 * geodesy.MEAN_RADIUS_M)
    wrong = 0
    for b in range(bearings):
        lat, lon, _ = geodesics.direct(*site, 2.0 * math.pi * b / bearings, range_m)
        ground_m = np.asarray(hills.height_amsl_m(lat, lon)) - drop_m
        eye_m = ground_m[0] + antenna_m
        for j in range(2, range_m.size):
            steepest = np.max((ground_m[1:j] - eye_m) / range_m[1:j])
            lowest_m = max(eye_m + steepest * range_m[j] - ground_m[j], 0.0)
            wrong += bool(abs(lowest_m - swept[b, j]) > 1.0)
    return wrong / (bearings * (range_m.size - 2))


def _ring_km(ground: terrain.Terrain, antenna_m: float, target_m: float) -> float:
    """Bisection for the range at which the lowest visible height reaches the target's."""
    reach_m = 1.1 * 4121.8 * (math.sqrt(antenna_m) + math.sqrt(target_m))
    found = mask.mask(
        ground, _SITE, antenna_m, max_range_m=reach_m, step_m=min(100.0, reach_m / 500.0), bearings=None if ground.is_smooth else 8
    )
    low = found.lowest_visible_height_agl_m
    near_m, far_m = 0.0, found.max_range_m
    for _ in range(60):
        middle_m = 0.5 * (near_m + far_m)
        if mask.lowest_visible(low, found.bearing_step_rad, found.range_step_m, 0.0, middle_m) <= target_m:
            near_m = middle_m
        else:
            far_m = middle_m
    return 0.5 * (near_m + far_m) / 1e3


@cache
def _flat() -> terrain.Terrain:
    heights: Reals = np.zeros((101, 101))
    return terrain.Terrain(heights.astype(np.float32), -5.0, -5.0, 0.1, 0.1, "flat grid")


@cache
def _hills() -> terrain.Terrain:
    """The elevation model that comes with matplotlib; its keys ymin and ymax are exchanged."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise UserError("verify: matplotlib is not installed; its sample elevation model serves as terrain")
    with np.load(Path(spec.origin).parent / "mpl-data" / "sample_data" / "jacksboro_fault_dem.npz") as data:
        heights, west, north, dx, dy = data["elevation"], float(data["xmin"]), float(data["ymin"]), float(data["dx"]), float(data["dy"])
    dx, dy = abs(dx), abs(dy)
    return terrain.Terrain(heights.astype(np.float32), north - 0.5 * dy, west + 0.5 * dx, -dy, dx, "jacksboro_fault_dem")


CHECKS = rows.read("terrain", globals())
