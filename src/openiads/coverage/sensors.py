"""The sensors of a defence as coverage looks through them, taken from the same rows that a battle is planned from."""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from openiads.catalogue.specs import RadarSpec, TargetSpec
from openiads.coverage.polar import bearings_rad
from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.earth.mask import Mask
from openiads.earth.mask_cache import cached_mask
from openiads.earth.terrain import Terrain
from openiads.kernel import Reals
from openiads.model.beam import scan_loss_db
from openiads.plan import looks
from openiads.plan.draft import Draft
from openiads.plan.looks import Sensor
from openiads.scenario.models import Environment, Scenario

SMOOTH_STEP_M = 200.0
FIELD_STEP_M = 500.0  # where fields have bearings
TERRAIN_ROWS = 720  # half a degree: 1 km wide at 115 km


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
    antenna_agl_m: float
    row: int  # among the radars of the defence
    rows: int  # bearings that its fields need: one where nothing depends on bearing
    ground_amsl_m: Reals  # (rows, ranges) under the cells of its fields; (1, 1) of zero on the smooth earth
    facing_rad: float
    half_sector_rad: float
    detector: Reals
    unit: int  # row of the fire unit that it guides for, or -1
    feeds: frozenset[int]  # pictures
    smooth: bool
    k: float
    bearing_matters: bool  # for other reasons than its own array
    loses_aside: bool  # a fixed array, which loses gain off its broadside
    states_screen: bool  # the scenario says what surrounds its site, so that this is no unknown
    states_antenna: bool  # and how high its antenna stands

    @property
    def kind(self) -> tuple[object, ...]:
        """Return what makes two radars over smooth earth see alike."""
        mask = self.sensor.mask
        far = float(mask.lowest_visible_height_agl_m[0, -1])
        own: tuple[object, ...] = (
            self.loses_aside,
            self.states_screen,
            self.states_antenna,
            self.rows,
            *(() if self.rows == 1 else (self.site, self.name)),
        )
        return (self.system, self.spec.name, mask.antenna_amsl_m, far, self.sensor.range_max_m, *own)

    @property
    def antenna_figure(self) -> str:
        """Return the path of the figure that its antenna's height is taken from."""
        chosen = "mobile" if self.antenna_agl_m == self.spec.antenna_mobile_m else "masted"
        return f"{self.system}.radars.{self.spec.name}.antenna_{chosen}"

    @property
    def step_m(self) -> float:
        """Return the distance between ranges of its fields. [m]"""
        return SMOOTH_STEP_M if self.rows == 1 else FIELD_STEP_M

    @property
    def range_m(self) -> Reals:
        """Return the ranges of its fields. [m]"""
        return np.arange(1.0, math.ceil(self.sensor.range_max_m / self.step_m) + 1.0) * self.step_m

    @property
    def tracks(self) -> bool:
        """Whether it makes tracks for anybody."""
        return "range" in self.spec.measures and bool(self.feeds)

    @property
    def turned(self) -> "Beam":
        """Return the radar as it would see if it faced wherever the target is."""
        rows = 1 if self.rows == 360 and self.loses_aside and not self.bearing_matters else self.rows
        return replace(self, half_sector_rad=math.pi, loses_aside=False, rows=rows)

    def scan_loss_db(self, rows: int) -> Reals:
        """Return what a fixed array loses on each bearing of its sector (rows,); nothing off it, where it would have to turn. [dB]"""
        if not self.loses_aside:
            return np.zeros(1)
        aside = bearings_rad(rows) - self.facing_rad
        return np.where(self.sector(rows), scan_loss_db(aside, self.spec.scan_loss_exponent), 0.0)

    def sector(self, rows: int = 360) -> np.ndarray:
        """Return which bearings lie in the sector as it stands (rows,)."""
        off = bearings_rad(rows) - self.facing_rad
        return np.asarray(np.abs((off + math.pi) % (2.0 * math.pi) - math.pi) <= self.half_sector_rad + 1e-12)


def beams(draft: Draft, scenario: Scenario, terrain: Terrain, bearing_matters: bool = False) -> list[Beam]:
    """Return the radars of a defence; an external track feed is not one of them.

    ``bearing_matters`` gives even radars over the smooth earth a field for each whole degree.
    """
    found = []
    sites = {site.name: site for site in scenario.sites}
    places = {name: (lat, lon) for name, lat, lon in draft.places}
    k = scenario.environment.k_factor
    for row, (values, sensor) in enumerate(zip(draft.radars, draft.sensors, strict=True)):
        if values.get("is_feed"):
            continue
        full = draft.radar_names[row]
        site = sites[full.split("/")[0]]
        own = [radar for radar in site.radars or () if radar.name == full.split("/")[1]]
        place, reach_m = places[full], sensor.range_max_m
        antenna_m, aside = sensor.level.low.antenna_m, sensor.loses_aside
        rows = TERRAIN_ROWS if not terrain.is_smooth else 360 if bearing_matters or aside else 1
        bearings = sensor.mask.lowest_visible_height_agl_m.shape[0]
        bare = cached_mask(terrain, place, antenna_m, max_range_m=reach_m, k=k, bearings=bearings)
        under = np.zeros((1, 1))
        if not terrain.is_smooth:
            laid = cached_mask(terrain, place, antenna_m, max_range_m=reach_m, k=k, step_m=FIELD_STEP_M, bearings=rows, with_ground=True)
            under = laid.ground_amsl_m[:, 1:].astype(np.float64)
        found.append(
            Beam(
                site.name, full, site.system, sensor.spec, sensor, bare, place, antenna_m, row, rows, under,
                float(values["facing_rad"]), math.pi if values["turret"] else float(values["half_sector_rad"]),
                draft.detectors[int(values["detector"])], int(values["unit"]),
                frozenset(int(feed["picture"]) for feed in draft.feeds if feed["radar"] == row), terrain.is_smooth, k,
                bearing_matters, aside, site.screen is not None,
                any(radar.antenna_agl_m is not None for radar in own),
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
    """Return the signal-to-noise ratio of looks (n,) from the planner's own levels; masked where elevation limits are. [dB]

    Looks are straight ahead of a fixed array: what it loses aside is not in here.
    """
    seen = np.zeros((at.slant_m.size, 10))
    seen[:, 1] = beam.facing_rad
    seen[:, 0], seen[:, 2], seen[:, 3], seen[:, 4] = at.slant_m, at.elevation_rad, at.agl_m, 1.0
    seen[:, 5] = -target.speed_mps.value * at.cosine
    seen[:, 6], seen[:, 7], seen[:, 8], seen[:, 9] = at.cosine, at.range_m, at.over_m, at.amsl_m
    rcs_db = np.array([10.0 * math.log10(target.rcs_m2.value)])
    return looks.levels_db(beam.sensor, seen, np.array([[0, 0, at.slant_m.size]]), [target], np.zeros(1, np.int64), rcs_db, environment)
