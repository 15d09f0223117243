"""Free flight: closed forms against each other and the integrator, published tests, flights that meet their aim."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.errors import UserError
from openiads.kernel import plain
from openiads.model import ballistics, glide, kepler

START = (math.radians(54.0), math.radians(33.0), 200.0)
AIM = (math.radians(53.9), math.radians(27.57), 220.0)


@pytest.mark.parametrize("range_km", [120, 300, 600, 1000, 1300, 2000, 3500, 5500, 8000])
def test_the_integrator_meets_the_closed_form(range_km: int) -> None:
    arc = kepler.minimum_energy(range_km * 1e3)
    rows = ballistics.integrate(arc.speed_mps, arc.angle_rad, step_s=1.0)
    assert rows[-1, 1] * kepler.EARTH_RADIUS_M == pytest.approx(range_km * 1e3, rel=1e-4)
    assert rows[:, 2].max() == pytest.approx(arc.apogee_m, rel=1e-4)
    assert rows[-1, 0] == pytest.approx(arc.time_s, rel=1e-4)


@given(st.floats(50e3, 8000e3))
@settings(deadline=None, max_examples=30)
def test_least_energy_is_least(range_m: float) -> None:
    best = kepler.minimum_energy(range_m)
    same = kepler.through_apogee(range_m, best.apogee_m)
    assert same.speed_mps == pytest.approx(best.speed_mps, rel=1e-9)
    assert same.time_s == pytest.approx(best.time_s, rel=1e-6)
    assert kepler.maximum_range_m(best.speed_mps) == pytest.approx(range_m, rel=1e-9)
    for factor in (0.6, 1.5):
        assert kepler.through_apogee(range_m, best.apogee_m * factor).speed_mps > best.speed_mps


@given(st.floats(100e3, 3000e3), st.floats(0.4, 3.0), st.floats(0.0, 20e3), st.floats(0.0, 3e3))
@settings(deadline=None, max_examples=30)
def test_arcs_between_heights_meet_the_integrator(range_m: float, factor: float, start_m: float, end_m: float) -> None:
    apogee_m = kepler.minimum_energy(range_m).apogee_m * factor + start_m + end_m
    arc = kepler.through_apogee(range_m, apogee_m, start_m, end_m)
    rows = ballistics.integrate(arc.speed_mps, arc.angle_rad, start_m, end_m, step_s=min(0.5, arc.time_s / 200.0))
    assert rows[-1, 1] * kepler.EARTH_RADIUS_M == pytest.approx(range_m, rel=1e-4)
    assert rows[-1, 0] == pytest.approx(arc.time_s, rel=1e-4)


def test_the_flat_earth_is_near_for_300_km() -> None:
    arc = kepler.minimum_energy(300e3)
    assert arc.speed_mps == pytest.approx(math.sqrt(9.82 * 300e3), rel=0.02)
    assert arc.apogee_m == pytest.approx(75e3, rel=0.02)
    assert arc.time_s == pytest.approx(math.sqrt(2.0 * 300e3 / 9.82), rel=0.02)


def test_the_closed_form_is_the_published_ellipse() -> None:
    """A second route to the same ellipse: eccentricity from apogee and half the central angle."""
    for apogee_km, range_km in ((2802.0, 930.0), (4475.0, 950.0)):
        phi, re, ra = range_km / 2.0 / 6371.0, 6371e3, 6371e3 + apogee_km * 1e3
        e = (ra - re) / (ra - re * math.cos(phi))
        a = ra / (1.0 + e)
        speed = math.sqrt(3.986004418e14 * (2.0 / re - 1.0 / a))
        assert kepler.through_apogee(range_km * 1e3, apogee_km * 1e3).speed_mps == pytest.approx(speed, rel=1e-10)


@pytest.mark.parametrize("coefficient", [math.inf, 8000.0, 3000.0])
@pytest.mark.parametrize("apogee_m", [None, 50e3, 200e3])
def test_a_flight_ends_at_its_aim(apogee_m: float | None, coefficient: float) -> None:
    flown = ballistics.flight(START, AIM, apogee_m, 100.0, 1.0, coefficient)
    assert math.degrees(flown.lat_rad[-1]) == pytest.approx(53.9, abs=1e-9)
    assert math.degrees(flown.lon_rad[-1]) == pytest.approx(27.57, abs=1e-9)
    assert flown.height_amsl_m[-1] == pytest.approx(220.0, abs=1e-6)
    assert flown.height_amsl_m[0] == pytest.approx(200.0, abs=1e-6)
    assert flown.time_s[0] == 100.0
    if apogee_m is not None:
        assert flown.height_amsl_m.max() == pytest.approx(apogee_m, rel=0.05)
    steps = np.linalg.norm(np.diff(flown.position_ecef_m, axis=0), axis=1) / np.diff(flown.time_s)
    speeds = np.linalg.norm(flown.velocity_ecef_mps, axis=1)
    assert np.abs(steps - 0.5 * (speeds[1:] + speeds[:-1])).max() < 25.0


def test_air_slows_the_descent() -> None:
    free = ballistics.flight(START, AIM, 50e3)
    slowed = ballistics.flight(START, AIM, 50e3, ballistic_coefficient_kg_per_m2=4000.0)
    assert np.linalg.norm(slowed.velocity_ecef_mps[-1]) < 0.7 * np.linalg.norm(free.velocity_ecef_mps[-1])
    assert slowed.time_s[-1] > free.time_s[-1]


def test_a_tabulated_boost_comes_first() -> None:
    boost = ballistics.Boost(np.linspace(0.0, 60.0, 13), np.linspace(0.0, 30e3, 13), 200.0 + 25e3 * np.linspace(0.0, 1.0, 13) ** 2)
    flown = ballistics.flight(START, AIM, 80e3, boost=boost)
    assert flown.height_amsl_m[60] == pytest.approx(25.2e3, rel=1e-3)
    assert flown.height_amsl_m[30] == pytest.approx(200.0 + 25e3 / 4.0, rel=0.02)
    assert math.degrees(flown.lon_rad[-1]) == pytest.approx(27.57, abs=1e-9)


@pytest.mark.parametrize("drag", [0.0, 1e-4])
def test_compiled_flight_equals_the_plain_one(drag: float) -> None:
    compiled, interpreted = np.zeros((400, 5)), np.zeros((400, 5))
    arguments = (100.0, 1200.0, 1300.0, 0.0, drag, False, 1.0)
    n = ballistics.free_flight(*arguments, compiled)
    assert plain(ballistics.free_flight)(*arguments, interpreted) == n > 100
    assert compiled.tobytes() == interpreted.tobytes()
    state = (6371e3 + 20e3, -800.0, 900.0, 1e-4, False)
    assert plain(ballistics.pull)(*state) == ballistics.pull(*state)


@pytest.mark.parametrize("kind", glide.KINDS)
@pytest.mark.parametrize("climb_m", [0.0, 100e3])
def test_a_glide_keeps_its_bands_and_meets_its_aim(kind: str, climb_m: float) -> None:
    start = (math.radians(54.0), math.radians(36.7), 200.0)
    flown = glide.flight(start, AIM, glide.Glide(kind=kind, skip_height_m=4000.0, climb_m=climb_m))
    assert math.degrees(flown.lon_rad[-1]) == pytest.approx(27.57, abs=1e-9)
    assert flown.height_amsl_m[-1] == pytest.approx(220.0, abs=1e-6)
    assert flown.height_amsl_m[0] == pytest.approx(200.0 if climb_m else 30e3, abs=1.0)
    assert flown.height_amsl_m.max() < 34e3 + 1.0
    speeds = np.linalg.norm(flown.velocity_ecef_mps, axis=1)
    assert speeds.max() < 2400.0 * 1.01
    assert speeds[-1] == pytest.approx(900.0, rel=0.01)


def test_equilibrium_lets_a_slower_glider_sink() -> None:
    heights = glide.equilibrium_height_m(30e3, 2400.0, np.array([2400.0, 2000.0, 1500.0]))
    assert heights[0] == pytest.approx(30e3, abs=1.0)
    assert np.all(np.diff(heights) < 0.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: kepler.minimum_energy(-1.0),
        lambda: kepler.minimum_energy(3e7),
        lambda: kepler.through_apogee(300e3, 100.0, 200.0),
        lambda: kepler.maximum_range_m(9000.0),
        lambda: ballistics.integrate(1000.0, math.nan),
        lambda: ballistics.integrate(20e3, 1.0, step_s=100.0),
        lambda: ballistics.integrate(1000.0, 0.7, ballistic_coefficient_kg_per_m2=0.0),
        lambda: ballistics.flight(START, START),
        lambda: glide.flight(START, AIM, glide.Glide(kind="loops")),
        lambda: glide.flight(START, AIM, glide.Glide(climb_m=1e6)),
        lambda: glide.flight(START, AIM, glide.Glide(end_speed_mps=9000.0)),
        lambda: glide.flight(START, AIM, glide.Glide(speed_mps=math.nan)),
    ],
)
def test_bad_input_is_refused_in_words(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError):
        call()
