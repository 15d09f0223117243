"""Time: take one step, run to the end.

``step`` takes the first event off the agenda and hands it to its stage; ``run`` is a compiled loop over ``step`` and a Python loop
over ``step`` writes the same log.
"""

from openiads import chance
from openiads.engine.start import init
from openiads.kernel import Ints, folded, inlined, inner_kernel, kernel
from openiads.model import codes
from openiads.model.agenda import FINISHED, INDEX_MASK, KIND_SHIFT, STAGE_SHIFT, note, pop, push
from openiads.model.assessing import assess
from openiads.model.clutter import add_false_plots
from openiads.model.columns import Table
from openiads.model.command import decide
from openiads.model.feeding import await_scan
from openiads.model.intercepting import intercept
from openiads.model.launching import launch
from openiads.model.links import broken_link
from openiads.model.lives import ARRIVAL_KIND, BIRTH_KIND, LINE_KIND, SOFT_KIND, arrive, bear, soft_kill
from openiads.model.ordering import carry_out, put_off
from openiads.model.reloading import refill
from openiads.model.resolution import merge
from openiads.model.sensing import is_heard, scan
from openiads.model.shots import INTERCEPT_KIND, let_go
from openiads.model.state import Air, Board, State
from openiads.model.strobing import take_strobes
from openiads.model.succession import fall_back
from openiads.model.tables import Knowledge, Plan
from openiads.model.tracking.joint import process_scan_jointly
from openiads.model.tracking.scan import process_scan
from openiads.model.tracking.table import ASSOCIATOR, CONFIRMED, JOINT, KIND, NUMBER, OBJECT, ROW, STARTED


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
    if kind == BIRTH_KIND:
        bear(plan.sky, board, index)
    elif kind == ARRIVAL_KIND:
        arrive(plan, know, board, index)
    elif kind == SOFT_KIND:
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
            link = broken_link(planned, objects, i)
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
