"""Reach against target height: brochure, horizon, detection, firm track and engagement, with the band of what is not known."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage.bands import radar_band, unit_band
from openiads.coverage.value import Curve, Height
from openiads.coverage.work import Work
from openiads.earth.refraction import horizon_range_m

HEIGHTS_M = (30.0, 50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 500.0, 700.0, 1e3, 1.5e3, 2e3, 3e3, 5e3, 7e3, 9e3, 11e3, 15e3)


def curves(work: Work, classes: Sequence[TargetSpec]) -> tuple[Curve, ...]:
    """Return reach against height of the unit with the longest published range and the radars that cue it.

    ``work`` is over the smooth earth, without jamming and straight in: one row per radar.
    """
    if not work.units:
        return ()
    unit = max(work.units, key=lambda one: one.naive_range_m)
    near = tuple(cue for cue in unit.cues if cue[1:] == (0.0, 0.0))
    unit = replace(unit, cues=near).turned
    seen = [beam for beam, _, _ in unit.cues] or [beam.turned for beam in work.beams]
    highest = max(seen, key=lambda beam: beam.antenna_agl_m)
    found = []
    for target in classes:
        rows = []
        for height in (Height(value) for value in HEIGHTS_M):
            rings = [work.ring(beam, target, height, "detection") for beam in seen]
            best = max(range(len(seen)), key=lambda i: float(rings[i].reach_m.max()))
            firm_m = max(float(work.ring(beam, target, height, "firm_track").reach_m.max()) for beam in seen)
            horizon_m = float(horizon_range_m(highest.antenna_agl_m, height.value_m, highest.k))
            fired = work.reached(unit, target, height).engagement
            seen_band = radar_band(work, seen[best], rings[best], target).farthest_m
            fired_band = unit_band(work, unit, fired, target).farthest_m
            reach = (height.value_m, horizon_m, float(rings[best].reach_m.max()), firm_m, float(fired.reach_m.max()))
            rows.append((*reach, (seen_band[0], seen_band[2]), (fired_band[0], fired_band[2])))
        height_m, horizon, detection, firm, engagement, seen_bands, fired_bands = (tuple(column) for column in zip(*rows, strict=True))
        found.append(
            Curve(unit.site, target.name, height_m, horizon, detection, firm, engagement, unit.naive_range_m, seen_bands, fired_bands)
        )
    return tuple(found)


def insensitive(found: Sequence[Curve]) -> list[str]:
    """Return, for each class, the sentence that says at which heights what is not known hardly matters."""
    lines = []
    for curve in found:
        heights = curve.insensitive_m
        words = ", ".join(f"{height:g}" for height in heights)
        if heights:
            lines.append(f"{curve.target_class}: at {words} m the reach of an intercept hardly depends on what is not known")
        elif np.any(np.asarray(curve.engagement_m) > 0.0):
            lines.append(f"{curve.target_class}: at every height the reach of an intercept depends on what is not known")
    return lines
