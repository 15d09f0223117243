"""The local server: what it gives, what it refuses, in a real process with real sockets."""

from __future__ import annotations

import http.client
import json
import threading
import time

import pytest
import uvicorn

from openiads.errors import UserError
from openiads.serve import documents, guard, make_app
from openiads.serve import server as serving
from openiads.show import replay

TOKEN = guard.new_token()


class Client:
    """Requests as a browser on the page sends them, with anything changed."""

    def __init__(self, port):
        self.port = port
        self.good = {"Host": f"127.0.0.1:{port}", "Cookie": f"openiads-{port}={TOKEN}"}

    def ask(self, method="GET", path="/", body=None, headers=(), **changed):
        sent = {**self.good, **dict(headers)}
        if body is not None and not changed.pop("bare", False):
            sent = {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/json", **sent}
        sent = {name: value for name, value in sent.items() if value is not None}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        for name, value in {**sent, **({"Content-Length": str(len(data))} if data and "Content-Length" not in sent else {})}.items():
            connection.putheader(name, value)
        connection.endheaders(data)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content


@pytest.fixture(scope="module")
def folder(tmp_path_factory, make_battle):
    where = tmp_path_factory.mktemp("results")
    (where / "replay.json").write_text(replay.text(replay.encode(make_battle(scale=0.3))), encoding="utf-8")
    (where / "secret.txt").write_text("secret", encoding="utf-8")
    (where / "manifest.json").write_text("{}", encoding="utf-8")
    return where


@pytest.fixture(scope="module")
def client(folder):
    sockets = serving._sockets(0)
    port = sockets[0].getsockname()[1]
    server = uvicorn.Server(serving._config(make_app(folder, TOKEN, port)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Client(port)
    server.should_exit = True
    thread.join(timeout=10)
    for one in sockets:
        one.close()


def test_the_first_visit_brings_a_strict_cookie(client):
    answer, _ = client.ask(path=f"/?token={TOKEN}", headers={"Cookie": None})
    cookie = answer.headers["Set-Cookie"]
    assert answer.status == 303
    assert answer.headers["Location"] == "/"
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert client.ask()[0].status == 200


def test_every_answer_carries_the_headers(client):
    for path in ("/", "/static/main.js", "/api/documents", "/nothing", "/api/data/replay"):
        answer, _ = client.ask(path=path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers.get("Access-Control-Allow-Origin") is None
        assert answer.headers.get("Server") is None


def test_documents_are_known_by_identifier(client):
    found = json.loads(client.ask(path="/api/documents")[1])
    assert found == [{"id": "replay", "kind": "replay"}]
    assert json.loads(client.ask(path="/api/data/replay")[1])["format"] == "openiads-replay"
    for key in ("manifest", "secret", "nothing"):
        assert client.ask(path=f"/api/data/{key}")[0].status == 404


HOSTS = ["evil.example", "127.0.0.1", "localhost", "0.0.0.0", "127.0.0.1:1", "localhost.evil.example:80", "[::1]", "evil.localhost", ""]
HOSTS += ["127.1", "2130706433", "127.0.0.1.nip.io"]
ORIGINS = ["null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1", "http://localhost.evil.example", "file://", ""]
ORIGINS += ["chrome-extension://x", "http://127.0.0.1:1"]
COOKIES = [None, "openiads=x", "openiads-1=x", "a=b; c", "\x7f", "openiads"]
TOKENS = ["", "x", TOKEN[:-1], TOKEN + "a", TOKEN.lower()]
ADDRESSES = ["/?token=", "/?token=x", "/?token", f"/?tok={TOKEN}", f"/?a=b&token={TOKEN}x", "/api/data/replay?token=x"]
TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", None, "application/jsonp", "text/json"]
WRITE = {"method": "POST", "path": "/api/editor/check", "body": {"yaml": "a: 1"}}
ATTACKS = [
    *({"headers": {"Host": host}} for host in HOSTS),
    *({"headers": {"Origin": origin}} for origin in ORIGINS),
    *({"headers": {"Sec-Fetch-Site": site}} for site in ("cross-site", "same-site", "junk")),
    *({"headers": {"Cookie": cookie}} for cookie in COOKIES),
    *({"headers": {"Cookie": None, "X-Openiads-Token": token}} for token in TOKENS),
    *({"path": path, "headers": {"Cookie": None}} for path in ADDRESSES),
    *({"method": method} for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "FOO")),
    *({**WRITE, "headers": {"Content-Type": kind}} for kind in TYPES),
    *({**WRITE, "headers": {"Origin": origin}} for origin in (None, "null", "http://evil.example")),
    {**WRITE, "headers": {"Cookie": None}},
    {**WRITE, "body": b"x" * 10, "headers": {"Content-Length": "99999999"}},
    {**WRITE, "path": "/api/editor/save", "headers": {"Sec-Fetch-Site": "cross-site"}},
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: json.dumps({k: str(v)[:40] for k, v in a.items()})[:70])
def test_attacks_are_refused(client, attack):
    answer, content = client.ask(**attack)
    assert answer.status in (400, 403, 405, 413, 415, 421)
    assert b"openiads-replay" not in content


def test_there_are_sixty_attacks():
    assert len(ATTACKS) >= 60


TRAVERSALS = [
    f"{prefix}{up}{tail}"
    for prefix in ("/api/data/", "/static/", "/view/", "/api/editor/scenarios/", "/api/jobs/")
    for up in (
        "../",
        "..%2f",
        "%2e%2e/",
        "%2e%2e%2f",
        "..%5c",
        "..\\",
        "%252e%252e%252f",
        "....//",
        "/",
        "%00",
        "\\\\host\\share\\",
        "C:%5c",
        "~/",
        "./",
    )
    for tail in ("secret.txt", "etc/passwd", "REPLAY", "replay.json")
]


def test_no_path_leads_out(client):
    for path in TRAVERSALS:
        answer, content = client.ask(path=path)
        assert answer.status in (400, 404), path
        assert b"secret" not in content.replace(b"secret.txt", b"")
        assert b"root:" not in content


def test_links_are_not_followed(folder, tmp_path):
    other = tmp_path / "results"
    other.mkdir()
    (other / "replay.json").symlink_to(folder / "replay.json")
    assert documents.documents(other) == {}
    with pytest.raises(UserError, match="no folder"):
        documents.documents(tmp_path / "absent")


def test_a_page_on_disk_is_a_document_too(folder, tmp_path):
    from openiads.show import replay_page

    data = replay.decode((folder / "replay.json").read_text(encoding="utf-8"))
    replay_page.to_html(data, tmp_path / "replay.html")
    found = documents.documents(tmp_path)
    assert replay.decode(found["replay"].text())["name"] == data["name"]


def test_a_body_beyond_its_header_is_cut(client):
    answer, _ = client.ask("POST", "/api/editor/check", b"{" + b" " * 2_100_000 + b"}")
    assert answer.status == 413


def test_a_taken_port_is_said(client):
    with pytest.raises(UserError, match="taken"):
        serving.serve(".", client.port, open_browser=False)


def test_odd_requests_get_an_answer(client):
    for body in (b"", b"[]", b"{", b'{"yaml": 3}', b"[" * 5000, b'{"id": "../x", "yaml": "a: 1"}'):
        answer, _ = client.ask("POST", "/api/editor/save", body)
        assert answer.status == 400


@pytest.mark.browser
def test_the_served_page_works_under_its_policy(visit, client):
    visit.open(f"http://127.0.0.1:{client.port}/?token={TOKEN}")
    visit.page.evaluate("window.__app.seek(600)")
    visit.page.wait_for_timeout(200)
    for tab in ("raid", "events", "defence", "about"):
        visit.page.click(f"#tab-{tab}")
    visit.page.wait_for_timeout(200)
    assert visit.errors == []
    assert visit.outside == []
    assert visit.page.locator(".pages select option").count() == 2
