"""Joint probabilistic data association: every track is updated with all plots of its gate, weighted by how likely each is its own.

A cluster of competing tracks is solved exactly by adding up over sets of plots (forwards and backwards over its tracks) when it has
at most 10 plots and 40 tracks; a larger one with the closed form of Fitzgerald 1986 ("cheap" joint association).

Source: [fortmann-1983], [fitzgerald-1986].
"""

import math

import numpy as np

from openiads.kernel import Ints, Reals, allocating_kernel, kernel
from openiads.model.tracking.association import gate, lay_out
from openiads.model.tracking.filters import absorb, advance, combine, distance, lay_course
from openiads.model.tracking.scan import begin, note_hit, process_scan
from openiads.model.tracking.table import (
    ACCELERATION,
    CLUTTER,
    DETECTION,
    FIRM,
    FIRST,
    FREED,
    JOINED,
    LIVE,
    NOISE_CALM,
    ORIGIN,
    PAIR_FIRST,
    PLOT_TIME_US,
    PRICE,
    REACH,
    RIVAL,
    ROW,
    SLOT,
    SLOT_PLOT,
    SURPRISE,
    TIME_US,
    WAITING,
    Plots,
    Scratch,
    TrackTable,
)

MOST_PLOTS = 10
MOST_TRACKS = 40
MOST_PARTS = 40


@kernel
def odds(e: Reals, i: int, dt: float, rules: Reals, real: Reals, j: int) -> float:
    """Return how much likelier plot ``j`` comes from estimate ``i`` than from clutter, times the chance of detection."""
    ax, ay, az = e[i, ACCELERATION], e[i, ACCELERATION + 1], e[i, ACCELERATION + 2]
    h = 0.5 * dt * dt
    dx = real[j, 0] - (e[i, 0] + e[i, 3] * dt + ax * h)
    dy = real[j, 1] - (e[i, 1] + e[i, 4] * dt + ay * h)
    dz = real[j, 2] - (e[i, 2] + e[i, 5] * dt + az * h)
    d2, det = distance(e, i, dt, rules[NOISE_CALM], dx, dy, dz, real, j)
    return float(rules[DETECTION] * math.exp(-0.5 * d2) / (15.749609945722419 * math.sqrt(det) * rules[CLUTTER]))


@allocating_kernel
def marginals(tracks: int, plots: int, slots: Ints, whole: Ints, pair_plot: Ints, odd: Reals, empty: float) -> None:
    """Turn the odds of one cluster into probabilities, exactly: sums over all assignments by sets of plots.

    The cluster's tracks are the first ``tracks`` of RIVAL, the place of each of its plots is WAITING.
    """
    size = 1 << plots
    ahead, behind = np.zeros((tracks + 1, size)), np.zeros((tracks + 1, size))
    ahead[0, 0] = 1.0
    for bits in range(size):
        behind[tracks, bits] = 1.0
    for t in range(tracks):
        s, u = slots[t, RIVAL], slots[tracks - 1 - t, RIVAL]
        for bits in range(size):
            ahead[t + 1, bits] += empty * ahead[t, bits]
            for p in range(slots[s, PAIR_FIRST], slots[s + 1, PAIR_FIRST]):
                bit = 1 << whole[pair_plot[p], WAITING]
                if bits & bit == 0:
                    ahead[t + 1, bits | bit] += odd[p] * ahead[t, bits]
            behind[tracks - 1 - t, bits] += empty * behind[tracks - t, bits]
            for p in range(slots[u, PAIR_FIRST], slots[u + 1, PAIR_FIRST]):
                bit = 1 << whole[pair_plot[p], WAITING]
                if bits & bit == 0:
                    behind[tracks - 1 - t, bits] += odd[p] * behind[tracks - t, bits | bit]
    for t in range(tracks):
        for p in range(slots[slots[t, RIVAL], PAIR_FIRST], slots[slots[t, RIVAL] + 1, PAIR_FIRST]):
            bit = 1 << whole[pair_plot[p], WAITING]
            share = 0.0
            for bits in range(size):
                if bits & bit == 0:
                    share += ahead[t, bits] * behind[t + 1, bits | bit]
            odd[p] = odd[p] * share / behind[0, 0]


@kernel
def cheap(tracks: int, slots: Ints, real: Reals, pair_plot: Ints, odd: Reals, empty: float) -> None:
    """Turn the odds of one cluster into probabilities by the closed form of Fitzgerald 1986."""
    for t in range(tracks):
        for p in range(slots[slots[t, RIVAL], PAIR_FIRST], slots[slots[t, RIVAL] + 1, PAIR_FIRST]):
            real[pair_plot[p], REACH] = 0.0
    for t in range(tracks):
        for p in range(slots[slots[t, RIVAL], PAIR_FIRST], slots[slots[t, RIVAL] + 1, PAIR_FIRST]):
            real[pair_plot[p], REACH] += odd[p]
    for t in range(tracks):
        own = 0.0
        for p in range(slots[slots[t, RIVAL], PAIR_FIRST], slots[slots[t, RIVAL] + 1, PAIR_FIRST]):
            own += odd[p]
        for p in range(slots[slots[t, RIVAL], PAIR_FIRST], slots[slots[t, RIVAL] + 1, PAIR_FIRST]):
            odd[p] /= own + real[pair_plot[p], REACH] - odd[p] + empty


@kernel
def share_out(count: int, slots: Ints, real: Reals, whole: Ints, plots: int, pair_plot: Ints, odd: Reals, empty: float) -> None:
    """Find the clusters of ``count`` tracks joined by common plots and turn the odds of all pairs into probabilities."""
    for j in range(plots):
        whole[j, ORIGIN] = -1
    for s in range(count):
        slots[s, FREED] = s
        for p in range(slots[s, PAIR_FIRST], slots[s + 1, PAIR_FIRST]):
            a, b = s, whole[pair_plot[p], ORIGIN] if whole[pair_plot[p], ORIGIN] >= 0 else s
            while slots[a, FREED] != a:
                a = slots[a, FREED]
            while slots[b, FREED] != b:
                b = slots[b, FREED]
            slots[max(a, b), FREED] = min(a, b)
            whole[pair_plot[p], ORIGIN] = s
    for s in range(count):
        slots[s, FREED] = slots[slots[s, FREED], FREED]
    for first in range(count):
        if slots[first, FREED] != first or slots[first, PAIR_FIRST] == slots[first + 1, PAIR_FIRST]:
            continue
        tracks = found = 0
        for s in range(first, count):
            if slots[s, FREED] == first:
                slots[tracks, RIVAL] = s
                tracks += 1
                for p in range(slots[s, PAIR_FIRST], slots[s + 1, PAIR_FIRST]):
                    if whole[pair_plot[p], ORIGIN] >= 0:
                        whole[pair_plot[p], ORIGIN], whole[pair_plot[p], WAITING] = -1, found
                        found += 1
        if found <= MOST_PLOTS and tracks <= MOST_TRACKS:
            marginals(tracks, found, slots, whole, pair_plot, odd, empty)
        else:
            cheap(tracks, slots, real, pair_plot, odd, empty)


@kernel
def blend(e: Reals, facts: Ints, i: int, first: int, end: int, best: int, rules: Reals, real: Reals, whole: Ints, scratch: Scratch) -> None:
    """Update row ``i`` with the plots of pairs ``first`` to ``end``, each brought to the time of the best one, by probability."""
    parts, share, pair_plot, odd = scratch.mixed, scratch.share, scratch.pair_plot, scratch.pair_cost
    t = whole[pair_plot[best], PLOT_TIME_US]
    ax, ay, az = e[i, ACCELERATION], e[i, ACCELERATION + 1], e[i, ACCELERATION + 2]
    advance(e, i, (t - facts[i, TIME_US]) * 1e-6, rules[NOISE_CALM], ax, ay, az, parts, 0)
    share[0], count = 1.0, 1
    for p in range(first, end):
        if count <= MOST_PARTS and odd[p] > 1e-6:
            j = pair_plot[p]
            late = (t - whole[j, PLOT_TIME_US]) * 1e-6
            x, y, z = real[j, 0], real[j, 1], real[j, 2]
            real[j, 0], real[j, 1], real[j, 2] = x + late * parts[0, 3], y + late * parts[0, 4], z + late * parts[0, 5]
            for c in range(27):
                parts[count, c] = parts[0, c]
            d2, _ = absorb(parts, count, real, j)
            real[j, 0], real[j, 1], real[j, 2] = x, y, z
            if p == best:
                e[i, SURPRISE] = d2
            share[count] = odd[p]
            share[0] -= odd[p]
            count += 1
    share[0] = max(share[0], 0.0)
    combine(parts, 0, count, share, e, i)
    lay_course(e, i, rules)
    facts[i, TIME_US] = t


@kernel
def claim(real: Reals, whole: Ints, j: int, share: float, i: int) -> None:
    """Count row ``i``'s share in plot ``j``; a plot that belongs to tracks more likely than not goes to the likeliest of them."""
    real[j, PRICE] += share
    if share > real[j, REACH]:
        real[j, REACH], whole[j, ORIGIN] = share, i
    if real[j, PRICE] > 0.5:
        whole[j, ROW] = whole[j, ORIGIN]


@kernel
def associate_jointly(
    table: TrackTable, picture: int, count: int, rules: Reals, real: Reals, whole: Ints, plots: int, scratch: Scratch
) -> None:
    """Update the gated tracks among ``count`` slots; SLOT_PLOT names the likeliest plot of a track more likely seen than not."""
    e, facts, base, slots = table.estimate, table.facts, table.pictures[picture, FIRST], scratch.slots
    pair_plot, odd = scratch.pair_plot, scratch.pair_cost
    for s in range(count):
        i = table.order[base + s]
        for p in range(slots[s, PAIR_FIRST], slots[s + 1, PAIR_FIRST]):
            dt = (whole[pair_plot[p], PLOT_TIME_US] - facts[i, TIME_US]) * 1e-6
            odd[p] = odds(e, i, dt, rules, real, pair_plot[p])
    share_out(count, slots, real, whole, plots, pair_plot, odd, 1.0 - rules[DETECTION])
    for j in range(plots):
        real[j, PRICE] = real[j, REACH] = 0.0
    for s in range(count):
        slots[s, RIVAL] = -1
        i, best, seen = table.order[base + s], slots[s, PAIR_FIRST], 0.0
        for p in range(best, slots[s + 1, PAIR_FIRST]):
            seen += odd[p]
            claim(real, whole, pair_plot[p], odd[p], i)
            if odd[p] > odd[best]:
                best = p
        if seen > 0.0:
            if seen > 0.5 and whole[pair_plot[best], SLOT] < 0:
                slots[s, SLOT_PLOT], whole[pair_plot[best], SLOT] = pair_plot[best], s
            blend(e, facts, i, slots[s, PAIR_FIRST], slots[s + 1, PAIR_FIRST], best, rules, real, whole, scratch)
    for j in range(plots):
        real[j, PRICE] = 0.0


@kernel
def process_scan_jointly(
    table: TrackTable, picture: int, rules: Reals, coverage: Reals, time_us: int, plots: Plots, count: int, scratch: Scratch
) -> int:
    """Do what ``process_scan`` does with firm tracks associated jointly, in the same arrays."""
    real, whole, slots, old = plots.real, plots.whole, scratch.slots, table.pictures[picture, LIVE]
    begin(real, whole, count, slots, old)
    if count > 0:
        grid = lay_out(coverage, real, whole, count, scratch.cells)
        if gate(table, picture, FIRM, rules, coverage, real, whole, scratch, grid) > 0:
            associate_jointly(table, picture, old, rules, real, whole, count, scratch)
            for s in range(old):
                if slots[s, SLOT_PLOT] >= 0:
                    i = table.order[table.pictures[picture, FIRST] + s]
                    note_hit(table.estimate, table.facts, i, rules, coverage, whole, slots[s, SLOT_PLOT], scratch.events, 0)
    slots[slots.shape[0] - 1, JOINED] = 1
    return int(process_scan(table, picture, rules, coverage, time_us, plots, count, scratch))
