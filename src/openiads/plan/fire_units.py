"""Fire units as rows: where each stands, what its channels can do at once, when it is ready, and how long it takes to decide."""

import math

import numpy as np

from openiads.catalogue.specs import FireUnitSpec
from openiads.chance import entity_key
from openiads.earth import geodesy
from openiads.plan.draft import Draft
from openiads.plan.emplacement import Emplacement, hits_to_stop, ready_us
from openiads.plan.laws import lognormal
from openiads.plan.weapons import add_launchers, add_weapons

LAUNCHER_M = 5.0  # a unit's own height above its ground


def add_fire_unit(draft: Draft, here: Emplacement) -> int:
    """Add a site's fire unit with its weapons and launchers; returns its row.

    Raises
    ------
    UserError : more types of weapon than one unit can mix.
    """
    site, catalogue = here.site, here.catalogue
    spec = catalogue.fire_unit(site.system)
    row, weapon_first, launcher_first = len(draft.units), len(draft.weapons), len(draft.launchers)
    ground_m = _stand(draft, here)
    if site.system not in draft.systems:
        draft.systems.append(site.system)
    add_weapons(draft, site, spec, catalogue, row)
    weapons = draft.weapons[weapon_first:]
    add_launchers(draft, site, spec, catalogue, row, weapons)
    radars = [catalogue.radar(site.system, name) for role in ("engagement", "multifunction") for name in spec.radars.get(role, ())]
    draft.units.append(
        {
            "key": entity_key(site.name),
            "system": draft.systems.index(site.system),
            "site": draft.decider_of[site.name],
            "radar": -1,
            "radar_spare": -1,
            "ground_wgs84_m": ground_m,
            "height_amsl_m": ground_m + LAUNCHER_M,
            "reach_m": max((weapon["range_max_m"] for weapon in weapons), default=0.0),
            "targets_max": max((radar.simultaneous_targets for radar in radars), default=1),
            "missiles_max": max((radar.simultaneous_missiles for radar in radars), default=1),
            "reaction_us": round(spec.reaction_s * 1e6),
            "interval_us": round(spec.launch_interval_s * 1e6),
            "weapon_first": weapon_first,
            "weapon_count": len(weapons),
            "launcher_first": launcher_first,
            "launcher_count": len(draft.launchers) - launcher_first,
            "decision": _decision(draft, spec, here),
            "has_duty": 1 if any(duty.protector == site.name for duty in here.scenario.doctrine.point_defence) else 0,
            "ready_us": ready_us(site, catalogue),
            "availability": 1.0,
            "loaders": spec.reloaded_at_once if site.transloaders is None else site.transloaders,
            "hits_to_stop": hits_to_stop(site, catalogue, "launcher"),
        }
    )
    return row


def _stand(draft: Draft, here: Emplacement) -> float:
    """Write where a unit stands; returns the height of its ground. [m]"""
    site = here.site
    lat, lon = math.radians(site.at.lat_deg), math.radians(site.at.lon_deg)
    ground_m = float(here.terrain.height_amsl_m(lat, lon))
    frame = geodesy.frame(lat, lon, ground_m + LAUNCHER_M)
    draft.unit_frames.append(np.concatenate([frame.origin_ecef_m, frame.axes.ravel()]))
    draft.unit_names.append(site.name)
    draft.places.append((site.name, lat, lon))
    return ground_m


def _decision(draft: Draft, spec: FireUnitSpec, here: Emplacement) -> int:
    """The row of the law of a unit's decisions: what doctrine states for all, else about its own system's chain, less the reaction."""
    stated, catalogue = here.scenario.doctrine.decision_delay, here.catalogue
    if stated is not None:
        return draft.laws.add(stated)
    median_s = max(spec.kill_chain_delay_s - spec.reaction_s, catalogue.doctrine("decision.time_minimum").value)
    return draft.laws.add(lognormal(median_s, catalogue.doctrine("decision.time_sigma").value))
