"""Jamming, antenna patterns, cross-sections, range equation and strobes: closed forms, scaling laws and limits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.errors import UserError
from openiads.kernel import plain
from openiads.model import beam, detection, jamming, range_equation, signature

RADAR = {"peak_power_w": 5e4, "gain_db": 35.0, "rcs_m2": 10.0, "receiver_bandwidth_hz": 667e3}
powers = st.floats(1.0, 1e6)


@given(powers, st.floats(-10.0, 40.0), st.floats(1e6, 1e9), st.floats(1.5, 100.0))
@settings(deadline=None)
def test_jammer_power_shortens_ranges_by_its_exact_law(power_w: float, gain_db: float, band_hz: float, ratio: float) -> None:
    one = jamming.self_screening_range_m(**RADAR, jammer_power_w=power_w, jammer_gain_db=gain_db, jammer_bandwidth_hz=band_hz)
    more = jamming.self_screening_range_m(**RADAR, jammer_power_w=power_w * ratio, jammer_gain_db=gain_db, jammer_bandwidth_hz=band_hz)
    assert more / one == pytest.approx(ratio**-0.5, rel=1e-12)
    far = {"jammer_gain_db": gain_db, "jammer_bandwidth_hz": band_hz, "jammer_range_m": 5e4, "gain_to_jammer_db": 5.0}
    one = jamming.standoff_range_m(**RADAR, jammer_power_w=power_w, **far)
    more = jamming.standoff_range_m(**RADAR, jammer_power_w=power_w * ratio, **far)
    assert more / one == pytest.approx(ratio**-0.25, rel=1e-12)


@given(st.floats(0.01, 1.0), st.floats(1.0, 20.0))
@settings(deadline=None)
def test_signal_to_jam_depends_on_density_ratios_alone(wavelength_m: float, factor: float) -> None:
    base = jamming.signal_to_jam(1e5, 1e5, 5e4, 35.0, 10.0, 667e3, 200.0, 10.0, 50e6, 0.1)
    assert jamming.signal_to_jam(1e5, 1e5, 5e4, 35.0, 10.0, 667e3, 200.0, 10.0, 50e6, wavelength_m) == pytest.approx(base, rel=1e-12)
    scaled = jamming.signal_to_jam(1e5, 1e5, 5e4 * factor, 35.0, 10.0, 667e3 * factor, 200.0, 10.0, 50e6, 0.1)
    assert scaled == pytest.approx(base, rel=1e-12)
    scaled = jamming.signal_to_jam(1e5, 1e5, 5e4, 35.0, 10.0, 667e3, 200.0 * factor, 10.0, 50e6 * factor, 0.1)
    assert scaled == pytest.approx(base, rel=1e-12)


def test_without_power_the_noise_limited_range_returns() -> None:
    assert jamming.jam_constant_db(0.0, 50e6, 3e9, 35.0, 1e6) == -math.inf
    assert jamming.jammed_range_m(1e5, 0.0) == 1e5
    assert jamming.burn_through_range_m(1e5, 0.0) == pytest.approx(1e5, rel=1e-12)
    assert jamming.noise_rise_db(0.0) == 0.0
    assert jamming.summed_db([]) == -math.inf
    assert jamming.summed_db([-math.inf, -math.inf]) == -math.inf


@given(st.floats(1e4, 1e6), st.floats(1.0, 1e15))
@settings(deadline=None)
def test_burn_through_solves_its_equation(clear_m: float, at_one_m: float) -> None:
    found_m = jamming.burn_through_range_m(clear_m, at_one_m)
    assert found_m == pytest.approx(jamming.jammed_range_m(clear_m, at_one_m / found_m**2), rel=1e-9)


def test_jammers_add_up_and_can_be_taken_away() -> None:
    levels = [10.0, 3.0, -5.0]
    total = jamming.summed_db(levels)
    assert total == pytest.approx(10.0 * math.log10(sum(10.0 ** (level / 10.0) for level in levels)), rel=1e-12)
    rest = 10.0 ** (total / 10.0) - 10.0 ** (levels[0] / 10.0)
    assert 10.0 * math.log10(rest) == pytest.approx(jamming.summed_db(levels[1:]), rel=1e-10)


@given(st.floats(10e3, 290e3), st.floats(20e3, 300e3))
@settings(deadline=None)
def test_power_by_effect_gives_the_effect_back(jammed_m: float, jammer_m: float) -> None:
    receiver = {
        "jammer_bandwidth_hz": 50e6,
        "frequency_hz": 3e9,
        "gain_db": 38.0,
        "receiver_bandwidth_hz": 1e6,
        "noise_temperature_k": 800.0,
    }
    power_w = jamming.effective_power_w(jammed_m, 300e3, jammer_m, **receiver, one_way_loss_db=0.7)
    level_db = jamming.jam_to_noise_db(jamming.jam_constant_db(power_w, **receiver), jammer_m, 0.0, 0.7)
    assert jamming.jammed_range_m(300e3, 10.0 ** (float(level_db) / 10.0)) == pytest.approx(jammed_m, rel=1e-9)


def test_jamming_in_the_chain_shortens_the_detection_range() -> None:
    constant_db = detection.calibrate(300e3, 5.0, 0.8)
    ranges_m = np.linspace(20e3, 400e3, 2000)
    clear = detection.probability(detection.snr_db(constant_db, 5.0, ranges_m))
    jammed = detection.probability(detection.snr_db(constant_db, 5.0, ranges_m) - jamming.noise_rise_db(15.0))
    assert np.all(jammed <= clear + 1e-12)
    assert ranges_m[jammed >= 0.8].max() == pytest.approx(jamming.jammed_range_m(300e3, 15.0), rel=2e-3)


def test_the_pattern_has_its_beamwidth_and_its_floor() -> None:
    width = math.radians(1.5)
    assert beam.pattern_gain_db(0.5 * width, 0.0, width, width, -30.0) == pytest.approx(-3.0103, abs=1e-4)
    assert beam.pattern_gain_db(math.pi, 0.0, width, width, -30.0) == -30.0
    assert beam.pattern_gain_db(2.0 * math.pi + 0.001, 0.0, width, width, -30.0) == pytest.approx(
        beam.pattern_gain_db(0.001, 0.0, width, width, -30.0)
    )
    angles = np.linspace(-7.0, 7.0, 101)
    each = [beam.pattern_gain_db(a, 0.01, width, width, -30.0) for a in angles]
    assert np.allclose(beam.pattern_db(angles, 0.01, width, width, -30.0), each, atol=1e-9)
    assert np.allclose(
        beam.shape_loss_db(angles[50:53] * 0.01, width), -2.0 * beam.pattern_db(angles[50:53] * 0.01, 0.0, width, width, -900.0)
    )


def test_limits_in_azimuth_and_by_speed() -> None:
    assert beam.in_sector(math.radians(350.0), math.radians(10.0), math.radians(41.0))
    assert not beam.in_sector(math.radians(180.0), math.radians(10.0), math.radians(90.0))
    assert beam.in_sector(3.0, 0.0, 2.0 * math.pi)
    assert beam.scan_loss_db(0.0, 1.5) == 0.0
    assert beam.scan_loss_db(math.radians(60.0), 1.5) == pytest.approx(30.0 * math.log10(2.0))
    assert beam.scan_loss_db([2.0, 2.0 * math.pi - math.radians(60.0)], 1.5) == pytest.approx([60.0, 30.0 * math.log10(2.0)])
    speeds = np.linspace(0.0, 100.0, 201)
    loss = beam.doppler_loss_db(speeds, 20.0)
    assert loss[40] == pytest.approx(10.0 * math.log10(2.0))  # half of the power at the minimum, a 256th an octave below
    assert loss[20] == pytest.approx(10.0 * math.log10(257.0))
    assert loss[0] == 60.0
    assert np.all(np.diff(loss) <= 0.0)
    assert loss[-1] < 0.01
    assert np.all(beam.doppler_loss_db(speeds, 0.0) == 0.0)


def test_cross_sections_follow_aspect_and_band() -> None:
    found = signature.cross_section_m2(2.0, [1.0, 0.0, -1.0], (-10.0, 10.0, 3.0), band_db=5.0)
    assert np.allclose(10.0 * np.log10(found / 2.0), [-5.0, 15.0, 8.0])
    assert np.allclose(signature.cross_section_m2(2.0, [1.0, 0.0], (-10.0, 10.0, 3.0), model="constant"), 2.0)
    half_way = signature.relative_db(math.sqrt(0.5), -10.0, 10.0, 3.0)
    assert float(half_way) == pytest.approx(0.0, abs=1e-12)


def test_the_range_equation_scales_by_its_laws() -> None:
    base = {"snr_db": 6.0, "peak_power_w": 1e6, "pulse_s": 1e-5, "frequency_hz": 1e10, "rcs_m2": 0.1, "gain_db": 40.0, "loss_db": 3.0}
    range_m = range_equation.range_m(**base)
    assert range_equation.range_m(**{**base, "rcs_m2": 0.01}) / range_m == pytest.approx(0.1**0.25, rel=1e-12)
    assert range_equation.range_m(**{**base, "frequency_hz": 2.5e9}) / range_m == pytest.approx(2.0, rel=1e-12)
    rest = {name: value for name, value in base.items() if name != "snr_db"}
    assert range_equation.snr_db(range_m, **rest) == pytest.approx(6.0, abs=1e-9)
    rest.pop("peak_power_w")
    assert range_equation.peak_power_w(range_m, 6.0, **rest) == pytest.approx(1e6, rel=1e-9)


def test_compiled_kernels_equal_the_plain_ones() -> None:
    rng = np.random.default_rng(9)
    for a, b, c, d in rng.uniform(0.01, 7.0, (200, 4)):
        assert plain(beam.wrap_rad)(a - c) == beam.wrap_rad(a - c)
        assert plain(beam.pattern_gain_db)(a, b, c, d, -30.0) == beam.pattern_gain_db(a, b, c, d, -30.0)
        assert plain(beam.in_sector)(a, b, c) == beam.in_sector(a, b, c)
        assert plain(jamming.noise_rise_db)(a) == jamming.noise_rise_db(a)


@pytest.mark.parametrize(
    "call",
    [
        lambda: jamming.bandwidth_factor(0.0, 1.0),
        lambda: jamming.signal_to_jam(0.0, 1e5, 5e4, 35.0, 10.0, 667e3, 200.0, 10.0, 50e6, 0.1),
        lambda: jamming.jam_constant_db(-1.0, 50e6, 3e9, 35.0, 1e6),
        lambda: jamming.jam_to_noise_db(100.0, 0.0),
        lambda: jamming.jammed_range_m(1e5, -1.0),
        lambda: jamming.burn_through_range_m(1e5, math.nan),
        lambda: jamming.effective_power_w(4e5, 3e5, 1e5, 50e6, 3e9, 38.0, 1e6),
        lambda: beam.pattern_db(0.0, 0.0, 0.0, 1.0),
        lambda: beam.pattern_db(0.0, 0.0, 1.0, 1.0, 10.0),
        lambda: beam.doppler_loss_db(math.nan, 10.0),
        lambda: signature.cross_section_m2(0.0, 0.0),
        lambda: signature.cross_section_m2(1.0, 2.0),
        lambda: signature.cross_section_m2(1.0, 0.0, model="gnome"),
        lambda: range_equation.range_m(6.0, 1e6, 1e-5, 0.0, 1.0, 20.0),
        lambda: range_equation.search_snr_db(1e6, 1e6, 10.0, 1.0, (1.0, 0.0), (0.0, 1.0)),
    ],
)
def test_bad_input_is_refused_in_words(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError):
        call()
