"""Every interval holds its estimate, and nothing seen is still a chance."""

import numpy as np
import pytest
from scipy.stats import beta

from openiads.results.outcome import EVENTS, MEANS, SHARES, intervals, yes_or_no


def test_every_interval_holds_its_estimate_and_its_counts(crowd, single):
    for run in (crowd, single):
        for name, one in run.intervals.items():
            assert one.low <= one.estimate <= one.high, name
            if name in SHARES:
                part, whole = SHARES[name]
                assert (one.numerator, one.denominator) == (run.outcome[part], run.outcome[whole])
            elif name in EVENTS:
                assert one.denominator == run.replications


def test_nothing_seen_has_an_upper_bound():
    columns = {name: np.zeros(40, dtype=np.int64) for name in (*MEANS, *EVENTS.values())}
    for part, whole in SHARES.values():
        columns.setdefault(part, np.zeros(40, dtype=np.int64))
        columns[whole] = np.full(40, 5)
    found = intervals(columns)
    assert 0.0 < found["civil_engaged"].high < 0.1
    assert 0.05 < found["any_civil_engaged"].high < 0.1


@pytest.mark.parametrize("n", [1, 2, 10, 300])
def test_all_or_none_is_clopper_pearson(n):
    none, every = yes_or_no(0, n), yes_or_no(n, n)
    assert (none.low, every.high) == (0.0, 1.0)
    assert none.high == pytest.approx(beta.ppf(0.975, 1, n))
    assert every.low == pytest.approx(beta.ppf(0.025, n, 1))


def test_the_risk_of_a_civil_flight_is_counted_out_of_civil_flights(crowd):
    for side in ("civil", "friendly"):
        assert crowd.intervals[f"{side}_engaged"].denominator == crowd.outcome[f"{side}_flights"]
