"""Whose track is it: belief from evidence, never from truth.

Each piece of evidence is a measurement with its own errors: a reply, the track's motion, where the picture puts it against airways,
filed plans and reported positions, what other posts say.  What an object really is enters only as what it does: what its set answers,
what it sends out, what it releases.
"""

import math

from openiads import chance
from openiads.earth.geodesy import ellipsoidal_height_m
from openiads.kernel import Reals, inlined, inner_kernel
from openiads.model import codes
from openiads.model.columns import FAR_FUTURE_US, Table
from openiads.model.evidence import (
    ACTED,
    AGREES,
    APART,
    BITS,
    CIVIL_REPLY,
    CLASSIFIED,
    CONFORMS,
    CONFORMS_NOT,
    COOPERATIVE,
    CORRIDOR,
    EMISSIONS,
    FLIGHT_PLAN,
    FOREIGN_REPLY,
    FRIENDLY_REPLY,
    FROM_ELSEWHERE,
    FROM_THREAT,
    HEARD,
    HOSTILE_ACT,
    IFF,
    IN_AIRWAY,
    IN_LANE,
    KINEMATICS,
    NO_POSITION,
    ORIGIN,
    OUTSIDE,
    REPORT,
    SILENT,
    posterior,
    state_of,
)
from openiads.model.sensing import is_there
from openiads.model.state import Board
from openiads.model.tables import IFF_FACTOR, Knowledge, Plan, Rule, Sky

NOT_ASKED = 0
STAYS = 3  # decisions in a row inside a corridor before it counts
PLAN_GATE_M = 10e3  # from where a filed plan puts a flight
POSITION_GATE_M = 3e3  # from where a flight says it is; wider where the track is worse
NOWHERE_M = 1e9  # a coordinate that no track is near
NEARBY = 5.0  # gates: so far a reported position still belongs to the track, and does not fit it


@inner_kernel
def ready_sets(plan: Plan, know: Knowledge, board: Board) -> None:
    """Draw which transponders work, and which filed plans the pictures lack; both hold for the whole replication."""
    objects, clock = plan.sky.objects, board.clock
    seed, replication = clock["seed"][0], clock["replication"][0]
    for i in range(objects.shape[0]):
        key = objects["key"][i]
        fails = min((1.0 - objects["iff"][i]) * know.scalars[IFF_FACTOR], 1.0) if objects["iff"][i] > 0.0 else 1.0
        board.objects["replies"][i] = 1 if chance.uniform(seed, replication, key, 0, chance.IFF_REPLY, 0) >= fails else 0
        lacks = chance.uniform(seed, replication, key, 0, chance.FLIGHT_PLAN, 0) < plan.rule.doctrine["plan_missing"][0]
        board.objects["filed"][i] = 0 if lacks else 1


@inlined
def family(doctrine: Table, height_m: float, speed_mps: float, climb_rad: float) -> int:
    """The family that a track's kinematics suggest; thresholds are the engine's, between the classes of the catalogue."""
    if speed_mps >= doctrine["arm_speed_mps"][0] and climb_rad <= -doctrine["arm_dive_rad"][0] and height_m < 16e3:
        if speed_mps < 1100.0:
            return codes.FAMILY_FAST_SMALL
        return codes.FAMILY_BALLISTIC
    if speed_mps > 900.0:
        if abs(climb_rad) < 0.18 and 18e3 < height_m < 70e3:
            return codes.FAMILY_GLIDE
        if height_m > 16e3 or abs(climb_rad) > 0.35:
            return codes.FAMILY_BALLISTIC
        return codes.FAMILY_FAST_SMALL
    if speed_mps > 450.0:
        return codes.FAMILY_FAST_SMALL
    if speed_mps < 90.0:
        return codes.FAMILY_SLOW
    if height_m < 1500.0:
        return codes.FAMILY_LOW_FLYER
    return codes.FAMILY_AIRCRAFT


@inlined
def conforms(corridors: Table, x: float, y: float, z: float, height_m: float) -> int:
    """What the airways and lanes at a place speak for: CIVIL, FRIENDLY, or -1 outside all of them."""
    for c in range(corridors.shape[0]):
        if not corridors["height_min_m"][c] <= height_m <= corridors["height_max_m"][c]:
            continue
        ax, ay, az = (
            corridors["bx_m"][c] - corridors["ax_m"][c],
            corridors["by_m"][c] - corridors["ay_m"][c],
            corridors["bz_m"][c] - corridors["az_m"][c],
        )
        px, py, pz = x - corridors["ax_m"][c], y - corridors["ay_m"][c], z - corridors["az_m"][c]
        along = ax * ax + ay * ay + az * az
        share = min(max((px * ax + py * ay + pz * az) / max(along, 1.0), 0.0), 1.0)
        px, py, pz = px - share * ax, py - share * ay, pz - share * az
        # Take the vertical part away: the chord runs below the ground it stands for.
        r = math.sqrt(x * x + y * y + z * z)
        up = (px * x + py * y + pz * z) / r
        off = px * px + py * py + pz * pz - up * up
        width = corridors["half_width_m"][c]
        if off <= width * width:
            return int(corridors["label"][c])
    return -1


@inner_kernel
def answer_of(sky: Sky, rule: Rule, board: Board, factor: float, decider: int, i: int, ask: int) -> int:
    """What a decider's interrogators hear from an object at one interrogation: the first one and each later have a draw of their own."""
    if i < 0 or board.objects["replies"][i] == 0:
        return SILENT
    side = sky.objects["side"][i]
    if side == codes.CIVIL and rule.doctrine["military"][0] == 1:
        return SILENT
    reply = sky.objects["iff_reply"][i]
    lost = (1.0 - (reply if reply >= 0.0 else rule.doctrine["iff_reply"][0])) * factor
    clock, key, target = board.clock, rule.deciders["key"][decider], sky.objects["key"][i]
    if chance.uniform(clock["seed"][0], clock["replication"][0], key, target, chance.IFF_REPLY, ask) < lost:
        return SILENT
    if side == codes.CIVIL:
        return CIVIL_REPLY
    return FRIENDLY_REPLY if side == codes.FRIENDLY else FOREIGN_REPLY


@inlined
def interrogate(sky: Sky, rule: Rule, board: Board, factor: float, decider: int, row: int, i: int, place: Reals) -> None:
    """Ask a track; sometimes the answer of a neighbour within the gate is read as its own; silence takes no earlier answer away."""
    clock, beliefs, doctrine = board.clock, board.beliefs, rule.doctrine
    ask = beliefs["asks"][row]
    other = i
    swap = doctrine["iff_swap"][0]
    if swap > 0.0 and i >= 0:
        key, target = rule.deciders["key"][decider], sky.objects["key"][i]
        if chance.uniform(clock["seed"][0], clock["replication"][0], key, target, chance.IFF_SWAP, ask) < swap:
            near = neighbour(sky, board.objects, clock["now_us"][0], i, place, doctrine["iff_swap_m"][0])
            other = near if near >= 0 else i
    answer = answer_of(sky, rule, board, factor, decider, other, ask)
    if answer != SILENT or beliefs["answer"][row] == NOT_ASKED:
        beliefs["answer"][row] = answer
    beliefs["asks"][row] = ask + 1
    beliefs["asked_us"][row] = clock["now_us"][0]


@inlined
def neighbour(sky: Sky, flown: Table, now_us: int, i: int, place: Reals, within_m: float) -> int:
    """The nearest other object with a working set within a distance of a place, or -1: whose reply falls into the same gate."""
    best, found = within_m * within_m, -1
    for j in range(sky.objects.shape[0]):
        if j == i or flown["replies"][j] == 0 or not is_there(flown, j, now_us):
            continue
        k = sample(sky.paths, flown["path"][j], now_us - flown["shift_us"][j])
        dx, dy, dz = sky.motion[k, 0] - place[0], sky.motion[k, 1] - place[1], sky.motion[k, 2] - place[2]
        away = dx * dx + dy * dy + dz * dz
        if away < best:
            best, found = away, j
    return found


@inner_kernel
def sample(paths: Table, path: int, time_us: int) -> int:
    """The row of the sampled motion nearest before a time on a path's nominal clock, held at its ends."""
    j = int((time_us - paths["start_us"][path]) / paths["step_us"][path])
    return int(paths["first"][path] + min(max(j, 0), paths["count"][path] - 1))


@inner_kernel
def first_look(plan: Plan, board: Board, d: int, row: int, i: int, place: Reals) -> None:
    """Take down what is found once about a new track: where it came from, what a classifier makes of it, who will report."""
    beliefs, doctrine, clock = board.beliefs, plan.rule.doctrine, board.clock
    seed, replication, key = clock["seed"][0], clock["replication"][0], plan.rule.deciders["key"][d]
    beliefs["said"][row] = origin_of(doctrine, place) << (BITS * ORIGIN)
    beliefs["guess"][row] = -1
    beliefs["report_us"][row] = FAR_FUTURE_US
    if i < 0:
        return
    target = plan.sky.objects["key"][i]
    table = plan.rule.classifier[plan.sky.objects["klass"][i]]
    if table[table.shape[0] - 1] > 0.0:
        u = chance.uniform(seed, replication, key, target, chance.CLASSIFIER, 0)
        guess = 0
        while guess < table.shape[0] - 1 and u >= table[guess]:
            guess += 1
        beliefs["guess"][row] = guess
    loss = doctrine["report_loss"][0]
    if loss >= 0.0 and chance.uniform(seed, replication, key, target, chance.REPORT, 0) >= loss:
        beliefs["report_us"][row] = clock["now_us"][0] + doctrine["report_us"][0]


@inlined
def origin_of(doctrine: Table, place: Reals) -> int:
    """Whether a track was first seen in the sector from which doctrine expects the threat; 0 where it expects none."""
    if doctrine["origin_cos"][0] < -1.5:
        return 0
    cx, cy, cz = doctrine["origin_x_m"][0], doctrine["origin_y_m"][0], doctrine["origin_z_m"][0]
    r = math.sqrt(cx * cx + cy * cy + cz * cz)
    dx, dy, dz = place[0] - cx, place[1] - cy, place[2] - cz
    up = (dx * cx + dy * cy + dz * cz) / r
    dx, dy, dz = dx - up * cx / r, dy - up * cy / r, dz - up * cz / r
    level = max(math.sqrt(dx * dx + dy * dy + dz * dz), 1.0)
    along = dx * doctrine["origin_along_x"][0] + dy * doctrine["origin_along_y"][0] + dz * doctrine["origin_along_z"][0]
    return FROM_THREAT if along >= doctrine["origin_cos"][0] * level else FROM_ELSEWHERE


@inner_kernel
def civil_sky(sky: Sky, rule: Rule, board: Board, place: Reals, quality_m: float) -> tuple[int, int]:
    """How a track's place fits the filed plans, and the positions that flights report; 0 each where the picture has none."""
    if board.clock["flights_us"][0] != board.clock["now_us"][0]:
        look_up_flights(sky, rule, board)
    plans = positions = 0
    nearest_plan2, nearest2 = 1e18, 1e18
    for n in range(rule.flights.shape[0]):
        i, where = rule.flights["object"][n], board.flights[n]
        if rule.flights["filed"][n] == 1 and board.objects["filed"][i] == 1:
            plans = CONFORMS_NOT
            dx, dy, dz = where[0] - place[0], where[1] - place[1], where[2] - place[2]
            nearest_plan2 = min(nearest_plan2, dx * dx + dy * dy + dz * dz)
        if rule.flights["reports"][n] == 1 and board.objects["replies"][i] == 1:
            positions = NO_POSITION
            dx, dy, dz = where[3] - place[0], where[4] - place[1], where[5] - place[2]
            nearest2 = min(nearest2, dx * dx + dy * dy + dz * dz)
    if plans != 0 and nearest_plan2 < PLAN_GATE_M * PLAN_GATE_M:
        plans = CONFORMS
    gate = max(POSITION_GATE_M, 4.0 * quality_m)
    if positions != 0 and nearest2 < NEARBY * NEARBY * gate * gate:
        positions = AGREES if nearest2 < gate * gate else APART
    return plans, positions


@inner_kernel
def look_up_flights(sky: Sky, rule: Rule, board: Board) -> None:
    """Write where each flight should be now and where it says that it is: once for all tracks that are judged at one time."""
    now_us = board.clock["now_us"][0]
    board.clock["flights_us"][0] = now_us
    for n in range(rule.flights.shape[0]):
        i, where = rule.flights["object"][n], board.flights[n]
        for c in range(6):
            where[c] = NOWHERE_M
        if sky.objects["start_us"][i] <= now_us <= sky.objects["end_us"][i]:
            k = sample(sky.paths, sky.objects["path"][i], now_us)
            where[0], where[1], where[2] = sky.motion[k, 0], sky.motion[k, 1], sky.motion[k, 2]
        if is_there(board.objects, i, now_us):
            where[3], where[4], where[5] = reported_place(sky, rule, board.objects, n, i, now_us)


@inlined
def reported_place(sky: Sky, rule: Rule, flown: Table, n: int, i: int, now_us: int) -> tuple[float, float, float]:
    """Where a flight says it is: its true place, or that of a recording of its reports, with the error it reports with."""
    flights = rule.flights
    if flights["count"][n] > 0:
        j = int((now_us - flown["shift_us"][i] - flights["start_us"][n]) / flights["step_us"][n])
        j = flights["first"][n] + min(max(j, 0), flights["count"][n] - 1)
        return float(rule.reported[j, 0]), float(rule.reported[j, 1]), float(rule.reported[j, 2])
    k = sample(sky.paths, flown["path"][i], now_us - flown["shift_us"][i])
    x, y, z = sky.motion[k, 0], sky.motion[k, 1], sky.motion[k, 2]
    if flights["from_us"][n] <= now_us < flights["to_us"][n]:
        x, y, z = x + flights["dx_m"][n], y + flights["dy_m"][n], z + flights["dz_m"][n]
    return float(x), float(y), float(z)


@inlined
def deeds(plan: Plan, board: Board, d: int, row: int, i: int) -> int:
    """The packed states of what a track does or others say of it: emissions, another post's report, a hostile act."""
    said = 0
    if i < 0:
        return said
    clock, key, target = board.clock, plan.rule.deciders["key"][d], plan.sky.objects["key"][i]
    heard = plan.rule.doctrine["emissions"][0]
    sends = plan.sky.objects["emits"][i] == 1
    if sends and heard > 0.0 and chance.uniform(clock["seed"][0], clock["replication"][0], key, target, chance.EMISSION, 0) < heard:
        said |= HEARD << (BITS * EMISSIONS)
    if board.beliefs["report_us"][row] <= clock["now_us"][0]:
        said |= (plan.sky.objects["side"][i] + 1) << (BITS * REPORT)
    if board.objects["released"][i] > 0:
        said |= ACTED << (BITS * HOSTILE_ACT)
    return int(said)


@inner_kernel
def judge(plan: Plan, board: Board, d: int, row: int, i: int, place: Reals, quality_m: float) -> int:
    """Update family, evidence, belief and label of a track; writes its belief row; returns the label.

    ``place`` (6,) is the track's own estimate of position and velocity now, ``quality_m`` its 1-sigma error.
    """
    rule, clock, beliefs = plan.rule, board.clock, board.beliefs
    doctrine, now_us = rule.doctrine, clock["now_us"][0]
    height_m = ellipsoidal_height_m(place[0], place[1], place[2])
    speed = math.sqrt(place[3] * place[3] + place[4] * place[4] + place[5] * place[5])
    r = math.sqrt(place[0] * place[0] + place[1] * place[1] + place[2] * place[2])
    climb = (place[0] * place[3] + place[1] * place[4] + place[2] * place[5]) / (r * max(speed, 1.0))
    kind = family(doctrine, height_m, speed, math.asin(min(max(climb, -1.0), 1.0)))
    state = kind + 1
    if beliefs["guess"][row] >= 0:
        kind = beliefs["guess"][row]
        state = kind + 1 + CLASSIFIED
    beliefs["family"][row] = kind
    beliefs["height_m"][row] = height_m
    beliefs["speed_mps"][row] = speed
    said = (
        (state_of(beliefs["said"][row], ORIGIN) << (BITS * ORIGIN))
        | (state << (BITS * KINEMATICS))
        | beliefs["answer"][row] << (BITS * IFF)
    )
    if rule.corridors.shape[0] > 0:
        speaks = conforms(rule.corridors, place[0], place[1], place[2], height_m)
        beliefs["inside"][row] = beliefs["inside"][row] + 1 if speaks >= 0 else 0
        if beliefs["inside"][row] == 0:
            said |= OUTSIDE << (BITS * CORRIDOR)
        elif beliefs["inside"][row] >= STAYS:
            said |= (IN_AIRWAY if speaks == codes.CIVIL else IN_LANE) << (BITS * CORRIDOR)
    if rule.flights.shape[0] > 0:
        plans, positions = civil_sky(plan.sky, rule, board, place, quality_m)
        said |= plans << (BITS * FLIGHT_PLAN) | positions << (BITS * COOPERATIVE)
    said |= deeds(plan, board, d, row, i)
    open_sky = 1.0 if now_us < doctrine["closes_us"][0] else 0.2
    hostile, civil, friendly = posterior(
        rule.families, doctrine["military"][0], said, doctrine["prior_hostile"][0], open_sky * doctrine["prior_civil"][0],
        doctrine["prior_friendly"][0],
    )  # fmt: skip
    beliefs["said"][row] = said
    beliefs["belief"][row] = hostile
    beliefs["civil"][row] = civil
    return settle(doctrine, beliefs, now_us, row, hostile, civil, friendly)


@inner_kernel
def spoken(said: int) -> int:
    """The bit set of the kinds of evidence that have spoken."""
    found = 0
    for kind in range(HOSTILE_ACT + 1):
        if state_of(said, kind) != 0:
            found |= 1 << kind
    return found


@inlined
def settle(doctrine: Table, beliefs: Table, now_us: int, row: int, hostile: float, civil: float, friendly: float) -> int:
    """Turn a belief into a label; a hostile label is reviewed only now and then, and one that has latched never."""
    if beliefs["label"][row] == codes.LABEL_HOSTILE:
        if beliefs["latched"][row] == 1 or now_us < beliefs["review_us"][row]:
            return codes.LABEL_HOSTILE
        beliefs["review_us"][row] = now_us + doctrine["review_us"][0]
    required = doctrine["required"][0]
    if hostile >= doctrine["threshold"][0] and spoken(beliefs["said"][row]) & required == required:
        return codes.LABEL_HOSTILE
    silent = beliefs["answer"][row] <= SILENT
    if silent and 0.0 < beliefs["soonest_s"][row] <= doctrine["timeout_s"][0] and hostile >= civil and hostile >= friendly:
        return codes.LABEL_HOSTILE
    if friendly >= 0.7:
        return codes.LABEL_FRIENDLY
    if civil >= 0.7:
        return codes.LABEL_CIVIL
    return codes.LABEL_UNKNOWN


@inner_kernel
def may_fire(doctrine: Table, beliefs: Table, row: int) -> bool:
    """Whether belief, weapons control and the rule of self-defence together let a track be fired at."""
    control = beliefs["control"][row]
    label = beliefs["label"][row]
    if control == codes.CONTROL_NEVER:
        return False
    if beliefs["defends"][row] == 1 and label != codes.LABEL_CIVIL and label != codes.LABEL_FRIENDLY:
        return True
    if control == codes.CONTROL_HOLD:
        return False
    if label == codes.LABEL_HOSTILE:
        return True
    return bool(control == codes.CONTROL_FREE and label == codes.LABEL_UNKNOWN and beliefs["belief"][row] >= doctrine["threshold_free"][0])
