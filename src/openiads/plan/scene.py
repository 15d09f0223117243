"""What flights refer to: places as they lie once the raid is turned, the ground, recordings, what is aimed at, and who releases."""

import math
from typing import NamedTuple

import numpy as np

from openiads.earth import geodesics
from openiads.earth.terrain import Terrain
from openiads.errors import UserError
from openiads.model import imported
from openiads.model.trajectory import Ground, Trajectory
from openiads.scenario.models import Scenario
from openiads.scenario.objects import Group
from openiads.scenario.places import Position


class Aim(NamedTuple):
    """A named thing that objects may be aimed at."""

    kind: int
    row: int
    lat_rad: float
    lon_rad: float


class Parent(NamedTuple):
    """The object that releases another: its name, its group and its flight."""

    name: str
    group: Group
    trajectory: Trajectory


class Turner(NamedTuple):
    """Turns places about a centre by an angle."""

    lat_rad: float
    lon_rad: float
    angle_rad: float

    def place(self, lat_rad: float, lon_rad: float) -> tuple[float, float]:
        """Return a place turned about the centre, at its distance."""
        distance, bearing, _ = geodesics.inverse(self.lat_rad, self.lon_rad, lat_rad, lon_rad)
        lat, lon, _ = geodesics.direct(self.lat_rad, self.lon_rad, float(bearing) + self.angle_rad, float(distance))
        return float(lat), float(lon)


class Scene(NamedTuple):
    """What all flights of a scenario share: the rotation of hostile routes, the ground, and recorded tracks by file."""

    scenario: Scenario
    turn: Turner | None
    ground: Ground | None
    recordings: dict[str, list[imported.Recording]]
    notes: list[str]

    def spot(self, group: Group, place: Position) -> tuple[float, float]:
        """Return where a place written in a group's route lies: hostile routes are turned with the raid."""
        return spot(place, self.turn if group.side == "hostile" else None)

    def ground_m(self, lat_rad: float, lon_rad: float) -> float:
        """Return the height of the ground above sea level. [m]"""
        return 0.0 if self.ground is None else float(self.ground(np.array([lat_rad]), np.array([lon_rad]))[0])


def scene_of(scenario: Scenario, terrain: Terrain) -> Scene:
    """Return what all flights of a scenario over a terrain share.

    Raises
    ------
    UserError : a bearing of the raid with nothing to turn it about.
    """
    return Scene(scenario, turner(scenario), None if terrain.is_smooth else terrain.height_amsl_m, {}, [])


def turner(scenario: Scenario) -> Turner | None:
    """Return the rotation of hostile routes about the raid's centre, or None where the raid comes as it is written."""
    if scenario.raid.bearing_rad is None:
        return None
    if scenario.raid.centre is not None:
        centre = math.radians(scenario.raid.centre.lat_deg), math.radians(scenario.raid.centre.lon_deg)
    elif scenario.assets:
        first = scenario.assets[0].at
        centre = math.radians(first.lat_deg), math.radians(first.lon_deg)
    else:
        raise UserError("raid.bearing: there is no asset to turn the raid about; state raid.centre as {lat: ..., lon: ...}")
    return Turner(*centre, scenario.raid.bearing_rad - scenario.raid.axis_rad)


def spot(place: Position, turn: Turner | None) -> tuple[float, float]:
    """Return latitude and longitude of a place, turned where there is a rotation. [rad]"""
    lat, lon = math.radians(place.lat_deg), math.radians(place.lon_deg)
    return turn.place(lat, lon) if turn is not None else (lat, lon)
