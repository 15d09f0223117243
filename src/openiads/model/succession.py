"""Who commands when a post or a line is lost: a unit falls back level by level, and whoever takes over begins to listen and decide."""

from openiads.kernel import inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note, push
from openiads.model.columns import LEVELS
from openiads.model.feeding import await_scan
from openiads.model.state import Board
from openiads.model.tables import Plan


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
