"""Full factorial designs: main effects, interactions, and what part of a choice's effect each factor brings."""

import itertools
import math
from collections.abc import Iterable, Mapping
from typing import Any

from openiads.statistics.paired import Contrast, simultaneous_level
from openiads.study import answers
from openiads.study.alternatives import Alternative, merged
from openiads.study.answers import Answer
from openiads.study.designs import factorial
from openiads.study.kinds.base import Driver, Setting, full_name, until_narrow
from openiads.study.model import Design
from openiads.study.view import View

Levels = Mapping[str, str]
Weights = dict[str, float]


class Designing:
    """One cell for each combination of levels, all on the same replications."""

    def __init__(self, block: Design, setting: Setting) -> None:
        """Name the cells."""
        self.block = block
        self.levels = {factor: list(levels) for factor, levels in block.factors.items()}
        self.shown = [factor for factor in self.levels if factor not in block.average]
        self.choice = list(block.choice) or self.shown
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
        """Return the mean of every shown combination, the effects, and the parts of the choice's effect."""
        found: list[Answer] = []
        shown = factorial({factor: self.levels[factor] for factor in self.shown})
        for measure in self.block.measures:
            found += [self._mean(view, measure, cell) for cell in shown]
            tasks = [*self._effects(), *self._interactions(), *self._parts()]
            level = simultaneous_level(view.level, len(tasks))
            found += [self._contrast(view, measure, level, *task) for task in tasks]
        return found

    def drivers(self, view: View) -> list[Driver]:
        """Return nothing: figures stand at their stated values here."""
        return []

    def details(self, view: View) -> dict[str, Any]:
        """Return the factors, and how an averaged factor spreads the first measure."""
        measure = self.block.measures[0]
        spread = {
            factor: [
                {"level": level, "estimate": self._estimate(view, measure, self._over({factor: level}, 1.0))}
                for level in self.levels[factor]
            ]
            for factor in self.block.average
        }
        return {"factors": self.levels, "choice": self.choice, "averaged": spread}

    def _mean(self, view: View, measure: str, cell: Levels) -> Answer:
        name, weights = ", ".join(cell.values()), self._over(cell, 1.0)
        if len(weights) == 1:
            interval = view.interval(full_name(self.block, next(iter(weights))), measure)
            return answers.share(self.block.name, self.block.question, name, measure, interval)
        found = self._measured(view, measure, weights, view.level)
        words = f"{name}: {_shown(measure, found)}, mean over {', '.join(self.block.average)}"
        return Answer(self.block.name, self.block.question, measure, (name,), "mean", found.as_json(), words)

    def _contrast(self, view: View, measure: str, level: float, role: str, name: str, weights: Weights, about: str) -> Answer:
        found = self._measured(view, measure, weights, level)
        is_unclear = found.verdict == "cannot tell" and math.isfinite(found.low)
        verdict = "; cannot be told from none" if is_unclear else ""
        words = f"{about}: {_shown(measure, found, signed=True)}{verdict}"
        return Answer(self.block.name, self.block.question, measure, (name,), role, found.as_json(), words)

    def _effects(self) -> list[tuple[str, str, Weights, str]]:
        """Return each later level of each factor against its first, the mean over all other factors."""
        return [
            (
                "effect",
                f"{factor}: {level}",
                _summed([self._over({factor: level}, 1.0), self._over({factor: levels[0]}, -1.0)]),
                f"{factor} {level} in place of {levels[0]}, mean over all else",
            )
            for factor, levels in self.levels.items()
            if factor in self.shown
            for level in levels[1:]
        ]

    def _interactions(self) -> list[tuple[str, str, Weights, str]]:
        """Return how much more the change of one factor does at the last level of another than at its first."""
        found = []
        for one, two in itertools.combinations(self.shown, 2):
            ends = [(self.levels[one][i], self.levels[two][j], 1.0 if i == j else -1.0) for i in (0, -1) for j in (0, -1)]
            weights = _summed([self._over({one: a, two: b}, sign) for a, b, sign in ends])
            about = (
                f"what {one} {self.levels[one][-1]} does with {two} {self.levels[two][-1]}, beyond what it does with {self.levels[two][0]}"
            )
            found.append(("interaction", f"{one} x {two}", weights, about))
        return found

    def _parts(self) -> list[tuple[str, str, Weights, str]]:
        """Return, over all conditions and for each level of each, the whole change and what each factor brings (all orders alike)."""
        conditions = [factor for factor in self.shown if factor not in self.choice]
        places: list[Levels] = [{}, *({factor: level} for factor in conditions for level in self.levels[factor])]
        first = {factor: self.levels[factor][0] for factor in self.choice}
        last = {factor: self.levels[factor][-1] for factor in self.choice}
        found = []
        for place in places:
            where = f" [{', '.join(place.values())}]" if place else ""
            whole = _summed([self._over({**place, **last}, 1.0), self._over({**place, **first}, -1.0)])
            about = f"from {', '.join(first.values())} to {', '.join(last.values())}{where}"
            found.append(("change", f"whole change{where}", whole, about))
            if len(self.choice) > 1:
                for factor in self.choice:
                    weights = _summed(
                        self._over({**place, **first, **{f: last[f] for f in some}}, weight)
                        for some, weight in _orders(self.choice, factor)
                    )
                    found.append(("part", f"{factor}{where}", weights, f"of the change {about}, what comes from {factor}"))
        return found

    def _over(self, fixed: Levels, weight: float) -> Weights:
        """Return equal weights on all cells that have some levels."""
        fitting = [name for name, cell in self.cells.items() if all(cell[factor] == level for factor, level in fixed.items())]
        return dict.fromkeys(fitting, weight / len(fitting))

    def _measured(self, view: View, measure: str, weights: Weights, level: float) -> Contrast:
        used = {name: weight for name, weight in weights.items() if weight != 0.0}
        return view.contrast([full_name(self.block, name) for name in used], list(used.values()), measure, level)

    def _estimate(self, view: View, measure: str, weights: Weights) -> float:
        return self._measured(view, measure, weights, view.level).estimate


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
    if not math.isfinite(found.low):
        return f"{found.replications} replications are too few to tell"
    estimate = f"{scale * found.estimate:+.3g}" if signed else f"{scale * found.estimate:.3g}"
    return f"{answers.words_of(measure)}: {estimate} {unit} (interval {scale * found.low:.3g} to {scale * found.high:.3g})"
