"""Fire units as coverage sees them, from the same rows that a battle is planned from: weapons, who guides and who cues."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage.polar import offset
from openiads.coverage.sensors import Beam
from openiads.earth.terrain import Terrain
from openiads.kernel import Reals
from openiads.model import codes
from openiads.model.columns import LEVELS
from openiads.model.engagement import reach_share
from openiads.plan.draft import Draft
from openiads.plan.families import family_of

NEAR_M = 5_000.0  # a radar within this distance of a unit sees as if it stood there


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
    ground_amsl_m: float
    weapons: tuple[Weapon, ...]
    guides: tuple[Beam, ...]
    cues: tuple[tuple[Beam, float, float], ...]  # with how far east and north of the unit each stands [m]
    identify_s: float  # from a firm track to the first decision cycle, in which a battle labels it
    delay_s: float  # from there to launch
    naive_range_m: float
    channels: int

    @property
    def kind(self) -> tuple[object, ...]:
        """Return what makes two units reach alike."""
        own = tuple((weapon.name, tuple(sorted(weapon.values.items()))) for weapon in self.weapons)
        cues = tuple((beam.kind, *(() if (east, north) == (0.0, 0.0) else (east, north))) for beam, east, north in self.cues)
        return (own, tuple(beam.kind for beam in self.guides), cues, self.identify_s, self.delay_s, self.channels)

    @property
    def turned(self) -> "Unit":
        """Return the unit as it would engage if its radars faced wherever the target is."""
        own = {beam.name for beam in self.guides}
        cues = tuple((beam.turned if beam.name in own else beam, east, north) for beam, east, north in self.cues)
        return replace(self, guides=tuple(beam.turned for beam in self.guides), cues=cues)

    @property
    def sector(self) -> np.ndarray:
        """Return on which of 360 bearings its guiding radars can look as they stand."""
        found = np.zeros(360, bool) if self.guides else np.ones(360, bool)
        for beam in self.guides:
            found |= beam.sector()
        return found


def units(draft: Draft, beams: Sequence[Beam], terrain: Terrain, quiet_factor: float) -> list[Unit]:
    """Return the fire units of a defence; the first decision after quiet takes ``quiet_factor`` times its median."""
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
        naive_m = max((weapon.values["range_max_m"] for weapon in weapons), default=0.0)
        decider, order = draft.deciders[int(values["home"])], draft.lines[row * LEVELS]
        delay_s = quiet_factor * _median_s(draft, values["decision"]) + _median_s(draft, order["delay"]) + values["reaction_us"] * 1e-6
        ground_m = 0.0 if terrain.is_smooth else float(terrain.height_amsl_m(*place))
        found.append(
            Unit(
                name, place, ground_m, tuple(weapons), tuple(beam for beam in beams if beam.unit == row),
                _cues(beams, name, place, {int(values["home"]), draft.decider_of[name]}, naive_m), 0.5e-6 * decider["period_us"],
                delay_s, naive_m, int(values["targets_max"]),
            )
        )  # fmt: skip
    return found


def _median_s(draft: Draft, law: float) -> float:
    """The median of a time that a battle draws."""
    times_s = draft.laws.rows[int(law)]
    return float(times_s[len(times_s) // 2])


def _cues(
    beams: Sequence[Beam], site: str, place: tuple[float, float], pictures: set[int], naive_m: float
) -> tuple[tuple[Beam, float, float], ...]:
    """Radars of a unit's pictures that could see something in its reach; those near by stand at the unit."""
    found = []
    for beam in beams:
        if not (beam.tracks and beam.feeds & pictures):
            continue
        east, north = offset(place, beam.place)
        away_m = float(np.hypot(east, north))
        if beam.site == site or away_m <= NEAR_M:
            found.append((beam, 0.0, 0.0))
        elif away_m < beam.sensor.range_max_m + naive_m:
            found.append((beam, east, north))
    return tuple(found)


def falls(target: TargetSpec) -> bool:
    """Whether only weapons rated against ballistic targets may engage a class."""
    return family_of(target) in (codes.FAMILY_BALLISTIC, codes.FAMILY_GLIDE)


def is_rated(weapon: Weapon, target: TargetSpec) -> bool:
    """Whether public figures rate a weapon for a class's speed and family."""
    values = weapon.values
    if target.speed_mps.value > values["target_speed_max_mps"]:
        return False
    return not (falls(target) and values.get("ballistic_range_m", 0.0) <= 0.0)


def share_by_course(weapon: Weapon, closing: Reals) -> Reals:
    """Return the share of a weapon's longest range that is left against courses; a battle's is straight between its corners."""
    one = {name: [weapon.values[name]] for name in ("crossing_share", "receding_share")}
    plain: Any = getattr(reach_share, "py_func", reach_share)
    left = [float(plain(one, 0, corner)) for corner in (-1.0, 0.0, 1.0)]
    return np.asarray(np.interp(closing, (-1.0, 0.0, 1.0), left), np.float64)


def envelope(
    weapon: Weapon, target: TargetSpec, slant_m: Reals, height_m: Reals | float, elevation_rad: Reals, closing: Reals
) -> np.ndarray:
    """Return where a weapon reaches a class: slant ranges from the unit and heights above its ground [m], under elevations [rad].

    ``closing`` is 1 where the target comes straight at the unit, 0 across, -1 straight away.
    """
    values = weapon.values
    low, high = values["height_min_m"], values["height_max_m"]
    far: Reals | float = values["range_max_m"]
    if falls(target):
        low, high, far = (values.get(f"ballistic_{name}_m", 0.0) for name in ("height_min", "height_max", "range"))
    else:
        far = far * share_by_course(weapon, closing)
    within = (slant_m >= values["range_min_m"]) & (slant_m <= far) & (low <= height_m) & (height_m <= high)
    within = within & (elevation_rad <= values["elevation_max_rad"])
    return np.asarray(within & is_rated(weapon, target) & (weapon.ready > 0))


def flight_s(weapon: Weapon, slant_m: Reals) -> Reals:
    """Return the time of flight to slant ranges. [s]"""
    return np.interp(slant_m, np.arange(weapon.times_s.size) * weapon.step_m, weapon.times_s)
