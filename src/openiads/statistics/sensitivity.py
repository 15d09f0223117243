"""Which unknown drives the answer: Morris screening, Sobol indices and main effects, on replicate means less their noise.

All three work on the unit cube: a factor's column is the share of its range, or the probability of its distribution.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openiads.statistics.bootstrap import resampled_rows, uniforms
from openiads.statistics.intervals import LEVEL

Matrix = NDArray[np.float64]
MORRIS_LEVELS = 4
CHANCE_LEVEL = 0.05
ROUNDING = 1e-12


class Index(NamedTuple):
    """A share of the variance of the answer with its interval, all within 0 and 1.

    The interval is 0 to 1, which says nothing, where the means do not differ by more than their own noise.
    """

    estimate: float
    low: float
    high: float


class Effect(NamedTuple):
    """Elementary effects of one factor over its whole range.

    ``mean`` is signed, ``mean_size`` is unsigned, ``spread`` shows curvature or interaction, ``size`` is the root mean
    square after the noise of the replicate means was taken out: the one to screen by.
    """

    mean: float
    mean_size: float
    spread: float
    size: float


def morris_points(factors: int, trajectories: int, seed: int) -> Matrix:
    """Return the points (trajectories x (factors + 1), factors) of randomly ordered one-at-a-time walks on a grid of 4 levels."""
    step = MORRIS_LEVELS / (2.0 * (MORRIS_LEVELS - 1))
    points = np.empty((trajectories * (factors + 1), factors))
    draws = uniforms(seed, trajectories, 3 * factors)
    for t in range(trajectories):
        base, direction, order = draws[t, :factors], draws[t, factors : 2 * factors], np.argsort(draws[t, 2 * factors :], kind="stable")
        low = np.floor(base * (MORRIS_LEVELS // 2)) / (MORRIS_LEVELS - 1)
        upwards = direction < 0.5
        current = np.where(upwards, low, low + step)
        points[t * (factors + 1)] = current
        for i, factor in enumerate(order):
            current = current.copy()
            current[factor] += step if upwards[factor] else -step
            points[t * (factors + 1) + i + 1] = current
    return points


def morris_effects(points: Matrix, means: ArrayLike, noise: ArrayLike) -> list[Effect]:
    """Return the elementary effects of each factor.

    Parameters
    ----------
    points : float array (points, factors)
        From ``morris_points``.
    means, noise : float array (points,)
        Mean of the replications at each point, and the variance of that mean.
    """
    y, variance = np.asarray(means, dtype=np.float64), np.asarray(noise, dtype=np.float64)
    factors = points.shape[1]
    changes, doubts = np.empty((factors, len(y) // (factors + 1))), np.empty((factors, len(y) // (factors + 1)))
    for t in range(changes.shape[1]):
        for i in range(t * (factors + 1), (t + 1) * (factors + 1) - 1):
            moved = points[i + 1] - points[i]
            factor = int(np.argmax(np.abs(moved)))
            changes[factor, t] = (y[i + 1] - y[i]) / moved[factor]
            doubts[factor, t] = (variance[i + 1] + variance[i]) / moved[factor] ** 2
    found = []
    for row, doubt in zip(changes, doubts):
        spread = max(0.0, float(row.var(ddof=1) - doubt.mean())) if row.size > 1 else 0.0
        size = math.sqrt(max(0.0, float((row * row - doubt).mean())))
        found.append(Effect(float(row.mean()), float(np.abs(row).mean()), math.sqrt(spread), size))
    return found


def sobol_points(factors: int, samples: int, seed: int) -> Matrix:
    """Return the design (samples x (factors + 2), factors): blocks A, B, then A with one column of B at a time.

    Raises
    ------
    ValueError
        When ``samples`` is no power of two: the low-discrepancy points are balanced only then.
    """
    from scipy.stats import qmc

    if samples < 2 or samples & (samples - 1):
        raise ValueError(f"samples must be a power of two, not {samples}")
    base = qmc.Sobol(2 * factors, scramble=False).random_base2(samples.bit_length() - 1)
    both = (base + uniforms(seed, 1, 2 * factors)) % 1.0
    a, b = both[:, :factors], both[:, factors:]
    blocks = [a, b]
    for factor in range(factors):
        mixed = a.copy()
        mixed[:, factor] = b[:, factor]
        blocks.append(mixed)
    return np.vstack(blocks)


def sobol_indices(
    factors: int, means: ArrayLike, noise: ArrayLike, level: float = LEVEL, draws: int = 300, seed: int = 0
) -> tuple[list[Index], list[Index]]:
    """Return the first-order and the total index of each factor, with the noise of the replicate means taken out.

    Parameters
    ----------
    factors : int
    means, noise : float array (points,)
        Mean of the replications at each point of ``sobol_points``, and the variance of that mean.  Replications at
        different points must be independent.
    level, draws, seed : float, int, int
        Bootstrap intervals over the rows of the design.

    Limits
    ------
    Errors shrink with the root of the rows.  With 50 replications a point and luck as large as knowledge (noise 2 % of
    the variance of the means), all indices of an analytic model lie within 0.05 in 89 to 100 % of studies at 1,024 rows,
    but in 11 to 62 % at 128 rows.  With noise of 40 % they do so in about half of the studies at 1,024 rows, and in 99 %
    at 8,192.  The 95 % intervals hold the truth in 91 to 100 % of all these studies.  An estimate whose interval is 0 to
    1 is no finding.

    Source: [sobol-estimators]
    """
    y = np.asarray(means, dtype=np.float64).reshape(factors + 2, -1)
    variance = np.asarray(noise, dtype=np.float64).reshape(factors + 2, -1)
    is_told = _is_above_noise(y[:2].ravel(), variance[:2].ravel())
    y = y - y[:2].mean()
    first, total = _indices(y, variance)
    rows = resampled_rows(seed, draws, y.shape[1])
    spread = np.array([_indices(y[:, chosen], variance[:, chosen]) for chosen in rows])
    low, high = _limits(spread, level) if is_told else (np.zeros((2, factors)), np.ones((2, factors)))
    return [_index(*one) for one in zip(first, low[0], high[0])], [_index(*one) for one in zip(total, low[1], high[1])]


def main_effects(
    points: ArrayLike, means: ArrayLike, noise: ArrayLike, level: float = LEVEL, draws: int = 300, seed: int = 0
) -> tuple[list[Index], float]:
    """Return each factor's share of the spread between knowledge samples, and the share that no single factor explains.

    Main effects are fitted by Legendre polynomials of degree 2 (degree 1 under eight samples a factor) to any design that
    fills the cube evenly, such as a Latin hypercube.

    Parameters
    ----------
    points : float array (samples, factors)
        Places in the unit cube.
    means, noise : float array (samples,)
        Mean of the replications at each sample, and the variance of that mean.

    Raises
    ------
    ValueError
        With fewer samples than twice the factors plus four: nothing can then be told apart.

    Limits
    ------
    Under eight samples a factor a curved effect is missed, and its interval with it.  Shares that would add up to more
    than 1 are scaled down, by some 0.03 where the answer is a sum of its factors.  The intervals of what the polynomials
    can follow hold the truth in 83 to 100 % of studies.
    """
    cube, y = np.asarray(points, dtype=np.float64), np.asarray(means, dtype=np.float64)
    variance = np.asarray(noise, dtype=np.float64)
    samples, factors = cube.shape
    if samples < 2 * factors + 4:
        raise ValueError(f"{factors} factors need at least {2 * factors + 4} samples, got {samples}")
    z = 2.0 * cube - 1.0
    terms = [math.sqrt(3.0) * z]
    if samples >= 8 * factors:
        terms.append(math.sqrt(5.0) * 0.5 * (3.0 * z * z - 1.0))
    basis = np.stack(terms, axis=2).reshape(samples, -1)
    shares = _polynomial_shares(basis, y, variance, factors)
    spread = np.array([_polynomial_shares(basis[c], y[c], variance[c], factors) for c in resampled_rows(seed, draws, samples)])
    low, high = _limits(spread, level) if _is_above_noise(y, variance) else (np.zeros(factors), np.ones(factors))
    return [_index(*one) for one in zip(shares, low, high)], max(0.0, 1.0 - float(np.nansum(shares)))


def _indices(y: Matrix, noise: Matrix) -> tuple[Matrix, Matrix]:
    variance = float(y[:2].var()) - float(noise[:2].mean())
    if variance <= 0.0:
        unknown = np.full(y.shape[0] - 2, np.nan)
        return unknown, unknown
    first = (y[1] * (y[2:] - y[0])).mean(axis=1) / variance
    total = (((y[0] - y[2:]) ** 2).mean(axis=1) - (noise[0] + noise[2:]).mean(axis=1)) / (2.0 * variance)
    return first, total


def _polynomial_shares(basis: Matrix, y: Matrix, noise: Matrix, factors: int) -> Matrix:
    samples, terms = basis.shape
    design = np.column_stack([np.ones(samples), basis])
    inverse = np.linalg.pinv(design)
    weights = inverse @ y
    residual = y - design @ weights
    left = float(residual @ residual) / max(1, samples - terms - 1)
    doubt = left * (inverse * inverse).sum(axis=1)
    knowledge = float(y.var(ddof=1)) - float(noise.mean())
    if knowledge <= 0.0:
        return np.full(factors, np.nan)
    pieces = (weights * weights - doubt)[1:] / knowledge
    shares: Matrix = np.maximum(0.0, pieces.reshape(factors, -1).sum(axis=1))
    return shares / max(1.0, float(shares.sum()))


def _is_above_noise(means: Matrix, noise: Matrix) -> bool:
    """Return whether the means differ by more than their own noise.

    Limits
    ------
    One-sided Student test of squared deviation less noise; pure noise passes in at most 6 % of the cases, also where
    luck is skewed or its size differs between points, but a spread that a single point makes is not seen.
    """
    from scipy.special import stdtrit

    count = means.size
    excess = (means - means.mean()) ** 2 * (count / (count - 1)) - noise
    doubt = float(stdtrit(count - 1, 1.0 - CHANCE_LEVEL)) * float(excess.std(ddof=1)) / math.sqrt(count)
    # Equal means differ by rounding, which no replication shows as noise.
    return float(excess.mean()) > max(doubt, (ROUNDING * float(np.abs(means).max())) ** 2)


def _limits(spread: Matrix, level: float) -> tuple[Matrix, Matrix]:
    """Return percentile limits; a resample with nothing but noise is NaN and counts as 0 below and as 1 above."""
    low: Matrix = np.quantile(np.nan_to_num(spread, nan=0.0), (1.0 - level) / 2.0, axis=0)
    high: Matrix = np.quantile(np.nan_to_num(spread, nan=1.0), (1.0 + level) / 2.0, axis=0)
    return low, high


def _index(estimate: float, low: float, high: float) -> Index:
    value = min(max(float(np.nan_to_num(estimate, nan=0.0)), 0.0), 1.0)
    return Index(value, min(max(float(low), 0.0), value), max(min(float(high), 1.0), value))
