"""A command post's decision: which tracks of its picture to fire at, with which unit and weapon, under doctrine.

Every quantity comes from the picture's own estimates and beliefs; what a track really is is used only to address draws and to
remember, for the why-trace, how far a unit came with it.
"""

from openiads.kernel import Ints, Reals, inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import ASKED, note, put
from openiads.model.allocation.kernels import FIRST_COME, assign_kernel
from openiads.model.allocation.workspace import Workspace
from openiads.model.columns import LEVELS, Table
from openiads.model.emission import keep_silence
from openiads.model.evaluation import threat
from openiads.model.identification import may_fire
from openiads.model.options import ORDERS, TRACKS, UNITS, muster, pose
from openiads.model.ordering import carry_out, order_answer, put_off
from openiads.model.recognition import refresh
from openiads.model.state import Air, Ask, Board
from openiads.model.tables import Knowledge, Plan
from openiads.model.tracking.filters import predict
from openiads.model.tracking.table import FIRM, FIRST, LIVE, MISSED_US, NUMBER, OBJECT, QUALITY_M, SLOWEST_US, STATUS, TIME_US, TrackTable

REVIEW_US = 6_000_000  # a labelled track is judged again so often
BURIED_M = -1_000.0  # a track that was predicted below here has come down
REPORT_GATE_M = 3e3  # a neighbour's report means the nearest track within this


@inner_kernel
def decide(plan: Plan, know: Knowledge, board: Board, air: Air, d: int) -> None:
    """One decision cycle of a decider: identify, evaluate, assign, order; or ask outside the kernels for the orders."""
    now_us, ask = board.clock["now_us"][0], board.ask
    p = plan.rule.deciders["picture"][d]
    tracks = air.tracks
    first = tracks.pictures[p, FIRST]
    by_age = plan.rule.doctrine["algorithm"][0] == FIRST_COME
    ask.size[TRACKS] = ask.size[ORDERS] = waiting = 0
    for slot in range(tracks.pictures[p, LIVE]):
        row = tracks.order[first + slot]
        if tracks.facts[row, STATUS] != FIRM:
            continue
        if is_news(now_us, board.beliefs, tracks.facts, row):
            consider(plan, know, board, air, d, row)
        if board.beliefs["hostile_us"][row] >= 0 and board.beliefs["aimed"][row] == 0 and board.beliefs["dead"][row] == 0:
            waiting += 1
        if not coasts(tracks.facts, row) and is_wanted(plan.rule.doctrine, board.clock, board.beliefs, row):
            put_forward(ask, board.beliefs, by_age, row)
    board.deciders["overloaded"][d] = 0
    if waiting == 0:
        return
    muster(plan, board, d)
    board.deciders["overloaded"][d] = 1 if waiting > channels(board) else 0
    heed_reports(plan, board, air, d)
    if ask.size[TRACKS] == 0:
        return
    pose(plan, know, board, air)
    if board.clock["outside"][0] == 1:
        board.clock["status"][0] = ASKED
        return
    assign(plan.rule.doctrine, board)
    order_answer(board)
    carry_out(plan, know, board, air)
    put_off(plan, know, board, air)


@inlined
def put_forward(ask: Ask, beliefs: Table, by_age: bool, row: int) -> None:
    """Insert a track into the list of those to be weighed: greatest threat first, or first called so first; the last falls out."""
    n = ask.size[TRACKS]
    if n == ask.track.shape[0]:
        n -= 1
        if not comes_before(beliefs, by_age, row, ask.track[n]):
            return
    j = n
    while j > 0 and comes_before(beliefs, by_age, row, ask.track[j - 1]):
        ask.track[j] = ask.track[j - 1]
        j -= 1
    ask.track[j] = row
    ask.size[TRACKS] = n + 1


@inner_kernel
def comes_before(beliefs: Table, by_age: bool, row: int, other: int) -> bool:
    """Whether one track is to be listed before another."""
    if by_age:
        return bool(beliefs["hostile_us"][row] < beliefs["hostile_us"][other])
    return bool(beliefs["threat"][row] > beliefs["threat"][other])


@inlined
def channels(board: Board) -> int:
    """Free channels of all units of the decider at hand."""
    free = 0
    for k in range(board.ask.size[UNITS]):
        free += max(board.ask.capacity[k], 0)
    return free


@inner_kernel
def heed_reports(plan: Plan, board: Board, air: Air, d: int) -> None:
    """Drop from the list what neighbours under the same command post said, and were heard to say, that they fire at.

    A report takes the nearest listed track that lies where it says: what a track really is plays no part, so close targets are mixed up.
    """
    ask, reports, now_us = board.ask, board.reports, board.clock["now_us"][0]
    place = board.scratch[board.scratch.shape[0] - 2]
    for n in range(min(board.clock["reports"][0], reports.shape[0])):
        if reports["decider"][n] == d or now_us < reports["heard_us"][n] or now_us >= reports["until_us"][n]:
            continue
        if not is_neighbour(plan, board, d, reports["post"][n]):
            continue
        since_s, told = (now_us - reports["sent_us"][n]) * 1e-6, board.told[n]
        best, nearest2 = -1, REPORT_GATE_M * REPORT_GATE_M
        for j in range(ask.size[TRACKS]):
            place[0], place[1], place[2], place[3], place[4], place[5] = predict(air.tracks, ask.track[j], now_us)
            dx, dy = told[0] + told[3] * since_s - place[0], told[1] + told[4] * since_s - place[1]
            dz = told[2] + told[5] * since_s - place[2]
            away2 = dx * dx + dy * dy + dz * dz
            if away2 < nearest2:
                best, nearest2 = j, away2
        if best >= 0:
            for j in range(best, ask.size[TRACKS] - 1):
                ask.track[j] = ask.track[j + 1]
            ask.size[TRACKS] -= 1


@inlined
def is_neighbour(plan: Plan, board: Board, d: int, post: int) -> bool:
    """Whether a decider decides by delegation under a command post."""
    for k in range(board.ask.size[UNITS]):
        line = board.ask.unit[k] * LEVELS + board.units["level"][board.ask.unit[k]]
        if plan.rule.lines["mode"][line] == codes.MODE_DELEGATED and plan.rule.lines["post"][line] == post:
            return True
    return False


@inlined
def assign(doctrine: Table, board: Board) -> None:
    """Answer the assignment at hand by the compiled algorithm that doctrine names; writes the shots of each unit at each track."""
    ask = board.ask
    for k in range(ask.size[UNITS]):
        ask.capacity[k] = max(ask.capacity[k], 0)
    assign_kernel(
        doctrine["algorithm"][0], ask.size[UNITS], ask.size[TRACKS], ask.value, ask.kill, ask.time_s, ask.capacity, ask.limit,
        codes.NO_GAIN, codes.NONE, ask.answer, Workspace(ask.work_reals, ask.work_ints),
    )  # fmt: skip


@inlined
def is_news(now_us: int, beliefs: Table, facts: Ints, row: int) -> bool:
    """Whether a track gives reason to judge it anew: it is new, or has a plot since and is unlabelled or due for review."""
    if beliefs["number"][row] != facts[row, NUMBER]:
        return True
    if beliefs["seen_us"][row] == facts[row, TIME_US]:
        return False
    return bool(beliefs["label"][row] == codes.LABEL_UNKNOWN or now_us - beliefs["judged_us"][row] >= REVIEW_US)


@inner_kernel
def consider(plan: Plan, know: Knowledge, board: Board, air: Air, d: int, row: int) -> None:
    """Take a new plot of a track into account: belief, threat, and silence before what may home on radars."""
    place = board.scratch[board.scratch.shape[0] - 2]
    place[0], place[1], place[2], place[3], place[4], place[5] = predict(air.tracks, row, board.clock["now_us"][0])
    refresh(plan, know, board, air, d, row, place)
    board.beliefs["seen_us"][row] = air.tracks.facts[row, TIME_US]
    board.beliefs["judged_us"][row] = board.clock["now_us"][0]
    threat(plan.rule, board.beliefs, air.tracks.estimate, row, place)
    keep_silence(plan, board, d, row, place)
    if board.clock["trace"][0] == 1:
        trace_track(plan.sky.objects, plan.rule.deciders, board, air.tracks, d, row, place)


@inlined
def coasts(facts: Ints, row: int) -> bool:
    """Whether a track was missed for as long as two scans of its slowest radar: it is not fired at before it is seen again."""
    return bool(facts[row, MISSED_US] >= 2 * facts[row, SLOWEST_US])


@inlined
def is_wanted(doctrine: Table, clock: Table, beliefs: Table, row: int) -> bool:
    """Whether a track may be fired at now: by its label and weapons control, not being shot at, not assessed dead or just missed."""
    now_us = clock["now_us"][0]
    if (
        now_us < beliefs["again_us"][row]
        or beliefs["hostile_us"][row] < 0
        or beliefs["aimed"][row] > 0
        or now_us < beliefs["wait_us"][row]
        or beliefs["height_m"][row] < BURIED_M
        or not may_fire(doctrine, beliefs, row)
    ):
        return False
    beliefs["dead"][row] = 0
    return True


@inlined
def trace_track(objects: Table, deciders: Table, board: Board, tracks: TrackTable, d: int, row: int, place: Reals) -> None:
    """Record where a picture believes a track to be, for replay and training; outside the digest."""
    i = tracks.facts[row, OBJECT]
    key = objects["key"][i] if i >= 0 else 0
    line = note(
        board.clock, board.log_integers, codes.STAGE_DECIDE, codes.TRACK_STATE, deciders["key"][d], key, board.beliefs["label"][row],
        i, d, int(tracks.facts[row, NUMBER]), int(board.beliefs["family"][row]),
    )  # fmt: skip
    put(board.log_reals, line, place[0], place[1], place[2], board.beliefs["belief"][row], tracks.estimate[row, QUALITY_M])
