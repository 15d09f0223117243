"""Builds the typed SI views of `specs` from catalogue figures."""

import math
from typing import TYPE_CHECKING

from openiads.catalogue.figure import Spread
from openiads.catalogue.specs import CommandPostSpec, FeedSpec, FireUnitSpec, GunSpec, JammerSpec, MissileSpec, RadarSpec, TargetSpec

if TYPE_CHECKING:
    from openiads.catalogue.model import Catalogue, System

BANDS = ("VHF", "L", "S", "C", "X")
_NOTHING = Spread(0.0, 0.0, 0.0)


def radar(catalogue: "Catalogue", base: str, name: str) -> RadarSpec:
    """Return the radar whose figures stand under ``base``."""

    def si(key: str) -> float:
        return catalogue.figure(f"{base}.{key}").si

    def whole(key: str) -> int:
        return round(si(key))

    mobile = si("antenna_mobile")
    return RadarSpec(
        name=name,
        role=catalogue.text(f"{base}.role"),
        band=catalogue.text(f"{base}.band"),
        measures=frozenset(catalogue.text(f"{base}.measures").split()),
        default_configuration=catalogue.text(f"{base}.default_configuration"),
        frequency_hz=si("frequency"),
        reference_range_m=si("reference_range"),
        reference_rcs_m2=si("reference_rcs"),
        reference_pd=si("reference_pd"),
        reference_pfa=si("reference_pfa"),
        swerling=whole("swerling"),
        pulses=whole("pulses"),
        instrumented_range_m=si("instrumented_range"),
        scan_period_s=si("scan_period"),
        track_period_s=si("track_period"),
        azimuth_sector_rad=min(si("azimuth_sector"), 2.0 * math.pi),
        search_sector_rad=min(si("search_sector" if catalogue.has(f"{base}.search_sector") else "azimuth_sector"), 2.0 * math.pi),
        slew_rate_rps=si("slew_rate"),
        elevation_min_rad=si("elevation_min"),
        elevation_max_rad=si("elevation_max"),
        beamwidth_azimuth_rad=si("beamwidth_azimuth"),
        beamwidth_elevation_rad=si("beamwidth_elevation"),
        gain_db=si("gain"),
        sidelobe_db=si("sidelobe"),
        bandwidth_hz=si("bandwidth"),
        noise_temperature_k=si("noise_temperature"),
        losses_db=si("losses"),
        range_error_m=si("range_error"),
        azimuth_error_rad=si("azimuth_error"),
        elevation_error_rad=si("elevation_error"),
        radial_speed_error_mps=si("radial_speed_error"),
        range_bias_m=si("range_bias"),
        azimuth_bias_rad=si("azimuth_bias"),
        resolution_range_m=si("range_resolution"),
        minimum_radial_speed_mps=si("minimum_radial_speed"),
        false_plots_per_scan=si("false_plots_per_scan"),
        jamming_margin_db=si("jamming_margin"),
        scan_loss_exponent=si("scan_loss_exponent"),
        antenna_mobile_m=mobile,
        antenna_masted_m=si("antenna_masted") if catalogue.has(f"{base}.antenna_masted") else mobile,
        simultaneous_targets=whole("simultaneous_targets"),
        simultaneous_missiles=whole("simultaneous_missiles"),
        tracks=whole("tracks"),
        availability=si("availability"),
    )


def missile(catalogue: "Catalogue", base: str, name: str) -> MissileSpec:
    """Return the missile whose figures stand under ``base``."""

    def si(key: str) -> float:
        return catalogue.figure(f"{base}.{key}").si

    return MissileSpec(
        name=name,
        range_min_m=si("range_min"),
        range_max_m=si("range_max"),
        range_share_crossing=si("range_share_crossing"),
        range_share_receding=si("range_share_receding"),
        elevation_max_rad=si("intercept_elevation_max"),
        altitude_min_m=si("altitude_min"),
        altitude_max_m=si("altitude_max"),
        speed_mps=si("speed"),
        mean_speed_mps=si("mean_speed"),
        flight_time_max_s=si("flight_time_max"),
        max_target_speed_mps=si("max_target_speed"),
        range_max_ballistic_m=si("range_max_ballistic"),
        altitude_min_ballistic_m=si("altitude_min_ballistic"),
        altitude_max_ballistic_m=si("altitude_max_ballistic"),
        support=catalogue.text(f"{base}.support"),
        handover_s=si("handover"),
        reliability=si("reliability"),
        unit_cost_usd=_optional(catalogue, f"{base}.unit_cost"),
    )


def gun(catalogue: "Catalogue", base: str, name: str) -> GunSpec:
    """Return the gun whose figures stand under ``base``."""

    def si(key: str) -> float:
        return catalogue.figure(f"{base}.{key}").si

    return GunSpec(
        name=name,
        range_min_m=si("range_min"),
        range_max_m=si("range_max"),
        altitude_max_m=si("altitude_max"),
        max_target_speed_mps=si("max_target_speed"),
        ready_rounds=round(si("ready_rounds")),
        rate_rps=si("rate_of_fire"),
        burst_s=si("burst"),
        pk_burst_near=si("pk_burst_near"),
        pk_burst_far=si("pk_burst_far"),
    )


def fire_unit(catalogue: "Catalogue", system: "System") -> FireUnitSpec:
    """Return the fire unit of a system."""
    key, launcher = system.key, f"{system.key}.launchers.{system.launcher or 'none'}"

    def si(path: str) -> float:
        return catalogue.figure(path).si

    deploy_s = si(f"{key}.timing.deploy_time")
    masted = f"{key}.timing.deploy_time_masted"
    roles: dict[str, tuple[str, ...]] = {}
    for name in system.radars:
        role = catalogue.text(f"{key}.radars.{name}.role")
        roles[role] = (*roles.get(role, ()), name)
    return FireUnitSpec(
        name=key,
        kind=system.fire_unit,
        reaction_s=si(f"{key}.timing.reaction_time"),
        kill_chain_delay_s=si(f"{key}.timing.kill_chain_delay"),
        standby_to_ready_s=si(f"{key}.timing.standby_to_ready"),
        deploy_s=deploy_s,
        deploy_masted_s=si(masted) if catalogue.has(masted) else deploy_s,
        launchers=round(si(f"{launcher}.launchers_per_fire_unit")),
        missiles_per_launcher={name: per_launcher(catalogue, launcher, name) for name in system.missiles},
        default_load={name: round(si(f"{launcher}.default_load.{name}")) for name in catalogue.names(f"{launcher}.default_load")},
        launch_interval_s=si(f"{launcher}.launch_interval"),
        reload_s=si(f"{launcher}.reload_time"),
        reloaded_at_once=round(si(f"{launcher}.reloaded_at_once")),
        availability_launcher=si(f"{launcher}.availability"),
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
    base = f"{system.key}.command_post.{system.command_post}"

    def whole(key: str) -> int:
        return round(catalogue.figure(f"{base}.{key}").si)

    return CommandPostSpec(
        name=system.command_post,
        battalions_controlled=whole("battalions_controlled"),
        simultaneous_targets=whole("simultaneous_targets"),
        simultaneous_missiles=whole("simultaneous_missiles"),
        tracks=whole("tracks"),
    )


def target(catalogue: "Catalogue", name: str) -> TargetSpec:
    """Return a target class."""
    base = f"targets.{name}"

    def spread(key: str) -> Spread:
        return catalogue.figure(f"{base}.{key}").spread

    bands = catalogue.names(f"{base}.rcs_band")
    return TargetSpec(
        name=name,
        title=catalogue.text(f"{base}.name"),
        kind=catalogue.text(f"{base}.kind"),
        crewed=catalogue.targets[name].crewed,
        is_manoeuvring=catalogue.targets[name].manoeuvring,
        speed_mps=spread("speed"),
        altitude_m=spread("altitude"),
        rcs_m2=spread("rcs"),
        rcs_band_db={band: spread(f"rcs_band.{band}") if band in bands else _NOTHING for band in BANDS},
        rcs_aspect_db={aspect: spread(f"rcs_aspect.{aspect}") for aspect in ("nose", "beam", "tail")},
        swerling=round(spread("swerling").value),
        pk=spread("pk"),
        hit_probability=spread("hit_probability"),
        soft_kill=spread("soft_kill"),
        max_g=catalogue.figure(f"{base}.max_load").value,
        climb_mps=spread("climb").value,
        range_max_m=_optional(catalogue, f"{base}.range_max"),
        boost_s=spread("boost").value,
        ballistic_coefficient_kgpm2=spread("ballistic_coefficient").value,
        unit_cost_usd=_optional(catalogue, f"{base}.unit_cost"),
    )


def jammer(catalogue: "Catalogue", name: str) -> JammerSpec:
    """Return the jamming of a target class."""
    base = f"targets.{name}.jamming"

    def spread(key: str) -> Spread:
        return catalogue.figure(f"{base}.{key}").spread

    return JammerSpec(
        target_class=name,
        radar=catalogue.text(f"{base}.radar"),
        effect_range_m=spread("effect_range"),
        effect_rcs_m2=spread("effect_rcs").value,
        jammer_range_m=spread("jammer_range"),
        bandwidth_hz=spread("bandwidth"),
        bands=tuple(catalogue.text(f"{base}.bands").split()),
    )


def feed(catalogue: "Catalogue", name: str) -> FeedSpec:
    """Return an external air picture."""

    def si(key: str) -> float:
        return catalogue.figure(f"pictures.{name}.{key}").si

    return FeedSpec(
        name=name,
        delay_s=si("delay"),
        period_s=si("period"),
        position_error_m=si("position_error"),
        height_error_m=si("height_error"),
        speed_error_mps=si("speed_error"),
        coverage_floor_agl_m=si("coverage_floor"),
        report_probability=si("report_probability"),
        loss=si("loss"),
    )


def _optional(catalogue: "Catalogue", path: str) -> Spread | None:
    return catalogue.figure(path).spread if catalogue.has(path) else None
