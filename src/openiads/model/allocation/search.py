"""Local search over a placed answer: moves, swaps, and exchanges of one shot of every target at once."""

import math

from openiads.kernel import Ints, Reals, kernel
from openiads.model.allocation.workspace import (
    BEST,
    DISTANCE,
    HOLDER,
    NONE,
    OFFER,
    ORDINAL,
    PREVIOUS,
    PRICE,
    REACHED,
    REMAINING,
    TARGET,
    USED,
    WANT,
    WEAPON,
    WITHOUT,
)

_RELATIVE_TOLERANCE = 1e-12
_OPENING_PRICE = 0.88  # any prices are right; those near a good shot's gain make the match short


@kernel
def refresh(target: int, count: int, value: float, p: Reals, reals: Reals, ints: Ints) -> None:
    """Recompute REMAINING and USED of one target and WITHOUT of its units, by products and never by division."""
    ahead, used = value, 0
    for s in range(count):
        if ints[TARGET, s] == target:
            reals[WITHOUT, s] = ahead
            ahead *= 1.0 - p[ints[WEAPON, s], target]
            used += 1
    reals[REMAINING, target] = ahead
    ints[USED, target] = used
    behind = 1.0
    for s in range(count - 1, -1, -1):
        if ints[TARGET, s] == target:
            reals[WITHOUT, s] *= behind
            behind *= 1.0 - p[ints[WEAPON, s], target]


@kernel
def improve(
    a: int, count: int, targets: int, value: Reals, p: Reals, shots_limit: Ints, minimum_gain: float, tolerance: float,
    reals: Reals, ints: Ints,
) -> bool:  # fmt: skip
    """Make the best change of one unit, if any helps: to another target, to idle, or its target swapped with another unit's."""
    i, j = ints[WEAPON, a], ints[TARGET, a]
    column = max(j, 0)
    without = reals[WITHOUT, a] if j >= 0 else 0.0
    now = without * p[i, column] if j >= 0 else minimum_gain
    most, place, other = tolerance, j, NONE
    if minimum_gain - now > most:
        most, place = minimum_gain - now, NONE
    for m in range(targets):
        if m != j and ints[USED, m] < shots_limit[m] and reals[REMAINING, m] * p[i, m] - now > most:
            most, place = reals[REMAINING, m] * p[i, m] - now, m
    for b in range(count):
        k, m = ints[WEAPON, b], ints[TARGET, b]
        gain = without * (p[k, column] - p[i, column])
        if m >= 0:
            gain += reals[WITHOUT, b] * (p[i, m] - p[k, m])
        if gain > most and m != j and (j < 0 or p[k, column] > 0.0) and (m < 0 or p[i, m] > 0.0):
            most, place, other = gain, m, b
    if place == j:
        return False
    ints[TARGET, a] = place
    if other >= 0:
        ints[TARGET, other] = j
    for side in range(2):
        m = place if side == 0 else j
        if m >= 0:
            refresh(m, count, value[m], p, reals, ints)
    return True


@kernel
def match(targets: int, p: Reals, minimum_gain: float, reals: Reals, ints: Ints) -> None:
    """Give each column (a target) one row (a unit of BEST, or nothing) so that the offers lose most, less the shots' price; writes HOLDER.

    Successive shortest augmenting paths with prices; rows and columns count from 1 and are equal in number.
    """
    for c in range(targets + 1):
        ints[HOLDER, c] = 0
        reals[WANT, c] = 0.0
    for row in range(1, targets + 1):
        ints[HOLDER, 0] = row
        for c in range(targets + 1):
            reals[DISTANCE, c] = math.inf
            ints[REACHED, c] = 0
        here, far = 0, 0.0
        while here == 0 or ints[HOLDER, here] != 0:
            ints[REACHED, here] = 1
            reals[DISTANCE, here] = far
            r = ints[HOLDER, here]
            unit = ints[BEST, r - 1]
            weapon = ints[WEAPON, max(unit, 0)]
            base = far - reals[WANT, r]
            nearest, following = math.inf, 0
            for c in range(1, targets + 1):
                if ints[REACHED, c] == 0:
                    gain = max(reals[OFFER, c - 1] * p[weapon, c - 1] - minimum_gain, 0.0) if unit >= 0 else 0.0
                    cost = base - gain - reals[PRICE, c]
                    if cost < reals[DISTANCE, c]:
                        reals[DISTANCE, c] = cost
                        ints[PREVIOUS, c] = here
                    if reals[DISTANCE, c] < nearest:
                        nearest, following = reals[DISTANCE, c], c
            here, far = following, nearest
        for c in range(targets + 1):
            if ints[REACHED, c] != 0:
                reals[WANT, ints[HOLDER, c]] += far - reals[DISTANCE, c]
                reals[PRICE, c] -= far - reals[DISTANCE, c]
        while here != 0:
            ints[HOLDER, here] = ints[HOLDER, ints[PREVIOUS, here]]
            here = ints[PREVIOUS, here]


@kernel
def exchange(turn: int, count: int, targets: int, p: Reals, shots_limit: Ints, minimum_gain: float, reals: Reals, ints: Ints) -> None:
    """Take one unit out of each target and bind all of them, and idle ones, anew in the best way; writes TARGET only.

    Which of its units a target gives up changes with ``turn`` by a fixed rule.
    """
    state = turn
    for j in range(targets):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        used = ints[USED, j]
        choices = used + (turn % 2 == 0 and used < shots_limit[j])
        ints[ORDINAL, j] = (state >> 16) % choices if choices > 0 else NONE
        reals[OFFER, j] = reals[REMAINING, j] if used < shots_limit[j] else 0.0
        ints[BEST, j] = NONE
        reals[PRICE, j + 1] = -_OPENING_PRICE * reals[OFFER, j]
    rows = 0
    for bound in range(2):
        for s in range(count):
            j = ints[TARGET, s]
            if bound == 0 and j >= 0:
                if ints[ORDINAL, j] == 0:
                    reals[OFFER, j] = reals[WITHOUT, s]
                    reals[PRICE, j + 1] = -reals[WITHOUT, s] * p[ints[WEAPON, s], j]
                    ints[BEST, rows] = s
                    rows += 1
                ints[ORDINAL, j] -= 1
            if bound == 1 and j < 0 and rows < targets:
                ints[BEST, rows] = s
                rows += 1
    match(targets, p, minimum_gain, reals, ints)
    for c in range(1, targets + 1):
        unit = ints[BEST, ints[HOLDER, c] - 1]
        if unit >= 0:
            ints[TARGET, unit] = c - 1 if reals[OFFER, c - 1] * p[ints[WEAPON, unit], c - 1] > minimum_gain else NONE


@kernel
def search(
    count: int, targets: int, value: Reals, p: Reals, shots_limit: Ints, minimum_gain: float, exchanges: int,
    reals: Reals, ints: Ints,
) -> None:  # fmt: skip
    """Improve to a local optimum of moves and swaps, then ``exchanges`` times by an exchange and again to a local optimum."""
    tolerance = 0.0
    for j in range(targets):
        tolerance += _RELATIVE_TOLERANCE * value[j]
    for turn in range(exchanges + 1):
        if turn > 0:
            exchange(turn, count, targets, p, shots_limit, minimum_gain, reals, ints)
        for j in range(targets):
            refresh(j, count, value[j], p, reals, ints)
        unchanged, a = 0, 0
        while unchanged < count:
            changed = improve(a, count, targets, value, p, shots_limit, minimum_gain, tolerance, reals, ints)
            unchanged = 0 if changed else unchanged + 1
            a = (a + 1) % count
