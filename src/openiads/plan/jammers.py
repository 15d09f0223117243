"""Jam-to-noise ratios: every jammer is stated by its effect on one radar, and its power at every other follows from that."""

import math
from typing import NamedTuple

import numpy as np

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import RadarSpec
from openiads.kernel import Ints, Reals, Shorts
from openiads.model import detection, jamming
from openiads.model.columns import BLOCKS, LOOK, MASKED_DB, Table, table
from openiads.plan.looks import Sensor, survey_all
from openiads.plan.raid import Raid
from openiads.scenario.models import Scenario
from openiads.scenario.objects import Jammer

EFFECT_RCS_M2 = 5.0  # what the stated radar still sees at the stated range
HEARD_M = 2e6  # a jammer is heard as far as the mask lets it be


class Jams(NamedTuple):
    """Jammers' objects, their blocks by (radar, path), the blocks' rows, and looks that hold jam-to-noise in the beam's peak."""

    objects: Ints
    blocks: Shorts
    rows: Table
    looks: Table


def effect_jnr_db(spec: RadarSpec, range_m: float) -> float:
    """Jam-to-noise ratio that leaves a radar just its reference detection of 5 m2 at a range, its margin included. [dB]"""
    constant = detection.calibrate(
        spec.reference_range_m, spec.reference_rcs_m2, spec.reference_pd, spec.reference_pfa, spec.pulses, spec.swerling
    )
    clear_db = float(detection.snr_db(constant, EFFECT_RCS_M2, range_m))
    needed_db = detection.remembered_snr_db(spec.reference_pd, spec.reference_pfa, spec.pulses, spec.swerling)
    excess = 10.0 ** ((clear_db - needed_db) / 10.0) - 1.0
    return 10.0 * math.log10(max(excess, 1e-6)) + spec.jamming_margin_db


def reception_db(spec: RadarSpec, bandwidth_hz: float) -> float:
    """Jam-to-noise ratio in a radar's main lobe of one watt of noise spread over a bandwidth, one metre away. [dB]"""
    return jamming.jam_constant_db(1.0, bandwidth_hz, spec.frequency_hz, spec.gain_db, spec.bandwidth_hz, spec.noise_temperature_k)


def stated_radar(words: str, scenario: Scenario, catalogue: Catalogue) -> RadarSpec:
    """Return the radar that a jammer's effect names: system/radar of the catalogue, or site/radar of the scenario."""
    first, _, name = words.partition("/")
    for site in scenario.sites:
        if site.name == first:
            return catalogue.radar(site.system, name)
    return catalogue.radar(first, name)


def bandwidth_hz(jammer: Jammer, target_class: str, catalogue: Catalogue) -> float:
    """Width over which a jammer spreads its noise, as the scenario or its class states it. [Hz]"""
    return jammer.bandwidth_hz if jammer.bandwidth_hz is not None else catalogue.jammer(target_class).bandwidth_hz.value


def power_db(jammer: Jammer, target_class: str, scenario: Scenario, catalogue: Catalogue) -> float:
    """Effective radiated power of a jammer, computed back from its stated effect or from its class's. [dB over 1 W]"""
    if jammer.effect is None:
        known = catalogue.jammer(target_class)
        system, _, name = known.radar.partition("/")
        source, reach_m, at_m = catalogue.radar(system, name), known.effect_range_m.value, known.jammer_range_m.value
    else:
        source, reach_m = stated_radar(jammer.effect.radar, scenario, catalogue), jammer.effect.range_m
        at_m = jammer.effect.at_range_m if jammer.effect.at_range_m is not None else catalogue.jammer(target_class).jammer_range_m.value
    width_hz = bandwidth_hz(jammer, target_class, catalogue)
    return effect_jnr_db(source, reach_m) - reception_db(source, width_hz) + 20.0 * math.log10(at_m)


def jam_table(raid: Raid, sensors: list[Sensor], heights_m: tuple[Reals, Reals], scenario: Scenario, catalogue: Catalogue) -> Jams:
    """Return the jammers' objects, the blocks by (radar, path), their rows and the jam-to-noise ratios in the beam's peak."""
    carriers = [row for row in range(len(raid.objects)) if raid.objects["jammer"][row] >= 0]
    blocks = np.full((len(sensors), len(raid.paths)), -1, np.int32)
    rows: list[tuple[int, int, int]] = []
    parts: list[Table] = []
    offset = 0
    for carrier in carriers:
        group = raid.members[carrier].group
        jammer = group.jammer
        assert jammer is not None  # noqa: S101 - a carrier has one
        bands = jammer.bands if jammer.bands is not None else catalogue.jammer(group.target_class).bands
        stated_db = power_db(jammer, group.target_class, scenario, catalogue)
        width_hz = bandwidth_hz(jammer, group.target_class, catalogue)
        for r, sensor in enumerate(sensors):
            if not sensor.is_jammed or sensor.spec.band not in bands:
                continue
            flown = np.flatnonzero(raid.paths["object"] == carrier)
            seen, spans = survey_all(
                sensor._replace(range_max_m=HEARD_M), raid.paths[flown], raid.position_ecef_m, raid.velocity_ecef_mps, heights_m
            )
            level_db = stated_db + reception_db(sensor.spec, width_hz)
            for path, (begin, first, count) in zip(flown, spans.tolist(), strict=True):
                if count < 2:
                    continue
                blocks[r, path] = len(rows)
                rows.append((begin, count, offset))
                parts.append(_levels(seen[first : first + count], begin * sensor.period_us, sensor.period_us, level_db, jammer))
                offset += count
    found = table(BLOCKS, len(rows))
    if rows:
        found["first_scan"], found["count"], found["offset"] = np.array(rows).T
    return Jams(np.array(carriers, np.int64), blocks, found, np.concatenate([*parts, table(LOOK, 1)]))


def _levels(seen: Reals, begin_us: int, period_us: int, level_db: float, jammer: Jammer) -> Table:
    """Return one path's rows: where the jammer is from the radar and how strong, masked while it is hidden or silent."""
    part = table(LOOK, len(seen))
    part["range_m"], part["bearing_rad"], part["elevation_rad"] = seen[:, 0], seen[:, 1], seen[:, 2]
    at_s = (begin_us + np.arange(len(seen)) * period_us) * 1e-6
    on = (at_s >= jammer.starts_s) & (at_s <= (jammer.stops_s if jammer.stops_s is not None else np.inf)) & (seen[:, 4] > 0.0)
    part["snr_db"] = np.where(on, level_db - 20.0 * np.log10(np.maximum(seen[:, 0], 1.0)), MASKED_DB - 9.0)
    return part
