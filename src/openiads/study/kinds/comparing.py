"""Replicate and compare, and what one more of something buys: shares, and differences on common random numbers."""

from collections.abc import Mapping
from typing import Any

from openiads.statistics.paired import simultaneous_level
from openiads.study import answers
from openiads.study.alternatives import Alternative, merged
from openiads.study.answers import Answer
from openiads.study.kinds.base import Driver, Setting, full_name, sides, until_narrow
from openiads.study.model import Compare, Margin, Replicate, Variant
from openiads.study.view import View

BASE = "as it is"


class Comparing:
    """Alternatives, each with its shares; all against a baseline where there is one."""

    def __init__(self, block: Replicate | Compare | Margin, setting: Setting) -> None:
        """Name the alternatives."""
        self.block, self.setting = block, setting
        variants, self.baseline, self.flips = _variants(block)
        self._named = {full_name(block, name): [variant] for name, variant in variants.items()}
        for flip, change in self.flips.items():
            for name, variant in variants.items():
                self._named[full_name(block, name, flip)] = [variant, change]
        self.names = list(variants)

    def alternatives(self, view: View) -> list[Alternative]:
        """Return every alternative, and every one changed by each flip."""
        return [merged(name, *variants) for name, variants in self._named.items()]

    def wanted(self, view: View) -> dict[str, int]:
        """Return the fixed number, or what the stopping rule asks for."""
        return until_narrow(self.block, view, self._named)

    def answers(self, view: View) -> list[Answer]:
        """Return the share of each alternative and its difference from the baseline, all differences valid together."""
        block = self.block
        shares = [
            answers.share(block.name, block.question, name, measure, view.interval(full_name(block, name), measure))
            for measure in block.measures
            for name in self.names
        ]
        others = [name for name in self.names if name != self.baseline] if self.baseline else []
        level = simultaneous_level(view.level, len(others) * len(block.measures))
        return shares + [self._difference(view, name, (), measure, level) for measure in block.measures for name in others]

    def drivers(self, view: View) -> list[Driver]:
        """Return nothing: figures stand at their stated values here."""
        return []

    def details(self, view: View) -> dict[str, Any]:
        """Return whether the verdict on the first measure flips under each change."""
        if not self.baseline or not self.flips:
            return {}
        measure, others = self.block.measures[0], [name for name in self.names if name != self.baseline]
        rows = []
        for name in others:
            plain = self._difference(view, name, (), measure, view.level)
            for flip, change in self.flips.items():
                changed = self._difference(view, name, (flip,), measure, view.level)
                rows.append(
                    {
                        "change": flip,
                        "about": change.about,
                        "alternatives": [name, self.baseline],
                        "verdict": plain.numbers["verdict"],
                        "verdict_changed": changed.numbers["verdict"],
                        "becomes": _becomes(plain.numbers["verdict"], changed.numbers["verdict"]),
                        "flips": _becomes(plain.numbers["verdict"], changed.numbers["verdict"]) == "reversed",
                        "stated": plain.as_json(),
                        "answer": changed.as_json(),
                    }
                )
        return {"flips": rows}

    def _difference(self, view: View, name: str, flip: tuple[str, ...], measure: str, level: float) -> Answer:
        assert self.baseline is not None  # noqa: S101
        pair = (name, self.baseline)
        full = [full_name(self.block, one, *flip) for one in pair]
        end = self.block.replications if self.flips else None  # the same nights for every assumption
        found = view.contrast(full, [1.0, -1.0], measure, level, end)
        ends = {shown: [name] for shown, name in zip(pair, full)}
        more = {"together": round(view.level, 6), "sides": sides(view, ends, measure, end)}
        return answers.difference(self.block.name, self.block.question, pair, measure, found, more)


def _becomes(before: str, after: str) -> str:
    """Return what becomes of a verdict: ``the same``, ``reversed``, ``no longer told`` or ``now told``."""
    if before == after:
        return "the same"
    if after == "cannot tell":
        return "no longer told"
    return "now told" if before == "cannot tell" else "reversed"


def _variants(block: Replicate | Compare | Margin) -> tuple[dict[str, Variant], str | None, Mapping[str, Variant]]:
    if isinstance(block, Margin):
        base = block.base
        added = {name: _added(base, variant) for name, variant in block.additions.items()}
        return {BASE: base, **added}, BASE, {}
    if isinstance(block, Compare):
        return dict(block.alternatives), block.against or next(iter(block.alternatives)), block.flips
    return dict(block.alternatives), None, {}


def _added(base: Variant, more: Variant) -> Variant:
    return base.model_copy(
        update={
            "scenario": more.scenario or base.scenario,
            "set": {**base.set, **more.set},
            "only": base.only if more.only is None else more.only,
            "without": (*base.without, *more.without),
            "about": more.about,
        }
    )
