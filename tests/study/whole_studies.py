"""Whole studies of the arena whose truths are known, for tests: from text to outcome, and an answer out of it."""

from pathlib import Path

from fake_arena import Arena

from openiads.study import reading
from openiads.study.answers import Answer
from openiads.study.local import InlineEngine
from openiads.study.model import Study
from openiads.study.outcome import Outcome
from openiads.study.run import Run

HEAD = "format: openiads-study/1\nname: s\nabout: a test\nquestion: how many leak?\nseed: 5\n"
BASE = "base: {scenario: minsk-2021}\n"
PAIR = "alternatives: {old: {scenario: minsk-2021}, new: {scenario: minsk-2021, set: {pantsir: 1}}}\n"
FACTORIAL = """kind: design
replications: 300
base: {scenario: "minsk-{system}"}
choice: [system, pantsir]
average: [bearing]
factors:
  system: {s300: {}, s400: {set: {load: -2}}}
  pantsir: {none: {}, four: {set: {pantsir: 1}}}
  air: {clear: {}, jammed: {set: {jam: 1}}}
  bearing: {west: {}, north: {set: {load: -2}}}
"""


def study_of(text: str) -> Study:
    return reading.parse(HEAD + text, "s.yaml")


def go(text: str, folder: Path, resume: bool = False, **more) -> Outcome:
    return Run(study_of(text), folder, Arena, **more).go(InlineEngine, resume)


def answer_of(outcome: Outcome, role: str, *names: str) -> Answer:
    return next(one for one in outcome.answers if one.role == role and (not names or one.alternatives == names))
