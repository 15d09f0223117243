"""From what a radar measures to earth-centred positions with their covariance, and the description of what it looks at."""

import math

import numpy as np

from openiads.kernel import Reals, kernel

EARTH_RADIUS_M = 6371000.0
COVERAGE_WIDTH = 24


@kernel
def locate(
    coverage: Reals,
    range_m: float,
    bearing_rad: float,
    elevation_rad: float,
    range_sd_m: float,
    bearing_sd_rad: float,
    elevation_sd_rad: float,
    plot: Reals,
    j: int,
) -> None:
    """Write row ``j`` of ``Plots.real`` from range, bearing and elevation: unbiased position and its covariance.

    ``Source``: the multiplicative unbiased conversion [longbin-1998], covariance at the measured point to second order in the
    angle errors.
    """
    sb, cb, se, ce = math.sin(bearing_rad), math.cos(bearing_rad), math.sin(elevation_rad), math.cos(elevation_rad)
    b2, e2 = bearing_sd_rad * bearing_sd_rad, elevation_sd_rad * elevation_sd_rad
    level = range_m * ce * math.exp(0.5 * (b2 + e2))
    east, north, up = level * sb, level * cb, range_m * se * math.exp(0.5 * e2)
    r2 = range_m * range_m
    v0 = range_sd_m * range_sd_m + 0.5 * r2 * (b2 * b2 * ce * ce * ce * ce + e2 * e2)
    v1, v2 = r2 * ce * ce * b2, r2 * e2
    c = coverage
    for n in range(3):
        plot[j, n] = c[n] + east * c[3 + n] + north * c[6 + n] + up * c[9 + n]
    ax, ay, az = _turn(c, 0, ce * sb, ce * cb, se), _turn(c, 1, ce * sb, ce * cb, se), _turn(c, 2, ce * sb, ce * cb, se)
    bx, by, bz = _turn(c, 0, cb, -sb, 0.0), _turn(c, 1, cb, -sb, 0.0), _turn(c, 2, cb, -sb, 0.0)
    ex, ey, ez = _turn(c, 0, -se * sb, -se * cb, ce), _turn(c, 1, -se * sb, -se * cb, ce), _turn(c, 2, -se * sb, -se * cb, ce)
    plot[j, 3] = v0 * ax * ax + v1 * bx * bx + v2 * ex * ex
    plot[j, 4] = v0 * ax * ay + v1 * bx * by + v2 * ex * ey
    plot[j, 5] = v0 * ax * az + v1 * bx * bz + v2 * ex * ez
    plot[j, 6] = v0 * ay * ay + v1 * by * by + v2 * ey * ey
    plot[j, 7] = v0 * ay * az + v1 * by * bz + v2 * ey * ez
    plot[j, 8] = v0 * az * az + v1 * bz * bz + v2 * ez * ez


@kernel
def _turn(coverage: Reals, n: int, east: float, north: float, up: float) -> float:
    return float(east * coverage[3 + n] + north * coverage[6 + n] + up * coverage[9 + n])


def coverage(
    latitude_rad: float,
    longitude_rad: float,
    height_wgs84_m: float,
    *,
    max_range_m: float,
    min_range_m: float = 0.0,
    facing_rad: float = 0.0,
    sector_rad: float = 2.0 * math.pi,
    elevation_min_rad: float = -0.5 * math.pi,
    elevation_max_rad: float = 0.5 * math.pi,
    antenna_amsl_m: float | None = None,
    k_factor: float = 4.0 / 3.0,
    number: int = 0,
    period_s: float = 1.0,
) -> Reals:
    """Return the row (24,) that tells the tracker where a radar stands and what it looks at.

    Parameters
    ----------
    latitude_rad, longitude_rad, height_wgs84_m
        The antenna.
    max_range_m, min_range_m, facing_rad, sector_rad, elevation_min_rad, elevation_max_rad
        Limits of the look; ``facing_rad`` is the bearing of the middle of the sector.
    antenna_amsl_m
        Height for the horizon of a smooth earth; by default ``height_wgs84_m``.
    k_factor
        Effective earth radius over true; 0 takes no horizon into account.
    number, period_s
        Which of the radars of a picture it is, and how long its scan takes.
    """
    row = np.zeros(COVERAGE_WIDTH)
    sp, cp, sl, cl = math.sin(latitude_rad), math.cos(latitude_rad), math.sin(longitude_rad), math.cos(longitude_rad)
    flattening = 1.0 / 298.257223563
    square = flattening * (2.0 - flattening)
    normal_m = 6378137.0 / math.sqrt(1.0 - square * sp * sp)
    row[0] = (normal_m + height_wgs84_m) * cp * cl
    row[1] = (normal_m + height_wgs84_m) * cp * sl
    row[2] = (normal_m * (1.0 - square) + height_wgs84_m) * sp
    row[3:12] = [-sl, cl, 0.0, -sp * cl, -sp * sl, cp, cp * cl, cp * sl, sp]
    row[12:14] = max_range_m, min_range_m
    row[14:16] = math.sin(facing_rad), math.cos(facing_rad)
    row[16] = -2.0 if sector_rad >= 2.0 * math.pi else math.cos(0.5 * sector_rad)
    row[17:19] = math.sin(elevation_min_rad), math.sin(elevation_max_rad)
    row[19] = height_wgs84_m if antenna_amsl_m is None else antenna_amsl_m
    row[20] = k_factor * EARTH_RADIUS_M
    row[21] = EARTH_RADIUS_M
    row[22:24] = number, period_s
    return row


def flat_coverage(max_range_m: float = math.inf) -> Reals:
    """Return the row (24,) of a sensor at the origin of a flat Cartesian frame (east, north, up) that sees all round."""
    row = np.zeros(COVERAGE_WIDTH)
    row[3], row[7], row[11] = 1.0, 1.0, 1.0
    row[12], row[14:16], row[16] = max_range_m, (0.0, 1.0), -2.0
    row[17:19] = -2.0, 2.0
    row[23] = 1.0
    return row
