"""What is being covered, and what was found of it already: each radar's and unit's regions, made once and kept."""

import math
from dataclasses import dataclass, field

import numpy as np

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import TargetSpec
from openiads.coverage import radial
from openiads.coverage.chain import Chain, Way, causes, chain, held
from openiads.coverage.confirm import cumulative_probability
from openiads.coverage.course import Lanes, cosine_to
from openiads.coverage.jamming import Jams
from openiads.coverage.polar import Polar, bearings_rad, seen_from
from openiads.coverage.radial import CUMULATIVE_LEVEL, LEVEL, Profile
from openiads.coverage.samples import Drawn
from openiads.coverage.sensors import FIELD_STEP_M, SMOOTH_STEP_M, TERRAIN_ROWS, Beam
from openiads.coverage.units import Unit
from openiads.coverage.value import BEARINGS, RADIAL, Height
from openiads.earth.mask_cache import cached_mask
from openiads.earth.terrain import Terrain
from openiads.kernel import Reals
from openiads.model.engagement import LOOKS_FOR_SUPPORT
from openiads.scenario.models import Scenario


@dataclass(frozen=True, eq=False)
class Ring:
    """A region about a place.

    ``covered`` and ``why`` (OK, or what keeps a cell out) are cells (1 or rows, ranges); ``reach_m`` and ``cause`` go by 360
    bearings; ``sampled_m`` and ``farthest_m`` (1 + samples) are the reach, and the range beyond which nothing is covered, straight in
    on the facing bearing: at stated figures first, then in every sample of what is not known.
    """

    range_m: Reals
    covered: np.ndarray
    why: np.ndarray
    reach_m: Reals
    cause: np.ndarray
    sampled_m: Reals
    farthest_m: Reals


@dataclass(frozen=True, eq=False)
class Reached:
    """A unit's chain on its cells and the rings that follow from it."""

    range_m: Reals
    protected: Reals  # the probability that an intercept can take place in a cell or before it on the course
    engagement: Ring
    kinematic: Ring
    sector: np.ndarray


def by_bearing(values: np.ndarray) -> np.ndarray:
    """Return values of evenly spaced rows at 360 bearings."""
    return np.broadcast_to(values, (BEARINGS,)) if values.size == 1 else values[:: values.size // BEARINGS]


@dataclass(eq=False)
class Work:
    """The defence, the course and the jamming, with everything found so far."""

    scenario: Scenario
    catalogue: Catalogue
    terrain: Terrain
    beams: list[Beam]
    units: list[Unit]
    draws: Reals
    course_rad: float | None = None
    jams: Jams | None = None
    kept: dict[tuple[object, ...], object] = field(default_factory=dict)
    drawn: Drawn = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the samples of what is not known."""
        self.drawn = Drawn(self.draws, self.catalogue, self.scenario, self.profile)

    @property
    def course_words(self) -> str:
        """Return the course as every entry states it."""
        return RADIAL if self.course_rad is None else f"straight on {math.degrees(self.course_rad) % 360.0:g} deg"

    def forget(self, height: Height) -> None:
        """Drop what was kept for a height, which would fill the memory where every bearing differs."""
        self.kept = {key: value for key, value in self.kept.items() if height not in key}

    def profile(self, beam: Beam, target: TargetSpec, height: Height) -> Profile:
        """Return what a radar sees of a class at a height."""
        key = ("profile", beam.kind, target.name, height)
        if key not in self.kept:
            self.kept[key] = radial.profile(beam, target, height, self.scenario, self.course_rad, self.jams)
        return self.kept[key]  # type: ignore[return-value]

    def firm(self, beam: Beam, target: TargetSpec, height: Height) -> Reals:
        """Return the probability of a firm track on all rows."""
        key = ("firm", beam.kind, target.name, height)
        if key not in self.kept:
            made, speed = self.profile(beam, target, height), target.speed_mps.value
            if self.course_rad is None:
                score = radial.track_score(made.range_m, made.pd, beam, speed, self.scenario)
            else:
                nodes, lanes = radial.on_lanes(made.pd, beam, speed, self.scenario, self.course_rad)
                score = lanes.back(nodes, made.pd.shape[0], made.range_m)
            self.kept[key] = score
        return self.kept[key]  # type: ignore[return-value]

    def ring(self, beam: Beam, target: TargetSpec, height: Height, product: str) -> Ring:
        """Return the region of a radar's product, all round."""
        key = ("ring", product, beam.kind, target.name, height)
        if key not in self.kept:
            self.kept[key] = self._ring(beam, target, height, product)
        return self.kept[key]  # type: ignore[return-value]

    def _ring(self, beam: Beam, target: TargetSpec, height: Height, product: str) -> Ring:
        made = self.profile(beam, target, height)
        score, level = made.pd, LEVEL
        if product == "lowest_visible_height":
            score = np.where((made.over_m >= 0.0) & (made.why != radial.INSTRUMENTED), 1.0, 0.0)
        elif product == "cumulative":
            score, level = self._cumulative(beam, target, made.pd), CUMULATIVE_LEVEL
        elif product == "firm_track":
            score = self.firm(beam, target, height)
        found, ends = radial.reach(made.range_m, score, level)
        if product in ("detection", "lowest_visible_height"):
            found = radial.edge(made.range_m, made.over_m, ends, found)
        far_m = beam.sensor.range_max_m
        covered = radial.closed(score >= level, beam.step_m)
        why = np.where(covered, radial.OK, np.where(made.why == radial.OK, radial.TIME, made.why))
        cause = radial.at_ends(radial.outward(made.why), ends)
        return Ring(
            made.range_m, covered, why, by_bearing(np.minimum(found, far_m)), by_bearing(cause),
            *(np.minimum(one, far_m) for one in self.drawn.reach(beam, target, height, product)),
        )  # fmt: skip

    def _cumulative(self, beam: Beam, target: TargetSpec, pd: Reals) -> Reals:
        stride_m = target.speed_mps.value * beam.sensor.period_us * 1e-6
        if self.course_rad is None:
            return cumulative_probability(beam.range_m, pd, stride_m)
        lanes = Lanes(self.course_rad, float(beam.range_m[-1]))
        return lanes.back(cumulative_probability(lanes.along_m, lanes.of(Polar(pd, beam.step_m)), stride_m), len(pd), beam.range_m)

    def reached(self, unit: Unit, target: TargetSpec, height: Height) -> Reached:
        """Return where a unit could make intercepts."""
        key = ("reached", unit.kind, target.name, height, *(() if self.terrain.is_smooth else (unit.site,)))
        if key not in self.kept:
            self.kept[key] = self._reached(unit, target, height)
        found: Reached = self.kept[key]  # type: ignore[assignment]
        return Reached(found.range_m, found.protected, found.engagement, found.kinematic, unit.sector)

    def _reached(self, unit: Unit, target: TargetSpec, height: Height) -> Reached:
        rows, range_m = self._cells(unit, target)
        bearing = bearings_rad(rows)[:, None]
        height_m = self._height_over(unit, height, rows, range_m)
        window_s = LOOKS_FOR_SUPPORT * max((beam.sensor.period_us * 1e-6 for beam in unit.guides), default=1.0)
        if self.course_rad is None:
            way = Way(range_m, range_m[None, :], height_m, np.ones((1, 1)))
            firm = self._firm_at(unit, target, height, bearing, range_m[None, :])
            made = chain(unit, target, way, firm, self._hold_at(unit, target, height, bearing, range_m[None, :]), window_s)
        else:
            made = self._chain_on_lanes(unit, target, height, height_m, range_m, window_s)
        facing = unit.guides[0].facing_rad if unit.guides else 0.0
        ahead_m = height_m[int(facing / (2.0 * math.pi) * len(height_m)) % len(height_m)][None, :]
        drawn_firm, drawn_hold = self.drawn.at(unit, target, height, range_m)
        near_m = range_m[: drawn_firm.shape[1]]
        inward = Way(near_m, near_m[None, :], ahead_m[:, : near_m.size], np.ones((1, 1)))
        drawn = chain(unit, target, inward, drawn_firm, drawn_hold, window_s)
        covered = radial.closed(made.intercept >= LEVEL, float(range_m[1] - range_m[0]))
        why = causes(unit, target, made, *self._what_ends(unit, target, height, bearing, range_m))
        why = np.where(covered, radial.OK, why)
        cause = radial.outward(why)
        naive_m = unit.naive_range_m
        reach_m, ends = radial.reach(range_m, made.intercept, LEVEL)
        sampled_m, _ = radial.reach(near_m, drawn.intercept, LEVEL)
        farthest_m = np.maximum(radial.farthest(near_m, drawn.intercept, LEVEL), sampled_m)
        engagement = Ring(
            range_m, covered, why, by_bearing(np.minimum(reach_m, naive_m)), by_bearing(radial.at_ends(cause, ends)),
            np.minimum(sampled_m, naive_m), np.minimum(farthest_m, naive_m),
        )  # fmt: skip
        within = made.kinematic[: 1 if self.terrain.is_smooth else rows]
        far_m, _ = radial.reach(range_m, within.astype(float), LEVEL)
        unrated = why if not within.any() else np.array([[radial.KINEMATICS]])
        limit = np.where(within, radial.OK, unrated[:1, :1])
        far_m = np.minimum(far_m, naive_m)
        none = np.zeros(1)
        kinematic = Ring(range_m, within, limit, by_bearing(far_m), np.full(BEARINGS, unrated[0, 0]), none, none)
        return Reached(range_m, self._protected(made.intercept, range_m), engagement, kinematic, unit.sector)

    def _protected(self, intercept: Reals, range_m: Reals) -> Reals:
        """Probability that an intercept can take place in a cell or before it on the course."""
        if self.course_rad is None:
            return np.maximum.accumulate(intercept[:, ::-1], axis=1)[:, ::-1]
        lanes = Lanes(self.course_rad, float(range_m[-1]))
        before = np.maximum.accumulate(lanes.of(Polar(intercept, float(range_m[1] - range_m[0])))[:, ::-1], axis=1)[:, ::-1]
        return lanes.back(before, len(intercept), range_m)

    def _cells(self, unit: Unit, target: TargetSpec) -> tuple[int, Reals]:
        """Rows and ranges of a unit's cells: out to where the farthest intercept needs a track."""
        rows = max([beam.rows for beam in (*unit.guides, *(cue[0] for cue in unit.cues))], default=1)
        if any((east, north) != (0.0, 0.0) for _, east, north in unit.cues):
            rows = max(rows, BEARINGS)
        if not self.terrain.is_smooth:
            rows = TERRAIN_ROWS
        step_m = SMOOTH_STEP_M if rows == 1 else FIELD_STEP_M
        slowest_s = max((float(weapon.times_s[-1]) for weapon in unit.weapons), default=0.0)
        seen_m = max((beam.sensor.range_max_m + math.hypot(east, north) for beam, east, north in unit.cues), default=0.0)
        reach_m = unit.naive_range_m + min(
            max(seen_m - unit.naive_range_m, 0.0), target.speed_mps.value * (slowest_s + unit.delay_s + unit.identify_s)
        )
        return rows, np.arange(1.0, max(4, math.ceil(reach_m / step_m) + 2)) * step_m

    def _height_over(self, unit: Unit, height: Height, rows: int, range_m: Reals) -> Reals:
        """Heights of the target above a unit's ground (1 or rows, ranges). [m]"""
        if self.terrain.is_smooth:
            return np.full((1, range_m.size), height.value_m)
        if height.datum == "amsl":
            return np.full((rows, range_m.size), height.value_m - unit.ground_amsl_m)
        laid = cached_mask(
            self.terrain, unit.place, 5.0, max_range_m=float(range_m[-1]), step_m=FIELD_STEP_M, bearings=rows, with_ground=True
        )  # fmt: skip
        return np.asarray(laid.ground_amsl_m[:, 1 : range_m.size + 1] + (height.value_m - unit.ground_amsl_m), np.float64)

    def _firm_at(self, unit: Unit, target: TargetSpec, height: Height, bearing: Reals, range_m: Reals) -> Reals:
        """Probability that some radar of the unit's pictures has a firm track, at places about the unit."""
        best = np.zeros(np.broadcast_shapes(bearing.shape, range_m.shape))
        for beam, east, north in unit.cues:
            where = (bearing, range_m) if (east, north) == (0.0, 0.0) else seen_from(east, north, bearing, range_m)
            best = np.maximum(best, self._in_sector(beam, Polar(self.firm(beam, target, height), beam.step_m).at(*where), where[0]))
        return best

    def _hold_at(self, unit: Unit, target: TargetSpec, height: Height, bearing: Reals, range_m: Reals) -> Reals:
        """Probability that a guiding radar holds a target at places about the unit, wherever its sector looks."""
        looks = [Polar(self.profile(beam, target, height).pd, beam.step_m).at(bearing, range_m) for beam in unit.guides]
        shape = np.broadcast_shapes(bearing.shape, range_m.shape)
        return np.broadcast_to(held(looks), shape) if looks else np.ones(shape)

    def _in_sector(self, beam: Beam, values: Reals, bearing: Reals) -> Reals:
        """A cueing sector radar helps where it looks; the unit's own turns with the unit, so that its area 'if turned' is known."""
        if beam.unit >= 0 or beam.sector().all():
            return values
        return np.where(beam.sector()[np.rint(np.degrees(bearing)).astype(np.int64) % BEARINGS], values, 0.0)

    def _chain_on_lanes(self, unit: Unit, target: TargetSpec, height: Height, height_m: Reals, range_m: Reals, window_s: float) -> Chain:
        """The chain on parallel lanes, brought back to the unit's cells."""
        assert self.course_rad is not None  # noqa: S101 - only then are there lanes
        lanes = Lanes(self.course_rad, float(range_m[-1]))
        bearing, ground_m = lanes.places
        over = height_m if height_m.shape[0] > 1 else np.full((1, 1), height_m[0, 0])
        step_m = float(range_m[1] - range_m[0])
        over = Polar(height_m, step_m).at(bearing, ground_m) if over.size > 1 else over
        way = Way(lanes.along_m, ground_m, over, cosine_to(self.course_rad, bearing))
        firm = self._firm_at(unit, target, height, bearing, ground_m)
        hold = self._hold_at(unit, target, height, bearing, ground_m)
        made = chain(unit, target, way, firm, hold, window_s)
        rows = max(BEARINGS, len(height_m))
        return Chain(
            lanes.back(made.kinematic.astype(float), rows, range_m) >= 0.5,
            *(lanes.back(part, rows, range_m) for part in (made.intercept, made.tracked, made.supported, made.tracked_there)),
        )  # fmt: skip

    def _what_ends(self, unit: Unit, target: TargetSpec, height: Height, bearing: Reals, range_m: Reals) -> tuple[np.ndarray, np.ndarray]:
        """What would end the reach of the guiding radar and of the best cueing one at the unit, from each cell outward."""
        near = [beam for beam, east, north in unit.cues if (east, north) == (0.0, 0.0)] or [beam for beam, _, _ in unit.cues]
        found = []
        for group, rank in ((unit.guides, lambda one: one.range_m[-1]), (near, lambda one: one.pd.mean())):
            profiles = [self.profile(beam, target, height) for beam in group]
            if not profiles:
                found.append(np.full((1, 1), radial.SIGNAL))
                continue
            best = max(profiles, key=rank)
            cause = radial.outward(best.why)
            column = np.clip(np.rint(range_m / (best.range_m[1] - best.range_m[0])).astype(np.int64) - 1, 0, cause.shape[1] - 1)
            line = (np.arange(bearing.shape[0]) * cause.shape[0]) // bearing.shape[0]
            found.append(cause[line[:, None], column[None, :]])
        return found[0], found[1]
