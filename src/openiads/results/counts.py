"""What is counted of a replication, where each count stands in its row of integers, and the words for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from openiads.kernel import Ints
from openiads.model import codes
from openiads.model.tables import Plan
from openiads.plan.names import Names

# What is counted of every target class; the same words are totals over all classes.
OF_CLASS = (
    "alive", "killed", "leaked", "task_done", "turned_back", "lost", "left", "prevented", "unborn",
    "targets", "engaged", "never_detected", "impact_objects", "impacts",
    "flights", "civil_flights", "friendly_flights", "civil_engaged", "friendly_engaged", "civil_lost", "friendly_lost", "shots",
    "tracked", "missed_hostile", "late_identified",
)  # fmt: skip
(
    TARGETS, ENGAGED, NEVER_DETECTED, IMPACT_OBJECTS, IMPACTS, FLIGHTS, CIVIL_FLIGHTS, FRIENDLY_FLIGHTS, CIVIL_ENGAGED, FRIENDLY_ENGAGED,
    CIVIL_LOST, FRIENDLY_LOST, SHOTS, TRACKED, MISSED_HOSTILE, LATE_IDENTIFIED,
) = range(9, 25)  # fmt: skip
# Of every weapon of every unit.
OF_WEAPON = ("fired", "kills", "misses", "no_support", "wrong", "wasted", "reserve_us", "empty_us")
FIRED, KILLS, MISSES, NO_SUPPORT, WRONG, WASTED, RESERVE_US, EMPTY_US = range(8)  # the last two: when first so low, 0 never
# Of the battle as a whole.
OF_BATTLE = ("radars_lost", "units_lost", "posts_lost", "launchers_lost", "suppressed_us", "turns")
RADARS_LOST, SUPPRESSED_US, TURNS = 0, 4, 5  # the losses in the order of their codes
# Of every asset; after them its hits by class.
HITS, STOPPED, BY_CLASS = 0, 1, 2


class Counts(NamedTuple):
    """The counts of one replication; views into its row of integers."""

    klass: Ints  # (classes, OF_CLASS)
    weapon: Ints  # (weapons, OF_WEAPON)
    why: Ints  # (classes, links)
    asset: Ints  # (assets, 2 + classes)
    lost: Ints  # (radars, units, posts and launchers,)
    refills: Ints  # (launchers,)
    battle: Ints  # (OF_BATTLE,)


@dataclass(frozen=True)
class Layout:
    """Where each count stands in a replication's row of integers, and the words for it."""

    classes: tuple[str, ...]
    systems: tuple[str, ...]
    missiles: tuple[str, ...]  # by weapon: its type
    system_of: tuple[int, ...]  # by weapon
    is_gun: tuple[bool, ...]
    burst_rounds: tuple[int, ...]  # by weapon: rounds of one burst
    loads: Ints  # (launchers, 2) missiles of a full launcher and the row of its system
    assets: tuple[str, ...]
    losable: tuple[tuple[str, str], ...]  # kind and name of all that can be lost

    @cached_property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Return the shape of each table of ``Counts``."""
        k, w = len(self.classes), len(self.missiles)
        return (
            (k, len(OF_CLASS)), (w, len(OF_WEAPON)), (k, len(codes.WHY)), (len(self.assets), BY_CLASS + k), (len(self.losable),),
            (len(self.loads),), (len(OF_BATTLE),),
        )  # fmt: skip

    @cached_property
    def width(self) -> int:
        """Return how many integers a replication has."""
        return sum(int(np.prod(shape)) for shape in self.shapes)

    def parts(self, rows: Ints) -> list[Ints]:
        """Return the tables of ``Counts`` as views of rows (replications, width), replications first."""
        found, at = [], 0
        for shape in self.shapes:
            size = int(np.prod(shape))
            found.append(rows[:, at : at + size].reshape(len(rows), *shape))
            at += size
        return found

    def counts(self, row: Ints) -> Counts:
        """Return the tables of one replication's row as views."""
        return Counts(*(part[0] for part in self.parts(row.reshape(1, -1))))

    def columns(self, rows: Ints) -> dict[str, Ints]:
        """Return named columns (replications,) of rows (replications, width).

        ``NAME`` is a total; ``NAME/CLASS``, ``NAME/SYSTEM``, ``NAME/ASSET`` and ``why/LINK`` are its parts.
        """
        klass, weapon, why, asset, _, refills, battle = self.parts(rows)
        found = {name: klass[:, :, m].sum(axis=1) for m, name in enumerate(OF_CLASS) if name != "unborn"}
        for k, name in enumerate(self.classes):
            found |= {f"{word}/{name}": klass[:, k, m].copy() for m, word in enumerate(OF_CLASS) if word != "unborn"}
            found[f"why/{name}"] = why[:, k].sum(axis=1)
        found |= self.weapons(weapon, [("", -1, ""), *((f"/{name}", s, "") for s, name in enumerate(self.systems))])
        left = self._left(weapon, refills)
        found["rounds_left"] = left.sum(axis=1)
        found |= {f"rounds_left/{name}": left[:, s].copy() for s, name in enumerate(self.systems)}
        found["why"] = why.sum(axis=(1, 2))
        found |= {f"why/{link}": why[:, :, n].sum(axis=1) for n, link in enumerate(codes.WHY)}
        found["hits"] = asset[:, :, HITS].sum(axis=1)
        found["assets_hit"] = (asset[:, :, HITS] > 0).sum(axis=1)
        found["assets_stopped"] = asset[:, :, STOPPED].sum(axis=1)
        for a, name in enumerate(self.assets):
            found[f"hits/{name}"], found[f"assets_stopped/{name}"] = asset[:, a, HITS].copy(), asset[:, a, STOPPED].copy()
        found |= {name: battle[:, n].copy() for n, name in enumerate(OF_BATTLE) if name != "suppressed_us"}
        found["suppressed_s"] = battle[:, SUPPRESSED_US] // 1_000_000
        return found

    def weapons(self, weapon: Ints, sets: Sequence[tuple[str, int, str]]) -> dict[str, Ints]:
        """Return counts of sets of weapons, each given by (ending of the names, row of the system or -1, type or "")."""
        gun = np.array(self.is_gun, dtype=np.bool_)
        burst = np.array(self.burst_rounds, dtype=np.int64)
        system, types = np.array(self.system_of, dtype=np.int64), np.array(self.missiles, dtype=object)
        fired = weapon[:, :, FIRED]
        found: dict[str, Ints] = {}
        for ending, owner, kind in sets:
            chosen = np.ones(len(gun), dtype=np.bool_)
            if owner >= 0:
                chosen &= system == owner
            if kind:
                chosen &= types == kind
            found[f"rounds_fired{ending}"] = fired[:, chosen & ~gun].sum(axis=1)
            found[f"gun_rounds{ending}"] = (fired[:, chosen & gun] * burst[chosen & gun]).sum(axis=1)
            found[f"bursts{ending}"] = fired[:, chosen & gun].sum(axis=1)
            found[f"shots{ending}"] = fired[:, chosen].sum(axis=1)
            if ending:
                found[f"killed{ending}"] = weapon[:, chosen, KILLS].sum(axis=1)
            found[f"missed{ending}"] = weapon[:, chosen, MISSES].sum(axis=1)
            found[f"wasted{ending}"] = weapon[:, chosen, WASTED].sum(axis=1)
            found[f"support_lost{ending}"] = weapon[:, chosen, NO_SUPPORT].sum(axis=1)
            found[f"wrong_shots{ending}"] = weapon[:, chosen, WRONG].sum(axis=1)
        return found

    def _left(self, weapon: Ints, refills: Ints) -> Ints:
        """Missiles on the launchers at the end, (replications, systems)."""
        left = np.zeros((len(weapon), len(self.systems)), dtype=np.int64)
        gun = np.array(self.is_gun, dtype=np.bool_)
        system = np.array(self.system_of, dtype=np.int64)
        for s in range(len(self.systems)):
            mine = self.loads[:, 1] == s
            left[:, s] = ((1 + refills[:, mine]) * self.loads[mine, 0]).sum(axis=1)
            left[:, s] -= weapon[:, (system == s) & ~gun, FIRED].sum(axis=1)
        return left


def layout(plan: Plan, names: Names) -> Layout:
    """Return the words and places of a plan's counts."""
    weapons, units, launchers = plan.arms.weapons, plan.arms.units, plan.arms.launchers
    gun = weapons["kind"] == codes.WEAPON_GUN
    loads = np.zeros((len(launchers), 2), dtype=np.int64)
    for j, unit in enumerate(launchers["unit"]):
        slots = {int(slot) for slot in weapons["slot"][(weapons["unit"] == unit) & ~gun]}
        loads[j] = sum(int(plan.arms.rounds[j, slot]) for slot in slots), units["system"][unit]
    return Layout(
        classes=names.classes,
        systems=names.systems,
        missiles=names.weapons,
        system_of=tuple(int(s) for s in units["system"][weapons["unit"]]),
        is_gun=tuple(bool(one) for one in gun),
        burst_rounds=tuple(int(n) for n in weapons["rounds_per_shot"]),
        loads=loads,
        assets=names.assets,
        losable=tuple(
            (kind, name)
            for kind, several in zip(codes.LOSSES, (names.radars, names.units, names.deciders, names.launchers), strict=True)
            for name in several
        ),
    )
