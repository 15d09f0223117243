"""Small skies that the tracking tests share."""

from typing import NamedTuple

import numpy as np

from openiads.model.tracking import filters
from openiads.model.tracking import table as t
from openiads.model.tracking.scan import process_scan
from openiads.model.tracking.sight import coverage, flat_coverage


class Tracker(NamedTuple):
    """One picture with all that a scan needs."""

    table: t.TrackTable
    plots: t.Plots
    scratch: t.Scratch
    rules: np.ndarray
    coverage: np.ndarray


def tracker(rows: int = 200, capacity: int = 200, sight: np.ndarray | None = None, **words) -> Tracker:
    words = {"earth": False, "noise_calm": 1.0, "noise_turn": 1.0} | words
    sight = flat_coverage() if sight is None else sight
    return Tracker(t.new_table(1, rows), t.new_plots(capacity), t.new_scratch(rows, capacity), t.rules(**words), sight)


def fill(plots: t.Plots, time_us, position_m, sd_m=50.0, objects=None) -> int:
    position_m = np.asarray(position_m, float).reshape(-1, 3)
    n = len(position_m)
    plots.real[:n] = 0.0
    plots.real[:n, :3] = position_m
    plots.real[:n, 3:9] = np.diag([1.0] * 3)[np.triu_indices(3)] * sd_m**2
    plots.whole[:n, t.PLOT_TIME_US] = time_us
    plots.whole[:n, t.PLOT_OBJECT] = np.arange(n) if objects is None else objects
    return n


def scan(one: Tracker, time_us: int, position_m, sd_m=50.0, times_us=None, objects=None, kernel=process_scan) -> list[tuple[int, int]]:
    """Feed a scan; return its events as (row, kind).  What follows from an estimate is then true of every track."""
    n = fill(one.plots, time_us if times_us is None else times_us, position_m, sd_m, objects)
    events = kernel(one.table, 0, one.rules, one.coverage, time_us, one.plots, n, one.scratch)
    anew = one.table.estimate.copy()
    for row in live(one):
        filters.lay_course(anew, row, one.rules)
    np.testing.assert_array_equal(one.table.estimate, anew)
    return [(int(row), int(kind)) for row, kind in one.scratch.events[:events]]


def live(one: Tracker) -> np.ndarray:
    return one.table.order[: one.table.pictures[0, t.LIVE]]


def firm(one: Tracker) -> np.ndarray:
    rows = live(one)
    return rows[one.table.facts[rows, t.STATUS] == t.FIRM]


def full(row: np.ndarray) -> np.ndarray:
    matrix = np.zeros((6, 6))
    matrix[np.triu_indices(6)] = row[6:27]
    return matrix + np.triu(matrix, 1).T


def packed(mean: np.ndarray, matrix: np.ndarray, width: int = 27) -> np.ndarray:
    row = np.zeros(width)
    row[:6], row[6:27] = mean, matrix[np.triu_indices(6)]
    return row


def random_covariance(draw: np.random.Generator, scale: np.ndarray) -> np.ndarray:
    root = draw.normal(size=(len(scale), len(scale) + 2))
    return root @ root.T * np.outer(scale, scale)


def site(**words) -> np.ndarray:
    return coverage(np.radians(54.0), np.radians(28.0), 200.0, **({"max_range_m": 400e3} | words))
