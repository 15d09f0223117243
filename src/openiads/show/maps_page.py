"""The coverage page from a computed coverage: one self-contained file with a height slider."""

from __future__ import annotations

from math import degrees
from typing import TYPE_CHECKING

import numpy as np

from openiads.coverage.outlines import naive_outline, outlines
from openiads.coverage.value import FACTORS
from openiads.show.replay_coverage import CoverageDifference, CoverageInput, CoverageLayer, encode
from openiads.show.replay_input import AssetView, Place, SiteView
from openiads.show.replay_page import to_html

if TYPE_CHECKING:
    from pathlib import Path

    from openiads.coverage.value import Coverage, Difference, Entry

ROLES = {"fire-unit": "fire_unit", "command-post": "command", "sensor": "radar"}
PAGE_PRODUCTS = ("lowest_visible_height", "detection", "firm_track", "engagement", "kinematic")


def page(coverage: Coverage, path: Path | None = None) -> str:
    """Return the page, and write it where a path is given."""
    return to_html(encode(view(coverage)), path)


def view(coverage: Coverage) -> CoverageInput:
    """Return a coverage as the page reads it."""
    centre = next((entry.centre for entry in coverage.entries if entry.site is None), coverage.entries[0].centre)
    return CoverageInput(
        name=coverage.scenario,
        about=coverage.about,
        center=Place(degrees(centre[0]), degrees(centre[1])),
        sites=[
            SiteView(one["name"], one["system"], Place(one["lat"], one["lon"]), ROLES[one["role"]], one["system"] == "pantsir-s1")  # type: ignore[arg-type]
            for one in coverage.sites
        ],
        layers=[_layer(entry) for entry in coverage.entries if entry.product in PAGE_PRODUCTS],
        assets=[AssetView(one["name"], Place(one["lat"], one["lon"])) for one in coverage.assets],
        terrain=coverage.terrain,
        limits=coverage.assumptions,
        sources=coverage.sources,
        rerun=coverage.rerun or f"openiads cover {coverage.scenario}",
        differences=[_difference(one) for one in coverage.differences],
    )


def _difference(one: Difference) -> CoverageDifference:
    words = f"{one.title}: {one.product.replace('_', ' ')}, {one.target_class} at {one.height.words}"
    gained, lost = ([(np.degrees(lat), np.degrees(lon)) for lat, lon in rings] for rings in (one.gained, one.lost))
    return CoverageDifference(words, gained, lost, one.gained_m2, one.lost_m2)


def _layer(entry: Entry) -> CoverageLayer:
    naive = naive_outline(entry)
    return CoverageLayer(
        site=entry.site or "",
        unit=entry.unit,
        product=entry.product,
        target_class=entry.target_class or "",
        height_m=entry.height.value_m,
        height_datum=entry.height.datum,
        outlines=[(np.degrees(lat), np.degrees(lon)) for lat, lon in outlines(entry)],
        naive=(np.degrees(naive[0]), np.degrees(naive[1])),
        naive_range_m=entry.naive_range_m,
        naive_area_m2=entry.naive_area_m2,
        honest_area_m2=entry.honest_area_m2,
        share=entry.share,
        level=entry.level,
        range_by_bearing_m=entry.range_by_bearing_m.tolist(),
        limit_by_bearing=[FACTORS[int(one)] for one in entry.limit_by_bearing],
        limits=entry.limits,
        band=None if entry.band is None else entry.band.farthest_m if entry.band.is_broken else entry.band.reach_m,
    )
