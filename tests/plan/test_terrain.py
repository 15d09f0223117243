"""A battle over terrain: what flies follows the ground, antennas stand on it, and a ridge hides exactly what its shadow covers."""

import math
import shutil

import numpy as np
import pytest
from pyproj import Geod

from openiads import scenario
from openiads.earth import geodesy
from openiads.earth.terrain import Terrain
from openiads.engine import battle
from openiads.errors import UserError
from openiads.model import codes
from openiads.model.agenda import FINISHED
from openiads.model.columns import MASKED_DB
from openiads.model.state import allocate
from openiads.plan import looks, plan

WGS84 = Geod(ellps="WGS84")
SITE = (53.5, 27.2)  # the radar; the flight comes along the parallel from the east, over a ridge at 27.5 E
HEADER = """
format: openiads-scenario/1
name: ridge
about: One low flight over a ridge towards one battalion; positions are illustrative.
duration: 8 min
environment: {{terrain: [{terrain}], propagation: smooth}}
assets: [{{name: base, at: {{lat: 53.5, lon: 27.19}}}}]
sites: [{{name: unit, system: s-400, at: {{lat: 53.5, lon: 27.2}}, facing: 90 deg, facing_error: 0 deg, screen: none,
          availability: 1, radars: [{{name: 96L6E, configuration: masted, availability: 1}}]}}]
objects:
  - {{name: low, side: hostile, duty: impact, class: cruise-missile-subsonic, aim: base, rcs: 5 m2,
     route: [{{at: {{lat: 53.5, lon: 27.95}}, height: 60 m agl, speed: 220 m/s}}]}}
"""


def land(ridge_m: float = 300.0) -> Terrain:
    """One degree of ground at 250 m with rolling hills and a ridge along 27.5 E, a node every 3 seconds, whole metres."""
    lon = 27.0 + np.arange(1201) / 1200.0
    lat = 54.0 - np.arange(1201) / 1200.0
    east = 250.0 + ridge_m * np.exp(-(((lon - 27.5) / 0.02) ** 2)) + 4.0 * np.sin(lon * 120.0)
    heights = np.round(east[None, :] + 2.0 * np.sin(lat * 200.0)[:, None])
    return Terrain(heights.astype(np.float32), 54.0, 27.0, -1 / 1200.0, 1 / 1200.0, "ridge")


def planned(folder, terrain_file: str, overrides=()):
    path = folder / "ridge.yaml"
    path.write_text(HEADER.format(terrain=terrain_file))
    return plan(scenario.read(str(path), overrides))


@pytest.fixture(scope="module")
def over_land(tmp_path_factory):
    folder = tmp_path_factory.mktemp("land")
    land().save(folder / "land.npz")
    return planned(folder, "land.npz")


def paths_of(made, name: str):
    """Samples of the first path of an object: positions (n, 3), heights above ground and above sea level (n,), times [s]."""
    raid = made.raid
    row = [member.name for member in raid.members].index(name)
    path = raid.paths[raid.objects["path"][row]]
    part = slice(path["first"], path["first"] + path["count"])
    times_s = 1e-6 * (path["start_us"] + path["step_us"] * np.arange(path["count"]))
    return raid.position_ecef_m[part], raid.height_agl_m[part], raid.height_amsl_m[part], times_s


def stands_clear(ground: Terrain, antenna_m: float, lat_deg: float, lon_deg: float, amsl_m: float) -> bool:
    """Whether a straight ray over a round earth of 4/3 radius clears the ground at each hundred metres of the way: written plainly."""
    bearing, _, range_m = WGS84.inv(SITE[1], SITE[0], lon_deg, lat_deg)
    eye_m = float(ground.height_amsl_m(*map(math.radians, SITE))) + antenna_m
    radius_m = 4.0 / 3.0 * geodesy.MEAN_RADIUS_M
    along_m = np.arange(100.0, range_m, 100.0)
    lon, lat, _ = WGS84.fwd(np.full_like(along_m, SITE[1]), np.full_like(along_m, SITE[0]), np.full_like(along_m, bearing), along_m)
    under_m = ground.height_amsl_m(np.radians(lat), np.radians(lon))
    ray_m = eye_m + (amsl_m - eye_m) * along_m / range_m - along_m * (range_m - along_m) / (2.0 * radius_m)
    return bool(np.all(ray_m >= under_m))


def test_flights_follow_the_ground_and_antennas_stand_on_it(over_land):
    ground = land()
    position, agl_m, amsl_m, _ = paths_of(over_land, "low")
    lat, lon, height = geodesy.to_geodetic(position)
    assert height == pytest.approx(amsl_m, abs=1e-3)
    assert amsl_m - agl_m == pytest.approx(ground.height_amsl_m(lat, lon), abs=0.5)
    cruise = slice(0, len(agl_m) - 8)
    assert agl_m[cruise].min() > 59.0  # never lower than asked, between samples within the curvature of the hills
    assert np.median(agl_m[cruise]) < 75.0  # higher only where it may not descend faster
    assert amsl_m[cruise].max() > 590.0
    assert agl_m[-1] == pytest.approx(0.0, abs=0.2)
    under_m = float(ground.height_amsl_m(*map(math.radians, SITE)))
    _, _, antenna_m = geodesy.to_geodetic(over_land.plan.eyes.coverages[:1, :3])
    assert float(antenna_m[0]) == pytest.approx(under_m + 24.0, abs=0.01)
    assert over_land.plan.arms.units["ground_wgs84_m"][0] == pytest.approx(under_m)


def test_the_first_look_comes_when_the_target_leaves_the_shadow_of_the_ridge(over_land, tmp_path):
    ground = land()
    position, _, amsl_m, times_s = paths_of(over_land, "low")
    lat, lon, _ = geodesy.to_geodetic(position)
    clear = [stands_clear(ground, 24.0, math.degrees(a), math.degrees(o), float(h)) for a, o, h in zip(lat, lon, amsl_m, strict=True)]
    sensor = over_land.draft.sensors[0]._replace(period_us=500_000)
    raid = over_land.raid
    heights_m = raid.height_agl_m, raid.height_amsl_m
    seen, ((begin, _, count),) = looks.survey_all(sensor, raid.paths, raid.position_ecef_m, raid.velocity_ecef_mps, heights_m)
    first = int(-(-raid.paths["start_us"][0] // sensor.period_us))
    at_s = 0.5 * np.arange(first, int(times_s[-1] / 0.5) + 1)
    by_mask = np.zeros(len(at_s), bool)  # what was not worth keeping is taken to be hidden
    by_mask[begin - first : begin - first + count] = seen[:, 4] > 0.0
    near = [int(np.argmin(np.abs(times_s - t))) for t in at_s]
    by_ray = np.array([clear[k] for k in near])
    sure = np.array([len(set(clear[max(k - 2, 0) : k + 3])) == 1 for k in near])  # within a second of an edge it may fall either side
    assert 50 < by_ray.sum() < 0.8 * len(at_s)
    assert sure.mean() > 0.8
    assert np.array_equal(by_mask[sure], by_ray[sure])
    first_s = times_s[int(np.argmax(clear))]
    eyes = over_land.plan.eyes
    block = eyes.blocks[eyes.block_of[0, 0, 0]]
    rows = eyes.looks[block["offset"] : block["offset"] + block["count"]]
    period_s = float(eyes.radars["period_us"][0]) * 1e-6
    shown_s = (block["first_scan"] + int(np.argmax(rows["snr_db"] > MASKED_DB))) * period_s
    assert first_s - 1.0 <= shown_s <= first_s + period_s + 1.0
    land(ridge_m=0.0).save(tmp_path / "flat.npz")
    flat = planned(tmp_path, "flat.npz")
    early = flat.plan.eyes.blocks[flat.plan.eyes.block_of[0, 0, 0]]
    assert early["first_scan"] * period_s < first_s - 20.0  # without the ridge it is seen much earlier


def test_the_battle_detects_no_earlier_than_the_ridge_allows(over_land):
    ground = land()
    position, _, amsl_m, times_s = paths_of(over_land, "low")
    lat, lon, _ = geodesy.to_geodetic(position)
    clear = [stands_clear(ground, 24.0, math.degrees(a), math.degrees(o), float(h)) for a, o, h in zip(lat, lon, amsl_m, strict=True)]
    first_s = times_s[int(np.argmax(clear))]
    state = allocate(over_land.plan, 20_000)
    found_s = []
    for replication in range(20):
        assert battle.run(over_land.plan, over_land.knowledge, state, 1, replication, 0) == FINISHED
        log = state.board.log_integers[: state.board.clock["logged"][0]]
        rows = np.flatnonzero(log[:, 2] == codes.FIRST_DETECTION)
        found_s += [float(state.board.log_reals[row, 4]) for row in rows]
    assert len(found_s) == 20
    assert min(found_s) >= first_s - 2.0
    assert float(np.median(found_s)) < first_s + 30.0


def test_every_kind_of_file_beside_the_scenario_gives_the_same_plan(over_land, tmp_path):
    ground = land()
    ground.heights_amsl_m.astype(">i2").tofile(tmp_path / "N53E027.hgt")
    by_hgt = planned(tmp_path, "N53E027.hgt")
    assert np.array_equal(by_hgt.plan.eyes.looks, over_land.plan.eyes.looks)
    rasterio = pytest.importorskip("rasterio")
    place = rasterio.Affine(1 / 1200.0, 0.0, 27.0 - 0.5 / 1200.0, 0.0, -1 / 1200.0, 54.0 + 0.5 / 1200.0)
    with rasterio.open(
        tmp_path / "land.tif", "w", driver="GTiff", width=1201, height=1201, count=1, dtype="float32", crs="EPSG:4326", transform=place
    ) as file:
        file.write(ground.heights_amsl_m, 1)
    by_tiff = planned(tmp_path, "land.tif")
    assert by_tiff.plan.eyes.looks["snr_db"] == pytest.approx(over_land.plan.eyes.looks["snr_db"], abs=0.01)


def test_terrain_that_does_not_serve_is_refused_with_the_file_and_the_remedy(tmp_path):
    land().save(tmp_path / "land.npz")
    with pytest.raises(UserError, match=r"land\.npz.*add the tile that holds it"):
        planned(tmp_path, "land.npz", ["sites.unit.at={lat: 55.5, lon: 27.2}"])
    with pytest.raises(UserError, match=r"objects\.low: point 1 .* under the ground there .*agl"):
        planned(tmp_path, "land.npz", ["objects.low.route.0.height=100 m amsl"])
    shutil.copy(tmp_path / "land.npz", tmp_path / "cut.npz")
    with (tmp_path / "cut.npz").open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(UserError, match=r"cut\.npz: .*cut short"):
        planned(tmp_path, "cut.npz")
