"""Alternatives as they are shown side by side: intervals, how often which count, the worst night, wrong engagements."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from openiads.statistics.intervals import Interval
from openiads.study.measures import WRONG_ENGAGEMENTS, measure
from openiads.study.view import View


class Portrait(NamedTuple):
    """One alternative as it is shown beside others: intervals, how often which count, and its worst replication."""

    name: str
    measures: dict[str, Interval]
    distributions: dict[str, tuple[list[int], list[int]]]
    replications: int
    worst: int
    worst_count: int


def portrait(view: View, name: str, measures: Sequence[str]) -> Portrait:
    """Return how one alternative is shown; its worst replication is the first with the highest count of the first measure."""
    distributions = {}
    for one in measures:
        values, counts = np.unique(view.counts([name], one)[0][0], return_counts=True)
        distributions[one] = (values.tolist(), counts.tolist())
    replication = view.replications(name)
    first = view.counts([name], measures[0])[0][0]
    worst = int(first.argmax()) if first.size else 0
    intervals = {one: view.interval(name, one) for one in measures}
    found = (int(replication[worst]), int(first[worst])) if first.size else (0, 0)
    return Portrait(name, intervals, distributions, int(first.size), *found)


def wrong_engagements(view: View, name: str) -> dict[str, Interval]:
    """Return the intervals of every measure of wrong engagements, where its columns exist."""
    columns = view.measures(name)
    known = [one for one in WRONG_ENGAGEMENTS if (m := measure(one)) is not None and m.numerator in columns]
    return {one: view.interval(name, one) for one in known}
