"""The horizon of a round earth whose air bends rays: the effective-radius model, its factor ``k`` always a parameter.

Heights are above the smooth surface. The parabola ``range**2 / (2 k R)`` stands for the drop of the surface.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.errors import UserError
from openiads.kernel import Reals, kernel

STANDARD_K = 4.0 / 3.0  # ratio of effective to true radius in the standard atmosphere near the ground


@kernel
def horizon_range(antenna_m: float, target_m: float, k: float) -> float:
    """Ground range at which a target touches the horizon of an antenna over smooth earth. [m]"""
    diameter_m = 2.0 * k * MEAN_RADIUS_M
    return math.sqrt(diameter_m * antenna_m) + math.sqrt(diameter_m * target_m)


@kernel
def lowest_visible_height(range_m: float, antenna_m: float, k: float) -> float:
    """Height above smooth earth below which nothing is seen at a ground range. [m]"""
    diameter_m = 2.0 * k * MEAN_RADIUS_M
    beyond_m = max(0.0, range_m - math.sqrt(diameter_m * antenna_m))
    return beyond_m * beyond_m / diameter_m


def effective_radius_m(k: float = STANDARD_K) -> float:
    """Return the radius of the earth on which rays are straight.

    Parameters
    ----------
    k : float
        Effective-radius factor, 4/3 in the standard atmosphere, 1 without refraction. [1]

    Returns
    -------
    float
        Radius. [m]

    Raises
    ------
    UserError
        ``k`` is not above zero.
    """
    _check_k(k)
    return k * MEAN_RADIUS_M


def horizon_range_m(antenna_m: ArrayLike, target_m: ArrayLike, k: float = STANDARD_K) -> Reals:
    """Return the ground range at which targets sink below the horizon over smooth earth.

    Parameters
    ----------
    antenna_m, target_m : array_like
        Heights above the surface, shapes that broadcast together. [m]
    k : float
        Effective-radius factor. [1]

    Returns
    -------
    ndarray
        Ground range. [m]

    Raises
    ------
    UserError
        A height is below the surface or not a number, or ``k`` is not above zero.

    Limits
    ------
    An upper bound on low-altitude reach: terrain, screens, lobing and clutter only shorten it. The parabola holds to 0.1 % below 450 km.

    Source
    ------
    [itu-p834-7]
    """
    _check_k(k)
    diameter_m = 2.0 * k * MEAN_RADIUS_M
    return np.asarray(np.sqrt(diameter_m * _height(antenna_m, "antenna")) + np.sqrt(diameter_m * _height(target_m, "target")))


def lowest_visible_height_m(range_m: ArrayLike, antenna_m: ArrayLike, k: float = STANDARD_K) -> Reals:
    """Return the height below which nothing is seen over smooth earth.

    Parameters
    ----------
    range_m : array_like
        Ground range. [m]
    antenna_m : array_like
        Height of the antenna above the surface. [m]
    k : float
        Effective-radius factor. [1]

    Returns
    -------
    ndarray
        Height above the surface, 0 before the horizon. [m]

    Raises
    ------
    UserError
        A range or height is negative or not a number, or ``k`` is not above zero.

    Limits
    ------
    Smooth earth without screens; `openiads.earth.mask` does terrain.

    Source
    ------
    [itu-p834-7]
    """
    _check_k(k)
    diameter_m = 2.0 * k * MEAN_RADIUS_M
    reach_m = np.asarray(range_m, np.float64)
    if not np.all(np.isfinite(reach_m)) or np.any(reach_m < 0.0):
        raise UserError("a ground range must be a finite number of metres, zero or more")
    beyond_m = np.maximum(0.0, reach_m - np.sqrt(diameter_m * _height(antenna_m, "antenna")))
    return np.asarray(beyond_m * beyond_m / diameter_m)


def _height(height_m: ArrayLike, whose: str) -> Reals:
    height = np.asarray(height_m, np.float64)
    if not np.all(np.isfinite(height)) or np.any(height < 0.0):
        raise UserError(f"the height of the {whose} is {np.min(height)} m: give it above the surface, zero or more")
    return height


def _check_k(k: float) -> None:
    if not (math.isfinite(k) and k > 0.0):
        raise UserError(f"the effective-radius factor k is {k}: it must be above zero (4/3 in the standard atmosphere, 1 without)")
