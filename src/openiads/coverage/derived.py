"""Products that follow from a unit's chain of engagement: shots before the asset, the protected ground, and warning."""

from dataclasses import dataclass

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage.polar import arc_rad
from openiads.coverage.sensors import slant
from openiads.coverage.units import Unit, envelope, flight_s
from openiads.coverage.value import Height
from openiads.kernel import Reals

MOST_SHOTS = 3
FOOTPRINT_LEVELS = (0.5, 0.9)


@dataclass(frozen=True)
class Warning:
    """Seconds until a target that is tracked at a range, flying straight in, is overhead."""

    from_firm_track_s: float
    from_identification_s: float


def shots(unit: Unit, target: TargetSpec, height: Height, first_m: float, assess_s: float) -> tuple[float, ...]:
    """Return the ground ranges of successive intercepts, each shot launched when the one before was assessed. [m]

    At most three, which stand for three or more; the first takes place at ``first_m``.

    Limits: the same unit, one target, no new decision delay; range only, so that an upper bound on what a battle gives.
    """
    found: list[float] = []
    at_m = first_m
    range_m: Reals = np.arange(1.0, 3_501.0) * 200.0
    slant_m, elevation = slant(range_m, np.full(range_m.shape, height.value_m), 0.0)
    closing, speed = np.cos(elevation + arc_rad(range_m)), target.speed_mps.value
    while at_m > 0.0 and len(found) < MOST_SHOTS:
        found.append(at_m)
        launch_m = at_m - speed * assess_s
        met = 0.0
        for weapon in unit.weapons:
            within = envelope(weapon, target, slant_m, height.value_m, elevation, closing)
            possible = within & (range_m + speed * flight_s(weapon, slant_m) <= launch_m)
            if possible.any():
                met = max(met, float(range_m[np.flatnonzero(possible)[-1]]))
        at_m = met
    return tuple(found)


def warning(reach_m: float, speed_mps: float, identify_s: float) -> Warning:
    """Return the warning that a firm track at a range gives, and what is left once it is identified. [s]"""
    seconds = reach_m / speed_mps
    return Warning(seconds, max(seconds - identify_s, 0.0))
