"""Loss over a single knife edge: exact, the usual approximation, and what a battle applies just above a mask."""

import math

import numpy as np
from numpy.typing import ArrayLike

from openiads.kernel import Reals, kernel
from openiads.model import inputs

GRAZE_V = -0.78  # Fresnel parameter at which the approximate knife-edge loss begins
EDGE_DB = 6.020599913279624  # one-way loss of a ray that touches the edge


def knife_edge_loss_db(v: ArrayLike, exact: bool = True) -> Reals:
    """One-way loss over a single knife edge.

    Parameters
    ----------
    v : Fresnel parameter, positive when the ray is blocked, any shape [1]
    exact : Fresnel integrals, or the usual approximation, which is 0 for v <= -0.78

    Returns
    -------
    array of the shape of ``v`` [dB]

    Raises
    ------
    UserError : NaN.

    Limits: a thin absorbing edge across the path; the approximation is within 0.13 dB for -0.78 <= v <= 5.
    Source: [itu-p526-15], section on the single knife edge.
    """
    x = inputs.array("diffraction.knife_edge_loss_db", "v", v)
    if not exact:
        shifted = np.maximum(x, GRAZE_V) - 0.1
        return np.asarray(np.where(x < GRAZE_V, 0.0, 6.9 + 20.0 * np.log10(np.sqrt(shifted * shifted + 1.0) + shifted)))
    from scipy.special import fresnel

    s, c = fresnel(x)
    return np.asarray(-20.0 * np.log10(0.5 * np.sqrt((1.0 - c - s) ** 2 + (c - s) ** 2)))


def fresnel_v(clearance_m: float, obstacle_m: float, ground_range_m: float, wavelength_m: float) -> float:
    """Fresnel parameter of an edge that lies ``clearance_m`` below the ray (negative above it). [1]

    Raises
    ------
    UserError : an edge that is not between radar and target, or a wavelength that is not positive.

    Limits: small angles.
    Source: [itu-p526-15].
    """
    where = "diffraction.fresnel_v"
    inputs.positive(where, "wavelength_m", wavelength_m, "m")
    inputs.between(where, "obstacle_m", obstacle_m, 0.0, inputs.positive(where, "ground_range_m", ground_range_m, "m"))
    spread = 2.0 * ground_range_m / (wavelength_m * obstacle_m * (ground_range_m - obstacle_m))
    return -clearance_m * math.sqrt(spread)


@kernel
def edge_loss_db(v: float) -> float:
    """One-way loss just above an edge for a Fresnel parameter below 0, held at 6 dB on and below the edge. [dB]"""
    if v <= GRAZE_V:
        return 0.0
    if v >= 0.0:
        return EDGE_DB
    x = v - 0.1
    return min(6.9 + 20.0 * math.log10(math.sqrt(x * x + 1.0) + x), EDGE_DB)
