"""The scratch memory of the compiled assignment: two tables whose rows are named here.

A unit is one shot that a weapon can still fire.  It is bound to a target, or idle (target -1).
"""

from typing import NamedTuple

import numpy as np

from openiads.kernel import Ints, Reals

# Rows of ``reals``: by target, but WITHOUT by unit, WANT by match row and PRICE, DISTANCE by match column (counted from 1).
REMAINING = 0  # expected surviving value of the target
WITHOUT = 1  # surviving value of the unit's target if this unit did not fire
OFFER = 2  # surviving value of the target that an exchange offers to the next shot
PRICE = 3
WANT = 4
DISTANCE = 5
# Rows of ``ints``: USED, ORDINAL by target, LEFT by weapon, WEAPON, TARGET by unit; BEST by target, in a match by row.
USED = 0  # shots bound to the target
LEFT = 1  # shots of the weapon that are in no unit
BEST = 2  # preferred weapon of the target (UNKNOWN, NONE); in a match the unit of each row (NONE)
WEAPON = 3
TARGET = 4
ORDINAL = 5  # which of its shots a target gives up in an exchange
HOLDER = 6
PREVIOUS = 7
REACHED = 8

NONE = -1
UNKNOWN = -2


class Workspace(NamedTuple):
    """Scratch tables; after a call ``reals[REMAINING]`` and ``ints[USED]`` (target,) describe the result."""

    reals: Reals
    ints: Ints


def workspace(weapons: int, targets: int, shots: int) -> Workspace:
    """Allocate the scratch memory for problems of at most this size.

    Parameters
    ----------
    weapons, targets : int
        Largest problem.
    shots : int
        Largest number of units: shots placed, and idle shots that local search may try.

    Returns
    -------
    Workspace
        To be passed to the kernels again and again.
    """
    size = max(weapons, targets + 1, shots, 1)
    return Workspace(np.zeros((6, size)), np.zeros((9, size), np.int64))
