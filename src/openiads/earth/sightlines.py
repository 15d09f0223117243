"""The outward pass of the terrain mask: where each bearing runs over the grid, and the sweep along it.

A bearing is a geodesic. Its fractional row and column on the grid are computed exactly on `TABLE` bearings at a few ranges
(the knots), interpolated between bearings by cubics and between knots by parabolas; `tracks` measures what that costs and
refuses more than a fiftieth of a cell.
"""

import math
from typing import NamedTuple

import numpy as np

from openiads.earth.geodesics import direct
from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.earth.grid import Grid, rows_columns
from openiads.errors import UserError
from openiads.kernel import Reals, Shorts, Singles, kernel

TABLE = 360
LONGEST_SEGMENT_M = 20_000.0
LONGEST_SEGMENT_STEPS = 256
LARGEST_ERROR_CELLS = 0.02
BLOCK = 128  # bearings swept together, so that neighbours read the same lines of the grid while they are in cache
_f4 = np.float32
_HIDDEN_NOTHING = np.float32(-1e30)


class Screen(NamedTuple):
    """Trees and houses around an antenna: everything ``height_m`` high at ``distance_m`` on every bearing."""

    height_m: float
    distance_m: float


class Tracks(NamedTuple):
    """Rows and columns of the bearings: ``knots`` (TABLE + 3, knot, 2) and the steps between every second knot."""

    knots: Reals
    segment_steps: int


class Bench(NamedTuple):
    """Working arrays of the sweep, of each bearing of a block (``ways``, ``steepest``, ``behind``), of each step (the rest)."""

    ways: Reals
    steepest: Singles
    behind: Singles
    heights_m: Singles
    fractions: Singles
    cells: Shorts
    ramp: Singles


def bench(paths: Tracks) -> Bench:
    """Return working arrays for a sweep: allocating them within the kernel would triple its time to compile."""
    steps = paths.segment_steps
    return Bench(
        np.empty((BLOCK, paths.knots.shape[1], 2)),
        np.empty(BLOCK, _f4),
        np.empty(BLOCK, _f4),
        np.empty(steps, _f4),
        np.empty((2, steps), _f4),
        np.empty(steps, np.int32),
        np.arange(steps, dtype=_f4),
    )


def tracks(grid: Grid, site: tuple[float, float], step_m: float, columns: int) -> Tracks:
    """Return where bearings from a site run over a grid, or raise a UserError when the grid is too warped there (near a pole)."""
    steps = int(min(max(LONGEST_SEGMENT_M // step_m, 2), LONGEST_SEGMENT_STEPS, max(columns - 1, 2)))
    range_m = 0.5 * steps * step_m * np.arange(2 * math.ceil(columns / steps) + 1, dtype=np.float64)
    knots = _walk(grid, site, np.arange(-1, TABLE + 2, dtype=np.float64), range_m)
    probes = np.arange(0.5, TABLE, 7.0)
    ways = np.empty((probes.size, range_m.size, 2))
    for place, way in zip(probes, ways, strict=True):
        lay(knots, place, way)
    off = _between_knots(ways) - _walk(grid, site, probes, 0.5 * (range_m[:-1] + range_m[1:]))
    worst = float(np.max(np.abs(off)))
    if not worst <= LARGEST_ERROR_CELLS:
        raise UserError(
            f"bearings from {math.degrees(site[0]):.3f} N run too near a pole for a terrain grid of latitude and longitude "
            f"({worst:.2g} cells off): shorten the range or use the smooth earth"
        )
    return Tracks(knots, steps)


def _walk(grid: Grid, site: tuple[float, float], places: Reals, range_m: Reals) -> Reals:
    """Return rows and columns (place, range, 2) of points on geodesics at places of the table of bearings."""
    lat, lon, _ = direct(site[0], site[1], places[:, None] * (2.0 * math.pi / TABLE), range_m[None, :])
    return np.stack(rows_columns(grid, lat, lon), axis=-1)


def _between_knots(knots: Reals) -> Reals:
    """Return the parabolas through each three knots half-way between knots: (bearing, knot - 1, 2)."""
    a, b, c = knots[:, :-2:2], knots[:, 1:-1:2], knots[:, 2::2]
    pair = np.stack([0.375 * a + 0.75 * b - 0.125 * c, -0.125 * a + 0.75 * b + 0.375 * c], axis=2)
    return pair.reshape(knots.shape[0], -1, 2)


@kernel
def lay(knots: Reals, place: float, out: Reals) -> None:
    """Fill ``out`` (knot, 2) with the knots of the bearing at a fractional place of the table, by cubics."""
    first = int(place)
    t = place - first
    w0 = -t * (t - 1.0) * (t - 2.0) / 6.0
    w1 = (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0
    w2 = -(t + 1.0) * t * (t - 2.0) / 2.0
    w3 = (t + 1.0) * t * (t - 1.0) / 6.0
    for i in range(out.shape[0]):
        for a in range(2):
            out[i, a] = w0 * knots[first, i, a] + w1 * knots[first + 1, i, a] + w2 * knots[first + 2, i, a] + w3 * knots[first + 3, i, a]


@kernel
def sample(
    heights_m: Singles, way: Reals, segment: int, steps: int, ramp: Singles, fractions: Singles, cells: Shorts, out: Singles
) -> None:
    """Fill ``out`` (n,) with bilinear ground heights at the steps of ``ramp`` (n,) along one segment of a bearing's way (knot, 2). [m]"""
    rows, columns = heights_m.shape
    corner_r, corner_c = rows - 2.0, columns - 2.0
    for i in range(2 * segment, 2 * segment + 3):
        corner_r, corner_c = min(corner_r, way[i, 0] - 1.0), min(corner_c, way[i, 1] - 1.0)
    first_r, first_c = int(max(corner_r, 0.0)), int(max(corner_c, 0.0))
    flat = heights_m.reshape(-1)[first_r * columns + first_c :]
    p, q, r = way[2 * segment, 0], way[2 * segment + 1, 0], way[2 * segment + 2, 0]
    r0, r1, r2 = _f4(p - first_r), _f4((4.0 * q - 3.0 * p - r) / steps), _f4((2.0 * p + 2.0 * r - 4.0 * q) / (steps * steps))
    p, q, r = way[2 * segment, 1], way[2 * segment + 1, 1], way[2 * segment + 2, 1]
    c0, c1, c2 = _f4(p - first_c), _f4((4.0 * q - 3.0 * p - r) / steps), _f4((2.0 * p + 2.0 * r - 4.0 * q) / (steps * steps))
    zero, last_r, last_c = _f4(0.0), _f4(rows - 1 - first_r), _f4(columns - 1 - first_c)
    end_r, end_c, wide = np.int32(rows - 2 - first_r), np.int32(columns - 2 - first_c), np.int32(columns)
    n = ramp.shape[0]
    for i in range(n):
        t = ramp[i]
        row = r0 + t * (r1 + t * r2)
        column = c0 + t * (c1 + t * c2)
        row = zero if row < zero else row
        row = last_r if row > last_r else row
        column = zero if column < zero else column
        column = last_c if column > last_c else column
        ir, ic = np.int32(row), np.int32(column)
        ir = end_r if ir > end_r else ir
        ic = end_c if ic > end_c else ic
        fractions[0, i] = row - _f4(ir)
        fractions[1, i] = column - _f4(ic)
        cells[i] = np.int32(ir * wide + ic)
    one, below = np.uint64(1), np.uint64(columns)
    for i in range(n):
        cell = np.uint64(np.uint32(cells[i]))
        right = fractions[1, i]
        a, b = flat[cell], flat[cell + one]
        c, d = flat[cell + below], flat[cell + below + one]
        upper = a + right * (b - a)
        lower = c + right * (d - c)
        out[i] = upper + fractions[0, i] * (lower - upper)


@kernel
def scan(
    ground_m: Singles,
    range_m: Singles,
    per_range: Singles,
    drop_m: Singles,
    antenna_m: np.float32,
    steepest: np.float32,
    free: int,
    behind: np.float32,
    low: Singles,
) -> np.float32:
    """Fill ``low`` (n,) with the lowest visible heights over ``ground_m`` (n,), used up, and return the steepest ray so far.

    From step ``free`` on, rays must also clear the slope ``behind`` of the screen.
    """
    n = ground_m.shape[0]
    for i in range(n):
        ground_m[i] = (ground_m[i] - antenna_m - drop_m[i]) * per_range[i]
    for i in range(n):
        slope = ground_m[i]
        if i == free and behind > steepest:
            steepest = behind
        ground_m[i] = steepest - slope
        steepest = slope if slope > steepest else steepest
    zero = _f4(0.0)
    for i in range(n):
        height = ground_m[i] * range_m[i]
        low[i] = height if height > zero else zero
    return steepest


@kernel
def sweep(
    heights_m: Singles,
    knots: Reals,
    work: Bench,
    ranges: Singles,
    antenna_m: np.float32,
    screen: Reals,
    low: Singles,
    ground: Singles,
) -> None:
    """Fill ``low`` (bearing, range) and, unless it is empty, ``ground``; ``work`` is scratch.

    ``ranges`` (3, range) holds range [m], its reciprocal [1/m] and the earth's drop [m]; ``screen`` the height, distance and drop of
    the screen [m] and the column of its foot.
    """
    rows, columns = low.shape
    steps = work.ramp.shape[0]
    for start in range(0, rows, BLOCK):
        count = min(BLOCK, rows - start)
        for b in range(count):
            lay(knots, (start + b) * (TABLE / rows), work.ways[b])
            work.steepest[b] = work.behind[b] = _HIDDEN_NOTHING
        for segment in range((columns + steps - 1) // steps):
            first = segment * steps
            end = min(first + steps, columns)
            n = end - first
            foot = int(screen[3]) - first
            for b in range(count):
                sample(heights_m, work.ways[b], segment, steps, work.ramp[:n], work.fractions, work.cells, work.heights_m)
                if ground.shape[0] > 0:
                    for i in range(n):
                        ground[start + b, first + i] = work.heights_m[i]
                if 0 <= foot < n:
                    work.behind[b] = _f4((work.heights_m[foot] + screen[0] - antenna_m - screen[2]) / screen[1])
                work.steepest[b] = scan(
                    work.heights_m[:n],
                    ranges[0, first:end],
                    ranges[1, first:end],
                    ranges[2, first:end],
                    antenna_m,
                    work.steepest[b],
                    max(foot + 1, 0),
                    work.behind[b],
                    low[start + b, first:end],
                )


def fill(
    heights_m: Singles,
    paths: Tracks,
    antenna_amsl_m: float,
    k: float,
    screen: Screen | None,
    step_m: float,
    low: Singles,
    ground: Singles,
) -> None:
    """Fill ``low`` (bearing, range) with lowest visible heights and ``ground``, unless it is empty, with the ground under them. [m]"""
    range_m = step_m * np.arange(low.shape[1], dtype=np.float64)
    drop_m = range_m * range_m / (2.0 * k * MEAN_RADIUS_M)
    per_range = np.zeros_like(range_m)
    per_range[1:] = 1.0 / range_m[1:]
    drop_m[0], per_range[0] = 1e30, 1.0  # the antenna's own foot hides nothing
    height_m, distance_m = screen if screen is not None else (0.0, 2.0 * float(range_m[-1]))
    ranges = np.stack([range_m, per_range, drop_m]).astype(_f4)
    obstacle = np.array([height_m, distance_m, distance_m * distance_m / (2.0 * k * MEAN_RADIUS_M), distance_m // step_m])
    sweep(heights_m, paths.knots, bench(paths), ranges, _f4(antenna_amsl_m), obstacle, low, ground)
