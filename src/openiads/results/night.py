"""What a replication drew before its first event: readiness, facings and start times, as pure functions of names and numbers.

Draws are addressed, so this asks the same questions as ``engine.start.init`` and gets the same answers, without running anything.
"""

import math
from dataclasses import dataclass

import numpy as np

from openiads import chance
from openiads.kernel import Flags, Ints, Reals
from openiads.model.columns import Table
from openiads.model.tables import AVAILABILITY
from openiads.plan import Planned


@dataclass(frozen=True)
class Night:
    """How the defence stood at the start, and by how much each object's group is early or late."""

    radars: Flags
    units: Flags
    launchers: Flags
    facing_rad: Reals  # of the radars
    shift_us: Ints  # of the objects

    def not_ready(self, planned: Planned) -> list[str]:
        """Return the names of what does not work."""
        names = planned.names
        found = [name for name, ready in zip(names.radars, self.radars) if not ready]
        found += [name for name, ready in zip(names.units, self.units) if not ready]
        return found + [name for name, ready in zip(names.launchers, self.launchers) if not ready]


def night(planned: Planned, seed: int, replication: int) -> Night:
    """Return what a replication drew before its first event."""
    plan, share = planned.plan, float(planned.knowledge.scalars[AVAILABILITY])

    def works(keys: Ints, availability: Reals, part: int) -> Flags:
        """Draw which of these work tonight."""
        drawn = [chance.uniform(seed, replication, int(key), part, chance.AVAILABILITY, 0) for key in keys]
        return np.array(drawn).reshape(-1) >= (1.0 - availability) * share

    radars, units, launchers = plan.eyes.radars, plan.arms.units, plan.arms.launchers
    off = np.array([2.0 * chance.uniform(seed, replication, int(key), 0, chance.FACING_ERROR, 0) - 1.0 for key in radars["key"]]).reshape(
        -1
    )
    groups = {
        int(key): 2.0 * chance.uniform(seed, replication, int(key), 0, chance.GROUP_START, 0) - 1.0
        for key in set(plan.sky.objects["group"].tolist())
    }
    drawn = np.array([groups[int(key)] for key in plan.sky.objects["group"]]).reshape(-1)
    return Night(
        radars=works(radars["key"], radars["availability"], 0),
        units=works(units["key"], units["availability"], 1),
        launchers=works(launchers["key"], launchers["availability"], 2),
        facing_rad=radars["facing_rad"] + off * radars["facing_error_rad"],
        shift_us=(drawn * plan.sky.objects["jitter_us"]).astype(np.int64) + _arrivals_us(plan.sky.objects, seed, replication),
    )


def _arrivals_us(objects: Table, seed: int, replication: int) -> Ints:
    """By how much each member of a group whose members come by chance is late."""
    shift_us = np.zeros(len(objects), dtype=np.int64)
    for leader in np.flatnonzero(objects["leads"]):
        since_us, number, i = 0.0, 0, int(leader)
        while i >= 0:
            u = chance.uniform(seed, replication, int(objects["group"][leader]), 0, chance.ARRIVAL, number)
            since_us -= math.log1p(-u) * float(objects["gap_us"][leader])
            shift_us[i] = int(since_us) - int(objects["start_us"][i] - objects["start_us"][leader])
            number, i = number + 1, int(objects["next"][i])
    return shift_us
