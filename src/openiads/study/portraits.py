"""Alternatives as they are shown side by side: intervals, how often which count, the worst night, wrong engagements."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from openiads.statistics.intervals import Interval, quantile
from openiads.study.job import Integers
from openiads.study.view import View
from openiads.study.wrong import columns_of

QUANTILES = (0.5, 0.9)


class Portrait(NamedTuple):
    """One alternative as it is shown beside others: intervals, how often which count, and its worst replication."""

    name: str
    measures: dict[str, Interval]
    distributions: dict[str, tuple[list[int], list[int]]]
    quantiles: dict[str, dict[float, Interval]]
    replications: int
    worst: int
    worst_count: int


def portrait(view: View, name: str, measures: Sequence[str]) -> Portrait:
    """Return how one alternative is shown; its worst replication is the first with the highest count of the first measure."""
    distributions, quantiles = {}, {}
    seen: list[Integers] = []
    for one in measures:
        counted = view.counts([name], one)[0][0]
        values, counts = np.unique(counted, return_counts=True)
        distributions[one] = (values.tolist(), counts.tolist())
        if len(values) > 2 and not any(np.array_equal(counted, other) for other in seen):
            seen.append(counted)
            quantiles[one] = {q: quantile(counted, q, view.level) for q in QUANTILES}
    replication = view.replications(name)
    first = view.counts([name], measures[0])[0][0]
    worst = int(first.argmax()) if first.size else 0
    intervals = {one: view.interval(name, one) for one in measures}
    found = (int(replication[worst]), int(first[worst])) if first.size else (0, 0)
    return Portrait(name, intervals, distributions, quantiles, int(first.size), *found)


def wrong_engagements(view: View, name: str) -> dict[str, Interval]:
    """Return the intervals of every measure of wrong engagements and of losses by them, where its columns exist."""
    return {one: view.interval(name, one) for one in columns_of(view, name)}
