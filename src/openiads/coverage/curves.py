"""Reach against target height: brochure, horizon, detection, firm track and engagement, with the band of what is not known."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage.bands import unit_band
from openiads.coverage.knowledge import QUANTILES
from openiads.coverage.units import Unit
from openiads.coverage.value import Curve, Height
from openiads.coverage.work import Work
from openiads.earth.refraction import horizon_range_m

HEIGHTS_M = (30.0, 50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 500.0, 700.0, 1e3, 1.5e3, 2e3, 3e3, 5e3, 7e3, 9e3, 11e3, 15e3)


def curves(work: Work, classes: Sequence[TargetSpec]) -> tuple[Curve, ...]:
    """Return reach against height of the unit with the longest published range and the radars that cue it.

    ``work`` is over the smooth earth, without jamming and straight in: one row per radar.  Each reach is the farthest place where
    the level is met, wherever gaps lie before it; values and bands come of the same samples, the first of which has stated figures.
    A band is widened to its stated value where that lies at the edge of what the catalogue states.
    """
    if not work.units:
        return ()
    unit = _farthest(work)
    seen = [beam for beam, _, _ in unit.cues] or [beam.turned for beam in work.beams]
    highest = max(seen, key=lambda beam: beam.antenna_agl_m)
    found = []
    for target in classes:
        rows = []
        for height in (Height(value) for value in HEIGHTS_M):
            looks, firm = (
                np.maximum.reduce([work.ring(beam, target, height, product).farthest_m for beam in seen])
                for product in ("detection", "firm_track")
            )
            horizon_m = float(horizon_range_m(highest.antenna_agl_m, height.value_m, highest.k))
            fired = work.reached(unit, target, height).engagement
            fired_m = float(fired.farthest_m[0])
            fired_band = unit_band(work, unit, fired, target).farthest_m
            seen_band = np.quantile(looks[1:], (QUANTILES[0], QUANTILES[-1]))
            reach = (height.value_m, horizon_m, float(looks[0]), float(firm[0]), fired_m)
            rows.append((*reach, _with(looks[0], *seen_band), _with(fired_m, fired_band[0], fired_band[2])))
        height_m, horizon, detection, track, engagement, seen_bands, fired_bands = (tuple(column) for column in zip(*rows, strict=True))
        found.append(
            Curve(unit.site, target.name, height_m, horizon, detection, track, engagement, unit.naive_range_m, seen_bands, fired_bands)
        )
    return tuple(found)


def at_height(work: Work, classes: Sequence[TargetSpec], height: Height) -> tuple[dict[str, Any], ...]:
    """Return what the curves say of engagement at one height, with the unknown that moves it most."""
    if not work.units:
        return ()
    unit, rows = _farthest(work), []
    for target in classes:
        fired = work.reached(unit, target, height).engagement
        reach_m, found = float(fired.farthest_m[0]), unit_band(work, unit, fired, target)
        low, high = _with(reach_m, found.farthest_m[0], found.farthest_m[2])
        rows.append(
            {
                "target_class": target.name, "height_m": height.value_m, "height_datum": height.datum, "product": "engagement",
                "unit": unit.site, "reach_m": round(reach_m, 1), "naive_range_m": unit.naive_range_m,
                "band": {"p05": round(low, 1), "p50": round(found.farthest_m[1], 1), "p95": round(high, 1), "driver": found.driver},
            }
        )  # fmt: skip
    return tuple(rows)


def _farthest(work: Work) -> Unit:
    """The unit with the longest published range, turned to where targets come from, with the radars that stand at it."""
    unit = max(work.units, key=lambda one: one.naive_range_m)
    return replace(unit, cues=tuple(cue for cue in unit.cues if cue[1:] == (0.0, 0.0))).turned


def _with(stated: float, low: float, high: float) -> tuple[float, float]:
    return float(min(low, stated)), float(max(high, stated))


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
