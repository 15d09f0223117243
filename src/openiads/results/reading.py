"""What the rows of a log say, as columns of words and numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openiads.earth import geodesy
from openiads.kernel import Ints, Reals
from openiads.log import Log
from openiads.model import codes, evidence
from openiads.plan import Planned

Words = NDArray[np.object_]
TIME, STAGE, KIND, KEY_A, KEY_B, CODE, A, B, COUNT, EXTRA = range(10)
CONFORM = evidence.KINDS
ANSWERS = evidence.STATES[evidence.IFF]


def words(names: Any, rows: Ints) -> Words:
    """Return a name for each row number; None where it is below 0."""
    table = np.array([*names, None], dtype=object)
    found: Words = table[np.where(rows < 0, len(table) - 1, rows)]
    return found


def maybe(values: Any, known: NDArray[np.bool_]) -> Words:
    """Return values as objects, None where they are not known."""
    found = np.array(values, dtype=object)
    found[~known] = None
    return found


def degrees(ecef_m: Reals) -> tuple[Reals, Reals, Reals]:
    """Return latitude [deg], longitude [deg] and height [m, WGS84] of points (n, 3); NaN where a point is the earth's centre."""
    known = np.abs(ecef_m).sum(axis=1) > 1.0
    found = np.full((3, len(ecef_m)), np.nan)
    if known.any():
        lat, lon, height = geodesy.to_geodetic(ecef_m[known])
        found[:, known] = np.degrees(lat), np.degrees(lon), height
    return found[0], found[1], found[2]


class Reader:
    """A log with the names of its plan; picks rows by kind."""

    def __init__(self, planned: Planned, log: Log) -> None:
        """Keep both."""
        self.planned, self.names, self.log = planned, planned.names, log
        objects = planned.plan.sky.objects
        self.side = np.asarray(objects["side"], dtype=np.int64)
        self.klass = np.asarray(objects["klass"], dtype=np.int64)
        self.count = len(objects)

    def rows(self, *kinds: int) -> Ints:
        """Return the integer rows of some kinds."""
        return self.log.integers[self.log.of_kind(*kinds)]

    def pair(self, kind: int) -> tuple[Ints, Reals]:
        """Return integer and real rows of one kind."""
        chosen = self.log.of_kind(kind)
        return self.log.integers[chosen], self.log.reals[chosen]

    def last(self, kind: int, by: int, size: int, column: int, absent: int = -1) -> Ints:
        """Return a column of the last row of a kind for each index in column ``by``."""
        found = np.full(size, absent, dtype=np.int64)
        chosen = self.rows(kind)
        chosen = chosen[chosen[:, by] >= 0]
        found[chosen[:, by]] = chosen[:, column]
        return found

    def first(self, kind: int, by: int, size: int, column: int, absent: int = -1) -> Ints:
        """Return a column of the first row of a kind for each index in column ``by``."""
        found = np.full(size, absent, dtype=np.int64)
        chosen = self.rows(kind)
        chosen = chosen[chosen[:, by] >= 0][::-1]
        found[chosen[:, by]] = chosen[:, column]
        return found

    def objects_of(self, rows: Ints) -> Words:
        """Return the names of the objects in column ``A``."""
        return words(self.names.objects, rows[:, A])

    def classes_of(self, rows: Ints) -> Words:
        """Return the target classes of the objects in column ``A``."""
        return words(self.names.classes, np.where(rows[:, A] >= 0, self.klass[rows[:, A]] if self.count else -1, -1))

    def sides_of(self, rows: Ints) -> Words:
        """Return the sides of the objects in column ``A``."""
        return words(codes.SIDES, np.where(rows[:, A] >= 0, self.side[rows[:, A]] if self.count else -1, -1))
