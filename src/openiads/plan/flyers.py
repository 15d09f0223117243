"""What of a target class decides how it flies; nothing else of its figures may bend a path."""

import math
from typing import NamedTuple

from openiads.catalogue.specs import TargetSpec
from openiads.model import motion

DIVE_RAD = math.radians(30.0)


class Flyer(NamedTuple):
    """Default speed and height of a class, its limits, and what a ballistic one loses to the air (0: not ballistic)."""

    speed_mps: float
    altitude_m: float
    agility: motion.Agility
    ballistic_coefficient_kgpm2: float


def flyer(spec: TargetSpec) -> Flyer:
    """Return how a class flies.

    Limits: a crew descends no faster than it climbs; what has none dives at 30 deg at its default speed.
    """
    climb = max(spec.climb_mps, 1.0)
    descent = max(climb, spec.speed_mps.value * math.sin(DIVE_RAD)) if not spec.crewed else climb
    agility = motion.Agility(motion.turn_mps2(max(spec.max_g, 1.2)), climb, descent, acceleration_mps2=5.0)
    return Flyer(spec.speed_mps.value, spec.altitude_m.value, agility, spec.ballistic_coefficient_kgpm2)
