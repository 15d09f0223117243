"""Resampling of whole replications with addressed draws: a second opinion on the delta method."""

import math

import numpy as np
from numpy.typing import ArrayLike

from openiads import chance
from openiads.kernel import Ints, Reals, kernel
from openiads.statistics.intervals import LEVEL, Interval, moments

RESAMPLE = 32


@kernel
def _fill(seed: int, out: Reals) -> None:
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            out[row, column] = chance.uniform(seed, row, column, 0, RESAMPLE, 0)


def uniforms(seed: int, rows: int, columns: int) -> Reals:
    """Return addressed uniform draws in [0, 1); more rows or columns change none of the others."""
    out = np.empty((rows, columns))
    _fill(seed, out)
    return out


def resampled_rows(seed: int, draws: int, n: int) -> Ints:
    """Return, for each draw, n row numbers taken with replacement."""
    return np.minimum((uniforms(seed, draws, n) * n).astype(np.int64), n - 1)


def bootstrap_ratio(numerators: ArrayLike, denominators: ArrayLike, level: float = LEVEL, draws: int = 1000, seed: int = 0) -> Interval:
    """Return the percentile interval of sum(a) / sum(b) when whole replications are resampled.

    Parameters
    ----------
    numerators, denominators : integer array (replications,)
    draws : int
        Resamples; each draw has an address, so the interval is a pure function of its arguments.

    Limits
    ------
    Too narrow below some 30 replications and for rare events; ``intervals.ratio`` is the default.
    """
    exact = moments(numerators, denominators)
    if exact.b == 0:
        return Interval(exact.a, 0, math.nan, 0.0, 1.0, level, "bootstrap", exact.replications)
    a, b = np.asarray(numerators, dtype=np.int64), np.asarray(denominators, dtype=np.int64)
    sums = np.array([(a[chosen].sum(), b[chosen].sum()) for chosen in resampled_rows(seed, draws, exact.replications)])
    kept = sums[sums[:, 1] > 0]
    low, high = np.quantile(kept[:, 0] / kept[:, 1], [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Interval(exact.a, exact.b, exact.a / exact.b, float(low), float(high), level, "bootstrap", exact.replications)
