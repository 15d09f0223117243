"""Scenario to coverage: every radar, every fire unit and the defence as a whole, for classes and heights."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import TargetSpec
from openiads.coverage import curves as by_height
from openiads.coverage import layers, published, request
from openiads.coverage.compare import Other, differences
from openiads.coverage.entries import derived_entries, radar_entries, unit_entries
from openiads.coverage.plane import Plane
from openiads.coverage.scene import figures_of, ground_of, work_of
from openiads.coverage.value import Coverage, Curve, Difference, Entry, Grid, Height, Layer
from openiads.coverage.whole import defended, gap, naive_unions, plane_of, unions, whole_entries
from openiads.coverage.words import assumptions, digest, sources, table
from openiads.coverage.work import Reached, Work
from openiads.earth.terrain import Terrain, smooth
from openiads.errors import UserError
from openiads.scenario.models import Scenario
from openiads.scenario.sites import Site

PERIMETER_M = 30e3
REACH_SAMPLES = 64  # half of what a whole coverage takes: a study's report waits for it
GAP_PRODUCTS = ("detection", "firm_track", "engagement")
Told = Callable[[str], None]


@dataclass
class Made:
    """What has been found so far."""

    entries: list[Entry]
    gaps: list[dict[str, Any]]
    layers: list[Layer]
    differences: list[Difference]


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
    jamming: str = "none",
    perimeter_m: float = PERIMETER_M,
    others: Sequence[Other] = (),
) -> Coverage:
    """Return what every radar, every fire unit and the whole defence of a scenario cover.

    Parameters
    ----------
    scenario : the defence; of its hostile objects only where they come from, which sector radars face, and the jammers if asked for
    altitudes, targets, products : heights, classes and products asked for; the usual ones where empty
    course_rad : None, which is straight at each radar and unit, or the one course that all targets fly
    terrain : ground heights; the scenario's own, or smooth earth, when left out
    samples : how many draws of the unknown figures make a band, at least 100
    catalogue : figures; the shipped ones with the scenario's own changes when left out
    told : is given a line of progress now and then
    jamming : ``none``, ``scenario`` (its jammers radiate) or ``margin-0`` (and no radar has a jamming margin)
    perimeter_m : distance from the assets within which the ground counts as defended
    others : defences to compare with

    Raises
    ------
    UserError : no radar, an unknown class or product, a height below ground, a site off the terrain, too many classes and heights.

    Limits: one target at a time, without the external track feed and doctrine's layers; radars track apart.
    """
    figures = figures_of(scenario, catalogue)
    heights, classes, wanted = request.heights_of(altitudes), request.classes_of(targets, figures), request.products_of(products)
    _check(samples, course_rad, perimeter_m)
    most_cells = request.grid_cells(len(classes) * len(heights))
    ground, ground_words = ground_of(scenario, terrain)
    work = work_of(scenario, figures, ground, samples, course_rad, jamming)
    beside = [(one, work_of(one.scenario, figures_of(one.scenario, catalogue), ground, samples, course_rad, jamming)) for one in others]
    told(f"{len(work.beams)} radars, {len(work.units)} fire units, {len(classes)} classes, {len(heights)} heights")
    plane = plane_of([work, *(one for _, one in beside)], most_cells, perimeter_m)
    found = _all(work, beside, plane, classes, heights, wanted, perimeter_m, told)
    told("reach against height")
    is_plain = ground.is_smooth and course_rad is None and work.jams is None
    plain = work if is_plain else work_of(scenario, figures, smooth(), samples)
    drawn = by_height.curves(plain, classes)
    entries = tuple(found.entries)
    said = assumptions(work, ground_words, classes, samples, jamming, plane.step_m, perimeter_m)
    return Coverage(
        scenario.name, scenario.about, ground_words, entries, said, sources(figures, classes, scenario),
        tuple(_site(one) for one in scenario.sites),
        tuple({"name": one.name, "lat": one.at.lat_deg, "lon": one.at.lon_deg} for one in scenario.assets),
        digest(scenario, ground, heights, classes, wanted, samples, course_rad, jamming, perimeter_m, others, plane.step_m),
        table(entries), drawn, tuple(by_height.insensitive(drawn)), tuple(found.gaps), published.statements(plain),
        tuple(found.differences),
        Grid(plane.centre, plane.axis_m, (*layers.masks(work, plane), *found.layers)),
        {one.name: one.title for one in classes},
    )  # fmt: skip


def reach(
    scenario: Scenario, height: Height, targets: Sequence[str], samples: int = REACH_SAMPLES, catalogue: Catalogue | None = None
) -> tuple[tuple[Curve, ...], tuple[dict[str, Any], ...]]:
    """Return reach against height over the smooth earth, and what it is at one height.

    That is what ``cover`` says of reach against height, for one more height.

    Raises
    ------
    UserError : no radar, an unknown class, a height below ground, a site off the terrain.
    """
    figures = figures_of(scenario, catalogue)
    classes = request.classes_of(targets, figures)
    work = work_of(scenario, figures, smooth(), samples)
    return by_height.curves(work, classes), by_height.at_height(work, classes, height)


def _check(samples: int, course_rad: float | None, perimeter_m: float) -> None:
    """Refuse numbers that cannot be asked for."""
    if samples < request.LEAST_SAMPLES:
        raise UserError(f"cover: a band needs at least {request.LEAST_SAMPLES} samples, received {samples}")
    if course_rad is not None and not math.isfinite(course_rad):
        raise UserError("cover: the course must be a number of degrees, such as --course 90")
    if not 1e3 <= perimeter_m <= 500e3:
        raise UserError(f"cover: a perimeter {perimeter_m / 1000:g} km from the assets was asked for: give 1 to 500 km")


def _all(
    work: Work, beside: Sequence[tuple[Other, Work]], plane: Plane, classes: Sequence[TargetSpec], heights: Sequence[Height],
    wanted: tuple[str, ...], perimeter_m: float, told: Told,
) -> Made:  # fmt: skip
    """Everything that goes by class and height."""
    made = Made([], [], [], [])
    naive = naive_unions(work, plane)
    places = defended(work)
    for target in classes:
        for height in heights:
            told(f"{target.title} at {height.words}")
            reached = [work.reached(unit, target, height) for unit in work.units]
            joined = unions(work, plane, reached, target, height)
            made.entries += _singles(work, reached, target, height, wanted, target is classes[0])
            made.entries += whole_entries(work, plane, naive, joined, target, height, wanted)
            made.layers += layers.of(joined, target, height)
            gaps = {name: gap(plane, places, perimeter_m, joined[name]) for name in GAP_PRODUCTS if name in joined}
            head = {"target_class": target.name, "height_m": height.value_m, "height_datum": height.datum, "perimeter_m": perimeter_m}
            made.gaps += [head | {"product": name} | one for name, one in gaps.items()]
            for other, theirs in beside:
                made.differences += differences(other, theirs, plane, joined, gaps, target, height, places, perimeter_m)
            for one in (work, *(theirs for _, theirs in beside)):
                if not one.terrain.is_smooth or one.beams[0].bearing_matters:
                    one.forget(height)
    return made


def _singles(
    work: Work, reached: Sequence[Reached], target: TargetSpec, height: Height, wanted: tuple[str, ...], with_mask: bool
) -> Iterable[Entry]:
    """The entries of single radars and fire units."""
    for beam in work.beams:
        yield from radar_entries(work, beam, target, height, wanted, with_mask)
    for unit, one in zip(work.units, reached, strict=True):
        yield from unit_entries(work, unit, one, target, height, wanted)
        yield from derived_entries(work, unit, one, target, height, wanted)


def _site(site: Site) -> dict[str, object]:
    return {"name": site.name, "system": site.system, "role": site.role, "lat": site.at.lat_deg, "lon": site.at.lon_deg}
