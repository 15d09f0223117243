"""One radar scan in one air picture: associate, update, start, confirm, count misses, drop."""

import math

from openiads.kernel import Reals, kernel
from openiads.model.tracking.association import assign, gate, lay_out
from openiads.model.tracking.filters import acceleration, combine, correct, correct_radial, distance, free_fall_share
from openiads.model.tracking.table import (
    CONFIRMED,
    DROPPED,
    FIRM,
    FREE,
    IMM,
    MERGED,
    MODES,
    STARTED,
    TENTATIVE,
    UPDATED,
    Plots,
    Rules,
    Scratch,
    TrackTable,
)


@kernel
def covers(coverage: Reals, x: float, y: float, z: float) -> bool:
    """Return whether a radar looks at an earth-centred point: range, sector, elevation and horizon of a smooth earth."""
    x, y, z = x - coverage[0], y - coverage[1], z - coverage[2]
    east = x * coverage[3] + y * coverage[4] + z * coverage[5]
    north = x * coverage[6] + y * coverage[7] + z * coverage[8]
    up = x * coverage[9] + y * coverage[10] + z * coverage[11]
    level2 = east * east + north * north
    range_m = math.sqrt(level2 + up * up)
    if range_m > coverage[12] or range_m < coverage[13]:
        return False
    if east * coverage[14] + north * coverage[15] < coverage[16] * math.sqrt(level2):
        return False
    if up < range_m * coverage[17] or up > range_m * coverage[18]:
        return False
    if coverage[20] <= 0.0:
        return True
    height = max(coverage[19] + up + level2 / (2.0 * coverage[21]), 0.0)
    horizon = math.sqrt(2.0 * coverage[20] * max(coverage[19], 0.0)) + math.sqrt(2.0 * coverage[20] * height)
    return level2 <= horizon * horizon


@kernel
def update_single(table: TrackTable, i: int, rules: Rules, plots: Plots, j: int) -> None:
    """Update row ``i`` with plot ``j``; a surprise beyond the calm model's gate raises the process noise for some scans."""
    e = table.estimate
    dt = (plots.time_us[j] - table.time_us[i]) * 1e-6
    free = free_fall_share(e, i, rules.ballistic_height_m)
    ax, ay, az = acceleration(e, i, free, rules.gravitation_m3ps2, rules.rotation_radps, rules.curvature)
    noise = rules.noise_calm
    if rules.noise_turn > noise:
        h = 0.5 * dt * dt
        dx = plots.position_m[j, 0] - (e[i, 0] + e[i, 3] * dt + ax * h)
        dy = plots.position_m[j, 1] - (e[i, 1] + e[i, 4] * dt + ay * h)
        dz = plots.position_m[j, 2] - (e[i, 2] + e[i, 5] * dt + az * h)
        if distance(e, i, dt, noise, dx, dy, dz, plots.covariance_m2, j) > rules.turn_gate:
            table.turning[i] = 3
        elif table.turning[i] > 0:
            table.turning[i] -= 1
        if table.turning[i] > 0:
            noise = rules.noise_turn
    correct(e, i, dt, noise, ax, ay, az, plots.position_m, plots.covariance_m2, j, e, i)


@kernel
def update_mixture(table: TrackTable, i: int, rules: Rules, plots: Plots, j: int, scratch: Scratch) -> None:
    """Update the three models of row ``i`` with plot ``j`` (IMM: Blom and Bar-Shalom 1988), without their combination."""
    dt = (plots.time_us[j] - table.time_us[i]) * 1e-6
    weight, mixed, share = table.weight, scratch.mixed, scratch.share
    leave = abs(dt) / (abs(dt) + rules.dwell_s)
    step, stay = 0.5 * leave, 1.0 - 1.5 * leave
    for m in range(MODES):
        prior = step + stay * weight[i, m]
        for n in range(MODES):
            share[n] = (step * weight[i, n] + (stay * weight[i, n] if n == m else 0.0)) / prior
        combine(table.modes, MODES * i, MODES, share, mixed, m)
    total, best = 0.0, math.inf
    for m in range(MODES):
        noise = rules.noise_calm if m == 0 else (rules.noise_turn if m == 1 else rules.noise_ballistic)
        ax, ay, az = acceleration(mixed, m, 1.0 if m == 2 else 0.0, rules.gravitation_m3ps2, rules.rotation_radps, rules.curvature)
        d2, det = correct(
            mixed, m, dt, noise, ax, ay, az, plots.position_m, plots.covariance_m2, j, table.modes, MODES * i + m
        )
        share[m] = d2 + math.log(det)
        best = min(best, share[m])
    for m in range(MODES):
        weight[i, m] = max((step + stay * weight[i, m]) * math.exp(0.5 * (best - share[m])), 1e-12)
        total += weight[i, m]
    for m in range(MODES):
        weight[i, m] /= total
        share[m] = weight[i, m]


@kernel
def apply_radial(table: TrackTable, i: int, rules: Rules, coverage: Reals, plots: Plots, j: int) -> None:
    """Update row ``i`` (every model of it) with the radial speed of plot ``j``."""
    x, y, z = plots.position_m[j, 0] - coverage[0], plots.position_m[j, 1] - coverage[1], plots.position_m[j, 2] - coverage[2]
    r = math.sqrt(x * x + y * y + z * z)
    if r > 0.0:
        first, count = (MODES * i, MODES) if rules.filter == IMM else (i, 1)
        target = table.modes if rules.filter == IMM else table.estimate
        for m in range(first, first + count):
            correct_radial(target, m, x / r, y / r, z / r, plots.radial_mps[j], plots.radial_sd_mps[j])


@kernel
def update(table: TrackTable, i: int, rules: Rules, coverage: Reals, plots: Plots, j: int, scratch: Scratch) -> bool:
    """Update row ``i`` with plot ``j``; return whether this made the track firm."""
    if rules.filter == IMM:
        update_mixture(table, i, rules, plots, j, scratch)
    else:
        update_single(table, i, rules, plots, j)
    if plots.radial_sd_mps[j] > 0.0:
        apply_radial(table, i, rules, coverage, plots, j)
    if rules.filter == IMM:
        for m in range(MODES):
            scratch.share[m] = table.weight[i, m]
        combine(table.modes, MODES * i, MODES, scratch.share, table.estimate, i)
    table.time_us[i] = plots.time_us[j]
    plots.row[j], plots.kind[j] = i, UPDATED
    return note_hit(table, i, rules, plots.object[j])


@kernel
def note_hit(table: TrackTable, i: int, rules: Rules, seen: int) -> bool:
    """Count a plot for row ``i``; return whether this made the track firm."""
    table.window[i] = (table.window[i] << 1 | 1) & ((1 << rules.confirm_n) - 1)
    table.hits[i] += 1
    table.misses[i] = 0
    table.last_object[i] = seen
    e = table.estimate
    table.quality_m[i] = math.sqrt(e[i, 6] + e[i, 12] + e[i, 17])
    if table.status[i] == FIRM:
        return False
    ones, left = 0, table.window[i]
    while left != 0:
        left &= left - 1
        ones += 1
    if ones >= rules.confirm_m:
        table.status[i] = FIRM
        return True
    return False


@kernel
def start(table: TrackTable, picture: int, rules: Rules, coverage: Reals, plots: Plots, j: int) -> int:
    """Start a tentative track from plot ``j``; return its row, or -1 when the picture is full."""
    base, live = table.first[picture], table.live[picture]
    if base + live >= table.first[picture + 1]:
        return -1
    i = table.order[base + live]
    table.live[picture] = live + 1
    e, position, covariance = table.estimate, plots.position_m, plots.covariance_m2
    for c in range(6, 27):
        e[i, c] = 0.0
    for c in range(3):
        e[i, c], e[i, 3 + c] = position[j, c], 0.0
    e[i, 6], e[i, 7], e[i, 8] = covariance[j, 0], covariance[j, 1], covariance[j, 2]
    e[i, 12], e[i, 13], e[i, 17] = covariance[j, 3], covariance[j, 4], covariance[j, 5]
    e[i, 21] = e[i, 24] = e[i, 26] = rules.speed_sd_mps * rules.speed_sd_mps
    table.weight[i, 0], table.weight[i, 1], table.weight[i, 2] = 0.6, 0.2, 0.2
    for m in range(MODES):
        for c in range(27):
            table.modes[MODES * i + m, c] = e[i, c]
    if plots.radial_sd_mps[j] > 0.0:
        apply_radial(table, i, rules, coverage, plots, j)
    table.time_us[i] = table.start_us[i] = plots.time_us[j]
    table.number[i] = table.next_number[picture]
    table.next_number[picture] += 1
    table.status[i] = TENTATIVE
    table.window[i] = table.hits[i] = table.turning[i] = 0
    plots.row[j], plots.kind[j] = i, STARTED
    return i


@kernel
def is_twin(table: TrackTable, i: int, k: int, rules: Rules, scratch: Scratch) -> bool:
    """Return whether row ``i``, predicted to the time of row ``k``, cannot be told from it in position and velocity."""
    e, twin = table.estimate, scratch.twin
    dt = (table.time_us[k] - table.time_us[i]) * 1e-6
    dx, dy, dz = (e[k, 0] - e[i, 0]) - e[i, 3] * dt, (e[k, 1] - e[i, 1]) - e[i, 4] * dt, (e[k, 2] - e[i, 2]) - e[i, 5] * dt
    vx, vy, vz = e[k, 3] - e[i, 3], e[k, 4] - e[i, 4], e[k, 5] - e[i, 5]
    if vx * vx + vy * vy + vz * vz > e[i, 21] + e[i, 24] + e[i, 26] + e[k, 21] + e[k, 24] + e[k, 26]:
        return False
    twin[0, 0], twin[0, 1], twin[0, 2], twin[0, 3], twin[0, 4], twin[0, 5] = e[k, 6], e[k, 7], e[k, 8], e[k, 12], e[k, 13], e[k, 17]
    return distance(e, i, dt, rules.noise_calm, dx, dy, dz, twin, 0) < 3.0


@kernel
def ends(table: TrackTable, picture: int, s: int, rules: Rules, coverage: Reals, time_us: int, scratch: Scratch) -> int:
    """Count the miss of the unassociated track in slot ``s`` if the radar looked at it; return 0, DROPPED or MERGED."""
    base = table.first[picture]
    i, e = table.order[base + s], table.estimate
    if time_us - table.time_us[i] > rules.max_gap_us:
        return DROPPED
    dt = (time_us - table.time_us[i]) * 1e-6
    if not covers(coverage, e[i, 0] + e[i, 3] * dt, e[i, 1] + e[i, 4] * dt, e[i, 2] + e[i, 5] * dt):
        return 0
    table.window[i] = (table.window[i] << 1) & ((1 << rules.confirm_n) - 1)
    table.misses[i] += 1
    if table.misses[i] >= (rules.firm_misses if table.status[i] == FIRM else rules.tentative_misses):
        return DROPPED
    if table.status[i] == FIRM and table.misses[i] >= rules.merge_misses and scratch.rival[s] >= 0:
        k = scratch.rival[s]
        if k != i and is_twin(table, i, k, rules, scratch):
            return MERGED
    return 0


@kernel
def settle(
    table: TrackTable, picture: int, old: int, rules: Rules, coverage: Reals, time_us: int, scratch: Scratch, events: int
) -> int:
    """Count misses of the first ``old`` slots, drop what ends, close the ranks; return the number of events so far."""
    base, live = table.first[picture], table.live[picture]
    keep = gone = 0
    for s in range(live):
        i = table.order[base + s]
        why = 0
        if s < old and scratch.slot_plot[s] < 0:
            why = ends(table, picture, s, rules, coverage, time_us, scratch)
        if why == 0:
            table.order[base + keep] = i
            keep += 1
        else:
            table.status[i] = FREE
            scratch.event_row[events], scratch.event_kind[events] = i, why
            events += 1
            scratch.freed[gone] = i
            gone += 1
    for g in range(gone):
        table.order[base + keep + g] = scratch.freed[g]
    table.live[picture] = keep
    return events


@kernel
def process_scan(
    table: TrackTable,
    picture: int,
    rules: Rules,
    coverage: Reals,
    time_us: int,
    plots: Plots,
    count: int,
    scratch: Scratch,
) -> int:
    """Feed the first ``count`` plots of a scan to a picture; write ``plots.row``, ``plots.kind`` and the events; return their number."""
    base, old, events = table.first[picture], table.live[picture], 0
    for j in range(count):
        plots.row[j], plots.kind[j] = -1, 0
        scratch.plot_slot[j], scratch.price[j], scratch.mark[j] = -1, 0.0, 0
    for s in range(old):
        scratch.slot_plot[s] = scratch.rival[s] = -1
    if count > 0:
        grid = lay_out(coverage, plots, count, scratch)
        for stage in (FIRM, TENTATIVE):
            if gate(table, picture, stage, rules, coverage, plots, scratch, grid) > 0:
                assign(old, scratch)
                for s in range(old):
                    if scratch.pair_first[s] < scratch.pair_first[s + 1]:
                        i, j = table.order[base + s], scratch.slot_plot[s]
                        if j < 0:
                            k = scratch.plot_slot[scratch.pair_plot[scratch.pair_first[s]]]
                            scratch.rival[s] = table.order[base + k] if k >= 0 else -1
                        elif update(table, i, rules, coverage, plots, j, scratch):
                            scratch.event_row[events], scratch.event_kind[events] = i, CONFIRMED
                            events += 1
        for j in range(count):
            if plots.row[j] < 0:
                i = start(table, picture, rules, coverage, plots, j)
                if i >= 0 and note_hit(table, i, rules, plots.object[j]):
                    scratch.event_row[events], scratch.event_kind[events] = i, CONFIRMED
                    events += 1
    return settle(table, picture, old, rules, coverage, time_us, scratch, events)


@kernel
def clear(table: TrackTable) -> None:
    """Forget every track of every picture, without allocating."""
    for p in range(table.live.shape[0]):
        table.live[p] = 0
        table.next_number[p] = 1
    for i in range(table.order.shape[0]):
        table.order[i] = i
        table.status[i] = FREE
