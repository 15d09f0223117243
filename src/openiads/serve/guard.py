"""What every request must pass: host, origin, token, content type and size, and the headers that every answer carries."""

from __future__ import annotations

import asyncio
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from openiads.serve.pace import Pace

MAX_BODY_BYTES = 2_000_000
REFUSAL_DELAY_S = 0.05
RATE_HZ, BURST = 25.0, 150
HEADER = "x-openiads-token"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
_READS = ("GET", "HEAD")


def new_token() -> str:
    """A token of 256 random bits, new for each start."""
    return secrets.token_urlsafe(32)


class Guard:
    """Refuse what does not come from the page that this server gave out.

    Parameters
    ----------
    app
        What to guard.
    hosts
        The values of Host that are ours, such as `127.0.0.1:8000`.
    token
        The token of this start.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str], token: str) -> None:
        self.app, self.hosts, self.token = app, hosts, token
        self.pace = Pace(RATE_HZ, BURST)
        self.cookie = f"openiads-{next(iter(sorted(hosts))).rpartition(':')[2]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, answer the first visit with a cookie, or refuse."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self.pace.turn()
            await self._http(scope, receive, _hardened(send))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is None and self._is_first_visit(scope):
            answer: Response = RedirectResponse(scope["path"], status_code=303)
            answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
            await answer(scope, receive, send)
        elif refusal is None and not self._is_known(headers):
            await _refuse(403, "This page needs the address that was printed at the start, with its token.", scope, receive, send)
        elif refusal is not None:
            await _refuse(*refusal, scope, receive, send)
        else:
            await self.app(scope, _limited(receive), send)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        if len(headers.getlist("host")) != 1 or headers["host"].lower() not in self.hosts:
            return 421, "This server answers only to its own address on this machine."
        origins = headers.getlist("origin")
        if any(origin.lower() not in {f"http://{host}" for host in self.hosts} for origin in origins) or len(origins) > 1:
            return 403, "Requests from other pages are refused."
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return 403, "Requests from other pages are refused."
        if scope["method"] in _READS:
            return None
        if scope["method"] != "POST":
            return 405, "Only GET and POST are understood."
        if not origins:
            return 403, "A request that changes something must say its origin."
        if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return 415, "Send JSON."
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > MAX_BODY_BYTES:
            return 413, f"Send at most {MAX_BODY_BYTES} bytes."
        return None

    def _is_first_visit(self, scope: Scope) -> bool:
        query = scope["query_string"].decode("latin-1")
        given = query.removeprefix("token=") if query.startswith("token=") else ""
        return scope["method"] == "GET" and bool(given) and _same(given, self.token)

    def _is_known(self, headers: Headers) -> bool:
        given = [headers[HEADER]] if HEADER in headers else []
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            found = None
        given += [found.value] if found is not None else []
        return any(_same(one, self.token) for one in given)


def _same(one: str, two: str) -> bool:
    return secrets.compare_digest(one.encode("utf-8", "replace"), two.encode())


async def _refuse(status: int, why: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer late, so that a flood of refused requests leaves the processor to those who work."""
    await asyncio.sleep(REFUSAL_DELAY_S)
    await PlainTextResponse(why, status_code=status)(scope, receive, send)


def _hardened(send: Send) -> Send:
    async def answer(message: Message) -> None:
        """Send a message; an answer's first gains the guarding headers and loses the server's name."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if "server" in headers:
                del headers["server"]
        await send(message)

    return answer


def _limited(receive: Receive) -> Receive:
    """A body that does not grow beyond the limit whatever its header said."""
    taken = 0

    async def read() -> Message:
        """Receive the next message, or the end of the connection once too much came."""
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY_BYTES:
            return {"type": "http.disconnect"}
        return message

    return read
