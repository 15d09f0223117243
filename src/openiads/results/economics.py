"""What the rounds cost, what they destroyed, and when magazines ran low; a price that nobody published is marked or left out."""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from openiads.catalogue import Catalogue
from openiads.kernel import Ints
from openiads.results.counts import EMPTY_US, FIRED, RESERVE_US, Layout
from openiads.statistics.intervals import LEVEL, Interval, ratio_of

_TARGETS, _KILLED = 9, 1  # columns of OF_CLASS


class Cost(NamedTuple):
    """A unit cost in US dollars with its range; its basis says whether it was published or judged."""

    name: str
    value_usd: int
    low_usd: int
    high_usd: int
    basis: str
    sources: tuple[str, ...]

    @property
    def is_judged(self) -> bool:
        """Whether no public price is known."""
        return self.basis == "judgement"

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**self._asdict(), "sources": list(self.sources)}


def economics(layout: Layout, catalogue: Catalogue, rows: Ints) -> dict[str, Any]:
    """Return rounds and costs of both sides, the cost exchange and the times at which magazines ran low.

    Parameters
    ----------
    layout, rows : the integer outcome table
    catalogue : whose figures ``SYSTEM.missiles.NAME.unit_cost`` and ``targets.CLASS.unit_cost`` are used

    Returns
    -------
    ``rounds`` by type with their unit costs; ``defence_usd`` and ``destroyed_usd``, means of a replication; ``exchange``: dollars of
    missiles fired for each dollar of targets destroyed, with the interval of chance at the stated values (from the variation
    between replications) and the span of the unit costs; ``judged_share`` of the missiles' cost that rests on judged prices;
    ``unpriced``, what has no price and is left out; ``magazines``.
    """
    klass, weapon = layout.parts(rows)[:2]
    missile_costs, target_costs = _missile_costs(layout, catalogue), _target_costs(layout, catalogue)
    fired = weapon[:, :, FIRED]
    paid = [np.zeros(len(rows), dtype=np.int64) for _ in range(3)]
    gained = [np.zeros(len(rows), dtype=np.int64) for _ in range(3)]
    for w, cost in enumerate(missile_costs):
        if cost is not None:
            for total, usd in zip(paid, (cost.value_usd, cost.low_usd, cost.high_usd)):
                total += fired[:, w] * usd
    for k, cost in enumerate(target_costs):
        if cost is not None:
            for total, usd in zip(gained, (cost.value_usd, cost.low_usd, cost.high_usd)):
                total += klass[:, k, _KILLED] * usd
    judged = sum(int(fired[:, w].sum()) * cost.value_usd for w, cost in enumerate(missile_costs) if cost is not None and cost.is_judged)
    return {
        "rounds": _rounds(layout, fired, missile_costs),
        "targets": [
            {"name": name, "came": int(klass[:, k, _TARGETS].sum()), "killed": int(klass[:, k, _KILLED].sum()),
             "unit_cost": None if cost is None else cost.as_json()}
            for k, (name, cost) in enumerate(zip(layout.classes, target_costs)) if klass[:, k, _TARGETS].any()
        ],
        "defence_usd": _means(paid),
        "destroyed_usd": _means(gained),
        "judged_share": judged / int(paid[0].sum()) if paid[0].any() else None,
        "exchange": _exchange(paid, gained),
        "unpriced": _unpriced(layout, fired, klass, missile_costs, target_costs),
        "magazines": magazines(layout, weapon),
    }  # fmt: skip


def magazines(layout: Layout, weapon: Ints) -> list[dict[str, Any]]:
    """Return for each weapon type how many of its magazines (one a unit and replication) came down to the reserve or empty, and when.

    Times are means over those that did, from the start of the scenario, and the earliest. [s]
    """
    found = []
    for (system, name), mine in _types(layout):
        part = weapon[:, mine]
        entry: dict[str, Any] = {"system": system, "name": name, "magazines": int(part.shape[0] * part.shape[1])}
        for word, column in (("reserve", RESERVE_US), ("empty", EMPTY_US)):
            at_us = part[:, :, column]
            reached = at_us > 0
            entry[word] = int(reached.sum())
            told = ratio_of(at_us.sum(axis=1) // 1_000_000, reached.sum(axis=1), is_share=False) if reached.any() else None
            entry[f"{word}_s"] = None if told is None else {"mean": told.estimate, **_ends(told)}
            entry[f"{word}_first_s"] = float(at_us[reached].min()) * 1e-6 if reached.any() else None
        found.append(entry)
    return found


def _types(layout: Layout) -> list[tuple[tuple[str, str], Ints]]:
    """Weapon types of each system with the rows of their weapons."""
    keys = [(layout.systems[s], name) for s, name in zip(layout.system_of, layout.missiles)]
    return [(key, np.flatnonzero([one == key for one in keys])) for key in dict.fromkeys(keys)]


def _cost(catalogue: Catalogue, name: str, path: str) -> Cost | None:
    if not catalogue.has(path):
        return None
    figure = catalogue.figure(path)
    low, high = figure.low_si, figure.high_si
    return Cost(name, round(figure.si), round(low), round(high), figure.basis, figure.sources)


def _missile_costs(layout: Layout, catalogue: Catalogue) -> list[Cost | None]:
    return [
        None if gun else _cost(catalogue, name, f"{layout.systems[s]}.missiles.{name}.unit_cost")
        for name, s, gun in zip(layout.missiles, layout.system_of, layout.is_gun)
    ]


def _target_costs(layout: Layout, catalogue: Catalogue) -> list[Cost | None]:
    return [_cost(catalogue, name, f"targets.{name}.unit_cost") for name in layout.classes]


def _rounds(layout: Layout, fired: Ints, costs: list[Cost | None]) -> list[dict[str, Any]]:
    found = []
    for (system, name), mine in _types(layout):
        one = int(mine[0])
        shots = fired[:, mine].sum()
        cost = costs[one]
        found.append(
            {
                "system": system,
                "name": name,
                "rounds": int(shots * (layout.burst_rounds[one] if layout.is_gun[one] else 1)),
                "unit_cost": None if cost is None else cost.as_json(),
            }
        )
    return found


def _means(totals: list[Ints]) -> dict[str, float]:
    return {word: float(total.mean()) for word, total in zip(("value", "low", "high"), totals)}


def _exchange(paid: list[Ints], gained: list[Ints]) -> dict[str, Any] | None:
    if not gained[0].any():
        return None
    told = ratio_of(paid[0], gained[0], LEVEL, is_share=False)
    return {
        "estimate": told.estimate,
        **_ends(told),
        "span_low": float(paid[1].sum() / gained[2].sum()),
        "span_high": float(paid[2].sum() / gained[1].sum()) if gained[1].any() else None,
    }


def _ends(told: Interval) -> dict[str, float | None]:
    """The ends of an interval; None where too few replications bound it."""
    return {word: end if math.isfinite(end) else None for word, end in (("low", told.low), ("high", told.high))}


def _unpriced(layout: Layout, fired: Ints, klass: Ints, missiles: list[Cost | None], targets: list[Cost | None]) -> dict[str, int]:
    """Rounds fired and targets killed that have no public cost."""
    counts = [(name, int(fired[:, w].sum()) * layout.burst_rounds[w], missiles[w]) for w, name in enumerate(layout.missiles)]
    counts += [(name, int(klass[:, k, _KILLED].sum()), targets[k]) for k, name in enumerate(layout.classes)]
    return _summed((name, n) for name, n, cost in counts if cost is None and n)


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, n in pairs:
        found[name] = found.get(name, 0) + n
    return found
