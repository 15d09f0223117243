"""Full factorial designs: main effects, interactions, and what part of a choice's effect each factor brings."""

import itertools
import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from openiads.statistics.intervals import UNDEFINED
from openiads.statistics.paired import Contrast, simultaneous_level
from openiads.study import answers
from openiads.study.alternatives import Alternative, merged
from openiads.study.answers import Answer
from openiads.study.designs import factorial
from openiads.study.kinds.base import Driver, Setting, full_name, sides, until_narrow
from openiads.study.model import Design
from openiads.study.view import View

Levels = Mapping[str, str]
Weights = dict[str, float]


class Task(NamedTuple):
    """One contrast between cells: its role, its name, what it is in words, and between which cells where it is a change."""

    role: str
    name: str
    weights: Weights
    about: str
    ends: tuple[Levels, Levels] | None = None


class Designing:
    """One cell for each combination of levels, all on the same replications."""

    def __init__(self, block: Design, setting: Setting) -> None:
        """Name the cells."""
        self.block = block
        self.levels = {factor: list(levels) for factor, levels in block.factors.items()}
        self.shown = [factor for factor in self.levels if factor not in block.average]
        self.choice = list(block.choice) or [factor for factor in self.shown if factor not in block.by]
        self.conditions = [factor for factor in self.shown if factor not in self.choice]
        self.first = {factor: self.levels[factor][0] for factor in self.choice}
        self.last = {factor: self.levels[factor][-1] for factor in self.choice}
        self.cells = {", ".join(cell.values()): cell for cell in factorial(self.levels)}

    def alternatives(self, view: View) -> list[Alternative]:
        """Return one alternative a cell."""
        block = self.block
        found = []
        for name, cell in self.cells.items():
            levels = [block.factors[factor][level] for factor, level in cell.items()]
            rules = [rule for rule in block.rules if all(cell.get(factor) == level for factor, level in rule.when.items())]
            found.append(merged(full_name(block, name), block.base, *levels, *rules, levels=cell))
        return found

    def wanted(self, view: View) -> dict[str, int]:
        """Return the fixed number, or what the stopping rule asks for."""
        return until_narrow(self.block, view, [full_name(self.block, name) for name in self.cells])

    def answers(self, view: View) -> list[Answer]:
        """Return the change and its parts, the effects, and the mean of every shown combination.

        All changes, parts and effects of all measures hold together.  Half of the allowed error is spent on the first
        change of each measure, the headline, the other half on all the rest.
        """
        found: list[Answer] = []
        first, *others = self._tasks()
        measures = len(self.block.measures)
        half = 0.5 + view.level / 2.0
        levels = (
            [simultaneous_level(half, measures), simultaneous_level(half, measures * len(others))]
            if others and not self.block.by
            else [simultaneous_level(view.level, measures * (1 + len(others)))] * 2
        )
        for measure in self.block.measures:
            found.append(self._contrast(view, measure, levels[0], first))
            found += [self._contrast(view, measure, levels[1], task) for task in others]
            found += [self._mean(view, measure, cell) for cell in factorial({factor: self.levels[factor] for factor in self.shown})]
        return found

    def drivers(self, view: View) -> list[Driver]:
        """Return nothing: figures stand at their stated values here."""
        return []

    def details(self, view: View) -> dict[str, Any]:
        """Return the factors, the table of all conditions by all choices, and how the change spreads over an averaged factor."""
        tables = [self._table(view, measure) for measure in self.block.measures]
        return {
            "factors": self.levels,
            "choice": self.choice,
            "by": list(self.block.by),
            "tables": tables,
            "averaged": self._averaged(view),
            "choices": self._choices(view),
        }

    def _table(self, view: View, measure: str) -> dict[str, Any]:
        """Return one row for each combination of conditions: the mean of each choice, and the change from first to last."""
        choices = factorial({factor: self.levels[factor] for factor in self.choice})
        rows = factorial({factor: self.levels[factor] for factor in self.conditions})
        level = simultaneous_level(view.level, len(rows) * len(self.block.measures))
        return {
            "measure": measure,
            "columns": [" + ".join(one.values()) for one in choices],
            "rows": [
                {
                    "at": row,
                    "cells": [self._mean(view, measure, {**row, **one}).numbers for one in choices],
                    "change": self._contrast(view, measure, level, self._change(row)).as_json(),
                }
                for row in rows
            ],
        }

    def _choices(self, view: View) -> list[dict[str, Any]]:
        """Return the mean of each combination of the choice's factors and how far it lies from the last, for the first measure."""
        if len(self.choice) < 2 or self.block.by:
            return []
        measure, cells = self.block.measures[0], factorial({factor: self.levels[factor] for factor in self.choice})
        level = simultaneous_level(view.level, len(cells) - 1)
        found = []
        for cell in cells:
            one: dict[str, Any] = {"name": self._chosen(cell), "mean": self._mean(view, measure, cell).numbers, "against": None}
            if cell != self.last:
                weights = _summed([self._over(cell, 1.0), self._over(self.last, -1.0)])
                one["against"] = self._measured(view, measure, weights, level).as_json()
            found.append(one)
        return found

    def _averaged(self, view: View) -> dict[str, Any]:
        """Return the change at each level of each averaged factor, for the first measure."""
        measure = self.block.measures[0]
        level = simultaneous_level(view.level, sum(len(self.levels[factor]) for factor in self.block.average))
        found: dict[str, Any] = {}
        for factor in self.block.average:
            rows = [(one, self._contrast(view, measure, level, self._change({factor: one}))) for one in self.levels[factor]]
            found[factor] = [{"at": one, **answer.as_json()} for one, answer in rows]
        return found

    def _mean(self, view: View, measure: str, cell: Levels) -> Answer:
        name, weights = ", ".join(cell.values()), self._over(cell, 1.0)
        if len(weights) == 1:
            interval = view.interval(full_name(self.block, next(iter(weights))), measure)
            return answers.share(self.block.name, self.block.question, name, measure, interval)
        found = self._measured(view, measure, weights, view.level)
        words = f"{name}: {_shown(measure, found)}, mean over {', '.join(self.block.average)}"
        numbers = {**found.as_json(), "numerator": sum(found.numerator), "denominator": sum(found.denominator)}
        return Answer(self.block.name, self.block.question, measure, (name,), "mean", numbers, words)

    def _contrast(self, view: View, measure: str, level: float, task: Task) -> Answer:
        found = self._measured(view, measure, task.weights, level)
        is_unclear = found.verdict == "cannot tell" and math.isfinite(found.low)
        verdict = "; cannot be told from none" if is_unclear else ""
        words = f"{task.about}: {_shown(measure, found, signed=True)}{verdict}"
        more: dict[str, Any] = {"together": round(view.level, 6), "about": task.about}
        if task.ends is not None:
            more["sides"] = sides(view, {self._chosen(end): self._cells(end) for end in task.ends}, measure)
            more["mean_over"] = [factor for factor in self.levels if factor not in task.ends[0] and len(self.levels[factor]) > 1]
        return Answer(self.block.name, self.block.question, measure, (task.name,), task.role, found.as_json(), words, more)

    def _chosen(self, cell: Levels) -> str:
        return " + ".join(cell[factor] for factor in self.choice)

    def _cells(self, cell: Levels) -> list[str]:
        return [full_name(self.block, name) for name in self._over(cell, 1.0)]

    def _tasks(self) -> list[Task]:
        """Return the contrasts whose intervals hold together."""
        if self.block.by:
            return [self._change(row) for row in factorial({factor: self.levels[factor] for factor in self.block.by})]
        return [*self._parts(), *self._effects(), *self._interactions()]

    def _effects(self) -> list[Task]:
        """Return each later level of each factor against its first, the mean over all other factors."""
        return [
            Task(
                "effect",
                f"{factor}: {level}",
                _summed([self._over({factor: level}, 1.0), self._over({factor: levels[0]}, -1.0)]),
                f"{level} in place of {levels[0]} ({factor}), mean over all else",
            )
            for factor, levels in self.levels.items()
            if factor in self.shown
            for level in levels[1:]
        ]

    def _interactions(self) -> list[Task]:
        """Return how much more the change of one factor does at the last level of another than at its first."""
        found = []
        for one, two in itertools.combinations(self.shown, 2):
            ends = [(self.levels[one][i], self.levels[two][j], 1.0 if i == j else -1.0) for i in (0, -1) for j in (0, -1)]
            weights = _summed([self._over({one: a, two: b}, sign) for a, b, sign in ends])
            first, last = self.levels[two][0], self.levels[two][-1]
            about = f"what {self.levels[one][-1]} ({one}) does with {last} ({two}), beyond what it does with {first}"
            found.append(Task("interaction", f"{one} x {two}", weights, about))
        return found

    def _parts(self) -> list[Task]:
        """Return, over all conditions and for each level of each, the whole change and what each factor brings (all orders alike)."""
        found = []
        for place in ({}, *({factor: level} for factor in self.conditions for level in self.levels[factor])):
            whole = self._change(place)
            found.append(whole)
            for factor in self.choice if len(self.choice) > 1 else ():
                weights = _summed(
                    self._over({**place, **self.first, **{f: self.last[f] for f in some}}, weight)
                    for some, weight in _orders(self.choice, factor)
                )
                about = f"of the change {whole.about}, what comes from {factor}"
                found.append(Task("part", f"{factor}{_where(place)}", weights, about))
        return found

    def _change(self, place: Levels) -> Task:
        """Return the change of the whole choice in some conditions."""
        ends = {**place, **self.last}, {**place, **self.first}
        weights = _summed([self._over(ends[0], 1.0), self._over(ends[1], -1.0)])
        about = f"from {' + '.join(self.first.values())} to {' + '.join(self.last.values())}{_where(place)}"
        return Task("change", f"whole change{_where(place)}", weights, about, ends)

    def _over(self, fixed: Levels, weight: float) -> Weights:
        """Return equal weights on all cells that have some levels."""
        fitting = [name for name, cell in self.cells.items() if all(cell[factor] == level for factor, level in fixed.items())]
        return dict.fromkeys(fitting, weight / len(fitting))

    def _measured(self, view: View, measure: str, weights: Weights, level: float) -> Contrast:
        used = {name: weight for name, weight in weights.items() if weight != 0.0}
        return view.contrast([full_name(self.block, name) for name in used], list(used.values()), measure, level)


def _where(place: Levels) -> str:
    return f" [{', '.join(place.values())}]" if place else ""


def _orders(choice: list[str], factor: str) -> list[tuple[tuple[str, ...], float]]:
    """Return the sets of factors already changed, before and after ``factor`` changes, weighted over all orders of change."""
    others = [one for one in choice if one != factor]
    found = []
    for size in range(len(others) + 1):
        weight = math.factorial(size) * math.factorial(len(others) - size) / math.factorial(len(choice))
        for some in itertools.combinations(others, size):
            found += [((*some, factor), weight), (some, -weight)]
    return found


def _summed(parts: Iterable[Weights]) -> Weights:
    total: Weights = {}
    for part in parts:
        for name, weight in part.items():
            total[name] = total.get(name, 0.0) + weight
    return total


def _shown(measure: str, found: Contrast, signed: bool = False) -> str:
    scale, unit = answers.unit_of(measure, is_difference=signed)
    if found.method == UNDEFINED:
        return answers.nothing(measure)
    if not math.isfinite(found.low):
        return f"{found.replications} replications are too few to tell"
    estimate = f"{scale * found.estimate:+.3g}" if signed else f"{scale * found.estimate:.3g}"
    return f"{answers.words_of(measure)}: {estimate} {unit} (interval {scale * found.low:.3g} to {scale * found.high:.3g})"
