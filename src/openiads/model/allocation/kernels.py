"""The compiled assignment of shots to targets, without allocation, for a battle to call at every decision."""

from openiads.kernel import Ints, Reals, kernel
from openiads.model.allocation.place import FIRST_COME, GREEDY, LOCAL_SEARCH, NEAREST, place
from openiads.model.allocation.search import search
from openiads.model.allocation.workspace import BEST, LEFT, NONE, REMAINING, TARGET, UNKNOWN, USED, WEAPON, Workspace, workspace

__all__ = ["AUTOMATIC", "FIRST_COME", "GREEDY", "LOCAL_SEARCH", "NEAREST", "REMAINING", "USED", "Workspace", "assign_kernel", "workspace"]

AUTOMATIC = -1


@kernel
def assign_kernel(
    algorithm: int, weapons: int, targets: int, value: Reals, kill_probability: Reals, time_to_intercept_s: Reals,
    shots_available: Ints, shots_limit: Ints, minimum_gain: float, exchanges: int, x: Ints, work: Workspace,
) -> float:  # fmt: skip
    """Assign by ``NEAREST``, ``FIRST_COME``, ``GREEDY`` or ``LOCAL_SEARCH`` and return the expected surviving value.

    Arrays may be larger than the problem: only the first ``weapons`` rows and ``targets`` columns count.  ``value`` (target,)
    is the value times the survival that shots already committed leave; ``kill_probability`` (weapon, target) is 0 where a shot
    is not feasible; ``time_to_intercept_s`` (weapon, target) is read by ``NEAREST`` only; ``shots_available`` (weapon,) and
    ``shots_limit`` (target,) bound the shots; a shot that saves no more than ``minimum_gain`` is not fired; ``exchanges`` is
    the effort of local search, or ``AUTOMATIC``: more for small problems, 8 for 200 shots on 100 targets.  Writes ``x`` (weapon,
    target) and ``work``.
    """
    reals, ints = work.reals, work.ints
    for i in range(weapons):
        ints[LEFT, i] = shots_available[i]
    for j in range(targets):
        reals[REMAINING, j], ints[USED, j], ints[BEST, j] = value[j], 0, UNKNOWN
    count = place(algorithm, weapons, targets, kill_probability, time_to_intercept_s, shots_limit, minimum_gain, reals, ints)
    if algorithm == LOCAL_SEARCH and targets > 0:
        for i in range(weapons):
            while ints[LEFT, i] > 0 and count < ints.shape[1]:
                ints[WEAPON, count], ints[TARGET, count] = i, NONE
                ints[LEFT, i] -= 1
                count += 1
        effort = exchanges if exchanges >= 0 else min(128, max(8, 2400 // (count + targets)))
        search(count, targets, value, kill_probability, shots_limit, minimum_gain, effort, reals, ints)
    for i in range(weapons):
        for j in range(targets):
            x[i, j] = 0
    for s in range(count):
        if ints[TARGET, s] >= 0:
            x[ints[WEAPON, s], ints[TARGET, s]] += 1
    total = 0.0
    for j in range(targets):
        total += reals[REMAINING, j]
    return total
