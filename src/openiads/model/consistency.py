"""Whether a filter knows its own errors (NEES, NIS), the gates that its errors ask for, and the gains at which it settles."""

import math

import numpy as np
from numpy.typing import ArrayLike

from openiads.errors import UserError
from openiads.kernel import Reals


def nees(error: ArrayLike, covariance: ArrayLike) -> Reals:
    """Return the normalised estimation error squared of each error (n, d) with covariance (n, d, d): also NIS, for innovations."""
    e, c = np.asarray(error, float), np.asarray(covariance, float)
    return np.asarray(np.einsum("ni,ni->n", e, np.linalg.solve(c, e[..., None])[..., 0]))


def nees_bounds(dimension: int, runs: int, probability: float = 0.95) -> tuple[float, float]:
    """Return the two-sided bounds of the mean of ``runs`` normalised squared errors of a matched filter.

    Source
    ------
    Quantiles of chi-square with ``dimension * runs`` degrees of freedom, over ``runs``; [bar-shalom-2001].
    """
    from scipy.stats import chi2

    if dimension < 1 or runs < 1 or not 0.0 < probability < 1.0:
        raise UserError(f"NEES bounds: dimension and runs from 1, probability inside 0-1; received {dimension}, {runs}, {probability}")
    tail = 0.5 * (1.0 - probability)
    return float(chi2.ppf(tail, dimension * runs)) / runs, float(chi2.ppf(1.0 - tail, dimension * runs)) / runs


def gate_threshold(dimension: int, probability: float) -> float:
    """Return the squared statistical distance inside which a plot of the track lies with a probability (chi-square quantile)."""
    from scipy.stats import chi2

    if dimension < 1 or not 0.0 < probability < 1.0:
        raise UserError(f"gate: dimension from 1 and probability inside 0-1; received {dimension}, {probability}")
    return float(chi2.ppf(probability, dimension))


def kalata_gains(tracking_index: float) -> tuple[float, float]:
    """Return the steady gains alpha and beta of a constant-velocity filter with piecewise-constant white acceleration.

    Parameters
    ----------
    tracking_index
        Acceleration deviation times scan period squared over position error deviation [1].

    Source
    ------
    [kalata-1984]
    """
    x = tracking_index
    r = (4.0 + x - math.sqrt(8.0 * x + x * x)) / 4.0
    alpha = 1.0 - r * r
    return alpha, 2.0 * (2.0 - alpha) - 4.0 * math.sqrt(1.0 - alpha)
