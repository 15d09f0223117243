"""What others have said of reach, with the status of each statement, beside what this installation computes; nothing is fitted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage import radial
from openiads.coverage.sensors import Beam
from openiads.coverage.value import Height
from openiads.coverage.work import Work
from openiads.earth import refraction
from openiads.model import detection, propagation

ANTENNA_M = 10.0  # a judgement: no maker states it
GROUP = "reference.stated-reach"


def statements(work: Work) -> tuple[dict[str, Any], ...]:
    """Return published statements on reach beside what is computed for the same thing, in the catalogue's order.

    ``work`` is over the smooth earth, without jamming and straight in. ``ours_m`` is None where the defence has no such thing.
    """
    found = []
    for name in work.catalogue.names(GROUP):
        at = f"{GROUP}.{name}"
        figure = work.catalogue.figure(f"{at}.range")
        words = {key: work.catalogue.text(f"{at}.{key}") for key in ("statement", "measure")}
        ours, how = _ours(work, at, words["measure"])
        low, high = figure.low_si, figure.high_si
        residual = None if ours is None else 0.0 if low <= ours <= high else ours - (low if ours < low else high)
        found.append(
            {
                "statement": words["statement"], "stated_m": figure.si, "low_m": low, "high_m": high, "basis": figure.basis,
                "sources": list(figure.sources), "status": "read" if figure.checked else "recalled, not re-read",
                "ours_m": None if ours is None else round(ours), "ours": how,
                "residual_m": None if residual is None else round(residual),
            }
        )  # fmt: skip
    return tuple(found)


def _ours(work: Work, at: str, measure: str) -> tuple[float | None, str]:
    """What this installation computes for a statement [m], and in words what that is."""
    words = {
        key: str(work.catalogue.texts[f"{at}.{key}"]) for key in ("target", "height", "radar") if f"{at}.{key}" in work.catalogue.texts
    }
    height_m = _first(work, at, "height") if "height" in words else 0.0
    if measure == "maker's low-altitude point":
        return _maker(work, at, height_m)
    if measure == "claim without conditions":
        return None, "no conditions are stated, so that nothing can be set beside it"
    target = work.catalogue.target(words["target"]) if "target" in words else None
    if measure == "radar":
        beams = [beam for beam in work.beams if beam.spec.name == words["radar"]]
        if not beams:
            return None, "the radar is not in this defence"
        return _radar(work, beams, _first(work, at, "rcs"), height_m)
    if target is None or not work.units:
        return None, "there is no such unit in this defence"
    height = Height(height_m)
    if measure == "detection":
        reach = max(float(work.ring(beam, target, height, "detection").reach_m.max()) for beam in work.beams)
        return reach, f"detection of {target.name} at {height.words} by the radar that reaches farthest"
    unit = max(work.units, key=lambda one: one.naive_range_m)
    return float(
        work.reached(unit, target, height).engagement.reach_m.max()
    ), f"intercept of {target.name} at {height.words} by {unit.site}"


def _first(work: Work, at: str, word: str) -> float:
    """The number that a text of a statement begins with."""
    return float(str(work.catalogue.texts[f"{at}.{word}"]).split()[0])


def _radar(work: Work, beams: Sequence[Beam], rcs_m2: float, height_m: float) -> tuple[float, str]:
    """Detection of a target of a stated cross-section at height, straight in."""
    shape = work.catalogue.target("tactical-aircraft")
    stated = replace(shape, name=f"{rcs_m2:g} m2", rcs_m2=replace(shape.rcs_m2, value=rcs_m2, low=rcs_m2, high=rcs_m2))
    plain = _without_aspect(stated)
    spec, made = beams[0].spec, work.profile(beams[0], plain, Height(height_m))
    reach_m = float(radial.reach(made.range_m, made.pd, spec.reference_pd)[0].max())
    same = abs(spec.reference_rcs_m2 / rcs_m2 - 1.0) < 1e-6
    calibrated = ", by which the radar is calibrated" if same else ""
    return reach_m, f"detection of {rcs_m2:g} m2 at {height_m:g} m by {beams[0].name}, one scan at {spec.reference_pd:g}{calibrated}"


def _without_aspect(target: TargetSpec) -> TargetSpec:
    flat = {side: replace(spread, value=0.0, low=0.0, high=0.0) for side, spread in target.rcs_aspect_db.items()}
    return replace(target, rcs_aspect_db=flat, rcs_band_db={})


def _maker(work: Work, at: str, height_m: float) -> tuple[float, str]:
    """The low-altitude model after calibration by the same maker's point at height."""
    frequency_hz = 1e9 * _first(work, at, "frequency")
    range_m, rcs_m2, at_m = (float(part.split()[0]) for part in str(work.catalogue.texts[f"{at}.reference"]).split(","))
    reach = low_reach_m(frequency_hz, 1e3 * range_m, rcs_m2, at_m, _first(work, at, "rcs"), height_m, ANTENNA_M)
    return reach, f"the same radar calibrated by its point at {at_m:g} m, antenna {ANTENNA_M:g} m assumed, Pd 0.8"


def low_reach_m(
    frequency_hz: float, reference_range_m: float, reference_rcs_m2: float, reference_height_m: float, rcs_m2: float, target_m: float,
    antenna_m: float,
) -> float:  # fmt: skip
    """Return the farthest range above the horizon with Pd 0.8 in the default low-altitude model, of a radar calibrated by one point.

    Limits: smooth earth, standard refraction, the surface of the default model.
    """
    horizon_m = float(refraction.horizon_range_m(antenna_m, target_m))
    table = propagation.loss_table(frequency_hz, antenna_m, 300e3)
    low = propagation.Low(1, propagation.SPEED_OF_LIGHT_MPS / frequency_hz, antenna_m)
    clear = low._replace(lobed=0)
    loss_db = float(propagation.two_way_loss_db(table, clear, reference_range_m, reference_height_m, reference_height_m))
    constant_db = detection.calibrate(reference_range_m, reference_rcs_m2, 0.8, attenuation_two_way_db=loss_db)
    range_m = np.arange(2e3, horizon_m, 50.0)
    losses_db = propagation.two_way_loss_db(table, low, range_m, target_m, target_m)
    seen = detection.probability(detection.snr_db(constant_db, rcs_m2, range_m, losses_db)) >= 0.8
    return float(range_m[seen].max())
