"""Where battles are fought: one state, used again for one replication after the other."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from openiads.errors import WorkError
from openiads.kernel import Ints
from openiads.log import Log
from openiads.model.agenda import FINISHED, LOG_FULL, QUEUE_FULL
from openiads.model.state import State, allocate
from openiads.model.tables import Knowledge
from openiads.plan import Planned
from openiads.results.counts import Layout, layout
from openiads.results.tally import Facts, facts, tally

if TYPE_CHECKING:
    from openiads.engine.outside import Chooser

    Choosing = Callable[[], Chooser]

LOG_ROWS = 20_000
LOG_ROWS_MAX = 40_000_000


def by_doctrine(planned: Planned) -> "Choosing | None":
    """Return what chooses orders where doctrine names an algorithm that is not compiled, else None."""
    name = planned.scenario.doctrine.algorithm
    if name not in ("linear", "exact"):
        return None
    from openiads.engine.outside import ByAlgorithm

    return lambda: ByAlgorithm(name)


class Arena:
    """The working memory of one thread for one plan.

    Not for two threads at once: each needs its own.
    """

    def __init__(self, planned: Planned, knowledge: Knowledge | None = None, choosing: "Choosing | None" = None) -> None:
        """Allocate.

        Parameters
        ----------
        planned : Planned
        knowledge : Knowledge or None
            What is taken to be true of the uncertain figures; the plan's own where None.
        choosing : callable or None
            Makes what chooses the orders of one replication; doctrine's own algorithm where None.
        """
        self._choosing = choosing if choosing is not None else by_doctrine(planned)
        self.planned = planned
        self.knowledge = planned.knowledge if knowledge is None else knowledge
        self.layout: Layout = layout(planned.plan, planned.names)
        self._facts: Facts = facts(planned.plan)
        self._state: State = allocate(planned.plan, LOG_ROWS)
        self._seen: Ints = np.zeros((len(planned.plan.sky.objects), 5), dtype=np.int64)
        self._radars: Ints = np.zeros(len(planned.plan.eyes.radars), dtype=np.int64)

    def fight(self, seed: int, replication: int, trace: bool = False) -> Log:
        """Fight one replication.

        Returns
        -------
        Log : views into the arena's memory, good until it fights again.

        Raises
        ------
        WorkError : the battle outgrew the memory it may use.
        """
        from openiads.engine.battle import run

        while True:
            board = self._state.board
            if self._choosing is None:
                status = run(self.planned.plan, self.knowledge, self._state, seed, replication, 1 if trace else 0)
            else:
                from openiads.engine.outside import fight

                status = fight(self.planned, self.knowledge, self._state, seed, replication, trace, self._choosing())
            rows = len(board.log_integers)
            if status == FINISHED:
                n = int(board.clock["logged"][0])
                return Log(board.log_integers[:n], board.log_reals[:n])
            if rows >= LOG_ROWS_MAX:
                what = {LOG_FULL: f"a log of {rows:,} rows", QUEUE_FULL: f"an agenda of {len(board.queue):,} events"}
                raise WorkError(
                    f"{self.planned.scenario.name}: replication {replication} of seed {seed} fills "
                    f"{what.get(status, f'a list of {len(board.shots):,} shots')}; lower the counts of the raid, or its duration"
                )
            self._state = allocate(self.planned.plan, 8 * rows, 4 * rows // LOG_ROWS * 8)

    def count(self, log: Log, row: Ints) -> None:
        """Write the counts of one replication into a zeroed row of ``layout.width`` integers."""
        tally(log.integers, self._facts, self._seen, self._radars, self.layout.counts(row))
