"""The lines by which scans reach air pictures: each message takes a time of its own, and none overtakes another."""

from openiads import chance
from openiads.kernel import inner_kernel
from openiads.model import codes
from openiads.model.agenda import push
from openiads.model.state import Board
from openiads.model.tables import Plan
from openiads.model.times import drawn_us


@inner_kernel
def await_scan(plan: Plan, board: Board, f: int, end_us: int) -> None:
    """Put the arrival of the scan that ends at ``end_us`` on the agenda of a feed."""
    clock, r, p = board.clock, plan.feeds["radar"][f], plan.feeds["picture"][f]
    law = plan.feeds["delay"][f]
    delay_us = drawn_us(plan.rule.laws_s, law, 0.5)
    if plan.rule.laws_s[law, 0] < plan.rule.laws_s[law, plan.rule.laws_s.shape[1] - 1]:
        number = (end_us - board.radars["phase_us"][r]) // plan.eyes.radars["period_us"][r]
        share = chance.uniform(
            clock["seed"][0], clock["replication"][0], plan.eyes.radars["key"][r], plan.rule.deciders["key"][p], chance.LINK_DELAY, number
        )
        delay_us = drawn_us(plan.rule.laws_s, law, share)
    arrives_us = max(end_us + delay_us, board.feeds["arrives_us"][f] + 1)
    board.feeds["end_us"][f], board.feeds["arrives_us"][f] = end_us, arrives_us
    push(clock, board.queue, arrives_us, codes.STAGE_SENSE, codes.NONE, f)
