"""Fewer samples for the same picture: positions on the map plane and the choice of the samples that matter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from openiads.show.replay_input import Place, Samples

MEAN_RADIUS_M = 6_371_008.8
Floats = NDArray[np.float64]


def plane(latitude_deg: Floats, longitude_deg: Floats, center: Place) -> tuple[Floats, Floats]:
    """Azimuthal equidistant map coordinates about a centre, on the sphere.

    Parameters
    ----------
    latitude_deg, longitude_deg
        Equal shapes [deg].
    center
        The scenario's centre.

    Returns
    -------
    East and north on the map plane [m], of the same shape.

    Limits
    ------
    Distances from the centre are 0.06-0.33 % short against WGS84 geodesics within 400 km; of use within 5,000 km.

    Source
    ------
    [snyder-1987]
    """
    lat, lon = np.radians(latitude_deg), np.radians(longitude_deg - center.longitude_deg)
    lat0 = np.radians(center.latitude_deg)
    cos_c = np.clip(np.sin(lat0) * np.sin(lat) + np.cos(lat0) * np.cos(lat) * np.cos(lon), -1.0, 1.0)
    c = np.arccos(cos_c)
    sin_c = np.sin(c)
    k = np.where(c < 1e-9, 1.0, c / np.where(sin_c == 0.0, 1.0, sin_c))
    east = MEAN_RADIUS_M * k * np.cos(lat) * np.sin(lon)
    north = MEAN_RADIUS_M * k * (np.cos(lat0) * np.sin(lat) - np.sin(lat0) * np.cos(lat) * np.cos(lon))
    return east, north


def thin(paths: Sequence[Samples], center: Place, tolerance_m: float) -> list[NDArray[np.int64]]:
    """Indices of the samples to keep so that straight lines on the map plane stay within a tolerance of every sample.

    Parameters
    ----------
    paths
        The full paths; all are thinned together, which is what makes it fast.
    center
        Centre of the map plane on which the page interpolates.
    tolerance_m
        Largest error at any dropped sample, along and across the path and in height [m].

    Returns
    -------
    For each path rising indices, with the first and the last.
    """
    ends = np.cumsum([0] + [len(path.time_us) for path in paths])
    if ends[-1] == 0:
        return [np.arange(0) for _ in paths]
    time = np.concatenate([path.time_us for path in paths]).astype(np.float64)
    east, north = plane(_column(paths, "latitude_deg"), _column(paths, "longitude_deg"), center)
    points = np.stack([east, north, _column(paths, "height_wgs84_m")])
    keep = _kept(points, time, ends, tolerance_m)
    return [np.flatnonzero(keep[first:last]) for first, last in pairwise(ends)]


def _kept(points: Floats, time: Floats, ends: NDArray[np.int64], tolerance_m: float) -> NDArray[np.bool_]:
    """Split every span at its worst sample until all are within the tolerance; only spans still too coarse are looked at again."""
    keep = np.zeros(len(time), dtype=np.bool_)
    filled = ends[:-1] < ends[1:]
    begins, lasts = ends[:-1][filled], ends[1:][filled] - 1
    keep[begins] = keep[lasts] = True
    lengths = lasts - begins + 1
    first, last = np.repeat(begins, lengths), np.repeat(lasts, lengths)
    live = np.flatnonzero(~keep)
    first, last = first[live], last[live]
    while len(live):
        share = (time[live] - time[first]) / (time[last] - time[first])
        off = points[:, live] - points[:, first] - (points[:, last] - points[:, first]) * share
        error = np.maximum(np.hypot(off[0], off[1]), np.abs(off[2]))
        starts = np.flatnonzero(np.concatenate([[True], first[1:] != first[:-1]]))
        most = np.repeat(np.maximum.reduceat(error, starts), np.diff(np.append(starts, len(live))))
        worst = _first_of_each((error == most) & (error > tolerance_m), starts, len(live))
        split = live[np.where(worst < 0, 0, worst)]
        keep[split[worst >= 0]] = True
        stays = (worst >= 0) & (live != split)
        live, first, last, split = live[stays], first[stays], last[stays], split[stays]
        last = np.where(live < split, split, last)
        first = np.where(live > split, split, first)
    return keep


def _first_of_each(hit: NDArray[np.bool_], starts: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """For each member its span's first hit, -1 where the span has none."""
    place = np.where(hit, np.arange(count), count)
    lowest = np.minimum.reduceat(place, starts)
    found: NDArray[np.int64] = np.repeat(np.where(lowest == count, -1, lowest), np.diff(np.append(starts, count)))
    return found


def _column(paths: Sequence[Samples], name: str) -> Floats:
    return np.concatenate([getattr(path, name) for path in paths]).astype(np.float64)
