"""Rules about missiles, guns, launchers, channels and command posts."""

import math
from collections.abc import Iterator

from openiads.catalogue.model import Catalogue
from openiads.catalogue.plausibility.finding import Finding, Group, groups
from openiads.catalogue.views import per_launcher

TIME_TOLERANCE = 0.97


def missile_faster_than_its_flight_time(catalogue: Catalogue) -> Iterator[Finding]:
    """A missile reaches its maximum range in its flight time at no more than its peak and no less than its mean speed."""
    for missile in groups(catalogue, "missiles"):
        values = missile.values("range_max", "flight_time_max", "speed", "mean_speed")
        if not values:
            continue
        range_m, time_s, peak_mps, mean_mps = values
        if range_m > peak_mps * time_s:
            said = f"{range_m / 1e3:.0f} km in {time_s:.0f} s needs {range_m / time_s:.0f} m/s, and the peak is {peak_mps:.0f} m/s"
            yield missile.finding("missile_faster_than_its_flight_time", said, "range_max", "flight_time_max", "speed")
        elif mean_mps * time_s < TIME_TOLERANCE * range_m:
            said = f"{mean_mps:.0f} m/s for {time_s:.0f} s gives {mean_mps * time_s / 1e3:.0f} km, and the range is {range_m / 1e3:.0f} km"
            yield missile.finding("missile_faster_than_its_flight_time", said, "mean_speed", "flight_time_max", "range_max")


def mean_speed_above_peak(catalogue: Catalogue) -> Iterator[Finding]:
    """The mean speed of a flight cannot exceed its peak."""
    for missile in groups(catalogue, "missiles"):
        values = missile.values("mean_speed", "speed")
        if values and values[0] > values[1]:
            said = f"a mean of {values[0]:.0f} m/s exceeds the peak of {values[1]:.0f} m/s"
            yield missile.finding("mean_speed_above_peak", said, "mean_speed", "speed")


def envelope_in_order(catalogue: Catalogue) -> Iterator[Finding]:
    """The lower ends of an envelope lie below its upper ends."""
    pairs = (("range_min", "range_max"), ("altitude_min", "altitude_max"), ("altitude_min_ballistic", "altitude_max_ballistic"))
    for kind in ("missiles", "guns"):
        for weapon in groups(catalogue, kind):
            for low, high in pairs:
                values = weapon.values(low, high)
                if values and values[0] >= values[1] > 0.0:
                    yield weapon.finding("envelope_in_order", f"{low} {values[0]:g} m is not below {high} {values[1]:g} m", low, high)


def ballistic_reach_beyond_range(catalogue: Catalogue) -> Iterator[Finding]:
    """Reach and height against ballistic targets stay within the missile's own, and a rated missile has heights for it."""
    for missile in groups(catalogue, "missiles"):
        for ballistic, whole in (("range_max_ballistic", "range_max"), ("altitude_max_ballistic", "altitude_max")):
            values = missile.values(ballistic, whole)
            if values and values[0] > values[1]:
                said = f"{ballistic} {values[0] / 1e3:g} km exceeds {whole} {values[1] / 1e3:g} km"
                yield missile.finding("ballistic_reach_beyond_range", said, ballistic, whole)
        rated = missile.values("range_max_ballistic", "altitude_max_ballistic")
        if rated and rated[0] > 0.0 and rated[1] <= 0.0:
            said = "it is rated against ballistic targets and has no heights for them"
            yield missile.finding("ballistic_reach_beyond_range", said, "range_max_ballistic", "altitude_max_ballistic")


def rated_yet_too_slow(catalogue: Catalogue) -> Iterator[Finding]:
    """A missile rated against ballistic targets is allowed their speed: at least that of the slowest Scud."""
    scud = "targets.srbm-scud.speed"
    if scud not in catalogue.figures:
        return
    needed_mps = catalogue.figures[scud].low_si
    for missile in groups(catalogue, "missiles"):
        values = missile.values("range_max_ballistic", "max_target_speed")
        if values and values[0] > 0.0 and values[1] < needed_mps:
            said = f"it is rated against ballistic targets, and its limit of {values[1]:.0f} m/s is below {needed_mps:.0f} m/s"
            yield Finding("rated_yet_too_slow", f"{missile.system} {missile.name}: {said}", (missile.path("max_target_speed"), scud))


def support_and_handover(catalogue: Catalogue) -> Iterator[Finding]:
    """A missile supported to intercept has no handover; another has one, shorter than its flight."""
    for missile in groups(catalogue, "missiles"):
        support, values = catalogue.text(missile.path("support")), missile.values("handover", "flight_time_max")
        if not values:
            continue
        if (support == "to_intercept") != (values[0] == 0.0) or values[0] >= values[1]:
            said = f"support {support} does not fit a handover {values[0]:g} s before intercept in a flight of {values[1]:g} s"
            yield missile.finding("support_and_handover", said, "handover", "flight_time_max")


def missile_outranges_its_radar(catalogue: Catalogue) -> Iterator[Finding]:
    """A missile's range should not exceed what its unit's engagement radar can display."""
    for radar in groups(catalogue, "radars"):
        if catalogue.text(radar.path("role")) not in ("engagement", "multifunction"):
            continue
        shown_m = radar.si("instrumented_range") or math.inf
        for missile in groups(catalogue, "missiles"):
            reach_m = missile.si("range_max") or 0.0
            if missile.system == radar.system and reach_m > shown_m:
                said = f"{missile.system} {missile.name}: {reach_m / 1e3:.0f} km of range, and {radar.name} displays {shown_m / 1e3:.0f} km"
                yield Finding("missile_outranges_its_radar", said, (missile.path("range_max"), radar.path("instrumented_range")))


def missiles_for_targets(catalogue: Catalogue) -> Iterator[Finding]:
    """Whatever engages several targets at once guides at least one missile to each and tracks at least as many."""
    for kind in ("radars", "command_post"):
        for group in groups(catalogue, kind):
            targets = group.si("simultaneous_targets") or 0.0
            for other, verb in (("simultaneous_missiles", "guides"), ("tracks", "tracks")):
                number = group.si(other)
                if number is not None and number < targets:
                    said = f"it engages {targets:g} targets and {verb} {number:g}"
                    yield group.finding("missiles_for_targets", said, "simultaneous_targets", other)


def command_post_total(catalogue: Catalogue) -> Iterator[Finding]:
    """A command post carries at least what one battalion under it engages, and no more than all of them together."""
    for post in groups(catalogue, "command_post"):
        for key in ("simultaneous_targets", "simultaneous_missiles"):
            total, battalions = post.si(key), post.get("battalions_controlled")
            each = [group for group in groups(catalogue, "radars") if group.system == post.system and group.si(key)]
            if total is None or battalions is None or not each:
                continue
            largest = max(each, key=lambda group: group.si(key) or 0.0)
            most = largest.get(key)
            if most and not (most.si <= total <= most.high_si * battalions.high_si):
                said = f"{total:g} {key.replace('_', ' ')} do not fit {battalions.si:g} battalions of {most.si:g}"
                yield Finding("command_post_total", f"{post.system} {post.name}: {said}", (post.path(key), largest.path(key)))


def ready_missiles(catalogue: Catalogue) -> Iterator[Finding]:
    """Ready missiles are launchers times missiles per launcher, and the default load fits the launchers."""
    for launcher in groups(catalogue, "launchers"):
        launchers = launcher.si("launchers_per_fire_unit")
        if launchers is None:
            continue
        values = launcher.values("missiles_per_launcher", "ready_missiles_per_fire_unit")
        if values and launchers * values[0] != values[1]:
            said = f"{launchers:g} launchers of {values[0]:g} missiles are not {values[1]:g} ready missiles"
            keys = ("ready_missiles_per_fire_unit", "launchers_per_fire_unit", "missiles_per_launcher")
            yield launcher.finding("ready_missiles", said, *keys)
        yield from _load_that_does_not_fit(launcher, launchers)


def _load_that_does_not_fit(launcher: Group, launchers: float) -> Iterator[Finding]:
    needed = 0.0
    for name in launcher.catalogue.names(launcher.path("default_load")):
        held = per_launcher(launcher.catalogue, launcher.base, name)
        needed += (launcher.si(f"default_load.{name}") or 0.0) / held if held else math.inf
    if needed > launchers:
        keys = [f"default_load.{name}" for name in launcher.catalogue.names(launcher.path("default_load"))]
        yield launcher.finding("ready_missiles", f"the default load fills {needed:.1f} launchers and there are {launchers:g}", *keys)


def kill_chain_shorter_than_reaction(catalogue: Catalogue) -> Iterator[Finding]:
    """The whole chain with approval takes at least as long as the reaction of the unit alone."""
    for system in catalogue.systems:
        paths = (f"{system}.timing.kill_chain_delay", f"{system}.timing.reaction_time")
        delay_s, reaction_s = (catalogue.figure(path).si for path in paths)
        if delay_s < reaction_s:
            said = f"{system}: the whole chain takes {delay_s:g} s and the reaction alone {reaction_s:g} s"
            yield Finding("kill_chain_shorter_than_reaction", said, paths)


def gun_burst(catalogue: Catalogue) -> Iterator[Finding]:
    """A burst fits the ready rounds, and a gun does not hit better far than near."""
    for gun in groups(catalogue, "guns"):
        values = gun.values("rate_of_fire", "burst", "ready_rounds")
        if values and values[0] * values[1] > values[2]:
            said = f"one burst takes {values[0] * values[1]:.0f} rounds of {values[2]:.0f}"
            yield gun.finding("gun_burst", said, "rate_of_fire", "burst", "ready_rounds")
        chances = gun.values("pk_burst_far", "pk_burst_near")
        if chances and chances[0] > chances[1]:
            yield gun.finding("gun_burst", "a burst hits better at the far edge than at the near one", "pk_burst_far", "pk_burst_near")
