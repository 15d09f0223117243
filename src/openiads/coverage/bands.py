"""Bands of reaches: every sample of what is not known, read off the radial forms that were computed at shifted levels."""

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage.knowledge import SHIFTS_DB, band, published_span
from openiads.coverage.sensors import Beam
from openiads.coverage.units import Unit
from openiads.coverage.value import Band
from openiads.coverage.work import Ring, Work
from openiads.kernel import Reals


def radar_band(work: Work, beam: Beam, ring: Ring, target: TargetSpec) -> Band:
    """Return the band of a radar's reach on the bearing that it faces."""
    moved, parts = work.moved(beam, target)
    return band(_read(ring.shifted_m, moved, beam.sensor.range_max_m), _read(ring.farthest_m, moved, beam.sensor.range_max_m), parts)


def unit_band(work: Work, unit: Unit, ring: Ring, target: TargetSpec) -> Band:
    """Return the band of an intercept's reach: the worse of cueing and guiding radar in each sample, within the weapon's range."""
    seen = []
    for group in ([beam for beam, _, _ in unit.cues], list(unit.guides)):
        if group:
            chosen = max(group, key=lambda beam: beam.spec.reference_range_m)
            seen.append(work.moved(chosen, target))
    if not seen or not unit.weapons:
        reach_m = float(ring.reach_m.max())
        return Band((reach_m, reach_m, reach_m), (reach_m, reach_m, reach_m), None)
    moved = np.minimum.reduce([one[0] for one in seen])
    weapon = max(unit.weapons, key=lambda one: one.values["range_max_m"])
    system = next(site.system for site in work.scenario.sites if site.name == unit.site)
    low, high = published_span(work.catalogue, f"{system}.missiles.{weapon.name}.range_max", weapon.values["range_max_m"])
    far = (low + work.draws[:, 4] * (high - low)) / weapon.values["range_max_m"] * unit.naive_range_m
    parts = np.concatenate([seen[-1][1], far[:, None]], axis=1)
    return band(_read(ring.shifted_m, moved, far), _read(ring.farthest_m, moved, far), parts)


def _read(reaches_m: Reals, moved_db: Reals, most_m: Reals | float) -> Reals:
    return np.minimum(np.interp(moved_db, SHIFTS_DB, reaches_m), most_m)
