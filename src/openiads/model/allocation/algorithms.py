"""One interface to every assignment algorithm; the solvers, which take long to import, come when one is asked for."""

from collections.abc import Callable

import numpy as np

from openiads.model.allocation import kernels
from openiads.model.allocation.problems import Allocation, AllocationError, Problem

_COMPILED = {
    "nearest": kernels.NEAREST,
    "first-come": kernels.FIRST_COME,
    "greedy": kernels.GREEDY,
    "local-search": kernels.LOCAL_SEARCH,
}


def compiled(problem: Problem, algorithm: str, exchanges: int = kernels.AUTOMATIC) -> Allocation:
    """Run one of the compiled rules and heuristics.

    Parameters
    ----------
    problem : Problem
        Any problem.
    algorithm : str
        ``nearest``, ``first-come``, ``greedy`` or ``local-search``.
    exchanges : int
        Effort of local search; 0 stops at the first local optimum of moves and swaps, negative means by size.

    Returns
    -------
    Allocation
        The answer, without a bound.

    Raises
    ------
    AllocationError
        When nearest-first is asked for and the problem has no times to intercept.
    """
    weapons, targets = problem.kill_probability.shape
    if algorithm == "nearest" and problem.time_to_intercept_s.shape != (weapons, targets):
        raise AllocationError("algorithm nearest: the problem has no time_to_intercept_s; give one time per weapon and target")
    times = problem.time_to_intercept_s if problem.time_to_intercept_s.size else problem.kill_probability
    units = int(np.minimum(problem.shots_available, problem.shots_limit.sum()).sum())
    x = np.zeros((weapons, targets), np.int64)
    value = kernels.assign_kernel(
        _COMPILED[algorithm], weapons, targets, problem.exposed_value, problem.kill_probability, times, problem.shots_available,
        problem.shots_limit, problem.minimum_gain, exchanges, x, kernels.workspace(weapons, targets, units),
    )  # fmt: skip
    return Allocation(x, value, None)


def _linear(problem: Problem, _: float) -> Allocation:
    from openiads.model.allocation.exact import linear

    return linear(problem)


def _exact(problem: Problem, time_limit_s: float) -> Allocation:
    from openiads.model.allocation.exact import exact

    return exact(problem, start=compiled(problem, "local-search").x, time_limit_s=time_limit_s)


def _columns(problem: Problem, time_limit_s: float) -> Allocation:
    from openiads.model.allocation.columns import columns

    return columns(problem, compiled(problem, "local-search").x, time_limit_s=time_limit_s).allocation


_SOLVERS: dict[str, Callable[[Problem, float], Allocation]] = {
    "linear": _linear,
    "exact": _exact,
    "columns": _columns,
}
ALGORITHMS = (*_COMPILED, *_SOLVERS)


def allocate(
    problem: Problem, algorithm: str = "local-search", *, time_limit_s: float = 60.0, exchanges: int = kernels.AUTOMATIC
) -> Allocation:
    """Assign shots to targets.

    Parameters
    ----------
    problem : Problem
        Who could shoot at whom; made by ``problem(...)``.
    algorithm : str
        ``nearest``: the pair with the least time to intercept first.  ``first-come``: targets in index order, each with the
        deadliest weapon left.  In both every target gets its first shot before any gets its second.
        ``greedy``: the shot with the largest marginal return first.
        ``local-search``: greedy, then moves and swaps, then exchanges of one shot of every target at once.
        ``linear``: the best answer with one shot a target.
        ``exact``: HiGHS with tangent cuts.  ``columns``: HiGHS with column generation, for large problems.
    time_limit_s : float
        For ``exact`` and ``columns`` [s].
    exchanges : int
        Effort of local search, see ``compiled``.

    Returns
    -------
    Allocation
        Shots, surviving value, and a proven lower bound of the objective where the algorithm has one.

    Raises
    ------
    AllocationError
        When the algorithm is not known, or lacks what it needs.

    Notes
    -----
    Limits: static assignment of one moment: shots are independent, and nothing later is foreseen.
    Source: [ahuja-2003] for the idea of exchanges over very large neighbourhoods; here each is a linear assignment.
    """
    if algorithm in _COMPILED:
        return compiled(problem, algorithm, exchanges)
    if algorithm in _SOLVERS:
        return _SOLVERS[algorithm](problem, time_limit_s)
    raise AllocationError(f"algorithm: {algorithm!r} is not known; choose one of {', '.join(ALGORITHMS)}")
