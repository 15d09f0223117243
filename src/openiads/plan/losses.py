"""Two-way losses of a look beyond the fourth-root law."""

import numpy as np

from openiads.catalogue.specs import RadarSpec
from openiads.kernel import Reals

# Two-way clear-air attenuation in dB/km near the ground by band, and the scale height over which it falls.
_CLEAR_DB_PER_KM = {"VHF": 0.0, "L": 0.011, "S": 0.015, "C": 0.019, "X": 0.028, "optical": 0.0}
SCALE_HEIGHT_M = 5_000.0


def two_way_loss_db(
    spec: RadarSpec, range_m: Reals, height_agl_m: Reals, elevation_rad: Reals, antenna_m: float, rain_mmph: float, model: str
) -> Reals:
    """Return atmospheric loss both ways over slant ranges (n,) to targets at heights (n,). [dB]"""
    rate = _CLEAR_DB_PER_KM[spec.band]
    top = np.maximum(height_agl_m, 1.0) / SCALE_HEIGHT_M
    return rate * range_m * 1e-3 * (1.0 - np.exp(-top)) / top
