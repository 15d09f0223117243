"""Is A better than B, and by how much: paired differences on common random numbers, safe against looking early."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openiads.statistics.intervals import LEVEL, Moments, moments, never_seen

BURN_IN = 100
TUNED_FOR = 500


class Difference(NamedTuple):
    """The estimate for A less the estimate for B with its interval; ``counts`` are (a, b) sums of A and of B."""

    numerator: tuple[int, int]
    denominator: tuple[int, int]
    estimate: float
    low: float
    high: float
    level: float
    method: str
    replications: int

    @property
    def verdict(self) -> str:
        """Return ``higher``, ``lower`` or ``cannot tell``: A against B."""
        if self.low > 0.0:
            return "higher"
        return "lower" if self.high < 0.0 else "cannot tell"

    def as_json(self) -> dict[str, float | int | str | list[int] | None]:
        """Return the keys of the contract; numerators and denominators are pairs, A first."""
        shown = {key: value if math.isfinite(value) else None for key, value in zip(("estimate", "low", "high"), self[2:5])}
        counts: dict[str, list[int]] = {"numerator": list(self.numerator), "denominator": list(self.denominator)}
        extra: dict[str, float | int | str] = {
            "level": self.level,
            "method": self.method,
            "replications": self.replications,
            "verdict": self.verdict,
        }
        return {**counts, **shown, **extra}


def difference(a: ArrayLike, a_of: ArrayLike, b: ArrayLike, b_of: ArrayLike, level: float = LEVEL) -> Difference:
    """Return ratio A less ratio B for a number of replications that was fixed beforehand.

    Parameters
    ----------
    a, a_of, b, b_of : integer array (replications,)
        Numerator and denominator of A and of B in the same replications (common random numbers).
    level : float
        Nominal coverage at one look.

    Limits
    ------
    Only for one look: an analyst who looks every 50 replications and stops at a difference is wrong in some 30 % of
    the cases where there is none.  ``difference_sequence`` may be looked at as often as one likes.
    """
    from scipy.special import stdtrit

    first, second = moments(a, a_of), moments(b, b_of)
    n = _same_count(first, second)
    if first.b == 0 or second.b == 0:
        return _undefined(first, second, level, "nothing to divide by")
    influence = _influence(a, a_of, first) - _influence(b, b_of, second)
    error = _standard_error(influence)
    if error == 0.0:
        return _bounded(first, second, never_seen(n, level), 0.0, level, "no variation seen")
    return _bounded(first, second, 0.0, float(stdtrit(n - 1, 0.5 + level / 2.0)) * error, level, "paired, fixed number")


def difference_sequence(
    a: ArrayLike, a_of: ArrayLike, b: ArrayLike, b_of: ArrayLike, level: float = LEVEL, tuned_for: int = TUNED_FOR
) -> Difference:
    """Return ratio A less ratio B with a confidence sequence: at all looks together the chance to miss is at most 1 - level.

    Parameters
    ----------
    a, a_of, b, b_of : integer array (replications,)
        As in ``difference``.
    level : float
        Coverage of all looks together.
    tuned_for : int
        Replications at which the sequence is tightest; to be chosen before the data are seen.

    Returns
    -------
    Difference
        Unbounded before ``BURN_IN`` replications.

    Limits
    ------
    Normal mixture with the running variance: asymptotic, so it says nothing during the burn-in.

    Source: [asymptotic-confidence-sequences]
    """
    first, second = moments(a, a_of), moments(b, b_of)
    n = _same_count(first, second)
    if first.b == 0 or second.b == 0:
        return _undefined(first, second, level, "nothing to divide by")
    if n < BURN_IN:
        return _undefined(first, second, level, f"confidence sequence, silent below {BURN_IN}")
    influence = _influence(a, a_of, first) - _influence(b, b_of, second)
    unseen = 1.0 - (1.0 - level) ** (1.0 / n)
    radius = mixture_radius(n, level, tuned_for) * _standard_error(influence) * math.sqrt(n)
    return _bounded(first, second, unseen if radius == 0.0 else 0.0, radius, level, "confidence sequence")


def mixture_radius(n: int, level: float = LEVEL, tuned_for: int = TUNED_FOR) -> float:
    """Return the half-width, in standard deviations of one replication, which holds at all n together."""
    alpha = 1.0 - level
    spread = (-2.0 * math.log(alpha) + math.log(1.0 - 2.0 * math.log(alpha))) / tuned_for
    inside = n * spread + 1.0
    return math.sqrt(2.0 * inside / (n * n * spread) * math.log(math.sqrt(inside) / alpha))


def simultaneous_level(level: float, comparisons: int) -> float:
    """Return the level for each of several comparisons so that all hold together at ``level`` (Bonferroni)."""
    return 1.0 - (1.0 - level) / max(1, comparisons)


def _influence(numerators: ArrayLike, denominators: ArrayLike, sums: Moments) -> NDArray[np.float64]:
    """Return how each replication moves the ratio, times the number of replications."""
    a, b = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    return (a - sums.a / sums.b * b) * (sums.replications / sums.b)


def _standard_error(influence: NDArray[np.float64]) -> float:
    n = influence.size
    if n < 2:
        return 0.0
    squares = math.fsum((influence * influence).tolist())
    return math.sqrt(squares / (n - 1) / n) if squares > 1e-24 * n else 0.0


def _same_count(first: Moments, second: Moments) -> int:
    if first.replications != second.replications:
        raise ValueError(f"pairs need the same replications, not {first.replications} and {second.replications}")
    return first.replications


def _undefined(first: Moments, second: Moments, level: float, method: str) -> Difference:
    known = first.b > 0 and second.b > 0
    estimate = first.a / first.b - second.a / second.b if known else math.nan
    both = ((first.a, second.a), (first.b, second.b))
    return Difference(*both, estimate, -math.inf, math.inf, level, method, first.replications)


def _bounded(first: Moments, second: Moments, unseen: float, radius: float, level: float, method: str) -> Difference:
    estimate = first.a / first.b - second.a / second.b
    low, high = estimate - radius - unseen * (1.0 + estimate), estimate + radius + unseen * (1.0 - estimate)
    if first.is_share and second.is_share:
        low, high = max(-1.0, low), min(1.0, high)
    both = ((first.a, second.a), (first.b, second.b))
    return Difference(*both, estimate, low, high, level, method, first.replications)
