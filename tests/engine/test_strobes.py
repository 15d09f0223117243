"""Strobes as events: bearings of jammers while they hide looks, crossings with ghosts, nothing fired at a strobe alone."""

import math

import numpy as np
import pytest

from openiads import scenario
from openiads.earth import geodesics
from openiads.engine import battle
from openiads.model import codes
from openiads.model.agenda import FINISHED
from openiads.model.state import allocate
from openiads.plan import plan

TEXT = """
format: openiads-scenario/1
name: strobes
about: Two jammers before two radars; positions are illustrative.
duration: 10 min
assets: [{name: base, at: {lat: 53.9, lon: 27.5}}]
sites:
  - {name: post, system: s-400, at: {lat: 53.9, lon: 27.5}, facing: 270 deg, facing_error: 0 deg, screen: none, availability: 1,
     radars: [{name: 96L6E, configuration: masted, availability: 1}, {name: 92N6E, availability: 1}]}
  - {name: north, system: s-400, role: sensor, at: {lat: 54.5, lon: 27.3}, screen: none, command: post,
     radars: [{name: 96L6E, configuration: masted, availability: 1}]}
doctrine: {control: free}
objects:
  - {name: south-jammer, side: hostile, duty: jam, class: standoff-jammer, jammer: {effect:
     {radar: s-400/96L6E, range: 2 km, from: 150 km}, bands: [C, X]},
     route: [{at: {lat: 53.6, lon: 25.4}, height: 9 km amsl, speed: 200 m/s, hold: {duration: 12 min}}]}
  - {name: north-jammer, side: hostile, duty: jam, class: standoff-jammer, jammer: {effect:
     {radar: s-400/96L6E, range: 2 km, from: 150 km}, bands: [C, X]},
     route: [{at: {lat: 54.4, lon: 25.4}, height: 9 km amsl, speed: 200 m/s, hold: {duration: 12 min}}]}
"""
SD_RAD = math.radians(0.2)


def planned(folder, *overrides):
    path = folder / "strobes.yaml"
    path.write_text(TEXT)
    return plan(scenario.read(str(path), overrides))


def fought(made, replication=0):
    """The log and the state of one replication."""
    state = allocate(made.plan, 20_000)
    assert battle.run(made.plan, made.knowledge, state, 1, replication, 0) == FINISHED
    count = state.board.clock["logged"][0]
    return state.board.log_integers[:count].copy(), state.board.log_reals[:count].copy(), state


def rows(log, kind, code=None):
    return [k for k in np.flatnonzero(log[:, 2] == kind) if code is None or log[k, 5] == code]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return planned(tmp_path_factory.mktemp("strobes"))


def truth(made, name: str, at_s: float):
    """Position of an object at a time of its first path."""
    member = next(member for member in made.raid.members if member.name == name)
    return np.array([np.interp(at_s, member.trajectory.time_s, column) for column in member.trajectory.position_ecef_m.T])


def test_strobes_point_at_the_jammers_and_count_as_no_detection(made):
    log, reals, state = fought(made)
    begun = rows(log, codes.STROBE, 1)
    pairs = {(made.names.radars[log[k, 7]], made.names.objects[log[k, 6]]) for k in begun}
    for radar in ("post/96L6E", "north/96L6E"):
        for jammer in ("south-jammer", "north-jammer"):
            assert (radar, jammer) in pairs
    off = []
    for k in begun:
        frame = made.plan.eyes.coverages[log[k, 7]]
        gap = truth(made, made.names.objects[log[k, 6]], reals[k, 4]) - frame[:3]
        bearing = math.atan2(gap @ frame[3:6], gap @ frame[6:9])
        off.append(math.remainder(reals[k, 0] - bearing, 2.0 * math.pi))
    # At most eight first strobes: all within five standard deviations, and none exact; the jammer moves 2 km while a scan is made.
    assert max(map(abs, off)) < 5.0 * SD_RAD + 2.0 / 120.0
    assert np.std(off) > 0.0
    assert rows(log, codes.FIRST_DETECTION) == []
    assert state.board.objects["hits"].sum() == 0


def test_nothing_is_fired_at_a_strobe_alone(made):
    for replication in range(5):
        log, _, _ = fought(made, replication)
        assert rows(log, codes.STROBE, 1)
        assert rows(log, codes.LAUNCH) == []
        assert rows(log, codes.TRACK_FIRM) == []


def test_two_radars_cross_their_strobes_with_ghosts(made):
    true, ghosts, near = 0, 0, []
    for replication in range(10):
        log, reals, _ = fought(made, replication)
        for k in rows(log, codes.CROSSING):
            place, sd_m = reals[k, :3], reals[k, 3]
            radars = {made.names.radars[log[k, 7]].split("/")[0], made.names.radars[log[k, 8]].split("/")[0]}
            assert radars == {"post", "north"}  # radars side by side cross nothing
            miss_m = float(np.linalg.norm(place - truth(made, made.names.objects[log[k, 6]], reals[k, 4])))
            if log[k, 5] == 1:
                true += 1
                near.append(miss_m / sd_m)
            else:
                ghosts += 1
                assert miss_m > 5_000.0
    assert true >= 10
    assert ghosts >= 5
    assert np.median(near) < 2.0
    assert max(near) < 6.0


def test_a_jammer_that_stops_leaves_no_strobe_behind(tmp_path):
    made = planned(tmp_path, "objects.south-jammer.jammer.stops=4 min", "objects.north-jammer.jammer.stops=4 min")
    log, reals, state = fought(made)
    ended = rows(log, codes.STROBE, 0)
    assert len(ended) == len(rows(log, codes.STROBE, 1)) > 0
    assert log[ended, 0].max() < 300e6
    assert reals[ended, 4].max() <= 240.0 + 12.0
    assert state.board.objects["hits"].sum() > 0  # and they are seen once they are quiet


def test_weak_jamming_and_silent_radars_give_no_strobe(tmp_path):
    weak = "{effect: {radar: s-400/96L6E, range: 180 km, from: 150 km}, bands: [VHF]}"
    log, _, _ = fought(planned(tmp_path, f"objects.south-jammer.jammer={weak}", f"objects.north-jammer.jammer={weak}"))
    assert rows(log, codes.STROBE) == []
    silent = planned(tmp_path, "sites.north.radars.0.silent=true")
    log, _, _ = fought(silent)
    assert {silent.names.radars[log[k, 7]].split("/")[0] for k in rows(log, codes.STROBE)} == {"post"}
    assert rows(log, codes.CROSSING) == []


def test_the_replay_has_the_jammed_bearings(tmp_path):
    from openiads.results import run
    from openiads.show.replay_run import from_run

    path = tmp_path / "strobes.yaml"
    path.write_text(TEXT)
    told = from_run(run(str(path), seed=1))
    assert {one.jammer for one in told.strobes} == {"south-jammer", "north-jammer"}
    assert any(event.kind == "jammed" and event.site == "north" for event in told.events)
    one = next(strobe for strobe in told.strobes if strobe.site == "post" and strobe.jammer == "south-jammer")
    assert len(one.time_us) > 20
    assert np.all(np.diff(one.time_us) > 0)
    expected = float(geodesics.inverse(*map(math.radians, (53.9, 27.5, 53.6, 25.4)))[1]) % (2.0 * math.pi)
    assert one.bearing_rad == pytest.approx(expected, abs=0.25)
