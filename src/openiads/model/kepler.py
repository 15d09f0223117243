"""Arcs of free flight above a round, non-rotating earth without air, in closed form (Kepler)."""

import math
from typing import NamedTuple

from openiads.earth import geodesy
from openiads.errors import UserError
from openiads.model import inputs

GRAVITATIONAL_PARAMETER_M3_PER_S2 = 3.986004418e14  # WGS84, earth with atmosphere
EARTH_RADIUS_M = geodesy.MEAN_RADIUS_M


class Arc(NamedTuple):
    """A free flight: speed and angle above the horizontal at its start, its apogee, its length over the ground and duration."""

    speed_mps: float
    angle_rad: float
    apogee_m: float
    range_m: float
    time_s: float


def minimum_energy(range_m: float) -> Arc:
    """The arc from surface to surface that needs the least speed.

    Parameters
    ----------
    range_m : distance over the ground [m]

    Raises
    ------
    UserError : a range that is not positive or reaches half way round the earth.

    Limits: impulsive start at the surface, no air, no rotation of the earth, spherical earth of 6371 km.
    Source: [bate-1971], free-flight range equation.
    """
    inputs.between("kepler.minimum_energy", "range_m", range_m, 0.0, math.pi * EARTH_RADIUS_M)
    angle_rad = range_m / EARTH_RADIUS_M
    s = math.sin(0.5 * angle_rad)
    q = 2.0 * s / (1.0 + s)
    climb_rad = 0.25 * math.pi - 0.25 * angle_rad
    semi_major_m = EARTH_RADIUS_M / (2.0 - q)
    eccentricity = math.sqrt(1.0 + q * (q - 2.0) * math.cos(climb_rad) ** 2)
    apogee_m = semi_major_m * (1.0 + eccentricity) - EARTH_RADIUS_M
    speed_mps = math.sqrt(q * GRAVITATIONAL_PARAMETER_M3_PER_S2 / EARTH_RADIUS_M)
    half_s = _time_from_apogee_s(semi_major_m, eccentricity, EARTH_RADIUS_M)
    return Arc(speed_mps, climb_rad, apogee_m, range_m, 2.0 * half_s)


def through_apogee(range_m: float, apogee_m: float, start_height_m: float = 0.0, end_height_m: float = 0.0) -> Arc:
    """The arc of a stated apogee between two heights: lofted above, depressed below the one of least energy.

    Parameters
    ----------
    range_m : distance over the ground [m]
    apogee_m : greatest height above the surface [m]
    start_height_m, end_height_m : heights of the ends above the surface, below the apogee [m]

    Raises
    ------
    UserError : a range out of bounds or an apogee that is not above both ends.

    Limits: as ``minimum_energy``.
    Source: [bate-1971], polar equation of the ellipse.
    """
    where = "kepler.through_apogee"
    inputs.between(where, "range_m", range_m, 0.0, math.pi * EARTH_RADIUS_M)
    inputs.finite(where, "apogee_m", apogee_m, "m")
    highest_m = max(inputs.finite(where, "start_height_m", start_height_m), inputs.finite(where, "end_height_m", end_height_m))
    if apogee_m <= highest_m:
        raise UserError(f"{where}: apogee_m must be above both ends ({highest_m:g} m), received {apogee_m!r}")
    top_m = EARTH_RADIUS_M + apogee_m
    start_m, end_m = EARTH_RADIUS_M + start_height_m, EARTH_RADIUS_M + end_height_m
    eccentricity = _eccentricity(range_m / EARTH_RADIUS_M, top_m, start_m, end_m)
    semi_major_m = top_m / (1.0 + eccentricity)
    speed_mps = math.sqrt(GRAVITATIONAL_PARAMETER_M3_PER_S2 * (2.0 / start_m - 1.0 / semi_major_m))
    momentum = math.sqrt(GRAVITATIONAL_PARAMETER_M3_PER_S2 * top_m * (1.0 - eccentricity))
    climb_rad = math.acos(min(1.0, momentum / (start_m * speed_mps)))
    time_s = sum(_time_from_apogee_s(semi_major_m, eccentricity, radius_m) for radius_m in (start_m, end_m))
    return Arc(speed_mps, climb_rad, apogee_m, range_m, time_s)


def maximum_range_m(speed_mps: float) -> float:
    """Greatest range over the ground of a free flight that starts at the surface with a speed. [m]

    Raises
    ------
    UserError : a speed that is not positive, or that reaches every point of the earth.

    Limits: as ``minimum_energy``.
    Source: [bate-1971], maximum range for a given speed.
    """
    speed = inputs.positive("kepler.maximum_range_m", "speed_mps", speed_mps, "m/s")
    q = speed * speed * EARTH_RADIUS_M / GRAVITATIONAL_PARAMETER_M3_PER_S2
    if q >= 1.0:
        raise UserError(f"kepler.maximum_range_m: {speed_mps!r} m/s is orbital speed or more: every range can be reached")
    return 2.0 * EARTH_RADIUS_M * math.asin(q / (2.0 - q))


def _time_from_apogee_s(semi_major_m: float, eccentricity: float, radius_m: float) -> float:
    """Time between the apogee of an ellipse and a radius. [s]"""
    cosine = (1.0 - radius_m / semi_major_m) / eccentricity
    anomaly = math.acos(max(-1.0, min(1.0, cosine)))
    swept = math.pi - (anomaly - eccentricity * math.sin(anomaly))
    return swept * math.sqrt(semi_major_m * semi_major_m * semi_major_m / GRAVITATIONAL_PARAMETER_M3_PER_S2)


def _eccentricity(angle_rad: float, top_m: float, start_m: float, end_m: float) -> float:
    """Eccentricity of the ellipse with an apogee radius whose ends are ``angle_rad`` apart; the angle falls as it rises."""

    def spanned(e: float) -> float:
        """Return the angle between the ends of the ellipse of an eccentricity [rad]."""
        return sum(math.acos(max(-1.0, min(1.0, (1.0 - top_m * (1.0 - e) / radius_m) / e))) for radius_m in (start_m, end_m))

    low, high = 1e-12, 1.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if spanned(middle) > angle_rad:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
