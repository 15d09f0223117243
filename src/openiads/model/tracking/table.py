"""What a tracker remembers: the table of tracks of every air picture, the plots of one scan, the rules, the scratch space."""

from typing import NamedTuple

import numpy as np

from openiads.errors import UserError
from openiads.kernel import Ints, Reals

FREE, TENTATIVE, FIRM = 0, 1, 2
UPDATED, STARTED = 1, 2
CONFIRMED, DROPPED, MERGED = 1, 2, 3
SINGLE, IMM = 0, 1
NEAREST, JOINT = 0, 1
WIDTH = 27
MODES = 3

EARTH_GRAVITATION_M3PS2 = 3.986004418e14
EARTH_ROTATION_RADPS = 7.292115e-5


class TrackTable(NamedTuple):
    """Tracks of all pictures; picture ``p`` owns rows ``first[p]`` to ``first[p + 1]``.

    ``estimate`` (rows, 27) holds position [m], velocity [m/s] (earth-centred, earth-fixed) and the covariance's upper
    triangle by rows (21); ``modes`` (3 rows, 27) the same for each model of the IMM (constant velocity, manoeuvre, ballistic) and
    ``weight`` (rows, 3) their probabilities.  ``order`` lists the rows of a picture, the ``live[p]`` used ones first, oldest first.
    """

    first: Ints
    live: Ints
    next_number: Ints
    order: Ints
    estimate: Reals
    modes: Reals
    weight: Reals
    time_us: Ints
    start_us: Ints
    status: Ints
    number: Ints
    window: Ints
    hits: Ints
    misses: Ints
    turning: Ints
    quality_m: Reals
    last_object: Ints


class Plots(NamedTuple):
    """The plots of one scan: inputs, then ``row`` (-1: none) and ``kind`` (0, UPDATED or STARTED) as outputs.

    ``position_m`` (n, 3) earth-centred, ``covariance_m2`` (n, 6) its upper triangle by rows, ``radial_mps`` (n,) closing negative,
    read only where ``radial_sd_mps`` is positive; ``object`` is bookkeeping that no decision reads.
    """

    time_us: Ints
    position_m: Reals
    covariance_m2: Reals
    radial_mps: Reals
    radial_sd_mps: Reals
    object: Ints
    row: Ints
    kind: Ints


class Rules(NamedTuple):
    """How a picture tracks; made by ``rules``, which checks and types every value."""

    filter: int
    associator: int
    confirm_m: int
    confirm_n: int
    tentative_misses: int
    firm_misses: int
    merge_misses: int
    max_gap_us: int
    gate: float
    turn_gate: float
    noise_calm: float
    noise_turn: float
    noise_ballistic: float
    speed_sd_mps: float
    dwell_s: float
    gravitation_m3ps2: float
    rotation_radps: float
    curvature: float
    ballistic_height_m: float
    detection_probability: float
    clutter_per_m3: float


class Scratch(NamedTuple):
    """Working space of one process and the events of the last scan (``event_row``, ``event_kind``)."""

    event_row: Ints
    event_kind: Ints
    cell_first: Ints
    cell_of: Ints
    cell_plot: Ints
    flat: Reals
    slot_plot: Ints
    freed: Ints
    rival: Ints
    pair_first: Ints
    pair_plot: Ints
    pair_cost: Reals
    plot_slot: Ints
    plot_pair: Ints
    price: Reals
    reach: Reals
    origin: Ints
    origin_slot: Ints
    mark: Ints
    waiting: Ints
    mixed: Reals
    twin: Reals
    share: Reals
    beta: Reals


def new_table(pictures: int, rows_per_picture: int) -> TrackTable:
    """Return an empty table with room for ``rows_per_picture`` tracks in each picture."""
    rows = pictures * rows_per_picture

    def whole(size: int = rows) -> Ints:
        return np.zeros(size, np.int64)

    table = TrackTable(
        first=np.arange(pictures + 1, dtype=np.int64) * rows_per_picture,
        live=whole(pictures),
        next_number=whole(pictures),
        order=whole(),
        estimate=np.zeros((rows, WIDTH)),
        modes=np.zeros((MODES * rows, WIDTH)),
        weight=np.zeros((rows, MODES)),
        time_us=whole(),
        start_us=whole(),
        status=whole(),
        number=whole(),
        window=whole(),
        hits=whole(),
        misses=whole(),
        turning=whole(),
        quality_m=np.zeros(rows),
        last_object=whole(),
    )
    table.order[:] = np.arange(rows)
    table.next_number[:] = 1
    table.last_object[:] = -1
    return table


def new_plots(capacity: int) -> Plots:
    """Return room for ``capacity`` plots of one scan."""

    def whole() -> Ints:
        return np.zeros(capacity, np.int64)

    real = np.zeros
    return Plots(whole(), real((capacity, 3)), real((capacity, 6)), real(capacity), real(capacity), whole(), whole(), whole())


def new_scratch(rows_per_picture: int, plots: int) -> Scratch:
    """Return working space for scans of up to ``plots`` plots against pictures of up to ``rows_per_picture`` tracks."""

    def whole(size: int) -> Ints:
        return np.zeros(size, np.int64)

    pairs = max(4096, 64 * max(plots, rows_per_picture))
    return Scratch(
        event_row=whole(2 * rows_per_picture + plots),
        event_kind=whole(2 * rows_per_picture + plots),
        cell_first=whole(4 * plots + 16),
        cell_of=whole(plots + 1),
        cell_plot=whole(plots + 1),
        flat=np.zeros((plots + 1, 3)),
        slot_plot=whole(rows_per_picture),
        freed=whole(rows_per_picture),
        rival=whole(rows_per_picture),
        pair_first=whole(rows_per_picture + 1),
        pair_plot=whole(pairs),
        pair_cost=np.zeros(pairs),
        plot_slot=whole(plots + 1),
        plot_pair=whole(plots + 1),
        price=np.zeros(plots + 1),
        reach=np.zeros(plots + 1),
        origin=whole(plots + 1),
        origin_slot=whole(plots + 1),
        mark=whole(plots + 1),
        waiting=whole(plots + 1),
        mixed=np.zeros((64, WIDTH)),
        twin=np.zeros((1, 6)),
        share=np.zeros(64),
        beta=np.zeros(pairs),
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
    noise_turn: float = 1000.0,
    noise_ballistic: float = 1.0,
    speed_sd_mps: float = 500.0,
    dwell_s: float = 60.0,
    earth: bool = True,
    ballistic_height_m: float = 40000.0,
    detection_probability: float = 0.9,
    clutter_per_m3: float = 1e-14,
) -> Rules:
    """Return checked tracking rules.

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
    return Rules(
        filter=IMM if filter == "imm" else SINGLE,
        associator=JOINT if associator == "joint" else NEAREST,
        confirm_m=int(m),
        confirm_n=int(n),
        tentative_misses=max(1, int(n) - 1) if tentative_misses is None else int(tentative_misses),
        firm_misses=int(firm_misses),
        merge_misses=int(merge_misses),
        max_gap_us=round(max_gap_s * 1e6),
        gate=float(gate),
        turn_gate=float(turn_gate),
        noise_calm=float(noise_calm),
        noise_turn=float(noise_turn),
        noise_ballistic=float(noise_ballistic),
        speed_sd_mps=float(speed_sd_mps),
        dwell_s=float(dwell_s),
        gravitation_m3ps2=EARTH_GRAVITATION_M3PS2 if earth else 0.0,
        rotation_radps=EARTH_ROTATION_RADPS if earth else 0.0,
        curvature=1.0 if earth else 0.0,
        ballistic_height_m=float(ballistic_height_m),
        detection_probability=float(detection_probability),
        clutter_per_m3=float(clutter_per_m3),
    )
