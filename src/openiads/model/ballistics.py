"""Free flight above a round, non-rotating earth: Kepler arcs in closed form, an integrator with drag, and flights to an aim."""

import math
from typing import NamedTuple

import numpy as np

from openiads.earth import geodesy
from openiads.earth.atmosphere import air
from openiads.errors import UserError
from openiads.kernel import Reals, kernel
from openiads.model import inputs
from openiads.model.path import line, profile
from openiads.model.trajectory import Ground, Trajectory

GRAVITATIONAL_PARAMETER_M3_PER_S2 = 3.986004418e14  # WGS84, earth with atmosphere
EARTH_RADIUS_M = geodesy.MEAN_RADIUS_M
SAMPLES_MAX = 100_000


class Arc(NamedTuple):
    """A free flight: speed and angle above the horizontal at its start, its apogee, its length over the ground and duration."""

    speed_mps: float
    angle_rad: float
    apogee_m: float
    range_m: float
    time_s: float


class Boost(NamedTuple):
    """A powered phase as a table: times from launch, distances over the ground and heights (n,), the last one at burnout."""

    time_s: Reals
    distance_m: Reals
    height_amsl_m: Reals


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
    inputs.between("ballistics.minimum_energy", "range_m", range_m, 0.0, math.pi * EARTH_RADIUS_M)
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
    where = "ballistics.through_apogee"
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
    speed = inputs.positive("ballistics.maximum_range_m", "speed_mps", speed_mps, "m/s")
    q = speed * speed * EARTH_RADIUS_M / GRAVITATIONAL_PARAMETER_M3_PER_S2
    if q >= 1.0:
        raise UserError(f"ballistics.maximum_range_m: {speed_mps!r} m/s is orbital speed or more: every range can be reached")
    return 2.0 * EARTH_RADIUS_M * math.asin(q / (2.0 - q))


def integrate(
    speed_mps: float,
    angle_rad: float,
    start_height_m: float = 0.0,
    end_height_m: float = 0.0,
    ballistic_coefficient_kg_per_m2: float = math.inf,
    step_s: float = 0.25,
    drag_from_start: bool = False,
) -> Reals:
    """Integrate a free flight until it comes down to a height.

    Parameters
    ----------
    speed_mps, angle_rad : at the start; the angle is above the local horizontal
    start_height_m, end_height_m : heights above the surface of start and end [m]
    ballistic_coefficient_kg_per_m2 : mass over drag area; infinite is no air
    step_s : step of the integration and of the samples [s]
    drag_from_start : whether air slows the climb too; by default only the descent (the climb is powered in truth)

    Returns
    -------
    samples (n, 5): time [s], angle around the earth [rad], height [m], climb rate [m/s], level speed [m/s]

    Raises
    ------
    UserError : a parameter out of bounds, or a flight that does not come down.

    Limits: round, non-rotating earth; constant drag coefficient; standard atmosphere; no lift.
    Source: [bate-1971] two-body motion; [ussa1976] air; fourth-order Runge-Kutta.
    """
    where = "ballistics.integrate"
    inputs.positive(where, "speed_mps", speed_mps, "m/s")
    inputs.between(where, "angle_rad", angle_rad, -0.5 * math.pi, 0.5 * math.pi)
    inputs.positive(where, "step_s", step_s, "s")
    if not ballistic_coefficient_kg_per_m2 > 0.0:
        raise UserError(f"{where}: ballistic_coefficient_kg_per_m2 must be above zero, received {ballistic_coefficient_kg_per_m2!r}")
    out = np.empty((SAMPLES_MAX, 5))
    drag = 0.0 if math.isinf(ballistic_coefficient_kg_per_m2) else 0.5 / ballistic_coefficient_kg_per_m2
    first = (start_height_m, speed_mps * math.sin(angle_rad), speed_mps * math.cos(angle_rad))
    count = free_flight(*first, end_height_m, drag, drag_from_start, step_s, out)
    if count < 0:
        raise UserError(f"{where}: the flight does not come down to {end_height_m:g} m within {SAMPLES_MAX} steps of {step_s:g} s")
    return out[:count].copy()


def flight(
    start: tuple[float, float, float],
    aim: tuple[float, float, float],
    apogee_m: float | None = None,
    start_s: float = 0.0,
    step_s: float = 1.0,
    ballistic_coefficient_kg_per_m2: float = math.inf,
    boost: Boost | None = None,
    ground: Ground | None = None,
) -> Trajectory:
    """Free flight from a start to an aim.

    Parameters
    ----------
    start, aim : latitude [rad], longitude [rad], height above sea level [m]
    apogee_m : greatest height above sea level; None is the arc of least energy [m]
    start_s, step_s : time of the start and between samples [s]
    ballistic_coefficient_kg_per_m2 : mass over drag area for the descent; infinite is no air
    boost : powered phase as a table, or None for an impulse at the start
    ground : terrain for the column ``height_agl_m``

    Returns
    -------
    Trajectory that ends at the aim

    Raises
    ------
    UserError : places less than 1 km apart, or an apogee that is not above both ends and the burnout.

    Limits: over the geodesic from start to aim; the earth does not rotate; air slows only the descent, and the start is
        made faster until the aim is met again, so the apogee is then met within about 1 %.
    Source: [bate-1971], [ussa1976].
    """
    where = "ballistics.flight"
    inputs.positive(where, "step_s", step_s, "s")
    inputs.finite(where, "start_s", start_s, "s")
    track = line(start[0], start[1], aim[0], aim[1])
    length_m = float(track.distance_m[-1])
    boosted = boost or Boost(np.zeros(1), np.zeros(1), np.full(1, float(start[2])))
    left_m = length_m - float(boosted.distance_m[-1])
    if left_m < 1000.0:
        raise UserError(f"{where}: the aim lies {left_m:g} m beyond the end of the powered phase; a free flight needs at least 1000 m")
    burnout_m = float(boosted.height_amsl_m[-1])
    top_m = max(minimum_energy(left_m).apogee_m, burnout_m + 1.0) if apogee_m is None else apogee_m
    arc = through_apogee(left_m, top_m, burnout_m, aim[2])
    fine_s = min(step_s, 0.5, arc.time_s / 50.0)
    rows = _meet(arc, burnout_m, aim[2], left_m, ballistic_coefficient_kg_per_m2, fine_s)
    stretch = left_m / float(rows[-1, 1])
    times = np.concatenate([boosted.time_s[:-1], boosted.time_s[-1] + rows[:, 0]])
    along_m = np.concatenate([boosted.distance_m[:-1], boosted.distance_m[-1] + rows[:, 1] * stretch])
    height_m = np.concatenate([boosted.height_amsl_m[:-1], rows[:, 2]])
    powered = boosted.time_s.size - 1
    along_mps, climb_mps = (np.gradient(column, times) for column in (along_m, height_m))
    along_mps[powered:] = rows[:, 4] / (EARTH_RADIUS_M + rows[:, 2]) * stretch
    climb_mps[powered:] = rows[:, 3]
    return profile(track, times, np.stack([along_m, height_m], 1), np.stack([along_mps, climb_mps], 1), start_s, step_s, ground)


@kernel
def pull(radius_m: float, climb_mps: float, level_mps: float, drag: float, always: bool) -> tuple[float, float]:
    """Rates of change of climb and level speed of a free flight; ``drag`` is half the inverse ballistic coefficient. [m/s2]"""
    slow = 0.0
    if drag > 0.0 and (always or climb_mps < 0.0):
        _, _, density, _ = air(radius_m - EARTH_RADIUS_M)
        slow = drag * density * math.sqrt(climb_mps * climb_mps + level_mps * level_mps)
    up = level_mps * level_mps / radius_m - GRAVITATIONAL_PARAMETER_M3_PER_S2 / (radius_m * radius_m) - slow * climb_mps
    return up, -climb_mps * level_mps / radius_m - slow * level_mps


@kernel
def free_flight(
    height_m: float, climb_mps: float, level_mps: float, end_height_m: float, drag: float, always: bool, step_s: float, out: Reals
) -> int:
    """Fill ``out`` (n, 5) with time, angle, height, climb and level speed until the descent meets a height.

    Returns the number of rows, or -1 when they do not suffice.  The last row lies on the height, by linear interpolation
    of one small step.
    """
    r, theta, vr, vt = EARTH_RADIUS_M + height_m, 0.0, climb_mps, level_mps
    floor = EARTH_RADIUS_M + end_height_m
    for i in range(out.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3], out[i, 4] = i * step_s, theta, r - EARTH_RADIUS_M, vr, vt
        if i > 0 and r <= floor and vr < 0.0:
            part = (out[i - 1, 2] - end_height_m) / (out[i - 1, 2] - out[i, 2])
            for k in range(5):
                out[i, k] = out[i - 1, k] + part * (out[i, k] - out[i - 1, k])
            return i + 1
        a1, b1 = pull(r, vr, vt, drag, always)
        h = 0.5 * step_s
        r2, vr2, vt2 = r + h * vr, vr + h * a1, vt + h * b1
        a2, b2 = pull(r2, vr2, vt2, drag, always)
        r3, vr3, vt3 = r + h * vr2, vr + h * a2, vt + h * b2
        a3, b3 = pull(r3, vr3, vt3, drag, always)
        r4, vr4, vt4 = r + step_s * vr3, vr + step_s * a3, vt + step_s * b3
        a4, b4 = pull(r4, vr4, vt4, drag, always)
        theta += step_s / 6.0 * (vt / r + 2.0 * vt2 / r2 + 2.0 * vt3 / r3 + vt4 / r4)
        r += step_s / 6.0 * (vr + 2.0 * vr2 + 2.0 * vr3 + vr4)
        vr += step_s / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
        vt += step_s / 6.0 * (b1 + 2.0 * b2 + 2.0 * b3 + b4)
    return -1


def _meet(arc: Arc, start_m: float, end_m: float, range_m: float, coefficient: float, step_s: float) -> Reals:
    """Integrate from burnout with the speed (secant) that reaches the range; without air the arc's own speed does."""

    def miss(speed_mps: float) -> tuple[float, Reals]:
        """Return by how much a flight at this burnout speed goes beyond the range [m], and its rows."""
        rows = integrate(speed_mps, arc.angle_rad, start_m, end_m, coefficient, step_s)
        return float(rows[-1, 1]) * EARTH_RADIUS_M - range_m, rows

    slow, fast = arc.speed_mps, arc.speed_mps * 1.01
    miss_slow, rows = miss(slow)
    if math.isinf(coefficient):
        return rows
    miss_fast, _ = miss(fast)
    for _ in range(30):
        if abs(miss_slow) < 1.0 or miss_fast == miss_slow:
            break
        slow, fast = slow - miss_slow * (fast - slow) / (miss_fast - miss_slow), slow
        miss_fast = miss_slow
        miss_slow, rows = miss(slow)
    return rows


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
