"""What a replay and every export are made from: one battle in words and numbers, without arrays of the engine.

Times are microseconds from the start of the scenario. Positions are degrees and metres above the WGS84 ellipsoid, because everything made
from them is read by people or by other tools. Names are the scenario's own and may hold any text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from openiads.errors import UserError

Side = Literal["hostile", "friend", "civil"]
Label = Literal["hostile", "suspect", "unknown", "pending", "neutral", "assumed_friend", "friend"]
Kind = Literal[
    "aircraft",
    "fighter",
    "bomber",
    "jammer",
    "helicopter",
    "early_warning",
    "tanker",
    "airliner",
    "drone",
    "cruise",
    "ballistic",
    "glide",
    "arm",
    "bomb",
    "decoy",
    "bird",
    "unknown",
]
RingKind = Literal["naive", "horizon", "detection", "engagement"]

EVENT_KINDS = (
    "appeared", "released", "turned_back", "left", "task_done", "lost",
    "detected", "track_started", "track_lost", "jammed", "jamming_ended",
    "identified", "wrongly_identified",
    "order", "held", "not_engaged", "assigned", "no_solution", "taken_for_dead", "taken_for_alive", "alone",
    "launched", "gun_burst", "killed", "missed", "support_lost", "out_of_rounds", "reloaded",
    "reached", "impact", "asset_stopped", "unit_hit", "radar_off", "radar_on", "civil_engaged", "friendly_engaged", "civil_lost",
    "friendly_lost", "note",
)  # fmt: skip
WHY_LINKS = (
    "never visible", "signal too weak", "jammed", "no firm track", "not identified in time", "held by doctrine", "no rated missile",
    "outside envelope", "no channel", "no round", "no time", "support lost", "missed", "unit destroyed or silent", "assessed dead wrongly",
)  # fmt: skip
OUTCOMES = ("killed", "leaked", "task_done", "turned_back", "lost", "left", "alive")


class ReplayError(UserError):
    """A replay input or file that contradicts itself or is of another version."""


@dataclass(frozen=True)
class Place:
    """A point. `height_wgs84_m` is above the ellipsoid."""

    latitude_deg: float
    longitude_deg: float
    height_wgs84_m: float = 0.0


@dataclass(frozen=True)
class Samples:
    """Positions over time; between samples a straight line. Equal lengths, times rising."""

    time_us: NDArray[np.int64]
    latitude_deg: NDArray[np.float64]
    longitude_deg: NDArray[np.float64]
    height_wgs84_m: NDArray[np.float64]

    def __post_init__(self) -> None:
        lengths = {len(self.time_us), len(self.latitude_deg), len(self.longitude_deg), len(self.height_wgs84_m)}
        if len(lengths) != 1:
            raise ReplayError(f"samples of unequal lengths {sorted(lengths)}: give one latitude, longitude and height for each time")
        if len(self.time_us) > 1 and not np.all(np.diff(self.time_us) > 0):
            raise ReplayError("sample times do not rise: sort them and keep one sample for each time")
        finite = np.isfinite(self.latitude_deg) & np.isfinite(self.longitude_deg) & np.isfinite(self.height_wgs84_m)
        if not np.all(finite):
            raise ReplayError(f"sample {int(np.argmin(finite))} holds a position that is not a finite number")


@dataclass(frozen=True)
class Steps:
    """A whole number that holds from each time until the next, such as rounds left."""

    time_us: NDArray[np.int64]
    value: NDArray[np.int64]


@dataclass(frozen=True)
class Belief:
    """From `time_us` on, the picture takes the track for `label`; `evidence` says why in a few words."""

    time_us: int
    label: Label
    probability: float | None = None
    evidence: str = ""


@dataclass(frozen=True)
class MovingObject:
    """One object as it truly was. `ends_us` None: still there at the end. `aim` names an asset or a site."""

    name: str
    class_name: str
    kind: Kind
    side: Side
    path: Samples
    duty: str = ""
    group: str = ""
    parent: str = ""
    aim: str = ""
    outcome: str = "alive"
    ends_us: int | None = None
    why: str = ""
    why_detail: str = ""


@dataclass(frozen=True)
class TrackPicture:
    """One track as a picture believed it. `path.time_us` is when the picture knew; `valid_us` when the position was measured.

    `kinds` are (time_us, kind): what sort of thing it is taken for from that time on.
    """

    name: str
    picture: str
    path: Samples
    object: str = ""
    beliefs: Sequence[Belief] = ()
    valid_us: NDArray[np.int64] | None = None
    ends_us: int | None = None
    kinds: Sequence[tuple[int, Kind]] = ()


@dataclass(frozen=True)
class Ring:
    """A closed line around a site, computed on the ellipsoid; `kind` naive is the brochure's circle."""

    label: str
    kind: RingKind
    latitude_deg: NDArray[np.float64]
    longitude_deg: NDArray[np.float64]
    height: str = ""
    target_class: str = ""


@dataclass(frozen=True)
class Radar:
    """A sensor of a site. `width_rad` 2 pi is all round; `on` holds (start, end) times of emission, None: always.

    `turns` are (time_us, facing_rad) of a sector that turns towards what it is to look at.
    """

    name: str
    role: str
    range_m: float
    facing_rad: float = 0.0
    width_rad: float = 2.0 * np.pi
    on: Sequence[tuple[int, int]] | None = None
    lost_us: int | None = None
    turns: Sequence[tuple[int, float]] = ()


@dataclass(frozen=True)
class Magazine:
    """Rounds of one type at a site."""

    missile: str
    capacity: int
    left: Steps


@dataclass(frozen=True)
class SiteView:
    """A fire unit, radar or command post."""

    name: str
    system: str
    at: Place
    role: Literal["fire_unit", "radar", "command"] = "fire_unit"
    short_range: bool = False
    radars: Sequence[Radar] = ()
    rings: Sequence[Ring] = ()
    magazines: Sequence[Magazine] = ()
    channels: int = 0
    channels_busy: Steps | None = None
    lost_us: int | None = None
    protects: str = ""


@dataclass(frozen=True)
class AssetView:
    """Something that is defended; `hits_us` are the times at which something reached it."""

    name: str
    at: Place
    value: float = 1.0
    radius_m: float = 0.0
    hits_us: Sequence[int] = ()
    stopped_us: int | None = None


@dataclass(frozen=True)
class Shot:
    """One round or burst, from launch to its end. `aim_point` is where it was predicted to meet its target."""

    site: str
    missile: str
    launch_us: int
    launch_at: Place
    aim_point: Place
    intercept_us: int
    outcome: Literal["killed", "missed", "failed", "support_lost", "target_gone", "in_flight"]
    object: str = ""
    track: str = ""
    kill_probability: float | None = None
    gun: bool = False
    salvo: int = 1


@dataclass(frozen=True)
class Strobes:
    """Bearings on which a radar was jammed; each holds for `hold_us`."""

    site: str
    radar: str
    time_us: NDArray[np.int64]
    bearing_rad: NDArray[np.float64]
    hold_us: int
    jammer: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happened. `args` fill the sentence of the kind; a key's ending is its unit (`range_m`, `delay_s`, `p`)."""

    time_us: int
    kind: str
    object: str = ""
    site: str = ""
    track: str = ""
    args: Mapping[str, str | float | int] = field(default_factory=dict)


@dataclass(frozen=True)
class ChartView:
    """A small chart. `y` holds one or more lines; `low` and `high` bound the first one."""

    title: str
    x: Sequence[float]
    y: Sequence[Sequence[float | None]]
    names: Sequence[str]
    x_label: str = ""
    y_label: str = ""
    style: Literal["line", "step", "bars"] = "line"
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None


@dataclass(frozen=True)
class Notes:
    """What a reader must know about the run: limits, sources, how to repeat it."""

    seed: int
    replication: int
    digest: str
    version: str
    limits: Sequence[str] = ()
    sources: Sequence[str] = ()
    rerun: str = ""
    data_date: str = ""
    terrain: str = ""


@dataclass(frozen=True)
class ReplayInput:
    """A whole battle of one replication. `epoch` is the ISO 8601 moment of time zero, used by exports that need a date."""

    name: str
    about: str
    duration_us: int
    center: Place
    assets: Sequence[AssetView]
    sites: Sequence[SiteView]
    objects: Sequence[MovingObject]
    tracks: Sequence[TrackPicture]
    shots: Sequence[Shot]
    events: Sequence[Event]
    notes: Notes
    strobes: Sequence[Strobes] = ()
    charts: Sequence[ChartView] = ()
    headline: Mapping[str, int] = field(default_factory=dict)
    epoch: str = "2021-06-01T06:00:00Z"
