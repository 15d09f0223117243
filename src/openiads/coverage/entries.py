"""The rings of single radars and fire units as entries: areas, reaches, limits, bands, and what a turned sector would give."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage import derived, radial
from openiads.coverage.bands import radar_band, unit_band
from openiads.coverage.plane import cap_m2, polar_area_m2, shares_of_cells
from openiads.coverage.radial import CUMULATIVE_LEVEL, LEVEL
from openiads.coverage.sensors import Beam
from openiads.coverage.units import Unit
from openiads.coverage.value import BEARINGS, FACTORS, Entry, Height
from openiads.coverage.work import Reached, Ring, Work, by_bearing
from openiads.kernel import Reals

ALL_ROUND = np.ones(BEARINGS, bool)


def radar_entries(work: Work, beam: Beam, target: TargetSpec, height: Height, wanted: tuple[str, ...], with_mask: bool) -> Iterable[Entry]:
    """Yield what one radar sees of a class at a height; what its mask hides only once, as it is the same for all classes."""
    if with_mask and "lowest_visible_height" in wanted:
        made = work.profile(beam, target, height)
        none = np.zeros(BEARINGS)
        bare_m2 = polar_area_m2(beam.place[0], made.range_m, made.is_seen_bare, beam.sector(), none)
        yield _radar_entry(work, beam, target, height, "lowest_visible_height", None, {"area_without_screen_m2": round(bare_m2)})
    if "detection" in wanted:
        yield _radar_entry(work, beam, target, height, "detection", LEVEL, {"measure": "one scan"})
        yield _radar_entry(work, beam, target, height, "cumulative", CUMULATIVE_LEVEL, {"measure": "before the cell"})
    if "firm_track" in wanted and beam.tracks:
        rule = work.scenario.tracking
        words = f"{rule.confirm.m} of {rule.confirm.n} looks, dropped after {rule.drop} misses"
        yield _radar_entry(work, beam, target, height, "firm_track", LEVEL, {"rule": words})


def _radar_entry(
    work: Work, beam: Beam, target: TargetSpec, height: Height, product: str, level: float | None, notes: dict[str, Any]
) -> Entry:
    ring, sector = work.ring(beam, target, height, product), beam.sector()
    naive_m = beam.spec.instrumented_range_m
    naive_m2 = float(cap_m2(beam.place[0], naive_m))
    area = polar_area_m2(beam.place[0], ring.range_m, ring.covered, sector, np.where(sector, ring.reach_m, 0.0))
    notes = notes | {"limits_by_area": _cell_shares(beam.place[0], ring, sector, naive_m, radial.SECTOR)}
    if not sector.all():
        whole = work.ring(beam.turned, target, height, product)
        turned = min(polar_area_m2(beam.place[0], whole.range_m, whole.covered, ALL_ROUND, whole.reach_m), naive_m2)
        notes |= {"sector_deg": round(2.0 * math.degrees(beam.half_sector_rad), 1), "if_turned_area_m2": round(turned)}
    is_mask = product == "lowest_visible_height"
    band = None if is_mask or product == "cumulative" else radar_band(work, beam, ring, target)
    return Entry(
        beam.site, beam.name, "detection" if product == "cumulative" else product, None if is_mask else target.name, height,
        work.course_words, level, naive_m, naive_m2, min(area, naive_m2), np.where(sector, ring.reach_m, 0.0),
        np.where(sector, ring.cause, radial.SECTOR), beam.place, band=band, notes=notes,
    )  # fmt: skip


def _cell_shares(lat_rad: float, ring: Ring, sector: np.ndarray, naive_m: float, outside: int) -> dict[str, float]:
    """What keeps the uncovered cells within the published range out, by share of their area."""
    inside = max(2, int(np.searchsorted(ring.range_m, naive_m, side="right")))
    found = shares_of_cells(lat_rad, ring.range_m[:inside], ring.why[:, :inside], sector, outside, FACTORS)
    return {name: round(share, 6) for name, share in found.items()}


def unit_entries(work: Work, unit: Unit, made: Reached, target: TargetSpec, height: Height, wanted: tuple[str, ...]) -> Iterable[Entry]:
    """Yield where one fire unit can engage a class at a height, and where it could without sensors."""
    naive = float(cap_m2(unit.place[0], unit.naive_range_m))
    for product, ring, sector in (("engagement", made.engagement, made.sector), ("kinematic", made.kinematic, ALL_ROUND)):
        if product not in wanted:
            continue
        reach_m = np.where(sector, ring.reach_m, 0.0)
        area = polar_area_m2(unit.place[0], ring.range_m, ring.covered, sector, reach_m)
        notes: dict[str, Any] = {"limits_by_area": _cell_shares(unit.place[0], ring, sector, unit.naive_range_m, radial.SECTOR)}
        if not sector.all():
            whole = work.reached(unit.turned, target, height).engagement
            turned = polar_area_m2(unit.place[0], whole.range_m, whole.covered, ALL_ROUND, whole.reach_m)
            notes["if_turned_area_m2"] = round(min(turned, naive))
        yield Entry(
            unit.site, unit.site, product, target.name, height, work.course_words, LEVEL if product == "engagement" else None,
            unit.naive_range_m, naive, min(area, naive), reach_m, np.where(sector, ring.cause, radial.SECTOR), unit.place,
            band=unit_band(work, unit, ring, target) if product == "engagement" else None, notes=notes,
        )  # fmt: skip


def derived_entries(work: Work, unit: Unit, made: Reached, target: TargetSpec, height: Height, wanted: tuple[str, ...]) -> Iterable[Entry]:
    """Yield shots before the asset, protected ground and warning, each about the unit."""
    ring, naive = made.engagement, float(cap_m2(unit.place[0], unit.naive_range_m))
    reach_m = np.where(made.sector, ring.reach_m, 0.0)
    cause = np.where(made.sector, ring.cause, radial.SECTOR)

    def entry(product: str, level: float | None, area: float, reaches: Reals, notes: dict[str, Any]) -> Entry:
        """Return an entry of this unit, class and height, with what limits its engagements."""
        return Entry(
            unit.site, unit.site, product, target.name, height, work.course_words, level, unit.naive_range_m, naive, min(area, naive),
            reaches, cause, unit.place, notes=notes,
        )  # fmt: skip

    if "shots" in wanted:
        assess_s = work.catalogue.doctrine("assessment.delay").value
        met = derived.shots(unit, target, height, float(ring.reach_m.max()), assess_s)
        area = polar_area_m2(unit.place[0], ring.range_m, ring.covered, made.sector, reach_m)
        notes = {"opportunities": len(met), "or_more": len(met) == derived.MOST_SHOTS, "intercept_ranges_m": [round(one) for one in met]}
        yield entry("shots", None, area, reach_m, notes)
    if "defended_footprint" in wanted:
        chance = made.protected
        for level in derived.FOOTPRINT_LEVELS:
            found_m = np.minimum(radial.reach(ring.range_m, chance, level)[0], unit.naive_range_m)
            at_m = np.where(made.sector, by_bearing(found_m), 0.0)
            area = polar_area_m2(unit.place[0], ring.range_m, chance >= level, made.sector, at_m)
            killed = polar_area_m2(unit.place[0], ring.range_m, chance * target.pk.value >= level, made.sector, np.zeros(BEARINGS))
            notes = {"means": "kinematically possible", "with_one_shot_pk_area_m2": round(min(killed, naive)), "pk": target.pk.value}
            yield entry("defended_footprint", level, area, at_m, notes)
    if "warning" in wanted and unit.cues:
        yield _warning(work, unit, target, height)


def _warning(work: Work, unit: Unit, target: TargetSpec, height: Height) -> Entry:
    """Seconds from a firm track, and from hostile identification, to impact at the unit."""
    near = [beam for beam, east, north in unit.cues if (east, north) == (0.0, 0.0)] or [beam for beam, _, _ in unit.cues]
    best = max((work.ring(beam, target, height, "firm_track") for beam in near), key=lambda one: float(one.reach_m.max()))
    from_where = slice(None) if work.course_rad is None else round(math.degrees(work.course_rad) + 180.0) % BEARINGS
    told = derived.warning(float(np.median(best.reach_m[from_where])), target.speed_mps.value, unit.identify_s)
    naive_m = max(beam.spec.instrumented_range_m for beam in near)
    naive_m2 = float(cap_m2(unit.place[0], naive_m))
    area = polar_area_m2(unit.place[0], best.range_m, best.covered, ALL_ROUND, best.reach_m)
    return Entry(
        unit.site, unit.site, "warning", target.name, height, work.course_words, LEVEL, naive_m, naive_m2, min(area, naive_m2),
        best.reach_m, best.cause, unit.place,
        notes={"from_firm_track_s": round(told.from_firm_track_s, 1), "from_identification_s": round(told.from_identification_s, 1)},
    )  # fmt: skip
