"""Paths over the ground: geodesic lines and circular turns, strung together as nodes of a cubic in travelled distance."""

import math
from typing import NamedTuple

import numpy as np

from openiads.earth import geodesy
from openiads.earth.geodesics import ellipsoid
from openiads.errors import UserError
from openiads.kernel import Reals
from openiads.model.trajectory import Ground, Trajectory, frozen, interpolate_each, under

LINE_STEP_M = 40_000.0
ARC_STEP_RAD = math.radians(10.0)


class Path(NamedTuple):
    """Nodes along a path on the ellipsoid: ``distance_m`` (n,), ``surface_ecef_m`` and unit ``tangent`` (n, 3)."""

    distance_m: Reals
    surface_ecef_m: Reals
    tangent: Reals


class Places(NamedTuple):
    """Samples above a path: ``lat_rad``, ``lon_rad`` (n,), unit vectors ``up`` and ``forward``, ``surface_ecef_m`` (n, 3)."""

    lat_rad: Reals
    lon_rad: Reals
    up: Reals
    forward: Reals
    surface_ecef_m: Reals


class Pen:
    """Draws a path from a place and a course; lengths are over the ground [m], angles clockwise from north [rad]."""

    def __init__(self, lat_rad: float, lon_rad: float, course_rad: float) -> None:
        self._lat_deg, self._lon_deg, self._course_deg = math.degrees(lat_rad), math.degrees(lon_rad), math.degrees(course_rad)
        self._geod = ellipsoid()
        self.distance_m = 0.0
        # origin (lat, lon), azimuth and distance from it, what to add to the onward azimuth for the course, travelled distance
        self._nodes: list[tuple[float, float, float, float, float, float]] = []
        self._nodes.append((self._lat_deg, self._lon_deg, self._course_deg, 0.0, 0.0, 0.0))

    def line(self, length_m: float) -> None:
        """Go straight on along a geodesic."""
        if length_m <= 0.0:
            return
        count = math.ceil(length_m / LINE_STEP_M)
        for i in range(1, count + 1):
            part_m = length_m * i / count
            self._nodes.append((self._lat_deg, self._lon_deg, self._course_deg, part_m, 0.0, self.distance_m + part_m))
        self._move(self._lat_deg, self._lon_deg, self._course_deg, length_m, 0.0)
        self.distance_m += length_m

    def arc(self, angle_rad: float, radius_m: float) -> None:
        """Turn through an angle, positive to the right, on a circle of the given radius."""
        if angle_rad == 0.0:
            return
        side_deg = math.copysign(90.0, angle_rad)
        lon, lat, onward = self._geod.fwd(self._lon_deg, self._lat_deg, self._course_deg + side_deg, radius_m, return_back_azimuth=False)
        count = math.ceil(abs(angle_rad) / ARC_STEP_RAD)
        for i in range(1, count + 1):
            turned_deg = onward + 180.0 + math.degrees(angle_rad) * i / count
            self._nodes.append((lat, lon, turned_deg, radius_m, side_deg, self.distance_m + abs(angle_rad) * radius_m * i / count))
        self._move(lat, lon, onward + 180.0 + math.degrees(angle_rad), radius_m, side_deg)
        self.distance_m += abs(angle_rad) * radius_m

    def go_to(self, lat_rad: float, lon_rad: float, radius_m: float) -> None:
        """Turn towards a place on a circle of the given radius, then go straight to it.

        A place inside the turning circle is reached by flying past it first.
        """
        length_m, bearing_deg = self._towards(lat_rad, lon_rad)
        if length_m < 1e-3:
            return
        ahead_m, angle_rad = first_turn(length_m, wrapped(math.radians(bearing_deg - self._course_deg)), radius_m)
        self.line(ahead_m)
        self.arc(angle_rad, radius_m)
        self.head_for(lat_rad, lon_rad)

    def head_for(self, lat_rad: float, lon_rad: float) -> None:
        """Go straight to a place, whatever the course was."""
        length_m, bearing_deg = self._towards(lat_rad, lon_rad)
        if length_m > 1e-3:
            self._course_deg = bearing_deg
            self._nodes[-1] = self._nodes[-1] if len(self._nodes) > 1 else (self._lat_deg, self._lon_deg, bearing_deg, 0.0, 0.0, 0.0)
            self.line(length_m)

    def path(self) -> Path:
        """Return what was drawn.

        Raises
        ------
        UserError : nothing was drawn.
        """
        if self.distance_m <= 0.0:
            raise UserError("path: the route has no length; give at least two different places, or a hold")
        lat_deg, lon_deg, azimuth_deg, reach_m, side_deg, distance_m = np.array(self._nodes).T
        lon_deg, lat_deg, onward_deg = self._geod.fwd(lon_deg, lat_deg, azimuth_deg, reach_m, return_back_azimuth=False)
        lat, lon, course = np.radians(lat_deg), np.radians(lon_deg), np.radians(onward_deg + side_deg)
        sin_lat, cos_lat, sin_lon, cos_lon = np.sin(lat), np.cos(lat), np.sin(lon), np.cos(lon)
        east = np.stack([-sin_lon, cos_lon, np.zeros_like(lon)], axis=1)
        north = np.stack([-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat], axis=1)
        tangent = np.sin(course)[:, None] * east + np.cos(course)[:, None] * north
        return Path(np.ascontiguousarray(distance_m), geodesy.to_ecef(lat, lon, 0.0), tangent)

    def _towards(self, lat_rad: float, lon_rad: float) -> tuple[float, float]:
        bearing_deg, _, length_m = self._geod.inv(self._lon_deg, self._lat_deg, math.degrees(lon_rad), math.degrees(lat_rad))
        return length_m, bearing_deg

    def _move(self, lat_deg: float, lon_deg: float, azimuth_deg: float, reach_m: float, side_deg: float) -> None:
        self._lon_deg, self._lat_deg, onward_deg = self._geod.fwd(lon_deg, lat_deg, azimuth_deg, reach_m, return_back_azimuth=False)
        self._course_deg = onward_deg + side_deg


def line(lat1_rad: float, lon1_rad: float, lat2_rad: float, lon2_rad: float) -> Path:
    """The geodesic from one place to another, as a path."""
    pen = Pen(lat1_rad, lon1_rad, 0.0)
    pen.head_for(lat2_rad, lon2_rad)
    return pen.path()


def places(path: Path, distance_m: Reals) -> Places:
    """Where a path is at travelled distances (n,), which are held to its ends."""
    sampled = np.empty((distance_m.size, 6))
    interpolate_each(path.distance_m, path.surface_ecef_m, path.tangent, np.clip(distance_m, 0.0, path.distance_m[-1]), sampled)
    surface_m = sampled[:, :3]
    up = surface_m / np.array([geodesy.SEMI_MAJOR_AXIS_M, geodesy.SEMI_MAJOR_AXIS_M, geodesy.SEMI_MINOR_AXIS_M]) ** 2
    up /= np.sqrt(np.einsum("ij,ij->i", up, up))[:, None]
    return Places(np.arcsin(up[:, 2]), np.arctan2(up[:, 1], up[:, 0]), up, sampled[:, 3:], surface_m)


def lifted(where: Places, time_s: Reals, ground_speed_mps: Reals, height_amsl_m: Reals, climb_mps: Reals, terrain_m: Reals) -> Trajectory:
    """The trajectory of an object that is at ``height_amsl_m`` above ``where`` at ``time_s``, all (n,)."""
    forward_mps = (ground_speed_mps * (1.0 + height_amsl_m / geodesy.MEAN_RADIUS_M))[:, None] * where.forward
    return frozen(
        time_s,
        where.surface_ecef_m + height_amsl_m[:, None] * where.up,
        forward_mps + climb_mps[:, None] * where.up,
        where.lat_rad,
        where.lon_rad,
        height_amsl_m,
        height_amsl_m - terrain_m,
    )


def profile(
    path: Path, time_s: Reals, values_m: Reals, rates_mps: Reals, start_s: float, step_s: float, ground: Ground | None
) -> Trajectory:
    """The trajectory over a path whose distance and height (n, 2), with their rates, are tabulated over ``time_s`` (n,) from zero."""
    at_s = np.append(np.arange(0.0, time_s[-1] - 1e-6, step_s), time_s[-1])
    pad = np.zeros((time_s.size, 1))
    sampled = np.empty((at_s.size, 6))
    interpolate_each(time_s, np.hstack([values_m, pad]), np.hstack([rates_mps, pad]), at_s, sampled)
    where = places(path, sampled[:, 0])
    terrain_m = under(ground, where.lat_rad, where.lon_rad)
    return lifted(where, start_s + at_s, sampled[:, 3], sampled[:, 1], sampled[:, 4], terrain_m)


def first_turn(length_m: float, offset_rad: float, radius_m: float) -> tuple[float, float]:
    """How far to go straight on [m], then how far to turn [rad], to head for a place ``offset_rad`` off the course.

    Limits: plane geometry in the surroundings of the turn; the line that follows is an exact geodesic.
    """
    if abs(offset_rad) < 1e-9:
        return 0.0, 0.0
    ahead_m = length_m * math.cos(offset_rad)
    aside_m = length_m * abs(math.sin(offset_rad)) - radius_m
    straight_m = 0.0
    if ahead_m * ahead_m + aside_m * aside_m < radius_m * radius_m * 1.000001:
        straight_m = ahead_m + math.sqrt(max(radius_m * radius_m * 1.000001 - aside_m * aside_m, 0.0))
        ahead_m -= straight_m
    reach_m = math.hypot(ahead_m, aside_m)
    to_place_rad = math.atan2(aside_m, ahead_m)
    turn_rad = (to_place_rad + math.asin(min(1.0, radius_m / reach_m))) % (2.0 * math.pi)
    return straight_m, math.copysign(turn_rad if turn_rad < 2.0 * math.pi - 1e-9 else 0.0, offset_rad)


def wrapped(angle_rad: float) -> float:
    """The same direction in (-pi, pi]. [rad]"""
    turned = math.remainder(angle_rad, 2.0 * math.pi)
    return math.pi if turned == -math.pi else turned
