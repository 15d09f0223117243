"""Probability of detection of a steady or fluctuating target by a square-law receiver that adds N pulses.

With T the threshold, s the signal-to-noise ratio of one pulse and N pulses added, a miss is a mixture of Poisson tails
P(N + j, T): the weight of j is Poisson for a steady target (Swerling 0) and negative binomial of shape K = 1, N, 2, 2N
for Swerling 1 to 4.  P(N + j, T) vanishes for large j whatever s is, so one short sum is exact at every signal level.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from openiads.errors import UserError
from openiads.kernel import Reals, folded_kernel, kernel
from openiads.model import inputs

TABLE_LOW_DB = -20.0
TABLE_HIGH_DB = 60.0
TABLE_PER_DB = 32.0
PULSES_MAX = 10_000
_CHUNK = 2048


@lru_cache(maxsize=256)
def threshold(pfa: float = 1e-6, pulses: int = 1) -> float:
    """Threshold of a square-law detector for a probability of false alarm.

    Parameters
    ----------
    pfa : probability of false alarm of one decision [1]
    pulses : pulses added without coherence [1]

    Returns
    -------
    float : threshold in units of the noise power of one pulse [1]

    Raises
    ------
    UserError : pfa outside (0, 1) or pulses outside 1 to 10 000.

    Limits: known, constant noise level; a constant-false-alarm-rate estimator loses one or two decibels more.
    Source: [dlmf-8] gamma distribution of N exponential powers; Newton's method on its logarithm.
    """
    pfa = inputs.between("detection.threshold", "pfa", pfa, 0.0, 1.0)
    n = _pulses(pulses)
    goal = math.log(pfa)
    level = n + math.sqrt(-2.0 * n * goal) - goal
    for _ in range(60):
        terms = _poisson_log(level, n)
        top = float(terms.max())
        log_tail = top + math.log(math.fsum(np.exp(terms - top)))
        step = (log_tail - goal) / math.exp(float(terms[n - 1]) - log_tail)
        level += step
        if abs(step) < 1e-14 * level:
            break
    return level


def probability(snr_db: ArrayLike, pfa: float = 1e-6, pulses: int = 1, swerling: int = 1) -> Reals:
    """Exact probability of detection for Swerling 0 to 4.

    Parameters
    ----------
    snr_db : signal-to-noise ratio of one pulse, any shape; -inf is no signal [dB]
    pfa : probability of false alarm [1]
    pulses : pulses added without coherence [1]
    swerling : 0 steady, 1 and 3 slow, 2 and 4 fast fluctuation

    Returns
    -------
    array of the shape of ``snr_db`` (a zero-dimensional array for a number) [1]

    Raises
    ------
    UserError : NaN, or a parameter outside its range.

    Limits: error below 1e-12; square-law detector, known noise level, no correlation between the two Swerling extremes.
    Source: [swerling-1960], [marcum-1960]; mixture form after [shnidman-1995].
    """
    levels = inputs.array("detection.probability", "snr_db", snr_db)
    n, model = _pulses(pulses), _swerling(swerling)
    tails = _miss_tails(float(pfa), n)
    flat = levels.reshape(-1)
    out = np.empty_like(flat)
    for start in range(0, flat.size, _CHUNK):
        out[start : start + _CHUNK] = 1.0 - _miss(flat[start : start + _CHUNK], tails, n, model)
    return np.clip(out, 0.0, 1.0).reshape(levels.shape)


def required_snr_db(pd: ArrayLike, pfa: float = 1e-6, pulses: int = 1, swerling: int = 1) -> Reals:
    """Signal-to-noise ratio of one pulse that gives a probability of detection.

    Parameters
    ----------
    pd : wanted probability of detection, any shape, above pfa and below 1 [1]
    pfa, pulses, swerling : as for ``probability``

    Returns
    -------
    array of the shape of ``pd`` [dB]

    Raises
    ------
    UserError : pd not between pfa and 1, or a parameter outside its range.

    Limits: as ``probability``; bisection on it, to about 1e-12 dB.
    Source: [swerling-1960], [marcum-1960].
    """
    wanted = inputs.array("detection.required_snr_db", "pd", pd)
    if wanted.size and not (float(wanted.min()) > pfa and float(wanted.max()) < 1.0):
        raise UserError(f"detection.required_snr_db: pd must lie between pfa ({pfa:g}) and 1, received {pd!r}")
    low = np.full(wanted.shape, -100.0)
    high = np.full(wanted.shape, 150.0)
    for _ in range(58):
        middle = 0.5 * (low + high)
        above = probability(middle, pfa, pulses, swerling) >= wanted
        high = np.where(above, middle, high)
        low = np.where(above, low, middle)
    return np.asarray(0.5 * (low + high))


@lru_cache(maxsize=256)
def remembered_snr_db(pd: float, pfa: float, pulses: int, swerling: int) -> float:
    """Return ``required_snr_db`` for one probability, remembered: a plan and its coverage ask for few, again and again. [dB]

    Limits: as ``required_snr_db``.
    Source: [swerling-1960], [marcum-1960].
    """
    return float(required_snr_db(pd, pfa, pulses, swerling))


@lru_cache(maxsize=128)
def table(pfa: float = 1e-6, pulses: int = 1, swerling: int = 1) -> Reals:
    """Probability of detection on the fixed grid from -20 to 60 dB in steps of 1/32 dB, for ``table_probability``.

    Parameters
    ----------
    pfa, pulses, swerling : as for ``probability``

    Returns
    -------
    read-only array (2561,) [1]

    Limits: interpolated linearly it is within 1e-4 of the exact value for up to 1000 pulses; levels outside the grid are
        held at its ends, which costs less than 1e-4 there.
    Source: [swerling-1960], [marcum-1960].
    """
    count = int((TABLE_HIGH_DB - TABLE_LOW_DB) * TABLE_PER_DB) + 1
    values = probability(TABLE_LOW_DB + np.arange(count) / TABLE_PER_DB, pfa, pulses, swerling)
    values.flags.writeable = False
    return values


@folded_kernel
def table_probability(values: Reals, snr_db: float) -> float:
    """Probability of detection at one level from a ``table`` (2561,); NaN counts as no signal. [1]"""
    place = (snr_db - TABLE_LOW_DB) * TABLE_PER_DB
    last = values.shape[0] - 1
    if not place > 0.0:
        return float(values[0])
    if place >= last:
        return float(values[last])
    i = int(place)
    part = place - i
    return float(values[i] + (values[i + 1] - values[i]) * part)


@kernel
def table_probabilities(values: Reals, snr_db: Reals, out: Reals) -> None:
    """Fill ``out`` (n,) from a ``table`` at the levels ``snr_db`` (n,). [1]"""
    for i in range(snr_db.shape[0]):
        out[i] = table_probability(values, snr_db[i])


def calibrate(
    reference_range_m: float,
    reference_rcs_m2: float,
    pd: float,
    pfa: float = 1e-6,
    pulses: int = 1,
    swerling: int = 1,
    attenuation_two_way_db: float = 0.0,
) -> float:
    """Signal constant of a radar from what public sources give: so far, against so large a target, that often.

    Parameters
    ----------
    reference_range_m : range at which the probability was stated [m]
    reference_rcs_m2 : cross-section it was stated for [m2]
    pd, pfa, pulses, swerling : probability of detection and false alarm, pulses added, fluctuation of the statement
    attenuation_two_way_db : atmospheric loss already contained in the stated range [dB]

    Returns
    -------
    float : constant C with snr_db = C + 10 lg rcs_m2 - 40 lg range_m - two-way losses [dB]

    Raises
    ------
    UserError : range or cross-section not positive, or a probability outside its range.

    Limits: the stated point must be a detection range; an instrumented range is a display limit and says nothing.
    Source: [skolnik-2008] fourth-root law.
    """
    range_m = inputs.positive("detection.calibrate", "reference_range_m", reference_range_m, "m")
    rcs_m2 = inputs.positive("detection.calibrate", "reference_rcs_m2", reference_rcs_m2, "m2")
    loss_db = inputs.not_negative("detection.calibrate", "attenuation_two_way_db", attenuation_two_way_db, "dB")
    needed_db = remembered_snr_db(float(pd), float(pfa), int(pulses), int(swerling))
    return needed_db - 10.0 * math.log10(rcs_m2) + 40.0 * math.log10(range_m) + loss_db


def snr_db(constant_db: float, rcs_m2: ArrayLike, range_m: ArrayLike, losses_two_way_db: ArrayLike = 0.0) -> Reals:
    """Signal-to-noise ratio of a calibrated radar.

    Parameters
    ----------
    constant_db : from ``calibrate`` [dB]
    rcs_m2, range_m, losses_two_way_db : cross-section, slant range, all losses, shapes that broadcast [m2, m, dB]

    Returns
    -------
    array of the broadcast shape [dB]

    Raises
    ------
    UserError : NaN, or a range or cross-section that is not positive.

    Limits: far field, monostatic, one look; losses beyond the calibration point only.
    Source: [skolnik-2008] fourth-root law.
    """
    rcs = inputs.array("detection.snr_db", "rcs_m2", rcs_m2, np.finfo(float).tiny)
    distance = inputs.array("detection.snr_db", "range_m", range_m, np.finfo(float).tiny)
    losses = inputs.array("detection.snr_db", "losses_two_way_db", losses_two_way_db)
    return np.asarray(constant_db + 10.0 * np.log10(rcs) - 40.0 * np.log10(distance) - losses)


def _pulses(pulses: int) -> int:
    if int(pulses) != pulses or not 1 <= pulses <= PULSES_MAX:
        raise UserError(f"detection: pulses must be a whole number from 1 to {PULSES_MAX}, received {pulses!r}")
    return int(pulses)


def _swerling(swerling: int) -> int:
    if swerling not in (0, 1, 2, 3, 4):
        raise UserError(f"detection: swerling must be 0, 1, 2, 3 or 4, received {swerling!r}; use 1 when the source does not say")
    return int(swerling)


def _lgamma(values: Reals) -> Reals:
    return np.array([math.lgamma(value) for value in values])


def _poisson_log(level: float, count: int) -> Reals:
    """Logarithms of the Poisson probabilities of 0 .. count - 1 at mean ``level``."""
    m = np.arange(count, dtype=np.float64)
    return m * math.log(level) - level - _lgamma(m + 1.0)


@lru_cache(maxsize=64)
def _miss_tails(pfa: float, pulses: int) -> Reals:
    """Probabilities P(N + j, T), j = 0, 1, ..., until they vanish: a miss when j more exponentials were added."""
    level = threshold(pfa, pulses)
    count = int(max(level, pulses) + 12.0 * math.sqrt(max(level, pulses)) + 60.0)
    chances = np.exp(_poisson_log(level, count))
    return np.cumsum(chances[::-1])[::-1][pulses:]


@lru_cache(maxsize=128)
def _log_counts(count: int, shape: float) -> Reals:
    """Logarithms of the negative-binomial coefficients of j = 0 .. count - 1; an infinite shape is Poisson."""
    j = np.arange(count, dtype=np.float64)
    if math.isinf(shape):
        return -_lgamma(j + 1.0)
    return _lgamma(shape + j) - math.lgamma(shape) - _lgamma(j + 1.0)


def _miss(level_db: Reals, tails: Reals, pulses: int, swerling: int) -> Reals:
    j = np.arange(tails.size, dtype=np.float64)
    x = np.maximum(pulses * 10.0 ** (np.minimum(level_db, 200.0) / 10.0), 1e-200)[:, None]
    shape = (math.inf, 1.0, float(pulses), 2.0, 2.0 * pulses)[swerling]
    if swerling == 0:
        weights = _log_counts(tails.size, shape) - x + j * np.log(x)
    else:
        weights = _log_counts(tails.size, shape) - shape * np.log1p(x / shape) - j * np.log1p(shape / x)
    return np.asarray(np.exp(weights) @ tails)
