"""The page of many replications of one scenario: shares with intervals, how often which count, and the way to odd replications."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import numpy as np

from openiads.show.replay_run import LIMITS, version_of_openiads
from openiads.statistics.intervals import LEVEL

if TYPE_CHECKING:
    from openiads.results.value import Run

FORMAT, VERSION = "openiads-replications", 1
SHARES = ("impacts", "leaked", "killed", "engaged", "any_impact", "asset_hit", "asset_stopped", "any_civil_engaged", "any_friendly_engaged")
COUNTS = ("rounds_fired", "gun_rounds", "rounds_left")
COUNTED = ("impacts", "killed", "rounds_fired")


def encode(run: Run) -> dict[str, Any]:
    """The object that the page of many replications reads.

    Parameters
    ----------
    run
        A run of two replications or more.
    """
    counted = {name: np.unique(run.batch.columns[name], return_counts=True) for name in COUNTED}
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": run.scenario.name,
        "about": " ".join(run.scenario.about.split()),
        "replications": run.replications,
        "level": LEVEL,
        "totals": run.outcome,
        "why": run.why,
        "measures": [_measure(run, name) for name in (*SHARES, *COUNTS) if name in run.intervals],
        "distributions": {name: {"x": values.tolist(), "y": counts.tolist()} for name, (values, counts) in counted.items()},
        "odd": _odd(run),
        "digest": run.digest,
        "limits": list(LIMITS),
        "rerun": f"{_command(run)} --replications {run.replications}",
        "version_of_code": version_of_openiads(),
    }


def _measure(run: Run, name: str) -> dict[str, Any]:
    known = run.intervals[name].as_json()
    return {
        "name": name,
        "is_share": name in SHARES,
        **{key: known[key] for key in ("estimate", "low", "high", "numerator", "denominator")},
    }


def _odd(run: Run) -> list[dict[str, Any]]:
    columns = run.batch.columns
    impacts, engaged = columns["impacts"], columns["civil_engaged"] + columns["friendly_engaged"]
    picked = [("most", int(impacts.argmax()), impacts), ("fewest", int(impacts.argmin()), impacts)]
    if engaged.any():
        picked.append(("wrong", int(engaged.argmax()), engaged))
    rows = [(says, run.batch.first + k, int(values[k])) for says, k, values in picked]
    return [{"says": says, "replication": n, "value": v, "rerun": f"{_command(run)} --replication {n}"} for says, n, v in rows]


def _command(run: Run) -> str:
    place = run.scenario.name if run.source is None else str(run.source.place)
    settings = [] if run.source is None else [f"--set {shlex.quote(one)}" for one in run.source.listed()]
    return " ".join(["openiads run", shlex.quote(place), *settings, f"--seed {run.seed}"])
