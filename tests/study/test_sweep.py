"""Sweeps: a bend is spoken of only where one was looked for, and every written value is a point."""

import re
from pathlib import Path

import pytest
from whole_studies import BASE, answer_of, go

HEAD = f"kind: sweep\nreplications: 100\n{BASE}"
NONE_TOLD = "with no bend that can be told"


def _course(over: str, folder: Path, more: str = ""):
    found = go(f"{HEAD}{more}over: {over}\n", folder)
    return answer_of(found, "curve").words, found.details["main"]["curves"][0]


@pytest.mark.parametrize("over", ["{load: [0, 1]}", "{load: [0, 1, 2, 3, 4], jam: [0, 1]}", "{other: [1 km, 2 km, 3 km, 4 km, 5 km]}"])
def test_nothing_is_said_of_a_bend_where_none_was_sought(over: str, tmp_path: Path) -> None:
    words, curve = _course(over, tmp_path)
    assert "bend" not in words
    assert (curve["knee"], curve["knee_sought"]) == (None, False)


def test_a_straight_line_has_no_bend_that_can_be_told(tmp_path: Path) -> None:
    words, curve = _course("{load: [0, 1, 2, 3, 4]}", tmp_path)
    assert words.endswith(NONE_TOLD)
    assert (curve["knee"], curve["knee_sought"]) == (None, True)


def test_a_curve_that_saturates_bends_where_it_does(tmp_path: Path) -> None:
    """Leaked shares rise by 0.02 for each of the load from 0.3 on, and are all at 35."""
    words, curve = _course("{load: [0, 10, 20, 30, 40, 50, 60]}", tmp_path)
    assert curve["knee"]["low"] < 35 < curve["knee"]["high"]
    assert curve["knee"]["place"] == pytest.approx(35, abs=3)
    assert ", bending at 3" in words


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ("[.5, .50000001, .6]", ["0.5", "0.50000001", "0.6"]),
        ("[1234567.0, 1234568.0]", ["1234567.0", "1234568.0"]),
        ("[1, 1.0, '1']", ["1", "1.0", "'1'"]),
        ("[0.25, 1.0e-7]", ["0.25", "1e-07"]),
    ],
)
def test_every_written_value_is_a_point(values: str, names: list[str], tmp_path: Path) -> None:
    found = go(f"kind: sweep\nreplications: 2\n{BASE}over: {{nothing: {values}}}\n", tmp_path)
    assert [one.rpartition("nothing=")[2] for one in found.alternatives] == names


def test_points_with_nothing_to_divide_by_are_said_and_left_out_of_the_bend(tmp_path: Path) -> None:
    text = f"kind: sweep\nreplications: 100\nmeasures: [civil_engaged]\n{BASE}over: {{x: [0, 0.1, 0.2, 0.3, 0.4, 2]}}\n"
    words = answer_of(go(text, tmp_path), "curve").words
    assert words.endswith(f" % at x=0, nothing to divide by at x=2, {NONE_TOLD}")


def test_a_count_per_night_is_said_in_nights(tmp_path: Path) -> None:
    found = go("kind: sweep\nmeasures: [impacts_per_night]\nreplications: 40\n" + BASE + "over: {load: [0, 2]}\n", tmp_path)
    assert re.search(r"\(interval [\d.]+ to [\d.]+, [\d,]+ in 40 nights\)$", answer_of(found, "curve").words)
