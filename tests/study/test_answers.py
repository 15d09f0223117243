"""Sentences say numbers in their own unit, with the level that they hold at."""

from pathlib import Path

import numpy as np
import pytest
from whole_studies import PAIR, answer_of, go

from openiads.statistics.intervals import ratio_of
from openiads.statistics.paired import difference
from openiads.study import answers, report
from openiads.study.measures import KNOWN


@pytest.mark.parametrize(
    ("level", "said"),
    [(0.95, "95"), (0.9, "90"), (0.995, "99.5"), (0.9995, "99.95"), (1 - 0.05 / 3, "98.33"), (0.975, "97.5"), (0.8, "80")],
)
def test_a_level_is_said_with_the_digits_it_needs(level: float, said: str) -> None:
    assert answers.percent_of(level) == said
    assert f"; {said} % interval" in answers.stated("impacts", ratio_of([3, 1, 2, 0], [4, 4, 4, 4], level))
    assert answers.stated("impacts", ratio_of([0, 0], [4, 4], level)).endswith(f"with {said} % confidence")


def test_the_answer_says_the_level_of_its_study(tmp_path: Path) -> None:
    found = go("level: 0.995\nkind: compare\nreplications: 200\n" + PAIR, tmp_path)
    assert "(99.5 % interval " in report.content(found)["page"]["question"]["answer"]
    assert "; 99.5 % interval " in answer_of(found, "share").words


def test_rounds_per_kill_are_no_share() -> None:
    rounds, kills = np.array([26, 20, 30, 28]), np.array([10, 10, 10, 10])
    said = answers.stated("rounds_per_kill", ratio_of(rounds, kills))
    assert said.startswith("2.6 rounds fired per kill (104 for 40 kills); 95 % interval ")
    assert "%" not in said.replace("95 % interval", "")
    assert answers.unit_of("rounds_per_kill") == answers.unit_of("rounds_per_kill", is_difference=True) == (1.0, "per kill")
    assert answers.unit_of("rounds_per_kill/s-400") == (1.0, "per kill")
    many = np.arange(200) % 7
    found = difference(many + 30, np.full(200, 10), many + 20, np.full(200, 10))
    assert answers.compared(("new", "old"), "rounds_per_kill", found).startswith(
        "rounds fired: 1 per kill more with new than with old (interval "
    )


def test_units_of_all_other_measures() -> None:
    per_night = {"impacts_per_night", "rounds_fired", "rounds_left", "assets_hit"}
    for name in KNOWN.keys() - {"rounds_per_kill"}:
        assert answers.unit_of(name) == ((1.0, "per night") if name in per_night else (100.0, "%"))
    assert answers.stated("rounds_fired", ratio_of([3, 1], [1, 1])).startswith("2 rounds fired per night (4 in 2 nights); ")


def test_a_comparison_of_rounds_per_kill_says_them_on_the_first_page(tmp_path: Path) -> None:
    answer = report.content(go("kind: compare\nmeasures: [rounds_per_kill]\nreplications: 60\n" + PAIR, tmp_path))["page"]["question"][
        "answer"
    ]
    assert answer.startswith("With new in place of old, ")
    assert " rounds fired a kill instead of " in answer
    assert "points" not in answer
