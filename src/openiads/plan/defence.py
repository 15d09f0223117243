"""The defence, site by site: deciders, fire units with weapons and launchers, radars, and the lines and feeds between them."""

from openiads.catalogue import Catalogue
from openiads.earth.terrain import Terrain
from openiads.plan.deciders import add_decider, add_lines
from openiads.plan.draft import Draft
from openiads.plan.emplacement import Emplacement, scoped
from openiads.plan.feeds import add_feeds, add_reliefs
from openiads.plan.fire_units import add_fire_unit
from openiads.plan.hierarchy import Hierarchy
from openiads.plan.national import add_national
from openiads.plan.radars import add_radars, blink
from openiads.scenario.models import Scenario


def defence(
    scenario: Scenario,
    catalogue: Catalogue,
    terrain: Terrain,
    centre_rad: tuple[float, float],
    front_rad: tuple[float, float] | None = None,
) -> Draft:
    """Return the rows of every site of a scenario; the places of its centre and of the raid's front are (latitude, longitude).

    Raises
    ------
    UserError : a radar that the system does not have, a site off the terrain.
    """
    draft = Draft()
    for site in scenario.sites:
        if site.role != "sensor":
            add_decider(draft, site, scenario, catalogue)
    for site in scenario.sites:
        here = Emplacement(site, scenario, scoped(catalogue, site), terrain, front_rad)
        unit = add_fire_unit(draft, here) if site.role == "fire-unit" else -1
        add_radars(draft, here, unit)
    hierarchy = Hierarchy(scenario, catalogue)
    add_lines(draft, hierarchy)
    add_feeds(draft, hierarchy)
    add_national(draft, scenario, catalogue, centre_rad, hierarchy)
    add_reliefs(draft)
    blink(draft, scenario)
    return draft
