"""The replay page in a real browser."""

from __future__ import annotations

import io

import numpy as np
import pytest

from openiads.show import replay_page

pytestmark = pytest.mark.browser
Image = pytest.importorskip("PIL.Image", reason="pictures are compared with pillow")


def picture(visit, selector="#map"):
    data = visit.page.locator(selector).screenshot()
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def test_opens_from_disk_plays_pauses_and_seeks(visit, replay_file):
    visit.open(f"file://{replay_file}")
    time = lambda: visit.page.evaluate("window.__app.t")  # noqa: E731
    assert time() == 0
    visit.page.keyboard.press("Space")
    visit.page.wait_for_timeout(500)
    assert time() > 0
    visit.page.keyboard.press("Space")
    stopped = time()
    visit.page.wait_for_timeout(300)
    assert time() == stopped
    before = picture(visit)
    visit.page.evaluate("window.__app.seek(600)")
    visit.page.wait_for_timeout(300)
    assert np.any(picture(visit) != before)
    visit.page.click("#tab-events")
    assert visit.page.locator(".event-list li").count() >= 5
    visit.page.click("button.play")
    visit.page.wait_for_timeout(400)
    assert time() > 600
    assert visit.errors == []
    assert [url for url in visit.asked if not url.startswith(("data:", "blob:"))] == [f"file://{replay_file}"]


def test_symbols_stand_where_their_positions_project(visit, replay_file, make_battle):
    visit.open(f"file://{replay_file}")
    battle = make_battle()
    airliner = next(o for o in battle.objects if o.kind == "airliner" and o.path.time_us[-1] > 600e6)
    lon = float(np.interp(600e6, airliner.path.time_us, airliner.path.longitude_deg))
    lat = float(np.interp(600e6, airliner.path.time_us, airliner.path.latitude_deg))
    visit.page.evaluate("document.querySelector('.layers').open = true")
    for box in visit.page.locator(".layers input:not([data-layer=truth])").all():
        box.uncheck()
    visit.page.evaluate("document.querySelector('.layers').open = false")
    visit.page.evaluate("window.__app.seek(600)")
    visit.page.wait_for_timeout(250)
    with_it = picture(visit)
    x, y = visit.page.evaluate(f"window.__app.pixel({lon}, {lat})")
    patch = with_it[round(y) - 5 : round(y) + 6, round(x) - 5 : round(x) + 6]
    green = (patch[..., 1] > patch[..., 0] + 40) & (patch[..., 1] > 60)
    assert green.any(), "the outline of a civil flight is not at its projected position"
    rows, columns = np.nonzero(green)
    assert abs(rows.mean() - 5) < 1.5
    assert abs(columns.mean() - 5) < 1.5


def test_a_leaker_tells_its_story(visit, replay_file):
    visit.open(f"file://{replay_file}")
    visit.page.locator(".leakers button").first.click()
    assert "Why it got through" in visit.page.inner_text(".why")
    assert visit.page.evaluate("window.__app.t") > 0
    assert visit.page.locator(".chain li").count() >= 5


def test_french_dark_and_print(visit, replay_file):
    visit.open(f"file://{replay_file}")
    visit.page.select_option("select >> nth=0", "fr")
    assert "Ce qui était défendu" in visit.page.inner_text(".pane")
    light = picture(visit).mean()
    visit.page.select_option("select >> nth=1", "dark")
    visit.page.wait_for_timeout(300)
    assert picture(visit).mean() < light / 2
    visit.page.emulate_media(media="print")
    assert not visit.page.locator(".tabs").is_visible()
    assert visit.errors == []


def test_keys_move_through_events_and_views(visit, replay_file):
    visit.open(f"file://{replay_file}")
    visit.page.keyboard.press(".")
    first = visit.page.evaluate("window.__app.t")
    visit.page.keyboard.press(".")
    assert visit.page.evaluate("window.__app.t") > first
    visit.page.keyboard.press("3")
    assert visit.page.locator("#tab-events").get_attribute("aria-selected") == "true"
    visit.page.keyboard.press("End")
    assert visit.page.evaluate("window.__app.t") == 1200
    unnamed = visit.page.evaluate(
        "[...document.querySelectorAll('button, select, input, canvas[role=img]')]"
        ".filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.closest('label'))).length"
    )
    assert unnamed == 0


def test_works_on_a_tablet(visit, replay_file):
    visit.page.set_viewport_size({"width": 820, "height": 1180})
    visit.open(f"file://{replay_file}")
    wide = visit.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 820
    assert visit.errors == []


def test_inside_a_notebook_frame(visit, replay_file, tmp_path):
    frame = replay_page.repr_html(replay_file.read_text(encoding="utf-8"))
    outer = tmp_path / "notebook.html"
    outer.write_text(f"<!doctype html><title>n</title><body>{frame}</body>", encoding="utf-8")
    visit.page.goto(f"file://{outer}")
    inner = visit.page.frames[-1]
    inner.wait_for_function("window.__app && window.__app.ready", timeout=15_000)
    inner.evaluate("window.__app.seek(300)")
    assert inner.evaluate("window.__app.t") == 300
    assert visit.errors == []


def test_payloads_in_every_text_are_inert(visit, make_battle, payloads, tmp_path):
    assert len(payloads) >= 100
    path = tmp_path / "odd.html"
    replay_page.to_html(make_battle(scale=2.0, texts=payloads), path)
    visit.open(f"file://{path}")
    visit.page.evaluate("window.__app.seek(900)")
    for tab in ("overview", "raid", "events", "defence", "about"):
        visit.page.click(f"#tab-{tab}")
        visit.page.wait_for_timeout(50)
    names = visit.page.evaluate("JSON.parse(document.getElementById('data').textContent).objects.map(o => o.name)")
    for name in names[::9]:
        visit.page.evaluate("n => window.__app.select(n)", name)
    for x in range(330, 560, 12):
        visit.page.mouse.move(x, 360)
    visit.page.wait_for_timeout(200)
    assert visit.page.evaluate("window.pwned") is None
    assert visit.errors == []
    assert visit.outside == []
    assert visit.page.evaluate("document.querySelectorAll('#app script, #app iframe, #app object, #app img').length") == 0


def test_the_raid_can_be_read_by_keyboard(visit, replay_file):
    visit.open(f"file://{replay_file}")
    visit.page.keyboard.press("2")
    visit.page.locator(".raid canvas").focus()
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("ArrowDown")
    chosen = visit.page.locator(".raid canvas").get_attribute("aria-label").split(":")[0]
    visit.page.keyboard.press("Enter")
    assert visit.page.locator("#tab-story").get_attribute("aria-selected") == "true"
    assert chosen in visit.page.inner_text(".story h3")
    assert visit.errors == []
