"""Bearings without range: where two of them cross, how well, and which crossings are ghosts."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.earth import geodesy
from openiads.kernel import Reals
from openiads.model import inputs


class Crossings(NamedTuple):
    """Crossings of n bearings of one site with m of another.

    ``position_ecef_m`` (n, m, 3); ``is_possible`` (n, m): ahead of both sites; ``error_m`` (n, m): standard deviation across,
    infinite where the bearings are parallel.
    """

    position_ecef_m: Reals
    is_possible: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    error_m: Reals


def triangulate(
    first: geodesy.Frame,
    first_bearings_rad: ArrayLike,
    second: geodesy.Frame,
    second_bearings_rad: ArrayLike,
    height_m: float = 8_000.0,
    first_error_rad: float = 0.005,
    second_error_rad: float = 0.005,
    reach_m: float = 600e3,
) -> Crossings:
    """Cross the bearings of two sites on a surface of constant height.

    Parameters
    ----------
    first, second : local frames of the sites
    first_bearings_rad, second_bearings_rad : (n,) and (m,), clockwise from north at each site [rad]
    height_m : assumed height of the sources above the ellipsoid [m]
    first_error_rad, second_error_rad : standard deviations of the bearings [rad]
    reach_m : crossings beyond this distance from either site do not count [m]

    Returns
    -------
    Crossings; with k sources seen by both, k of the possible ones are true and the others are ghosts

    Raises
    ------
    UserError : NaN, or an error or reach that is not positive.

    Limits: the height is assumed, which matters only near the sites (bearings are vertical planes); errors to first order.
    Source: [poisel-2012], triangulation of two bearings.
    """
    where = "strobes.triangulate"
    one = np.atleast_1d(inputs.array(where, "first_bearings_rad", first_bearings_rad))
    two = np.atleast_1d(inputs.array(where, "second_bearings_rad", second_bearings_rad))
    for name, value in (("first_error_rad", first_error_rad), ("second_error_rad", second_error_rad), ("reach_m", reach_m)):
        inputs.positive(where, name, value)
    ahead1, side1 = _plane(first, one)
    ahead2, side2 = _plane(second, two)
    n1, n2 = np.broadcast_arrays(side1[:, None, :], side2[None, :, :])
    line = np.cross(n1, n2)
    length = np.sqrt((line * line).sum(axis=-1))
    parallel = length < 1e-9
    line = line / np.where(parallel, 1.0, length)[..., None]
    middle = 0.5 * (first.origin_ecef_m + second.origin_ecef_m)
    line = np.where((line @ middle < 0.0)[..., None], -line, line)
    position_m = _on_height(n1 @ first.origin_ecef_m, n2 @ second.origin_ecef_m, n1, n2, line, parallel, height_m)
    to1, to2 = position_m - first.origin_ecef_m, position_m - second.origin_ecef_m
    range1_m, range2_m = np.linalg.norm(to1, axis=-1), np.linalg.norm(to2, axis=-1)
    possible = ~parallel & ((to1 * ahead1[:, None, :]).sum(-1) > 0.0) & ((to2 * ahead2[None, :, :]).sum(-1) > 0.0)
    possible &= (range1_m <= reach_m) & (range2_m <= reach_m)
    error_m = np.hypot(range1_m * first_error_rad, range2_m * second_error_rad) / np.where(parallel, 1.0, length)
    return Crossings(position_m, possible, np.where(parallel, math.inf, error_m))


def _plane(site: geodesy.Frame, bearings_rad: Reals) -> tuple[Reals, Reals]:
    """Unit vectors along bearings and to their right, both level, in ECEF, (n, 3)."""
    east, north = site.axes[0], site.axes[1]
    sine, cosine = np.sin(bearings_rad)[:, None], np.cos(bearings_rad)[:, None]
    return sine * east + cosine * north, cosine * east - sine * north


def _on_height(c1: Reals, c2: Reals, n1: Reals, n2: Reals, line: Reals, parallel: Reals, height_m: float) -> Reals:
    """Where the line common to two planes reaches a height, by a few Newton steps along it."""
    matrix = np.stack([n1, n2, line], axis=-2)
    matrix = np.where(parallel[..., None, None], np.eye(3), matrix)
    along_m = np.full(c1.shape, geodesy.MEAN_RADIUS_M + height_m)
    for _ in range(6):
        position_m = np.linalg.solve(matrix, np.stack([c1, c2, along_m], axis=-1)[..., None])[..., 0]
        _, _, found_m = geodesy.to_geodetic(position_m)
        along_m = along_m + height_m - found_m
    return np.asarray(position_m)
