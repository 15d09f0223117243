"""Flight along waypoints: geometry against geodesics, limits kept, cubic between samples, speed."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from openiads.errors import UserError
from openiads.kernel import plain
from openiads.model import motion, path, trajectory

WGS84 = Geod(ellps="WGS84")
AGILE = motion.Agility(motion.turn_mps2(3.0), climb_mps=40.0, descent_mps=30.0)


def place(lat_deg: float, lon_deg: float, height_m: float, speed_mps: float, **more: float) -> motion.Waypoint:
    return motion.Waypoint(math.radians(lat_deg), math.radians(lon_deg), height_m, speed_mps, **more)  # type: ignore[arg-type]


ROUTE = [
    place(54.5, 25.0, 3000.0, 240.0),
    place(54.2, 26.0, 3000.0, 240.0),
    place(54.6, 26.3, 5000.0, 300.0),
    place(53.9, 27.5, 5000.0, 240.0),
]


def distances_m(flight: trajectory.Trajectory, lat_deg: float, lon_deg: float) -> np.ndarray:  # type: ignore[type-arg]
    n = flight.time_s.size
    return np.asarray(WGS84.inv(np.degrees(flight.lon_rad), np.degrees(flight.lat_rad), np.full(n, lon_deg), np.full(n, lat_deg))[2])


def test_a_straight_leg_follows_the_geodesic_at_its_speed() -> None:
    flight = motion.fly([place(54.5, 25.0, 1000.0, 250.0), place(53.9, 31.0, 1000.0, 250.0)], AGILE)
    azimuth, _, length = WGS84.inv(25.0, 54.5, 31.0, 53.9)
    assert flight.time_s[-1] == pytest.approx(length / 250.0, rel=1e-12)
    lon, lat, _ = WGS84.fwd(25.0, 54.5, azimuth, 250.0 * 600.0)
    assert distances_m(flight, lat, lon)[600] < 1e-3
    speed = np.linalg.norm(flight.velocity_ecef_mps, axis=1)
    assert np.allclose(speed, 250.0 * (1.0 + 1000.0 / 6371000.0), rtol=1e-6)


def test_every_waypoint_is_flown_over_and_the_last_one_is_met_exactly() -> None:
    flight = motion.fly(ROUTE, AGILE, step_s=0.5)
    for here in ROUTE[1:-1]:
        assert distances_m(flight, math.degrees(here.lat_rad), math.degrees(here.lon_rad)).min() < 0.5 * 300.0
    assert distances_m(flight, 53.9, 27.5)[-1] < 1e-3
    assert flight.height_amsl_m[-1] == pytest.approx(5000.0)


def test_turns_and_climbs_stay_within_their_limits() -> None:
    flight = motion.fly(ROUTE, AGILE, step_s=0.25)
    inner = slice(2, -3)
    sideways = np.linalg.norm(np.gradient(flight.velocity_ecef_mps, flight.time_s, axis=0), axis=1)[inner]
    assert sideways.max() < 1.02 * (AGILE.turn_mps2 + 5.0)
    climb = np.diff(flight.height_amsl_m) / np.diff(flight.time_s)
    assert climb.max() <= AGILE.climb_mps + 1e-6
    assert climb.min() >= -AGILE.descent_mps - 1e-6


@given(st.floats(-179.0, 179.0), st.floats(3e3, 60e3), st.floats(-179.0, 179.0), st.floats(20.0, 600.0))
@settings(deadline=None, max_examples=40)
def test_any_next_place_is_reached_whatever_the_course(course: float, length_m: float, offset: float, speed_mps: float) -> None:
    lon1, lat1, _ = WGS84.fwd(27.0, 54.0, course, 50e3)
    lon2, lat2, _ = WGS84.fwd(lon1, lat1, course + offset, length_m)
    flight = motion.fly(
        [place(54.0, 27.0, 500.0, speed_mps), place(lat1, lon1, 500.0, speed_mps), place(lat2, lon2, 500.0, speed_mps)], AGILE
    )
    assert distances_m(flight, lat2, lon2)[-1] < 1.0
    steps = np.linalg.norm(np.diff(flight.position_ecef_m, axis=0), axis=1) / np.diff(flight.time_s)
    assert steps[:-1].max() < speed_mps * 1.001


def test_terrain_is_followed_at_the_height_asked_and_never_cut() -> None:
    def hills(lat_rad: np.ndarray, lon_rad: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        return 300.0 + 120.0 * np.sin(lat_rad * 3000.0) * np.cos(lon_rad * 2000.0)

    low = [place(54.5, 25.0, 50.0, 240.0, above_ground=True), place(54.0, 27.0, 50.0, 240.0, above_ground=True)]
    flight = motion.fly(low, AGILE, ground=hills)
    assert flight.height_agl_m.min() >= 50.0 - 1e-6
    assert np.median(flight.height_agl_m) < 80.0
    gentle = [place(54.5, 25.0, 350.0, 240.0), place(54.0, 27.0, 350.0, 240.0)]
    assert motion.fly(gentle, AGILE, ground=hills).height_agl_m.min() >= -1e-6


def test_a_late_change_of_height_ends_in_a_dive() -> None:
    dive = [place(54.5, 25.0, 5000.0, 200.0), place(54.0, 27.0, 0.0, 200.0, late=True)]
    flight = motion.fly(dive, AGILE)
    assert flight.height_amsl_m[-1] == pytest.approx(0.0, abs=1e-6)
    assert flight.height_amsl_m[np.searchsorted(flight.time_s, flight.time_s[-1] - 170.0)] == pytest.approx(5000.0)


def test_a_hold_lasts_as_asked_and_stays_near() -> None:
    on_station = [place(54.0, 27.0, 7000.0, 200.0), place(54.1, 27.1, 7000.0, 200.0, hold_s=1200.0, hold_leg_m=20e3)]
    flight = motion.fly(on_station, AGILE)
    way_s = WGS84.inv(27.0, 54.0, 27.1, 54.1)[2] / 200.0
    assert flight.time_s[-1] == pytest.approx(way_s + 1200.0, abs=1e-6)
    assert distances_m(flight, 54.1, 27.1)[int(way_s) + 1 :].max() < 25e3


def test_the_end_time_cuts_the_flight() -> None:
    flight = motion.fly(ROUTE, AGILE, start_s=100.0, end_s=160.5)
    assert flight.time_s[0] == 100.0
    assert flight.time_s[-1] == 160.5


def test_turning_back_keeps_the_route_and_then_leaves() -> None:
    flight = motion.fly(ROUTE, AGILE)
    back = motion.turn_back(flight, 150.0, AGILE)
    assert np.array_equal(back.position_ecef_m[:150], flight.position_ecef_m[:150])
    assert back.time_s[-1] == flight.time_s[-1]
    assert trajectory.moment(back, 149.0).course_rad == pytest.approx(trajectory.moment(flight, 149.0).course_rad)
    turned = trajectory.moment(back, 200.0).course_rad - trajectory.moment(flight, 150.0).course_rad
    assert math.cos(turned) == pytest.approx(-1.0, abs=1e-3)
    assert np.all(np.diff(back.time_s) > 0.0)
    assert distances_m(back, 54.5, 25.0)[280] < distances_m(back, 54.5, 25.0)[150]


def test_turning_back_to_a_place_ends_there_at_its_height_and_speed() -> None:
    flight = motion.fly(ROUTE, AGILE)
    here = trajectory.moment(flight, 150.0)
    to = motion.Waypoint(math.radians(54.6), math.radians(26.0), 2000.0, 180.0)
    back = motion.turn_back(flight, 150.0, AGILE, end_s=5000.0, to=to)
    assert np.array_equal(back.position_ecef_m[:150], flight.position_ecef_m[:150])
    assert distances_m(back, 54.6, 26.0)[-1] < 5.0
    assert back.height_amsl_m[-1] == pytest.approx(2000.0, abs=5.0)
    end = trajectory.moment(back, float(back.time_s[-1]) - 1.0)
    assert end.ground_speed_mps == pytest.approx(180.0, rel=1e-3)
    # No faster than the straight way at the faster of the two speeds, and not by more than a turn and a change of speed longer.
    way_m = WGS84.inv(math.degrees(here.lon_rad), math.degrees(here.lat_rad), 26.0, 54.6)[2]
    took_s = back.time_s[-1] - 150.0
    assert way_m / max(180.0, here.ground_speed_mps) < took_s < way_m / min(180.0, here.ground_speed_mps) + 60.0
    cut = motion.turn_back(flight, 150.0, AGILE, end_s=200.0, to=to)
    assert cut.time_s[-1] == 200.0
    assert np.allclose(cut.lat_rad, back.lat_rad[: len(cut.lat_rad)], atol=1e-9)
    stays = motion.turn_back(flight, 150.0, AGILE, to=to._replace(lat_rad=here.lat_rad, lon_rad=here.lon_rad))
    assert stays.time_s[-1] - 150.0 < 1.0


def test_the_cubic_meets_its_nodes_and_a_circle() -> None:
    angle = np.arange(0.0, 3.0, 5.0 * 9.81 / 300.0)  # 5 g at 300 m/s, one sample a second
    radius_m = 300.0**2 / (5.0 * 9.81)
    values = radius_m * np.stack([np.cos(angle), np.sin(angle), 0.0 * angle], axis=1)
    slopes = radius_m * np.stack([-np.sin(angle), np.cos(angle), 0.0 * angle], axis=1)
    at = np.linspace(0.0, angle[-1], 777)
    out = np.empty((777, 6))
    trajectory.interpolate_each(angle, values, slopes, at, out)
    assert np.abs(np.linalg.norm(out[:, :3], axis=1) - radius_m).max() < 0.1
    assert np.abs(np.linalg.norm(out[:, 3:], axis=1) - radius_m).max() < 3.0


def test_compiled_interpolation_equals_the_plain_one() -> None:
    flight = motion.fly(ROUTE, AGILE, end_s=300.0)
    at = np.concatenate([np.random.default_rng(2).uniform(-5.0, 305.0, 200), flight.time_s[:5], [300.0]])
    compiled, interpreted = np.empty((at.size, 6)), np.empty((at.size, 6))
    trajectory.interpolate_each(flight.time_s, flight.position_ecef_m, flight.velocity_ecef_mps, at, compiled)
    plain(trajectory.interpolate_each)(flight.time_s, flight.position_ecef_m, flight.velocity_ecef_mps, at, interpreted)
    assert compiled.tobytes() == interpreted.tobytes()
    for i, one in enumerate(at):
        plain(trajectory.interpolate)(flight.time_s, flight.position_ecef_m, flight.velocity_ecef_mps, one, 0, interpreted[i])
    assert compiled.tobytes() == interpreted.tobytes()


def test_outside_its_life_an_object_has_no_place() -> None:
    flight = motion.fly(ROUTE, AGILE, start_s=10.0, end_s=60.0)
    position_m, _ = trajectory.states(flight, [9.9, 10.0, 60.0, 60.1])
    assert np.isnan(position_m[[0, 3]]).all()
    assert np.isfinite(position_m[[1, 2]]).all()
    with pytest.raises(UserError, match="outside the life"):
        trajectory.moment(flight, 61.0)


def test_members_of_a_group_fly_the_same_route_later() -> None:
    flight = motion.fly(ROUTE, AGILE, end_s=60.0)
    later = trajectory.shifted(flight, 10.0)
    assert np.array_equal(later.time_s, flight.time_s + 10.0)
    assert np.array_equal(later.position_ecef_m, flight.position_ecef_m)


@given(st.floats(5.0, 5000.0), st.floats(-math.pi, math.pi), st.floats(50.0, 3000.0))
@settings(deadline=None)
def test_a_first_turn_ends_heading_for_the_place(length_m: float, offset_rad: float, radius_m: float) -> None:
    straight_m, angle_rad = path.first_turn(length_m, offset_rad, radius_m)
    side = math.copysign(1.0, angle_rad)
    along_m = straight_m + radius_m * math.sin(abs(angle_rad))
    aside_m = side * radius_m * (1.0 - math.cos(angle_rad))
    left = (length_m * math.cos(offset_rad) - along_m, length_m * math.sin(offset_rad) - aside_m)
    assert left[0] * math.sin(angle_rad) - left[1] * math.cos(angle_rad) == pytest.approx(0.0, abs=1e-5 * radius_m)
    assert left[0] * math.cos(angle_rad) + left[1] * math.sin(angle_rad) > -1e-5 * radius_m


def test_sixty_flights_of_twenty_minutes_are_planned_in_a_tenth_of_a_second() -> None:
    def plan() -> float:
        start = time.process_time()
        for k in range(60):
            motion.fly(
                [place(54.5, 25.0 + 0.01 * k, 50.0, 240.0), place(54.2, 26.0, 50.0, 240.0), place(53.9, 30.5, 0.0, 240.0)],
                AGILE,
                end_s=1200.0,
            )
        return time.process_time() - start

    if hasattr(trajectory.interpolate_each, "py_func"):
        assert min(plan() for _ in range(5)) < 0.2


@pytest.mark.parametrize(
    "call",
    [
        lambda: motion.fly([], AGILE),
        lambda: motion.fly(ROUTE[:1], AGILE),
        lambda: motion.fly([ROUTE[0], ROUTE[0]], AGILE),
        lambda: motion.fly([ROUTE[0], place(54.0, 27.0, 100.0, 0.0)], AGILE),
        lambda: motion.fly([ROUTE[0], place(99.0, 27.0, 100.0, 10.0)], AGILE),
        lambda: motion.fly(ROUTE, AGILE, start_s=100.0, end_s=50.0),
        lambda: motion.fly(ROUTE, AGILE, step_s=0.0),
        lambda: motion.fly(ROUTE, AGILE, step_s=1e-6),
        lambda: motion.fly(ROUTE, AGILE._replace(turn_mps2=-1.0)),
        lambda: motion.turn_mps2(1.0),
        lambda: motion.turn_back(motion.fly(ROUTE, AGILE, end_s=60.0), 61.0, AGILE),
    ],
)
def test_bad_input_is_refused_in_words(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError):
        call()
