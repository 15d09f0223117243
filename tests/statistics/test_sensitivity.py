"""Known indices are recovered within 0.05 from noisy replicate means; the estimators agree with SALib's."""

import math

import numpy as np
import pytest

from openiads.statistics.sensitivity import main_effects, morris_effects, morris_points, sobol_indices, sobol_points


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


@pytest.mark.parametrize(("model", "factors", "first", "total"), MODELS)
def test_sobol_indices_within_five_hundredths_despite_noise(model, factors, first, total) -> None:
    """Noise of a replication as large as the whole spread of the model; 50 replications a point, 1,024 rows."""
    rng = np.random.default_rng(1)
    truth = model(sobol_points(factors, 1024, seed=3))
    runs = truth[:, None] + rng.normal(0.0, truth.std(), (truth.size, 50))
    ours = sobol_indices(factors, runs.mean(axis=1), runs.var(axis=1, ddof=1) / 50, draws=50)
    for found, known in zip(ours[0] + ours[1], first + total):
        assert found.estimate == pytest.approx(known, abs=0.05)
        assert found.low <= found.estimate <= found.high


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
    u = (np.argsort(rng.random((64, 6)), axis=0) + rng.random((64, 6))) / 64
    truth = 2.0 * u[:, 0] + 1.0 * u[:, 1] + 2.0 * (u[:, 2] - 0.5) ** 2
    known = np.array([4 / 12, 1 / 12, 4 / 180, 0, 0, 0])
    sd = 0.25 * truth.std()
    shares, rest = main_effects(u, truth + rng.normal(0.0, sd, 64), np.full(64, sd * sd))
    assert [s.estimate for s in shares] == pytest.approx((known / known.sum()).tolist(), abs=0.1)
    assert rest < 0.15
    with pytest.raises(ValueError, match="need at least"):
        main_effects(u[:10], truth[:10], np.zeros(10))
