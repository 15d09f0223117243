"""What a radar looks at: the row that describes it to the tracker, and whether a place lies inside."""

import math

import numpy as np

from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.kernel import Reals, folded_kernel, inlined

# Columns of a coverage row: the antenna's frame (position 0-2, unit vectors east 3-5, north 6-8, up 9-11, all ECEF), then these.
RANGE_MAX_M, RANGE_MIN_M, FACING_SIN, FACING_COS, HALF_SECTOR_COS = 12, 13, 14, 15, 16
ELEVATION_MIN_SIN, ELEVATION_MAX_SIN, ANTENNA_AMSL_M = 17, 18, 19
BENT_RADIUS_M, TRUE_RADIUS_M = 20, 21  # earth radius with the refraction of the horizon in it, 0: no horizon; and without
RADAR, PERIOD_S = 22, 23  # which of the radars of a picture it is, and how long its scan takes
COVERAGE_WIDTH = 24
ALL_ROUND = -2.0  # as HALF_SECTOR_COS: no bearing lies outside


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
    row[RANGE_MAX_M], row[RANGE_MIN_M] = max_range_m, min_range_m
    row[FACING_SIN], row[FACING_COS] = math.sin(facing_rad), math.cos(facing_rad)
    row[HALF_SECTOR_COS] = ALL_ROUND if sector_rad >= 2.0 * math.pi else math.cos(0.5 * sector_rad)
    row[ELEVATION_MIN_SIN], row[ELEVATION_MAX_SIN] = math.sin(elevation_min_rad), math.sin(elevation_max_rad)
    row[ANTENNA_AMSL_M] = height_wgs84_m if antenna_amsl_m is None else antenna_amsl_m
    row[BENT_RADIUS_M] = k_factor * MEAN_RADIUS_M
    row[TRUE_RADIUS_M] = MEAN_RADIUS_M
    row[RADAR], row[PERIOD_S] = number, period_s
    return row


def flat_coverage(max_range_m: float = math.inf) -> Reals:
    """Return the row (24,) of a sensor at the origin of a flat Cartesian frame (east, north, up) that sees all round."""
    row = np.zeros(COVERAGE_WIDTH)
    row[3], row[7], row[11] = 1.0, 1.0, 1.0
    row[RANGE_MAX_M], row[FACING_COS], row[HALF_SECTOR_COS] = max_range_m, 1.0, ALL_ROUND
    row[ELEVATION_MIN_SIN], row[ELEVATION_MAX_SIN] = -2.0, 2.0
    row[PERIOD_S] = 1.0
    return row


@folded_kernel
def covers(coverage: Reals, x: float, y: float, z: float) -> bool:
    """Return whether a radar looks at an earth-centred point: range, sector, elevation and horizon of a smooth earth."""
    x, y, z = x - coverage[0], y - coverage[1], z - coverage[2]
    if x * x + y * y + z * z > coverage[RANGE_MAX_M] * coverage[RANGE_MAX_M]:
        return False
    east = x * coverage[3] + y * coverage[4] + z * coverage[5]
    north = x * coverage[6] + y * coverage[7] + z * coverage[8]
    up = x * coverage[9] + y * coverage[10] + z * coverage[11]
    level2 = east * east + north * north
    if east * coverage[FACING_SIN] + north * coverage[FACING_COS] < coverage[HALF_SECTOR_COS] * math.sqrt(level2):
        return False
    return reaches(coverage, level2, up)


@folded_kernel
def reaches(coverage: Reals, level2: float, up: float) -> bool:
    """Return whether a point so far off (square of the level distance) and so high is inside range, elevation limits and horizon."""
    range_m = math.sqrt(level2 + up * up)
    if range_m > coverage[RANGE_MAX_M] or range_m < coverage[RANGE_MIN_M]:
        return False
    if up < range_m * coverage[ELEVATION_MIN_SIN] or up > range_m * coverage[ELEVATION_MAX_SIN]:
        return False
    bent_radius_m, antenna_m = coverage[BENT_RADIUS_M], coverage[ANTENNA_AMSL_M]
    if bent_radius_m <= 0.0:
        return True
    height_m = max(antenna_m + up + level2 / (2.0 * coverage[TRUE_RADIUS_M]), 0.0)
    horizon_m = math.sqrt(2.0 * bent_radius_m * max(antenna_m, 0.0)) + math.sqrt(2.0 * bent_radius_m * height_m)
    inside: bool = level2 <= horizon_m * horizon_m
    return inside


@inlined
def face(coverages: Reals, radar: int, bearing_rad: float) -> None:
    """Turn the middle of a radar's sector to a bearing."""
    coverages[radar, FACING_SIN] = math.sin(bearing_rad)
    coverages[radar, FACING_COS] = math.cos(bearing_rad)
