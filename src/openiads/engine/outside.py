"""Decisions made outside the kernels: a user's policy, an exact solver, or a recorder of the battle's assignment problems."""

from typing import Protocol

import numpy as np

from openiads.engine import battle, start
from openiads.engine.picture import Options, Picture, Places, Policy, Tracks, Units, Weapons, checked
from openiads.errors import UserError
from openiads.kernel import Ints, plain
from openiads.model import codes
from openiads.model.agenda import ASKED
from openiads.model.allocation import Problem, allocate
from openiads.model.options import DECIDER, ORDERS, TRACKS, UNITS, WAITING
from openiads.model.shots import targets_held
from openiads.model.state import Ask, State
from openiads.model.tables import Knowledge
from openiads.model.tracking.table import FIRM, FIRST, LIVE, NUMBER, STATUS, TIME_US
from openiads.plan import Planned

TRACE, OUTSIDE = 1, 2  # bits of the last argument of ``start.init``
SOLVE_S = 10.0  # what the exact solver may take for one decision


class Chooser(Protocol):
    """What answers when the engine asks for orders."""

    def orders(self, planned: Planned, state: State) -> Ints:
        """Return orders (orders, 4): row of the track, unit, weapon of the plan, rounds."""
        ...


def fight(planned: Planned, know: Knowledge, state: State, seed: int, replication: int, trace: bool, chooser: Chooser) -> int:
    """Fight one replication whose orders are chosen outside; returns the status that ended it."""
    start.init(planned.plan, know, state, seed, replication, (TRACE if trace else 0) | OUTSIDE)
    status = battle.go_on(planned.plan, know, state)
    while status == ASKED:
        give(state.board.ask, chooser.orders(planned, state))
        status = battle.obey(planned.plan, know, state)
    return int(status)


def give(ask: Ask, orders: Ints) -> None:
    """Write orders where the engine reads them.

    Raises
    ------
    UserError : there are more than any defence could carry out.
    """
    if len(orders) > len(ask.orders):
        raise UserError(f"decide returned {len(orders):,} orders at once; at most {len(ask.orders):,} are heard: order what can be fired")
    place = {int(row): j for j, row in enumerate(ask.track[: ask.size[TRACKS]])}
    for k in range(len(orders)):
        row = int(orders[k, 0])
        ask.orders[k] = place.get(row, -1), orders[k, 1], orders[k, 2], orders[k, 3], row
    ask.size[ORDERS] = len(orders)


def problem(ask: Ask) -> Problem:
    """Return the assignment at hand as a problem: rows are units with the shots that their channels allow, columns tracks."""
    units, tracks = int(ask.size[UNITS]), int(ask.size[TRACKS])
    return Problem(
        value=ask.value[:tracks].copy(),
        kill_probability=ask.kill[:units, :tracks].copy(),
        shots_available=np.maximum(ask.capacity[:units], 0),
        committed_survival=np.ones(tracks),
        shots_limit=ask.limit[:tracks].copy(),
        time_to_intercept_s=ask.time_s[:units, :tracks].copy(),
        minimum_gain=0.0,
    )


def rows_of(ask: Ask, x: Ints) -> Ints:
    """Return an answer (units, tracks) as orders, greatest threat first."""
    j, k = np.nonzero(x.T)
    return np.stack([ask.track[j], ask.unit[k], ask.weapon[k, j], x[k, j]], axis=1) if len(j) else np.zeros((0, 4), np.int64)


class ByAlgorithm:
    """Answers by an algorithm of ``model.allocation``; keeps the problems and answers where asked to."""

    def __init__(self, name: str, record: "list[tuple[Problem, Ints]] | None" = None) -> None:
        """Take the name of an algorithm and a list to fill."""
        self._name, self._record = name, record

    def orders(self, planned: Planned, state: State) -> Ints:
        """Return the algorithm's answer as orders."""
        ask = state.board.ask
        asked = problem(ask)
        x = allocate(asked, self._name, time_limit_s=SOLVE_S, exchanges=0).x
        if self._record is not None and (asked.kill_probability > 0.0).any():
            self._record.append((asked, x))
        return rows_of(ask, x)


class ByPolicy:
    """Answers by a user's policy."""

    def __init__(self, policy: Policy) -> None:
        """Take a policy."""
        self._policy = policy

    def orders(self, planned: Planned, state: State) -> Ints:
        """Ask the policy and translate its orders into rows of the plan."""
        seen, rows, units, weapons = picture(planned, state)
        found = checked(self._policy.decide(seen), seen)
        return np.stack([rows[found[:, 0]], units[found[:, 1]], weapons[found[:, 2]], found[:, 3]], axis=1)


def picture(planned: Planned, state: State) -> tuple[Picture, Ints, Ints, Ints]:
    """Return what the decider that asks knows, and the rows of its tracks, units and weapons in state and plan."""
    board, air, plan, ask = state.board, state.air, planned.plan, state.board.ask
    d, now_us = int(ask.size[DECIDER]), int(board.clock["now_us"][0])
    units = ask.unit[: ask.size[UNITS]].copy()
    weapons = np.flatnonzero(np.isin(plan.arms.weapons["unit"], units))
    first, live = (int(air.tracks.pictures[plan.rule.deciders["picture"][d], c]) for c in (FIRST, LIVE))
    rows = air.tracks.order[first : first + live]
    rows = rows[air.tracks.facts[rows, STATUS] == FIRM]
    seen = Picture(
        now_us * 1e-6,
        planned.names.deciders[d],
        _tracks(state, rows, now_us),
        _units(planned, state, units),
        _weapons(planned, state, units, weapons),
        _places(planned),
        _options(ask, rows, units, weapons),
    )
    return seen, rows, units, weapons


def _tracks(state: State, rows: Ints, now_us: int) -> Tracks:
    e, facts, beliefs = state.air.tracks.estimate[rows], state.air.tracks.facts[rows], state.board.beliefs[rows]
    since_s = (now_us - facts[:, TIME_US]) * 1e-6
    covariance = np.zeros((len(rows), 6, 6))
    upper = np.triu_indices(6)
    covariance[:, upper[0], upper[1]] = covariance[:, upper[1], upper[0]] = e[:, 6:27]
    asked = state.board.ask.track[: state.board.ask.size[TRACKS]]
    return Tracks(
        number=facts[:, NUMBER].copy(),
        position_ecef_m=e[:, :3] + e[:, 3:6] * since_s[:, None],
        velocity_ecef_mps=e[:, 3:6].copy(),
        covariance=covariance,
        height_m=beliefs["height_m"].copy(),
        label=beliefs["label"].copy(),
        hostile=beliefs["belief"].copy(),
        civil=beliefs["civil"].copy(),
        family=beliefs["family"].copy(),
        threat=beliefs["threat"].copy(),
        time_to_go_s=beliefs["soonest_s"].copy(),
        aimed_at=beliefs["toward"].copy(),
        shots=beliefs["aimed"].copy(),
        may_be_ordered=np.isin(rows, asked),
    )


def _units(planned: Planned, state: State, units: Ints) -> Units:
    plan, board = planned.plan, state.board
    table, stand = plan.arms.units[units], board.units[units]
    now_us = int(board.clock["now_us"][0])
    held = np.array([plain(targets_held)(board.shots, int(newest)) for newest in stand["guides"]], dtype=np.int64)
    return Units(
        name=tuple(planned.names.units[u] for u in units),
        position_ecef_m=plan.arms.frames[units, :3].copy(),
        is_ready=board.ask.capacity[: len(units)] >= 0,
        free_targets=np.maximum(table["targets_max"] - held, 0),
        free_missiles=np.maximum(table["missiles_max"] - stand["missiles"], 0),
        next_launch_s=(np.maximum(now_us + table["reaction_us"], stand["free_us"]) - now_us) * 1e-6,
    )


def _weapons(planned: Planned, state: State, units: Ints, weapons: Ints) -> Weapons:
    arms, board = planned.plan.arms, state.board
    place = {int(u): k for k, u in enumerate(units)}
    standing = board.launchers["dead_us"] > board.clock["now_us"][0]
    rounds = [
        int(board.rounds[standing & (arms.launchers["unit"] == arms.weapons["unit"][w]), arms.weapons["slot"][w]].sum()) for w in weapons
    ]
    return Weapons(
        name=tuple(planned.names.weapons[w] for w in weapons),
        unit=np.array([place[int(u)] for u in arms.weapons["unit"][weapons]], dtype=np.int64),
        is_gun=arms.weapons["kind"][weapons] == codes.WEAPON_GUN,
        rounds=np.array(rounds, dtype=np.int64),
        range_max_m=arms.weapons["range_max_m"][weapons].copy(),
    )


def _places(planned: Planned) -> Places:
    table = planned.plan.rule.guarded
    return Places(
        name=(*planned.names.assets, *planned.names.sites),
        position_ecef_m=np.stack([table["x_m"], table["y_m"], table["z_m"]], axis=1),
        value=table["value"].copy(),
        radius_m=table["radius_m"].copy(),
    )


def _options(ask: Ask, rows: Ints, units: Ints, weapons: Ints) -> Options:
    shape = (len(rows), len(units))
    made = Options(np.full(shape, -1), np.zeros(shape), np.full(shape, np.inf), np.full(shape, codes.HELD), np.zeros(len(rows), np.int64))
    place = {int(row): j for j, row in enumerate(ask.track[: ask.size[TRACKS]])}
    weapon_place = {int(w): n for n, w in enumerate(weapons)}
    for n, row in enumerate(rows):
        j = place.get(int(row))
        if j is None:
            continue
        link = ask.link[: len(units), j]
        made.kill_probability[n], made.reason[n] = ask.kill[: len(units), j], np.where(link == WAITING, codes.UNDECIDED, link)
        made.shots_limit[n] = ask.limit[j]
        for k in range(len(units)):
            if ask.kill[k, j] > 0.0:
                made.weapon[n, k] = weapon_place[int(ask.weapon[k, j])]
                made.time_to_intercept_s[n, k] = ask.time_s[k, j]
    return made
