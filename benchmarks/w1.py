"""W1: ``raid-60``, the full chain on one core, with one filter a track and with the IMM."""

import statistics
import time
from typing import Any

import numpy as np

from openiads import scenario
from openiads.engine import battle
from openiads.model import codes
from openiads.model.state import State, allocate
from openiads.plan import Planned, plan

AIM_SINGLE, AIM_IMM, AIM_PLAN_S = 200.0, 60.0, 0.5
LOADS = {"looks": 10_000, "plots": 4_000, "confirmed_tracks": 40, "launches": 30}


def timed_plan(name: str, filter_name: str) -> tuple[Planned, float]:
    """Plan a scenario twice and return it with the second time [s]: the first one loads kernels and tables."""
    asked = scenario.read(name, overrides=[f"tracking.filter={filter_name}"])
    plan(asked)
    begin = time.perf_counter()
    planned = plan(asked)
    return planned, time.perf_counter() - begin


def rate(planned: Planned, state: State, replications: int, rounds: int = 5) -> float:
    """Replications a second on one core: the median of several rounds."""
    battle.run(planned.plan, planned.knowledge, state, 1, 0, 0)
    rates = []
    for turn in range(rounds):
        begin = time.perf_counter()
        for k in range(replications):
            battle.run(planned.plan, planned.knowledge, state, 1, turn * replications + k, 0)
        rates.append(replications / (time.perf_counter() - begin))
    return statistics.median(rates)


def load(planned: Planned, state: State, replications: int) -> dict[str, float]:
    """Average work of one replication."""
    sums = dict.fromkeys(("looks", "plots", "confirmed_tracks", "launches", "track_updates"), 0.0)
    for k in range(replications):
        battle.run(planned.plan, planned.knowledge, state, 1, k, 0)
        board = state.board
        log = board.log_integers[: board.clock["logged"][0]]
        sums["looks"] += int(board.clock["looks"][0])
        sums["plots"] += int(board.objects["hits"].sum())
        sums["track_updates"] += int(board.clock["updates"][0])
        sums["confirmed_tracks"] += int(np.count_nonzero(log[:, 2] == codes.TRACK_FIRM))
        sums["launches"] += int(np.count_nonzero(log[:, 2] == codes.LAUNCH))
    return {key: value / replications for key, value in sums.items()}


def measure() -> dict[str, Any]:
    """Return the record of W1."""
    single, plan_s = timed_plan("raid-60", "single")
    state = allocate(single.plan)
    work = load(single, state, 20)
    single_rate = rate(single, state, 60)
    imm, _ = timed_plan("raid-60", "imm")
    imm_rate = rate(imm, allocate(imm.plan), 20)
    enough = all(work[key] >= floor for key, floor in LOADS.items())
    return {
        "work": "W1",
        "figure": {"single": round(single_rate, 1), "imm": round(imm_rate, 1), "plan_s": round(plan_s, 3)},
        "unit": "replications/s; s",
        "aim": {"single": AIM_SINGLE, "imm": AIM_IMM, "plan_s": AIM_PLAN_S},
        "holds": enough and single_rate >= AIM_SINGLE and imm_rate >= AIM_IMM and plan_s <= AIM_PLAN_S,
        "peer": None,
        "ratio": None,
        "load": {key: round(value, 1) for key, value in work.items()},
        "load_floor": LOADS,
    }
