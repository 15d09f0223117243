"""What a hit stops: an asset, a radar, a launcher, a fire unit, a command post."""

from openiads import chance
from openiads.kernel import inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note
from openiads.model.columns import LEVELS, Table
from openiads.model.sensing import is_heard
from openiads.model.state import Board
from openiads.model.succession import fall_back
from openiads.model.tables import Arms, Knowledge, Plan


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
