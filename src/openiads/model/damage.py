"""Objects' own events: they come into being, are released, arrive, hit or leave; and what a hit stops."""

from openiads import chance
from openiads.kernel import inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note, push
from openiads.model.columns import FAR_FUTURE_US, LEVELS, Table
from openiads.model.feeding import await_scan
from openiads.model.sensing import is_heard
from openiads.model.state import Board
from openiads.model.tables import Arms, Knowledge, Plan, Sky

BIRTH_KIND, ARRIVAL_KIND, SOFT_KIND, LINE_KIND = 0, 1, 2, 3


@inner_kernel
def end_us(paths: Table, flown: Table, i: int) -> int:
    """When an object reaches the end of the path it now flies."""
    path = flown["path"][i]
    return int(paths["start_us"][path] + (paths["count"][path] - 1) * paths["step_us"][path] + flown["shift_us"][i])


@inner_kernel
def finish(objects: Table, board: Board, i: int, end: int) -> None:
    """Write how an object ended."""
    board.objects["end"][i] = end
    board.objects["dead_us"][i] = board.clock["now_us"][0]
    note(
        board.clock,
        board.log_integers,
        codes.STAGE_OBJECT,
        codes.END,
        objects["key"][i],
        codes.NONE,
        end,
        i,
        codes.NOBODY,
        codes.NONE,
        codes.NONE,
    )


@inlined
def bear(sky: Sky, board: Board, i: int) -> None:
    """An object's start is due: it comes into being unless the parent that should release it died or turned first."""
    now_us = board.clock["now_us"][0]
    parent = sky.objects["parent"][i]
    if parent >= 0:
        gone = board.objects["dead_us"][parent] <= now_us or board.objects["switch_us"][parent] <= now_us
        if gone or board.objects["born_us"][parent] > now_us:
            board.objects["end"][i] = codes.PREVENTED
            note(
                board.clock,
                board.log_integers,
                codes.STAGE_OBJECT,
                codes.END,
                sky.objects["key"][i],
                codes.NONE,
                codes.PREVENTED,
                i,
                parent,
                codes.NONE,
                codes.NONE,
            )
            return
        board.objects["released"][parent] += 1
        if board.clock["hostile_act_us"][0] == FAR_FUTURE_US and sky.objects["side"][i] == codes.HOSTILE:
            board.clock["hostile_act_us"][0] = now_us
        carrier = sky.objects["key"][parent]
        note(
            board.clock, board.log_integers, codes.STAGE_OBJECT, codes.RELEASED, sky.objects["key"][i], carrier, codes.NONE,
            i, parent, codes.NONE, codes.NONE,
        )  # fmt: skip
    else:
        note(
            board.clock,
            board.log_integers,
            codes.STAGE_OBJECT,
            codes.BORN,
            sky.objects["key"][i],
            codes.NONE,
            codes.NONE,
            i,
            codes.NOBODY,
            codes.NONE,
            codes.NONE,
        )
    board.objects["born_us"][i] = now_us
    board.objects["dead_us"][i] = FAR_FUTURE_US
    at_us = max(end_us(sky.paths, board.objects, i), now_us)
    push(board.clock, board.queue, at_us, codes.STAGE_OBJECT, ARRIVAL_KIND, i)


@inlined
def arrive(plan: Plan, know: Knowledge, board: Board, i: int) -> None:
    """An object reached the end of its path: a weapon hits or misses, a platform leaves."""
    now_us = board.clock["now_us"][0]
    if board.objects["end"][i] != codes.ALIVE or end_us(plan.sky.paths, board.objects, i) > now_us or board.objects["dead_us"][i] <= now_us:
        return
    duty = plan.sky.objects["duty"][i]
    if duty == codes.IMPACT:
        finish(plan.sky.objects, board, i, codes.LEAKED)
        if board.clock["hostile_act_us"][0] == FAR_FUTURE_US and plan.sky.objects["side"][i] == codes.HOSTILE:
            board.clock["hostile_act_us"][0] = now_us
        hit(plan, know, board, i)
    elif board.objects["switch_us"][i] < FAR_FUTURE_US:
        finish(plan.sky.objects, board, i, codes.TURNED_BACK)
    elif duty == codes.RELEASE or duty == codes.JAM:
        finish(plan.sky.objects, board, i, codes.TASK_DONE)
    else:
        finish(plan.sky.objects, board, i, codes.LEFT)


@inlined
def hit(plan: Plan, know: Knowledge, board: Board, i: int) -> None:
    """Draw whether a leaker hits its aim, and stop what it hits."""
    clock = board.clock
    now_us = clock["now_us"][0]
    kind, aim = plan.sky.objects["aim_kind"][i], plan.sky.objects["aim"][i]
    if kind == codes.AIM_NONE:
        return
    p = know.klass[plan.sky.objects["klass"][i], 1]
    if kind == codes.AIM_RADAR and not is_heard(board.radars, aim, now_us):
        p *= plan.rule.classes["silent_factor"][plan.sky.objects["klass"][i]]
    key = plan.sky.objects["key"][i]
    if chance.uniform(clock["seed"][0], clock["replication"][0], key, 0, chance.IMPACT_HIT, 0) >= p:
        return
    if kind == codes.AIM_ASSET:
        assets = board.assets
        assets["hits"][aim] += 1
        note(
            clock,
            board.log_integers,
            codes.STAGE_OBJECT,
            codes.ASSET_HIT,
            plan.assets["key"][aim],
            key,
            assets["hits"][aim],
            aim,
            i,
            codes.NONE,
            codes.NONE,
        )
        if assets["hits"][aim] == plan.assets["hits_to_stop"][aim]:
            assets["stopped_us"][aim] = now_us
            note(
                clock,
                board.log_integers,
                codes.STAGE_OBJECT,
                codes.ASSET_STOPPED,
                plan.assets["key"][aim],
                key,
                codes.NONE,
                aim,
                i,
                codes.NONE,
                codes.NONE,
            )
    elif kind == codes.AIM_RADAR:
        hit_radar(plan.eyes.radars, board, aim, key)
    elif kind == codes.AIM_LAUNCHER:
        hit_launcher(plan.arms, board, aim, key)
    elif kind == codes.AIM_UNIT:
        hit_unit(plan, board, aim, key)
    elif kind == codes.AIM_POST:
        board.deciders["hits"][aim] += 1
        if board.deciders["hits"][aim] == plan.rule.deciders["hits_to_stop"][aim]:
            destroy_decider(plan, board, aim, key)


@inner_kernel
def hit_radar(radars: Table, board: Board, r: int, by: int) -> None:
    """Count a hit on a radar, which stops once there are enough."""
    board.radars["hits"][r] += 1
    if board.radars["hits"][r] == radars["hits_to_stop"][r]:
        destroy_radar(radars, board, r, by)


@inner_kernel
def hit_launcher(arms: Arms, board: Board, j: int, by: int) -> None:
    """Count a hit on a launcher, which stops with its rounds once there are enough."""
    now_us = board.clock["now_us"][0]
    board.launchers["hits"][j] += 1
    if board.launchers["hits"][j] != arms.launchers["hits_to_stop"][j] or board.launchers["dead_us"][j] <= now_us:
        return
    board.launchers["dead_us"][j] = now_us
    key = arms.launchers["key"][j]
    note(
        board.clock, board.log_integers, codes.STAGE_OBJECT, codes.DESTROYED, key, by, codes.LOST_LAUNCHER, j,
        arms.launchers["unit"][j], codes.NONE, codes.NONE,
    )  # fmt: skip


@inlined
def hit_unit(plan: Plan, board: Board, u: int, by: int) -> None:
    """Draw which part of a fire unit a hit meets: one of its launchers or its guiding radar; a single vehicle is hit as a whole."""
    units, clock = plan.arms.units, board.clock
    if units["launcher_count"][u] <= 1:
        board.units["hits"][u] += 1
        if board.units["hits"][u] == units["hits_to_stop"][u]:
            destroy_unit(plan.eyes.radars, units, board, u, by)
        return
    parts = units["launcher_count"][u] + (1 if units["radar"][u] >= 0 else 0)
    part = int(parts * chance.uniform(clock["seed"][0], clock["replication"][0], by, 0, chance.PART_HIT, 0))
    if part < units["launcher_count"][u]:
        hit_launcher(plan.arms, board, units["launcher_first"][u] + part, by)
    else:
        hit_radar(plan.eyes.radars, board, units["radar"][u], by)


@inner_kernel
def destroy_radar(radars: Table, board: Board, r: int, by: int) -> None:
    """A radar stops for good."""
    now_us = board.clock["now_us"][0]
    if board.radars["dead_us"][r] > now_us:
        board.radars["dead_us"][r] = now_us
        note(
            board.clock,
            board.log_integers,
            codes.STAGE_OBJECT,
            codes.DESTROYED,
            radars["key"][r],
            by,
            codes.NONE,
            r,
            codes.NOBODY,
            codes.NONE,
            codes.NONE,
        )


@inlined
def destroy_unit(radars: Table, units: Table, board: Board, u: int, by: int) -> None:
    """A fire unit stops with its launchers and its guiding radar."""
    now_us = board.clock["now_us"][0]
    if board.units["dead_us"][u] <= now_us:
        return
    board.units["dead_us"][u] = now_us
    note(
        board.clock,
        board.log_integers,
        codes.STAGE_OBJECT,
        codes.DESTROYED,
        units["key"][u],
        by,
        codes.ONE,
        codes.NOBODY,
        u,
        codes.NONE,
        codes.NONE,
    )
    first = units["launcher_first"][u]
    for j in range(first, first + units["launcher_count"][u]):
        board.launchers["dead_us"][j] = now_us
    if units["radar"][u] >= 0:
        destroy_radar(radars, board, units["radar"][u], by)


@inlined
def destroy_decider(plan: Plan, board: Board, d: int, by: int) -> None:
    """A command post stops; its units fall back on themselves."""
    now_us = board.clock["now_us"][0]
    if board.deciders["dead_us"][d] <= now_us:
        return
    board.deciders["dead_us"][d] = now_us
    key = plan.rule.deciders["key"][d]
    note(board.clock, board.log_integers, codes.STAGE_OBJECT, codes.DESTROYED, key, by, codes.TWO, codes.NOBODY, d, codes.NONE, codes.NONE)
    for u in range(plan.arms.units.shape[0]):
        for level in range(LEVELS):
            if plan.rule.lines["post"][u * LEVELS + level] == d and plan.rule.lines["decider"][u * LEVELS + level] >= 0:
                fall_back(plan, board, u, level)


@inner_kernel
def fall_back(plan: Plan, board: Board, u: int, broken: int) -> None:
    """A unit whose level of command broke goes to the next that stands, last to itself alone, and the log says so."""
    lines, now_us, level = plan.rule.lines, board.clock["now_us"][0], board.units["level"][u]
    if level != broken:
        return
    while level < LEVELS - 1:
        level += 1
        line = u * LEVELS + level
        d = lines["decider"][line]
        if d < 0:
            level -= 1
            break
        standing = board.deciders["dead_us"][d] > now_us and board.deciders["dead_us"][lines["post"][line]] > now_us
        if standing and lines["cut_us"][line] > now_us:
            break
    line = u * LEVELS + level
    if level == broken:
        return
    old, new = board.units["decider"][u], lines["decider"][line]
    board.units["level"][u] = level
    board.units["decider"][u] = new
    board.deciders["units"][old] -= 1
    board.deciders["units"][new] += 1
    key, mode = plan.arms.units["key"][u], lines["mode"][line]
    by = plan.rule.deciders["key"][new]
    note(board.clock, board.log_integers, codes.STAGE_OBJECT, codes.MODE, key, by, mode, codes.NOBODY, u, codes.NONE, codes.NONE)
    if old != new and board.deciders["units"][new] == 1:
        take_over(plan, board, new)


@inlined
def take_over(plan: Plan, board: Board, d: int) -> None:
    """A decider that had no unit begins to listen to its radars and to decide."""
    now_us = board.clock["now_us"][0]
    push(board.clock, board.queue, now_us + plan.rule.deciders["period_us"][d], codes.STAGE_DECIDE, codes.NONE, d)
    for f in range(plan.feeds.shape[0]):
        if plan.feeds["picture"][f] == d:
            r = plan.feeds["radar"][f]
            period_us, phase_us = plan.eyes.radars["period_us"][r], board.radars["phase_us"][r]
            await_scan(plan, board, f, phase_us + ((now_us - phase_us) // period_us + 1) * period_us)


@inlined
def soft_kill(objects: Table, board: Board, i: int) -> None:
    """Draw whether an object is lost without being hit: suppressed, deceived or failed by itself."""
    clock = board.clock
    if board.objects["end"][i] != codes.ALIVE or board.objects["dead_us"][i] <= clock["now_us"][0]:
        return
    u = chance.uniform(clock["seed"][0], clock["replication"][0], objects["key"][i], 0, chance.SOFT_KILL, 0)
    if u < objects["soft_kill"][i]:
        finish(objects, board, i, codes.LOST)
