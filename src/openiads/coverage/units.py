"""Where a fire unit could make an intercept on an inbound course: envelope, time, support and a firm track, each kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage import radial
from openiads.coverage.radial import Profile
from openiads.coverage.sensors import Beam, slant
from openiads.coverage.value import Height
from openiads.kernel import Reals
from openiads.model import codes
from openiads.plan import orders
from openiads.plan.defence import Draft

IDENTIFY_S = 10.0  # one round of interrogation after a firm track, as in the battle
LOOKS_FOR_SUPPORT = 3
NEAR_M = 5_000.0  # radars of one picture within this distance cue a unit as if they stood beside it


@dataclass(frozen=True, eq=False)
class Weapon:
    """One weapon type of a unit with its time of flight over slant range."""

    name: str
    values: dict[str, float]
    step_m: float
    times_s: Reals
    ready: int


@dataclass(frozen=True, eq=False)
class Unit:
    """One fire unit: what it fires, who guides and who cues it."""

    site: str
    place: tuple[float, float]
    weapons: tuple[Weapon, ...]
    guides: tuple[Beam, ...]
    cues: tuple[Beam, ...]
    delay_s: float  # from an identified firm track to launch
    naive_range_m: float
    channels: int

    @property
    def kind(self) -> tuple[object, ...]:
        """Return what makes two units over smooth earth reach alike."""
        own = tuple((weapon.name, tuple(sorted(weapon.values.items()))) for weapon in self.weapons)
        seen = tuple(beam.kind for beam in (*self.guides, *self.cues))
        return (tuple((name, values) for name, values in own), seen, self.delay_s, len(self.guides))


def units(draft: Draft, beams: Sequence[Beam]) -> list[Unit]:
    """Return the fire units of a defence."""
    from openiads.earth import geodesy

    places = {name: (lat, lon) for name, lat, lon in draft.places}
    found = []
    for row, values in enumerate(draft.units):
        name = draft.unit_names[row]
        place = places[name]
        first, count = int(values["weapon_first"]), int(values["weapon_count"])
        weapons = []
        for w in range(first, first + count):
            kept = {key: value for key, value in draft.weapons[w].items() if key not in ("unit", "key", "slot")}
            weapons.append(Weapon(draft.weapon_names[w], kept, kept["flight_step_m"], draft.flights[w], int(kept["loaded"])))
        pictures = {int(values["home"]), draft.decider_of[name]}
        cues = [
            beam
            for beam in beams
            if beam.feeds & pictures and (beam.site == name or float(geodesy.inverse(*beam.place, *place)[0]) <= NEAR_M)
        ]
        decision_s = draft.laws.rows[int(values["decision"])]
        delay_s = float(decision_s[len(decision_s) // 2]) + values["reaction_us"] * 1e-6
        found.append(
            Unit(
                name, place, tuple(weapons), tuple(beam for beam in beams if beam.unit == row), tuple(cues), delay_s,
                max((weapon.values["range_max_m"] for weapon in weapons), default=0.0), int(values["targets_max"]),
            )
        )  # fmt: skip
    return found


def falls(target: TargetSpec) -> bool:
    """Whether only weapons rated against ballistic targets may engage a class."""
    return orders.family_of(target) in (codes.FAMILY_BALLISTIC, codes.FAMILY_GLIDE)


def is_rated(weapon: Weapon, target: TargetSpec) -> bool:
    """Whether public figures rate a weapon for a class's speed and family."""
    values = weapon.values
    if target.speed_mps.value > values["target_speed_max_mps"]:
        return False
    return not (falls(target) and values.get("ballistic_range_m", 0.0) <= 0.0)


def envelope(weapon: Weapon, target: TargetSpec, range_m: Reals, height_m: float) -> tuple[np.ndarray, Reals]:
    """Return where a weapon reaches a class at a height above it, and the slant ranges. [m]"""
    values = weapon.values
    slant_m, _ = slant(range_m, np.full(range_m.shape, height_m), 0.0)
    low, high, far = values["height_min_m"], values["height_max_m"], values["range_max_m"]
    if falls(target):
        low, high, far = (
            values.get("ballistic_height_min_m", 0.0),
            values.get("ballistic_height_max_m", 0.0),
            values.get("ballistic_range_m", 0.0),
        )
    within = (slant_m >= values["range_min_m"]) & (slant_m <= far) & (low <= height_m <= high)
    return within & is_rated(weapon, target) & (weapon.ready > 0), slant_m


def flight_s(weapon: Weapon, slant_m: Reals) -> Reals:
    """Return the time of flight to slant ranges. [s]"""
    return np.interp(slant_m, np.arange(weapon.times_s.size) * weapon.step_m, weapon.times_s)


def _at(range_m: Reals, values: Reals, wanted_m: Reals) -> Reals:
    """Return rows of values at other ranges: nothing beyond the last one."""
    return np.stack([np.interp(wanted_m, range_m, row, right=0.0) for row in values])


def held(pd: Reals) -> Reals:
    """Return the chance that one of the last looks of a guiding radar saw its target."""
    return np.asarray(1.0 - (1.0 - pd) ** LOOKS_FOR_SUPPORT)


@dataclass(frozen=True, eq=False)
class Chain:
    """Probabilities over (row, range) of an intercept in each cell and of what it needs."""

    range_m: Reals
    kinematic: np.ndarray  # (range,) any rated weapon reaches
    intercept: Reals
    tracked: Reals  # a firm track in time for the weapon that fares best
    supported: Reals
    tracked_there: Reals  # a firm track by the cell itself, with no time needed


def chain(unit: Unit, target: TargetSpec, height: Height, range_m: Reals, firm: Reals, hold: Reals) -> Chain:
    """Return what comes of every weapon of a unit.

    Parameters
    ----------
    unit, target, height : who shoots at what
    range_m : (r,) ground ranges of cells [m]
    firm : (rows, r) probability of a firm track when the target reaches each range
    hold : (rows, r) probability that the guiding radar holds the target there
    """
    rows = max(firm.shape[0], hold.shape[0])
    speed = target.speed_mps.value
    best = np.zeros((rows, range_m.size))
    tracked, supported = np.zeros_like(best), np.zeros_like(best)
    kinematic = np.zeros(range_m.size, bool)
    for weapon in unit.weapons:
        within, slant_m = envelope(weapon, target, range_m, height.value_m)
        if not within.any():
            continue
        kinematic |= within
        flown_s = flight_s(weapon, slant_m)
        early_s = np.minimum(weapon.values.get("handover_us", 0.0) * 1e-6, flown_s)
        p_track = _at(range_m, firm, range_m + speed * (flown_s + unit.delay_s + IDENTIFY_S))
        p_half = _at(range_m, hold, range_m + speed * 0.5 * (flown_s + early_s))
        p_end = _at(range_m, hold, range_m + speed * early_s)
        p_support = p_half * p_end if unit.guides else np.ones_like(p_half)
        whole = np.where(within, p_track * p_support, 0.0)
        better = whole >= best
        best = np.where(better, whole, best)
        tracked = np.maximum(tracked, np.where(within, p_track, 0.0))
        supported = np.maximum(supported, np.where(within, p_support, 0.0))
    there = np.broadcast_to(firm, best.shape)
    return Chain(range_m, kinematic, best, tracked, supported, there)


def causes(unit: Unit, made: Chain, ends: np.ndarray, target: TargetSpec, guide: Profile | None, best: Profile | None) -> np.ndarray:
    """Return what ends the reach of each row: the first link of the chain that fails there."""
    rows = ends.size
    out = np.empty(rows, np.int64)
    rated = any(is_rated(weapon, target) for weapon in unit.weapons)
    for row in range(rows):
        end = int(min(ends[row], made.range_m.size - 1))
        if not made.kinematic.any():
            out[row] = radial.KINEMATICS if rated and any(weapon.ready for weapon in unit.weapons) else radial.RATING
        elif unit.channels < 1:
            out[row] = radial.CHANNEL
        elif not made.kinematic[end]:
            out[row] = radial.KINEMATICS
        elif made.supported[row, end] < radial.LEVEL and guide is not None:
            out[row] = _seen_cause(guide, row, end)
        elif made.tracked_there[row, end] >= radial.LEVEL:
            out[row] = radial.TIME
        else:
            out[row] = _seen_cause(best, row, end) if best is not None else radial.SIGNAL
    return out


def _seen_cause(made: Profile, row: int, end: int) -> int:
    line = made.why[min(row, made.why.shape[0] - 1)]
    bad = np.flatnonzero(line[min(end, line.size - 1) :] != radial.OK)
    return int(line[min(end, line.size - 1) + bad[0]]) if bad.size else radial.TIME
