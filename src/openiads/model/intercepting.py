"""Intercepts: where the target really is when a shot gets there, and what becomes of both."""

import math

from openiads import chance
from openiads.kernel import inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note, push, put
from openiads.model.columns import Table
from openiads.model.engagement import OK, envelope, flight_s, is_supported, kills
from openiads.model.links import furthest
from openiads.model.sensing import is_there, place_at
from openiads.model.shots import fly, let_go
from openiads.model.state import Air, Board
from openiads.model.tables import Arms, Eyes, Knowledge, Plan, Sky
from openiads.model.times import drawn_us

REVISE_US = 300_000  # an intercept that would come later than this after its time is moved


@inlined
def revise(sky: Sky, arms: Arms, classes: Table, board: Board, s: int, i: int) -> int:
    """Where the target really is at the time of the intercept: OK, a later meeting (-2), or the broken link."""
    shots = board.shots
    w, u = shots["weapon"][s], shots["unit"][s]
    now_us = board.clock["now_us"][0]
    place, point = board.scratch[board.scratch.shape[0] - 2], board.scratch[board.scratch.shape[0] - 1]
    place_at(sky, board.objects, i, now_us, place)
    frame = arms.frames[u]
    dx, dy, dz = place[0] - frame[0], place[1] - frame[1], place[2] - frame[2]
    range_m = math.sqrt(dx * dx + dy * dy + dz * dz)
    point[0], point[1], point[2], point[3] = place[0], place[1], place[2], range_m
    klass = sky.objects["klass"][i]
    link = envelope(arms, w, point, place, classes["is_ballistic"][klass] == 1, 0.0)
    if link != OK:
        return link
    late_us = shots["launch_us"][s] + int(flight_s(arms.weapons, arms.flights_s, w, range_m) * 1e6) - now_us
    if late_us > REVISE_US and shots["revisions"][s] < 8:
        shots["revisions"][s] += 1
        return -2
    return OK


@inner_kernel
def intercept(plan: Plan, know: Knowledge, board: Board, air: Air, s: int) -> None:
    """Resolve a shot at its time: is there a target, was it supported, does the round work, is it a kill."""
    shots, clock = board.shots, board.clock
    now_us = clock["now_us"][0]
    if shots["result"][s] != -1 or shots["intercept_us"][s] != now_us:
        return
    w, u, i = shots["weapon"][s], shots["unit"][s], shots["object"][s]
    result = codes.SHOT_NO_TARGET
    if i >= 0 and board.objects["dead_us"][i] <= now_us:
        result = codes.SHOT_ALREADY_DEAD if board.objects["end"][i] == codes.KILLED else codes.SHOT_NO_TARGET
        furthest(board.objects, i, codes.NO_TIME)
    elif i >= 0 and is_there(board.objects, i, now_us):
        met = revise(plan.sky, plan.arms, plan.rule.classes, board, s, i)
        if met == -2:
            tof_us = int(flight_s(plan.arms.weapons, plan.arms.flights_s, w, board.scratch[board.scratch.shape[0] - 1, 3]) * 1e6)
            fly(plan.arms.weapons, board, s, max(shots["launch_us"][s] + tof_us, now_us + 100_000))
            return
        result = outcome(plan.sky, plan.eyes, plan.arms, know, board, s, i, met, plan.rule.doctrine["remote"][0] == 1)
    let_go(board, s)
    shots["result"][s] = result
    point = board.scratch[board.scratch.shape[0] - 1]
    key = plan.sky.objects["key"][i] if i >= 0 else 0
    row = note(clock, board.log_integers, codes.STAGE_INTERCEPT, codes.INTERCEPT, plan.arms.units["key"][u], key, result, i, u, s, w)
    put(board.log_reals, row, point[0], point[1], point[2], 0.0, 0.0)
    if result == codes.SHOT_KILL:
        board.objects["dead_us"][i] = now_us
        board.objects["end"][i] = codes.KILLED
        note(clock, board.log_integers, codes.STAGE_INTERCEPT, codes.END, key, plan.arms.units["key"][u], codes.KILLED, i, u, s, codes.NONE)
    d = shots["decider"][s]
    share = chance.uniform(
        clock["seed"][0], clock["replication"][0], plan.arms.units["key"][u], key, chance.ASSESSMENT_DELAY, shots["ordinal"][s]
    )
    seen_us = now_us + drawn_us(plan.rule.laws_s, plan.rule.deciders["assess"][d], share)
    push(clock, board.queue, seen_us, codes.STAGE_ASSESS, codes.NONE, s)


@inlined
def outcome(sky: Sky, eyes: Eyes, arms: Arms, know: Knowledge, board: Board, s: int, i: int, met: int, remote: bool) -> int:
    """Result of a shot at a target that is there; the target's furthest link is remembered."""
    shots, clock = board.shots, board.clock
    w = shots["weapon"][s]
    if met != OK:
        furthest(board.objects, i, codes.OUTSIDE_ENVELOPE)
        return codes.SHOT_OUTSIDE
    if not is_supported(sky, eyes, arms.units, know, board, s, shots["handover_us"][s], remote):
        furthest(board.objects, i, codes.SUPPORT_LOST)
        return codes.SHOT_UNSUPPORTED
    furthest(board.objects, i, codes.MISSED)
    launcher = arms.launchers["key"][shots["launcher"][s]]
    works = (
        chance.uniform(clock["seed"][0], clock["replication"][0], launcher, 0, chance.ROUND_RELIABILITY, shots["ordinal"][s])
        < arms.weapons["reliability"][w]
    )
    if not works:
        return codes.SHOT_UNRELIABLE
    if kills(sky.objects, arms, know, board, s, i, board.scratch[board.scratch.shape[0] - 1, 3]):
        return codes.SHOT_KILL
    return codes.SHOT_MISS
