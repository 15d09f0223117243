"""How one object flies: its route, arc, glide or recorded track over the ground, where it is released, and where it may turn back."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.earth import geodesy
from openiads.earth.terrain import Terrain
from openiads.errors import UserError
from openiads.model import ballistics, faults, glide, imported, motion, recorded
from openiads.model.trajectory import Ground, Trajectory, moment
from openiads.scenario.models import Scenario
from openiads.scenario.objects import Group
from openiads.scenario.places import Height, Position

TURN_GRID_S = 30.0
NOTICE_S = 30.0  # from the closing of the airspace to a crew's turn
FAST_MPS = 400.0
SLOW_STEP_S, FAST_STEP_S = 2.0, 1.0
LOW_STEP_S = 0.5  # over terrain: about a node of a 90 m grid at cruise
DIVE_RAD = math.radians(30.0)
LOW_M = 1_500.0  # a class that flies lower keeps its height above the ground
AT_PLACE_M = 500.0  # a route that ends so near its aim ends at it


class Aim(NamedTuple):
    """A named thing that objects may be aimed at."""

    kind: int
    row: int
    lat_rad: float
    lon_rad: float


class Parent(NamedTuple):
    """The object that releases another: its name, its group and its flight."""

    name: str
    group: Group
    trajectory: Trajectory


class Turner(NamedTuple):
    """Turns places about a centre by an angle."""

    lat_rad: float
    lon_rad: float
    angle_rad: float

    def place(self, lat_rad: float, lon_rad: float) -> tuple[float, float]:
        """Return a place turned about the centre, at its distance."""
        distance, bearing, _ = geodesy.inverse(self.lat_rad, self.lon_rad, lat_rad, lon_rad)
        lat, lon, _ = geodesy.direct(self.lat_rad, self.lon_rad, float(bearing) + self.angle_rad, float(distance))
        return float(lat), float(lon)


class Setting(NamedTuple):
    """What all flights of a scenario share: the rotation of hostile routes, the ground, and recorded tracks by file."""

    scenario: Scenario
    turn: Turner | None
    ground: Ground | None
    recordings: dict[str, list[imported.Recording]]
    notes: list[str]

    def spot(self, group: Group, place: Position) -> tuple[float, float]:
        """Return where a place written in a group's route lies: hostile routes are turned with the raid."""
        return spot(place, self.turn if group.side == "hostile" else None)

    def ground_m(self, lat_rad: float, lon_rad: float) -> float:
        """Return the height of the ground above sea level. [m]"""
        return 0.0 if self.ground is None else float(self.ground(np.array([lat_rad]), np.array([lon_rad]))[0])


def setting(scenario: Scenario, terrain: Terrain) -> Setting:
    """Return what all flights of a scenario over a terrain share.

    Raises
    ------
    UserError : a bearing of the raid with nothing to turn it about.
    """
    return Setting(scenario, turner(scenario), None if terrain.is_smooth else terrain.height_amsl_m, {}, [])


def turner(scenario: Scenario) -> Turner | None:
    """Return the rotation of hostile routes about the raid's centre, or None where the raid comes as it is written."""
    if scenario.raid.bearing_rad is None:
        return None
    if scenario.raid.centre is not None:
        centre = math.radians(scenario.raid.centre.lat_deg), math.radians(scenario.raid.centre.lon_deg)
    elif scenario.assets:
        first = scenario.assets[0].at
        centre = math.radians(first.lat_deg), math.radians(first.lon_deg)
    else:
        raise UserError("raid.bearing: there is no asset to turn the raid about; state raid.centre as {lat: ..., lon: ...}")
    return Turner(*centre, scenario.raid.bearing_rad - scenario.raid.axis_rad)


def spot(place: Position, turn: Turner | None) -> tuple[float, float]:
    """Return latitude and longitude of a place, turned where there is a rotation. [rad]"""
    lat, lon = math.radians(place.lat_deg), math.radians(place.lon_deg)
    return turn.place(lat, lon) if turn is not None else (lat, lon)


def flight(
    group: Group, spec: TargetSpec, scene: Setting, ordinal: int, aim: Aim | None, parent: Parent | None
) -> Trajectory:  # fmt: skip
    """Return the path of one member on the group's nominal clock.

    Raises
    ------
    UserError : an arc or glide without an aim, a release that never comes, a route of fewer than two points, a recording with jumps.
    """
    start_s = group.start_s + (ordinal * group.spacing_s if group.arrivals == "even" else 0.0)
    release = _release(group, scene, parent, aim) if parent is not None else None
    if release is not None:
        start_s = release + (ordinal * group.spacing_s if group.spacing_s else 0.0)
    if group.ballistic is not None:
        aimed = _needed(group, aim, "ballistic flight")
        origin = scene.spot(group, group.ballistic.origin)
        start, end = (*origin, scene.ground_m(*origin)), (aimed.lat_rad, aimed.lon_rad, scene.ground_m(aimed.lat_rad, aimed.lon_rad))
        coefficient = spec.ballistic_coefficient_kgpm2 or math.inf
        return ballistics.flight(start, end, _apogee_m(group, origin, aimed), start_s, FAST_STEP_S, coefficient, ground=scene.ground)
    if group.glide is not None:
        aimed = _needed(group, aim, "glide")
        origin = scene.spot(group, group.glide.origin)
        start, end = (*origin, scene.ground_m(*origin)), (aimed.lat_rad, aimed.lon_rad, scene.ground_m(aimed.lat_rad, aimed.lon_rad))
        return glide.flight(start, end, _glide(group), start_s, FAST_STEP_S, scene.ground)
    if group.track is not None:
        part = recording_of(group, scene)
        return recorded.trajectory(part, start_s, SLOW_STEP_S, scene.scenario.environment.pressure_pa, scene.ground)
    waypoints = _route(group, spec, scene, start_s, aim, parent)
    if group.spread_m and group.count > 1 and parent is None:
        waypoints = _abreast(waypoints, (ordinal / (group.count - 1) - 0.5) * group.spread_m, aim is not None)
    step_s = FAST_STEP_S if max(point.speed_mps for point in waypoints) > FAST_MPS else SLOW_STEP_S
    if scene.ground is not None and any(point.above_ground for point in waypoints):
        step_s = LOW_STEP_S
    return motion.fly(waypoints, _agility(spec), start_s, step_s, scene.ground, max(scene.scenario.duration_s, start_s + 1.0))


def alternatives(group: Group, spec: TargetSpec, scene: Setting, trajectory: Trajectory) -> tuple[Trajectory, ...]:
    """Return one path for each instant of the grid at which a crew may turn back, from that instant on."""
    first, last = float(trajectory.time_s[0]), float(trajectory.time_s[-1])
    grid = np.arange((math.floor(first / TURN_GRID_S) + 1) * TURN_GRID_S, last - 2.0, TURN_GRID_S)
    paths = []
    for at_s in grid:
        whole = _turned(group, spec, scene, trajectory, float(at_s))
        after = int(np.searchsorted(whole.time_s, at_s - 1e-6))
        paths.append(Trajectory(*(column[after:] for column in whole)))
    return tuple(paths)


def _turned(group: Group, spec: TargetSpec, scene: Setting, trajectory: Trajectory, at_s: float) -> Trajectory:
    """Return a flight that turns back at an instant: to the place that its group names, or straight on after half a turn."""
    last_s, back = float(trajectory.time_s[-1]), group.turn_back
    if back is None:
        return motion.turn_back(trajectory, at_s, _agility(spec), SLOW_STEP_S, scene.ground, last_s)
    here = moment(trajectory, at_s)
    height_m, above_ground = _height(back.height, (here.height_amsl_m, False))
    speed_mps = back.speed_mps if back.speed_mps is not None else max(here.ground_speed_mps, 1.0)
    to = motion.Waypoint(*scene.spot(group, back.to), height_m, speed_mps, above_ground)
    step_s = LOW_STEP_S if scene.ground is not None and above_ground else SLOW_STEP_S
    return motion.turn_back(trajectory, at_s, _agility(spec), step_s, scene.ground, max(scene.scenario.duration_s, last_s), to)


def said_by(group: Group, scenario: Scenario) -> imported.Recording:
    """Return what a group's recorded track says of itself, jumps and frozen positions as they are."""
    asked = group.track
    if asked is None or scenario.folder is None:
        raise UserError(f"objects.{group.name}.track: there is no recorded track to report positions of")
    known = imported.read(scenario.folder / asked.file)
    chosen = next(one for one in known if asked.flight in (None, one.name, one.callsign))
    return faults.between(chosen, asked.from_s, asked.to_s if asked.to_s is not None else math.inf)


def stays_down(group: Group, scenario: Scenario, start_s: float) -> bool:
    """Return whether a civil flight does not set out because the airspace is closed by then."""
    return group.on_closure == "stay" and scenario.civil.closes_s is not None and start_s >= scenario.civil.closes_s


def left(group: Group, trajectory: Trajectory, closes_s: float, spec: TargetSpec, scene: Setting) -> Trajectory:
    """Return the flight of one that leaves when the airspace closes: on to the end if that is nearer in time, else back."""
    first, last = float(trajectory.time_s[0]), float(trajectory.time_s[-1])
    at_s = max(closes_s, first + 1.0) + NOTICE_S
    if at_s >= last - 2.0 or last - at_s <= at_s - first:
        return trajectory
    return _turned(group, spec, scene, trajectory, at_s)


def _needed(group: Group, aim: Aim | None, what: str) -> Aim:
    if aim is None:
        raise UserError(f"objects.{group.name}: a {what} needs an aim; add aim: NAME or aim_at: {{lat: ..., lon: ...}}")
    return aim


def _agility(spec: TargetSpec) -> motion.Agility:
    turn = motion.turn_mps2(max(spec.max_g, 1.2))
    climb = max(spec.climb_mps, 1.0)
    descent = max(climb, spec.speed_mps.value * math.sin(DIVE_RAD)) if not spec.crewed else climb
    return motion.Agility(turn_mps2=turn, climb_mps=climb, descent_mps=descent, acceleration_mps2=5.0)


def recording_of(group: Group, scene: Setting) -> imported.Recording:
    """Return the recorded track of a group; what is wrong with it goes to the notes.

    Raises
    ------
    UserError : no folder or file, no such flight in it, or jumps where the scenario does not say what they are.
    """
    asked = group.track
    assert asked is not None  # noqa: S101 - the caller has looked
    where = f"objects.{group.name}.track"
    if scene.scenario.folder is None:
        raise UserError(f"{where}: a scenario that is not read from a file has no folder to look for {asked.file} in")
    if asked.file not in scene.recordings:
        scene.recordings[asked.file] = imported.read(scene.scenario.folder / asked.file)
    known = scene.recordings[asked.file]
    chosen = [one for one in known if asked.flight in (None, one.name, one.callsign)]
    if len(chosen) != 1:
        names = ", ".join(f"{one.name} ({one.callsign})" if one.callsign else one.name for one in known[:8])
        found = "no flight is called so" if not chosen else f"{len(chosen)} flights fit"
        raise UserError(f"{where}: {asked.file}, flight {asked.flight or 'not stated'}: {found}; state flight as one of {names}")
    part = faults.between(chosen[0], asked.from_s, asked.to_s if asked.to_s is not None else math.inf)
    wrong = faults.faults(part)
    first_s = float(part.time_s[0])
    part = faults.without_frozen(part)
    jumps = [fault for fault in faults.faults(part) if fault.kind == "jump"]
    if jumps and asked.jumps == "refuse":
        raise UserError(
            f"{where}: {asked.file}: {jumps[0].detail} {jumps[0].start_s - first_s:.0f} s into the flight: state jumps: reported "
            "(only what the aircraft said was wrong) or jumps: flown (it was there), or leave that part out with from and to"
        )
    scene.notes.extend(f"{asked.file}, {part.name}: {fault.kind} at {fault.start_s - first_s:.0f} s: {fault.detail}" for fault in wrong)
    return faults.without_jumps(part) if jumps and asked.jumps == "reported" else part


def _apogee_m(group: Group, origin: tuple[float, float], aim: Aim) -> float | None:
    assert group.ballistic is not None  # noqa: S101 - the caller has looked
    if group.ballistic.apogee_m is not None:
        return group.ballistic.apogee_m
    if group.ballistic.kind == "minimum-energy":
        return None
    range_m = float(geodesy.inverse(*origin, aim.lat_rad, aim.lon_rad)[0])
    lowest = ballistics.minimum_energy(range_m).apogee_m
    return lowest * (1.5 if group.ballistic.kind == "lofted" else 0.6)


def _glide(group: Group) -> glide.Glide:
    """The glide of a group as motion knows it."""
    flown = group.glide
    assert flown is not None  # noqa: S101 - the caller has looked
    return glide.Glide(
        height_m=flown.height.value_m,
        speed_mps=flown.speed_mps,
        end_speed_mps=flown.end_speed_mps if flown.end_speed_mps is not None else flown.speed_mps,
        kind=flown.kind,
        skip_height_m=flown.skip.height_m if flown.skip is not None else 0.0,
        skip_length_m=flown.skip.length_m if flown.skip is not None else 150_000.0,
        dive_angle_rad=flown.dive_angle_rad,
        impact_speed_mps=flown.impact_speed_mps,
        climb_m=flown.climb_m,
        climb_speed_mps=flown.climb_speed_mps,
    )


def _release(group: Group, scene: Setting, parent: Parent, aim: Aim | None) -> float:
    """When a child leaves its parent, on the nominal clock."""
    path = parent.trajectory
    release = group.release
    if release is not None and release.time_s is not None:
        return min(max(release.time_s, float(path.time_s[0])), float(path.time_s[-1]))
    within = None
    if release is not None and release.waypoint is not None:
        target = scene.spot(parent.group, parent.group.route[min(release.waypoint, len(parent.group.route)) - 1].at)
    elif release is not None and release.range_m is not None and aim is not None:
        target, within = (aim.lat_rad, aim.lon_rad), release.range_m
    elif group.route:
        target = scene.spot(group, group.route[0].at)
    elif aim is not None:
        target = aim.lat_rad, aim.lon_rad
    else:
        return float(path.time_s[0])
    distance = geodesy.inverse(path.lat_rad, path.lon_rad, np.full(len(path.lat_rad), target[0]), np.full(len(path.lat_rad), target[1]))[0]
    if within is None:
        return float(path.time_s[int(np.argmin(distance))])
    inside = np.flatnonzero(distance <= within)
    if not len(inside):
        raise UserError(
            f"objects.{group.name}: {parent.name} never comes within {within / 1000:g} km of the aim "
            f"(nearest {float(distance.min()) / 1000:.0f} km); lengthen the parent's route or the release range"
        )
    return float(path.time_s[int(inside[0])])


def _height(height: Height | None, last: tuple[float, bool]) -> tuple[float, bool]:
    if height is None:
        return last
    return height.value_m, height.datum == "agl"


def _route(
    group: Group, spec: TargetSpec, scene: Setting, start_s: float, aim: Aim | None, parent: Parent | None
) -> list[motion.Waypoint]:  # fmt: skip
    """The waypoints of a member, with its release point first and its aim last where they are not written."""
    points: list[motion.Waypoint] = []
    height, speed = (spec.altitude_m.value, spec.altitude_m.value < LOW_M), spec.speed_mps.value
    if parent is not None:
        here = moment(parent.trajectory, start_s)
        points.append(motion.Waypoint(here.lat_rad, here.lon_rad, here.height_amsl_m, max(speed, 1.0)))
        height = (here.height_amsl_m, False)
    timed = _timed_speeds(group, scene)
    for index, point in enumerate(group.route):
        lat, lon = scene.spot(group, point.at)
        height = _height(point.height, height)
        speed = timed.get(index, point.speed_mps if point.speed_mps is not None else speed)
        if parent is not None and index == 0 and points:
            points[0] = points[0]._replace(speed_mps=speed)
        hold = point.hold
        points.append(
            motion.Waypoint(
                lat,
                lon,
                height[0],
                speed,
                height[1],
                point.late,
                hold.duration_s if hold else 0.0,
                (hold.radius_m or 0.0) if hold else 0.0,
                hold.leg_m if hold else 0.0,
            )
        )
    if aim is not None and group.duty == "impact":
        last = points[-1] if points else None
        if last is None or float(geodesy.inverse(last.lat_rad, last.lon_rad, aim.lat_rad, aim.lon_rad)[0]) > AT_PLACE_M:
            points.append(motion.Waypoint(aim.lat_rad, aim.lon_rad, 0.0, speed, True, late=True))
        else:
            points[-1] = last._replace(height_m=0.0, above_ground=True, late=True)
    _refuse_under_ground(group, scene, points)
    if len(points) < 2 and not (points and points[0].hold_s):
        raise UserError(f"objects.{group.name}: the route has fewer than two points; add a waypoint, an aim or a hold")
    return points


def _refuse_under_ground(group: Group, scene: Setting, points: list[motion.Waypoint]) -> None:
    for number, point in enumerate(points, 1):
        ground_m = scene.ground_m(point.lat_rad, point.lon_rad)
        if not point.above_ground and point.height_m < ground_m:
            raise UserError(
                f"objects.{group.name}: point {number} of the route lies {point.height_m:g} m above sea level, under the ground there "
                f"({ground_m:.0f} m): write its height above ground (agl), or raise it"
            )


def _timed_speeds(group: Group, scene: Setting) -> Mapping[int, float]:
    """Speeds of the legs whose ends state times."""
    speeds: dict[int, float] = {}
    for index in range(1, len(group.route)):
        here, before = group.route[index], group.route[index - 1]
        begin = before.time_s if before.time_s is not None else (group.start_s if index == 1 else None)
        if here.time_s is None or begin is None:
            continue
        length = float(geodesy.inverse(*scene.spot(group, before.at), *scene.spot(group, here.at))[0])
        if here.time_s > begin and length > 0.0:
            speeds[index - 1] = length / (here.time_s - begin)
    return speeds


def _abreast(points: list[motion.Waypoint], offset_m: float, keep_last: bool) -> list[motion.Waypoint]:
    """Move a route sideways; the last point of one that has an aim stays."""
    _, course, _ = geodesy.inverse(points[0].lat_rad, points[0].lon_rad, points[-1].lat_rad, points[-1].lon_rad)
    moved = []
    for index, point in enumerate(points):
        if keep_last and index == len(points) - 1:
            moved.append(point)
            continue
        lat, lon, _ = geodesy.direct(point.lat_rad, point.lon_rad, float(course) + 0.5 * math.pi, offset_m)
        moved.append(point._replace(lat_rad=float(lat), lon_rad=float(lon)))
    return moved
