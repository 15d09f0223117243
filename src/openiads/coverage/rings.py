"""Scenario to coverage: every radar, every fire unit and the defence as a whole, for classes and heights."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from openiads.catalogue import Catalogue, load
from openiads.catalogue.specs import TargetSpec
from openiads.coverage import derived, radial
from openiads.coverage.confirm import cumulative_probability
from openiads.coverage.knowledge import SHIFTS_DB, band, published_span, shifts_db, uniforms
from openiads.coverage.plane import Plane, cap_m2, polar_area_m2
from openiads.coverage.radial import CUMULATIVE_LEVEL, LEVEL, Profile
from openiads.coverage.sensors import Beam, beams
from openiads.coverage.units import Chain, Unit, causes, chain, held, units
from openiads.coverage.value import BEARINGS, PRODUCTS, Coverage, Curve, Entry, Height
from openiads.coverage.words import assumptions, digest, sources, table
from openiads.earth.refraction import horizon_range_m
from openiads.earth.terrain import Terrain
from openiads.errors import UserError
from openiads.kernel import Reals
from openiads.plan import build, defence
from openiads.plan.files import ground_of
from openiads.plan.raid import front
from openiads.scenario.models import Scenario
from openiads.scenario.sites import Site

DEFAULT_CLASSES = ("cruise-missile-subsonic", "low-observable-fighter", "civil-airliner")
DEFAULT_HEIGHTS = (Height(50.0), Height(300.0), Height(1_000.0), Height(9_000.0), Height(11_000.0))
CURVE_HEIGHTS_M = (30.0, 50.0, 100.0, 200.0, 300.0, 500.0, 1e3, 2e3, 3e3, 5e3, 7e3, 9e3, 11e3, 15e3)
UNIT_PRODUCTS = ("engagement", "kinematic", "shots", "defended_footprint", "warning")
RADIAL = "radial inbound"
LEAST_SAMPLES = 100
ALL_ROUND = np.ones(BEARINGS, bool)
Told = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Ring:
    """A covered region about a place: cells (1 or 360, ranges), reach and its cause by bearing, and reaches by level shift."""

    range_m: Reals
    covered: np.ndarray
    reach_m: Reals
    cause: np.ndarray
    shifted_m: Reals


@dataclass(eq=False)
class Work:
    """What is being computed for and what was found already."""

    scenario: Scenario
    catalogue: Catalogue
    beams: list[Beam]
    units: list[Unit]
    draws: Reals
    profiles: dict[tuple[object, ...], Profile] = field(default_factory=dict)
    scores: dict[tuple[object, ...], Reals] = field(default_factory=dict)
    rings: dict[tuple[object, ...], Ring] = field(default_factory=dict)
    chains: dict[tuple[object, ...], tuple[Ring, Ring, Chain]] = field(default_factory=dict)
    moves: dict[tuple[object, ...], tuple[Reals, Reals]] = field(default_factory=dict)

    def profile(self, beam: Beam, target: TargetSpec, height: Height) -> Profile:
        """Return what a radar sees of a class at a height."""
        key = (beam.kind, target.name, height)
        if key not in self.profiles:
            self.profiles[key] = radial.profile(beam, target, height, self.scenario)
        return self.profiles[key]

    def shifted(self, beam: Beam, target: TargetSpec, height: Height) -> Reals:
        """Return probabilities of detection: the nominal rows, then one row for each shift of the level on the facing bearing."""
        key = ("pd", beam.kind, target.name, height)
        if key not in self.scores:
            made = self.profile(beam, target, height)
            ahead = made.snr_db[round(math.degrees(beam.facing_rad)) % BEARINGS if len(made.snr_db) > 1 else 0]
            self.scores[key] = np.concatenate([made.pd, radial.probability(beam.detector, ahead[None, :] + SHIFTS_DB[:, None])])
        return self.scores[key]

    def firm(self, beam: Beam, target: TargetSpec, height: Height) -> Reals:
        """Return the probability of a firm track, rows as of ``shifted``."""
        key = ("firm", beam.kind, target.name, height)
        if key not in self.scores:
            made, pd = self.profile(beam, target, height), self.shifted(beam, target, height)
            self.scores[key] = radial.track_score(made.range_m, pd, beam, target.speed_mps.value, self.scenario)
        return self.scores[key]

    def moved(self, beam: Beam, target: TargetSpec) -> tuple[Reals, Reals]:
        """Return sampled shifts of a radar's level for a class, and their parts. [dB]"""
        key = (beam.system, beam.spec, target.name)
        if key not in self.moves:
            self.moves[key] = shifts_db(self.draws, target, beam.spec, beam.system, self.catalogue)
        return self.moves[key]

    def ring(self, beam: Beam, target: TargetSpec, height: Height, product: str) -> Ring:
        """Return the region of a radar's product, all round."""
        key = (product, beam.kind, target.name, height)
        if key not in self.rings:
            self.rings[key] = self._ring(beam, target, height, product)
        return self.rings[key]

    def _ring(self, beam: Beam, target: TargetSpec, height: Height, product: str) -> Ring:
        made, pd = self.profile(beam, target, height), self.shifted(beam, target, height)
        visible = made.over_m >= 0.0
        level = LEVEL
        if product == "lowest_visible_height":
            score = np.where(visible & (made.why != radial.INSTRUMENTED), 1.0, 0.0)
        elif product == "detection":
            score = pd
        elif product == "cumulative":
            score, level = (
                cumulative_probability(made.range_m, pd, target.speed_mps.value * beam.sensor.period_us * 1e-6),
                CUMULATIVE_LEVEL,
            )
        else:
            score = self.firm(beam, target, height)
        rows = made.pd.shape[0]
        found, ends = radial.reach(made.range_m, score, level)
        if product in ("detection", "lowest_visible_height"):
            kept = radial.edge(made, ends[:rows], found[:rows])
            found = np.concatenate([kept, found[rows:]])
            if rows == 1 and product == "detection":
                found[1:] = radial.edge(made, ends[1:], found[1:])
        found = np.minimum(found, beam.sensor.range_max_m)
        cause = radial.final_cause(made, ends[:rows])
        return Ring(made.range_m, score[:rows] >= level, _spread(found[:rows]), _spread(cause), found[rows:])


def _spread(values: np.ndarray) -> np.ndarray:
    """Return values by bearing."""
    return np.broadcast_to(values, (BEARINGS,)) if values.size == 1 else values


def cover(
    scenario: Scenario,
    altitudes: Sequence[Height] = (),
    targets: Sequence[str] = (),
    products: Sequence[str] = (),
    course_rad: float | None = None,
    terrain: Terrain | None = None,
    samples: int = 128,
    catalogue: Catalogue | None = None,
    told: Told = lambda words: None,
) -> Coverage:
    """Return what every radar, every fire unit and the whole defence of a scenario cover.

    Parameters
    ----------
    scenario : the defence; of its hostile objects only where they come from, which sector radars face
    altitudes, targets, products : heights, classes and products asked for; the usual ones where empty
    course_rad : None, which is straight at each unit; any other course is refused
    terrain : ground heights; the scenario's own, or smooth earth, when left out
    samples : how many draws of the unknown figures make a band, at least 100
    catalogue : figures; the shipped ones with the scenario's own changes when left out
    told : is given a line of progress now and then

    Raises
    ------
    UserError : no radar, an unknown class or product, a height below ground, a site off the terrain.

    Limits: one target at a time, without jamming, without the external track feed and doctrine's layers; radars track apart.
    """
    figures = catalogue if catalogue is not None else load()
    if scenario.catalogue:
        figures = figures.with_values(dict(scenario.catalogue.items()))
    heights, classes, wanted = _heights(altitudes), _classes(targets, figures), _products(products)
    if course_rad is not None:
        raise UserError("cover: only courses straight at each unit are computed: leave --course out")
    if samples < LEAST_SAMPLES:
        raise UserError(f"cover: a band needs at least {LEAST_SAMPLES} samples, received {samples}")
    ground = terrain if terrain is not None else ground_of(scenario)
    draft = defence.defence(scenario, figures, ground, build.centre_of(scenario), front(scenario))
    seen = beams(draft, scenario, ground)
    if not seen:
        raise UserError(f"{scenario.name}: no site has a radar, so nothing can be covered: add a site of a system with radars")
    work = Work(scenario, figures, seen, units(draft, seen), uniforms(samples, 5))
    told(f"{len(seen)} radars, {len(work.units)} fire units, {len(classes)} classes, {len(heights)} heights")
    entries = list(_entries(work, classes, heights, wanted, told))
    return Coverage(
        scenario.name, scenario.about, ground.words, tuple(entries), assumptions(scenario, ground, classes, samples),
        sources(figures, classes, scenario),
        tuple(_site(one) for one in scenario.sites),
        tuple({"name": one.name, "lat": one.at.lat_deg, "lon": one.at.lon_deg} for one in scenario.assets),
        digest(scenario, ground, heights, classes, wanted, samples), table(entries), curves(work, classes),
    )  # fmt: skip


def curves(work: Work, classes: Sequence[TargetSpec]) -> tuple[Curve, ...]:
    """Return reach against height of the unit with the longest published range and the radars that cue it."""
    if not work.units:
        return ()
    unit = max(work.units, key=lambda one: one.naive_range_m)
    seen = unit.cues or tuple(work.beams)
    highest = max(seen, key=lambda beam: beam.sensor.mask.antenna_amsl_m)
    found = []
    for target in classes:
        columns: list[tuple[float, ...]] = []
        for height in (Height(value) for value in CURVE_HEIGHTS_M):
            reach = [
                max(float(work.ring(beam, target, height, name).reach_m.max()) for beam in seen) for name in ("detection", "firm_track")
            ]
            horizon = float(horizon_range_m(float(highest.sensor.coverage[19]), height.value_m, highest.k))
            columns.append((height.value_m, horizon, *reach, float(_chain(work, unit, target, height).engagement.reach_m.max())))
        height_m, horizon_m, detection_m, firm_m, engagement_m = (tuple(column) for column in zip(*columns, strict=True))
        found.append(Curve(unit.site, target.name, height_m, horizon_m, detection_m, firm_m, engagement_m, unit.naive_range_m))
    return tuple(found)


def _site(site: Site) -> dict[str, object]:
    return {"name": site.name, "system": site.system, "role": site.role, "lat": site.at.lat_deg, "lon": site.at.lon_deg}


def _heights(asked: Sequence[Height]) -> tuple[Height, ...]:
    for height in asked:
        if not math.isfinite(height.value_m) or height.value_m < 0.0:
            raise UserError(
                f"cover: a height of {height.value_m:g} m {height.datum} lies below ground: give 0 m or more, such as 50m or 9km-amsl"
            )
        if height.value_m > 100e3:
            raise UserError(f"cover: a height of {height.value_m:g} m is beyond what is modelled: give at most 100 km")
    return tuple(dict.fromkeys(asked)) or DEFAULT_HEIGHTS


def _classes(asked: Sequence[str], catalogue: Catalogue) -> list[TargetSpec]:
    names = tuple(dict.fromkeys(asked)) or DEFAULT_CLASSES
    for name in names:
        if name not in catalogue.targets:
            raise UserError(f"cover: {name!r} is not a class of the catalogue; there are {', '.join(sorted(catalogue.targets))}")
    return [catalogue.target(name) for name in names]


def _products(asked: Sequence[str]) -> tuple[str, ...]:
    for name in asked:
        if name not in PRODUCTS:
            raise UserError(f"cover: {name!r} is not a product; there are {', '.join(PRODUCTS)}")
    return tuple(asked) or PRODUCTS


def _entries(work: Work, classes: list[TargetSpec], heights: Sequence[Height], wanted: tuple[str, ...], told: Told) -> Iterable[Entry]:
    plane = _plane(work)
    naive = _naive_unions(work, plane)
    for target in classes:
        for height in heights:
            told(f"{target.title} at {height.words}")
            chains = [_chain(work, unit, target, height) for unit in work.units] if set(UNIT_PRODUCTS) & set(wanted) else []
            for beam in work.beams:
                yield from _radar_entries(work, beam, target, height, wanted, target is classes[0])
            for unit, made in zip(work.units, chains, strict=False):
                yield from _unit_entries(work, unit, made, target, height, wanted)
                yield from _derived_entries(work, unit, made, target, height, wanted)
            yield from _whole(work, plane, naive, chains, target, height, wanted)


def _radar_entries(work: Work, beam: Beam, target: TargetSpec, height: Height, wanted: tuple[str, ...], with_mask: bool) -> Iterable[Entry]:
    if with_mask and "lowest_visible_height" in wanted:
        made = work.profile(beam, target, height)
        bare = np.where(made.why == radial.SCREEN, True, made.over_m >= 0.0)
        open_m2 = polar_area_m2(beam.place[0], made.range_m, bare & (made.why != radial.INSTRUMENTED), ALL_ROUND, np.zeros(BEARINGS))
        yield _entry(work, beam, None, height, "lowest_visible_height", None, {"area_without_screen_m2": round(open_m2)})
    if "detection" in wanted:
        yield _entry(work, beam, target, height, "detection", LEVEL, {"measure": "one scan"})
        yield _entry(work, beam, target, height, "cumulative", CUMULATIVE_LEVEL, {"measure": "before the cell"}, target)
    if "firm_track" in wanted and "range" in beam.spec.measures and beam.feeds:
        rule = work.scenario.tracking.confirm
        yield _entry(work, beam, target, height, "firm_track", LEVEL, {"rule": f"{rule.m} of {rule.n}"})


def _entry(
    work: Work, beam: Beam, target: TargetSpec | None, height: Height, product: str, level: float | None, notes: dict[str, object],
    shown: TargetSpec | None = None,
) -> Entry:  # fmt: skip
    key_target = target if target is not None else next(iter(_any_target(work, beam, height)))
    ring = work.ring(beam, key_target, height, product)
    sector = beam.sector_bearings
    spec = beam.spec
    area = polar_area_m2(beam.place[0], ring.range_m, ring.covered, sector, np.where(sector, ring.reach_m, 0.0))
    if not sector.all():
        notes = notes | {"sector_deg": round(2.0 * math.degrees(beam.half_sector_rad), 1)}
        notes["if_turned_area_m2"] = round(polar_area_m2(beam.place[0], ring.range_m, ring.covered, ALL_ROUND, ring.reach_m))
    limits, driver = None, None
    if target is not None:
        moved, parts = work.moved(beam, target)
        low, high = published_span(work.catalogue, f"{beam.system}.radars.{spec.name}.instrumented_range", spec.instrumented_range_m)
        shown_m = low + work.draws[:, 4] * (high - low)
        values = np.minimum(np.interp(moved, SHIFTS_DB, ring.shifted_m), shown_m)
        limits, driver = band(values, np.concatenate([parts, shown_m[:, None]], axis=1))
    naive = float(cap_m2(beam.place[0], spec.instrumented_range_m))
    return Entry(
        beam.site, beam.name, "detection" if product == "cumulative" else product, None if target is None else target.name, height, RADIAL,
        level,
        spec.instrumented_range_m, naive, min(area, naive), np.where(sector, ring.reach_m, 0.0),
        np.where(sector, ring.cause, radial.SECTOR),
        beam.place, band=limits, driver=driver, notes=notes,
    )  # fmt: skip


def _any_target(work: Work, beam: Beam, height: Height) -> Iterable[TargetSpec]:
    for key in work.profiles:
        if key[0] == beam.kind and key[2] == height:
            yield work.catalogue.target(str(key[1]))


@dataclass(frozen=True, eq=False)
class Reached:
    """A unit's chain and the rings that follow from it."""

    chain: Chain
    engagement: Ring
    kinematic: Ring
    sector: np.ndarray


def _chain(work: Work, unit: Unit, target: TargetSpec, height: Height) -> Reached:
    key = (unit.kind, target.name, height, *(() if work.beams[0].smooth else (unit.site,)))
    if key not in work.chains:
        work.chains[key] = _chain_rings(work, unit, target, height)
    engagement, kinematic, made = work.chains[key]
    sector = np.zeros(BEARINGS, bool)
    for beam in unit.guides:
        sector |= beam.sector_bearings
    return Reached(made, engagement, kinematic, sector if unit.guides else ALL_ROUND)


def _chain_rings(work: Work, unit: Unit, target: TargetSpec, height: Height) -> tuple[Ring, Ring, Chain]:
    smooth = work.beams[0].smooth
    step_m = radial.SMOOTH_STEP_M if smooth else radial.TERRAIN_STEP_M
    rows = 1 if smooth else BEARINGS
    longest = max([unit.naive_range_m, *(beam.sensor.range_max_m for beam in unit.cues)], default=0.0)
    range_m: Reals = np.arange(1.0, math.ceil(longest / step_m) + 2.0) * step_m
    firm, hold = np.zeros((rows + SHIFTS_DB.size, range_m.size)), np.zeros((rows + SHIFTS_DB.size, range_m.size))
    for beam in unit.cues:
        if "range" in beam.spec.measures:
            found = work.firm(beam, target, height)
            firm[:, : found.shape[1]] = np.maximum(firm[:, : found.shape[1]], found[:, : range_m.size])
    for beam in unit.guides:
        found = held(work.shifted(beam, target, height))
        width = min(found.shape[1], range_m.size)
        hold[:, :width] = np.maximum(hold[:, :width], found[:, :width])
    made = chain(unit, target, height, range_m, firm, hold)
    reach_m, ends = radial.reach(range_m, made.intercept, LEVEL)
    reach_m = np.minimum(reach_m, unit.naive_range_m)
    guide = max((work.profile(beam, target, height) for beam in unit.guides), key=lambda one: one.range_m[-1], default=None)
    cue = max((work.profile(beam, target, height) for beam in unit.cues), key=lambda one: float(one.pd.sum()), default=None)
    why = causes(unit, made, ends[:rows], target, guide, cue)
    engagement = Ring(range_m, made.intercept[:rows] >= LEVEL, _spread(reach_m[:rows]), _spread(why), reach_m[rows:])
    within = made.kinematic[None, :]
    far_m, _ = radial.reach(range_m, within.astype(float), LEVEL)
    what = causes(unit, made, np.zeros(1, np.int64), target, guide, cue)
    what = what if not made.kinematic.any() else np.array([radial.KINEMATICS])
    far_m = np.minimum(far_m, unit.naive_range_m)
    return engagement, Ring(range_m, within, _spread(far_m), _spread(what), np.repeat(far_m, SHIFTS_DB.size)), made


def _unit_entries(work: Work, unit: Unit, made: Reached, target: TargetSpec, height: Height, wanted: tuple[str, ...]) -> Iterable[Entry]:
    naive = float(cap_m2(unit.place[0], unit.naive_range_m))
    for product, ring, sector in (("engagement", made.engagement, made.sector), ("kinematic", made.kinematic, ALL_ROUND)):
        if product not in wanted:
            continue
        reach_m = np.where(sector, ring.reach_m, 0.0)
        area = polar_area_m2(unit.place[0], ring.range_m, ring.covered, sector, reach_m)
        notes: dict[str, object] = {}
        if not sector.all():
            notes["if_turned_area_m2"] = round(
                min(polar_area_m2(unit.place[0], ring.range_m, ring.covered, ALL_ROUND, ring.reach_m), naive)
            )
        limits, driver = unit_band(work, unit, ring, target) if product == "engagement" else (None, None)
        yield Entry(
            unit.site, unit.site, product, target.name, height, RADIAL, LEVEL if product == "engagement" else None,
            unit.naive_range_m, naive,
            min(area, naive), reach_m, np.where(sector, ring.cause, radial.SECTOR), unit.place, band=limits, driver=driver, notes=notes,
        )  # fmt: skip


def _derived_entries(work: Work, unit: Unit, made: Reached, target: TargetSpec, height: Height, wanted: tuple[str, ...]) -> Iterable[Entry]:
    """Shots before the asset, protected ground and warning, each about the unit."""
    ring, naive = made.engagement, float(cap_m2(unit.place[0], unit.naive_range_m))
    reach_m = np.where(made.sector, ring.reach_m, 0.0)
    cause = np.where(made.sector, ring.cause, radial.SECTOR)

    def entry(product: str, level: float | None, area: float, reaches: Reals, notes: dict[str, object]) -> Entry:
        return Entry(
            unit.site, unit.site, product, target.name, height, RADIAL, level, unit.naive_range_m, naive, min(area, naive), reaches, cause,
            unit.place, notes=notes,
        )  # fmt: skip

    if "shots" in wanted:
        assess_s = work.catalogue.doctrine("assessment.delay").value
        met = derived.shots(unit, target, height, float(ring.reach_m.max()), assess_s)
        area = polar_area_m2(unit.place[0], ring.range_m, ring.covered, made.sector, reach_m)
        yield entry("shots", None, area, reach_m, {"opportunities": len(met), "intercept_ranges_m": [round(one) for one in met]})
    if "defended_footprint" in wanted:
        rows = ring.covered.shape[0]
        chance = derived.protected(made.chain, rows)
        for level in derived.FOOTPRINT_LEVELS:
            found_m = np.where(made.sector, _spread(np.minimum(radial.reach(ring.range_m, chance, level)[0], unit.naive_range_m)), 0.0)
            area = polar_area_m2(unit.place[0], ring.range_m, chance >= level, made.sector, found_m)
            killed = polar_area_m2(unit.place[0], ring.range_m, chance * target.pk.value >= level, made.sector, np.zeros(BEARINGS))
            notes: dict[str, object] = {"means": "kinematically possible", "with_one_shot_pk_area_m2": round(killed), "pk": target.pk.value}
            yield entry("defended_footprint", level, area, found_m, notes)
    if "warning" in wanted and (seen := [beam for beam in unit.cues if "range" in beam.spec.measures]):
        best = max((work.ring(beam, target, height, "firm_track") for beam in seen), key=lambda one: float(one.reach_m.max()))
        told = derived.warning(float(np.median(best.reach_m)), target.speed_mps.value)
        yield Entry(
            unit.site, unit.site, "warning", target.name, height, RADIAL, LEVEL, max(beam.spec.instrumented_range_m for beam in seen),
            float(cap_m2(unit.place[0], max(beam.spec.instrumented_range_m for beam in seen))),
            polar_area_m2(unit.place[0], best.range_m, best.covered, ALL_ROUND, best.reach_m), best.reach_m, best.cause, unit.place,
            notes={"from_firm_track_s": round(told.from_firm_track_s, 1), "from_identification_s": round(told.from_identification_s, 1)},
        )  # fmt: skip


def unit_band(work: Work, unit: Unit, ring: Ring, target: TargetSpec) -> tuple[tuple[float, float, float], str | None]:
    """Return the band of an intercept's reach: the worse of cueing and guiding radar in each sample, within the weapon's range."""
    seen = []
    for group in (unit.cues, unit.guides):
        if group:
            chosen = max(group, key=lambda beam: beam.spec.reference_range_m)
            seen.append(work.moved(chosen, target))
    if not seen:
        reach_m = float(ring.reach_m.max())
        return (reach_m, reach_m, reach_m), None
    moved = np.minimum.reduce([one[0] for one in seen])
    weapon = max(unit.weapons, key=lambda one: one.values["range_max_m"])
    system = next(site.system for site in work.scenario.sites if site.name == unit.site)
    low, high = published_span(work.catalogue, f"{system}.missiles.{weapon.name}.range_max", weapon.values["range_max_m"])
    far = (low + work.draws[:, 4] * (high - low)) / weapon.values["range_max_m"] * unit.naive_range_m
    values = np.minimum(np.interp(moved, SHIFTS_DB, ring.shifted_m), far)
    return band(values, np.concatenate([seen[0][1], far[:, None]], axis=1))


def _plane(work: Work) -> Plane:
    from openiads.earth import geodesy

    centre = _origin(work)
    reach_m = 0.0
    for place, far in [(b.place, b.spec.instrumented_range_m) for b in work.beams] + [(u.place, u.naive_range_m) for u in work.units]:
        reach_m = max(reach_m, float(geodesy.inverse(*centre, *place)[0]) + far)
    return Plane(centre, reach_m + 2_000.0)


def _origin(work: Work) -> tuple[float, float]:
    """The place that the whole defence's bearings are counted from: its farthest-reaching fire unit, else its largest radar."""
    if work.units:
        return max(work.units, key=lambda unit: unit.naive_range_m).place
    return max(work.beams, key=lambda beam: beam.spec.instrumented_range_m).place


def _naive_unions(work: Work, plane: Plane) -> dict[str, tuple[float, float]]:
    """Largest published range [m] and area of all published circles together [m2], of radars and of weapons."""
    found = {}
    rings = {
        "sees": [(beam.place, beam.spec.instrumented_range_m) for beam in work.beams],
        "shoots": [(unit.place, unit.naive_range_m) for unit in work.units],
    }
    for name, circles in rings.items():
        joined = np.zeros(plane.area_m2.shape, bool)
        for place, far in circles:
            range_m: Reals = np.arange(1.0, int(far / 200.0) + 1.0) * 200.0
            plane.lay(joined, place, range_m, np.ones((1, range_m.size), bool), ALL_ROUND)
        found[name] = max((far for _, far in circles), default=0.0), float(plane.area_m2[joined].sum())
    return found


def _whole(
    work: Work,
    plane: Plane,
    naive: dict[str, tuple[float, float]],
    chains: list[Reached],
    target: TargetSpec,
    height: Height,
    wanted: tuple[str, ...],
) -> Iterable[Entry]:
    """The union over the common grid; an intercept counts only where the defence has a firm track too."""
    kept: dict[str, np.ndarray] = {}
    for product in ("detection", "cumulative", "firm_track", "engagement", "kinematic"):
        shoots = product in ("engagement", "kinematic")
        if product.replace("cumulative", "detection") not in wanted and not (product == "firm_track" and "engagement" in wanted):
            continue
        parts: list[tuple[tuple[float, float], Ring, np.ndarray]] = []
        if shoots:
            for unit, made in zip(work.units, chains, strict=True):
                ring = made.engagement if product == "engagement" else made.kinematic
                parts.append((unit.place, ring, made.sector if product == "engagement" else ALL_ROUND))
        else:
            seen = [beam for beam in work.beams if product != "firm_track" or ("range" in beam.spec.measures and beam.feeds)]
            parts = [(beam.place, work.ring(beam, target, height, product), beam.sector_bearings) for beam in seen]
        joined = np.zeros(plane.area_m2.shape, bool)
        for place, ring, sector in parts:
            plane.lay(joined, place, ring.range_m, ring.covered, sector)
        if product == "engagement":
            joined &= kept["firm_track"]
        kept[product] = joined
        name = "detection" if product == "cumulative" else product
        if name in wanted and parts:
            level = CUMULATIVE_LEVEL if product == "cumulative" else None if product == "kinematic" else LEVEL
            yield _whole_entry(work, plane, naive["shoots" if shoots else "sees"], parts, joined, target, height, name, level, chains)


def _whole_entry(
    work: Work, plane: Plane, naive: tuple[float, float], parts: list[tuple[tuple[float, float], Ring, np.ndarray]], joined: np.ndarray,
    target: TargetSpec, height: Height, product: str, level: float | None, chains: list[Reached],
) -> Entry:  # fmt: skip
    from openiads.coverage.outlines import grid_outlines

    reaches = np.stack([np.where(sector, ring.reach_m, -1.0) for _, ring, sector in parts])
    best = np.argmax(reaches, axis=0)
    cause = np.stack([np.where(sector, ring.cause, radial.SECTOR) for _, ring, sector in parts])[best, np.arange(BEARINGS)]
    area = float(plane.area_m2[joined].sum())
    limits, driver = None, None
    main = int(np.argmax([float(ring.reach_m.max()) for _, ring, _ in parts]))
    if product == "engagement":
        limits, driver = unit_band(work, work.units[main], parts[main][1], target)
    elif product in ("detection", "firm_track"):
        tracked = [beam for beam in work.beams if product == "detection" or ("range" in beam.spec.measures and beam.feeds)]
        moved, moves = work.moved(tracked[main], target)
        values = np.minimum(np.interp(moved, SHIFTS_DB, parts[main][1].shifted_m), tracked[main].spec.instrumented_range_m)
        limits, driver = band(values, moves)
    return Entry(
        None, "whole defence", product, target.name, height, RADIAL, level, naive[0], naive[1], min(area, naive[1]),
        plane.rays(joined, plane.centre),
        cause, plane.centre, grid_outlines(plane, joined), limits, driver, {"grid_m": plane.step_m},
    )  # fmt: skip
