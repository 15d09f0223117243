"""From an answer to orders: what is to be fired is checked against every rule, ordered, and told to neighbours."""

from openiads import chance
from openiads.kernel import Ints, inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note
from openiads.model.columns import FAR_FUTURE_US, LEVELS, Table
from openiads.model.engagement import NEVER_RAD, guide, meet, rounds_ready, turn, turn_to
from openiads.model.links import furthest
from openiads.model.options import DECIDER, ORDERS, READY, TRACKS, UNITS, WAITING, decided_us, order_us, stands_by, weigh
from openiads.model.shots import order, targets_held
from openiads.model.state import Air, Board
from openiads.model.tables import DELAY_FACTOR, Knowledge, Plan
from openiads.model.times import drawn_us
from openiads.model.tracking.filters import predict
from openiads.model.tracking.table import NUMBER, OBJECT

REPORT_LIVES_US = 60_000_000  # a neighbour's report counts so long unless it is renewed


@inner_kernel
def carry_out(plan: Plan, know: Knowledge, board: Board, air: Air) -> None:
    """Give the orders of ``Ask.orders``; one that a rule forbids is refused and logged."""
    ask = board.ask
    for n in range(ask.size[ORDERS]):
        j, u, w, rounds, row = ask.orders[n, 0], ask.orders[n, 1], ask.orders[n, 2], ask.orders[n, 3], ask.orders[n, 4]
        if j >= 0:
            link = allowed(plan, know, board, air, j, u, w, rounds)
        else:
            link = codes.TOO_MANY if board.beliefs["aimed"][row] > 0 else codes.HELD
        i = air.tracks.facts[row, OBJECT]
        if link == READY:
            fire(plan, board, air, u, w, row, rounds)
            ask.limit[j] -= rounds
        elif board.clock["outside"][0] == 1:
            key, number = plan.sky.objects["key"][i] if i >= 0 else 0, int(air.tracks.facts[row, NUMBER])
            by = plan.arms.units["key"][u]
            note(board.clock, board.log_integers, codes.STAGE_DECIDE, codes.REFUSED, by, key, link, i, u, number, w)
            if link <= codes.NO_TIME:
                furthest(board.objects, i, link)


@inner_kernel
def allowed(plan: Plan, know: Knowledge, board: Board, air: Air, j: int, u: int, w: int, rounds: int) -> int:
    """Whether weapons, channels, magazines and doctrine allow an order: READY, or why not."""
    ask, units = board.ask, plan.arms.units
    row, now_us = ask.track[j], board.clock["now_us"][0]
    if rounds < 1:
        return codes.NOT_A_ROUND
    if board.units["decider"][u] != ask.size[DECIDER]:
        return codes.NOT_COMMANDED
    if plan.arms.weapons["unit"][w] != u:
        return codes.NOT_ITS_WEAPON
    k = 0
    while ask.unit[k] != u:
        k += 1
    if ask.capacity[k] < 0:
        return codes.UNIT_DEAD
    if rounds > ask.limit[j]:
        return codes.TOO_MANY
    if decided_us(plan.rule, units, board.beliefs, know.scalars[DELAY_FACTOR], u, row) > now_us:
        return codes.UNDECIDED
    spare = 1 if units["has_duty"][u] == 1 and not stands_by(plan.rule, board.beliefs, u, row) else 0
    held = targets_held(board.shots, board.units["guides"][u])
    if board.units["missiles"][u] + rounds > units["missiles_max"][u] or held + spare >= units["targets_max"][u]:
        return codes.NO_CHANNEL
    place, point = board.scratch[board.scratch.shape[0] - 2], board.scratch[board.scratch.shape[0] - 1]
    place[0], place[1], place[2], place[3], place[4], place[5] = predict(air.tracks, row, now_us)
    ask.ready[w] = rounds_ready(plan.arms, board, w)
    link, _, _ = weigh(plan.arms, plan.eyes.radars, plan.rule, board, air.coverages, u, w, row, order_us(plan, board, u), place, point)
    if link == READY and rounds > ask.ready[w]:
        return codes.NO_ROUND
    return int(link)


@inner_kernel
def fire(plan: Plan, board: Board, air: Air, u: int, w: int, row: int, rounds: int) -> None:
    """Order one salvo from a unit; the order takes the time of the line to it, and may be lost on it."""
    clock, units, d = board.clock, plan.arms.units, board.ask.size[DECIDER]
    now_us, line = clock["now_us"][0], u * LEVELS + board.units["level"][u]
    key, number = units["key"][u], clock["salvos"][0]
    clock["salvos"][0] = number + 1
    i = air.tracks.facts[row, OBJECT]
    target, salvo = plan.sky.objects["key"][i] if i >= 0 else 0, board.beliefs["salvos"][row]
    seed, replication = clock["seed"][0], clock["replication"][0]
    share = chance.uniform(seed, replication, key, target, chance.ORDER_DELAY, salvo)
    delay_us = drawn_us(plan.rule.laws_s, plan.rule.lines["delay"][line], share)
    start_us = max(now_us + units["reaction_us"][u] + delay_us, board.units["free_us"][u])
    loss = plan.rule.lines["loss"][line]
    lost = 1 if loss > 0.0 and chance.uniform(seed, replication, key, target, chance.ORDER_LOSS, salvo) < loss else 0
    start_us = aim(plan, board, air, u, w, row, start_us)
    for n in range(rounds):
        at_us = start_us + n * units["interval_us"][u]
        point = board.scratch[board.scratch.shape[0] - 1]
        s = order(plan.arms, plan.sky.objects, board, air.tracks.facts, d, u, w, row, at_us, salvo, point)
        if s >= 0:
            board.shots["lost"][s] = lost
    if lost == 0:
        board.units["free_us"][u] = start_us + rounds * units["interval_us"][u]
    board.beliefs["salvos"][row] += 1
    board.beliefs["told"][row] = codes.NOBODY
    board.deciders["acted_us"][d] = now_us
    if clock["hostile_act_us"][0] == FAR_FUTURE_US:
        clock["hostile_act_us"][0] = now_us
    if plan.rule.lines["mode"][line] == codes.MODE_DELEGATED:
        report(plan, board, air, u, row)


@inlined
def aim(plan: Plan, board: Board, air: Air, u: int, w: int, row: int, start_us: int) -> int:
    """Write the point where a launch meets the track, and turn the guiding radar to it; returns the launch, after the turn."""
    now_us = board.clock["now_us"][0]
    place, point = board.scratch[board.scratch.shape[0] - 2], board.scratch[board.scratch.shape[0] - 1]
    place[0], place[1], place[2], place[3], place[4], place[5] = predict(air.tracks, row, now_us)
    falls = board.beliefs["family"][row] == codes.FAMILY_BALLISTIC
    meet(plan.arms, w, place, (start_us - now_us) * 1e-6, falls, point)
    channel = guide(plan.arms.units, board.radars, now_us, u)
    if channel >= 0 and plan.rule.doctrine["remote"][0] == 0:
        by_rad = turn_to(plan.eyes.radars, air.coverages, board, u, channel, point)
        if by_rad != 0.0 and by_rad != NEVER_RAD:
            turn(plan.arms, plan.eyes.radars, air.coverages, board, u, by_rad)
            return int(max(start_us, now_us + int(abs(by_rad) / plan.eyes.radars["slew_rps"][channel] * 1e6)))
    return start_us


@inlined
def report(plan: Plan, board: Board, air: Air, u: int, row: int) -> None:
    """Tell the neighbours under the same command post where the track is that is fired at."""
    clock, reports = board.clock, board.reports
    d, now_us = board.ask.size[DECIDER], clock["now_us"][0]
    post = plan.rule.lines["post"][u * LEVELS + board.units["level"][u]]
    sent = clock["reports"][0]
    clock["reports"][0] = sent + 1
    r = sent % reports.shape[0]
    share, luck = chance.uniform_pair(
        clock["seed"][0], clock["replication"][0], plan.rule.deciders["key"][d], plan.arms.units["key"][u],
        chance.ENGAGEMENT_REPORT, board.shots["number"][clock["shots"][0] - 1],
    )  # fmt: skip
    reports["decider"][r], reports["post"][r], reports["sent_us"][r] = d, post, now_us
    reports["heard_us"][r] = now_us + 2 * drawn_us(plan.rule.laws_s, plan.rule.deciders["report"][d], share)
    kept = 1.0 - plan.rule.deciders["report_loss"][d]
    reports["until_us"][r] = reports["heard_us"][r] + REPORT_LIVES_US if luck < kept * kept else 0
    told = board.told[r]
    told[0], told[1], told[2], told[3], told[4], told[5] = predict(air.tracks, row, clock["now_us"][0])


@inlined
def order_answer(board: Board) -> None:
    """Write the answer of an algorithm as orders, greatest threat first."""
    ask, n = board.ask, 0
    for j in range(ask.size[TRACKS]):
        for k in range(ask.size[UNITS]):
            if ask.answer[k, j] > 0 and n < ask.orders.shape[0]:
                ask.orders[n, 0], ask.orders[n, 1] = j, ask.unit[k]
                ask.orders[n, 2], ask.orders[n, 3], ask.orders[n, 4] = ask.weapon[k, j], ask.answer[k, j], ask.track[j]
                n += 1
    ask.size[ORDERS] = n


@inner_kernel
def put_off(plan: Plan, know: Knowledge, board: Board, air: Air) -> None:
    """Remember how far the best unit came with each track that got no order, and when it is looked at again."""
    ask, beliefs, now_us = board.ask, board.beliefs, board.clock["now_us"][0]
    for j in range(ask.size[TRACKS]):
        row = ask.track[j]
        if beliefs["aimed"][row] > 0:
            continue
        i, reached, soonest_us = air.tracks.facts[row, OBJECT], codes.HELD, FAR_FUTURE_US
        for k in range(ask.size[UNITS]):
            link = ask.link[k, j]
            if link == codes.UNIT_DEAD:
                if i >= 0:
                    board.objects["blocked"][i] = max(board.objects["blocked"][i], 1)
            elif link == WAITING:
                at_us = decided_us(plan.rule, plan.arms.units, beliefs, know.scalars[DELAY_FACTOR], ask.unit[k], row)
                soonest_us = min(soonest_us, at_us)
            else:
                reached = max(reached, codes.NO_CHANNEL if link == READY else link)
        if soonest_us == FAR_FUTURE_US or reached > codes.HELD:
            furthest(board.objects, i, reached)
        trace_not_engaged(plan.sky.objects, plan.rule.deciders, board, air.tracks.facts, ask.size[DECIDER], row, reached)
        again_us = now_us + look_again_us(reached, plan.rule.families["is_urgent"][beliefs["family"][row]])
        beliefs["again_us"][row] = min(again_us, soonest_us)


@inlined
def look_again_us(link: int, is_urgent: int) -> int:
    """After how long a track that no unit can take is looked at again: soon where a channel may come free, late where orders forbid."""
    if is_urgent == 1 or link == codes.NO_CHANNEL:
        return 1_000_000
    if link <= codes.NO_RATED_MISSILE or link == codes.NO_ROUND:
        return 10_000_000
    return 6_000_000 if link == codes.OUTSIDE_ENVELOPE else 4_000_000


@inlined
def trace_not_engaged(objects: Table, deciders: Table, board: Board, facts: Ints, d: int, row: int, link: int) -> None:
    """Record why no unit fires at a track, once until the reason changes, for replay; outside the digest."""
    if board.clock["trace"][0] == 0 or board.beliefs["told"][row] == link:
        return
    board.beliefs["told"][row] = link
    i = facts[row, OBJECT]
    key = objects["key"][i] if i >= 0 else 0
    number = int(facts[row, NUMBER])
    note(
        board.clock, board.log_integers, codes.STAGE_DECIDE, codes.NOT_ENGAGED, deciders["key"][d], key, link, i, d, number, codes.NONE
    )  # fmt: skip


__all__ = ["carry_out", "order_answer", "put_off", "trace_not_engaged"]
