import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.earth import refraction
from openiads.errors import UserError
from openiads.kernel import plain

TARGETS_M = [10, 30, 50, 60, 100, 300, 500, 1000, 3000, 5000, 10000, 15000]
RINGS_KM = {
    5: [22.251, 31.793, 38.362, 41.144, 50.435, 80.609, 101.383, 139.560, 234.978, 300.673, 421.398, 514.033],
    10: [26.069, 35.610, 42.180, 44.962, 54.252, 84.426, 105.201, 143.377, 238.795, 304.490, 425.216, 517.851],
    25: [33.643, 43.185, 49.755, 52.536, 61.827, 92.001, 112.776, 150.952, 246.370, 312.065, 432.790, 525.426],
    40: [39.103, 48.645, 55.214, 57.996, 67.287, 97.461, 118.235, 156.412, 251.830, 317.525, 438.250, 530.885],
}


@pytest.mark.parametrize("antenna_m", RINGS_KM)
def test_horizon_rings(antenna_m):
    assert refraction.horizon_range_m(antenna_m, TARGETS_M) / 1e3 == pytest.approx(RINGS_KM[antenna_m], abs=0.001)


def test_coefficient_and_antenna_horizon():
    coefficient = float(refraction.horizon_range_m(1.0, 0.0)) / 1e3
    assert coefficient == pytest.approx(4.121811899314831, rel=1e-12)
    assert coefficient * math.sqrt(0.3048) / 1.852 == pytest.approx(1.2287249236616877, rel=1e-9)
    assert refraction.horizon_range_m([10, 30], 0.0) == pytest.approx([13034.314, 22576.094], abs=1.0)
    assert refraction.horizon_range_m([10, 30], 0.0, 1.0) == pytest.approx([11288.047, 19551.471], abs=1.0)


def test_lowest_visible_height():
    assert refraction.lowest_visible_height_m(25e3, 10.0) == pytest.approx(8.427502, rel=1e-6)
    assert refraction.lowest_visible_height_m(10e3, 10.0) == 0.0
    assert refraction.effective_radius_m() == pytest.approx(8494666.7, abs=0.1)


@settings(deadline=None)
@given(st.floats(0, 100), st.floats(0.1, 2e4), st.floats(0.5, 3))
def test_a_target_at_the_horizon_stands_on_the_mask(antenna_m, target_m, k):
    range_m = refraction.horizon_range_m(antenna_m, target_m, k)
    assert refraction.lowest_visible_height_m(range_m, antenna_m, k) == pytest.approx(target_m, rel=1e-6)


def test_compiled_equals_plain():
    draw = np.random.default_rng(1)
    for a, t, r, k in draw.uniform([0, 0, 0, 0.5], [100, 2e4, 5e5, 3], (200, 4)):
        assert refraction.horizon_range(a, t, k) == plain(refraction.horizon_range)(a, t, k) == refraction.horizon_range_m(a, t, k)
        assert refraction.lowest_visible_height(r, a, k) == plain(refraction.lowest_visible_height)(r, a, k)


@pytest.mark.parametrize(
    "call",
    [
        lambda: refraction.horizon_range_m(-1.0, 10.0),
        lambda: refraction.horizon_range_m(10.0, math.nan),
        lambda: refraction.horizon_range_m(10.0, 10.0, 0.0),
        lambda: refraction.lowest_visible_height_m(-5.0, 10.0),
        lambda: refraction.effective_radius_m(math.inf),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(UserError):
        call()
