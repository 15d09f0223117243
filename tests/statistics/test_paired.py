"""An analyst who peeks makes at most 5 % false claims with the sequence, and about 30 % with the naive interval."""

import math

import numpy as np
import pytest

from openiads.statistics.intervals import LEVEL
from openiads.statistics.paired import BURN_IN, Kind, contrast, difference, difference_sequence, mixture_radius, simultaneous_level


def _null_pairs(rng: np.random.Generator, analysts: int, n: int, p: float, shared: float) -> np.ndarray:
    """Differences of two yes/no outcomes of the same chance, equal in a share of the replications."""
    common = rng.random((analysts, n)) < shared
    first, second = rng.random((analysts, n)) < p, rng.random((analysts, n)) < p
    return first.astype(np.int8) - np.where(common, first, second).astype(np.int8)


@pytest.mark.parametrize(("p", "shared"), [(0.5, 0.0), (0.1, 0.5), (0.02, 0.0)])
def test_peeking_every_fifty_replications_makes_few_false_claims(p: float, shared: float) -> None:
    """1,000 analysts look every 50 up to 2,000; false-alarm rate of its normal part <= 5 %, of the naive interval > 20 %."""
    d = _null_pairs(np.random.default_rng(11), 1000, 2000, p, shared)
    looks = np.arange(BURN_IN, 2001, 50)
    sums, squares = np.cumsum(d, axis=1, dtype=np.int64)[:, looks - 1], np.cumsum(d * d, axis=1, dtype=np.int64)[:, looks - 1]
    mean = sums / looks
    sd = np.sqrt(np.maximum(squares / looks - mean * mean, 0.0) * looks / (looks - 1))
    radius = np.array([mixture_radius(int(n)) for n in looks]) * sd
    claims = ((np.abs(mean) > radius) & (sd > 0)).any(axis=1).mean()
    naive = (np.abs(mean) > 1.96 * sd / np.sqrt(looks)).any(axis=1).mean()
    assert claims <= 0.05
    assert naive > 0.2


def test_the_function_agrees_with_the_formula_that_was_simulated() -> None:
    rng = np.random.default_rng(2)
    a, b, ones = rng.integers(0, 2, 400), rng.integers(0, 2, 400), np.ones(400, int)
    found = difference_sequence(a, ones, b, ones)
    d = a - b
    assert found.estimate == pytest.approx(d.mean())
    unseen = 1.0 - 0.025 ** (1.0 / 400.0)
    half = mixture_radius(400, 0.975) * d.std(ddof=1)
    assert found.high - found.estimate == pytest.approx(half + unseen * max(1.0 - a.mean(), b.mean()), rel=1e-9)
    assert found.estimate - found.low == pytest.approx(half + unseen * max(a.mean(), 1.0 - b.mean()), rel=1e-9)


@pytest.mark.parametrize("counts_nights", [False, True])
def test_rare_large_nights_fool_no_peeking_analyst(counts_nights: bool) -> None:
    """No true difference: A leaks one more on 36 % of nights, B 18 more on 2 %.  200 analysts; <= 5 % at 3 standard errors.

    Without the nights not yet seen, half of the analysts who begin at 30 nights claim a difference.
    """
    rng = np.random.default_rng(3)
    kind = Kind(is_share=False, most=20) if counts_nights else Kind()
    claims = 0
    for _ in range(200):
        u = rng.random(1500)
        a, b = 2 + (u > 0.64).astype(int), 2 + 18 * (u < 0.02).astype(int)
        of = np.ones(1500, int) if counts_nights else np.full(1500, 20)
        looks = [*range(BURN_IN, 300, 15), *range(300, 1501, 200)]
        claims += any(difference_sequence(a[:n], of[:n], b[:n], of[:n], kind=kind).verdict != "cannot tell" for n in looks)
    assert claims / 200 <= 0.05 + 3 * 0.0154


def test_a_true_difference_is_found_and_signed() -> None:
    rng = np.random.default_rng(4)
    u = rng.random((3000, 20))
    a, b, of = (u < 0.30).sum(axis=1), (u < 0.25).sum(axis=1), np.full(3000, 20)
    assert difference_sequence(a, of, b, of).verdict == "higher"
    assert difference_sequence(b, of, a, of).verdict == "lower"
    assert difference_sequence(a, of, a, of).verdict == "cannot tell"


def test_common_random_numbers_narrow_the_interval() -> None:
    rng = np.random.default_rng(9)
    u, v = rng.random((500, 20)), rng.random((500, 20))
    of = np.full(500, 20)
    a = (u < 0.30).sum(axis=1)
    paired = difference(a, of, (u < 0.25).sum(axis=1), of)
    apart = difference(a, of, (v < 0.25).sum(axis=1), of)
    assert paired.high - paired.low < 0.5 * (apart.high - apart.low)


def test_fixed_number_interval_covers_ratios_with_different_denominators() -> None:
    """Shares of correlated raids with random denominators; 400 studies of 100 replications, floor 95 % - 3 standard errors."""
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(400):
        night = rng.beta(3, 7, 100)
        of_a, of_b = rng.integers(20, 40, 100), rng.integers(20, 40, 100)
        found = difference(rng.binomial(of_a, night), of_a, rng.binomial(of_b, 0.8 * night), of_b)
        covered += found.low <= 0.06 <= found.high
    assert covered / 400 >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / 400)


def test_no_difference_seen_is_an_upper_bound_and_early_looks_are_silent() -> None:
    same, ones = np.zeros(200, int), np.ones(200, int)
    found = difference_sequence(same, ones, same, ones)
    assert -0.02 < found.low < 0.0 < found.high < 0.02
    early = difference_sequence(same[:20], ones[:20], same[:20], ones[:20])
    assert early.verdict == "cannot tell"
    assert early.as_json()["method"] == f"confidence sequence, silent below {BURN_IN}"
    assert difference([3], [4], [1], [4]).verdict == "cannot tell"


def test_many_comparisons_share_one_level() -> None:
    assert simultaneous_level(LEVEL, 1) == pytest.approx(0.95)
    assert simultaneous_level(LEVEL, 10) == pytest.approx(0.995)


def test_pairs_need_the_same_replications() -> None:
    with pytest.raises(ValueError, match="same replications"):
        difference([1, 2], [3, 3], [1], [3])


def test_an_effect_of_a_factorial_design_covers() -> None:
    """Four cells on common random numbers, main effect of the first factor 0.1; 300 studies of 150 replications."""
    rng = np.random.default_rng(12)
    of = np.full(150, 30)
    weights = [-0.5, -0.5, 0.5, 0.5]
    covered = 0
    for _ in range(300):
        u = rng.random((150, 30)) + rng.normal(0.0, 0.05, (150, 1))
        cells = [((u < p).sum(axis=1), of) for p in (0.3, 0.4, 0.4, 0.5)]
        found = contrast(cells, weights)
        covered += found.low <= 0.1 <= found.high
        assert len(found.numerator) == len(found.denominator) == 4
    assert covered / 300 >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / 300)
