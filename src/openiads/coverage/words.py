"""The words that go with every figure: assumptions, sources, digest, and the first table."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import TargetSpec
from openiads.coverage.units import IDENTIFY_S
from openiads.coverage.value import FACTORS, Entry, Height
from openiads.earth.terrain import Terrain
from openiads.scenario.models import Scenario


def assumptions(scenario: Scenario, terrain: Terrain, classes: Sequence[TargetSpec], samples: int) -> tuple[str, ...]:
    """Return the assumptions that every exported figure carries."""
    rule, air = scenario.tracking, scenario.environment
    speeds = ", ".join(f"{one.name} {one.speed_mps.value:g} m/s, {one.rcs_m2.value:g} m2" for one in classes)
    return (
        terrain.words,
        f"refraction by an effective earth radius of {air.k_factor:.4g} times the true one; low-altitude propagation: {air.propagation}; "
        f"rain {air.rain_mmph:g} mm/h",
        "no jamming; one target at a time, straight at the unit at its class's speed: " + speeds,
        f"firm track: {rule.confirm.m} of {rule.confirm.n} looks, dropped after {rule.drop} misses; each radar tracks apart; "
        "no external track feed",
        f"engagement: firm track, {IDENTIFY_S:g} s to identify, reaction and decision delay, time of flight, support by the guiding "
        "radar; magazines full, everything works; doctrine's layers are not applied; no kill probability",
        f"bands: 5, 50 and 95 % of {samples} samples of the catalogue's ranges of cross-section, reference range, reference "
        "cross-section, stated probability and published range, on the facing bearing",
        "published ranges are display and missile claims: the dashed circle; honest reach is cut at it",
        "positions are those of the scenario and illustrative",
    )


def sources(catalogue: Catalogue, classes: Sequence[TargetSpec], scenario: Scenario) -> tuple[str, ...]:
    """Return the keys of the sources of the figures used."""
    systems = {site.system for site in scenario.sites}
    starts = tuple(f"{system}." for system in systems) + tuple(f"targets.{one.name}." for one in classes)
    found = {source for path in catalogue.paths() if path.startswith(starts) for source in catalogue.figure(path).sources}
    return tuple(sorted(found))


def digest(
    scenario: Scenario, terrain: Terrain, heights: Sequence[Height], classes: Sequence[TargetSpec], products: Sequence[str], samples: int
) -> str:
    """Return a digest of everything that was asked for."""
    asked = (repr(scenario), terrain.digest, heights, tuple(repr(one) for one in classes), tuple(products), samples)
    return hashlib.sha256(repr(asked).encode()).hexdigest()


def _limited_by(entry: Entry) -> str:
    """What ends the reach on the bearing where it is longest."""
    return FACTORS[int(entry.limit_by_bearing[int(np.argmax(entry.range_by_bearing_m))])]


FLAGSHIP = (("cruise-missile-subsonic", 50.0), ("low-observable-fighter", 9_000.0), ("civil-airliner", 11_000.0))


def table(entries: Sequence[Entry]) -> tuple[dict[str, Any], ...]:
    """Return the first table: the whole defence, and the unit that reaches farthest, for the three questions that are asked most."""
    rows: list[dict[str, Any]] = []
    pairs = {(entry.target_class, entry.height.value_m) for entry in entries}
    asked = [pair for pair in FLAGSHIP if pair in pairs] or sorted((name, height_m) for name, height_m in pairs if name is not None)
    for name, height_m in asked:
        for product in ("detection", "firm_track", "engagement"):
            chosen = [
                e
                for e in entries
                if e.product == product
                and e.target_class == name
                and e.height.value_m == height_m
                and e.site is not None
                and e.level == 0.5
            ]
            whole = [
                e
                for e in entries
                if e.product == product and e.target_class == name and e.height.value_m == height_m and e.site is None and e.level == 0.5
            ]
            if not chosen:
                continue
            best = max(chosen, key=lambda e: (float(max(e.range_by_bearing_m)), e.naive_range_m))
            rows.append(
                {
                    "target_class": name, "height_m": height_m, "product": product, "unit": best.unit,
                    "reach_m": float(max(best.range_by_bearing_m)),
                    "band": None if best.band is None else dict(zip(("p05", "p50", "p95"), best.band, strict=True)),
                    "driver": best.driver, "naive_range_m": best.naive_range_m, "share": best.share,
                    "whole_defence_area_m2": whole[0].honest_area_m2 if whole else None,
                    "whole_defence_share": whole[0].share if whole else None,
                    "limited_by": _limited_by(best),
                }
            )  # fmt: skip
    return tuple(rows)
