"""Known indices are recovered from noisy replicate means, and their intervals hold them; the estimators agree with SALib's."""

import math

import numpy as np
import pytest

from openiads.statistics.sensitivity import Index, main_effects, morris_effects, morris_points, sobol_indices, sobol_points


def _ishigami(u: np.ndarray) -> np.ndarray:
    x = math.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def _sobol_g(u: np.ndarray, a: tuple[float, ...] = (0.0, 1.0, 4.5, 9.0)) -> np.ndarray:
    return np.prod([(abs(4 * u[:, i] - 2) + a[i]) / (1 + a[i]) for i in range(len(a))], axis=0)


def _linear(u: np.ndarray) -> np.ndarray:
    return u @ np.array([1.0, 2.0, 3.0])


def _product(u: np.ndarray) -> np.ndarray:
    return (u[:, 0] - 0.5) * (u[:, 1] - 0.5)


def _step(u: np.ndarray) -> np.ndarray:
    return (u[:, 0] > 0.5) + 0.5 * (u[:, 1] > 0.8)


def _latin_hypercube(samples: int, factors: int, rng: np.random.Generator) -> np.ndarray:
    return (np.argsort(rng.random((samples, factors)), axis=0) + rng.random((samples, factors))) / samples


def _g_truth() -> tuple[list[float], list[float]]:
    a = np.array([0.0, 1.0, 4.5, 9.0])
    v = 1 / 3 / (1 + a) ** 2
    whole = np.prod(1 + v) - 1
    return (v / whole).tolist(), (v * np.prod(1 + v) / (1 + v) / whole).tolist()


STEP = [0.25, 0.25 * 0.16]
MODELS = [
    (_ishigami, 3, [0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]),
    (_sobol_g, 4, *_g_truth()),
    (_linear, 3, [1 / 14, 4 / 14, 9 / 14], [1 / 14, 4 / 14, 9 / 14]),
    (_product, 2, [0.0, 0.0], [1.0, 1.0]),
    (_step, 2, [s / sum(STEP) for s in STEP], [s / sum(STEP) for s in STEP]),
]


NOISE = 0.4
"""Variance of a mean of replications as a share of the variance of the true means between points."""


def _study(model, factors: int, rows: int, noise: float, replications: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the means and their estimated noise at every point of a design whose shift is drawn too."""
    truth = model(sobol_points(factors, rows, seed=int(rng.integers(1 << 30))))
    runs = truth[:, None] + rng.normal(0.0, math.sqrt(noise * replications) * truth.std(), (truth.size, replications))
    return runs.mean(axis=1), runs.var(axis=1, ddof=1) / replications


def _both(factors: int, means: np.ndarray, noise: np.ndarray, draws: int, level: float = 0.95) -> list[Index]:
    """Return the first-order indices, then the total ones."""
    first, total = sobol_indices(factors, means, noise, level, draws)
    return first + total


def _largest_error(found: list[Index], known: list[float]) -> float:
    return max(abs(one.estimate - true) for one, true in zip(found, known))


@pytest.mark.parametrize(("model", "factors", "first", "total"), MODELS)
def test_sobol_indices_within_five_hundredths_despite_noise(model, factors, first, total) -> None:
    """8,192 rows, noise 40 % of the variance of the true means; fresh seeds fail in under 1 in 100.

    Without the correction every first-order index is 29 % low, and every total index is drawn towards 1.
    """
    means, noise = _study(model, factors, 8192, NOISE, 10, np.random.default_rng(1))
    ours = sobol_indices(factors, means, noise, draws=2)
    assert _largest_error(ours[0], first) < 0.05
    assert _largest_error(ours[1], total) < 0.05
    raw = sobol_indices(factors, means, np.zeros_like(noise), draws=2)
    if max(first) > 0.0:
        assert _largest_error(raw[0], first) > 0.1
    if min(total) < 1.0:
        assert _largest_error(raw[1], total) > 0.1


def test_rows_that_the_documentation_asks_for() -> None:
    """Noise 2 % as with 50 replications a point: 20 studies of each model lie within 0.05 at 1,024 rows, but not at 128.

    The expected shares are 0.98 and 0.35 of 100 studies; either limit fails by chance in under 1 in 1,000.
    """
    rng = np.random.default_rng(8)
    within = {128: 0, 1024: 0}
    for rows in within:
        for model, factors, first, total in MODELS * 20:
            found = _both(factors, *_study(model, factors, rows, 0.02, 5, rng), draws=2)
            within[rows] += _largest_error(found, first + total) < 0.05
    assert within[1024] >= 92
    assert within[128] <= 55


def _coverage(found: list[list[Index]], known: np.ndarray) -> tuple[float, float]:
    """Return how often intervals hold the truth, and their mean width over that of 1.96 root mean square errors either way."""
    estimate, low, high = np.moveaxis(np.array(found), 2, 0)
    assert (low <= estimate).all()
    assert (estimate <= high).all()
    inner = known > 0.1  # of smaller ones 0 cuts the interval
    error = np.sqrt(((estimate - known)[:, inner] ** 2).mean())
    return float(((low <= known) & (known <= high)).mean()), float((high - low)[:, inner].mean() / (2 * 1.96 * error))


@pytest.mark.parametrize(("model", "factors", "first", "total"), MODELS[:3])
def test_intervals_of_sobol_indices_hold_the_truth(model, factors, first, total) -> None:
    """40 studies of 256 rows with noise of 40 %; 95 % intervals hold 0.95 of the indices and are 1.1 errors wide.

    Over 75 such tests with fresh seeds coverage was 0.954 with a spread of 0.015, and width 1.11 with one of 0.08: a false
    alarm comes in under 1 in 1,000.  Intervals of half the width hold 0.67, the constant 0.5 holds 0.50.
    """
    rng = np.random.default_rng(11)
    known = np.array(first + total)
    found = [_both(factors, *_study(model, factors, 256, NOISE, 10, rng), draws=80) for _ in range(40)]
    coverage, width = _coverage(found, known)
    assert coverage >= 0.88
    assert 0.8 <= width <= 1.6


def test_intervals_of_main_effects_hold_the_truth() -> None:
    """60 studies of 64 samples, six factors of which three matter, an interaction, and noise of half the variance of the means.

    Over fresh seeds coverage was 0.945 with a spread of 0.02, that of the largest 0.93 with one of 0.035, and width 0.95
    with one of 0.08: a false alarm comes in under 1 in 1,000.  Half the width holds 0.66, the constant 0.5 holds 0.54, and
    limits from which noise was not taken out hold 0.57 of the largest.
    """
    rng = np.random.default_rng(12)
    parts = np.array([4 / 12, 1 / 12, 16 / 180])
    whole = parts.sum() + 4 / 144
    found = []
    for _ in range(60):
        u = _latin_hypercube(64, 6, rng)
        truth = 2.0 * u[:, 0] + u[:, 1] + 4.0 * (u[:, 2] - 0.5) ** 2 + 2.0 * (u[:, 0] - 0.5) * (u[:, 1] - 0.5)
        runs = truth[:, None] + rng.normal(0.0, math.sqrt(0.5 * whole * 10), (64, 10))
        found.append(main_effects(u, runs.mean(axis=1), runs.var(axis=1, ddof=1) / 10, draws=80)[0][:3])
    coverage, width = _coverage(found, parts / whole)
    assert coverage >= 0.87
    assert 0.6 <= width <= 1.4
    assert sum(one[0].low <= parts[0] / whole <= one[0].high for one in found) >= 48


def test_nothing_is_stated_of_an_answer_that_is_all_noise() -> None:
    """100 studies each: intervals are 0 to 1 at any level, but for one study in twenty; more than 12 come in 1 in 1,000.

    Without a test of its own a study would be stated as often as its intervals may miss, here half of the time.
    """
    rng = np.random.default_rng(13)
    stated = np.zeros(2)
    for _ in range(100):
        runs = rng.normal(0.0, 1.0, (64 * 5, 5))
        means, noise = runs.mean(axis=1), runs.var(axis=1, ddof=1) / 5
        shares, _ = main_effects(_latin_hypercube(64, 4, rng), means[:64], noise[:64], level=0.5, draws=20)
        indices = _both(3, means, noise, draws=20, level=0.5)
        stated += [any(one[1:] != (0.0, 1.0) for one in found) for found in (shares, indices)]
        assert all(0.0 <= one.estimate <= 1.0 for one in shares + indices)
    assert stated.max() <= 12


def test_nothing_is_stated_of_an_answer_that_never_changes() -> None:
    """0.1 is not a binary number, so that its mean differs from it by rounding."""
    constant, none = np.full(320, 0.1), np.zeros(320)
    u = _latin_hypercube(64, 4, np.random.default_rng(14))
    found = main_effects(u, constant[:64], none[:64], draws=20)[0] + _both(3, constant, none, draws=20)
    assert all(one[1:] == (0.0, 1.0) for one in found)


def test_resamples_without_knowledge_widen_an_interval() -> None:
    """A spread that is seen but not sure: at a level that asks for more than chance allows, nothing is excluded."""
    rng = np.random.default_rng(16)
    u = _latin_hypercube(64, 4, rng)
    answer = u[:, 0] + rng.normal(0.0, math.sqrt(2 / 12), 64)
    noise = np.full(64, float(answer.var(ddof=1)) / 1.5)
    sure = main_effects(u, answer, noise, level=0.6, draws=300)[0]
    unsure = main_effects(u, answer, noise, level=0.99, draws=300)[0]
    assert any(one[1:] != (0.0, 1.0) for one in sure)
    assert all(one[1:] == (0.0, 1.0) for one in unsure)


def test_a_clear_answer_is_stated_from_few_samples() -> None:
    """24 samples of one factor that makes all the difference, noise a tenth of the variance of the means."""
    rng = np.random.default_rng(15)
    u = _latin_hypercube(24, 5, rng)
    noise = 0.1 / 12.0
    shares, _ = main_effects(u, u[:, 0] + rng.normal(0.0, math.sqrt(noise), 24), np.full(24, noise), draws=80)
    assert shares[0].low > 0.5
    assert all(one.high < 0.5 for one in shares[1:])


def test_without_the_noise_correction_a_useless_factor_looks_important() -> None:
    rng = np.random.default_rng(1)
    points = sobol_points(3, 256, seed=3)
    truth = points[:, 0] * 1.0
    noisy = truth + rng.normal(0.0, truth.std(), truth.size)
    assert sobol_indices(3, noisy, np.zeros(truth.size), draws=10)[1][2].estimate > 0.3
    assert sobol_indices(3, noisy, np.full(truth.size, truth.var()), draws=10)[1][2].estimate < 0.15


def test_estimators_agree_with_salib() -> None:
    analyze = pytest.importorskip("SALib.analyze.sobol")
    y = _ishigami(sobol_points(3, 256, seed=1))
    ours = sobol_indices(3, y, np.zeros(y.size), draws=10)
    blocks = y.reshape(5, -1)
    interleaved = np.concatenate([[blocks[0, i], *blocks[2:, i], blocks[1, i]] for i in range(256)])
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    theirs = analyze.analyze(problem, interleaved, calc_second_order=False, seed=1)
    assert [i.estimate for i in ours[0]] == pytest.approx(theirs["S1"].tolist(), abs=0.02)
    assert [i.estimate for i in ours[1]] == pytest.approx(theirs["ST"].tolist(), abs=0.02)


def test_samples_must_be_a_power_of_two() -> None:
    with pytest.raises(ValueError, match="power of two"):
        sobol_points(2, 100, seed=0)


def test_morris_screens_noise_away() -> None:
    """Five factors of which two matter; noise as large as the smaller effect."""
    rng = np.random.default_rng(2)
    points = morris_points(5, 30, seed=9)
    assert points.shape == (180, 5)
    assert points.min() >= 0.0
    assert points.max() <= 1.0
    moved = np.abs(np.diff(points.reshape(30, 6, 5), axis=1))
    assert (moved > 1e-9).sum(axis=2).tolist() == [[1] * 5] * 30
    truth = 3.0 * points[:, 0] - 1.0 * points[:, 3]
    found = morris_effects(points, truth + rng.normal(0.0, 0.3, 180), np.full(180, 0.09))
    assert found[0].mean == pytest.approx(3.0, abs=0.4)
    assert found[3].mean == pytest.approx(-1.0, abs=0.4)
    assert all(found[i].size < 0.5 for i in (1, 2, 4))


def test_main_effects_of_a_latin_hypercube() -> None:
    """64 samples of 6 factors, noise a quarter of the spread: shares within 0.1 and the rest near nothing."""
    rng = np.random.default_rng(4)
    u = _latin_hypercube(64, 6, rng)
    truth = 2.0 * u[:, 0] + 1.0 * u[:, 1] + 2.0 * (u[:, 2] - 0.5) ** 2
    known = np.array([4 / 12, 1 / 12, 4 / 180, 0, 0, 0])
    sd = 0.25 * truth.std()
    shares, rest = main_effects(u, truth + rng.normal(0.0, sd, 64), np.full(64, sd * sd))
    assert [s.estimate for s in shares] == pytest.approx((known / known.sum()).tolist(), abs=0.1)
    assert rest < 0.15
    with pytest.raises(ValueError, match="need at least"):
        main_effects(u[:10], truth[:10], np.zeros(10))
