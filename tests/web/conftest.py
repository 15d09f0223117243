"""A browser, an invented battle and the payloads that must stay text."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def load(name):
    """A helper module beside the tests."""
    key = f"openiads_tests_web_{name}"
    if key not in sys.modules:
        spec = importlib.util.spec_from_file_location(key, HERE / f"{name}.py")
        sys.modules[key] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[key])
    return sys.modules[key]


@pytest.fixture(scope="session")
def make_battle():
    return load("battle").battle


@pytest.fixture(scope="session")
def payloads():
    return load("payloads").PAYLOADS


@pytest.fixture(scope="session")
def invented_pages():
    return load("pages")


@pytest.fixture(scope="session")
def chromium():
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is in the dependency group oracles")
    from openiads.web import fetch

    if fetch.missing():
        pytest.skip(f"the viewer's libraries are absent: {fetch.COMMAND}")
    with playwright.sync_playwright() as control:
        browser = control.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """One open page with everything it asked for and complained about."""

    def __init__(self, page):
        self.page, self.asked, self.errors = page, [], []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)

    def open(self, address, timeout_ms=20_000):
        self.page.goto(address)
        self.wait("Boolean(window.__app && window.__app.ready)", timeout_ms)
        return self

    def wait(self, expression, timeout_ms=8000):
        """Poll from outside, because the page's policy forbids what the browser driver would put into it."""
        for _ in range(timeout_ms // 50):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never true: {expression}; {self.errors}")

    @property
    def outside(self):
        return [url for url in self.asked if not url.startswith(("data:", "blob:", "file:", "http://127.0.0.1:"))]


@pytest.fixture
def visit(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light", locale="en-GB")
    yield Visit(context.new_page())
    context.close()


@pytest.fixture(scope="session")
def replay_file(tmp_path_factory, make_battle):
    from openiads.show import replay_page

    path = tmp_path_factory.mktemp("page") / "replay.html"
    replay_page.to_html(make_battle(), path)
    return path
