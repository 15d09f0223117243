"""What is drawn of what is not known: designs stay within what a spread says is likely."""

import pytest

from openiads.catalogue import load
from openiads.errors import UserError
from openiads.scenario.spreads import Spread
from openiads.study.alternatives import Alternative
from openiads.study.battle import EngineBattle
from openiads.study.kinds.knowing import driver
from openiads.study.unknowns import Design, Sampling, Unknown, resolve


def _unknown(kind: str, *values: float) -> Unknown:
    return Unknown(kind, Spread(kind, values), None, "", "judgement", False, False)


PK = _unknown("normal", 0.7, 0.05)
LIFE = _unknown("lognormal", 10.0, 0.5)
EVEN = _unknown("uniform", 2.0, 4.0)


def _tried(design: Design) -> dict[str, list[float]]:
    sampling = Sampling((PK, LIFE, EVEN), design, 64, 1, 3)
    rows = [sampling.values(sample) for sample in range(len(sampling.points))]
    return {path: sorted({round(row[path], 6) for row in rows}) for path in rows[0]}


def test_a_morris_walk_goes_from_the_5_to_the_95_per_cent_quantile_of_a_spread_without_ends() -> None:
    tried = _tried("morris")
    assert len(tried["normal"]) == 4
    assert tried["normal"][0] == pytest.approx(0.7 - 1.6449 * 0.05, abs=1e-4)
    assert tried["normal"][-1] == pytest.approx(0.7 + 1.6449 * 0.05, abs=1e-4)
    assert tried["lognormal"][-1] == pytest.approx(10.0 * 2.7183 ** (0.5 * 1.6449), rel=1e-4)
    assert tried["uniform"] == pytest.approx([2.0, 8 / 3, 10 / 3, 4.0], abs=1e-6)


def test_other_designs_reach_into_the_tails() -> None:
    tried = _tried("lhs")
    assert tried["normal"][0] < 0.7 - 1.7 * 0.05
    assert tried["normal"][-1] > 0.7 + 1.7 * 0.05


def test_the_range_of_a_driver_is_what_is_likely() -> None:
    assert driver(PK, 1.0, 0.0, 1.0, "impacts", "screened").span == pytest.approx((0.6178, 0.7822), abs=1e-4)
    assert driver(EVEN, 1.0, 0.0, 1.0, "impacts", "screened").span == (2.0, 4.0)


def test_the_ends_of_ranges_are_examined_before_any_battle() -> None:
    sampling = Sampling(resolve({"doctrine.reserve": Spread("uniform", (0.0, 1.2))}, load()), "lhs", 16, 2, seed=1)
    values = [sampling.values(sample)["doctrine.reserve"] for sample in range(16)]
    assert {min(values), max(values), values[0]} == {sampling.values(sample)["doctrine.reserve"] for sample in sampling.ends}
    with pytest.raises(UserError, match="too large"):
        EngineBattle(1, {}).examined([Alternative("a", "quiet-sky", sampling=sampling)])
