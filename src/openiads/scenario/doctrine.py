"""Doctrine as data: who may fire at what, when, with how much, and what it takes to call something hostile."""

import math
from typing import Literal

from pydantic import Field

from openiads.scenario.places import Area, AtHeight, Zone
from openiads.scenario.quantities import (
    Angle,
    Bearing,
    ChanceTime,
    Flag,
    Length,
    Model,
    Name,
    Names,
    Number,
    PositiveCount,
    PositiveLength,
    PositiveNumber,
    PositiveTime,
    Probability,
    Time,
)

Control = Literal["hold", "tight", "free"]
Evidence = Literal["iff", "kinematics", "corridor", "flight-plan", "origin", "emissions", "cooperative", "report", "hostile-act"]


class Layer(Model):
    """What a system, a site or some of its missiles may take: a missile that any layer is about flies only where one allows it."""

    system: Name | None = None
    site: Name | None = None
    missiles: Names | None = None
    """those that this layer is about; all of the system or site when left out"""
    classes: Names | None = None
    """believed classes or families (aircraft, cruise, drone, ballistic, glide, arm); all when left out"""
    range_min_m: Length = Field(default=0.0, alias="min_range")
    range_max_m: PositiveLength | None = Field(default=None, alias="max_range")
    height_min: AtHeight | None = Field(default=None, alias="min_height")
    height_max: AtHeight | None = Field(default=None, alias="max_height")


class Assessment(Model):
    """How an engagement's result is judged; what is left out is the catalogue's."""

    delay: ChanceTime | None = None
    kill_unseen: Probability | None = None
    """chance that a kill is taken for a miss"""
    miss_unseen: Probability | None = None
    """chance that a miss is taken for a kill"""


class Blinking(Model):
    """Radars that emit by turns."""

    on_s: PositiveTime = Field(alias="on")
    off_s: PositiveTime = Field(alias="off")


class EmissionControl(Model):
    """When radars fall silent."""

    silent_on_arm: Flag = False
    """the radar believed aimed at by an anti-radiation missile switches off"""
    silence_s: PositiveTime | None = Field(default=None, alias="silence")
    """how long; the catalogue's when left out"""
    blinking: Blinking | None = None


class Protection(Model):
    """One site's duty to protect another: it keeps its reserve and a channel for what threatens itself or the other."""

    protector: Name
    protected: Name


class Priors(Model):
    """What an unknown track is taken for before any evidence; they sum to 1."""

    hostile: Probability
    friendly: Probability
    civil: Probability


class SelfDefence(Model):
    """A unit may fire without identification at what comes at it within a range or a time."""

    range_m: PositiveLength | None = Field(default=None, alias="range")
    time_s: PositiveTime | None = Field(default=None, alias="time")
    classes: Names | None = None
    """believed classes or families of which it speaks; all when left out"""


class ThreatSector(Model):
    """The bearings, seen from the centre of what is defended, from which the threat is expected."""

    bearing_rad: Bearing = Field(alias="bearing")
    half_width_rad: Angle = Field(default=math.radians(45.0), alias="half_width")


class IdentificationDoctrine(Model):
    """What it takes to call a track hostile, and to fire; figures left out are the catalogue's."""

    priors: Priors | None = None
    threshold: Probability | None = None
    """belief in hostile from which a track is one, under control tight"""
    threshold_free: Probability | None = None
    """the same under control free"""
    required_evidence: tuple[Evidence, ...] = ()
    """kinds that must have spoken before a track is called hostile"""
    timeout_to_fire_s: PositiveTime | None = Field(default=None, alias="timeout_to_fire")
    """time to impact below which an unidentified track may be fired at"""
    self_defence: SelfDefence | None = None
    alert: Literal["calm", "alert"] = "calm"
    alert_factor: PositiveNumber = 3.0
    """factor on the odds of hostile when alerted"""
    threat_sector: ThreatSector | None = None
    """where the threat is expected from; without it a track's origin says nothing"""
    label_latch: Probability | None = None
    """chance that a hostile label, once given, is never reviewed"""
    review_s: PositiveTime | None = Field(default=None, alias="review")
    """how often a label is reviewed otherwise"""


class Doctrine(Model):
    """How the defence fights; figures left out are those of the catalogue's doctrine."""

    control: Control = "tight"
    after_first_hostile_act: Control | None = None
    """the state everywhere from the first release, impact or jamming that the defence sees"""
    zones: tuple[Zone, ...] = ()
    no_fire_zones: tuple[Area, ...] = ()
    layers: tuple[Layer, ...] = ()
    firing: Literal["shoot-look-shoot", "salvo"] = "shoot-look-shoot"
    salvo: dict[Name, PositiveCount] = Field(default_factory=dict)
    """rounds at once by class or family; the catalogue's where nothing is said"""
    salvo_correlation: Probability = 0.0
    """correlation of the causes of miss within a salvo; reports show 0 and high"""
    night_effect_sd: Number = Field(default=0.0, alias="night_effect")
    """standard deviation of a common effect of the night on the logit of kill probability"""
    reserve: Probability | None = None
    """share of each magazine kept for what aims at the unit, at a site that it protects or at the most valued asset in its reach, and for
    what is believed ballistic, gliding or a fast missile"""
    minimum_pk: Probability | None = None
    """no shot below this kill probability, reckoned for the weapon and the believed family"""
    priorities: dict[Name, Number] = Field(default_factory=dict)
    """weight by asset, in the place of its value"""
    preferred: dict[Name, Names] = Field(default_factory=dict)
    """systems that take a class or family first, in order; others leave it to them while one of their units can or will be able to"""
    algorithm: Literal["nearest", "first-come", "greedy", "local-search", "linear", "exact"] = "greedy"
    """how orders are chosen; linear and exact leave the compiled battle at every decision and are for comparison"""
    mode: Literal["central", "delegated", "autonomous"] = "central"
    """who assigns: the highest post; the posts directly under it, which tell each other what they fire at; or each unit for itself.
    What loses its superior or the line to it falls back on the next post that stands, and last on itself"""
    decision_delay: ChanceTime | None = None
    """from a track that may be fired at to the order; without it lognormal about the kill-chain delay of the unit's own system, less its
    reaction time"""
    stress: PositiveNumber = 1.0
    """factor on decision delays while more tracks wait than can be served"""
    first_delay: PositiveNumber | None = None
    """factor on the decision delay of the first engagement after quiet"""
    assessment: Assessment = Assessment()
    emission_control: EmissionControl = EmissionControl()
    point_defence: tuple[Protection, ...] = ()
    engage_on_remote: Flag = False
    """whether a launch may rest on another unit's track"""
    reengage_after_s: Time = Field(default=0.0, alias="reengage_after")
    identification: IdentificationDoctrine = IdentificationDoctrine()
