"""The defence as tables: sites become radars, fire units with weapons and launchers, deciders, and the feeds between them."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import FireUnitSpec, GunSpec, MissileSpec, RadarSpec
from openiads.chance import entity_key
from openiads.earth import geodesy
from openiads.earth.mask import Screen
from openiads.earth.mask_cache import cached_mask
from openiads.earth.terrain import Terrain, smooth
from openiads.errors import UserError
from openiads.kernel import Reals
from openiads.model import codes, detection
from openiads.model.tables import (
    DECIDERS,
    FAR_FUTURE_US,
    FEEDS,
    LAUNCHERS,
    LEVELS,
    LINES,
    RADARS,
    SLOTS,
    UNITS,
    WEAPONS,
    Table,
    table,
)
from openiads.model.tracking.conversion import coverage
from openiads.plan.hierarchy import HERE, Hierarchy, Line, given, law
from openiads.plan.laws import Laws, fixed, lognormal
from openiads.plan.looks import Sensor
from openiads.plan.losses import level
from openiads.scenario.models import Scenario
from openiads.scenario.sites import Site, SiteRadar

FLIGHT_POINTS = 64
GUIDED_PERIOD_S = 2.0  # guiding channels look this often at least; finer revisits change no outcome and cost time
DECISION_PERIOD_S = {"battalion": 4.0, "battery": 4.0, "vehicle": 2.0, "none": 4.0}
FEED_RANGE_M = 700e3
LAUNCHER_M = 5.0  # a unit's own height above its ground
RELIEF_M = 30e3  # so near, an acquisition radar searches in an engagement radar's stead
MASK_BEARINGS = 3_600  # 0.1 deg: looks are interpolated between them
MAX_PICTURE_ROWS = 2_048


@dataclass
class Draft:
    """Rows of the defence while they are put together."""

    radars: list[dict[str, float]] = field(default_factory=list)
    sensors: list[Sensor] = field(default_factory=list)
    radar_names: list[str] = field(default_factory=list)
    radar_types: list[str] = field(default_factory=list)
    detectors: list[Reals] = field(default_factory=list)
    detector_of: dict[tuple[float, int, int], int] = field(default_factory=dict)
    units: list[dict[str, float]] = field(default_factory=list)
    unit_frames: list[Reals] = field(default_factory=list)
    unit_names: list[str] = field(default_factory=list)
    systems: list[str] = field(default_factory=list)
    weapons: list[dict[str, float]] = field(default_factory=list)
    flights: list[Reals] = field(default_factory=list)
    weapon_names: list[str] = field(default_factory=list)
    weapon_specs: list[MissileSpec | GunSpec] = field(default_factory=list)
    launchers: list[dict[str, float]] = field(default_factory=list)
    rounds: list[list[int]] = field(default_factory=list)
    launcher_names: list[str] = field(default_factory=list)
    deciders: list[dict[str, float]] = field(default_factory=list)
    decider_of: dict[str, int] = field(default_factory=dict)
    feeds: list[dict[str, float]] = field(default_factory=list)
    feeding: dict[str, list[int]] = field(default_factory=dict)  # radars by site
    lines: list[dict[str, float]] = field(default_factory=list)
    laws: Laws = field(default_factory=Laws)
    places: list[tuple[str, float, float]] = field(default_factory=list)


def filled(columns: list[tuple[str, str]], rows: list[dict[str, float]]) -> Table:
    """Return a table from rows of named values."""
    made = table(columns, len(rows))
    for i, row in enumerate(rows):
        for name, value in row.items():
            made[name][i] = value
    return made


def defence(
    scenario: Scenario, catalogue: Catalogue, terrain: Terrain, centre: tuple[float, float], front: tuple[float, float] | None = None
) -> Draft:
    """Return the rows of every site of a scenario.

    Raises
    ------
    UserError : a radar that the system does not have, a site off the terrain.
    """
    draft = Draft()
    for site in scenario.sites:
        if site.role != "sensor":
            _decider(draft, site, scenario, catalogue)
    for site in scenario.sites:
        scoped = _scoped(catalogue, site)
        unit = -1
        if site.role == "fire-unit":
            unit = _unit(draft, site, scenario, scoped, terrain)
        _radars(draft, site, scenario, scoped, terrain, front, unit)
    hierarchy = Hierarchy(scenario, catalogue)
    _lines(draft, hierarchy)
    _national(draft, scenario, catalogue, centre, hierarchy)
    _blink(draft, scenario)
    return draft


def _scoped(catalogue: Catalogue, site: Site) -> Catalogue:
    if not site.overrides:
        return catalogue
    return catalogue.with_values({f"{site.system}.{path}": value for path, value in site.overrides.items()})


def _decider(draft: Draft, site: Site, scenario: Scenario, catalogue: Catalogue) -> None:
    assessment = scenario.doctrine.assessment
    row = len(draft.deciders)
    draft.decider_of[site.name] = row
    draft.deciders.append(
        {
            "key": entity_key(f"decider/{site.name}"),
            "picture": row,
            "period_us": round(DECISION_PERIOD_S[catalogue.fire_unit(site.system).kind] * 1e6),
            "phase_us": 1_000_000 + 50_000 * row,
            "site": row,
            "assess": draft.laws.add(law(assessment.delay, catalogue, "assessment.delay")),
            "kill_unseen": given(assessment.kill_unseen, catalogue, "assessment.kill_unseen"),
            "miss_unseen": given(assessment.miss_unseen, catalogue, "assessment.miss_unseen"),
            "hits_to_stop": _hits(site, catalogue, "command_post"),
        }
    )


def _hits(site: Site, catalogue: Catalogue, part: str) -> int:
    if site.hits_to_stop is not None and part != "radar":
        return site.hits_to_stop
    return round(catalogue.doctrine(f"damage.hits_to_stop_{part}").value)


def _lines(draft: Draft, hierarchy: Hierarchy) -> None:
    """Write who commands each unit, level by level, and who hears of which radar."""
    for unit, name in zip(draft.units, draft.unit_names):
        levels = hierarchy.levels(name)
        unit["home"] = draft.decider_of[levels[0][0]]
        for decider, post, mode, line in levels:
            draft.lines.append(
                {
                    "decider": draft.decider_of[decider],
                    "post": draft.decider_of[post],
                    "mode": mode,
                    "delay": draft.laws.add(*line.laws),
                    "loss": line.loss,
                    "cut_us": line.cut_us,
                }
            )
        draft.lines += [{"decider": -1} for _ in range(LEVELS - len(levels))]
    for name, picture in draft.decider_of.items():
        above = hierarchy.above(name)
        report = hierarchy.line(name, above[-1]) if above else HERE
        draft.deciders[picture] |= {"report": draft.laws.add(*report.laws), "report_loss": report.loss}
        for site, line, via in hierarchy.hears(name):
            for radar in draft.feeding.get(site.name, []):
                draft.feeds.append(_feed(draft, radar, picture, line, via))


def _feed(draft: Draft, radar: int, decider: int, line: Line, via: str) -> dict[str, float]:
    return {
        "radar": radar,
        "picture": decider,
        "delay": draft.laws.add(*line.laws),
        "loss": line.loss,
        "cut_us": line.cut_us,
        "via": draft.decider_of[via] if via else -1,
    }


def _ready_s(site: Site, catalogue: Catalogue) -> float:
    """When a site can see and shoot: at once, or when the scenario or the catalogue says that it is ready."""
    if site.state == "ready" or site.ready_at_s > 0.0:
        return site.ready_at_s
    spec = catalogue.fire_unit(site.system)
    if site.state == "standby":
        return spec.standby_to_ready_s
    masted = any(radar.configuration == "masted" for radar in site.radars or ()) or "masted" in site.configurations.values()
    return spec.deploy_masted_s if masted else spec.deploy_s


def _decision(draft: Draft, spec: FireUnitSpec, scenario: Scenario, catalogue: Catalogue) -> int:
    """The row of the law of a unit's decisions: what doctrine states for all, else about its own system's chain, less the reaction."""
    if scenario.doctrine.decision_delay is not None:
        return draft.laws.add(scenario.doctrine.decision_delay)
    median_s = max(spec.kill_chain_delay_s - spec.reaction_s, catalogue.doctrine("decision.time_minimum").value)
    return draft.laws.add(lognormal(median_s, catalogue.doctrine("decision.time_sigma").value))


def _unit(draft: Draft, site: Site, scenario: Scenario, catalogue: Catalogue, terrain: Terrain) -> int:
    spec = catalogue.fire_unit(site.system)
    row = len(draft.units)
    lat, lon = math.radians(site.at.lat_deg), math.radians(site.at.lon_deg)
    ground_m = float(terrain.height_amsl_m(lat, lon))
    frame = geodesy.frame(lat, lon, ground_m + LAUNCHER_M)
    draft.unit_frames.append(np.concatenate([frame.origin_ecef_m, frame.axes.ravel()]))
    draft.unit_names.append(site.name)
    draft.places.append((site.name, lat, lon))
    if site.system not in draft.systems:
        draft.systems.append(site.system)
    first_weapon = len(draft.weapons)
    first_launcher = len(draft.launchers)
    _weapons(draft, site, spec, catalogue, row)
    _launchers(draft, site, spec, catalogue, row, first_weapon)
    radars = [catalogue.radar(site.system, name) for role in ("engagement", "multifunction") for name in spec.radars.get(role, ())]
    weapons = draft.weapons[first_weapon:]
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
            "weapon_first": first_weapon,
            "weapon_count": len(weapons),
            "launcher_first": first_launcher,
            "launcher_count": len(draft.launchers) - first_launcher,
            "decision": _decision(draft, spec, scenario, catalogue),
            "has_duty": 1 if any(duty.protector == site.name for duty in scenario.doctrine.point_defence) else 0,
            "ready_us": round(_ready_s(site, catalogue) * 1e6),
            "availability": 1.0,
            "loaders": spec.reloaded_at_once if site.transloaders is None else site.transloaders,
            "hits_to_stop": _hits(site, catalogue, "launcher"),
        }
    )
    return row


def _weapons(draft: Draft, site: Site, spec: FireUnitSpec, catalogue: Catalogue, unit: int) -> None:
    load = dict(site.load) if site.load is not None else dict(spec.default_load)
    names = [name for name in load if load[name] > 0]
    kinds: list[tuple[str, MissileSpec | GunSpec, int]] = [(name, catalogue.missile(site.system, name), load[name]) for name in names]
    kinds += [(name, gun := catalogue.gun(site.system, name), int(gun.ready_rounds / (gun.rate_rps * gun.burst_s))) for name in spec.guns]
    if len(kinds) > SLOTS:
        raise UserError(f"sites.{site.name}: {len(kinds)} weapon types on one unit; at most {SLOTS} can be mixed")
    for slot, (name, weapon, rounds) in enumerate(kinds):
        is_gun = isinstance(weapon, GunSpec)
        row: dict[str, float] = {
            "key": entity_key(f"{site.name}/{name}"),
            "kind": codes.WEAPON_GUN if is_gun else codes.WEAPON_MISSILE,
            "unit": unit,
            "slot": slot,
            "loaded": rounds,
            "range_min_m": weapon.range_min_m,
            "range_max_m": weapon.range_max_m,
            "crossing_share": 1.0,
            "receding_share": 1.0,
            "elevation_max_rad": 0.5 * math.pi,
            "target_speed_max_mps": weapon.max_target_speed_mps,
            "rounds_per_shot": 1,
            "reliability": 1.0,
            "layer_range_max_m": 1e7,
            "layer_height_min_m": -1e4,
            "layer_height_max_m": 1e7,
            "layer_families": 0x3F,
            "prefer": -weapon.range_max_m / 1e6,
        }
        if isinstance(weapon, GunSpec):
            row |= {
                "height_min_m": -50.0,
                "height_max_m": weapon.altitude_max_m,
                "rounds_per_shot": round(weapon.rate_rps * weapon.burst_s),
                "gun_near_pk": weapon.pk_burst_near,
                "gun_far_pk": weapon.pk_burst_far,
            }
            draft.flights.append(np.linspace(0.0, weapon.range_max_m * 1.1, FLIGHT_POINTS) / 800.0 + weapon.burst_s)
        else:
            row |= {
                "crossing_share": weapon.range_share_crossing,
                "receding_share": weapon.range_share_receding,
                "elevation_max_rad": weapon.elevation_max_rad,
                "height_min_m": weapon.altitude_min_m,
                "height_max_m": weapon.altitude_max_m,
                "ballistic_range_m": weapon.range_max_ballistic_m,
                "ballistic_height_min_m": weapon.altitude_min_ballistic_m,
                "ballistic_height_max_m": weapon.altitude_max_ballistic_m,
                "handover_us": round(weapon.handover_s * 1e6) if weapon.support == "until_handover" else 0,
                "reliability": weapon.reliability,
            }
            draft.flights.append(flight_table_s(weapon))
        row["flight_step_m"] = weapon.range_max_m * 1.1 / (FLIGHT_POINTS - 1)
        draft.weapons.append(row)
        draft.weapon_names.append(name)
        draft.weapon_specs.append(weapon)


def flight_table_s(missile: MissileSpec) -> Reals:
    """Time of flight over slant range 0 .. 1.1 x maximum, consistent with peak and mean speed.

    Speed falls linearly with distance from its peak, v = peak (1 - c r/R); c makes the mean over R the stated one.  A launch
    transient of two seconds is added.

    Limits: one profile for all heights; no public figure supports more.
    """
    ratio = min(missile.mean_speed_mps / missile.speed_mps, 0.999)
    low, high = 1e-6, 0.999
    for _ in range(60):
        c = 0.5 * (low + high)
        if c / -math.log(1.0 - c) > ratio:
            low = c
        else:
            high = c
    r = np.linspace(0.0, missile.range_max_m * 1.1, FLIGHT_POINTS)
    share = np.minimum(low * r / missile.range_max_m, 0.9995)
    return 2.0 - missile.range_max_m / (missile.speed_mps * low) * np.log1p(-share)


def _launchers(draft: Draft, site: Site, spec: FireUnitSpec, catalogue: Catalogue, unit: int, first_weapon: int) -> None:
    """Spread the load over the launchers: each type on as many as it needs, a launcher's tubes filled before the next."""
    count = site.launchers if site.launchers is not None else max(spec.launchers, 1)
    weapons = draft.weapons[first_weapon:]
    missiles = [slot for slot, weapon in enumerate(weapons) if weapon["kind"] == codes.WEAPON_MISSILE]
    total = sum(int(weapons[slot]["loaded"]) for slot in missiles)
    per = max(1, -(-total // max(count, 1)))
    rounds = [[0] * SLOTS for _ in range(max(count, 1))]
    tube = 0
    for slot in missiles:
        for _ in range(int(weapons[slot]["loaded"])):
            rounds[min(tube // per, len(rounds) - 1)][slot] += 1
            tube += 1
    for slot, weapon in enumerate(weapons):
        if weapon["kind"] == codes.WEAPON_GUN:
            rounds[0][slot] = int(weapon["loaded"])
    availability = site.availability if site.availability is not None else spec.availability_launcher
    for number, load in enumerate(rounds):
        name = f"{site.name}/launcher-{number + 1}"
        draft.launcher_names.append(name)
        draft.rounds.append(load)
        draft.launchers.append(
            {
                "key": entity_key(name),
                "unit": unit,
                "reload_us": round(spec.reload_s * 1e6),
                "reloads": site.reloads,
                "availability": availability,
                "hits_to_stop": round(catalogue.doctrine("damage.hits_to_stop_launcher").value),
            }
        )


def _radars(
    draft: Draft, site: Site, scenario: Scenario, catalogue: Catalogue, terrain: Terrain, front: tuple[float, float] | None, unit: int
) -> None:
    spec = catalogue.fire_unit(site.system)
    known = [name for names in spec.radars.values() for name in names]
    chosen = site.radars if site.radars is not None else tuple(SiteRadar.model_construct(name=name) for name in known)
    for radar in chosen:
        one = catalogue.radar(site.system, radar.catalogue_name)
        row = _radar(draft, site, radar, one, scenario, catalogue, terrain, front, unit)
        if unit >= 0:
            if one.role in ("engagement", "multifunction"):
                draft.units[unit]["radar"] = row
            elif one.role == "optical":
                draft.units[unit]["radar_spare"] = row
        cued = spec.kind == "vehicle" and one.role == "engagement" and bool(spec.radars.get("acquisition"))
        if not cued and one.role != "optical":
            draft.feeding.setdefault(site.name, []).append(row)


def _antenna_m(site: Site, radar: SiteRadar, spec: RadarSpec) -> float:
    if radar.antenna_agl_m is not None:
        return radar.antenna_agl_m
    chosen = radar.configuration or site.configurations.get(radar.name) or site.configurations.get("*") or spec.default_configuration
    return spec.antenna_masted_m if chosen == "masted" else spec.antenna_mobile_m


def _radar(
    draft: Draft, site: Site, radar: SiteRadar, spec: RadarSpec, scenario: Scenario, catalogue: Catalogue, terrain: Terrain,
    front: tuple[float, float] | None, unit: int,
) -> int:  # fmt: skip
    row = len(draft.radars)
    place = radar.at or site.at
    lat, lon = math.radians(place.lat_deg), math.radians(place.lon_deg)
    antenna_m = _antenna_m(site, radar, spec)
    screen = _screen(site, catalogue)
    guided = spec.role in ("engagement", "multifunction", "optical")
    period_s = max(spec.scan_period_s, GUIDED_PERIOD_S)
    facing = radar.facing_rad if radar.facing_rad is not None else site.facing_rad
    if facing is None:
        facing = float(geodesy.inverse(lat, lon, *front)[1]) if front is not None else 0.0
    reach_m = min(spec.instrumented_range_m, 700e3)
    seen = cached_mask(
        terrain, (lat, lon), antenna_m, max_range_m=reach_m, k=scenario.environment.k_factor, screen=screen, bearings=MASK_BEARINGS
    )
    turret = catalogue.fire_unit(site.system).kind == "vehicle"
    whole = spec.azimuth_sector_rad >= 2.0 * math.pi - 1e-9
    sees = coverage(
        lat, lon, seen.antenna_amsl_m, max_range_m=reach_m,
        facing_rad=facing, sector_rad=2.0 * math.pi if whole else spec.azimuth_sector_rad,
        elevation_min_rad=spec.elevation_min_rad, elevation_max_rad=spec.elevation_max_rad, k_factor=scenario.environment.k_factor,
    )  # fmt: skip
    bias = radar.registration_bias
    name = f"{site.name}/{radar.name}"
    draft.radar_names.append(name)
    draft.radar_types.append(spec.name)
    draft.places.append((name, lat, lon))
    draft.sensors.append(
        Sensor(
            spec, level(spec, antenna_m, reach_m, scenario.environment, seen.antenna_amsl_m - antenna_m), seen, sees, reach_m,
            round(period_s * 1e6), 0.0, 0.0, spec.emits, None if whole or turret or not spec.emits else facing,
        )
    )  # fmt: skip
    availability = radar.availability if radar.availability is not None else spec.availability
    draft.radars.append(
        {
            "key": entity_key(name),
            "unit": unit if guided else -1,
            "site": draft.decider_of.get(site.name, -1),
            "height_amsl_m": seen.antenna_amsl_m,
            "period_us": round(period_s * 1e6),
            "rotates": 1 if whole and not guided else 0,
            "facing_rad": facing,
            "half_sector_rad": math.pi if whole else 0.5 * spec.azimuth_sector_rad,
            "facing_error_rad": 0.0 if whole else _facing_error(site, catalogue),
            "range_max_m": reach_m,
            "elevation_min_rad": spec.elevation_min_rad,
            "elevation_max_rad": spec.elevation_max_rad,
            "error_range_m": spec.range_error_m,
            "error_azimuth_rad": spec.azimuth_error_rad,
            "error_elevation_rad": spec.elevation_error_rad,
            "bias_azimuth_rad": bias.azimuth_rad,
            "bias_elevation_rad": bias.elevation_rad,
            "bias_range_m": bias.range_m,
            "error_radial_mps": spec.radial_speed_error_mps if "speed" in spec.measures else 0.0,
            "resolution_m": spec.resolution_range_m if scenario.tracking.resolution else 0.0,
            "resolution_azimuth_rad": spec.beamwidth_azimuth_rad,
            "beam_azimuth_rad": spec.beamwidth_azimuth_rad,
            "beam_elevation_rad": spec.beamwidth_elevation_rad,
            "sidelobe_db": spec.sidelobe_db,
            "margin_db": spec.jamming_margin_db,
            "detector": _detector(draft, spec),
            "availability": 0.0 if radar.silent else availability,
            "interrogates": 1,
            "emits": 1 if spec.emits else 0,
            "ready_us": round(_ready_s(site, catalogue) * 1e6),
            "blink_shift_us": -1,
            "is_feed": 0,
            "angles_only": 0 if "range" in spec.measures else 1,
            "false_alarms": spec.false_plots_per_scan if scenario.tracking.false_alarms else 0.0,
            "slew_rps": 0.0 if whole else spec.slew_rate_rps,
            "turret": 1 if turret else 0,
            "hits_to_stop": _hits(site, catalogue, "radar"),
        }
    )
    return row


def _facing_error(site: Site, catalogue: Catalogue) -> float:
    return site.facing_error_rad if site.facing_error_rad is not None else math.radians(catalogue.doctrine("site.facing_error").value)


def _screen(site: Site, catalogue: Catalogue) -> Screen | None:
    if site.screen is None:
        return Screen(catalogue.doctrine("site.screen_height").value, catalogue.doctrine("site.screen_distance").value)
    return Screen(site.screen.height_m, site.screen.distance_m) if site.screen.height_m > 0.0 else None


def _detector(draft: Draft, spec: RadarSpec) -> int:
    sort = (spec.reference_pfa, spec.pulses, spec.swerling)
    if sort not in draft.detector_of:
        draft.detector_of[sort] = len(draft.detectors)
        draft.detectors.append(detection.table(*sort))
    return draft.detector_of[sort]


def _blink(draft: Draft, scenario: Scenario) -> None:
    """Give each radar that only searches its turn: they are spread evenly over on and off together."""
    blinking = scenario.doctrine.emission_control.blinking
    if blinking is None:
        return
    cycle_us = round((blinking.on_s + blinking.off_s) * 1e6)
    searching = [radar for radar in draft.radars if radar["emits"] == 1 and radar["unit"] < 0 and not radar["is_feed"]]
    for turn, radar in enumerate(searching):
        radar["blink_shift_us"] = turn * cycle_us // len(searching)


def _relieve(draft: Draft) -> list[int]:
    """Say of every feed of an engagement radar which feeds search in its stead; returns their rows.

    Engagement radars look where they are told: what they hold is looked at on demand.  One searches its sector, and feeds its plots
    to a picture, only while no acquisition radar of at least half its range within ``RELIEF_M`` is heard in that picture.
    """
    reliefs: list[int] = []
    place = {name: (lat, lon) for name, lat, lon in draft.places}
    for feed in draft.feeds:
        radar = int(feed["radar"])
        feed["relief_first"] = len(reliefs)
        if draft.sensors[radar].spec.role == "engagement":
            here, name = draft.sensors[radar], draft.radar_names[radar]
            for row, other in enumerate(draft.feeds):
                there = draft.sensors[int(other["radar"])]
                if (
                    other["picture"] == feed["picture"]
                    and there.spec.role == "acquisition"
                    and draft.radars[int(other["radar"])]["is_feed"] == 0
                    and there.range_max_m >= 0.5 * here.range_max_m
                    and float(geodesy.inverse(*place[name], *place[draft.radar_names[int(other["radar"])]])[0]) <= RELIEF_M
                ):
                    reliefs.append(row)
        feed["relief_count"] = len(reliefs) - feed["relief_first"]
    return reliefs


def _national(draft: Draft, scenario: Scenario, catalogue: Catalogue, centre: tuple[float, float], hierarchy: Hierarchy) -> None:
    """An external track feed enters as a sensor over the scenario's centre that sees what flies above its floor."""
    picture = scenario.picture
    if picture.feed == "standalone" or not draft.deciders:
        return
    feed = catalogue.feed(picture.feed)
    model = catalogue.radar("generic-sensors", "generic-vhf")
    sees = coverage(*centre, 0.0, max_range_m=FEED_RANGE_M, k_factor=0.0)
    open_sky = cached_mask(smooth(), centre, 30e3, max_range_m=FEED_RANGE_M, step_m=1000.0)
    row = len(draft.radars)
    draft.radar_names.append(picture.feed)
    draft.radar_types.append(picture.feed)
    draft.places.append((picture.feed, *centre))
    floor = picture.floor_agl_m if picture.floor_agl_m is not None else feed.coverage_floor_agl_m
    error_m = picture.error_m if picture.error_m is not None else feed.position_error_m
    period_us = round((picture.interval_s if picture.interval_s is not None else feed.period_s) * 1e6)
    own = picture.delay if picture.delay is not None else fixed(feed.delay_s)
    loss = picture.loss if picture.loss is not None else feed.loss
    draft.sensors.append(
        Sensor(
            model,
            level(model, 10.0, FEED_RANGE_M, scenario.environment),
            open_sky,
            sees,
            FEED_RANGE_M,
            period_us,
            floor,
            feed.report_probability,
            False,
            None,
        )
    )
    draft.radars.append(
        {
            "key": entity_key(f"feed/{picture.feed}"), "unit": -1, "site": -1, "period_us": period_us, "half_sector_rad": math.pi,
            "range_max_m": FEED_RANGE_M, "elevation_max_rad": 1.6, "error_range_m": error_m,
            "error_azimuth_rad": error_m / 150e3, "error_elevation_rad": feed.height_error_m / 150e3,
            "beam_azimuth_rad": 1.0, "beam_elevation_rad": 1.0, "sidelobe_db": -60.0, "margin_db": 200.0,
            "detector": _detector(draft, model), "availability": 1.0, "emits": 0, "blink_shift_us": -1, "is_feed": 1,
        }
    )  # fmt: skip
    for name, decider in draft.decider_of.items():
        above = hierarchy.above(name)
        if not above or scenario.doctrine.mode == "autonomous":
            draft.feeds.append(_feed(draft, row, decider, Line((own,), loss, FAR_FUTURE_US), ""))
        elif scenario.doctrine.mode == "delegated":
            line = hierarchy.line(above[-1], name)
            whole = Line((own, *line.laws), 1.0 - (1.0 - loss) * (1.0 - line.loss), line.cut_us)
            draft.feeds.append(_feed(draft, row, decider, whole, above[-1]))


def arrays(draft: Draft) -> dict[str, Any]:
    """Return the draft's rows as the plan's tables."""
    reliefs = np.array(_relieve(draft), np.int64)
    rounds = np.array(draft.rounds, np.int64).reshape(len(draft.rounds), SLOTS)
    return {
        "radars": filled(RADARS, draft.radars),
        "coverages": np.array([sensor.coverage for sensor in draft.sensors]).reshape(len(draft.sensors), 22),
        "detectors": np.array(draft.detectors) if draft.detectors else np.zeros((1, 2)),
        "feeds": filled(FEEDS, draft.feeds),
        "reliefs": reliefs,
        "units": filled(UNITS, draft.units),
        "frames": np.array(draft.unit_frames).reshape(len(draft.unit_frames), 12),
        "weapons": filled(WEAPONS, draft.weapons),
        "flights_s": np.array(draft.flights).reshape(len(draft.flights), FLIGHT_POINTS),
        "launchers": filled(LAUNCHERS, draft.launchers),
        "rounds": rounds,
        "deciders": filled(DECIDERS, draft.deciders),
        "lines": filled(LINES, draft.lines),
        "laws_s": draft.laws.table(),
    }
