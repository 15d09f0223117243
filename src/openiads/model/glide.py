"""Boost-glide flight as phases of height and speed over a geodesic: climb, glide or skips, dive to the aim."""

import math
from typing import NamedTuple

import numpy as np

from openiads.earth import geodesy
from openiads.earth.atmosphere import air_each
from openiads.errors import UserError
from openiads.kernel import Reals
from openiads.model import inputs
from openiads.model.motion import STANDARD_GRAVITY_MPS2
from openiads.model.path import line, profile
from openiads.model.trajectory import Ground, Trajectory

POINTS = 1200


class Glide(NamedTuple):
    """The bands of a boost-glide flight.

    ``height_m`` and ``speed_mps`` at the start of the glide; ``end_speed_mps`` when the dive begins; ``kind`` is
    ``equilibrium`` (height follows from speed), ``level`` or ``skips`` (equilibrium with waves of ``skip_height_m`` every
    ``skip_length_m``); the dive goes down at ``dive_angle_rad`` and ends at ``impact_speed_mps``; ``climb_m`` is the distance
    over which the start climbs to the glide (0: the flight begins in the glide), from ``climb_speed_mps``.
    """

    height_m: float = 30_000.0
    speed_mps: float = 2_400.0
    end_speed_mps: float = 1_500.0
    kind: str = "equilibrium"
    skip_height_m: float = 0.0
    skip_length_m: float = 150_000.0
    dive_angle_rad: float = math.radians(45.0)
    impact_speed_mps: float = 900.0
    climb_m: float = 0.0
    climb_speed_mps: float = 500.0


KINDS = ("equilibrium", "level", "skips")


def flight(
    start: tuple[float, float, float],
    aim: tuple[float, float, float],
    glide: Glide,
    start_s: float = 0.0,
    step_s: float = 1.0,
    ground: Ground | None = None,
) -> Trajectory:
    """Boost-glide flight from a start to an aim.

    Parameters
    ----------
    start, aim : latitude [rad], longitude [rad], height above sea level [m]; the height of the start matters only with a climb
    glide : bands of height and speed
    start_s, step_s : time of the start and between samples [s]
    ground : terrain for the column ``height_agl_m``

    Returns
    -------
    Trajectory over the geodesic that ends at the aim

    Raises
    ------
    UserError : an unknown kind, a value out of bounds, or a route too short for climb and dive.

    Limits: kinematics only; no bank, no lateral manoeuvre; the kinetic energy falls evenly with distance in each phase; the
        equilibrium keeps lift-to-weight at the ratio of the start of the glide.
    Source: [eggers-1958] equilibrium glide; [ussa1976] air.
    """
    _check(glide, step_s)
    inputs.finite("glide.flight", "start_s", start_s, "s")
    track = line(start[0], start[1], aim[0], aim[1])
    length_m = float(track.distance_m[-1])
    end_height_m = float(_glide_height(glide, np.array([glide.end_speed_mps]), np.zeros(1), 0.0)[0])
    dive_m = max(end_height_m - aim[2], 0.0) / math.tan(glide.dive_angle_rad)
    cruise_m = length_m - glide.climb_m - dive_m
    if cruise_m <= 0.0:
        raise UserError(
            f"glide.flight: {length_m:.0f} m from start to aim is too short for a climb of {glide.climb_m:.0f} m and a dive of "
            f"{dive_m:.0f} m; move the start, steepen the dive or lower the glide"
        )
    along_m = np.unique(np.concatenate([np.linspace(0.0, length_m, POINTS), [glide.climb_m, length_m - dive_m]]))
    ends_m = [0.0, glide.climb_m, length_m - dive_m, length_m]
    energies = np.array([glide.climb_speed_mps, glide.speed_mps, glide.end_speed_mps, glide.impact_speed_mps]) ** 2
    first = 0 if glide.climb_m > 0.0 else 1
    speed_mps = np.sqrt(np.interp(along_m, ends_m[first:], energies[first:]))
    height_m = _height(glide, along_m, speed_mps, start[2], aim[2], dive_m, length_m)
    slope = np.gradient(height_m, along_m)
    level_mps = speed_mps / np.sqrt(1.0 + slope * slope)
    time_s = np.concatenate([[0.0], np.cumsum(2.0 * np.diff(along_m) / (level_mps[1:] + level_mps[:-1]))])
    rates = np.stack([level_mps, level_mps * slope], 1)
    return profile(track, time_s, np.stack([along_m, height_m], 1), rates, start_s, step_s, ground)


def equilibrium_height_m(height_m: float, speed_mps: float, speeds_mps: Reals) -> Reals:
    """Heights at which a glider that flies level at one height and speed would fly level at other speeds.

    Parameters
    ----------
    height_m, speed_mps : one point of the glide, above sea level [m, m/s]
    speeds_mps : other speeds (n,), below orbital [m/s]

    Returns
    -------
    heights above sea level (n,) [m]

    Raises
    ------
    UserError : a height outside 0 to 80 km or a speed of orbital size.

    Limits: constant lift coefficient; small angles.
    Source: [eggers-1958]: lift plus centrifugal relief equals weight.
    """
    where = "glide.equilibrium_height_m"
    inputs.between(where, "height_m", height_m, 0.0, 80_000.0)
    grid_m = np.linspace(0.0, 86_000.0, 861)
    states = np.empty((grid_m.size, 4))
    air_each(grid_m, states)
    log_density = np.log(states[:, 2])
    radius_m = geodesy.MEAN_RADIUS_M + height_m

    def weight(v: Reals) -> Reals:
        """Return what lift has to carry at a speed [1/m]: the density of the air at equilibrium goes with it."""
        left = STANDARD_GRAVITY_MPS2 - v * v / radius_m
        if v.size and float(left.min()) <= 0.0:
            raise UserError(f"{where}: {float(v.max())!r} m/s is orbital speed or more; a glide is slower")
        return np.asarray(left / (v * v))

    wanted = np.interp(height_m, grid_m, log_density) + np.log(weight(speeds_mps) / weight(np.array([speed_mps])))
    return np.interp(-wanted, -log_density, grid_m)


def _glide_height(glide: Glide, speeds_mps: Reals, since_m: Reals, cruise_m: float) -> Reals:
    if glide.kind == "level":
        return np.full_like(speeds_mps, glide.height_m)
    base_m = equilibrium_height_m(glide.height_m, glide.speed_mps, speeds_mps)
    if glide.kind == "equilibrium" or cruise_m <= 0.0:
        return base_m
    waves = max(1, round(cruise_m / glide.skip_length_m))
    return np.asarray(base_m + glide.skip_height_m * np.sin(2.0 * math.pi * waves * np.clip(since_m / cruise_m, 0.0, 1.0)))


def _height(glide: Glide, along_m: Reals, speed_mps: Reals, start_m: float, aim_m: float, dive_m: float, length_m: float) -> Reals:
    """Heights along the way: a smooth climb, the glide, a straight dive."""
    cruise_m = length_m - dive_m - glide.climb_m
    glide_speeds = np.clip(speed_mps, glide.end_speed_mps, glide.speed_mps)
    height_m = _glide_height(glide, glide_speeds, along_m - glide.climb_m, cruise_m)
    if glide.climb_m > 0.0:
        part = np.clip(along_m / glide.climb_m, 0.0, 1.0)
        climbing_m = start_m + (glide.height_m - start_m) * part * part * (3.0 - 2.0 * part)
        height_m = np.where(along_m < glide.climb_m, climbing_m, height_m)
    falling_m = aim_m + (length_m - along_m) * math.tan(glide.dive_angle_rad)
    return np.where(along_m > length_m - dive_m, falling_m, height_m)


def _check(glide: Glide, step_s: float) -> None:
    where = "glide.flight"
    inputs.positive(where, "step_s", step_s, "s")
    if glide.kind not in KINDS:
        raise UserError(f"{where}: kind must be one of {', '.join(KINDS)}, received {glide.kind!r}")
    for name in ("height_m", "speed_mps", "end_speed_mps", "skip_length_m", "impact_speed_mps", "climb_speed_mps"):
        inputs.positive(where, name, getattr(glide, name))
    for name in ("skip_height_m", "climb_m"):
        inputs.not_negative(where, name, getattr(glide, name))
    inputs.between(where, "dive_angle_rad", glide.dive_angle_rad, 0.0, 0.5 * math.pi)
    if glide.end_speed_mps > glide.speed_mps:
        raise UserError(f"{where}: end_speed_mps {glide.end_speed_mps:g} is above speed_mps {glide.speed_mps:g}; a glide slows down")
