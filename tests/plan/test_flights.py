"""How single objects fly in a plan: releases under a turned raid, recorded tracks, arcs with drag, and final dives."""

import json
import math

import numpy as np
import pytest

from openiads import scenario
from openiads.earth import geodesics
from openiads.errors import UserError
from openiads.plan import plan

RAID = """
format: openiads-scenario/1
name: raid
about: A bomber with children; positions are illustrative.
duration: 30 min
assets: [{name: base, at: {lat: 53.9, lon: 27.5}}]
objects:
  - {name: bomber, side: hostile, duty: release, class: bomber,
     route: [{at: {lat: 53.9, lon: 23.0}, height: 10 km amsl, speed: 230 m/s}, {at: {lat: 53.9, lon: 25.0}}, {at: {lat: 54.6, lon: 23.5}}]}
  - {name: by-waypoint, side: hostile, duty: impact, class: cruise-missile-subsonic, aim: base, released_by: bomber, release: {waypoint: 2}}
  - {name: by-route, side: hostile, duty: impact, class: cruise-missile-subsonic, aim: base, released_by: bomber,
     route: [{at: {lat: 53.9, lon: 24.5}, height: 60 m agl}]}
"""


def planned(folder, text, *overrides):
    path = folder / "raid.yaml"
    path.write_text(text)
    return plan(scenario.read(str(path), overrides))


def born_s(made):
    return {member.name: float(member.trajectory.time_s[0]) for member in made.raid.members}


@pytest.mark.parametrize("bearing_deg", [0.0, 90.0, 217.0])
def test_children_leave_at_the_turned_place(tmp_path, bearing_deg):
    as_written = born_s(planned(tmp_path, RAID))
    made = planned(tmp_path, RAID, "raid.axis=270 deg", f"raid.bearing={bearing_deg} deg")
    turned = born_s(made)
    assert as_written["by-waypoint"] > 400.0
    assert as_written["by-route"] > 300.0
    for name, at_s in as_written.items():
        assert turned[name] == pytest.approx(at_s, abs=4.0)  # two samples: distances on the ellipsoid are kept, angles nearly
    child = next(member for member in made.raid.members if member.name == "by-waypoint").trajectory
    bearing = float(geodesics.inverse(math.radians(53.9), math.radians(27.5), child.lat_rad[0], child.lon_rad[0])[1])
    assert math.degrees(bearing) % 360.0 == pytest.approx(bearing_deg, abs=2.5)


def recording(shifted: slice | None = None) -> list[dict[str, float | str]]:
    """Ten minutes east along 53.5 N at 200 m/s, a report every 5 s; a part may be shifted north by 30 km."""
    rows: list[dict[str, float | str]] = [
        {"timestamp": 1000.0 + 5.0 * i, "icao24": "abc123", "latitude": 53.5, "longitude": 26.0 + i / 66.4, "altitude": 30_000.0}
        for i in range(121)
    ]
    for i in range(*(shifted.indices(121) if shifted else (0, 0))):
        rows[i]["latitude"] = 53.77
    return rows


TRACK = """
format: openiads-scenario/1
name: track
about: A recorded flight; positions are illustrative.
duration: 30 min
environment: {qnh: 1013.25 hPa}
assets: [{name: base, at: {lat: 53.9, lon: 27.5}}]
objects: [{name: liner, side: civil, class: civil-airliner, start: 60 s, track: {file: flight.json}}]
"""


def test_a_recorded_track_is_flown_where_and_when_it_was(tmp_path):
    (tmp_path / "flight.json").write_text(json.dumps(recording()))
    made = planned(tmp_path, TRACK)
    flown = made.raid.members[0].trajectory
    assert flown.time_s[[0, -1]] == pytest.approx([60.0, 660.0])
    assert np.degrees(flown.lat_rad) == pytest.approx(53.5, abs=1e-4)
    assert np.degrees(flown.lon_rad[[0, -1]]) == pytest.approx([26.0, 26.0 + 120 / 66.4], abs=1e-3)
    assert flown.height_amsl_m == pytest.approx(9144.0 * (1.0 + 9144.0 / 6_356_766.0), abs=1.0)  # flight levels are geopotential
    assert made.raid.notes == ()
    part = planned(tmp_path, TRACK, "objects.liner.track.from=100 s", "objects.liner.track.to=200 s").raid.members[0].trajectory
    assert part.time_s[-1] - part.time_s[0] == pytest.approx(100.0)


def test_a_jump_is_refused_or_taken_as_the_scenario_says(tmp_path):
    (tmp_path / "flight.json").write_text(json.dumps(recording(slice(40, 80))))
    with pytest.raises(UserError, match=r"objects\.liner\.track: flight\.json: .*30\.\d km at once .*jumps: reported .*jumps: flown"):
        planned(tmp_path, TRACK)
    said = planned(tmp_path, TRACK, "objects.liner.track.jumps=reported")
    assert np.degrees(said.raid.members[0].trajectory.lat_rad) == pytest.approx(53.5, abs=3e-3)
    assert sum("jump" in note for note in said.raid.notes) == 2
    flown = planned(tmp_path, TRACK, "objects.liner.track.jumps=flown")
    assert np.degrees(flown.raid.members[0].trajectory.lat_rad).max() == pytest.approx(53.77, abs=0.01)
    (tmp_path / "flight.json").write_text(json.dumps(recording(slice(40, 121))))
    with pytest.raises(UserError, match="never comes back"):
        planned(tmp_path, TRACK, "objects.liner.track.jumps=reported")


def test_gaps_are_told(tmp_path):
    rows = recording()
    (tmp_path / "flight.json").write_text(json.dumps(rows[:30] + rows[60:]))
    assert any("gap at 145 s: no report for 155 s" in note for note in planned(tmp_path, TRACK).raid.notes)


@pytest.mark.parametrize(
    ("change", "words"),
    [("track.file=absent.json", r"absent\.json"), ("track.flight=XYZ", r"no flight is called so; state flight as one of abc123")],
)
def test_a_track_that_is_not_there_is_named(tmp_path, change, words):
    (tmp_path / "flight.json").write_text(json.dumps(recording()))
    with pytest.raises(UserError, match=words):
        planned(tmp_path, TRACK, f"objects.liner.{change}")


ARC = """
format: openiads-scenario/1
name: arc
about: One ballistic missile; positions are illustrative.
duration: 20 min
assets: [{name: base, at: {lat: 53.9, lon: 27.5}}]
objects: [{name: srbm, side: hostile, duty: impact, class: srbm-iskander, aim: base, ballistic: {from: {lat: 53.9, lon: 23.5}}}]
"""


def test_air_slows_the_descent_of_a_class_with_a_ballistic_coefficient(tmp_path):
    heavy = planned(tmp_path, ARC, "catalogue.targets.srbm-iskander.ballistic_coefficient=1e9").raid.members[0].trajectory
    light = planned(tmp_path, ARC, "catalogue.targets.srbm-iskander.ballistic_coefficient=3000").raid.members[0].trajectory
    speeds = [float(np.linalg.norm(one.velocity_ecef_mps[-1])) for one in (heavy, light)]
    assert speeds[1] < 0.9 * speeds[0]
    for one in (heavy, light):
        assert math.degrees(one.lon_rad[-1]) == pytest.approx(27.5, abs=1e-3)


def test_a_dive_from_a_height_above_sea_level_begins_late(tmp_path):
    text = RAID.replace(" height: 60 m agl", " height: 3 km amsl")
    made = next(member for member in planned(tmp_path, text).raid.members if member.name == "by-route").trajectory
    middle = made.time_s.size // 2
    assert made.height_amsl_m[middle] == pytest.approx(3000.0, abs=1.0)
    assert made.height_amsl_m[-1] == pytest.approx(0.0, abs=1.0)
