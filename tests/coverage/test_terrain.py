"""Coverage over terrain: a ridge hides, coarse ground counts as none, and sites must stand on it."""

import numpy as np
import pytest

from openiads import scenario
from openiads.coverage import cover
from openiads.coverage.value import Height
from openiads.earth.grid import Terrain
from openiads.errors import UserError

CLOSE = """
format: openiads-scenario/1
name: close
about: One vehicle; positions are illustrative.
duration: 5 min
assets: [{name: base, at: {lat: 53.90, lon: 27.52}}]
sites: [{name: close, system: pantsir-s1, at: {lat: 53.90, lon: 27.50}, facing: 270 deg, screen: none}]
"""
ASKED = [Height(100.0)], ["cruise-missile-subsonic"], ["lowest_visible_height", "detection", "engagement"]


@pytest.fixture(scope="module")
def close(tmp_path_factory):
    path = tmp_path_factory.mktemp("close") / "close.yaml"
    path.write_text(CLOSE)
    return scenario.read(str(path))


def ridge(step_deg):
    """A plain at 200 m with a ridge of 300 m, 4 km west of the site, from north to south."""
    lat, lon = np.arange(53.5, 54.3, step_deg), np.arange(26.8, 28.2, step_deg)
    _, x = np.meshgrid(lat, lon, indexing="ij")
    heights = 200.0 + 300.0 * np.exp(-(((x - 27.44) * 65.6) ** 2))
    return Terrain(heights.astype(np.float32), float(lat[0]), float(lon[0]), step_deg, step_deg, "ridge")


def test_a_ridge_hides_what_flies_behind_it(close):
    flat = {(e.unit, e.product, e.level): e for e in cover(close, *ASKED).entries}
    hilly = cover(close, *ASKED, terrain=ridge(0.0008))
    found = {(e.unit, e.product, e.level): e for e in hilly.entries}
    assert "edge" in hilly.terrain
    key = "close/search", "lowest_visible_height", None
    reach = found[key].range_by_bearing_m
    assert reach[270] < 6e3 < 15e3 < reach[90]
    assert found[key].limits["terrain"] > 0.1
    assert reach[90] == pytest.approx(flat[key].range_by_bearing_m[90], rel=0.02)  # over the plain as over the smooth earth
    for key in found:
        if key[1] in ("detection", "engagement") and key[0] != "whole defence":
            assert found[key].honest_area_m2 <= flat[key].honest_area_m2 * 1.02, key


def test_coarse_ground_counts_as_no_terrain(close):
    coarse = cover(close, *ASKED, terrain=ridge(0.05))
    assert "no terrain masking; computed over the smooth earth" in coarse.terrain
    flat = cover(close, *ASKED)
    assert [e.honest_area_m2 for e in coarse.entries] == [e.honest_area_m2 for e in flat.entries]


def test_a_site_off_the_terrain_is_refused(close):
    away = Terrain(np.zeros((50, 50), np.float32), 40.0, 10.0, 0.0008, 0.0008, "elsewhere")
    with pytest.raises(UserError, match="outside the terrain elsewhere"):
        cover(close, *ASKED, terrain=away)
