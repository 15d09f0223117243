"""An engagement is an envelope, a time of flight and a probability: where a shot would meet a track, and what comes of it.

Nothing here guides anything: the predicted point follows from the believed track and the tabulated time of flight.
"""

import math

from openiads import chance
from openiads.earth.geodesy import ellipsoidal_height_m
from openiads.kernel import Reals, folded, folded_kernel, inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note, put
from openiads.model.columns import Table
from openiads.model.sensing import LOOK_BLOCKS, detects, gather_jammers, is_heard, look_place
from openiads.model.state import Board
from openiads.model.tables import CORRELATION, NIGHT_SD, Arms, Eyes, Knowledge, Sky
from openiads.model.tracking.sight import face, reaches

GRAVITATION = 3.986004418e14
LOOKS_FOR_SUPPORT = 5  # one detection among so many looks keeps a target held
INSIDE_SHARE = 0.7  # a sector that turns to a target takes it in so far from its middle
NEVER_RAD = 99.0
OK = -1


@folded_kernel
def flight_s(weapons: Table, flights_s: Reals, w: int, range_m: float) -> float:
    """Time of flight of weapon ``w`` over a slant range, from its table; beyond the table the last speed holds."""
    times = flights_s[w]
    x = range_m / weapons["flight_step_m"][w]
    j = min(int(x), times.shape[0] - 2)
    return float(times[j] + (times[j + 1] - times[j]) * (x - j))


@inlined
def fall(place: Reals, dt_s: float, falls: bool) -> float:
    """Speed that free fall adds over a time, as a factor on the position (no drag, the pull of the first place)."""
    if not falls:
        return 0.0
    r2 = place[0] * place[0] + place[1] * place[1] + place[2] * place[2]
    return float(-dt_s * GRAVITATION / (r2 * math.sqrt(r2)))


@inlined
def drift(place: Reals, dt_s: float, falls: bool, out: Reals) -> None:
    """Write where a believed track will be: straight on, or falling freely when it is believed ballistic."""
    h = 0.5 * dt_s * fall(place, dt_s, falls)
    out[0] = place[0] + place[3] * dt_s + h * place[0]
    out[1] = place[1] + place[4] * dt_s + h * place[1]
    out[2] = place[2] + place[5] * dt_s + h * place[2]


@folded
def meet(arms: Arms, w: int, place: Reals, wait_s: float, falls: bool, out: Reals) -> float:
    """Solve for the time of flight to a track that is first awaited ``wait_s``; writes the point; negative: never met.

    Newton's steps from the launch on: how much longer the weapon needs to where the target will be than the time that has
    passed is a convex function of that time, so the steps climb to the first meeting, however fast the target comes.

    Limits: what flies away within the stretch on which the weapon still gains speed may be taken to outrun it.
    """
    frame, times, step_m = arms.frames[arms.weapons["unit"][w]], arms.flights_s[w], arms.weapons["flight_step_m"][w]
    tof_s = 0.0
    for _ in range(16):
        drift(place, wait_s + tof_s, falls, out)
        dx, dy, dz = out[0] - frame[0], out[1] - frame[1], out[2] - frame[2]
        range_m = math.sqrt(dx * dx + dy * dy + dz * dz)
        if range_m > 3.0 * arms.weapons["range_max_m"][w]:
            return -1.0
        x = range_m / step_m
        j = min(int(x), times.shape[0] - 2)
        slope = times[j + 1] - times[j]
        late_s = times[j] + slope * (x - j) - tof_s
        if abs(late_s) < 0.01:
            return tof_s
        h = fall(place, wait_s + tof_s, falls)
        opening_mps = (dx * (place[3] + h * place[0]) + dy * (place[4] + h * place[1]) + dz * (place[5] + h * place[2])) / range_m
        gain = 1.0 - slope * opening_mps / step_m
        if gain <= 0.02:
            return -1.0
        tof_s = max(tof_s + late_s / gain, 0.0)
    return -1.0


@inlined
def reach_share(weapons: Table, w: int, closing: float) -> float:
    """Share of the longest range that is left against a target's course: 1 head-on (``closing`` 1), less across (0) and away (-1)."""
    across = weapons["crossing_share"][w]
    if closing >= 0.0:
        return float(across + (1.0 - across) * closing)
    return float(across + (weapons["receding_share"][w] - across) * -closing)


@inlined
def is_rated(weapons: Table, w: int, speed_mps: float, is_ballistic: bool) -> bool:
    """Whether a weapon is rated for a target of a speed, and for a ballistic one."""
    return bool(speed_mps <= weapons["target_speed_max_mps"][w] and (not is_ballistic or weapons["ballistic_range_m"][w] > 0.0))


@inlined
def passes(arms: Arms, w: int, place: Reals, wait_s: float) -> bool:
    """Whether a target that flies straight on comes within a weapon's longest reach while a shot could still meet it.

    A shot launched after ``wait_s`` meets it, if at all, before its time of flight to the longest reach is over.
    """
    reach_m = max(arms.weapons["range_max_m"][w], arms.weapons["ballistic_range_m"][w])
    frame = arms.frames[arms.weapons["unit"][w]]
    dx, dy, dz = frame[0] - place[0], frame[1] - place[1], frame[2] - place[2]
    speed2 = max(place[3] * place[3] + place[4] * place[4] + place[5] * place[5], 1.0)
    nearest_s = (dx * place[3] + dy * place[4] + dz * place[5]) / speed2
    at_s = min(max(nearest_s, wait_s), wait_s + flight_s(arms.weapons, arms.flights_s, w, reach_m))
    dx, dy, dz = dx - at_s * place[3], dy - at_s * place[4], dz - at_s * place[5]
    return bool(dx * dx + dy * dy + dz * dz <= reach_m * reach_m)


@folded
def envelope(arms: Arms, w: int, point: Reals, course: Reals, is_ballistic: bool, slack_m: float) -> int:
    """Whether a weapon reaches a point (3,): OK, or the broken link of the chain.

    The envelope is a slant range between two limits, a band of heights and a dead cone overhead; off a head-on course the far limit
    comes nearer (``course`` (6,) holds the target's velocity last).  A ballistic target is bounded by its own rating instead.
    ``slack_m`` is what a believed height may be wrong by before it rules a shot out; zero for a true one.
    """
    weapons = arms.weapons
    if is_ballistic and weapons["ballistic_range_m"][w] <= 0.0:
        return codes.NO_RATED_MISSILE
    frame = arms.frames[weapons["unit"][w]]
    dx, dy, dz = point[0] - frame[0], point[1] - frame[1], point[2] - frame[2]
    range_m = math.sqrt(dx * dx + dy * dy + dz * dz)
    low, high = weapons["height_min_m"][w], weapons["height_max_m"][w]
    pace = math.sqrt(course[3] * course[3] + course[4] * course[4] + course[5] * course[5])
    closing = -(dx * course[3] + dy * course[4] + dz * course[5]) / max(range_m * pace, 1e-6)
    longest = weapons["range_max_m"][w] * reach_share(weapons, w, closing)
    if is_ballistic:
        longest = weapons["ballistic_range_m"][w]
        low, high = weapons["ballistic_height_min_m"][w], weapons["ballistic_height_max_m"][w]
    if range_m < weapons["range_min_m"][w] or range_m > longest:
        return codes.OUTSIDE_ENVELOPE
    if dx * frame[9] + dy * frame[10] + dz * frame[11] > range_m * math.sin(weapons["elevation_max_rad"][w]):
        return codes.OUTSIDE_ENVELOPE
    height_m = ellipsoidal_height_m(point[0], point[1], point[2]) - arms.units["ground_wgs84_m"][weapons["unit"][w]]
    return OK if low - slack_m <= height_m <= high + slack_m else codes.OUTSIDE_ENVELOPE


@folded
def rounds_ready(arms: Arms, board: Board, w: int) -> int:
    """Rounds of a weapon on launchers that stand."""
    u, slot = arms.weapons["unit"][w], arms.weapons["slot"][w]
    ready = 0
    first = arms.units["launcher_first"][u]
    for j in range(first, first + arms.units["launcher_count"][u]):
        if board.launchers["dead_us"][j] > board.clock["now_us"][0]:
            ready += board.rounds[j, slot]
    return ready


@folded
def guide(units: Table, stand: Table, now_us: int, u: int) -> int:
    """The channel that guides for a unit now: its radar, else its spare (an optical one), else -1."""
    r = units["radar"][u]
    if r >= 0 and is_heard(stand, r, now_us):
        return int(r)
    r = units["radar_spare"][u]
    if r >= 0 and is_heard(stand, r, now_us):
        return int(r)
    return -1


@inlined
def reaches_point(coverage: Reals, x: float, y: float, z: float) -> bool:
    """Whether a radar's range, elevation limits and horizon let it look at an earth-centred point, were it turned there."""
    dx, dy, dz = x - coverage[0], y - coverage[1], z - coverage[2]
    up = dx * coverage[9] + dy * coverage[10] + dz * coverage[11]
    return reaches(coverage, dx * dx + dy * dy + dz * dz - up * up, up)


@inlined
def bearing_to(coverage: Reals, x: float, y: float, z: float) -> float:
    """Bearing of an earth-centred point from a radar."""
    dx, dy, dz = x - coverage[0], y - coverage[1], z - coverage[2]
    east = dx * coverage[3] + dy * coverage[4] + dz * coverage[5]
    return math.atan2(east, dx * coverage[6] + dy * coverage[7] + dz * coverage[8])


@inlined
def off_rad(bearing_rad: float, facing_rad: float) -> float:
    """Angle from a facing to a bearing, within half a turn either way."""
    off = bearing_rad - facing_rad
    return off - 6.283185307179586 * math.floor(off / 6.283185307179586 + 0.5)


@inner_kernel
def turn_to(radars: Table, coverages: Reals, board: Board, u: int, radar: int, point: Reals) -> float:
    """By how far a guiding radar has to turn its sector to take a point (3,) in [rad]; 0 when it is inside.

    ``NEVER_RAD`` where it cannot: the sector is fixed, or what it guides at now would fall out of it.
    """
    half = radars["half_sector_rad"][radar]
    if half >= 3.14159:
        return 0.0
    shown = board.radars["facing_rad"][radar] + radars["bias_azimuth_rad"][radar]  # where its own, turned picture has its facing
    off = off_rad(bearing_to(coverages[radar], point[0], point[1], point[2]), shown)
    if abs(off) <= half:
        return 0.0
    if radars["slew_rps"][radar] <= 0.0:
        return NEVER_RAD
    turn = off - INSIDE_SHARE * half if off > 0.0 else off + INSIDE_SHARE * half
    facing = shown + turn
    s = board.units["guides"][u]
    while s >= 0:
        at = bearing_to(coverages[radar], board.shots["x_m"][s], board.shots["y_m"][s], board.shots["z_m"][s])
        if abs(off_rad(at, facing)) > half:
            return NEVER_RAD
        s = board.shots["after"][s]
    return float(turn)


@inner_kernel
def turn(arms: Arms, radars: Table, coverages: Reals, board: Board, u: int, by_rad: float) -> None:
    """Turn the sectors of a unit's guiding radar, and of the channel it falls back on, by an angle.

    Limits: what the radar searches changes at once; the launch waits until the turn is done.
    """
    main, spare = arms.units["radar"][u], arms.units["radar_spare"][u]
    leads = main if main >= 0 and radars["half_sector_rad"][main] < 3.14159 else spare
    facing = board.radars["facing_rad"][leads] + by_rad
    for r in (main, spare):
        if r >= 0 and radars["half_sector_rad"][r] < 3.14159:
            board.radars["facing_rad"][r] = facing
            face(coverages, r, facing + radars["bias_azimuth_rad"][r])
            if board.clock["trace"][0] == 1:
                line = note(
                    board.clock, board.log_integers, codes.STAGE_DECIDE, codes.FACING, radars["key"][r], codes.NONE, codes.NONE, r, u,
                    codes.NONE, codes.NONE,
                )  # fmt: skip
                put(board.log_reals, line, facing, 0.0, 0.0, 0.0, 0.0)


@inner_kernel
def holds_target(sky: Sky, eyes: Eyes, know: Knowledge, board: Board, radar: int, i: int, time_us: int) -> bool:
    """Whether a guiding radar saw its target in one of the last looks before a time: steered revisits, made on demand."""
    stand = board.radars
    if not is_heard(stand, radar, time_us):
        return False
    period_us = eyes.radars["period_us"][radar]
    jammers = gather_jammers(sky, eyes, know, board.objects, board.scratch, radar, time_us)
    last = (time_us - stand["phase_us"][radar]) // period_us
    for back in range(LOOKS_FOR_SUPPORT):
        number = last - back
        at_us = stand["phase_us"][radar] + number * period_us
        x = look_place(sky, eyes, board.objects, LOOK_BLOCKS, radar, i, at_us)
        if x >= 0.0 and detects(sky, eyes, know, board.clock, stand, board.scratch, radar, i, number, x, jammers):
            return True
    return False


@inner_kernel
def is_held(sky: Sky, eyes: Eyes, units: Table, know: Knowledge, board: Board, u: int, i: int, time_us: int) -> bool:
    """Whether a unit's radar, or the channel it falls back on, holds an object at a time."""
    main, spare = units["radar"][u], units["radar_spare"][u]
    if i < 0:
        return False
    if main >= 0 and holds_target(sky, eyes, know, board, main, i, time_us):
        return True
    return bool(spare >= 0 and holds_target(sky, eyes, know, board, spare, i, time_us))


@inner_kernel
def is_supported(sky: Sky, eyes: Eyes, units: Table, know: Knowledge, board: Board, s: int, until_us: int, remote: bool) -> bool:
    """Whether the target of a shot was held half-way, unless others' tracks may serve till then, and at the end of the support."""
    shots = board.shots
    u, launch_us = shots["unit"][s], shots["launch_us"][s]
    if units["radar"][u] < 0:
        return True
    half_us = launch_us + (until_us - launch_us) // 2
    if not remote and not is_held(sky, eyes, units, know, board, u, shots["object"][s], half_us):
        return False
    return is_held(sky, eyes, units, know, board, u, shots["object"][s], until_us)


@inlined
def normal_share(z: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-0.7071067811865476 * z)


@inlined
def gun_probability(weapons: Table, w: int, range_m: float) -> float:
    """Kill probability of one burst, falling from near to far range, relative to the near one."""
    near, far = weapons["gun_near_pk"][w], weapons["gun_far_pk"][w]
    if near <= 0.0:
        return 1.0
    share = min(max(range_m / weapons["range_max_m"][w], 0.0), 1.0)
    return float((near + (far - near) * share) / near)


@inner_kernel
def kills(objects: Table, arms: Arms, know: Knowledge, board: Board, s: int, i: int, range_m: float) -> bool:
    """Draw the outcome of a supported, reliable shot inside its envelope.

    Night, battery and target effects shift the logit of the kill probability and are shared by the shots concerned; the shots
    of one salvo share a cause with the stated correlation (one-factor Gaussian copula).
    """
    shots, clock = board.shots, board.clock
    w, u = shots["weapon"][s], shots["unit"][s]
    pk = know.kill[w, objects["klass"][i]]
    if arms.weapons["kind"][w] == codes.WEAPON_GUN:
        pk *= gun_probability(arms.weapons, w, range_m)
    night = know.scalars[NIGHT_SD]
    if night > 0.0 and 0.0 < pk < 1.0:
        shared = clock["night"][0] + 0.5 * board.units["effect"][u] + 0.5 * board.objects["effect"][i]
        pk = 1.0 / (1.0 + (1.0 - pk) / pk * math.exp(-night * shared))
    seed, replication = clock["seed"][0], clock["replication"][0]
    launcher, target = arms.launchers["key"][shots["launcher"][s]], objects["key"][i]
    ordinal = shots["ordinal"][s]
    rho = know.scalars[CORRELATION]
    if rho <= 0.0:
        return bool(chance.uniform(seed, replication, launcher, target, chance.KILL, ordinal) < pk)
    own, _, _, _ = chance.normals(seed, replication, launcher, target, chance.KILL, ordinal)
    cause, _, _, _ = chance.normals(seed, replication, arms.units["key"][u], target, chance.SALVO_CAUSE, shots["salvo"][s])
    return bool(normal_share(math.sqrt(rho) * cause + math.sqrt(1.0 - rho) * own) < pk)
