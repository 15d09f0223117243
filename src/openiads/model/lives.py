"""Objects' own events: they come into being, are released, arrive, leave, or are lost without being hit."""

from openiads import chance
from openiads.kernel import inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note, push
from openiads.model.columns import FAR_FUTURE_US, Table
from openiads.model.damage import hit
from openiads.model.state import Board
from openiads.model.tables import Knowledge, Plan, Sky

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
def soft_kill(objects: Table, board: Board, i: int) -> None:
    """Draw whether an object is lost without being hit: suppressed, deceived or failed by itself."""
    clock = board.clock
    if board.objects["end"][i] != codes.ALIVE or board.objects["dead_us"][i] <= clock["now_us"][0]:
        return
    u = chance.uniform(clock["seed"][0], clock["replication"][0], objects["key"][i], 0, chance.SOFT_KILL, 0)
    if u < objects["soft_kill"][i]:
        finish(objects, board, i, codes.LOST)
