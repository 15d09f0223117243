"""One scan of one sensor: which of its planned looks become plots, under jamming, with errors.

The geometry comes from the look table; what is drawn here is the detection of each look and the error of each plot.  A
plot reaches its picture when the scan is complete, plus the delay of the link.
"""

import math

from openiads import chance
from openiads.kernel import Reals, folded, folded_kernel, inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note, put
from openiads.model.beam import HALF_POWER_DB, aside_loss_db
from openiads.model.columns import MASKED_DB, Table
from openiads.model.detection import table_probability
from openiads.model.state import Board
from openiads.model.tables import Eyes, Knowledge, Sky
from openiads.model.tracking.table import LOOKED, PLOT_OBJECT, PLOT_TIME_US, RADIAL, RADIAL_SD, Plots

TWO_PI = 6.283185307179586
DRAW_FLOOR = 1e-4  # a look less likely than this, or a miss less likely, is not drawn
WORTH = 0.1  # a look that would have been seen this often without jamming counts for the why-trace
DECIBEL = 0.23025850929940458  # ln(10) / 10
LOOK_BLOCKS, JAM_BLOCKS = 0, 1


@folded
def is_heard(stand: Table, radar: int, time_us: int) -> bool:
    """Whether a sensor works and is switched on at a time."""
    if stand["dead_us"][radar] <= time_us:
        return False
    on_us = stand["blink_on_us"][radar]
    if on_us > 0 and (time_us + stand["blink_shift_us"][radar]) % stand["blink_us"][radar] >= on_us:
        return False
    return not (stand["silent_us"][radar] <= time_us < stand["speaks_us"][radar])


@folded
def path_at(objects: Table, flown: Table, i: int, time_us: int) -> int:
    """The path that an object flies at a time: its planned one until it turned."""
    return int(objects["path"][i] if time_us < flown["switch_us"][i] else flown["path"][i])


@folded
def is_there(flown: Table, i: int, time_us: int) -> bool:
    """Whether an object is in the air at a time."""
    return bool(flown["born_us"][i] <= time_us < flown["dead_us"][i])


@folded_kernel
def place_at(sky: Sky, flown: Table, i: int, time_us: int, out: Reals) -> None:
    """Write the true position and velocity (6,) of an object at a time (cubic Hermite), held at the ends of its path."""
    path = path_at(sky.objects, flown, i, time_us)
    first, count = sky.paths["first"][path], sky.paths["count"][path]
    step_us = sky.paths["step_us"][path]
    since_us = time_us - flown["shift_us"][i] - sky.paths["start_us"][path]
    steps = min(max(since_us / step_us, 0.0), count - 1.0)
    j = min(int(steps), count - 2)
    h = step_us * 1e-6
    per_s = 1.0 / h
    s = steps - j
    a, b = first + j, first + j + 1
    for c in range(3):
        p0, p1 = sky.motion[a, c], sky.motion[b, c]
        v0, v1 = sky.motion[a, 3 + c] * h, sky.motion[b, 3 + c] * h
        bend, twist = 3.0 * (p1 - p0) - 2.0 * v0 - v1, 2.0 * (p0 - p1) + v0 + v1
        out[c] = p0 + s * (v0 + s * (bend + s * twist))
        out[3 + c] = (v0 + s * (2.0 * bend + 3.0 * s * twist)) * per_s


@inner_kernel
def look_place(sky: Sky, eyes: Eyes, flown: Table, sort: int, radar: int, i: int, time_us: int) -> float:
    """Where in the looks a radar's view (or jamming) of an object lies at a time: a fractional index, or -1 outside the table."""
    b = eyes.block_of[sort, radar, path_at(sky.objects, flown, i, time_us)]
    if b < 0:
        return -1.0
    x = (time_us - flown["shift_us"][i]) / eyes.radars["period_us"][radar] - eyes.blocks["first_scan"][b]
    if x < 0.0 or x > eyes.blocks["count"][b] - 1:
        return -1.0
    return float(eyes.blocks["offset"][b] + x)


@inner_kernel
def gather_jammers(sky: Sky, eyes: Eyes, know: Knowledge, flown: Table, scratch: Reals, radar: int, time_us: int) -> int:
    """Write the jammers that a radar suffers at a time to the scratch rows; returns their number.

    A row holds power in the main lobe, bearing, elevation, the jammer and its power in a side lobe.
    """
    n = 0
    for j in range(eyes.jammers.shape[0]):
        i = eyes.jammers[j]
        if not is_there(flown, i, time_us):
            continue
        x = look_place(sky, eyes, flown, JAM_BLOCKS, radar, i, time_us)
        if x < 0.0:
            continue
        k = int(x + 0.5)
        level_db = eyes.looks["snr_db"][k]
        if level_db < MASKED_DB:
            continue
        level_db += know.jammer_db[j] - eyes.radars["margin_db"][radar] - know.radar[radar, 1]
        scratch[n, 0] = math.exp(level_db * DECIBEL)
        scratch[n, 1] = eyes.looks["bearing_rad"][k]
        scratch[n, 2] = eyes.looks["elevation_rad"][k]
        scratch[n, 3] = j
        scratch[n, 4] = scratch[n, 0] * math.exp(eyes.radars["sidelobe_db"][radar] * DECIBEL)
        n += 1
    return n


@inner_kernel
def jam_power(radars: Table, scratch: Reals, radar: int, jammers: int, bearing_rad: float, elevation_rad: float) -> float:
    """Jam-to-noise power ratio that enters a beam pointed at a direction: a Gaussian main lobe over a flat side-lobe floor."""
    total = 0.0
    floor_db = radars["sidelobe_db"][radar]
    for j in range(jammers):
        across = abs(bearing_rad - scratch[j, 1])
        across = abs(across - TWO_PI * math.floor(across / TWO_PI + 0.5))
        across /= radars["beam_azimuth_rad"][radar]
        up = (elevation_rad - scratch[j, 2]) / radars["beam_elevation_rad"][radar]
        # Most directions lie outside the main lobe, and show it before any cosine: cos2 e >= 1 - e2.
        if HALF_POWER_DB * (across * across * (1.0 - elevation_rad * elevation_rad) + up * up) <= floor_db:
            total += scratch[j, 4]
            continue
        across *= math.cos(elevation_rad)
        total += scratch[j, 0] * math.exp(max(HALF_POWER_DB * (across * across + up * up), floor_db) * DECIBEL)
    return total


@folded
def look_snr_db(looks: Table, x: float) -> float:
    """Signal-to-noise ratio at a fractional index; a masked neighbour gives way to the nearer look."""
    j = int(x)
    part = x - j
    if part == 0.0:
        return float(looks["snr_db"][j])
    near, far = looks["snr_db"][j], looks["snr_db"][j + 1]
    if near < MASKED_DB or far < MASKED_DB:
        return float(near if part < 0.5 else far)
    return float(near + (far - near) * part)


@folded
def look_angle(column: Reals, x: float) -> float:
    """Linear interpolation of a column of the looks at a fractional index."""
    j = int(x)
    part = x - j
    return float(column[j] + (column[j + 1] - column[j]) * part)


@folded
def in_sector(half_rad: float, off_rad: float) -> bool:
    """Whether a bearing so far off the facing lies in a sector of a half-width."""
    return bool(half_rad >= 3.14159 or abs(off_rad - TWO_PI * math.floor(off_rad / TWO_PI + 0.5)) <= half_rad)


@folded
def chances(table: Reals, snr_db: float, jam: float) -> tuple[float, float]:
    """Probability of detection without and with a jam-to-noise power ratio."""
    clear = table_probability(table, snr_db)
    if jam <= 0.0 or clear < DRAW_FLOOR:
        return clear, clear
    return clear, table_probability(table, snr_db - math.log(1.0 + jam) / DECIBEL)


@folded
def drawn(seed: int, replication: int, radar_key: int, target_key: int, number: int, clear: float, pd: float) -> int:
    """Draw one look: 2 detected, 1 could have been seen but jamming hid it, 0 not seen."""
    if pd > 1.0 - DRAW_FLOOR:
        return 2
    if pd >= DRAW_FLOOR and chance.uniform(seed, replication, radar_key, target_key, chance.DETECTION, number) < pd:
        return 2
    return 1 if clear >= WORTH and pd < 0.5 * clear else 0


@inlined
def detects(
    sky: Sky,
    eyes: Eyes,
    know: Knowledge,
    clock: Table,
    stand: Table,
    scratch: Reals,
    radar: int,
    i: int,
    number: int,
    x: float,
    jammers: int,
) -> bool:
    """Whether one look, made on demand, sees an object: the draw is that of the same look in a scan."""
    snr_db = look_snr_db(eyes.looks, x)
    bearing = look_angle(eyes.looks["bearing_rad"], x)
    off = bearing - stand["facing_rad"][radar]
    if snr_db < MASKED_DB or not in_sector(eyes.radars["half_sector_rad"][radar], off):
        return False
    snr_db += know.radar[radar, 0] + know.klass[sky.objects["klass"][i], 0] - aside_loss_db(eyes.radars["aside_exponent"][radar], off)
    jam = 0.0
    if jammers > 0:
        jam = jam_power(eyes.radars, scratch, radar, jammers, bearing, look_angle(eyes.looks["elevation_rad"], x))
    clear, pd = chances(eyes.detectors[eyes.radars["detector"][radar]], snr_db, jam)
    return drawn(clock["seed"][0], clock["replication"][0], eyes.radars["key"][radar], sky.objects["key"][i], number, clear, pd) == 2


@folded
def scan(sky: Sky, eyes: Eyes, know: Knowledge, board: Board, plots: Plots, feed: int, radar: int, number: int, begin_us: int) -> int:
    """Make the plots of scan ``number`` of a radar; writes the tracker's plots and the counters of looks; returns the number of plots.

    One short loop after another: what each plot needs from memory lies far apart, and is fetched while the loop runs ahead.
    """
    n = aim(sky, eyes, board, plots, feed, radar, begin_us)
    n = detect(sky, eyes, know, board, plots, n, radar, number, begin_us)
    for j in range(n):
        place_at(sky, board.objects, plots.whole[j, PLOT_OBJECT], plots.whole[j, PLOT_TIME_US], plots.real[j])
    for j in range(n):
        make_plot(sky, eyes.radars, eyes.coverages, board, plots, radar, number, j)
    return n


@inlined
def aim(sky: Sky, eyes: Eyes, board: Board, plots: Plots, feed: int, radar: int, begin_us: int) -> int:
    """List object, time and place in the looks of whatever the beam of a radar passes in one scan; returns how many they are.

    A feed's radar watches what it may see in this scan; what it can never see again is dropped from the list.
    """
    flown, looks, blocks = board.objects, eyes.looks, eyes.blocks
    period_us = eyes.radars["period_us"][radar]
    rotates = eyes.radars["rotates"][radar] == 1
    facing = board.radars["facing_rad"][radar]
    block_of = eyes.block_of[LOOK_BLOCKS, radar]
    watched = watch_more(eyes, board, feed, radar, begin_us)
    first, kept, n = board.feeds["first"][feed], 0, 0
    for k in range(first, first + watched):
        row = board.watching[k]
        i = eyes.watch["object"][row]
        is_gone = flown["dead_us"][i] <= begin_us
        if eyes.watch["until_us"][row] < begin_us or (is_gone and flown["end"][i] != codes.ALIVE):
            continue
        board.watching[first + kept] = row
        kept += 1
        if is_gone or flown["born_us"][i] > begin_us + period_us:
            continue
        b = block_of[sky.objects["path"][i] if begin_us < flown["switch_us"][i] else flown["path"][i]]
        if b < 0:
            continue
        last = blocks["count"][b] - 1
        x = (begin_us - flown["shift_us"][i]) / period_us - blocks["first_scan"][b]
        if x < 0.0 or x > last:
            continue
        time_us = begin_us
        if rotates:
            turn = (looks["bearing_rad"][blocks["offset"][b] + int(x)] - facing) / TWO_PI
            turn -= math.floor(turn)
            time_us += int(turn * period_us)
            x += turn
            if x > last:
                continue
        if time_us < flown["born_us"][i] or time_us >= flown["dead_us"][i]:
            continue
        plots.whole[n, PLOT_OBJECT], plots.whole[n, PLOT_TIME_US], plots.real[n, LOOKED] = i, time_us, x + blocks["offset"][b]
        n += 1
    board.feeds["watching"][feed] = kept
    return n


@inlined
def detect(
    sky: Sky, eyes: Eyes, know: Knowledge, board: Board, plots: Plots, count: int, radar: int, number: int, begin_us: int
) -> int:  # fmt: skip
    """Draw which of the ``count`` looks of a scan are seen and move these to the front; returns how many they are."""
    flown, stand, clock, looks = board.objects, board.radars, board.clock, eyes.looks
    emits = eyes.radars["emits"][radar]
    half = eyes.radars["half_sector_rad"][radar]
    facing = stand["facing_rad"][radar]
    exponent = eyes.radars["aside_exponent"][radar]
    radar_key = eyes.radars["key"][radar]
    table = eyes.detectors[eyes.radars["detector"][radar]]
    seed, replication = clock["seed"][0], clock["replication"][0]
    jammers = gather_jammers(sky, eyes, know, flown, board.scratch, radar, begin_us + eyes.radars["period_us"][radar] // 2)
    looked = hidden = n = 0
    for c in range(count):
        i, x = plots.whole[c, PLOT_OBJECT], plots.real[c, LOOKED]
        snr_db = look_snr_db(looks, x)
        if snr_db < MASKED_DB:
            continue
        looked += 1
        j = int(x + 0.5)
        off = looks["bearing_rad"][j] - facing
        if not in_sector(half, off):
            continue
        snr_db -= aside_loss_db(exponent, off)
        jam = 0.0
        if jammers > 0:
            jam = jam_power(eyes.radars, board.scratch, radar, jammers, looks["bearing_rad"][j], looks["elevation_rad"][j])
        clear, pd = chances(table, snr_db + know.radar[radar, 0] + know.klass[sky.objects["klass"][i], 0], jam)
        if clear < DRAW_FLOOR:
            continue
        seen = drawn(seed, replication, radar_key, sky.objects["key"][i], number, clear, pd)
        flown["looks"][i] += emits
        if seen == 1:
            flown["jammed"][i] += emits
            hidden += emits
        elif seen == 2:
            plots.whole[n, PLOT_OBJECT], plots.whole[n, PLOT_TIME_US] = i, plots.whole[c, PLOT_TIME_US]
            n += 1
    clock["looks"][0] += looked
    stand["hidden"][radar] = hidden
    return n


@inlined
def watch_more(eyes: Eyes, board: Board, feed: int, radar: int, begin_us: int) -> int:
    """Add to what a feed's radar watches the objects that it may see from now on; returns how many it watches."""
    feeds = board.feeds
    row, count = feeds["next"][feed], feeds["watching"][feed]
    while row < eyes.watched[radar + 1] and eyes.watch["from_us"][row] <= begin_us:
        board.watching[feeds["first"][feed] + count] = row
        row, count = row + 1, count + 1
    feeds["next"][feed] = row
    return int(count)


@inlined
def make_plot(sky: Sky, radars: Table, coverages: Reals, board: Board, plots: Plots, radar: int, number: int, n: int) -> None:
    """Turn the true place in plot ``n`` into what is measured: with the radar's errors and biases along its own axes, and covariance."""
    frame, real = coverages[radar], plots.real
    i, time_us = plots.whole[n, PLOT_OBJECT], plots.whole[n, PLOT_TIME_US]
    x, y, z = real[n, 0], real[n, 1], real[n, 2]
    dx, dy, dz = x - frame[0], y - frame[1], z - frame[2]
    radial = (real[n, 3] * dx + real[n, 4] * dy + real[n, 5] * dz) / math.sqrt(dx * dx + dy * dy + dz * dz)
    if radars["bias_azimuth_rad"][radar] != 0.0:
        dx, dy, dz = turned(frame, dx, dy, dz, radars["bias_azimuth_rad"][radar])
    range_m = math.sqrt(dx * dx + dy * dy + dz * dz)
    per_m = 1.0 / range_m
    lx, ly, lz = dx * per_m, dy * per_m, dz * per_m
    # Across: level and to the right of the line of sight (line x up); over: completes the right-handed set.
    ax, ay, az = ly * frame[11] - lz * frame[10], lz * frame[9] - lx * frame[11], lx * frame[10] - ly * frame[9]
    level = max(math.sqrt(ax * ax + ay * ay + az * az), 1e-9)
    unit = 1.0 / level
    ax, ay, az = ax * unit, ay * unit, az * unit
    ox, oy, oz = ay * lz - az * ly, az * lx - ax * lz, ax * ly - ay * lx
    sd_r = radars["error_range_m"][radar]
    sd_a = max(radars["error_azimuth_rad"][radar] * range_m * level, 1.0)
    sd_o = max(radars["error_elevation_rad"][radar] * range_m, 1.0)
    clock = board.clock
    key, target = radars["key"][radar], sky.objects["key"][i]
    z0, z1, z2, z3 = chance.normals(clock["seed"][0], clock["replication"][0], key, target, chance.PLOT_NOISE, number)
    er, ea = sd_r * z0 + radars["bias_range_m"][radar], sd_a * z1
    eo = sd_o * z2 + radars["bias_elevation_rad"][radar] * range_m
    real[n, 0] = frame[0] + dx + er * lx + ea * ax + eo * ox
    real[n, 1] = frame[1] + dy + er * ly + ea * ay + eo * oy
    real[n, 2] = frame[2] + dz + er * lz + ea * az + eo * oz
    vr, va, vo = sd_r * sd_r, sd_a * sd_a, sd_o * sd_o
    real[n, 3] = vr * lx * lx + va * ax * ax + vo * ox * ox
    real[n, 4] = vr * lx * ly + va * ax * ay + vo * ox * oy
    real[n, 5] = vr * lx * lz + va * ax * az + vo * ox * oz
    real[n, 6] = vr * ly * ly + va * ay * ay + vo * oy * oy
    real[n, 7] = vr * ly * lz + va * ay * az + vo * oy * oz
    real[n, 8] = vr * lz * lz + va * az * az + vo * oz * oz
    real[n, RADIAL_SD] = radars["error_radial_mps"][radar]
    real[n, RADIAL] = radial + real[n, RADIAL_SD] * z3
    board.objects["hits"][i] += 1
    if board.objects["detected_us"][i] < 0:
        board.objects["detected_us"][i] = time_us
        row = note(
            clock, board.log_integers, codes.STAGE_SENSE, codes.FIRST_DETECTION, target, key, codes.NONE, i, radar, number, codes.NONE
        )
        put(board.log_reals, row, x, y, z, range_m, time_us * 1e-6)
    if clock["trace"][0] == 1:
        row = note(clock, board.log_integers, codes.STAGE_SENSE, codes.PLOT, target, key, codes.NONE, i, radar, number, codes.NONE)
        put(board.log_reals, row, real[n, 0], real[n, 1], real[n, 2], range_m, time_us * 1e-6)


@inlined
def turned(frame: Reals, x: float, y: float, z: float, angle_rad: float) -> tuple[float, float, float]:
    """Turn a vector about the up axis of a frame, clockwise as bearings grow."""
    cos, sin = math.cos(angle_rad), -math.sin(angle_rad)
    ux, uy, uz = frame[9], frame[10], frame[11]
    along = (x * ux + y * uy + z * uz) * (1.0 - cos)
    return (
        x * cos + (uy * z - uz * y) * sin + ux * along,
        y * cos + (uz * x - ux * z) * sin + uy * along,
        z * cos + (ux * y - uy * x) * sin + uz * along,
    )
