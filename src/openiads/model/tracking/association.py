"""Which plot belongs to which track: a cell index, statistical gates, and the optimal assignment of what passes them.

The cells lie in the plane of the radar's east and north, so that no distance grows and no candidate is missed.
The assignment is the shortest augmenting path method on the sparse list of candidates (Jonker and Volgenant 1987): a
track whose best plot is free takes it at once, and a search never leaves the cluster of tracks that compete.

Source: [jonker-volgenant-1987].
"""

import math

from openiads.kernel import Reals, kernel
from openiads.model.tracking.filters import acceleration, distance, free_fall_share
from openiads.model.tracking.table import IMM, Plots, Rules, Scratch, TrackTable


@kernel
def lay_out(coverage: Reals, plots: Plots, count: int, scratch: Scratch) -> tuple[int, int, float, float, float, float, int, int]:
    """Sort plots into cells; return first and last time, largest spread, west and south edge, cell size, columns, rows."""
    flat, first, cell_of = scratch.flat, scratch.cell_first, scratch.cell_of
    early = late = plots.time_us[0]
    west = south = math.inf
    east = north = -math.inf
    spread = 0.0
    for j in range(count):
        t = plots.time_us[j]
        early, late = min(early, t), max(late, t)
        x, y, z = plots.position_m[j, 0] - coverage[0], plots.position_m[j, 1] - coverage[1], plots.position_m[j, 2] - coverage[2]
        a = x * coverage[3] + y * coverage[4] + z * coverage[5]
        b = x * coverage[6] + y * coverage[7] + z * coverage[8]
        west, east, south, north = min(west, a), max(east, a), min(south, b), max(north, b)
        flat[j, 0], flat[j, 1] = a, b
        flat[j, 2] = plots.covariance_m2[j, 0] + plots.covariance_m2[j, 3] + plots.covariance_m2[j, 5]
        spread = max(spread, flat[j, 2])
    wide, high = east - west, north - south
    cell = max(math.sqrt(wide * high / count), max(wide, high) / count, 1.0)
    columns, rows = int(wide / cell) + 1, int(high / cell) + 1
    for c in range(columns * rows + 1):
        first[c] = 0
    for j in range(count):
        cell_of[j] = int((flat[j, 1] - south) / cell) * columns + int((flat[j, 0] - west) / cell)
        first[cell_of[j] + 1] += 1
    for c in range(columns * rows):
        first[c + 1] += first[c]
    for j in range(count - 1, -1, -1):
        c = cell_of[j] + 1
        first[c] -= 1
        scratch.cell_plot[first[c]] = j
    for c in range(columns * rows):
        first[c] = first[c + 1]
    first[columns * rows] = count
    return early, late, spread, west, south, cell, columns, rows


@kernel
def gate(
    table: TrackTable,
    picture: int,
    stage: int,
    rules: Rules,
    coverage: Reals,
    plots: Plots,
    scratch: Scratch,
    grid: tuple[int, int, float, float, float, float, int, int],
) -> int:
    """List the free plots inside the gate of every track of one status (``pair_*``); return how many pairs there are."""
    early, late, widest, west, south, cell, columns, rows = grid
    e, first, base = table.estimate, scratch.cell_first, table.first[picture]
    reaching, room = rules.gate, scratch.pair_plot.shape[0]
    noise = max(rules.noise_calm, rules.noise_turn)
    pairs = 0
    for s in range(table.live[picture]):
        scratch.pair_first[s] = pairs
        i = table.order[base + s]
        if table.status[i] != stage:
            continue
        free = table.weight[i, 2] if rules.filter == IMM else free_fall_share(e, i, rules.ballistic_height_m)
        ax, ay, az = acceleration(e, i, free, rules.gravitation_m3ps2, rules.rotation_radps, rules.curvature)
        vx, vy, vz = e[i, 3], e[i, 4], e[i, 5]
        t = table.time_us[i]
        low, high = (early - t) * 1e-6, (late - t) * 1e-6
        far, mid, half = max(abs(low), abs(high)), 0.5 * (low + high), 0.5 * (high - low)
        spread = e[i, 6] + e[i, 12] + e[i, 17] + far * 2.0 * abs(e[i, 9] + e[i, 15] + e[i, 20])
        spread += far * far * (e[i, 21] + e[i, 24] + e[i, 26] + noise * far)
        h = 0.5 * mid * mid
        x, y, z = e[i, 0] + vx * mid + ax * h, e[i, 1] + vy * mid + ay * h, e[i, 2] + vz * mid + az * h
        reach = 1.0 + math.sqrt(reaching * (spread + widest))
        reach += half * (math.sqrt(vx * vx + vy * vy + vz * vz) + far * math.sqrt(ax * ax + ay * ay + az * az))
        x, y, z = x - coverage[0], y - coverage[1], z - coverage[2]
        a = x * coverage[3] + y * coverage[4] + z * coverage[5] - west
        b = x * coverage[6] + y * coverage[7] + z * coverage[8] - south
        if a + reach < 0.0 or b + reach < 0.0 or a - reach > columns * cell or b - reach > rows * cell:
            continue
        left, right = int(max(a - reach, 0.0) / cell), min(int((a + reach) / cell), columns - 1)
        for r in range(int(max(b - reach, 0.0) / cell), min(int((b + reach) / cell), rows - 1) + 1):
            for c in range(first[r * columns + left], first[r * columns + right + 1]):
                j = scratch.cell_plot[c]
                dt = (plots.time_us[j] - t) * 1e-6
                h = 0.5 * dt * dt
                dx = plots.position_m[j, 0] - (e[i, 0] + vx * dt + ax * h)
                dy = plots.position_m[j, 1] - (e[i, 1] + vy * dt + ay * h)
                dz = plots.position_m[j, 2] - (e[i, 2] + vz * dt + az * h)
                if dx * dx + dy * dy + dz * dz <= reaching * (spread + scratch.flat[j, 2]) and plots.row[j] < 0:
                    d2 = distance(e, i, dt, noise, dx, dy, dz, plots.covariance_m2, j)
                    if d2 <= reaching and pairs < room:
                        scratch.pair_plot[pairs], scratch.pair_cost[pairs] = j, d2 - reaching
                        pairs += 1
    scratch.pair_first[table.live[picture]] = pairs
    return pairs


@kernel
def assign(slots: int, scratch: Scratch) -> None:
    """Fill ``slot_plot`` and ``plot_slot`` with the assignment of least total ``pair_cost``; no plot costs 0."""
    for s in range(slots):
        best, at = 0.0, -1
        for p in range(scratch.pair_first[s], scratch.pair_first[s + 1]):
            value = scratch.pair_cost[p] - scratch.price[scratch.pair_plot[p]]
            if value < best:
                best, at = value, p
        if at >= 0:
            j = scratch.pair_plot[at]
            if scratch.plot_slot[j] < 0:
                scratch.slot_plot[s], scratch.plot_slot[j], scratch.plot_pair[j] = j, s, at
            else:
                displace(s, scratch)


@kernel
def displace(s: int, scratch: Scratch) -> None:
    """Give track ``s`` its place where its best plot is taken: the cheapest chain of exchanges that ends at a free plot or none."""
    pair_first, pair_plot, cost = scratch.pair_first, scratch.pair_plot, scratch.pair_cost
    price, reach, origin, mark, waiting = scratch.price, scratch.reach, scratch.origin, scratch.mark, scratch.waiting
    slot_plot, plot_slot, plot_pair = scratch.slot_plot, scratch.plot_slot, scratch.plot_pair
    touched, row, low, offset = 0, s, 0.0, 0.0
    sink, sink_row = math.inf, -1
    while True:
        if low - offset < sink:
            sink, sink_row = low - offset, row
        for p in range(pair_first[row], pair_first[row + 1]):
            j = pair_plot[p]
            value = low + cost[p] - price[j] - offset
            if mark[j] == 0:
                mark[j] = 1
                waiting[touched] = j
                touched += 1
                reach[j], origin[j] = value, p
                scratch.origin_slot[j] = row
            elif mark[j] == 1 and value < reach[j]:
                reach[j], origin[j] = value, p
                scratch.origin_slot[j] = row
        final, at = sink, -1
        for w in range(touched):
            if mark[waiting[w]] == 1 and reach[waiting[w]] < final:
                final, at = reach[waiting[w]], waiting[w]
        if at < 0 or plot_slot[at] < 0:
            break
        mark[at] = 2
        row, low, offset = plot_slot[at], final, cost[plot_pair[at]] - price[at]
    for w in range(touched):
        j = waiting[w]
        if mark[j] == 2:
            price[j] += reach[j] - final
        mark[j] = 0
    if at < 0:
        at = slot_plot[sink_row]
        slot_plot[sink_row] = -1
    while at >= 0:
        row = scratch.origin_slot[at]
        before = slot_plot[row]
        slot_plot[row], plot_slot[at], plot_pair[at] = at, row, origin[at]
        at = before
