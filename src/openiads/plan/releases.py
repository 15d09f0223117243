"""When a child leaves its parent."""

import numpy as np

from openiads.earth import geodesics
from openiads.errors import UserError
from openiads.plan.scene import Aim, Parent, Scene
from openiads.scenario.objects import Group


def release_s(group: Group, scene: Scene, parent: Parent, aim: Aim | None) -> float:
    """Return when a child leaves its parent, on the nominal clock. [s]

    Raises
    ------
    UserError : the parent never comes within the range of its release.
    """
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
    distance, _, _ = geodesics.inverse(path.lat_rad, path.lon_rad, *target)
    if within is None:
        return float(path.time_s[int(np.argmin(distance))])
    inside = np.flatnonzero(distance <= within)
    if not len(inside):
        raise UserError(
            f"objects.{group.name}: {parent.name} never comes within {within / 1000:g} km of the aim "
            f"(nearest {float(distance.min()) / 1000:.0f} km); lengthen the parent's route or the release range"
        )
    return float(path.time_s[int(inside[0])])
