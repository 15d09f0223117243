"""Resampling of whole replications with addressed draws: a second opinion on the delta method."""

import math

import numpy as np
from numpy.typing import ArrayLike

from openiads import chance
from openiads.kernel import Ints, kernel
from openiads.statistics.intervals import LEVEL, Interval, moments

RESAMPLE = 32


@kernel
def _resample(seed: int, first: int, draws: int, a: Ints, b: Ints, sums: Ints) -> None:
    n = a.shape[0]
    for draw in range(draws):
        for index in range(n):
            x0, _, _, _ = chance.words(seed, first + draw, index, 0, RESAMPLE, 0)
            chosen = (x0 * n) >> 32
            sums[draw, 0] += a[chosen]
            sums[draw, 1] += b[chosen]


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
    a, b = np.asarray(numerators, dtype=np.int64), np.asarray(denominators, dtype=np.int64)
    sums = np.zeros((draws, 2), dtype=np.int64)
    _resample(seed, 0, draws, a, b, sums)
    kept = sums[sums[:, 1] > 0]
    if exact.b == 0 or not len(kept):
        return Interval(exact.a, exact.b, math.nan, 0.0, 1.0, level, "bootstrap", exact.replications)
    low, high = np.quantile(kept[:, 0] / kept[:, 1], [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Interval(exact.a, exact.b, exact.a / exact.b, float(low), float(high), level, "bootstrap", exact.replications)
