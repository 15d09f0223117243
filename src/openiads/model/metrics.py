"""How good tracks are, against the truth: OSPA, GOSPA and SIAP.

Sets are arrays (n, d) of positions; paths over time are ``Paths``.  All distances are Euclidean.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.errors import UserError
from openiads.kernel import Ints, Reals


class Gospa(NamedTuple):
    """The GOSPA distance [m] and its parts, which are powers: distance ** order = localisation + missed + false."""

    distance: float
    localisation: float
    missed: float
    false: float


class Paths(NamedTuple):
    """Positions of numbered objects at times, in any order: one row for each object and time."""

    time_us: Ints
    number: Ints
    position_m: Reals
    velocity_mps: Reals


class Link(NamedTuple):
    """From when until when (both included) a track is taken to be a truth."""

    track: int
    truth: int
    start_us: int
    end_us: int


class Siap(NamedTuple):
    """SIAP attributes over a whole run; best values 1, 1, 0, 0, 0, 0, 1."""

    completeness: float
    ambiguity: float
    spuriousness: float
    position_accuracy_m: float
    velocity_accuracy_mps: float
    number_changes_per_s: float
    longest_segment: float


def ospa(truth_m: ArrayLike, estimate_m: ArrayLike, cutoff_m: float, order: float = 2.0, *, match_by_distance: bool = False) -> float:
    """Return the optimal sub-pattern assignment distance between two sets of points. [m]

    Parameters
    ----------
    truth_m, estimate_m
        Points (n, d) and (m, d).
    cutoff_m
        Penalty of a missing or spurious point, and the largest distance counted.
    order
        At least 1.
    match_by_distance
        Match by least sum of distances instead of least sum of their powers: not the definition, but what Stone Soup does;
        the two differ only where points compete.

    Returns
    -------
    float
        0 for two empty sets.

    Source
    ------
    [schuhmacher-2008]
    """
    truth, estimate = _points(truth_m, estimate_m, cutoff_m, order)
    most = max(len(truth), len(estimate))
    if most == 0:
        return 0.0
    cost = np.minimum(_distances(truth, estimate), cutoff_m)
    rows, columns = _assignment(cost if match_by_distance else cost**order)
    total = math.fsum(float(d) ** order for d in cost[rows, columns]) + cutoff_m**order * abs(len(truth) - len(estimate))
    return float((total / most) ** (1.0 / order))


def gospa(truth_m: ArrayLike, estimate_m: ArrayLike, cutoff_m: float, order: float = 2.0) -> Gospa:
    """Return the generalised OSPA distance (alpha = 2) and its parts.

    Parameters
    ----------
    truth_m, estimate_m, cutoff_m, order
        As for ``ospa``.

    Source
    ------
    [rahmathullah-2017]
    """
    truth, estimate = _points(truth_m, estimate_m, cutoff_m, order)
    dummy = cutoff_m**order / 2.0
    cost = np.minimum(_distances(truth, estimate), cutoff_m) ** order
    rows, columns = _assignment(cost)
    near = [float(c) for c in cost[rows, columns] if c < cutoff_m**order]
    localisation, missed, false = math.fsum(near), dummy * (len(truth) - len(near)), dummy * (len(estimate) - len(near))
    return Gospa((localisation + missed + false) ** (1.0 / order), localisation, missed, false)


def link(tracks: Paths, truths: Paths, threshold_m: float, confirm: int = 3, end: int = 2) -> list[Link]:
    """Tie tracks to truths: a track is the truth nearest to it (closer than the threshold) for ``confirm`` times in a row.

    The tie ends after ``end`` times in a row at which another truth or none was nearest; a truth may have several tracks.

    Parameters
    ----------
    tracks, truths
        Paths; only common times count.
    threshold_m
        Largest distance.
    """
    found: list[Link] = []
    by_time = _rows_by_time(truths)
    for number in np.unique(tracks.number):
        rows = np.flatnonzero(tracks.number == number)
        times = [int(tracks.time_us[r]) for r in rows[np.argsort(tracks.time_us[rows], kind="stable")]]
        places = tracks.position_m[rows[np.argsort(tracks.time_us[rows], kind="stable")]]
        nearest = [_nearest(truths, by_time.get(t), place, threshold_m) for t, place in zip(times, places, strict=True)]
        found += [Link(int(number), truth, a, b) for truth, a, b in _spells(times, nearest, confirm, end)]
    return found


def siap(tracks: Paths, truths: Paths, links: Sequence[Link]) -> Siap:
    """Return the single integrated air picture attributes of tracks against truths.

    Parameters
    ----------
    tracks, truths
        Paths.
    links
        Which track was which truth and when, as from ``link``.

    Source
    ------
    [votruba-2001]
    """
    track_rows, truth_rows = _rows_by_time(tracks), _rows_by_time(truths)
    tracked = claimed = present = shown = 0
    place_errors: list[float] = []
    speed_errors: list[float] = []
    for t in sorted(track_rows.keys() | truth_rows.keys()):
        here = {int(tracks.number[r]): r for r in track_rows.get(t, ())}
        true = {int(truths.number[r]): r for r in truth_rows.get(t, ())}
        now = {(k.track, k.truth) for k in links if k.start_us <= t <= k.end_us}
        present, shown = present + len(true), shown + len(here)
        tracked, claimed = tracked + len({b for _, b in now}), claimed + len({a for a, _ in now})
        for a, b in sorted(now):
            if a in here and b in true:
                place_errors.append(float(np.linalg.norm(tracks.position_m[here[a]] - truths.position_m[true[b]])))
                speed_errors.append(float(np.linalg.norm(tracks.velocity_mps[here[a]] - truths.velocity_mps[true[b]])))
    changes, tracked_s, longest_s, life_s = _continuity(truths, links)
    return Siap(
        completeness=tracked / present if present else 0.0,
        ambiguity=claimed / tracked if tracked else 1.0,
        spuriousness=(shown - claimed) / shown if shown else 0.0,
        position_accuracy_m=math.fsum(place_errors) / claimed if claimed else 0.0,
        velocity_accuracy_mps=math.fsum(speed_errors) / claimed if claimed else 0.0,
        number_changes_per_s=changes / tracked_s if tracked_s else 0.0,
        longest_segment=longest_s / life_s if life_s else 0.0,
    )


def _points(truth_m: ArrayLike, estimate_m: ArrayLike, cutoff_m: float, order: float) -> tuple[Reals, Reals]:
    if not cutoff_m > 0.0 or not 1.0 <= order < math.inf:
        raise UserError(f"metrics: the cutoff must be above 0 and the order finite and at least 1; received {cutoff_m} and {order}")
    truth, estimate = np.asarray(truth_m, float), np.asarray(estimate_m, float)
    for name, points in (("truth", truth), ("estimate", estimate)):
        if points.size and points.ndim != 2:
            raise UserError(f"metrics: {name} must be points (n, d), received shape {points.shape}")
    if truth.size and estimate.size and truth.shape[1] != estimate.shape[1]:
        raise UserError(f"metrics: truth has {truth.shape[1]} coordinates, estimate {estimate.shape[1]}; give both the same")
    return truth, estimate


def _distances(a: Reals, b: Reals) -> Reals:
    if not a.size or not b.size:
        return np.zeros((len(a), len(b)))
    return np.asarray(np.sqrt(np.sum((a[:, None, :] - b[None, :, :]) ** 2, axis=2)))


def _assignment(cost: Reals) -> tuple[Ints, Ints]:
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(cost)
    return np.asarray(rows), np.asarray(columns)


def _rows_by_time(paths: Paths) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = {}
    for r, t in enumerate(paths.time_us):
        rows.setdefault(int(t), []).append(r)
    return rows


def _nearest(truths: Paths, rows: list[int] | None, place: Reals, threshold_m: float) -> int | None:
    if not rows:
        return None
    gaps = np.linalg.norm(truths.position_m[rows] - place, axis=1)
    best = int(np.argmin(gaps))
    return int(truths.number[rows[best]]) if gaps[best] < threshold_m else None


def _spells(times: list[int], nearest: list[int | None], confirm: int, end: int) -> list[tuple[int, int, int]]:
    """Return (truth, start, end) for each spell in which one truth stayed the nearest."""
    spells: list[tuple[int, int, int]] = []
    current: int | None = None
    rival: int | None = None
    start = last = rival_start = streak = failures = 0
    for t, seen in zip(times, nearest, strict=True):
        if current is not None and seen == current:
            failures, last = 0, t
            continue
        if seen is not None and seen == rival:
            streak += 1
        else:
            rival, rival_start, streak = seen, t, 0 if seen is None and current is None else 1
        if current is not None:
            failures += 1
            if failures < end:
                continue
            spells.append((current, start, last))
            current = None
            if streak >= confirm and rival is not None:
                current, start, last = rival, rival_start, t
        elif streak >= confirm:
            current, start, last = rival, rival_start, t
            rival, streak = None, 0  # failures stay, as in the reference implementation
    if current is not None:
        spells.append((current, start, last))
    return spells


def _continuity(truths: Paths, links: Sequence[Link]) -> tuple[int, float, float, float]:
    """Return number changes, time tracked, sum of longest segments and sum of lifetimes over all truths. [1, s, s, s]"""
    changes, tracked_us, longest_us, life_us = 0, 0, 0, 0
    for number in np.unique(truths.number):
        times = sorted(int(t) for t in truths.time_us[truths.number == number])
        own = [k for k in links if k.truth == number]
        life_us += times[-1] - times[0]
        if own:
            changes += _least_tracks(times, own) - 1
            tracked_us += _covered(times[0], times[-1], own)
            longest_us += max(sum(k.end_us - k.start_us for k in own if k.track == track) for track in {k.track for k in own})
    return changes, tracked_us * 1e-6, longest_us * 1e-6, life_us * 1e-6


def _least_tracks(times: list[int], own: list[Link]) -> int:
    """Return how many spells it takes to follow a truth: each taken to its end, first those of the track that lasts longest."""
    last = {k.track: max(o.end_us for o in own if o.track == k.track) for k in own}
    order = sorted(own, key=lambda k: (-last[k.track], k.track, k.start_us))
    count, at = 0, 0
    while at < len(times):
        now = next((k for k in order if k.start_us <= times[at] <= k.end_us), None)
        at += 1
        if now is not None:
            count += 1
            while at < len(times) and times[at] <= now.end_us:
                at += 1
    return count


def _covered(first: int, last: int, own: list[Link]) -> int:
    """Return the time between ``first`` and ``last`` at which some link holds."""
    total, reached = 0, first
    for k in sorted(own, key=lambda k: k.start_us):
        a, b = max(k.start_us, reached), min(k.end_us, last)
        if b > a:
            total += b - a
            reached = b
    return total
