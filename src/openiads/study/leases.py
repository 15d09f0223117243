"""Who works on what: chunks cut to a second's work, lent out, given back, and set aside when they kill their worker."""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from openiads.study.job import Chunk

TARGET_S = 1.0  # the least work of a chunk; more where a stage would otherwise have more than MOST_CHUNKS part files
CALM_S, SHARE = 4.0, 32  # while much is left, a chunk is this share of it, up to so long: fewer files to sync, and an even end
LONGEST_S = 60.0
MOST_CHUNKS = 20_000
FIRST_COUNT = 8
LEAST_COUNT = 4
KILLS = 3
HOPELESS = 3
LIMIT_S = 300.0
SHORTEST_LIMIT_S = 20.0


class SetAside(NamedTuple):
    """A replication that could not be done, and why; the others finished without it."""

    chunk: Chunk
    reason: str


class Lease(NamedTuple):
    """A chunk that is lent out and how long it may take."""

    chunk: Chunk
    limit_s: float


class Leases:
    """The unfinished work of one stage, kept outside any pool of workers.

    Results never depend on how chunks are cut, on their order or on repetition, so cutting follows the measured speed.
    """

    def __init__(self, wanted: Iterable[Chunk], inner: Mapping[str, int], limit_s: float = LIMIT_S, done: int = 0) -> None:
        """Take the ranges that are to be done; ``done`` replications of the study were finished before."""
        self._ranges: list[tuple[Chunk, object]] = [(chunk, None) for chunk in wanted if chunk.count > 0]
        self._wanted = sum(chunk.count for chunk, _ in self._ranges)
        self._again: deque[tuple[Chunk, int, float]] = deque()
        self._lent: dict[Chunk, tuple[int, float]] = {}
        self._inner = inner
        self._limit_s = limit_s
        self._pace: dict[str, float] = {}
        self.set_aside: list[SetAside] = []
        self.done_replications = done

    @property
    def is_open(self) -> bool:
        """Return whether anything is still to be done or lent out."""
        return bool(self._ranges or self._again or self._lent)

    @property
    def is_hopeless(self) -> bool:
        """Return whether so much was set aside that the installation or the model is broken, not a replication."""
        return len(self.set_aside) >= HOPELESS + self.done_replications // 10

    def take(self, worker: object = None) -> Lease | None:
        """Lend the next chunk, or None when nothing waits.

        A worker is given more of the alternative that it has prepared, then one that nobody works on, then part of
        another's: an alternative is planned as rarely as possible.
        """
        if self._again:
            chunk, attempts, limit_s = self._again.popleft()
        elif self._ranges:
            place = self._best(worker)
            whole, _ = self._ranges[place]
            count = self._cut(whole)
            chunk, attempts, limit_s = Chunk(whole.alternative, whole.first, count), 0, self._limit_s
            if count < whole.count:
                self._ranges[place] = Chunk(whole.alternative, whole.first + count, whole.count - count), worker
            else:
                del self._ranges[place]
        else:
            return None
        self._lent[chunk] = (attempts, limit_s)
        return Lease(chunk, limit_s)

    def _best(self, worker: object) -> int:
        owners = [owner for _, owner in self._ranges]
        if worker is not None and worker in owners:
            return owners.index(worker)
        if None in owners:
            return owners.index(None)
        return max(range(len(owners)), key=lambda i: self._ranges[i][0].count)

    def finish(self, chunk: Chunk, seconds: float) -> bool:
        """Take a finished chunk back; False when it was not lent (a late copy, to be ignored)."""
        if self._lent.pop(chunk, None) is None:
            return False
        self.done_replications += chunk.count
        pace = max(seconds, 1e-6) / chunk.count
        self._pace[chunk.alternative] = min(pace, self._pace.get(chunk.alternative, pace))
        return True

    def fail(self, chunk: Chunk, reason: str, is_final: bool = False) -> None:
        """Take a chunk back that killed its worker (tried three times) or raised an error (``is_final``).

        A chunk of several replications is then cut in two, so that in the end single replications are set aside: each of them after
        tries of its own, for a chunk may share its worker's death with an innocent neighbour.
        """
        if (lent := self._lent.pop(chunk, None)) is None:
            return
        attempts, limit_s = lent[0] + 1, lent[1]
        if attempts < KILLS and not is_final:
            self._again.append((chunk, attempts, limit_s))
            return
        if chunk.count == 1:
            self.set_aside.append(SetAside(chunk, reason))
            return
        for half in chunk.halves():
            self._again.append((half, 0 if half.count == 1 else KILLS - 1, max(SHORTEST_LIMIT_S, limit_s / 2.0)))

    def give_back(self, chunk: Chunk) -> None:
        """Take a chunk back that was lost without any fault of its own."""
        if (lent := self._lent.pop(chunk, None)) is not None:
            self._again.appendleft((chunk, *lent))

    def _cut(self, whole: Chunk) -> int:
        pace = self._pace.get(whole.alternative)
        if pace is None and self._pace:
            pace = sum(self._pace.values()) / len(self._pace)
        size = FIRST_COUNT if pace is None else max(LEAST_COUNT, round(self._target_s(pace) / pace))
        inner = self._inner.get(whole.alternative, 0)
        if inner > 0:
            to_edge = inner - whole.first % inner
            if size >= to_edge:
                size = to_edge + (size - to_edge) // inner * inner
            elif 2 * size >= to_edge or (pace is not None and to_edge * pace <= CALM_S):
                size = to_edge  # a sample of the unknowns is planned anew by every worker that fights part of it
        if whole.count < 1.5 * size:
            return whole.count
        return size

    def _target_s(self, pace: float) -> float:
        left_s = pace * sum(chunk.count for chunk, _ in self._ranges)
        target_s = max(TARGET_S, min(left_s / SHARE, CALM_S), pace * self._wanted / MOST_CHUNKS)
        return min(target_s, LONGEST_S, max(TARGET_S, self._limit_s / 4.0))


def seconds_left(done: int, wanted: int, elapsed_s: float) -> float:
    """Return how long the rest will take at the pace so far; infinity before the first result."""
    return math.inf if done <= 0 else elapsed_s * (wanted - done) / done
