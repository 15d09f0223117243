"""Exact confirmation probabilities against the binomial distribution, simulation of the window and hand values."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.errors import UserError
from openiads.model.tracking import confirmation

orders = st.integers(1, 7).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n)))


@settings(deadline=None, max_examples=40)
@given(orders, st.floats(0.01, 0.99))
def test_by_scan_n_it_is_binomial(order: tuple[int, int], p: float) -> None:
    m, n = order
    found = confirmation.confirmation_probability(m, n, p, n + 20)
    assert found[n - 1] == pytest.approx(confirmation.window_probability(m, n, p), abs=1e-12)
    assert np.all(np.diff(found) >= -1e-15)
    assert np.all(found[: m - 1] == 0.0)
    assert found[-1] <= 1.0 + 1e-12


@settings(deadline=None, max_examples=15)
@given(orders, st.floats(0.3, 0.9))
def test_against_every_sequence_of_hits(order: tuple[int, int], p: float) -> None:
    m, n = order
    scans = 9
    total = np.zeros(scans)
    for bits in range(1 << scans):
        hits = [bits >> k & 1 for k in range(scans)]
        weight = math.prod(p if h else 1.0 - p for h in hits)
        first = next((k for k in range(scans) if sum(hits[max(0, k - n + 1) : k + 1]) >= m), None)
        if first is not None:
            total[first:] += weight
    np.testing.assert_allclose(confirmation.confirmation_probability(m, n, p, scans), total, atol=1e-12)


@settings(deadline=None, max_examples=15)
@given(orders.filter(lambda order: order[1] < 6), st.floats(0.5, 0.95))
def test_mean_is_the_sum_of_the_chances_to_be_waiting(order: tuple[int, int], p: float) -> None:
    m, n = order
    waiting = 1.0 - confirmation.confirmation_probability(m, n, p, 1500)
    assert confirmation.mean_scans(m, n, p) == pytest.approx(1.0 + waiting.sum(), rel=1e-6)


def test_certain_and_impossible_plots() -> None:
    assert confirmation.mean_scans(3, 5, 1.0) == pytest.approx(3.0)
    assert confirmation.mean_scans(3, 5, 0.0) == math.inf
    assert confirmation.confirmation_probability(2, 3, 1.0, 3).tolist() == [0.0, 1.0, 1.0]
    assert confirmation.mean_scans(2, 2, 0.9) == pytest.approx(1.9 / 0.81)


@pytest.mark.parametrize(("m", "n", "p"), [(0, 3, 0.5), (4, 3, 0.5), (1, 21, 0.5), (1, 2, 1.5), (1, 2, math.nan)])
def test_nonsense_is_refused(m: int, n: int, p: float) -> None:
    with pytest.raises(UserError, match="confirmation"):
        confirmation.confirmation_probability(m, n, p, 3)
    with pytest.raises(UserError, match="confirmation"):
        confirmation.mean_scans(m, n, p)


def test_negative_scans_are_refused() -> None:
    with pytest.raises(UserError, match="scans"):
        confirmation.confirmation_probability(1, 2, 0.5, -1)
