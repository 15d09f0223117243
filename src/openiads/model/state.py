"""The one State of a battle: tables that only the stages of ``model`` write; a copy of it forks the battle.

Rows run parallel to the plan's tables; tracks run parallel to the rows of the tracker's own table.
"""

from typing import NamedTuple

import numpy as np

from openiads.kernel import Ints, Reals
from openiads.model.allocation.workspace import workspace
from openiads.model.columns import Columns, Table, table
from openiads.model.tables import Plan
from openiads.model.tracking.table import Plots, Scratch, TrackTable, new_plots, new_scratch, new_table

CLOCK: Columns = [  # one row: where the battle stands
    ("now_us", "i8"),
    ("seed", "i8"),
    ("replication", "i8"),
    ("queued", "i8"),  # events waiting
    ("logged", "i8"),  # rows written
    ("shots", "i8"),  # shots ever fired
    ("salvos", "i8"),
    ("reports", "i8"),  # told to neighbours
    ("outside", "i8"),  # 1: orders are chosen outside the kernels
    ("hostile_act_us", "i8"),
    ("trace", "i8"),  # 1: plots and track states are recorded too
    ("status", "i8"),
    ("looks", "i8"),  # looks above a mask, for the record of the load
    ("updates", "i8"),  # plots handed to trackers
    ("flights_us", "i8"),  # when the places of the flights were looked up last, -1: never
    ("night", "f8"),  # the night's shared normal draw
]

OBJECT_STATE: Columns = [
    ("end", "i8"),  # how it ended, ALIVE until then
    ("shift_us", "i8"),  # its group's start against the nominal clock
    ("path", "i8"),
    ("switch_us", "i8"),  # when it left its first path
    ("born_us", "i8"),
    ("dead_us", "i8"),
    ("detected_us", "i8"),
    ("looks", "i8"),  # looks at it that could have seen it without jamming
    ("jammed", "i8"),  # of these, those that jamming hid
    ("hits", "i8"),  # detections
    ("replies", "i8"),  # 1: its transponder works tonight
    ("filed", "i8"),  # 1: the pictures have its flight plan, where it filed one
    ("blocked", "i8"),  # 1: a unit in reach was dead or silent; 2: it was wrongly assessed dead last
    ("furthest", "i8"),  # the link of the chain reached by the unit that came furthest
    ("firm", "i8"),  # firm tracks it ever had
    ("cleared", "i8"),  # 1: some track of it could be fired at
    ("engaged", "i8"),
    ("released", "i8"),  # children that came into being
    ("effect", "f8"),  # its shared normal draw on kill probabilities
]

RADAR_STATE: Columns = [
    ("phase_us", "i8"),
    ("facing_rad", "f8"),
    ("dead_us", "i8"),
    ("silent_us", "i8"),  # silent from here
    ("speaks_us", "i8"),  # until here
    ("silence_us", "i8"),  # total so far
    ("hits", "i8"),
    ("hidden", "i8"),  # looks of its last scan that jamming hid
    ("strobed", "i8"),  # the scan after which its strobes were renewed last
    ("blink_on_us", "i8"),  # 0: does not blink
    ("blink_us", "i8"),  # on and off together
    ("blink_shift_us", "i8"),
]

STROBE_STATE: Columns = [  # row radar * jammers + jammer
    ("on", "i8"),
    ("time_us", "i8"),  # last renewed
    ("bearing_rad", "f8"),
    ("elevation_rad", "f8"),
]

FEED_STATE: Columns = [
    ("end_us", "i8"),  # of the scan on its way
    ("arrives_us", "i8"),
    ("first", "i8"),  # where its part of ``Board.watching`` begins
    ("watching", "i8"),  # how many objects its radar still watches
    ("next", "i8"),  # row of ``Eyes.watch`` that its radar will watch next
]

UNIT_STATE: Columns = [
    ("dead_us", "i8"),
    ("free_us", "i8"),  # next launch not before
    ("level", "i8"),  # row of its lines of command
    ("decider", "i8"),
    ("missiles", "i8"),  # under support now
    ("fired", "i8"),
    ("guides", "i8"),  # the shot it began to support last, -1: none
    ("loading", "i8"),  # launchers being reloaded
    ("hits", "i8"),
    ("effect", "f8"),
]

LAUNCHER_STATE: Columns = [
    ("dead_us", "i8"),
    ("reloads", "i8"),  # full loads left
    ("waits_us", "i8"),  # empty since, and no loader was free; -1: does not wait
    ("hits", "i8"),
]

SHOT: Columns = [
    ("weapon", "i8"),
    ("unit", "i8"),
    ("launcher", "i8"),
    ("ordinal", "i8"),  # number of the round on its launcher: the address of its draws
    ("decider", "i8"),
    ("row", "i8"),  # the track it was fired at
    ("number", "i8"),
    ("object", "i8"),  # what the track really was at launch, -1: nothing
    ("launch_us", "i8"),
    ("intercept_us", "i8"),
    ("handover_us", "i8"),
    ("salvo", "i8"),
    ("result", "i8"),  # -1: flying
    ("supported", "i8"),  # 1: holds a channel
    ("after", "i8"),  # the supported shot of the same unit that was ordered before it, -1: none
    ("lost", "i8"),  # 1: the order never arrives
    ("revisions", "i8"),
    ("x_m", "f8"),  # predicted point
    ("y_m", "f8"),
    ("z_m", "f8"),
]

BELIEF_STATE: Columns = [  # what a picture believes of each track, beside its kinematics
    ("number", "i8"),  # track number this row speaks of
    ("seen_us", "i8"),  # plot that the belief rests on
    ("judged_us", "i8"),
    ("label", "i8"),
    ("family", "i8"),
    ("firm_us", "i8"),
    ("hostile_us", "i8"),
    ("asked_us", "i8"),  # last interrogation, -1: never
    ("asks", "i8"),  # the number of the next interrogation
    ("answer", "i8"),  # state of the evidence of replies, see ``evidence``
    ("inside", "i8"),  # decisions in a row inside a corridor
    ("said", "i8"),  # packed states of the evidence, see ``evidence``
    ("noted", "i8"),  # the same as last recorded in a trace
    ("guess", "i8"),  # family that a classifier reported, -1: none
    ("report_us", "i8"),  # when another post's report arrives
    ("review_us", "i8"),  # a hostile label is not reviewed before
    ("defends", "i8"),  # 1: the rule of self-defence lets it be fired at
    ("aimed", "i8"),  # shots in the air or awaiting assessment
    ("wait_us", "i8"),  # assessed dead: no new order before
    ("again_us", "i8"),  # no unit could take it: not looked at before
    ("told", "i8"),  # why it is not fired at, as last recorded; -1: nothing to record
    ("dead", "i8"),  # 1: assessed dead
    ("latched", "i8"),
    ("control", "i8"),  # weapons control where it flies
    ("salvos", "i8"),
    ("toward", "i8"),  # what it threatens most, -1: nothing
    ("height_m", "f8"),
    ("slow", "f8"),  # factor on the time of the decision about it
    ("share", "f8"),  # draw of the time of the decision about it
    ("soonest_s", "f8"),  # time until it may reach an asset
    ("threat", "f8"),
    ("speed_mps", "f8"),
    ("belief", "f8"),  # probability hostile
    ("civil", "f8"),
]

DECIDER_STATE: Columns = [
    ("dead_us", "i8"),
    ("acted_us", "i8"),  # its last order
    ("units", "i8"),
    ("hits", "i8"),
    ("overloaded", "i8"),  # 1: more tracks waited at its last decision than it had channels
]
REPORT: Columns = [  # what a decider told its neighbours under one command post: a track that it fires at
    ("decider", "i8"),
    ("post", "i8"),
    ("heard_us", "i8"),
    ("until_us", "i8"),
    ("sent_us", "i8"),
]
REPORTS = 256
ASSET_STATE: Columns = [("hits", "i8"), ("stopped_us", "i8"), ("first_us", "i8")]

ORDERS_MORE = 1_024  # orders heard beyond those that could be carried out, so that each gets its reason
ASKED_MAX = 256  # tracks that one decision weighs; the least threats beyond wait
PLACE, POINT = -2, -1  # rows of the scratch space: a believed state (6,), a predicted point (3,) and its range
LOG_INTEGERS = 10  # time, stage, kind, key a, key b, code, index a, index b, count, extra
LOG_REALS = 5


class Ask(NamedTuple):
    """The assignment at hand: one decider's units against the tracks that it may fire at, and what is to be ordered."""

    size: Ints  # (4,) tracks, units, decider, orders
    track: Ints  # (tracks,) rows of the tracks, greatest threat first
    unit: Ints  # (units,)
    value: Reals  # (tracks,) what stopping it is worth
    limit: Ints  # (tracks,) shots at it at once
    capacity: Ints  # (units,) shots that its channels allow
    start_us: Ints  # (units,) when each could launch on an order given now
    ready: Ints  # (weapons,) rounds on launchers that stand
    kill: Reals  # (units, tracks) believed kill probability of a shot; 0: cannot be
    time_s: Reals  # (units, tracks) until the intercept
    weapon: Ints  # (units, tracks)
    link: Ints  # (units, tracks) READY, WAITING or the link that broke
    answer: Ints  # (units, tracks) shots
    orders: Ints  # (orders, 5) place of the track or -1, unit, weapon, rounds, row of the track
    work_reals: Reals
    work_ints: Ints


class Board(NamedTuple):
    """Where everything stands but the air pictures; written in place by the stages."""

    clock: Table
    objects: Table
    radars: Table
    strobes: Table
    units: Table
    launchers: Table
    rounds: Ints  # (launchers, SLOTS)
    shots: Table
    beliefs: Table
    deciders: Table
    assets: Table
    feeds: Table
    watching: Ints  # feed by feed, the rows of ``Eyes.watch`` that its radar watches now
    reports: Table  # (REPORTS,) the latest, in a ring
    told: Reals  # (REPORTS, 6) position and velocity reported
    flights: Reals  # (flights, 6) where each should be by its filed plan, and where it says that it is; NOWHERE_M for neither
    ask: Ask
    queue: Ints  # (events, 2) time and code of what is to come
    scratch: Reals  # (objects + 64, 16) of the stage that runs; the last rows are PLACE and POINT
    log_integers: Ints  # (rows, LOG_INTEGERS)
    log_reals: Reals  # (rows, LOG_REALS)


class Air(NamedTuple):
    """The air pictures: the trackers' table, the plots of the scan at hand and the trackers' working space."""

    tracks: TrackTable
    plots: Plots
    scratch: Scratch
    coverages: Reals  # (radars, 24) as the radars stand in this replication


class State(NamedTuple):
    """Where a battle stands."""

    board: Board
    air: Air


def _ask(plan: Plan) -> Ask:
    """Room for the largest assignment: every unit, and as many tracks as one picture may put forward at once."""
    units, tracks = len(plan.arms.units), min(plan.rows_per_picture, ASKED_MAX)
    shots = int(plan.arms.units["missiles_max"].sum()) + tracks
    work = workspace(units, tracks, shots)
    return Ask(
        size=np.zeros(4, np.int64),
        track=np.zeros(tracks, np.int64),
        unit=np.zeros(units, np.int64),
        value=np.zeros(tracks),
        limit=np.zeros(tracks, np.int64),
        capacity=np.zeros(units, np.int64),
        start_us=np.zeros(units, np.int64),
        ready=np.zeros(len(plan.arms.weapons), np.int64),
        kill=np.zeros((units, tracks)),
        time_s=np.zeros((units, tracks)),
        weapon=np.zeros((units, tracks), np.int64),
        link=np.zeros((units, tracks), np.int64),
        answer=np.zeros((units, tracks), np.int64),
        orders=np.zeros((shots + ORDERS_MORE, 5), np.int64),
        work_reals=work.reals,
        work_ints=work.ints,
    )


def allocate(plan: Plan, log_rows: int = 20_000, orders: int = 4) -> State:
    """Return an empty state for a plan; ``engine.start.init`` fills it for one replication.

    ``orders`` is how many orders for each object have room beside those that use a round.
    """
    shots = int((plan.arms.rounds.sum(axis=1) * (1 + plan.arms.launchers["reloads"])).sum()) + orders * len(plan.sky.objects) + 64
    events = 4 * len(plan.sky.objects) + 4 * shots + 4 * len(plan.feeds) + len(plan.rule.deciders) + 1024
    plots = 2 * len(plan.sky.objects) + 256
    board = Board(
        clock=table(CLOCK, 1),
        objects=table(OBJECT_STATE, len(plan.sky.objects)),
        radars=table(RADAR_STATE, len(plan.eyes.radars)),
        strobes=table(STROBE_STATE, len(plan.eyes.radars) * len(plan.eyes.jammers)),
        units=table(UNIT_STATE, len(plan.arms.units)),
        launchers=table(LAUNCHER_STATE, len(plan.arms.launchers)),
        rounds=np.zeros(plan.arms.rounds.shape, np.int64),
        shots=table(SHOT, shots),
        beliefs=table(BELIEF_STATE, plan.pictures * plan.rows_per_picture),
        deciders=table(DECIDER_STATE, len(plan.rule.deciders)),
        assets=table(ASSET_STATE, len(plan.assets)),
        feeds=table(FEED_STATE, len(plan.feeds)),
        watching=np.zeros(int(np.diff(plan.eyes.watched)[plan.feeds["radar"]].sum()), np.int64),
        reports=table(REPORT, REPORTS),
        told=np.zeros((REPORTS, 6)),
        flights=np.zeros((len(plan.rule.flights), 6)),
        ask=_ask(plan),
        queue=np.zeros((events, 2), np.int64),
        scratch=np.zeros((len(plan.sky.objects) + 64, 16)),
        log_integers=np.zeros((log_rows, LOG_INTEGERS), np.int64),
        log_reals=np.zeros((log_rows, LOG_REALS)),
    )
    air = Air(
        tracks=new_table(plan.pictures, plan.rows_per_picture),
        plots=new_plots(plots),
        scratch=new_scratch(plan.rows_per_picture, plots),
        coverages=plan.eyes.coverages.copy(),
    )
    return State(board, air)
