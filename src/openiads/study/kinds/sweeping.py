"""Sweeps: response curves over one to three values, with the knee of saturation."""

from collections.abc import Mapping, Sequence
from typing import Any

from openiads.statistics.intervals import Interval
from openiads.statistics.knee import FEWEST, knee
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
        written = {path: _named(values) for path, values in block.over.items()}
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
        last = found[-1]
        words = f"{answers.words_of(measure)}: {_at(measure, names[0], found[0])}, {_at(measure, names[-1], last)}"
        if last.denominator:
            scale, _ = answers.unit_of(measure)
            interval = f"interval {scale * last.low:.3g} to {scale * last.high:.3g}"
            words += f" ({interval}, {answers.counted(measure, last)})"
        words += _bend(self._curve(view, measure))
        return Answer(block.name, block.question, measure, (names[0], names[-1]), "curve", last.as_json(), words)

    def _curve(self, view: View, measure: str) -> dict[str, Any]:
        """Return the points with their intervals and the bend, which is sought over enough values of one number."""
        found = [view.interval(full_name(self.block, name), measure) for name in self.points]
        points = [{"at": values, **one.as_json()} for values, one in zip(self.points.values(), found)]
        places = [next(iter(values.values())) for values in self.points.values()]
        defined = [(place, one) for place, one in zip(places, found) if one.denominator]
        is_sought = len(self.block.over) == 1 and all(_is_number(place) for place in places) and len(defined) >= FEWEST
        bend = None
        if is_sought:
            widths = [(one.high - one.low) / 2.0 for _, one in defined]
            bend = knee([place for place, _ in defined], [one.estimate for _, one in defined], widths)
        shown = None if bend is None else bend._asdict()
        return {"measure": measure, "over": list(self.block.over), "points": points, "knee": shown, "knee_sought": is_sought}


def _at(measure: str, name: str, found: Interval) -> str:
    if not found.denominator:
        return f"nothing to divide by at {name}"
    scale, unit = answers.unit_of(measure)
    return f"{scale * found.estimate:.3g} {unit} at {name}"


def _bend(curve: Mapping[str, Any]) -> str:
    """Return what is said of the bend; nothing where none was sought."""
    bend = curve["knee"]
    if bend:
        return f", bending at {bend['place']:.3g} ({bend['low']:.3g} to {bend['high']:.3g})"
    return ", with no bend that can be told" if curve["knee_sought"] else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _named(values: Sequence[Any]) -> dict[str, Any]:
    """Return the values by what they are called: short where that says which value it is, and in full where it does not."""
    found: dict[str, Any] = {}
    for value in values:
        name = _shown(value)
        is_taken = name in found and repr(found[name]) != repr(value)
        found[repr(value) if is_taken else name] = value
    return found


def _shown(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    short = f"{value:g}"
    return short if float(short) == value else repr(value)
