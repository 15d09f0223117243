"""A scenario fought, from its name to a ``Run``."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from openiads.errors import UserError
from openiads.log import Log, digest
from openiads.machine import cores
from openiads.plan import Planned, plan
from openiads.results.arena import Arena
from openiads.results.batch import Batch, many
from openiads.results.source import source_of
from openiads.results.value import Run
from openiads.scenario.models import Scenario
from openiads.scenario.reader import Overrides, read

SEED_MAX = 2**63 - 1
REPLICATIONS_MAX = 10_000_000


def run(
    scenario: str | Path | Scenario,
    *,
    seed: int | None = None,
    replications: int = 1,
    replication: int = 0,
    workers: int | None = None,
    overrides: Overrides = (),
    progress: Callable[[int], None] | None = None,
    policy: object = None,
    record_assignments: bool = False,
) -> Run:
    """Fight a scenario.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a shipped scenario, path of a file, or a scenario already read.
    seed : int or None
        64-bit seed; the scenario's own when None.
    replications : int
        How often; replication numbers run from ``replication``.
    replication : int
        First (or only) replication: with the same seed it repeats that one of a larger run.
    workers : int or None
        Cores to use; every one when None. The answer does not depend on it.
    overrides : sequence of "PATH=VALUE" or mapping
        Changes to the scenario.
    progress : callable or None
        Called with the number of replications finished so far.
    policy : object, class, Path or None
        Chooses the orders in the place of doctrine's algorithm: an object with ``decide(picture) -> Orders``, a class of such that is
        made anew for every replication, or the path of a Python file that defines ``decide`` or a class ``Policy``.
    record_assignments : bool
        Keep every assignment problem that the battles meet and state each heuristic's gap to the exact optimum (``Run.gaps``).

    Returns
    -------
    Run
        A single replication keeps its record with plots and beliefs, for tables and replay.

    Raises
    ------
    UserError : no such scenario, a wrong override, seed or number.
    """
    asked = scenario if isinstance(scenario, Scenario) else read(scenario, overrides)
    found = fight(
        plan(asked), asked.seed if seed is None else seed, replications, replication, workers, progress,
        policy=policy, record_assignments=record_assignments,
    )  # fmt: skip
    return found if isinstance(scenario, Scenario) else replace(found, source=source_of(scenario, overrides))


def fight(
    planned: Planned,
    seed: int,
    replications: int = 1,
    first: int = 0,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    keep_log: bool = True,
    policy: object = None,
    record_assignments: bool = False,
) -> Run:
    """Fight a plan; see ``run``.  Without ``keep_log`` a single replication, too, is only counted."""
    checked(seed, replications, first, workers)
    began = time.perf_counter()
    if policy is not None or record_assignments:
        return _chosen(planned, seed, replications, first, progress, keep_log, policy, record_assignments)
    if replications > 1 or not keep_log:
        batch = many(planned, seed, first, replications, workers or cores(), progress)
        return Run(planned, seed, batch, None, time.perf_counter() - began)
    return _single(planned, seed, first, Arena(planned), began)


def _single(planned: Planned, seed: int, first: int, arena: Arena, began: float) -> Run:
    seen = arena.fight(seed, first, trace=True)
    log = Log(seen.integers.copy(), seen.reals.copy())
    rows = np.zeros((1, arena.layout.width), dtype=np.int64)
    arena.count(log, rows[0])
    return Run(planned, seed, Batch(arena.layout, first, rows, (digest(log.integers),)), log, time.perf_counter() - began)


def _chosen(
    planned: Planned, seed: int, replications: int, first: int, progress: Callable[[int], None] | None, keep_log: bool, policy: object,
    record: bool,
) -> Run:  # fmt: skip
    """Fight with orders chosen outside the kernels, in this thread: a policy may be one object with a memory of its own."""
    from openiads.engine.outside import ByAlgorithm, ByPolicy
    from openiads.results.policies import chosen

    began = time.perf_counter()
    if policy is not None and record:
        raise UserError("a policy's battles are not the assignment's: ask for the policy, or for the gaps of doctrine's algorithm")
    problems: list[Any] = []
    asked = None if policy is None else chosen(policy)

    def choosing() -> Any:
        """Return what chooses the orders of one arena."""
        if asked is not None:
            return ByPolicy(asked.make())
        return ByAlgorithm(planned.scenario.doctrine.algorithm, problems)

    if replications > 1 or not keep_log:
        batch = many(planned, seed, first, replications, 1, progress, None, choosing)
        found = Run(planned, seed, batch, None, time.perf_counter() - began)
    else:
        found = _single(planned, seed, first, Arena(planned, None, choosing), began)
    if not record:
        return replace(found, policy=asked)
    from openiads.model.allocation import gaps

    return replace(found, gaps=gaps([one for one, _ in problems], flown=[x for _, x in problems]))


def checked(seed: int, replications: int, first: int, workers: int | None) -> None:
    """Refuse numbers that cannot be asked for.

    Raises
    ------
    UserError : one is out of its range.
    """
    for name, value, low, high in (
        ("seed", seed, 0, SEED_MAX),
        ("replications", replications, 1, REPLICATIONS_MAX),
        ("replication", first, 0, 2**32 - 1 - replications),
        ("workers", 1 if workers is None else workers, 1, 1024),
    ):
        if not low <= value <= high:
            raise UserError(f"{name}: {value} is out of range; give a whole number from {low} to {high}")
