"""Everything that flies: hostile, civil and friendly groups, with their routes, children, jammers and identity."""

import math
from typing import Literal

from pydantic import Field

from openiads.scenario.places import AtHeight, Place
from openiads.scenario.quantities import (
    Angle,
    Area,
    Flag,
    Frequency,
    Length,
    Model,
    Name,
    Names,
    PositiveCount,
    PositiveLength,
    PositiveTime,
    Probability,
    SignedLength,
    Speed,
    Text,
    Time,
)

Side = Literal["hostile", "civil", "friendly"]
Duty = Literal["impact", "release", "jam", "decoy", "scout", "transit"]


class Hold(Model):
    """A racetrack flown at a waypoint, its legs along the course."""

    duration_s: PositiveTime = Field(alias="duration")
    leg_m: Length = Field(default=20_000.0, alias="leg")
    radius_m: PositiveLength | None = Field(default=None, alias="radius")
    """of the turns; the tightest that the class can fly when left out"""


class Waypoint(Model):
    """A point of a route; height and speed are kept from the point before where they are left out."""

    at: Place
    height: AtHeight | None = None
    speed_mps: Speed | None = Field(default=None, alias="speed")
    """ground speed from here on; the class's speed when no point says"""
    time_s: Time | None = Field(default=None, alias="time")
    """when the first member is here, from the scenario's start; takes the place of the speed before it"""
    hold: Hold | None = None
    late: Flag = False
    """keep the height of the leg until the change to this one just fits: a final climb or dive"""


class Release(Model):
    """When a child leaves its parent: at a time, at one of the parent's waypoints, or within a distance of the child's aim."""

    time_s: Time | None = Field(default=None, alias="time")
    waypoint: PositiveCount | None = None
    """number of the parent's waypoint, from 1"""
    range_m: PositiveLength | None = Field(default=None, alias="range")
    """ground distance from parent to aim"""


class Ballistic(Model):
    """An unpowered arc from a launch point to the aim."""

    origin: Place = Field(alias="from")
    kind: Literal["minimum-energy", "lofted", "depressed"] = "minimum-energy"
    """lofted and depressed: 1.5 and 0.6 times the apogee of minimum energy"""
    apogee_m: PositiveLength | None = Field(default=None, alias="apogee")
    """height of the highest point above sea level; takes the place of ``kind``"""


class Skip(Model):
    """A regular wave of the gliding height."""

    height_m: Length = Field(alias="height")
    length_m: PositiveLength = Field(alias="length")


class Glide(Model):
    """A boost-glide flight along the geodesic from its origin to the aim, then a dive."""

    origin: Place = Field(alias="from")
    height: AtHeight
    """where the glide begins"""
    speed_mps: Speed = Field(alias="speed")
    """where the glide begins"""
    end_speed_mps: Speed | None = Field(default=None, alias="end_speed")
    """where the dive begins; that of the beginning when left out"""
    kind: Literal["level", "equilibrium", "skips"] = "level"
    skip: Skip | None = None
    dive_angle_rad: Angle = Field(default=math.radians(45.0), alias="dive_angle")
    impact_speed_mps: Speed = Field(default=900.0, alias="impact_speed")
    climb_m: Length = Field(default=0.0, alias="climb")
    """ground distance over which it climbs to the glide; 0 when it begins gliding"""
    climb_speed_mps: Speed = Field(default=500.0, alias="climb_speed")


class TrackFile(Model):
    """A recorded flight in a file beside the scenario (CSV, GeoJSON or ADS-B JSON)."""

    file: Name
    flight: Name | None = None
    """call sign or id to take where the file holds several"""
    from_s: Time = Field(default=0.0, alias="from")
    """seconds of the recording to leave out at its start"""
    to_s: Time | None = Field(default=None, alias="to")
    jumps: Literal["refuse", "reported", "flown"] = "refuse"
    """what a jump of the recorded position is: an error, what the cooperative source says, or the true path"""


class Offset(Model):
    """A constant error of what a cooperative source says about its position."""

    east_m: SignedLength = Field(default=0.0, alias="east")
    north_m: SignedLength = Field(default=0.0, alias="north")
    up_m: SignedLength = Field(default=0.0, alias="up")
    from_s: Time = Field(default=0.0, alias="from")
    to_s: Time | None = Field(default=None, alias="to")


class Iff(Model):
    """Identification friend or foe, or the civil transponder."""

    equipped: Flag = True
    failure: Probability | None = None
    """chance that the set fails for the whole flight; the catalogue's when left out"""
    reply: Probability | None = None
    """chance of a reply to one interrogation; without it that of ``identification``"""


class JamEffect(Model):
    """How strong a jammer is: the range at which a radar sees 5 m2 on the jammed bearing."""

    radar: Name
    """a catalogue radar (system/radar) or a radar of the scenario (site/radar)"""
    range_m: PositiveLength = Field(alias="range")
    at_range_m: PositiveLength | None = Field(default=None, alias="from")
    """distance of the jammer from the radar at which this holds; without it, the class's stand-off distance"""


class Jammer(Model):
    """A noise jammer, specified by its effect; what is left out is the catalogue's for the class."""

    effect: JamEffect | None = None
    bandwidth_hz: Frequency | None = Field(default=None, alias="bandwidth")
    bands: tuple[Literal["VHF", "L", "S", "C", "X"], ...] | None = None
    starts_s: Time = Field(default=0.0, alias="starts")
    stops_s: Time | None = Field(default=None, alias="stops")


class TurnBack(Model):
    """The alternative of a crewed flight that turns back: the place it goes to, where it ends."""

    to: Place
    height: AtHeight | None = None
    """there; that of the turn when left out"""
    speed_mps: Speed | None = Field(default=None, alias="speed")
    """from the turn on; that of the turn when left out"""


class Group(Model):
    """One object, or a group of equal ones."""

    name: Name
    side: Side
    duty: Duty = "transit"
    target_class: Name = Field(alias="class")
    count: PositiveCount = 1
    spacing_s: Time = Field(default=0.0, alias="spacing")
    """between the starts (or releases) of members"""
    arrivals: Literal["even", "poisson"] = "even"
    """poisson: the times between members, and before the first, are exponential with ``spacing`` as mean, drawn each replication"""
    last_start_s: Time | None = Field(default=None, alias="last_start")
    """a member that would start later does not come: with poisson arrivals the number of members is a Poisson draw up to ``count``"""
    spread_m: Length = Field(default=0.0, alias="spread")
    """width over which members fly abreast, evenly, across the route"""
    start_s: Time = Field(default=0.0, alias="start")
    start_jitter_s: Time = Field(default=0.0, alias="start_jitter")
    """half-width of a uniform error of the start, drawn once a group and replication"""
    route: tuple[Waypoint, ...] = ()
    ballistic: Ballistic | None = None
    glide: Glide | None = None
    track: TrackFile | None = None
    released_by: Name | None = None
    """the group whose members carry these: member k is carried by parent member k modulo their number"""
    release: Release | None = None
    """without it, where the parent comes nearest to the first point of this route, or to the aim where there is no route"""
    aim: Names | None = None
    """assets, sites or radars (site/radar); members take them in turn"""
    aim_at: Place | None = None
    """a point aimed at, where it is none of the named things"""
    on_engaged: Literal["continue", "turn_back"] = "continue"
    turn_back: TurnBack | None = None
    """where a flight goes that turns back, engaged or from a closed airspace; without it, half a turn and straight on"""
    on_closure: Literal["continue", "leave", "stay"] = "continue"
    """what a civil flight does when the airspace closes: nothing; turn back, or not set out; fly on, or not set out"""
    airway: Name | None = None
    """the airway or corridor that its flight plan names"""
    flight_plan: Flag = True
    iff: Iff | None = None
    """without it: civil and friendly flights are equipped, hostile ones are not"""
    emits: Flag | None = None
    """whether passive sensors hear it; without it the class decides"""
    jammer: Jammer | None = Field(default_factory=lambda kept: Jammer() if kept.get("duty") == "jam" else None)
    """without it, the catalogue's for the class when the duty is jam, and none otherwise"""
    rcs_m2: Area | None = Field(default=None, alias="rcs")
    """overrides the class's cross-section"""
    reported_offset: Offset | None = None
    soft_kill: Probability = 0.0
    """chance of being lost to jamming or decoys without being hit"""
    availability: Probability = 1.0
    """chance that a member comes at all"""
    about: Text = ""
