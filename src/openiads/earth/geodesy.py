"""Positions on the WGS84 ellipsoid: earth-centred coordinates, local axes and look angles.

Angles are radians, heights are above the ellipsoid unless the name says otherwise.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.earth.checks import check_finite, check_position
from openiads.errors import UserError
from openiads.kernel import Reals, folded_kernel, kernel

SEMI_MAJOR_AXIS_M = 6378137.0  # WGS84 defining constant
FLATTENING = 1.0 / 298.257223563  # WGS84 defining constant
SEMI_MINOR_AXIS_M = SEMI_MAJOR_AXIS_M * (1.0 - FLATTENING)
ECCENTRICITY_SQUARED = FLATTENING * (2.0 - FLATTENING)
SECOND_ECCENTRICITY_SQUARED = ECCENTRICITY_SQUARED / (1.0 - ECCENTRICITY_SQUARED)
MEAN_RADIUS_M = 6371000.0  # mean earth radius used for horizons and masks


class Frame(NamedTuple):
    """A local east-north-up frame: ``origin_ecef_m`` (3,) and ``axes`` (3, 3), rows east, north, up in ECEF."""

    origin_ecef_m: Reals
    axes: Reals


@kernel
def geodetic_to_ecef(lat_rad: float, lon_rad: float, height_wgs84_m: float) -> tuple[float, float, float]:
    """Earth-centred x, y, z of a geodetic position. [m]"""
    sin_lat = math.sin(lat_rad)
    cos_lat = math.cos(lat_rad)
    normal_m = SEMI_MAJOR_AXIS_M / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat)
    across_m = (normal_m + height_wgs84_m) * cos_lat
    return (
        across_m * math.cos(lon_rad),
        across_m * math.sin(lon_rad),
        (normal_m * (1.0 - ECCENTRICITY_SQUARED) + height_wgs84_m) * sin_lat,
    )


@kernel
def ecef_to_geodetic(x_m: float, y_m: float, z_m: float) -> tuple[float, float, float]:
    """Latitude and longitude [rad] and height above the ellipsoid [m], by three fixed steps of Bowring's iteration."""
    across_m = math.sqrt(x_m * x_m + y_m * y_m)
    rise = z_m * SEMI_MAJOR_AXIS_M
    run = across_m * SEMI_MINOR_AXIS_M
    for _ in range(3):
        length = math.sqrt(rise * rise + run * run)
        sin_u = rise / length if length > 0.0 else 0.0
        cos_u = run / length if length > 0.0 else 1.0
        top = z_m + SECOND_ECCENTRICITY_SQUARED * SEMI_MINOR_AXIS_M * sin_u * sin_u * sin_u
        bottom = across_m - ECCENTRICITY_SQUARED * SEMI_MAJOR_AXIS_M * cos_u * cos_u * cos_u
        rise = (1.0 - FLATTENING) * top
        run = bottom
    lat_rad = math.atan2(rise, (1.0 - FLATTENING) * run)
    sin_lat = math.sin(lat_rad)
    height_m = across_m * math.cos(lat_rad) + z_m * sin_lat - SEMI_MAJOR_AXIS_M * math.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat)
    return lat_rad, math.atan2(y_m, x_m), height_m


@folded_kernel
def ellipsoidal_height_m(x_m: float, y_m: float, z_m: float) -> float:
    """Height above the ellipsoid [m] alone, as ``ecef_to_geodetic`` gives it, without a trigonometric function.

    One step of Bowring's iteration: the height is flat in the latitude that is left wrong.
    """
    across_m = math.sqrt(x_m * x_m + y_m * y_m)
    rise = z_m * SEMI_MAJOR_AXIS_M
    run = across_m * SEMI_MINOR_AXIS_M
    length = math.sqrt(rise * rise + run * run)
    sin_u = rise / length if length > 0.0 else 0.0
    cos_u = run / length if length > 0.0 else 1.0
    rise = z_m + SECOND_ECCENTRICITY_SQUARED * SEMI_MINOR_AXIS_M * sin_u * sin_u * sin_u
    run = across_m - ECCENTRICITY_SQUARED * SEMI_MAJOR_AXIS_M * cos_u * cos_u * cos_u
    length = math.sqrt(rise * rise + run * run)
    sin_lat = rise / length if length > 0.0 else 0.0
    cos_lat = run / length if length > 0.0 else 1.0
    return across_m * cos_lat + z_m * sin_lat - SEMI_MAJOR_AXIS_M * math.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat)


@kernel
def enu_axes(lat_rad: float, lon_rad: float, out: Reals) -> None:
    """Fill ``out`` (3, 3) with the unit vectors east, north and up as rows, in ECEF."""
    sin_lat = math.sin(lat_rad)
    cos_lat = math.cos(lat_rad)
    sin_lon = math.sin(lon_rad)
    cos_lon = math.cos(lon_rad)
    out[0, 0] = -sin_lon
    out[0, 1] = cos_lon
    out[0, 2] = 0.0
    out[1, 0] = -sin_lat * cos_lon
    out[1, 1] = -sin_lat * sin_lon
    out[1, 2] = cos_lat
    out[2, 0] = cos_lat * cos_lon
    out[2, 1] = cos_lat * sin_lon
    out[2, 2] = sin_lat


@kernel
def ecef_to_enu(origin_ecef_m: Reals, axes: Reals, x_m: float, y_m: float, z_m: float) -> tuple[float, float, float]:
    """East, north and up of an ECEF point in a frame. [m]"""
    dx = x_m - origin_ecef_m[0]
    dy = y_m - origin_ecef_m[1]
    dz = z_m - origin_ecef_m[2]
    return (
        axes[0, 0] * dx + axes[0, 1] * dy + axes[0, 2] * dz,
        axes[1, 0] * dx + axes[1, 1] * dy + axes[1, 2] * dz,
        axes[2, 0] * dx + axes[2, 1] * dy + axes[2, 2] * dz,
    )


@kernel
def look_angles(origin_ecef_m: Reals, axes: Reals, x_m: float, y_m: float, z_m: float) -> tuple[float, float, float]:
    """Slant range [m], bearing in [0, 2 pi) and geometric elevation [rad] of an ECEF point seen from a frame's origin."""
    east_m, north_m, up_m = ecef_to_enu(origin_ecef_m, axes, x_m, y_m, z_m)
    flat_m = math.sqrt(east_m * east_m + north_m * north_m)
    bearing_rad = math.atan2(east_m, north_m)
    if bearing_rad < 0.0:
        bearing_rad += 2.0 * math.pi
    if bearing_rad >= 2.0 * math.pi:
        bearing_rad = 0.0
    return math.sqrt(flat_m * flat_m + up_m * up_m), bearing_rad, math.atan2(up_m, flat_m)


@kernel
def geodetic_to_ecef_each(lat_rad: Reals, lon_rad: Reals, height_wgs84_m: Reals, out: Reals) -> None:
    """Fill ``out`` (n, 3) with earth-centred coordinates of n positions. [m]"""
    for i in range(lat_rad.shape[0]):
        out[i, 0], out[i, 1], out[i, 2] = geodetic_to_ecef(lat_rad[i], lon_rad[i], height_wgs84_m[i])


@kernel
def ecef_to_geodetic_each(ecef_m: Reals, out: Reals) -> None:
    """Fill ``out`` (n, 3) with latitude, longitude [rad] and ellipsoidal height [m] of ``ecef_m`` (n, 3)."""
    for i in range(ecef_m.shape[0]):
        out[i, 0], out[i, 1], out[i, 2] = ecef_to_geodetic(ecef_m[i, 0], ecef_m[i, 1], ecef_m[i, 2])


@kernel
def look_angles_each(origin_ecef_m: Reals, axes: Reals, ecef_m: Reals, out: Reals) -> None:
    """Fill ``out`` (n, 3) with slant range [m], bearing and elevation [rad] of ``ecef_m`` (n, 3)."""
    for i in range(ecef_m.shape[0]):
        out[i, 0], out[i, 1], out[i, 2] = look_angles(origin_ecef_m, axes, ecef_m[i, 0], ecef_m[i, 1], ecef_m[i, 2])


def frame(lat_rad: float, lon_rad: float, height_wgs84_m: float) -> Frame:
    """Return the local east-north-up frame at a position.

    Parameters
    ----------
    lat_rad, lon_rad : float
        Geodetic position. [rad]
    height_wgs84_m : float
        Height above the ellipsoid. [m]

    Returns
    -------
    Frame
        Origin (3,) [m] and axes (3, 3), both read-only.

    Raises
    ------
    UserError
        A latitude beyond the poles or a value that is not finite.
    """
    check_position(lat_rad, lon_rad, height_wgs84_m)
    origin_m = np.array(geodetic_to_ecef(lat_rad, lon_rad, height_wgs84_m))
    axes = np.empty((3, 3))
    enu_axes(lat_rad, lon_rad, axes)
    origin_m.flags.writeable = axes.flags.writeable = False
    return Frame(origin_m, axes)


def to_ecef(lat_rad: ArrayLike, lon_rad: ArrayLike, height_wgs84_m: ArrayLike) -> Reals:
    """Return earth-centred positions of geodetic ones.

    Parameters
    ----------
    lat_rad, lon_rad : array_like
        Geodetic positions, any shapes that broadcast together. [rad]
    height_wgs84_m : array_like
        Heights above the ellipsoid. [m]

    Returns
    -------
    ndarray
        Shape (..., 3). [m]

    Raises
    ------
    UserError
        A latitude beyond the poles or a value that is not finite.
    """
    check_position(lat_rad, lon_rad, height_wgs84_m)
    lat, lon, height = np.broadcast_arrays(*(np.asarray(a, np.float64) for a in (lat_rad, lon_rad, height_wgs84_m)))
    out = np.empty((lat.size, 3))
    geodetic_to_ecef_each(lat.ravel(), lon.ravel(), height.ravel(), out)
    return out.reshape(*lat.shape, 3)


def to_geodetic(ecef_m: ArrayLike) -> tuple[Reals, Reals, Reals]:
    """Return latitude [rad], longitude [rad] and ellipsoidal height [m] of earth-centred positions.

    Parameters
    ----------
    ecef_m : array_like
        Shape (..., 3). [m]

    Returns
    -------
    tuple of ndarray
        Latitude, longitude and height, each of shape (...).

    Raises
    ------
    UserError
        The last axis is not three, or a value is not finite.

    Limits
    ------
    Within 1e-8 m from 100 km below the ellipsoid to 2,000 km above it.

    Source
    ------
    [bowring1976], iterated.
    """
    points = _points(ecef_m)
    out = np.empty((points.size // 3, 3))
    ecef_to_geodetic_each(points.reshape(-1, 3), out)
    shape = points.shape[:-1]
    return out[:, 0].reshape(shape), out[:, 1].reshape(shape), out[:, 2].reshape(shape)


def look(site: Frame, ecef_m: ArrayLike) -> tuple[Reals, Reals, Reals]:
    """Return how points are seen from a site.

    Parameters
    ----------
    site : Frame
        Where the observer stands.
    ecef_m : array_like
        Points, shape (..., 3). [m]

    Returns
    -------
    tuple of ndarray
        Slant range [m], bearing clockwise from north in [0, 2 pi) and elevation above the local horizontal [rad], each (...).

    Raises
    ------
    UserError
        The last axis is not three, or a value is not finite.

    Limits
    ------
    Straight lines: refraction is not applied.
    """
    points = _points(ecef_m)
    out = np.empty((points.size // 3, 3))
    look_angles_each(site.origin_ecef_m, site.axes, points.reshape(-1, 3), out)
    shape = points.shape[:-1]
    return out[:, 0].reshape(shape), out[:, 1].reshape(shape), out[:, 2].reshape(shape)


def to_enu(site: Frame, ecef_m: ArrayLike) -> Reals:
    """Return east, north and up (..., 3) [m] of earth-centred points (..., 3) [m] in a site's frame."""
    return np.asarray((_points(ecef_m) - site.origin_ecef_m) @ site.axes.T)


def from_enu(site: Frame, enu_m: ArrayLike) -> Reals:
    """Return earth-centred points (..., 3) [m] of east, north and up (..., 3) [m] in a site's frame."""
    return np.asarray(site.origin_ecef_m + _points(enu_m) @ site.axes)


def _points(points_m: ArrayLike) -> Reals:
    points = np.asarray(points_m, np.float64)
    if points.ndim == 0 or points.shape[-1] != 3:
        raise UserError(f"positions must have three coordinates on the last axis, but the shape is {points.shape}: give (..., 3) in metres")
    check_finite(points, "position")
    return points
