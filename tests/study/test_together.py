"""All comparisons of a block hold together: what they may miss by chance adds up to no more than the study allows."""

from pathlib import Path

import pytest
from whole_studies import BASE, FACTORIAL, PAIR, go

MEASURES = "measures: [impacts, leaked, any_civil_engaged]\n"
COMPARED = ("change", "part", "effect", "interaction", "difference")
THREE = PAIR.replace("new:", "other: {scenario: minsk-2021, set: {load: 1}}, new:")
KINDS = {
    "compare": "kind: compare\nreplications: 60\n" + THREE,
    "margin": f"kind: margin\nreplications: 60\n{BASE}additions: {{a: {{set: {{pantsir: 1}}}}, b: {{set: {{load: 1}}}}}}\n",
    "factorial": FACTORIAL.replace("replications: 300", "replications: 60"),
    "questions": FACTORIAL.replace("replications: 300\n", "replications: 60\nby: [system, air]\n").replace(
        "[system, pantsir]", "[pantsir]"
    ),
    "plain": f"kind: design\nreplications: 60\n{BASE}factors: {{pantsir: {{none: {{}}, four: {{set: {{pantsir: 1}}}}}}}}\n",
}


@pytest.mark.parametrize("kind", KINDS)
def test_allowed_errors_of_all_comparisons_and_measures_add_up(kind: str, tmp_path: Path) -> None:
    found = go(MEASURES + KINDS[kind], tmp_path)
    compared = [one for one in found.answers if one.role in COMPARED]
    assert {one.measure for one in compared} == {"impacts", "leaked", "any_civil_engaged"}
    assert sum(1.0 - one.numbers["level"] for one in compared) == pytest.approx(0.05)
    tables = found.details["main"].get("tables", [])
    changes = [row["change"] for table in tables for row in table["rows"]]
    assert sum(1.0 - one["level"] for one in changes) == pytest.approx(0.05 if tables else 0.0)
    averaged = [row for rows in found.details["main"].get("averaged", {}).values() for row in rows]
    assert sum(1.0 - one["level"] for one in averaged) == pytest.approx(0.05 if averaged else 0.0)
