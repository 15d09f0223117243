"""From a fought battle to the viewer: the same story, told once by the results and once by the replay."""

from __future__ import annotations

import numpy as np
import pytest

from openiads.model import codes
from openiads.results.running import run
from openiads.show import exports, replay
from openiads.show.replay_input import ReplayError
from openiads.show.replay_run import from_run
from openiads.show.replay_run_sky import flown, position_ecef_m


@pytest.fixture(scope="module")
def fought():
    return run("minsk-2021", seed=1)


@pytest.fixture(scope="module")
def told(fought):
    return from_run(fought)


def test_objects_and_outcomes_are_those_of_the_results(fought, told):
    outcome = fought.outcome
    hostile = [o for o in told.objects if o.side == "hostile"]
    assert len(hostile) == outcome["targets"]
    assert len(told.objects) - len(hostile) == outcome["flights"]
    for end in ("killed", "leaked", "task_done", "turned_back", "lost", "left", "alive"):
        assert sum(o.outcome == end for o in hostile) == outcome[end], end
    assert sum(len(asset.hits_us) for asset in told.assets) == outcome["hits"]
    assert sum(asset.stopped_us is not None for asset in told.assets) == outcome["assets_stopped"]


def test_every_leaker_has_the_reason_of_the_results(fought, told):
    reasons = [o.why for o in told.objects if o.outcome == "leaked"]
    assert {link: reasons.count(link) for link in fought.why} == fought.why


def test_shots_and_rounds_add_up(fought, told):
    assert len(told.shots) == fought.outcome["shots"]
    assert sum(shot.outcome == "killed" for shot in told.shots) == sum(event.kind == "killed" for event in told.events)
    left = sum(int(m.left.value[-1]) for site in told.sites for m in site.magazines)
    assert left == fought.outcome["rounds_left"]
    for site in told.sites:
        if site.channels_busy is not None:
            assert site.channels_busy.value.min() >= 0
            assert site.channels_busy.value[-1] <= site.channels_busy.value.max() <= max(site.channels, 1) + 2


def test_kills_happen_where_the_target_is(told):
    objects = {o.name: o for o in told.objects}
    seen = 0
    for shot in told.shots:
        if shot.outcome != "killed":
            continue
        item = objects[shot.object]
        lat = np.interp(shot.intercept_us, item.path.time_us, item.path.latitude_deg)
        lon = np.interp(shot.intercept_us, item.path.time_us, item.path.longitude_deg)
        assert abs(lat - shot.aim_point.latitude_deg) < 1e-3
        assert abs(lon - shot.aim_point.longitude_deg) < 1e-3
        assert item.path.time_us[-1] == item.ends_us == shot.intercept_us
        seen += 1
    assert seen


def test_first_detections_are_on_the_true_path(fought):
    sky = flown(fought.planned, fought.log, fought.seed, 0)
    lines = fought.log.of_kind(codes.FIRST_DETECTION)
    for row, values in zip(fought.log.rows[lines][:40], fought.log.reals[lines][:40], strict=True):
        at = position_ecef_m(sky, int(row["index_a"]), np.array([round(values[4] * 1e6)], dtype=np.int64))[0]
        assert np.linalg.norm(at - values[:3]) < 5.0


def test_tracks_follow_their_objects_and_are_late(told):
    objects = {o.name: o for o in told.objects}
    off = []
    for track in told.tracks:
        assert np.all(track.valid_us <= track.path.time_us)
        if not track.object:
            continue
        item = objects[track.object]
        keep = (track.path.time_us >= item.path.time_us[0]) & (track.path.time_us <= item.path.time_us[-1])
        lat = np.interp(track.path.time_us[keep], item.path.time_us, item.path.latitude_deg)
        off += list(np.abs(lat - track.path.latitude_deg[keep]))
    assert np.median(off) * 111_190 < 1500.0
    delays = np.concatenate([track.path.time_us - track.valid_us for track in told.tracks if len(track.path.time_us)])
    assert 0.0 < np.median(delays) < 30e6


def test_the_page_and_every_export_take_it(told, tmp_path):
    page = replay.text(replay.encode(told))
    assert len(page) < 2_000_000
    for to in exports.FORMATS:
        assert exports.export(told, tmp_path / to, to)


def test_many_replications_have_no_single_story():
    many = run("quiet-sky", seed=1, replications=2, workers=1)
    with pytest.raises(ReplayError, match="--replication"):
        from_run(many)


def test_a_site_may_have_a_slash_in_its_name():
    from openiads.scenario import build

    near = {"lat": 53.92, "lon": 27.6}
    way = [{"at": {"lat": 54.2, "lon": 27.6}, "height": "50 m agl", "speed": "240 m/s"}]
    odd = {
        "format": "openiads-scenario/1", "name": "odd", "about": "x", "duration": "1 min",
        "assets": [{"name": "a", "at": {"lat": 53.9, "lon": 27.6}}], "sites": [{"name": "';//b", "system": "pantsir-s1", "at": near}],
        "objects": [{"name": "c", "side": "hostile", "duty": "impact", "class": "cruise-missile-subsonic", "aim": "a", "route": way}],
    }  # fmt: skip
    [site] = from_run(run(build(odd), seed=1)).sites
    assert site.radars
    assert {ring.kind for ring in site.rings} == {"naive", "horizon"}


def test_a_track_that_is_no_longer_updated_has_an_end(told):
    for track in told.tracks:
        assert track.ends_us is not None or track.path.time_us[-1] > told.duration_us - 45e6, track.name


def test_what_a_track_is_taken_for_may_change_with_time(told):
    for track in told.tracks:
        times = [time_us for time_us, _ in track.kinds]
        assert times[0] == track.path.time_us[0]
        assert times == sorted(times)
    assert any(len(track.kinds) > 1 for track in told.tracks)


def test_why_nobody_fires_is_told_once_a_minute(told):
    last = {}
    reasons = [event for event in told.events if event.kind == "not_engaged"]
    assert reasons
    for event in reasons:
        key = (event.track, event.args["obstacle"])
        assert event.time_us - last.get(key, -60_000_000) >= 60_000_000
        last[key] = event.time_us
