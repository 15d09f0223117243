"""Magazines: how many rounds are left, and launchers that loaders fill again."""

from openiads.kernel import inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note, push
from openiads.model.engagement import rounds_ready
from openiads.model.state import Board
from openiads.model.tables import Arms


@inlined
def count_rounds(arms: Arms, board: Board, reserve: float, w: int) -> None:
    """Log when the ready rounds of a weapon come down to the reserve, and when none is left."""
    left, kept = rounds_ready(arms, board, w), reserve * arms.weapons["loaded"][w]
    if left == 0 or (left <= kept < left + 1):
        u = arms.weapons["unit"][w]
        key, own = arms.units["key"][u], arms.weapons["key"][w]
        note(board.clock, board.log_integers, codes.STAGE_LAUNCH, codes.MAGAZINE, key, own, left, w, u, codes.NONE, codes.NONE)


@inlined
def reload_if_empty(arms: Arms, board: Board, j: int) -> None:
    """Let an empty launcher wait for a loader when full loads are left for it."""
    left = 0
    for slot in range(board.rounds.shape[1]):
        left += board.rounds[j, slot]
    if left == 0 and board.launchers["reloads"][j] > 0:
        board.launchers["waits_us"][j] = board.clock["now_us"][0]
        load_next(arms, board, arms.launchers["unit"][j])


@inner_kernel
def load_next(arms: Arms, board: Board, u: int) -> None:
    """Give the free loaders of a unit to the launchers that have waited longest."""
    now_us = board.clock["now_us"][0]
    first = arms.units["launcher_first"][u]
    while board.units["loading"][u] < arms.units["loaders"][u]:
        best = -1
        for j in range(first, first + arms.units["launcher_count"][u]):
            since_us = board.launchers["waits_us"][j]
            if since_us >= 0 and board.launchers["dead_us"][j] > now_us and (best < 0 or since_us < board.launchers["waits_us"][best]):
                best = j
        if best < 0:
            return
        board.launchers["waits_us"][best] = -1
        board.launchers["reloads"][best] -= 1
        board.units["loading"][u] += 1
        push(board.clock, board.queue, now_us + arms.launchers["reload_us"][best], codes.STAGE_LAUNCH, codes.ONE, best)


@inlined
def refill(arms: Arms, board: Board, j: int) -> None:
    """Put a launcher's first load back on it, if it still stands, and send its loader on."""
    board.units["loading"][arms.launchers["unit"][j]] -= 1
    load_next(arms, board, arms.launchers["unit"][j])
    if board.launchers["dead_us"][j] <= board.clock["now_us"][0]:
        return
    for slot in range(board.rounds.shape[1]):
        board.rounds[j, slot] = arms.rounds[j, slot]
    u = arms.launchers["unit"][j]
    note(
        board.clock,
        board.log_integers,
        codes.STAGE_LAUNCH,
        codes.RELOAD,
        arms.units["key"][u],
        arms.launchers["key"][j],
        codes.NONE,
        j,
        u,
        codes.NONE,
        codes.NONE,
    )
