"""Low-altitude reach beside makers' figures: shown with its residual, never fitted and never counted."""

import numpy as np

from openiads.earth import refraction
from openiads.model import detection, propagation
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
    horizon_m = float(refraction.horizon_range_m(antenna_m, target_m))
    if way == "horizon":
        return horizon_m / 1e3
    table = propagation.loss_table(frequency_hz, antenna_m, 300e3)
    low = propagation.Low(1, propagation.SPEED_OF_LIGHT_MPS / frequency_hz, antenna_m)
    clear = low._replace(lobed=0)
    loss_db = float(propagation.two_way_loss_db(table, clear, reference_range_m, reference_height_m, reference_height_m))
    constant_db = detection.calibrate(reference_range_m, reference_rcs_m2, 0.8, attenuation_two_way_db=loss_db)
    range_m = np.arange(2e3, horizon_m, 50.0)
    losses_db = propagation.two_way_loss_db(table, low, range_m, target_m, target_m)
    seen = detection.probability(detection.snr_db(constant_db, rcs_m2, range_m, losses_db)) >= 0.8
    return float(range_m[seen].max()) / 1e3


CHECKS = rows.read("low_reach", globals(), module="horizon")
