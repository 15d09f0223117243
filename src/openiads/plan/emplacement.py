"""Where a site stands: what surrounds it while its rows are written, and what is said of the whole of it."""

import math
from typing import NamedTuple

from openiads.catalogue import Catalogue
from openiads.earth import geodesics
from openiads.earth.mask import Screen
from openiads.earth.terrain import Terrain
from openiads.scenario.models import Scenario
from openiads.scenario.sites import Site


class Emplacement(NamedTuple):
    """A site and what surrounds it."""

    site: Site
    scenario: Scenario
    catalogue: Catalogue  # with the site's own figures
    terrain: Terrain
    front_rad: tuple[float, float] | None  # where the raid comes from


def scoped(catalogue: Catalogue, site: Site) -> Catalogue:
    """Return the catalogue with the figures that a site overrides for its own system."""
    if not site.overrides:
        return catalogue
    return catalogue.with_values({f"{site.system}.{path}": value for path, value in site.overrides.items()})


def hits_to_stop(site: Site, catalogue: Catalogue, part: str) -> int:
    """Return how many hits stop a part of a site; what the scenario says of the site does not speak of its radars."""
    if site.hits_to_stop is not None and part != "radar":
        return site.hits_to_stop
    return round(catalogue.doctrine(f"damage.hits_to_stop_{part}").value)


def ready_us(site: Site, catalogue: Catalogue) -> int:
    """Return when a site can see and shoot: at once, or when the scenario or the catalogue says that it is ready."""
    return round(_ready_s(site, catalogue) * 1e6)


def _ready_s(site: Site, catalogue: Catalogue) -> float:
    if site.state == "ready" or site.ready_at_s > 0.0:
        return site.ready_at_s
    spec = catalogue.fire_unit(site.system)
    if site.state == "standby":
        return spec.standby_to_ready_s
    masted = any(radar.configuration == "masted" for radar in site.radars or ()) or "masted" in site.configurations.values()
    return spec.deploy_masted_s if masted else spec.deploy_s


def facing_rad(stated_rad: float | None, place_rad: tuple[float, float], front_rad: tuple[float, float] | None) -> float:
    """Return where a radar at a place faces: as stated, else towards where the raid comes from, else north."""
    if stated_rad is not None:
        return stated_rad
    return 0.0 if front_rad is None else float(geodesics.inverse(*place_rad, *front_rad)[1])


def facing_error_rad(site: Site, catalogue: Catalogue) -> float:
    """Return the spread of the error with which a site's fixed antennas are laid."""
    return site.facing_error_rad if site.facing_error_rad is not None else math.radians(catalogue.doctrine("site.facing_error").value)


def screen(site: Site, catalogue: Catalogue) -> Screen | None:
    """Return the trees and houses around a site, or None on open ground."""
    if site.screen is None:
        return Screen(catalogue.doctrine("site.screen_height").value, catalogue.doctrine("site.screen_distance").value)
    return Screen(site.screen.height_m, site.screen.distance_m) if site.screen.height_m > 0.0 else None
