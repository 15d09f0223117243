"""Probability of detection against published values, closed forms, a second implementation and its own table."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.errors import UserError
from openiads.kernel import plain
from openiads.model import detection, detection_approximations


def naive_probability(snr_db: float, pfa: float, pulses: int, swerling: int) -> float:
    """The mixture written out term by term with scipy's distributions."""
    special = pytest.importorskip("scipy.special")
    stats = pytest.importorskip("scipy.stats")
    level = stats.chi2.isf(pfa, 2 * pulses) / 2.0
    signal = 10.0 ** (snr_db / 10.0)
    if swerling == 0:
        return float(stats.ncx2.sf(2.0 * level, 2 * pulses, 2.0 * pulses * signal))
    if swerling == 2:
        return float(special.gammaincc(pulses, level / (1.0 + signal)))
    shape = {1: 1, 3: 2, 4: 2 * pulses}[swerling]
    j = np.arange(int(stats.nbinom.ppf(1.0 - 1e-12, shape, shape / (shape + pulses * signal))) + 1)
    weights = stats.nbinom.pmf(j, shape, shape / (shape + pulses * signal))
    return float((weights * special.gammaincc(pulses + j, level)).sum())


@pytest.mark.parametrize("swerling", range(5))
@pytest.mark.parametrize("pulses", [1, 3, 10, 100])
def test_exact_values_equal_an_independent_implementation(pulses: int, swerling: int) -> None:
    levels_db = [-12.0, -3.0, 2.0, 6.0, 13.0, 20.0]
    ours = detection.probability(levels_db, 1e-6, pulses, swerling)
    for level_db, value in zip(levels_db, ours, strict=True):
        assert value == pytest.approx(naive_probability(level_db, 1e-6, pulses, swerling), abs=3e-11)


@pytest.mark.parametrize("pfa", [1e-9, 1e-6, 1e-3])
def test_no_signal_gives_the_probability_of_false_alarm(pfa: float) -> None:
    for pulses in (1, 7, 40):
        for swerling in range(5):
            assert float(detection.probability(-math.inf, pfa, pulses, swerling)) == pytest.approx(pfa, rel=1e-6)


def test_one_pulse_swerling_1_equals_the_closed_form() -> None:
    for pd in (0.1, 0.5, 0.9, 0.99):
        closed_db = 10.0 * math.log10(math.log(1e-6) / math.log(pd) - 1.0)
        assert float(detection.required_snr_db(pd, 1e-6, 1, 1)) == pytest.approx(closed_db, abs=1e-9)


def test_fast_and_slow_fluctuation_agree_for_one_pulse() -> None:
    levels_db = np.linspace(-10.0, 40.0, 101)
    for pfa in (1e-8, 1e-4):
        for slow, fast in ((1, 2), (3, 4)):
            difference = detection.probability(levels_db, pfa, 1, slow) - detection.probability(levels_db, pfa, 1, fast)
            assert float(np.abs(difference).max()) < 1e-10


@given(st.integers(1, 60), st.integers(0, 4), st.floats(0.05, 0.98))
@settings(deadline=None, max_examples=40)
def test_required_level_gives_back_the_probability(pulses: int, swerling: int, pd: float) -> None:
    level_db = detection.required_snr_db(pd, 1e-6, pulses, swerling)
    assert float(detection.probability(level_db, 1e-6, pulses, swerling)) == pytest.approx(pd, abs=1e-10)


@given(st.integers(1, 200), st.integers(0, 4))
@settings(deadline=None, max_examples=25)
def test_probability_rises_with_the_signal(pulses: int, swerling: int) -> None:
    values = detection.probability(np.linspace(-20.0, 50.0, 300), 1e-6, pulses, swerling)
    assert np.all(np.diff(values) >= -1e-13)


@pytest.mark.parametrize("pulses", [1, 10, 100, 1000])
@pytest.mark.parametrize("swerling", range(5))
def test_table_error_is_below_one_in_ten_thousand(pulses: int, swerling: int) -> None:
    levels_db = np.random.default_rng(7).uniform(-30.0, 70.0, 3000)
    found = np.empty_like(levels_db)
    detection.table_probabilities(detection.table(1e-6, pulses, swerling), levels_db, found)
    assert float(np.abs(found - detection.probability(levels_db, 1e-6, pulses, swerling)).max()) < 1e-4


def test_compiled_table_lookup_equals_the_plain_one() -> None:
    values = detection.table(1e-6, 10, 1)
    levels_db = np.concatenate([np.random.default_rng(3).uniform(-30.0, 70.0, 500), [math.nan, math.inf, -math.inf, 60.0, -20.0]])
    compiled, interpreted = np.empty_like(levels_db), np.empty_like(levels_db)
    detection.table_probabilities(values, levels_db, compiled)
    for i, level_db in enumerate(levels_db):
        interpreted[i] = plain(detection.table_probability)(values, level_db)
    assert compiled.tobytes() == interpreted.tobytes()
    plain(detection.table_probabilities)(values, levels_db, interpreted)
    assert compiled.tobytes() == interpreted.tobytes()
    assert compiled[500] == values[0]


def test_ten_million_lookups_a_second() -> None:
    if not hasattr(detection.table_probabilities, "py_func"):
        pytest.skip("compilation is switched off: nothing to time")
    levels_db = np.random.default_rng(5).uniform(-20.0, 60.0, 1_000_000)
    found = np.empty_like(levels_db)
    values = detection.table(1e-6, 10, 1)
    detection.table_probabilities(values, levels_db, found)
    best_s = math.inf
    for _ in range(5):
        start = time.process_time()
        detection.table_probabilities(values, levels_db, found)
        best_s = min(best_s, time.process_time() - start)
    assert best_s < 0.1


def test_calibration_gives_back_the_stated_point() -> None:
    constant_db = detection.calibrate(400e3, 4.0, 0.8, 1e-6, 1, 1, attenuation_two_way_db=3.0)
    level_db = detection.snr_db(constant_db, 4.0, 400e3, 3.0)
    assert float(detection.probability(level_db)) == pytest.approx(0.8, abs=1e-10)


@given(st.floats(1e-3, 100.0), st.floats(1.1, 50.0))
@settings(deadline=None)
def test_range_scales_with_the_fourth_root_of_cross_section(rcs_m2: float, ratio: float) -> None:
    constant_db = detection.calibrate(300e3, 1.0, 0.9)
    near_db = detection.snr_db(constant_db, rcs_m2, 100e3)
    assert float(detection.snr_db(constant_db, rcs_m2 * ratio, 100e3 * ratio**0.25)) == pytest.approx(float(near_db), abs=1e-9)


@given(st.floats(1e3, 9e5), st.floats(1e-4, 100.0), st.floats(1.01, 3.0))
@settings(deadline=None)
def test_signal_falls_with_range_and_rises_with_cross_section(range_m: float, rcs_m2: float, factor: float) -> None:
    here_db = float(detection.snr_db(240.0, rcs_m2, range_m))
    assert float(detection.snr_db(240.0, rcs_m2, range_m * factor)) < here_db < float(detection.snr_db(240.0, rcs_m2 * factor, range_m))
    assert float(detection.snr_db(240.0, rcs_m2, range_m, 1.0)) == pytest.approx(here_db - 1.0)


def test_approximations_stay_within_their_stated_error() -> None:
    for pd in (0.5, 0.8, 0.9):
        for pulses in (1, 10):
            exact_db = float(detection.required_snr_db(pd, 1e-6, pulses, 0))
            assert abs(detection_approximations.albersheim_snr_db(pd, 1e-6, pulses) - exact_db) < 0.3
            for swerling in range(5):
                exact_db = float(detection.required_snr_db(pd, 1e-6, pulses, swerling))
                assert abs(detection_approximations.shnidman_snr_db(pd, 1e-6, pulses, swerling) - exact_db) < 0.5


@pytest.mark.parametrize(
    "call",
    [
        lambda: detection.probability(math.nan),
        lambda: detection.probability(10.0, pfa=0.0),
        lambda: detection.probability(10.0, swerling=5),
        lambda: detection.probability(10.0, pulses=0),
        lambda: detection.required_snr_db(1.0),
        lambda: detection.required_snr_db(1e-7),
        lambda: detection.calibrate(-1.0, 1.0, 0.8),
        lambda: detection.calibrate(1e5, 0.0, 0.8),
        lambda: detection.snr_db(100.0, 1.0, math.nan),
        lambda: detection.snr_db(100.0, 0.0, 1e5),
        lambda: detection_approximations.albersheim_snr_db(0.9, pulses=0),
        lambda: detection_approximations.shnidman_snr_db(0.9, swerling=7),
    ],
)
def test_bad_input_is_refused_in_words(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError, match=r"received|NaN"):
        call()
