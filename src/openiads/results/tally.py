"""What one replication came to, counted from its log alone: one row of integers, so that sums over replications are exact."""

from typing import NamedTuple

import numpy as np

from openiads.kernel import Ints, kernel
from openiads.model import codes
from openiads.model.tables import Plan
from openiads.results.counts import (
    BY_CLASS,
    CIVIL_ENGAGED,
    CIVIL_FLIGHTS,
    CIVIL_LOST,
    EMPTY_US,
    ENGAGED,
    FIRED,
    FLIGHTS,
    FRIENDLY_ENGAGED,
    FRIENDLY_FLIGHTS,
    FRIENDLY_LOST,
    HITS,
    IMPACT_OBJECTS,
    IMPACTS,
    KILLS,
    LATE_IDENTIFIED,
    MISSED_HOSTILE,
    MISSES,
    NEVER_DETECTED,
    NO_SUPPORT,
    RADARS_LOST,
    RESERVE_US,
    SHOTS,
    STOPPED,
    SUPPRESSED_US,
    TARGETS,
    TRACKED,
    TURNS,
    WASTED,
    WRONG,
    Counts,
)  # fmt: skip

LATE_US = 60_000_000  # a hostile object that is first called so later than this after its firm track was identified late
FIRM_US, HOSTILE_US = 3, 4  # columns of the working space: one more than the time, 0 never


class Facts(NamedTuple):
    """What counting needs to know of a plan, by row."""

    objects: Ints  # (objects, 4) side, duty, class, whether it is aimed at an asset
    losses: Ints  # (kinds of loss,) where the radars, units, posts and launchers begin among all that can be lost
    silence_us: int
    duration_us: int


def facts(plan: Plan) -> Facts:
    """Return what counting needs to know of a plan."""
    objects = plan.sky.objects
    columns = [objects["side"], objects["duty"], objects["klass"], objects["aim_kind"] == codes.AIM_ASSET]
    table = np.stack([np.asarray(column, dtype=np.int64) for column in columns], axis=1) if len(objects) else np.zeros((0, 4), np.int64)
    sizes = [0, len(plan.eyes.radars), len(plan.arms.units), len(plan.rule.deciders)]
    return Facts(np.ascontiguousarray(table), np.cumsum(sizes), int(plan.rule.doctrine["silence_us"][0]), int(plan.duration_us))


@kernel
def tally(integers: Ints, facts: Facts, seen: Ints, radars: Ints, counts: Counts) -> None:
    """Count one replication into zeroed ``counts``.

    Parameters
    ----------
    integers : (rows, 10) the log
    facts : of the plan
    seen : (objects, 5) working space: came into being, was seen, was shot at, first firm track, first called hostile
    radars : (radars,) working space: silent until
    counts : zeroed
    """
    seen[:] = 0
    radars[:] = 0
    for row in range(integers.shape[0]):
        event = integers[row]
        kind, code, a = event[2], event[5], event[6]
        if kind == codes.BORN or kind == codes.RELEASED:
            seen[a, 0] = 1
        elif kind == codes.FIRST_DETECTION:
            seen[a, 1] = 1
        elif kind == codes.TRACK_FIRM or kind == codes.LABEL:
            if a >= 0:
                recognise(event, seen[a])
        elif kind == codes.END:
            end(code, facts.objects[a], counts.klass)
        elif kind == codes.LAUNCH:
            counts.weapon[code, FIRED] += 1
            if a >= 0:
                seen[a, 2] += 1
                if facts.objects[a, 0] != codes.HOSTILE:
                    counts.weapon[code, WRONG] += 1
        elif kind == codes.INTERCEPT:
            intercept(code, counts.weapon[event[9]])
        elif kind == codes.MAGAZINE:
            column = EMPTY_US if code == 0 else RESERVE_US
            if counts.weapon[a, column] == 0:
                counts.weapon[a, column] = event[0]
        elif kind == codes.WHY_EVENT:
            if facts.objects[a, 0] == codes.HOSTILE:
                counts.why[facts.objects[a, 2], code] += 1
        elif kind == codes.ASSET_HIT:
            counts.asset[a, HITS] += 1
            counts.asset[a, BY_CLASS + facts.objects[event[7], 2]] += 1
        elif kind == codes.ASSET_STOPPED:
            counts.asset[a, STOPPED] = 1
        elif kind == codes.DESTROYED:
            lose(event, facts, radars, counts)
        elif kind == codes.SILENT:
            until_us = min(event[0] + facts.silence_us, facts.duration_us)
            counts.battle[SUPPRESSED_US] += until_us - event[0]
            radars[a] = until_us
        elif kind == codes.TURN:
            counts.battle[TURNS] += 1
        elif kind == codes.RELOAD:
            counts.refills[a] += 1
    total(facts, seen, counts.klass)


@kernel
def recognise(event: Ints, seen: Ints) -> None:
    """Keep when an object first had a firm track and when it was first called hostile."""
    if seen[FIRM_US] == 0:
        seen[FIRM_US] = event[0] + 1
    if event[2] == codes.LABEL and event[5] == codes.LABEL_HOSTILE and seen[HOSTILE_US] == 0:
        seen[HOSTILE_US] = event[0] + 1


@kernel
def end(code: int, fact: Ints, klass: Ints) -> None:
    """Count the end of an object."""
    side, k = fact[0], fact[2]
    if side == codes.HOSTILE:
        klass[k, code] += 1
        if code == codes.LEAKED and fact[3] == 1:
            klass[k, IMPACTS] += 1
    elif code == codes.KILLED:
        klass[k, CIVIL_LOST if side == codes.CIVIL else FRIENDLY_LOST] += 1


@kernel
def intercept(code: int, weapon: Ints) -> None:
    """Count the end of a shot."""
    if code == codes.SHOT_KILL:
        weapon[KILLS] += 1
    elif code == codes.SHOT_UNSUPPORTED:
        weapon[NO_SUPPORT] += 1
    else:
        weapon[MISSES] += 1
        weapon[WASTED] += 1 if code == codes.SHOT_ALREADY_DEAD else 0


@kernel
def lose(event: Ints, facts: Facts, radars: Ints, counts: Counts) -> None:
    """Count a part of the defence that was destroyed; a lost radar is silent no longer."""
    time_us, code, a = event[0], event[5], event[6]
    counts.battle[RADARS_LOST + code] += 1
    index = a if code == codes.LOST_RADAR or code == codes.LOST_LAUNCHER else event[7]
    counts.lost[facts.losses[code] + index] = 1
    if code == codes.LOST_RADAR and radars[a] > time_us:
        counts.battle[SUPPRESSED_US] -= radars[a] - time_us


@kernel
def total(facts: Facts, seen: Ints, klass: Ints) -> None:
    """Count the objects that came into being, and what was done about each."""
    for i in range(seen.shape[0]):
        side, k = facts.objects[i, 0], facts.objects[i, 2]
        klass[k, SHOTS] += seen[i, 2]
        if side == codes.HOSTILE:
            if seen[i, 0] == 1:
                klass[k, TARGETS] += 1
                klass[k, NEVER_DETECTED] += 1 - seen[i, 1]
                klass[k, IMPACT_OBJECTS] += 1 if facts.objects[i, 1] == codes.IMPACT else 0
                klass[k, ENGAGED] += 1 if seen[i, 2] > 0 else 0
                if seen[i, FIRM_US] > 0:
                    klass[k, TRACKED] += 1
                    klass[k, MISSED_HOSTILE] += 1 if seen[i, HOSTILE_US] == 0 else 0
                    klass[k, LATE_IDENTIFIED] += 1 if seen[i, HOSTILE_US] > seen[i, FIRM_US] + LATE_US else 0
        else:
            klass[k, FLIGHTS] += seen[i, 0]
            klass[k, CIVIL_FLIGHTS if side == codes.CIVIL else FRIENDLY_FLIGHTS] += seen[i, 0]
            if seen[i, 2] > 0:
                klass[k, CIVIL_ENGAGED if side == codes.CIVIL else FRIENDLY_ENGAGED] += 1
