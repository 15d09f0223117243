"""From a replication that a page names to its replay: that battle is fought again in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from openiads.errors import UserError
from openiads.serve.documents import Document
from openiads.serve.jobs import Jobs

START = "from openiads.serve.outliers import main; main()"


def routes(found: Callable[[], Mapping[str, Document]], jobs: Jobs) -> list[Route]:
    """The endpoint that starts the replay of one outlier, named by its page and its place in the list."""

    async def start(request: Request) -> Response:
        """Start the replay, and answer with the job that makes it."""
        document = found().get(request.path_params["key"])
        if document is None:
            raise UserError("there is no such page")
        place = request.path_params["place"]
        replication = _replication(await run_in_threadpool(document.text), place)
        return JSONResponse(jobs.begin(START, str(document.path.parent), str(place), str(replication)).told())

    return [Route("/api/outliers/{key}/{place:int}", start, methods=["POST"])]


def _replication(text: str, place: int) -> int:
    """The replication at a place in a page's list of those worth a look."""
    data = json.loads(text)
    try:
        named = data["alternatives"][place]["worst"] if data["format"].endswith("study") else data["odd"][place]
        return int(named["replication"])
    except (LookupError, TypeError, ValueError) as error:
        raise UserError("the page names no such replication") from error


def fight(folder: Path, place: int, replication: int, out: Path) -> None:
    """Fight one replication of a run's or a study's folder again and write it with its replay.

    Raises
    ------
    UserError
        The folder holds neither, or the study does not say how that battle was set up.
    """
    from openiads.results.folder import is_run, load, save
    from openiads.results.running import run
    from openiads.show.pages import run_page, run_page_name
    from openiads.study.watching import watch

    if is_run(folder):
        known = load(folder)
        made = run(known.source.place, seed=int(known.manifest["seed"]), replication=replication, overrides=known.source.listed())
    else:
        made = watch(folder, place)
    save(made, out, {run_page_name(made): lambda path: run_page(made, path)})


def main() -> None:
    """Fight the replication that the arguments name; `--out FOLDER` ends them."""
    import sys

    folder, place, replication, _, out = sys.argv[1:]
    try:
        fight(Path(folder), int(place), int(replication), Path(out))
    except UserError as error:
        sys.exit(str(error))
