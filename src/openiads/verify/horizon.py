"""Checks of the radar horizon."""

from openiads.earth import refraction
from openiads.verify import rows

FOOT_M = 0.3048
NAUTICAL_MILE_M = 1852.0


def coefficient(feet: bool) -> float:
    """Horizon range over the square root of the height, in kilometres and metres or in nautical miles and feet."""
    if feet:
        return float(refraction.horizon_range_m(FOOT_M, 0.0)) / NAUTICAL_MILE_M
    return float(refraction.horizon_range_m(1.0, 0.0)) / 1e3


def ring_km(antenna_m: float, target_m: float, k: float) -> float:
    """Range at which a target sinks below the horizon."""
    return float(refraction.horizon_range_m(antenna_m, target_m, k)) / 1e3


def lowest_visible_height_m(range_m: float, antenna_m: float) -> float:
    """Lowest visible height at a range."""
    return float(refraction.lowest_visible_height_m(range_m, antenna_m, 4.0 / 3.0))


CHECKS = rows.read("horizon", globals())
