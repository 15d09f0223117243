"""Time: set a battle up, take one step, run to the end.

``step`` takes the first event off the agenda and hands it to its stage; ``run`` is a compiled loop over ``step`` and a Python loop
over ``step`` writes the same log.
"""

import math

from openiads import chance
from openiads.kernel import Ints, Reals, folded, inlined, inner_kernel, kernel
from openiads.model import codes
from openiads.model.agenda import FINISHED, INDEX_MASK, KIND_SHIFT, STAGE_SHIFT, note, pop, push
from openiads.model.clutter import add_false_plots
from openiads.model.command import decide
from openiads.model.damage import LINE_KIND, arrive, bear, fall_back, soft_kill
from openiads.model.feeding import await_scan
from openiads.model.identification import ready_sets
from openiads.model.ordering import carry_out, put_off
from openiads.model.resolution import merge
from openiads.model.sensing import is_heard, scan
from openiads.model.shooting import INTERCEPT_KIND, assess, furthest, intercept, launch, let_go, refill
from openiads.model.state import Air, Board, State
from openiads.model.strobing import take_strobes
from openiads.model.tables import AVAILABILITY, FAR_FUTURE_US, LEVELS, Arms, Knowledge, Plan, Table
from openiads.model.tracking.joint import process_scan_jointly
from openiads.model.tracking.scan import clear, process_scan
from openiads.model.tracking.table import ASSOCIATOR, CONFIRMED, JOINT, KIND, NUMBER, OBJECT, ROW, STARTED


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
            coverages[r, 14] = math.sin(facing + radars["bias_azimuth_rad"][r])
            coverages[r, 15] = math.cos(facing + radars["bias_azimuth_rad"][r])
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


@folded
def sense(plan: Plan, know: Knowledge, board: Board, air: Air, f: int) -> None:
    """One radar's complete scan reaches one picture."""
    clock = board.clock
    now_us = clock["now_us"][0]
    r, p = plan.feeds["radar"][f], plan.feeds["picture"][f]
    period_us = plan.eyes.radars["period_us"][r]
    if board.deciders["units"][p] == 0:
        return
    end_us = board.feeds["end_us"][f]
    await_scan(plan, board, f, end_us + period_us)
    via = plan.feeds["via"][f]
    if plan.feeds["cut_us"][f] <= end_us or not is_heard(board.radars, r, end_us) or is_relieved(plan, board, f, end_us):
        return
    if via >= 0 and board.deciders["dead_us"][via] <= now_us:
        return
    number = (end_us - board.radars["phase_us"][r]) // period_us - 1
    loss = plan.feeds["loss"][f]
    if loss > 0.0:
        key = plan.rule.deciders["key"][p]
        if chance.uniform(clock["seed"][0], clock["replication"][0], plan.eyes.radars["key"][r], key, chance.LINK_LOSS, number) < loss:
            return
    n = scan(plan.sky, plan.eyes, know, board, air.plots, f, r, number, end_us - period_us)
    take_strobes(plan, know, board, air.coverages, r, number, end_us - period_us)
    n = merge(plan.eyes.radars, plan.eyes.coverages[r], air.plots, r, n)
    n = add_false_plots(
        plan.eyes.radars, plan.eyes.regions, plan.eyes.coverages, clock, board.radars, air.plots, r, number, end_us - period_us, n
    )
    clock["updates"][0] += n
    if plan.trackers[ASSOCIATOR] == JOINT:
        events = process_scan_jointly(air.tracks, p, plan.trackers, air.coverages[r], end_us, air.plots, n, air.scratch)
    else:
        events = process_scan(air.tracks, p, plan.trackers, air.coverages[r], end_us, air.plots, n, air.scratch)
    for j in range(n):
        if air.plots.whole[j, KIND] == STARTED and clock["trace"][0] == 1:
            note_track(plan.sky.objects, plan.rule.deciders, board, air.tracks.facts, p, int(air.plots.whole[j, ROW]), codes.TRACK_START)
    for e in range(events):
        row = int(air.scratch.events[e, 0])
        if air.scratch.events[e, 1] == CONFIRMED:
            i = air.tracks.facts[row, OBJECT]
            if i >= 0:
                board.objects["firm"][i] += 1
            note_track(plan.sky.objects, plan.rule.deciders, board, air.tracks.facts, p, row, codes.TRACK_FIRM)
        elif board.beliefs["number"][row] == air.tracks.facts[row, NUMBER]:
            note_track(plan.sky.objects, plan.rule.deciders, board, air.tracks.facts, p, row, codes.TRACK_DROP)
            board.beliefs["number"][row] = -1


@inlined
def is_relieved(plan: Plan, board: Board, f: int, time_us: int) -> bool:
    """Whether a guiding radar need not search for a picture: an acquisition radar close by does, and is heard."""
    first = plan.feeds["relief_first"][f]
    for k in range(first, first + plan.feeds["relief_count"][f]):
        other = plan.reliefs[k]
        if plan.feeds["cut_us"][other] > time_us and is_heard(board.radars, plan.feeds["radar"][other], time_us):
            return True
    return False


@inner_kernel
def note_track(objects: Table, deciders: Table, board: Board, facts: Ints, p: int, row: int, kind: int) -> None:
    """Log a track's confirmation or end with the object it followed last."""
    i = facts[row, OBJECT]
    key = objects["key"][i] if i >= 0 else 0
    number = int(facts[row, NUMBER])
    note(board.clock, board.log_integers, codes.STAGE_SENSE, kind, deciders["key"][p], key, codes.NONE, i, p, number, codes.NONE)


@kernel
def step(plan: Plan, know: Knowledge, state: State) -> int:
    """Take and handle one event; returns 0, or the status that ends the battle."""
    return take(plan, know, state)


@inlined
def take(plan: Plan, know: Knowledge, state: State) -> int:
    """Hand the first event of the agenda to its stage: the one body of ``step`` and of ``go_on``."""
    board, air = state.board, state.air
    clock = board.clock
    if clock["queued"][0] == 0:
        return close(plan.sky.objects, board, plan.duration_us)
    time_us, event = pop(clock, board.queue)
    if time_us >= plan.duration_us:
        return close(plan.sky.objects, board, plan.duration_us)
    clock["now_us"][0] = time_us
    stage, kind, index = event >> STAGE_SHIFT, (event >> KIND_SHIFT) & 255, event & INDEX_MASK
    if stage == codes.STAGE_SENSE:
        sense(plan, know, board, air, index)
    elif stage == codes.STAGE_DECIDE:
        if board.deciders["units"][index] > 0 and board.deciders["dead_us"][index] > time_us:
            push(clock, board.queue, time_us + plan.rule.deciders["period_us"][index], codes.STAGE_DECIDE, codes.NONE, index)
            decide(plan, know, board, air, index)
    elif stage == codes.STAGE_INTERCEPT:
        if kind == INTERCEPT_KIND:
            intercept(plan, know, board, air, index)
        elif board.shots["handover_us"][index] == time_us:
            let_go(board, index)
    elif stage == codes.STAGE_LAUNCH:
        if kind == 0:
            launch(plan, know, board, air, index)
        else:
            refill(plan.arms, board, index)
    elif stage == codes.STAGE_ASSESS:
        assess(plan, know, board, index)
    elif stage == codes.STAGE_OBJECT:
        object_event(plan, know, board, kind, index)
    return int(clock["status"][0])


@inner_kernel
def object_event(plan: Plan, know: Knowledge, board: Board, kind: int, index: int) -> None:
    """Handle one event of an object or of a unit's link."""
    if kind == 0:
        bear(plan.sky, board, index)
    elif kind == 1:
        arrive(plan, know, board, index)
    elif kind == 2:
        soft_kill(plan.sky.objects, board, index)
    else:
        fall_back(plan, board, index, kind - LINE_KIND)


@inner_kernel
def close(planned: Table, board: Board, duration_us: int) -> int:
    """Write the ends still open and the broken link of every leaker."""
    clock = board.clock
    clock["now_us"][0] = duration_us
    for i in range(planned.shape[0]):
        objects = board.objects
        key = planned["key"][i]
        if objects["end"][i] == codes.ALIVE:
            end = codes.ALIVE if objects["born_us"][i] <= duration_us else codes.UNBORN
            objects["end"][i] = end
            note(clock, board.log_integers, codes.STAGE_OBJECT, codes.END, key, codes.NONE, end, i, codes.NOBODY, codes.NONE, codes.NONE)
        if objects["end"][i] == codes.LEAKED:
            if objects["firm"][i] == 0:
                furthest(objects, i, missed_link(planned, objects, i))
            link = objects["furthest"][i]
            if objects["blocked"][i] == 1 and link <= codes.OUTSIDE_ENVELOPE:
                link = codes.UNIT_DEAD
            if objects["firm"][i] > 0:
                link = max(link, codes.NO_FIRM_TRACK)
            if link == codes.NOT_IDENTIFIED and objects["cleared"][i] == 1:
                link = codes.NO_TIME
            if objects["blocked"][i] == 2 and link == codes.MISSED:
                link = codes.ASSESSED_DEAD
            note(
                clock,
                board.log_integers,
                codes.STAGE_OBJECT,
                codes.WHY_EVENT,
                key,
                codes.NONE,
                link,
                i,
                codes.NOBODY,
                codes.NONE,
                codes.NONE,
            )
    if clock["status"][0] == 0:
        clock["status"][0] = FINISHED
    return int(clock["status"][0])


@inlined
def missed_link(planned: Table, flown: Table, i: int) -> int:
    """The link that broke for an object that never became a firm track."""
    if planned["visible"][i] == 0:
        return codes.NEVER_VISIBLE
    if flown["hits"][i] > 0:
        return codes.NO_FIRM_TRACK
    if 2 * flown["jammed"][i] > flown["looks"][i]:
        return codes.JAMMED
    return codes.TOO_WEAK


def run(plan: Plan, know: Knowledge, state: State, seed: int, replication: int, trace: int) -> int:
    """Run one replication from its beginning to its end, or to the first decision that is made outside; returns the status."""
    init(plan, know, state, seed, replication, trace)
    return go_on(plan, know, state)


@kernel
def go_on(plan: Plan, know: Knowledge, state: State) -> int:
    """Take steps until one ends the battle, or asks for orders; returns the status."""
    status = 0
    while status == 0:
        status = take(plan, know, state)
    return status


@kernel
def obey(plan: Plan, know: Knowledge, state: State) -> int:
    """Carry out the orders that were asked for (``Board.ask``) and go on; returns the status."""
    board = state.board
    board.clock["status"][0] = 0
    carry_out(plan, know, board, state.air)
    put_off(plan, know, board, state.air)
    if board.clock["status"][0] != 0:
        return int(board.clock["status"][0])
    return go_on(plan, know, state)
