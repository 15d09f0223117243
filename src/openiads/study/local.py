"""The engine of one machine: worker processes under a supervisor that survives the death of any of them."""

import contextlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Self

from openiads.errors import UserError, WorkError
from openiads.machine import cores
from openiads.study.job import Chunk, Column, Job, work
from openiads.study.leases import LIMIT_S, Leases, SetAside
from openiads.study.worker import DONE, FAILED, READY, WRONG, serve

Record = Callable[[Chunk, dict[str, Column]], None]
START_FAILURES = 3
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class _Worker:
    """A process, the line to it, and the chunk it holds."""

    def __init__(self, job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=serve, args=(theirs, job), daemon=True)
        with _single_threaded():
            self.process.start()
        theirs.close()
        self.is_ready = False
        self.chunk: Chunk | None = None
        self.ends_at = float("inf")

    def give(self, chunk: Chunk, limit_s: float) -> None:
        """Hand over a chunk; a worker that died meanwhile is found and buried in its turn."""
        self.chunk, self.ends_at = chunk, time.monotonic() + limit_s
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.line.send(chunk)

    def kill(self) -> None:
        """End the process and close the line to it."""
        self.process.kill()
        self.process.join()
        self.line.close()


class LocalEngine:
    """Worker processes on this machine; a context that stays open from stage to stage of a study."""

    def __init__(self, job: Job, workers: int | None = None, limit_s: float = LIMIT_S) -> None:
        """Prepare; processes start with the first stage.

        Parameters
        ----------
        job : Job
        workers : int or None
            Processes; None takes every core this process may use.
        limit_s : float
            Time after which a chunk's worker is taken to hang [s].
        """
        self.job, self.limit_s = job, limit_s
        self.count = workers or cores()
        self._workers: list[_Worker] = []
        self._start_failures = 0

    def __enter__(self) -> Self:
        """Open the context."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every worker at once; what was recorded is safe."""
        for worker in self._workers:
            worker.kill()
        self._workers = []

    def run(self, wanted: Iterable[Chunk], record: Record, done: int = 0) -> list[SetAside]:
        """Do all ranges and hand each finished chunk to ``record``, in any order; ``done`` replications were finished before.

        Returns
        -------
        list of SetAside
            Replications that killed or hung their worker again and again, or raised an error.

        Raises
        ------
        UserError
            When the request itself is wrong (the battle says so), or when no worker can start.
        """
        leases = Leases(wanted, self.job.inner, self.limit_s, done)
        while leases.is_open:
            self._staff(leases)
            for worker in self._due():
                self._hear(worker, leases, record)
            give_up_when_hopeless(leases)
        return leases.set_aside

    def _staff(self, leases: Leases) -> None:
        """Replace the dead and give everyone idle a chunk."""
        while len(self._workers) < self.count:
            self._workers.append(_Worker(self.job))
        for worker in self._workers:
            if worker.is_ready and worker.chunk is None and (lease := leases.take(id(worker))) is not None:
                worker.give(*lease)

    def _due(self) -> Iterator[_Worker]:
        """Wait until a worker says something, dies or has had its time."""
        owners: dict[object, _Worker] = {}
        for worker in self._workers:
            owners[worker.line] = owners[worker.process.sentinel] = worker
        soonest = min(worker.ends_at for worker in self._workers)
        lines = [worker.line for worker in self._workers]
        sentinels = [worker.process.sentinel for worker in self._workers]
        heard = wait([*lines, *sentinels], timeout=max(0.0, min(soonest - time.monotonic(), 1.0)))
        found = [owners[one] for one in heard]
        now = time.monotonic()
        found += [worker for worker in self._workers if now > worker.ends_at]
        return iter(dict.fromkeys(found))

    def _hear(self, worker: _Worker, leases: Leases, record: Record) -> None:
        message = None
        with contextlib.suppress(EOFError, OSError):
            if worker.line.poll():
                message = worker.line.recv()
        if message is None:
            self._bury(worker, leases)
            return
        kind, chunk, content, seconds = message
        if kind == READY:
            worker.is_ready, self._start_failures = True, 0
            return
        worker.chunk, worker.ends_at = None, float("inf")
        if kind == WRONG:
            raise UserError(content)
        if kind == FAILED:
            leases.fail(chunk, content, is_final=True)
        elif kind == DONE and leases.finish(chunk, seconds):
            self._staff(leases)
            record(chunk, content)

    def _bury(self, worker: _Worker, leases: Leases) -> None:
        """Remove a worker that died or hangs; its chunk, and only that, is tried again."""
        hangs = worker.process.is_alive() and time.monotonic() > worker.ends_at
        worker.kill()
        self._workers.remove(worker)
        code = worker.process.exitcode
        if worker.chunk is not None:
            reason = "did not end in time" if hangs else f"its worker process died (exit code {code})"
            leases.fail(worker.chunk, reason, is_final=hangs)
        elif not worker.is_ready:
            self._start_failures += 1
            if self._start_failures >= START_FAILURES:
                raise WorkError(
                    f"worker processes: {START_FAILURES} in a row died while starting (exit code {code}); a script that runs a study "
                    'must do so below `if __name__ == "__main__":`, and the machine needs memory for each worker (see --workers)'
                )


class InlineEngine:
    """The same work in this process: for small runs, tests and other schedulers' workers."""

    def __init__(self, job: Job) -> None:
        """Prepare."""
        self.job = job

    def __enter__(self) -> Self:
        """Open the context."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the context."""

    def run(self, wanted: Iterable[Chunk], record: Record, done: int = 0) -> list[SetAside]:
        """Do all ranges one after the other; an error sets its replication aside as in ``LocalEngine.run``."""
        leases = Leases(wanted, self.job.inner, done=done)
        while (lease := leases.take()) is not None:
            began = time.perf_counter()
            try:
                columns = work(self.job, lease.chunk)
            except UserError:
                raise
            except Exception as error:
                leases.fail(lease.chunk, f"{type(error).__name__}: {error}", is_final=True)
                give_up_when_hopeless(leases)
                continue
            leases.finish(lease.chunk, time.perf_counter() - began)
            record(lease.chunk, columns)
        return leases.set_aside


def give_up_when_hopeless(leases: Leases) -> None:
    """Raise when so much fails that something is broken."""
    if leases.is_hopeless:
        first = leases.set_aside[0]
        raise WorkError(
            f"{len(leases.set_aside)} replications could not be computed against {leases.done_replications} that could; "
            f"the first of them: {first.reason} (replication {first.chunk.first} of {first.chunk.alternative})"
        )


@contextlib.contextmanager
def _single_threaded() -> Iterator[None]:
    """Let a starting process inherit one thread a library: the processes are the parallelism, and sums stay the same."""
    saved = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
