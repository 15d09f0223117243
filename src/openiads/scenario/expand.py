"""From what a file says to what stands and flies: rings of sites, and the raid turned to its bearing."""

import math
from functools import cache
from typing import TYPE_CHECKING

from openiads.scenario.models import Scenario
from openiads.scenario.objects import Group
from openiads.scenario.places import Position
from openiads.scenario.sites import Site

if TYPE_CHECKING:
    from pyproj import Geod


def expanded(scenario: Scenario) -> Scenario:
    """Return the scenario with each ring of sites written out and the hostile routes turned to the raid's bearing."""
    sites = tuple(one for site in scenario.sites for one in _ring(site))
    if len(sites) != len(scenario.sites):
        scenario = scenario.model_copy(update={"sites": sites})
    return turned(scenario)


def turned(scenario: Scenario) -> Scenario:
    """Return the scenario with hostile routes and launch points turned about the raid's centre, once, to its bearing.

    Aims stay where they are, and so do recorded tracks.
    """
    raid = scenario.raid
    wanted = 0.0 if raid.bearing_rad is None else raid.bearing_rad - raid.axis_rad
    angle = math.remainder(wanted - raid.turned_rad, 2.0 * math.pi)
    if abs(angle) < 1e-12:
        return scenario
    centre = raid.centre or scenario.assets[0].at
    objects = tuple(_turned_group(group, centre, angle) if group.side == "hostile" else group for group in scenario.objects)
    return scenario.model_copy(update={"objects": objects, "raid": raid.with_turned(wanted)})


def _turned_group(group: Group, centre: Position, angle_rad: float) -> Group:
    changes: dict[str, object] = {}
    if group.route:
        changes["route"] = tuple(point.model_copy(update={"at": about(point.at, centre, angle_rad)}) for point in group.route)
    for key in ("ballistic", "glide"):
        flight = getattr(group, key)
        if flight is not None:
            changes[key] = flight.model_copy(update={"origin": about(flight.origin, centre, angle_rad)})
    if group.turn_back is not None:
        changes["turn_back"] = group.turn_back.model_copy(update={"to": about(group.turn_back.to, centre, angle_rad)})
    return group.model_copy(update=changes)


def about(at: Position, centre: Position, angle_rad: float) -> Position:
    """Return a position turned about a centre along the WGS84 ellipsoid, clockwise seen from above, its distance kept."""
    bearing, distance_m = inverse(centre, at)
    return ahead(centre, bearing + angle_rad, distance_m)


def inverse(here: Position, there: Position) -> tuple[float, float]:
    """Return bearing [rad] and geodesic distance [m] from one position to another."""
    bearing, _, distance_m = _ellipsoid().inv(here.lon_deg, here.lat_deg, there.lon_deg, there.lat_deg)
    return math.radians(float(bearing)), float(distance_m)


def ahead(here: Position, bearing_rad: float, distance_m: float) -> Position:
    """Return the position at a bearing and geodesic distance from another."""
    lon, lat, _ = _ellipsoid().fwd(here.lon_deg, here.lat_deg, math.degrees(bearing_rad), distance_m)
    return Position.model_construct(lat_deg=float(lat), lon_deg=float(lon))


@cache
def _ellipsoid() -> "Geod":
    from pyproj import Geod

    return Geod(ellps="WGS84")


def _ring(site: Site) -> list[Site]:
    ring = site.ring
    if ring is None:
        return [site]
    made = []
    for number in range(ring.count):
        bearing = ring.first_rad + 2.0 * math.pi * number / ring.count
        changes: dict[str, object] = {"name": f"{site.name}-{number + 1}", "at": ahead(site.at, bearing, ring.radius_m), "ring": None}
        if site.facing_rad is None:
            changes["facing_rad"] = bearing % (2.0 * math.pi)
        made.append(site.model_copy(update=changes))
    return made
