"""Plots that are no target: noise at the radar's rate all over its coverage, and clutter from regions of the ground."""

import math

from openiads import chance
from openiads.kernel import Reals, inlined, inner_kernel, kernel
from openiads.model.columns import Table
from openiads.model.tracking.conversion import locate
from openiads.model.tracking.sight import covers
from openiads.model.tracking.table import PLOT_OBJECT, PLOT_TIME_US, RADIAL_SD, Plots

LOWEST_RANGE_M = 2e3
NOISE_ELEVATION_RAD = 0.17  # noise plots lie below it: the part of the volume where a scan spends its time
MOST = 200  # plots of one kind in one scan
WORD = 1.0 / 4294967296.0


@kernel
def add_false_plots(
    radars: Table,
    regions: Table,
    coverages: Reals,
    clock: Table,
    stand: Table,
    plots: Plots,
    radar: int,
    number: int,
    begin_us: int,
    n: int,
) -> int:
    """Add the false plots of scan ``number`` of a radar after the ``n`` true ones; returns how many plots there are.

    Noise is even over the ground that the radar looks at; clutter is even over each region, from the ground up.  Numbers are Poisson.
    """
    if radars["false_alarms"][radar] > 0.0:
        n = add_noise(radars, coverages, clock, stand, plots, radar, number, begin_us, n)
    for c in range(regions.shape[0]):
        n = add_clutter(radars, regions, coverages, clock, plots, radar, c, number, begin_us, n)
    return n


@inner_kernel
def poisson(u: float, mean: float, most: int) -> int:
    """The number below which a share ``u`` of a Poisson distribution lies, at most ``most``."""
    p = math.exp(-mean)
    total, k = p, 0
    while u >= total and k < most:
        k += 1
        p *= mean / k
        total += p
    return k


@inlined
def add_noise(
    radars: Table, coverages: Reals, clock: Table, stand: Table, plots: Plots, radar: int, number: int, begin_us: int, n: int
) -> int:
    """Add a radar's own false alarms."""
    seed, replication, key = clock["seed"][0], clock["replication"][0], radars["key"][radar]
    many = poisson(chance.uniform(seed, replication, key, 0, chance.FALSE_ALARM, number), radars["false_alarms"][radar], MOST)
    top = math.sin(min(radars["elevation_max_rad"][radar], NOISE_ELEVATION_RAD))
    for k in range(many):
        if n >= plots.whole.shape[0]:
            break
        a, b, c, when = chance.words(seed, replication, key, k + 1, chance.FALSE_ALARM, number)
        range_m = max(radars["range_max_m"][radar] * math.sqrt(a * WORD), LOWEST_RANGE_M)
        bearing = stand["facing_rad"][radar] + (2.0 * b * WORD - 1.0) * radars["half_sector_rad"][radar]
        at_us = begin_us + int(when * WORD * radars["period_us"][radar])
        write(radars, coverages, plots, radar, range_m, bearing, math.asin(top * c * WORD), at_us, n)
        n += 1
    return n


@inlined
def add_clutter(
    radars: Table, regions: Table, coverages: Reals, clock: Table, plots: Plots, radar: int, c: int, number: int, begin_us: int, n: int
) -> int:
    """Add the plots of one region of clutter, where the radar looks at it."""
    frame = coverages[radar]
    if radars["is_feed"][radar] == 1 or radars["emits"][radar] == 0:
        return n
    seed, replication, key = clock["seed"][0], clock["replication"][0], radars["key"][radar]
    many = poisson(chance.uniform(seed, replication, key, regions["key"][c], chance.CLUTTER, number << 8), regions["plots"][c], MOST)
    cx, cy, cz = regions["x_m"][c], regions["y_m"][c], regions["z_m"][c]
    r = math.sqrt(cx * cx + cy * cy + cz * cz)
    for k in range(many):
        if n >= plots.whole.shape[0]:
            break
        a, b, h, _ = chance.words(seed, replication, key, regions["key"][c], chance.CLUTTER, number << 8 | (k + 1))
        up = regions["height_max_m"][c] * h * WORD
        out, turn = regions["radius_m"][c] * math.sqrt(a * WORD), 6.283185307179586 * b * WORD
        east, north = out * math.sin(turn), out * math.cos(turn)
        dx = cx * (1.0 + up / r) + east * frame[3] + north * frame[6] - frame[0]
        dy = cy * (1.0 + up / r) + east * frame[4] + north * frame[7] - frame[1]
        dz = cz * (1.0 + up / r) + east * frame[5] + north * frame[8] - frame[2]
        if not covers(frame, frame[0] + dx, frame[1] + dy, frame[2] + dz):
            continue
        x = dx * frame[3] + dy * frame[4] + dz * frame[5]
        y = dx * frame[6] + dy * frame[7] + dz * frame[8]
        z = dx * frame[9] + dy * frame[10] + dz * frame[11]
        level = math.sqrt(x * x + y * y)
        write(
            radars, coverages, plots, radar, math.sqrt(level * level + z * z), math.atan2(x, y), math.atan2(z, level),
            begin_us + radars["period_us"][radar] // 2, n,
        )  # fmt: skip
        n += 1
    return n


@inner_kernel
def write(
    radars: Table,
    coverages: Reals,
    plots: Plots,
    radar: int,
    range_m: float,
    bearing_rad: float,
    elevation_rad: float,
    time_us: int,
    n: int,
) -> None:
    """Write plot ``n`` as the radar would measure it, belonging to no object."""
    locate(
        coverages[radar], range_m, bearing_rad, elevation_rad, max(radars["error_range_m"][radar], 1.0),
        max(radars["error_azimuth_rad"][radar], 1e-5), max(radars["error_elevation_rad"][radar], 1e-5), plots.real, n,
    )  # fmt: skip
    plots.real[n, RADIAL_SD] = 0.0
    plots.whole[n, PLOT_TIME_US] = time_us
    plots.whole[n, PLOT_OBJECT] = -1
