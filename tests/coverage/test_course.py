"""Courses that are not straight at the radar, and jamming."""

import math

import numpy as np
import pytest

from openiads import scenario
from openiads.coverage import cover
from openiads.coverage.course import Lanes, cosine_to
from openiads.coverage.polar import Polar, bearings_rad
from openiads.coverage.value import Height

LONE = """
format: openiads-scenario/1
name: lone
about: One battery; positions are illustrative.
duration: 5 min
environment: {propagation: smooth, clutter: false}
assets: [{name: base, at: {lat: 53.95, lon: 27.42}}]
sites: [{name: s400, system: s-400, at: {lat: 53.95, lon: 27.40}, facing: 270 deg, screen: none}]
objects:
  - {name: jammer, side: hostile, duty: jam, class: standoff-jammer,
     route: [{at: {lat: 53.95, lon: 23.00}, height: 7 km amsl, speed: 130 m/s}, {at: {lat: 53.95, lon: 23.05}}]}
"""


@pytest.fixture(scope="module")
def lone(tmp_path_factory):
    path = tmp_path_factory.mktemp("lone") / "lone.yaml"
    path.write_text(LONE)
    return scenario.read(str(path))


def test_a_field_comes_back_from_its_lanes():
    range_m = np.arange(1, 81) * 500.0
    field = np.exp(-((range_m[None, :] / 20e3) ** 2)) * (1.2 + np.cos(bearings_rad(360))[:, None])
    lanes = Lanes(math.radians(37.0), 40e3)
    back = lanes.back(lanes.of(Polar(field, 500.0)), 360, range_m)
    assert np.abs(back - field)[:, 4:-2].max() < 0.01


def test_lanes_run_against_the_course():
    lanes = Lanes(math.radians(90.0), 10e3)
    bearing, range_m = lanes.places
    middle = len(lanes.axis_m) // 2
    # A target that flies east comes from the west: the last node of the middle lane.
    assert math.degrees(bearing[middle, -1]) == pytest.approx(270.0)
    assert range_m[middle, -1] == pytest.approx(lanes.axis_m[-1])
    assert cosine_to(math.radians(90.0), np.radians([270.0, 90.0, 0.0])) == pytest.approx([1.0, -1.0, 0.0], abs=1e-12)


def test_on_the_bearing_it_comes_from_a_course_is_the_radial_one(lone):
    asked = [Height(9_000.0)], ["tactical-aircraft"], ["detection", "firm_track", "engagement"]
    radial = {(e.unit, e.product, e.level): e for e in cover(lone, *asked).entries}
    east = {(e.unit, e.product, e.level): e for e in cover(lone, *asked, course_rad=math.radians(90.0)).entries}
    for key, one in east.items():
        if key[1] in ("firm_track", "engagement") and "/" in key[0] + ("/" if key[0] == "s400" else ""):
            inbound = float(radial[key].range_by_bearing_m[270])
            assert float(one.range_by_bearing_m[270]) == pytest.approx(inbound, abs=2_500.0), key
    assert east["s400", "engagement", 0.5].course == "straight on 90 deg"
    # Across the course the same target shows its side, and flies without radial speed in the clutter notch near the horizon.
    seen = east["s400/96L6E", "detection", 0.5].range_by_bearing_m
    assert seen[0] == pytest.approx(seen[180], rel=1e-6)
    assert not np.allclose(seen[0], seen[270], rtol=0.02)


def test_jamming_takes_reach_most_towards_the_jammer(lone):
    asked = [Height(7_000.0)], ["tactical-aircraft"], ["detection"]
    clear, jammed = (cover(lone, *asked, jamming=choice) for choice in ("none", "margin-0"))
    near = {e.unit: np.asarray(e.range_by_bearing_m) for e in clear.entries if e.level == 0.5}
    hit = {e.unit: e for e in jammed.entries if e.level == 0.5}
    for unit in ("s400/91N6E", "s400/96L6E"):
        found = np.asarray(hit[unit].range_by_bearing_m)
        assert (found <= near[unit] + 1.0).all()
        worst = int(np.argmin(found))
        assert abs(worst - 271.8) <= 1.0  # where the jammer stands
        assert found[worst] < 0.7 * near[unit][worst]
        assert hit[unit].limits["jamming"] > 0.0
    assert "jamming by jammer" in " ".join(jammed.assumptions)
