"""What ``study.json`` holds: the keys of the contract, the first page, and what stands behind it."""

from collections.abc import Mapping, Sequence
from typing import Any

from openiads.results.origin import environment
from openiads.study.first_page import first_page, short
from openiads.study.outcome import Outcome
from openiads.study.watching import setup

FORMAT = "openiads-study-result/2"


def content(
    outcome: Outcome,
    assumptions: Sequence[str] = (),
    reach: Sequence[Mapping[str, Any]] = (),
    by_hand: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return all of ``study.json``: the keys of the contract first, then everything the report draws.

    Parameters
    ----------
    outcome, assumptions, reach, by_hand
        As for ``first_page.first_page``.
    """
    study = outcome.study
    statistics = {"level": study.level, "comparisons": "confidence sequences on common random numbers, Bonferroni within a block"}
    return {
        "study": study.name,
        "digest": outcome.digest,
        "folder": str(outcome.folder),
        "answers": [one.as_json() for one in outcome.answers],
        "drivers": [one.as_json() for one in outcome.drivers],
        "replications": outcome.replications,
        "resumed": outcome.is_resumed,
        "wall_s": round(outcome.wall_s, 3),
        "set_aside": _set_aside(outcome),
        "about": study.about,
        "page": first_page(outcome, assumptions, reach, by_hand),
        "alternatives": _alternatives(outcome),
        "details": {block.name: {"kind": block.kind, "question": block.question, **outcome.details[block.name]} for block in study.blocks},
        "totals": {name: {key: value for key, value in sums.items() if value or "/" not in key} for name, sums in outcome.totals.items()},
        "totals_left_out": len(outcome.alternatives) - len(outcome.totals),
        "manifest": {
            "format": FORMAT,
            "seed": study.seed,
            "statistics": statistics,
            "identity": outcome.identity,
            "environment": environment(),
        },
    }


def _alternatives(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the alternatives shown side by side: intervals, quantiles, how often which count, and the worst night."""
    seed = outcome.study.seed
    return [
        {
            "name": short(one.name),
            "replications": one.replications,
            "measures": {name: found.as_json() for name, found in one.measures.items()},
            "quantiles": {name: {str(q): found.as_json() for q, found in rows.items()} for name, rows in one.quantiles.items()},
            "distributions": {name: {"x": values, "y": counts} for name, (values, counts) in one.distributions.items()},
            "worst": {
                "replication": one.worst,
                "measure": next(iter(one.measures)),
                "value": one.worst_count,
                "rerun": outcome.alternatives[one.name].command(seed, one.worst),
                "battle": setup(outcome.alternatives[one.name], seed, one.worst),
            },
        }
        for one in outcome.side_by_side
    ]


def _set_aside(outcome: Outcome) -> list[dict[str, Any]]:
    by_key = {one.key: one for one in outcome.alternatives.values()}
    return [
        {
            "alternative": by_key[one.chunk.alternative].name,
            "replication": one.chunk.first,
            "reason": one.reason,
            "replay": by_key[one.chunk.alternative].command(outcome.study.seed, one.chunk.first),
        }
        for one in outcome.set_aside
    ]
