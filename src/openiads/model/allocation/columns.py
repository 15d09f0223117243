"""The optimum by column generation: each column is a whole set of shots for one target.

Prices are first brought near their optimum by subgradient steps, then by a linear program over the columns met; the columns
met are combined by a mixed-integer program.  The bound is that of ``prices``: it holds whatever the solver did.  Where the two
do not meet, every column that a better answer could use is listed and the program over those decides.
"""

import time
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array

from openiads.kernel import Ints, Reals
from openiads.model.allocation.prices import Priced, priced, sets_within
from openiads.model.allocation.problems import Allocation, Problem, objective, surviving_value

_STEPS = 200
_PATIENCE = 8
_SMOOTHING = 0.5
_KEEP = 30_000
_LISTED = 200_000

Column = tuple[int, tuple[int, ...]]


class Solved(NamedTuple):
    """An answer and the prices that prove its bound."""

    allocation: Allocation
    prices: Reals  # (weapon,)
    columns: int
    rounds: int  # linear programs solved


def columns(problem: Problem, start: Ints, *, time_limit_s: float = 60.0, gap: float = 1e-6) -> Solved:
    """Solve by column generation to a relative gap, or as far as the relaxation or the time allows.

    Parameters
    ----------
    problem : Problem
        Any problem; 200 weapons on 100 targets take seconds.
    start : Ints (weapon, target)
        A feasible answer, as good as is cheap.
    time_limit_s : float
        Wall-clock limit of the pricing; the last mixed-integer program may take as long again [s].
    gap : float
        Relative gap between linear program and bound at which pricing stops.

    Returns
    -------
    Solved
        The best answer found with its proven bound, and the prices that anyone can check it by.

    Notes
    -----
    Limits: where the columns to be listed are too many the answer may miss the optimum by the gap of the linear relaxation,
    usually far below 0.1 %; the bound says so.
    Source: [fisher-2004] for the bound and the subgradient steps, [pessoa-2013] for the smoothing of prices, [ni-2011] for an
    earlier Lagrangian method on this problem; pricing whole sets exactly is own work.
    """
    end = time.monotonic() + time_limit_s
    pool = _Pool(problem)
    pool.add_answer(start)
    prices, bound = _subgradient(problem, start, pool, end)
    prices, bound, rounds = _generate(problem, pool, prices, bound, end, gap)
    best, _ = _better(problem, start, pool, time_limit_s, gap)
    least = objective(problem, best)
    if least - bound > gap * least:
        listed = sets_within(problem, prices, least - bound, _LISTED // problem.value.size)
        if listed is not None:
            best, proven = _better(problem, best, _Pool(problem, listed), time_limit_s, gap)
            least = objective(problem, best)
            bound = max(bound, min(proven, least))
    answer = Allocation(best, surviving_value(problem, best), float(min(max(bound, 0.0), least)))
    return Solved(answer, prices, len(pool.cost), rounds)


def _better(problem: Problem, best: Ints, pool: "_Pool", time_limit_s: float, gap: float) -> tuple[Ints, float]:
    """Return the better of an answer and the best combination of columns, and the bound of the latter."""
    x, bound = pool.combine(time_limit_s, 0.1 * gap)
    return (x if x is not None and objective(problem, x) < objective(problem, best) else best), bound


def _subgradient(problem: Problem, start: Ints, pool: "_Pool", end: float) -> tuple[Reals, float]:
    """Raise the bound by Polyak steps from a third of what each weapon saves now; return the best prices and bound."""
    least = objective(problem, start)
    remaining = problem.exposed_value * np.prod((1.0 - problem.kill_probability) ** start, axis=0)
    without = remaining / np.maximum(1.0 - problem.kill_probability, 1e-12)
    prices = 0.35 * np.max(np.where(start > 0, without * problem.kill_probability, 0.0), axis=1, initial=0.0)
    best, bound, pace, idle = prices, -np.inf, 1.0, 0
    for _ in range(_STEPS):
        answer = priced(problem, prices)
        pool.add_sets(answer)
        if answer.bound > bound:
            best, bound, idle = prices, answer.bound, 0
        else:
            idle += 1
        slack = np.bincount(_weapons(answer), minlength=prices.size) - problem.shots_available
        steepness = float(slack @ slack)
        if steepness == 0 or least - bound <= 1e-9 * least or time.monotonic() > end:
            break
        if idle == _PATIENCE:
            pace, idle, prices = 0.6 * pace, 0, best
        else:
            prices = np.maximum(prices + pace * (least - answer.bound) / steepness * slack, 0.0)
    return best, bound


def _generate(problem: Problem, pool: "_Pool", prices: Reals, bound: float, end: float, gap: float) -> tuple[Reals, float, int]:
    """Solve the linear program over the pool and price again until bound and program meet."""
    rounds = 0
    while time.monotonic() < end:
        value, duals, worth = pool.relax()
        rounds += 1
        if value - bound <= gap * abs(value):
            break
        for share in (_SMOOTHING, 0.0):
            trial = share * prices + (1.0 - share) * duals
            answer = priced(problem, trial)
            if answer.bound > bound:
                prices, bound = trial, answer.bound
            if pool.add_sets(answer, duals, worth):
                break
        else:
            break
    return prices, bound, rounds


def _weapons(answer: Priced) -> Ints:
    return np.asarray(answer.weapon[np.arange(answer.weapon.shape[1]) < answer.size[:, None]])


class _Pool:
    """The columns met so far, each with its cost."""

    def __init__(self, problem: Problem, listed: Iterable[Column] = ()) -> None:
        self.problem = problem
        self.cost: dict[Column, float] = {(j, ()): float(v) for j, v in enumerate(problem.exposed_value)}
        for j, weapons in listed:
            self._add(j, weapons)

    def add_answer(self, x: Ints) -> None:
        """Add the set of shots that an answer gives to each target."""
        for j in range(x.shape[1]):
            self._add(j, tuple(np.repeat(np.arange(x.shape[0]), x[:, j]).tolist()))

    def add_sets(self, answer: Priced, duals: Reals | None = None, worth: Reals | None = None) -> int:
        """Add the sets that prices found, given duals only those that help the linear program, and count them."""
        added = 0
        if duals is None and len(self.cost) > _KEEP:
            return 0
        for j, size in enumerate(answer.size.tolist()):
            weapons = tuple(sorted(answer.weapon[j, :size].tolist()))
            if duals is not None and worth is not None:
                helps = worth[j] - self._cost(j, weapons) - float(duals[list(weapons)].sum())
                if helps <= 1e-9 * max(1.0, abs(float(worth[j]))):
                    continue
            added += self._add(j, weapons)
        return added

    def _cost(self, j: int, weapons: tuple[int, ...]) -> float:
        survival = np.prod(1.0 - self.problem.kill_probability[list(weapons), j])
        return float(self.problem.exposed_value[j] * survival + self.problem.minimum_gain * len(weapons))

    def _add(self, j: int, weapons: tuple[int, ...]) -> bool:
        if (j, weapons) in self.cost:
            return False
        self.cost[j, weapons] = self._cost(j, weapons)
        return True

    def _matrices(self) -> tuple[Any, Any, Reals]:
        weapons, targets = self.problem.kill_probability.shape
        used = [(i, n) for n, (_, chosen) in enumerate(self.cost) for i in chosen]
        row, column = np.array(used, np.int64).T if used else np.zeros((2, 0), np.int64)
        size = len(self.cost)
        by_weapon = csc_array((np.ones(row.size), (row, column)), shape=(weapons, size))
        by_target = csc_array((np.ones(size), (np.array([j for j, _ in self.cost]), np.arange(size))), shape=(targets, size))
        return by_weapon, by_target, np.array(list(self.cost.values()))

    def relax(self) -> tuple[float, Reals, Reals]:
        """Solve the linear program; return its value, the price of each weapon's shot and the worth of each target."""
        by_weapon, by_target, cost = self._matrices()
        found = linprog(
            cost, A_ub=by_weapon, b_ub=self.problem.shots_available, A_eq=by_target, b_eq=np.ones(by_target.shape[0]), method="highs"
        )
        return float(found.fun or 0.0), np.maximum(-found.ineqlin.marginals, 0.0), np.asarray(found.eqlin.marginals)

    def combine(self, time_limit_s: float, gap: float) -> tuple[Ints | None, float]:
        """Choose one column for each target by mixed-integer programming; return the answer found in time and the bound."""
        by_weapon, by_target, cost = self._matrices()
        found = milp(
            cost,
            constraints=[LinearConstraint(by_weapon, -np.inf, self.problem.shots_available), LinearConstraint(by_target, 1.0, 1.0)],
            integrality=np.ones(cost.size, np.int64),
            bounds=Bounds(0.0, 1.0),
            options={"time_limit": time_limit_s, "mip_rel_gap": gap},
        )
        bound = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
        if found.x is None:
            return None, bound
        x = np.zeros(self.problem.kill_probability.shape, np.int64)
        for taken, (j, weapons) in zip(found.x, self.cost, strict=True):
            if taken > 0.5:
                x[:, j] = np.bincount(np.array(weapons, np.int64), minlength=len(x))
        return x, bound
