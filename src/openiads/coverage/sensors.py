"""The sensors of a defence as coverage looks through them, taken from the same rows that a battle is planned from."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from openiads.catalogue.specs import RadarSpec, TargetSpec
from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.earth.mask import Mask
from openiads.earth.mask_cache import cached_mask
from openiads.earth.terrain import Terrain
from openiads.kernel import Reals
from openiads.plan import looks
from openiads.plan.defence import Draft
from openiads.plan.looks import Sensor
from openiads.scenario.models import Environment, Scenario


@dataclass(frozen=True, eq=False)
class Beam:
    """One radar of one site."""

    site: str
    name: str
    system: str
    spec: RadarSpec
    sensor: Sensor
    open_mask: Mask  # the same without the site's screen
    place: tuple[float, float]  # latitude, longitude [rad]
    facing_rad: float
    half_sector_rad: float
    detector: Reals
    unit: int  # row of the fire unit that it guides for, or -1
    feeds: frozenset[int]  # pictures
    smooth: bool
    k: float

    @property
    def kind(self) -> tuple[object, ...]:
        """Return what makes two radars over smooth earth see alike."""
        mask = self.sensor.mask
        far = float(mask.lowest_visible_height_agl_m[0, -1])
        own: tuple[object, ...] = () if self.smooth else (self.site, self.name)
        return (self.system, self.spec.name, mask.antenna_amsl_m, far, self.sensor.range_max_m, *own)

    @property
    def sector_bearings(self) -> np.ndarray:
        """Return which of 360 bearings lie in the sector as it stands."""
        off = np.radians(np.arange(360.0)) - self.facing_rad
        return np.asarray(np.abs((off + math.pi) % (2.0 * math.pi) - math.pi) <= self.half_sector_rad + 1e-12)


def beams(draft: Draft, scenario: Scenario, terrain: Terrain) -> list[Beam]:
    """Return the radars of a defence; an external track feed is not one of them."""
    found = []
    systems = {site.name: site.system for site in scenario.sites}
    places = {name: (lat, lon) for name, lat, lon in draft.places}
    for row, (values, sensor) in enumerate(zip(draft.radars, draft.sensors, strict=True)):
        if values.get("is_feed"):
            continue
        full = draft.radar_names[row]
        site = full.split("/")[0]
        k = scenario.environment.k_factor
        bare = cached_mask(terrain, places[full], sensor.level.low.antenna_m, max_range_m=sensor.range_max_m, k=k)
        found.append(
            Beam(
                site, full, systems[site], sensor.spec, sensor, bare, places[full],
                float(values["facing_rad"]), math.pi if values["turret"] else float(values["half_sector_rad"]),
                draft.detectors[int(values["detector"])], int(values["unit"]),
                frozenset(int(feed["picture"]) for feed in draft.feeds if feed["radar"] == row), terrain.is_smooth, k,
            )
        )  # fmt: skip
    return found


def slant(range_m: Reals, height_m: Reals, antenna_m: float) -> tuple[Reals, Reals]:
    """Return slant range [m] and geometric elevation [rad] of points over ground ranges, heights above sea level."""
    angle = range_m / MEAN_RADIUS_M
    over = MEAN_RADIUS_M + height_m
    flat = over * np.sin(angle)
    up = over * np.cos(angle) - MEAN_RADIUS_M - antenna_m
    return np.hypot(flat, up), np.arctan2(up, flat)


class Looks(NamedTuple):
    """Geometry of looks, each (n,); ``over_m`` is the height above the mask, ``cosine`` 1 for a target that comes straight in."""

    slant_m: Reals
    elevation_rad: Reals
    range_m: Reals
    agl_m: Reals
    amsl_m: Reals
    over_m: Reals
    cosine: Reals


def signal_db(beam: Beam, at: Looks, target: TargetSpec, environment: Environment) -> Reals:
    """Return the signal-to-noise ratio of looks (n,) from the planner's own levels; masked where elevation limits are. [dB]"""
    seen = np.zeros((at.slant_m.size, 10))
    seen[:, 1] = beam.facing_rad
    seen[:, 0], seen[:, 2], seen[:, 3], seen[:, 4] = at.slant_m, at.elevation_rad, at.agl_m, 1.0
    seen[:, 5] = -target.speed_mps.value * at.cosine
    seen[:, 6], seen[:, 7], seen[:, 8], seen[:, 9] = at.cosine, at.range_m, at.over_m, at.amsl_m
    rcs_db = np.array([10.0 * math.log10(target.rcs_m2.value)])
    return looks.levels_db(beam.sensor, seen, [(0, 0, at.slant_m.size)], [target], np.zeros(1, np.int64), rcs_db, environment)
