"""Fewer samples for the same picture: positions on the map plane and the choice of the samples that matter."""

from __future__ import annotations

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
    [snyder-1987], chapter 25.
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


def thin(samples: Samples, center: Place, tolerance_m: float) -> NDArray[np.int64]:
    """Indices of the samples to keep so that straight lines on the map plane stay within a tolerance of every sample.

    Parameters
    ----------
    samples
        The full path.
    center
        Centre of the map plane on which the page interpolates.
    tolerance_m
        Largest error at any dropped sample, along and across the path and in height [m].

    Returns
    -------
    Rising indices, with the first and the last.
    """
    count = len(samples.time_us)
    if count <= 2:
        return np.arange(count)
    east, north = plane(samples.latitude_deg, samples.longitude_deg, center)
    points = np.stack([east, north, samples.height_wgs84_m])
    time = samples.time_us.astype(np.float64)
    keep = np.zeros(count, dtype=np.bool_)
    keep[[0, -1]] = True
    spans = [(0, count - 1)]
    while spans:
        first, last = spans.pop()
        worst, error = _worst(points, time, first, last)
        if error > tolerance_m:
            keep[worst] = True
            spans += [(first, worst), (worst, last)]
    return np.flatnonzero(keep)


def _worst(points: Floats, time: Floats, first: int, last: int) -> tuple[int, float]:
    """Sample furthest from the straight line between two others, at its own time."""
    if last - first < 2:
        return first, 0.0
    share = (time[first + 1 : last] - time[first]) / (time[last] - time[first])
    line = points[:, [first]] + (points[:, [last]] - points[:, [first]]) * share
    off = points[:, first + 1 : last] - line
    error = np.maximum(np.hypot(off[0], off[1]), np.abs(off[2]))
    worst = int(np.argmax(error))
    return first + 1 + worst, float(error[worst])
