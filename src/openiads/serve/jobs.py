"""Runs started from the page: each in its own process, with its progress told as it comes, and a way to stop it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import re
import secrets
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette

from openiads.errors import UserError

MAX_RUNNING = 2
MAX_LINES = 2000
_START = "import sys; from openiads.cli import main; sys.exit(main())"
_PERCENT = re.compile(r"(\d{1,3})\s?%")


@dataclass
class Job:
    """One run: its process, what it said, and how it ended."""

    key: str
    folder: Path
    process: subprocess.Popen[str] | None = None
    lines: list[str] = field(default_factory=list)
    state: str = "waiting"
    error: str = ""

    def told(self) -> dict[str, object]:
        """What the page shows: state, the last line and a share where one was said."""
        last = self.lines[-1] if self.lines else ""
        share = _PERCENT.search(last)
        shown = f"run-{self.key}" if self.state == "done" else None
        return {
            "job": self.key,
            "state": self.state,
            "line": last[:300],
            "percent": share and int(share[1]),
            "error": self.error,
            "document": shown,
        }


class Jobs:
    """The runs of one server. A thread of its own starts them, so that they do not inherit the server's low priority."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.jobs: dict[str, Job] = {}
        self._waiting: queue.Queue[tuple[Job, list[str]] | None] = queue.Queue()
        threading.Thread(target=self._starter, daemon=True).start()

    def start(self, scenario: Path | str, *options: str) -> Job:
        """Start one run of a scenario with some options of the verb `run`."""
        return self.begin(_START, "run", str(scenario), *options)

    def begin(self, program: str, *words: str) -> Job:
        """Start a Python program that writes a run into the folder which `--out` names after its words.

        Raises
        ------
        UserError
            Too many are running.
        """
        if sum(job.state in ("waiting", "running") for job in self.jobs.values()) >= MAX_RUNNING:
            raise UserError(f"{MAX_RUNNING} runs are under way: cancel one or wait")
        key = secrets.token_hex(6)
        job = Job(key, self.folder / "runs" / key)
        self.jobs[key] = job
        self._waiting.put((job, [sys.executable, "-c", program, *words, "--out", str(job.folder)]))
        return job

    def cancel(self, job: Job) -> None:
        """Stop a run; what it wrote stays."""
        if job.state in ("waiting", "running"):
            job.state = "cancelled"
            if job.process is not None:
                job.process.terminate()

    async def progress(self, job: Job) -> AsyncIterator[str]:
        """Server-sent events until the run has ended."""
        last = ""
        while True:
            told = json.dumps(job.told())
            if told != last:
                last = told
                yield f"data: {told}\n\n"
            if job.state not in ("waiting", "running"):
                return
            await asyncio.sleep(0.2)

    @contextlib.asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """End what is still running when the server stops."""
        yield
        for job in self.jobs.values():
            self.cancel(job)
        self._waiting.put(None)

    def _starter(self) -> None:
        while (item := self._waiting.get()) is not None:
            job, words = item
            if job.state == "waiting":
                job.folder.parent.mkdir(parents=True, exist_ok=True)
                job.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
                job.state = "running"
                threading.Thread(target=_watch, args=(job,), daemon=True).start()


def _watch(job: Job) -> None:
    process = job.process
    if process is None or process.stderr is None:
        return
    with process.stderr as said:
        for line in said:
            if len(job.lines) < MAX_LINES:
                job.lines.append(line.strip())
    code = process.wait()
    if job.state == "running":
        job.error = "" if code == 0 else "\n".join(job.lines[-8:])
        job.state = "done" if code == 0 else "failed"
