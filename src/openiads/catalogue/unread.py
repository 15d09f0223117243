"""Figures of the catalogue that no battle reads: they document, or stand for a field that scenarios state themselves."""

import fnmatch

OF_SCENARIO = {
    "doctrine.chance.salvo_correlation": "doctrine.salvo_correlation",
    "doctrine.chance.night_sigma": "doctrine.night_effect",
    "doctrine.identification.alert_factor": "doctrine.identification.alert_factor",
    "doctrine.identification.timeout_to_fire": "doctrine.identification.timeout_to_fire",
    "doctrine.identification.registration_error": "sites.NAME.radars.NAME.registration_bias",
    "doctrine.damage.hits_to_stop_asset": "assets.NAME.hits_to_stop",
}
_PATTERNS = (
    "reference.*",
    "*.effectiveness.*",
    "*.organisation.*",
    "*.radars.*.points.*",
    "*.radars.*.aperture_*",
    "*.radars.*.track_period",
    "*.radars.*.search_sector",
    "defaults.radar.track_period",
    "defaults.radar.range_bias",
    "defaults.radar.azimuth_bias",
    "defaults.missile.range_max_ballistic",
    "defaults.launcher.missiles_per_launcher",
    "*.missiles.*.flight_time_max",
    "*.launchers.*.ready_missiles_per_fire_unit",
    "*.launchers.*.missiles_per_launcher.*",
    "*.command_post.*.battalions_controlled",
    "pictures.*.speed_error",
    "targets.*.boost",
    "targets.*.standoff_distance",
    "targets.*.jamming.effect_rcs",
    "defaults.target.boost",
    "doctrine.chance.battery_sigma",
    "doctrine.chance.target_sigma",
    "doctrine.identification.gate_error",
    "doctrine.identification.corridor_adherence",
)

_COSTS = ("*.missiles.*.unit_cost", "targets.*.unit_cost")  # no battle reads them; the account of what was spent does


def unread(path: str) -> str | None:
    """Return what to do in place of changing a figure that no battle reads; None for a figure that battles read."""
    if path in OF_SCENARIO:
        return f"change what the scenario states, {OF_SCENARIO[path]}"
    return "leave it out" if any(fnmatch.fnmatchcase(path, pattern) for pattern in (*_PATTERNS, *_COSTS)) else None


def dead(path: str) -> str | None:
    """Return what to do in place of setting a figure that nothing reads, no battle and no account of costs; None for any other."""
    return None if any(fnmatch.fnmatchcase(path, pattern) for pattern in _COSTS) else unread(path)
