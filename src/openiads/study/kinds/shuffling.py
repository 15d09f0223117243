"""Ties: whether a headline depends on the order in which events of the same microsecond are taken."""

from typing import Any

import numpy as np

from openiads.study import answers
from openiads.study.alternatives import Alternative, merged
from openiads.study.answers import Answer
from openiads.study.kinds.base import Driver, Setting, full_name
from openiads.study.model import Ties, Variant
from openiads.study.view import View


class Shuffling:
    """Each alternative as it is written and with its sites and groups listed in other orders, on the same replications."""

    def __init__(self, block: Ties, setting: Setting) -> None:
        """Name the orders."""
        self.block = block
        self.orders = range(1, block.orders + 1)

    def alternatives(self, view: View) -> list[Alternative]:
        """Return every alternative as written and in every order."""
        block, found = self.block, []
        for name, variant in block.alternatives.items():
            found.append(merged(full_name(block, name), variant))
            found += [merged(self._listed(name, order), variant, Variant(listing=order)) for order in self.orders]
        return found

    def wanted(self, view: View) -> dict[str, int]:
        """Return the fixed number for every order."""
        return {one.name: self.block.replications for one in self.alternatives(view)}

    def answers(self, view: View) -> list[Answer]:
        """Return, for each alternative and measure, the largest move of the estimate against its interval."""
        return [self._answer(view, name, measure) for measure in self.block.measures for name in self.block.alternatives]

    def drivers(self, view: View) -> list[Driver]:
        """Return nothing: figures stand at their stated values here."""
        return []

    def details(self, view: View) -> dict[str, Any]:
        """Return what the report prints of the check."""
        return {"ties": [one.as_json() for one in self.answers(view)]}

    def _answer(self, view: View, name: str, measure: str) -> Answer:
        block, written = self.block, full_name(self.block, name)
        interval = view.interval(written, measure, block.replications)
        moved, changed, nights = 0.0, 0, 0
        for order in self.orders:
            (a, a_of), (b, b_of) = view.counts([written, self._listed(name, order)], measure, block.replications)
            nights, changed = nights + a.size, changed + int(np.count_nonzero(a != b))
            if a_of.any() and b_of.any():
                moved = max(moved, abs(float(b.sum() / b_of.sum() - a.sum() / a_of.sum())))
        allowed = max(interval.high - interval.estimate, interval.estimate - interval.low)
        depends = moved > allowed
        scale, unit = answers.unit_of(measure, is_difference=True)
        said = f"{answers.words_of(measure)}, {name}: "
        if changed == 0:
            said += f"the order of simultaneous events changes none of {nights:,} nights ({len(self.orders)} orders)"
        else:
            word = "more than" if depends else "within"
            said += (
                f"the order of simultaneous events changes {changed:,} of {nights:,} nights and moves the mean by at most "
                f"{scale * moved:.2g} {unit}, {word} its interval"
            )
        more = {"nights_changed": changed, "nights": nights, "moved": moved, "depends": depends}
        return Answer(block.name, block.question, measure, (name,), "ties", interval.as_json(), said, more)

    def _listed(self, name: str, order: int) -> str:
        return full_name(self.block, name, f"order {order}")
