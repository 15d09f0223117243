"""How soon M-of-N logic confirms a track: exact probabilities from the Markov chain on the last N - 1 looks."""

import math

import numpy as np

from openiads.errors import UserError
from openiads.kernel import Reals


def confirmation_probability(m: int, n: int, detection_probability: float, scans: int) -> Reals:
    """Return the probability that a track is confirmed by scan 1, 2, ... ``scans``; the window starts empty.

    Parameters
    ----------
    m, n
        Confirmed once at least ``m`` of the last ``n`` looks were hits (``n`` at most 20).
    detection_probability
        Chance of a hit in each look, independent from look to look [1].
    scans
        Number of looks.

    Returns
    -------
    array (scans,)

    Limits
    ------
    One track in the clear: no false plot confirms it, no other track takes its plots.
    """
    _check(m, n, detection_probability)
    if scans < 0:
        raise UserError(f"confirmation: scans must be 0 or more, received {scans}")
    weight, hit, miss = _chain(m, n)
    state = np.zeros(weight.size)
    state[0] = 1.0
    confirmed = np.zeros(scans)
    done = 0.0
    for k in range(scans):
        done += detection_probability * float(state[hit < 0].sum())
        state = _step(state, hit, miss, detection_probability)
        confirmed[k] = done
    return confirmed


def mean_scans(m: int, n: int, detection_probability: float) -> float:
    """Return the mean number of scans to confirmation, from the first look on; infinite where no plot ever comes.

    Parameters
    ----------
    m, n, detection_probability
        As for ``confirmation_probability``.
    """
    _check(m, n, detection_probability)
    if detection_probability == 0.0:
        return math.inf
    weight, hit, miss = _chain(m, n)
    size = weight.size
    equation = np.eye(size)
    for window in range(size):
        equation[window, miss[window]] -= 1.0 - detection_probability
        if hit[window] >= 0:
            equation[window, hit[window]] -= detection_probability
    return float(np.linalg.solve(equation, np.ones(size))[0])


def window_probability(m: int, n: int, detection_probability: float) -> float:
    """Return the probability of at least ``m`` hits in one window of ``n`` looks (binomial)."""
    _check(m, n, detection_probability, 10_000)
    p = detection_probability
    return math.fsum(math.comb(n, k) * p**k * (1.0 - p) ** (n - k) for k in range(m, n + 1))


def _chain(m: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each content of the last n - 1 looks: its hits, the next content after a hit (-1: confirmed) and after a miss."""
    windows = np.arange(1 << (n - 1))
    weight = np.array([int(w).bit_count() for w in windows])
    mask = (1 << (n - 1)) - 1
    hit = np.where(weight + 1 >= m, -1, ((windows << 1) | 1) & mask)
    return weight, hit, (windows << 1) & mask


def _step(state: np.ndarray, hit: np.ndarray, miss: np.ndarray, p: float) -> np.ndarray:
    after = np.zeros(state.size)
    np.add.at(after, miss, (1.0 - p) * state)
    goes_on = hit >= 0
    np.add.at(after, hit[goes_on], p * state[goes_on])
    return after


def _check(m: int, n: int, p: float, most: int = 20) -> None:
    if not 1 <= m <= n <= most:
        raise UserError(f"confirmation: needs 1 <= M <= N <= {most}, received {m} of {n}")
    if not 0.0 <= p <= 1.0:
        raise UserError(f"confirmation: a probability lies between 0 and 1, received {p}")
