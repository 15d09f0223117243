"""From what a radar measures to earth-centred positions with their covariance."""

import math

from openiads.kernel import Reals, kernel


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
