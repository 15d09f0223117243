"""Rules about radars: reach against horizon and brochure, scaling between points, beams, masts."""

import math
from collections.abc import Iterator

from openiads.catalogue.model import Catalogue
from openiads.catalogue.plausibility.finding import Finding, Group, groups
from openiads.units import parse_quantity

EFFECTIVE_DIAMETER_M = 2.0 * 4.0 / 3.0 * 6_371_000.0  # of an earth on which rays are straight
HIGHEST_TARGET_M = 15_000.0
LIGHT_SPEED_MPS = 299_792_458.0
MOBILE_MAX_M = 14.0
MASTS_M = (20.0, 45.0)
MAST_TIME_S = 3600.0
FOURTH_ROOT_TOLERANCE = 0.15
BEAM_FACTOR = (0.75, 1.75)  # beamwidth x aperture / wavelength; 0.89 for an even illumination, more with a taper
GAIN_TOLERANCE_DB = 3.0
PATTERN_DEG2 = 26_000.0  # gain times beamwidths of a practical antenna


def horizon_m(antenna_m: float, target_m: float) -> float:
    """Return the standard radar horizon, as ``earth.refraction.horizon_range`` does, without loading the compiler."""
    return math.sqrt(EFFECTIVE_DIAMETER_M * antenna_m) + math.sqrt(EFFECTIVE_DIAMETER_M * target_m)


def _highest_antenna_m(radar: Group) -> float:
    return max(figure.high_si for key in ("antenna_mobile", "antenna_masted") if (figure := radar.get(key)))


def low_altitude_range_beyond_horizon(catalogue: Catalogue) -> Iterator[Finding]:
    """A claimed range against a low target must not lie beyond the horizon of the radar's highest mast."""
    masts = {radar.name: radar for radar in groups(catalogue, "radars")}
    for name in catalogue.names("reference.low-altitude-detection"):
        base = f"reference.low-altitude-detection.{name}"
        height = catalogue.texts.get(f"{base}.target_height")
        if not isinstance(height, str):
            continue
        sister = next((radar for key, radar in masts.items() if catalogue.text(f"{base}.radar").startswith(key)), None)
        antenna_m = _highest_antenna_m(sister) if sister else MASTS_M[1]
        limit_m, claimed_m = horizon_m(antenna_m, parse_quantity(height, "height")), catalogue.figure(f"{base}.range").si
        if claimed_m > limit_m:
            beyond = f"lies beyond the {limit_m / 1e3:.0f} km horizon of a {antenna_m:.0f} m mast"
            said = f"{claimed_m / 1e3:.0f} km against a target at {height} {beyond}"
            paths = (f"{base}.range", *((sister.path("antenna_masted"),) if sister else ()))
            yield Finding("low_altitude_range_beyond_horizon", f"{catalogue.text(f'{base}.radar')}: {said}", paths)


def reach_against_low_flyers(catalogue: Catalogue) -> Iterator[Finding]:
    """A system's reach against low flyers (100 m) must not lie beyond the horizon of its highest antenna."""
    for system in catalogue.systems:
        path = f"{system}.effectiveness.reach_low_flyer"
        if path not in catalogue.figures:
            continue
        antennas = [_highest_antenna_m(radar) for radar in groups(catalogue, "radars") if radar.system == system]
        limit_m, claimed_m = horizon_m(max(antennas), 100.0), catalogue.figure(path).high_si
        if claimed_m > limit_m:
            said = f"{claimed_m / 1e3:.0f} km against low flyers, and the horizon of its highest antenna is {limit_m / 1e3:.0f} km"
            yield Finding("reach_against_low_flyers", f"{system}: {said}", (path,))


def reference_range_beyond_horizon(catalogue: Catalogue) -> Iterator[Finding]:
    """A reference range must lie within the horizon of a target 15 km high."""
    for radar in groups(catalogue, "radars"):
        reference_m = radar.si("reference_range")
        if reference_m is None or radar.get("antenna_mobile") is None:
            continue
        limit_m = horizon_m(_highest_antenna_m(radar), HIGHEST_TARGET_M)
        if reference_m > limit_m:
            said = (
                f"the reference range of {reference_m / 1e3:.0f} km lies beyond the {limit_m / 1e3:.0f} km horizon of a target 15 km high"
            )
            yield radar.finding("reference_range_beyond_horizon", said, "reference_range", "antenna_mobile")


def reference_range_beyond_instrumented(catalogue: Catalogue) -> Iterator[Finding]:
    """A range that a radar reaches cannot exceed the range that it can display."""
    for radar in groups(catalogue, "radars"):
        values = radar.values("reference_range", "instrumented_range")
        if values and values[0] > values[1]:
            said = f"it sees to {values[0] / 1e3:.0f} km and displays to {values[1] / 1e3:.0f} km"
            yield radar.finding("reference_range_beyond_instrumented", said, "reference_range", "instrumented_range")


def fourth_root_law(catalogue: Catalogue) -> Iterator[Finding]:
    """Two detection points of one radar must agree within 15 % under the fourth-root law of cross-section."""
    for radar in groups(catalogue, "radars"):
        reference = radar.values("reference_range", "reference_rcs")
        for point in catalogue.names(radar.path("points")):
            other = radar.values(f"points.{point}.range", f"points.{point}.rcs")
            if not reference or not other:
                continue
            expected_m = reference[0] * (other[1] / reference[1]) ** 0.25
            if abs(other[0] / expected_m - 1.0) > FOURTH_ROOT_TOLERANCE:
                said = (
                    f"{other[0] / 1e3:.0f} km at {other[1]:g} m2 where the reference gives {expected_m / 1e3:.0f} km by the fourth-root law"
                )
                yield radar.finding("fourth_root_law", said, f"points.{point}.range", "reference_range")


def beamwidth_against_aperture(catalogue: Catalogue) -> Iterator[Finding]:
    """A beamwidth must fit the aperture and the wavelength: their ratio is about one, more with a taper."""
    for radar in groups(catalogue, "radars"):
        for axis, side in (("azimuth", "width"), ("elevation", "height")):
            values = radar.values(f"beamwidth_{axis}", f"aperture_{side}", "frequency")
            if not values:
                continue
            factor = values[0] * values[1] * values[2] / LIGHT_SPEED_MPS
            if not BEAM_FACTOR[0] <= factor <= BEAM_FACTOR[1]:
                beam = f"a beam {math.degrees(values[0]):.1f} deg wide in {axis}"
                said = f"{beam} does not fit an aperture of {values[1]:g} m at {values[2] / 1e9:g} GHz"
                yield radar.finding("beamwidth_against_aperture", said, f"beamwidth_{axis}", f"aperture_{side}", "frequency")


def gain_against_beamwidth(catalogue: Catalogue) -> Iterator[Finding]:
    """A gain must fit the beamwidths: about 26,000 over their product in square degrees."""
    for radar in groups(catalogue, "radars"):
        values = radar.values("beamwidth_azimuth", "beamwidth_elevation", "gain")
        if not values or catalogue.text(radar.path("role")) == "optical":
            continue
        expected_db = 10.0 * math.log10(PATTERN_DEG2 / (math.degrees(values[0]) * math.degrees(values[1])))
        if abs(values[2] - expected_db) > GAIN_TOLERANCE_DB:
            said = f"a gain of {values[2]:g} dB where the beamwidths give {expected_db:.0f} dB"
            yield radar.finding("gain_against_beamwidth", said, "gain", "beamwidth_azimuth", "beamwidth_elevation")


def mobile_or_masted(catalogue: Catalogue) -> Iterator[Finding]:
    """A vehicle antenna stands at most 14 m high, a mast 20-45 m, and raising a mast takes an hour or more."""
    for radar in groups(catalogue, "radars"):
        mobile, masted = radar.get("antenna_mobile"), radar.get("antenna_masted")
        if mobile and mobile.high_si > MOBILE_MAX_M:
            yield radar.finding("mobile_or_masted", f"a vehicle antenna {mobile.high_si:g} m high is a mast", "antenna_mobile")
        if masted and not MASTS_M[0] <= masted.si <= MASTS_M[1]:
            yield radar.finding("mobile_or_masted", f"a mast of {masted.si:g} m is none of the known ones", "antenna_masted")
        if catalogue.text(radar.path("default_configuration")) == "masted" and not masted:
            yield radar.finding("mobile_or_masted", "it is masted by default and has no mast height", "antenna_mobile")
        mast_time = f"{radar.system}.timing.deploy_time_masted"
        if masted and not (mast_time in catalogue.figures and catalogue.figures[mast_time].si >= MAST_TIME_S):
            said = f"{radar.system} {radar.name}: it has a mast, and its unit does not take an hour or more to raise it"
            yield Finding("mobile_or_masted", said, (radar.path("antenna_masted"), mast_time))


def scan_and_limits(catalogue: Catalogue) -> Iterator[Finding]:
    """A track is revisited at least once a scan, and the elevation limits stand in order."""
    for radar in groups(catalogue, "radars"):
        periods = radar.values("scan_period", "track_period")
        if periods and periods[1] > periods[0]:
            yield radar.finding("scan_and_limits", "tracks are revisited more slowly than the scan", "track_period", "scan_period")
        limits = radar.values("elevation_min", "elevation_max")
        if limits and limits[0] >= limits[1]:
            yield radar.finding("scan_and_limits", "the lower elevation limit is not below the upper one", "elevation_min", "elevation_max")
