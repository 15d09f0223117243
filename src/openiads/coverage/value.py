"""What a coverage computation returns: entries by site, product, class and height, and the assumptions that they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from openiads.kernel import Reals

FACTORS = (
    "horizon",
    "terrain",
    "screen",
    "signal",
    "jamming",
    "sector",
    "kinematics",
    "missile rating",
    "time",
    "channel",
    "instrumented range",
)  # what can end a reach; the last one is the display limit of a radar
PRODUCTS = (
    "lowest_visible_height",
    "detection",
    "firm_track",
    "engagement",
    "kinematic",
    "defended_footprint",
    "shots",
    "warning",
)
BEARINGS = 360
RADIAL = "radial inbound"
INSENSITIVE = 0.05


@dataclass(frozen=True)
class Height:
    """A height at which targets fly. ``datum`` is ``agl`` or ``amsl``."""

    value_m: float
    datum: str = "agl"

    @property
    def words(self) -> str:
        """Return the height as users write it."""
        number = f"{self.value_m / 1000:g} km" if self.value_m >= 1000.0 else f"{self.value_m:g} m"
        return f"{number} {self.datum}"


@dataclass(frozen=True)
class Band:
    """Reach, and the farthest island that is covered, at 5, 50 and 95 % of what is known [m]; ``driver`` causes most of the spread."""

    reach_m: tuple[float, float, float]
    farthest_m: tuple[float, float, float]
    driver: str | None

    @property
    def is_insensitive(self) -> bool:
        """Whether what is not known hardly matters: 5 and 95 % lie within a twentieth of the middle."""
        return all(high - low <= INSENSITIVE * max(middle, 1.0) for low, middle, high in (self.reach_m, self.farthest_m))

    @property
    def is_broken(self) -> bool:
        """Whether in bad samples the ring breaks up near its centre while islands beyond are covered still."""
        return self.reach_m[0] < 0.5 * self.farthest_m[0]

    def to_json(self) -> dict[str, Any]:
        """Return the band as the contract writes it."""
        low, middle, high = (round(value, 1) for value in self.reach_m)
        islands = [round(value, 1) for value in self.farthest_m]
        return {
            "p05": low, "p50": middle, "p95": high, "of": "reach", "unit": "m", "driver": self.driver,
            "insensitive": self.is_insensitive, "farthest": dict(zip(("p05", "p50", "p95"), islands, strict=True)),
        }  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One honest ring.

    ``areas`` are outlines (latitude, longitude) [rad]; ``limit_by_bearing`` holds indices into ``FACTORS``.
    """

    site: str | None  # None: the whole defence
    unit: str
    product: str
    target_class: str | None
    height: Height
    course: str
    level: float | None
    naive_range_m: float
    naive_area_m2: float
    honest_area_m2: float
    range_by_bearing_m: Reals
    limit_by_bearing: np.ndarray
    centre: tuple[float, float]  # where bearings are counted from [rad]
    areas: Sequence[tuple[Reals, Reals]] = ()
    band: Band | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Return honest over naive area, at most 1."""
        return min(self.honest_area_m2 / self.naive_area_m2, 1.0) if self.naive_area_m2 > 0.0 else 0.0

    @property
    def limits(self) -> dict[str, float]:
        """Return the share of bearings that each factor ends; the shares sum to 1."""
        counts = np.bincount(self.limit_by_bearing, minlength=len(FACTORS))
        return {name: float(count) / BEARINGS for name, count in zip(FACTORS, counts, strict=True) if count}

    def to_json(self) -> dict[str, Any]:
        """Return the entry as the contract writes it."""
        return {
            "site": self.site,
            "unit": self.unit,
            "product": self.product,
            "target_class": self.target_class,
            "height_m": self.height.value_m,
            "height_datum": self.height.datum,
            "course": self.course,
            "level": self.level,
            "naive_range_m": round(self.naive_range_m, 1),
            "naive_area_m2": round(self.naive_area_m2),
            "honest_area_m2": round(self.honest_area_m2),
            "share": self.share,
            "range_by_bearing_m": [round(float(value), 1) for value in self.range_by_bearing_m],
            "limits": self.limits,
            "band": None if self.band is None else self.band.to_json(),
            **self.notes,
        }


@dataclass(frozen=True)
class Curve:
    """Reach against target height of one unit and the radars that cue it, for one class. [m]"""

    unit: str
    target_class: str
    height_m: tuple[float, ...]
    horizon_m: tuple[float, ...]
    detection_m: tuple[float, ...]
    firm_track_m: tuple[float, ...]
    engagement_m: tuple[float, ...]
    naive_range_m: float
    detection_band_m: tuple[tuple[float, float], ...] = ()  # 5 and 95 %
    engagement_band_m: tuple[tuple[float, float], ...] = ()

    @property
    def insensitive_m(self) -> tuple[float, ...]:
        """Return the heights at which what is not known hardly moves the reach of an intercept."""
        rows = zip(self.height_m, self.engagement_m, self.engagement_band_m, strict=False)
        return tuple(height for height, reach, (low, high) in rows if high > 0.0 and high - low <= INSENSITIVE * max(reach, 1.0))

    def to_json(self) -> dict[str, Any]:
        """Return the curve as rounded numbers."""
        words = {"unit": self.unit, "target_class": self.target_class, "naive_range_m": self.naive_range_m}
        names = ("height_m", "horizon_m", "detection_m", "firm_track_m", "engagement_m")
        bands = {
            name: [[round(low), round(high)] for low, high in getattr(self, name)] for name in ("detection_band_m", "engagement_band_m")
        }
        return words | {name: [round(value) for value in getattr(self, name)] for name in names} | bands | {
            "insensitive_heights_m": list(self.insensitive_m)
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer of the common grid: whole numbers from south to north and west to east, with the words that say what they are."""

    name: str
    words: str
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class Grid:
    """The common grid: cells of equal steps about a centre on a plane of equal distances and bearings, and its layers."""

    centre: tuple[float, float]
    axis_m: Reals
    layers: tuple[Layer, ...] = ()


@dataclass(frozen=True)
class Difference:
    """What one defence covers and another does not, for a product, class and height."""

    title: str
    product: str
    target_class: str
    height: Height
    level: float | None
    area_m2: tuple[float, float]  # of the first and of the second
    gained_m2: float  # by the second over the first
    lost_m2: float
    gained: Sequence[tuple[Reals, Reals]] = ()
    lost: Sequence[tuple[Reals, Reals]] = ()
    gaps: tuple[Mapping[str, Any], Mapping[str, Any]] | None = None  # before and after

    def to_json(self) -> dict[str, Any]:
        """Return the difference without its outlines."""
        found = {
            "title": self.title, "product": self.product, "target_class": self.target_class, "height_m": self.height.value_m,
            "height_datum": self.height.datum, "level": self.level, "area_m2": [round(area) for area in self.area_m2],
            "gained_m2": round(self.gained_m2), "lost_m2": round(self.lost_m2),
        }  # fmt: skip
        return found if self.gaps is None else found | {"gaps": [dict(one) for one in self.gaps]}


@dataclass(frozen=True)
class Coverage:
    """All entries of a scenario with the words that go with every figure."""

    scenario: str
    about: str
    terrain: str
    entries: tuple[Entry, ...]
    assumptions: tuple[str, ...]
    sources: tuple[str, ...]
    sites: tuple[dict[str, Any], ...]
    assets: tuple[dict[str, Any], ...]
    digest: str
    first_table: tuple[dict[str, Any], ...] = ()
    curves: tuple[Curve, ...] = ()
    insensitive: tuple[str, ...] = ()  # at which heights what is not known hardly matters
    gaps: tuple[dict[str, Any], ...] = ()
    published: tuple[dict[str, Any], ...] = ()
    differences: tuple[Difference, ...] = ()
    grid: Grid | None = None
    titles: Mapping[str, str] = field(default_factory=dict)  # of target classes
    rerun: str = ""

    def _repr_html_(self) -> str:
        from importlib import import_module

        page = import_module("openiads.show.maps_page").page(self)
        return str(import_module("openiads.show.replay_page").repr_html(page))

    def to_json(self) -> dict[str, Any]:
        """Return the answer of the verb, without the list of files."""
        return {
            "scenario": self.scenario,
            "terrain": self.terrain,
            "table": list(self.first_table),
            "published": list(self.published),
            "entries": [entry.to_json() for entry in self.entries],
            "curves": [curve.to_json() for curve in self.curves],
            "insensitive": list(self.insensitive),
            "gaps": list(self.gaps),
            "differences": [one.to_json() for one in self.differences],
            "assumptions": list(self.assumptions),
            "sources": list(self.sources),
            "digest": self.digest,
            "files": [],
        }
