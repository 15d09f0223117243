"""A bend is found where there is one and not where there is none."""

import numpy as np

from openiads.statistics.knee import knee
from openiads.statistics.two_level import linearised


def test_a_bend_is_located() -> None:
    rng = np.random.default_rng(1)
    x = np.arange(1.0, 13.0)
    hits = 0
    for _ in range(200):
        y = 0.02 * x + 0.08 * np.maximum(x - 6.0, 0.0) + rng.normal(0.0, 0.01, x.size)
        found = knee(x, y, np.full(x.size, 0.0196))
        assert found is not None
        hits += found.low <= 6.0 <= found.high
    assert hits / 200 > 0.9


def test_a_straight_curve_bends_by_chance_in_under_one_in_twenty() -> None:
    rng = np.random.default_rng(2)
    x = np.arange(1.0, 11.0)
    false = sum(knee(x, 0.05 * x + rng.normal(0.0, 0.01, x.size), np.full(x.size, 0.0196)) is not None for _ in range(400))
    assert false / 400 < 0.05


def test_few_points_have_no_bend() -> None:
    assert knee([1, 2, 3, 4], [0, 0, 0, 5], [0.1] * 4) is None


def test_linearised_ratios_keep_the_ratio_of_sums() -> None:
    a, b = np.array([1, 2, 0, 4]), np.array([2, 4, 1, 4])
    table = linearised(a, b, 2)
    assert table.mean(axis=1).tolist() == [3 / 6, 4 / 5]
    assert np.isnan(linearised([1, 1], [0, 0], 2)).all()
