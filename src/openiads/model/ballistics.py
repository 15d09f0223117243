"""Free flight above a round, non-rotating earth with drag: an integrator, and flights to an aim."""

import math
from typing import NamedTuple

import numpy as np

from openiads.earth.atmosphere import air
from openiads.errors import UserError
from openiads.kernel import Reals, kernel
from openiads.model import inputs
from openiads.model.kepler import EARTH_RADIUS_M, GRAVITATIONAL_PARAMETER_M3_PER_S2, Arc, minimum_energy, through_apogee
from openiads.model.path import line, profile
from openiads.model.trajectory import Ground, Trajectory

SAMPLES_MAX = 100_000


class Boost(NamedTuple):
    """A powered phase as a table: times from launch, distances over the ground and heights (n,), the last one at burnout."""

    time_s: Reals
    distance_m: Reals
    height_amsl_m: Reals


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
