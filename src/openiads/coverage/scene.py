"""Scenario to the defence that is covered: its radars and units over their ground, with jammers and course."""

from openiads.catalogue import Catalogue, load
from openiads.coverage import jamming
from openiads.coverage.knowledge import UNKNOWNS, uniforms
from openiads.coverage.sensors import beams
from openiads.coverage.units import units
from openiads.coverage.work import Work
from openiads.earth.terrain import Terrain, smooth
from openiads.errors import UserError
from openiads.plan import build, defence
from openiads.plan.files import ground_of as written_ground
from openiads.plan.hierarchy import given
from openiads.plan.raid import front
from openiads.scenario.models import Scenario


def figures_of(scenario: Scenario, catalogue: Catalogue | None) -> Catalogue:
    """Return the catalogue with the scenario's own changes."""
    figures = catalogue if catalogue is not None else load()
    return figures.with_values(dict(scenario.catalogue.items())) if scenario.catalogue else figures


def ground_of(scenario: Scenario, terrain: Terrain | None) -> tuple[Terrain, str]:
    """Return the ground that masks are made from, and the words that every output carries.

    Terrain whose nodes lie too far apart to mask anything gives way to the smooth earth, and the words say so.
    """
    asked = terrain if terrain is not None else written_ground(scenario)
    if asked.is_coarse and not asked.is_smooth:
        for site in scenario.sites:
            asked.require(*_radians(site.at.lat_deg, site.at.lon_deg), f"the site {site.name}")
        return smooth(), f"{asked.words}; computed over the smooth earth"
    return asked, asked.words if asked.is_smooth else f"{asked.words}; beyond its edge the ground stays level"


def _radians(lat_deg: float, lon_deg: float) -> tuple[float, float]:
    from math import radians

    return radians(lat_deg), radians(lon_deg)


def work_of(
    scenario: Scenario, figures: Catalogue, ground: Terrain, samples: int, course_rad: float | None = None, jammers: str = "none"
) -> Work:
    """Return the defence ready to be covered.

    Raises
    ------
    UserError : no radar, a site off the terrain, jamming that is not there.
    """
    draft = defence.defence(scenario, figures, ground, build.centre_of(scenario), front(scenario))
    jams = jamming.jams(jammers, scenario, figures, draft, ground)
    seen = beams(draft, scenario, ground, bearing_matters=course_rad is not None or jams is not None)
    if not seen:
        raise UserError(f"{scenario.name}: no site has a radar, so nothing can be covered: add a site of a system with radars")
    first = given(scenario.doctrine.first_delay, figures, "readiness.first_engagement_factor")
    return Work(scenario, figures, ground, seen, units(draft, seen, ground, first), uniforms(samples, len(UNKNOWNS)), course_rad, jams)
