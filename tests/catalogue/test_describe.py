"""What the command line prints and writes of the catalogue."""

import json

import pytest

from openiads.catalogue import describe
from openiads.errors import UserError


def test_the_list_names_every_system_and_class(shipped):
    found = {entry.id: entry for entry in describe.entries(shipped)}
    assert set(found) == {*shipped.systems, *shipped.targets, *describe.SHARED}
    assert sum(entry.figures for entry in found.values()) == len(shipped.figures)
    assert found["s-400"].checked > 0 < found["s-400"].judged


def test_the_rows_of_a_system_hold_its_own_figures_and_the_shared_ones(shipped):
    rows = {row.path: row for row in describe.figure_rows(shipped, "s-400")}
    targets = rows["s-400.command_post.30K6E.simultaneous_targets"]
    assert (targets.value, targets.low, targets.high, targets.unit, targets.checked) == (36, 36, 80, "targets", True)
    assert any("TASS" in title for title in targets.sources)
    assert any(value == 80 and source for value, source in targets.rivals)
    assert not targets.shared
    assert rows["s-400.radars.92N6E.reference_pd"].shared


def test_one_figure_one_radar_and_one_class_can_be_asked_for(shipped):
    assert len(describe.figure_rows(shipped, "s-400.radars.92N6E.azimuth_sector")) == 1
    assert all(row.path.startswith("s-400.radars.92N6E.") for row in describe.figure_rows(shipped, "s-400.radars.92N6E"))
    assert all(row.path.startswith("targets.bomber.") for row in describe.figure_rows(shipped, "bomber"))
    assert describe.figure_rows(shipped, "Patriot") == describe.figure_rows(shipped, "patriot")


def test_json_names_every_system(shipped):
    text = json.dumps(describe.to_json(shipped))
    for name in ("s-400", "s-300ps", "s-300pmu1", "s-300pmu2", "pantsir-s1", "patriot"):
        assert f'"{name}"' in text
    assert shipped.digest in text


@pytest.mark.parametrize("name", ["s-400", "patriot", "bomber", "doctrine", "s-400.radars.91N6E", "generic-sensors"])
def test_json_of_one_part_is_whole(shipped, name):
    part = describe.to_json(shipped, name)
    assert json.loads(json.dumps(part)) == part
    assert part["id"] == name
    assert len(part["figures"]) == len(describe.figure_rows(shipped, name))
    for figure in part["figures"].values():
        assert set(figure["sources"]) <= set(part["sources"])
        assert {"value", "low", "high", "unit", "basis", "sources", "checked"} <= set(figure)


def test_json_tells_the_known_contradictions(shipped):
    findings = describe.to_json(shipped, "pantsir-s1")["findings"]
    assert {finding["rule"] for finding in findings} == {"fourth_root_law"}
    assert all(finding["known"] for finding in findings)


@pytest.mark.parametrize(
    ("name", "said"),
    [("s-4000", '"s-400"'), ("bombers", '"bomber"'), ("s-400.radars.92N6", '"s-400.radars.92N6E"'), ("zzz", "openiads catalogue")],
)
def test_unknown_names_get_advice(shipped, name, said):
    with pytest.raises(UserError) as caught:
        describe.figure_rows(shipped, name)
    assert said in str(caught.value)
