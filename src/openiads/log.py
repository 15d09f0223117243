"""The log of a battle: the only record of what happened, its columns, its order and its digest.

A battle writes one row an event, in the total order in which events are handled: by time, stage and index.  What it writes only when it
is traced (plots, tentative tracks, beliefs) stands outside the canonical record, so tracing changes no digest.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openiads.kernel import Flags, Ints, Reals
from openiads.model import codes

CANONICAL = 6  # leading integer columns that the digest covers
DTYPE = np.dtype(
    [
        ("time_us", "<i8"),
        ("stage", "<i8"),
        ("kind", "<i8"),
        ("key_a", "<i8"),  # who acts, or to whom it happens: 32-bit hash of its name
        ("key_b", "<i8"),  # the other one, 0: none
        ("code", "<i8"),  # outcome, label, weapon or link, as the kind has it
        ("index_a", "<i8"),  # row of the object (of the radar, asset or launcher where the kind is about one), -1: none
        ("index_b", "<i8"),  # row of the unit, decider, radar or parent, -1: none
        ("count", "<i8"),  # number of the shot, track or look
        ("extra", "<i8"),
    ],
    align=True,
)


@dataclass(frozen=True)
class Log:
    """What one replication wrote.

    Attributes
    ----------
    integers : (rows, 10) int64
        The columns of ``DTYPE``.
    reals : (rows, 5) float64
        Positions [m, ECEF], times [s] and probabilities, by kind; outside the digest.
    """

    integers: Ints
    reals: Reals

    @cached_property
    def rows(self) -> NDArray[Any]:
        """Return the integer columns as a structured array (rows,) of ``DTYPE``: a view, not a copy."""
        whole = np.ascontiguousarray(self.integers)
        return whole.view(DTYPE).reshape(len(whole))

    @cached_property
    def canonical(self) -> Ints:
        """Return the rows that the digest covers, (rows, 10)."""
        return self.integers[is_canonical(self.integers)]

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical rows in hexadecimal."""
        return digest(self.integers).hex()

    def of_kind(self, *kinds: int) -> NDArray[np.int64]:
        """Return the numbers of the rows of some kinds, in order."""
        return np.flatnonzero(np.isin(self.integers[:, 2], kinds))


def is_canonical(integers: Ints) -> Flags:
    """Return which rows (rows, 10) every battle writes, traced or not."""
    kinds = integers[:, 2]
    found: Flags = (kinds < codes.TRACE) & (kinds != codes.TRACK_START)
    return found


def digest(integers: Ints) -> bytes:
    """Return the SHA-256 of one replication's record.

    Parameters
    ----------
    integers : (rows, 10) int64
        As a battle wrote them; rows of the trace are left out.

    Returns
    -------
    32 bytes, over (time_us, stage, kind, key a, key b, outcome code) of each canonical row as little-endian 64-bit integers, row by row.
    """
    kept = is_canonical(integers)
    chosen = integers[:, :CANONICAL] if kept.all() else integers[kept, :CANONICAL]
    return hashlib.sha256(np.ascontiguousarray(chosen, dtype="<i8").data).digest()


def combined(digests: Iterable[bytes]) -> str:
    """Return the digest of several replications in hexadecimal.

    One replication keeps its own digest; of more it is the SHA-256 of their digests (32 bytes each) in replication order.
    """
    parts = list(digests)
    return parts[0].hex() if len(parts) == 1 else hashlib.sha256(b"".join(parts)).hexdigest()
