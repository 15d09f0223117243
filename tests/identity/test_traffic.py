"""Recorded flights as traffic: true path, reported positions, faults said, and what is refused."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from openiads.errors import UserError
from openiads.plan import plan
from openiads.results.running import fight
from openiads.scenario import read
from tests.identity.conftest import findings, shots

DATA = Path(__file__).parents[3] / "shared/data/adsb"

SCENARIO = """
format: openiads-scenario/1
name: recorded
about: A recorded flight over one battery, for tests; positions are illustrative.
duration: 8 min
sites: [{name: battery, system: pantsir-s1, at: {lat: 10.0, lon: -40.0}, availability: 1.0, screen: none,
  radars: [{name: search, availability: 1.0}, {name: tracking, availability: 1.0}]}]
identification: {flight_plans: false}
objects: [{name: flight, side: civil, class: civil-airliner, iff: {failure: 0}, track: {file: flight.csv}}]
"""
STEP_S = 2


def rows(jump=None, frozen=None):
    """A flight from the north at 140 m/s, as reported: jumped 0.3 degrees east, or frozen, between two numbers of rows."""
    for k in range(200):
        lat, lon = 10.3 - 140.0 * STEP_S * k / 110.6e3, -40.0
        if jump is not None and jump[0] <= k < jump[1]:
            lon += 0.3
        if frozen is not None and frozen[0] < k <= frozen[1]:
            lat = 10.3 - 140.0 * STEP_S * frozen[0] / 110.6e3
        yield f"{1e9 + STEP_S * k:.0f},abc123,{lat:.5f},{lon:.5f},9000,272"


def written(folder, lines=None, head="timestamp,icao24,latitude,longitude,altitude,groundspeed", **faults):
    (folder / "flight.csv").write_text("\n".join([head, *(rows(**faults) if lines is None else lines)]) + "\n")
    (folder / "recorded.yaml").write_text(SCENARIO)
    return str(folder / "recorded.yaml")


def test_a_file_becomes_traffic_that_radar_sees_and_that_answers(tmp_path):
    run = fight(plan(read(written(tmp_path))), 1)
    assert run.outcome["flights"] == 1
    assert findings(run)["iff"] == "civil reply"
    assert "agrees with a reported position" in set(run.tables.columns("evidence")["finding"])
    assert run.planned.raid.notes == ()


def test_a_jump_is_refused_where_the_scenario_says_nothing(tmp_path):
    with pytest.raises(UserError, match=r"flight.csv: the position moves .* km at once and stays .* state jumps: reported"):
        plan(read(written(tmp_path, jump=(60, 140))))


def test_a_jump_can_be_what_the_flight_says_while_radar_sees_it_where_it_is(tmp_path):
    run = fight(plan(read(written(tmp_path, jump=(40, 140)), ["objects.flight.track.jumps=reported"])), 1)
    path = run.planned.raid.members[0].trajectory
    assert np.degrees(path.lon_rad).max() < -39.99  # the true path goes straight on
    said = run.tables.columns("evidence")
    jumped = (said["evidence"] == "cooperative") & (said["time_us"] > 95e6) & (said["time_us"] < 270e6)
    assert "agrees with a reported position" not in set(said["finding"][jumped])
    assert any("jump" in one for one in run.planned.raid.notes)


def test_a_frozen_position_is_said_and_bridged(tmp_path):
    raiders = plan(read(written(tmp_path, frozen=(50, 120)))).raid
    assert any("frozen at 100 s" in one for one in raiders.notes)
    speed = np.linalg.norm(raiders.members[0].trajectory.velocity_ecef_mps, axis=1)
    assert speed.min() > 100.0


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "no rows"),
        (["1,a,10.3,-40,9000,272", "1,a,10.2,-40,9000,272"], r"flight.csv:3: column 'timestamp'.*not after the row before"),
        (["1,a,10.3,-40,9000,272", "9,a,north,-40,9000,272"], r"flight.csv:3: column 'latitude': a number is expected, received 'north'"),
        (["1,a,10.3,-40,9000,272", "9,a,10.2,-40,high,272"], r"flight.csv:3: column 'altitude': a number is expected"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path, lines, said):
    with pytest.raises(UserError, match=said):
        plan(read(written(tmp_path, lines)))


def test_a_flight_that_the_file_does_not_hold_is_refused_with_those_it_does(tmp_path):
    with pytest.raises(UserError, match="flight XYZ: no flight is called so; state flight as one of abc123"):
        plan(read(written(tmp_path), ["objects.flight.track.flight=XYZ"]))


@pytest.mark.skipif(not (DATA / "bornholm.json.gz").is_file(), reason="bornholm.json.gz is not beside the repository")
def test_a_real_recording_flies(tmp_path):
    (tmp_path / "bornholm.json.gz").write_bytes((DATA / "bornholm.json.gz").read_bytes())
    (tmp_path / "recorded.yaml").write_text(SCENARIO.replace("flight.csv", "bornholm.json.gz, jumps: flown, to: 8 min"))
    path = plan(read(str(tmp_path / "recorded.yaml"))).raid.members[0].trajectory
    assert math.degrees(path.lat_rad[0]) == pytest.approx(55.0, abs=8.0)
    assert np.isfinite(path.position_ecef_m).all()
    assert json.dumps(path.time_s.tolist())


CLOSED = ("civil.airspace_closes=60 s", "doctrine.control=free", "doctrine.identification.threshold_free=0.001")


def test_a_flight_that_leaves_when_the_airspace_closes_turns_before_the_reach_of_a_battery_that_fires_at_all(flown):
    """It comes from 44 km at 140 m/s and turns after 90 s, at 31 km; the battery reaches 20 km."""
    on, leaves = (flown(*CLOSED, f"flight.on_closure={word}", equipped=False) for word in ("continue", "leave"))
    assert on.outcome["civil_engaged"] == 1
    assert leaves.outcome["flights"] == 1
    assert leaves.outcome["civil_engaged"] == 0
    assert not shots(leaves)
    north_m = leaves.planned.raid.members[0].trajectory.lat_rad * 6.371e6
    assert north_m[-1] > north_m.min() + 10e3


def test_a_flight_that_leaves_goes_on_when_its_end_is_nearer(flown):
    late, on = (flown("civil.airspace_closes=5 min", f"flight.on_closure={word}") for word in ("leave", "continue"))
    assert late.digest == on.digest


def test_a_flight_that_stays_does_not_set_out_after_the_closing(flown):
    closed = ("civil.airspace_closes=60 s", "flight.on_closure=stay")
    assert flown(*closed, "flight.start=61 s").outcome["flights"] == 0
    assert flown(*closed, "flight.start=59 s").outcome["flights"] == 1


def test_a_flight_that_leaves_goes_where_it_is_said_to(flown):
    closed = ("civil.airspace_closes=60 s", "flight.on_closure=leave")
    path = flown(*closed, "flight.turn_back={to: {lat: 10.3, lon: -40.3}}").planned.raid.members[0].trajectory
    assert np.degrees([path.lat_rad[-1], path.lon_rad[-1]]) == pytest.approx([10.3, -40.3], abs=1e-3)
