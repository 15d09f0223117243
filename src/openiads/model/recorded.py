"""How a recorded flight flew: its faults taken out, then smoothed into a trajectory.

Raw positions are never differentiated: reports are resampled and their times rounded.  Speeds come from a Kalman filter with
nearly constant velocity, smoothed backwards.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.earth import atmosphere, geodesy
from openiads.errors import UserError
from openiads.kernel import Reals, allocating_kernel
from openiads.model import inputs
from openiads.model.faults import cleaned
from openiads.model.imported import Recording
from openiads.model.path import Places, lifted
from openiads.model.trajectory import Ground, Trajectory, interpolate_each, under


class Smoothed(NamedTuple):
    """A flight after smoothing, at the times of its reports (n,); the first two are horizontal."""

    time_s: Reals
    lat_rad: Reals
    lon_rad: Reals
    height_m: Reals
    ground_speed_mps: Reals
    climb_mps: Reals
    surface_ecef_m: Reals
    surface_velocity_mps: Reals


def smooth(recording: Recording, position_error_m: float = 80.0, altitude_error_m: float = 15.0, manoeuvre_mps2: float = 2.0) -> Smoothed:
    """Smooth a recorded flight.

    Parameters
    ----------
    recording : cleaned, with at least two positions
    position_error_m : standard deviation of a reported position, rounded times included [m]
    altitude_error_m : standard deviation of an altitude [m]
    manoeuvre_mps2 : usual acceleration [m/s2]

    Returns
    -------
    Smoothed at the times of the reports; missing altitudes are filled between their neighbours, or zero without any

    Raises
    ------
    UserError : fewer than two positions or a parameter that is not positive.

    Limits: nearly constant velocity; turns tighter than a few ``manoeuvre_mps2`` are cut.
    Source: [rauch-1965] Kalman filter with white acceleration and backward smoother.
    """
    where = "recorded.smooth"
    if recording.time_s.size < 2:
        raise UserError(f"{where}: {recording.source}: flight {recording.name} has fewer than two positions; nothing can be smoothed")
    errors = [inputs.positive(where, "position_error_m", position_error_m), inputs.positive(where, "altitude_error_m", altitude_error_m)]
    inputs.positive(where, "manoeuvre_mps2", manoeuvre_mps2)
    surface = geodesy.to_ecef(recording.lat_rad, recording.lon_rad, np.zeros_like(recording.lat_rad))
    known = np.isfinite(recording.altitude_m)
    altitude = np.interp(recording.time_s, recording.time_s[known], recording.altitude_m[known]) if known.any() else np.zeros(known.size)
    found, height = np.empty((recording.time_s.size, 6)), np.empty((recording.time_s.size, 2))
    smooth_columns(recording.time_s, surface, errors[0], manoeuvre_mps2, found)
    smooth_columns(recording.time_s, np.ascontiguousarray(altitude[:, None]), errors[1], 0.25 * manoeuvre_mps2, height)
    where_to = _on_surface(found)
    speed = (found[:, 3:] * where_to.forward).sum(axis=1)
    return Smoothed(
        recording.time_s, where_to.lat_rad, where_to.lon_rad, height[:, 0], speed, height[:, 1], where_to.surface_ecef_m, found[:, 3:]
    )


def trajectory(
    recording: Recording, start_s: float = 0.0, step_s: float = 2.0, qnh_pa: float = 101_325.0, ground: Ground | None = None
) -> Trajectory:
    """Fly a recorded flight: cleaned, smoothed, its pressure altitudes converted, sampled at a step.

    Parameters
    ----------
    recording : as read
    start_s : time of its first report in the scenario [s]
    step_s : time between samples [s]
    qnh_pa : pressure reduced to sea level [Pa]
    ground : terrain for the column ``height_agl_m``

    Returns
    -------
    Trajectory

    Raises
    ------
    UserError : a recording of fewer than two usable positions, or a parameter out of bounds.

    Limits: gaps are crossed on a cubic between the states at their ends.
    Source: [rauch-1965]; [ussa1976] for altitudes.
    """
    step = inputs.positive("recorded.trajectory", "step_s", step_s, "s")
    flown = smooth(cleaned(recording))
    height_m = flown.height_m
    if recording.is_pressure:
        height_m = atmosphere.amsl_from_pressure_altitude_m(height_m, qnh_pa)
    at_s = np.append(np.arange(flown.time_s[0], flown.time_s[-1] - 1e-6, step), flown.time_s[-1])
    sampled, risen = np.empty((at_s.size, 6)), np.empty((at_s.size, 6))
    zero = np.zeros((height_m.size, 2))
    interpolate_each(flown.time_s, flown.surface_ecef_m, flown.surface_velocity_mps, at_s, sampled)
    interpolate_each(flown.time_s, np.hstack([height_m[:, None], zero]), np.hstack([flown.climb_mps[:, None], zero]), at_s, risen)
    places = _on_surface(sampled)
    speed = (sampled[:, 3:] * places.forward).sum(axis=1)
    terrain_m = under(ground, places.lat_rad, places.lon_rad)
    return lifted(places, start_s + at_s - at_s[0], speed, np.ascontiguousarray(risen[:, 0]), risen[:, 3], terrain_m)


def reported(recording: Recording, start_s: float, time_s: ArrayLike) -> tuple[Reals, Reals, Reals]:
    """What a cooperative source says at given times: the latest report, jumps and outliers included.

    Parameters
    ----------
    recording : as read
    start_s : time of its first report in the scenario [s]
    time_s : times (m,) [s]

    Returns
    -------
    latitude, longitude [rad] and altitude as reported [m], each (m,), NaN before the first report

    Raises
    ------
    UserError : NaN among the times.
    """
    wanted = np.atleast_1d(inputs.array("recorded.reported", "time_s", time_s))
    index = np.searchsorted(recording.time_s - recording.time_s[0], wanted - start_s, side="right") - 1
    columns = (recording.lat_rad, recording.lon_rad, recording.altitude_m)
    lat, lon, altitude = (np.where(index >= 0, column[np.maximum(index, 0)], math.nan) for column in columns)
    return lat, lon, altitude


@allocating_kernel
def smooth_columns(time_s: Reals, values: Reals, error: float, acceleration: float, out: Reals) -> None:
    """Fill ``out`` (n, 2 k) with smoothed values and rates of ``values`` (n, k): filter forwards, Rauch-Tung-Striebel backwards.

    All columns share one variance recursion: position error ``error``, white acceleration ``acceleration`` over ten seconds.
    """
    n, columns = values.shape
    spectrum = acceleration * acceleration * 10.0
    filtered = np.zeros((n, 3))
    predicted = np.zeros((n, 3))
    a, b, c = error * error, 0.0, 1e6
    for k in range(columns):
        out[0, k] = values[0, k]
        out[0, columns + k] = 0.0
    filtered[0, 0], filtered[0, 1], filtered[0, 2] = a, b, c
    for i in range(1, n):
        h = time_s[i] - time_s[i - 1]
        a, b, c = a + h * (2.0 * b + h * c) + spectrum * h * h * h / 3.0, b + h * c + 0.5 * spectrum * h * h, c + spectrum * h
        predicted[i, 0], predicted[i, 1], predicted[i, 2] = a, b, c
        gain, rate = a / (a + error * error), b / (a + error * error)
        for k in range(columns):
            ahead = out[i - 1, k] + h * out[i - 1, columns + k]
            miss = values[i, k] - ahead
            out[i, k] = ahead + gain * miss
            out[i, columns + k] = out[i - 1, columns + k] + rate * miss
        c = c - rate * b
        b = b - gain * b
        a = a - gain * a
        filtered[i, 0], filtered[i, 1], filtered[i, 2] = a, b, c
    for j in range(n - 1):
        i = n - 2 - j
        h = time_s[i + 1] - time_s[i]
        fa, fb, fc = filtered[i, 0], filtered[i, 1], filtered[i, 2]
        pa, pb, pc = predicted[i + 1, 0], predicted[i + 1, 1], predicted[i + 1, 2]
        whole = pa * pc - pb * pb
        ca, cb = fa + h * fb, fb + h * fc
        g00, g01 = (ca * pc - fb * pb) / whole, (fb * pa - ca * pb) / whole
        g10, g11 = (cb * pc - fc * pb) / whole, (fc * pa - cb * pb) / whole
        for k in range(columns):
            ahead = out[i, k] + h * out[i, columns + k]
            dx = out[i + 1, k] - ahead
            dv = out[i + 1, columns + k] - out[i, columns + k]
            out[i, k] += g00 * dx + g01 * dv
            out[i, columns + k] += g10 * dx + g11 * dv


def _on_surface(found: Reals) -> Places:
    """Places on the ellipsoid under smoothed points (n, 6), with the direction of their motion along it."""
    lat, lon, _ = geodesy.to_geodetic(found[:, :3])
    up = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    along = found[:, 3:] - (found[:, 3:] * up).sum(axis=1)[:, None] * up
    speed = np.sqrt((along * along).sum(axis=1))[:, None]
    north = np.stack([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)], axis=1)
    forward = np.where(speed > 0.1, along / np.maximum(speed, 1e-9), north)
    return Places(lat, lon, up, forward, geodesy.to_ecef(lat, lon, np.zeros_like(lat)))
