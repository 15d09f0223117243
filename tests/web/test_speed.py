"""How fast the page is with many objects; run with: uv run pytest -m slow tests/web/test_speed.py."""

from __future__ import annotations

import time

import numpy as np
import pytest

from openiads.show import replay, replay_page
from openiads.show.replay_input import Belief, MovingObject, Notes, Place, ReplayInput, Samples, TrackPicture

pytestmark = [pytest.mark.slow, pytest.mark.browser]

CENTER = Place(53.9, 27.57)
SEEK = """(async () => {
  const start = performance.now();
  window.__app.seek(%f);
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - start;
})()"""


def frames_per_second(visit, seconds=3.0):
    visit.page.evaluate("window.__app.seek(300)")
    visit.page.wait_for_timeout(500)
    first, start = visit.page.evaluate("window.__app.frames"), time.perf_counter()
    visit.page.evaluate("window.__app.play(true)")
    visit.page.wait_for_timeout(int(seconds * 1000))
    last = visit.page.evaluate("window.__app.frames")
    visit.page.evaluate("window.__app.play(false)")
    return (last - first) / (time.perf_counter() - start)


@pytest.mark.parametrize(("objects", "aim"), [(50, 30.0), (500, 20.0), (2000, 10.0)])
def test_frames_per_second(visit, make_battle, tmp_path, objects, aim):
    path = tmp_path / "many.html"
    replay_page.to_html(make_battle(scale=objects / 64), path)
    start = time.perf_counter()
    visit.open(f"file://{path}")
    ready_s = time.perf_counter() - start
    found = max(frames_per_second(visit) for _ in range(2))
    print(f"{objects} objects: ready {ready_s:.2f} s, {found:.1f} frames/s")
    assert found >= aim
    assert visit.errors == []


def hour(objects=1000):
    """A thousand weaving objects over an hour, with a believed track each."""
    rng = np.random.default_rng(1)
    t = np.arange(0, 3600, 2, dtype=np.int64) * 1_000_000
    made, tracks = [], []
    for i in range(objects):
        turn = np.cumsum(rng.normal(0.0, 0.01, len(t)))
        lat = 53.9 + rng.uniform(-3, 3) + np.cumsum(np.cos(turn)) * 400 / 111_190
        lon = 27.57 + rng.uniform(-4, 4) + np.cumsum(np.sin(turn)) * 400 / 65_000
        path = Samples(t, lat, lon, np.full(len(t), 5000.0))
        made.append(MovingObject(f"o{i}", "tactical-aircraft", "aircraft", "hostile", path))
        known = t[10::4]
        noise = rng.normal(0.0, 0.001, (2, len(known)))
        seen = Samples(known, lat[9::4][: len(known)] + noise[0], lon[9::4][: len(known)] + noise[1], np.full(len(known), 5000.0))
        tracks.append(TrackPicture(f"t{i}", "national", seen, f"o{i}", [Belief(int(known[0]), "hostile", 0.9)]))
    return ReplayInput("hour", "A thousand objects over an hour.", 3_600_000_000, CENTER, [], [], made, tracks, [], [], Notes(1, 0, "", ""))


def test_an_hour_with_a_thousand_targets_opens_and_seeks(visit, tmp_path):
    start = time.perf_counter()
    encoded = replay.encode(hour())
    path = tmp_path / "hour.html"
    replay_page.to_html(encoded, path)
    wrote_s = time.perf_counter() - start
    assert path.stat().st_size <= 20_000_000
    visit.open(f"file://{path}", timeout_ms=60_000)
    waits = sorted(visit.page.evaluate(SEEK % moment) for moment in (600, 3000, 1200, 2400, 3500))
    print(f"{path.stat().st_size / 1e6:.1f} MB at {encoded['tolerance_m']:.0f} m in {wrote_s:.1f} s, seeks {waits[2]:.0f} ms")
    assert waits[2] <= 200
    assert visit.errors == []
