"""Whose track is it: belief from evidence, never from truth.

Evidence is a reply (or silence) to interrogation, kinematics against what each side flies, and conformance with airways and
lanes.  Pieces that share a cause are one piece: the pictures keep the latest state of each cause and multiply each once.
"""

import math

from openiads import chance
from openiads.earth.geodesy import ecef_to_geodetic
from openiads.kernel import Reals, inlined, inner_kernel
from openiads.model import codes
from openiads.model.sensing import is_there
from openiads.model.state import Board
from openiads.model.tables import Rule, Sky, Table

NOT_ASKED, SILENT, ANSWER_FRIENDLY, ANSWER_CIVIL = 0, 1, 2, 3
EVIDENCE_REPLY, EVIDENCE_KINEMATIC, EVIDENCE_CORRIDOR = 1, 2, 4
# P(answer | hostile, civil, friendly) in the order silence, friendly answer, civil answer: judgement, kept wide of certainty.
_ANSWER = ((0.97, 0.05, 0.05), (0.005, 0.001, 0.92), (0.025, 0.949, 0.03))
# P(three decisions in a row inside an airway or lane | side), then outside any.
_INSIDE_AIRWAY = (0.10, 0.85, 0.10)
_INSIDE_LANE = (0.03, 0.05, 0.80)
_OUTSIDE = (0.87, 0.10, 0.10)


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
def answer_of(objects: Table, deciders: Table, doctrine: Table, clock: Table, factor: float, decider: int, i: int) -> int:
    """What the transponder of an object returns to a decider's interrogators: drawn once for the pair."""
    if i < 0 or objects["side"][i] == codes.HOSTILE:
        return SILENT
    lost = min(doctrine["iff_failure"][0] * factor, 1.0)
    works = objects["iff"][i] * (1.0 - lost)
    key, target = deciders["key"][decider], objects["key"][i]
    if chance.uniform(clock["seed"][0], clock["replication"][0], key, target, chance.IFF_REPLY, 0) >= works:
        return SILENT
    return ANSWER_CIVIL if objects["side"][i] == codes.CIVIL else ANSWER_FRIENDLY


@inlined
def interrogate(sky: Sky, rule: Rule, board: Board, factor: float, decider: int, row: int, i: int, place: Reals) -> None:
    """Ask a track; sometimes the answer of a neighbour within the gate is read as its own."""
    clock, beliefs, doctrine = board.clock, board.beliefs, rule.doctrine
    answer = answer_of(sky.objects, rule.deciders, doctrine, clock, factor, decider, i)
    swap = doctrine["iff_swap"][0]
    if swap > 0.0 and i >= 0:
        key, target = rule.deciders["key"][decider], sky.objects["key"][i]
        if chance.uniform(clock["seed"][0], clock["replication"][0], key, target, chance.IFF_SWAP, 0) < swap:
            other = neighbour(sky, board.objects, clock["now_us"][0], i, place, doctrine["iff_swap_m"][0])
            if other >= 0:
                answer = answer_of(sky.objects, rule.deciders, doctrine, clock, factor, decider, other)
    beliefs["answer"][row] = answer
    beliefs["asked_us"][row] = clock["now_us"][0]


@inlined
def neighbour(sky: Sky, flown: Table, now_us: int, i: int, place: Reals, within_m: float) -> int:
    """The nearest other object in the air within a distance of a place, or -1: whose reply falls into the same gate."""
    best, found = within_m * within_m, -1
    for j in range(sky.objects.shape[0]):
        if j == i or not is_there(flown, j, now_us):
            continue
        path = flown["path"][j]
        since = now_us - flown["shift_us"][j] - sky.paths["start_us"][path]
        k = sky.paths["first"][path] + min(max(since // sky.paths["step_us"][path], 0), sky.paths["count"][path] - 1)
        dx, dy, dz = sky.motion[k, 0] - place[0], sky.motion[k, 1] - place[1], sky.motion[k, 2] - place[2]
        away = dx * dx + dy * dy + dz * dz
        if away < best:
            best, found = away, j
    return found


@inlined
def judge(rule: Rule, clock: Table, beliefs: Table, row: int, place: Reals) -> int:
    """Update family, belief and label of a track from its evidence; writes its belief row; returns the label.

    ``place`` (6,) is the track's own estimate of position and velocity now.
    """
    doctrine, families = rule.doctrine, rule.families
    _, _, height_m = ecef_to_geodetic(place[0], place[1], place[2])
    speed = math.sqrt(place[3] * place[3] + place[4] * place[4] + place[5] * place[5])
    r = math.sqrt(place[0] * place[0] + place[1] * place[1] + place[2] * place[2])
    climb = (place[0] * place[3] + place[1] * place[4] + place[2] * place[5]) / (r * max(speed, 1.0))
    kind = family(doctrine, height_m, speed, math.asin(min(max(climb, -1.0), 1.0)))
    beliefs["family"][row] = kind
    beliefs["height_m"][row] = height_m
    beliefs["speed_mps"][row] = speed
    speaks = conforms(rule.corridors, place[0], place[1], place[2], height_m)
    beliefs["inside"][row] = beliefs["inside"][row] + 1 if speaks >= 0 else 0
    hostile = doctrine["prior_hostile"][0] * families["if_hostile"][kind]
    civil = doctrine["prior_civil"][0] * families["if_civil"][kind]
    friendly = doctrine["prior_friendly"][0] * families["if_friendly"][kind]
    if clock["now_us"][0] >= doctrine["closes_us"][0]:
        civil *= 0.2
    pieces = EVIDENCE_KINEMATIC
    if beliefs["answer"][row] != NOT_ASKED:
        said = _ANSWER[beliefs["answer"][row] - 1]
        hostile, civil, friendly = hostile * said[0], civil * said[1], friendly * said[2]
        pieces |= EVIDENCE_REPLY
    where = _OUTSIDE
    if beliefs["inside"][row] >= 3:
        where = _INSIDE_AIRWAY if speaks == codes.CIVIL else _INSIDE_LANE
    if beliefs["inside"][row] == 0 or beliefs["inside"][row] >= 3:
        hostile, civil, friendly = hostile * where[0], civil * where[1], friendly * where[2]
        pieces |= EVIDENCE_CORRIDOR
    total = hostile + civil + friendly
    beliefs["belief"][row] = hostile / total
    beliefs["civil"][row] = civil / total
    beliefs["evidence"][row] = pieces
    return settle(doctrine, beliefs, row, hostile / total, civil / total, friendly / total)


@inlined
def settle(doctrine: Table, beliefs: Table, row: int, hostile: float, civil: float, friendly: float) -> int:
    """Turn a belief into a label; a hostile label may have latched and then is not reviewed."""
    if beliefs["label"][row] == codes.LABEL_HOSTILE and beliefs["latched"][row] == 1:
        return codes.LABEL_HOSTILE
    required = 0
    pieces = beliefs["evidence"][row]
    for bit in range(3):
        required += (pieces >> bit) & 1
    if hostile >= doctrine["threshold"][0] and required >= doctrine["required"][0]:
        return codes.LABEL_HOSTILE
    silent = beliefs["answer"][row] == SILENT
    if silent and beliefs["soonest_s"][row] <= doctrine["timeout_s"][0] and hostile >= civil and hostile >= friendly:
        return codes.LABEL_HOSTILE
    if friendly >= 0.7:
        return codes.LABEL_FRIENDLY
    if civil >= 0.7:
        return codes.LABEL_CIVIL
    return codes.LABEL_UNKNOWN
