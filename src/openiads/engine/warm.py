"""The first run on a machine compiles the engine: done by two processes at once, each filling the same cache.

``python -m openiads.engine.warm`` is the second process.  The types of a plan are the same for every scenario, so both can start
before there is one.
"""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from openiads.kernel import KERNELS, cache_root, source_digest
from openiads.model import columns
from openiads.model.columns import Table, table
from openiads.model.state import allocate
from openiads.model.tables import SCALARS, Arms, Eyes, Knowledge, Plan, Rule, Sky, frozen
from openiads.model.tracking.sight import COVERAGE_WIDTH


class Warming:
    """The second process, from its start until the battle's kernels are there."""

    def __init__(self) -> None:
        """Start compiling in a second process, where this machine has not done so yet."""
        self._mark = _mark()
        self._helper: subprocess.Popen[bytes] | None = None
        if self._mark is not None and not self._mark.exists():
            words = [sys.executable, "-m", __spec__.name if __name__ == "__main__" else __name__]
            self._helper = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    @property
    def is_needed(self) -> bool:
        """Return whether kernels are being compiled."""
        return self._helper is not None

    def finish(self) -> None:
        """Compile the other half here, then the whole of both; a failure of the second process only costs time."""
        helper = self._helper
        if helper is None or helper.stdout is None or self._mark is None:
            return
        try:
            _compile("sensing")
            helper.stdout.read(1)
            _compile("all")
            helper.wait(timeout=600)
        except subprocess.TimeoutExpired:
            pass
        finally:
            helper.kill()
            helper.wait()
            helper.stdout.close()
            self._helper = None
        try:
            self._mark.touch()
        except OSError:
            return


def _mark() -> Path | None:
    """The file that says that this machine has compiled these sources, or None where nothing is kept or compiled.

    Numba keeps code for a place and a time of its sources: another installation of the same ones compiles them again.
    """
    from openiads.engine import battle

    root, source = cache_root(), Path(battle.__file__).resolve()
    if root is None or not hasattr(battle.go_on, "signatures"):
        return None
    installed = hashlib.sha256(f"{source} {source.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    return root / KERNELS / source_digest(source, battle.__name__) / f"compiled-{installed}"


def empty_plan() -> Plan:
    """Return a plan without anything in it: its arrays have the types of every plan's."""

    def none(listed: columns.Columns) -> Table:
        """Return a table without rows."""
        return table(listed, 0)

    plan = Plan(
        duration_us=0,
        sky=Sky(none(columns.OBJECTS), none(columns.PATHS), np.zeros((0, 6))),
        eyes=Eyes(
            none(columns.RADARS), np.zeros((0, COVERAGE_WIDTH)), np.zeros((2, 0, 0), np.int32), none(columns.BLOCKS), none(columns.LOOK),
            none(columns.WATCH), np.zeros(1, np.int64), np.zeros((1, 2)), np.zeros(0, np.int64), none(columns.REGIONS),
        ),
        arms=Arms(
            none(columns.UNITS), np.zeros((0, 12)), none(columns.WEAPONS), np.zeros((0, 2)), none(columns.LAUNCHERS),
            np.zeros((0, columns.SLOTS), np.int64),
        ),
        rule=Rule(
            none(columns.DECIDERS), none(columns.FAMILY_ROWS), none(columns.DOCTRINE), none(columns.CLASSES), none(columns.CORRIDORS),
            none(columns.ZONES), np.zeros((0, 2)), none(columns.LINES), np.zeros((1, 65)), none(columns.GUARDED),
            np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64), np.zeros((0, 0)), np.zeros((0, 6)), none(columns.FLIGHTS),
            np.zeros((0, 3)),
        ),
        assets=none(columns.ASSETS),
        feeds=none(columns.FEEDS),
        reliefs=np.zeros(0, np.int64),
        trackers=np.zeros(21),
        pictures=1,
        rows_per_picture=8,
    )  # fmt: skip
    return frozen(plan)


def _compile(part: str) -> None:
    """Compile one half of the stages, or what is left."""
    from numba import typeof as type_of

    from openiads.engine import battle, start
    from openiads.model import assessing, command, intercepting, launching

    plan = empty_plan()
    state = allocate(plan, 8)
    know = Knowledge(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0), np.zeros((0, 0)), np.zeros(len(SCALARS)))
    p, k, s, b, a, i = (type_of(value) for value in (plan, know, state, state.board, state.air, 0))  # type: ignore[no-untyped-call]
    stages: dict[str, list[tuple[Any, tuple[Any, ...]]]] = {
        "sensing": [(battle.sense, (p, k, b, a, i)), (battle.object_event, (p, k, b, i, i))],
        "deciding": [
            (command.decide, (p, k, b, a, i)),
            (launching.launch, (p, k, b, a, i)),
            (intercepting.intercept, (p, k, b, a, i)),
            (assessing.assess, (p, k, b, i)),
        ],
        "all": [(battle.go_on, (p, k, s))],
        "beginning": [(start.init, (p, k, s, i, i, i))],
    }
    for stage, signature in stages[part]:
        stage.compile(signature)


if __name__ == "__main__":
    _compile("deciding")
    sys.stdout.write(".")  # what the whole battle needs of this process is there
    sys.stdout.flush()
    _compile("beginning")
