"""Wrong engagements on each side of the headline, over all of its cells, so that neither side is shown by a corner of the design."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from openiads.statistics.intervals import Interval, ratio_of
from openiads.study.answers import Answer
from openiads.study.designs import factorial
from openiads.study.measures import LOST, WRONG_ENGAGEMENTS, known
from openiads.study.view import View


class Side(NamedTuple):
    """One side of the headline: what it is called, its cells by full name, and their wrong engagements together."""

    name: str
    cells: list[str]
    wrong: dict[str, Interval]


def sides_of_headline(view: View, head: Answer | None, details: Mapping[str, Mapping[str, Any]]) -> list[Side]:
    """Return the sides that the headline compares, the new one first; nothing where it stands for no alternative.

    Parameters
    ----------
    view : View
    head : Answer or None
        From ``headline.headline``.
    details : mapping
        What each block tells the report; a design names its factors there.
    """
    if head is None:
        return []
    named = _cells(head, details.get(head.block, {}))
    return [Side(name, cells, _together(view, cells)) for name, cells in named.items() if all(one in view.alternatives for one in cells)]


def columns_of(view: View, name: str) -> list[str]:
    """Return the measures of wrong engagements, and of losses by them, whose columns an alternative has."""
    columns = view.measures(name)
    return [one for one in (*WRONG_ENGAGEMENTS, *LOST.values()) if known(one).numerator in columns]


def _cells(head: Answer, details: Mapping[str, Any]) -> dict[str, list[str]]:
    if head.role != "change":
        return {name: [f"{head.block} / {name}"] for name in head.alternatives}
    factors, choice = details["factors"], details["choice"]
    place = head.alternatives[0].partition(" [")[2].removesuffix("]")
    found = {}
    for end in (-1, 0):
        chosen = {factor: factors[factor][end] for factor in choice}
        cells = [cell for cell in factorial(factors) if chosen.items() <= cell.items()]
        there = [cell for cell in cells if not place or ", ".join(cell[factor] for factor in details["by"]) == place]
        found[" + ".join(chosen.values())] = [f"{head.block} / {', '.join(cell.values())}" for cell in there]
    return found


def _together(view: View, cells: Sequence[str]) -> dict[str, Interval]:
    """Return the intervals over all cells; a night is one replication, whatever the number of cells that it was fought in."""
    wanted = [one for one in columns_of(view, cells[0]) if all(one in columns_of(view, cell) for cell in cells[1:])]
    found = {}
    for one in wanted:
        rows = view.counts(cells, one)
        numerators, denominators = (sum(row[i].astype("int64") for row in rows) for i in (0, 1))
        found[one] = view.interval(cells[0], one) if len(cells) == 1 else ratio_of(numerators, denominators, view.level)
    return found
