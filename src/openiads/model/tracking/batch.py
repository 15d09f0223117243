"""The tracker on its own: a list of plots in, tracks out, with the kernels of the battle."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.errors import UserError
from openiads.kernel import Ints, Reals, kernel
from openiads.model.tracking import table as columns
from openiads.model.tracking.conversion import locate
from openiads.model.tracking.filters import advance_row
from openiads.model.tracking.joint import process_scan_jointly
from openiads.model.tracking.scan import process_scan
from openiads.model.tracking.sight import flat_coverage
from openiads.model.tracking.table import (
    FIRM,
    JOINT,
    KIND,
    LIVE,
    NUMBER,
    PLOT_TIME_US,
    ROW,
    STATUS,
    UPDATED,
    TrackTable,
    new_plots,
    new_scratch,
    new_table,
)


class PlotList(NamedTuple):
    """Plots in the order of their scans: ``scan`` (n,) never falls; ``real`` and ``whole`` are rows as in ``table.Plots``."""

    scan: Ints
    real: Reals
    whole: Ints


class Tracks(NamedTuple):
    """Firm tracks at the end of every scan, and what became of each plot.

    ``time_us``, ``scan``, ``number`` (k,), ``position_m``, ``velocity_mps`` (k, 3) and ``covariance`` (k, 21, upper triangle by rows),
    predicted to the end of the scan; ``plot_number`` (n,): track number each plot went to, 0 for none.
    """

    time_us: Ints
    scan: Ints
    number: Ints
    position_m: Reals
    velocity_mps: Reals
    covariance: Reals
    plot_number: Ints
    updates: int


def plot_list(
    time_us: ArrayLike,
    position_m: ArrayLike,
    covariance_m2: ArrayLike,
    scan: ArrayLike | None = None,
    *,
    radial_mps: ArrayLike | None = None,
    radial_sd_mps: ArrayLike | None = None,
    object_index: ArrayLike | None = None,
) -> PlotList:
    """Return Cartesian plots ready to be tracked.

    Parameters
    ----------
    time_us
        Times (n,) [us].
    position_m, covariance_m2
        Positions (n, 3) and covariances (n, 3, 3), or one covariance (3, 3) for all.
    scan
        Number of the scan of each plot (n,); by default every distinct time is a scan.
    radial_mps, radial_sd_mps
        Radial speed seen from the sensor, opening positive, and its standard deviation (n,).
    object_index
        What each plot truly was (n,); kept for bookkeeping, never read.

    Raises
    ------
    UserError
        For shapes that do not fit, values that are not finite, or scans that go back.
    """
    times = _whole("time_us", time_us)
    n = times.size
    real, whole = np.zeros((n, 16)), np.zeros((n, 12), np.int64)
    real[:, 0:3] = _real("position_m", position_m, (n, 3))
    spread = np.asarray(covariance_m2, float)
    spread = _real("covariance_m2", np.broadcast_to(spread, (n, 3, 3)) if spread.shape == (3, 3) else spread, (n, 3, 3))
    if np.any(np.linalg.eigvalsh(spread)[:, 0] <= 0.0 if n else False):
        raise UserError("plots: covariance_m2 must be positive definite for every plot; give each axis an error above 0")
    real[:, 3:9] = spread[:, (0, 0, 0, 1, 1, 2), (0, 1, 2, 1, 2, 2)]
    if radial_mps is not None:
        real[:, columns.RADIAL] = _real("radial_mps", radial_mps, (n,))
        real[:, columns.RADIAL_SD] = _real("radial_sd_mps", radial_sd_mps, (n,))
    whole[:, PLOT_TIME_US] = times
    whole[:, columns.PLOT_OBJECT] = -1 if object_index is None else _whole("object_index", object_index, n)
    numbers = np.unique(times, return_inverse=True)[1].astype(np.int64) if scan is None else _whole("scan", scan, n)
    if np.any(np.diff(numbers) < 0):
        at = int(np.flatnonzero(np.diff(numbers) < 0)[0]) + 1
        raise UserError(f"plots: plot {at} belongs to an earlier scan than the one before; sort the plots by scan")
    return PlotList(numbers, real, whole)


def spherical_plots(
    time_us: ArrayLike,
    range_m: ArrayLike,
    bearing_rad: ArrayLike,
    elevation_rad: ArrayLike,
    errors: tuple[float, float, float],
    scan: ArrayLike | None = None,
    *,
    coverage: Reals | None = None,
    object_index: ArrayLike | None = None,
) -> PlotList:
    """Return plots from range, bearing (clockwise from north) and elevation.

    Parameters
    ----------
    time_us, scan, object_index
        As for ``plot_list``.
    range_m, bearing_rad, elevation_rad
        Measurements (n,).
    errors
        Standard deviations of range [m], bearing [rad] and elevation [rad].
    coverage
        The sensor's row from ``coverage``; by default a flat frame with the sensor at its origin (x east, y north, z up).
    """
    times = _whole("time_us", time_us)
    n = times.size
    ranges, bearings = _real("range_m", range_m, (n,)), _real("bearing_rad", bearing_rad, (n,))
    elevations = _real("elevation_rad", elevation_rad, (n,))
    if min(errors) <= 0.0:
        raise UserError(f"plots: every measurement error must be above 0, received {errors}")
    real = np.zeros((n, 16))
    site = flat_coverage() if coverage is None else coverage
    _locate_all(site, ranges, bearings, elevations, float(errors[0]), float(errors[1]), float(errors[2]), real)
    covariance = real[:, (3, 4, 5, 4, 6, 7, 5, 7, 8)].reshape(n, 3, 3)
    return plot_list(times, real[:, 0:3], covariance, scan, object_index=object_index)


def track(plots: PlotList, rules: Reals | None = None, coverage: Reals | None = None, *, most_tracks: int = 4096) -> Tracks:
    """Run the tracker over a list of plots.

    Parameters
    ----------
    plots
        From ``plot_list`` or ``spherical_plots``.
    rules
        From ``table.rules``; by default the single filter in a flat frame, 3 of 5.
    coverage
        What the sensor looks at; by default everything, so that each scan is a look at every track.
    most_tracks
        Room for tracks alive at one time, tentative ones included; plots beyond it start no track.

    Returns
    -------
    Tracks

    Limits
    ------
    One picture and one sensor; several sensors take turns as scans in time order.
    """
    chosen = columns.rules(earth=False) if rules is None else rules
    start, scans = (int(plots.scan[0]), int(plots.scan[-1] - plots.scan[0]) + 1) if plots.scan.size else (0, 0)
    if scans > 1_000_000:
        raise UserError(f"tracker: scan numbers span {scans} scans; number the scans one after the other")
    first = np.searchsorted(plots.scan, start + np.arange(scans + 1)).astype(np.int64)
    largest = int(np.diff(first).max(initial=1))
    table, held, scratch = new_table(1, most_tracks), new_plots(largest), new_scratch(most_tracks, largest)
    process = process_scan_jointly if chosen[columns.ASSOCIATOR] == JOINT else process_scan
    sight = flat_coverage() if coverage is None else coverage
    numbers, updates, time_us = np.zeros(len(plots.scan), np.int64), 0, 0
    heads, bodies = [np.zeros((0, 3), np.int64)], [np.zeros((0, 27))]
    for k in range(scans):
        here, count = slice(first[k], first[k + 1]), int(first[k + 1] - first[k])
        if count:
            held.real[:count, :11], held.whole[:count, :2] = plots.real[here, :11], plots.whole[here, :2]
            time_us = int(held.whole[:count, PLOT_TIME_US].max())
        process(table, 0, chosen, sight, time_us, held, count, scratch)
        rows = held.whole[:count, ROW]
        numbers[here] = np.where(rows >= 0, table.facts[rows, NUMBER], 0)
        updates += int(np.count_nonzero(held.whole[:count, KIND] == UPDATED))
        live = table.order[: table.pictures[0, LIVE]]
        firm = live[table.facts[live, STATUS] == FIRM]
        bodies.append(np.zeros((firm.size, 27)))
        heads.append(np.stack([np.full(firm.size, time_us), np.full(firm.size, start + k), table.facts[firm, NUMBER]], axis=1))
        _predict_all(table, firm, time_us, chosen, bodies[-1])
    head, body = np.concatenate(heads), np.concatenate(bodies)
    return Tracks(head[:, 0], head[:, 1], head[:, 2], body[:, :3], body[:, 3:6], body[:, 6:], numbers, updates)


@kernel
def _locate_all(
    coverage: Reals, range_m: Reals, bearing_rad: Reals, elevation_rad: Reals, sd_r: float, sd_b: float, sd_e: float, real: Reals
) -> None:
    for j in range(range_m.shape[0]):
        locate(coverage, range_m[j], bearing_rad[j], elevation_rad[j], sd_r, sd_b, sd_e, real, j)


@kernel
def _predict_all(table: TrackTable, rows: Ints, time_us: int, rules: Reals, bodies: Reals) -> None:
    for k in range(rows.shape[0]):
        advance_row(table, rows[k], time_us, rules, bodies, k)


def _whole(name: str, values: ArrayLike, size: int | None = None) -> Ints:
    found = np.asarray(values)
    if found.ndim != 1 or (size is not None and found.size != size) or (found.size and found.dtype.kind not in "iu"):
        expected = "whole numbers" if size is None else f"{size} whole numbers"
        raise UserError(f"plots: {name} must be {expected} in one row, received {found.dtype} of shape {found.shape}")
    return found.astype(np.int64)


def _real(name: str, values: ArrayLike | None, shape: tuple[int, ...]) -> Reals:
    if values is None:
        raise UserError(f"plots: {name} is missing; give an array of shape {shape}")
    found = np.asarray(values, float)
    if found.shape != shape:
        raise UserError(f"plots: {name} must have shape {shape}, received {found.shape}")
    if not np.all(np.isfinite(found)):
        at = int(np.argwhere(~np.isfinite(found))[0][0])
        raise UserError(f"plots: {name} of plot {at} is not a finite number; remove that plot")
    return found
