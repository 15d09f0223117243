"""Stopping when the interval is narrow enough keeps the coverage that the textbook interval loses."""

import math

import numpy as np
import pytest

from openiads.statistics.intervals import Interval, ratio_of, wilson
from openiads.statistics.sequential import Stopping, next_total


def _run(rule: Stopping, interval_of) -> Interval:
    done, found = 0, None
    while (total := next_total(rule, done, found)) != done:
        done = total
        found = interval_of(done)
    assert found is not None
    return found


@pytest.mark.parametrize(("p", "half_width"), [(0.02, 0.02), (0.1, 0.04), (0.5, 0.05), (0.9, 0.04)])
def test_coverage_when_stopped_by_width_yes_or_no(p: float, half_width: float) -> None:
    """500 studies; coverage at the stopping time at least 93 % less 2 standard errors."""
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(500):
        yes = np.cumsum(rng.random(4000) < p)
        found = _run(Stopping(4000, half_width), lambda n, yes=yes: wilson(int(yes[n - 1]), n))
        covered += found.low <= p <= found.high
    assert covered / 500 >= 0.93 - 2 * math.sqrt(0.05 * 0.95 / 500)


def test_coverage_when_stopped_by_width_for_shares_of_correlated_raids() -> None:
    """300 studies of raids at correlation 0.2; the half-width is reached within the maximum."""
    rng = np.random.default_rng(2)
    covered = 0
    of = np.full(3000, 30)
    for _ in range(300):
        leaked = rng.binomial(30, rng.beta(0.3 * 4, 0.7 * 4, 3000))
        found = _run(Stopping(3000, 0.02), lambda n, leaked=leaked: ratio_of(leaked[:n], of[:n]))
        assert (found.high - found.low) / 2 <= 0.02
        covered += found.low <= 0.3 <= found.high
    assert covered / 300 >= 0.93 - 2 * math.sqrt(0.05 * 0.95 / 300)


def test_minimum_batches_and_maximum() -> None:
    rule = Stopping(maximum=450, half_width=0.001)
    assert next_total(rule, 0, None) == 200
    assert next_total(rule, 200, wilson(100, 200)) == 300
    assert next_total(rule, 400, wilson(200, 400)) == 450
    assert next_total(rule, 450, wilson(225, 450)) == 450
    assert next_total(Stopping(1000), 0, None) == 1000
    assert next_total(Stopping(100, 0.5), 0, None) == 100
