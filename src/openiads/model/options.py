"""What each unit of a decider could do about each track that it may fire at: the assignment problem of one decision."""

import math

from openiads.earth.geodesy import ellipsoidal_height_m
from openiads.kernel import Reals, folded, inlined, inner_kernel
from openiads.model import codes
from openiads.model.columns import LEVELS, Table
from openiads.model.engagement import (
    NEVER_RAD,
    OK,
    envelope,
    guide,
    gun_probability,
    is_held,
    is_rated,
    meet,
    passes,
    reaches_point,
    rounds_ready,
    turn_to,
)
from openiads.model.evaluation import fall_s
from openiads.model.shots import targets_held
from openiads.model.state import Air, Ask, Board
from openiads.model.tables import DELAY_FACTOR, Arms, Knowledge, Plan, Rule
from openiads.model.times import drawn_us
from openiads.model.tracking.filters import predict
from openiads.model.tracking.table import OBJECT

HEIGHT_SLACK_M = 500.0
WAITING, READY = 62, 63  # beyond every link and refusal: the decision is not made yet; an order can be given
TRACKS, UNITS, DECIDER, ORDERS = 0, 1, 2, 3  # entries of Ask.size
ITS_DUTY, ITSELF, TOP_ASSET = 1, 2, 3  # values of Rule.protects
AHEAD_S = 120.0  # how far ahead a target is looked for on its way into a unit's reach
LOW_M, HIGH_M = -9e3, 9e6  # layers beyond these heights set no limit


@inner_kernel
def muster(plan: Plan, board: Board, d: int) -> None:
    """List the units that a decider commands with the shots that channels and launchers allow; none for one dead, silent or blind."""
    ask, units, stand, n = board.ask, plan.arms.units, board.units, 0
    now_us = board.clock["now_us"][0]
    for u in range(units.shape[0]):
        if stand["decider"][u] != d:
            continue
        ask.unit[n] = u
        ask.capacity[n] = 0
        if stand["dead_us"][u] <= now_us or (units["radar"][u] >= 0 and guide(units, board.radars, now_us, u) < 0):
            ask.capacity[n] = -1
        else:
            held = targets_held(board.shots, stand["guides"][u])
            free = min(units["targets_max"][u] - held, units["missiles_max"][u] - stand["missiles"][u])
            ask.capacity[n] = max(free, 0)
        ask.start_us[n] = order_us(plan, board, u)
        for w in range(units["weapon_first"][u], units["weapon_first"][u] + units["weapon_count"][u]):
            ask.ready[w] = rounds_ready(plan.arms, board, w)
        n += 1
    ask.size[UNITS] = n
    ask.size[DECIDER] = d


@inner_kernel
def order_us(plan: Plan, board: Board, u: int) -> int:
    """When a unit could launch on an order given now, as far as its decider can reckon."""
    line = u * LEVELS + board.units["level"][u]
    delay_us = drawn_us(plan.rule.laws_s, plan.rule.lines["delay"][line], 0.5)
    ready_us = board.clock["now_us"][0] + plan.arms.units["reaction_us"][u] + delay_us
    return int(max(ready_us, board.units["free_us"][u]))


@inner_kernel
def decided_us(rule: Rule, units: Table, beliefs: Table, factor: float, u: int, row: int) -> int:
    """When the decision to fire with a unit at a track is made: the chain of its own system, from when the track may be fired at."""
    chain_us = drawn_us(rule.laws_s, units["decision"][u], beliefs["share"][row])
    return int(beliefs["hostile_us"][row] + int(chain_us * beliefs["slow"][row] * factor))


@inner_kernel
def stands_by(rule: Rule, beliefs: Table, u: int, row: int) -> bool:
    """Whether a track threatens a unit's own site, or one that it is to protect."""
    toward = beliefs["toward"][row]
    return bool(toward >= 0 and (rule.protects[u, toward] == ITS_DUTY or rule.protects[u, toward] == ITSELF))


@folded
def weigh(
    arms: Arms, radars: Table, rule: Rule, board: Board, coverages: Reals, u: int, w: int, row: int, start_us: int, place: Reals,
    point: Reals,
) -> tuple[int, float, float]:  # fmt: skip
    """How far a weapon comes with a track: READY or the first link that breaks; believed kill probability; time until the intercept."""
    beliefs, doctrine = board.beliefs, rule.doctrine
    kind = beliefs["family"][row]
    if (arms.weapons["layer_families"][w] >> kind) & 1 == 0:
        return codes.HELD, 0.0, 0.0
    falls = kind == codes.FAMILY_BALLISTIC
    as_ballistic = falls or kind == codes.FAMILY_GLIDE
    if not is_rated(arms.weapons, w, beliefs["speed_mps"][row], as_ballistic):
        return codes.NO_RATED_MISSILE, 0.0, 0.0
    now_us = board.clock["now_us"][0]
    wait_s = (start_us - now_us) * 1e-6
    if not falls and not passes(arms, w, place, wait_s):
        return codes.OUTSIDE_ENVELOPE, 0.0, 0.0
    tof_s = meet(arms, w, place, wait_s, falls, point)
    if tof_s < 0.0:
        return codes.OUTSIDE_ENVELOPE, 0.0, 0.0
    link = envelope(arms, w, point, place, as_ballistic, HEIGHT_SLACK_M)
    if link != OK:
        return link, 0.0, 0.0
    channel = guide(arms.units, board.radars, now_us, u)
    if channel >= 0 and doctrine["remote"][0] == 0:
        by_rad = turn_to(radars, coverages, board, u, channel, point)
        is_fixed = by_rad == NEVER_RAD and radars["slew_rps"][channel] <= 0.0
        if is_fixed or not reaches_point(coverages[channel], point[0], point[1], point[2]):
            return codes.OUTSIDE_ENVELOPE, 0.0, 0.0
        if by_rad == NEVER_RAD:
            return codes.NO_CHANNEL, 0.0, 0.0
    frame = arms.frames[u]
    dx, dy, dz = point[0] - frame[0], point[1] - frame[1], point[2] - frame[2]
    range_m = math.sqrt(dx * dx + dy * dy + dz * dz)
    if not in_layer(arms.weapons, w, range_m, point):
        return codes.HELD, 0.0, 0.0
    kill = rule.believed[w, kind]
    if arms.weapons["kind"][w] == codes.WEAPON_GUN:
        kill *= gun_probability(arms.weapons, w, range_m)
    if kill < doctrine["minimum_pk"][0] or kill <= 0.0:
        return codes.HELD, 0.0, 0.0
    if board.ask.ready[w] <= kept_back(arms, rule, beliefs, u, w, row):
        return codes.NO_ROUND, 0.0, 0.0
    if falls and fall_s(place) < wait_s + tof_s:
        return codes.NO_TIME, 0.0, 0.0
    return READY, kill, wait_s + tof_s


@inlined
def in_layer(weapons: Table, w: int, range_m: float, point: Reals) -> bool:
    """Whether doctrine leaves what is met at a point to this weapon."""
    if not weapons["layer_range_min_m"][w] <= range_m <= weapons["layer_range_max_m"][w]:
        return False
    low, high = weapons["layer_height_min_m"][w], weapons["layer_height_max_m"][w]
    if low < LOW_M and high > HIGH_M:
        return True
    height_m = ellipsoidal_height_m(point[0], point[1], point[2])
    return bool(low <= height_m <= high)


@inlined
def kept_back(arms: Arms, rule: Rule, beliefs: Table, u: int, w: int, row: int) -> float:
    """Missiles of a magazine that doctrine keeps from this track: none from what is urgent, or aims at the unit, its ward or the most
    valued asset in its reach; a unit that protects another keeps them for that duty alone.
    """
    if arms.weapons["kind"][w] != codes.WEAPON_MISSILE:
        return 0.0
    share = rule.doctrine["reserve"][0] * arms.weapons["loaded"][w]
    if stands_by(rule, beliefs, u, row):
        return 0.0
    toward = beliefs["toward"][row]
    if arms.units["has_duty"][u] == 1:
        return float(share)
    if rule.families["is_urgent"][beliefs["family"][row]] == 1 or (toward >= 0 and rule.protects[u, toward] == TOP_ASSET):
        return 0.0
    return float(share)


@inner_kernel
def pose(plan: Plan, know: Knowledge, board: Board, air: Air) -> None:
    """Fill the assignment: for every track and unit the unit's best weapon, its kill probability and time, or the link that breaks."""
    ask = board.ask
    place, point = board.scratch[board.scratch.shape[0] - 2], board.scratch[board.scratch.shape[0] - 1]
    for j in range(ask.size[TRACKS]):
        row = ask.track[j]
        place[0], place[1], place[2], place[3], place[4], place[5] = predict(air.tracks, row, board.clock["now_us"][0])
        kind = board.beliefs["family"][row]
        ask.value[j] = board.beliefs["threat"][row]
        ask.limit[j] = plan.rule.families["salvo"][kind] if plan.rule.families["is_salvo"][kind] == 1 else 1
        for k in range(ask.size[UNITS]):
            ask.kill[k, j], ask.time_s[k, j], ask.weapon[k, j] = 0.0, 1e6, -1
            if not comes_near(plan.arms, ask.unit[k], place):
                ask.link[k, j] = codes.OUTSIDE_ENVELOPE
            elif ask.capacity[k] < 0:
                ask.link[k, j] = codes.UNIT_DEAD
            else:
                ask.link[k, j] = consult(plan, know, board, air, k, j, place, point)
        prefer(plan, ask, board, j, kind, place)


@inlined
def comes_near(arms: Arms, u: int, place: Reals) -> bool:
    """Whether a target is near a unit's longest reach, or will be soon: asked first, because to hand a whole plan over costs more."""
    frame = arms.frames[u]
    dx, dy, dz = place[0] - frame[0], place[1] - frame[1], place[2] - frame[2]
    closing = -(dx * place[3] + dy * place[4] + dz * place[5])
    away2 = dx * dx + dy * dy + dz * dz
    near_m = arms.units["reach_m"][u] * 1.3
    if away2 <= near_m * near_m or closing <= 0.0:
        return bool(away2 <= near_m * near_m)
    reach_m = near_m + closing / math.sqrt(away2) * AHEAD_S
    return bool(away2 <= reach_m * reach_m)


@inner_kernel
def consult(plan: Plan, know: Knowledge, board: Board, air: Air, k: int, j: int, place: Reals, point: Reals) -> int:
    """What one unit could do about one track; writes weapon, kill probability and time of its best shot; returns the link."""
    ask, arms = board.ask, plan.arms
    u, row = ask.unit[k], ask.track[j]
    if decided_us(plan.rule, arms.units, board.beliefs, know.scalars[DELAY_FACTOR], u, row) > board.clock["now_us"][0]:
        return WAITING
    reached, start_us, acquired = codes.HELD, ask.start_us[k], -1
    for w in range(arms.units["weapon_first"][u], arms.units["weapon_first"][u] + arms.units["weapon_count"][u]):
        link, kill, time_s = weigh(arms, plan.eyes.radars, plan.rule, board, air.coverages, u, w, row, start_us, place, point)
        if link == READY and acquired != 1:
            acquired = 1 if acquired == -1 and is_acquired(plan, know, board, air, u, row, point) else 0
            link = READY if acquired == 1 else codes.OUTSIDE_ENVELOPE
        reached = max(reached, link)
        best = ask.weapon[k, j]
        # The deadlier weapon, of equals the one of shorter reach: the longer arm is kept for what only it can take.
        if link == READY and (
            kill > ask.kill[k, j] or (kill == ask.kill[k, j] and arms.weapons["range_max_m"][w] < arms.weapons["range_max_m"][best])
        ):
            ask.kill[k, j], ask.time_s[k, j], ask.weapon[k, j] = kill, time_s, w
    if reached != READY:
        return int(reached)
    spare = 1 if arms.units["has_duty"][u] == 1 and not stands_by(plan.rule, board.beliefs, u, row) else 0
    if ask.capacity[k] <= spare:
        ask.kill[k, j] = 0.0
        return codes.NO_CHANNEL
    return READY


@inlined
def is_acquired(plan: Plan, know: Knowledge, board: Board, air: Air, u: int, row: int, point: Reals) -> bool:
    """Whether a unit's guiding channel, pointed at a track, sees something there; one that must turn first is given the order."""
    now_us = board.clock["now_us"][0]
    channel = guide(plan.arms.units, board.radars, now_us, u)
    if channel < 0 or plan.rule.doctrine["remote"][0] == 1:
        return True
    if turn_to(plan.eyes.radars, air.coverages, board, u, channel, point) != 0.0:
        return True
    return is_held(plan.sky, plan.eyes, plan.arms.units, know, board, u, air.tracks.facts[row, OBJECT], now_us)


@inlined
def prefer(plan: Plan, ask: Ask, board: Board, j: int, kind: int, place: Reals) -> None:
    """Leave a track to the systems that doctrine names first, while one of their units can take it or will be able to."""
    first = 1 << 30
    for k in range(ask.size[UNITS]):
        u = ask.unit[k]
        if plan.rule.ranks[u, kind] < first and will_take(plan, board, ask, k, j, place):
            first = plan.rule.ranks[u, kind]
    for k in range(ask.size[UNITS]):
        if ask.link[k, j] == READY and plan.rule.ranks[ask.unit[k], kind] > first:
            ask.kill[k, j] = 0.0
            ask.link[k, j] = codes.HELD


@inlined
def will_take(plan: Plan, board: Board, ask: Ask, k: int, j: int, place: Reals) -> bool:
    """Whether a unit can take a track now, or the track will come into its reach while it has rounds for it."""
    link, u = ask.link[k, j], ask.unit[k]
    if link >= WAITING:
        return True
    if link != codes.OUTSIDE_ENVELOPE or ask.capacity[k] < 0:
        return False
    frame, reach_m = plan.arms.frames[u], 0.0
    for w in range(plan.arms.units["weapon_first"][u], plan.arms.units["weapon_first"][u] + plan.arms.units["weapon_count"][u]):
        if ask.ready[w] > kept_back(plan.arms, plan.rule, board.beliefs, u, w, ask.track[j]):
            reach_m = max(reach_m, min(plan.arms.weapons["range_max_m"][w], plan.arms.weapons["layer_range_max_m"][w]))
    dx, dy, dz = frame[0] - place[0], frame[1] - place[1], frame[2] - place[2]
    speed2 = place[3] * place[3] + place[4] * place[4] + place[5] * place[5]
    along_s = (dx * place[3] + dy * place[4] + dz * place[5]) / max(speed2, 1.0)
    mx, my, mz = dx - along_s * place[3], dy - along_s * place[4], dz - along_s * place[5]
    return bool(along_s > 0.0 and mx * mx + my * my + mz * mz < reach_m * reach_m)
