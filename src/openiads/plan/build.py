"""Scenario and catalogue become a plan."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from openiads.catalogue import Catalogue, load
from openiads.catalogue.specs import TargetSpec
from openiads.chance import entity_key
from openiads.earth import geodesy, terrain
from openiads.kernel import Reals
from openiads.model import codes
from openiads.model.columns import ASSETS, REGIONS, Table, table
from openiads.model.tables import SCALARS, Arms, Eyes, Knowledge, Plan, Rule, Sky, frozen
from openiads.model.tracking.table import rules
from openiads.plan import identity, jammers, looks, orders
from openiads.plan.defence import defence
from openiads.plan.draft import Draft, arrays
from openiads.plan.files import ground_of
from openiads.plan.names import Names
from openiads.plan.raid import Raid, front, raid
from openiads.plan.scene import Aim
from openiads.scenario.models import Scenario

MAX_PICTURE_ROWS = 2_048


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, what is believed to be known of it, and the words behind its indices."""

    scenario: Scenario
    catalogue: Catalogue
    plan: Plan
    knowledge: Knowledge
    names: Names
    draft: Draft
    raid: Raid
    terrain_words: str


def plan(scenario: Scenario, catalogue: Catalogue | None = None, before: Planned | None = None) -> Planned:
    """Compute everything about a scenario that does not depend on chance.

    Parameters
    ----------
    scenario : what the user asks
    catalogue : the figures to use; the shipped ones, with the scenario's own overrides, when left out
    before : an earlier plan, whose flights are taken over where nothing differs that they depend on; the plan is the same without it

    Raises
    ------
    UserError : what the scenario asks cannot be planned: an aim off the earth, a child that is never released, a key used twice.
    """
    figures = catalogue if catalogue is not None else load()
    if scenario.catalogue:
        figures = figures.with_values(dict(scenario.catalogue))
    ground = ground_of(scenario)
    centre = centre_of(scenario)
    draft = defence(scenario, figures, ground, centre, front(scenario))
    tables = arrays(draft)
    raiders = raid(scenario, figures, aims(scenario, draft), ground, None if before is None else before.raid)
    class_rows, specs = orders.classes(raiders.classes, figures)
    heights_m = raiders.height_agl_m, raiders.height_amsl_m
    found = looks.look_table(
        draft.sensors, raiders.paths, raiders.position_ecef_m, raiders.velocity_ecef_mps, heights_m, specs,
        raiders.objects["klass"][raiders.paths["object"]], _rcs_db(raiders, specs), scenario.environment,
    )  # fmt: skip
    orders.lay_layers(draft, scenario, figures, tables["weapons"])
    raiders.objects["visible"] = found.visible
    motion = np.concatenate([raiders.position_ecef_m, raiders.velocity_ecef_mps], axis=1)
    made = Plan(
        duration_us=round(scenario.duration_s * 1e6),
        sky=Sky(raiders.objects, raiders.paths, np.ascontiguousarray(motion)),
        eyes=eyes(tables, found, jammers.jam_table(raiders, draft.sensors, heights_m, scenario, figures), raiders, clutter(scenario)),
        arms=Arms(tables["units"], tables["frames"], tables["weapons"], tables["flights_s"], tables["launchers"], tables["rounds"]),
        rule=_rule(scenario, figures, ground, draft, tables, raiders, class_rows),
        assets=_assets(scenario, ground),
        feeds=tables["feeds"],
        reliefs=tables["reliefs"],
        trackers=_rules(scenario),
        pictures=len(draft.deciders),
        rows_per_picture=min(MAX_PICTURE_ROWS, 2 * len(raiders.objects) + 64),
    )
    return Planned(
        scenario,
        figures,
        frozen(made),
        _knowledge(made, draft, specs, scenario, figures),
        _names(draft, raiders, scenario),
        draft,
        raiders,
        ground.words,
    )


def eyes(tables: dict[str, Any], found: looks.Found, jam: jammers.Jams, raiders: Raid, regions: Table) -> Eyes:
    """Return the sensors with one look table: jamming blocks follow the looks."""
    shifted = jam.rows.copy()
    shifted["offset"] += len(found.looks)
    jam_blocks = np.where(jam.blocks >= 0, jam.blocks + len(found.blocks), -1).astype(np.int32)
    watch, watched = looks.watches(found, raiders.paths, raiders.objects, tables["radars"]["period_us"])
    return Eyes(
        radars=tables["radars"],
        coverages=tables["coverages"],
        block_of=np.stack([found.look_blocks, jam_blocks]),
        blocks=np.concatenate([found.blocks, shifted]),
        looks=np.concatenate([found.looks, jam.looks]),
        watch=watch,
        watched=watched,
        detectors=tables["detectors"],
        jammers=jam.objects,
        regions=regions,
    )


def clutter(scenario: Scenario) -> Table:
    """Return the regions of clutter, their centres on the ellipsoid."""
    regions = scenario.environment.clutter_regions
    rows = table(REGIONS, len(regions))
    for c, region in enumerate(regions):
        rows["key"][c] = entity_key(f"clutter/{region.name}")
        place = geodesy.to_ecef(math.radians(region.at.lat_deg), math.radians(region.at.lon_deg), 0.0).ravel()
        rows["x_m"][c], rows["y_m"][c], rows["z_m"][c] = place
        rows["radius_m"][c], rows["height_max_m"][c], rows["plots"][c] = region.radius_m, region.height_max.value_m, region.plots
    return rows


def centre_of(scenario: Scenario) -> tuple[float, float]:
    """The middle of what is defended, else of the sites, else of the first routes."""
    places = [asset.at for asset in scenario.assets] or [site.at for site in scenario.sites]
    places = places or [point.at for group in scenario.objects for point in group.route[:1]]
    if not places:
        return 0.0, 0.0
    return (
        math.radians(sum(place.lat_deg for place in places) / len(places)),
        math.radians(sum(place.lon_deg for place in places) / len(places)),
    )


def aims(scenario: Scenario, draft: Draft) -> dict[str, Aim]:
    """Return what can be aimed at by its name: assets, radars, launchers, fire units and command posts."""
    aims = {
        asset.name: Aim(codes.AIM_ASSET, row, math.radians(asset.at.lat_deg), math.radians(asset.at.lon_deg))
        for row, asset in enumerate(scenario.assets)
    }
    places = {name: (lat, lon) for name, lat, lon in draft.places}
    for row, name in enumerate(draft.radar_names):
        aims[name] = Aim(codes.AIM_RADAR, row, *places[name])
    for row, name in enumerate(draft.launcher_names):
        aims[name] = Aim(codes.AIM_LAUNCHER, row, *places[draft.unit_names[int(draft.launchers[row]["unit"])]])
    for site in scenario.sites:
        spot = math.radians(site.at.lat_deg), math.radians(site.at.lon_deg)
        if site.name in draft.unit_names:
            aims.setdefault(site.name, Aim(codes.AIM_UNIT, draft.unit_names.index(site.name), *spot))
        elif site.name in draft.decider_of:
            aims.setdefault(site.name, Aim(codes.AIM_POST, draft.decider_of[site.name], *spot))
        else:
            radars = [row for row, name in enumerate(draft.radar_names) if name.startswith(f"{site.name}/")]
            if radars:
                aims.setdefault(site.name, Aim(codes.AIM_RADAR, radars[0], *spot))
    return aims


def _rule(
    scenario: Scenario, figures: Catalogue, ground: terrain.Terrain, draft: Draft, tables: dict[str, Any], raiders: Raid, classes: Table
) -> Rule:
    families, doctrine = orders.orders(scenario, figures, centre_of(scenario))
    guarded = orders.guarded(scenario, figures, ground)
    known, reported = identity.flights(scenario, raiders)
    return Rule(
        tables["deciders"],
        families,
        doctrine,
        classes,
        orders.corridors(scenario),
        *orders.zones(scenario),
        lines=tables["lines"],
        laws_s=tables["laws_s"],
        guarded=guarded,
        protects=orders.protects(draft, scenario, guarded),
        ranks=orders.ranks(draft, scenario, figures),
        believed=orders.believed_table(draft, figures),
        classifier=identity.classifier(scenario, figures, raiders.classes),
        flights=known,
        reported=reported,
    )


def _rcs_db(raiders: Raid, specs: list[TargetSpec]) -> Reals:
    by_object = np.array(
        [
            10.0 * math.log10(member.group.rcs_m2 if member.group.rcs_m2 else specs[raiders.objects["klass"][row]].rcs_m2.value)
            for row, member in enumerate(raiders.members)
        ]
    )
    return by_object[raiders.paths["object"]] if len(by_object) else np.zeros(0)


def _assets(scenario: Scenario, ground: terrain.Terrain) -> Table:
    rows = table(ASSETS, len(scenario.assets))
    for a, asset in enumerate(scenario.assets):
        rows["key"][a] = entity_key(asset.name)
        rows["value"][a] = asset.value
        rows["radius_m"][a] = asset.radius_m
        rows["hits_to_stop"][a] = asset.hits_to_stop
        lat, lon = math.radians(asset.at.lat_deg), math.radians(asset.at.lon_deg)
        place = geodesy.to_ecef(lat, lon, ground.height_amsl_m(lat, lon)).ravel()
        rows["x_m"][a], rows["y_m"][a], rows["z_m"][a] = place
    return rows


def _rules(scenario: Scenario) -> Reals:
    tracking = scenario.tracking
    return rules(
        filter=tracking.filter,
        associator="nearest" if tracking.associator == "gnn" else "joint",
        confirm=(tracking.confirm.m, tracking.confirm.n),
        firm_misses=tracking.drop,
    )


def _knowledge(made: Plan, draft: Draft, specs: list[TargetSpec], scenario: Scenario, catalogue: Catalogue) -> Knowledge:
    """The catalogue's own values as one sample of knowledge."""
    scalars = np.zeros(len(SCALARS))
    scalars[:] = 1.0, scenario.doctrine.salvo_correlation, scenario.doctrine.night_effect_sd, 1.0, 1.0, 1.0
    return Knowledge(
        radar=np.zeros((len(made.eyes.radars), 2)),
        klass=np.array([[0.0, spec.hit_probability.value] for spec in specs]).reshape(len(specs), 2),
        jammer_db=np.zeros(len(made.eyes.jammers)),
        kill=orders.kill_table(draft, specs),
        scalars=scalars,
    )


def _names(draft: Draft, raiders: Raid, scenario: Scenario) -> Names:
    return Names(
        objects=tuple(member.name for member in raiders.members),
        groups=tuple(member.group.name for member in raiders.members),
        classes=raiders.classes,
        radars=tuple(draft.radar_names),
        radar_types=tuple(draft.radar_types),
        units=tuple(draft.unit_names),
        systems=tuple(draft.systems),
        weapons=tuple(draft.weapon_names),
        launchers=tuple(draft.launcher_names),
        deciders=tuple(draft.decider_of),
        assets=tuple(asset.name for asset in scenario.assets),
        sites=tuple(site.name for site in scenario.sites),
    )


__all__ = ["Planned", "plan"]
