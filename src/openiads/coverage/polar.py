"""Fields over (bearing, range) about a place, and the way from them to any other place."""

import math
from dataclasses import dataclass

import numpy as np

from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.kernel import Reals


@dataclass(frozen=True, eq=False)
class Polar:
    """Values (rows, ranges) at bearings of equal steps from north and ranges ``step_m``, 2 ``step_m``, ...; one row holds all round."""

    values: Reals
    step_m: float

    def at(self, bearing_rad: Reals, range_m: Reals) -> Reals:
        """Return values at bearings and ranges, linear between cells; the first cell's within it, nothing beyond the last."""
        rows, columns = self.values.shape
        place = np.maximum(range_m / self.step_m - 1.0, 0.0)
        low = np.minimum(place.astype(np.int64), columns - 2)
        part = np.minimum(place - low, 1.0)
        inside = place <= columns - 1.0
        if rows == 1:
            line = self.values[0]
            return np.where(inside, line[low] * (1.0 - part) + line[low + 1] * part, 0.0)
        around = (bearing_rad / (2.0 * math.pi) * rows) % rows
        near = around.astype(np.int64) % rows
        turn = around - np.floor(around)
        far = (near + 1) % rows
        flat = self.values.reshape(-1)
        found = np.zeros(np.broadcast_shapes(bearing_rad.shape, range_m.shape))
        for row, weight in ((near, 1.0 - turn), (far, turn)):
            first = row * columns + low
            found += weight * (flat[first] * (1.0 - part) + flat[first + 1] * part)
        return np.where(inside, found, 0.0)


def offset(centre: tuple[float, float], place: tuple[float, float]) -> tuple[float, float]:
    """Return how far east and north of a centre a place lies. [m]"""
    from openiads.earth import geodesics

    distance, bearing, _ = geodesics.inverse(*centre, *place)
    return float(distance) * math.sin(float(bearing)), float(distance) * math.cos(float(bearing))


def seen_from(east_m: float, north_m: float, bearing_rad: Reals, range_m: Reals) -> tuple[Reals, Reals]:
    """Return bearing [rad] and ground range [m] from a point beside the centre, to places given about the centre.

    Limits: on a plane of equal distances about the centre.
    """
    x, y = range_m * np.sin(bearing_rad) - east_m, range_m * np.cos(bearing_rad) - north_m
    return np.arctan2(x, y) % (2.0 * math.pi), np.hypot(x, y)


def bearings_rad(rows: int) -> Reals:
    """Return the bearings of the rows of a field."""
    return np.asarray(np.arange(rows) * (2.0 * math.pi / rows), np.float64)


def arc_rad(range_m: Reals) -> Reals:
    """Return the angle at the earth's centre. [rad]"""
    return np.asarray(range_m / MEAN_RADIUS_M)
