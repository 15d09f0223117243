"""A command post's decision: which tracks of its picture to fire at, with which unit and weapon, under doctrine.

Every quantity comes from the picture's own estimates and beliefs; what a track really is is used only to address draws and to
remember, for the why-trace, how far a unit came with it.
"""

import math

from openiads import chance
from openiads.earth.geodesy import ecef_to_geodetic, ellipsoidal_height_m
from openiads.kernel import Ints, Reals, folded, inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note, put
from openiads.model.engagement import (
    NEVER_RAD,
    OK,
    envelope,
    guide,
    gun_probability,
    is_held,
    layer_allows,
    meet,
    reaches_point,
    rounds_ready,
    turn,
    turn_to,
)
from openiads.model.identification import NOT_ASKED, interrogate, judge
from openiads.model.shooting import furthest, order
from openiads.model.state import Air, Board
from openiads.model.tables import DELAY_FACTOR, FAR_FUTURE_US, IFF_FACTOR, Arms, Eyes, Knowledge, Plan, Rule, Table
from openiads.model.tracking.filters import predict
from openiads.model.tracking.table import FIRM, FIRST, LIVE, NUMBER, OBJECT, QUALITY_M, STATUS, TIME_US, TrackTable

HEIGHT_SLACK_M = 500.0
REVIEW_US = 6_000_000  # a labelled track is judged again so often
NEAR_M = 15e3  # a track that will pass an asset closer than its radius and this is a threat to it
READY = 20  # beyond every link of the chain: an order can be given


@folded
def decide(plan: Plan, know: Knowledge, board: Board, air: Air, d: int) -> None:
    """One decision cycle of a decider: identify, evaluate, assign, order."""
    p = plan.rule.deciders["picture"][d]
    tracks = air.tracks
    first = tracks.pictures[p, FIRST]
    waiting = 0
    for slot in range(tracks.pictures[p, LIVE]):
        row = tracks.order[first + slot]
        if tracks.facts[row, STATUS] != FIRM:
            continue
        if is_news(board.clock["now_us"][0], board.beliefs, tracks.facts, row):
            consider(plan, know, board, air, d, row)
        if is_wanted(plan.rule.doctrine, board.clock, board.beliefs, row) and waiting < board.scratch.shape[0] - 4:
            at = waiting
            while at > 0 and board.scratch[at - 1, 8] < board.beliefs["threat"][row]:
                board.scratch[at, 8], board.scratch[at, 9] = board.scratch[at - 1, 8], board.scratch[at - 1, 9]
                at -= 1
            board.scratch[at, 8], board.scratch[at, 9] = board.beliefs["threat"][row], row
            waiting += 1
    for j in range(waiting):
        engage(plan, know, board, air, d, int(board.scratch[j, 9]))


@inlined
def is_news(now_us: int, beliefs: Table, facts: Ints, row: int) -> bool:
    """Whether a track gives reason to judge it anew: it is new, or has a plot since and is unlabelled or due for review."""
    if beliefs["number"][row] != facts[row, NUMBER]:
        return True
    if beliefs["seen_us"][row] == facts[row, TIME_US]:
        return False
    return bool(beliefs["label"][row] == codes.LABEL_UNKNOWN or now_us - beliefs["judged_us"][row] >= REVIEW_US)


@inlined
def consider(plan: Plan, know: Knowledge, board: Board, air: Air, d: int, row: int) -> None:
    """Take a new plot of a track into account: belief, threat, and silence before what may home on radars."""
    place = board.scratch[board.scratch.shape[0] - 2]
    place[0], place[1], place[2], place[3], place[4], place[5] = predict(air.tracks, row, board.clock["now_us"][0], plan.trackers)
    refresh(plan, know, board, air, d, row, place)
    board.beliefs["seen_us"][row] = air.tracks.facts[row, TIME_US]
    board.beliefs["judged_us"][row] = board.clock["now_us"][0]
    threat(plan.assets, plan.rule.families, board.beliefs, row, place)
    keep_silence(plan.eyes, plan.rule, board, d, row, place)
    if board.clock["trace"][0] == 1:
        trace_track(plan.sky.objects, plan.rule.deciders, board, air.tracks, d, row, place)


@inlined
def refresh(plan: Plan, know: Knowledge, board: Board, air: Air, d: int, row: int, place: Reals) -> None:
    """Bring the belief about one track up to date; logs a changed label and starts the clock of the decision."""
    beliefs, clock = board.beliefs, board.clock
    now_us = clock["now_us"][0]
    i = air.tracks.facts[row, OBJECT]
    if beliefs["number"][row] != air.tracks.facts[row, NUMBER]:
        open_file(board.clock, board.beliefs, row, air.tracks.facts[row, NUMBER])
    if beliefs["answer"][row] == NOT_ASKED or (
        beliefs["label"][row] == codes.LABEL_UNKNOWN and now_us - beliefs["asked_us"][row] >= plan.rule.doctrine["ask_us"][0]
    ):
        interrogate(plan.sky, plan.rule, board, know.scalars[IFF_FACTOR], d, row, i, place)
    label = judge(plan.rule, clock, beliefs, row, place)
    beliefs["control"][row] = control_at(plan.rule, clock, place)
    furthest(board.objects, i, codes.NOT_IDENTIFIED)
    if label != beliefs["label"][row]:
        beliefs["label"][row] = label
        key = plan.sky.objects["key"][i] if i >= 0 else 0
        line = note(
            clock, board.log_integers, codes.STAGE_DECIDE, codes.LABEL, plan.rule.deciders["key"][d], key, label, i, d,
            int(air.tracks.facts[row, NUMBER]), int(beliefs["evidence"][row]) * 16 + int(beliefs["answer"][row]),
        )  # fmt: skip
        put(board.log_reals, line, beliefs["belief"][row], beliefs["civil"][row], beliefs["speed_mps"][row], beliefs["height_m"][row], 0.0)
        if label == codes.LABEL_HOSTILE:
            u = chance.uniform(clock["seed"][0], clock["replication"][0], plan.rule.deciders["key"][d], key, chance.LABEL_LATCH, 0)
            beliefs["latched"][row] = 1 if u < plan.rule.doctrine["latch"][0] else 0
    if beliefs["hostile_us"][row] < 0 and may_fire(plan.rule.doctrine, beliefs, row):
        beliefs["hostile_us"][row] = now_us
        beliefs["ready_us"][row] = now_us + decision_us(
            plan.rule, board, know.scalars[DELAY_FACTOR], plan.sky.objects["key"][i] if i >= 0 else 0, d
        )
    elif beliefs["label"][row] == codes.LABEL_HOSTILE and beliefs["hostile_us"][row] < 0:
        trace_not_engaged(plan.sky.objects, plan.rule.deciders, board, air.tracks.facts, d, row, codes.HELD)


@inlined
def open_file(clock: Table, beliefs: Table, row: int, number: int) -> None:
    """Forget what an earlier track of this row was believed to be."""
    beliefs["number"][row] = number
    beliefs["label"][row] = codes.LABEL_UNKNOWN
    beliefs["firm_us"][row] = clock["now_us"][0]
    beliefs["hostile_us"][row] = -1
    beliefs["ready_us"][row] = FAR_FUTURE_US
    beliefs["answer"][row] = NOT_ASKED
    beliefs["asked_us"][row] = -1
    beliefs["inside"][row] = 0
    beliefs["aimed"][row] = 0
    beliefs["wait_us"][row] = 0
    beliefs["dead"][row] = 0
    beliefs["latched"][row] = 0
    beliefs["salvos"][row] = 0
    beliefs["again_us"][row] = 0
    beliefs["told"][row] = codes.NOBODY
    beliefs["soonest_s"][row] = 1200.0


@inlined
def control_at(rule: Rule, clock: Table, place: Reals) -> int:
    """Weapons control in force at a place: of the last zone it lies in, else doctrine's before or after the first hostile act."""
    after = clock["hostile_act_us"][0] <= clock["now_us"][0]
    control = rule.doctrine["control_after"][0] if after else rule.doctrine["control"][0]
    if rule.zones.shape[0] > 0:
        height = ellipsoidal_height_m(place[0], place[1], place[2])
        for z in range(rule.zones.shape[0]):
            if rule.zones["after_act"][z] == 1 and not after:
                continue
            if not rule.zones["height_min_m"][z] <= height <= rule.zones["height_max_m"][z]:
                continue
            if rule.zones["count"][z] > 0:
                lat, lon, _ = ecef_to_geodetic(place[0], place[1], place[2])
                inside = is_inside(rule.corners_rad, rule.zones["first"][z], rule.zones["count"][z], lat, lon)
            else:
                dx, dy, dz = place[0] - rule.zones["x_m"][z], place[1] - rule.zones["y_m"][z], place[2] - rule.zones["z_m"][z]
                reach = rule.zones["radius_m"][z]
                inside = dx * dx + dy * dy + dz * dz - height * height <= reach * reach
            if inside:
                control = rule.zones["control"][z]
    return int(control)


@inlined
def is_inside(corners_rad: Reals, first: int, count: int, lat_rad: float, lon_rad: float) -> bool:
    """Whether a place lies in a polygon of corners on the map (even-odd rule; not across the antimeridian)."""
    inside = False
    j = first + count - 1
    for i in range(first, first + count):
        above_i, above_j = corners_rad[i, 0] > lat_rad, corners_rad[j, 0] > lat_rad
        if above_i != above_j:
            share = (lat_rad - corners_rad[i, 0]) / (corners_rad[j, 0] - corners_rad[i, 0])
            if lon_rad < corners_rad[i, 1] + share * (corners_rad[j, 1] - corners_rad[i, 1]):
                inside = not inside
        j = i
    return inside


@inner_kernel
def may_fire(doctrine: Table, beliefs: Table, row: int) -> bool:
    """Whether belief and weapons control together let a track be fired at."""
    control = beliefs["control"][row]
    label = beliefs["label"][row]
    if control == codes.CONTROL_HOLD:
        return False
    if label == codes.LABEL_HOSTILE:
        return True
    return bool(control == codes.CONTROL_FREE and label == codes.LABEL_UNKNOWN and beliefs["belief"][row] >= doctrine["threshold_free"][0])


@inlined
def decision_us(rule: Rule, board: Board, factor: float, target: int, d: int) -> int:
    """Draw the time that the first decision on a track takes: lognormal, slower for the first engagement after quiet."""
    clock = board.clock
    z, _, _, _ = chance.normals(clock["seed"][0], clock["replication"][0], rule.deciders["key"][d], target, chance.DECISION_DELAY, 0)
    median = rule.deciders["delay_us"][d] * factor
    if board.deciders["acted"][d] == 0:
        median *= rule.doctrine["stress"][0]
    return int(median * math.exp(rule.deciders["delay_sigma"][d] * z))


@inlined
def is_wanted(doctrine: Table, clock: Table, beliefs: Table, row: int) -> bool:
    """Whether a track waits for fire: decided, not being shot at, not assessed dead."""
    now_us = clock["now_us"][0]
    if (
        now_us < beliefs["again_us"][row]
        or beliefs["hostile_us"][row] < 0
        or now_us < beliefs["ready_us"][row]
        or not may_fire(doctrine, beliefs, row)
    ):
        return False
    if beliefs["dead"][row] == 1:
        if now_us < beliefs["wait_us"][row]:
            return False
        beliefs["dead"][row] = 0
    return bool(beliefs["aimed"][row] == 0)


@inlined
def threat(assets: Table, families: Table, beliefs: Table, row: int, place: Reals) -> None:
    """Write the value of stopping a track now: what it may hit, how soon, and how dangerous its believed family is."""
    worth = 0.15
    soonest_s = 1200.0
    speed2 = place[3] * place[3] + place[4] * place[4] + place[5] * place[5]
    for a in range(assets.shape[0]):
        dx, dy, dz = assets["x_m"][a] - place[0], assets["y_m"][a] - place[1], assets["z_m"][a] - place[2]
        along_s = max((dx * place[3] + dy * place[4] + dz * place[5]) / max(speed2, 1.0), 0.0)
        mx, my, mz = dx - along_s * place[3], dy - along_s * place[4], dz - along_s * place[5]
        miss2 = mx * mx + my * my + mz * mz
        near = assets["radius_m"][a] + NEAR_M
        worth += assets["value"][a] / (1.0 + miss2 / (near * near))
        if miss2 < 4.0 * near * near:
            soonest_s = min(soonest_s, along_s)
    beliefs["soonest_s"][row] = soonest_s
    beliefs["threat"][row] = families["threat"][beliefs["family"][row]] * worth / (60.0 + soonest_s)


@folded
def engage(plan: Plan, know: Knowledge, board: Board, air: Air, d: int, row: int) -> None:
    """Choose unit and weapon for one track and give the orders of one salvo; else remember how far the best unit came."""
    place, point = board.scratch[board.scratch.shape[0] - 2], board.scratch[board.scratch.shape[0] - 1]
    now_us = board.clock["now_us"][0]
    place[0], place[1], place[2], place[3], place[4], place[5] = predict(air.tracks, row, now_us, plan.trackers)
    i = air.tracks.facts[row, OBJECT]
    best, best_score, reached = codes.NOBODY, -1e30, codes.HELD
    for u in range(plan.arms.units.shape[0]):
        if board.units["decider"][u] != d:
            continue
        frame = plan.arms.frames[u]
        dx, dy, dz = place[0] - frame[0], place[1] - frame[1], place[2] - frame[2]
        closing = -(dx * place[3] + dy * place[4] + dz * place[5])
        away2 = dx * dx + dy * dy + dz * dz
        reach = plan.arms.units["reach_m"][u] * 1.3 + (max(closing, 0.0) / math.sqrt(away2)) * 120.0
        if away2 > reach * reach:
            reached = max(reached, codes.OUTSIDE_ENVELOPE)
            continue
        if board.units["dead_us"][u] <= now_us or (
            plan.arms.units["radar"][u] >= 0 and guide(plan.arms.units, board.radars, now_us, u) < 0
        ):
            if i >= 0:
                board.objects["blocked"][i] = max(board.objects["blocked"][i], 1)
            continue
        for w in range(plan.arms.units["weapon_first"][u], plan.arms.units["weapon_first"][u] + plan.arms.units["weapon_count"][u]):
            link, score = weigh(plan.arms, plan.eyes.radars, plan.rule, board, air.coverages, u, w, row, math.sqrt(away2), place, point)
            if link == READY and score > best_score:
                if is_acquired(plan, know, board, air.coverages, u, i, point):
                    best, best_score = w, score
                else:
                    link = codes.OUTSIDE_ENVELOPE
            reached = max(reached, min(link, codes.NO_TIME))
    if best < 0:
        furthest(board.objects, i, reached)
        trace_not_engaged(plan.sky.objects, plan.rule.deciders, board, air.tracks.facts, d, row, reached)
        board.beliefs["again_us"][row] = now_us + again_us(reached, plan.rule.families["is_urgent"][board.beliefs["family"][row]])
        return
    fire(plan, board, air, d, best, row, place, point)


@inlined
def is_acquired(plan: Plan, know: Knowledge, board: Board, coverages: Reals, u: int, i: int, point: Reals) -> bool:
    """Whether a unit's guiding channel, pointed at a track, sees something there; one that must turn first is given the order."""
    now_us = board.clock["now_us"][0]
    channel = guide(plan.arms.units, board.radars, now_us, u)
    if channel < 0 or turn_to(plan.eyes.radars, coverages, board, u, channel, point) != 0.0:
        return True
    return is_held(plan.sky, plan.eyes, plan.arms.units, know, board, u, i, now_us)


@inlined
def again_us(link: int, is_urgent: int) -> int:
    """After how long a track that no unit can take is looked at again: soon where a channel may come free, late where orders forbid."""
    if is_urgent == 1:
        return 1_000_000
    if link <= codes.NO_RATED_MISSILE or link == codes.NO_ROUND:
        return 15_000_000
    return 8_000_000 if link == codes.OUTSIDE_ENVELOPE else 4_000_000


@folded
def weigh(
    arms: Arms,
    radars: Table,
    rule: Rule,
    board: Board,
    coverages: Reals,
    u: int,
    w: int,
    row: int,
    range_m: float,
    place: Reals,
    point: Reals,
) -> tuple[int, float]:
    """How far a weapon comes with a track: READY and its score, or the first link that breaks."""
    beliefs = board.beliefs
    kind = beliefs["family"][row]
    if not layer_allows(arms.weapons, w, kind, beliefs["height_m"][row], range_m):
        return codes.HELD, 0.0
    is_ballistic = kind == codes.FAMILY_BALLISTIC or kind == codes.FAMILY_GLIDE
    falls = kind == codes.FAMILY_BALLISTIC
    now_us = board.clock["now_us"][0]
    start_us = soonest_us(arms, board, u)
    tof_s = meet(arms, w, place, (start_us - now_us) * 1e-6, falls, point)
    if tof_s < 0.0:
        return codes.OUTSIDE_ENVELOPE, 0.0
    link = envelope(arms, w, point, place, beliefs["speed_mps"][row], is_ballistic, HEIGHT_SLACK_M)
    if link != OK:
        return link, 0.0
    channel = guide(arms.units, board.radars, now_us, u)
    if channel >= 0 and rule.doctrine["remote"][0] == 0:
        by_rad = turn_to(radars, coverages, board, u, channel, point)
        if not reaches_point(coverages[channel], point[0], point[1], point[2]) or (
            by_rad == NEVER_RAD and radars["slew_rps"][channel] <= 0.0
        ):
            return codes.OUTSIDE_ENVELOPE, 0.0
        if by_rad == NEVER_RAD:
            return codes.NO_CHANNEL, 0.0
    believed_pk = rule.families["believed_pk"][kind]
    if arms.weapons["kind"][w] == codes.WEAPON_GUN:
        dx, dy, dz = point[0] - arms.frames[u, 0], point[1] - arms.frames[u, 1], point[2] - arms.frames[u, 2]
        believed_pk = arms.weapons["gun_near_pk"][w] * gun_probability(arms.weapons, w, math.sqrt(dx * dx + dy * dy + dz * dz))
    if believed_pk < rule.doctrine["minimum_pk"][0]:
        return codes.HELD, 0.0
    if (
        board.units["missiles"][u] >= arms.units["missiles_max"][u]
        or targets_held(board.shots, board.units["guides"][u], row) >= arms.units["targets_max"][u]
    ):
        return codes.NO_CHANNEL, 0.0
    ready = rounds_ready(arms, board, w)
    if ready <= 0:
        return codes.NO_ROUND, 0.0
    kept = rule.doctrine["reserve"][0] * arms.weapons["loaded"][w]
    if rule.families["is_urgent"][kind] == 0 and arms.weapons["kind"][w] == codes.WEAPON_MISSILE and ready <= kept:
        return codes.NO_ROUND, 0.0
    if impact_s(place, falls) < (start_us - now_us) * 1e-6 + tof_s:
        return codes.NO_TIME, 0.0
    return READY, arms.weapons["prefer"][w] * 1000.0 - tof_s * 0.1


@inlined
def soonest_us(arms: Arms, board: Board, u: int) -> int:
    """When a unit could launch next."""
    ready_us = board.clock["now_us"][0] + arms.units["reaction_us"][u] + arms.units["link_delay_us"][u]
    return int(max(ready_us, board.units["free_us"][u]))


@inlined
def impact_s(place: Reals, falls: bool) -> float:
    """Time until a track on its believed course reaches the ground; a long time for one that does not descend."""
    r = math.sqrt(place[0] * place[0] + place[1] * place[1] + place[2] * place[2])
    climb = (place[0] * place[3] + place[1] * place[4] + place[2] * place[5]) / r
    height = max(r - 6371e3 + 15e3, 0.0) if falls else 1e9
    if not falls or height > 1e8:
        return 1e6
    return float((climb + math.sqrt(climb * climb + 2.0 * 9.8 * height)) / 9.8)


@inlined
def targets_held(shots: Table, newest: int, row: int) -> int:
    """Distinct targets among the supported shots of a unit, from the newest back, not counting the track in question."""
    held = 0
    s = newest
    while s >= 0:
        other = shots["after"][s]
        while other >= 0 and shots["row"][other] != shots["row"][s]:
            other = shots["after"][other]
        if other < 0 and shots["row"][s] != row:
            held += 1
        s = shots["after"][s]
    return held


@inlined
def fire(plan: Plan, board: Board, air: Air, d: int, w: int, row: int, place: Reals, point: Reals) -> None:
    """Order one salvo: one shot where doctrine looks between shots, more where it does not; the radar turns to it first."""
    arms, rule, facts = plan.arms, plan.rule, air.tracks.facts
    u = arms.weapons["unit"][w]
    kind = board.beliefs["family"][row]
    shots = 1
    if rule.families["is_salvo"][kind] == 1:
        shots = rule.families["salvo"][kind]
    shots = min(shots, rounds_ready(arms, board, w), arms.units["missiles_max"][u] - board.units["missiles"][u])
    now_us, start_us = board.clock["now_us"][0], soonest_us(arms, board, u)
    meet(arms, w, place, (start_us - now_us) * 1e-6, kind == codes.FAMILY_BALLISTIC, point)
    channel = guide(arms.units, board.radars, now_us, u)
    if channel >= 0 and rule.doctrine["remote"][0] == 0:
        by_rad = turn_to(plan.eyes.radars, air.coverages, board, u, channel, point)
        if by_rad != 0.0 and by_rad != NEVER_RAD:
            turn(arms, plan.eyes.radars, air.coverages, board, u, by_rad)
            start_us = max(start_us, now_us + int(abs(by_rad) / plan.eyes.radars["slew_rps"][channel] * 1e6))
    salvo = board.clock["salvos"][0]
    board.clock["salvos"][0] = salvo + 1
    for j in range(shots):
        at_us = start_us + j * arms.units["interval_us"][u]
        order(arms, plan.sky.objects, board, facts, d, u, w, row, at_us, board.beliefs["salvos"][row], point)
    board.units["free_us"][u] = start_us + shots * arms.units["interval_us"][u]
    board.beliefs["salvos"][row] += 1
    board.beliefs["told"][row] = codes.NOBODY
    board.deciders["acted"][d] = 1
    if board.clock["hostile_act_us"][0] == FAR_FUTURE_US:
        board.clock["hostile_act_us"][0] = now_us


@inlined
def keep_silence(eyes: Eyes, rule: Rule, board: Board, d: int, row: int, place: Reals) -> None:
    """Switch off an acquisition radar that a believed anti-radiation missile is about to reach, where doctrine says so."""
    silence_us = rule.doctrine["silence_us"][0]
    if silence_us == 0 or board.beliefs["family"][row] != codes.FAMILY_FAST_SMALL:
        return
    now_us = board.clock["now_us"][0]
    speed2 = place[3] * place[3] + place[4] * place[4] + place[5] * place[5]
    for r in range(eyes.radars.shape[0]):
        if eyes.radars["emits"][r] == 0 or eyes.radars["unit"][r] >= 0 or eyes.radars["is_feed"][r] == 1:
            continue
        if board.radars["dead_us"][r] <= now_us or board.radars["speaks_us"][r] > now_us:
            continue
        at = eyes.coverages[r]
        dx, dy, dz = at[0] - place[0], at[1] - place[1], at[2] - place[2]
        along_s = (dx * place[3] + dy * place[4] + dz * place[5]) / max(speed2, 1.0)
        mx, my, mz = dx - along_s * place[3], dy - along_s * place[4], dz - along_s * place[5]
        if 3.0 < along_s < 45.0 and mx * mx + my * my + mz * mz < 9e6 + 0.01 * speed2 * along_s * along_s:
            board.radars["silent_us"][r] = now_us
            board.radars["speaks_us"][r] = now_us + silence_us
            board.radars["silence_us"][r] += silence_us
            note(
                board.clock,
                board.log_integers,
                codes.STAGE_DECIDE,
                codes.SILENT,
                eyes.radars["key"][r],
                rule.deciders["key"][d],
                codes.NONE,
                r,
                d,
                codes.NONE,
                codes.NONE,
            )


@inlined
def trace_track(objects: Table, deciders: Table, board: Board, tracks: TrackTable, d: int, row: int, place: Reals) -> None:
    """Record where a picture believes a track to be, for replay and training; outside the digest."""
    i = tracks.facts[row, OBJECT]
    key = objects["key"][i] if i >= 0 else 0
    line = note(
        board.clock, board.log_integers, codes.STAGE_DECIDE, codes.TRACK_STATE, deciders["key"][d], key, board.beliefs["label"][row],
        i, d, int(tracks.facts[row, NUMBER]), int(board.beliefs["family"][row]),
    )  # fmt: skip
    put(board.log_reals, line, place[0], place[1], place[2], board.beliefs["belief"][row], tracks.estimate[row, QUALITY_M])


@inlined
def trace_not_engaged(objects: Table, deciders: Table, board: Board, facts: Ints, d: int, row: int, link: int) -> None:
    """Record why no unit fires at a track, once until the reason changes, for replay; outside the digest."""
    if board.clock["trace"][0] == 0 or board.beliefs["told"][row] == link:
        return
    board.beliefs["told"][row] = link
    i = facts[row, OBJECT]
    key = objects["key"][i] if i >= 0 else 0
    number = int(facts[row, NUMBER])
    note(
        board.clock, board.log_integers, codes.STAGE_DECIDE, codes.NOT_ENGAGED, deciders["key"][d], key, link, i, d, number, codes.NONE
    )  # fmt: skip
