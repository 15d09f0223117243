"""A flood of requests takes at most a twentieth of one core from work that runs beside the server."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from openiads.serve.guard import BURST, RATE_HZ
from openiads.serve.pace import Pace
from openiads.show import replay

SERVE = "import sys; from openiads.serve.server import serve; serve(sys.argv[1], 0, open_browser=False)"
FLOODERS = 8
SECONDS = 6.0
MOST = 0.05


def cpu_s(pid):
    """Processor time of a process with all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def flood(port, token, until, answered):
    headers = {"Host": f"127.0.0.1:{port}", "Cookie": f"openiads-{port}={token}"}
    while time.monotonic() < until:
        for path in ("/api/data/replay", "/api/documents", "/static/vendor/ol.js", "/nothing"):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
                connection.request("GET", path, headers=headers)
                answered.append(len(connection.getresponse().read()))
                connection.close()
            except OSError:
                time.sleep(0.02)  # not up yet, or busy


def test_a_page_opens_at_once_and_a_flood_is_taken_one_by_one():
    pace = Pace(rate_hz=10.0, burst=3)
    assert [pace.wait_s(100.0) for _ in range(4)] == [0.0, 0.0, 0.0, 0.0]
    assert [round(pace.wait_s(100.0), 6) for _ in range(3)] == [0.1, 0.2, 0.3]
    assert pace.wait_s(200.0) == 0.0


@pytest.mark.skipif(sys.platform != "linux", reason="reads the processor time of another process, as Linux tells it")
def test_a_flood_leaves_a_running_study_its_processor(tmp_path, make_battle):
    (tmp_path / "replay.json").write_text(replay.text(replay.encode(make_battle(scale=0.3))), encoding="utf-8")
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(tmp_path)], stderr=subprocess.PIPE, text=True)
    try:
        port, token = re.search(r"127\.0\.0\.1:(\d+)/\?token=(\S+)", server.stderr.readline()).groups()
        opened = []
        while len(opened) < BURST:
            flood(port, token, time.monotonic() + 0.1, opened)
        answered, begun_s, before_s = [], time.monotonic(), cpu_s(server.pid)
        threads = [threading.Thread(target=flood, args=(port, token, begun_s + SECONDS, answered)) for _ in range(FLOODERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        taken_s, lasted_s = cpu_s(server.pid) - before_s, time.monotonic() - begun_s
    finally:
        server.kill()
        server.wait()
        server.stderr.close()
    assert answered, "no request was answered"
    assert len(answered) <= RATE_HZ * lasted_s + BURST + FLOODERS
    share = taken_s / len(answered) * RATE_HZ
    assert share <= MOST, f"{len(answered)} requests took {taken_s:.2f} s: at the most that are taken, {share:.1%} of a core"
