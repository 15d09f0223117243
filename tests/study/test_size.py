"""Size asserts what was shown: a step suffices, fails, or cannot be told, and all verdicts hold together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from whole_studies import BASE, go, study_of

from openiads.statistics.intervals import clopper_pearson
from openiads.study.alternatives import Alternative
from openiads.study.local import InlineEngine
from openiads.study.outcome import Outcome
from openiads.study.run import Run

NIGHTS = 200


@dataclass(frozen=True)
class Counted:
    """An arena in which the event happens on the first ``hits`` nights."""

    alternatives: Mapping[str, Alternative]

    def __call__(self, alternative: str, knowledge: int, first: int, count: int) -> dict[str, np.ndarray]:
        hits = self.alternatives[alternative].values(knowledge)["hits"]
        nothing = np.zeros(count, dtype=np.int64)
        return {"impacts": (np.arange(first, first + count) < hits).astype(np.int64), "impact_objects": nothing + 1, "targets": nothing + 1}


def _sized(folder: Path, hits: Mapping[str, int], level: float = 0.95) -> Outcome:
    """Ask which step keeps impacts away with 90 %: of 200 nights under 11 are safe and over 29 are not, at 95 %."""
    steps = ", ".join(f"{{name: {name}, set: {{hits: {count}}}}}" for name, count in hits.items())
    text = f"kind: size\nreplications: {NIGHTS}\nprobability: 0.9\n{BASE}steps: [{steps}]\nlevel: {level}\n"
    return Run(study_of(text), folder, Counted).go(InlineEngine)


def test_not_reachable_needs_every_step_to_fail(tmp_path: Path) -> None:
    head = _sized(tmp_path, {"one": 200, "two": 60}).answers[0]
    assert head.alternatives == ("not reachable",)
    assert head.words.startswith(
        "not reachable: every step up to two fails to keep the event away with a probability of at least 90 %; at two: "
    )
    assert head.more["outcomes"] == {"one": "fails", "two": "fails"}


def test_a_step_that_cannot_be_told_is_no_failure(tmp_path: Path) -> None:
    head = _sized(tmp_path, {"one": 200, "two": 20, "three": 12}).answers[0]
    assert head.alternatives == ("cannot tell",)
    assert head.more["outcomes"] == {"one": "fails", "two": "cannot tell", "three": "cannot tell"}
    assert head.words.startswith("cannot tell: no step is shown to keep the event away with a probability of at least 90 %; ")
    assert "; one fails and two, three cannot be told; more replications are needed; at three: " in head.words


@pytest.mark.parametrize(
    ("hits", "said"),
    [
        ({"one": 200, "two": 60, "three": 0, "four": 0}, "; before it, one, two fail, so it is the smallest that does; at three: "),
        ({"one": 200, "two": 20, "three": 0}, "; before it, one fails and two cannot be told; at three: "),
        ({"one": 20, "three": 0}, "; before it, one cannot be told; at three: "),
        ({"three": 0, "four": 0}, "with a probability of at least 90 %; at three: "),
    ],
)
def test_the_first_step_shown_to_suffice_is_the_smallest_only_when_all_before_it_fail(
    hits: Mapping[str, int], said: str, tmp_path: Path
) -> None:
    head = _sized(tmp_path, hits).answers[0]
    assert head.alternatives == ("three",)
    assert head.words.startswith("three is the first step that is shown to keep the event away with a probability of at least 90 %")
    assert said in head.words
    assert ("smallest" in head.words) == ("so it is the smallest" in said)
    assert list(head.more["outcomes"]) == list(hits)[: list(hits).index("three") + 1]


def test_the_intervals_of_all_steps_hold_together(tmp_path: Path) -> None:
    """11 impacts in 200 nights are safe at 95 % and cannot be told at the level that ten steps need."""
    assert clopper_pearson(11, NIGHTS, 0.95).high <= 0.1 < clopper_pearson(11, NIGHTS, 0.995).high
    found = _sized(tmp_path, {f"step {i}": 11 for i in range(10)})
    assert found.answers[0].alternatives == ("cannot tell",)
    levels = [one.numbers["level"] for one in found.answers if one.role == "share"]
    assert sum(1.0 - level for level in levels) == pytest.approx(0.05)
    assert "99.5 % interval" in found.answers[0].words


def test_size_stops_at_the_first_step_that_suffices_or_says_not_reachable(tmp_path: Path) -> None:
    steps = "[{name: one, set: {pantsir: 0}}, {name: three, set: {pantsir: 3.5}}, {name: four, set: {pantsir: 4}}]"
    text = f"kind: size\nreplications: 200\nprobability: 0.9\nbase: {{scenario: minsk-2021}}\nsteps: {steps}\n"
    found = go(text, tmp_path / "a")
    assert found.answers[0].alternatives == ("three",)
    assert found.replications == 400
    none = go(text.replace("3.5", "1").replace("4}", "1}"), tmp_path / "b")
    assert none.answers[0].alternatives == ("not reachable",)
    assert none.answers[0].words.startswith("not reachable")
