"""Tracks from plots: gating, optimal association, filters, confirmation, deletion.

The engine calls one kernel for each scan of each radar in each picture that the radar feeds::

    from openiads.model.tracking.scan import process_scan, clear
    from openiads.model.tracking.conversion import locate
    from openiads.model.tracking.table import KIND, ROW, STATUS, FIRM, ...   # column names are module constants

    events = process_scan(table, picture, rules, coverage, time_us, plots, count, scratch)

``table``     ``new_table(pictures, rows_per_picture) -> TrackTable``: five arrays (columns in ``table.py``); ``clear(table)`` clears it.
``picture``   index of the air picture.
``rules``     float64 row (21,) from ``rules(filter="single" | "imm", ...)``; rows may be stacked, one for each picture.
``coverage``  float64 row (24,) from ``coverage(latitude_rad, longitude_rad, height_wgs84_m, max_range_m=..., ...)``: where the
              radar stands and what it looks at (columns in ``sight.py``); a live track without a plot counts a miss only inside it.
``time_us``   time at which the scan counts (its end); must not run backwards by much between calls for a picture.
``plots``     ``new_plots(capacity) -> Plots``.  The caller fills the first ``count`` rows: ``plots.whole[j, PLOT_TIME_US]``,
              ``plots.whole[j, PLOT_OBJECT]`` (bookkeeping), ``plots.real[j, 0:3]`` (earth-centred position), ``[j, 3:9]`` (covariance xx
              xy xz yy yz zz), ``[j, RADIAL_SD]`` (0: no radial speed), ``[j, RADIAL]`` (opening positive).
              ``locate(coverage, range_m, bearing_rad, elevation_rad, range_sd_m, bearing_sd_rad, elevation_sd_rad, plots.real, j)``
              writes position and covariance from a radar measurement.
              Out: ``plots.whole[j, ROW]`` (-1: none) and ``plots.whole[j, KIND]`` (NONE = 0, UPDATED = 1, STARTED = 2).
``scratch``   ``new_scratch(rows_per_picture, plots_capacity) -> Scratch``, one for each thread.  Out: ``scratch.events[:events]``,
              columns row and kind (CONFIRMED = 1, DROPPED = 2, MERGED = 3); the row of a dropped or merged track keeps its
              values until a later call starts a track in it.

Live rows of picture ``p``: ``table.order[f : f + table.pictures[p, LIVE]]`` with ``f = table.pictures[p, FIRST]``, oldest first.
``table.facts[row, ...]``: TIME_US (last plot), STATUS (TENTATIVE = 1, FIRM = 2), NUMBER, HITS, MISSED_US, OBJECT (bookkeeping only).
``table.estimate[row, ...]``: position 0-2, velocity 3-5, covariance 6-26, QUALITY_M (1 sigma of position), WEIGHT + 0/1/2 (IMM:
constant velocity, manoeuvre, ballistic), SURPRISE (squared distance of the last plot).
``filters.predict(table, row, time_us)`` gives position and velocity at any time, ``filters.position_sd_m`` its 1-sigma error.

``joint.process_scan_jointly`` is the second associator, with the same arguments; it is compiled only where it is called.  Strobes
(angles without range) never enter a picture as plots; ``openiads.model.strobes.cross`` makes a position of two of them, ghosts included.
On its own the tracker is ``batch.track(batch.plot_list(...))``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.model.tracking.conversion import locate
    from openiads.model.tracking.filters import predict
    from openiads.model.tracking.scan import clear, process_scan
    from openiads.model.tracking.sight import coverage, flat_coverage
    from openiads.model.tracking.table import Plots, Scratch, TrackTable, new_plots, new_scratch, new_table, rules

_HOME = {
    "coverage": "sight",
    "flat_coverage": "sight",
    "locate": "conversion",
    "predict": "filters",
    "clear": "scan",
    "process_scan": "scan",
    "Plots": "table",
    "Scratch": "table",
    "TrackTable": "table",
    "new_plots": "table",
    "new_scratch": "table",
    "new_table": "table",
    "rules": "table",
}

__all__ = [
    "Plots",
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
