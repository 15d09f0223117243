"""What counts as independent: nights at stated values, and samples or points where what is not known is drawn."""

from pathlib import Path

import numpy as np
import pytest
from whole_studies import BASE, answer_of, go

from openiads.statistics.intervals import ratio_of
from openiads.study import report
from openiads.study.unknowns import Sampling


def test_the_mean_over_points_has_the_point_as_its_unit(tmp_path: Path) -> None:
    """Point means spread by 0.06 around 0.3: over 40 of them that is 2 points either way, however many nights each has."""
    text = f"kind: design\npoints: lhs\nsamples: 40\nreplications: 200\n{BASE}ranges: {{x: [0, 1], y: [0, 1]}}\n"
    found = go(text, tmp_path)
    one = found.answers[0]
    means = [point["impacts"] for point in found.details["main"]["points"]]
    half = 2.0227 * np.std(means, ddof=1) / np.sqrt(40)
    assert half > 0.015
    assert (one.numbers["high"] - one.numbers["low"]) / 2.0 == pytest.approx(half, rel=1e-4)
    assert one.numbers["replications"] == one.more["points"] == 40
    assert (one.more["lowest"], one.more["highest"]) == pytest.approx((min(means), max(means)))
    assert f"; the means of single points lie between {100 * min(means):.3g} and {100 * max(means):.3g} %" in one.words


@pytest.mark.parametrize(("method", "units"), [("morris", 6), ("sobol", 32)])
def test_points_of_one_walk_or_row_count_as_one(method: str, units: int, tmp_path: Path) -> None:
    text = f"kind: sensitivity\nmethod: {method}\nreplications: 20\ntrajectories: 6\nsamples: 32\n{BASE}"
    one = go(text + "figures: {x: {uniform: [0, 1]}, y: {uniform: [0, 1]}}\n", tmp_path).answers[0]
    assert one.numbers["replications"] == units
    assert one.numbers["high"] - one.numbers["low"] > 0.015
    assert "the means of single points lie between" in one.words


def test_units_of_a_design() -> None:
    assert Sampling((None,) * 2, "morris", 3, 5, 1).units.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert Sampling((None,), "sobol-indices", 2, 5, 1).units.tolist() == [0, 1, 0, 1, 0, 1]
    assert Sampling((None,), "lhs", 3, 5, 1).units.tolist() == [0, 1, 2]


def test_wrong_engagements_with_drawn_unknowns_have_the_sample_as_their_unit(tmp_path: Path) -> None:
    text = (
        "kind: knowledge\nreplications: 60\nalternatives: {old: {scenario: minsk-2021}}\n"
        "knowledge: {samples: 12, replications: 50, figures: {civil_in: {uniform: [0.01, 0.9]}}}\n"
    )
    outcome = go(text, tmp_path)
    for measure, flights in (("civil_engaged", 5), ("any_civil_engaged", 1)):
        drawn = outcome.wrong["main / old / unknowns drawn"][measure]
        assert (drawn.replications, drawn.denominator) == (12, 12 * 50 * flights)
        nights = np.arange(600) < drawn.numerator
        naive = ratio_of(nights, np.full(600, flights))
        assert drawn.high - drawn.low > 2.0 * (naive.high - naive.low)
        assert outcome.wrong["main / old"][measure].replications == 60
    rows = [one for one in report.content(outcome)["page"]["wrong_engagements"] if one["alternative"] == "old / unknowns drawn"]
    assert {one["replications"] for one in rows} == {12}
    assert answer_of(outcome, "share").numbers["replications"] == 60


def test_points_fill_ranges(tmp_path: Path) -> None:
    text = "kind: design\npoints: lhs\nsamples: 40\nreplications: 40\nbase: {scenario: minsk-2021}\nranges: {x: [0, 1], y: [0, 1]}\n"
    found = go(text, tmp_path)
    assert len(found.details["main"]["points"]) == 40
    assert found.drivers[0].path == "x"
