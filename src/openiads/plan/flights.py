"""How one object flies: its route, arc, glide or recorded track over the ground, and where it may turn back."""

import math

import numpy as np

from openiads.earth import geodesics
from openiads.errors import UserError
from openiads.model import ballistics, glide, kepler, motion, recorded
from openiads.model.trajectory import Trajectory, moment
from openiads.plan.flyers import Flyer
from openiads.plan.recordings import recording_of
from openiads.plan.releases import release_s
from openiads.plan.routes import abreast, height_over, route
from openiads.plan.scene import Aim, Parent, Scene
from openiads.scenario.models import Scenario
from openiads.scenario.objects import Group

TURN_GRID_S = 30.0
NOTICE_S = 30.0  # from the closing of the airspace to a crew's turn
FAST_MPS = 400.0
SLOW_STEP_S, FAST_STEP_S = 2.0, 1.0
LOW_STEP_S = 0.5  # over terrain: about a node of a 90 m grid at cruise


def flight(
    group: Group, flyer: Flyer, scene: Scene, ordinal: int, aim: Aim | None, parent: Parent | None
) -> Trajectory:  # fmt: skip
    """Return the path of one member on the group's nominal clock.

    Raises
    ------
    UserError : an arc or glide without an aim, a release that never comes, a route of fewer than two points, a recording with jumps.
    """
    start_s = group.start_s + (ordinal * group.spacing_s if group.arrivals == "even" else 0.0)
    released = release_s(group, scene, parent, aim) if parent is not None else None
    if released is not None:
        start_s = released + (ordinal * group.spacing_s if group.spacing_s else 0.0)
    if group.ballistic is not None:
        aimed = _needed(group, aim, "ballistic flight")
        origin = scene.spot(group, group.ballistic.origin)
        start, end = (*origin, scene.ground_m(*origin)), (aimed.lat_rad, aimed.lon_rad, scene.ground_m(aimed.lat_rad, aimed.lon_rad))
        coefficient = flyer.ballistic_coefficient_kgpm2 or math.inf
        return ballistics.flight(start, end, _apogee_m(group, origin, aimed), start_s, FAST_STEP_S, coefficient, ground=scene.ground)
    if group.glide is not None:
        aimed = _needed(group, aim, "glide")
        origin = scene.spot(group, group.glide.origin)
        start, end = (*origin, scene.ground_m(*origin)), (aimed.lat_rad, aimed.lon_rad, scene.ground_m(aimed.lat_rad, aimed.lon_rad))
        return glide.flight(start, end, _glide(group), start_s, FAST_STEP_S, scene.ground)
    if group.track is not None:
        part = recording_of(group, scene)
        return recorded.trajectory(part, start_s, SLOW_STEP_S, scene.scenario.environment.pressure_pa, scene.ground)
    waypoints = route(group, flyer, scene, start_s, aim, parent)
    if group.spread_m and group.count > 1 and parent is None:
        waypoints = abreast(waypoints, (ordinal / (group.count - 1) - 0.5) * group.spread_m, aim is not None)
    step_s = FAST_STEP_S if max(point.speed_mps for point in waypoints) > FAST_MPS else SLOW_STEP_S
    if scene.ground is not None and any(point.above_ground for point in waypoints):
        step_s = LOW_STEP_S
    return motion.fly(waypoints, flyer.agility, start_s, step_s, scene.ground, max(scene.scenario.duration_s, start_s + 1.0))


def alternatives(group: Group, flyer: Flyer, scene: Scene, trajectory: Trajectory) -> tuple[Trajectory, ...]:
    """Return one path for each instant of the grid at which a crew may turn back, from that instant on."""
    first, last = float(trajectory.time_s[0]), float(trajectory.time_s[-1])
    grid = np.arange((math.floor(first / TURN_GRID_S) + 1) * TURN_GRID_S, last - 2.0, TURN_GRID_S)
    paths = []
    for at_s in grid:
        whole = _turned(group, flyer, scene, trajectory, float(at_s))
        after = int(np.searchsorted(whole.time_s, at_s - 1e-6))
        paths.append(Trajectory(*(column[after:] for column in whole)))
    return tuple(paths)


def _turned(group: Group, flyer: Flyer, scene: Scene, trajectory: Trajectory, at_s: float) -> Trajectory:
    """Return a flight that turns back at an instant: to the place that its group names, or straight on after half a turn."""
    last_s, back = float(trajectory.time_s[-1]), group.turn_back
    if back is None:
        return motion.turn_back(trajectory, at_s, flyer.agility, SLOW_STEP_S, scene.ground, last_s)
    here = moment(trajectory, at_s)
    height_m, above_ground = height_over(back.height, (here.height_amsl_m, False))
    speed_mps = back.speed_mps if back.speed_mps is not None else max(here.ground_speed_mps, 1.0)
    to = motion.Waypoint(*scene.spot(group, back.to), height_m, speed_mps, above_ground)
    step_s = LOW_STEP_S if scene.ground is not None and above_ground else SLOW_STEP_S
    return motion.turn_back(trajectory, at_s, flyer.agility, step_s, scene.ground, max(scene.scenario.duration_s, last_s), to)


def stays_down(group: Group, scenario: Scenario, start_s: float) -> bool:
    """Return whether a civil flight does not set out because the airspace is closed by then."""
    return group.on_closure == "stay" and scenario.civil.closes_s is not None and start_s >= scenario.civil.closes_s


def left(group: Group, trajectory: Trajectory, closes_s: float, flyer: Flyer, scene: Scene) -> Trajectory:
    """Return the flight of one that leaves when the airspace closes: on to the end if that is nearer in time, else back."""
    first, last = float(trajectory.time_s[0]), float(trajectory.time_s[-1])
    at_s = max(closes_s, first + 1.0) + NOTICE_S
    if at_s >= last - 2.0 or last - at_s <= at_s - first:
        return trajectory
    return _turned(group, flyer, scene, trajectory, at_s)


def _needed(group: Group, aim: Aim | None, what: str) -> Aim:
    if aim is None:
        raise UserError(f"objects.{group.name}: a {what} needs an aim; add aim: NAME or aim_at: {{lat: ..., lon: ...}}")
    return aim


def _apogee_m(group: Group, origin: tuple[float, float], aim: Aim) -> float | None:
    assert group.ballistic is not None  # noqa: S101 - the caller has looked
    if group.ballistic.apogee_m is not None:
        return group.ballistic.apogee_m
    if group.ballistic.kind == "minimum-energy":
        return None
    range_m = float(geodesics.inverse(*origin, aim.lat_rad, aim.lon_rad)[0])
    lowest = kepler.minimum_energy(range_m).apogee_m
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
