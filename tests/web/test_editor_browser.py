"""The scenario editor in a real browser: drag, add, change, save a file that the checker accepts."""

from __future__ import annotations

import threading
import time

import pytest
import uvicorn

from openiads import scenario
from openiads.serve import guard, make_app
from openiads.serve import server as serving

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path):
    token = guard.new_token()
    sockets = serving._sockets(0)
    port = sockets[0].getsockname()[1]
    server = uvicorn.Server(serving._config(make_app(tmp_path, token, port)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield port, token, tmp_path
    server.should_exit = True
    thread.join(timeout=10)
    for one in sockets:
        one.close()


def opened(visit, served, which):
    port, token, _ = served
    visit.page.goto(f"http://127.0.0.1:{port}/?token={token}")
    visit.page.goto("about:blank")
    visit.open(f"http://127.0.0.1:{port}/editor#open={which}")
    visit.page.wait_for_timeout(300)


def data(visit):
    return visit.page.evaluate("window.__app.state.data")


def waited(visit, expression):
    visit.wait(expression)


def test_drag_a_site_and_save_it(visit, served):
    opened(visit, served, "minsk-2021")
    before = next(s for s in data(visit)["sites"] if s["name"] == "pantsir-station")
    text = visit.page.evaluate("window.__app.state.yaml")
    box = visit.page.locator(".map").bounding_box()
    x, y = visit.page.evaluate(f"window.__app.pixel({before['at']['lon']}, {before['at']['lat']})")
    visit.page.mouse.move(box["x"] + x, box["y"] + y)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + x + 30, box["y"] + y + 20, steps=4)
    visit.page.mouse.move(box["x"] + x + 60, box["y"] + y + 40, steps=4)
    visit.page.mouse.up()
    waited(visit, f"window.__app.state.data.sites.find(s => s.name == 'pantsir-station').at.lon > {before['at']['lon']} + 0.01")
    visit.page.click("#tab-run")
    visit.page.click("button.save")
    waited(visit, "document.querySelector('.message').textContent.includes('Saved')")
    path = served[2] / "scenarios" / "my-minsk-2021.yaml"
    assert scenario.check(path) == []
    after = path.read_text(encoding="utf-8")
    assert [line for line in after.splitlines() if line.lstrip().startswith("#")] == [
        line for line in text.splitlines() if line.lstrip().startswith("#")
    ]
    assert sum(one != two for one, two in zip(text.splitlines(), after.splitlines(), strict=True)) == 1
    assert visit.errors == []
    assert visit.outside == []


def test_build_a_scenario_from_nothing(visit, served):
    opened(visit, served, "blank")
    box = visit.page.locator(".map").bounding_box()
    at = lambda dx, dy: (box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy)  # noqa: E731
    visit.page.click("[data-tool=asset]")
    visit.page.mouse.click(*at(0, 0))
    waited(visit, "window.__app.state.data.assets.length == 1")
    visit.page.wait_for_timeout(350)
    visit.page.select_option("select[aria-label=System]", "pantsir-s1")
    visit.page.click("[data-tool=site]")
    visit.page.mouse.click(*at(40, 10))
    waited(visit, "window.__app.state.data.sites.length == 1")
    visit.page.wait_for_timeout(350)
    visit.page.click("[data-tool=route]")
    visit.page.mouse.click(*at(-200, -100))
    visit.page.wait_for_timeout(350)
    visit.page.mouse.click(*at(-80, -40))
    visit.page.wait_for_timeout(120)
    visit.page.mouse.click(*at(-80, -40))
    waited(visit, "window.__app.state.data.objects.length == 1")
    visit.page.click("#tab-doctrine")
    visit.page.select_option("#field-doctrine-control", label="free")
    waited(visit, "window.__app.state.data.doctrine.control == 'free'")
    visit.page.click("#tab-run")
    visit.page.click("button.save")
    waited(visit, "document.querySelector('.message').textContent.length > 0")
    path = served[2] / "scenarios" / "my-scenario.yaml"
    assert path.is_file(), visit.page.inner_text(".side")
    assert scenario.check(path) == []
    assert visit.errors == []


def test_problems_stand_beside_their_fields(visit, served):
    opened(visit, served, "quiet-sky")
    visit.page.click("#tab-doctrine")
    visit.page.fill("#field-doctrine-reserve", "7")
    visit.page.keyboard.press("Enter")
    waited(visit, "window.__app.state.problems.length > 0")
    field = visit.page.locator(".form-field", has=visit.page.locator("#field-doctrine-reserve"))
    assert "reserve" in field.locator(".problems").inner_text()
    visit.page.click("#tab-place")
    visit.page.click("text=Undo")
    waited(visit, "window.__app.state.problems.length == 0")
