"""Closed forms of shots, layers, channels and fire, each set up as a battle and run through the whole engine.

Every row compares what the engine itself counts; its tolerance is four standard errors of that count, from the variation between
replications, so a right engine fails a row by chance once in sixteen thousand seeds.
"""

import math
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from openiads.kernel import Ints
from openiads.machine import cores
from openiads.model import codes
from openiads.plan import Planned, plan
from openiads.results.batch import many
from openiads.results.running import fight
from openiads.scenario import read
from openiads.verify import rows
from openiads.verify.case import Measured
from openiads.verify.salvo import loss

SEED = 20_260_101
_MEASURES = {
    "leak": ("leaked", "targets"),
    "kill": ("killed", "targets"),
    "shots": ("rounds_fired", "targets"),
    "unserved": ("unserved", "targets"),
}


def of_targets(battle: str, part: str, replications: float, changes: Mapping[str, Any], klass: str = "") -> Measured:
    """A count over the targets of a battle: leaked, killed or not engaged, or the rounds fired at them."""
    columns = fought(battle, _listed(changes), int(replications))
    above, below = (columns[f"{name}/{klass}" if klass else name] for name in _MEASURES[part])
    return _ratio(above, below)


def of_battles(battle: str, part: str, replications: float, changes: Mapping[str, Any]) -> Measured:
    """A mean over battles: the share without any leaker, or the number of leakers or of targets that no channel was free for."""
    columns = fought(battle, _listed(changes), int(replications))
    values = (columns["leaked"] == 0).astype(np.int64) if part == "no_leak" else columns[{"leakers": "leaked"}.get(part, part)]
    return _ratio(values, np.ones_like(values))


def of_load(battle: str, load: float, replications: float, changes: Mapping[str, Any], klass: str) -> Measured:
    """Share of the arrivals of a class that find no channel free at an offered load in erlangs, spaced by the engine's own service."""
    before = _listed(changes)
    groups = planned(battle, before).scenario.objects
    lanes = sum(group.target_class == klass for group in groups)
    gap_s = lanes * service_time_s(battle, before) / load
    columns = fought(battle, (*before, *(f"objects.{group.name}.spacing={gap_s:.6f} s" for group in groups)), int(replications))
    return _ratio(*(columns[f"{name}/{klass}"] for name in _MEASURES["unserved"]))


def of_raid(battle: str, mean: float, window_s: float, replications: float, changes: Mapping[str, Any], klass: str) -> Measured:
    """Mean number of a raid's targets that no channel was free for, when their number is Poisson and they come within a window."""
    groups = planned(battle, ()).scenario.objects
    counted = [group.name for group in groups if group.target_class == klass]
    gap_s = len(counted) * window_s / mean
    for group in groups:
        told = {"spacing": f"{gap_s} s", "start": "0 s", "last_start": f"{window_s} s"} if group.name in counted else {"availability": 0}
        changes = {**changes, **{f"objects.{group.name}.{key}": value for key, value in told.items()}}
    return of_battles(battle, "unserved", replications, changes)


@cache
def fought(battle: str, changes: tuple[str, ...], replications: int) -> dict[str, Ints]:
    """The outcome columns of a battle of this package, changed, fought so often; ``unserved`` are the targets that nothing was fired at."""
    found = many(planned(battle, changes), SEED, 0, replications, cores()).columns
    names = [name for name in found if name == "targets" or name.startswith("targets/")]
    return {**found, **{name.replace("targets", "unserved"): found[name] - found[name.replace("targets", "engaged")] for name in names}}


def planned(battle: str, changes: tuple[str, ...]) -> Planned:
    """Plan a battle of this package."""
    with resources.as_file(resources.files("openiads.verify") / "battles") as folder:
        return plan(read(str(Path(folder) / f"{battle}.yaml"), changes))


@cache
def service_time_s(battle: str, changes: tuple[str, ...]) -> float:
    """Mean time that an engagement holds a channel, over the groups of a battle; within a group each takes as long.

    A channel is missed from the decision that gives the order to the first one after the intercept; half a period less, because of
    what comes within one period half is served first.
    """
    made = planned(battle, changes)
    log = fight(made, SEED).log
    assert log is not None  # noqa: S101 - one replication keeps its log
    period_us = int(made.plan.rule.deciders["period_us"][0])
    begun: dict[int, int] = {}
    lasted: dict[int, list[float]] = {}
    for time_us, kind, target, shot in log.integers[:, [0, 2, 6, 8]].tolist():
        if kind == codes.ORDER:
            begun[shot] = time_us
        elif kind == codes.INTERCEPT:
            periods = -(-(time_us - begun[shot]) // period_us) - 0.5
            lasted.setdefault(int(made.plan.sky.objects["group"][target]), []).append(periods * period_us * 1e-6)
    return sum(sum(times_s) / len(times_s) for times_s in lasted.values()) / len(lasted)


def _listed(changes: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"{path}={f'{value:g}' if isinstance(value, float) else value}" for path, value in changes.items())


def _ratio(above: Ints, below: Ints) -> Measured:
    """Ratio of two sums over replications with its standard error (delta method)."""
    n, total = len(above), float(below.sum())
    value = float(above.sum()) / total
    spread = float(((above - value * below) ** 2).sum()) * n / (n - 1)
    return Measured(value, math.sqrt(spread) / total)


CHECKS = rows.read("engagement", {"loss": loss, **globals()})
