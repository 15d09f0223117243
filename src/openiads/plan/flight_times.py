"""How long a round flies: tables of time over slant range, from the public figures of a missile or a gun."""

import math

import numpy as np

from openiads.catalogue.specs import GunSpec, MissileSpec
from openiads.kernel import Reals

FLIGHT_POINTS = 64
FLIGHT_SHARE = 1.1  # tables reach this far beyond the maximum range
SHELL_MPS = 800.0
TRANSIENT_S = 2.0  # a missile's launch before it flies towards its target


def flight_step_m(range_max_m: float) -> float:
    """Return the step between two points of a table of flight times. [m]"""
    return range_max_m * FLIGHT_SHARE / (FLIGHT_POINTS - 1)


def shell_flight_s(gun: GunSpec) -> Reals:
    """Return the time from the start of a burst until all of it has arrived (FLIGHT_POINTS,), at one mean speed for all shells. [s]"""
    return np.linspace(0.0, gun.range_max_m * FLIGHT_SHARE, FLIGHT_POINTS) / SHELL_MPS + gun.burst_s


def missile_flight_s(missile: MissileSpec) -> Reals:
    """Return the time of flight (FLIGHT_POINTS,) over slant range, consistent with peak and mean speed. [s]

    Speed falls linearly with distance from its peak, v = peak (1 - c r/R); c makes the mean over R the stated one.  A launch
    transient of two seconds is added.

    Limits: one profile for all heights; no public figure supports more.
    """
    ratio = min(missile.mean_speed_mps / missile.speed_mps, 0.999)
    low, high = 1e-6, 0.999
    for _ in range(60):
        c = 0.5 * (low + high)
        if c / -math.log(1.0 - c) > ratio:
            low = c
        else:
            high = c
    r = np.linspace(0.0, missile.range_max_m * FLIGHT_SHARE, FLIGHT_POINTS)
    share = np.minimum(low * r / missile.range_max_m, 0.9995)
    return TRANSIENT_S - missile.range_max_m / (missile.speed_mps * low) * np.log1p(-share)
