"""Shots placed one after another: nearest first, first come, or by marginal return."""

import math

from openiads.kernel import Ints, Reals, kernel
from openiads.model.allocation.workspace import BEST, LEFT, NONE, REMAINING, TARGET, UNKNOWN, USED, WEAPON

NEAREST = 0
FIRST_COME = 1
GREEDY = 2
LOCAL_SEARCH = 3


@kernel
def preferred_weapon(algorithm: int, weapons: int, target: int, kill_probability: Reals, time_to_intercept_s: Reals, ints: Ints) -> int:
    """Return the weapon with shots left that a target takes next: the soonest, or else the deadliest."""
    best, most = NONE, -math.inf
    for i in range(weapons):
        if ints[LEFT, i] > 0 and kill_probability[i, target] > 0.0:
            liking = -time_to_intercept_s[i, target] if algorithm == NEAREST else kill_probability[i, target]
            if liking > most:
                best, most = i, liking
    return best


@kernel
def place(
    algorithm: int, weapons: int, targets: int, kill_probability: Reals, time_to_intercept_s: Reals, shots_limit: Ints,
    minimum_gain: float, reals: Reals, ints: Ints,
) -> int:  # fmt: skip
    """Bind shot after shot to a target and return their number; writes REMAINING, USED, LEFT, WEAPON and TARGET.

    By rule every target gets its first shot before any gets its second: soonest intercept first, or lowest index first.
    By marginal return the next shot is the one that lowers the surviving value most.
    """
    count = 0
    while count < ints.shape[1]:
        target, least, depth = NONE, math.inf, 0
        for j in range(targets):
            i = ints[BEST, j]
            if i == NONE or ints[USED, j] >= shots_limit[j]:
                continue
            if i == UNKNOWN or ints[LEFT, i] == 0:
                i = preferred_weapon(algorithm, weapons, j, kill_probability, time_to_intercept_s, ints)
                ints[BEST, j] = i
                if i == NONE:
                    continue
            gain = reals[REMAINING, j] * kill_probability[i, j]
            rank, level = -gain, 0
            if algorithm < GREEDY:
                rank, level = time_to_intercept_s[i, j] if algorithm == NEAREST else float(j), ints[USED, j]
            if gain > minimum_gain and (target == NONE or level < depth or (level == depth and rank < least)):
                target, least, depth = j, rank, level
        if target == NONE:
            break
        i = ints[BEST, target]
        ints[WEAPON, count], ints[TARGET, count] = i, target
        count += 1
        ints[LEFT, i] -= 1
        ints[USED, target] += 1
        reals[REMAINING, target] *= 1.0 - kill_probability[i, target]
    return count
