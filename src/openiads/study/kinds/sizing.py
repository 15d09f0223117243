"""Size: the smallest step of the defence that keeps an event away with a stated probability."""

from typing import Any

from openiads.statistics.intervals import Interval
from openiads.study import answers
from openiads.study.alternatives import Alternative, merged
from openiads.study.answers import Answer
from openiads.study.kinds.base import Driver, Setting, full_name
from openiads.study.model import Size, Variant
from openiads.study.view import View


class Sizing:
    """Steps tried from the first on; the search ends at the first whose interval lies wholly on the safe side."""

    def __init__(self, block: Size, setting: Setting) -> None:
        """Name the steps."""
        self.block = block
        self.names = [full_name(block, step.name) for step in block.steps]

    def alternatives(self, view: View) -> list[Alternative]:
        """Return one alternative a step."""
        steps = zip(self.names, self.block.steps)
        return [merged(name, self.block.base, Variant(scenario=step.scenario, set=step.set)) for name, step in steps]

    def wanted(self, view: View) -> dict[str, int]:
        """Return the steps up to the first that suffices."""
        found: dict[str, int] = {}
        for name in self.names:
            found[name] = self.block.replications
            if view.done(name) < self.block.replications or self._suffices(view, name):
                break
        return found

    def answers(self, view: View) -> list[Answer]:
        """Return the step that suffices, or that none does, and the share of the event at every step tried."""
        block, tried = self.block, list(self.wanted(view))
        intervals = [view.interval(name, block.event) for name in tried]
        last = intervals[-1]
        step = block.steps[len(tried) - 1].name
        safe = f"{100 * block.probability:g} %"
        if self._suffices(view, tried[-1]):
            words = f"{step} is the smallest step tried that keeps the event away with a probability of at least {safe}: "
        else:
            words = f"not reachable: no step up to {step} keeps the event away with a probability of at least {safe}; at {step}: "
            step = "not reachable"
        head = Answer(block.name, block.question, block.event, (step,), "size", last.as_json(), words + answers.stated(block.event, last))
        shares = [
            answers.share(block.name, block.question, one.name, block.event, interval) for one, interval in zip(block.steps, intervals)
        ]
        return [head, *shares]

    def drivers(self, view: View) -> list[Driver]:
        """Return nothing: figures stand at their stated values here."""
        return []

    def details(self, view: View) -> dict[str, Any]:
        """Return the probability asked for and the steps."""
        return {"probability": self.block.probability, "steps": [step.name for step in self.block.steps]}

    def _suffices(self, view: View, name: str) -> bool:
        found: Interval = view.interval(name, self.block.event)
        return found.high <= 1.0 - self.block.probability
