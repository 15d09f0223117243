"""What radars see straight in on the bearing that they face, in every sample of what is not known."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import TargetSpec
from openiads.coverage import radial
from openiads.coverage.chain import held
from openiads.coverage.knowledge import ANTENNA, SCREEN, rises, screens, shifts_db
from openiads.coverage.polar import seen_from
from openiads.coverage.radial import LEVEL, Profile
from openiads.coverage.sensors import Beam
from openiads.coverage.units import Unit
from openiads.coverage.value import Height
from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.kernel import Reals
from openiads.model.columns import MASKED_DB
from openiads.model.detection import TABLE_LOW_DB
from openiads.scenario.models import Scenario


class Samples(NamedTuple):
    """Rows over ranges: the first at stated figures, then one for each sample."""

    range_m: Reals  # as far as any row sees anything
    over_m: Reals  # (1 + samples, ranges) height above the mask
    pd: Reals  # (1 + samples, ranges) probability of detection of one look


def samples(beam: Beam, made: Profile, moved_db: Reals, around: tuple[Reals, Reals, Reals] | None) -> Samples:
    """Return a radar's looks in every sample.

    Parameters
    ----------
    beam, made : the radar and its profile at stated figures
    moved_db : (samples,) by how much the signal differs from the stated one
    around : (samples,) heights and distances of what surrounds the site, and how far the antenna stands above its stated height [m];
        None where the scenario states what surrounds the site

    Limits: where diffraction is chosen, samples have the level without a screen; an antenna's height moves what its screen hides,
    and neither lobes nor the horizon.
    """
    row = round(beam.facing_rad / (2.0 * np.pi) * len(made.over_m)) % len(made.over_m)
    lit = np.flatnonzero(made.bare_ahead_db + max(float(moved_db.max(initial=0.0)), 0.0) > TABLE_LOW_DB)
    size = min(max(4, int(lit[-1]) + 3 if lit.size else 0), made.range_m.size)
    range_m = made.range_m[:size]
    over_m = np.empty((1 + moved_db.size, size))
    level_db = np.empty_like(over_m)
    over_m[0], level_db[0] = made.over_m[row, :size], made.ahead_db[:size]
    if around is None:
        over_m[1:], level_db[1:] = over_m[0], level_db[0] + moved_db[:, None]
    else:
        bare_m = made.bare_over_m[row, :size]
        over_m[1:] = np.minimum(bare_m, _over_screens(beam, made, row, range_m, *around))
        level_db[1:] = np.where(over_m[1:] >= 0.0, made.bare_ahead_db[:size] + moved_db[:, None], MASKED_DB)
    return Samples(range_m, over_m, radial.probability(beam.detector, level_db))


def _over_screens(beam: Beam, made: Profile, row: int, range_m: Reals, height_m: Reals, distance_m: Reals, rise_m: Reals) -> Reals:
    """Return how far a target stands above the rays over screens (samples, ranges), endless before them. [m]"""
    twice_m = 2.0 * beam.k * MEAN_RADIUS_M
    site_m = beam.sensor.mask.antenna_amsl_m - beam.antenna_agl_m
    antenna_m = beam.sensor.mask.antenna_amsl_m + rise_m
    ground_m = np.broadcast_to(beam.ground_amsl_m[row % len(beam.ground_amsl_m)], made.range_m.shape)
    foot_m = np.interp(distance_m, np.append(0.0, made.range_m), np.append(site_m, ground_m))
    slope = (foot_m + height_m - antenna_m) / distance_m - distance_m / twice_m
    clear_m = (made.agl_ahead_m + ground_m)[: range_m.size] - range_m * range_m / twice_m
    return np.where(range_m > distance_m[:, None], clear_m - antenna_m[:, None] - slope[:, None] * range_m, np.inf)


class Drawn:
    """The samples of a defence; looks and tracks are kept for one class and height at a time, as they are large."""

    def __init__(
        self, draws: Reals, catalogue: Catalogue, scenario: Scenario, profile: Callable[[Beam, TargetSpec, Height], Profile]
    ) -> None:
        """Prepare.

        Parameters
        ----------
        draws : (samples, unknowns) in the unit cube
        catalogue, scenario : with the ranges of the figures, and the rule of tracking
        profile : what a radar sees of a class at a height at stated figures
        """
        self.draws, self._catalogue, self._scenario, self._profile = draws, catalogue, scenario, profile
        self._screens = screens(draws, catalogue)
        self._moved: dict[tuple[object, ...], tuple[Reals, Reals]] = {}
        self._now: tuple[str, Height] | None = None
        self._looks: dict[tuple[object, ...], Samples] = {}
        self._firm: dict[tuple[object, ...], Reals] = {}

    def moved(self, beam: Beam, target: TargetSpec) -> tuple[Reals, Reals]:
        """Return sampled shifts of a radar's level for a class [dB], and what moves its reach (samples, unknowns)."""
        key = (beam.system, beam.spec, beam.states_screen, beam.states_antenna, beam.antenna_agl_m, target.name)
        if key not in self._moved:
            shifts, parts = shifts_db(self.draws, target, beam.spec, beam.system, self._catalogue)
            if (around := self._around(beam)) is not None:
                parts[:, SCREEN], parts[:, SCREEN + 1], parts[:, ANTENNA] = around
            self._moved[key] = shifts, parts
        return self._moved[key]

    def looks(self, beam: Beam, target: TargetSpec, height: Height) -> Samples:
        """Return what a radar sees in every sample."""
        if self._now != (target.name, height):
            self._now = (target.name, height)
            self._looks.clear()
            self._firm.clear()
        if beam.kind not in self._looks:
            moved_db = self.moved(beam, target)[0]
            self._looks[beam.kind] = samples(beam, self._profile(beam, target, height), moved_db, self._around(beam))
        return self._looks[beam.kind]

    def _around(self, beam: Beam) -> tuple[Reals, Reals, Reals] | None:
        """What surrounds a radar's site, and its antenna's rise, in every sample."""
        if beam.states_screen:
            return None
        rise_m = rises(self.draws, beam.antenna_figure, beam.antenna_agl_m, self._catalogue)
        return *self._screens, np.zeros_like(rise_m) if beam.states_antenna else rise_m

    def firm(self, beam: Beam, target: TargetSpec, height: Height) -> Reals:
        """Return the probability of a firm track (1 + samples, ranges) where ``looks`` has its looks."""
        seen = self.looks(beam, target, height)
        if beam.kind not in self._firm:
            self._firm[beam.kind] = radial.track_score(seen.range_m, seen.pd, beam, target.speed_mps.value, self._scenario)
        return self._firm[beam.kind]

    def reach(self, beam: Beam, target: TargetSpec, height: Height, product: str) -> tuple[Reals, Reals]:
        """Return reach and farthest island (1 + samples) of detection and firm track; nothing of what has no band."""
        if product not in ("detection", "firm_track"):
            return np.zeros(1), np.zeros(1)
        seen = self.looks(beam, target, height)
        score = seen.pd if product == "detection" else self.firm(beam, target, height)
        found, ends = radial.reach(seen.range_m, score, LEVEL)
        if product == "detection":
            found = radial.edge(seen.range_m, seen.over_m, ends, found)
        return found, np.maximum(radial.farthest(seen.range_m, score, LEVEL), found)

    def at(self, unit: Unit, target: TargetSpec, height: Height, range_m: Reals) -> tuple[Reals, Reals]:
        """Return firm track and hold (1 + samples, ranges) on the bearing that a unit faces, out to where any radar sees anything."""
        facing = unit.guides[0].facing_rad if unit.guides else unit.cues[0][0].facing_rad if unit.cues else 0.0
        places = [(beam, _away(east, north, facing, range_m)) for beam, east, north in unit.cues]
        size = max([_within(away_m, float(self.looks(beam, target, height).range_m[-1])) for beam, away_m in places], default=4)
        near_m, firm = range_m[:size], np.zeros((1 + len(self.draws), size))
        for beam, away_m in places:
            seen = self.looks(beam, target, height)
            firm = np.maximum(firm, _along(away_m[:size], seen.range_m, self.firm(beam, target, height)))
        guided = [self.looks(beam, target, height) for beam in unit.guides]
        return firm, held([_along(near_m, one.range_m, one.pd) for one in guided]) if guided else np.ones_like(firm)


def _along(wanted_m: Reals, range_m: Reals, rows: Reals) -> Reals:
    """Return rows over evenly spaced ranges at other ranges: the first value before them, nothing beyond the last."""
    place = np.maximum((wanted_m - range_m[0]) / (range_m[1] - range_m[0]), 0.0)
    low = np.minimum(place.astype(np.int64), range_m.size - 2)
    part = np.minimum(place - low, 1.0)
    return np.where(place <= range_m.size - 1.0, rows[:, low] * (1.0 - part) + rows[:, low + 1] * part, 0.0)


def _away(east_m: float, north_m: float, bearing_rad: float, range_m: Reals) -> Reals:
    """Return how far places on a bearing lie from a point beside the centre."""
    return seen_from(east_m, north_m, np.full(range_m.size, bearing_rad), range_m)[1]


def _within(away_m: Reals, most_m: float) -> int:
    """Return how many of the ranges hold all places within a distance, and one more."""
    within = np.flatnonzero(away_m <= most_m)
    return min(max(4, int(within[-1]) + 2 if within.size else 0), away_m.size)
