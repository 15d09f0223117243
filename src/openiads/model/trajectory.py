"""Sampled trajectories: where an object is at each instant, and how positions between samples are found.

Samples are at a fixed step (the last step may be shorter).  Between them position and velocity are those of the cubic
that meets both ends in both.  Heights above mean sea level are taken as heights above the ellipsoid: the geoid is an
offset common to radars, terrain and targets of one scenario.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.earth import geodesy
from openiads.errors import UserError
from openiads.kernel import Reals, kernel
from openiads.model import inputs

Ground = Callable[[Reals, Reals], Reals]
"""Terrain as a function of latitude and longitude (n,) [rad], giving height above mean sea level (n,) [m]."""


class Trajectory(NamedTuple):
    """Samples of one object; all arrays are read-only.

    ``time_s`` (n,) from scenario start; ``position_ecef_m`` and ``velocity_ecef_mps`` (n, 3); ``lat_rad``, ``lon_rad``,
    ``height_amsl_m`` and ``height_agl_m`` (n,).
    """

    time_s: Reals
    position_ecef_m: Reals
    velocity_ecef_mps: Reals
    lat_rad: Reals
    lon_rad: Reals
    height_amsl_m: Reals
    height_agl_m: Reals


class Moment(NamedTuple):
    """One instant of a trajectory, in local terms."""

    time_s: float
    lat_rad: float
    lon_rad: float
    height_amsl_m: float
    course_rad: float
    ground_speed_mps: float
    climb_mps: float


@kernel
def interpolate(nodes: Reals, values: Reals, slopes: Reals, at: float, guess: int, out: Reals) -> int:
    """Fill ``out`` (6,) with the value and slope of a cubic through ``values`` and ``slopes`` (n, 3) at ``at``.

    ``nodes`` (n,) rise.  ``guess`` is where the search starts.  Returns the interval used, or -1 outside the nodes (then
    ``out`` holds the nearer end).
    """
    last = nodes.shape[0] - 1
    i = min(max(guess, 0), max(last - 1, 0))
    while i > 0 and nodes[i] > at:
        i -= 1
    while i < last - 1 and nodes[i + 1] <= at:
        i += 1
    inside = nodes[0] <= at <= nodes[last]
    if not inside or last == 0:
        end = 0 if not at > nodes[0] else last
        for k in range(3):
            out[k] = values[end, k]
            out[3 + k] = slopes[end, k]
        return int(i) if inside else -1
    width = nodes[i + 1] - nodes[i]
    u = (at - nodes[i]) / width
    v = 1.0 - u
    for k in range(3):
        rise = (values[i + 1, k] - values[i, k]) / width
        a = slopes[i, k] - rise
        b = slopes[i + 1, k] - rise
        out[k] = values[i, k] * v + values[i + 1, k] * u + width * u * v * (a * v - b * u)
        out[3 + k] = rise + a * v * (v - 2.0 * u) + b * u * (u - 2.0 * v)
    return int(i)


@kernel
def interpolate_each(nodes: Reals, values: Reals, slopes: Reals, at: Reals, out: Reals) -> None:
    """Fill ``out`` (m, 6) with value and slope at ``at`` (m,); fastest when ``at`` rises."""
    guess = 0
    for j in range(at.shape[0]):
        found = interpolate(nodes, values, slopes, at[j], guess, out[j])
        guess = max(found, 0)


def states(trajectory: Trajectory, time_s: ArrayLike) -> tuple[Reals, Reals]:
    """Position and velocity at given times.

    Parameters
    ----------
    trajectory : sampled trajectory
    time_s : times, (m,) [s]

    Returns
    -------
    position (m, 3) [m] and velocity (m, 3) [m/s] in earth-centred coordinates, NaN outside the object's life

    Raises
    ------
    UserError : NaN among the times.

    Limits: cubic between samples; a turn of 5 g at 300 m/s sampled each second is met within 0.1 m.
    """
    wanted = np.atleast_1d(inputs.array("trajectory.states", "time_s", time_s))
    out = np.empty((wanted.size, 6))
    interpolate_each(trajectory.time_s, trajectory.position_ecef_m, trajectory.velocity_ecef_mps, wanted, out)
    out[(wanted < trajectory.time_s[0]) | (wanted > trajectory.time_s[-1])] = math.nan
    return out[:, :3], out[:, 3:]


def moment(trajectory: Trajectory, time_s: float) -> Moment:
    """Place, height, course and speeds of a trajectory at one instant.

    Parameters
    ----------
    trajectory : sampled trajectory
    time_s : an instant of its life [s]

    Raises
    ------
    UserError : an instant outside the life of the object.

    Limits: as ``states``.
    """
    born_s, gone_s = float(trajectory.time_s[0]), float(trajectory.time_s[-1])
    if not born_s <= time_s <= gone_s:
        raise UserError(f"trajectory.moment: time {time_s!r} s lies outside the life of the object, {born_s:g} to {gone_s:g} s")
    position_m, velocity_mps = states(trajectory, [time_s])
    lat, lon, height = geodesy.to_geodetic(position_m[0])
    east, north, up = geodesy.frame(float(lat), float(lon), 0.0).axes @ velocity_mps[0]
    speed_mps = math.hypot(east, north) / (1.0 + float(height) / geodesy.MEAN_RADIUS_M)
    return Moment(float(time_s), float(lat), float(lon), float(height), math.atan2(east, north), speed_mps, float(up))


def assemble(time_s: Reals, position_ecef_m: Reals, velocity_ecef_mps: Reals, ground: Ground | None = None) -> Trajectory:
    """Make a trajectory of earth-centred samples, adding geodetic columns.

    Parameters
    ----------
    time_s : rising times (n,) [s]
    position_ecef_m, velocity_ecef_mps : samples (n, 3) [m, m/s]
    ground : terrain, or None for a smooth earth at sea level

    Raises
    ------
    UserError : no samples, times that do not rise, or values that are not finite.
    """
    if time_s.size == 0 or not np.all(np.diff(time_s) > 0.0):
        raise UserError("trajectory.assemble: times must be present and rise from sample to sample; sort and deduplicate the samples")
    if not (np.isfinite(position_ecef_m).all() and np.isfinite(velocity_ecef_mps).all()):
        raise UserError("trajectory.assemble: positions and velocities must be finite numbers; remove the damaged samples first")
    lat, lon, height = geodesy.to_geodetic(position_ecef_m)
    return frozen(time_s, position_ecef_m, velocity_ecef_mps, lat, lon, height, height - under(ground, lat, lon))


def frozen(*columns: Reals) -> Trajectory:
    """Return the seven columns as a trajectory with read-only arrays."""
    arrays = [np.ascontiguousarray(column) for column in columns]
    for column in arrays:
        column.flags.writeable = False
    return Trajectory(*arrays)


def under(ground: Ground | None, lat_rad: Reals, lon_rad: Reals) -> Reals:
    """Terrain height above mean sea level below positions (n,), zero without terrain. [m]"""
    return np.zeros_like(lat_rad) if ground is None else np.asarray(ground(lat_rad, lon_rad), dtype=np.float64)


def shifted(trajectory: Trajectory, delay_s: float) -> Trajectory:
    """Return the same flight, begun ``delay_s`` [s] later (the members of a group in trail)."""
    return frozen(trajectory.time_s + inputs.finite("trajectory.shifted", "delay_s", delay_s, "s"), *trajectory[1:])


def joined(first: Trajectory, second: Trajectory) -> Trajectory:
    """Return ``first`` followed by ``second``, which begins at or after its end; a shared instant is taken from ``second``.

    Raises
    ------
    UserError : the second begins before the first begins.
    """
    keep = int(np.searchsorted(first.time_s, second.time_s[0] - 1e-9))
    if keep == 0:
        raise UserError("trajectory.joined: the second part begins before the first; give the parts in the order they are flown")
    return frozen(*(np.concatenate([a[:keep], b]) for a, b in zip(first, second, strict=True)))
