"""Builds the typed SI views of `specs` from catalogue figures."""

import math
from typing import TYPE_CHECKING, NamedTuple

from openiads.catalogue.figure import Figure, Spread
from openiads.catalogue.specs import CommandPostSpec, FeedSpec, FireUnitSpec, GunSpec, JammerSpec, MissileSpec, RadarSpec, TargetSpec

if TYPE_CHECKING:
    from openiads.catalogue.model import Catalogue, System

BANDS = ("VHF", "L", "S", "C", "X")
_NOTHING = Spread(0.0, 0.0, 0.0)


class Section(NamedTuple):
    """The figures and texts of a catalogue that stand under one dotted path."""

    catalogue: "Catalogue"
    base: str

    def figure(self, key: str) -> Figure:
        """Return a figure."""
        return self.catalogue.figure(f"{self.base}.{key}")

    def si(self, key: str) -> float:
        """Return the value of a figure in its SI unit."""
        return self.figure(key).si

    def whole(self, key: str) -> int:
        """Return a count."""
        return round(self.si(key))

    def spread(self, key: str) -> Spread:
        """Return the value of a figure and its spread, in its SI unit."""
        return self.figure(key).spread

    def optional(self, key: str) -> Spread | None:
        """Return the value and spread of a figure that need not be there."""
        return self.spread(key) if self.has(key) else None

    def text(self, key: str) -> str:
        """Return a word."""
        return self.catalogue.text(f"{self.base}.{key}")

    def has(self, key: str) -> bool:
        """Whether there is such a figure, its own or a shared default."""
        return self.catalogue.has(f"{self.base}.{key}")

    def names(self, key: str) -> tuple[str, ...]:
        """Return the names one level below."""
        return self.catalogue.names(f"{self.base}.{key}")


def radar(catalogue: "Catalogue", base: str, name: str) -> RadarSpec:
    """Return the radar whose figures stand under ``base``."""
    of = Section(catalogue, base)
    mobile = of.si("antenna_mobile")
    return RadarSpec(
        name=name,
        role=of.text("role"),
        band=of.text("band"),
        measures=frozenset(of.text("measures").split()),
        default_configuration=of.text("default_configuration"),
        frequency_hz=of.si("frequency"),
        reference_range_m=of.si("reference_range"),
        reference_rcs_m2=of.si("reference_rcs"),
        reference_pd=of.si("reference_pd"),
        reference_pfa=of.si("reference_pfa"),
        swerling=of.whole("swerling"),
        pulses=of.whole("pulses"),
        instrumented_range_m=of.si("instrumented_range"),
        scan_period_s=of.si("scan_period"),
        track_period_s=of.si("track_period"),
        azimuth_sector_rad=min(of.si("azimuth_sector"), 2.0 * math.pi),
        search_sector_rad=min(of.si("search_sector" if of.has("search_sector") else "azimuth_sector"), 2.0 * math.pi),
        slew_rate_rps=of.si("slew_rate"),
        elevation_min_rad=of.si("elevation_min"),
        elevation_max_rad=of.si("elevation_max"),
        beamwidth_azimuth_rad=of.si("beamwidth_azimuth"),
        beamwidth_elevation_rad=of.si("beamwidth_elevation"),
        gain_db=of.si("gain"),
        sidelobe_db=of.si("sidelobe"),
        bandwidth_hz=of.si("bandwidth"),
        noise_temperature_k=of.si("noise_temperature"),
        losses_db=of.si("losses"),
        peak_power_w=of.si("peak_power"),
        pulse_s=of.si("pulse_length"),
        range_error_m=of.si("range_error"),
        azimuth_error_rad=of.si("azimuth_error"),
        elevation_error_rad=of.si("elevation_error"),
        radial_speed_error_mps=of.si("radial_speed_error"),
        range_bias_m=of.si("range_bias"),
        azimuth_bias_rad=of.si("azimuth_bias"),
        resolution_range_m=of.si("range_resolution"),
        minimum_radial_speed_mps=of.si("minimum_radial_speed"),
        false_plots_per_scan=of.si("false_plots_per_scan"),
        jamming_margin_db=of.si("jamming_margin"),
        scan_loss_exponent=of.si("scan_loss_exponent"),
        antenna_mobile_m=mobile,
        antenna_masted_m=of.si("antenna_masted") if of.has("antenna_masted") else mobile,
        simultaneous_targets=of.whole("simultaneous_targets"),
        simultaneous_missiles=of.whole("simultaneous_missiles"),
        tracks=of.whole("tracks"),
        availability=of.si("availability"),
    )


def missile(catalogue: "Catalogue", base: str, name: str) -> MissileSpec:
    """Return the missile whose figures stand under ``base``."""
    of = Section(catalogue, base)
    return MissileSpec(
        name=name,
        range_min_m=of.si("range_min"),
        range_max_m=of.si("range_max"),
        range_share_crossing=of.si("range_share_crossing"),
        range_share_receding=of.si("range_share_receding"),
        elevation_max_rad=of.si("intercept_elevation_max"),
        altitude_min_m=of.si("altitude_min"),
        altitude_max_m=of.si("altitude_max"),
        speed_mps=of.si("speed"),
        mean_speed_mps=of.si("mean_speed"),
        flight_time_max_s=of.si("flight_time_max"),
        max_target_speed_mps=of.si("max_target_speed"),
        range_max_ballistic_m=of.si("range_max_ballistic"),
        altitude_min_ballistic_m=of.si("altitude_min_ballistic"),
        altitude_max_ballistic_m=of.si("altitude_max_ballistic"),
        support=of.text("support"),
        handover_s=of.si("handover"),
        reliability=of.si("reliability"),
        unit_cost_usd=of.optional("unit_cost"),
    )


def gun(catalogue: "Catalogue", base: str, name: str) -> GunSpec:
    """Return the gun whose figures stand under ``base``."""
    of = Section(catalogue, base)
    return GunSpec(
        name=name,
        range_min_m=of.si("range_min"),
        range_max_m=of.si("range_max"),
        altitude_max_m=of.si("altitude_max"),
        max_target_speed_mps=of.si("max_target_speed"),
        ready_rounds=of.whole("ready_rounds"),
        rate_rps=of.si("rate_of_fire"),
        burst_s=of.si("burst"),
        pk_burst_near=of.si("pk_burst_near"),
        pk_burst_far=of.si("pk_burst_far"),
    )


def fire_unit(catalogue: "Catalogue", system: "System") -> FireUnitSpec:
    """Return the fire unit of a system."""
    key, launcher = system.key, f"{system.key}.launchers.{system.launcher or 'none'}"
    timing, held = Section(catalogue, f"{key}.timing"), Section(catalogue, launcher)
    deploy_s = timing.si("deploy_time")
    roles: dict[str, tuple[str, ...]] = {}
    for name in system.radars:
        role = catalogue.text(f"{key}.radars.{name}.role")
        roles[role] = (*roles.get(role, ()), name)
    return FireUnitSpec(
        name=key,
        kind=system.fire_unit,
        reaction_s=timing.si("reaction_time"),
        kill_chain_delay_s=timing.si("kill_chain_delay"),
        standby_to_ready_s=timing.si("standby_to_ready"),
        deploy_s=deploy_s,
        deploy_masted_s=timing.si("deploy_time_masted") if timing.has("deploy_time_masted") else deploy_s,
        launchers=held.whole("launchers_per_fire_unit"),
        missiles_per_launcher={name: per_launcher(catalogue, launcher, name) for name in system.missiles},
        default_load={name: held.whole(f"default_load.{name}") for name in catalogue.names(f"{launcher}.default_load")},
        launch_interval_s=held.si("launch_interval"),
        reload_s=held.si("reload_time"),
        reloaded_at_once=held.whole("reloaded_at_once"),
        availability_launcher=held.si("availability"),
        command_post=_command_post(catalogue, system),
        radars=roles,
        missiles=system.missiles,
        guns=system.guns,
    )


def per_launcher(catalogue: "Catalogue", launcher: str, name: str) -> int:
    """Return how many missiles of one type a launcher holds; ``launcher`` is its path."""
    own = f"{launcher}.missiles_per_launcher.{name}"
    if own in catalogue.figures:
        return round(catalogue.figures[own].si)
    tubes = catalogue.figure(f"{launcher}.missiles_per_launcher").si
    small = catalogue.texts.get(f"{launcher.split('.', 1)[0]}.missiles.{name}.container") == "small"
    return round(tubes * catalogue.figure(f"{launcher}.small_missiles_per_tube").si) if small else round(tubes)


def _command_post(catalogue: "Catalogue", system: "System") -> CommandPostSpec | None:
    if system.command_post is None:
        return None
    of = Section(catalogue, f"{system.key}.command_post.{system.command_post}")
    return CommandPostSpec(
        name=system.command_post,
        battalions_controlled=of.whole("battalions_controlled"),
        simultaneous_targets=of.whole("simultaneous_targets"),
        simultaneous_missiles=of.whole("simultaneous_missiles"),
        tracks=of.whole("tracks"),
    )


def target(catalogue: "Catalogue", name: str) -> TargetSpec:
    """Return a target class."""
    of = Section(catalogue, f"targets.{name}")
    bands = of.names("rcs_band")
    return TargetSpec(
        name=name,
        title=of.text("name"),
        kind=of.text("kind"),
        crewed=catalogue.targets[name].crewed,
        is_manoeuvring=catalogue.targets[name].manoeuvring,
        speed_mps=of.spread("speed"),
        altitude_m=of.spread("altitude"),
        rcs_m2=of.spread("rcs"),
        rcs_band_db={band: of.spread(f"rcs_band.{band}") if band in bands else _NOTHING for band in BANDS},
        rcs_aspect_db={aspect: of.spread(f"rcs_aspect.{aspect}") for aspect in ("nose", "beam", "tail")},
        swerling=round(of.spread("swerling").value),
        pk=of.spread("pk"),
        hit_probability=of.spread("hit_probability"),
        soft_kill=of.spread("soft_kill"),
        max_g=of.figure("max_load").value,
        climb_mps=of.spread("climb").value,
        range_max_m=of.optional("range_max"),
        boost_s=of.spread("boost").value,
        ballistic_coefficient_kgpm2=of.spread("ballistic_coefficient").value,
        unit_cost_usd=of.optional("unit_cost"),
    )


def jammer(catalogue: "Catalogue", name: str) -> JammerSpec:
    """Return the jamming of a target class."""
    of = Section(catalogue, f"targets.{name}.jamming")
    return JammerSpec(
        target_class=name,
        radar=of.text("radar"),
        effect_range_m=of.spread("effect_range"),
        effect_rcs_m2=of.spread("effect_rcs").value,
        jammer_range_m=of.spread("jammer_range"),
        bandwidth_hz=of.spread("bandwidth"),
        bands=tuple(of.text("bands").split()),
    )


def feed(catalogue: "Catalogue", name: str) -> FeedSpec:
    """Return an external air picture."""
    of = Section(catalogue, f"pictures.{name}")
    return FeedSpec(
        name=name,
        delay_s=of.si("delay"),
        period_s=of.si("period"),
        position_error_m=of.si("position_error"),
        height_error_m=of.si("height_error"),
        speed_error_mps=of.si("speed_error"),
        coverage_floor_agl_m=of.si("coverage_floor"),
        report_probability=of.si("report_probability"),
        loss=of.si("loss"),
    )
