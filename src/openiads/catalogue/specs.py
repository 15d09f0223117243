"""Typed views of catalogue figures in SI units: what a planner needs to know of a radar, missile, gun, fire unit or target."""

from collections.abc import Mapping
from dataclasses import dataclass

from openiads.catalogue.figure import Spread


@dataclass(frozen=True, slots=True)
class RadarSpec:
    """One sensor. Angles in radians, levels in dB, error figures are one standard deviation.

    ``antenna_masted_m`` equals ``antenna_mobile_m`` where no mast is known. ``track_period_s`` is the revisit of a track
    in being (the scan period for a rotating antenna). ``azimuth_sector_rad`` is 2 pi for all-round sensors.
    """

    name: str
    role: str  # acquisition | engagement | multifunction | optical | passive
    band: str  # VHF | L | S | C | X | optical
    measures: frozenset[str]  # of range, azimuth, elevation, speed
    default_configuration: str  # mobile | masted
    frequency_hz: float
    reference_range_m: float
    reference_rcs_m2: float
    reference_pd: float
    reference_pfa: float
    swerling: int
    pulses: int
    instrumented_range_m: float
    scan_period_s: float
    track_period_s: float
    azimuth_sector_rad: float
    search_sector_rad: float  # where it looks for new targets; the azimuth sector unless published apart
    slew_rate_rps: float  # of the sector; 0 = fixed or not needed
    elevation_min_rad: float
    elevation_max_rad: float
    beamwidth_azimuth_rad: float
    beamwidth_elevation_rad: float
    gain_db: float
    sidelobe_db: float  # negative, relative to the peak
    bandwidth_hz: float
    noise_temperature_k: float
    losses_db: float
    peak_power_w: float  # 0: not public
    pulse_s: float  # 0: not public
    range_error_m: float
    azimuth_error_rad: float
    elevation_error_rad: float
    radial_speed_error_mps: float
    range_bias_m: float
    azimuth_bias_rad: float
    resolution_range_m: float
    minimum_radial_speed_mps: float
    false_plots_per_scan: float
    jamming_margin_db: float
    scan_loss_exponent: float  # of the cosine off broadside, one-way; for arrays that look aside electronically
    antenna_mobile_m: float
    antenna_masted_m: float
    simultaneous_targets: int  # 0 for a sensor without fire channels
    simultaneous_missiles: int
    tracks: int
    availability: float

    @property
    def emits(self) -> bool:
        """Whether the sensor radiates when it works."""
        return self.role not in ("optical", "passive")


@dataclass(frozen=True, slots=True)
class MissileSpec:
    """One interceptor type: an envelope, a time of flight and how long it needs support; nothing about homing.

    ``range_max_ballistic_m`` is 0 for a missile that is not rated against ballistic targets.
    """

    name: str
    range_min_m: float
    range_max_m: float
    range_share_crossing: float  # of range_max_m against a crossing target, and against one that flies away
    range_share_receding: float
    elevation_max_rad: float  # dead zone overhead above it
    altitude_min_m: float
    altitude_max_m: float
    speed_mps: float  # peak
    mean_speed_mps: float  # to maximum range
    flight_time_max_s: float
    max_target_speed_mps: float
    range_max_ballistic_m: float
    altitude_min_ballistic_m: float
    altitude_max_ballistic_m: float
    support: str  # to_intercept | until_handover
    handover_s: float  # before intercept; 0 for to_intercept
    reliability: float
    unit_cost_usd: Spread | None

    @property
    def rated_against_ballistic(self) -> bool:
        """Whether public figures give any capability against ballistic targets."""
        return self.range_max_ballistic_m > 0.0


@dataclass(frozen=True, slots=True)
class GunSpec:
    """A gun as bursts with a kill probability that falls from near to far range."""

    name: str
    range_min_m: float
    range_max_m: float
    altitude_max_m: float
    max_target_speed_mps: float
    ready_rounds: int
    rate_rps: float
    burst_s: float
    pk_burst_near: float
    pk_burst_far: float


@dataclass(frozen=True, slots=True)
class CommandPostSpec:
    """The command post above the fire units: what it can carry at once."""

    name: str
    battalions_controlled: int
    simultaneous_targets: int
    simultaneous_missiles: int
    tracks: int


@dataclass(frozen=True, slots=True)
class FireUnitSpec:
    """One fire unit (battalion, battery or vehicle) as organised, with a full default load."""

    name: str
    kind: str  # battalion | battery | vehicle | none
    reaction_s: float
    kill_chain_delay_s: float
    standby_to_ready_s: float
    deploy_s: float
    deploy_masted_s: float
    launchers: int
    missiles_per_launcher: Mapping[str, int]  # rounds of one type that a launcher holds
    default_load: Mapping[str, int]
    launch_interval_s: float
    reload_s: float
    reloaded_at_once: int
    availability_launcher: float
    command_post: CommandPostSpec | None
    radars: Mapping[str, tuple[str, ...]]  # role -> names
    missiles: tuple[str, ...]
    guns: tuple[str, ...]

    @property
    def ready_missiles(self) -> int:
        """Missiles ready to fire with the default load."""
        return sum(self.default_load.values())


@dataclass(frozen=True, slots=True)
class TargetSpec:
    """One class of airborne object; ``rcs`` is nose-on at microwave (X band) in m2.

    ``rcs_band_db`` adds to it by band, ``rcs_aspect_db`` by aspect (nose, beam, tail). ``pk`` is the conditional kill
    probability of one reliable, supported, in-envelope round, the same for every system (equal ignorance).
    """

    name: str
    title: str
    kind: str
    crewed: bool
    is_manoeuvring: bool
    speed_mps: Spread
    altitude_m: Spread
    rcs_m2: Spread
    rcs_band_db: Mapping[str, Spread]
    rcs_aspect_db: Mapping[str, Spread]
    swerling: int
    pk: Spread
    hit_probability: Spread
    soft_kill: Spread
    max_g: float
    climb_mps: float
    range_max_m: Spread | None
    boost_s: float  # 0 unless ballistic
    ballistic_coefficient_kgpm2: float  # 0 unless ballistic
    unit_cost_usd: Spread | None

    @property
    def max_speed_mps(self) -> float:
        """Highest speed of the class."""
        return self.speed_mps.high

    @property
    def is_ballistic(self) -> bool:
        """Whether the class flies a ballistic arc (only rated missiles may engage it)."""
        return self.kind == "ballistic"


@dataclass(frozen=True, slots=True)
class JammerSpec:
    """A noise jammer stated by its effect: ``radar`` sees ``effect_rcs_m2`` at ``effect_range_m`` on the jammed bearing."""

    target_class: str
    radar: str  # system/radar, such as s-400/91N6E
    effect_range_m: Spread
    effect_rcs_m2: float
    jammer_range_m: Spread
    bandwidth_hz: Spread
    bands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """An external track feed: what reaches the unit from a wider air picture."""

    name: str
    delay_s: float
    period_s: float
    position_error_m: float
    height_error_m: float
    speed_error_mps: float
    coverage_floor_agl_m: float
    report_probability: float
    loss: float
