"""The page of what was computed: of one battle its replay, of many replications and of a study their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openiads.show import replay_replications, study_page
from openiads.show.replay_page import to_html
from openiads.show.replay_run import from_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openiads.results.value import Run


def run_page_name(run: Run) -> str:
    """File name of a run's page in its folder."""
    return "replay.html" if run.log is not None else "replications.html"


def run_page(run: Run, path: Path | None = None) -> str:
    """Return the page of a run, and write it where a path is given."""
    return to_html(replay_replications.encode(run) if run.log is None else from_run(run), path)


def of_study(found: Mapping[str, Any]) -> str:
    """Return the page of a study from the content of its ``study.json``."""
    return to_html(study_page.encode(found))
