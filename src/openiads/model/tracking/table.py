"""What a tracker remembers: the table of tracks of every air picture, the plots of one scan, the rules, the scratch space.

Rows are tracks or plots; the constants below name the columns, so that a kernel is handed few arrays.
"""

from typing import NamedTuple

import numpy as np

from openiads.errors import UserError
from openiads.kernel import Ints, Reals

# Columns of TrackTable.pictures: rows first to end - 1 belong to the picture, the first LIVE entries of its order are in use.
FIRST, END, LIVE, NEXT_NUMBER = 0, 1, 2, 3

# Columns of TrackTable.facts, and the values of STATUS.
TIME_US, STATUS, NUMBER, WINDOW, HITS, MISSED_US, TURNING, OBJECT, SEEN_BY, SLOWEST_US = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
FREE, TENTATIVE, FIRM = 0, 1, 2

# Columns of TrackTable.estimate: position 0-2, velocity 3-5, covariance 6-26, then these; the last eight follow from the others and
# are kept because a track is looked for far more often than it is updated.
QUALITY_M, WEIGHT, SURPRISE = 27, 28, 31
ACCELERATION, SPEED, BEND, SPREAD_NOW, SPREAD_RATE, SPREAD_SPEED = 32, 35, 36, 37, 38, 39
ESTIMATE_WIDTH = 40
MODES = 3
MODE_WIDTH = 27

# Columns of Plots.real (the rest is working space) and Plots.whole, and the values of KIND.
POSITION, COVARIANCE, RADIAL, RADIAL_SD = 0, 3, 9, 10
FLAT_EAST, FLAT_NORTH, SPREAD, PRICE, REACH = 11, 12, 13, 14, 15
LOOKED = 15  # before there is a plot: its place in the look table
PLOT_TIME_US, PLOT_OBJECT, ROW, KIND = 0, 1, 2, 3
CELL, SORTED, SLOT, PAIR, MARK, WAITING, ORIGIN, ORIGIN_SLOT = 4, 5, 6, 7, 8, 9, 10, 11
NONE, UPDATED, STARTED = 0, 1, 2

# Columns of Scratch.events, the values of its second column, and the columns of Scratch.slots.
CONFIRMED, DROPPED, MERGED = 1, 2, 3
SLOT_PLOT, RIVAL, FREED, PAIR_FIRST = 0, 1, 2, 3
JOINED = 0  # in the last row of Scratch.slots

# Entries of a rules row.
FILTER, ASSOCIATOR, CONFIRM_M, CONFIRM_N, TENTATIVE_MISSES, FIRM_MISSES, MERGE_MISSES, MAX_GAP_US = 0, 1, 2, 3, 4, 5, 6, 7
GATE, TURN_GATE, NOISE_CALM, NOISE_TURN, NOISE_BALLISTIC, SPEED_SD, DWELL_S = 8, 9, 10, 11, 12, 13, 14
GRAVITATION, ROTATION, CURVATURE, BALLISTIC_HEIGHT_M, DETECTION, CLUTTER = 15, 16, 17, 18, 19, 20
SINGLE, IMM = 0, 1
NEAREST, JOINT = 0, 1

EARTH_GRAVITATION_M3PS2 = 3.986004418e14
EARTH_ROTATION_RADPS = 7.292115e-5


class TrackTable(NamedTuple):
    """Tracks of all pictures.

    ``pictures`` (p, 4), ``order`` (rows,): the used rows of each picture first, oldest first; ``estimate`` (rows, 40): position
    [m], velocity [m/s], earth-centred and earth-fixed, upper triangle of the covariance by rows, 1-sigma position error [m], model
    probabilities (constant velocity, manoeuvre, ballistic), squared distance of the last plot, mean acceleration [m/s2], speed [m/s],
    sum of the sizes of the acceleration's components, and the trace of the position's covariance as it grows with time: now, twice its
    rate in size, the velocity's; ``modes`` (3 rows, 27): estimate of each model of the IMM; ``facts`` (rows, 10): time of the last
    plot [us], status, track number, hit window, plots in all, scan time missed in a row [us], scans of turning left, object of the last
    plot (bookkeeping that no decision reads), bits of the radars that have seen it, and the longest of their scan periods [us].
    """

    pictures: Ints
    order: Ints
    estimate: Reals
    modes: Reals
    facts: Ints


class Plots(NamedTuple):
    """Plots of one scan.

    ``real`` (n, 16): position [m], covariance [m2] (xx xy xz yy yz zz), radial speed [m/s] and its standard deviation (0: none);
    ``whole`` (n, 12): time [us], object (bookkeeping), then as output the row (-1: none) and kind (UPDATED, STARTED).
    """

    real: Reals
    whole: Ints


class Scratch(NamedTuple):
    """Working space of one thread; ``events`` (n, 2) holds row and kind of the events of the last scan."""

    events: Ints
    slots: Ints
    cells: Ints
    pair_plot: Ints
    pair_cost: Reals
    mixed: Reals
    share: Reals


def new_table(pictures: int, rows_per_picture: int) -> TrackTable:
    """Return an empty table with room for ``rows_per_picture`` tracks in each picture."""
    rows = pictures * rows_per_picture
    book = np.zeros((pictures, 4), np.int64)
    book[:, FIRST] = np.arange(pictures) * rows_per_picture
    book[:, END] = book[:, FIRST] + rows_per_picture
    book[:, NEXT_NUMBER] = 1
    facts = np.zeros((rows, 10), np.int64)
    facts[:, OBJECT] = -1
    return TrackTable(book, np.arange(rows), np.zeros((rows, ESTIMATE_WIDTH)), np.zeros((MODES * rows, MODE_WIDTH)), facts)


def new_plots(capacity: int) -> Plots:
    """Return room for ``capacity`` plots of one scan."""
    return Plots(np.zeros((capacity, 16)), np.zeros((capacity, 12), np.int64))


def new_scratch(rows_per_picture: int, plots: int) -> Scratch:
    """Return working space for scans of up to ``plots`` plots against pictures of up to ``rows_per_picture`` tracks."""
    pairs = max(4096, 64 * max(plots, rows_per_picture))
    return Scratch(
        events=np.zeros((2 * rows_per_picture + plots, 2), np.int64),
        slots=np.zeros((rows_per_picture + 1, 4), np.int64),
        cells=np.zeros(4 * plots + 16, np.int64),
        pair_plot=np.zeros(pairs, np.int64),
        pair_cost=np.zeros(pairs),
        mixed=np.zeros((64, MODE_WIDTH)),
        share=np.zeros(64),
    )


def rules(
    *,
    filter: str = "single",
    associator: str = "nearest",
    confirm: tuple[int, int] = (3, 5),
    tentative_misses: int | None = None,
    firm_misses: int = 4,
    merge_misses: int = 2,
    max_gap_s: float = 60.0,
    gate: float = 16.27,
    turn_gate: float = 11.34,
    noise_calm: float = 10.0,
    noise_turn: float = 3000.0,
    noise_ballistic: float = 1.0,
    speed_sd_mps: float = 500.0,
    dwell_s: float = 60.0,
    earth: bool = True,
    ballistic_height_m: float = 40000.0,
    detection_probability: float = 0.9,
    clutter_per_m3: float = 1e-14,
) -> Reals:
    """Return a checked row (21,) of tracking rules.

    Parameters
    ----------
    filter
        ``"single"`` (nearly constant velocity, process noise raised while a track turns) or ``"imm"``.
    associator
        ``"nearest"`` (global nearest neighbour) or ``"joint"`` (joint probabilistic data association, single filter only).
    confirm
        (M, N): firm after M hits among the last N looks, N at most 60.
    tentative_misses
        Misses in a row that end a tentative track; N - 1 by default, which meets the exact M-of-N probabilities.
    firm_misses, merge_misses
        Misses in a row that end a firm track; that end one whose plots a twin takes.
    max_gap_s
        Time without a plot that ends any track, looked at or not [s].
    gate, turn_gate
        Squared statistical distance (3 degrees of freedom) a plot may have; beyond which the calm model is left.
    noise_calm, noise_turn, noise_ballistic
        Spectral densities of the white acceleration noise [m2/s3]; equal calm and turn make a plain Kalman filter.
    speed_sd_mps
        Prior standard deviation of each velocity component of a new track [m/s].
    dwell_s
        Mean time in one model of the IMM [s].
    earth
        Earth-centred coordinates with curvature and gravity; False for a flat Cartesian frame.
    ballistic_height_m
        Height above which the single filter lets a track fall freely [m].
    detection_probability, clutter_per_m3
        Assumed by joint association.

    Raises
    ------
    UserError
        For an unknown name or a value out of range.
    """
    m, n = confirm
    if filter not in ("single", "imm") or associator not in ("nearest", "joint"):
        raise UserError(f"tracking rules: filter {filter!r} with associator {associator!r}; take single or imm, and nearest or joint")
    if filter == "imm" and associator == "joint":
        raise UserError("tracking rules: joint association works with the single filter; choose filter 'single' or associator 'nearest'")
    if not 1 <= m <= n <= 60:
        raise UserError(f"tracking rules: confirm needs 1 <= M <= N <= 60, received {m} of {n}")
    positive = {
        "gate": gate,
        "speed_sd_mps": speed_sd_mps,
        "dwell_s": dwell_s,
        "noise_calm": noise_calm,
        "noise_turn": noise_turn,
        "noise_ballistic": noise_ballistic,
    }
    for name, value in positive.items():
        if not value > 0.0:
            raise UserError(f"tracking rules: {name} must be above 0, received {value}")
    row = np.zeros(21)
    row[FILTER], row[ASSOCIATOR] = (IMM if filter == "imm" else SINGLE), (JOINT if associator == "joint" else NEAREST)
    row[CONFIRM_M], row[CONFIRM_N] = m, n
    row[TENTATIVE_MISSES] = max(1, n - 1) if tentative_misses is None else tentative_misses
    row[FIRM_MISSES], row[MERGE_MISSES], row[MAX_GAP_US] = firm_misses, merge_misses, round(max_gap_s * 1e6)
    row[GATE], row[TURN_GATE], row[SPEED_SD], row[DWELL_S] = gate, turn_gate, speed_sd_mps, dwell_s
    row[NOISE_CALM], row[NOISE_TURN], row[NOISE_BALLISTIC] = noise_calm, noise_turn, noise_ballistic
    if earth:
        row[GRAVITATION], row[ROTATION], row[CURVATURE] = EARTH_GRAVITATION_M3PS2, EARTH_ROTATION_RADPS, 1.0
    row[BALLISTIC_HEIGHT_M], row[DETECTION], row[CLUTTER] = ballistic_height_m, detection_probability, clutter_per_m3
    return row
