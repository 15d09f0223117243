"""Where a shot meets a track: against a slow scan of every moment, for targets slower and far faster than the weapon."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.kernel import plain
from openiads.model.columns import WEAPONS, table
from openiads.model.engagement import meet

R = 6_378_137.0
STEP_M, REACH_M, BOOST_M = 4_000.0, 60e3, 8e3


def arms():
    """One unit on the equator with one missile that gains speed over ``BOOST_M`` and then slows from 1,200 to 600 m/s."""
    weapons = table(WEAPONS, 1)
    weapons["range_max_m"], weapons["flight_step_m"] = REACH_M, STEP_M
    mean_mps = np.interp(np.arange(64) * STEP_M, [0.0, BOOST_M, 60e3, 250e3], [500.0, 900.0, 850.0, 600.0])
    times_s = np.arange(64) * STEP_M / mean_mps
    return SimpleNamespace(weapons=weapons, frames=np.array([[R, 0.0, 0.0]]), flights_s=times_s[None, :])


def where(place, dt_s, falls):
    r = np.linalg.norm(place[:3])
    pull = -3.986004418e14 / r**3 * place[:3] if falls else np.zeros(3)
    return place[:3] + place[3:6] * dt_s + 0.5 * pull * dt_s * dt_s


def slow_meeting(one, place, wait_s, falls):
    """The first moment at which the missile could have been where the target is."""
    for tof_s in np.arange(0.0, 400.0, 0.005):
        range_m = np.linalg.norm(where(place, wait_s + tof_s, falls) - one.frames[0])
        x = range_m / STEP_M
        j = min(int(x), 62)
        if one.flights_s[0, j] + (one.flights_s[0, j + 1] - one.flights_s[0, j]) * (x - j) <= tof_s:
            return tof_s
    return -1.0


@settings(max_examples=60, deadline=None)
@given(st.floats(5e3, 170e3), st.floats(-20e3, 20e3), st.floats(500.0, 40e3), st.floats(50.0, 3_000.0), st.floats(-0.3, 0.3), st.booleans())
def test_a_shot_meets_its_target_at_the_first_moment_it_can(away_m, aside_m, height_m, speed_mps, off_rad, falls):
    one, out = arms(), np.zeros(4)
    course = np.array([0.0, -math.cos(off_rad), math.sin(off_rad)])
    place = np.concatenate([[R + height_m, away_m, aside_m], speed_mps * course])
    tof_s = plain(meet)(one, 0, place, 10.0, falls, out)
    slow_s = slow_meeting(one, place, 10.0, falls)
    launch = where(place, 10.0, falls) - one.frames[0]
    if launch @ place[3:] > 0.0 and np.linalg.norm(launch) < BOOST_M:
        return
    if np.linalg.norm(where(place, 10.0, falls) - one.frames[0]) <= 2.9 * REACH_M and 0.0 <= slow_s < 60.0:
        assert tof_s == pytest.approx(slow_s, abs=0.05)
        assert np.allclose(out[:3], where(place, 10.0 + tof_s, falls), atol=1e-3)


def test_a_target_that_outruns_the_missile_is_never_met():
    one, out = arms(), np.zeros(4)
    assert plain(meet)(one, 0, np.array([R + 1e4, 30e3, 0.0, 0.0, 2_500.0, 0.0]), 0.0, False, out) < 0.0
