"""Is A better than B, and by how much: paired differences on common random numbers, safe against looking early."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openiads.statistics.intervals import LEVEL, UNDEFINED, Moments, moments, never_seen, roof, weight_unseen

BURN_IN = 30
TUNED_FOR = 100


class Contrast(NamedTuple):
    """A weighted sum of ratios from the same replications, such as A less B, with its interval.

    ``numerator`` and ``denominator`` hold the sums of each ratio, in the order of the weights.
    """

    numerator: tuple[int, ...]
    denominator: tuple[int, ...]
    estimate: float
    low: float
    high: float
    level: float
    method: str
    replications: int

    @property
    def verdict(self) -> str:
        """Return ``higher``, ``lower`` or ``cannot tell``: the sign that the interval allows."""
        if self.low > 0.0:
            return "higher"
        return "lower" if self.high < 0.0 else "cannot tell"

    def as_json(self) -> dict[str, float | int | str | list[int] | None]:
        """Return the keys of the contract; numerators and denominators are lists in the order of the weights."""
        shown = {key: value if math.isfinite(value) else None for key, value in zip(("estimate", "low", "high"), self[2:5])}
        counts: dict[str, list[int]] = {"numerator": list(self.numerator), "denominator": list(self.denominator)}
        how: dict[str, float | int | str] = {"level": self.level, "method": self.method}
        return {**counts, **shown, **how, "replications": self.replications, "verdict": self.verdict}


Rows = Sequence[tuple[ArrayLike, ArrayLike]]


class Kind(NamedTuple):
    """What is counted: whether the numerators are part of the denominators, and else the most that one replication can have."""

    is_share: bool = True
    most: int | None = None


SHARE = Kind()


def difference(a: ArrayLike, a_of: ArrayLike, b: ArrayLike, b_of: ArrayLike, level: float = LEVEL, kind: Kind = SHARE) -> Contrast:
    """Return ratio A less ratio B for a number of replications that was fixed beforehand; see ``contrast``."""
    return contrast([(a, a_of), (b, b_of)], [1.0, -1.0], level, kind)


def difference_sequence(
    a: ArrayLike, a_of: ArrayLike, b: ArrayLike, b_of: ArrayLike, level: float = LEVEL, tuned_for: int = TUNED_FOR, kind: Kind = SHARE
) -> Contrast:
    """Return ratio A less ratio B, safe to be looked at after every replication; see ``contrast_sequence``."""
    return contrast_sequence([(a, a_of), (b, b_of)], [1.0, -1.0], level, tuned_for, kind)


def contrast(rows: Rows, weights: Sequence[float], level: float = LEVEL, kind: Kind = SHARE) -> Contrast:
    """Return a weighted sum of ratios for a number of replications that was fixed beforehand.

    Parameters
    ----------
    rows : sequence of (numerators, denominators)
        Integer counts of the same replications (common random numbers), one pair for each ratio.
    weights : sequence of float
        Weight of each ratio: 1 and -1 for a difference, a column of signs for an effect of a factorial design.
    level : float
        Nominal coverage at one look.
    kind : Kind
        What is counted.

    Limits
    ------
    Only for one look: an analyst who looks every 50 replications and stops at a difference is wrong in some 30 % of
    the cases where there is none.  ``contrast_sequence`` may be looked at as often as one likes.
    """
    from scipy.special import stdtrit

    sums = _same_replications(rows, kind)
    if any(one.b == 0 for one in sums):
        return _unbounded(sums, weights, level, UNDEFINED)
    error, n = _standard_error(_influence(rows, sums, weights)), sums[0].replications
    if error == 0.0:
        return _bounded(sums, weights, kind, never_seen(n, level), 0.0, level, "no variation seen")
    return _bounded(sums, weights, kind, 0.0, float(stdtrit(n - 1, 0.5 + level / 2.0)) * error, level, "paired, fixed number")


def contrast_sequence(
    rows: Rows, weights: Sequence[float], level: float = LEVEL, tuned_for: int = TUNED_FOR, kind: Kind = SHARE
) -> Contrast:
    """Return a weighted sum of ratios with a confidence sequence: at all looks together it misses with chance 1 - level.

    Half of the allowed error is for the variation seen, half for nights of a kind that was not seen yet: a kind that comes with
    chance p shows itself in n nights but for (1 - p)**n.  Until then it may be, for what is weighed one way, as good or as bad as a
    night can be, while what is weighed the other way has its mean: both meet the same raid with the same luck.

    Parameters
    ----------
    rows, weights : as in ``contrast``
    level : float
        Coverage of all looks together.
    tuned_for : int
        Replications at which the sequence is tightest; to be chosen before the data are seen.
    kind : Kind
        What is counted.

    Returns
    -------
    Contrast
        Unbounded before ``BURN_IN`` replications.

    Limits
    ------
    Normal mixture with the running variance: asymptotic, so it says nothing during the burn-in.  What is no share and has no stated
    ``most`` is held to the largest night seen.

    Source: [asymptotic-confidence-sequences]
    """
    sums = _same_replications(rows, kind)
    n = sums[0].replications
    if any(one.b == 0 for one in sums):
        return _unbounded(sums, weights, level, UNDEFINED)
    if n < BURN_IN:
        return _unbounded(sums, weights, level, f"confidence sequence, silent below {BURN_IN}")
    half = 0.5 + level / 2.0
    radius = mixture_radius(n, half, tuned_for) * _standard_error(_influence(rows, sums, weights)) * math.sqrt(n)
    return _bounded(sums, weights, kind, 1.0 - (1.0 - half) ** (1.0 / n), radius, level, "confidence sequence")


def mixture_radius(n: int, level: float = LEVEL, tuned_for: int = TUNED_FOR) -> float:
    """Return the half-width, in standard deviations of one replication, which holds at all n together."""
    alpha = 1.0 - level
    spread = (-2.0 * math.log(alpha) + math.log(1.0 - 2.0 * math.log(alpha))) / tuned_for
    inside = n * spread + 1.0
    return math.sqrt(2.0 * inside / (n * n * spread) * math.log(math.sqrt(inside) / alpha))


def simultaneous_level(level: float, comparisons: int) -> float:
    """Return the level for each of several comparisons so that all hold together at ``level`` (Bonferroni)."""
    return 1.0 - (1.0 - level) / max(1, comparisons)


def _influence(rows: Rows, sums: Sequence[Moments], weights: Sequence[float]) -> NDArray[np.float64]:
    """Return how each replication moves the contrast, times the number of replications."""
    total = np.zeros(sums[0].replications)
    for (numerators, denominators), one, weight in zip(rows, sums, weights):
        a, b = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
        total += weight * (a - one.a / one.b * b) * (one.replications / one.b)
    return total


def _standard_error(influence: NDArray[np.float64]) -> float:
    n = influence.size
    if n < 2:
        return 0.0
    squares = math.fsum((influence * influence).tolist())
    return math.sqrt(squares / (n - 1) / n) if squares > 1e-24 * n else 0.0


def _same_replications(rows: Rows, kind: Kind) -> list[Moments]:
    sums = [moments(numerators, denominators, kind.is_share) for numerators, denominators in rows]
    if len({one.replications for one in sums}) != 1:
        raise ValueError(f"a contrast needs the same replications, not {[one.replications for one in sums]}")
    return sums


def _unbounded(sums: Sequence[Moments], weights: Sequence[float], level: float, method: str) -> Contrast:
    known = all(one.b > 0 for one in sums)
    estimate = sum(w * one.a / one.b for w, one in zip(weights, sums)) if known else math.nan
    return Contrast(*_counts(sums), estimate, -math.inf, math.inf, level, method, sums[0].replications)


def _bounded(
    sums: Sequence[Moments], weights: Sequence[float], kind: Kind, unseen: float, radius: float, level: float, method: str
) -> Contrast:
    """Return the interval; ``unseen`` is the chance of outcomes of another kind that the data cannot exclude."""
    values = [w * one.a / one.b for w, one in zip(weights, sums)]
    ends = [w * roof(one, kind.most) for w, one in zip(weights, sums)]
    estimate, (down, up) = sum(values), _by_sign(weights, values)
    floor, top = _by_sign(weights, ends)
    weight = max(weight_unseen(one, unseen) for one in sums)
    low, high = estimate - radius - weight * max(up, down - floor), estimate + radius + weight * max(top - up, -down)
    if all(one.is_share for one in sums):
        low, high = max(floor, low), min(top, high)
    return Contrast(*_counts(sums), estimate, low, high, level, method, sums[0].replications)


def _by_sign(weights: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """Return the sum of what has a negative weight and of what has a positive one."""
    return sum(v for w, v in zip(weights, values) if w < 0.0), sum(v for w, v in zip(weights, values) if w > 0.0)


def _counts(sums: Sequence[Moments]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(one.a for one in sums), tuple(one.b for one in sums)
