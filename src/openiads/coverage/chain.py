"""Where a fire unit could make an intercept on a straight course: envelope, time, support and a firm track, each kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage import radial
from openiads.coverage.polar import arc_rad
from openiads.coverage.sensors import slant
from openiads.coverage.units import Unit, envelope, flight_s, is_rated
from openiads.kernel import Reals
from openiads.model.engagement import LOOKS_FOR_SUPPORT


@dataclass(frozen=True, eq=False)
class Way:
    """Rows of cells along which targets come, the farthest first, about a unit.

    ``along_m`` (n,) counts to the end of each row; ``ground_m`` (1 or rows, n) from the unit; ``height_m``, above the unit's ground,
    and ``closing``, the level part of how directly the target comes at the unit (1 straight at it), broadcast over the cells.
    """

    along_m: Reals
    ground_m: Reals
    height_m: Reals
    closing: Reals


@dataclass(frozen=True, eq=False)
class Chain:
    """Over (rows, cells): the probability of an intercept in each cell, and what it needs."""

    kinematic: np.ndarray  # any rated weapon reaches
    intercept: Reals
    tracked: Reals  # a firm track in time for the weapon that fares best
    supported: Reals
    tracked_there: Reals  # a firm track by the cell itself, with no time needed


def ahead(along_m: Reals, values: Reals, wanted_m: Reals) -> Reals:
    """Return rows of values (rows, n) at other distances (1 or rows, n) along them: linear, nothing beyond the last.

    The first value holds before it.
    """
    place = np.clip((wanted_m - along_m[0]) / (along_m[1] - along_m[0]), 0.0, None)
    low = np.minimum(place.astype(np.int64), along_m.size - 2)
    part = np.minimum(place - low, 1.0)
    if wanted_m.shape[0] == 1:
        found = values[:, low[0]] * (1.0 - part) + values[:, low[0] + 1] * part
    else:
        found = np.take_along_axis(values, low, axis=1) * (1.0 - part) + np.take_along_axis(values, low + 1, axis=1) * part
    return np.asarray(np.where(place <= along_m.size - 1.0, found, 0.0))


def held(pd: Sequence[Reals]) -> Reals:
    """Return the chance that one of the last looks of one of the guiding radars saw its target."""
    missed = np.ones_like(pd[0])
    for one in pd:
        missed = missed * (1.0 - one) ** LOOKS_FOR_SUPPORT
    return np.asarray(1.0 - missed)


def chain(unit: Unit, target: TargetSpec, way: Way, firm: Reals, hold: Reals, window_s: float) -> Chain:
    """Return what comes of every weapon of a unit.

    Parameters
    ----------
    unit, target : who shoots at what
    way : the cells
    firm : (rows, n) probability of a firm track when the target reaches each cell
    hold : (rows, n) probability that the guiding radar holds the target there
    window_s : how long a look counts as holding [s]

    Returns
    -------
    Chain (rows, n)

    Limits
    ------
    The target is held at launch, half-way and at the end of the support that the missile needs, as in a battle; instants nearer
    than ``window_s`` share their looks and count in proportion.
    """
    rows, speed = firm.shape[0], target.speed_mps.value
    best = np.zeros((rows, way.along_m.size))
    tracked, supported = np.zeros_like(best), np.zeros_like(best)
    slant_m, elevation = slant(way.ground_m, way.height_m, 0.0)
    closing = way.closing * np.cos(elevation + arc_rad(way.ground_m))
    kinematic = np.zeros(np.broadcast_shapes(slant_m.shape, (1, 1)), bool)
    for weapon in unit.weapons:
        within = envelope(weapon, target, slant_m, way.height_m, elevation, closing)
        if not within.any():
            continue
        kinematic = kinematic | within
        flown_s = flight_s(weapon, slant_m)
        early_s = np.minimum(weapon.values.get("handover_us", 0.0) * 1e-6, flown_s)
        p_track = ahead(way.along_m, firm, way.along_m + speed * (flown_s + unit.delay_s + unit.identify_s))
        p_support = np.ones_like(p_track)
        if unit.guides:
            half_s = 0.5 * (flown_s - early_s)
            fresh = np.clip(half_s / window_s, 0.0, 1.0)
            at_launch, at_half, at_end = (ahead(way.along_m, hold, way.along_m + speed * (early_s + n * half_s)) for n in (2.0, 1.0, 0.0))
            p_support = at_end * at_half**fresh * at_launch**fresh
        whole = np.where(within, p_track * p_support, 0.0)
        best = np.maximum(best, whole)
        tracked = np.maximum(tracked, np.where(within, p_track, 0.0))
        supported = np.maximum(supported, np.where(within, p_support, 0.0))
    return Chain(np.broadcast_to(kinematic, best.shape), best, tracked, supported, firm)


def causes(unit: Unit, target: TargetSpec, made: Chain, guided: np.ndarray, cued: np.ndarray) -> np.ndarray:
    """Return the factor that keeps an intercept out of each cell, OK where none does: the first link of the chain that fails.

    ``guided`` and ``cued`` (rows, n) are what would end the reach of the guiding and the best cueing radar, from each cell outward.
    """
    found = np.where(made.tracked_there >= radial.LEVEL, radial.TIME, cued)
    found = np.where(made.tracked >= radial.LEVEL, radial.TIME, found)
    if unit.guides:
        found = np.where(made.supported < radial.LEVEL, guided, found)
    found = np.where(made.kinematic, found, radial.KINEMATICS)
    if unit.channels < 1:
        found = np.full_like(found, radial.CHANNEL)
    loaded = [weapon for weapon in unit.weapons if weapon.ready > 0]
    if not any(is_rated(weapon, target) for weapon in loaded):
        found = np.full_like(found, radial.RATING)
    return np.asarray(np.where(made.intercept >= radial.LEVEL, radial.OK, found))
