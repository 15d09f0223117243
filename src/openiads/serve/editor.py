"""The editor's side of the server: scenarios by identifier, changes checked as they are made, runs with progress."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from openiads import catalogue, scenario, strict_yaml
from openiads.errors import UserError
from openiads.serve import yaml_edit
from openiads.serve.jobs import Job, Jobs
from openiads.show.replay_basemap import basemap
from openiads.show.replay_input import Place

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")
_BLANK = """format: openiads-scenario/1
name: my-scenario
about: what this scenario is for, in one sentence; positions are illustrative
duration: 20 min
assets: []
sites: []
doctrine: {control: tight, firing: shoot-look-shoot, reserve: 0.25}
picture: national
objects: []
"""


def routes(folder: Path, jobs: Jobs) -> list[Route]:
    """The editor's endpoints for the scenarios of a folder."""
    desk = Desk(folder, jobs)
    post = {"methods": ["POST"]}
    return [
        Route("/api/editor/vocabulary", desk.vocabulary),
        Route("/api/editor/basemap/{lat:float}/{lon:float}", desk.basemap),
        Route("/api/editor/scenarios", desk.listing),
        Route("/api/editor/scenarios/{key}", desk.opened),
        Route("/api/editor/check", desk.checked, **post),  # type: ignore[arg-type]
        Route("/api/editor/change", desk.changed, **post),  # type: ignore[arg-type]
        Route("/api/editor/save", desk.saved, **post),  # type: ignore[arg-type]
        Route("/api/editor/run", desk.run, **post),  # type: ignore[arg-type]
        Route("/api/jobs/{key}/progress", desk.progress),
        Route("/api/jobs/{key}/cancel", desk.cancel, **post),  # type: ignore[arg-type]
    ]


class Desk:
    """The scenarios of one folder: those saved in it, and the shipped ones to start from."""

    def __init__(self, folder: Path, jobs: Jobs) -> None:
        self.folder, self.jobs = folder / "scenarios", jobs

    def _saved(self) -> Mapping[str, Path]:
        found = {path.stem: path for path in sorted(self.folder.glob("*.yaml")) if not path.is_symlink()}
        return {key: path for key, path in found.items() if _ID.match(key)}

    def _text(self, key: str) -> str:
        saved = self._saved()
        if key == "blank":
            return _BLANK
        if key in saved:
            return saved[key].read_text(encoding="utf-8")
        if key in scenario.shipped():
            from openiads.scenario.draft import find

            return find(key).read_text(encoding="utf-8")
        raise UserError("there is no such scenario")

    def _view(self, text: str) -> dict[str, Any]:
        """Text, data and problems of a draft, checked as the verb `check` would."""
        if len(text) > strict_yaml.MAX_BYTES:
            raise UserError("the scenario is too long")
        with tempfile.TemporaryDirectory(prefix="openiads-draft-") as name:
            path = Path(name) / "draft.yaml"
            path.write_text(text, encoding="utf-8")
            problems = [_plain(problem) for problem in scenario.check(path)]
        try:
            data = strict_yaml.read(text, "draft").value
        except UserError:
            data = None
        return {"yaml": text, "data": data, "problems": problems}

    async def vocabulary(self, _: Request) -> Response:
        """Systems and classes of the catalogue, and the JSON Schema of scenario files."""
        known = catalogue.load()
        schema = json.loads((Path(scenario.__file__).parent / "schema.json").read_text(encoding="utf-8"))
        return JSONResponse({"systems": sorted(known.systems), "classes": sorted(known.targets), "schema": schema})

    async def basemap(self, request: Request) -> Response:
        """Coasts and borders about a point; a southern or western one is given as 360 degrees more."""
        lat, lon = ((value + 180.0) % 360.0 - 180.0 for value in (request.path_params["lat"], request.path_params["lon"]))
        if not -85.0 <= lat <= 85.0:
            raise UserError("the latitude is between -85 and 85 degrees")
        return JSONResponse(await run_in_threadpool(basemap, Place(lat, lon), 1200.0))

    async def listing(self, _: Request) -> Response:
        """Identifiers of the scenarios that can be opened."""
        return JSONResponse({"saved": list(self._saved()), "shipped": scenario.shipped(), "blank": "blank"})

    async def opened(self, request: Request) -> Response:
        """One scenario."""
        key = request.path_params["key"]
        return JSONResponse(await run_in_threadpool(lambda: self._view(self._text(key))))

    async def checked(self, request: Request) -> Response:
        """A draft's data and problems."""
        asked = await _body(request)
        return JSONResponse(await run_in_threadpool(self._view, _word(asked, "yaml")))

    async def changed(self, request: Request) -> Response:
        """A draft after some changes, each `{path, value}` or `{path, delete: true}`."""
        asked = await _body(request)
        text = _word(asked, "yaml")
        for one in asked.get("changes", [])[:1000]:
            path = tuple(step if isinstance(step, int) else str(step) for step in one["path"])
            text = yaml_edit.change(text, path, yaml_edit.DELETE if one.get("delete") else one.get("value"))
        return JSONResponse(await run_in_threadpool(self._view, text))

    async def saved(self, request: Request) -> Response:
        """Write a draft that has no problem under an identifier."""
        asked = await _body(request)
        key, text = self._key(asked), _word(asked, "yaml")
        view = await run_in_threadpool(self._view, text)
        if view["problems"]:
            return JSONResponse({"error": "the scenario has problems", **view}, status_code=400)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{key}.yaml"
        draft = path.with_suffix(".part")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, path)  # noqa: PTH105 - whole or not at all
        return JSONResponse({"saved": key, **view})

    async def run(self, request: Request) -> Response:
        """Start a run of a saved or shipped scenario."""
        asked = await _body(request)
        key = self._key(asked)
        seed = asked.get("seed", 1)
        if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < 2**63:
            raise UserError("the seed is a whole number from 0 on")
        self._text(key)
        job = self.jobs.start(self._saved().get(key, key), "--seed", str(seed))
        return JSONResponse(job.told())

    async def progress(self, request: Request) -> Response:
        """Server-sent events of one run."""
        events = self.jobs.progress(self._job(request))
        return StreamingResponse(events, media_type="text/event-stream")

    async def cancel(self, request: Request) -> Response:
        """Stop one run."""
        job = self._job(request)
        self.jobs.cancel(job)
        return JSONResponse(job.told())

    def _job(self, request: Request) -> Job:
        job = self.jobs.jobs.get(request.path_params["key"])
        if job is None:
            raise UserError("there is no such run")
        return job

    def _key(self, asked: Mapping[str, Any]) -> str:
        key = _word(asked, "id")
        if not _ID.match(key):
            raise UserError("a scenario is saved under small letters, digits and hyphens, at most 60")
        return key


def _plain(problem: strict_yaml.Problem) -> dict[str, object]:
    return {name: getattr(problem, name) for name in ("line", "column", "where", "what", "remedy")}


def _word(asked: Mapping[str, Any], name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str):
        raise UserError(f"the request needs {name} as text")
    return value


async def _body(request: Request) -> dict[str, Any]:
    try:
        asked = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise UserError("the request is not JSON") from error
    if not isinstance(asked, dict):
        raise UserError("the request is not a JSON object")
    return asked
