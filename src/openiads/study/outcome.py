"""A finished study: everything that its report is made from."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openiads.statistics.intervals import Interval
from openiads.study.alternatives import Alternative
from openiads.study.answers import Answer
from openiads.study.headline import headline
from openiads.study.kinds.base import Driver, Kind, full_name
from openiads.study.leases import SetAside
from openiads.study.model import Compare, Knowledge, Replicate, Study
from openiads.study.portraits import Portrait, portrait, wrong_engagements
from openiads.study.storage import Store
from openiads.study.view import View
from openiads.study.wrong import Side, sides_of_headline

TOTALS_SHOWN = 512
SHOWN = 12


@dataclass(frozen=True)
class Outcome:
    """A finished study: what was asked, answered and recorded."""

    study: Study
    digest: str
    folder: Path
    answers: list[Answer]
    drivers: list[Driver]
    details: dict[str, dict[str, Any]]
    totals: dict[str, dict[str, int]]
    wrong: dict[str, dict[str, Interval]]
    sides: list[Side]
    side_by_side: list[Portrait]
    replications: int
    is_resumed: bool
    set_aside: list[SetAside]
    alternatives: dict[str, Alternative]
    identity: dict[str, Any]
    wall_s: float


def gathered(
    study: Study,
    kinds: Sequence[Kind],
    store: Store,
    view: View,
    set_aside: Sequence[SetAside],
    identity: dict[str, Any],
    is_resumed: bool,
    began_s: float,
) -> Outcome:
    """Ask every block for its answers and count what the report shows.

    Parameters
    ----------
    study, kinds, store, view
        What was asked, at work, recorded and seen.
    set_aside : sequence of SetAside
        What could not be computed.
    identity : dict
        What the results were made from.
    is_resumed : bool
        Whether something was there before.
    began_s : float
        Monotonic time at which the work began [s].
    """
    named = {name: one.key for name, one in view.alternatives.items()}
    side_by_side = shown(study, view.alternatives)
    summed = dict.fromkeys([*list(named)[:TOTALS_SHOWN], *(name for name, _ in side_by_side)])
    answers = [answer for kind in kinds for answer in kind.answers(view)]
    details = {block.name: kind.details(view) for block, kind in zip(study.blocks, kinds)}
    return Outcome(
        study=study,
        digest=store.digest(named),
        folder=store.folder,
        answers=answers,
        drivers=[driver for kind in kinds for driver in kind.drivers(view)],
        details=details,
        totals={name: store.totals(named[name]) for name in summed},
        wrong={name: wrong_engagements(view, name) for name in named},
        sides=sides_of_headline(view, headline(answers), details),
        side_by_side=[portrait(view, name, measures) for name, measures in side_by_side],
        replications=sum(store.count(key) for key in set(named.values())),
        is_resumed=is_resumed,
        set_aside=sorted(set_aside, key=lambda one: one.chunk),
        alternatives=dict(view.alternatives),
        identity=identity,
        wall_s=time.monotonic() - began_s,
    )


def shown(study: Study, alternatives: Mapping[str, Alternative]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the alternatives to be shown side by side: those of the first block that names them, else the first few cells."""
    for block in study.blocks:
        if isinstance(block, Replicate | Compare | Knowledge):
            return [(full_name(block, name), block.measures) for name in block.alternatives][:SHOWN]
    block = study.blocks[0]
    return [(name, block.measures) for name, one in alternatives.items() if one.sampling is None][:SHOWN]
