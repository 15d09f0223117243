"""Measures with nothing to divide by: every kind of study says so and writes its report."""

import json
from pathlib import Path

import pytest
from whole_studies import answer_of, go

from openiads.study import report
from openiads.study.text import page_lines
from openiads.study.written import write

NO_CIVIL = "no civil flights exposed, so civil aircraft engaged by mistake cannot be counted"
KNOWLEDGE = """kind: knowledge
measures: [civil_engaged]
replications: 40
alternatives: {old: {scenario: minsk-2021, set: {civil_up_to: LIMIT}}, new: {scenario: minsk-2021, set: {civil_up_to: LIMIT, pantsir: 1}}}
knowledge: {samples: 16, replications: 10, figures: {x: {uniform: [0, 1]}, y: {uniform: [0, 1]}}}
"""


def _page(outcome, folder: Path) -> str:
    """Write the report and return its first page as text."""
    content = report.content(outcome)
    write(folder, content)
    return "\n".join(page_lines(json.loads((folder / "study.json").read_text())))


def test_a_knowledge_study_without_denominators_says_so(tmp_path: Path) -> None:
    found = go(KNOWLEDGE.replace("LIMIT", "-1"), tmp_path)
    for names in (("old",), ("new", "old")):
        band = answer_of(found, "band", *names)
        assert (band.numbers["estimate"], band.numbers["low"], band.numbers["high"]) == (None, None, None)
        assert band.numbers["method"] == "nothing to divide by"
        assert band.words == f"{' against '.join(names)}: {NO_CIVIL}"
    assert found.drivers == []
    assert NO_CIVIL in _page(found, tmp_path)


def test_a_knowledge_study_with_one_defined_sample_has_no_band(tmp_path: Path) -> None:
    band = answer_of(go(KNOWLEDGE.replace("LIMIT", "0.06"), tmp_path), "band", "old")
    assert band.more["samples"] == 1
    assert band.numbers["low"] is None
    assert band.words == "old: only 1 of 16 samples have any civil flights exposed, too few to tell knowledge from luck"


def test_a_band_says_how_many_samples_it_rests_on(tmp_path: Path) -> None:
    band = answer_of(go(KNOWLEDGE.replace("LIMIT", "0.5"), tmp_path), "band", "old")
    assert band.more["samples"] == 8
    assert band.numbers["low"] is not None
    assert band.words.endswith("; only 8 of 16 samples have any civil flights exposed")


def test_a_comparison_without_denominators_does_not_blame_the_replications(tmp_path: Path) -> None:
    pair = "alternatives: {old: {scenario: minsk-2021, set: {civil_up_to: 0}}, new: {scenario: minsk-2021, set: {civil_up_to: 0}}}\n"
    found = go("kind: compare\nmeasures: [civil_engaged]\nreplications: 40\n" + pair, tmp_path)
    assert answer_of(found, "difference").words == NO_CIVIL
    assert report.content(found)["page"]["question"]["answer"] == f"{NO_CIVIL}."


SCREENING = """kind: sensitivity
measures: [civil_engaged]
method: METHOD
replications: 40
trajectories: 8
samples: 32
keep: 2
base: {scenario: minsk-2021, set: {civil_up_to: LIMIT, civil_in: 0.5}}
figures: {x: {uniform: [0, 1]}, y: {uniform: [0, 1]}, nothing: {uniform: [0, 1]}}
"""


def _screened(method: str, limit: str, folder: Path):
    return go(SCREENING.replace("METHOD", method).replace("LIMIT", limit), folder)


def test_undefined_points_of_a_screening_are_average_and_counted(tmp_path: Path) -> None:
    """A civil flight is engaged in half of the nights wherever there are any, so no figure matters: as zeros, x would be all."""
    found = _screened("morris", "0.9", tmp_path)
    points = 8 * 4
    missing, count = found.details["main"]["undefined"]["screening"]
    assert (0 < missing < points / 2, count) == (True, points)
    assert f"; it is undefined at {missing} of {count} points of the screening" in found.answers[0].words
    sizes = {row["figure"]: row["size"] for row in found.details["main"]["screening"]}
    assert sizes["x"] < 0.05
    assert "it is undefined at" in _page(found, tmp_path)


def test_undefined_points_of_indices_are_average_and_counted(tmp_path: Path) -> None:
    found = _screened("sobol", "0.8", tmp_path)
    missing, count = found.details["main"]["undefined"]["indices"]
    assert (0 < missing < count / 2, count) == (True, 32 * 5)
    assert found.answers[0].words.endswith(f"; it is undefined at {missing} of {count} points of the indices")
    assert all(one.share < 0.3 for one in found.drivers)


@pytest.mark.parametrize("method", ["morris", "sobol", "morris+sobol"])
def test_with_fewer_than_half_of_the_points_no_figure_is_ranked(method: str, tmp_path: Path) -> None:
    found = _screened(method, "0.3", tmp_path)
    assert found.drivers == []
    assert not found.details["main"].get("indices")
    assert not found.details["main"].get("screening")
    assert found.answers[0].words.endswith("too many to rank any figure")
    assert "too many to rank any figure" in _page(found, tmp_path)


def test_a_design_without_denominators_says_so(tmp_path: Path) -> None:
    text = "kind: design\npoints: lhs\nsamples: 12\nreplications: 10\nmeasures: [civil_engaged]\nranges: {x: [0, 1], y: [0, 1]}\n"
    found = go(text + "base: {scenario: minsk-2021, set: {civil_up_to: -1}}\n", tmp_path)
    assert found.answers[0].words == f"mean over the points: {NO_CIVIL}"
    assert NO_CIVIL in _page(found, tmp_path)
