"""Orders, launches, intercepts and their assessment: what a shot goes through and what it holds meanwhile."""

import math

from openiads import chance
from openiads.kernel import Ints, Reals, inlined, inner_kernel
from openiads.model import codes
from openiads.model.agenda import SHOTS_FULL, note, push, put
from openiads.model.engagement import OK, envelope, flight_s, guide, is_held, is_supported, kills, meet, rounds_ready
from openiads.model.identification import may_fire
from openiads.model.sensing import is_there, place_at
from openiads.model.state import Air, Board
from openiads.model.tables import ASSESS_FACTOR, FAR_FUTURE_US, Arms, Eyes, Knowledge, Plan, Sky, Table
from openiads.model.times import drawn_us
from openiads.model.tracking.filters import predict
from openiads.model.tracking.table import FREE, NUMBER, OBJECT, STATUS

INTERCEPT_KIND, HANDOVER_KIND = 0, 1
LAUNCH_SLACK_M = 500.0  # what a believed height may be wrong by at launch
TRY_AGAIN_US = 5_000_000  # a track that a unit could not fire at when the order came due is offered again after so long
REVISE_US = 300_000  # an intercept that would come later than this after its time is moved


@inner_kernel
def furthest(flown: Table, i: int, link: int) -> None:
    """Remember the furthest link of the chain that any unit reached against an object."""
    if i >= 0 and flown["furthest"][i] < link:
        flown["furthest"][i] = link


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
    place[0], place[1], place[2], place[3], place[4], place[5] = predict(air.tracks, row, now_us, plan.trackers)
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


@inlined
def revise(sky: Sky, arms: Arms, classes: Table, board: Board, s: int, i: int) -> int:
    """Where the target really is at the time of the intercept: OK, a later meeting (-2), or the broken link."""
    shots = board.shots
    w, u = shots["weapon"][s], shots["unit"][s]
    now_us = board.clock["now_us"][0]
    place, point = board.scratch[board.scratch.shape[0] - 2], board.scratch[board.scratch.shape[0] - 1]
    place_at(sky, board.objects, i, now_us, place)
    frame = arms.frames[u]
    dx, dy, dz = place[0] - frame[0], place[1] - frame[1], place[2] - frame[2]
    range_m = math.sqrt(dx * dx + dy * dy + dz * dz)
    point[0], point[1], point[2], point[3] = place[0], place[1], place[2], range_m
    klass = sky.objects["klass"][i]
    link = envelope(arms, w, point, place, classes["is_ballistic"][klass] == 1, 0.0)
    if link != OK:
        return link
    late_us = shots["launch_us"][s] + int(flight_s(arms.weapons, arms.flights_s, w, range_m) * 1e6) - now_us
    if late_us > REVISE_US and shots["revisions"][s] < 8:
        shots["revisions"][s] += 1
        return -2
    return OK


@inner_kernel
def intercept(plan: Plan, know: Knowledge, board: Board, air: Air, s: int) -> None:
    """Resolve a shot at its time: is there a target, was it supported, does the round work, is it a kill."""
    shots, clock = board.shots, board.clock
    now_us = clock["now_us"][0]
    if shots["result"][s] != -1 or shots["intercept_us"][s] != now_us:
        return
    w, u, i = shots["weapon"][s], shots["unit"][s], shots["object"][s]
    result = codes.SHOT_NO_TARGET
    if i >= 0 and board.objects["dead_us"][i] <= now_us:
        result = codes.SHOT_ALREADY_DEAD if board.objects["end"][i] == codes.KILLED else codes.SHOT_NO_TARGET
        furthest(board.objects, i, codes.NO_TIME)
    elif i >= 0 and is_there(board.objects, i, now_us):
        met = revise(plan.sky, plan.arms, plan.rule.classes, board, s, i)
        if met == -2:
            tof_us = int(flight_s(plan.arms.weapons, plan.arms.flights_s, w, board.scratch[board.scratch.shape[0] - 1, 3]) * 1e6)
            fly(plan.arms.weapons, board, s, max(shots["launch_us"][s] + tof_us, now_us + 100_000))
            return
        result = outcome(plan.sky, plan.eyes, plan.arms, know, board, s, i, met, plan.rule.doctrine["remote"][0] == 1)
    let_go(board, s)
    shots["result"][s] = result
    point = board.scratch[board.scratch.shape[0] - 1]
    key = plan.sky.objects["key"][i] if i >= 0 else 0
    row = note(clock, board.log_integers, codes.STAGE_INTERCEPT, codes.INTERCEPT, plan.arms.units["key"][u], key, result, i, u, s, w)
    put(board.log_reals, row, point[0], point[1], point[2], 0.0, 0.0)
    if result == codes.SHOT_KILL:
        board.objects["dead_us"][i] = now_us
        board.objects["end"][i] = codes.KILLED
        note(clock, board.log_integers, codes.STAGE_INTERCEPT, codes.END, key, plan.arms.units["key"][u], codes.KILLED, i, u, s, codes.NONE)
    d = shots["decider"][s]
    share = chance.uniform(
        clock["seed"][0], clock["replication"][0], plan.arms.units["key"][u], key, chance.ASSESSMENT_DELAY, shots["ordinal"][s]
    )
    seen_us = now_us + drawn_us(plan.rule.laws_s, plan.rule.deciders["assess"][d], share)
    push(clock, board.queue, seen_us, codes.STAGE_ASSESS, codes.NONE, s)


@inlined
def outcome(sky: Sky, eyes: Eyes, arms: Arms, know: Knowledge, board: Board, s: int, i: int, met: int, remote: bool) -> int:
    """Result of a shot at a target that is there; the target's furthest link is remembered."""
    shots, clock = board.shots, board.clock
    w = shots["weapon"][s]
    if met != OK:
        furthest(board.objects, i, codes.OUTSIDE_ENVELOPE)
        return codes.SHOT_OUTSIDE
    if not is_supported(sky, eyes, arms.units, know, board, s, shots["handover_us"][s], remote):
        furthest(board.objects, i, codes.SUPPORT_LOST)
        return codes.SHOT_UNSUPPORTED
    furthest(board.objects, i, codes.MISSED)
    launcher = arms.launchers["key"][shots["launcher"][s]]
    works = (
        chance.uniform(clock["seed"][0], clock["replication"][0], launcher, 0, chance.ROUND_RELIABILITY, shots["ordinal"][s])
        < arms.weapons["reliability"][w]
    )
    if not works:
        return codes.SHOT_UNRELIABLE
    if kills(sky.objects, arms, know, board, s, i, board.scratch[board.scratch.shape[0] - 1, 3]):
        return codes.SHOT_KILL
    return codes.SHOT_MISS


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


__all__ = ["assess", "cancel", "furthest", "intercept", "launch", "let_go", "order", "refill", "targets_held"]
