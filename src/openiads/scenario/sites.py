"""The defender's side: sites with their radars, launchers and magazines, links between them, and what is defended."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from openiads.scenario.places import Place
from openiads.scenario.quantities import (
    Angle,
    Bearing,
    ChanceTime,
    Count,
    Flag,
    Length,
    Model,
    Name,
    Number,
    Override,
    PositiveCount,
    PositiveLength,
    PositiveTime,
    Probability,
    SignedAngle,
    SignedLength,
    Text,
    Time,
    refusal,
    type_word,
)

Configuration = Literal["mobile", "masted"]
Role = Literal["fire-unit", "command-post", "sensor"]
State = Literal["ready", "standby", "deploying"]


class Asset(Model):
    """Something on the ground that is defended."""

    name: Name
    at: Place
    value: Number = 1.0
    """worth relative to the others"""
    radius_m: PositiveLength = Field(default=500.0, alias="radius")
    hits_to_stop: PositiveCount = 1


class Screen(Model):
    """Trees and houses round a site: an obstacle of one height at one distance on every bearing."""

    height_m: Length = Field(default=15.0, alias="height")
    distance_m: PositiveLength = Field(default=2_000.0, alias="distance")


class RegistrationBias(Model):
    """Constant errors of a radar's alignment, entering each plot before conversion."""

    azimuth_rad: SignedAngle = Field(default=0.0, alias="azimuth")
    elevation_rad: SignedAngle = Field(default=0.0, alias="elevation")
    range_m: SignedLength = Field(default=0.0, alias="range")


class SiteRadar(Model):
    """One radar of a site where it differs from the catalogue."""

    name: Name
    """name within the site; also the catalogue's radar unless ``radar`` says otherwise"""
    radar: Name | None = None
    """the catalogue's name of the radar"""
    at: Place | None = None
    """where it stands, if not at the site"""
    antenna_agl_m: PositiveLength | None = Field(default=None, alias="antenna")
    """antenna height above ground"""
    configuration: Configuration | None = None
    facing_rad: Bearing | None = Field(default=None, alias="facing")
    registration_bias: RegistrationBias = RegistrationBias.model_construct(azimuth_rad=0.0, elevation_rad=0.0, range_m=0.0)
    silent: Flag = False
    """never emits"""
    availability: Probability | None = None
    """overrides the catalogue's"""

    @property
    def catalogue_name(self) -> str:
        """Return the catalogue's name of this radar."""
        return self.radar or self.name


def _radar(written: Any) -> Any:
    return {"name": written} if isinstance(written, str) else written


class Ring(Model):
    """Several equal sites on a circle about the site's position; they are named after it, with -1, -2, ... added."""

    radius_m: PositiveLength = Field(alias="radius")
    count: PositiveCount
    first_rad: Bearing = Field(default=0.0, alias="first")
    """bearing of the first from the centre"""


def _configurations(written: Any) -> Any:
    return {"*": written} if isinstance(written, str) else written


def _screen(written: Any) -> Any:
    return {"height": 0.0} if written == "none" else written


def _facing(written: Any) -> Any:
    return None if written == "outward" else written


class Site(Model):
    """A unit of one catalogue system: a fire unit, a command post or a sensor."""

    name: Name
    system: Name
    at: Place
    role: Role = "fire-unit"
    facing_rad: Annotated[Bearing | None, BeforeValidator(_facing, json_schema_input_type=Literal["outward"] | Bearing)] = Field(
        default=None, alias="facing"
    )
    """bearing of the centre of the sector; without it, towards the centre of the raid; with a ring, outward"""
    facing_error_rad: Angle | None = Field(default=None, alias="facing_error")
    """half-width of a uniform error of the facing, drawn once a replication; the catalogue's when left out"""
    configurations: Annotated[
        dict[Name, Configuration], BeforeValidator(_configurations, json_schema_input_type=Configuration | dict[str, Configuration])
    ] = Field(default_factory=dict, alias="configuration")
    """by radar, or of all (written as one word, kept under ``*``); the catalogue's default where nothing is said"""
    radars: tuple[Annotated[SiteRadar, BeforeValidator(_radar, json_schema_input_type=SiteRadar | str)], ...] | None = None
    """those of the system that are here; all of them when left out"""
    load: dict[Name, Count] | None = None
    """ready rounds by missile; the catalogue's default when left out"""
    reloads: Count = 0
    """full loads in store for each launcher"""
    transloaders: Count | None = None
    """launchers that can be reloaded at a time; the catalogue's when left out"""
    launchers: Count | None = None
    screen: Annotated[Screen | None, BeforeValidator(_screen, json_schema_input_type=Literal["none"] | Screen)] = None
    """the catalogue's when left out; ``none`` for open ground"""
    command: Name | None = None
    """the superior site"""
    state: State = "ready"
    ready_at_s: Time = Field(default=0.0, alias="ready_at")
    """when a site that is not ready becomes so"""
    availability: Probability | None = None
    """of each launcher; overrides the catalogue's"""
    overrides: dict[Name, Override] = Field(default_factory=dict)
    """catalogue figures that are different for this site, by dotted path below the system"""
    ring: Ring | None = None
    hits_to_stop: PositiveCount | None = None
    """of the command post or of a single vehicle; the catalogue's when left out"""
    about: Text = ""


class Link(Model):
    """A line of communication between two sites."""

    sender: Name = Field(alias="from")
    receiver: Name = Field(alias="to")
    delay: ChanceTime | None = None
    """of one message; the catalogue's when left out"""
    loss: Probability | None = None
    """chance that one message is lost; the catalogue's when left out"""
    cut_at_s: Time | None = Field(default=None, alias="cut_at")
    one_way: Flag = False


class Picture(Model):
    """The external track feed: none, a national one, or one with airborne radars; figures left out are the catalogue's."""

    feed: Literal["standalone", "national", "national+airborne"] = "standalone"
    delay: ChanceTime | None = None
    error_m: Length | None = Field(default=None, alias="error")
    """standard deviation of a reported position, horizontal"""
    loss: Probability | None = None
    """chance that one report is lost"""
    interval_s: PositiveTime | None = Field(default=None, alias="interval")
    floor_agl_m: Length | None = Field(default=None, alias="floor")
    """height above ground below which the feed sees nothing"""


def _picture(written: Any) -> Any:
    if isinstance(written, Picture | dict):
        return written
    if isinstance(written, str):
        return {"feed": written}
    raise refusal(f"{type_word(written)} is not a picture", "write standalone, national or national+airborne")


AirPicture = Annotated[
    Picture, BeforeValidator(_picture, json_schema_input_type=Literal["standalone", "national", "national+airborne"] | Picture)
]
