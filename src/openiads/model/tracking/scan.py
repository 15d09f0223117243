"""One radar scan in one air picture: associate, update, start, confirm, count misses, drop."""

import math

from openiads.kernel import Ints, Reals, folded_kernel, kernel
from openiads.model.tracking.association import assign, gate, lay_out
from openiads.model.tracking.filters import absorb, acceleration, advance, combine, correct_radial, distance, lay_course
from openiads.model.tracking.sight import PERIOD_S, RADAR, covers
from openiads.model.tracking.table import (
    ACCELERATION,
    CONFIRM_M,
    CONFIRM_N,
    CONFIRMED,
    DROPPED,
    DWELL_S,
    END,
    FILTER,
    FIRM,
    FIRM_MISSES,
    FIRST,
    FREE,
    FREED,
    HITS,
    IMM,
    JOINED,
    KIND,
    LIVE,
    MARK,
    MAX_GAP_US,
    MERGE_MISSES,
    MERGED,
    MISSED_US,
    MODES,
    NEXT_NUMBER,
    NOISE_BALLISTIC,
    NOISE_CALM,
    NOISE_TURN,
    NUMBER,
    OBJECT,
    PAIR_FIRST,
    PLOT_OBJECT,
    PLOT_TIME_US,
    PRICE,
    QUALITY_M,
    RIVAL,
    ROW,
    SEEN_BY,
    SLOT,
    SLOT_PLOT,
    SLOWEST_US,
    SPEED_SD,
    STARTED,
    STATUS,
    SURPRISE,
    TENTATIVE,
    TENTATIVE_MISSES,
    TIME_US,
    TURN_GATE,
    TURNING,
    UPDATED,
    WEIGHT,
    WINDOW,
    Plots,
    Scratch,
    TrackTable,
)


@folded_kernel
def update_single(e: Reals, facts: Ints, i: int, rules: Reals, coverage: Reals, real: Reals, j: int, dt: float, work: Reals) -> None:
    """Update row ``i`` with plot ``j``; a surprise beyond the calm model's gate raises the process noise for some scans."""
    ax, ay, az = e[i, ACCELERATION], e[i, ACCELERATION + 1], e[i, ACCELERATION + 2]
    noise, again = rules[NOISE_CALM], True
    while again:
        advance(e, i, dt, noise, ax, ay, az, work, 0)
        d2, _ = absorb(work, 0, real, j)
        again = False
        if noise < rules[NOISE_TURN]:
            if d2 > rules[TURN_GATE]:
                facts[i, TURNING] = 3
            elif facts[i, TURNING] > 0:
                facts[i, TURNING] -= 1
            noise, again = rules[NOISE_TURN], facts[i, TURNING] > 0
            e[i, SURPRISE] = d2
        elif noise == rules[NOISE_CALM]:
            e[i, SURPRISE] = d2
    for c in range(27):
        e[i, c] = work[0, c]
    correct_radial(e, i, coverage, real, j)
    lay_course(e, i, rules)


@kernel
def update_mixture(
    e: Reals, modes: Reals, i: int, rules: Reals, coverage: Reals, real: Reals, j: int, dt: float, mixed: Reals, share: Reals
) -> None:
    """Update the models of row ``i`` with plot ``j`` and their probabilities (IMM, [blom-1988])."""
    leave = abs(dt) / (abs(dt) + rules[DWELL_S])
    step, stay = 0.5 * leave, 1.0 - 1.5 * leave
    for m in range(MODES):
        prior = step + stay * e[i, WEIGHT + m]
        for n in range(MODES):
            share[n] = (step * e[i, WEIGHT + n] + (stay * e[i, WEIGHT + n] if n == m else 0.0)) / prior
        combine(modes, MODES * i, MODES, share, mixed, m)
    best = math.inf
    for m in range(MODES):
        noise = rules[NOISE_CALM] if m == 0 else (rules[NOISE_TURN] if m == 1 else rules[NOISE_BALLISTIC])
        ax, ay, az = acceleration(mixed, m, 1.0 if m == 2 else 0.0, rules)
        advance(mixed, m, dt, noise, ax, ay, az, modes, MODES * i + m)
        d2, det = absorb(modes, MODES * i + m, real, j)
        correct_radial(modes, MODES * i + m, coverage, real, j)
        share[m] = d2 + math.log(det)
        best = min(best, share[m])
    total = 0.0
    for m in range(MODES):
        share[m] = max((step + stay * e[i, WEIGHT + m]) * math.exp(0.5 * (best - share[m])), 1e-12)
        total += share[m]
    for m in range(MODES):
        share[m] /= total
        e[i, WEIGHT + m] = share[m]
    combine(modes, MODES * i, MODES, share, e, i)
    lay_course(e, i, rules)


@kernel
def start(table: TrackTable, picture: int, rules: Reals, coverage: Reals, real: Reals, j: int) -> int:
    """Start a tentative track from plot ``j``; return its row, or -1 when the picture is full."""
    pictures, e, modes, facts = table.pictures, table.estimate, table.modes, table.facts
    at = pictures[picture, FIRST] + pictures[picture, LIVE]
    if at >= pictures[picture, END]:
        return -1
    i = table.order[at]
    pictures[picture, LIVE] += 1
    for c in range(e.shape[1]):
        e[i, c] = 0.0
    for c in range(3):
        e[i, c] = real[j, c]
        e[i, 6 + c] = real[j, 3 + c]
    e[i, 12], e[i, 13], e[i, 17] = real[j, 6], real[j, 7], real[j, 8]
    e[i, 21] = e[i, 24] = e[i, 26] = rules[SPEED_SD] * rules[SPEED_SD]
    correct_radial(e, i, coverage, real, j)
    if rules[FILTER] == IMM:
        e[i, WEIGHT], e[i, WEIGHT + 1], e[i, WEIGHT + 2] = 0.6, 0.2, 0.2
        for m in range(MODES):
            for c in range(27):
                modes[MODES * i + m, c] = e[i, c]
    lay_course(e, i, rules)
    facts[i, STATUS], facts[i, NUMBER] = TENTATIVE, pictures[picture, NEXT_NUMBER]
    pictures[picture, NEXT_NUMBER] += 1
    facts[i, WINDOW] = facts[i, HITS] = facts[i, TURNING] = facts[i, SEEN_BY] = facts[i, SLOWEST_US] = 0
    return int(i)


@folded_kernel
def radar_bit(coverage: Reals) -> int:
    """Return the bit of a radar in SEEN_BY; beyond 62 radars some share one."""
    return 1 << (int(coverage[RADAR]) % 62)


@folded_kernel
def scan_period_us(coverage: Reals) -> int:
    """Return how long a radar's scan takes. [us]"""
    return int(coverage[PERIOD_S] * 1e6 + 0.5)


@folded_kernel
def note_hit(e: Reals, facts: Ints, i: int, rules: Reals, coverage: Reals, whole: Ints, j: int, events: Ints, count: int) -> int:
    """Count plot ``j`` for row ``i`` and confirm the track where M of N are met; return the number of events so far."""
    whole[j, ROW], whole[j, KIND] = i, UPDATED
    facts[i, TIME_US], facts[i, OBJECT], facts[i, MISSED_US] = whole[j, PLOT_TIME_US], whole[j, PLOT_OBJECT], 0
    facts[i, WINDOW] = (facts[i, WINDOW] << 1 | 1) & ((1 << int(rules[CONFIRM_N])) - 1)
    facts[i, HITS] += 1
    facts[i, SEEN_BY] |= radar_bit(coverage)
    facts[i, SLOWEST_US] = max(facts[i, SLOWEST_US], scan_period_us(coverage))
    e[i, QUALITY_M] = math.sqrt(e[i, 6] + e[i, 12] + e[i, 17])
    if facts[i, STATUS] == FIRM:
        return count
    ones, left = 0, facts[i, WINDOW]
    while left != 0:
        left &= left - 1
        ones += 1
    if ones < rules[CONFIRM_M]:
        return count
    facts[i, STATUS] = FIRM
    events[count, 0], events[count, 1] = i, CONFIRMED
    return count + 1


@kernel
def is_twin(e: Reals, i: int, k: int, dt: float, noise: float, work: Reals) -> bool:
    """Return whether estimate ``i``, predicted over ``dt``, cannot be told from estimate ``k`` in position and velocity."""
    dx, dy, dz = (e[k, 0] - e[i, 0]) - e[i, 3] * dt, (e[k, 1] - e[i, 1]) - e[i, 4] * dt, (e[k, 2] - e[i, 2]) - e[i, 5] * dt
    vx, vy, vz = e[k, 3] - e[i, 3], e[k, 4] - e[i, 4], e[k, 5] - e[i, 5]
    if vx * vx + vy * vy + vz * vz > e[i, 21] + e[i, 24] + e[i, 26] + e[k, 21] + e[k, 24] + e[k, 26]:
        return False
    work[0, 3], work[0, 4], work[0, 5] = e[k, 6], e[k, 7], e[k, 8]
    work[0, 6], work[0, 7], work[0, 8] = e[k, 12], e[k, 13], e[k, 17]
    d2, _ = distance(e, i, dt, noise, dx, dy, dz, work, 0)
    twin: bool = d2 < 3.0
    return twin


@folded_kernel
def settle(table: TrackTable, picture: int, old: int, rules: Reals, coverage: Reals, time_us: int, scratch: Scratch, count: int) -> int:
    """Count misses of tracks the radar looked at in vain, drop what ends, close the ranks; return the number of events so far.

    Only a radar that has seen a track can miss it.  A track ends when the scans that missed it, in a row, took as long as so many scans
    of the slowest radar that has seen it: a quick radar that lost it does not end what a slow one holds.
    """
    order, facts, slots, events, e = table.order, table.facts, scratch.slots, scratch.events, table.estimate
    base, bit, period_us = table.pictures[picture, FIRST], radar_bit(coverage), scan_period_us(coverage)
    keep = gone = 0
    for s in range(table.pictures[picture, LIVE]):
        i, why = order[base + s], 0
        if s < old and slots[s, SLOT_PLOT] < 0:
            dt = (time_us - facts[i, TIME_US]) * 1e-6
            if time_us - facts[i, TIME_US] > rules[MAX_GAP_US]:
                why = DROPPED
            elif facts[i, SEEN_BY] & bit != 0 and covers(coverage, e[i, 0] + e[i, 3] * dt, e[i, 1] + e[i, 4] * dt, e[i, 2] + e[i, 5] * dt):
                facts[i, WINDOW] = (facts[i, WINDOW] << 1) & ((1 << int(rules[CONFIRM_N])) - 1)
                facts[i, MISSED_US] += period_us
                k, slowest_us = slots[s, RIVAL], facts[i, SLOWEST_US]
                if facts[i, MISSED_US] >= slowest_us * (rules[FIRM_MISSES] if facts[i, STATUS] == FIRM else rules[TENTATIVE_MISSES]):
                    why = DROPPED
                elif k >= 0 and facts[i, STATUS] == FIRM and facts[i, MISSED_US] >= slowest_us * rules[MERGE_MISSES]:
                    dt = (facts[k, TIME_US] - facts[i, TIME_US]) * 1e-6
                    why = MERGED if is_twin(e, i, k, dt, rules[NOISE_CALM], scratch.mixed) else 0
        if why == 0:
            order[base + keep] = i
            keep += 1
        else:
            facts[i, STATUS] = FREE
            events[count, 0], events[count, 1] = i, why
            count += 1
            slots[gone, FREED] = i
            gone += 1
    for g in range(gone):
        order[base + keep + g] = slots[g, FREED]
    table.pictures[picture, LIVE] = keep
    return count


@folded_kernel
def process_scan(
    table: TrackTable,
    picture: int,
    rules: Reals,
    coverage: Reals,
    time_us: int,
    plots: Plots,
    count: int,
    scratch: Scratch,
) -> int:
    """Feed the first ``count`` plots of a scan to a picture; write their ROW and KIND and the events; return how many events.

    Where the last row of ``scratch.slots`` is marked JOINED, the firm tracks were associated jointly just before.
    """
    real, whole, slots, pair_plot = plots.real, plots.whole, scratch.slots, scratch.pair_plot
    e, facts, base, old = table.estimate, table.facts, table.pictures[picture, FIRST], table.pictures[picture, LIVE]
    events, joined = 0, slots[slots.shape[0] - 1, JOINED]
    slots[slots.shape[0] - 1, JOINED] = 0
    if joined == 0:
        begin(real, whole, count, slots, old)
    if count > 0:
        grid = lay_out(coverage, real, whole, count, scratch.cells)
        for stage in (FIRM, TENTATIVE):
            if (
                (stage == FIRM and joined != 0)
                or (stage == TENTATIVE and free_plots(whole, count) == 0)
                or gate(table, picture, stage, rules, coverage, real, whole, scratch, grid) == 0
            ):
                continue
            assign(old, slots, pair_plot, scratch.pair_cost, real, whole)
            for s in range(old):
                if slots[s, PAIR_FIRST] < slots[s + 1, PAIR_FIRST]:
                    i, j = table.order[base + s], slots[s, SLOT_PLOT]
                    if j >= 0:
                        dt = (whole[j, PLOT_TIME_US] - facts[i, TIME_US]) * 1e-6
                        if rules[FILTER] == IMM:
                            update_mixture(e, table.modes, i, rules, coverage, real, j, dt, scratch.mixed, scratch.share)
                        else:
                            update_single(e, facts, i, rules, coverage, real, j, dt, scratch.mixed)
                        events = note_hit(e, facts, i, rules, coverage, whole, j, scratch.events, events)
                    elif whole[pair_plot[slots[s, PAIR_FIRST]], SLOT] >= 0:
                        slots[s, RIVAL] = table.order[base + whole[pair_plot[slots[s, PAIR_FIRST]], SLOT]]
        for j in range(count):
            if whole[j, ROW] < 0:
                i = start(table, picture, rules, coverage, real, j)
                if i >= 0:
                    events = note_hit(e, facts, i, rules, coverage, whole, j, scratch.events, events)
                    whole[j, KIND] = STARTED
    return settle(table, picture, old, rules, coverage, time_us, scratch, events)


@folded_kernel
def free_plots(whole: Ints, count: int) -> int:
    """Return how many of the first ``count`` plots belong to no track yet."""
    free = 0
    for j in range(count):
        if whole[j, ROW] < 0:
            free += 1
    return free


@folded_kernel
def begin(real: Reals, whole: Ints, count: int, slots: Ints, old: int) -> None:
    """Clear what the last scan left in the working columns of ``count`` plots and ``old`` tracks."""
    for j in range(count):
        whole[j, ROW] = whole[j, SLOT] = -1
        whole[j, KIND] = whole[j, MARK] = 0
        real[j, PRICE] = 0.0
    for s in range(old):
        slots[s, SLOT_PLOT] = slots[s, RIVAL] = -1


@kernel
def clear(table: TrackTable) -> None:
    """Forget every track of every picture, without allocating."""
    for p in range(table.pictures.shape[0]):
        table.pictures[p, LIVE] = 0
        table.pictures[p, NEXT_NUMBER] = 1
    for i in range(table.order.shape[0]):
        table.order[i] = i
        table.facts[i, STATUS] = FREE
