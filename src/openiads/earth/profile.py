"""One path over the ground at a time: its profile, whether it is clear, and the edge that stands most in its way."""

import math
from typing import NamedTuple

import numpy as np

from openiads.earth.geodesics import direct, inverse
from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.earth.grid import Terrain
from openiads.earth.mask import Mask, Screen, frozen
from openiads.earth.refraction import STANDARD_K
from openiads.errors import UserError
from openiads.kernel import Reals, Singles, kernel


class Edge(NamedTuple):
    """The obstacle that a ray feels most.

    Attributes
    ----------
    distance_m : float
        Its distance from the first end. [m]
    clearance_m : float
        How far the ray passes above it; negative when the path is blocked. [m]
    parameter_root_m : float
        Knife-edge parameter times the square root of the wavelength: divide by it to have ``v``. [m^0.5]
    """

    distance_m: float
    clearance_m: float
    parameter_root_m: float


@kernel
def worst_edge(ground_amsl_m: Reals, step_m: float, first_amsl_m: float, last_amsl_m: float, radius_m: float) -> tuple[float, float, float]:
    """Distance, clearance [m] and knife-edge parameter times root wavelength [m^0.5] of the worst of ``ground_amsl_m`` (n,).

    The ends of the profile are the ends of the path; ``radius_m`` is the effective radius. Without inner points the edge lies
    nowhere: distance 0, clearance and minus the parameter infinite.
    """
    n = ground_amsl_m.shape[0]
    length_m = step_m * (n - 1)
    worst, at_m, clearance_m = -math.inf, 0.0, math.inf
    for i in range(1, n - 1):
        near_m = i * step_m
        far_m = length_m - near_m
        ray_m = first_amsl_m + (last_amsl_m - first_amsl_m) * near_m / length_m
        above_m = ray_m - ground_amsl_m[i] - near_m * far_m / (2.0 * radius_m)
        parameter = -above_m * math.sqrt(2.0 * length_m / (near_m * far_m))
        if parameter > worst:
            worst, at_m, clearance_m = parameter, near_m, above_m
    return at_m, clearance_m, worst


@kernel
def edges(ground_amsl_m: Singles, range_step_m: float, antenna_amsl_m: float, radius_m: float, screen: Reals, out: Singles) -> None:
    """Fill ``out`` (bearing, range) with the ranges of the edges that the mask over ``ground_amsl_m`` rests on, 0 where none. [m]

    ``screen`` holds height and distance of a screen. [m]
    """
    for b in range(ground_amsl_m.shape[0]):
        steepest, edge_m = -math.inf, 0.0
        out[b, 0] = 0.0
        for j in range(1, ground_amsl_m.shape[1]):
            range_m = j * range_step_m
            if range_m - range_step_m <= screen[1] < range_m:
                foot_m = float(ground_amsl_m[b, j - 1]) + screen[0]
                slope = (foot_m - antenna_amsl_m) / screen[1] - screen[1] / (2.0 * radius_m)
                if slope > steepest:
                    steepest, edge_m = slope, screen[1]
            out[b, j] = edge_m
            slope = (float(ground_amsl_m[b, j]) - antenna_amsl_m) / range_m - range_m / (2.0 * radius_m)
            if slope > steepest:
                steepest, edge_m = slope, range_m


def edge_ranges_m(seen: Mask, k: float = STANDARD_K, screen: Screen | None = None) -> Singles:
    """Return where the edges lie that a mask rests on: what diffraction just above the mask needs.

    Parameters
    ----------
    seen : Mask
        Over smooth earth, or made with its ground; ``k`` and ``screen`` as when it was made.
    k : float
        Effective-radius factor of refraction. [1]
    screen : Screen, optional
        Trees and houses around the antenna.

    Returns
    -------
    ndarray
        Float32 (bearing, range): the range of the last edge before each cell, 0 where there is none. [m]

    Raises
    ------
    UserError
        The mask was made over terrain without keeping its ground.
    """
    low = seen.lowest_visible_height_agl_m
    ground = seen.ground_amsl_m
    if ground.shape != low.shape:
        if low.shape[0] > 1:
            raise UserError("the edges of a mask need the ground under it: make the mask with with_ground=True")
        ground = frozen(np.zeros_like(low))
    out = np.empty(low.shape, np.float32)
    obstacle = np.array(screen if screen is not None else (0.0, -1.0), np.float64)
    edges(ground, seen.range_step_m, seen.antenna_amsl_m, k * MEAN_RADIUS_M, obstacle, out)
    return out


def profile_amsl_m(terrain: Terrain, start: tuple[float, float], end: tuple[float, float], step_m: float = 100.0) -> tuple[Reals, float]:
    """Return ground heights along the geodesic between two positions.

    Parameters
    ----------
    terrain : Terrain
        Ground heights.
    start, end : tuple of float
        Latitude and longitude of the ends. [rad]
    step_m : float
        Largest distance between points. [m]

    Returns
    -------
    tuple
        Heights above mean sea level (n,) with both ends [m], and the distance between points [m].

    Raises
    ------
    UserError
        Ends that are the same or not numbers, or a step that is not above zero.
    """
    length_m, bearing_rad, _ = (float(v) for v in inverse(*start, *end))
    if not (length_m > 0.0 and math.isfinite(step_m) and step_m > 0.0):
        raise UserError(f"a profile of {length_m:g} m in steps of {step_m:g} m was asked for: give two places and a step above zero")
    points = max(1, math.ceil(length_m / step_m - 1e-6)) + 1
    lat, lon, _ = direct(*start, bearing_rad, np.linspace(0.0, length_m, points))
    return terrain.height_amsl_m(lat, lon), length_m / (points - 1)


def line_of_sight(
    terrain: Terrain,
    start: tuple[float, float],
    start_amsl_m: float,
    end: tuple[float, float],
    end_amsl_m: float,
    *,
    k: float = STANDARD_K,
    step_m: float = 100.0,
) -> Edge:
    """Return the edge that stands most in the way between two points; its clearance is negative when they cannot see each other.

    Parameters
    ----------
    terrain : Terrain
        Ground heights.
    start, end : tuple of float
        Latitude and longitude of the ends. [rad]
    start_amsl_m, end_amsl_m : float
        Their heights above mean sea level. [m]
    k : float
        Effective-radius factor of refraction. [1]
    step_m : float
        Largest distance between points of the profile. [m]

    Returns
    -------
    Edge
        The inner point of the profile with the largest knife-edge parameter.

    Raises
    ------
    UserError
        Ends that are the same, under the ground or not numbers, a step or ``k`` that is not above zero.

    Limits
    ------
    One edge: several ridges in a row weaken a signal more than their worst does.

    Source
    ------
    [itu-p526-15] for the parameter of a single knife edge.
    """
    if not (math.isfinite(k) and k > 0.0):
        raise UserError(f"the effective-radius factor k is {k}: it must be above zero (4/3 in the standard atmosphere)")
    ground_m, actual_step_m = profile_amsl_m(terrain, start, end, step_m)
    for height_m, foot_m, what in ((start_amsl_m, ground_m[0], "first"), (end_amsl_m, ground_m[-1], "last")):
        if not (math.isfinite(height_m) and height_m >= foot_m - 1e-6):
            raise UserError(
                f"the {what} point stands {height_m:g} m above sea level where the ground is at {foot_m:g} m: it must not be under it"
            )
    return Edge(*worst_edge(ground_m, actual_step_m, start_amsl_m, end_amsl_m, k * MEAN_RADIUS_M))
