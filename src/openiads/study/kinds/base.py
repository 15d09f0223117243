"""What every kind of study can do."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from openiads.catalogue.model import Catalogue
from openiads.statistics.sequential import Stopping, next_total
from openiads.study.alternatives import Alternative
from openiads.study.answers import Answer
from openiads.study.measures import SHARES
from openiads.study.model import Block
from openiads.study.view import View


@dataclass(frozen=True, slots=True)
class Setting:
    """What a block needs to know of the study it is part of."""

    seed: int
    level: float
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Driver:
    """A figure and its share of the spread of an answer."""

    path: str
    share: float
    low: float
    high: float
    answer: str
    method: str
    value: float | None
    unit: str
    span: tuple[float, float]
    basis: str
    is_checked: bool

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the contract and what the report says of the figure."""
        head = {"figure": self.path, "share": self.share, "low": self.low, "high": self.high}
        figure = {"value": self.value, "unit": self.unit, "range": list(self.span), "basis": self.basis, "checked": self.is_checked}
        return {**head, **figure, "answer": self.answer, "method": self.method}


class Kind(Protocol):
    """A block at work.  All its methods are pure functions of the recorded outcomes, so a study resumes by asking again."""

    def alternatives(self, view: View) -> list[Alternative]:
        """Return the alternatives known so far; more may follow once these are done."""
        ...

    def wanted(self, view: View) -> dict[str, int]:
        """Return how many replications each alternative should have, as far as the outcomes so far decide."""
        ...

    def answers(self, view: View) -> list[Answer]:
        """Return the answers; called when everything wanted is there."""
        ...

    def drivers(self, view: View) -> list[Driver]:
        """Return the figures that drive the answers, the largest share first."""
        ...

    def details(self, view: View) -> dict[str, Any]:
        """Return what a report draws beside the answers."""
        ...


def until_narrow(block: Block, view: View, names: Iterable[str]) -> dict[str, int]:
    """Return the replications that a stopping rule asks for: the same number for every alternative."""
    chosen = list(names)
    if block.stop is None:
        return dict.fromkeys(chosen, block.replications)
    rule = Stopping(block.replications, block.stop.half_width, block.stop.minimum, block.stop.batch)
    done = 0
    while (total := next_total(rule, done, _widest(view, chosen, block.watched, done))) != done:
        done = total
        if any(view.done(name) < done for name in chosen):
            break
    return dict.fromkeys(chosen, done)


def _widest(view: View, names: list[str], measure: str, done: int) -> Any:
    if done == 0:
        return None
    return max((view.interval(name, measure, done) for name in names), key=lambda one: one.high - one.low)


def sides(view: View, ends: Mapping[str, Sequence[str]], measure: str, end: int | None = None) -> list[dict[str, Any]]:
    """Return the sides of a difference: the mean of each, and the counts behind it (of the share, where a measure per night has one).

    Parameters
    ----------
    view : View
    ends : mapping
        What each side is called, and its alternatives, which count alike.
    measure : str
    end : int or None
        Replications that are looked at, those that all alternatives have.
    """
    base, mark, inner = measure.partition("/")
    names = [name for members in ends.values() for name in members]
    rows = iter(zip(view.counts(names, measure, end), view.counts(names, SHARES.get(base, base) + mark + inner, end)))
    found = []
    for shown, members in ends.items():
        mine = [next(rows) for _ in members]
        ratios = [float(a.sum()) / float(b.sum()) if b.any() else math.nan for (a, b), _ in mine]
        numerator, denominator = (sum(int(counted[i].sum()) for _, counted in mine) for i in (0, 1))
        nights = sum(len(a) for (a, _), _ in mine)
        value = sum(ratios) / len(ratios)
        found.append({"name": shown, "value": value, "numerator": numerator, "denominator": denominator, "nights": nights})
    return found


def full_name(block: Block, *words: str) -> str:
    """Return the name of an alternative within the study."""
    return " / ".join((block.name, *words))


def renamed(block: Block, names: Mapping[str, Any] | Iterable[str]) -> list[str]:
    """Return the full names of alternatives."""
    return [full_name(block, name) for name in names]
