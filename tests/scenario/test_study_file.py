"""A study that is given where a scenario is wanted is told apart."""

from pathlib import Path

import pytest

from openiads.errors import UserError
from openiads.scenario import check, read


def test_a_study_is_no_scenario_and_the_verb_for_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nformat: openiads-study/1\nkind: replicate\n")
    (problem,) = check(path)
    assert (problem.line, problem.column) == (2, 9)
    with pytest.raises(
        UserError, match=r"mine.yaml:2:9: format: this is a study, not a scenario; run it with: openiads study .*mine.yaml\Z"
    ):
        read(path)
