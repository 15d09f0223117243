"""Size: the first step of the defence that is shown to keep an event away with a stated probability."""

from collections.abc import Mapping
from typing import Any

from openiads.statistics.intervals import Interval
from openiads.statistics.paired import simultaneous_level
from openiads.study import answers
from openiads.study.alternatives import Alternative, merged
from openiads.study.answers import Answer
from openiads.study.kinds.base import Driver, Setting, full_name
from openiads.study.model import Size, Variant
from openiads.study.view import View

SUFFICES, FAILS, UNCLEAR = "suffices", "fails", "cannot tell"
UNREACHABLE = "not reachable"


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
            if view.done(name) < self.block.replications or self._outcome(self._interval(view, name)) == SUFFICES:
                break
        return found

    def answers(self, view: View) -> list[Answer]:
        """Return the step that is shown to suffice, that none can, or that it cannot be told; and the event's share at every step tried."""
        block = self.block
        tried = list(zip((step.name for step in block.steps), (self._interval(view, name) for name in self.wanted(view))))
        outcomes = {step: self._outcome(interval) for step, interval in tried}
        (step, last), answer = tried[-1], _chosen(outcomes)
        said = _said(outcomes, f"keep the event away with a probability of at least {100 * block.probability:g} %")
        words = f"{said}; at {step}: {answers.stated(block.event, last)}"
        more = {"together": round(view.level, 6), "outcomes": outcomes}
        head = Answer(block.name, block.question, block.event, (answer,), "size", last.as_json(), words, more)
        return [head, *(answers.share(block.name, block.question, one, block.event, interval) for one, interval in tried)]

    def drivers(self, view: View) -> list[Driver]:
        """Return nothing: figures stand at their stated values here."""
        return []

    def details(self, view: View) -> dict[str, Any]:
        """Return the probability asked for and the steps."""
        return {"probability": self.block.probability, "steps": [step.name for step in self.block.steps]}

    def _interval(self, view: View, name: str) -> Interval:
        """Return the event's share at a step; the intervals of all steps, tried or not, hold together."""
        return view.interval(name, self.block.event, level=simultaneous_level(view.level, len(self.names)))

    def _outcome(self, found: Interval) -> str:
        allowed = 1.0 - self.block.probability
        if found.high <= allowed:
            return SUFFICES
        return FAILS if found.low > allowed else UNCLEAR


def _chosen(outcomes: Mapping[str, str]) -> str:
    """Return the step that suffices, or what is answered where none does."""
    *_, last = outcomes
    if outcomes[last] == SUFFICES:
        return last
    return UNREACHABLE if UNCLEAR not in outcomes.values() else UNCLEAR


def _said(outcomes: Mapping[str, str], aim: str) -> str:
    *before, last = outcomes
    failed, unclear = ([step for step in outcomes if outcomes[step] == one] for one in (FAILS, UNCLEAR))
    fails = [f"{', '.join(failed)} {'fails' if len(failed) == 1 else 'fail'}"] if failed else []
    each = " and ".join([*fails, *([f"{', '.join(unclear)} cannot be told"] if unclear else [])])
    if outcomes[last] == SUFFICES:
        least = "" if unclear else ", so it is the smallest that does"
        return f"{last} is the first step that is shown to {aim}" + (f"; before it, {each}{least}" if before else "")
    if unclear:
        return f"cannot tell: no step is shown to {aim}; {each}; more replications are needed"
    return f"not reachable: every step up to {last} fails to {aim}"
