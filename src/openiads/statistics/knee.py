"""Where a response curve bends: the best of two straight pieces against one straight line."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST = 5


class Knee(NamedTuple):
    """A bend at ``place`` between ``low`` and ``high``, with the slopes before and after it."""

    place: float
    low: float
    high: float
    slope_before: float
    slope_after: float


def knee(places: ArrayLike, estimates: ArrayLike, half_widths: ArrayLike) -> Knee | None:
    """Return the bend of a curve, or None where a straight line explains it as well.

    Parameters
    ----------
    places, estimates, half_widths : float array (points,)
        At least five points; half-widths are those of 95 % intervals.

    Limits
    ------
    The bend is accepted when it lowers the weighted squared misfit by more than 9.2, which a straight curve passes by
    chance in under 5 % of the cases (tests); ``low`` to ``high`` are all bends within 3.84 of the best.

    Points count as independent.  Where they share most of their luck (common random numbers) the half-widths overstate
    the doubt about the shape of the curve: chance bends it even less often, but most bends are missed, and None then says
    little.
    """
    x, y = np.asarray(places, dtype=np.float64), np.asarray(estimates, dtype=np.float64)
    if x.size < FEWEST:
        return None
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    sd = np.maximum(np.asarray(half_widths, dtype=np.float64)[order] / 1.96, 1e-9)
    straight, _ = _misfit(np.column_stack([np.ones_like(x), x]), y, sd)
    bends = np.linspace(x[1], x[-2], 41)
    fits = [_misfit(np.column_stack([np.ones_like(x), x, np.maximum(x - bend, 0.0)]), y, sd) for bend in bends]
    misfits = np.array([misfit for misfit, _ in fits])
    best = int(misfits.argmin())
    if straight - misfits[best] <= 9.2:
        return None
    near, step = bends[misfits <= misfits[best] + 3.84], bends[1] - bends[0]
    weights = fits[best][1]
    before, after = float(weights[1]), float(weights[1] + weights[2])
    return Knee(float(bends[best]), float(near.min() - step), float(near.max() + step), before, after)


def _misfit(design: NDArray[np.float64], y: NDArray[np.float64], sd: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    weights = np.asarray(np.linalg.lstsq(design / sd[:, None], y / sd, rcond=None)[0], dtype=np.float64)
    left = (y - design @ weights) / sd
    return float(left @ left), weights
