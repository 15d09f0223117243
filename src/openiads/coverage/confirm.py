"""Probability that a track stands when a target reaches a range: the exact M-of-N chain run along the inbound course."""

from functools import lru_cache

import numpy as np

from openiads.kernel import Reals

PHASES = 4  # scan phases that are averaged over


@lru_cache(maxsize=16)
def chain(m: int, n: int, drop: int) -> tuple[Reals, Reals]:
    """Return the two transition matrices (states, states) after a hit and after a miss.

    States: the contents of the last n - 1 looks while tentative, then a standing track with 0 .. drop - 1 misses in a row. A
    standing track that misses ``drop`` times in a row ends and starts over.
    """
    windows = 1 << (n - 1)
    size = windows + drop
    hit, miss = np.zeros((size, size)), np.zeros((size, size))
    for window in range(windows):
        confirmed = window.bit_count() + 1 >= m
        hit[windows if confirmed else ((window << 1) | 1) & (windows - 1), window] = 1.0
        miss[(window << 1) & (windows - 1), window] = 1.0
    for misses in range(drop):
        hit[windows, windows + misses] = 1.0
        miss[windows + misses + 1 if misses + 1 < drop else 0, windows + misses] = 1.0
    return hit, miss


def track_probability(range_m: Reals, pd: Reals, stride_m: float, m: int, n: int, drop: int) -> Reals:
    """Return the probability of a standing track at each range of an inbound course.

    Parameters
    ----------
    range_m : (r,) evenly spaced, rising [m]
    pd : (rows, r) probability of detection of one look at each range [1]
    stride_m : distance flown between two looks [m]
    m, n, drop : confirmation of m in n looks; ``drop`` misses in a row end a track

    Returns
    -------
    array (rows, r), averaged over the phase of the scan [1]

    Limits
    ------
    Looks are independent; no other track takes the plots.

    Source
    ------
    Markov chain on the last looks, as in ``model.tracking.confirmation``.
    """
    hit, miss = chain(m, n, drop)
    rows, step_m = pd.shape[0], stride_m / PHASES
    count = int(np.ceil(range_m[-1] / stride_m)) + 1
    points_m = np.arange(count * PHASES) * step_m
    place = points_m / (range_m[1] - range_m[0]) - range_m[0] / (range_m[1] - range_m[0])
    low = np.clip(place.astype(np.int64), 0, range_m.size - 2)
    near = np.clip(np.rint(place).astype(np.int64), 0, range_m.size - 1)
    part = np.clip(place - low, 0.0, 1.0)
    first, second = pd[:, low], pd[:, low + 1]
    looks = np.where((first > 0.0) & (second > 0.0), first + (second - first) * part, pd[:, near])
    looks[:, points_m > range_m[-1]] = 0.0
    looks = looks.reshape(rows, count, PHASES)
    state = np.zeros((hit.shape[0], rows * PHASES))
    state[0] = 1.0
    standing = np.zeros((rows, count, PHASES))
    seen = np.flatnonzero(looks.any(axis=(0, 2)))
    for j in range(seen[-1] if seen.size else -1, -1, -1):  # until the first look that may see something, nothing is
        p = looks[:, j, :].reshape(-1)
        state = hit @ (state * p) + miss @ (state * (1.0 - p))
        standing[:, j, :] = state[1 << (n - 1) :].sum(axis=0).reshape(rows, PHASES)
    flat = standing.reshape(rows, -1)
    padded = np.concatenate([flat, np.zeros((rows, PHASES - 1))], axis=1)
    mean = np.sum([padded[:, i : i + flat.shape[1]] for i in range(PHASES)], axis=0) / PHASES
    at = np.clip(np.ceil(range_m / step_m - 1e-9).astype(np.int64), 0, flat.shape[1] - 1)
    return np.asarray(mean[:, at])


def cumulative_probability(range_m: Reals, pd: Reals, stride_m: float) -> Reals:
    """Return the probability (rows, r) of at least one detection before each range, averaged over the scan phase in the logarithm."""
    missed = np.log1p(-np.minimum(pd, 1.0 - 1e-12)) * ((range_m[1] - range_m[0]) / stride_m)
    return np.asarray(1.0 - np.exp(np.cumsum(missed[:, ::-1], axis=1)[:, ::-1]))
