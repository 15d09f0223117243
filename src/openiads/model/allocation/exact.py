"""The exact optimum with HiGHS: linear assignment for one shot a target, tangent cuts for any number.

The tangent method writes the survival of target j as V exp(-s), s = sum of x * -log(1 - p).  A tangent of this convex function
lies below it, so a mixed-integer program with tangents bounds the optimum from below; tangents are added where its answer
touched them until the bound meets the best answer.
"""

import time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array, csr_array, vstack

from openiads.kernel import Ints, Reals
from openiads.model.allocation.problems import Allocation, Problem, objective, surviving_value

_CERTAIN = 1.0 - 1e-12
_FIRST_TANGENTS = 12


def linear(problem: Problem) -> Allocation:
    """Assign at most one shot to each target so that the surviving value is least.

    Parameters
    ----------
    problem : Problem
        Any problem.

    Returns
    -------
    Allocation
        The optimum among answers with one shot a target; its lower bound is stated where no target may get more than one.

    Notes
    -----
    Limits: where a second shot pays, the answer is not the optimum, and idle shots stay idle.
    """
    weapons, targets = problem.kill_probability.shape
    copies = np.repeat(np.arange(weapons), np.minimum(problem.shots_available, targets))
    gain = problem.kill_probability * problem.exposed_value - problem.minimum_gain
    gain = np.where((problem.kill_probability > 0) & (problem.shots_limit > 0), np.maximum(gain, 0.0), 0.0)
    rows, columns = linear_sum_assignment(gain[copies], maximize=True)
    x = np.zeros((weapons, targets), np.int64)
    np.add.at(x, (copies[rows], columns), gain[copies[rows], columns] > 0.0)
    bound = objective(problem, x) if problem.shots_limit.max(initial=0) <= 1 else None
    return Allocation(x, surviving_value(problem, x), bound)


def exact(problem: Problem, *, start: Ints | None = None, time_limit_s: float = 60.0, gap: float = 1e-7) -> Allocation:
    """Solve by tangent cuts to a relative gap or until the time is up.

    Parameters
    ----------
    problem : Problem
        Any problem; up to about 50 weapons on 100 targets, or 100 on 50, it is solved in seconds.
    start : Ints (weapon, target), optional
        A feasible answer: its tangents are the first.
    time_limit_s : float
        Wall-clock limit [s].
    gap : float
        Relative gap at which the answer counts as proven.

    Returns
    -------
    Allocation
        The best answer found and the proven lower bound of the objective.

    Notes
    -----
    Limits: a kill probability of 1 is treated as 1 - 1e-12; HiGHS works to feasibility tolerances of about 1e-7.
    Source: own derivation; the logarithm makes the exponent linear, and tangents of a convex function lie below it.
    """
    rows, columns = np.nonzero((problem.kill_probability > 0) & (problem.shots_limit > 0) & (problem.shots_available[:, None] > 0))
    program = _Program(problem, rows, columns)
    best = np.zeros(problem.kill_probability.shape, np.int64) if start is None else start.copy()
    least, bound = objective(problem, best), -np.inf
    program.spread(program.depth(best))
    end = time.monotonic() + time_limit_s
    while (left_s := end - time.monotonic()) > 0.0 and least - bound > gap * abs(least):
        x, proven = program.solve(left_s, 0.5 * gap)
        bound = max(bound, proven)
        if x is None:
            break
        if objective(problem, x) < least:
            best, least = x, objective(problem, x)
        if not program.add(program.depth(x)):
            break
    return Allocation(best, surviving_value(problem, best), float(min(max(bound, 0.0), least)))


class _Program:
    """The growing mixed-integer program: shots of each feasible pair, then the survival of each target."""

    def __init__(self, problem: Problem, rows: Ints, columns: Ints) -> None:
        self.problem, self.rows, self.columns = problem, rows, columns
        self.pairs, (self.weapons, self.targets) = rows.size, problem.kill_probability.shape
        self.hardness = -np.log1p(-np.minimum(problem.kill_probability, _CERTAIN))
        pair = np.arange(self.pairs)
        width = self.pairs + self.targets
        by_weapon = coo_array((np.ones(self.pairs), (rows, pair)), shape=(self.weapons, width))
        by_target = coo_array((np.ones(self.pairs), (columns, pair)), shape=(self.targets, width))
        self.matrix = csr_array(vstack([by_weapon, by_target]))
        self.low = np.full(self.weapons + self.targets, -np.inf)
        self.high = np.concatenate([problem.shots_available, problem.shots_limit]).astype(np.float64)
        self.seen: set[tuple[int, float]] = set()

    def depth(self, x: Ints) -> Reals:
        """Return s (target,) of an answer."""
        return np.asarray((self.hardness * x).sum(axis=0))

    def spread(self, depth: Reals) -> None:
        """Lay the first tangents evenly around a depth that is near the answer's."""
        for share in np.linspace(0.0, 2.0, _FIRST_TANGENTS):
            self.add(share * np.maximum(depth, 1.0))

    def add(self, depth: Reals) -> bool:
        """Add the tangents z + V exp(-d) s >= V exp(-d) (1 + d) that are new."""
        fresh = [j for j in range(self.targets) if (j, round(float(depth[j]), 9)) not in self.seen]
        self.seen.update((j, round(float(depth[j]), 9)) for j in fresh)
        if not fresh:
            return False
        place = np.full(self.targets, -1)
        place[fresh] = np.arange(len(fresh))
        slope = self.problem.exposed_value * np.exp(-depth)
        used = place[self.columns] >= 0
        at = self.columns[used]
        data = np.concatenate([slope[at] * self.hardness[self.rows[used], at], np.ones(len(fresh))])
        row = np.concatenate([place[at], np.arange(len(fresh))])
        column = np.concatenate([np.flatnonzero(used), self.pairs + np.array(fresh)])
        cuts = coo_array((data, (row, column)), shape=(len(fresh), self.pairs + self.targets))
        self.matrix = csr_array(vstack([self.matrix, cuts]))
        self.low = np.concatenate([self.low, (slope * (1.0 + depth))[fresh]])
        self.high = np.concatenate([self.high, np.full(len(fresh), np.inf)])
        return True

    def solve(self, time_limit_s: float, gap: float) -> tuple[Ints | None, float]:
        """Return the best answer of the program so far, or None, and the proven bound."""
        most = np.minimum(self.problem.shots_available[self.rows], self.problem.shots_limit[self.columns])
        found = milp(
            np.concatenate([np.full(self.pairs, self.problem.minimum_gain), np.ones(self.targets)]),
            constraints=LinearConstraint(self.matrix, self.low, self.high),
            integrality=np.concatenate([np.ones(self.pairs), np.zeros(self.targets)]),
            bounds=Bounds(np.zeros(self.pairs + self.targets), np.concatenate([most, np.full(self.targets, np.inf)])),
            options={"time_limit": time_limit_s, "mip_rel_gap": gap},
        )
        bound = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
        if found.x is None:
            return None, bound
        x = np.zeros((self.weapons, self.targets), np.int64)
        x[self.rows, self.columns] = np.rint(found.x[: self.pairs]).astype(np.int64)
        return x, bound
