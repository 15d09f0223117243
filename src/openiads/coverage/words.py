"""The words that go with every figure: assumptions, sources, digest, and the first table."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import TargetSpec
from openiads.coverage import jamming as jams
from openiads.coverage.knowledge import NOT_VARIED, VARIED
from openiads.coverage.plane import CELL_M
from openiads.coverage.radial import LEVEL
from openiads.coverage.value import FACTORS, Entry
from openiads.coverage.work import Work
from openiads.earth.terrain import Terrain
from openiads.scenario.models import Scenario


def assumptions(
    work: Work, ground_words: str, classes: Sequence[TargetSpec], samples: int, jamming: str, step_m: float, perimeter_m: float
) -> tuple[str, ...]:
    """Return the assumptions that every exported figure carries."""
    scenario = work.scenario
    rule, air = scenario.tracking, scenario.environment
    course = "straight at each radar and unit" if work.course_rad is None else f"straight on a course of {work.course_words.split()[2]} deg"
    speeds = ", ".join(f"{one.name} {one.speed_mps.value:g} m/s, {one.rcs_m2.value:g} m2" for one in classes)
    jammers = [group.name for group in scenario.objects if group.jammer is not None]
    coarse = f" (coarser than {CELL_M:g} m, to stay within memory)" if step_m > CELL_M else ""
    edges = ", diffraction just above the mask" if air.diffraction else ""
    return (
        ground_words,
        f"refraction by an effective earth radius of {air.k_factor:.4g} times the true one; low-altitude propagation: {air.propagation}"
        f"{', clutter' if air.clutter else ', no clutter'}{edges}; rain {air.rain_mmph:g} mm/h",
        f"one target at a time, {course}, at its class's speed: {speeds}",
        jams.words(jamming, work.jams, jammers),
        f"firm track: {rule.confirm.m} of {rule.confirm.n} looks, dropped after {rule.drop} misses, so that it may reach through gaps "
        "of single looks; each radar tracks apart; no external track feed",
        "engagement: firm track, identified in the next decision cycle, median decision delay after quiet, reaction, time of flight, held "
        "at launch, half-way and as long as the missile needs support; magazines full, everything works; doctrine's layers are not "
        "applied; no kill probability",
        f"bands: 5, 50 and 95 % of {samples} samples of the catalogue's ranges of {VARIED}, straight in on the facing bearing; what the "
        f"scenario states, and {NOT_VARIED}, stay as they are",
        "published ranges are display and missile claims: the dashed circles; honest reach is cut at them",
        f"whole defence on a grid of {step_m / 1000:.3g} km{coarse}; defended area within {perimeter_m / 1000:g} km of the assets",
        "positions are those of the scenario and illustrative",
    )


def sources(catalogue: Catalogue, classes: Sequence[TargetSpec], scenario: Scenario) -> tuple[str, ...]:
    """Return the keys of the sources of the figures used."""
    systems = {site.system for site in scenario.sites}
    starts = tuple(f"{system}." for system in systems) + tuple(f"targets.{one.name}." for one in classes)
    found = {source for path in catalogue.paths() if path.startswith(starts) for source in catalogue.figure(path).sources}
    return tuple(sorted(found))


def digest(*asked: object) -> str:
    """Return a digest of everything that was asked for; terrain counts by its own digest."""
    words = [one.digest if isinstance(one, Terrain) else one for one in asked]
    return hashlib.sha256(repr(words).encode()).hexdigest()


def _limited_by(entry: Entry) -> str:
    """What ends the reach on the bearing where it is longest."""
    return FACTORS[int(entry.limit_by_bearing[int(np.argmax(entry.range_by_bearing_m))])]


FLAGSHIP = (("cruise-missile-subsonic", 50.0), ("low-observable-fighter", 9_000.0), ("civil-airliner", 11_000.0))


def table(entries: Sequence[Entry]) -> tuple[dict[str, Any], ...]:
    """Return the first table: the radar or unit that reaches farthest, and the whole defence, for the questions that are asked most."""
    pairs = {(entry.target_class, entry.height) for entry in entries if entry.target_class is not None}
    known = {(name, height.value_m): (name, height) for name, height in pairs}
    asked = [known[pair] for pair in FLAGSHIP if pair in known] or sorted(known.values(), key=lambda pair: (pair[0], pair[1].value_m))
    rows: list[dict[str, Any]] = []
    for name, height in asked:
        for product in ("detection", "firm_track", "engagement"):
            mine = [e for e in entries if (e.product, e.target_class, e.height, e.level) == (product, name, height, LEVEL)]
            single, whole = [e for e in mine if e.site is not None], next((e for e in mine if e.site is None), None)
            if not single:
                continue
            best = max(single, key=lambda e: (float(max(e.range_by_bearing_m)), e.naive_range_m))
            rows.append(
                {
                    "target_class": name, "height_m": height.value_m, "height_datum": height.datum, "product": product,
                    "unit": best.unit, "reach_m": round(float(max(best.range_by_bearing_m)), 1),
                    "band": None if best.band is None else best.band.to_json(), "naive_range_m": best.naive_range_m,
                    "share": best.share, "limited_by": _limited_by(best),
                    "whole_defence_area_m2": None if whole is None else round(whole.honest_area_m2),
                    "whole_defence_share": None if whole is None else whole.share,
                }
            )  # fmt: skip
    return tuple(rows)
