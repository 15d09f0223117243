"""The radars of a site: which it has, what each covers, and their rows."""

import math
from typing import NamedTuple

from openiads.catalogue.specs import RadarSpec
from openiads.chance import entity_key
from openiads.earth.mask import Mask
from openiads.earth.mask_cache import cached_mask
from openiads.kernel import Reals
from openiads.model import detection
from openiads.model.tracking.sight import coverage
from openiads.plan.draft import Draft
from openiads.plan.emplacement import Emplacement, facing_error_rad, facing_rad, hits_to_stop, ready_us, screen
from openiads.plan.looks import Sensor
from openiads.plan.losses import level
from openiads.scenario.models import Scenario
from openiads.scenario.sites import Site, SiteRadar

GUIDED_PERIOD_S = 2.0  # guiding channels look this often at least; finer revisits change no outcome and cost time
MASK_BEARINGS = 3_600  # 0.1 deg: looks are interpolated between them
REACH_M = 700e3


class Placed(NamedTuple):
    """A radar where it stands."""

    radar: SiteRadar
    spec: RadarSpec
    lat_rad: float
    lon_rad: float
    antenna_agl_m: float
    facing_rad: float
    reach_m: float
    mask: Mask
    coverage: Reals
    is_round: bool  # looks all around
    is_turret: bool  # turns with its vehicle


def add_radars(draft: Draft, here: Emplacement, unit: int) -> None:
    """Add the radars that a site is said to have, else those of its system; the row of its fire unit is ``unit``, or -1.

    Raises
    ------
    UserError : a radar that the system does not have, a site off the terrain.
    """
    site, catalogue = here.site, here.catalogue
    spec = catalogue.fire_unit(site.system)
    known = [name for names in spec.radars.values() for name in names]
    chosen = site.radars if site.radars is not None else tuple(SiteRadar.model_construct(name=name) for name in known)
    for radar in chosen:
        one = catalogue.radar(site.system, radar.catalogue_name)
        row = _add_radar(draft, _placed(radar, one, here), here, unit)
        if unit >= 0:
            if one.role in ("engagement", "multifunction"):
                draft.units[unit]["radar"] = row
            elif one.role == "optical":
                draft.units[unit]["radar_spare"] = row
        cued = spec.kind == "vehicle" and one.role == "engagement" and bool(spec.radars.get("acquisition"))
        if not cued and one.role != "optical":
            draft.feeding.setdefault(site.name, []).append(row)


def _placed(radar: SiteRadar, spec: RadarSpec, here: Emplacement) -> Placed:
    site, catalogue, k_factor = here.site, here.catalogue, here.scenario.environment.k_factor
    at = radar.at or site.at
    place = math.radians(at.lat_deg), math.radians(at.lon_deg)
    antenna_m = _antenna_m(site, radar, spec)
    facing = facing_rad(radar.facing_rad if radar.facing_rad is not None else site.facing_rad, place, here.front_rad)
    reach_m = min(spec.instrumented_range_m, REACH_M)
    mask = cached_mask(
        here.terrain, place, antenna_m, max_range_m=reach_m, k=k_factor, screen=screen(site, catalogue), bearings=MASK_BEARINGS
    )
    is_round = spec.azimuth_sector_rad >= 2.0 * math.pi - 1e-9
    sees = coverage(
        *place, mask.antenna_amsl_m, max_range_m=reach_m, facing_rad=facing,
        sector_rad=2.0 * math.pi if is_round else spec.azimuth_sector_rad,
        elevation_min_rad=spec.elevation_min_rad, elevation_max_rad=spec.elevation_max_rad, k_factor=k_factor,
    )  # fmt: skip
    is_turret = catalogue.fire_unit(site.system).kind == "vehicle"
    return Placed(radar, spec, *place, antenna_m, facing, reach_m, mask, sees, is_round, is_turret)


def _antenna_m(site: Site, radar: SiteRadar, spec: RadarSpec) -> float:
    if radar.antenna_agl_m is not None:
        return radar.antenna_agl_m
    chosen = radar.configuration or site.configurations.get(radar.name) or site.configurations.get("*") or spec.default_configuration
    return spec.antenna_masted_m if chosen == "masted" else spec.antenna_mobile_m


def _add_radar(draft: Draft, placed: Placed, here: Emplacement, unit: int) -> int:
    row = len(draft.radars)
    name = f"{here.site.name}/{placed.radar.name}"
    draft.radar_names.append(name)
    draft.radar_types.append(placed.spec.name)
    draft.places.append((name, placed.lat_rad, placed.lon_rad))
    draft.sensors.append(_sensor(placed, here.scenario))
    whose = {
        "key": entity_key(name),
        "unit": unit if _guides(placed.spec) else -1,
        "site": draft.decider_of.get(here.site.name, -1),
        "detector": detector(draft, placed.spec),
    }
    draft.radars.append(whose | _figures(placed.spec) | _standing(placed, here))
    return row


def _guides(spec: RadarSpec) -> bool:
    return spec.role in ("engagement", "multifunction", "optical")


def _period_us(spec: RadarSpec) -> int:
    return round(max(spec.scan_period_s, GUIDED_PERIOD_S) * 1e6)


def _sensor(placed: Placed, scenario: Scenario) -> Sensor:
    spec, antenna_m = placed.spec, placed.antenna_agl_m
    ground_m = placed.mask.antenna_amsl_m - antenna_m
    return Sensor(
        spec, level(spec, antenna_m, placed.reach_m, scenario.environment, ground_m), placed.mask, placed.coverage, placed.reach_m,
        _period_us(spec), 0.0, 0.0, spec.emits, _loses_aside(placed),
    )  # fmt: skip


def _loses_aside(placed: Placed) -> bool:
    return placed.spec.emits and not placed.is_round and not placed.is_turret


def _figures(spec: RadarSpec) -> dict[str, float]:
    """What a radar's row has from the catalogue alone."""
    return {
        "period_us": _period_us(spec),
        "elevation_min_rad": spec.elevation_min_rad,
        "elevation_max_rad": spec.elevation_max_rad,
        "error_range_m": spec.range_error_m,
        "error_azimuth_rad": spec.azimuth_error_rad,
        "error_elevation_rad": spec.elevation_error_rad,
        "error_radial_mps": spec.radial_speed_error_mps if "speed" in spec.measures else 0.0,
        "resolution_azimuth_rad": spec.beamwidth_azimuth_rad,
        "beam_azimuth_rad": spec.beamwidth_azimuth_rad,
        "beam_elevation_rad": spec.beamwidth_elevation_rad,
        "sidelobe_db": spec.sidelobe_db,
        "margin_db": spec.jamming_margin_db,
        "interrogates": 1,
        "emits": 1 if spec.emits else 0,
        "angles_only": 0 if "range" in spec.measures else 1,
        "is_feed": 0,
        "blink_shift_us": -1,
    }


def _standing(placed: Placed, here: Emplacement) -> dict[str, float]:
    """What a radar's row has from where it stands and from the scenario."""
    site, catalogue, tracking = here.site, here.catalogue, here.scenario.tracking
    radar, spec, is_round = placed.radar, placed.spec, placed.is_round
    availability = radar.availability if radar.availability is not None else spec.availability
    return {
        "height_amsl_m": placed.mask.antenna_amsl_m,
        "range_max_m": placed.reach_m,
        "rotates": 1 if is_round and not _guides(spec) else 0,
        "turret": 1 if placed.is_turret else 0,
        "slew_rps": 0.0 if is_round else spec.slew_rate_rps,
        "facing_rad": placed.facing_rad,
        "facing_error_rad": 0.0 if is_round else facing_error_rad(site, catalogue),
        "aside_exponent": spec.scan_loss_exponent if _loses_aside(placed) else 0.0,
        "half_sector_rad": math.pi if is_round else 0.5 * spec.azimuth_sector_rad,
        "bias_azimuth_rad": radar.registration_bias.azimuth_rad,
        "bias_elevation_rad": radar.registration_bias.elevation_rad,
        "bias_range_m": radar.registration_bias.range_m,
        "resolution_m": spec.resolution_range_m if tracking.resolution else 0.0,
        "false_alarms": spec.false_plots_per_scan if tracking.false_alarms else 0.0,
        "availability": 0.0 if radar.silent else availability,
        "ready_us": ready_us(site, catalogue),
        "hits_to_stop": hits_to_stop(site, catalogue, "radar"),
    }


def detector(draft: Draft, spec: RadarSpec) -> int:
    """Return the row of a radar's curve of detection, which radars of the same sort share."""
    sort = (spec.reference_pfa, spec.pulses, spec.swerling)
    if sort not in draft.detector_of:
        draft.detector_of[sort] = len(draft.detectors)
        draft.detectors.append(detection.table(*sort))
    return draft.detector_of[sort]


def blink(draft: Draft, scenario: Scenario) -> None:
    """Give each radar that only searches its turn: they are spread evenly over on and off together."""
    blinking = scenario.doctrine.emission_control.blinking
    if blinking is None:
        return
    cycle_us = round((blinking.on_s + blinking.off_s) * 1e6)
    searching = [radar for radar in draft.radars if radar["emits"] == 1 and radar["unit"] < 0 and not radar["is_feed"]]
    for turn, radar in enumerate(searching):
        radar["blink_shift_us"] = turn * cycle_us // len(searching)
