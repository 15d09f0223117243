"""Bands of reaches over the samples of what is not known."""

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage.knowledge import PUBLISHED, band, published_span
from openiads.coverage.sensors import Beam
from openiads.coverage.units import Unit
from openiads.coverage.value import Band
from openiads.coverage.work import Ring, Work


def radar_band(work: Work, beam: Beam, ring: Ring, target: TargetSpec) -> Band:
    """Return the band of a radar's reach on the bearing that it faces."""
    return band(ring.sampled_m[1:], ring.farthest_m[1:], work.drawn.moved(beam, target)[1])


def unit_band(work: Work, unit: Unit, ring: Ring, target: TargetSpec) -> Band:
    """Return the band of an intercept's reach on the bearing that a unit faces, within the weapon's range in each sample."""
    group = list(unit.guides) or [beam for beam, _, _ in unit.cues]
    if not group or not unit.weapons:
        reach_m = float(ring.reach_m.max())
        return Band((reach_m, reach_m, reach_m), (reach_m, reach_m, reach_m), None)
    chosen = max(group, key=lambda beam: beam.spec.reference_range_m)
    weapon = max(unit.weapons, key=lambda one: one.values["range_max_m"])
    system = next(site.system for site in work.scenario.sites if site.name == unit.site)
    low, high = published_span(work.catalogue, f"{system}.missiles.{weapon.name}.range_max", weapon.values["range_max_m"])
    far = (low + work.draws[:, PUBLISHED] * (high - low)) / weapon.values["range_max_m"] * unit.naive_range_m
    parts = work.drawn.moved(chosen, target)[1].copy()
    parts[:, PUBLISHED] = far
    return band(np.minimum(ring.sampled_m[1:], far), np.minimum(ring.farthest_m[1:], far), parts)
