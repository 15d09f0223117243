"""The defence as a whole on its common grid: unions, how many sites see and engage, and what leaves the defended area uncovered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage import radial
from openiads.coverage.bands import radar_band, unit_band
from openiads.coverage.entries import ALL_ROUND
from openiads.coverage.outlines import grid_outlines
from openiads.coverage.plane import Plane
from openiads.coverage.polar import offset
from openiads.coverage.radial import CUMULATIVE_LEVEL, LEVEL
from openiads.coverage.units import Unit
from openiads.coverage.value import BEARINGS, FACTORS, Entry, Height
from openiads.coverage.work import Reached, Ring, Work
from openiads.kernel import Reals
from openiads.scenario.sites import Asset, Site

SEEING = ("detection", "cumulative", "firm_track")
SHOOTING = ("engagement", "kinematic")
NEAREST_FIRST = (
    radial.TIME, radial.CHANNEL, radial.SIGNAL, radial.JAMMING, radial.SECTOR, radial.SCREEN, radial.TERRAIN, radial.HORIZON,
    radial.KINEMATICS, radial.RATING, radial.INSTRUMENTED,
)  # fmt: skip
COVERED = 0
NOBODY = len(NEAREST_FIRST)
RANK = np.zeros(len(FACTORS) + 1, np.uint8)  # by factor; the last place is that of OK (-1)
RANK[list(NEAREST_FIRST)] = np.arange(1, len(NEAREST_FIRST) + 1)


@dataclass(frozen=True, eq=False)
class Part:
    """One radar's or unit's ring with where it stands and looks."""

    site: str
    place: tuple[float, float]
    ring: Ring
    sector: np.ndarray
    owner: Any  # the beam or unit


@dataclass(frozen=True, eq=False)
class Union:
    """A product of the whole defence on the grid: the number of sites in each cell, and the rank of what keeps a cell out."""

    parts: tuple[Part, ...]
    sites: np.ndarray  # (grid) uint8
    rank: np.ndarray  # (grid) uint8: COVERED, or one more than the place in NEAREST_FIRST

    @property
    def covered(self) -> np.ndarray:
        """Return the cells that at least one site covers."""
        return self.sites > 0

    @property
    def factor(self) -> np.ndarray:
        """Return the limiting factor of each cell (grid) as one more than its index in ``FACTORS``; 0 where covered."""
        codes = np.array([0, *(factor + 1 for factor in NEAREST_FIRST)], np.uint8)
        return np.asarray(codes[self.rank])


def plane_of(works: Sequence[Work], most_cells: int, perimeter_m: float) -> Plane:
    """Return the common grid of one or more defences about the first one's place of origin."""
    centre = origin(works[0])
    places = [(beam.place, beam.sensor.range_max_m) for work in works for beam in work.beams]
    places += [(unit.place, unit.naive_range_m) for work in works for unit in work.units]
    places += [(place, perimeter_m) for work in works for place in defended(work)]
    reach_m = max(float(np.hypot(*offset(centre, place))) + far for place, far in places)
    return Plane(centre, reach_m + 2_000.0, most_cells)


def origin(work: Work) -> tuple[float, float]:
    """Return the place that the whole defence's bearings are counted from: its farthest-reaching fire unit, else its largest radar."""
    if work.units:
        return max(work.units, key=lambda unit: unit.naive_range_m).place
    return max(work.beams, key=lambda beam: beam.spec.instrumented_range_m).place


def defended(work: Work) -> list[tuple[float, float]]:
    """Return the places that the perimeter goes round: the assets, else the sites. [rad]"""
    named: list[Asset | Site] = [*(work.scenario.assets or work.scenario.sites)]
    return [(float(np.radians(one.at.lat_deg)), float(np.radians(one.at.lon_deg))) for one in named]


def naive_unions(work: Work, plane: Plane) -> dict[str, tuple[float, float]]:
    """Return the largest published range [m] and the area of all published circles together [m2], of radars and of weapons."""
    found = {}
    rings = {
        "sees": [(beam.place, beam.spec.instrumented_range_m) for beam in work.beams],
        "shoots": [(unit.place, unit.naive_range_m) for unit in work.units],
    }
    for name, circles in rings.items():
        joined = np.zeros(plane.area_m2.shape, bool)
        for place, far in circles:
            range_m: Reals = np.arange(1.0, max(int(far / 200.0), 2) + 1.0) * 200.0
            plane.lay(joined, place, range_m, np.ones((1, range_m.size), bool), ALL_ROUND)
        found[name] = max((far for _, far in circles), default=0.0), float(plane.area_m2[joined].sum())
    return found


def parts(work: Work, reached: Sequence[Reached], target: TargetSpec, height: Height, product: str) -> tuple[Part, ...]:
    """Return the rings that a product of the whole defence is made of."""
    if product in SHOOTING:
        return tuple(
            Part(unit.site, unit.place, made.engagement, made.sector, unit)
            if product == "engagement"
            else Part(unit.site, unit.place, made.kinematic, ALL_ROUND, unit)
            for unit, made in zip(work.units, reached, strict=True)
        )
    seen = [beam for beam in work.beams if product != "firm_track" or beam.tracks]
    return tuple(Part(beam.site, beam.place, work.ring(beam, target, height, product), beam.sector(), beam) for beam in seen)


def union(plane: Plane, made: Sequence[Part], within: Union | None = None) -> Union:
    """Join parts on the grid; with ``within``, only where that union covers too (an intercept needs a firm track of the defence)."""
    shape = plane.area_m2.shape
    beyond = RANK[radial.KINEMATICS] if isinstance(made[0].owner, Unit) else NOBODY
    sites, rank = np.zeros(shape, np.uint8), np.full(shape, beyond, np.uint8)
    for site in dict.fromkeys(part.site for part in made):
        mine = np.zeros(shape, bool)
        for part in (one for one in made if one.site == site):
            ranks = RANK[part.ring.why]
            window, found = plane.spread(part.place, part.ring.range_m, ranks, ALL_ROUND, NOBODY)
            if not part.sector.all():
                window, found = _turned_away(plane, part, ranks)
            rank[window] = np.minimum(rank[window], found)
            mine[window] |= found == COVERED
        sites += mine
    if within is not None:
        off = (sites > 0) & ~within.covered
        rank[off] = np.maximum(within.rank[off], 1)
        sites[off] = 0
    return Union(tuple(made), sites, rank)


def _turned_away(plane: Plane, part: Part, ranks: np.ndarray) -> tuple[tuple[slice, slice], np.ndarray]:
    """Ranks of a part with a sector: off the sector, what it would cover is kept out by the sector."""
    rows = max(len(ranks), BEARINGS)
    whole = np.broadcast_to(ranks, (rows, ranks.shape[1])).copy() if len(ranks) == 1 else ranks.copy()
    off = ~np.repeat(part.sector, rows // BEARINGS)
    whole[off] = np.where(whole[off] == COVERED, RANK[radial.SECTOR], whole[off])
    return plane.spread(part.place, part.ring.range_m, whole, ALL_ROUND, NOBODY)


def unions(work: Work, plane: Plane, reached: Sequence[Reached], target: TargetSpec, height: Height) -> dict[str, Union]:
    """Return every product of the whole defence against a class at a height."""
    found: dict[str, Union] = {}
    for product in (*SEEING, *SHOOTING):
        made = parts(work, reached, target, height, product) if product in SEEING or reached else ()
        if made:
            found[product] = union(plane, made, found.get("firm_track") if product == "engagement" else None)
    return found


def whole_entries(
    work: Work, plane: Plane, naive: dict[str, tuple[float, float]], found: dict[str, Union], target: TargetSpec, height: Height,
    wanted: tuple[str, ...],
) -> Iterable[Entry]:  # fmt: skip
    """Yield the products of the whole defence that are wanted."""
    for product, made in found.items():
        name = "detection" if product == "cumulative" else product
        if name not in wanted:
            continue
        level = {"cumulative": CUMULATIVE_LEVEL, "kinematic": None}.get(product, LEVEL)
        naive_m, naive_m2 = naive["shoots" if product in SHOOTING else "sees"]
        reaches = np.stack([np.where(part.sector, part.ring.reach_m, -1.0) for part in made.parts])
        causes = np.stack([np.where(part.sector, part.ring.cause, radial.SECTOR) for part in made.parts])
        cause = causes[np.argmax(reaches, axis=0), np.arange(BEARINGS)]
        main = max(made.parts, key=lambda part: float(part.ring.reach_m.max()))
        band = None
        if product == "engagement":
            band = unit_band(work, main.owner, main.ring, target)
        elif product in ("detection", "firm_track"):
            band = radar_band(work, main.owner, main.ring, target)
        area = float(plane.area_m2[made.covered].sum())
        most = int(made.sites.max(initial=0))
        by_sites = [round(min(float(plane.area_m2[made.sites >= n].sum()), naive_m2)) for n in range(1, most + 1)]
        notes = {"grid_m": round(plane.step_m, 1), "area_by_sites_m2": by_sites}
        yield Entry(
            None, "whole defence", name, target.name, height, work.course_words, level, naive_m, naive_m2, min(area, naive_m2),
            np.minimum(plane.rays(made.covered, plane.centre), naive_m), cause, plane.centre, grid_outlines(plane, made.covered),
            band, notes,
        )  # fmt: skip


def gap(plane: Plane, places: Sequence[tuple[float, float]], perimeter_m: float, made: Union) -> dict[str, Any]:
    """Return which share of the ground within a distance of the defended places, and of its rim, is not covered, and by what cause.

    The cause in a cell is that of the radar or unit that comes nearest to covering it: late or weak before hidden, hidden before
    out of reach.
    """
    window, away_m = plane.around(places, perimeter_m)
    inside, rim = away_m <= perimeter_m, np.abs(away_m - perimeter_m) <= 0.71 * plane.step_m
    found: dict[str, Any] = {}
    for name, cells in (("area", inside), ("perimeter", rim)):
        weight = plane.area_m2[window][cells] if name == "area" else np.ones(int(cells.sum()))
        factor, total = made.factor[window][cells].astype(np.int64), float(weight.sum())
        by_factor = np.bincount(factor, weight, minlength=len(FACTORS) + 1)
        open_ = total - float(by_factor[0])
        found[f"uncovered_{name}_share"] = round(open_ / total, 6) if total > 0.0 else 0.0
        causes = {name: float(value) for name, value in zip(FACTORS, by_factor[1:], strict=True) if value > 0.0}
        found[f"{name}_by_cause"] = {cause: round(value / open_, 6) for cause, value in causes.items()}
    return found
