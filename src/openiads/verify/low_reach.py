"""Low-altitude reach beside makers' figures: shown with its residual, never fitted and never counted."""

from openiads.coverage.published import low_reach_m
from openiads.earth import refraction
from openiads.verify import rows


def low_reach_km(
    frequency_hz: float,
    reference_range_m: float,
    reference_rcs_m2: float,
    reference_height_m: float,
    rcs_m2: float,
    target_m: float,
    antenna_m: float,
    way: str,
) -> float:
    """Horizon, or farthest range above it with Pd 0.8 in the default low-altitude model."""
    if way == "horizon":
        return float(refraction.horizon_range_m(antenna_m, target_m)) / 1e3
    reach_m = low_reach_m(frequency_hz, reference_range_m, reference_rcs_m2, reference_height_m, rcs_m2, target_m, antenna_m)
    return reach_m / 1e3


CHECKS = rows.read("low_reach", globals(), module="horizon")
