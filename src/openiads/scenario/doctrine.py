"""Doctrine as data: who may fire at what, when, with how much, and what it takes to call something hostile."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from openiads.scenario.places import Area, AtHeight, Zone
from openiads.scenario.quantities import (
    ChanceTime,
    Flag,
    Length,
    Model,
    Name,
    Number,
    PositiveCount,
    PositiveLength,
    PositiveNumber,
    PositiveTime,
    Probability,
    Time,
    TimeLaw,
)

Control = Literal["hold", "tight", "free"]
Evidence = Literal["iff", "kinematics", "corridor", "flight-plan", "origin", "emissions", "cooperative", "report", "hostile-act"]


def _several(written: Any) -> Any:
    return (written,) if isinstance(written, str) else written


Names = Annotated[tuple[Name, ...], BeforeValidator(_several)]


class Layer(Model):
    """What one system, site or missile may take: only inside these ranges and heights, only these classes."""

    system: Name | None = None
    site: Name | None = None
    missiles: Names | None = None
    """those that this layer is about; all of the system or site when left out"""
    classes: Names | None = None
    """believed classes or families (aircraft, cruise, drone, ballistic, glide, arm); all when left out"""
    range_min_m: Length = Field(0.0, alias="min_range")
    range_max_m: PositiveLength | None = Field(None, alias="max_range")
    height_min: AtHeight | None = Field(None, alias="min_height")
    height_max: AtHeight | None = Field(None, alias="max_height")


class Assessment(Model):
    """How an engagement's result is judged."""

    delay: ChanceTime = TimeLaw.model_construct(kind="fixed", values_s=(5.0,))
    kill_unseen: Probability = 0.05
    """chance that a kill is taken for a miss"""
    miss_unseen: Probability = 0.05
    """chance that a miss is taken for a kill"""


class Blinking(Model):
    """Radars that emit by turns."""

    on_s: PositiveTime = Field(alias="on")
    off_s: PositiveTime = Field(alias="off")


class EmissionControl(Model):
    """When radars fall silent."""

    silent_on_arm: Flag = False
    """the radar believed aimed at by an anti-radiation missile switches off"""
    silence_s: PositiveTime = Field(60.0, alias="silence")
    blinking: Blinking | None = None


class Protection(Model):
    """One site's duty to protect another."""

    protector: Name
    protected: Name


class Priors(Model):
    """What an unknown track is taken for before any evidence; they sum to 1."""

    hostile: Probability
    friendly: Probability
    civil: Probability


class SelfDefence(Model):
    """A unit may fire without identification at what comes at it within a range or a time."""

    range_m: PositiveLength | None = Field(None, alias="range")
    time_s: PositiveTime | None = Field(None, alias="time")


class IdentificationDoctrine(Model):
    """What it takes to call a track hostile, and to fire."""

    priors: Priors = Priors.model_construct(hostile=0.5, friendly=0.1, civil=0.4)
    threshold: Probability = 0.9
    """belief in hostile from which a track is one, under control tight"""
    threshold_free: Probability = 0.5
    """the same under control free"""
    required_evidence: tuple[Evidence, ...] = ()
    """kinds that must have spoken before a track is called hostile"""
    timeout_to_fire_s: PositiveTime | None = Field(None, alias="timeout_to_fire")
    """time to impact below which an unidentified track may be fired at"""
    self_defence: SelfDefence | None = None
    alert: Literal["calm", "alert"] = "calm"
    alert_factor: PositiveNumber = 3.0
    """factor on the odds of hostile when alerted"""
    label_latch: Probability = 0.0
    """chance that a hostile label, once given, is never reviewed"""


class Doctrine(Model):
    """How the defence fights."""

    control: Control = "tight"
    after_first_hostile_act: Control | None = None
    """the state from the first release, impact or jamming that the defence sees"""
    zones: tuple[Zone, ...] = ()
    no_fire_zones: tuple[Area, ...] = ()
    layers: tuple[Layer, ...] = ()
    firing: Literal["shoot-look-shoot", "salvo"] = "shoot-look-shoot"
    salvo: dict[Name, PositiveCount] = {}
    """rounds at once by class or family; one where nothing is said"""
    salvo_correlation: Probability = 0.0
    """correlation of the causes of miss within a salvo"""
    night_effect_sd: Number = Field(0.0, alias="night_effect")
    """standard deviation of a common effect of the night on the logit of kill probability"""
    reserve: Probability = 0.0
    """share of each magazine kept for what aims at the unit or at the most valued assets"""
    minimum_pk: Probability = 0.0
    priorities: dict[Name, Number] = {}
    """weight by asset, in the place of its value"""
    preferred: dict[Name, Names] = {}
    """systems that take a class or family first, in order"""
    algorithm: Literal["nearest", "first-come", "greedy", "local-search", "linear", "exact"] = "greedy"
    mode: Literal["central", "delegated", "autonomous"] = "central"
    """who assigns; a unit cut off from its superior falls back to autonomous"""
    decision_delay: ChanceTime | None = None
    """of the whole chain to a launch order; without it lognormal about the catalogue's kill-chain delay"""
    stress: PositiveNumber = 1.0
    """factor on decision delays while more tracks wait than can be served"""
    first_delay: PositiveNumber = 1.5
    """factor on the decision delay of the first engagement after quiet"""
    assessment: Assessment = Assessment.model_construct(
        delay=TimeLaw.model_construct(kind="fixed", values_s=(5.0,)), kill_unseen=0.05, miss_unseen=0.05
    )
    emission_control: EmissionControl = EmissionControl.model_construct(silent_on_arm=False, silence_s=60.0, blinking=None)
    point_defence: tuple[Protection, ...] = ()
    engage_on_remote: Flag = False
    """whether a launch may rest on another unit's track"""
    reengage_after_s: Time = Field(0.0, alias="reengage_after")
    identification: IdentificationDoctrine = IdentificationDoctrine()
