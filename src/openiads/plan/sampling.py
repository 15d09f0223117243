"""Flights become the table of paths: each is sampled anew on a grid of whole microseconds of its own."""

from typing import NamedTuple

import numpy as np

from openiads.earth.geodesy import to_geodetic
from openiads.kernel import Reals
from openiads.model.columns import PATHS, Table, table
from openiads.model.trajectory import Ground, Trajectory, states


class Sampled(NamedTuple):
    """All paths, one after the other: a row for each, and its samples of place, velocity and heights."""

    paths: Table
    position_ecef_m: Reals
    velocity_ecef_mps: Reals
    height_agl_m: Reals
    height_amsl_m: Reals


class Evened(NamedTuple):
    """A flight on an even grid of whole microseconds."""

    start_us: int
    step_us: int
    position_ecef_m: Reals
    velocity_ecef_mps: Reals
    height_agl_m: Reals
    height_amsl_m: Reals


def _evened(flown: Trajectory, ground: Ground | None) -> Evened:
    """Sample a flight anew so that its last sample, too, falls on the grid; the end moves by less than a microsecond a step."""
    start_us = round(float(flown.time_s[0]) * 1e6)
    length_us = max(round(float(flown.time_s[-1]) * 1e6) - start_us, 2)
    wanted_us = round(float(flown.time_s[1] - flown.time_s[0]) * 1e6) if len(flown.time_s) > 2 else length_us
    steps = max(1, -(-length_us // max(wanted_us, 1)))
    step_us = length_us // steps
    times_s = np.minimum((start_us + step_us * np.arange(steps + 1)) * 1e-6, flown.time_s[-1])
    times_s[0] = flown.time_s[0]
    position, velocity = states(flown, times_s)
    if ground is None:
        amsl_m = np.interp(times_s, flown.time_s, flown.height_amsl_m)
        return Evened(start_us, step_us, position, velocity, amsl_m, amsl_m)
    lat, lon, amsl_m = to_geodetic(position)
    return Evened(start_us, step_us, position, velocity, amsl_m - ground(lat, lon), amsl_m)


def sampled(flights: list[tuple[int, Trajectory]], ground: Ground | None) -> Sampled:
    """Return the paths of flights, each with the row of the object that flies it."""
    evened = [_evened(path, ground) for _, path in flights]
    paths = table(PATHS, len(flights))
    paths["object"] = [row for row, _ in flights]
    paths["start_us"] = [one.start_us for one in evened]
    paths["step_us"] = [one.step_us for one in evened]
    paths["count"] = [len(one.position_ecef_m) for one in evened]
    paths["first"] = np.cumsum(paths["count"]) - paths["count"]
    return Sampled(
        paths,
        np.concatenate([one.position_ecef_m for one in evened]),
        np.concatenate([one.velocity_ecef_mps for one in evened]),
        np.concatenate([one.height_agl_m for one in evened]),
        np.concatenate([one.height_amsl_m for one in evened]),
    )
