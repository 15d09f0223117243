"""Sweeps: response curves over one to three values, with the knee of saturation."""

from typing import Any

from openiads.statistics.knee import knee
from openiads.study import answers
from openiads.study.alternatives import Alternative, merged
from openiads.study.answers import Answer
from openiads.study.designs import factorial
from openiads.study.kinds.base import Driver, Setting, full_name, until_narrow
from openiads.study.model import Sweep, Variant
from openiads.study.view import View


class Sweeping:
    """One alternative for each combination of values."""

    def __init__(self, block: Sweep, setting: Setting) -> None:
        """Name the combinations."""
        self.block = block
        written = {path: {_shown(value): value for value in values} for path, values in block.over.items()}
        self.points: dict[str, dict[str, Any]] = {}
        for levels in factorial({path: list(values) for path, values in written.items()}):
            name = ", ".join(f"{path}={level}" for path, level in levels.items())
            self.points[name] = {path: written[path][level] for path, level in levels.items()}

    def alternatives(self, view: View) -> list[Alternative]:
        """Return one alternative a point."""
        return [merged(full_name(self.block, name), self.block.base, Variant(set=values)) for name, values in self.points.items()]

    def wanted(self, view: View) -> dict[str, int]:
        """Return the fixed number, or what the stopping rule asks for."""
        return until_narrow(self.block, view, [full_name(self.block, name) for name in self.points])

    def answers(self, view: View) -> list[Answer]:
        """Return what each curve does from its first to its last point, and the share at each point."""
        block = self.block
        curves = [self._course(view, measure) for measure in block.measures]
        return curves + [
            answers.share(block.name, block.question, name, measure, view.interval(full_name(block, name), measure))
            for measure in block.measures
            for name in self.points
        ]

    def drivers(self, view: View) -> list[Driver]:
        """Return nothing: figures stand at their stated values here."""
        return []

    def details(self, view: View) -> dict[str, Any]:
        """Return the curves with their bands, and the knee of those over one number."""
        return {"curves": [self._curve(view, measure) for measure in self.block.measures]}

    def _course(self, view: View, measure: str) -> Answer:
        block, names = self.block, list(self.points)
        found = [view.interval(full_name(block, name), measure) for name in names]
        bend = self._curve(view, measure)["knee"]
        scale, unit = answers.unit_of(measure)
        first, last = (f"{scale * one.estimate:.3g}" for one in (found[0], found[-1]))
        interval = f"interval {scale * found[-1].low:.3g} to {scale * found[-1].high:.3g}"
        counts = f"{found[-1].numerator:,} of {found[-1].denominator:,}"
        words = f"{answers.words_of(measure)}: {first} {unit} at {names[0]}, {last} {unit} at {names[-1]} ({interval}, {counts})"
        words += (
            f", bending at {bend['place']:.3g} ({bend['low']:.3g} to {bend['high']:.3g})" if bend else ", with no bend that can be told"
        )
        return Answer(block.name, block.question, measure, (names[0], names[-1]), "curve", found[-1].as_json(), words)

    def _curve(self, view: View, measure: str) -> dict[str, Any]:
        found = [view.interval(full_name(self.block, name), measure) for name in self.points]
        points = [{"at": values, **one.as_json()} for values, one in zip(self.points.values(), found)]
        places = [next(iter(values.values())) for values in self.points.values()]
        bend = None
        if len(self.block.over) == 1 and all(isinstance(place, int | float) for place in places):
            bend = knee(places, [one.estimate for one in found], [(one.high - one.low) / 2.0 for one in found])
        return {"measure": measure, "over": list(self.block.over), "points": points, "knee": None if bend is None else bend._asdict()}


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
