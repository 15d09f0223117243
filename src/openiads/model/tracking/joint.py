"""Joint probabilistic data association: every track is updated with all plots of its gate, weighted by how likely each is its own.

A cluster of competing tracks is solved exactly by adding up over sets of plots (forwards and backwards over its tracks) when it has
at most 10 plots and 40 tracks; a larger one with the closed form of Fitzgerald 1986 ("cheap" joint association).

Source: [fortmann-1983], [fitzgerald-1986].
"""

import math

import numpy as np

from openiads.kernel import Ints, Reals, kernel
from openiads.model.tracking.association import gate, lay_out
from openiads.model.tracking.filters import absorb, acceleration, advance, combine, distance, free_fall
from openiads.model.tracking.scan import begin, note_hit, process_scan
from openiads.model.tracking.table import (
    CLUTTER,
    DETECTION,
    FIRM,
    FIRST,
    FREED,
    LIVE,
    NOISE_CALM,
    ORIGIN,
    PAIR_FIRST,
    PLOT_TIME_US,
    PRICE,
    REACH,
    ROW,
    SLOT,
    SLOT_PLOT,
    SURPRISE,
    TIME_US,
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
    ax, ay, az = acceleration(e, i, free_fall(e, i, rules), rules)
    h = 0.5 * dt * dt
    dx = real[j, 0] - (e[i, 0] + e[i, 3] * dt + ax * h)
    dy = real[j, 1] - (e[i, 1] + e[i, 4] * dt + ay * h)
    dz = real[j, 2] - (e[i, 2] + e[i, 5] * dt + az * h)
    d2, det = distance(e, i, dt, rules[NOISE_CALM], dx, dy, dz, real, j)
    return float(rules[DETECTION] * math.exp(-0.5 * d2) / (15.749609945722419 * math.sqrt(det) * rules[CLUTTER]))


@kernel
def marginals(slots: Ints, members: Ints, tracks: int, places: Ints, plots: int, pair_plot: Ints, odd: Reals, empty: float) -> None:
    """Turn the odds of the pairs of one cluster into probabilities, exactly: sums over all assignments by sets of plots."""
    size = 1 << plots
    ahead, behind = np.zeros((tracks + 1, size)), np.zeros((tracks + 1, size))
    ahead[0, 0] = 1.0
    for bits in range(size):
        behind[tracks, bits] = 1.0
    for t in range(tracks):
        for bits in range(size):
            ahead[t + 1, bits] += empty * ahead[t, bits]
            for p in range(slots[members[t], PAIR_FIRST], slots[members[t] + 1, PAIR_FIRST]):
                bit = 1 << places[pair_plot[p]]
                if bits & bit == 0:
                    ahead[t + 1, bits | bit] += odd[p] * ahead[t, bits]
    for t in range(tracks - 1, -1, -1):
        for bits in range(size):
            behind[t, bits] += empty * behind[t + 1, bits]
            for p in range(slots[members[t], PAIR_FIRST], slots[members[t] + 1, PAIR_FIRST]):
                bit = 1 << places[pair_plot[p]]
                if bits & bit == 0:
                    behind[t, bits] += odd[p] * behind[t + 1, bits | bit]
    for t in range(tracks):
        for p in range(slots[members[t], PAIR_FIRST], slots[members[t] + 1, PAIR_FIRST]):
            bit = 1 << places[pair_plot[p]]
            share = 0.0
            for bits in range(size):
                if bits & bit == 0:
                    share += ahead[t, bits] * behind[t + 1, bits | bit]
            odd[p] = odd[p] * share / behind[0, 0]


@kernel
def cheap(slots: Ints, members: Ints, tracks: int, places: Ints, plots: int, pair_plot: Ints, odd: Reals, empty: float) -> None:
    """Turn the odds of the pairs of one cluster into probabilities by the closed form of Fitzgerald 1986."""
    claims = np.zeros(plots)
    for t in range(tracks):
        for p in range(slots[members[t], PAIR_FIRST], slots[members[t] + 1, PAIR_FIRST]):
            claims[places[pair_plot[p]]] += odd[p]
    for t in range(tracks):
        own = 0.0
        for p in range(slots[members[t], PAIR_FIRST], slots[members[t] + 1, PAIR_FIRST]):
            own += odd[p]
        for p in range(slots[members[t], PAIR_FIRST], slots[members[t] + 1, PAIR_FIRST]):
            odd[p] /= own + claims[places[pair_plot[p]]] - odd[p] + empty


@kernel
def share_out(count: int, slots: Ints, pair_plot: Ints, odd: Reals, whole: Ints, plots: int, empty: float) -> None:
    """Find the clusters of ``count`` tracks joined by common plots and turn the odds of all pairs into probabilities."""
    owner, places, members = np.full(plots, -1), np.zeros(plots, np.int64), np.zeros(count, np.int64)
    for s in range(count):
        slots[s, FREED] = s
    for s in range(count):
        for p in range(slots[s, PAIR_FIRST], slots[s + 1, PAIR_FIRST]):
            a, b = s, owner[pair_plot[p]] if owner[pair_plot[p]] >= 0 else s
            while slots[a, FREED] != a:
                a = slots[a, FREED]
            while slots[b, FREED] != b:
                b = slots[b, FREED]
            slots[max(a, b), FREED] = min(a, b)
            owner[pair_plot[p]] = s
    for s in range(count):
        slots[s, FREED] = slots[slots[s, FREED], FREED]
    for first in range(count):
        if slots[first, FREED] != first or slots[first, PAIR_FIRST] == slots[first + 1, PAIR_FIRST]:
            continue
        tracks = found = 0
        for s in range(first, count):
            if slots[s, FREED] == first:
                members[tracks] = s
                tracks += 1
                for p in range(slots[s, PAIR_FIRST], slots[s + 1, PAIR_FIRST]):
                    if owner[pair_plot[p]] >= 0:
                        owner[pair_plot[p]] = -1
                        places[pair_plot[p]] = found
                        found += 1
        if found <= MOST_PLOTS and tracks <= MOST_TRACKS:
            marginals(slots, members, tracks, places, found, pair_plot, odd, empty)
        else:
            cheap(slots, members, tracks, places, found, pair_plot, odd, empty)


@kernel
def blend(
    e: Reals, facts: Ints, i: int, first: int, end: int, best: int, pair_plot: Ints, odd: Reals, rules: Reals, real: Reals, whole: Ints
) -> None:
    """Update row ``i`` with the plots of pairs ``first`` to ``end``, each brought to the time of the best one, by their probabilities."""
    parts, share, moved = np.zeros((MOST_PARTS + 1, 27)), np.zeros(MOST_PARTS + 1), np.zeros((1, 16))
    t = whole[pair_plot[best], PLOT_TIME_US]
    ax, ay, az = acceleration(e, i, free_fall(e, i, rules), rules)
    advance(e, i, (t - facts[i, TIME_US]) * 1e-6, rules[NOISE_CALM], ax, ay, az, parts, 0)
    share[0], count = 1.0, 1
    for p in range(first, end):
        if count <= MOST_PARTS and odd[p] > 1e-6:
            j = pair_plot[p]
            late = (t - whole[j, PLOT_TIME_US]) * 1e-6
            for c in range(9):
                moved[0, c] = real[j, c] + (parts[0, 3 + c] * late if c < 3 else 0.0)
            for c in range(27):
                parts[count, c] = parts[0, c]
            d2, _ = absorb(parts, count, moved, 0)
            if p == best:
                e[i, SURPRISE] = d2
            share[count] = odd[p]
            share[0] -= odd[p]
            count += 1
    share[0] = max(share[0], 0.0)
    combine(parts, 0, count, share, e, i)
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
    table: TrackTable,
    picture: int,
    count: int,
    rules: Reals,
    real: Reals,
    whole: Ints,
    plots: int,
    slots: Ints,
    pair_plot: Ints,
    odd: Reals,
) -> None:
    """Update the gated tracks among ``count`` slots; SLOT_PLOT names the likeliest plot of a track more likely seen than not."""
    e, facts, base = table.estimate, table.facts, table.pictures[picture, FIRST]
    for j in range(plots):
        real[j, PRICE] = real[j, REACH] = 0.0
    for s in range(count):
        i = table.order[base + s]
        for p in range(slots[s, PAIR_FIRST], slots[s + 1, PAIR_FIRST]):
            dt = (whole[pair_plot[p], PLOT_TIME_US] - facts[i, TIME_US]) * 1e-6
            odd[p] = odds(e, i, dt, rules, real, pair_plot[p])
    share_out(count, slots, pair_plot, odd, whole, plots, 1.0 - rules[DETECTION])
    for s in range(count):
        first, end = slots[s, PAIR_FIRST], slots[s + 1, PAIR_FIRST]
        if first == end:
            continue
        i, best, seen = table.order[base + s], first, 0.0
        for p in range(first, end):
            seen += odd[p]
            if odd[p] > odd[best]:
                best = p
        j = pair_plot[best]
        if seen > 0.5 and whole[j, SLOT] < 0:
            slots[s, SLOT_PLOT], whole[j, SLOT] = j, s
        for p in range(first, end):
            claim(real, whole, pair_plot[p], odd[p], i)
        blend(e, facts, i, first, end, best, pair_plot, odd, rules, real, whole)
    for j in range(plots):
        real[j, PRICE] = 0.0


@kernel
def process_scan_jointly(
    table: TrackTable, picture: int, rules: Reals, coverage: Reals, time_us: int, plots: Plots, count: int, scratch: Scratch
) -> int:
    """Do what ``process_scan`` does with firm tracks associated jointly, in the same arrays."""
    real, whole, slots = plots.real, plots.whole, scratch.slots
    old, events = table.pictures[picture, LIVE], 0
    begin(real, whole, count, slots, old)
    if count > 0:
        grid = lay_out(coverage, real, whole, count, scratch.cells)
        if gate(table, picture, FIRM, rules, coverage, real, whole, scratch, grid) > 0:
            associate_jointly(table, picture, old, rules, real, whole, count, slots, scratch.pair_plot, scratch.pair_cost)
            for s in range(old):
                if slots[s, SLOT_PLOT] >= 0:
                    i = table.order[table.pictures[picture, FIRST] + s]
                    events = note_hit(table.estimate, table.facts, i, rules, whole, slots[s, SLOT_PLOT], scratch.events, events)
    return int(process_scan(table, picture, rules, coverage, time_us, plots, count, scratch, events))
