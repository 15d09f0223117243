"""What a shot holds from its order on: a channel of its unit, its times on the agenda, a place in the account of its track."""

from openiads.kernel import Ints, Reals, inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import SHOTS_FULL, note, push
from openiads.model.columns import FAR_FUTURE_US, Table
from openiads.model.state import Board
from openiads.model.tables import Arms
from openiads.model.tracking.table import NUMBER, OBJECT

INTERCEPT_KIND, HANDOVER_KIND = 0, 1


@inlined
def order(
    arms: Arms, objects: Table, board: Board, facts: Ints, decider: int, u: int, w: int, row: int, launch_us: int, salvo: int, point: Reals
) -> int:
    """Give one order to fire at a track that will be met at a point (3,): the shot holds a channel from now on.

    Returns its row, or -1 when no more fit.
    """
    clock, shots = board.clock, board.shots
    s = clock["shots"][0]
    if s >= shots.shape[0]:
        clock["status"][0] = SHOTS_FULL
        return -1
    clock["shots"][0] = s + 1
    shots["weapon"][s] = w
    shots["unit"][s] = u
    shots["launcher"][s] = -1
    shots["decider"][s] = decider
    shots["row"][s] = row
    shots["number"][s] = facts[row, NUMBER]
    shots["object"][s] = facts[row, OBJECT]
    shots["launch_us"][s] = launch_us
    shots["intercept_us"][s] = FAR_FUTURE_US
    shots["salvo"][s] = salvo
    shots["result"][s] = -1
    shots["revisions"][s] = 0
    shots["lost"][s] = 0
    shots["supported"][s] = 1
    shots["x_m"][s], shots["y_m"][s], shots["z_m"][s] = point[0], point[1], point[2]
    shots["after"][s] = board.units["guides"][u]
    board.units["guides"][u] = s
    board.units["missiles"][u] += 1
    board.beliefs["aimed"][row] += 1
    push(clock, board.queue, launch_us, codes.STAGE_LAUNCH, codes.NONE, s)
    i = facts[row, OBJECT]
    key = objects["key"][i] if i >= 0 else 0
    note(clock, board.log_integers, codes.STAGE_DECIDE, codes.ORDER, arms.units["key"][u], key, w, i, u, s, int(facts[row, NUMBER]))
    return int(s)


@inner_kernel
def fly(weapons: Table, board: Board, s: int, intercept_us: int) -> None:
    """Set the time of a shot's intercept, and of its handover where the missile type needs no support to the end."""
    board.shots["intercept_us"][s] = intercept_us
    push(board.clock, board.queue, intercept_us, codes.STAGE_INTERCEPT, INTERCEPT_KIND, s)
    early_us = weapons["handover_us"][board.shots["weapon"][s]]
    if early_us > 0 and board.shots["supported"][s] == 1:
        at_us = max(intercept_us - early_us, board.clock["now_us"][0])
        board.shots["handover_us"][s] = at_us
        push(board.clock, board.queue, at_us, codes.STAGE_INTERCEPT, HANDOVER_KIND, s)
    elif early_us == 0:
        board.shots["handover_us"][s] = intercept_us


@inner_kernel
def let_go(board: Board, s: int) -> None:
    """Free the channel that a shot holds."""
    shots, fired = board.shots, board.units
    if shots["supported"][s] == 1:
        shots["supported"][s] = 0
        u = shots["unit"][s]
        fired["missiles"][u] -= 1
        if fired["guides"][u] == s:
            fired["guides"][u] = shots["after"][s]
            return
        newer = fired["guides"][u]
        while shots["after"][newer] != s:
            newer = shots["after"][newer]
        shots["after"][newer] = shots["after"][s]


@inner_kernel
def targets_held(shots: Table, newest: int) -> int:
    """Distinct targets among the supported shots of a unit, from the newest back."""
    held = 0
    s = newest
    while s >= 0:
        other = shots["after"][s]
        while other >= 0 and shots["row"][other] != shots["row"][s]:
            other = shots["after"][other]
        held += 1 if other < 0 else 0
        s = shots["after"][s]
    return held


@inner_kernel
def forget(shots: Table, beliefs: Table, s: int) -> None:
    """Take a shot off the account of the track it was fired at, if that track still stands."""
    row = shots["row"][s]
    if beliefs["number"][row] == shots["number"][s] and beliefs["aimed"][row] > 0:
        beliefs["aimed"][row] -= 1
