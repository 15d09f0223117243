"""Doctrine as tables: weapons control, layers by weapon, beliefs by family, airways and lanes."""

import math

import numpy as np

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import GunSpec, TargetSpec
from openiads.earth import geodesy
from openiads.earth.terrain import Terrain
from openiads.kernel import Ints, Reals
from openiads.model import codes
from openiads.model.columns import CLASSES, CORRIDORS, DOCTRINE, FAMILY_ROWS, FAR_FUTURE_US, GUARDED, ZONES, Table, table
from openiads.plan.draft import Draft
from openiads.plan.families import FAMILIES, families_named, family_of
from openiads.plan.hierarchy import given
from openiads.plan.identity import evidence_row
from openiads.scenario.doctrine import Layer
from openiads.scenario.models import Scenario
from openiads.scenario.places import Area, Corridor, Height

# P(believed family | side), threat weight, urgency: judgement, in the order of codes.FAMILIES.
_IF_HOSTILE = (0.35, 0.25, 0.25, 0.05, 0.02, 0.08)
_IF_CIVIL = (0.93, 0.045, 0.024, 0.0003, 0.0002, 0.0005)
_IF_FRIENDLY = (0.80, 0.12, 0.07, 0.0005, 0.0005, 0.009)
_THREAT = (1.0, 1.6, 0.6, 3.0, 3.0, 2.5)
_URGENT = (0, 0, 0, 1, 1, 1)


def orders(scenario: Scenario, catalogue: Catalogue, centre: tuple[float, float]) -> tuple[Table, Table]:
    """Return the rows of families and the one row of doctrine; ``centre`` is that of the scenario [rad]."""
    doctrine = scenario.doctrine
    families = table(FAMILY_ROWS, FAMILIES)
    families["salvo"] = round(catalogue.doctrine("fire.salvo_other").value)
    families["salvo"][codes.FAMILY_BALLISTIC] = round(catalogue.doctrine("fire.salvo_ballistic").value)
    families["salvo"][codes.FAMILY_FAST_SMALL] = round(catalogue.doctrine("fire.salvo_anti_radiation").value)
    families["is_salvo"] = families["salvo"] > 1
    families["threat"], families["is_urgent"] = _THREAT, _URGENT
    families["if_hostile"], families["if_civil"], families["if_friendly"] = _IF_HOSTILE, _IF_CIVIL, _IF_FRIENDLY
    for word, rounds in doctrine.salvo.items():
        for family in families_named((word,), catalogue):
            families["salvo"][family] = rounds
            families["is_salvo"][family] = 1 if rounds > 1 else 0
    if doctrine.firing == "salvo":
        families["salvo"] = np.maximum(families["salvo"], 2)
        families["is_salvo"] = 1
    return families, _doctrine_row(scenario, catalogue, centre)


def _doctrine_row(scenario: Scenario, catalogue: Catalogue, centre: tuple[float, float]) -> Table:
    doctrine, rules = scenario.doctrine, scenario.doctrine.identification
    row = table(DOCTRINE, 1)
    if rules.priors is not None:
        hostile, civil, friendly = rules.priors.hostile, rules.priors.civil, rules.priors.friendly
    else:
        hostile, civil, friendly = (catalogue.doctrine(f"identification.prior_{side}").value for side in ("hostile", "civil", "friendly"))
    silence_s = given(doctrine.emission_control.silence_s, catalogue, "emission_control.silence")
    if rules.alert == "alert":
        hostile *= rules.alert_factor
    after = doctrine.after_first_hostile_act or doctrine.control
    closes = scenario.civil.closes_s
    blinking = doctrine.emission_control.blinking
    values = {
        "control": codes.CONTROLS.index(doctrine.control),
        "control_after": codes.CONTROLS.index(after),
        "reserve": given(doctrine.reserve, catalogue, "fire.reserve"),
        "minimum_pk": given(doctrine.minimum_pk, catalogue, "fire.minimum_pk"),
        "silence_us": round(silence_s * 1e6) if doctrine.emission_control.silent_on_arm else 0,
        "threshold": given(rules.threshold, catalogue, "identification.threshold"),
        "latch": given(rules.label_latch, catalogue, "identification.label_latch"),
        "prior_hostile": hostile,
        "prior_civil": civil,
        "prior_friendly": friendly,
        "ask_us": 10_000_000,
        "timeout_s": rules.timeout_to_fire_s or 0.0,
        "threshold_free": given(rules.threshold_free, catalogue, "identification.threshold_free"),
        "algorithm": codes.ALGORITHMS.index(doctrine.algorithm),
        "remote": 1 if doctrine.engage_on_remote else 0,
        "closes_us": FAR_FUTURE_US if closes is None else round(closes * 1e6),
        "stress": doctrine.stress,
        "first_factor": given(doctrine.first_delay, catalogue, "readiness.first_engagement_factor"),
        "quiet_us": round(catalogue.doctrine("readiness.quiet_time").value * 1e6),
        "reengage_us": round(doctrine.reengage_after_s * 1e6),
        "blink_on_us": 0 if blinking is None else round(blinking.on_s * 1e6),
        "blink_off_us": 0 if blinking is None else round(blinking.off_s * 1e6),
        "arm_speed_mps": 450.0,
        "arm_dive_rad": math.radians(4.0),
        "retry_us": 15_000_000,
        **evidence_row(scenario, catalogue, centre),
    }
    for name, value in values.items():
        row[name][0] = value
    return row


def lay_layers(draft: Draft, scenario: Scenario, catalogue: Catalogue, weapons: Table) -> None:
    """Write what doctrine leaves to each weapon: ranges, heights and families of the layers that speak of it."""
    site_system = {site.name: site.system for site in scenario.sites}
    for w in range(len(weapons)):
        site = draft.unit_names[int(weapons["unit"][w])]
        layers = [layer for layer in scenario.doctrine.layers if _speaks_of(layer, site, site_system[site], draft.weapon_names[w])]
        if not layers:
            continue
        bits = 0
        for layer in layers:
            families = set(range(FAMILIES)) if layer.classes is None else families_named(layer.classes, catalogue)
            for family in families:
                bits |= 1 << family
        weapons["layer_families"][w] = bits
        weapons["layer_range_min_m"][w] = min(layer.range_min_m for layer in layers)
        weapons["layer_range_max_m"][w] = max(1e7 if layer.range_max_m is None else layer.range_max_m for layer in layers)
        weapons["layer_height_min_m"][w] = min(_metres(layer.height_min, -1e4) for layer in layers)
        weapons["layer_height_max_m"][w] = max(_metres(layer.height_max, 1e7) for layer in layers)


def _speaks_of(layer: Layer, site: str, system: str, weapon: str) -> bool:
    if layer.site is not None and layer.site != site:
        return False
    if layer.system is not None and layer.system != system:
        return False
    return layer.missiles is None or weapon in layer.missiles


def _metres(height: Height | None, default: float) -> float:
    return default if height is None else height.value_m


def corridors(scenario: Scenario) -> Table:
    """Return airways and lanes as segments with their ends in earth-centred coordinates."""
    rows: list[tuple[int, Corridor, int]] = []
    for label, named in ((codes.CIVIL, scenario.civil.airways), (codes.FRIENDLY, scenario.civil.corridors)):
        rows += [(label, corridor, leg) for corridor in named for leg in range(len(corridor.path) - 1)]
    made = table(CORRIDORS, len(rows))
    for row, (label, corridor, leg) in enumerate(rows):
        made["label"][row] = label
        made["half_width_m"][row] = corridor.half_width_m
        made["height_min_m"][row] = _metres(corridor.height_min, -1e3)
        made["height_max_m"][row] = _metres(corridor.height_max, 1e5)
        middle = 0.5 * (_metres(corridor.height_min, 0.0) + _metres(corridor.height_max, 2e4))
        for side, place in (("a", corridor.path[leg]), ("b", corridor.path[leg + 1])):
            ends = geodesy.to_ecef(math.radians(place.lat_deg), math.radians(place.lon_deg), middle).ravel()
            made[f"{side}x_m"][row], made[f"{side}y_m"][row], made[f"{side}z_m"][row] = ends
    return made


def zones(scenario: Scenario) -> tuple[Table, Reals]:
    """Return the zones of weapons control, no-fire zones last, and the corners of those that are polygons."""
    doctrine = scenario.doctrine
    sites = {site.name: site.at for site in scenario.sites}
    areas: list[tuple[Area, int, int]] = [
        (zone, codes.CONTROLS.index(zone.control), 1 if zone.applies == "after-hostile-act" else 0) for zone in doctrine.zones
    ]
    areas += [(area, codes.CONTROL_NEVER, 0) for area in doctrine.no_fire_zones]
    made = table(ZONES, len(areas))
    corners: list[tuple[float, float]] = []
    for row, (area, control, after) in enumerate(areas):
        made["control"][row], made["after_act"][row] = control, after
        made["height_min_m"][row], made["height_max_m"][row] = _metres(area.height_min, -1e4), _metres(area.height_max, 1e7)
        if area.polygon is not None:
            made["first"][row], made["count"][row] = len(corners), len(area.polygon)
            corners += [(math.radians(place.lat_deg), math.radians(place.lon_deg)) for place in area.polygon]
            continue
        middle = area.at if area.at is not None else sites[area.site or ""]
        x, y, z = geodesy.to_ecef(math.radians(middle.lat_deg), math.radians(middle.lon_deg), 0.0).ravel()
        made["x_m"][row], made["y_m"][row], made["z_m"][row] = x, y, z
        made["radius_m"][row] = area.radius_m or 0.0
    return made, np.array(corners).reshape(len(corners), 2)


def classes(names: tuple[str, ...], catalogue: Catalogue) -> tuple[Table, list[TargetSpec]]:
    """Return the rows of target classes and their specifications."""
    specs = [catalogue.target(name) for name in names]
    rows = table(CLASSES, len(specs))
    silent = catalogue.doctrine("damage.silent_radar_factor").value
    for k, spec in enumerate(specs):
        family = family_of(spec)
        rows["family"][k] = family
        rows["is_ballistic"][k] = 1 if family in (codes.FAMILY_BALLISTIC, codes.FAMILY_GLIDE) else 0
        rows["hit_probability"][k] = spec.hit_probability.value
        rows["silent_factor"][k] = silent
        rows["crewed"][k] = 1 if spec.crewed else 0
    return rows, specs


def guarded(scenario: Scenario, catalogue: Catalogue, ground: Terrain) -> Table:
    """Return what tracks may threaten: the assets with doctrine's weights, then the defence's own sites."""
    assets, sites = scenario.assets, scenario.sites
    rows = table(GUARDED, len(assets) + len(sites))
    weights = scenario.doctrine.priorities
    values = [weights.get(asset.name, asset.value) for asset in assets]
    own = catalogue.doctrine("threat.site_factor").value * (sum(values) / len(values) if values else 1.0)
    for row, (place, value, radius_m) in enumerate(
        [(asset.at, value, asset.radius_m) for asset, value in zip(assets, values)] + [(site.at, own, 0.0) for site in sites]
    ):
        rows["value"][row], rows["radius_m"][row] = value, radius_m
        lat, lon = math.radians(place.lat_deg), math.radians(place.lon_deg)
        rows["x_m"][row], rows["y_m"][row], rows["z_m"][row] = geodesy.to_ecef(lat, lon, ground.height_amsl_m(lat, lon)).ravel()
    return rows


def protects(draft: Draft, scenario: Scenario, places: Table) -> Ints:
    """Return what each unit stands by (units, guarded): 1 a site that it is to protect, 2 its own, 3 the most valued asset in reach."""
    names = [site.name for site in scenario.sites]
    made = np.zeros((len(draft.unit_names), len(places)), np.int64)
    where = np.stack([places["x_m"], places["y_m"], places["z_m"]], axis=1)[: len(scenario.assets)]
    worth = places["value"][: len(scenario.assets)]
    for u, unit in enumerate(draft.unit_names):
        near = np.flatnonzero(np.linalg.norm(where - draft.unit_frames[u][:3], axis=1) <= draft.units[u]["reach_m"])
        if len(near):
            made[u, near[worth[near] >= worth[near].max()]] = 3
        for duty in scenario.doctrine.point_defence:
            if duty.protector == unit:
                made[u, len(scenario.assets) + names.index(duty.protected)] = 1
        made[u, len(scenario.assets) + names.index(unit)] = 2
    return made


def ranks(draft: Draft, scenario: Scenario, catalogue: Catalogue) -> Ints:
    """Return the place of each unit's system in doctrine's order for each family (units, families); those not named come last."""
    made = np.zeros((len(draft.unit_names), FAMILIES), np.int64)
    site_system = {site.name: site.system for site in scenario.sites}
    for word, systems in scenario.doctrine.preferred.items():
        for family in families_named((word,), catalogue):
            for u, unit in enumerate(draft.unit_names):
                made[u, family] = systems.index(site_system[unit]) if site_system[unit] in systems else len(systems)
    return made


def believed_table(draft: Draft, catalogue: Catalogue) -> Reals:
    """Return the kill probability that the defence reckons with (weapons, families): the mean over the family's hostile classes.

    Of a gun it is that of a burst at its near edge, which the engagement lowers with range.
    """
    hostile = [catalogue.target(name) for name in catalogue.targets if catalogue.target(name).kind not in ("civil", "bird")]
    mean = np.array([np.mean([spec.pk.value for spec in hostile if family_of(spec) == family] or [0.0]) for family in range(FAMILIES)])
    made = np.zeros((len(draft.weapon_specs), FAMILIES))
    for w, weapon in enumerate(draft.weapon_specs):
        made[w] = mean
        if isinstance(weapon, GunSpec):
            made[w] = weapon.pk_burst_near
            made[w, [codes.FAMILY_BALLISTIC, codes.FAMILY_GLIDE]] = 0.0
    return made


def kill_table(draft: Draft, specs: list[TargetSpec]) -> Reals:
    """Return conditional kill probabilities (weapons, classes): per class and equal for every missile; guns by their burst."""
    kill = np.zeros((len(draft.weapon_specs), len(specs)))
    for w, weapon in enumerate(draft.weapon_specs):
        for k, spec in enumerate(specs):
            if isinstance(weapon, GunSpec):
                kill[w, k] = 0.0 if family_of(spec) in (codes.FAMILY_BALLISTIC, codes.FAMILY_GLIDE) else weapon.pk_burst_near
            else:
                kill[w, k] = spec.pk.value
    return kill
