"""What a command post knows when it decides, and what it may order: the words in which a user's own policy is written.

A policy is any object with ``decide(picture) -> Orders``.  It replaces the built-in assignment and nothing else: weapons control,
envelopes, channels, magazines, reserve and salvo sizes stay with the engine, which refuses an order that they forbid and logs why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from openiads.errors import UserError
from openiads.kernel import Flags, Ints, Reals
from openiads.model import codes

CAN = 63  # in Options.reason: the unit can fire at the track now


@dataclass(frozen=True, slots=True)
class Tracks:
    """The firm tracks of the decider's own air picture, one row each; nothing here is true by more than the picture knows.

    Attributes
    ----------
    number : (tracks,) of the track in its picture
    position_ecef_m, velocity_ecef_mps : (tracks, 3) at the time of the picture
    covariance : (tracks, 6, 6) of position [m] and velocity [m/s], as of the last plot
    height_m : (tracks,) above the ellipsoid
    label : (tracks,) rows of ``codes.LABELS``: unknown, hostile, civil, friendly
    hostile, civil : (tracks,) believed probabilities
    family : (tracks,) rows of ``codes.FAMILIES``: aircraft, low flyer, slow, ballistic, glide, fast missile
    threat : (tracks,) value of stopping it now
    time_to_go_s : (tracks,) until it may reach a guarded place; 1,200 s where it threatens none
    aimed_at : (tracks,) row of ``Picture.places`` that it is taken to be aimed at, -1: none
    shots : (tracks,) ordered, in the air or not yet assessed
    may_be_ordered : (tracks,) whether weapons control, label and the shots already at it allow an order now
    """

    number: Ints
    position_ecef_m: Reals
    velocity_ecef_mps: Reals
    covariance: Reals
    height_m: Reals
    label: Ints
    hostile: Reals
    civil: Reals
    family: Ints
    threat: Reals
    time_to_go_s: Reals
    aimed_at: Ints
    shots: Ints
    may_be_ordered: Flags


@dataclass(frozen=True, slots=True)
class Units:
    """The fire units under the decider's command, one row each.

    Attributes
    ----------
    name : (units,)
    position_ecef_m : (units, 3)
    is_ready : (units,) whether it stands, and a radar or optical channel can guide for it
    free_targets, free_missiles : (units,) channels
    next_launch_s : (units,) earliest launch on an order given now, in seconds from the picture
    """

    name: tuple[str, ...]
    position_ecef_m: Reals
    is_ready: Flags
    free_targets: Ints
    free_missiles: Ints
    next_launch_s: Reals


@dataclass(frozen=True, slots=True)
class Weapons:
    """Missile and gun types of these units, one row for each type of each unit.

    Attributes
    ----------
    name : (weapons,)
    unit : (weapons,) row of ``Units``
    is_gun : (weapons,)
    rounds : (weapons,) ready on launchers that stand; of a gun, bursts
    range_max_m : (weapons,)
    """

    name: tuple[str, ...]
    unit: Ints
    is_gun: Flags
    rounds: Ints
    range_max_m: Reals


@dataclass(frozen=True, slots=True)
class Places:
    """What is guarded: assets, then the defence's own sites.

    Attributes
    ----------
    name : (places,)
    position_ecef_m : (places, 3)
    value : (places,)
    radius_m : (places,)
    """

    name: tuple[str, ...]
    position_ecef_m: Reals
    value: Reals
    radius_m: Reals


@dataclass(frozen=True, slots=True)
class Options:
    """What each unit could do about each track that may be ordered, by the engine's own rules.

    Attributes
    ----------
    weapon : (tracks, units) row of ``Weapons`` that the engine would use, -1: none
    kill_probability : (tracks, units) that the defence reckons with for one shot of it; 0 where none can be fired
    time_to_intercept_s : (tracks, units) from the picture on
    reason : (tracks, units) ``CAN``, or a row of ``codes.REFUSALS`` that says why not
    shots_limit : (tracks,) shots at once that doctrine allows
    """

    weapon: Ints
    kill_probability: Reals
    time_to_intercept_s: Reals
    reason: Ints
    shots_limit: Ints


@dataclass(frozen=True, slots=True)
class Picture:
    """What one decider knows at one moment."""

    time_s: float
    decider: str
    tracks: Tracks
    units: Units
    weapons: Weapons
    places: Places
    options: Options


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders to fire, one row each.

    Attributes
    ----------
    track : (orders,) row of ``Picture.tracks``
    unit : (orders,) row of ``Picture.units``
    weapon : (orders,) row of ``Picture.weapons``
    rounds : (orders,) shots, from 1
    """

    track: ArrayLike = ()
    unit: ArrayLike = ()
    weapon: ArrayLike = ()
    rounds: ArrayLike = ()

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, int, int]]) -> "Orders":
        """Return orders from rows of (track, unit, weapon, rounds)."""
        columns = np.array(rows, dtype=np.int64).reshape(len(rows), 4).T
        return cls(*columns)


class Policy(Protocol):
    """What chooses who fires at what."""

    def decide(self, picture: Picture) -> Orders:
        """Return the orders of one decision; none is ``Orders()``."""
        ...


def checked(orders: object, picture: Picture) -> Ints:
    """Return orders as rows (orders, 4) of whole numbers that mean something.

    Raises
    ------
    UserError : they are not orders, or speak of rows that the picture does not have.
    """
    if not isinstance(orders, Orders):
        what = type(orders).__name__
        raise UserError(f"decide returned {what}; return openiads.Orders(track, unit, weapon, rounds), or Orders() for none")
    columns = []
    for name, most in (
        ("track", len(picture.tracks.number)), ("unit", len(picture.units.name)), ("weapon", len(picture.weapons.name)),
        ("rounds", 1_000),
    ):  # fmt: skip
        column = np.asarray(getattr(orders, name))
        if column.ndim != 1 or (column.size and column.dtype.kind not in "iu"):
            raise UserError(f"decide returned orders whose {name} is not a row of whole numbers: {column.dtype} of shape {column.shape}")
        if column.size and not (column.min() >= 0 and column.max() < most):
            raise UserError(f"decide returned orders with {name} {column.min()} to {column.max()}; give numbers from 0 to {most - 1}")
        columns.append(column.astype(np.int64))
    if len({len(column) for column in columns}) != 1:
        raise UserError(f"decide returned orders of {', '.join(str(len(column)) for column in columns)} rows; give each column as many")
    return np.stack(columns, axis=1)


__all__ = ["CAN", "Options", "Orders", "Picture", "Places", "Policy", "Tracks", "Units", "Weapons", "checked", "codes"]
