"""Launches: an order that came due is carried out or dropped, and a crewed target that is fired at may turn back."""

from openiads.kernel import Ints, inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note, push, put
from openiads.model.columns import FAR_FUTURE_US, Table
from openiads.model.engagement import OK, envelope, guide, is_held, meet
from openiads.model.identification import may_fire
from openiads.model.links import furthest
from openiads.model.reloading import count_rounds, reload_if_empty
from openiads.model.shots import fly, forget, let_go
from openiads.model.state import Air, Board
from openiads.model.tables import Arms, Knowledge, Plan, Sky
from openiads.model.tracking.filters import predict
from openiads.model.tracking.table import FREE, NUMBER, OBJECT, STATUS

LAUNCH_SLACK_M = 500.0  # what a believed height may be wrong by at launch
TRY_AGAIN_US = 5_000_000  # a track that a unit could not fire at when the order came due is offered again after so long


@inlined
def pick_launcher(arms: Arms, launchers: Table, rounds: Ints, now_us: int, w: int) -> int:
    """The first standing launcher with a round of a weapon, or -1."""
    u, slot = arms.weapons["unit"][w], arms.weapons["slot"][w]
    first = arms.units["launcher_first"][u]
    for j in range(first, first + arms.units["launcher_count"][u]):
        if launchers["dead_us"][j] > now_us and rounds[j, slot] > 0:
            return int(j)
    return -1


@inner_kernel
def cancel(arms: Arms, objects: Table, board: Board, s: int, link: int) -> None:
    """Drop an order that can no longer be carried out."""
    let_go(board, s)
    row = board.shots["row"][s]
    if board.beliefs["number"][row] == board.shots["number"][s]:
        board.beliefs["again_us"][row] = max(board.beliefs["again_us"][row], board.clock["now_us"][0] + TRY_AGAIN_US)
    forget(board.shots, board.beliefs, s)
    board.shots["result"][s] = codes.SHOT_NO_TARGET
    i, u = board.shots["object"][s], board.shots["unit"][s]
    if link < codes.LOST_ORDER:
        furthest(board.objects, i, codes.NO_TIME if i >= 0 and board.objects["end"][i] == codes.LEAKED else link)
    key = objects["key"][i] if i >= 0 else 0
    note(board.clock, board.log_integers, codes.STAGE_LAUNCH, codes.LAUNCH_FAILED, arms.units["key"][u], key, link, i, u, s, codes.NONE)


@inner_kernel
def launch(plan: Plan, know: Knowledge, board: Board, air: Air, s: int) -> None:
    """Fire a shot whose order came due, if unit, launcher, track and envelope still allow it."""
    shots, clock = board.shots, board.clock
    now_us = clock["now_us"][0]
    u, w, row = shots["unit"][s], shots["weapon"][s], shots["row"][s]
    if shots["lost"][s] == 1:
        cancel(plan.arms, plan.sky.objects, board, s, codes.LOST_ORDER)
        return
    if board.beliefs["number"][row] == shots["number"][s] and board.beliefs["dead"][row] == 1:
        cancel(plan.arms, plan.sky.objects, board, s, codes.CEASE_FIRE)
        return
    if board.units["dead_us"][u] <= now_us or (plan.arms.units["radar"][u] >= 0 and guide(plan.arms.units, board.radars, now_us, u) < 0):
        cancel(plan.arms, plan.sky.objects, board, s, codes.UNIT_DEAD)
        return
    if air.tracks.facts[row, NUMBER] != shots["number"][s] or air.tracks.facts[row, STATUS] == FREE:
        cancel(plan.arms, plan.sky.objects, board, s, codes.NO_FIRM_TRACK)
        return
    if not may_fire(plan.rule.doctrine, board.beliefs, row):
        cancel(plan.arms, plan.sky.objects, board, s, codes.HELD)
        return
    j = pick_launcher(plan.arms, board.launchers, board.rounds, now_us, w)
    if j < 0:
        cancel(plan.arms, plan.sky.objects, board, s, codes.NO_ROUND)
        return
    i = air.tracks.facts[row, OBJECT]
    remote = plan.rule.doctrine["remote"][0] == 1
    if not remote and plan.arms.units["radar"][u] >= 0 and not is_held(plan.sky, plan.eyes, plan.arms.units, know, board, u, i, now_us):
        cancel(plan.arms, plan.sky.objects, board, s, codes.SUPPORT_LOST)
        return
    place, point = board.scratch[board.scratch.shape[0] - 2], board.scratch[board.scratch.shape[0] - 1]
    place[0], place[1], place[2], place[3], place[4], place[5] = predict(air.tracks, row, now_us)
    kind = board.beliefs["family"][row]
    tof_s = meet(plan.arms, w, place, 0.0, kind == codes.FAMILY_BALLISTIC, point)
    if tof_s < 0.0 or envelope(plan.arms, w, point, place, kind == codes.FAMILY_BALLISTIC, LAUNCH_SLACK_M) != OK:
        cancel(plan.arms, plan.sky.objects, board, s, codes.OUTSIDE_ENVELOPE)
        return
    shots["object"][s] = i
    shots["launcher"][s] = j
    shots["ordinal"][s] = board.units["fired"][u]
    board.rounds[j, plan.arms.weapons["slot"][w]] -= 1
    board.units["fired"][u] += 1
    fly(plan.arms.weapons, board, s, now_us + int(tof_s * 1e6))
    shots["x_m"][s], shots["y_m"][s], shots["z_m"][s] = point[0], point[1], point[2]
    key = 0
    if i >= 0:
        key = plan.sky.objects["key"][i]
        board.objects["engaged"][i] += 1
        react(plan.sky, board, i)
    row_log = note(
        clock, board.log_integers, codes.STAGE_LAUNCH, codes.LAUNCH, plan.arms.units["key"][u], key, w, i, u, s, int(shots["number"][s])
    )
    put(board.log_reals, row_log, point[0], point[1], point[2], tof_s, 0.0)
    count_rounds(plan.arms, board, plan.rule.doctrine["reserve"][0], w)
    reload_if_empty(plan.arms, board, j)


@inlined
def react(sky: Sky, board: Board, i: int) -> None:
    """A crewed target that turns back when engaged takes the next of its planned alternatives."""
    first = sky.objects["turn_path"][i]
    now_us = board.clock["now_us"][0]
    if first < 0 or board.objects["switch_us"][i] < FAR_FUTURE_US:
        return
    nominal_us = now_us - board.objects["shift_us"][i]
    step_us = sky.objects["turn_step_us"][i]
    k = max(0, -((sky.objects["turn_first_us"][i] - nominal_us) // step_us))
    if k >= sky.objects["turn_count"][i]:
        return
    path = first + k
    board.objects["path"][i] = path
    board.objects["switch_us"][i] = sky.objects["turn_first_us"][i] + k * step_us + board.objects["shift_us"][i]
    end_us = sky.paths["start_us"][path] + (sky.paths["count"][path] - 1) * sky.paths["step_us"][path] + board.objects["shift_us"][i]
    push(board.clock, board.queue, end_us, codes.STAGE_OBJECT, codes.ONE, i)
    note(
        board.clock,
        board.log_integers,
        codes.STAGE_OBJECT,
        codes.TURN,
        sky.objects["key"][i],
        codes.NONE,
        codes.NONE,
        i,
        codes.NOBODY,
        k,
        codes.NONE,
    )
