import math

import numpy as np
import pytest
from pyproj import Geod

from openiads.earth import sightlines
from openiads.earth.mask import VEHICLE_SCREEN, Mask, Screen, lowest_visible, mask
from openiads.earth.refraction import horizon_range_m, lowest_visible_height_m
from openiads.earth.terrain import Terrain, smooth
from openiads.errors import UserError
from openiads.kernel import plain

EARTH_M = 6371000.0
WGS84 = Geod(ellps="WGS84")
TARGETS_M = [10, 30, 50, 60, 100, 300, 500, 1000, 3000, 5000, 10000, 15000]


def here(lat_deg, lon_deg):
    return math.radians(lat_deg), math.radians(lon_deg)


def ground_m(land, lat_deg, lon_deg):
    """Bilinear height of the ground, written plainly."""
    heights = land.heights_amsl_m
    row = min(max((lat_deg - land.lat0_deg) / land.lat_step_deg, 0.0), heights.shape[0] - 1.0)
    column = min(max((lon_deg - land.lon0_deg) / land.lon_step_deg, 0.0), heights.shape[1] - 1.0)
    r, c = min(math.floor(row), heights.shape[0] - 2), min(math.floor(column), heights.shape[1] - 2)
    y, x = row - r, column - c
    corners = [float(heights[r + i, c + j]) for i in (0, 1) for j in (0, 1)]
    return sum(w * h for w, h in zip([(1 - y) * (1 - x), (1 - y) * x, y * (1 - x), y * x], corners))


def elevation_rad(eye_m, top_m, angle_rad):
    """Elevation of a point at a geocentric distance and angle, seen from the antenna: exact circles, no parabola."""
    return math.atan2(top_m * math.cos(angle_rad) - eye_m, top_m * math.sin(angle_rad))


def slow_line_of_sight(land, site_deg, antenna_m, bearing_deg, step_m, columns, screen=None, k=4 / 3):
    """Lowest visible heights above ground at 0, 1, 2... steps along one bearing, each against every obstacle before it."""
    radius_m = k * EARTH_M
    eye_m = radius_m + ground_m(land, *site_deg) + antenna_m
    obstacles, lows, grounds = [], [0.0], [ground_m(land, *site_deg)]
    for j in range(1, columns):
        range_m = j * step_m
        lon, lat, _ = WGS84.fwd(site_deg[1], site_deg[0], bearing_deg, range_m)
        grounds.append(ground_m(land, lat, lon))
        if screen is not None and range_m - step_m <= screen[1] < range_m:
            top_m = radius_m + grounds[j - 1] + screen[0]
            obstacles.append(elevation_rad(eye_m, top_m, screen[1] / radius_m))
        lowest = 0.0
        for elevation in obstacles:
            seen_m = eye_m * math.cos(elevation) / math.cos(elevation + range_m / radius_m) - radius_m
            lowest = max(lowest, seen_m - grounds[j])
        lows.append(lowest)
        obstacles.append(elevation_rad(eye_m, radius_m + grounds[j], range_m / radius_m))
    return np.array(lows), np.array(grounds)


@pytest.mark.parametrize(
    ("land", "site_deg", "range_m", "bearings", "screen"),
    [
        ("jacksboro", (36.6, -84.25), 20e3, 24, None),
        ("jacksboro", (36.55, -84.2), 45e3, 12, VEHICLE_SCREEN),
        ("ridges", (54.0, 28.0), 30e3, 16, None),
        ("ridges", (54.05, 28.1), 25e3, 16, Screen(20.0, 1030.0)),
    ],
)
def test_agrees_with_a_slow_line_of_sight(request, land, site_deg, range_m, bearings, screen):
    land = request.getfixturevalue(land)
    seen = mask(land, here(*site_deg), 10.0, max_range_m=range_m, step_m=90.0, bearings=bearings, screen=screen, with_ground=True)
    low = seen.lowest_visible_height_agl_m
    slow = [slow_line_of_sight(land, site_deg, 10.0, 360.0 * b / bearings, 90.0, low.shape[1], screen) for b in range(bearings)]
    lows, grounds = (np.array(part) for part in zip(*slow))
    assert 0.5 < np.mean(lows > 0.0) < 0.99
    assert np.max(np.abs(seen.ground_amsl_m - grounds)) < 0.05
    assert np.mean(np.abs(low - lows) <= 0.1 + 0.001 * lows) >= 0.999
    for target_m in (20.0, 100.0, 500.0, 3000.0):
        assert np.mean((low <= target_m) == (lows <= target_m)) >= 0.999


@pytest.mark.parametrize("antenna_m", [5.0, 10.0, 25.0, 40.0])
def test_smooth_earth_gives_the_horizon_rings(antenna_m):
    seen = mask(smooth(), here(53.9, 27.5), antenna_m, max_range_m=540e3)
    assert seen.lowest_visible_height_agl_m.shape == (1, 5401)
    row = seen.lowest_visible_height_agl_m[0].astype(float)
    rings_m = [np.interp(h, row[row > 0], 100.0 * np.flatnonzero(row > 0)) for h in TARGETS_M]
    assert rings_m == pytest.approx(horizon_range_m(antenna_m, TARGETS_M), abs=10.0)


def test_a_flat_grid_gives_the_horizon_rings():
    flat = Terrain(np.zeros((1400, 1400), np.float32), 59.0, 20.0, -0.0075, 0.0125, "flat")
    seen = mask(flat, here(53.9, 27.5), 10.0, max_range_m=425e3, bearings=8)
    expected = lowest_visible_height_m(100.0 * np.arange(4251), 10.0)
    assert np.max(np.abs(seen.lowest_visible_height_agl_m - expected)) < 0.05


def test_screens_hide_what_they_should():
    site = here(53.9, 27.5)
    behind = mask(smooth(), site, 10.0, max_range_m=60e3, screen=Screen(20.0, 1000.0))
    flat = Terrain(np.zeros((300, 300), np.float32), 54.9, 26.0, -0.0075, 0.0125, "flat")
    over_land = mask(flat, site, 10.0, max_range_m=60e3, screen=Screen(20.0, 1000.0), bearings=4)
    first = np.flatnonzero(behind.lowest_visible_height_agl_m[0] > 100.0)[0] * 100.0
    assert first == pytest.approx(8700.0, abs=100.0)  # not 54 km: a 10 m antenna behind 20 m trees at 1 km
    assert np.max(np.abs(over_land.lowest_visible_height_agl_m - behind.lowest_visible_height_agl_m)) < 0.05
    free = mask(smooth(), site, 10.0, max_range_m=60e3)
    assert np.array_equal(behind.lowest_visible_height_agl_m[0, :11], free.lowest_visible_height_agl_m[0, :11])
    assert np.all(behind.lowest_visible_height_agl_m >= free.lowest_visible_height_agl_m)
    tall = mask(smooth(), site, 40.0, max_range_m=20e3, screen=Screen(0.0, 1000.0))
    assert np.all(tall.lowest_visible_height_agl_m == mask(smooth(), site, 40.0, max_range_m=20e3).lowest_visible_height_agl_m)


def test_more_mast_or_refraction_never_hides_more(ridges):
    def low(antenna_m, k, screen=None):
        return mask(ridges, here(54.0, 28.0), antenna_m, max_range_m=30e3, k=k, bearings=32, screen=screen).lowest_visible_height_agl_m

    assert np.all(low(30.0, 4 / 3) <= low(10.0, 4 / 3) + 0.01)
    assert np.all(low(10.0, 1.6) <= low(10.0, 4 / 3) + 0.01)
    assert np.all(low(10.0, 4 / 3) <= low(10.0, 4 / 3, VEHICLE_SCREEN) + 0.01)


def test_blocks_of_bearings_do_not_matter(ridges):
    many = mask(ridges, here(54.0, 28.0), 10.0, max_range_m=20e3, bearings=300, with_ground=True)
    few = mask(ridges, here(54.0, 28.0), 10.0, max_range_m=20e3, bearings=30, with_ground=True)
    assert np.array_equal(many.lowest_visible_height_agl_m[::10], few.lowest_visible_height_agl_m)
    assert np.array_equal(many.ground_amsl_m[::10], few.ground_amsl_m)


def test_default_bearings_are_a_step_apart_at_the_rim(ridges):
    seen = mask(ridges, here(54.0, 28.0), 10.0, max_range_m=10e3, step_m=100.0)
    assert seen.lowest_visible_height_agl_m.shape == (629, 101)
    assert seen.bearing_step_rad * seen.max_range_m <= 100.0
    assert not seen.lowest_visible_height_agl_m.flags.writeable
    assert seen.ground_amsl_m.shape == (0, 0)


def test_an_array_can_be_filled_again(ridges):
    out = np.full((60, 201), np.nan, np.float32)
    seen = mask(ridges, here(54.0, 28.0), 10.0, max_range_m=20e3, bearings=60, out=out)
    assert np.shares_memory(seen.lowest_visible_height_agl_m, out)
    assert np.array_equal(mask(ridges, here(54.0, 28.0), 10.0, max_range_m=20e3, bearings=60).lowest_visible_height_agl_m, out)


@pytest.mark.parametrize(("lat_deg", "lon_deg"), [(0.0, 10.0), (54.0, 28.0), (-33.0, 179.9), (70.0, -150.0), (80.0, 20.0)])
def test_bearings_run_where_geodesics_run(lat_deg, lon_deg):
    step = 1 / 1200
    land = Terrain(np.zeros((2, 2), np.float32), lat_deg, lon_deg, -step, step / math.cos(math.radians(lat_deg)), "two by two")
    paths = sightlines.tracks(land.grid, here(lat_deg, lon_deg), 100.0, 4001)
    draw = np.random.default_rng(6)
    way = np.empty(paths.knots.shape[1:])
    half_m = 0.5 * paths.segment_steps * 100.0
    for bearing_deg in draw.uniform(0.0, 360.0, 40):
        sightlines.lay(paths.knots, bearing_deg, way)
        t = draw.uniform(0.0, 1.0, 20)
        segment = draw.integers(0, 20, 20)
        a, b, c = way[2 * segment], way[2 * segment + 1], way[2 * segment + 2]
        t = t[:, None]
        found = a + t * (4 * b - 3 * a - c) + t * t * (2 * a + 2 * c - 4 * b)
        lon, lat, _ = WGS84.fwd(np.full(20, lon_deg), np.full(20, lat_deg), np.full(20, bearing_deg), 2 * half_m * (segment + t[:, 0]))
        east_deg = (lon - lon_deg + 180.0) % 360.0 - 180.0
        exact = np.stack([(lat - lat_deg) / land.lat_step_deg, east_deg / land.lon_step_deg], axis=-1)
        assert np.max(np.abs(found - exact)) < sightlines.LARGEST_ERROR_CELLS


def test_lookups_between_cells():
    low = np.arange(12, dtype=np.float32).reshape(4, 3)
    step = math.pi / 2
    assert lowest_visible(low, step, 100.0, 0.0, 100.0) == 1.0
    assert lowest_visible(low, step, 100.0, 0.0, 50.0) == 0.5
    assert lowest_visible(low, step, 100.0, step / 2, 200.0) == pytest.approx(3.5)
    assert lowest_visible(low, step, 100.0, 3.5 * step, 0.0) == pytest.approx(4.5)
    assert lowest_visible(low, step, 100.0, -0.5 * step, 0.0) == pytest.approx(4.5)
    assert lowest_visible(low, step, 100.0, 0.0, 200.1) == math.inf
    assert lowest_visible(low, step, 100.0, 0.0, math.nan) == math.inf
    assert lowest_visible(low[:1], 2 * math.pi, 100.0, 2.0, 150.0) == pytest.approx(1.5)


def test_compiled_equals_plain(ridges):
    columns = 60
    paths = sightlines.tracks(ridges.grid, here(54.0, 28.0), 450.0, columns)
    way, slow_way = np.empty(paths.knots.shape[1:]), np.empty(paths.knots.shape[1:])
    sightlines.lay(paths.knots, 77.7, way)
    plain(sightlines.lay)(paths.knots, 77.7, slow_way)
    assert np.array_equal(way, slow_way)
    fast, slow = sightlines.bench(paths), sightlines.bench(paths)
    n = paths.segment_steps
    sightlines.sample(ridges.heights_amsl_m, way, 0, n, fast.ramp, fast.fractions, fast.cells, fast.heights_m)
    plain(sightlines.sample)(ridges.heights_amsl_m, way, 0, n, slow.ramp, slow.fractions, slow.cells, slow.heights_m)
    assert np.array_equal(fast.heights_m, slow.heights_m)
    ranges = np.stack([np.arange(1, n + 1) * 450.0, 1 / (np.arange(1, n + 1) * 450.0), np.arange(n) * 0.5]).astype(np.float32)
    lows = np.empty((2, n), np.float32)
    numbers = np.float32(250.0), np.float32(-1e30), 7, np.float32(0.01)
    steepest = [
        sightlines.scan(fast.heights_m, *ranges, *numbers, lows[0]),
        plain(sightlines.scan)(slow.heights_m, *ranges, *numbers, lows[1]),
    ]
    assert steepest[0] == steepest[1]
    assert np.array_equal(lows[0], lows[1])


def test_compiled_sweep_and_lookup_equal_plain(ridges, monkeypatch):
    paths = sightlines.tracks(ridges.grid, here(54.0, 28.0), 450.0, 60)
    made = np.zeros((2, 5, 60), np.float32), np.zeros((2, 5, 60), np.float32)
    for i, sweep in enumerate((sightlines.sweep, plain(sightlines.sweep))):
        monkeypatch.setattr(sightlines, "sweep", sweep)
        sightlines.fill(ridges.heights_amsl_m, paths, 250.0, 4 / 3, VEHICLE_SCREEN, 450.0, made[0][i], made[1][i])
    assert np.array_equal(made[0][0], made[0][1])
    assert np.array_equal(made[1][0], made[1][1])
    low = made[0][0]
    for bearing, range_m in np.random.default_rng(9).uniform([-1.0, 0.0], [8.0, 28e3], (200, 2)):
        args = low, 2 * math.pi / 5, 450.0, bearing, range_m
        assert lowest_visible(*args) == plain(lowest_visible)(*args)


GOOD = {"site": here(36.6, -84.25), "antenna_m": 10.0, "max_range_m": 10e3}


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"antenna_m": 0.0}, "above the ground"),
        ({"antenna_m": -3.0}, "above the ground"),
        ({"antenna_m": math.nan}, "not a number"),
        ({"site": (36.6, -84.25)}, "radians"),
        ({"site": (math.nan, 0.0)}, "not a number"),
        ({"site": here(53.9, 27.5)}, "outside the terrain"),
        ({"k": 0.0}, "factor k"),
        ({"max_range_m": -1.0}, "at least one step"),
        ({"max_range_m": 1e9}, "at most 1,500 km"),
        ({"step_m": 0.0}, "step"),
        ({"bearings": 0}, "bearings"),
        ({"bearings": 10_000_000}, "400,000,000 cells"),
        ({"screen": Screen(-1.0, 100.0)}, "screen"),
        ({"screen": Screen(10.0, 0.0)}, "screen"),
        ({"out": np.empty((3, 3), np.float32)}, "float32 of shape"),
    ],
)
def test_bad_input_is_refused(jacksboro, wrong, word):
    with pytest.raises(UserError, match=word):
        mask(jacksboro, **(GOOD | wrong))


def test_a_site_at_the_pole_is_refused():
    land = Terrain(np.zeros((20, 20), np.float32), 90.0, 0.0, -0.05, 0.05, "polar")
    with pytest.raises(UserError, match="too near a pole"):
        mask(land, here(89.9, 0.5), 10.0, max_range_m=50e3)


def test_a_mask_knows_its_reach():
    assert isinstance(mask(smooth(), here(0, 0), 1.0, max_range_m=1050.0), Mask)
    assert mask(smooth(), here(0, 0), 1.0, max_range_m=1050.0).max_range_m == 1100.0
