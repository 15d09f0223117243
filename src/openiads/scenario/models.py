"""The whole scenario: what a user asks."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, WithJsonSchema

from openiads.scenario.doctrine import Doctrine
from openiads.scenario.objects import Group
from openiads.scenario.places import AtHeight, Corridor, Height, Place
from openiads.scenario.quantities import (
    Bearing,
    Count,
    Density,
    Flag,
    Length,
    Model,
    Name,
    Names,
    Number,
    Override,
    PositiveCount,
    PositiveLength,
    PositiveTime,
    Pressure,
    Probability,
    RainRate,
    RefractionFactor,
    Temperature,
    Text,
    Time,
    reader,
    type_word,
)
from openiads.scenario.sites import AirPicture, Asset, Link, Picture, Site
from openiads.units import QuantityError

FORMAT = "openiads-scenario/1"


class ClutterRegion(Model):
    """A place on the ground that gives plots: birds, traffic, wind farms."""

    name: Name
    at: Place
    radius_m: PositiveLength = Field(alias="radius")
    plots: Number
    """mean number of plots in each scan of a radar that looks at it"""
    height_max: AtHeight = Height.model_construct(value_m=300.0, datum="agl")


class Environment(Model):
    """The air and the ground, constant over the scenario."""

    k_factor: RefractionFactor = 4.0 / 3.0
    """effective earth radius over the true one"""
    rain_mmph: RainRate = Field(default=0.0, alias="rain")
    temperature_k: Temperature = Field(default=288.15, alias="temperature")
    """at sea level"""
    pressure_pa: Pressure = Field(default=101_325.0, alias="qnh")
    """at sea level"""
    vapour_kgpm3: Density = Field(default=0.0075, alias="water_vapour")
    """at sea level"""
    terrain: tuple[Name, ...] = ()
    """elevation files beside the scenario; smooth earth when empty"""
    propagation: Literal["lobed", "smooth"] = "lobed"
    """low-altitude propagation with two-ray interference and clutter, or without"""
    attenuation: Literal["line-by-line", "two-layer"] = "line-by-line"
    """gases: the lines in the air of each height, or sea-level values that fall exponentially"""
    cross_section: Literal["aspect", "constant"] = "aspect"
    """of targets: by the aspect under which a radar sees them, or the stated one from every side"""
    diffraction: Flag = False
    clutter: Flag = True
    clutter_regions: tuple[ClutterRegion, ...] = ()


class Rule(Model):
    """Confirmation of a track: m plots in n scans."""

    m: int
    n: int


_RULE = re.compile(r"\s*(\d+)\s+of\s+(\d+)\s*\Z", re.ASCII)


def _rule(written: Any) -> Rule:
    if isinstance(written, Rule):
        return written
    parts = _RULE.match(written) if isinstance(written, str) else None
    if parts is None:
        raise QuantityError(f"{type_word(written)} is not a rule", 'write "3 of 5"')
    m, n = int(parts[1]), int(parts[2])
    if not 1 <= m <= n <= 16:
        raise QuantityError(
            f'"{written}" cannot be met' if m > n else f'"{written}" is out of range', 'write m of n with 1 <= m <= n <= 16, "3 of 5"'
        )
    return Rule.model_construct(m=m, n=n)


Confirmation = Annotated[Rule, reader(_rule), WithJsonSchema({"type": "string", "pattern": "^[0-9]+ of [0-9]+$", "examples": ["3 of 5"]})]


class Tracking(Model):
    """How plots become tracks."""

    filter: Literal["single", "imm"] = "single"
    associator: Literal["gnn", "jpda"] = "gnn"
    confirm: Confirmation = Rule.model_construct(m=3, n=5)
    drop: PositiveCount = 3
    """scans of the slowest radar that has seen a track, missed in a row, after which it ends"""
    false_alarms: Flag = False
    """whether radars add plots of noise"""
    resolution: Flag = True
    """whether close targets merge into one plot"""


class Identification(Model):
    """The evidence that reaches the defence, and its errors; figures left out are the catalogue's."""

    iff_reply: Probability | None = None
    """of an equipped aircraft to one interrogation"""
    iff_swap: Probability | None = None
    """chance that a reply is put to a neighbouring track"""
    iff_swap_range_m: Length = Field(default=2_000.0, alias="iff_swap_range")
    """distance within which tracks can be confused"""
    interrogation: Literal["all", "military"] = "all"
    """modes that are asked: to military ones no civil set answers"""
    cooperative: Flag = True
    """whether the positions that flights report of themselves are received"""
    flight_plans: Flag = True
    """whether the pictures hold the flight plans that are filed"""
    plan_missing: Probability | None = None
    """chance that the pictures lack a filed plan"""
    classifier: dict[Name, dict[Name, Probability]] = Field(default_factory=dict)
    """chance of each reported class or family, by true class or family; each row sums to 1"""
    report_loss: Probability | None = None
    """chance that another command post's report about a flight never arrives; without it nobody reports"""
    report_delay_s: Time = Field(default=10.0, alias="report_delay")
    emissions: Probability = 0.0
    """chance that the signals of a flight that jams or emits are heard and put to its track"""


def _closing(written: Any) -> Any:
    return None if isinstance(written, str) and written.strip() == "never" else written


class Civil(Model):
    """The civil sky."""

    closes_s: Annotated[Time | None, BeforeValidator(_closing, json_schema_input_type=Literal["never"] | Time)] = Field(
        default=None, alias="airspace_closes"
    )
    """when the airspace closes; ``never`` when it stays open"""
    airways: tuple[Corridor, ...] = ()
    corridors: tuple[Corridor, ...] = ()
    """return corridors of friendly aircraft"""


class Raid(Model):
    """The raid as a whole: the bearing from which it comes."""

    axis_rad: Bearing = Field(default=0.0, alias="axis")
    """bearing for which the routes are written"""
    bearing_rad: Bearing | None = Field(default=None, alias="bearing")
    """bearing from which the raid comes: hostile routes and launch points are turned about the centre by the difference when the battle
    is planned; aims and recorded tracks stay"""
    centre: Place | None = None
    """the point that routes turn about; the first asset when left out"""


class Factor(Model):
    """One thing that may be mended: changes by path, for a table of effects."""

    name: Name
    set: dict[Name, Any]
    about: Text = ""


class Observed(Model):
    """Asks for the simulated shares of kills beside publicly claimed ones, without and with an effect of the night."""

    night_effect_sd: Number = Field(alias="night_effect")
    """standard deviation, on the logit of kill probability, of what all shots of one night share"""


class Scenario(Model):
    """What the user asks: the defence, the raid, the civil sky, and the rules."""

    format: Literal["openiads-scenario/1"]
    name: Name
    about: Text
    duration_s: PositiveTime = Field(alias="duration")
    environment: Environment = Environment()
    assets: tuple[Asset, ...] = ()
    sites: tuple[Site, ...] = ()
    links: tuple[Link, ...] = ()
    doctrine: Doctrine = Doctrine()
    picture: AirPicture = Picture()
    tracking: Tracking = Tracking()
    identification: Identification = Identification()
    civil: Civil = Civil()
    raid: Raid = Raid()
    objects: tuple[Group, ...] = ()
    catalogue: dict[Name, Override] = Field(default_factory=dict)
    """catalogue figures that are different in this scenario, by dotted path"""
    factors: tuple[Factor, ...] = ()
    observed: Observed | None = None
    """whether a run of many replications is set beside public claims"""
    sources: tuple[Text, ...] = ()
    seed: Count = 1
    """used where none is asked for"""
    base: Name | None = None
    """the scenario whose keys hold where this one has none: a shipped name, or a file beside this one"""
    changes: dict[Name, Any] = Field(default_factory=dict)
    """values set by path after the base was read"""
    only: Names | None = None
    """hostile groups that are kept, with what they release, by name or pattern such as "*jammer*"; all when left out"""
    without: Names = ()
    """groups and sites that are taken away, by name or pattern, with everything that speaks of them"""

    _folder: Path | None = PrivateAttr(default=None)

    @property
    def folder(self) -> Path | None:
        """Return the folder of the scenario's file, in which its terrain and tracks lie."""
        return self._folder

    def with_folder(self, folder: Path | None) -> "Scenario":
        """Return the same scenario, lying in a folder."""
        made = self.model_copy()
        made._folder = folder
        return made


__all__ = ["FORMAT", "Civil", "Environment", "Factor", "Identification", "Raid", "Rule", "Scenario", "Tracking"]
