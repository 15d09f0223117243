"""Compiled assignment of shots to targets, without allocation, so that a battle can call it at every decision.

All kernels share one convention.  Arrays may be larger than the problem: only the first ``weapons`` rows and ``targets``
columns are read or written.  ``value`` (target,) is the value already multiplied by the survival that committed shots
leave; ``kill_probability`` (weapon, target) is 0 where a shot is not feasible; ``x`` (weapon, target) receives the shots.
Each returns the expected surviving value.  Ties go to the lower target index, then to the lower weapon index.
"""

import math
from typing import NamedTuple

import numpy as np

from openiads.kernel import Flags, Ints, Reals, kernel

NEAREST = 0
FIRST_COME = 1
GREEDY = 2
LOCAL_SEARCH = 3

EXCHANGES = 16
_RELATIVE_TOLERANCE = 1e-12


class Workspace(NamedTuple):
    """Scratch arrays of the kernels; after a call ``remaining``, ``used`` and ``left`` describe the result."""

    remaining: Reals  # (target,) expected surviving value
    used: Ints  # (target,) shots placed
    left: Ints  # (weapon,) shots not placed
    best: Ints  # (target,) best weapon that has shots left, or -1
    shot_weapon: Ints  # (shot,)
    shot_target: Ints  # (shot,)
    without: Reals  # (shot,) surviving value of its target if this shot were not fired
    slot: Ints  # (target,) shot taken out for an exchange, or -1
    slot_value: Reals  # (target,) surviving value of the target without it
    column: Ints  # (target + 1,) row matched to each column, counted from 1
    previous: Ints  # (target + 1,)
    price_row: Reals  # (target + 1,)
    price_column: Reals  # (target + 1,)
    distance: Reals  # (target + 1,)
    reached: Flags  # (target + 1,)


def workspace(weapons: int, targets: int, shots: int) -> Workspace:
    """Allocate scratch arrays for problems of at most this size.

    Parameters
    ----------
    weapons, targets : int
        Largest problem.
    shots : int
        Largest number of shots that one answer may hold; local search leaves a larger answer as greedy made it.

    Returns
    -------
    Workspace
        Arrays to pass to the kernels again and again.
    """
    w, t, s = max(weapons, 1), max(targets, 1), max(shots, 1)
    ints, reals = (lambda n: np.zeros(n, np.int64)), (lambda n: np.zeros(n, np.float64))
    return Workspace(
        reals(t), ints(t), ints(w), ints(t), ints(s), ints(s), reals(s), ints(t), reals(t),
        ints(t + 1), ints(t + 1), reals(t + 1), reals(t + 1), reals(t + 1), np.zeros(t + 1, np.bool_),
    )  # fmt: skip


@kernel
def _clear(weapons: int, targets: int, value: Reals, shots_available: Ints, x: Ints, work: Workspace) -> None:
    for i in range(weapons):
        work.left[i] = shots_available[i]
        for j in range(targets):
            x[i, j] = 0
    for j in range(targets):
        work.remaining[j] = value[j]
        work.used[j] = 0


@kernel
def _fire(weapon: int, target: int, kill_probability: Reals, x: Ints, work: Workspace) -> None:
    x[weapon, target] += 1
    work.left[weapon] -= 1
    work.used[target] += 1
    work.remaining[target] *= 1.0 - kill_probability[weapon, target]


@kernel
def _total(targets: int, work: Workspace) -> float:
    total = 0.0
    for j in range(targets):
        total += work.remaining[j]
    return total


@kernel
def ranked_kernel(
    weapons: int, targets: int, value: Reals, kill_probability: Reals, rank: Reals, by_target: bool,
    shots_available: Ints, shots_limit: Ints, x: Ints, work: Workspace,
) -> float:  # fmt: skip
    """Place shots by rule, without looking at their worth: every target gets its first shot before any gets its second.

    With ``by_target`` targets are served in index order (first come) and take the feasible weapon of highest kill
    probability; otherwise the feasible pair with the least ``rank`` (weapon, target), a time to intercept, is next.
    """
    _clear(weapons, targets, value, shots_available, x, work)
    depth = 0
    while True:
        weapon, target, least, deeper = -1, -1, math.inf, False
        for j in range(targets):
            if work.used[j] < depth or work.used[j] >= shots_limit[j] or (by_target and target >= 0):
                continue
            for i in range(weapons):
                if work.left[i] > 0 and kill_probability[i, j] > 0.0:
                    key = -kill_probability[i, j] if by_target else rank[i, j]
                    if work.used[j] > depth:
                        deeper = True
                    elif key < least:
                        weapon, target, least = i, j, key
        if target >= 0:
            _fire(weapon, target, kill_probability, x, work)
        elif deeper:
            depth += 1
        else:
            return _total(targets, work)


@kernel
def _best_weapon(weapons: int, target: int, kill_probability: Reals, left: Ints) -> int:
    best, most = -1, 0.0
    for i in range(weapons):
        if left[i] > 0 and kill_probability[i, target] > most:
            best, most = i, kill_probability[i, target]
    return best


@kernel
def greedy_kernel(
    weapons: int, targets: int, value: Reals, kill_probability: Reals, shots_available: Ints, shots_limit: Ints,
    minimum_gain: float, x: Ints, work: Workspace,
) -> float:  # fmt: skip
    """Place each next shot where it lowers the surviving value most, while it lowers it by more than ``minimum_gain``."""
    _clear(weapons, targets, value, shots_available, x, work)
    for j in range(targets):
        work.best[j] = _best_weapon(weapons, j, kill_probability, work.left)
    while True:
        target, most = -1, minimum_gain
        for j in range(targets):
            if work.best[j] >= 0 and work.used[j] < shots_limit[j]:
                if work.left[work.best[j]] == 0:
                    work.best[j] = _best_weapon(weapons, j, kill_probability, work.left)
                    if work.best[j] < 0:
                        continue
                gain = work.remaining[j] * kill_probability[work.best[j], j]
                if gain > most:
                    target, most = j, gain
        if target < 0:
            return _total(targets, work)
        _fire(work.best[target], target, kill_probability, x, work)


@kernel
def _refresh(target: int, count: int, value: float, kill_probability: Reals, work: Workspace) -> None:
    """Recompute ``remaining`` of one target and ``without`` of its shots, by products and never by division."""
    ahead = value
    for s in range(count):
        if work.shot_target[s] == target:
            work.without[s] = ahead
            ahead *= 1.0 - kill_probability[work.shot_weapon[s], target]
    work.remaining[target] = ahead
    behind = 1.0
    for s in range(count - 1, -1, -1):
        if work.shot_target[s] == target:
            work.without[s] *= behind
            behind *= 1.0 - kill_probability[work.shot_weapon[s], target]


@kernel
def _list_shots(weapons: int, targets: int, shots_available: Ints, x: Ints, work: Workspace) -> int:
    """Write the shots of ``x`` one by one and count them; -1 when they do not fit."""
    count = 0
    for j in range(targets):
        work.used[j] = 0
    for i in range(weapons):
        work.left[i] = shots_available[i]
        for j in range(targets):
            work.left[i] -= x[i, j]
            work.used[j] += x[i, j]
            for _ in range(x[i, j]):
                if count == work.shot_weapon.shape[0]:
                    return -1
                work.shot_weapon[count] = i
                work.shot_target[count] = j
                count += 1
    return count


@kernel
def _improve_shot(
    a: int, count: int, weapons: int, targets: int, value: Reals, p: Reals, shots_limit: Ints, tolerance: float, work: Workspace
) -> bool:
    """Change one shot: an idle weapon instead, or another target, or its weapon exchanged with that of another shot."""
    i, j = work.shot_weapon[a], work.shot_target[a]
    least, kind, other = -tolerance, 0, -1
    without = work.without[a]
    now = without * p[i, j]
    for k in range(weapons):
        if work.left[k] > 0 and now - without * p[k, j] < least:
            least, kind, other = now - without * p[k, j], 1, k
    for m in range(targets):
        if m != j and work.used[m] < shots_limit[m] and now - work.remaining[m] * p[i, m] < least:
            least, kind, other = now - work.remaining[m] * p[i, m], 2, m
    for b in range(a + 1, count):
        k, m = work.shot_weapon[b], work.shot_target[b]
        if m != j:
            change = now + work.without[b] * p[k, m] - without * p[k, j] - work.without[b] * p[i, m]
            if change < least and p[k, j] > 0.0 and p[i, m] > 0.0:
                least, kind, other = change, 3, b
    if kind == 0:
        return False
    if kind == 1:
        work.left[i] += 1
        work.left[other] -= 1
        work.shot_weapon[a] = other
    elif kind == 2:
        work.used[j] -= 1
        work.used[other] += 1
        work.shot_target[a] = other
        _refresh(other, count, value[other], p, work)
    else:
        work.shot_weapon[a], work.shot_weapon[other] = work.shot_weapon[other], i
        _refresh(work.shot_target[other], count, value[work.shot_target[other]], p, work)
    _refresh(j, count, value[j], p, work)
    return True


@kernel
def _match(rows: int, columns: int, p: Reals, work: Workspace) -> None:
    """Match each shot taken out to one slot so that the surviving value is least (successive shortest paths).

    Row r (from 1) is the shot ``best[r - 1]``; column c is target c - 1; the cost of a pair is minus what the shot would save.
    """
    for c in range(columns + 1):
        work.column[c] = 0
        work.price_column[c] = 0.0
        work.price_row[c] = 0.0
    for row in range(1, rows + 1):
        work.column[0] = row
        for c in range(columns + 1):
            work.distance[c] = math.inf
            work.reached[c] = False
        here = 0
        while work.column[here] != 0:
            work.reached[here] = True
            r = work.column[here]
            weapon = work.shot_weapon[work.best[r - 1]]
            step, following = math.inf, 0
            for c in range(1, columns + 1):
                if not work.reached[c]:
                    cost = -work.slot_value[c - 1] * p[weapon, c - 1] - work.price_row[r] - work.price_column[c]
                    if cost < work.distance[c]:
                        work.distance[c] = cost
                        work.previous[c] = here
                    if work.distance[c] < step:
                        step, following = work.distance[c], c
            for c in range(columns + 1):
                if work.reached[c]:
                    work.price_row[work.column[c]] += step
                    work.price_column[c] -= step
                else:
                    work.distance[c] -= step
            here = following
        while here != 0:
            work.column[here] = work.column[work.previous[here]]
            here = work.previous[here]


@kernel
def _exchange(turn: int, count: int, targets: int, value: Reals, p: Reals, shots_limit: Ints, work: Workspace) -> int:
    """Take one shot out of each target and give all of them back at once in the best way; never worse.

    Which shot of a target goes, or that none goes and the target offers one more slot, changes with ``turn``.  Returns the
    number of shots, smaller when a shot found no use.
    """
    for j in range(targets):
        choices = work.used[j] + (1 if work.used[j] < shots_limit[j] and turn % 4 == 3 else 0)
        work.best[j] = ((j + 1) * (turn * 7919 + 104729) >> 3) % choices if choices > 0 else -1
        work.slot[j] = -1
        work.slot_value[j] = work.remaining[j] if work.used[j] < shots_limit[j] else 0.0
        work.distance[j] = 0.0
    for s in range(count):  # distance counts the shots met per target, best holds the ordinal that goes
        j = work.shot_target[s]
        if work.distance[j] == work.best[j]:
            work.slot[j] = s
            work.slot_value[j] = work.without[s]
        work.distance[j] += 1.0
    rows = 0
    for j in range(targets):
        if work.slot[j] >= 0:
            work.best[rows] = work.slot[j]
            rows += 1
    _match(rows, targets, p, work)
    for c in range(1, targets + 1):
        if work.column[c] > 0:
            shot = work.best[work.column[c] - 1]
            work.used[work.shot_target[shot]] -= 1
            if work.slot_value[c - 1] * p[work.shot_weapon[shot], c - 1] > 0.0:
                work.shot_target[shot] = c - 1
                work.used[c - 1] += 1
            else:
                work.shot_target[shot] = -1
                work.left[work.shot_weapon[shot]] += 1
    kept = 0
    for s in range(count):
        if work.shot_target[s] >= 0:
            work.shot_weapon[kept], work.shot_target[kept] = work.shot_weapon[s], work.shot_target[s]
            kept += 1
    for j in range(targets):
        _refresh(j, kept, value[j], p, work)
    return kept


@kernel
def _insert(weapons: int, targets: int, count: int, p: Reals, shots_limit: Ints, minimum_gain: float, work: Workspace) -> bool:
    """Fire one idle weapon where it saves most, if that is more than ``minimum_gain`` and the list has room."""
    weapon, target, most = -1, -1, minimum_gain
    if count < work.shot_weapon.shape[0]:
        for i in range(weapons):
            if work.left[i] > 0:
                for j in range(targets):
                    if work.used[j] < shots_limit[j] and work.remaining[j] * p[i, j] > most:
                        weapon, target, most = i, j, work.remaining[j] * p[i, j]
    if weapon < 0:
        return False
    work.shot_weapon[count], work.shot_target[count] = weapon, target
    work.left[weapon] -= 1
    work.used[target] += 1
    return True


@kernel
def _settle(
    count: int, weapons: int, targets: int, value: Reals, p: Reals, shots_limit: Ints, minimum_gain: float, tolerance: float, work: Workspace
) -> int:
    """Improve shot after shot until no single change helps; return the number of shots."""
    unchanged, a = 0, 0
    while True:
        while _insert(weapons, targets, count, p, shots_limit, minimum_gain + tolerance, work):
            count += 1
            _refresh(work.shot_target[count - 1], count, value[work.shot_target[count - 1]], p, work)
            unchanged = 0
        if unchanged >= count:
            return count
        if _improve_shot(a, count, weapons, targets, value, p, shots_limit, tolerance, work):
            unchanged = 0
        else:
            unchanged += 1
            a = (a + 1) % count


@kernel
def local_search_kernel(
    weapons: int, targets: int, value: Reals, kill_probability: Reals, shots_available: Ints, shots_limit: Ints,
    minimum_gain: float, exchanges: int, x: Ints, work: Workspace,
) -> float:  # fmt: skip
    """Improve the feasible answer in ``x`` by moves and swaps to a local optimum, then by up to ``exchanges`` exchanges of one
    shot of every target at once, each followed by moves and swaps.
    """
    count = _list_shots(weapons, targets, shots_available, x, work)
    tolerance = 0.0
    for j in range(targets):
        tolerance += _RELATIVE_TOLERANCE * value[j]
        if count >= 0:
            _refresh(j, count, value[j], kill_probability, work)
    if count < 0:
        return _total(targets, work)
    for turn in range(exchanges + 1):
        count = _settle(count, weapons, targets, value, kill_probability, shots_limit, minimum_gain, tolerance, work)
        if turn < exchanges:
            count = _exchange(turn, count, targets, value, kill_probability, shots_limit, work)
    for i in range(weapons):
        for j in range(targets):
            x[i, j] = 0
    for s in range(count):
        x[work.shot_weapon[s], work.shot_target[s]] += 1
    return _total(targets, work)


@kernel
def assign_kernel(
    algorithm: int, weapons: int, targets: int, value: Reals, kill_probability: Reals, time_to_intercept: Reals,
    shots_available: Ints, shots_limit: Ints, minimum_gain: float, exchanges: int, x: Ints, work: Workspace,
) -> float:  # fmt: skip
    """Assign by ``NEAREST``, ``FIRST_COME``, ``GREEDY`` or ``LOCAL_SEARCH``: the one call that a battle needs."""
    if algorithm == NEAREST or algorithm == FIRST_COME:
        by_target = algorithm == FIRST_COME
        return ranked_kernel(weapons, targets, value, kill_probability, time_to_intercept, by_target, shots_available, shots_limit, x, work)
    total = greedy_kernel(weapons, targets, value, kill_probability, shots_available, shots_limit, minimum_gain, x, work)
    if algorithm == LOCAL_SEARCH:
        total = local_search_kernel(weapons, targets, value, kill_probability, shots_available, shots_limit, minimum_gain, exchanges, x, work)
    return total
