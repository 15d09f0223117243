"""Assessments: what a decider learns, sometimes wrongly, of its shots."""

from openiads import chance
from openiads.kernel import inner_kernel
from openiads.model import codes
from openiads.model.agenda import note
from openiads.model.shots import forget
from openiads.model.state import Board
from openiads.model.tables import ASSESS_FACTOR, Knowledge, Plan


@inner_kernel
def assess(plan: Plan, know: Knowledge, board: Board, s: int) -> None:
    """The decider learns, sometimes wrongly, what became of a shot; a track assessed dead is left alone for a while."""
    shots, clock, beliefs = board.shots, board.clock, board.beliefs
    forget(shots, beliefs, s)
    d, row, i = shots["decider"][s], shots["row"][s], shots["object"][s]
    is_dead = i < 0 or board.objects["end"][i] == codes.KILLED
    key = plan.sky.objects["key"][i] if i >= 0 else 0
    error = (plan.rule.deciders["kill_unseen"][d] if is_dead else plan.rule.deciders["miss_unseen"][d]) * know.scalars[ASSESS_FACTOR]
    wrong = (
        chance.uniform(
            clock["seed"][0], clock["replication"][0], plan.arms.units["key"][shots["unit"][s]], key, chance.ASSESSMENT, shots["ordinal"][s]
        )
        < error
    )
    believed_dead = is_dead != wrong
    if beliefs["number"][row] == shots["number"][s]:
        if believed_dead:
            beliefs["dead"][row] = 1
            beliefs["wait_us"][row] = clock["now_us"][0] + plan.rule.doctrine["retry_us"][0]
            if not is_dead:
                board.objects["blocked"][i] = 2
        else:
            beliefs["dead"][row] = 0
            beliefs["wait_us"][row] = clock["now_us"][0] + plan.rule.doctrine["reengage_us"][0]
    said = 1 if believed_dead else 0
    note(clock, board.log_integers, codes.STAGE_ASSESS, codes.ASSESS, plan.rule.deciders["key"][d], key, said, i, d, s, 1 if wrong else 0)
