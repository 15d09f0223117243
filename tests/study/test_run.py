"""Whole studies with a known truth: every kind answers, resumes to the same digest and says what it did."""

import json
import math
import re
from pathlib import Path

import pytest
from fake_arena import Arena
from whole_studies import FACTORIAL, PAIR, answer_of, go, study_of

from openiads.errors import UserError, WorkError
from openiads.study import anchors, faults, report
from openiads.study.engines import engine_maker
from openiads.study.local import InlineEngine
from openiads.study.overriding import overridden
from openiads.study.run import Run
from openiads.study.text import page_lines
from openiads.study.written import write


def test_compare_finds_the_difference_and_its_sign(tmp_path: Path) -> None:
    found = go("kind: compare\nmeasures: [impacts, any_civil_engaged]\nreplications: 400\n" + PAIR, tmp_path)
    one = answer_of(found, "difference", "new", "old")
    assert one.numbers["low"] < -0.1 < one.numbers["high"] < 0
    assert one.numbers["verdict"] == "lower"
    assert "fewer with new than with old" in one.words
    share = answer_of(found, "share", "old")
    assert share.numbers["denominator"] == 8000
    assert share.numbers["low"] < 0.3 < share.numbers["high"]
    assert {"question", "measure", "alternatives", "estimate", "low", "high", "numerator", "denominator"} <= share.as_json().keys()


def test_a_flip_is_reported(tmp_path: Path) -> None:
    text = "kind: compare\nreplications: 300\nflips: {no change: {set: {pantsir: 1}}, other way: {set: {pantsir: 0}}}\n" + PAIR
    rows = go(text, tmp_path).details["main"]["flips"]
    assert [(row["flips"], row["becomes"]) for row in rows] == [(False, "no longer told"), (False, "no longer told")]
    assert rows[0]["verdict"] == "lower"
    assert rows[0]["verdict_changed"] == "cannot tell"


def test_stopping_asks_for_the_same_number_everywhere(tmp_path: Path) -> None:
    found = go("kind: compare\nreplications: 5000\nstop: {half_width: 0.02}\n" + PAIR, tmp_path)
    replications = {one.numbers["replications"] for one in found.answers if one.role == "share"}
    assert len(replications) == 1
    assert 200 <= replications.pop() < 5000
    assert all((one.numbers["high"] - one.numbers["low"]) / 2 <= 0.02 for one in found.answers if one.role == "share")


def test_sweep_draws_a_curve_with_its_knee(tmp_path: Path) -> None:
    text = "kind: sweep\nreplications: 200\nbase: {scenario: minsk-2021}\nover: {load: [0, 1, 2, 4, 8, 16]}\n"
    found = go(text, tmp_path)
    (curve,) = found.details["main"]["curves"]
    question = report.content(found)["page"]["question"]["answer"]
    assert re.match(r"impacts on assets: [\d.]+ % at load=0, [\d.]+ % at load=16 \(interval [\d.]+ to [\d.]+, ", question), question
    estimates = [point["estimate"] for point in curve["points"]]
    assert estimates == sorted(estimates)
    assert curve["points"][3]["at"] == {"load": 4}
    assert curve["knee"] is None  # the arena adds the same for each of the load
    assert question.endswith(", with no bend that can be told.")


def test_factorial_effects_parts_and_averages(tmp_path: Path) -> None:
    found = go(FACTORIAL, tmp_path)
    assert len(found.alternatives) == 16
    assert {one.scenario for one in found.alternatives.values()} == {"minsk-s300", "minsk-s400"}
    effect = answer_of(found, "effect", "pantsir: four")
    assert effect.numbers["low"] < -0.1 < effect.numbers["high"] < 0
    assert answer_of(found, "effect", "air: jammed").numbers["low"] > 0.1
    interaction = answer_of(found, "interaction", "system x pantsir")
    assert interaction.numbers["low"] <= 0.02
    whole = answer_of(found, "change", "whole change")
    parts = [answer_of(found, "part", name) for name in ("system", "pantsir")]
    assert math.isclose(whole.numbers["estimate"], sum(one.numbers["estimate"] for one in parts), abs_tol=1e-12)
    assert answer_of(found, "change", "whole change [jammed]").numbers["verdict"] == "lower"
    assert [row["at"] for row in found.details["main"]["averaged"]["bearing"]] == ["west", "north"]
    (table,) = found.details["main"]["tables"]
    assert table["columns"] == ["s300 + none", "s300 + four", "s400 + none", "s400 + four"]
    assert [row["at"] for row in table["rows"]] == [{"air": "clear"}, {"air": "jammed"}]
    assert table["rows"][1]["change"]["verdict"] == "lower"
    new, old = whole.more["sides"]
    assert math.isclose(new["value"] - old["value"], whole.numbers["estimate"], abs_tol=1e-12)
    assert old["denominator"] == 4 * 300 * 20
    assert len([one for one in found.answers if one.role == "mean"]) == 8


def test_questions_of_their_own_have_changes_and_no_means(tmp_path: Path) -> None:
    found = go(
        FACTORIAL.replace("choice: [system, pantsir]\naverage: [bearing]", "choice: [pantsir]\nby: [system, air, bearing]"), tmp_path
    )
    assert {one.role for one in found.answers} == {"change", "share"}
    assert len([one for one in found.answers if one.role == "change"]) == 8


def test_the_answer_is_one_sentence_with_interval_counts_and_what_is_not_known(tmp_path: Path) -> None:
    text = "blocks:\n" + _listed(FACTORIAL.replace("kind: design\n", "kind: design\nmeasures: [impacts_per_night]\n"), "choice")
    text += _listed(KNOWLEDGE.replace("kind: knowledge\n", "kind: knowledge\nmeasures: [impacts_per_night]\n"), "unknown")
    question = report.content(go(text, tmp_path))["page"]["question"]
    assert re.match(
        r"With s400 \+ four in place of s300 \+ none, [\d.]+ impacts on assets a night instead of [\d.]+: [\d.]+ fewer \(95 % interval "
        r"[\d.]+ to [\d.]+; [\d,]+ of 24,000 against [\d,]+ of 24,000 impact objects that came into being in 1,200 nights each\), "
        r"mean over air, bearing; what is not known \(2 figures, 32 samples of minsk-2021\) "
        r"puts the difference between -[\d.]+ and -[\d.]+ per night in nine cases of ten and does "
        r"not turn it round\.$",
        question["answer"],
    ), question["answer"]
    assert [one.partition(":")[0] for one in question["of_which"]][:3] == ["Over all conditions", "clear", "jammed"]
    assert re.search(r"in all, of which -[\d.]+ \(.*\) from system, .*-[\d.]+ \(.*\) from pantsir", question["of_which"][0])


def _listed(text: str, name: str) -> str:
    return "  - name: " + name + "\n" + "".join(f"    {line}\n" for line in text.splitlines())


def test_an_order_that_matters_is_found_and_one_that_does_not_is_said(tmp_path: Path) -> None:
    text = (
        "kind: ties\norders: 3\nreplications: 60\nalternatives: {a: {scenario: minsk-2021}, b: {scenario: minsk-2021, set: {order: 1}}}\n"
    )
    one, two = go(text, tmp_path).answers
    assert (one.more["nights_changed"], one.more["depends"]) == (0, False)
    assert "changes none of 180 nights (3 orders)" in one.words
    assert two.more["nights_changed"] > 100
    assert two.more["depends"]
    assert "more than its interval" in two.words


KNOWLEDGE = """kind: knowledge
replications: 300
alternatives: {old: {scenario: minsk-2021}, new: {scenario: minsk-2021, set: {pantsir: 1}}}
knowledge: {samples: 32, replications: 30, figures: {x: {uniform: [0, 1]}, y: {uniform: [0, 1]}}}
"""


def test_knowledge_and_luck_are_shown_apart_with_drivers(tmp_path: Path) -> None:
    found = go(KNOWLEDGE, tmp_path)
    band = answer_of(found, "band", "old")
    assert band.numbers["low"] == pytest.approx(0.21, abs=0.03)
    assert band.numbers["high"] == pytest.approx(0.39, abs=0.03)
    assert band.more["knowledge_sd"] == pytest.approx(0.0595, abs=0.015)
    both = answer_of(found, "band", "new", "old")
    assert both.more["verdict"] == "lower"
    assert both.more["knowledge_sd"] < 0.02
    assert {one.answer for one in found.drivers} == {"impacts: new less old"}
    assert [one.share for one in found.drivers] == [0.0, 0.0]  # both alternatives move alike, so no figure drives their difference
    assert len(found.details["main"]["knowledge"]) == 2


def test_a_single_alternative_names_what_drives_it(tmp_path: Path) -> None:
    text = KNOWLEDGE.replace(", new: {scenario: minsk-2021, set: {pantsir: 1}}", "")
    first, second = go(text, tmp_path).drivers
    assert (first.path, second.path) == ("x", "y")
    assert first.share == pytest.approx(16 / 17, abs=0.1)
    assert first.low <= first.share <= first.high


def test_margin_compares_with_what_is_there(tmp_path: Path) -> None:
    text = "kind: margin\nreplications: 300\nbase: {scenario: minsk-2021}\nadditions: {one more Pantsir: {set: {pantsir: 1}}}\n"
    assert answer_of(go(text, tmp_path), "difference", "one more Pantsir", "as it is").numbers["verdict"] == "lower"


def test_digest_is_the_same_for_workers_resume_and_interruption(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "kind: compare\nreplications: 150\n" + PAIR
    clean = go(text, tmp_path / "a")
    two = Run(study_of(text), tmp_path / "b", Arena).go(engine_maker("local", 2))
    monkeypatch.setattr(faults, "_passed", type(faults._passed)())
    monkeypatch.setenv(faults.VARIABLE, "interrupt@part-renamed:2")
    with pytest.raises(WorkError, match=r"interrupted: .* are safe in .*--resume"):
        go(text, tmp_path / "c")
    monkeypatch.delenv(faults.VARIABLE)
    said: list[str] = []
    with pytest.raises(UserError, match="holds a study already"):
        go(text, tmp_path / "c")
    three = go(text, tmp_path / "c", resume=True, say=said.append)
    assert clean.digest == two.digest == three.digest
    assert not clean.is_resumed
    assert three.is_resumed
    assert "part files hold" in said[0]
    assert "replications are left" in said[0]
    again = go(text, tmp_path / "c", resume=True, say=said.append)
    assert again.digest == clean.digest
    assert "nothing is left" in said[1]


def test_resume_of_nothing_starts_from_the_beginning(tmp_path: Path) -> None:
    text = "kind: replicate\nreplications: 20\nalternatives: {a: {scenario: minsk-2021}}\n"
    assert not go(text, tmp_path / "absent", resume=True).is_resumed
    (tmp_path / "empty").mkdir()
    assert not go(text, tmp_path / "empty", resume=True).is_resumed


def test_a_start_that_was_killed_or_refused_stands_in_nobodys_way(tmp_path: Path) -> None:
    text = "kind: replicate\nreplications: 20\nalternatives: {a: {scenario: minsk-2021}}\n"
    for resume in (False, True):
        killed = tmp_path / f"killed-{resume}"
        (killed / "parts").mkdir(parents=True)
        (killed / ".lock").touch()
        assert not go(text, killed, resume=resume).is_resumed

    def refuse(*_: object) -> Arena:
        raise UserError("no such scenario")

    with pytest.raises(UserError, match="no such"):
        Run(study_of(text), tmp_path / "refused", refuse).go(InlineEngine)
    assert not (tmp_path / "refused").exists()
    (tmp_path / "mine").mkdir()
    with pytest.raises(UserError, match="no such"):
        Run(study_of(text), tmp_path / "mine", refuse).go(InlineEngine)
    assert list((tmp_path / "mine").iterdir()) == []


def test_replications_that_were_set_aside_do_not_stop_a_resumed_study(tmp_path: Path) -> None:
    class Poisoned(Arena):
        def __call__(self, alternative: str, knowledge: int, first: int, count: int):
            if bad := {20, 60, 150} & set(range(first, first + count)):
                raise ArithmeticError(f"replication {min(bad)}")
            return super().__call__(alternative, knowledge, first, count)

    text = "kind: replicate\nreplications: 300\nalternatives: {a: {scenario: minsk-2021}}\n"
    once = Run(study_of(text), tmp_path, Poisoned).go(InlineEngine)
    again = Run(study_of(text), tmp_path, Poisoned).go(InlineEngine, True)
    for found in (once, again):
        assert [one.chunk.first for one in found.set_aside] == [20, 60, 150]
    assert again.digest == once.digest


def test_fewer_replications_than_are_recorded_are_refused(tmp_path: Path) -> None:
    text = "kind: replicate\nreplications: 50\nalternatives: {a: {scenario: minsk-2021}}\n"
    go(text, tmp_path)
    with pytest.raises(UserError, match=r"holds 50 replications .* asks for 30"):
        go(text.replace("50", "30"), tmp_path, resume=True)


def test_more_replications_use_what_was_recorded_and_another_seed_is_refused(tmp_path: Path) -> None:
    text = "kind: replicate\nreplications: 50\nalternatives: {a: {scenario: minsk-2021}}\n"
    go(text, tmp_path)
    more = go(text.replace("50", "80"), tmp_path, resume=True)
    assert more.replications == 80
    assert more.digest == go(text.replace("50", "80"), tmp_path / "fresh" / "x").digest
    study = study_of(text).model_copy(update={"seed": 6})
    with pytest.raises(UserError, match=r"results of something else .*seed"):
        Run(study, tmp_path, Arena).go(InlineEngine, True)


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_text("")
    text = "kind: replicate\nalternatives: {a: {scenario: minsk-2021}}\n"
    with pytest.raises(UserError, match="not empty and holds no study"):
        go(text, tmp_path)
    with pytest.raises(UserError, match="this is a file"):
        go(text, tmp_path / "holiday.jpg")


def test_progress_tells_the_rest_and_the_current_interval(tmp_path: Path) -> None:
    seen = []
    go("kind: compare\nreplications: 100\n" + PAIR, tmp_path, progress=seen.append)
    assert seen[-1].done == seen[-1].wanted == 200
    assert seen[-1].left_s == 0.0
    assert seen[-1].interval.denominator == 2000


def test_the_report_holds_the_contract_and_the_first_page_in_order(tmp_path: Path) -> None:
    outcome = go(KNOWLEDGE, tmp_path)
    content = report.content(outcome, ["smooth earth"])
    assert {"study", "digest", "folder", "answers", "drivers", "replications", "resumed"} <= content.keys()
    page = content["page"]
    order = "question reach knowledge_and_luck impacts_by_class wrong_of_headline wrong_engagements most_wrong drivers flips"
    assert list(page) == [*order.split(), "limits", "origin", "quoting"]
    assert "band" not in page["question"]["answer"]
    assert page["wrong_engagements"][0]["denominator"] > 0
    assert page["impacts_by_class"][0]["classes"][0]["class"] == "drone"
    assert page["drivers"]["figures"][0]["flag"] == "judgement"
    assert "forecast" in page["quoting"]["must_not"]
    write(tmp_path, content)
    assert json.loads((tmp_path / "study.json").read_text())["digest"] == outcome.digest


def test_overrides_of_the_study_and_of_its_scenarios() -> None:
    study = study_of("kind: compare\nreplications: 100\n" + PAIR)
    changed = overridden(study, ["replications=70", "seed=9", "doctrine.reserve=0.1"])
    assert changed.blocks[0].replications == 70
    assert changed.seed == 9
    assert changed.blocks[0].alternatives["new"].set == {"pantsir": 1, "doctrine.reserve": 0.1}
    with pytest.raises(UserError, match="replications=1"):
        overridden(study, ["replications=1"])
    with pytest.raises(UserError, match="no block"):
        overridden(study, ["knowledge.samples=8"])
    with pytest.raises(UserError, match="no such engine"):
        engine_maker("ray", 1)


def test_alternatives_have_distributions_quantiles_and_a_worst_night(tmp_path: Path) -> None:
    found = report.content(go("kind: compare\nreplications: 150\n" + PAIR, tmp_path))
    assert [one["name"] for one in found["alternatives"]] == ["old", "new"]
    old = found["alternatives"][0]
    assert sum(old["distributions"]["impacts"]["y"]) == 150
    assert old["worst"]["value"] == max(old["distributions"]["impacts"]["x"])
    assert old["worst"]["rerun"].startswith("openiads run minsk-2021 --seed 5 --replication ")
    median, ninth = old["quantiles"]["impacts"]["0.5"], old["quantiles"]["impacts"]["0.9"]
    assert median["low"] <= median["estimate"] <= median["high"] < ninth["high"]
    assert 75 <= median["numerator"] <= 100


def test_the_page_as_text_says_everything_in_order(tmp_path: Path) -> None:
    text = "\n".join(page_lines(report.content(go(KNOWLEDGE, tmp_path), ["smooth earth"])))
    places = [
        text.index(word) for word in ("Knowledge and luck", "By class", "Wrong engagements", "What drives", "Not represented", "digest ")
    ]
    assert places == sorted(places)
    assert "drone: targets 6,000" in text


def test_public_rates_are_bounds_and_misses_are_said() -> None:
    sums = {"targets/one-way-attack-uav": 100, "killed/one-way-attack-uav": 20, "targets/decoy": 5, "killed/decoy": 5}
    found = anchors.compared({"x": sums})
    (row,) = found["rows"]
    assert (row["numerator"], row["denominator"], row["inside"]) == (20, 100, False)
    assert "below the bounds" in found["misses"][0]
    assert any("claims" in one for one in found["caveats"])


def test_a_check_of_order_uses_the_nights_that_all_orders_have(tmp_path: Path) -> None:
    """The alternative as written has more nights than its orders, because another block asks for them."""
    more = "kind: replicate\nreplications: 300\nalternatives: {a: {scenario: minsk-2021}}\n"
    ties = "kind: ties\norders: 2\nreplications: 30\nalternatives: {a: {scenario: minsk-2021}}\n"
    found = go("blocks:\n" + _listed(more, "more") + _listed(ties, "order"), tmp_path)
    one = answer_of(found, "ties")
    assert (one.more["nights"], one.more["nights_changed"], one.more["moved"], one.more["depends"]) == (60, 0, 0.0, False)


def test_a_change_of_what_cannot_be_counted_is_said_and_breaks_nothing(tmp_path: Path) -> None:
    text = FACTORIAL.replace("kind: design\n", "kind: design\nmeasures: [killed/srbm-scud]\n")
    question = report.content(go(text, tmp_path))["page"]["question"]
    assert "cannot be counted" in question["answer"]
    assert question["of_which"] == []


def test_all_choices_stand_beside_the_headline_and_the_spread_over_what_is_averaged(tmp_path: Path) -> None:
    found = report.content(go(FACTORIAL, tmp_path))
    (part,) = found["details"].values()
    lines = found["page"]["question"]["of_which"]
    (means,) = [one for one in lines if "with every choice" in one]
    values = [one["mean"]["estimate"] for one in part["choices"]]
    for one in part["choices"]:
        cells = [row["cells"][part["tables"][0]["columns"].index(one["name"])]["estimate"] for row in part["tables"][0]["rows"]]
        assert one["mean"]["estimate"] == pytest.approx(sum(cells) / len(cells))
        assert (one["against"] is None) == (one["name"] == "s400 + four")
        assert one["against"] is None or one["against"]["estimate"] == pytest.approx(one["mean"]["estimate"] - values[-1])
    assert [means.index(one["name"]) for one in sorted(part["choices"], key=lambda one: float(one["mean"]["estimate"]))] == sorted(
        means.index(one["name"]) for one in part["choices"]
    )
    spread = [one["estimate"] for one in part["averaged"]["bearing"]]
    (said,) = [one for one in lines if one.startswith("by bearing, averaged here: ")]
    assert f"from {100 * min(spread):+.3g} " in said
    assert f"to {100 * max(spread):+.3g} " in said


def test_the_most_wrong_engagements_of_all_alternatives_are_said(tmp_path: Path) -> None:
    page = report.content(go(FACTORIAL.replace("replications: 300", "replications: 1500"), tmp_path))["page"]
    most = {one["measure"]: one for one in page["most_wrong"]}
    assert most["any_civil_engaged"]["estimate"] == max(
        one["estimate"] for one in page["wrong_engagements"] if one["measure"] == "any_civil_engaged"
    )
    assert most["any_civil_engaged"]["words"].startswith("most among 16 alternatives (picked for that; ")
