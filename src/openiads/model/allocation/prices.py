"""A proven lower bound from prices: what each weapon's shot would cost, and the cheapest set of shots for each target.

For any prices u >= 0 the optimum is at least the sum over targets of the least V prod(1 - p) + sum of (u + minimum gain) over
sets of shots, minus the sum of u times the shots available (Lagrangian duality).  The kernel finds each least set exactly.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.kernel import Ints, Reals, allocating_kernel
from openiads.model.allocation.problems import AllocationError, Problem

_HARDEST = 60.0
_ROUNDING = 1e-12


class Priced(NamedTuple):
    """The answer to one set of prices."""

    bound: float
    cost: Reals  # (target,) cost of the cheapest set, prices included
    size: Ints  # (target,) its number of shots
    weapon: Ints  # (target, shot) its weapons


class _Terms(NamedTuple):
    """What the search needs, weapons by rising ratio of price to hardness -log(1 - p)."""

    price: Reals  # (weapon,) with the minimum gain
    survival: Reals  # (target, weapon)
    ratio: Reals  # (target, weapon)
    order: Ints  # (target, weapon)
    tail: Reals  # (target, weapon) greatest hardness from a position of the order on
    longest: int


@allocating_kernel
def branch(
    bar: float, listing: bool, value: float, survival: Reals, price: Reals, ratio: Reals, order: Ints, tail: Reals, available: Ints,
    limit: int, sets: Ints, cost: Reals, size: Ints,
) -> int:  # fmt: skip
    """Search the sets of shots at one target that cost less than ``bar``, survival plus prices, by branch and bound.

    ``survival`` is 1 - p, ``ratio`` price over hardness, ``order`` the weapons by rising ratio, ``tail`` the greatest hardness
    from a position of the order on (weapon,).  Below a node the cost is at least that of buying hardness in any amount at the
    next ratio.  Writes every set when ``listing``, or else the cheapest alone, as a row of ``sets`` (set, shot) with its ``cost``
    and ``size``; returns the number listed, or -1 when they are more than the rows.
    """
    weapons, found = survival.shape[0], 0
    chosen = np.zeros(sets.shape[1] + 1, np.int64)
    left = np.zeros(sets.shape[1] + 1)
    paid = np.zeros(sets.shape[1] + 1)
    left[0] = value
    depth, position, copies, fresh = 0, 0, 0, True
    while True:
        if fresh and left[depth] + paid[depth] < bar:
            if found == sets.shape[0]:
                return -1
            for d in range(depth):
                sets[found, d] = order[chosen[d]]
            cost[found], size[found] = left[depth] + paid[depth], depth
            if listing:
                found += 1
            else:
                bar = cost[0]
        while position < weapons and copies >= available[order[position]]:
            position, copies = position + 1, 0
        deeper = position < weapons and depth < limit
        if deeper:
            slope, room = ratio[order[position]], (limit - depth) * tail[position]
            amount = math.log(left[depth] / slope) if 0.0 < slope < left[depth] else room
            if slope >= left[depth]:
                least = paid[depth] + left[depth] if slope < math.inf else math.inf
            elif amount < room:
                least = paid[depth] + slope * (1.0 + amount)
            else:
                least = paid[depth] + left[depth] * math.exp(-room) + slope * room
            deeper = least < bar
        if deeper:
            i = order[position]
            chosen[depth] = position
            left[depth + 1] = left[depth] * survival[i]
            paid[depth + 1] = paid[depth] + price[i]
            depth, copies, fresh = depth + 1, copies + 1, True
        elif depth == 0:
            return found
        else:
            depth, fresh = depth - 1, False
            position, copies = chosen[depth] + 1, 0


def priced(problem: Problem, prices: ArrayLike) -> Priced:
    """Find the cheapest set of shots for each target at given prices, and the lower bound that follows.

    Parameters
    ----------
    problem : Problem
        Any problem.
    prices : array_like (weapon,)
        Price of one shot of each weapon, not negative, in units of value.

    Returns
    -------
    Priced
        Bound and sets; the bound has an allowance for rounding taken off.

    Raises
    ------
    AllocationError
        When a price is missing or negative.

    Notes
    -----
    Source: [fisher-2004] for the bound; the enumeration is own work.
    """
    u, terms = _checked(problem, prices), _terms(problem, prices)
    targets = problem.value.size
    cost, size, sets = np.zeros(targets), np.zeros(targets, np.int64), np.zeros((targets, terms.longest), np.int64)
    for j in range(targets):
        _search(problem, terms, j, math.inf, False, sets[j : j + 1], cost[j : j + 1], size[j : j + 1])
    bound = math.fsum(cost) - math.fsum(u * problem.shots_available) - _ROUNDING * math.fsum(problem.exposed_value)
    return Priced(bound, cost, size, sets)


def sets_within(problem: Problem, prices: ArrayLike, slack: float, most: int) -> list[tuple[int, tuple[int, ...]]] | None:
    """List every (target, weapons) whose priced cost is within ``slack`` of its target's cheapest.

    No other set is part of an answer that beats the bound of these prices by less than ``slack``.

    Parameters
    ----------
    problem : Problem
        Any problem.
    prices : array_like (weapon,)
        Price of one shot of each weapon, not negative, in units of value.
    slack : float
        Difference between a known objective and the bound of these prices.
    most : int
        Give up beyond so many sets of one target.

    Returns
    -------
    list of (int, tuple of int) or None
        Target and sorted weapons; None when there are too many.
    """
    terms, cheapest = _terms(problem, prices), priced(problem, prices).cost
    sets, cost, size = np.zeros((most, terms.longest), np.int64), np.zeros(most), np.zeros(most, np.int64)
    listed = []
    for j in range(problem.value.size):
        count = _search(problem, terms, j, float(cheapest[j]) + slack + _ROUNDING * float(problem.exposed_value[j]), True, sets, cost, size)
        if count < 0:
            return None
        listed += [(j, tuple(sorted(sets[n, : size[n]].tolist()))) for n in range(count)]
    return listed


def lower_bound(problem: Problem, prices: ArrayLike) -> float:
    """Return the lower bound of the objective that given prices prove.

    Parameters
    ----------
    problem : Problem
        Any problem.
    prices : array_like (weapon,)
        Price of one shot of each weapon, not negative, in units of value.

    Returns
    -------
    float
        No answer has a smaller objective.
    """
    return priced(problem, prices).bound


def _checked(problem: Problem, prices: ArrayLike) -> Reals:
    u = np.array(prices, np.float64)
    weapons = problem.kill_probability.shape[0]
    if u.shape != (weapons,) or not np.all((u >= 0) & np.isfinite(u)):
        raise AllocationError(f"prices: shape {u.shape}, least {u.min(initial=0.0)}; give {weapons} finite numbers >= 0")
    return u


def _terms(problem: Problem, prices: ArrayLike) -> _Terms:
    price = np.array(prices, np.float64) + problem.minimum_gain
    p = np.ascontiguousarray(problem.kill_probability.T)
    survival = 1.0 - p
    hardness = np.minimum(-np.log(np.maximum(survival, math.exp(-_HARDEST))), _HARDEST)
    ratio = np.where(p > 0, price / np.maximum(hardness, 1e-300), np.inf)
    order = np.lexsort((-p, ratio), axis=1)
    backwards = np.take_along_axis(hardness, order, axis=1)[:, ::-1]
    tail = np.ascontiguousarray(np.maximum.accumulate(backwards, axis=1)[:, ::-1])
    longest = int(min(problem.shots_limit.max(initial=0), problem.shots_available.sum()))
    return _Terms(price, survival, ratio, order, tail, longest)


def _search(problem: Problem, terms: _Terms, j: int, bar: float, listing: bool, sets: Ints, cost: Reals, size: Ints) -> int:
    return branch(
        bar, listing, float(problem.exposed_value[j]), terms.survival[j], terms.price, terms.ratio[j], terms.order[j], terms.tail[j],
        problem.shots_available, int(problem.shots_limit[j]), sets, cost, size,
    )  # fmt: skip
