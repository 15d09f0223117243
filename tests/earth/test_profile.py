import math

import numpy as np
import pytest

from openiads.earth import profile
from openiads.earth.mask import VEHICLE_SCREEN, Screen, mask
from openiads.earth.refraction import horizon_range_m
from openiads.earth.terrain import Terrain, smooth
from openiads.errors import UserError
from openiads.kernel import plain

RADIUS_M = 4 / 3 * 6371000.0


def here(lat_deg, lon_deg):
    return math.radians(lat_deg), math.radians(lon_deg)


def test_profile_has_both_ends_and_even_steps(jacksboro):
    heights_m, step_m = profile.profile_amsl_m(jacksboro, here(36.5, -84.3), here(36.7, -84.2), 100.0)
    assert heights_m[0] == jacksboro.height_amsl_m(*here(36.5, -84.3))
    assert heights_m[-1] == pytest.approx(float(jacksboro.height_amsl_m(*here(36.7, -84.2))), abs=1e-6)
    assert 99.0 < step_m <= 100.0


def test_a_wall_half_way():
    ground_m = np.zeros(101)
    ground_m[50] = 60.0
    at_m, clearance_m, parameter = profile.worst_edge(ground_m, 100.0, 20.0, 20.0, RADIUS_M)
    bulge_m = 5000.0 * 5000.0 / (2 * RADIUS_M)
    assert at_m == 5000.0
    assert clearance_m == pytest.approx(20.0 - 60.0 - bulge_m)
    assert parameter / math.sqrt(0.1) == pytest.approx(-clearance_m * math.sqrt(2 * 10e3 / (0.1 * 5e3 * 5e3)))


def test_smooth_earth_blocks_beyond_the_horizon():
    limit_m = float(horizon_range_m(10.0, 50.0))
    for range_m, is_clear in ((0.99 * limit_m, True), (1.01 * limit_m, False)):
        lat = 0.9 + range_m / 6.38e6
        edge = profile.line_of_sight(smooth(), (0.9, 0.4), 10.0, (lat, 0.4), 50.0)
        assert (edge.clearance_m > 0.0) == is_clear
        assert edge.distance_m == pytest.approx(float(horizon_range_m(10.0, 0.0)), rel=0.1)


def test_it_agrees_with_the_mask(ridges):
    site = here(54.0, 28.0)
    seen = mask(ridges, site, 10.0, max_range_m=20e3, bearings=12, with_ground=True)
    from openiads.earth.geodesics import direct

    for b in range(12):
        for j in (37, 120, 200):
            lat, lon, _ = direct(*site, b * seen.bearing_step_rad, j * 100.0)
            low_m = float(seen.ground_amsl_m[b, j] + seen.lowest_visible_height_agl_m[b, j])
            for offset_m in (-1.0, 1.0):
                if seen.lowest_visible_height_agl_m[b, j] + offset_m > 0.5:
                    edge = profile.line_of_sight(ridges, site, seen.antenna_amsl_m, (float(lat), float(lon)), low_m + offset_m)
                    assert (edge.clearance_m > 0.0) == (offset_m > 0.0)


def test_edges_of_a_mask(ridges):
    site = here(54.0, 28.0)
    seen = mask(ridges, site, 10.0, max_range_m=20e3, bearings=12, with_ground=True, screen=VEHICLE_SCREEN)
    found = profile.edge_ranges_m(seen, screen=VEHICLE_SCREEN)
    low = seen.lowest_visible_height_agl_m
    ranges_m = 100.0 * np.arange(low.shape[1])
    for b, j in np.argwhere(low > 1.0)[::37]:
        at = found[b, j]
        assert 0.0 < at < ranges_m[j]
        foot_m = seen.ground_amsl_m[b, round(float(at) / 100.0)] + (15.0 if at == 2000.0 else 0.0)
        slope = (foot_m - seen.antenna_amsl_m) / at - at / (2 * RADIUS_M)
        ray_m = seen.antenna_amsl_m + slope * ranges_m[j] + ranges_m[j] ** 2 / (2 * RADIUS_M)
        assert ray_m - seen.ground_amsl_m[b, j] == pytest.approx(low[b, j], abs=0.05)


def test_edges_over_smooth_earth_are_the_horizon():
    seen = mask(smooth(), here(54.0, 28.0), 10.0, max_range_m=60e3)
    assert profile.edge_ranges_m(seen)[0, 400] == pytest.approx(float(horizon_range_m(10.0, 0.0)), abs=100.0)
    screened = profile.edge_ranges_m(seen, screen=Screen(15.0, 2000.0))
    assert screened[0, 400] == 2000.0


def test_compiled_equals_plain(ridges):
    ground_m = np.random.default_rng(3).uniform(100.0, 300.0, 200)
    args = ground_m, 90.0, 250.0, 400.0, RADIUS_M
    assert profile.worst_edge(*args) == plain(profile.worst_edge)(*args)
    assert profile.worst_edge(ground_m[:2], 90.0, 1.0, 1.0, RADIUS_M) == (0.0, math.inf, -math.inf)
    ground = ground_m.reshape(4, 50).astype(np.float32)
    fast, slow = np.empty((4, 50), np.float32), np.empty((4, 50), np.float32)
    for kernel, out in ((profile.edges, fast), (plain(profile.edges), slow)):
        kernel(ground, 90.0, 210.0, RADIUS_M, np.array([15.0, 1000.0]), out)
    assert np.array_equal(fast, slow)


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda land: profile.line_of_sight(land, here(54, 28), 900.0, here(54, 28), 900.0), "two places"),
        (lambda land: profile.line_of_sight(land, here(54, 28), -5.0, here(54.1, 28), 900.0), "first point"),
        (lambda land: profile.line_of_sight(land, here(54, 28), 900.0, here(54.1, 28), math.nan), "last point"),
        (lambda land: profile.line_of_sight(land, here(54, 28), 900.0, here(54.1, 28), 900.0, k=0.0), "factor k"),
        (lambda land: profile.profile_amsl_m(land, here(54, 28), here(54.1, 28), 0.0), "above zero"),
        (lambda land: profile.edge_ranges_m(mask(land, here(54, 28), 5.0, max_range_m=1e3)), "with_ground"),
    ],
)
def test_bad_input_is_refused(ridges, call, word):
    with pytest.raises(UserError, match=word):
        call(ridges)


def test_terrain_of_one_hill():
    heights = np.zeros((41, 41), np.float32)
    heights[20, 20] = 100.0
    land = Terrain(heights, 54.2, 27.7, -0.01, 0.015, "hill")
    edge = profile.line_of_sight(land, here(54.1, 28.0), 20.0, here(53.9, 28.0), 20.0)
    assert edge.clearance_m < -70.0
    assert edge.distance_m == pytest.approx(11.13e3, abs=100.0)
