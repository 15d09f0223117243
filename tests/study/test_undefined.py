"""Measures with nothing to divide by: every kind of study says so and writes its report."""

import json
from pathlib import Path

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
