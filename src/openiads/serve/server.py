"""Pages and data of one folder on the loopback addresses, behind the guard."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from openiads.errors import UserError
from openiads.serve import editor, outliers
from openiads.serve.documents import documents, listing
from openiads.serve.guard import Guard, new_token
from openiads.serve.jobs import Jobs
from openiads.web import fetch

LOOPBACK = ("127.0.0.1", "::1")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".txt": "text/plain", ".html": "text/html"}
_MAX_CONNECTIONS = 64
_NICENESS = 19


def serve(folder: Path | str, port: int = 0, *, open_browser: bool = True) -> None:
    """Show a folder of results in the browser until interrupted.

    Parameters
    ----------
    folder
        What `run`, `cover` or `study` wrote.
    port
        Port on the loopback addresses; 0 takes a free one.
    open_browser
        Whether to open the page, whose address with its token is printed in any case.

    Raises
    ------
    UserError
        The folder is absent, the viewer is incomplete, or the port is taken.
    """
    where = Path(folder)
    absent = fetch.missing()
    if absent:
        raise UserError(f"the viewer lacks {', '.join(absent)}: complete it with `{fetch.COMMAND}` and try again")
    documents(where)
    sockets = _sockets(port)
    token, taken = new_token(), sockets[0].getsockname()[1]
    server = uvicorn.Server(_config(make_app(where, token, taken)))
    address = f"http://127.0.0.1:{taken}/?token={token}"
    sys.stderr.write(f"{where} is shown at {address}\nStop with Ctrl+C.\n")
    if open_browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    _stand_back()
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=sockets)


def make_app(folder: Path, token: str, port: int) -> ASGIApp:
    """The guarded application of one folder, token and port."""
    files = static_files()
    jobs = Jobs(folder)
    found = partial(documents, folder)

    async def page(request: Request) -> Response:
        """Answer with the page of a document, the first unless one is named; without any, with the editor."""
        known = found()
        key = request.path_params.get("key") or next(iter(known), "")
        if key not in known:
            return HTMLResponse(_page("", "editor") if not known else "No such page.", status_code=200 if not known else 404)
        return HTMLResponse(_page(key, "main"))

    async def edit(_: Request) -> Response:
        """Answer with the editor."""
        return HTMLResponse(_page("", "editor"))

    async def data(request: Request) -> Response:
        """Answer with the data of a document."""
        document = found().get(request.path_params["key"])
        if document is None:
            return PlainTextResponse("No such data.", status_code=404)
        return Response(document.text(), media_type="application/json")

    async def static(request: Request) -> Response:
        """Answer with a file of the viewer."""
        content = files.get(request.path_params["name"])
        if content is None:
            return PlainTextResponse("No such file.", status_code=404)
        return Response(content, media_type=_TYPES[Path(request.path_params["name"]).suffix])

    async def table(_: Request) -> Response:
        """Answer with the list of documents."""
        return Response(listing(found()), media_type="application/json")

    async def icon(_: Request) -> Response:
        """Answer that there is no icon: browsers ask for one unasked."""
        return Response(status_code=204)

    routes = [
        Route("/", page),
        Route("/view/{key}", page),
        Route("/editor", edit),
        Route("/favicon.ico", icon),
        Route("/api/documents", table),
        Route("/api/data/{key}", data),
        Route("/static/{name:path}", static),
        *editor.routes(folder, jobs),
        *outliers.routes(found, jobs),
    ]
    app = Starlette(routes=routes, exception_handlers={UserError: _said}, lifespan=jobs.lifespan)
    return Guard(app, frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")), token)


def static_files() -> Mapping[str, bytes]:
    """Everything that the page may ask for, read once: a name that is not in this table does not exist."""
    web = Path(fetch.__file__).parent
    chosen = [
        *web.glob("*.js"),
        *web.glob("*.css"),
        *web.glob("i18n/*.json"),
        *(fetch.VENDOR / name for name in (*fetch.FILES, fetch.NOTICE)),
    ]
    return {path.relative_to(web).as_posix(): path.read_bytes() for path in chosen if path.is_file()}


def _page(source: str, entry: str) -> str:
    content = (Path(fetch.__file__).parent / "index.html").read_text(encoding="utf-8")
    content = content.replace('<link rel="icon" href="data:,">\n', "").replace("/static/main.js", f"/static/{entry}.js")
    return content.replace("<body>", f'<body data-source="{source}" data-served="yes">')


async def _said(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=400)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app, log_level="warning", access_log=False, ws="none", limit_concurrency=_MAX_CONNECTIONS, timeout_keep_alive=5, server_header=False
    )


def _sockets(port: int) -> list[socket.socket]:
    """One bound socket on each loopback address, with the same port; a machine without IPv6 gets one."""
    made = [_bound(socket.AF_INET, LOOPBACK[0], port)]
    with contextlib.suppress(UserError):
        made.append(_bound(socket.AF_INET6, LOOPBACK[1], made[0].getsockname()[1]))
    return made


def _bound(family: socket.AddressFamily, name: str, port: int) -> socket.socket:
    try:
        one = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise UserError(f"{name} cannot be used on this machine") from error
    try:
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if sys.platform != "win32":
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((name, port))
    except OSError as error:
        one.close()
        raise UserError(f"port {port} on this machine is taken ({error.strerror}): choose another with --port") from error
    return one


def _stand_back() -> None:
    """Give this thread's processor time to work that runs beside it, where the system can do so for one thread."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
