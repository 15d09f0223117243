"""Intervals that cover: yes/no per replication, shares per object of correlated raids, quantiles, and nothing seen at all."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95
UNDEFINED = "nothing to divide by"


class Interval(NamedTuple):
    """An estimate with its interval and the counts it rests on.

    ``estimate`` is NaN where the denominator is 0; ``replications`` is the number of independent nights behind it, or of
    points or samples of what is not known where those are the unit.
    """

    numerator: int
    denominator: int
    estimate: float
    low: float
    high: float
    level: float
    method: str
    replications: int

    def as_json(self) -> dict[str, float | int | str | None]:
        """Return the keys of the contract and how the interval was made; what is not a finite number is null."""
        shown = {key: value if math.isfinite(value) else None for key, value in zip(("estimate", "low", "high"), self[2:5])}
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            **shown,
            "level": self.level,
            "method": self.method,
            "replications": self.replications,
        }


class Moments(NamedTuple):
    """Exact sums over replications of a numerator, a denominator and their products; adding two is exact and free of order.

    ``is_share`` says that the numerator is part of the denominator, which no data can tell: 0 impacts of a night are no share.
    """

    replications: int = 0
    a: int = 0
    b: int = 0
    aa: int = 0
    ab: int = 0
    bb: int = 0
    fourth: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    a_max: int = 0
    b_max: int = 0
    is_share: bool = True

    def plus(self, other: "Moments") -> "Moments":
        """Return the sums over both sets of replications."""
        f, g = self.fourth, other.fourth
        return Moments(
            self.replications + other.replications,
            self.a + other.a,
            self.b + other.b,
            self.aa + other.aa,
            self.ab + other.ab,
            self.bb + other.bb,
            (f[0] + g[0], f[1] + g[1], f[2] + g[2], f[3] + g[3], f[4] + g[4]),
            max(self.a_max, other.a_max),
            max(self.b_max, other.b_max),
            self.is_share and other.is_share,
        )


def wilson(yes: int, n: int, level: float = LEVEL) -> Interval:
    """Return the score interval of a proportion, one yes or no per replication.

    Parameters
    ----------
    yes, n : int
        Replications with the event, and all replications.
    level : float
        Nominal coverage.

    Limits
    ------
    Dips below its level near 0 and 1 (92 % at p = 0.01, n = 100); ``clopper_pearson`` never does.
    """
    if n == 0:
        return Interval(yes, 0, math.nan, 0.0, 1.0, level, "wilson", 0)
    z = _normal_quantile(0.5 + level / 2.0)
    p = yes / n
    middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n)
    half = z / (1.0 + z * z / n) * math.sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n))
    low = 0.0 if yes == 0 else max(0.0, middle - half)
    high = 1.0 if yes == n else min(1.0, middle + half)
    return Interval(yes, n, p, low, high, level, "wilson", n)


def clopper_pearson(yes: int, n: int, level: float = LEVEL) -> Interval:
    """Return the exact interval of a proportion, one yes or no per replication; it covers at least its level everywhere."""
    if n == 0:
        return Interval(yes, 0, math.nan, 0.0, 1.0, level, "clopper-pearson", 0)
    low, high = _beta_limits(float(yes), float(n), level)
    return Interval(yes, n, yes / n, low, high, level, "clopper-pearson", n)


def never_seen(n: int, level: float = LEVEL) -> float:
    """Return the upper limit of the chance of something that n independent replications never showed (0 of 100: 3.6 %)."""
    return 1.0 if n == 0 else 1.0 - ((1.0 - level) / 2.0) ** (1.0 / n)


def moments(numerators: ArrayLike, denominators: ArrayLike, is_share: bool = True) -> Moments:
    """Return the exact sums of one numerator and one denominator per replication.

    Parameters
    ----------
    numerators, denominators : integer array (replications,)
    is_share : bool
        Whether what the numerator counts is part of what the denominator counts; not believed where it exceeds it.

    Raises
    ------
    ValueError
        When the shapes differ or a number is negative or not an integer.
    """
    a, b = _integers(numerators), _integers(denominators)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"numerators {a.shape} and denominators {b.shape} must be two equally long rows")
    if a.size == 0:
        return Moments(is_share=is_share)
    if min(int(a.min()), int(b.min())) < 0:
        raise ValueError("counts cannot be negative")
    if max(int(a.max()), int(b.max())) > 3_000_000_000:
        raise ValueError("a count above 3e9 in one replication is beyond exact 64-bit products")
    aa, ab, bb = a * a, a * b, b * b
    second = (_exact_dot(a, a), _exact_dot(a, b), _exact_dot(b, b))
    fourth = (_exact_dot(aa, aa), _exact_dot(aa, ab), _exact_dot(ab, ab), _exact_dot(ab, bb), _exact_dot(bb, bb))
    return Moments(a.size, int(a.sum()), int(b.sum()), *second, fourth, int(a.max()), int(b.max()), is_share and bool(np.all(a <= b)))


def ratio(sums: Moments, level: float = LEVEL, most: int | None = None) -> Interval:
    """Return the interval of sum(a) / sum(b) from the variation between replications.

    Objects of one raid share channels, magazines and the night: the replication is the unit, not the object.

    Parameters
    ----------
    sums : Moments
        From ``moments``; several may be added.
    level : float
        Nominal coverage.
    most : int or None
        The largest numerator that one replication can have, for what is no share; the largest seen, at least 1, when None.

    Returns
    -------
    Interval
        A share: the exact binomial limits at the effective sample size which the variance between replications
        implies, between the number of raids as large as the largest (objects of a night share one fate) and the number
        of objects (each for itself).  Any other ratio: delta method.  Both with Student's t, whose degrees of freedom
        count the replications that carry the variance.  Where no variation was seen (all 0, all equal, one
        replication): what n replications cannot exclude about one they did not show.

    Limits
    ------
    Replications must be independent.  Under 20 replications the interval is wide, and for one it says next to nothing.

    Source: [nhanes-reliability] for the effective sample size (Korn and Graubard), [clopper-pearson-cost].
    """
    n, a, b = sums.replications, sums.a, sums.b
    if b == 0:
        return Interval(a, 0, math.nan, 0.0, 1.0 if sums.is_share else math.inf, level, UNDEFINED, n)
    estimate = a / b
    squares = sums.aa * b * b - 2 * a * b * sums.ab + a * a * sums.bb
    if n < 2 or squares == 0:
        low, high = _unseen_limits(sums, level, most)
        return Interval(a, b, estimate, low, high, level, "no variation seen", n)
    variance = n / (n - 1) * (squares / (b**4))
    t = _student_quantile(_degrees_of_freedom(sums, squares), 0.5 + level / 2.0)
    if not sums.is_share:
        half = t * math.sqrt(variance)
        return Interval(a, b, estimate, max(0.0, estimate - half), estimate + half, level, "delta", n)
    z = _normal_quantile(0.5 + level / 2.0)
    effective = estimate * (1.0 - estimate) / variance * (z / t) ** 2
    effective = min(max(effective, b / sums.b_max), float(b))
    low, high = _beta_limits(estimate * effective, effective, level)
    return Interval(a, b, estimate, low, high, level, "effective sample size", n)


def ratio_of(
    numerators: ArrayLike, denominators: ArrayLike, level: float = LEVEL, is_share: bool = True, most: int | None = None
) -> Interval:
    """Return ``ratio`` of two rows of counts, one pair per replication."""
    return ratio(moments(numerators, denominators, is_share), level, most)


def mean_of(values: ArrayLike, level: float = LEVEL, most: int | None = None) -> Interval:
    """Return the interval of a mean count per replication; its denominator is the number of replications."""
    counts = _integers(values)
    return ratio_of(counts, np.ones_like(counts), level, is_share=False, most=most)


def quantile(values: ArrayLike, q: float, level: float = LEVEL) -> Interval:
    """Return a quantile of independent values with the interval between two order statistics.

    Returns
    -------
    Interval
        ``numerator`` is the number of values at or below the estimate.  A limit that so few values cannot give is
        minus or plus infinity.
    """
    from scipy.special import bdtr

    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = ordered.size
    if n == 0:
        return Interval(0, 0, math.nan, -math.inf, math.inf, level, "order statistics", 0)
    tail = (1.0 - level) / 2.0
    below = bdtr(np.arange(n, dtype=np.float64), n, q)
    low_rank = int(np.searchsorted(below, tail, side="right"))
    high_rank = int(np.searchsorted(below, 1.0 - tail, side="left")) + 1
    estimate = float(ordered[min(n - 1, max(0, math.ceil(q * n) - 1))])
    low = float(ordered[low_rank - 1]) if low_rank >= 1 else -math.inf
    high = float(ordered[high_rank - 1]) if high_rank <= n else math.inf
    return Interval(int(np.searchsorted(ordered, estimate, side="right")), n, estimate, low, high, level, "order statistics", n)


def _degrees_of_freedom(sums: Moments, squares: int) -> float:
    """Return how many replications carry the variance: all of them, or the few that showed a rare event."""
    a, b = sums.a, sums.b
    f = sums.fourth
    quartic = f[0] * b**4 - 4 * f[1] * a * b**3 + 6 * f[2] * a**2 * b**2 - 4 * f[3] * a**3 * b + f[4] * a**4
    return min(sums.replications - 1.0, max(1.0, squares * squares / quartic - 1.0))


def _unseen_limits(sums: Moments, level: float, most: int | None) -> tuple[float, float]:
    unseen = never_seen(sums.replications, level)
    estimate = sums.a / sums.b
    if not sums.is_share and most is None and sums.replications < 2:
        return 0.0, math.inf
    weight = weight_unseen(sums, unseen)
    return estimate * (1.0 - weight), estimate * (1.0 - weight) + weight * roof(sums, most)


def weight_unseen(sums: Moments, unseen: float) -> float:
    """Return what part of all objects may lie in a share ``unseen`` of the replications: each may be as large as the largest seen."""
    return min(1.0, unseen * sums.b_max * sums.replications / sums.b) if sums.is_share else unseen


def roof(sums: Moments, most: int | None = None) -> float:
    """Return the largest ratio of a replication that may not have been seen: 1 for a share, else ``most`` over the mean denominator."""
    if sums.is_share:
        return 1.0
    return max(most if most is not None else 1, sums.a_max) * sums.replications / sums.b


def _beta_limits(yes: float, n: float, level: float) -> tuple[float, float]:
    from scipy.special import betaincinv

    tail = (1.0 - level) / 2.0
    low = 0.0 if yes <= 0.0 else float(betaincinv(yes, n - yes + 1.0, tail))
    high = 1.0 if yes >= n else float(betaincinv(yes + 1.0, n - yes, 1.0 - tail))
    return low, high


def _normal_quantile(p: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(p))


def _student_quantile(degrees: float, p: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, p))


def _integers(values: ArrayLike) -> NDArray[np.int64]:
    given = np.asarray(values)
    if given.size and given.dtype.kind not in "iub":
        raise ValueError(f"outcomes are integers, not {given.dtype}")
    return given.astype(np.int64)


def _exact_dot(x: NDArray[np.int64], y: NDArray[np.int64]) -> int:
    """Return the sum of products, in 64-bit integers where they cannot overflow and in Python's otherwise."""
    largest = int(np.abs(x).max()) * int(np.abs(y).max()) * x.size
    if largest < 2**62:
        return int(np.dot(x, y))
    return sum(p * q for p, q in zip(x.tolist(), y.tolist()))
