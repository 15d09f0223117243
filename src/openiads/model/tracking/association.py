"""Which plot belongs to which track: a cell index, statistical gates, and the optimal assignment of what passes them.

The cells lie in the plane of the radar's east and north, so that no distance grows and no candidate is missed.
The assignment is the shortest augmenting path method on the sparse list of candidates (Jonker and Volgenant 1987): a
track whose best plot is free takes it at once, and a search never leaves the cluster of tracks that compete.

Source: [jonker-volgenant-1987].
"""

import math

from openiads.kernel import Ints, Reals, folded_kernel, kernel
from openiads.model.tracking.filters import distance
from openiads.model.tracking.table import (
    ACCELERATION,
    BEND,
    CELL,
    FIRST,
    FLAT_EAST,
    FLAT_NORTH,
    GATE,
    LIVE,
    MARK,
    NOISE_CALM,
    NOISE_TURN,
    ORIGIN,
    ORIGIN_SLOT,
    PAIR,
    PAIR_FIRST,
    PLOT_TIME_US,
    PRICE,
    REACH,
    ROW,
    SLOT,
    SLOT_PLOT,
    SORTED,
    SPEED,
    SPREAD,
    SPREAD_NOW,
    SPREAD_RATE,
    SPREAD_SPEED,
    STATUS,
    TIME_US,
    WAITING,
    Scratch,
    TrackTable,
)

Grid = tuple[int, int, float, float, float, float, int, int]


@folded_kernel
def lay_out(coverage: Reals, real: Reals, whole: Ints, count: int, cells: Ints) -> Grid:
    """Sort plots into cells; return first and last time, largest spread, west and south edge, cells a metre, columns, rows."""
    early = late = whole[0, PLOT_TIME_US]
    west = south = math.inf
    east = north = -math.inf
    spread = 0.0
    for j in range(count):
        t = whole[j, PLOT_TIME_US]
        early, late = min(early, t), max(late, t)
        x, y, z = real[j, 0] - coverage[0], real[j, 1] - coverage[1], real[j, 2] - coverage[2]
        a = x * coverage[3] + y * coverage[4] + z * coverage[5]
        b = x * coverage[6] + y * coverage[7] + z * coverage[8]
        west, east = min(west, a), max(east, a)
        south, north = min(south, b), max(north, b)
        real[j, FLAT_EAST], real[j, FLAT_NORTH], real[j, SPREAD] = a, b, real[j, 3] + real[j, 6] + real[j, 8]
        spread = max(spread, real[j, SPREAD])
    wide, high = east - west, north - south
    scale = 1.0 / max(math.sqrt(wide * high / count), max(wide, high) / count, 1.0)
    columns, rows = int(wide * scale) + 1, int(high * scale) + 1
    size = columns * rows
    for c in range(size + 1):
        cells[c] = 0
    for j in range(count):
        c = int((real[j, FLAT_NORTH] - south) * scale) * columns + int((real[j, FLAT_EAST] - west) * scale)
        whole[j, CELL] = c
        cells[c] += 1
    total = 0
    for c in range(size + 1):
        total += cells[c]
        cells[c] = total
    for j in range(count - 1, -1, -1):
        c = whole[j, CELL]
        cells[c] -= 1
        whole[cells[c], SORTED] = j
    return early, late, spread, west, south, scale, columns, rows


@folded_kernel
def gate(
    table: TrackTable, picture: int, stage: int, rules: Reals, coverage: Reals, real: Reals, whole: Ints, scratch: Scratch, grid: Grid
) -> int:
    """List the free plots inside the gate of every track of one status; return how many pairs there are."""
    early, late, widest, west, south, scale, columns, rows = grid
    e, cells, slots, pair_plot, pair_cost = table.estimate, scratch.cells, scratch.slots, scratch.pair_plot, scratch.pair_cost
    base, live, limit, full = table.pictures[picture, FIRST], table.pictures[picture, LIVE], rules[GATE], pair_plot.shape[0]
    noise = max(rules[NOISE_TURN], rules[NOISE_CALM])
    x0, y0, z0 = coverage[0], coverage[1], coverage[2]
    ex, ey, ez, nx, ny, nz = coverage[3], coverage[4], coverage[5], coverage[6], coverage[7], coverage[8]
    middle_us, half = (early + late) // 2, 0.5e-6 * (late - early + 1)
    pairs = 0
    for s in range(live):
        slots[s, PAIR_FIRST] = pairs
        i = table.order[base + s]
        if table.facts[i, STATUS] != stage:
            continue
        t = table.facts[i, TIME_US]
        mid = (middle_us - t) * 1e-6
        far = abs(mid) + half
        vx, vy, vz = e[i, 3], e[i, 4], e[i, 5]
        ax, ay, az = e[i, ACCELERATION], e[i, ACCELERATION + 1], e[i, ACCELERATION + 2]
        spread = e[i, SPREAD_NOW] + far * (e[i, SPREAD_RATE] + far * (e[i, SPREAD_SPEED] + noise * far))
        reach = (1.0 + math.sqrt(limit * (spread + widest)) + half * (e[i, SPEED] + far * e[i, BEND])) * scale
        h = 0.5 * mid * mid
        x, y, z = e[i, 0] + vx * mid + ax * h - x0, e[i, 1] + vy * mid + ay * h - y0, e[i, 2] + vz * mid + az * h - z0
        a, b = (x * ex + y * ey + z * ez - west) * scale, (x * nx + y * ny + z * nz - south) * scale
        # Most tracks are nowhere near.
        if max(-a, a - columns, -b, b - rows) > reach:
            continue
        left, right = int(max(a - reach, 0.0)), int(min(a + reach, columns - 1.0))
        for r in range(int(max(b - reach, 0.0)), int(min(b + reach, rows - 1.0)) + 1):
            for c in range(cells[r * columns + left], cells[r * columns + right + 1]):
                j = whole[c, SORTED]
                dt = (whole[j, PLOT_TIME_US] - t) * 1e-6
                h = 0.5 * dt * dt
                dx = real[j, 0] - (e[i, 0] + vx * dt + ax * h)
                dy = real[j, 1] - (e[i, 1] + vy * dt + ay * h)
                dz = real[j, 2] - (e[i, 2] + vz * dt + az * h)
                if dx * dx + dy * dy + dz * dz <= limit * (spread + real[j, SPREAD]) and whole[j, ROW] < 0:
                    d2, _ = distance(e, i, dt, noise, dx, dy, dz, real, j)
                    if d2 <= limit and pairs < full:
                        pair_plot[pairs], pair_cost[pairs] = j, d2 - limit
                        pairs += 1
    slots[live, PAIR_FIRST] = pairs
    return pairs


@folded_kernel
def assign(count: int, slots: Ints, pair_plot: Ints, cost: Reals, real: Reals, whole: Ints) -> None:
    """Fill SLOT_PLOT of ``slots`` and SLOT of ``whole`` with the assignment of least total ``cost``; no plot costs 0."""
    for s in range(count):
        best, at = 0.0, -1
        for p in range(slots[s, PAIR_FIRST], slots[s + 1, PAIR_FIRST]):
            value = cost[p] - real[pair_plot[p], PRICE]
            if value < best:
                best, at = value, p
        if at >= 0:
            j = pair_plot[at]
            if whole[j, SLOT] < 0:
                slots[s, SLOT_PLOT], whole[j, SLOT], whole[j, PAIR] = j, s, at
            else:
                displace(s, slots, pair_plot, cost, real, whole)


@kernel
def displace(s: int, slots: Ints, pair_plot: Ints, cost: Reals, real: Reals, whole: Ints) -> None:
    """Give track ``s`` its place where its best plot is taken: the cheapest chain of exchanges, ending at a free plot or none."""
    touched, row, low, offset = 0, s, 0.0, 0.0
    sink, sink_row = math.inf, -1
    while True:
        if low - offset < sink:
            sink, sink_row = low - offset, row
        for p in range(slots[row, PAIR_FIRST], slots[row + 1, PAIR_FIRST]):
            j = pair_plot[p]
            value = low + cost[p] - real[j, PRICE] - offset
            if whole[j, MARK] == 0 or (whole[j, MARK] == 1 and value < real[j, REACH]):
                if whole[j, MARK] == 0:
                    whole[touched, WAITING] = j
                    touched += 1
                whole[j, MARK], real[j, REACH], whole[j, ORIGIN], whole[j, ORIGIN_SLOT] = 1, value, p, row
        final, at = sink, -1
        for w in range(touched):
            j = whole[w, WAITING]
            if whole[j, MARK] == 1 and real[j, REACH] < final:
                final, at = real[j, REACH], j
        if at < 0 or whole[at, SLOT] < 0:
            break
        whole[at, MARK] = 2
        row, low, offset = whole[at, SLOT], final, cost[whole[at, PAIR]] - real[at, PRICE]
    for w in range(touched):
        j = whole[w, WAITING]
        if whole[j, MARK] == 2:
            real[j, PRICE] += real[j, REACH] - final
        whole[j, MARK] = 0
    if at < 0:
        at = slots[sink_row, SLOT_PLOT]
        slots[sink_row, SLOT_PLOT] = -1
    while at >= 0:
        row = whole[at, ORIGIN_SLOT]
        before = slots[row, SLOT_PLOT]
        slots[row, SLOT_PLOT], whole[at, SLOT], whole[at, PAIR] = at, row, whole[at, ORIGIN]
        at = before
