"""Checks of free flight."""

import math

from openiads.model import ballistics, kepler
from openiads.verify import rows


def _part(arc: kepler.Arc, part: str) -> float:
    found = {"speed": arc.speed_mps, "angle": math.degrees(arc.angle_rad), "apogee": arc.apogee_m / 1e3, "time": arc.time_s / 60.0}
    return found[part]


def minimum_energy(range_km: float, part: str) -> float:
    """One figure of the flight of least energy."""
    return _part(kepler.minimum_energy(range_km * 1e3), part)


def integrated(range_km: float, part: str) -> float:
    """The same flight integrated."""
    arc = kepler.minimum_energy(range_km * 1e3)
    samples = ballistics.integrate(arc.speed_mps, arc.angle_rad, step_s=1.0)
    if part == "range":
        return float(samples[-1, 1]) * kepler.EARTH_RADIUS_M / 1e3
    return float(samples[:, 2].max()) / 1e3 if part == "apogee" else float(samples[-1, 0]) / 60.0


def lofted(apogee_km: float, range_km: float, part: str) -> float:
    """Flight time of an arc through an apogee, or the greatest range of its speed."""
    arc = kepler.through_apogee(range_km * 1e3, apogee_km * 1e3)
    return arc.time_s / 60.0 if part == "time" else kepler.maximum_range_m(arc.speed_mps) / 1e3


def shortfall_min(apogee_km: float, range_km: float, published_min: float) -> float:
    """Published flight time less that of the arc."""
    return published_min - kepler.through_apogee(range_km * 1e3, apogee_km * 1e3).time_s / 60.0


CHECKS = rows.read("ballistics", globals())
