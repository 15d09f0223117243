"""Many replications of one plan: in this thread, or on every core."""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from openiads.kernel import Ints
from openiads.log import digest
from openiads.model.tables import Knowledge
from openiads.plan import Planned
from openiads.results.arena import Arena
from openiads.results.counts import Layout

if TYPE_CHECKING:
    from openiads.results.arena import Choosing

CHUNK = 32


@dataclass(frozen=True)
class Batch:
    """Replications ``first`` to ``first + count - 1``: their integer counts and the digests of their logs."""

    layout: Layout
    first: int
    rows: Ints  # (count, layout.width)
    digests: tuple[bytes, ...]

    @property
    def columns(self) -> dict[str, Ints]:
        """Return the named columns (count,) of the outcome table."""
        return self.layout.columns(self.rows)


def replicate(planned: Planned, seed: int, first: int, count: int, knowledge: Knowledge | None = None) -> dict[str, Ints]:
    """Fight replications ``first`` to ``first + count - 1`` in this thread.

    Parameters
    ----------
    planned : Planned
    seed : int
        64-bit study seed.
    first, count : int
    knowledge : Knowledge or None
        One sample of what is not known; the plan's own values where None.

    Returns
    -------
    dict of int64 (count,)
        One integer per replication in each named column, see ``counts.Layout.columns``; it depends on the arguments only.
    """
    return fought(Arena(planned, knowledge), seed, first, count).columns


def fought(arena: Arena, seed: int, first: int, count: int, stop: threading.Event | None = None) -> Batch:
    """Fight a range of replications in an arena; leaves early, with what it has, when told to stop."""
    rows = np.zeros((count, arena.layout.width), dtype=np.int64)
    digests: list[bytes] = []
    for k in range(count):
        if stop is not None and stop.is_set():
            return Batch(arena.layout, first, rows[:k], tuple(digests))
        log = arena.fight(seed, first + k)
        arena.count(log, rows[k])
        digests.append(digest(log.integers))
    return Batch(arena.layout, first, rows, tuple(digests))


def many(
    planned: Planned,
    seed: int,
    first: int,
    count: int,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    knowledge: Knowledge | None = None,
    choosing: "Choosing | None" = None,
) -> Batch:
    """Fight a range of replications on several cores; the answer does not depend on how many.

    Parameters
    ----------
    planned, seed, first, count, knowledge
        As for ``replicate``.
    workers : int
        Threads: compiled battles hold no interpreter lock, so threads keep as many cores busy without a second copy of plan and kernels.
    progress : callable or None
        Called in this thread with the number of replications finished so far.
    choosing : callable or None
        As for ``Arena``.
    """
    size = max(1, min(CHUNK, -(-count // (4 * workers))))
    starts = range(first, first + count, size)
    stop, arenas = threading.Event(), threading.local()

    def work(start: int) -> Batch:
        """Fight the replications from ``start`` on in the arena of this thread."""
        arena = getattr(arenas, "one", None)
        if arena is None:
            arena = arenas.one = Arena(planned, knowledge, choosing)
        return fought(arena, seed, start, min(size, first + count - start), stop)

    if workers == 1:
        done, parts = 0, []
        for start in starts:
            parts.append(work(start))
            done += len(parts[-1].rows)
            if progress is not None:
                progress(done)
        return _joined(parts)
    with ThreadPoolExecutor(workers, thread_name_prefix="battle") as pool:
        asked = [pool.submit(work, start) for start in starts]
        try:
            _watch(asked, progress)
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return _joined([one.result() for one in asked])


def _watch(asked: "list[Future[Batch]]", progress: Callable[[int], None] | None) -> None:
    """Wait for all in short steps, so that an interrupt is heard, and tell how far the work is."""
    waiting, done = set(asked), 0
    while waiting:
        finished, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
        done += sum(len(one.result().rows) for one in finished)
        if progress is not None:
            progress(done)


def _joined(parts: list[Batch]) -> Batch:
    ordered = sorted(parts, key=lambda one: one.first)
    rows = np.concatenate([one.rows for one in ordered])
    return Batch(ordered[0].layout, ordered[0].first, rows, tuple(digest for one in ordered for digest in one.digests))
