"""Resolution cells: targets that a radar cannot tell apart in range and angle give one plot."""

import math

from openiads.kernel import Reals, kernel
from openiads.model.columns import Table
from openiads.model.tracking.table import REACH, WAITING, Plots


@kernel
def merge(radars: Table, frame: Reals, plots: Plots, radar: int, n: int) -> int:
    """Put plots of one resolution cell together; the first of them takes their middle; returns how many plots are left.

    Two plots share a cell when they differ by less than the radar's resolution in range and by less than its beamwidth across.
    Chains merge as far as they reach.

    Limits: plots are compared as measured; the merged echo is not drawn anew.
    """
    cell_m, beam = radars["resolution_m"][radar], radars["resolution_azimuth_rad"][radar]
    if n < 2 or cell_m <= 0.0:
        return n
    real, whole = plots.real, plots.whole
    for j in range(n):
        dx, dy, dz = real[j, 0] - frame[0], real[j, 1] - frame[1], real[j, 2] - frame[2]
        real[j, REACH] = math.sqrt(dx * dx + dy * dy + dz * dz)
        # Sorted by range as they come: scans are small, and the order costs less than a table of cells.
        k = j
        while k > 0 and real[whole[k - 1, WAITING], REACH] > real[j, REACH]:
            whole[k, WAITING] = whole[k - 1, WAITING]
            k -= 1
        whole[k, WAITING] = j
    lost = 0
    for s in range(n - 1):
        a = whole[s, WAITING]
        for t in range(s + 1, n):
            b = whole[t, WAITING]
            if abs(real[b, REACH]) - abs(real[a, REACH]) > cell_m:
                break
            if real[b, REACH] < 0.0:
                continue
            across = beam * abs(real[a, REACH])
            dx, dy, dz = real[a, 0] - real[b, 0], real[a, 1] - real[b, 1], real[a, 2] - real[b, 2]
            along = real[b, REACH] - abs(real[a, REACH])
            if dx * dx + dy * dy + dz * dz - along * along > across * across:
                continue
            for c in range(3):
                real[a, c] = 0.5 * (real[a, c] + real[b, c])
            real[b, REACH] = -real[b, REACH]
            lost += 1
    if lost == 0:
        return n
    kept = 0
    for j in range(n):
        if real[j, REACH] >= 0.0:
            if kept != j:
                for c in range(real.shape[1]):
                    real[kept, c] = real[j, c]
                for c in range(whole.shape[1]):
                    whole[kept, c] = whole[j, c]
            kept += 1
    return kept
