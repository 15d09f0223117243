"""Shortest lines on the WGS84 ellipsoid, through PROJ."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

from openiads.earth.checks import check_finite, check_position
from openiads.earth.geodesy import FLATTENING, SEMI_MAJOR_AXIS_M
from openiads.kernel import Reals


@cache
def ellipsoid() -> Geod:
    """Return what solves geodesics, in degrees."""
    return Geod(a=SEMI_MAJOR_AXIS_M, f=FLATTENING)


def inverse(lat1_rad: ArrayLike, lon1_rad: ArrayLike, lat2_rad: ArrayLike, lon2_rad: ArrayLike) -> tuple[Reals, Reals, Reals]:
    """Return the geodesic between pairs of positions.

    Parameters
    ----------
    lat1_rad, lon1_rad, lat2_rad, lon2_rad : array_like
        Ends of each line, shapes that broadcast together. [rad]

    Returns
    -------
    tuple of ndarray
        Length [m], bearing at the first end and onward bearing at the second end, in (-pi, pi] [rad].

    Raises
    ------
    UserError
        A latitude beyond the poles or a value that is not finite.

    Source
    ------
    [karney2013], through PROJ.
    """
    check_position(lat1_rad, lon1_rad, 0.0)
    check_position(lat2_rad, lon2_rad, 0.0)
    lat1, lon1, lat2, lon2 = _broadcast_degrees(lat1_rad, lon1_rad, lat2_rad, lon2_rad)
    out, back, length = ellipsoid().inv(lon1, lat1, lon2, lat2, return_back_azimuth=False)
    return np.asarray(length), np.radians(out), np.radians(back)


def direct(lat_rad: ArrayLike, lon_rad: ArrayLike, bearing_rad: ArrayLike, distance_m: ArrayLike) -> tuple[Reals, Reals, Reals]:
    """Return where geodesics from given positions end.

    Parameters
    ----------
    lat_rad, lon_rad : array_like
        Where each line starts. [rad]
    bearing_rad : array_like
        Its bearing there, clockwise from north. [rad]
    distance_m : array_like
        Its length. [m]

    Returns
    -------
    tuple of ndarray
        Latitude, longitude and onward bearing at the end. [rad]

    Raises
    ------
    UserError
        A latitude beyond the poles or a value that is not finite.

    Source
    ------
    [karney2013], through PROJ.
    """
    check_position(lat_rad, lon_rad, 0.0)
    check_finite(bearing_rad, "bearing")
    check_finite(distance_m, "distance")
    lat, lon, bearing, length = np.broadcast_arrays(
        *(np.asarray(a, np.float64) for a in (lat_rad, lon_rad, np.degrees(bearing_rad), distance_m))
    )
    end_lon, end_lat, onward = ellipsoid().fwd(np.degrees(lon), np.degrees(lat), bearing, length, return_back_azimuth=False)
    return np.radians(end_lat), np.radians(end_lon), np.radians(onward)


def _broadcast_degrees(*angles_rad: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    return np.broadcast_arrays(*(np.degrees(np.asarray(a, np.float64)) for a in angles_rad))
