"""Emission control: radars that fall silent before what may home on them."""

from openiads.kernel import Reals, inlined
from openiads.model import codes
from openiads.model.agenda import note
from openiads.model.state import Board
from openiads.model.tables import Plan

SOON_S, LATE_S = 45.0, 3.0  # a radar falls silent this long before it may be reached, and no later
NEAR_M = 3e3
COURSE_ERROR2 = 0.01  # squared share of the way to go


@inlined
def keep_silence(plan: Plan, board: Board, d: int, row: int, place: Reals) -> None:
    """Switch off searching radars that feed this decider and that a believed anti-radiation missile is about to reach."""
    silence_us = plan.rule.doctrine["silence_us"][0]
    if silence_us == 0 or board.beliefs["family"][row] != codes.FAMILY_FAST_SMALL:
        return
    now_us = board.clock["now_us"][0]
    speed2 = place[3] * place[3] + place[4] * place[4] + place[5] * place[5]
    for f in range(plan.feeds.shape[0]):
        r = plan.feeds["radar"][f]
        if plan.feeds["picture"][f] != d or plan.eyes.radars["emits"][r] == 0 or plan.eyes.radars["unit"][r] >= 0:
            continue
        if board.radars["dead_us"][r] <= now_us or board.radars["speaks_us"][r] > now_us:
            continue
        at = plan.eyes.coverages[r]
        dx, dy, dz = at[0] - place[0], at[1] - place[1], at[2] - place[2]
        along_s = (dx * place[3] + dy * place[4] + dz * place[5]) / max(speed2, 1.0)
        mx, my, mz = dx - along_s * place[3], dy - along_s * place[4], dz - along_s * place[5]
        if LATE_S < along_s < SOON_S and mx * mx + my * my + mz * mz < NEAR_M * NEAR_M + COURSE_ERROR2 * speed2 * along_s * along_s:
            board.radars["silent_us"][r] = now_us
            board.radars["speaks_us"][r] = now_us + silence_us
            board.radars["silence_us"][r] += silence_us
            key, by = plan.eyes.radars["key"][r], plan.rule.deciders["key"][d]
            note(board.clock, board.log_integers, codes.STAGE_DECIDE, codes.SILENT, key, by, codes.NONE, r, d, codes.NONE, codes.NONE)
