"""What is wrong in a study file is refused at its line and column, before any battle."""

import pickle
from pathlib import Path

import pytest

from openiads.errors import UserError
from openiads.strict_yaml import Placed
from openiads.study import reading
from openiads.study.alternatives import merged
from openiads.study.battle import EngineBattle
from openiads.study.kinds.base import Setting
from openiads.study.kinds.table import kind_of
from openiads.study.model import AnyBlock
from openiads.study.overriding import overridden

HEAD = "format: openiads-study/1\nname: s\nabout: a\nquestion: q\nseed: 1\n"
ONE = "kind: replicate\nalternatives: {a: {scenario: minsk-2021}}\n"
SIZE = "kind: size\nbase: {scenario: minsk-2021}\n"
STEPS = "steps: [{name: a}, {name: b, set: {doctrine.reserve: 0.5}}]\n"
MARGIN = "kind: margin\nbase: {scenario: minsk-2021}\n"
SWEEP = "kind: sweep\nbase: {scenario: minsk-2021}\n"
KNOWLEDGE = "kind: knowledge\nalternatives: {a: {scenario: minsk-2021}}\nknowledge:\n  figures:\n"

REFUSED = [
    (ONE + "measures: []\n", r"s.yaml:8:11: measures: an empty list does not fit; write a list of measures, \["),
    (ONE + "measures: impacts\n", r's.yaml:8:11: measures: the text "impacts" does not fit; write a list of measures, \['),
    (ONE + "measures: [killed/cruise-missle]\n", r's.yaml:8:12: .*no target class is called "cruise-missle"; did you mean "cruise-missile'),
    (ONE + "measures: [killed/s-400]\n", r"8:12: .*no target class is called \"s-400\""),
    (ONE + "measures: [rounds_fired/s-40]\n", r'8:12: .*no system is called "s-40"; did you mean "s-400"'),
    (ONE + "measures: [impacts, why/no rounds]\n", r'8:21: .*no link is called "no rounds"; did you mean "no round"'),
    (ONE + "measures: [assets_hit/base]\n", r'8:12: .*not told apart by "base"; write assets_hit'),
    (ONE + "stop: {half_width: 0.1, measure: impacts/dron}\n", r'8:34: stop.measure: no target class is called "dron"'),
    (SIZE + STEPS + "event: any_impact/dron\n", r"9:8: event: no target class"),
    (SIZE + STEPS + "event: impacts\n", r'9:8: event: "impacts" is no yes or no per replication, so it is no event; write any_impact\Z'),
    (SIZE + STEPS + "event: killed\n", r"9:8: event: .*write one of any_impact, any_asset_hit, any_civil_engaged, any_friendly_engaged"),
    (SIZE + "steps: [{name: a}, {name: a}]\n", r'8:27: steps.a.name: two steps are called "a"; give each'),
    (SIZE + "steps: 3\n", r"8:8: steps: the number 3 does not fit; write a list of steps, the smallest first, \[\{name: "),
    (SIZE, r'the key "steps" is missing; add steps: \[\{name: '),
    (MARGIN + "additions: {}\n", r"8:12: additions: an empty mapping does not fit; write additions by name, \{"),
    (MARGIN + "additions: {as it is: {}}\n", r'8:23: additions.as it is: "as it is" is what the base is called; give'),
    (SWEEP + "over: {doctrine.reserve: [0.1, 0.5, 0.1]}\n", r"8:37: over.doctrine.reserve.2: 0.1 stands twice"),
    (SWEEP + "over: {doctrine.reserve: 0.1}\n", r"8:26: over.doctrine.reserve: the number 0.1 does not fit; write a list of values"),
    ("kind: compare\nalternatives: {a: {scenario: x}}\n", r"7:15: alternatives: a mapping of 1 does not fit; write alternatives by name"),
    ("kind: replicate\nalternatives: {a: minsk-2021}\n", r"7:19: alternatives.a: the text .* write a scenario and what is set in it"),
    (
        KNOWLEDGE + "    targets.one-way-attack-uav.pkk: range\n",
        r'10:5: .*no catalogue figure.*did you mean "targets.one-way-attack-uav.pk"',
    ),
    (KNOWLEDGE + "    targets.bomber.pk: range\n    catalogue.targets.bomber.pk: range\n", r'11:5: .*"targets.bomber.pk" stands twice'),
    (KNOWLEDGE.replace("figures:\n", "figures: {}\n"), r"9:12: knowledge.figures: an empty mapping does not fit"),
    (SWEEP + "over: {doctrine.reserve: []}\n", r"8:26: over.doctrine.reserve: an empty list does not fit"),
    (KNOWLEDGE + "    doctrine.reserv: range\n", r"10:5: .*no catalogue figure"),
    (KNOWLEDGE + "    targets.*.pkk: range\n", r"10:5: .*no catalogue figure fits the pattern"),
    (
        KNOWLEDGE + "    doctrine.chance.salvo_correlation: range\n",
        r"10:5: .*no battle reads .*the scenario states, doctrine.salvo_correlation",
    ),
    (KNOWLEDGE + "    catalogue.doctrine.chance.battery_sigma: {uniform: [0, 1]}\n", r"10:5: .*no battle reads .*leave it out"),
    (KNOWLEDGE + "    doctrine.chance.*: range\n", r"10:5: .*fits figures that no battle reads: doctrine.chance.salvo_correlation, "),
    (KNOWLEDGE + "    defaults.target.swerling: range\n", r'10:5: .*no low and high for "defaults.target.swerling"; write a distribution'),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_cannot_be_is_refused_where_it_stands(text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(HEAD + text)
    with pytest.raises(UserError, match=said):
        reading.read("s.yaml")


def test_a_class_that_is_not_in_the_raid_may_be_asked_for(tmp_path: Path) -> None:
    measures = "measures: [killed/ballistic-missile, rounds_fired/patriot, why/jammed, any_impact/one-way-attack-uav]\n"
    (tmp_path / "s.yaml").write_text(HEAD + ONE + measures.replace("ballistic-missile", "srbm-scud"))
    assert len(reading.read(tmp_path / "s.yaml")[0].blocks[0].measures) == 4
    assert [name for name in reading.shipped() if reading.read(name)]


def _examined(block: AnyBlock, home: Path) -> None:
    from openiads import catalogue

    kind = kind_of(block, Setting(1, 0.95, catalogue.load()))
    EngineBattle(1, {}, home=str(home)).examined(kind.alternatives(None))  # type: ignore[arg-type]


ONLY = "kind: replicate\nalternatives: {a: {scenario: minsk-2021, only: [nope]}}\n"
LATER = [
    (ONE.replace("2021", "2022"), r's.yaml:7:30: no scenario is called "minsk-2022"; did you mean "minsk-2021"'),
    (ONE.replace("minsk-2021", "mine.yaml"), r"s.yaml:7:30: .*mine.yaml: there is no such file; did you mean \"mine2.yaml\""),
    (ONE.replace("minsk-2021", "../a.yaml"), r"s.yaml:7:30: ../a.yaml: leads out"),
    (ONE.replace("scenario: minsk-2021", ""), r"main / a: no scenario is named; write scenario: NAME"),
    (ONLY, r"s.yaml:7:49: only: the scenario has no object or site nope"),
    (ONLY.replace("only", "without"), r"s.yaml:7:52: without: the scenario has no object or site nope"),
    (ONE.replace("2021", "2021, set: {doctrine.reserv: 1}"), r's.yaml:7:48: doctrine.reserv: .*did you mean "reserve"'),
    (ONE.replace("2021", "2021, set: {doctrine.reserve: lots}"), r's.yaml:7:48: doctrine.reserve: "lots" is not a probability'),
    (
        ONE.replace("2021", "2021, set: {catalogue.targets.srbm-scud.pk: 2}"),
        r"s.yaml:7:48: catalogue.targets.srbm-scud.pk: .*lie between 0 and 1",
    ),
    (SWEEP + "over: {doctrine.reserve: [0.1, 5]}\n", r"s.yaml:8:8: doctrine.reserve: 5 is too large"),
    (KNOWLEDGE + "    doctrine.reserve: {uniform: [2, 5]}\n", r"s.yaml:10:5: doctrine.reserve: .* is too large"),
    (KNOWLEDGE + "    targets.srbm-scud.pk: {uniform: [2, 5]}\n", r"s.yaml:10:5: catalogue.targets.srbm-scud.pk: .*lie between 0 and 1"),
    (
        "kind: design\nbase: {scenario: '{where}-2022'}\nfactors: {where: {minsk: {}, ankara: {}}}\n",
        r"s.yaml:7:18: no scenario is called \"minsk-2022\"",
    ),
]


@pytest.mark.parametrize(("text", "said"), LATER)
def test_what_the_scenarios_do_not_have_is_said_of_the_study_file(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "mine2.yaml").write_text("format: openiads-scenario/1\n")
    (block,) = reading.parse(HEAD + text, "s.yaml").blocks
    with pytest.raises(UserError, match=said):
        _examined(block, tmp_path)


@pytest.mark.parametrize("written", ["", ", set: {doctrine.reserve: 0.5}"])
def test_what_was_typed_is_said_of_the_command_line(written: str, tmp_path: Path) -> None:
    asked = reading.parse(HEAD + ONE.replace("-2021", "-2021" + written), "s.yaml")
    with pytest.raises(UserError, match=r"\A--set doctrine.reserve=lots: doctrine.reserve: "):
        _examined(overridden(asked, ["doctrine.reserve=lots"]).blocks[0], tmp_path)


def test_a_later_variant_is_the_one_whose_path_is_blamed() -> None:
    block = reading.parse(
        HEAD + "kind: compare\nalternatives:\n  a: {scenario: minsk-2021, set: {x: 1}}\n  b: {set: {x: 2}}\n", "s.yaml"
    ).blocks[0]
    one, two = block.alternatives.values()  # type: ignore[union-attr]
    ((path, value),) = merged("m", one, two).settings
    assert value == 2
    assert isinstance(path, Placed)
    assert (path.name, path.line) == ("s.yaml", 9)


def test_a_placed_text_is_its_text_and_keeps_its_place_when_copied_and_completed() -> None:
    path = Placed("catalogue.x.{y}", "s.yaml", 3, 4)
    assert (path, repr(path), hash(path)) == ("catalogue.x.{y}", repr("catalogue.x.{y}"), hash("catalogue.x.{y}"))
    for made, text in (
        (pickle.loads(pickle.dumps(path)), path),
        (path.removeprefix("catalogue."), "x.{y}"),
        (path.replace("{y}", "z"), "catalogue.x.z"),
        ("a." + path, "a.catalogue.x.{y}"),
    ):
        assert made == text
        assert (made.name, made.line, made.column) == ("s.yaml", 3, 4)


@pytest.mark.parametrize(("stop", "watched"), [("half_width: 0.05", "any_impact"), ("half_width: 0.05, measure: killed", "killed")])
def test_the_first_measure_is_watched_unless_another_is_named(stop: str, watched: str, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(HEAD + ONE + f"measures: [any_impact, impacts]\nstop: {{{stop}}}\n")
    assert reading.read(tmp_path / "s.yaml")[0].blocks[0].watched == watched
