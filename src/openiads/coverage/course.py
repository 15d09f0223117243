"""Parallel straight courses: lanes laid over a place along which targets fly, so that what came before a cell lies on its lane."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from openiads.coverage.polar import Polar, bearings_rad
from openiads.kernel import Reals

MOST_LANES = 600  # to each side: lanes are at most 1 km apart out to 600 km
LEAST_STEP_M = 250.0


@dataclass(frozen=True, eq=False)
class Lanes:
    """Lanes about a place out to a range: nodes (lanes, along), counted against the course, so that targets come down each row."""

    course_rad: float
    reach_m: float

    @property
    def step_m(self) -> float:
        """Return the distance between lanes, and between nodes on a lane. [m]"""
        return max(LEAST_STEP_M, self.reach_m / MOST_LANES)

    @cached_property
    def axis_m(self) -> Reals:
        """Return distances from the place, across and against the course (n,). [m]"""
        half = math.ceil(self.reach_m / self.step_m) + 1
        return np.asarray(np.arange(-half, half + 1) * self.step_m, np.float64)

    @property
    def along_m(self) -> Reals:
        """Return distances to the end of a lane (n,), the nearest one node away. [m]"""
        return np.asarray(self.axis_m - self.axis_m[0] + self.step_m)

    @cached_property
    def places(self) -> tuple[Reals, Reals]:
        """Return bearing [rad] and ground range [m] of every node from the place."""
        across, against = np.meshgrid(self.axis_m, self.axis_m, indexing="ij")
        east = across * math.cos(self.course_rad) - against * math.sin(self.course_rad)
        north = -across * math.sin(self.course_rad) - against * math.cos(self.course_rad)
        return np.arctan2(east, north) % (2.0 * math.pi), np.hypot(east, north)

    def of(self, field: Polar) -> Reals:
        """Return a field about the place on the nodes."""
        return field.at(*self.places)

    def back(self, nodes: Reals, rows: int, range_m: Reals) -> Reals:
        """Return what stands on the nodes at bearings (rows) and ranges about the place, linear between nodes."""
        from scipy.ndimage import map_coordinates

        bearing = bearings_rad(rows)[:, None]
        east, north = range_m * np.sin(bearing), range_m * np.cos(bearing)
        across = east * math.cos(self.course_rad) - north * math.sin(self.course_rad)
        against = -east * math.sin(self.course_rad) - north * math.cos(self.course_rad)
        at = [(values - self.axis_m[0]) / self.step_m for values in (across, against)]
        return np.asarray(map_coordinates(nodes, at, order=1, mode="constant"))


def cosine_to(course_rad: float | None, bearing_rad: Reals) -> Reals:
    """Return, by bearing from an observer, the level part of how directly a target comes at it: 1 nose-on, -1 flying away."""
    if course_rad is None:
        return np.ones(bearing_rad.shape)
    return -np.cos(course_rad - bearing_rad)
