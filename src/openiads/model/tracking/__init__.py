"""Tracks from plots: gating, optimal association, filters, confirmation, deletion.

The engine calls one kernel for each scan of each radar in each picture that the radar feeds::

    from openiads.model.tracking.scan import process_scan, clear
    from openiads.model.tracking.conversion import locate

    events = process_scan(table, picture, rules, coverage, time_us, plots, count, scratch)

``table``     ``new_table(pictures, rows_per_picture) -> TrackTable`` (arrays, see ``table.py``); ``clear(table)`` resets it.
``picture``   index of the air picture.
``rules``     ``rules(filter="single" | "imm", ...) -> Rules`` (plain numbers).
``coverage``  float64 row (22,) from ``coverage(latitude_rad, longitude_rad, height_wgs84_m, max_range_m=..., ...)``: where the
              radar stands and what it looks at; a live track without a plot counts a miss only inside it.
``time_us``   time at which the scan counts (its end); must not run backwards by much between calls for a picture.
``plots``     ``new_plots(capacity) -> Plots``; the caller fills the first ``count`` of ``time_us``, ``position_m`` (n, 3) and
              ``covariance_m2`` (n, 6: xx xy xz yy yz zz), ``object``, and ``radial_sd_mps`` (0: no radial speed) with
              ``radial_mps`` (opening positive).  ``locate(coverage, range_m, bearing_rad, elevation_rad, range_sd_m, bearing_sd_rad,
              elevation_sd_rad, plots.position_m, plots.covariance_m2, j)`` fills plot ``j`` from a radar measurement.
              Out: ``plots.row[j]`` (-1: none) and ``plots.kind[j]`` (0, UPDATED = 1, STARTED = 2).
``scratch``   ``new_scratch(rows_per_picture, plots_capacity) -> Scratch``, one for each thread.  Out: ``scratch.event_row[:events]``
              and ``scratch.event_kind[:events]`` (CONFIRMED = 1, DROPPED = 2, MERGED = 3); the row of a dropped or merged
              track keeps its values until the next call that starts a track.

Rows of picture ``p``: ``table.order[table.first[p] : table.first[p] + table.live[p]]``, oldest first.  Read ``table.status``
(TENTATIVE = 1, FIRM = 2), ``number``, ``quality_m`` (1 sigma of position), ``time_us`` (last plot), ``weight`` (IMM: constant velocity,
manoeuvre, ballistic) and ``last_object`` (bookkeeping only).  ``filters.predict(table, row, time_us, rules)`` gives a position
and velocity at any time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.model.tracking.conversion import coverage, flat_coverage, locate
    from openiads.model.tracking.filters import predict
    from openiads.model.tracking.scan import clear, process_scan
    from openiads.model.tracking.table import Plots, Rules, Scratch, TrackTable, new_plots, new_scratch, new_table, rules

_HOME = {
    "coverage": "conversion",
    "flat_coverage": "conversion",
    "locate": "conversion",
    "predict": "filters",
    "clear": "scan",
    "process_scan": "scan",
    "Plots": "table",
    "Rules": "table",
    "Scratch": "table",
    "TrackTable": "table",
    "new_plots": "table",
    "new_scratch": "table",
    "new_table": "table",
    "rules": "table",
}

__all__ = [
    "Plots",
    "Rules",
    "Scratch",
    "TrackTable",
    "clear",
    "coverage",
    "flat_coverage",
    "locate",
    "new_plots",
    "new_scratch",
    "new_table",
    "predict",
    "process_scan",
    "rules",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
