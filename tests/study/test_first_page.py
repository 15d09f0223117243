"""What the first page says: both sides of its headline, every loss, every unknown, and no number without its counts."""

from pathlib import Path

from fake_arena import Arena

from openiads.study import reading, report
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
