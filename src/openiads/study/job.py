"""What is to be computed, cut into chunks that depend on nothing but their address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]
Integers = NDArray[np.integer[Any]]
Outcomes = Mapping[str, Column]


@dataclass(frozen=True, slots=True, order=True)
class Chunk:
    """Replications ``first`` to ``first + count - 1`` of one alternative (named by its digest)."""

    alternative: str
    first: int
    count: int

    @property
    def end(self) -> int:
        """Return the first replication after this chunk."""
        return self.first + self.count

    def overlaps(self, other: "Chunk") -> bool:
        """Return whether both hold the same replication."""
        return self.alternative == other.alternative and self.first < other.end and other.first < self.end

    def halves(self) -> tuple["Chunk", "Chunk"]:
        """Return two chunks that together are this one."""
        half = self.count // 2
        return Chunk(self.alternative, self.first, half), Chunk(self.alternative, self.first + half, self.count - half)


class Battle(Protocol):
    """The work itself: a value that can be sent to another process and keeps what it prepared there.

    ``knowledge`` numbers the outer sample (-1: every figure at its stated value).  The answer has one row of integers per
    replication in each named column; it depends on the arguments only.
    """

    def __call__(self, alternative: str, knowledge: int, first: int, count: int) -> Outcomes:
        """Fight the replications ``first`` to ``first + count - 1``."""
        ...


class Job(NamedTuple):
    """A battle and, per alternative, how many replications share one sample of what is not known (0: none is drawn)."""

    battle: Battle
    inner: Mapping[str, int]


class BadOutcomesError(Exception):
    """A battle answered with something that is not one integer per replication and column."""


def pieces(chunk: Chunk, inner: int) -> Iterator[tuple[int, int, int]]:
    """Yield (knowledge sample, first replication, count) of a chunk; a replication number fixes its sample."""
    if inner <= 0:
        yield -1, chunk.first, chunk.count
        return
    first = chunk.first
    while first < chunk.end:
        count = min(chunk.end, (first // inner + 1) * inner) - first
        yield first // inner, first, count
        first += count


def work(job: Job, chunk: Chunk) -> dict[str, Column]:
    """Fight one chunk and return its columns in name order.

    Raises
    ------
    BadOutcomesError
        When the battle's answer is not integers of the right length.
    """
    found = []
    for knowledge, first, count in pieces(chunk, job.inner.get(chunk.alternative, 0)):
        outcomes = job.battle(chunk.alternative, knowledge, first, count)
        found.append({name: _checked(name, outcomes[name], count) for name in sorted(outcomes)})
    names = list(found[0])
    if any(list(piece) != names for piece in found):
        raise BadOutcomesError("the columns of an outcome table changed between knowledge samples")
    return {name: np.concatenate([piece[name] for piece in found]) for name in names}


def _checked(name: str, column: Column, count: int) -> Column:
    values = np.asarray(column)
    if values.shape != (count,) or values.dtype.kind not in "iub":
        raise BadOutcomesError(f"column {name!r} is {values.dtype} of shape {values.shape}, not {count} integers")
    return values.astype(np.int64)
