"""The waypoints of a member: its group's route with heights, speeds and holds, from its release to its aim."""

import math
from collections.abc import Mapping

from openiads.earth import geodesics
from openiads.errors import UserError
from openiads.model import motion
from openiads.model.trajectory import moment
from openiads.plan.flyers import Flyer
from openiads.plan.scene import Aim, Parent, Scene
from openiads.scenario.objects import Group
from openiads.scenario.places import Height

LOW_M = 1_500.0  # a class that flies lower keeps its height above the ground
AT_PLACE_M = 500.0  # a route that ends so near its aim ends at it


def route(
    group: Group, flyer: Flyer, scene: Scene, start_s: float, aim: Aim | None, parent: Parent | None
) -> list[motion.Waypoint]:  # fmt: skip
    """Return the waypoints of a member, with its release point first and its aim last where they are not written.

    Raises
    ------
    UserError : a point under the ground, or fewer than two points.
    """
    points: list[motion.Waypoint] = []
    height, speed = (flyer.altitude_m, flyer.altitude_m < LOW_M), flyer.speed_mps
    if parent is not None:
        here = moment(parent.trajectory, start_s)
        points.append(motion.Waypoint(here.lat_rad, here.lon_rad, here.height_amsl_m, max(speed, 1.0)))
        height = (here.height_amsl_m, False)
    timed = _timed_speeds(group, scene)
    for index, point in enumerate(group.route):
        lat, lon = scene.spot(group, point.at)
        height = height_over(point.height, height)
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
        if last is None or float(geodesics.inverse(last.lat_rad, last.lon_rad, aim.lat_rad, aim.lon_rad)[0]) > AT_PLACE_M:
            points.append(motion.Waypoint(aim.lat_rad, aim.lon_rad, 0.0, speed, True, late=True))
        else:
            points[-1] = last._replace(height_m=0.0, above_ground=True, late=True)
    _refuse_under_ground(group, scene, points)
    if len(points) < 2 and not (points and points[0].hold_s):
        raise UserError(f"objects.{group.name}: the route has fewer than two points; add a waypoint, an aim or a hold")
    return points


def _refuse_under_ground(group: Group, scene: Scene, points: list[motion.Waypoint]) -> None:
    for number, point in enumerate(points, 1):
        ground_m = scene.ground_m(point.lat_rad, point.lon_rad)
        if not point.above_ground and point.height_m < ground_m:
            raise UserError(
                f"objects.{group.name}: point {number} of the route lies {point.height_m:g} m above sea level, under the ground there "
                f"({ground_m:.0f} m): write its height above ground (agl), or raise it"
            )


def _timed_speeds(group: Group, scene: Scene) -> Mapping[int, float]:
    """Speeds of the legs whose ends state times."""
    speeds: dict[int, float] = {}
    for index in range(1, len(group.route)):
        here, before = group.route[index], group.route[index - 1]
        begin = before.time_s if before.time_s is not None else (group.start_s if index == 1 else None)
        if here.time_s is None or begin is None:
            continue
        length = float(geodesics.inverse(*scene.spot(group, before.at), *scene.spot(group, here.at))[0])
        if here.time_s > begin and length > 0.0:
            speeds[index - 1] = length / (here.time_s - begin)
    return speeds


def abreast(points: list[motion.Waypoint], offset_m: float, keep_last: bool) -> list[motion.Waypoint]:
    """Move a route sideways; the last point of one that has an aim stays."""
    _, course, _ = geodesics.inverse(points[0].lat_rad, points[0].lon_rad, points[-1].lat_rad, points[-1].lon_rad)
    moved = []
    for index, point in enumerate(points):
        if keep_last and index == len(points) - 1:
            moved.append(point)
            continue
        lat, lon, _ = geodesics.direct(point.lat_rad, point.lon_rad, float(course) + 0.5 * math.pi, offset_m)
        moved.append(point._replace(lat_rad=float(lat), lon_rad=float(lon)))
    return moved


def height_over(height: Height | None, last: tuple[float, bool]) -> tuple[float, bool]:
    """Return a height and whether it is above ground, or the last one where none is written."""
    if height is None:
        return last
    return height.value_m, height.datum == "agl"
