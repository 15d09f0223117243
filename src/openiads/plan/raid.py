"""Everything that flies: groups become members with sampled paths, children with their parents, and turn-back alternatives."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import TargetSpec
from openiads.chance import child_key, entity_key
from openiads.earth import geodesy
from openiads.errors import UserError
from openiads.kernel import Reals
from openiads.model import ballistics, codes, glide, motion
from openiads.model.tables import FAR_FUTURE_US, OBJECTS, PATHS, Table, table
from openiads.model.trajectory import Trajectory, moment, states
from openiads.scenario.models import Scenario
from openiads.scenario.objects import Group
from openiads.scenario.places import Height, Position

TURN_GRID_S = 30.0
FAST_MPS = 400.0
SLOW_STEP_S, FAST_STEP_S = 2.0, 1.0
DIVE_RAD = math.radians(30.0)


class Aim(NamedTuple):
    """A named thing that objects may be aimed at."""

    kind: int
    row: int
    lat_rad: float
    lon_rad: float


class Member(NamedTuple):
    """One object before it gets its row."""

    name: str
    key: int
    group: Group
    ordinal: int
    parent: str | None
    trajectory: Trajectory
    alternatives: tuple[Trajectory, ...]
    aim: Aim | None


class Raid(NamedTuple):
    """Tables of objects and paths, and the words behind them."""

    objects: Table
    paths: Table
    position_ecef_m: Reals
    velocity_ecef_mps: Reals
    height_agl_m: Reals
    members: tuple[Member, ...]
    classes: tuple[str, ...]


def raid(scenario: Scenario, catalogue: Catalogue, aims: Mapping[str, Aim], ground: object = None) -> Raid:
    """Return the objects of a scenario, sorted by key, with their paths on one nominal clock.

    Raises
    ------
    UserError : two names with one key, a child whose parent never gets where it should be released.
    """
    turn = _turner(scenario)
    made: dict[str, list[Member]] = {}
    for group in _parents_first(scenario.objects):
        spec = catalogue.target(group.target_class)
        made[group.name] = _members(group, spec, scenario, aims, made, turn if group.side == "hostile" else None)
    members = sorted((member for group in made.values() for member in group), key=lambda member: member.key)
    _refuse_collisions(members)
    classes = tuple(dict.fromkeys(sorted(member.group.target_class for member in members)))
    return _tables(scenario, catalogue, members, classes)


def _parents_first(groups: tuple[Group, ...]) -> list[Group]:
    waiting, done, order = list(groups), set[str](), list[Group]()
    while waiting:
        ready = [group for group in waiting if group.released_by is None or group.released_by in done]
        if not ready:
            raise UserError(f"objects.{waiting[0].name}: released_by goes in a circle; let one of these groups start by itself")
        order += ready
        done |= {group.name for group in ready}
        waiting = [group for group in waiting if group.name not in done]
    return order


def front(scenario: Scenario) -> tuple[float, float] | None:
    """The middle of where hostile flights begin: what sector radars face unless they are told otherwise. [rad]"""
    turn = _turner(scenario)
    starts = []
    for group in scenario.objects:
        if group.side != "hostile":
            continue
        flown = group.ballistic or group.glide
        if flown is not None:
            starts.append(_spot(flown.origin, turn))
        elif group.route and group.released_by is None:
            starts.append(_spot(group.route[0].at, turn))
    if not starts:
        return None
    lat, lon = np.array(starts).T
    middle = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]).mean(axis=1)
    return math.atan2(middle[2], math.hypot(middle[0], middle[1])), math.atan2(middle[1], middle[0])


def _turner(scenario: Scenario) -> "Turner | None":
    """The rotation of hostile routes about the raid's centre, or None where the raid comes as it is written."""
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


def _spot(place: Position, turn: Turner | None) -> tuple[float, float]:
    lat, lon = math.radians(place.lat_deg), math.radians(place.lon_deg)
    return turn.place(lat, lon) if turn is not None else (lat, lon)


def _members(
    group: Group, spec: TargetSpec, scenario: Scenario, aims: Mapping[str, Aim], made: Mapping[str, list[Member]], turn: Turner | None
) -> list[Member]:
    members = []
    base = entity_key(group.name)
    for ordinal in range(group.count):
        name = group.name if group.count == 1 else f"{group.name}-{ordinal + 1}"
        key = base if group.count == 1 else child_key(base, ordinal)
        aim = _aim(group, ordinal, aims)
        parent = None
        if group.released_by is not None:
            parents = made[group.released_by]
            parent = parents[ordinal % len(parents)]
        trajectory = _flight(group, spec, scenario, ordinal, aim, parent, turn)
        alternatives = _alternatives(group, spec, trajectory) if group.on_engaged == "turn_back" else ()
        members.append(Member(name, key, group, ordinal, parent.name if parent else None, trajectory, alternatives, aim))
    return members


def _aim(group: Group, ordinal: int, aims: Mapping[str, Aim]) -> Aim | None:
    if group.aim:
        return aims[group.aim[ordinal % len(group.aim)]]
    if group.aim_at is not None:
        return Aim(codes.AIM_NONE, -1, math.radians(group.aim_at.lat_deg), math.radians(group.aim_at.lon_deg))
    return None


def _agility(spec: TargetSpec) -> motion.Agility:
    turn = motion.turn_mps2(max(spec.max_g, 1.2))
    climb = max(spec.climb_mps, 1.0)
    descent = max(climb, spec.speed_mps.value * math.sin(DIVE_RAD)) if not spec.crewed else climb
    return motion.Agility(turn_mps2=turn, climb_mps=climb, descent_mps=descent, acceleration_mps2=5.0)


def _flight(
    group: Group, spec: TargetSpec, scenario: Scenario, ordinal: int, aim: Aim | None, parent: Member | None, turn: Turner | None
) -> Trajectory:
    """The path of one member on the group's nominal clock."""
    start_s = group.start_s + ordinal * group.spacing_s
    release = _release(group, parent, aim) if parent is not None else None
    if release is not None:
        start_s = release + (ordinal * group.spacing_s if group.spacing_s else 0.0)
    where = f"objects.{group.name}"
    if group.ballistic is not None:
        if aim is None:
            raise UserError(f"{where}: a ballistic flight needs an aim; add aim: NAME or aim_at: {{lat: ..., lon: ...}}")
        origin = _spot(group.ballistic.origin, turn)
        return ballistics.flight((*origin, 0.0), (aim.lat_rad, aim.lon_rad, 0.0), _apogee_m(group, origin, aim), start_s, FAST_STEP_S)
    if group.glide is not None:
        if aim is None:
            raise UserError(f"{where}: a glide needs an aim; add aim: NAME or aim_at: {{lat: ..., lon: ...}}")
        origin = _spot(group.glide.origin, turn)
        return glide.flight((*origin, 0.0), (aim.lat_rad, aim.lon_rad, 0.0), _glide(group), start_s, FAST_STEP_S)
    waypoints = _route(group, spec, start_s, aim, parent, turn)
    if group.spread_m and group.count > 1 and parent is None:
        waypoints = _abreast(waypoints, (ordinal / (group.count - 1) - 0.5) * group.spread_m, aim is not None)
    step_s = FAST_STEP_S if max(point.speed_mps for point in waypoints) > FAST_MPS else SLOW_STEP_S
    return motion.fly(waypoints, _agility(spec), start_s, step_s, None, max(scenario.duration_s, start_s + 1.0))


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


def _release(group: Group, parent: Member, aim: Aim | None) -> float:
    """When a child leaves its parent, on the nominal clock."""
    path = parent.trajectory
    release = group.release
    if release is not None and release.time_s is not None:
        return min(max(release.time_s, float(path.time_s[0])), float(path.time_s[-1]))
    if release is not None and release.waypoint is not None:
        point = parent.group.route[min(release.waypoint, len(parent.group.route)) - 1].at
        target, within = (math.radians(point.lat_deg), math.radians(point.lon_deg)), None
    elif release is not None and release.range_m is not None and aim is not None:
        target, within = (aim.lat_rad, aim.lon_rad), release.range_m
    elif group.route:
        point = group.route[0].at
        target, within = (math.radians(point.lat_deg), math.radians(point.lon_deg)), None
    elif aim is not None:
        target, within = (aim.lat_rad, aim.lon_rad), None
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
    group: Group, spec: TargetSpec, start_s: float, aim: Aim | None, parent: Member | None, turn: Turner | None
) -> list[motion.Waypoint]:
    """The waypoints of a member, with its release point first and its aim last where they are not written."""
    points: list[motion.Waypoint] = []
    height, speed = (spec.altitude_m.value, False), spec.speed_mps.value
    if parent is not None:
        here = moment(parent.trajectory, start_s)
        points.append(motion.Waypoint(here.lat_rad, here.lon_rad, here.height_amsl_m, max(speed, 1.0)))
        height = (here.height_amsl_m, False)
    timed = _timed_speeds(group, turn)
    for index, point in enumerate(group.route):
        lat, lon = _spot(point.at, turn)
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
        if last is None or float(geodesy.inverse(last.lat_rad, last.lon_rad, aim.lat_rad, aim.lon_rad)[0]) > 500.0:
            points.append(motion.Waypoint(aim.lat_rad, aim.lon_rad, 0.0, speed, True, late=True))
        else:
            points[-1] = last._replace(height_m=0.0, above_ground=True, late=True)
    if len(points) < 2 and not (points and points[0].hold_s):
        raise UserError(f"objects.{group.name}: the route has fewer than two points; add a waypoint, an aim or a hold")
    return points


def _timed_speeds(group: Group, turn: Turner | None) -> dict[int, float]:
    """Speeds of the legs whose ends state times."""
    speeds: dict[int, float] = {}
    for index in range(1, len(group.route)):
        here, before = group.route[index], group.route[index - 1]
        begin = before.time_s if before.time_s is not None else (group.start_s if index == 1 else None)
        if here.time_s is None or begin is None:
            continue
        length = float(geodesy.inverse(*_spot(before.at, turn), *_spot(here.at, turn))[0])
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


def _alternatives(group: Group, spec: TargetSpec, trajectory: Trajectory) -> tuple[Trajectory, ...]:
    """One path for each instant of the grid at which a crew may turn back, from that instant on."""
    first, last = float(trajectory.time_s[0]), float(trajectory.time_s[-1])
    grid = np.arange((math.floor(first / TURN_GRID_S) + 1) * TURN_GRID_S, last - 2.0, TURN_GRID_S)
    agility = _agility(spec)
    paths = []
    for at_s in grid:
        whole = motion.turn_back(trajectory, float(at_s), agility, SLOW_STEP_S, None, last)
        after = int(np.searchsorted(whole.time_s, at_s - 1e-6))
        paths.append(Trajectory(*(column[after:] for column in whole)))
    return tuple(paths)


def _refuse_collisions(members: list[Member]) -> None:
    for before, after in pairwise(members):
        if before.key == after.key:
            raise UserError(f"objects {before.name} and {after.name} have the same key {before.key}; rename one of them")


def _tables(scenario: Scenario, catalogue: Catalogue, members: list[Member], classes: tuple[str, ...]) -> Raid:
    row_of = {member.name: row for row, member in enumerate(members)}
    flights: list[tuple[int, Trajectory]] = [(row, member.trajectory) for row, member in enumerate(members)]
    objects = table(OBJECTS, len(members))
    airways = {corridor.name: row for row, corridor in enumerate((*scenario.civil.airways, *scenario.civil.corridors))}
    jammers = 0
    for row, member in enumerate(members):
        group = member.group
        first = len(flights)
        flights += [(row, path) for path in member.alternatives]
        one = objects[row]
        one["key"] = member.key
        one["side"] = codes.SIDES.index(group.side)
        one["duty"] = codes.DUTIES.index(group.duty)
        one["klass"] = classes.index(group.target_class)
        one["group"] = entity_key(f"group/{group.name}")
        one["parent"] = row_of[member.parent] if member.parent else -1
        one["start_us"] = round(float(member.trajectory.time_s[0]) * 1e6)
        one["end_us"] = round(float(member.trajectory.time_s[-1]) * 1e6)
        one["path"] = row
        one["turn_path"] = first if member.alternatives else -1
        one["turn_count"] = len(member.alternatives)
        one["turn_first_us"] = round(float(member.alternatives[0].time_s[0]) * 1e6) if member.alternatives else 0
        one["turn_step_us"] = round(TURN_GRID_S * 1e6)
        one["aim_kind"] = member.aim.kind if member.aim else codes.AIM_NONE
        one["aim"] = member.aim.row if member.aim else -1
        one["corridor"] = airways.get(group.airway or "", -1)
        one["jitter_us"] = round(group.start_jitter_s * 1e6)
        one["jammer"] = -1
        if group.jammer is not None:
            one["jammer"] = jammers
            jammers += 1
        reply = group.iff.reply if group.iff is not None and group.iff.reply is not None else 1.0
        equipped = group.iff.equipped if group.iff is not None else group.side != "hostile"
        failure = group.iff.failure if group.iff is not None else None
        if failure is None:
            failure = catalogue.doctrine(f"identification.{'transponder_off' if group.side == 'civil' else 'iff_failure'}").value
        one["iff"] = reply * (1.0 - failure) if equipped else 0.0
        one["availability"] = group.availability
        one["last_us"] = FAR_FUTURE_US if group.last_start_s is None else round(group.last_start_s * 1e6)
        one["next"] = -1
        if group.arrivals == "poisson":
            one["leads"] = 1 if member.ordinal == 0 else 0
            one["gap_us"] = round(group.spacing_s * 1e6)
            follower = f"{group.name}-{member.ordinal + 2}"
            one["next"] = row_of[follower] if member.ordinal + 1 < group.count else -1
        one["soft_kill"] = group.soft_kill
        one["soft_kill_us"] = round(0.5e6 * float(member.trajectory.time_s[0] + member.trajectory.time_s[-1]))
    inherit_shift(objects)
    paths = table(PATHS, len(flights))
    evened = [_evened(path) for _, path in flights]
    counts = np.array([len(one.position_ecef_m) for one in evened])
    paths["first"] = np.concatenate([[0], np.cumsum(counts)[:-1]])
    paths["count"] = counts
    paths["object"] = [row for row, _ in flights]
    paths["start_us"] = [one.start_us for one in evened]
    paths["step_us"] = [one.step_us for one in evened]
    return Raid(
        objects,
        paths,
        np.concatenate([one.position_ecef_m for one in evened]),
        np.concatenate([one.velocity_ecef_mps for one in evened]),
        np.concatenate([one.height_agl_m for one in evened]),
        tuple(members),
        classes,
    )


class Evened(NamedTuple):
    """A flight on an even grid of whole microseconds."""

    start_us: int
    step_us: int
    position_ecef_m: Reals
    velocity_ecef_mps: Reals
    height_agl_m: Reals


def _evened(flight: Trajectory) -> Evened:
    """Sample a flight anew so that its last sample, too, falls on the grid; the end moves by less than a microsecond a step."""
    start_us = round(float(flight.time_s[0]) * 1e6)
    length_us = max(round(float(flight.time_s[-1]) * 1e6) - start_us, 2)
    wanted_us = round(float(flight.time_s[1] - flight.time_s[0]) * 1e6) if len(flight.time_s) > 2 else length_us
    steps = max(1, -(-length_us // max(wanted_us, 1)))
    step_us = length_us // steps
    times_s = np.minimum((start_us + step_us * np.arange(steps + 1)) * 1e-6, flight.time_s[-1])
    times_s[0] = flight.time_s[0]
    position, velocity = states(flight, times_s)
    return Evened(start_us, step_us, position, velocity, np.interp(times_s, flight.time_s, flight.height_agl_m))


def inherit_shift(objects: Table) -> None:
    """Children start with their parent's group: one draw moves both."""
    for row in range(len(objects)):
        parent = objects["parent"][row]
        if parent >= 0:
            objects["group"][row] = objects["group"][parent]
            objects["jitter_us"][row] = objects["jitter_us"][parent]
