"""What the first page says: both sides of its headline, every loss, every unknown, and no number without its counts."""

import re
from pathlib import Path

import numpy as np
from fake_arena import Arena

from openiads import scenario
from openiads.study import anchors, reading, report
from openiads.study.answers import signed
from openiads.study.local import InlineEngine
from openiads.study.run import Run
from openiads.study.text import page_lines

HEAD = "format: openiads-study/1\nname: s\nabout: a test\nquestion: how many leak?\nseed: 5\n"
DESIGN = """kind: design
measures: [impacts_per_night]
replications: 300
base: {scenario: minsk-2021}
choice: [pantsir]
average: [bearing]
factors:
  pantsir: {none: {}, four: {set: {pantsir: 1}}}
  air: {clear: {}, jammed: {set: {jam: 1}}}
  bearing: {west: {}, north: {set: {load: -2}}}
"""


def _content(text: str, folder: Path, arena=Arena):
    return report.content(Run(reading.parse(HEAD + text, "s.yaml"), folder, arena).go(InlineEngine, False))


def _blocks(**texts: str) -> str:
    indented = {name: "".join(f"    {one}\n" for one in text.splitlines()) for name, text in texts.items()}
    return "blocks:\n" + "".join(f"  - name: {name}\n{text}" for name, text in indented.items())


def test_wrong_engagements_on_both_sides_of_the_headline_stand_first(tmp_path: Path) -> None:
    """Another block names two alternatives that are shown side by side; the cells behind the headline still come first."""
    pair = "kind: compare\nreplications: 10\nalternatives: {a: {scenario: minsk-2021}, b: {scenario: minsk-2021, set: {pantsir: 1}}}\n"
    content = _content(_blocks(choice=DESIGN.replace("300", "1500"), other=pair), tmp_path)
    rows = {(one["alternative"], one["measure"]): one for one in content["page"]["wrong_of_headline"]}
    assert {name for name, _ in rows} == {"four", "none"}
    one = rows["four", "civil_engaged"]
    cells = [x for x in content["page"]["wrong_engagements"] if x["measure"] == "civil_engaged" and x["alternative"].startswith("four, ")]
    assert one["cells"] == len(cells) == 4
    assert (one["numerator"], one["denominator"]) == (sum(x["numerator"] for x in cells), 4 * 1500 * 5)
    assert one["numerator"] > 0
    assert one["low"] < one["estimate"] < one["high"]
    assert one["replications"] == 1500  # the same nights in every cell
    none_seen = rows["none", "friendly_engaged"]
    assert none_seen["numerator"] == 0
    assert 0.0 < none_seen["high"] < 0.02
    said = [line.strip() for line in page_lines(content)]
    section = said[said.index("Wrong engagements") + 1 :]
    assert section[0].startswith("four, all 4 cells: civil aircraft engaged by mistake: ")
    assert "; most in one cell: " in section[0]
    assert any("none, all 4 cells: friendly aircraft engaged by mistake: none seen (0 of 12,000" in line for line in section[:8])


def test_aircraft_shot_down_by_mistake_are_said_beside_those_engaged(tmp_path: Path) -> None:
    content = _content("kind: replicate\nreplications: 2000\nalternatives: {a: {scenario: minsk-2021}}\n", tmp_path)
    (row,) = [one for one in content["page"]["wrong_engagements"] if one["measure"] == "civil_engaged"]
    lost = content["totals"]["main / a"]["civil_lost"]
    assert 0 < lost < row["numerator"]
    assert row["lost"]["numerator"] == lost
    assert row["lost"]["denominator"] == row["denominator"]
    assert f"; {lost} of them shot down" in row["words"]
    assert any(f"; {lost} of them shot down" in line for line in page_lines(content))


def test_each_class_of_the_shipped_study_is_counted_alone() -> None:
    """Jammers come along with every raid; what is killed of them says nothing of the class that is asked about."""
    asked, _ = reading.read("belarus-choice")
    alone = [block for block in asked.blocks if block.name.endswith(" alone")]
    assert len(alone) == 6
    groups = {one.name: one.target_class for one in scenario.read("minsk-2021").objects}
    for block in alone:
        (wanted,) = {groups[name] for name in block.base.only if "*" not in name}
        assert {one.partition("/")[2] for one in block.measures} == {wanted}
        assert [level.set for level in block.factors["size"].values()] == [{f"{block.base.only[0]}.count": n} for n in (1, 4, 12, 24)]


def test_a_sentence_on_one_class_names_it(tmp_path: Path) -> None:
    text = DESIGN.replace("[impacts_per_night]", "[leaked/drone]").replace("average: [bearing]", "by: [air]")
    said = _content(text, tmp_path)["page"]["question"]
    assert "hostile objects that leaked (drone)" in said["answer"]
    assert "fewer hostile objects that leaked (drone) with four for clear, west (" in said["of_which"][-1]


KNOWLEDGE = """kind: knowledge
measures: [impacts_per_night]
replications: 60
alternatives: {old: {scenario: minsk-2021}}
knowledge: {samples: 32, replications: 30, figures: {x: {uniform: [0, 1]}, y: {uniform: [0, 1]}}}
"""


def test_the_quotable_sentence_carries_what_is_not_known_and_the_number_of_samples(tmp_path: Path) -> None:
    page = _content(KNOWLEDGE, tmp_path / "one")["page"]
    assert re.search(
        r"; what is not known \(2 figures, 32 samples of minsk-2021\) puts impacts on assets with old between [\d.]+ and [\d.]+ per night",
        page["question"]["answer"],
    ), page["question"]["answer"]
    assert page["question"]["answer"] in page["quoting"]["may"]
    two = KNOWLEDGE.replace("}}\nknow", "}, new: {scenario: minsk-2021, set: {pantsir: 1}}}\nknow")
    said = _content(two, tmp_path / "two")["page"]["question"]["answer"]
    assert said.startswith("Luck alone, at the stated figures: old: ")
    assert re.search(r"; new: .* nights\); .*; what is not known \(2 figures, 32 samples", said), said


def test_unknowns_drawn_without_a_band_are_in_the_sentence_too(tmp_path: Path) -> None:
    points = "kind: design\npoints: lhs\nsamples: 40\nreplications: 40\nbase: {scenario: minsk-2021}\nranges: {x: [0, 1], y: [0, 1]}\n"
    said = _content(points, tmp_path / "points")["page"]["question"]["answer"]
    assert re.search(r"not known \(2 figures, 40 samples\) puts it between [\d.]+ and [\d.]+ % in nine", said), said
    screened = "kind: sensitivity\nmethod: morris\nreplications: 4\ntrajectories: 6\nbase: {scenario: minsk-2021}\n"
    screened += "figures: {x: {uniform: [0, 1]}, y: {uniform: [0, 1]}}\n"
    said = _content(screened, tmp_path / "screened")["page"]["question"]["answer"]
    assert "what is not known (2 figures, 18 samples) is averaged here" in said
    plain = "kind: replicate\nreplications: 40\nalternatives: {a: {scenario: minsk-2021}}\n"
    said = _content(_blocks(plain=plain, screened=screened), tmp_path / "both")["page"]["question"]["answer"]
    assert "what is not known (2 figures, 18 samples) was drawn in another part of this study" in said


def test_a_count_per_night_is_no_proportion(tmp_path: Path) -> None:
    text = "kind: compare\nmeasures: [rounds_fired]\nreplications: 40\n"
    text += "alternatives: {old: {scenario: minsk-2021}, new: {scenario: minsk-2021, set: {pantsir: 1}}}\n"
    said = _content(text.replace("rounds_fired", "rounds_fired/s-400"), tmp_path)["page"]["question"]["answer"]
    assert "800 in 40 nights against 800 in 40 nights" in said
    assert "of 40" not in said


def test_a_part_that_cannot_be_told_from_none_says_so(tmp_path: Path) -> None:
    text = DESIGN.replace("choice: [pantsir]", "choice: [pantsir, bearing]").replace("average: [bearing]\n", "")
    text = text.replace("north: {set: {load: -2}}", "north: {}")
    (first, *_) = _content(text, tmp_path)["page"]["question"]["of_which"]
    assert re.search(r"from pantsir, .* from bearing, which cannot be told from none$", first), first


def test_nothing_stands_that_was_never_told(tmp_path: Path) -> None:
    pair = "alternatives: {old: {scenario: minsk-2021}, new: {scenario: minsk-2021, set: {pantsir: 1}}}\n"
    content = _content("kind: compare\nreplications: 6\nflips: {press on: {about: they go on}}\n" + pair, tmp_path)
    (row,) = content["page"]["flips"]
    assert (row["becomes"], row["answer"]["low"]) == ("cannot tell", None)
    stated, changed = (signed(row[key]["measure"], row[key]) for key in ("stated", "answer"))
    assert "too few replications" in changed
    said = f"  press on (they go on): new less old {changed}, as stated {stated}: cannot tell, neither as stated nor changed"
    assert said in page_lines(content)


def test_a_rate_just_above_its_bound_does_not_read_as_the_bound() -> None:
    found = anchors.compared({"x": {"targets/anti-radiation-missile": 67, "killed/anti-radiation-missile": 12}})
    assert "12 of 67 killed (17.91 %), above the bounds 5.357 to 17.86 %" in found["misses"][0]


def test_what_text_leaves_out_is_counted(tmp_path: Path) -> None:
    why = {f"why/{name}": 10 - i for i, name in enumerate(("jammed", "no channel", "no round", "no time", "missed", "x", "y", "z"))}
    arena = lambda *all: lambda *asked: {**Arena(*all)(*asked), **{key: np.full(asked[3], n) for key, n in why.items()}}  # noqa: E731
    names = ", ".join(f"{one}: {{scenario: minsk-2021, set: {{load: {one[1]}}}}}" for one in ("a1", "a2", "a3", "a4", "a5"))
    lines = [
        line.strip() for line in page_lines(_content(f"kind: replicate\nreplications: 2\nalternatives: {{{names}}}\n", tmp_path, arena))
    ]
    assert "why leaked: jammed 20, no channel 18, no round 16, no time 14, missed 12, x 10, 2 more reasons 14" in lines
    assert "and 1 more in study.json" in lines


def test_a_figure_without_a_unit_has_none_in_text(tmp_path: Path) -> None:
    lines = page_lines(_content(KNOWLEDGE, tmp_path))
    assert any(re.search(r"^  x: .*; 0 to 1, judgement$", line) for line in lines)
    assert "of 1 alternative on" not in "".join(lines)
    assert "2 alternatives on common" in "".join(lines)
