"""Sensitivity studies of the arena: what matters is found, and noise is not taken for it."""

from pathlib import Path

import pytest
from whole_studies import go


def test_sensitivity_screens_first_and_then_takes_indices(tmp_path: Path) -> None:
    text = (
        "kind: sensitivity\nmethod: morris+sobol\nreplications: 40\ntrajectories: 6\nsamples: 32\nkeep: 2\nbase: {scenario: minsk-2021}\n"
        "figures: {x: {uniform: [0, 1]}, y: {uniform: [0, 1]}, nothing: {uniform: [0, 1]}}\n"
    )
    found = go(text, tmp_path)
    assert [one.path for one in found.drivers] == ["x", "y"]
    assert found.drivers[0].method == "total index"
    assert found.drivers[0].share > 0.7
    assert {row["figure"] for row in found.details["main"]["screening"]} == {"x", "y", "nothing"}


def test_the_noise_of_few_replications_is_no_figure_that_matters(tmp_path: Path) -> None:
    """Three replications a point are as noisy as x is strong: left in, a useless figure would have half of the spread."""
    text = (
        "kind: sensitivity\nmethod: METHOD\nreplications: 3\ntrajectories: 60\nsamples: 512\nbase: {scenario: minsk-2021}\n"
        "figures: {x: {uniform: [0, 1]}, nothing: {uniform: [0, 1]}, neither: {uniform: [0, 1]}}\n"
    )
    total = {one.path: one.share for one in go(text.replace("METHOD", "sobol"), tmp_path / "a").drivers}
    assert total["x"] > 0.8
    assert max(total["nothing"], total["neither"]) < 0.2
    screening = go(text.replace("METHOD", "morris"), tmp_path / "b").details["main"]["screening"]
    size = {one["figure"]: one["size"] for one in screening}
    assert size["x"] == pytest.approx(0.2, abs=0.05)
    assert max(size["nothing"], size["neither"]) < 0.09
