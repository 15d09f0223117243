"""Flight along waypoints: geodesic legs, turns and climbs within limits, holds, terrain following, and turning back."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from openiads.earth import geodesics
from openiads.errors import UserError
from openiads.kernel import Flags, Reals
from openiads.model import inputs
from openiads.model.path import Path, Pen, lifted, places
from openiads.model.trajectory import Ground, Trajectory, joined, moment, under

STANDARD_GRAVITY_MPS2 = 9.80665  # CGPM 1901
SAMPLES_MAX = 2_000_000


class Waypoint(NamedTuple):
    """A place to fly over.

    ``height_m`` is above sea level or, with ``above_ground``, above the terrain.  ``speed_mps`` holds from here on.
    ``late`` keeps the height of the leg until the change to this one just fits before the place (a final dive).
    ``hold_s`` circles here with ``hold_radius_m`` (0: the tightest allowed), with straight sides of ``hold_leg_m``.
    """

    lat_rad: float
    lon_rad: float
    height_m: float
    speed_mps: float
    above_ground: bool = False
    late: bool = False
    hold_s: float = 0.0
    hold_radius_m: float = 0.0
    hold_leg_m: float = 0.0


class Agility(NamedTuple):
    """What an object can do: turn, climb, descend and change speed at most so fast."""

    turn_mps2: float = 20.0
    climb_mps: float = 50.0
    descent_mps: float = 50.0
    acceleration_mps2: float = 5.0


class _Speeds(NamedTuple):
    """Stretches of constant acceleration: start time, distance, speed, acceleration."""

    time_s: list[float]
    distance_m: list[float]
    speed_mps: list[float]
    acceleration_mps2: list[float]


def turn_mps2(load_factor: float) -> float:
    """Sideways acceleration of a level turn at a load factor. [g -> m/s2]

    Raises
    ------
    UserError : a load factor of 1 or less, with which nothing turns.

    Limits: coordinated level turn.
    Source: [phillips-2004] load factor n: g sqrt(n^2 - 1).
    """
    n = inputs.finite("motion.turn_mps2", "load_factor", load_factor)
    if n <= 1.0:
        raise UserError(f"motion.turn_mps2: load_factor must be above 1 for a level turn, received {load_factor!r}")
    return STANDARD_GRAVITY_MPS2 * math.sqrt(n * n - 1.0)


def fly(
    waypoints: Sequence[Waypoint],
    agility: Agility,
    start_s: float = 0.0,
    step_s: float = 1.0,
    ground: Ground | None = None,
    end_s: float = math.inf,
) -> Trajectory:
    """Fly over waypoints in order.

    Parameters
    ----------
    waypoints : places with heights and speeds, at least two unless the only one is held
    agility : limits of turn, climb, descent and change of speed
    start_s : time of the first waypoint [s]
    step_s : time between samples [s]
    ground : terrain, or None for a smooth earth at sea level
    end_s : the flight is cut there [s]

    Returns
    -------
    Trajectory from ``start_s`` to arrival at the last waypoint (or the end of its hold, or ``end_s``)

    Raises
    ------
    UserError : too few waypoints, a speed, limit or step that is not positive, a latitude beyond the poles.

    Limits: speed is over the ground; every waypoint is flown over and the turn begins there; the profile is the lowest one that
        stays at or above what is asked (and never below the terrain) within the climb and descent limits, so a climb
        that does not fit begins early and a descent that does not fit ends late; terrain is met at the samples, not between them.
    Source: [karney2013] legs and turning circles; [farin-2002] cubic between nodes.
    """
    route = list(waypoints)
    _check(route, agility, start_s, step_s, end_s)
    path, arrivals_m = _draw(route, agility)
    speeds, arrivals_s = _schedule(route, arrivals_m, agility.acceleration_mps2)
    until_s = min(arrivals_s[-1], end_s - start_s)
    elapsed_s = _ticks(until_s, step_s)
    return _compose(path, speeds, elapsed_s, start_s, ground, _Heights(route, arrivals_s, agility))


def turn_back(
    trajectory: Trajectory,
    at_time_s: float,
    agility: Agility,
    step_s: float = 1.0,
    ground: Ground | None = None,
    end_s: float | None = None,
    to: Waypoint | None = None,
) -> Trajectory:
    """Fly the same route until an instant, then turn by half a circle and leave straight on, or turn to a place and end there.

    Parameters
    ----------
    trajectory : the route that is given up
    at_time_s : when the turn begins [s]
    agility, step_s, ground : as for ``fly``
    end_s : end of the flight, by default that of ``trajectory`` [s]
    to : where the flight goes, at that place's speed from the turn on

    Returns
    -------
    Trajectory with the samples of the first one up to ``at_time_s``

    Raises
    ------
    UserError : an instant outside the flight, or limits that are not positive.

    Limits: without a place, level at the height and ground speed of the instant, to the right; where terrain rises the flight climbs
        over it.
    Source: [karney2013].
    """
    inputs.positive("motion.turn_back", "step_s", step_s, "s")
    here = moment(trajectory, at_time_s)
    until_s = float(trajectory.time_s[-1]) if end_s is None else inputs.finite("motion.turn_back", "end_s", end_s, "s")
    left_s = until_s - at_time_s
    if left_s <= 0.0:
        return trajectory
    speed_mps = max(here.ground_speed_mps, 1.0)
    level = Waypoint(here.lat_rad, here.lon_rad, here.height_amsl_m, speed_mps)
    pen = Pen(here.lat_rad, here.lon_rad, here.course_rad)
    turn_mps2 = inputs.positive("motion.turn_back", "turn_mps2", agility.turn_mps2, "m/s2")
    if to is None:
        pen.arc(math.pi, speed_mps * speed_mps / turn_mps2)
        pen.line(max(speed_mps * left_s - pen.distance_m, 0.0) + 1.0)
        speeds = _Speeds([0.0], [0.0], [speed_mps], [0.0])
        heights = _Heights([level, level], [0.0, 0.0, left_s, left_s], agility)
    else:
        fastest_mps = max(speed_mps, inputs.positive("motion.turn_back: to", "speed_mps", to.speed_mps, "m/s"))
        pen.go_to(to.lat_rad, to.lon_rad, fastest_mps * fastest_mps / turn_mps2)
        pen.line(1.0)  # past the place, so that one who is there already has a path too
        route = [level, level._replace(speed_mps=to.speed_mps), to]
        speeds, arrivals_s = _schedule(route, [0.0] * 4 + [pen.distance_m] * 2, agility.acceleration_mps2)
        left_s = min(left_s, arrivals_s[-1])
        heights = _Heights(route, arrivals_s, agility)
    return joined(trajectory, _compose(pen.path(), speeds, _ticks(left_s, step_s), at_time_s, ground, heights))


def _draw(route: list[Waypoint], agility: Agility) -> tuple[Path, list[float]]:
    """The path over the ground and the distances at which each waypoint, or the end of its hold, is reached."""
    first = route[0]
    course_rad = 0.0
    for other in route[1:]:
        length, bearing, _ = geodesics.inverse(first.lat_rad, first.lon_rad, other.lat_rad, other.lon_rad)
        if float(length) > 1e-3:
            course_rad = float(bearing)
            break
    pen = Pen(first.lat_rad, first.lon_rad, course_rad)
    arrivals_m = []
    for i, here in enumerate(route):
        if i:
            fastest_mps = max(route[i - 1].speed_mps, route[max(i - 2, 0)].speed_mps)
            pen.go_to(here.lat_rad, here.lon_rad, fastest_mps * fastest_mps / agility.turn_mps2)
        arrivals_m.append(pen.distance_m)
        if here.hold_s > 0.0:
            _hold(pen, here, max(here.speed_mps, route[max(i - 1, 0)].speed_mps), agility, last=i == len(route) - 1)
            arrivals_m.append(pen.distance_m)
        else:
            arrivals_m.append(arrivals_m[-1])
    return pen.path(), arrivals_m


def _hold(pen: Pen, here: Waypoint, fastest_mps: float, agility: Agility, last: bool) -> None:
    """Draw laps for the time asked: to the second at the end of a route, else the nearest number of whole laps (at least one)."""
    radius_m = max(here.hold_radius_m, fastest_mps * fastest_mps / agility.turn_mps2)
    lap_m = 2.0 * math.pi * radius_m + 2.0 * here.hold_leg_m
    wanted_m = here.hold_s * here.speed_mps
    laps = math.ceil(wanted_m / lap_m) if last else max(1, round(wanted_m / lap_m))
    for _ in range(laps):
        for _ in range(2):
            pen.arc(math.pi, radius_m)
            pen.line(here.hold_leg_m)


def _schedule(route: list[Waypoint], arrivals_m: list[float], acceleration_mps2: float) -> tuple[_Speeds, list[float]]:
    """Stretches of constant acceleration, and the times at which the distances are reached."""
    speeds = _Speeds([0.0], [0.0], [route[0].speed_mps], [0.0])
    now_s, now_m, now_mps = 0.0, 0.0, route[0].speed_mps
    times_s = [0.0]
    last = len(route) - 1
    for i in range(1, len(arrivals_m)):
        leg_m = arrivals_m[i] - arrivals_m[i - 1]
        wanted_mps = route[min((i - 1) // 2, last)].speed_mps
        if i == len(arrivals_m) - 1 and route[last].hold_s > 0.0:
            leg_m = min(leg_m, route[last].hold_s * wanted_mps)
        change_mps = wanted_mps - now_mps
        ramp_mps2 = math.copysign(acceleration_mps2, change_mps)
        ramp_m = (wanted_mps * wanted_mps - now_mps * now_mps) / (2.0 * ramp_mps2) if change_mps else 0.0
        for part_m, rate_mps2 in ((min(ramp_m, leg_m), ramp_mps2), (max(leg_m - ramp_m, 0.0), 0.0)):
            if part_m <= 0.0:
                continue
            _append(speeds, now_s, now_m, now_mps, rate_mps2)
            end_mps = math.sqrt(max(now_mps * now_mps + 2.0 * rate_mps2 * part_m, 0.0))
            now_s += 2.0 * part_m / (now_mps + end_mps)
            now_m += part_m
            now_mps = end_mps
        times_s.append(now_s)
    return speeds, times_s


def _append(speeds: _Speeds, time_s: float, distance_m: float, speed_mps: float, acceleration_mps2: float) -> None:
    for column, value in zip(speeds, (time_s, distance_m, speed_mps, acceleration_mps2), strict=True):
        column.append(value)


def _ticks(until_s: float, step_s: float) -> Reals:
    """Times from zero at the step, the last one exactly ``until_s``."""
    count = math.floor(until_s / step_s * (1.0 - 1e-12)) + 1
    if count > SAMPLES_MAX:
        raise UserError(f"motion: a flight of {until_s:g} s at a step of {step_s:g} s needs {count} samples; the most is {SAMPLES_MAX}")
    elapsed_s: Reals = np.arange(count + 1, dtype=np.float64) * float(step_s)
    elapsed_s[-1] = until_s
    return elapsed_s


class _Heights:
    """What height is asked of the flight at each time, in levels above sea level or above the ground.

    ``arrivals_s`` has two times for each waypoint: when it is reached and when it is left.
    """

    def __init__(self, route: list[Waypoint], arrivals_s: list[float], agility: Agility) -> None:
        self.route = route
        self.arrivals_s = arrivals_s
        self.agility = agility

    def nodes(self, elapsed_s: Reals, terrain_m: Reals) -> tuple[Reals, Reals, Flags]:
        """Times, levels and whether each is above ground: the waypoints, and where late changes begin."""
        rows: list[tuple[float, float, bool]] = []
        for i, here in enumerate(self.route):
            reach_s, leave_s = self.arrivals_s[2 * i : 2 * i + 2]
            if here.late and i:
                level_m, over_ground = rows[-1][1:]
                under_m = float(np.interp(reach_s, elapsed_s, terrain_m))
                change_m = here.height_m - level_m + under_m * (int(here.above_ground) - int(over_ground))
                needed_s = change_m / self.agility.climb_mps if change_m > 0.0 else -change_m / self.agility.descent_mps
                if reach_s - needed_s > rows[-1][0]:
                    rows.append((reach_s - needed_s, level_m, over_ground))
            rows.append((reach_s, here.height_m, here.above_ground))
            if leave_s > reach_s:
                rows.append((leave_s, here.height_m, here.above_ground))
        times_s, levels_m, flags = zip(*rows, strict=True)
        return np.array(times_s), np.array(levels_m), np.array(flags)

    def amsl_m(self, elapsed_s: Reals, terrain_m: Reals) -> Reals:
        """The lowest profile at or above what is asked and the terrain, within the climb and descent limits."""
        times, levels_m, flags = self.nodes(elapsed_s, terrain_m)
        at_point_m = levels_m + np.where(flags, np.interp(times, elapsed_s, terrain_m), 0.0)
        asked_m = np.interp(elapsed_s, times, at_point_m)
        if flags.any():
            leg = np.clip(np.searchsorted(times, elapsed_s, side="right") - 1, 0, max(times.size - 2, 0))
            follows = flags[leg] & flags[np.minimum(leg + 1, times.size - 1)]
            asked_m = np.where(follows, np.interp(elapsed_s, times, levels_m) + terrain_m, asked_m)
        lowest_m = np.maximum(asked_m, terrain_m)
        sunk_m = self.agility.descent_mps * elapsed_s
        lowest_m = np.maximum.accumulate(lowest_m + sunk_m) - sunk_m
        risen_m = self.agility.climb_mps * (elapsed_s[-1] - elapsed_s)
        return np.asarray((np.maximum.accumulate((lowest_m + risen_m)[::-1]) - risen_m[::-1])[::-1])


def _compose(path: Path, speeds: _Speeds, elapsed_s: Reals, start_s: float, ground: Ground | None, heights: _Heights) -> Trajectory:
    """Sample path, speed and height into a trajectory."""
    times, distances, rates, ramps = (np.array(column) for column in speeds)
    part = np.clip(np.searchsorted(times, elapsed_s, side="right") - 1, 0, times.size - 1)
    since_s = elapsed_s - times[part]
    along_m = distances[part] + since_s * (rates[part] + 0.5 * ramps[part] * since_s)
    speed_mps = rates[part] + ramps[part] * since_s
    where = places(path, along_m)
    terrain_m = under(ground, where.lat_rad, where.lon_rad)
    height_m = heights.amsl_m(elapsed_s, terrain_m)
    climb_mps = np.gradient(height_m, elapsed_s) if elapsed_s.size > 1 else np.zeros(1)
    return lifted(where, start_s + elapsed_s, speed_mps, height_m, climb_mps, terrain_m)


def _check(route: list[Waypoint], agility: Agility, start_s: float, step_s: float, end_s: float) -> None:
    if not route or (len(route) == 1 and route[0].hold_s <= 0.0):
        raise UserError(f"motion.fly: {len(route)} waypoint(s) received; give at least two, or one with a hold")
    for i, here in enumerate(route):
        where = f"motion.fly: waypoint {i + 1}"
        inputs.positive(where, "speed_mps", here.speed_mps, "m/s")
        for name in ("lat_rad", "lon_rad", "height_m"):
            inputs.finite(where, name, getattr(here, name))
        for name in ("hold_s", "hold_radius_m", "hold_leg_m"):
            inputs.not_negative(where, name, getattr(here, name))
        if abs(here.lat_rad) > 0.5 * math.pi:
            raise UserError(f"{where}: lat_rad {here.lat_rad!r} lies beyond a pole; latitudes are radians between -pi/2 and pi/2")
    for name, value in agility._asdict().items():
        inputs.positive("motion.fly: agility", name, value)
    inputs.positive("motion.fly", "step_s", step_s, "s")
    inputs.finite("motion.fly", "start_s", start_s, "s")
    if not end_s > start_s:
        raise UserError(f"motion.fly: end_s must lie after start_s ({start_s:g} s), received {end_s!r}; a flight cannot go back in time")
