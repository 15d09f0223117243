"""The beginning of a replication: what the night draws, who stands ready, and what the agenda opens with."""

import math

from openiads import chance
from openiads.kernel import Reals, inlined, kernel
from openiads.model import codes
from openiads.model.agenda import push
from openiads.model.columns import FAR_FUTURE_US, LEVELS, Table
from openiads.model.feeding import await_scan
from openiads.model.identification import ready_sets
from openiads.model.lives import LINE_KIND
from openiads.model.state import Board, State
from openiads.model.tables import AVAILABILITY, Arms, Knowledge, Plan
from openiads.model.tracking.scan import clear
from openiads.model.tracking.sight import face


@kernel
def init(plan: Plan, know: Knowledge, state: State, seed: int, replication: int, trace: int) -> None:
    """Set a state to the beginning of one replication: draws of the night, readiness, phases and start times."""
    board, air = state.board, state.air
    clock = board.clock
    clock["now_us"][0] = 0
    clock["queued"][0] = 0
    clock["logged"][0] = 0
    clock["shots"][0] = 0
    clock["salvos"][0] = 0
    clock["status"][0] = 0
    clock["looks"][0] = 0
    clock["updates"][0] = 0
    clock["flights_us"][0] = -1
    clock["seed"][0] = seed
    clock["replication"][0] = replication
    clock["reports"][0] = 0
    clock["hostile_act_us"][0] = FAR_FUTURE_US
    clock["trace"][0] = trace & 1
    clock["outside"][0] = trace >> 1
    clock["night"][0] = chance.normals(seed, replication, 0, 0, chance.NIGHT_EFFECT, 0)[0]
    clear(air.tracks)
    lost = know.scalars[AVAILABILITY]
    ready_radars(plan.eyes.radars, plan.rule.doctrine, clock, board.radars, air.coverages, lost)
    for row in range(board.strobes.shape[0]):
        board.strobes["on"][row] = 0
    ready_units(plan.arms, plan.rule.lines, board, lost)
    ready_objects(plan.sky.objects, board)
    ready_sets(plan, know, board)
    for b in range(board.beliefs.shape[0]):
        board.beliefs["number"][b] = -1
    for a in range(plan.assets.shape[0]):
        board.assets["hits"][a] = 0
        board.assets["stopped_us"][a] = FAR_FUTURE_US
    watching = 0
    for f in range(plan.feeds.shape[0]):
        r = plan.feeds["radar"][f]
        board.feeds["arrives_us"][f] = -1
        board.feeds["first"][f] = watching
        board.feeds["watching"][f] = 0
        board.feeds["next"][f] = plan.eyes.watched[r]
        watching += plan.eyes.watched[r + 1] - plan.eyes.watched[r]
        if board.deciders["units"][plan.feeds["picture"][f]] == 0:
            continue
        await_scan(plan, board, f, board.radars["phase_us"][r] + plan.eyes.radars["period_us"][r])
    for d in range(plan.rule.deciders.shape[0]):
        if board.deciders["units"][d] > 0:
            push(clock, board.queue, plan.rule.deciders["phase_us"][d], codes.STAGE_DECIDE, codes.NONE, d)


@inlined
def ready_radars(radars: Table, doctrine: Table, clock: Table, stand: Table, coverages: Reals, share: float) -> None:
    """Draw which radars work, their scan phases and the errors of their facing."""
    seed, replication = clock["seed"][0], clock["replication"][0]
    for r in range(radars.shape[0]):
        key = radars["key"][r]
        phase = chance.uniform(seed, replication, key, 0, chance.SCAN_PHASE, 0)
        stand["phase_us"][r] = int(phase * radars["period_us"][r])
        off = 2.0 * chance.uniform(seed, replication, key, 0, chance.FACING_ERROR, 0) - 1.0
        facing = radars["facing_rad"][r] + off * radars["facing_error_rad"][r]
        stand["facing_rad"][r] = facing
        if radars["half_sector_rad"][r] < math.pi:
            face(coverages, r, facing + radars["bias_azimuth_rad"][r])
        lost = 1.0 - radars["availability"][r]
        fails = chance.uniform(seed, replication, key, 0, chance.AVAILABILITY, 0) < lost * share
        stand["dead_us"][r] = 0 if fails else FAR_FUTURE_US
        stand["silent_us"][r] = 0
        stand["speaks_us"][r] = radars["ready_us"][r]
        stand["silence_us"][r] = 0
        stand["hits"][r] = 0
        stand["hidden"][r] = 0
        stand["strobed"][r] = -1
        blinks = radars["blink_shift_us"][r] >= 0
        stand["blink_on_us"][r] = doctrine["blink_on_us"][0] if blinks else 0
        stand["blink_us"][r] = doctrine["blink_on_us"][0] + doctrine["blink_off_us"][0]
        stand["blink_shift_us"][r] = radars["blink_shift_us"][r]


@inlined
def ready_units(arms: Arms, lines: Table, board: Board, share: float) -> None:
    """Draw which units and launchers stand ready, load them, and put every unit under its first decider."""
    seed, replication = board.clock["seed"][0], board.clock["replication"][0]
    for d in range(board.deciders.shape[0]):
        board.deciders["dead_us"][d] = FAR_FUTURE_US
        board.deciders["hits"][d] = 0
        board.deciders["acted_us"][d] = -FAR_FUTURE_US
        board.deciders["overloaded"][d] = 0
        board.deciders["units"][d] = 0
    for u in range(arms.units.shape[0]):
        key = arms.units["key"][u]
        lost = 1.0 - arms.units["availability"][u]
        fails = chance.uniform(seed, replication, key, 1, chance.AVAILABILITY, 0) < lost * share
        board.units["dead_us"][u] = 0 if fails else FAR_FUTURE_US
        board.units["free_us"][u] = arms.units["ready_us"][u]
        board.units["missiles"][u] = 0
        board.units["fired"][u] = 0
        board.units["guides"][u] = -1
        board.units["loading"][u] = 0
        board.units["hits"][u] = 0
        board.units["effect"][u] = chance.normals(seed, replication, key, 0, chance.BATTERY_EFFECT, 0)[0]
        home = arms.units["home"][u]
        board.units["level"][u] = 0
        board.units["decider"][u] = home
        board.deciders["units"][home] += 1
        for level in range(LEVELS):
            cut_us = lines["cut_us"][u * LEVELS + level]
            if lines["decider"][u * LEVELS + level] >= 0 and cut_us < FAR_FUTURE_US:
                push(board.clock, board.queue, cut_us, codes.STAGE_OBJECT, LINE_KIND + level, u)
    for j in range(arms.launchers.shape[0]):
        lost = 1.0 - arms.launchers["availability"][j]
        draw = chance.uniform(seed, replication, arms.launchers["key"][j], 2, chance.AVAILABILITY, 0)
        board.launchers["dead_us"][j] = 0 if draw < lost * share else FAR_FUTURE_US
        board.launchers["reloads"][j] = arms.launchers["reloads"][j]
        board.launchers["waits_us"][j] = -1
        board.launchers["hits"][j] = 0
        for slot in range(board.rounds.shape[1]):
            board.rounds[j, slot] = arms.rounds[j, slot]


@inlined
def ready_objects(planned: Table, board: Board) -> None:
    """Draw the start of each group and put every birth on the agenda."""
    seed, replication = board.clock["seed"][0], board.clock["replication"][0]
    for i in range(planned.shape[0]):
        objects = board.objects
        draw = 2.0 * chance.uniform(seed, replication, planned["group"][i], 0, chance.GROUP_START, 0) - 1.0
        objects["shift_us"][i] = int(draw * planned["jitter_us"][i])
        objects["path"][i] = planned["path"][i]
        objects["switch_us"][i] = FAR_FUTURE_US
        objects["born_us"][i] = FAR_FUTURE_US
        objects["dead_us"][i] = 0
        objects["end"][i] = codes.ALIVE
        objects["detected_us"][i] = -1
        objects["looks"][i] = 0
        objects["jammed"][i] = 0
        objects["hits"][i] = 0
        objects["engaged"][i] = 0
        objects["released"][i] = 0
        objects["firm"][i] = 0
        objects["cleared"][i] = 0
        objects["furthest"][i] = -1
        objects["blocked"][i] = 0
        objects["effect"][i] = chance.normals(seed, replication, planned["key"][i], 0, chance.TARGET_EFFECT, 0)[0]
    for i in range(planned.shape[0]):
        if planned["leads"][i] == 1:
            draw_arrivals(planned, board, i)
    for i in range(planned.shape[0]):
        objects = board.objects
        start_us = max(planned["start_us"][i] + objects["shift_us"][i], 0)
        if planned["start_us"][i] + objects["shift_us"][i] > planned["last_us"][i] or stays_away(planned, board.clock, i):
            continue
        push(board.clock, board.queue, start_us, codes.STAGE_OBJECT, codes.NONE, i)
        if planned["soft_kill"][i] > 0.0:
            at_us = max(planned["soft_kill_us"][i] + objects["shift_us"][i], start_us)
            push(board.clock, board.queue, at_us, codes.STAGE_OBJECT, codes.TWO, i)


@inlined
def draw_arrivals(planned: Table, board: Board, leader: int) -> None:
    """Draw the starts of a group whose members come by chance: exponential gaps, the first one after one gap."""
    clock = board.clock
    first_us = planned["start_us"][leader]
    since_us, number = 0.0, 0
    i = leader
    while i >= 0:
        u = chance.uniform(clock["seed"][0], clock["replication"][0], planned["group"][leader], 0, chance.ARRIVAL, number)
        since_us -= math.log1p(-u) * planned["gap_us"][leader]
        board.objects["shift_us"][i] += int(since_us) - (planned["start_us"][i] - first_us)
        number += 1
        i = planned["next"][i]


@inlined
def stays_away(planned: Table, clock: Table, i: int) -> bool:
    """Draw whether an object does not come at all."""
    share = planned["availability"][i]
    return bool(
        share < 1.0 and chance.uniform(clock["seed"][0], clock["replication"][0], planned["key"][i], 3, chance.AVAILABILITY, 0) >= share
    )
