"""The files beside a scenario, looked at before anything is planned: terrain that serves its sites, tracks that can be flown."""

import math

from openiads.earth import terrain
from openiads.errors import UserError
from openiads.plan.recordings import recording_of
from openiads.plan.scene import scene_of
from openiads.scenario.models import Scenario


def ground_of(scenario: Scenario) -> terrain.Terrain:
    """Return the terrain of a scenario, the smooth earth where it names no file.

    Raises
    ------
    UserError : a file that is absent, damaged, too large, void or without georeference.
    """
    if not scenario.environment.terrain:
        return terrain.smooth()
    if scenario.folder is None:
        raise UserError("environment.terrain: a scenario that is not read from a file has no folder to look for terrain in")
    return terrain.read([scenario.folder / name for name in scenario.environment.terrain])


def inspect(scenario: Scenario) -> tuple[str, ...]:
    """Return what is to be known of the files beside a scenario: the terrain in words, faults of recorded tracks.

    Raises
    ------
    UserError : a file that cannot be used, or terrain that does not cover a site.
    """
    ground = ground_of(scenario)
    for site in scenario.sites:
        for place in (site.at, *(radar.at for radar in site.radars or () if radar.at is not None)):
            if not ground.is_smooth:
                ground.require(math.radians(place.lat_deg), math.radians(place.lon_deg), f"sites.{site.name}")
    scene = scene_of(scenario, ground)
    for group in scenario.objects:
        if group.track is not None:
            recording_of(group, scene)
    return (*(() if ground.is_smooth else (ground.words,)), *dict.fromkeys(scene.notes))
