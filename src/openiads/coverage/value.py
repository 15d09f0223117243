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
class Entry:
    """One honest ring.

    ``areas`` are outlines (latitude, longitude) [rad]; ``limit_by_bearing`` holds indices into ``FACTORS``; ``band`` is
    the reach at 5, 50 and 95 % of what is known [m].
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
    band: tuple[float, float, float] | None = None
    driver: str | None = None  # which unknown causes most of the band
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
        band = None
        if self.band is not None:
            low, middle, high = (round(value, 1) for value in self.band)
            band = {"p05": low, "p50": middle, "p95": high, "of": "reach", "unit": "m", "driver": self.driver}
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
            "band": band,
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

    def to_json(self) -> dict[str, Any]:
        """Return the curve as rounded numbers."""
        words = {"unit": self.unit, "target_class": self.target_class, "naive_range_m": self.naive_range_m}
        names = ("height_m", "horizon_m", "detection_m", "firm_track_m", "engagement_m")
        return words | {name: [round(value) for value in getattr(self, name)] for name in names}


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
            "entries": [entry.to_json() for entry in self.entries],
            "curves": [curve.to_json() for curve in self.curves],
            "assumptions": list(self.assumptions),
            "digest": self.digest,
            "files": [],
        }
