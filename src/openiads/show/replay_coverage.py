"""The coverage page: what each unit covers by product, class and height, beside what the brochure says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openiads.show import replay_symbols as symbols
from openiads.show.replay_basemap import Basemap, basemap
from openiads.show.replay_columns import column
from openiads.show.replay_input import AssetView, Place, ReplayError, Ring, Samples, SiteView
from openiads.show.replay_thin import plane, thin

FORMAT, VERSION = "openiads-coverage", 1
TOLERANCE_M = 25.0
RANGE_SCALE_M = 100.0
ANGLE_SCALE_DEG = 1e-4
Outline = tuple[NDArray[np.float64], NDArray[np.float64]]
Json = dict[str, Any]


@dataclass(frozen=True)
class CoverageLayer:
    """One covered area. `site` empty: the whole defence. Outlines are (latitude, longitude) [deg]; bearings count whole degrees.

    `limit_by_bearing` names what ends the reach in each direction, `limits` the share of directions that each factor ends.
    """

    site: str
    unit: str
    product: str
    target_class: str
    height_m: float
    height_datum: str
    outlines: Sequence[Outline]
    naive: Outline | None = None
    naive_range_m: float | None = None
    naive_area_m2: float | None = None
    honest_area_m2: float = 0.0
    share: float | None = None
    level: float | None = None
    range_by_bearing_m: Sequence[float] = ()
    limit_by_bearing: Sequence[str] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    band: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class CoverageDifference:
    """What a change gains and loses, as outlines."""

    title: str
    gained: Sequence[Outline]
    lost: Sequence[Outline]
    gained_area_m2: float
    lost_area_m2: float


@dataclass(frozen=True)
class CoverageInput:
    """A coverage computation as the page shows it."""

    name: str
    about: str
    center: Place
    sites: Sequence[SiteView]
    layers: Sequence[CoverageLayer]
    assets: Sequence[AssetView] = ()
    differences: Sequence[CoverageDifference] = ()
    terrain: str = ""
    limits: Sequence[str] = ()
    sources: Sequence[str] = ()
    rerun: str = ""


def encode(coverage: CoverageInput, base: Basemap | None = None) -> Json:
    """The coverage object that the page reads.

    Raises
    ------
    ReplayError
        A layer names a site that is not there.
    """
    names = [site.name for site in coverage.sites]
    for layer in coverage.layers:
        if layer.site and layer.site not in names:
            raise ReplayError(f"a coverage layer names the site {layer.site!r}, which is not among {', '.join(names)}")
    table = _Outlines(coverage.center)
    factors = sorted(
        {word for layer in coverage.layers for word in layer.limit_by_bearing} | {f for la in coverage.layers for f in la.limits}
    )
    reach_km = max([50.0, *(_reach_km(layer, coverage.center) for layer in coverage.layers)])
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": coverage.name,
        "about": coverage.about,
        "center": [coverage.center.longitude_deg, coverage.center.latitude_deg],
        "reach_km": round(min(reach_km, 1500.0), 1),
        "scale": {"deg": ANGLE_SCALE_DEG, "range_m": RANGE_SCALE_M},
        "basemap": base if base is not None else basemap(coverage.center, max(600.0, 2.2 * reach_km)),
        "sites": [_site(site) for site in coverage.sites],
        "assets": [{"name": a.name, "lon": a.at.longitude_deg, "lat": a.at.latitude_deg} for a in coverage.assets],
        "factors": factors,
        "layers": [_layer(layer, names, factors, table) for layer in coverage.layers],
        "differences": [_difference(one, table) for one in coverage.differences],
        "outlines": table.rows,
        "tolerance_m": TOLERANCE_M,
        "notes": {"limits": list(coverage.limits), "sources": list(coverage.sources), "terrain": coverage.terrain, "rerun": coverage.rerun},
    }


def naive_outline(ring: Ring) -> Outline:
    """The outline of a ring that was computed for a replay."""
    return ring.latitude_deg, ring.longitude_deg


def _reach_km(layer: CoverageLayer, center: Place) -> float:
    far = 0.0
    for lat, lon in [*layer.outlines, *([layer.naive] if layer.naive is not None else [])]:
        if len(lat):
            east, north = plane(np.asarray(lat), np.asarray(lon), center)
            far = max(far, float(np.max(np.hypot(east, north))) / 1000.0)
    return far


def _site(site: SiteView) -> Json:
    place = {"lon": site.at.longitude_deg, "lat": site.at.latitude_deg, "alt": round(site.at.height_wgs84_m, 1)}
    return {"name": site.name, "system": site.system, "sidc": symbols.site(site), "short_range": site.short_range, **place}


def _layer(layer: CoverageLayer, names: Sequence[str], factors: Sequence[str], table: _Outlines) -> Json:
    return {
        "site": names.index(layer.site) if layer.site else -1,
        "unit": layer.unit,
        "product": layer.product,
        "class": layer.target_class,
        "height_m": layer.height_m,
        "datum": layer.height_datum,
        "level": layer.level,
        "areas": [table.row(one) for one in layer.outlines],
        "naive": None if layer.naive is None else table.row(layer.naive),
        "naive_range_m": layer.naive_range_m,
        "naive_area_m2": layer.naive_area_m2,
        "honest_area_m2": layer.honest_area_m2,
        "share": layer.share,
        "ranges": column(layer.range_by_bearing_m, RANGE_SCALE_M),
        "ends": [[factors.index(word), len(list(run))] for word, run in groupby(layer.limit_by_bearing)],
        "limits": {factor: round(float(value), 4) for factor, value in layer.limits.items()},
        "band": None if layer.band is None else list(layer.band),
    }


def _difference(one: CoverageDifference, table: _Outlines) -> Json:
    return {
        "title": one.title,
        "gained": [table.row(area) for area in one.gained],
        "lost": [table.row(area) for area in one.lost],
        "gained_area_m2": one.gained_area_m2,
        "lost_area_m2": one.lost_area_m2,
    }


class _Outlines:
    """Every outline once, with no more corners than a tolerance needs."""

    def __init__(self, center: Place) -> None:
        self.center, self.rows, self.known = center, list[Json](), dict[bytes, int]()

    def row(self, outline: Outline) -> int:
        """Number of an outline in the table."""
        lat, lon = (np.asarray(values, dtype=np.float64) for values in outline)
        key = lat.tobytes() + lon.tobytes()
        if key not in self.known:
            corners = Samples(np.arange(len(lat)), lat, lon, np.zeros(len(lat)))
            [keep] = thin([corners], self.center, TOLERANCE_M)
            self.known[key] = len(self.rows)
            self.rows.append({"lon": column(lon[keep], ANGLE_SCALE_DEG), "lat": column(lat[keep], ANGLE_SCALE_DEG)})
        return self.known[key]
