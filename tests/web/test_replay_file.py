"""The replay file and the single page, without a browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.show import replay, replay_basemap, replay_page
from openiads.show.replay_basemap import basemap
from openiads.show.replay_input import Event, Place, ReplayError, Samples
from openiads.show.replay_thin import plane, thin
from openiads.web import fetch

CENTER = Place(53.9, 27.57)
needs_assets = pytest.mark.skipif(bool(fetch.missing()), reason=f"the viewer's libraries are absent: {fetch.COMMAND}")


@pytest.fixture(scope="module")
def encoded(make_battle):
    return replay.encode(make_battle())


def test_the_object_is_versioned_json_and_reads_back(encoded):
    text = replay.text(encoded)
    assert "<" not in text
    assert replay.decode(text)["format"] == "openiads-replay"
    assert json.loads(text)["version"] == 2


@pytest.mark.parametrize(
    ("change", "word"),
    [({"version": 3}, "version 3"), ({"version": None}, "version None"), ({"format": "czml"}, "'czml'"), ({"format": None}, "format")],
)
def test_other_versions_and_formats_are_refused(encoded, change, word):
    with pytest.raises(ReplayError, match=re.escape(word)):
        replay.decode({**encoded, **change})
    with pytest.raises(ReplayError):
        replay_page.to_html({**encoded, **change})


@pytest.mark.parametrize("text", ["", "[]", "3", "{", '{"format": 1}'])
def test_what_is_no_replay_is_refused(text):
    with pytest.raises(ReplayError):
        replay.decode(text)


def test_positions_are_within_the_stated_tolerance(make_battle, encoded):
    battle = make_battle()
    scale = encoded["scale"]
    for item, stored in zip(battle.objects, encoded["objects"], strict=True):
        path = stored["path"]
        lat, lon = replay.unpack(path["lat"], scale["deg"]), replay.unpack(path["lon"], scale["deg"])
        kept_t, alt = replay.unpack(path["t"], scale["t"]), replay.unpack(path["alt"], scale["m"])
        east, north = plane(lat, lon, battle.center)
        true_east, true_north = plane(item.path.latitude_deg, item.path.longitude_deg, battle.center)
        t = item.path.time_us / 1e6
        off = np.hypot(np.interp(t, kept_t, east) - true_east, np.interp(t, kept_t, north) - true_north)
        assert off.max() <= encoded["tolerance_m"] + 15.0  # rounding of time at 1,500 m/s and of the angle
        assert np.abs(np.interp(t, kept_t, alt) - item.path.height_wgs84_m).max() <= encoded["tolerance_m"] + 15.0


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 9000)), min_size=1, max_size=60), st.floats(1, 500))
@settings(deadline=None, max_examples=60)
def test_thinning_never_errs_by_more_than_the_tolerance(points, tolerance):
    grid = np.array(points)
    samples = Samples(np.arange(len(grid)) * 1_000_000, 53.9 + grid[:, 0], 27.57 + grid[:, 1], grid[:, 2])
    empty = Samples(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0))
    _, keep, again = thin([empty, samples, samples], CENTER, tolerance)
    assert np.array_equal(keep, again)
    east, north = plane(samples.latitude_deg, samples.longitude_deg, CENTER)
    t = samples.time_us.astype(float)
    for column in (east, north, samples.height_wgs84_m):
        assert np.abs(np.interp(t, t[keep], column[keep]) - column).max() <= tolerance + 1e-6
    assert keep[0] == 0
    assert keep[-1] == len(grid) - 1


def test_a_smaller_budget_takes_a_coarser_tolerance(make_battle):
    battle = make_battle()
    fine = replay.encode(battle, tolerance_m=25.0)
    coarse = replay.encode(battle, budget_bytes=len(replay.text(fine)) - 1)
    assert coarse["tolerance_m"] > 25.0
    assert len(replay.text(coarse)) < len(replay.text(fine))


def test_references_and_words_are_checked(make_battle):
    battle = make_battle()
    for event in (Event(0, "exploded"), Event(0, "killed", object="nobody"), Event(0, "killed", site="nowhere")):
        with pytest.raises(ReplayError, match=r"explod|nobody|nowhere"):
            replay.encode(replace(battle, events=[event]))
    twice = [battle.objects[0], battle.objects[0]]
    with pytest.raises(ReplayError, match="one name"):
        replay.encode(replace(battle, objects=twice, events=[], tracks=[], shots=[]))
    with pytest.raises(ReplayError, match="reason"):
        replay.encode(replace(battle, objects=[replace(battle.objects[0], why="bad luck")], events=[], tracks=[], shots=[], strobes=[]))


def test_numbers_that_json_cannot_say_are_refused(encoded):
    with pytest.raises(ReplayError):
        replay.text({**encoded, "t1": float("nan")})
    with pytest.raises(ReplayError, match="not a finite"):
        Samples(np.array([0]), np.array([np.nan]), np.array([0.0]), np.array([0.0]))


@needs_assets
def test_the_base_map_is_small_and_sets_disputed_lines_apart():
    near = basemap(CENTER, 900.0)
    assert near["land"]
    assert len(near["border"]) > 10
    assert len(json.dumps(near)) < 80_000
    crimea = basemap(Place(46.0, 34.0), 150.0)
    assert crimea["disputed"]


@needs_assets
@pytest.mark.parametrize("center", [CENTER, Place(10.0, -140.0), Place(36.0, 140.0), Place(-41.0, 172.0)])
def test_the_base_map_is_the_world_cut_to_its_box(center, monkeypatch):
    found = basemap(center, 800.0)
    monkeypatch.setattr(replay_basemap, "_touches", lambda boxes, box: np.ones(len(boxes), bool))
    assert found == basemap(center, 800.0)


def test_the_base_map_is_empty_without_its_file(tmp_path):
    assert basemap(CENTER, 900.0, tmp_path / "none.json")["land"] == []


@needs_assets
def test_the_page_is_one_file_within_its_size(replay_file):
    page = replay_file.read_text(encoding="utf-8")
    assert len(page.encode()) < 3_000_000
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=\"(?!data:)", page)
    assert "Content-Security-Policy" in page


def test_without_libraries_the_page_says_how_to_get_them(make_battle, monkeypatch):
    monkeypatch.setattr(fetch, "missing", lambda: ["ol.js"])
    page = replay_page.to_html(make_battle())
    assert fetch.COMMAND in page
    assert '"format":"openiads-replay"' in page


def test_modules_join_without_clashing_names():
    joined = replay_page.joined("main")
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", joined, re.MULTILINE)
    assert len(names) > 60
    assert len(names) == len(set(names)), sorted({n for n in names if names.count(n) > 1})
    assert "innerHTML" not in joined
    assert "outerHTML" not in joined
    assert "insertAdjacentHTML" not in joined


def test_both_languages_hold_the_same_sentences():
    tables = {name: json.loads((replay_page.WEB / "i18n" / f"{name}.json").read_text()) for name in replay_page.LANGUAGES}
    assert tables["en"].keys() == tables["fr"].keys()
    parts = lambda text: sorted(re.findall(r"\{\w+\}", text))  # noqa: E731
    assert [key for key in tables["en"] if parts(tables["en"][key]) != parts(tables["fr"][key])] == []


def test_every_event_reason_and_outcome_has_words():
    from openiads.show import replay_input

    words = json.loads((replay_page.WEB / "i18n" / "en.json").read_text())
    wanted = [f"event.{k}" for k in replay_input.EVENT_KINDS] + [f"why.{w}" for w in replay_input.WHY_LINKS]
    wanted += [f"outcome.{o}" for o in replay_input.OUTCOMES]
    assert [key for key in wanted if key not in words] == []


def test_every_key_that_the_page_says_exists():
    words = json.loads((replay_page.WEB / "i18n" / "en.json").read_text())
    for path in replay_page.WEB.glob("*.js"):
        for key in re.findall(r'(?:say|row|item|heading|fact|list|step)\((?:[^"()]*, )?"([a-z]+\.[a-z_]+)"', path.read_text()):
            assert key in words, f"{path.name}: {key}"


def test_the_map_plane_is_that_of_proj():
    pyproj = pytest.importorskip("pyproj")
    there = pyproj.Proj(proj="aeqd", lat_0=CENTER.latitude_deg, lon_0=CENTER.longitude_deg, R=6_371_008.8)
    rng = np.random.default_rng(2)
    lat, lon = rng.uniform(30, 70, 200), rng.uniform(-10, 60, 200)
    east, north = plane(np.append(lat, CENTER.latitude_deg), np.append(lon, CENTER.longitude_deg), CENTER)
    x, y = there(lon, lat)
    assert np.allclose(east[:-1], x, atol=1e-3)
    assert np.allclose(north[:-1], y, atol=1e-3)
    assert abs(east[-1]) + abs(north[-1]) < 1e-6
