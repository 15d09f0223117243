"""Air, rain, edges and the ground: reference values, an independent library, tables, and what must be monotone."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.errors import UserError
from openiads.kernel import plain
from openiads.model import attenuation, diffraction, lobing, propagation

TABLE = propagation.loss_table(3e9, 250.0, 500e3)
LOW = propagation.Low(1, 0.1, 24.0)


@pytest.mark.slow
def test_gases_equal_the_reference_library() -> None:
    itur676 = pytest.importorskip("itur.models.itu676", reason="the oracle itur is not installed")
    units = pytest.importorskip("astropy.units", reason="astropy comes with itur")
    for f, p, t, rho in ((1.3, 900.0, 280.0, 5.0), (9.4, 1013.25, 288.15, 7.5), (35.0, 500.0, 250.0, 1.0), (60.0, 100.0, 220.0, 0.1)):
        dry, wet = attenuation.gas_db_per_km(f * 1e9, p, t, rho)
        theirs = itur676.gamma0_exact(f * units.GHz, p * units.hPa, rho * units.g / units.m**3, t * units.K).value
        assert float(dry) == pytest.approx(float(theirs), rel=1e-9)
        theirs = itur676.gammaw_exact(f * units.GHz, p * units.hPa, rho * units.g / units.m**3, t * units.K).value
        assert float(wet) == pytest.approx(float(theirs), rel=1e-9)


def test_the_two_gas_models_agree_roughly_at_radar_frequencies() -> None:
    heights = np.array([0.0, 2e3, 5e3, 8e3])
    for f in (1.3e9, 3e9, 9e9):
        one = attenuation.gas_profile_db_per_km(f, heights)
        other = attenuation.gas_profile_db_per_km(f, heights, "two-layer")
        assert one[0] == pytest.approx(other[0], rel=1e-9)
        assert np.all(np.abs(other / one - 1.0) < 0.35)
        assert np.all(np.diff(one) < 0.0)


@pytest.mark.parametrize("rain", [0.0, 5.0])
@pytest.mark.parametrize("frequency_hz", [1.3e9, 9e9])
def test_the_table_equals_the_path_integral(frequency_hz: float, rain: float) -> None:
    table = propagation.loss_table(frequency_hz, 250.0, 400e3, rain_mm_per_h=rain)
    rng = np.random.default_rng(11)
    reach_m = rng.uniform(2e3, 400e3, 2000)
    height_m = 250.0 + rng.uniform(0.0, 12e3, 2000) + np.maximum(reach_m - 65e3, 0.0) ** 2 / 17e6
    exact = 2.0 * propagation.path_loss_db(frequency_hz, 250.0, reach_m, height_m, rain_mm_per_h=rain)
    found = propagation.two_way_loss_db(table, LOW._replace(lobed=0), reach_m, height_m, height_m)
    assert np.abs(found - exact).max() < (0.2 if rain else 0.02)


def test_the_path_integral_equals_a_naive_sum() -> None:
    reach_m, target_m, k = 200e3, 6000.0, 4.0 / 3.0
    u = (np.arange(200_000) + 0.5) / 200_000
    height_m = 30.0 + (target_m - 30.0) * u - reach_m**2 * u * (1.0 - u) / (2.0 * k * 6371e3)
    gas = attenuation.gas_profile_db_per_km(9e9, np.arange(0.0, 10e3, 50.0))
    naive = np.interp(height_m, np.arange(0.0, 10e3, 50.0), gas).mean() * math.hypot(reach_m, target_m - 30.0) / 1e3
    assert float(propagation.path_loss_db(9e9, 30.0, reach_m, target_m)) == pytest.approx(naive, rel=1e-4)


def test_rain_counts_only_below_its_top_and_within_its_extent() -> None:
    def dry_and_wet(reach_m: float, height_m: float) -> float:
        wet = propagation.path_loss_db(9e9, 0.0, reach_m, height_m, rain_mm_per_h=10.0)
        return float(wet - propagation.path_loss_db(9e9, 0.0, reach_m, height_m))

    rate = float(attenuation.rain_db_per_km(9e9, 10.0))
    assert dry_and_wet(20e3, 0.0) == pytest.approx(20.0 * rate, rel=1e-6)
    assert dry_and_wet(80e3, 500.0) == pytest.approx(40.0 * rate, rel=0.01)
    assert dry_and_wet(10e3, 30e3) == pytest.approx(rate * math.hypot(10.0, 30.0) * 0.1, rel=0.01)
    assert float(propagation.path_loss_db(9e9, 5000.0, 10e3, 6000.0, rain_mm_per_h=10.0)) == pytest.approx(
        float(propagation.path_loss_db(9e9, 5000.0, 10e3, 6000.0))
    )


def naive_two_rays(d: float, h1: float, h2: float, k: float) -> tuple[float, float]:
    """Reflection point by bisection on equal grazing angles, then the detour from heights above its tangent plane."""
    radius = k * 6371e3

    def heights(x: float) -> tuple[float, float]:
        return h1 - x * x / (2.0 * radius), h2 - (d - x) ** 2 / (2.0 * radius)

    low, high = 0.0, d
    for _ in range(200):
        x = 0.5 * (low + high)
        a, b = heights(x)
        if a * (d - x) > b * x:
            low = x
        else:
            high = x
    a, b = heights(0.5 * (low + high))
    return math.hypot(d, a + b) - math.hypot(d, a - b), math.atan2(a + b, d)


@given(st.floats(2e3, 80e3), st.floats(5.0, 40.0), st.floats(50.0, 5000.0))
@settings(deadline=None, max_examples=60)
def test_two_rays_meet_a_naive_construction(d: float, antenna_m: float, target_m: float) -> None:
    detour_m, grazing_rad = lobing.two_rays(d, antenna_m, target_m, 4.0 / 3.0)
    horizon_m = math.sqrt(17e6 * antenna_m) + math.sqrt(17e6 * target_m)
    if detour_m == 0.0:
        assert d > 0.9 * horizon_m
    else:
        naive = naive_two_rays(d, antenna_m, target_m, 4.0 / 3.0)
        assert detour_m == pytest.approx(naive[0], rel=1e-5, abs=2e-6)
        assert grazing_rad == pytest.approx(naive[1], rel=1e-6)


def test_flat_mirror_ground_gives_the_textbook_lobes() -> None:
    flat = propagation.Low(1, 0.1, 10.0, k=1e6, reflection=1.0, roughness_m=0.0, beamwidth_rad=1e6)
    for target_m in (1.0, 37.0, 400.0):
        for d in (20e3, 100e3):
            detour_m, grazing = lobing.two_rays(d, 10.0, target_m, flat.k)
            power = lobing.lobing_power(flat, detour_m, grazing, 0.0)
            assert power == pytest.approx(4.0 * math.sin(2.0 * math.pi * 10.0 * target_m / (0.1 * d)) ** 2, abs=2e-4)


def test_low_targets_fade_before_the_horizon_and_high_ones_do_not() -> None:
    free = propagation.two_way_loss_db(TABLE, LOW._replace(lobed=0), [52e3, 200e3], [350.0, 9e3], [100.0, 8750.0])
    real = propagation.two_way_loss_db(TABLE, LOW, [52e3, 200e3], [350.0, 9e3], [100.0, 8750.0])
    assert real[0] > free[0] + 10.0
    assert abs(real[1] - free[1]) < 12.1
    assert np.all(real - free > -12.05)


def test_an_edge_only_lowers_what_is_just_above_it() -> None:
    clearances = np.linspace(0.0, 400.0, 200)
    smooth = LOW._replace(lobed=0)
    losses = propagation.two_way_loss_db(TABLE, smooth, 60e3, 600.0, 350.0, clearances, 2e3)
    free = float(propagation.two_way_loss_db(TABLE, smooth, 60e3, 600.0, 350.0))
    assert losses[0] - free == pytest.approx(2.0 * diffraction.EDGE_DB)
    assert losses[-1] == free
    assert np.all(np.diff(losses) <= 1e-12)
    assert diffraction.fresnel_v(10.0, 2e3, 60e3, 0.1) == pytest.approx(-10.0 * math.sqrt(2.0 / 0.1 * 60e3 / (2e3 * 58e3)))


@given(st.floats(-0.78, 0.0))
@settings(deadline=None)
def test_the_kernel_edge_is_the_approximation(v: float) -> None:
    assert diffraction.edge_loss_db(v) == pytest.approx(min(float(diffraction.knife_edge_loss_db(v, exact=False)), 6.0206), abs=5e-3)


def test_clutter_raises_the_noise_only_before_the_horizon() -> None:
    loud = LOW._replace(clutter_db=lobing.clutter_constant_db(200.0, math.radians(1.5), 150.0))
    assert lobing.clutter_rise_db(loud, 10e3) > lobing.clutter_rise_db(loud, 15e3) >= 0.0
    assert lobing.clutter_rise_db(loud, 25e3) == 0.0
    assert lobing.clutter_rise_db(LOW, 10e3) == 0.0


def test_compiled_losses_equal_the_plain_ones() -> None:
    rng = np.random.default_rng(4)
    low = LOW._replace(clutter_db=150.0)
    columns = [
        rng.uniform(0.0, 450e3, 300),
        rng.uniform(0.0, 20e3, 300),
        rng.uniform(-5.0, 2e3, 300),
        rng.uniform(-5.0, 100.0, 300),
        rng.uniform(0.0, 5e3, 300),
    ]
    compiled, interpreted = np.empty(300), np.empty(300)
    arguments = (TABLE.one_way_db, TABLE.range_max_m, TABLE.height_max_m)
    propagation.losses(*arguments, low, *columns, compiled)
    plain(propagation.losses)(*arguments, low, *columns, interpreted)
    assert compiled.tobytes() == interpreted.tobytes()
    for i in range(100):
        r, amsl, agl, clear, edge = (float(column[i]) for column in columns)
        assert plain(propagation.look_loss_db)(*arguments, low, r, amsl, agl, clear, edge) == compiled[i]
        assert plain(propagation.table_loss_db)(*arguments, r, amsl) == propagation.table_loss_db(*arguments, r, amsl)
        assert plain(lobing.reflection_point_m)(r, 10.0, 50.0, 1.33) == lobing.reflection_point_m(r, 10.0, 50.0, 1.33)
        two = lobing.two_rays(r, 24.0, abs(agl), 1.33)
        assert plain(lobing.two_rays)(r, 24.0, abs(agl), 1.33) == two
        assert plain(lobing.lobing_power)(low, *two, 0.01) == lobing.lobing_power(low, *two, 0.01)
        assert plain(lobing.clutter_rise_db)(low, r) == lobing.clutter_rise_db(low, r)
        assert plain(diffraction.edge_loss_db)(-clear) == diffraction.edge_loss_db(-clear)


def test_ten_million_looks_take_less_than_three_seconds() -> None:
    if not hasattr(propagation.losses, "py_func"):
        pytest.skip("compilation is switched off: nothing to time")
    rng = np.random.default_rng(4)
    reach_m, height_m = rng.uniform(2e3, 400e3, 200_000), rng.uniform(20.0, 12e3, 200_000)
    propagation.two_way_loss_db(TABLE, LOW, reach_m[:2], height_m[:2], height_m[:2], 50.0)
    best_s = math.inf
    for _ in range(5):
        start = time.process_time()
        propagation.two_way_loss_db(TABLE, LOW, reach_m, height_m, height_m, 50.0)
        best_s = min(best_s, time.process_time() - start)
    assert best_s * 50.0 < 6.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: attenuation.gas_db_per_km(-1.0, 1013.0, 288.0, 7.5),
        lambda: attenuation.gas_db_per_km(1e10, 1013.0, 0.0, 7.5),
        lambda: attenuation.gas_db_per_km(1e10, 1013.0, 288.0, math.nan),
        lambda: attenuation.gas_profile_db_per_km(1e10, 0.0, "fog"),
        lambda: attenuation.rain_db_per_km(1e10, -1.0),
        lambda: attenuation.rain_coefficients(1e8),
        lambda: propagation.loss_table(3e9, 250.0, -1.0),
        lambda: propagation.loss_table(3e9, 250.0, 1e5, gas_model="fog"),
        lambda: propagation.two_way_loss_db(TABLE, LOW, -1.0, 0.0, 0.0),
        lambda: propagation.two_way_loss_db(TABLE, LOW, 1.0, math.nan, 0.0),
        lambda: diffraction.knife_edge_loss_db(math.nan),
        lambda: lobing.first_lobe_rad(10.0, 1.0),
        lambda: lobing.clutter_constant_db(100.0, 0.0, 100.0),
        lambda: diffraction.fresnel_v(1.0, 5.0, 4.0, 0.1),
    ],
)
def test_bad_input_is_refused_in_words(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError):
        call()
