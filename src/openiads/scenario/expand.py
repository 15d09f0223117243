"""From what a file says to what stands: each ring of sites written out."""

import math
from functools import cache
from typing import TYPE_CHECKING

from openiads.scenario.models import Scenario
from openiads.scenario.places import Position
from openiads.scenario.sites import Site

if TYPE_CHECKING:
    from pyproj import Geod


def expanded(scenario: Scenario) -> Scenario:
    """Return the scenario with each ring of sites written out, named after it with -1, -2, ... added, facing outward."""
    sites = tuple(one for site in scenario.sites for one in _ring(site))
    return scenario if len(sites) == len(scenario.sites) else scenario.model_copy(update={"sites": sites})


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
