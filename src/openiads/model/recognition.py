"""What a command post believes of one track of its picture: evidence taken, label, weapons control, and the clock of the decision."""

from openiads import chance
from openiads.earth.geodesy import ecef_to_geodetic
from openiads.kernel import Reals, inlined
from openiads.model import codes
from openiads.model.agenda import note, put
from openiads.model.columns import Table
from openiads.model.evidence import HOSTILE_ACT, likelihood, rests_on_place, state_of, strongest_place
from openiads.model.identification import NOT_ASKED, first_look, interrogate, judge, may_fire, spoken
from openiads.model.links import furthest
from openiads.model.ordering import trace_not_engaged
from openiads.model.state import Air, Board
from openiads.model.tables import IFF_FACTOR, Arms, Knowledge, Plan, Rule
from openiads.model.tracking.table import NUMBER, OBJECT, QUALITY_M

AT_US_M = 3e3  # a track that will pass a unit closer than this comes at it


@inlined
def refresh(plan: Plan, know: Knowledge, board: Board, air: Air, d: int, row: int, place: Reals) -> None:
    """Bring the belief about one track up to date; logs a changed label and starts the clock of the decision."""
    beliefs, clock = board.beliefs, board.clock
    now_us = clock["now_us"][0]
    i = air.tracks.facts[row, OBJECT]
    if beliefs["number"][row] != air.tracks.facts[row, NUMBER]:
        open_file(board.clock, board.beliefs, row, air.tracks.facts[row, NUMBER])
        first_look(plan, board, d, row, i, place)
    if is_asked(plan.rule.doctrine, beliefs, now_us, row):
        interrogate(plan.sky, plan.rule, board, know.scalars[IFF_FACTOR], d, row, i, place)
    label = judge(plan, board, d, row, i, place, air.tracks.estimate[row, QUALITY_M])
    beliefs["control"][row] = control_at(plan.rule, clock, place, beliefs["height_m"][row])
    if plan.rule.doctrine["defends"][0] == 1:
        beliefs["defends"][row] = comes_at_us(plan.arms, plan.rule.doctrine, board, d, beliefs["family"][row], place)
    furthest(board.objects, i, codes.NOT_IDENTIFIED)
    if clock["trace"][0] == 1:
        trace_evidence(plan, board, d, row, i)
    if label != beliefs["label"][row]:
        relabel(plan, board, d, row, i, label)
    if beliefs["hostile_us"][row] < 0 and may_fire(plan.rule.doctrine, beliefs, row):
        beliefs["hostile_us"][row] = now_us
        if i >= 0:
            board.objects["cleared"][i] = 1
        weigh_pace(plan.rule, board, plan.sky.objects["key"][i] if i >= 0 else 0, d, row)
    elif label == codes.LABEL_HOSTILE and beliefs["hostile_us"][row] < 0:
        trace_not_engaged(plan.sky.objects, plan.rule.deciders, board, air.tracks.facts, d, row, codes.HELD)


@inlined
def is_asked(doctrine: Table, beliefs: Table, now_us: int, row: int) -> bool:
    """Whether a track is interrogated now: when it is new, now and then while it is unknown, and when its hostile label is reviewed."""
    label = beliefs["label"][row]
    if beliefs["answer"][row] == NOT_ASKED:
        return True
    if label == codes.LABEL_HOSTILE:
        return bool(beliefs["latched"][row] == 0 and now_us >= beliefs["review_us"][row])
    return bool(label == codes.LABEL_UNKNOWN and now_us - beliefs["asked_us"][row] >= doctrine["ask_us"][0])


@inlined
def relabel(plan: Plan, board: Board, d: int, row: int, i: int, label: int) -> None:
    """Give a track another label and log it with the belief behind it."""
    beliefs, clock = board.beliefs, board.clock
    beliefs["label"][row] = label
    key = plan.sky.objects["key"][i] if i >= 0 else 0
    said = beliefs["said"][row]
    line = note(
        clock, board.log_integers, codes.STAGE_DECIDE, codes.LABEL, plan.rule.deciders["key"][d], key, label, i, d,
        int(beliefs["number"][row]), int(spoken(said)) * 16 + int(beliefs["answer"][row]),
    )  # fmt: skip
    put(board.log_reals, line, beliefs["belief"][row], beliefs["civil"][row], beliefs["speed_mps"][row], beliefs["height_m"][row], 0.0)
    if label == codes.LABEL_HOSTILE:
        u = chance.uniform(clock["seed"][0], clock["replication"][0], plan.rule.deciders["key"][d], key, chance.LABEL_LATCH, 0)
        beliefs["latched"][row] = 1 if u < plan.rule.doctrine["latch"][0] else 0
        beliefs["review_us"][row] = clock["now_us"][0] + plan.rule.doctrine["review_us"][0]


@inlined
def open_file(clock: Table, beliefs: Table, row: int, number: int) -> None:
    """Forget what an earlier track of this row was believed to be."""
    beliefs["number"][row] = number
    beliefs["label"][row] = codes.LABEL_UNKNOWN
    beliefs["firm_us"][row] = clock["now_us"][0]
    beliefs["hostile_us"][row] = -1
    beliefs["answer"][row] = NOT_ASKED
    beliefs["asked_us"][row] = -1
    beliefs["asks"][row] = 1
    beliefs["noted"][row] = 0
    beliefs["told"][row] = codes.NOBODY
    beliefs["defends"][row] = 0
    beliefs["inside"][row] = 0
    beliefs["aimed"][row] = 0
    beliefs["wait_us"][row] = 0
    beliefs["dead"][row] = 0
    beliefs["latched"][row] = 0
    beliefs["salvos"][row] = 0
    beliefs["again_us"][row] = 0
    beliefs["soonest_s"][row] = 1200.0


@inlined
def control_at(rule: Rule, clock: Table, place: Reals, height_m: float) -> int:
    """Weapons control in force at a place: of the last zone it lies in, else doctrine's before or after the first hostile act."""
    after = clock["hostile_act_us"][0] <= clock["now_us"][0]
    control = rule.doctrine["control_after"][0] if after else rule.doctrine["control"][0]
    for z in range(rule.zones.shape[0]):
        if rule.zones["after_act"][z] == 1 and not after:
            continue
        if not rule.zones["height_min_m"][z] <= height_m <= rule.zones["height_max_m"][z]:
            continue
        if rule.zones["count"][z] > 0:
            lat, lon, _ = ecef_to_geodetic(place[0], place[1], place[2])
            inside = is_inside(rule.corners_rad, rule.zones["first"][z], rule.zones["count"][z], lat, lon)
        else:
            dx, dy, dz = place[0] - rule.zones["x_m"][z], place[1] - rule.zones["y_m"][z], place[2] - rule.zones["z_m"][z]
            reach = rule.zones["radius_m"][z]
            inside = dx * dx + dy * dy + dz * dz - height_m * height_m <= reach * reach
        if inside:
            control = rule.zones["control"][z]
    return int(control)


@inlined
def is_inside(corners_rad: Reals, first: int, count: int, lat_rad: float, lon_rad: float) -> bool:
    """Whether a place lies in a polygon of corners on the map (even-odd rule; not across the antimeridian)."""
    inside = False
    j = first + count - 1
    for i in range(first, first + count):
        above_i, above_j = corners_rad[i, 0] > lat_rad, corners_rad[j, 0] > lat_rad
        if above_i != above_j:
            share = (lat_rad - corners_rad[i, 0]) / (corners_rad[j, 0] - corners_rad[i, 0])
            if lon_rad < corners_rad[i, 1] + share * (corners_rad[j, 1] - corners_rad[i, 1]):
                inside = not inside
        j = i
    return inside


@inlined
def comes_at_us(arms: Arms, doctrine: Table, board: Board, d: int, kind: int, place: Reals) -> int:
    """1 where a track of the kinds it names heads for a unit of the decider within the range or time of the rule of self-defence."""
    if (doctrine["defence_families"][0] >> kind) & 1 == 0:
        return 0
    speed2 = max(place[3] * place[3] + place[4] * place[4] + place[5] * place[5], 1.0)
    for u in range(arms.units.shape[0]):
        if board.units["decider"][u] != d or board.units["dead_us"][u] <= board.clock["now_us"][0]:
            continue
        at = arms.frames[u]
        dx, dy, dz = at[0] - place[0], at[1] - place[1], at[2] - place[2]
        along_s = (dx * place[3] + dy * place[4] + dz * place[5]) / speed2
        if along_s <= 0.0:
            continue
        away2 = dx * dx + dy * dy + dz * dz
        if away2 - speed2 * along_s * along_s > AT_US_M * AT_US_M:
            continue
        if away2 <= doctrine["defence_m"][0] * doctrine["defence_m"][0] or along_s <= doctrine["defence_s"][0]:
            return 1
    return 0


@inlined
def weigh_pace(rule: Rule, board: Board, target: int, d: int, row: int) -> None:
    """Draw how long the decision on a track takes beside others: slower after quiet, and while more tracks wait than can be served."""
    clock, beliefs, key = board.clock, board.beliefs, rule.deciders["key"][d]
    beliefs["share"][row] = chance.uniform(clock["seed"][0], clock["replication"][0], key, target, chance.DECISION_DELAY, 0)
    slow = 1.0
    if clock["now_us"][0] - board.deciders["acted_us"][d] > rule.doctrine["quiet_us"][0]:
        slow *= rule.doctrine["first_factor"][0]
    if board.deciders["overloaded"][d] == 1:
        slow *= rule.doctrine["stress"][0]
    beliefs["slow"][row] = slow


@inlined
def trace_evidence(plan: Plan, board: Board, d: int, row: int, i: int) -> None:
    """Record each piece of evidence that changed: its state, what it says of each side, whether it counts; outside the digest."""
    beliefs, rule = board.beliefs, plan.rule
    said, noted = beliefs["said"][row], beliefs["noted"][row]
    place = strongest_place(rule.families, said)
    for kind in range(HOSTILE_ACT + 1):
        state = state_of(said, kind)
        if state == state_of(noted, kind):
            continue
        h, c, f = 1.0, 1.0, 1.0
        if state > 0:
            h, c, f = likelihood(rule.families, rule.doctrine["military"][0], kind, state)
        counts = 0 if state == 0 or (rests_on_place(kind) and kind != place) else 1
        line = note(
            board.clock, board.log_integers, codes.STAGE_DECIDE, codes.EVIDENCE, rule.deciders["key"][d],
            plan.sky.objects["key"][i] if i >= 0 else 0, kind * 16 + state, i, d, int(beliefs["number"][row]), counts,
        )  # fmt: skip
        put(board.log_reals, line, h, c, f, beliefs["belief"][row], beliefs["civil"][row])
    beliefs["noted"][row] = said
