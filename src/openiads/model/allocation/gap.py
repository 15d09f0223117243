"""How far each heuristic is from the optimum, on problems that a battle met."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from openiads.kernel import Ints
from openiads.model.allocation.algorithms import compiled
from openiads.model.allocation.columns import columns
from openiads.model.allocation.exact import exact
from openiads.model.allocation.problems import Allocation, Problem, objective

HEURISTICS = ("nearest", "first-come", "greedy", "local-search")


class Gap(NamedTuple):
    """One heuristic over all problems; gaps are relative to the proven lower bound."""

    algorithm: str
    problems: int  # those with something to decide: a positive lower bound and at least one feasible shot
    optimal: int  # of these, answers within ``tolerance`` of the bound
    mean: float
    worst: float
    total: float  # sum of objectives over sum of bounds, minus 1


def optimum(problem: Problem, *, time_limit_s: float = 10.0, gap: float = 1e-6) -> Allocation:
    """Return the best answer and bound that column generation, and if need be tangent cuts, find.

    Parameters
    ----------
    problem : Problem
        Any problem.
    time_limit_s : float
        For each of the two methods [s].
    gap : float
        Relative gap at which the answer counts as optimal.

    Returns
    -------
    Allocation
        With its proven lower bound.
    """
    first = columns(problem, compiled(problem, "local-search").x, time_limit_s=time_limit_s, gap=gap).allocation
    if closed(problem, first, gap):
        return first
    second = exact(problem, start=first.x, time_limit_s=time_limit_s, gap=gap)
    return second._replace(lower_bound=max(first.lower_bound or 0.0, second.lower_bound or 0.0))


def closed(problem: Problem, answer: Allocation, gap: float = 1e-6) -> bool:
    """Tell whether an answer is proven optimal to a relative gap.

    Parameters
    ----------
    problem : Problem
        The problem.
    answer : Allocation
        An answer to it.
    gap : float
        Relative gap.

    Returns
    -------
    bool
        True when its lower bound lies that near.
    """
    least = objective(problem, answer.x)
    return answer.lower_bound is not None and least - answer.lower_bound <= 2.0 * gap * max(least, 1e-300)


def gaps(
    problems: Iterable[Problem],
    algorithms: Sequence[str] = HEURISTICS,
    *,
    flown: Iterable[Ints] | None = None,
    time_limit_s: float = 10.0,
    tolerance: float = 1e-5,
) -> list[Gap]:
    """State each algorithm's gap to the optimum over recorded problems.

    Parameters
    ----------
    problems : iterable of Problem
        Live problems of a battle.
    algorithms : sequence of str
        Names of compiled algorithms; nearest-first is left out of problems without times.
    flown : iterable of Ints (weapon, target), optional
        What the battle itself decided on each problem; adds a row ``as flown``.
    time_limit_s : float
        For the optimum of each problem [s].
    tolerance : float
        Relative gap below which an answer counts as optimal.

    Returns
    -------
    list of Gap
        One row per algorithm, in the order given.

    Notes
    -----
    Limits: the optimum is of one moment with independent shots; a policy that looks ahead may rightly leave it.
    """
    answers = list(flown) if flown is not None else None
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in (*algorithms, *(["as flown"] if answers is not None else []))}
    for number, problem in enumerate(problems):
        if not (problem.kill_probability > 0).any():
            continue
        bound = optimum(problem, time_limit_s=time_limit_s).lower_bound or 0.0
        if bound <= 0.0:
            continue
        for name in algorithms:
            if name != "nearest" or problem.time_to_intercept_s.size:
                found[name].append((objective(problem, compiled(problem, name).x), bound))
        if answers is not None:
            found["as flown"].append((objective(problem, answers[number]), bound))
    return [_row(name, pairs, tolerance) for name, pairs in found.items()]


def _row(name: str, pairs: list[tuple[float, float]], tolerance: float) -> Gap:
    if not pairs:
        return Gap(name, 0, 0, 0.0, 0.0, 0.0)
    shares = [max(value / bound - 1.0, 0.0) for value, bound in pairs]
    total = sum(value for value, _ in pairs) / sum(bound for _, bound in pairs) - 1.0
    return Gap(name, len(pairs), sum(s <= tolerance for s in shares), sum(shares) / len(shares), max(shares), max(total, 0.0))
