"""The verbs as functions: results, inputs and bundles; a study repeats from its folder and from its bundle."""

import json
import shlex
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from fake_battle import mixed

from openiads.errors import UserError, WorkError
from openiads.strict_yaml import emitted
from openiads.strict_yaml import read as read_yaml
from openiads.study import aside, bundle, command, reading
from openiads.study.battle import EngineBattle

TEXT = """format: openiads-study/1
name: small
about: a test
question: how many leak?
kind: compare
replications: 30
alternatives:
  before: {scenario: minsk-2021-s300}
  after: {scenario: minsk-2021, set: {doctrine.reserve: 0.1}}
  beside: {scenario: mine.yaml, only: [drones-1]}
"""


def _fought(self: EngineBattle, alternative: str, knowledge: int, first: int, count: int) -> dict[str, np.ndarray]:
    share = 3 if self.alternatives[alternative].settings else 5
    numbers = np.arange(first, first + count)
    leaked = sum(((mixed("raid", numbers, i) % np.uint64(10)) < share).astype(np.int64) for i in range(10))
    return {"impacts": leaked, "impact_objects": np.full(count, 10), "targets": np.full(count, 12)}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(EngineBattle, "__call__", _fought)
    monkeypatch.setattr(aside, "reaches", lambda *_: [])
    monkeypatch.setattr(aside, "pages", lambda *_: {})
    (tmp_path / "small.yaml").write_text(TEXT)
    (tmp_path / "mine.yaml").write_text("format: openiads-scenario/1\nname: mine\nabout: a test\nbase: minsk-2021\nduration: 18 min\n")
    return tmp_path


def test_results_and_inputs_are_written_and_repeat_from_folder_and_bundle(small: Path) -> None:
    out = small / "out"
    found = command.study(small / "small.yaml", out, engine="inline", overrides=["seed=4"])
    assert found["study"] == "small"
    assert json.loads((out / "study.json").read_text())["digest"] == found["digest"]
    assert any("Smooth earth" in one for one in found["page"]["limits"]["assumptions"])
    (small / "mine.yaml").unlink()
    again = command.rerun(out, engine="inline")
    assert again["same"], again
    packed = bundle.write(out, small / "small.zip")
    once = packed.read_bytes()
    assert bundle.write(out, packed).read_bytes() == once
    shutil.rmtree(out)
    elsewhere = command.rerun(packed, small / "again", engine="inline")
    assert elsewhere["same"]
    assert (small / "again" / "study.json").exists()
    shutil.rmtree(small / "out", ignore_errors=True)
    assert command.rerun(small / "again", engine="inline")["same"]
    assert bundle.write(small / "again", small / "again.zip").exists()


def test_a_study_that_was_continued_with_more_replications_repeats(small: Path) -> None:
    command.study(small / "small.yaml", small / "out", engine="inline")
    more = command.study(small / "small.yaml", small / "out", engine="inline", resume=True, overrides=["replications=45"])
    assert more["resumed"]
    assert more["replications"] == 135
    assert command.rerun(small / "out", engine="inline")["same"]


def test_results_of_another_request_are_not_repeated(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command.study(small / "small.yaml", small / "out", engine="inline")

    def interrupted(*_: object) -> dict[str, np.ndarray]:
        raise KeyboardInterrupt

    monkeypatch.setattr(EngineBattle, "__call__", interrupted)
    with pytest.raises(WorkError, match="interrupted"):
        command.study(small / "small.yaml", small / "out", engine="inline", resume=True, overrides=["replications=45"])
    with pytest.raises(UserError, match=r"asked for something else .* finish it with --resume"):
        command.rerun(small / "out", engine="inline")


def test_a_result_that_does_not_repeat_is_said(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command.study(small / "small.yaml", small / "out", engine="inline")
    monkeypatch.setattr(EngineBattle, "__call__", lambda *a: {k: v + 1 for k, v in _fought(*a).items()})
    assert not command.rerun(small / "out", engine="inline")["same"]


def test_a_scenario_outside_the_study_folder_is_refused(small: Path) -> None:
    (small / "small.yaml").write_text(TEXT.replace("mine.yaml", "../mine.yaml"))
    with pytest.raises(UserError, match="leads out"):
        command.study(small / "small.yaml", small / "out", engine="inline")


def test_an_unknown_group_or_path_is_refused_before_anything_is_written(small: Path) -> None:
    (small / "small.yaml").write_text(TEXT.replace("drones-1", "drone-x"))
    with pytest.raises(UserError, match="has no object or site drone-x"):
        command.study(small / "small.yaml", small / "a", engine="inline")
    (small / "small.yaml").write_text(TEXT.replace("doctrine.reserve", "doctrine.reserves"))
    with pytest.raises(UserError, match="reserve"):
        command.study(small / "small.yaml", small / "b", engine="inline")
    assert not (small / "a").exists()
    assert not (small / "b").exists()


def test_an_altered_part_is_not_packed(small: Path) -> None:
    command.study(small / "small.yaml", small / "out", engine="inline")
    part = next((small / "out" / "parts").iterdir())
    part.write_bytes(part.read_bytes()[:-1] + b"!")
    with pytest.raises(UserError, match=rf"parts/{part.name} is missing or not what was recorded"):
        bundle.write(small / "out", small / "out.zip")
    assert not (small / "out.zip").exists()


def test_altered_answers_are_no_repetition(small: Path) -> None:
    command.study(small / "small.yaml", small / "out", engine="inline")
    result = small / "out" / "study.json"
    known = json.loads(result.read_text())
    known["answers"][0]["estimate"] = 77.0
    result.write_text(json.dumps(known))
    again = command.rerun(small / "out", engine="inline")
    assert again["digest"] == again["again"]
    assert not again["same"]
    assert "altered" in again["notes"][-1]


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    evil = tmp_path / "evil.zip"
    for name in ("../x", "inputs/../../x", "/etc/x", "other.txt", "inputs\\..\\x"):
        with zipfile.ZipFile(evil, "w") as archive:
            archive.writestr(zipfile.ZipInfo(name), "x")
        with pytest.raises(UserError, match="no bundle"):
            bundle.unpack(evil, tmp_path / "to")
    with zipfile.ZipFile(evil, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inputs/study.yaml", b"0" * 50_000_000)
    with pytest.raises(UserError, match="expands"):
        bundle.unpack(evil, tmp_path / "to")
    evil.write_bytes(b"PK nonsense")
    with pytest.raises(UserError, match="cannot be read as a bundle"):
        bundle.unpack(evil, tmp_path / "to")
    assert not (tmp_path / "to").exists()
    with pytest.raises(UserError, match="holds no study"):
        command.rerun(tmp_path)
    with pytest.raises(UserError, match="no finished study"):
        bundle.write(tmp_path, tmp_path / "b.zip")


def test_numbers_are_kept_as_they_were_written() -> None:
    text = '{a: [57E6, 4e5, 007, "x: y", null, true, -1.5], "b c": {d: 12:30}}'
    value = read_yaml(text, "t").value
    again = read_yaml(emitted(value), "t").value
    assert again == value
    assert again["a"][0].written == "57E6"


TWO = "kind: design\nbase: {scenario: x}\nfactors: {system: {a: {}, b: {}}, bearing: {west: {}, north: {}}}\n"
PROBLEMS = [
    ("kind: compar\n", r"s.yaml:6:7: kind: .*did you mean .compare"),
    ("kind: replicate\n", "alternatives.* is missing"),
    ("kind: compare\nagainst: z\nalternatives: {a: {scenario: x}, b: {scenario: y}}\n", r'7:10: against: there is no alternative "z"'),
    ("kind: replicate\nmeasures: [impcts]\nalternatives: {a: {scenario: x}}\n", "did you mean .impacts"),
    ("kind: replicate\nreplications: 1\nalternatives: {a: {scenario: x}}\n", "7:15: replications: the number 1 does not fit"),
    ("kind: design\nbase: {scenario: x}\n", "either factors or points"),
    ("kind: design\nbase: {scenario: x}\npoints: sobol\nsamples: 100\nranges: {x: [1, 0]}\n", "the range is empty"),
    ("kind: design\nbase: {scenario: x}\npoints: sobol\nsamples: 100\nranges: {x: [0, 1]}\n", "no power of two"),
    ("kind: design\nbase: {scenario: x}\nchoice: [sytem]\nfactors: {system: {a: {}, b: {}}}\n", "did you mean .system"),
    (f"average: [system, bearing]\n{TWO}", r"block \"main\" names all its factors in average, .*leave one of system, bearing out"),
    (f"by: [bearing]\naverage: [system]\n{TWO}", r"names all its factors in average and by, so none is left to compare"),
    (f"by: [system, bearing]\n{TWO}", r":\d+:\d+: by: block \"main\" names all its factors in by"),
    (f"choice: [system]\naverage: [system]\n{TWO}", r'has the factor "system" in average and in choice; leave system in one'),
    (f"by: [bearing]\naverage: [bearing]\n{TWO}", r'has the factor "bearing" in by and in average'),
    ("kind: knowledge\nalternatives: {a: {scenario: x}}\nknowledge: {figures: {x: {unform: [0, 1]}}}\n", "is not a distribution"),
    ("blocks: [{kind: replicate, alternatives: {a: {}}}, {kind: replicate, alternatives: {a: {}}}]\n", "two blocks are called"),
    ("blocks: 3\n", "nothing to do"),
    ("kind: replicate\nkind: compare\n", "stands twice"),
]


@pytest.mark.parametrize(("text", "said"), PROBLEMS)
def test_mistakes_are_located_and_answered(text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        reading.parse("format: openiads-study/1\nname: s\nabout: a\nquestion: q\nseed: 1\n" + text, "s.yaml")


def test_an_unknown_study_is_one_clear_message() -> None:
    with pytest.raises(UserError, match="no study is called"):
        reading.find("no-such-study")


def test_the_command_line_of_an_alternative_sets_up_its_very_scenario() -> None:
    from openiads.scenario import digest, read
    from openiads.study.alternatives import merged
    from openiads.study.battle import EngineBattle
    from openiads.study.model import Variant

    variant = Variant(
        scenario="minsk-2021",
        set={"doctrine.reserve": 0.5, "duration": "25 min", "doctrine.salvo": {"drone": 3}, "s400.about": 'it\'s "here"'},
        only=("cruise-1", "*-jammer"),
        without=("pantsir-[bc]*", "airliner-*"),
    )
    one = merged("one", variant)
    words = shlex.split(one.command(5, 7))
    assert words[:3] == ["openiads", "run", "minsk-2021"]
    assert words[-4:] == ["--seed", "5", "--replication", "7"]
    assert words[3:-4:2] == ["--set"] * 6
    told, meant = read("minsk-2021", words[4:-4:2]), EngineBattle(5, {}).scenario(one)
    assert told == meant
    assert digest(told) == digest(meant) != digest(read("minsk-2021"))


def test_listing_otherwise_changes_no_draw_and_the_hand_model_stands_beside(tmp_path: Path) -> None:
    from openiads.catalogue import load
    from openiads.scenario import read
    from openiads.study.by_hand import by_hand, pages
    from openiads.study.listing import relisted

    asked = read("ankara-2021-patriot")
    other = relisted(asked, 3)
    assert [one.name for one in other.objects] != [one.name for one in asked.objects]
    assert sorted(one.name for one in other.objects) == sorted(one.name for one in asked.objects)
    assert relisted(asked, 0) is asked
    totals = {
        "killed": 40,
        "shots": 90,
        "leaked": 100,
        "why/no round": 60,
        "targets/bomber": 9,
        "why/bomber": 60,
    }
    (row,) = by_hand(pages({"main / a": asked}, load()), {"main / a": totals}, {"main / a": 20})
    assert row["kills"] > 4.0
    assert "no round (60 of 100)" in row["words"]
    assert "bomber" not in row["words"]


def test_a_step_that_was_not_fought_has_no_page_by_hand() -> None:
    from openiads.hand import Hand
    from openiads.study.by_hand import by_hand

    page = Hand((), (), 0.0, 0.0, 0.0, 2.0, 4.0)
    totals = {"main / first": {"killed": 40, "shots": 50, "leaked": 3}, "main / second": {}}
    rows = by_hand(dict.fromkeys(totals, page), totals, {"main / first": 20, "main / second": 0})
    assert [row["alternative"] for row in rows] == ["main / first"]


def test_a_size_study_whose_first_step_suffices_ends_and_is_continued(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from openiads.hand import Hand

    def safe(self: EngineBattle, alternative: str, knowledge: int, first: int, count: int) -> dict[str, np.ndarray]:
        found = _fought(self, alternative, knowledge, first, count)
        return {**found, "civil_engaged": np.zeros(count, dtype=np.int64), "killed": found["impacts"], "leaked": found["impacts"]}

    monkeypatch.setattr(EngineBattle, "__call__", safe)
    monkeypatch.setattr(aside, "pages", lambda scenarios, _: dict.fromkeys(scenarios, Hand((), (), 0.0, 0.0, 0.0, 5.0, 9.0)))
    text = TEXT.partition("kind:")[0] + "kind: size\nreplications: 60\nbase: {scenario: minsk-2021}\nevent: any_civil_engaged\n"
    (small / "small.yaml").write_text(text + "steps: [{name: 20 rounds}, {name: 32 rounds, set: {sites.s400.load.48N6E3: 32}}]\n")
    for resume in (False, True):
        found = command.study(small / "small.yaml", small / "out", engine="inline", resume=resume)
        assert found["answers"][0]["alternatives"] == ["20 rounds"]
        assert [one["alternative"] for one in found["page"]["limits"]["by_hand"]] == ["main / 20 rounds"]


def test_reach_is_given_for_each_defence_or_why_not() -> None:
    from openiads.catalogue import load
    from openiads.scenario import read
    from openiads.study.reach import reaches

    asked = read("quiet-sky")
    found = reaches({"sky": asked, "nothing": asked.model_copy(update={"sites": ()})}, load())
    assert {"height_m", "horizon_m", "detection_m", "engagement_m", "naive_range_m"} <= found[0]["curves"][0].keys()
    assert found[0]["low"][0]["height_m"] == 100.0
    assert "no site has a radar" in found[1]["why_not"]
    other_raid = asked.model_copy(update={"objects": asked.objects[:1]})
    assert [one["alternative"] for one in reaches({"sky": asked, "the same defence": other_raid}, load())] == ["sky"]


def test_the_study_in_the_guide_can_be_read_and_its_scenarios_too() -> None:
    import re

    from openiads import catalogue
    from openiads.study.kinds.base import Setting
    from openiads.study.kinds.table import kind_of

    text = (Path(__file__).parents[2] / "docs" / "studies.md").read_text(encoding="utf-8")
    for written in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        asked = reading.parse(written, "guide.yaml")
        for block in asked.blocks:
            kind = kind_of(block, Setting(asked.seed, asked.level, catalogue.load()))
            assert len(EngineBattle(asked.seed, {}).examined(kind.alternatives(None))) == 1
    for word in ("replicate", "compare", "sweep", "design", "knowledge", "sensitivity", "size", "margin", "ties"):
        assert f"| `{word}` |" in text
