"""A weapon-target assignment problem and its answer."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.errors import UserError
from openiads.kernel import Ints, Reals


class AllocationError(UserError):
    """An assignment problem, file or algorithm name that cannot be used."""


class Problem(NamedTuple):
    """Who could shoot at whom: minimise the surviving value plus ``minimum_gain`` times the shots.

    The surviving value is the sum over targets of value * committed survival * product of (1 - kill probability) over shots.
    """

    value: Reals  # (target,)
    kill_probability: Reals  # (weapon, target); 0 = not feasible
    shots_available: Ints  # (weapon,) shots that a weapon, or a channel, can fire now
    committed_survival: Reals  # (target,) probability that the target survives shots already committed
    shots_limit: Ints  # (target,) most shots at one target now
    time_to_intercept_s: Reals  # (weapon, target), or of size 0 when not known; for nearest-first only
    minimum_gain: float  # a shot must save more than this

    @property
    def exposed_value(self) -> Reals:
        """The value that survives if no further shot is fired, (target,)."""
        return self.value * self.committed_survival


class Allocation(NamedTuple):
    """Shots per weapon and target, what survives them, and a proven lower bound of the objective where one is known."""

    x: Ints  # (weapon, target)
    surviving_value: float
    lower_bound: float | None


def problem(
    value: ArrayLike,
    kill_probability: ArrayLike,
    *,
    shots_available: ArrayLike = 1,
    committed_survival: ArrayLike = 1.0,
    shots_limit: ArrayLike | None = None,
    time_to_intercept_s: ArrayLike | None = None,
    minimum_gain: float = 0.0,
) -> Problem:
    """Check an assignment problem and put it into arrays.

    Parameters
    ----------
    value : array_like (target,)
        What each target is worth to the defence; not negative.
    kill_probability : array_like (weapon, target)
        Single-shot kill probability [0, 1]; 0 means not feasible.
    shots_available : array_like (weapon,), optional
        Shots of each weapon; one each when not given.
    committed_survival : array_like (target,), optional
        Survival probability under shots already on their way [0, 1].
    shots_limit : array_like (target,), optional
        Most shots at each target; no limit when not given.
    time_to_intercept_s : array_like (weapon, target), optional
        Needed by nearest-first only [s].
    minimum_gain : float, optional
        Value that a shot must save at least to be worth its round.

    Returns
    -------
    Problem
        Contiguous arrays of one shape convention.

    Raises
    ------
    AllocationError
        When a shape or a number is out of place.
    """
    p = np.array(kill_probability, np.float64, ndmin=2, order="C")
    v = np.array(value, np.float64, ndmin=1)
    weapons, targets = p.shape
    if v.shape != (targets,):
        raise AllocationError(f"allocation problem: {v.size} values for {targets} targets; give one value per column of kill_probability")
    available = _filled("shots_available", shots_available, weapons, np.int64)
    limit = _filled("shots_limit", available.sum() if shots_limit is None else shots_limit, targets, np.int64)
    survival = _filled("committed_survival", committed_survival, targets, np.float64)
    times = np.zeros((0, 0)) if time_to_intercept_s is None else np.array(time_to_intercept_s, np.float64, ndmin=2, order="C")
    if times.size and times.shape != p.shape:
        raise AllocationError(f"allocation problem: time_to_intercept_s has shape {times.shape}; give {p.shape}, as kill_probability")
    for name, numbers, high in (
        ("value", v, np.inf), ("kill_probability", p, 1.0), ("shots_available", available, np.inf), ("shots_limit", limit, np.inf),
        ("committed_survival", survival, 1.0), ("minimum_gain", np.array([minimum_gain]), np.inf),
    ):  # fmt: skip
        wrong = ~((numbers >= 0) & (numbers <= high))
        if wrong.any():
            where = tuple(int(k) for k in np.argwhere(wrong)[0])
            raise AllocationError(f"allocation problem: {name}{list(where)} is {numbers[where]}; give a number from 0 to {high:g}")
    return Problem(v, p, available, survival, limit, times, float(minimum_gain))


def _filled(name: str, given: ArrayLike, size: int, kind: type) -> np.ndarray:
    array = np.asarray(given)
    if array.shape not in ((), (size,)):
        raise AllocationError(f"allocation problem: {name} has shape {array.shape}; give one number or {size}")
    return np.ascontiguousarray(np.broadcast_to(array, (size,)).astype(kind))


def surviving_value(problem: Problem, x: ArrayLike) -> float:
    """Return the expected surviving value of any answer, from the definition.

    Parameters
    ----------
    problem : Problem
        The problem.
    x : array_like (weapon, target)
        Shots.

    Returns
    -------
    float
        Sum over targets of exposed value times the product of (1 - kill probability) over shots.
    """
    return float(problem.exposed_value @ np.prod((1.0 - problem.kill_probability) ** np.asarray(x), axis=0))


def objective(problem: Problem, x: ArrayLike) -> float:
    """Return what the algorithms minimise: the surviving value plus ``minimum_gain`` per shot.

    Parameters
    ----------
    problem : Problem
        The problem.
    x : array_like (weapon, target)
        Shots.

    Returns
    -------
    float
        The objective, in units of value.
    """
    return surviving_value(problem, x) + problem.minimum_gain * float(np.sum(x))
