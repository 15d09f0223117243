"""What positions must be: numbers, between the poles."""

import math

import numpy as np
from numpy.typing import ArrayLike

from openiads.errors import UserError


def check_position(lat_rad: ArrayLike, lon_rad: ArrayLike, height_m: ArrayLike) -> None:
    """Refuse positions that are not numbers or lie beyond a pole."""
    check_finite(lat_rad, "latitude")
    check_finite(lon_rad, "longitude")
    check_finite(height_m, "height")
    worst_rad = float(np.max(np.abs(lat_rad), initial=0.0))
    if worst_rad > math.pi / 2.0 + 1e-12:
        raise UserError(f"latitude {worst_rad} rad lies beyond the pole: latitudes run from -pi/2 to pi/2, were degrees given for radians?")


def check_finite(values: ArrayLike, what: str) -> None:
    """Refuse values that are not numbers; ``what`` is their name in the message."""
    if not np.all(np.isfinite(values)):
        raise UserError(f"{what} must be a finite number, but not-a-number or infinity was given: check the input that it comes from")
