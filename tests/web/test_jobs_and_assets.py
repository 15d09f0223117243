"""Runs started from the page, and the libraries that the build fetches."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from openiads.errors import UserError
from openiads.serve import documents, jobs
from openiads.web import fetch

ROOT = Path(__file__).parents[2]
FAKE = """
import sys, time, pathlib
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1]); out.mkdir(parents=True)
print("half: 50 %", file=sys.stderr, flush=True)
if "slow" in sys.argv: time.sleep(30)
if "broken" in sys.argv: sys.exit("no such scenario")
from openiads.show.replay import embedded
(out / "replay.html").write_text(embedded({"format": "openiads-replay", "version": 2}))
"""


@pytest.fixture
def started(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "_START", FAKE)
    return jobs.Jobs(tmp_path)


def ended(job, limit_s=15.0):
    until = time.monotonic() + limit_s
    while job.state in ("waiting", "running") and time.monotonic() < until:
        time.sleep(0.02)
    return job.told()


def test_a_run_ends_with_a_document(started, tmp_path):
    job = started.start("minsk-2021", "--seed", "7")
    told = ended(job)
    assert told["state"] == "done"
    assert told["percent"] == 50
    assert told["document"] in documents.documents(tmp_path)


def test_a_failed_run_says_why(started):
    told = ended(started.start("broken", "--seed", "7"))
    assert told["state"] == "failed"
    assert "no such scenario" in told["error"]


def test_a_run_can_be_cancelled_and_few_run_at_once(started):
    first, second = started.start("slow", "--seed", "1"), started.start("slow", "--seed", "2")
    with pytest.raises(UserError, match="under way"):
        started.start("slow", "--seed", "3")
    started.cancel(first)
    started.cancel(second)
    assert ended(first)["state"] == "cancelled"
    for job in (first, second):
        if job.process is not None:
            job.process.wait(timeout=10)


def test_progress_is_told_as_it_comes(started):
    job = started.start("minsk-2021", "--seed", "7")

    async def all_told():
        return [event async for event in started.progress(job)]

    with ThreadPoolExecutor(1) as pool:  # away from the browser driver's own loop
        told = pool.submit(asyncio.run, all_told()).result(timeout=30)
    events = [json.loads(event.removeprefix("data: ")) for event in told]
    assert events[-1]["state"] == "done"
    assert all(event["job"] == job.key for event in events)


def test_nothing_is_fetched_when_everything_is_there(tmp_path, monkeypatch):
    for name in (*fetch.FILES, fetch.NOTICE):
        (tmp_path / name).write_text("x")
    monkeypatch.setattr(fetch, "_npm", lambda work: pytest.fail("npm was run"))
    assert fetch.fetch(tmp_path) is False


def test_what_is_fetched_is_installed_with_its_licences(tmp_path, monkeypatch):
    def npm(work):
        assert (work / "package-lock.json").is_file()
        for source in fetch.FILES.values():
            path = work / "node_modules" / source
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source)
        (work / "node_modules" / "ol" / "LICENSE.md").write_text("BSD 2-Clause")
        return 0, ""

    monkeypatch.setattr(fetch, "_npm", npm)
    assert fetch.fetch(tmp_path, ROOT) is True
    assert fetch.missing(tmp_path) == []
    assert "BSD 2-Clause" in (tmp_path / fetch.NOTICE).read_text()


def test_a_failure_is_said_with_what_npm_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fetch, "_npm", lambda work: (1, "getaddrinfo failed"))
    with pytest.raises(fetch.FetchError, match="getaddrinfo failed"):
        fetch.fetch(tmp_path, ROOT)
    monkeypatch.setattr(fetch, "fetch", lambda: (_ for _ in ()).throw(fetch.FetchError("no network")))
    assert fetch.main() == 1
    assert "no network" in capsys.readouterr().err


def test_the_build_goes_on_without_a_network(tmp_path, monkeypatch):
    pytest.importorskip("hatchling", reason="the build hook needs hatchling")
    spec = importlib.util.spec_from_file_location("openiads_hatch_build", ROOT / "hatch_build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)

    class App:
        said = ""

        def display_warning(self, text):
            self.said = text

    class Assets:
        FetchError, COMMAND = fetch.FetchError, fetch.COMMAND
        keep_manifests = staticmethod(lambda root: None)

        @staticmethod
        def fetch(manifests):
            raise fetch.FetchError("offline")

    monkeypatch.setattr(build, "_load", lambda path: Assets)
    hook = build.ViewerAssets.__new__(build.ViewerAssets)
    app = App()
    monkeypatch.setattr(type(hook), "root", property(lambda self: str(tmp_path)), raising=False)
    monkeypatch.setattr(type(hook), "app", property(lambda self: app), raising=False)
    hook.initialize("standard", {})
    assert fetch.COMMAND in app.said
    monkeypatch.setenv("OPENIADS_REQUIRE_ASSETS", "1")
    with pytest.raises(fetch.FetchError):
        hook.initialize("standard", {})


def test_the_lock_file_names_versions_and_no_registry():
    package = json.loads((ROOT / "package.json").read_text())
    assert package["dependencies"] == {"milsymbol": "3.0.4", "ol": "10.11.0", "uplot": "1.6.32", "world-atlas": "2.0.2"}
    text = (ROOT / "package-lock.json").read_text()
    assert "resolved" not in text
    assert "registry" not in text
    entries = json.loads(text)["packages"]
    assert all("integrity" in entry for name, entry in entries.items() if name)


def test_the_module_can_complete_an_installation():
    if fetch.missing():
        pytest.skip("the libraries are absent, and this test does not fetch")
    done = subprocess.run([sys.executable, "-m", "openiads.web.fetch"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert "complete already" in done.stdout
