"""The same chunks on a Dask cluster (extra ``cluster``): only the address of the scheduler changes."""

import contextlib
import time
from collections.abc import Iterable
from queue import Empty, SimpleQueue
from typing import Any, Self

from openiads.errors import UserError, WorkError
from openiads.study.job import Chunk, Job, work
from openiads.study.leases import LIMIT_S, Leases, SetAside
from openiads.study.local import Record, give_up_when_hopeless

CONNECT_S = 30.0
AHEAD = 2


class DaskEngine:
    """Chunks as tasks of a Dask scheduler; the list of unfinished chunks stays here, so a lost worker loses nothing."""

    def __init__(self, job: Job, address: str, limit_s: float = LIMIT_S) -> None:
        """Prepare; the connection is made on entering.

        Parameters
        ----------
        job : Job
        address : str
            ``HOST:PORT`` of the scheduler.
        limit_s : float
            Time after which a chunk is taken to hang [s].
        """
        self.job, self.address, self.limit_s = job, address, limit_s
        self._client: Any = None
        self._done: SimpleQueue[Any] = SimpleQueue()

    def __enter__(self) -> Self:
        """Connect.

        Raises
        ------
        UserError
            Without the extra, or when nothing answers at the address.
        """
        host, _, port = self.address.rpartition(":")
        if not host or not port.isdecimal():
            raise UserError(f"--engine dask://{self.address}: names no port; write dask://HOST:PORT, such as dask://localhost:8786")
        try:
            import distributed
        except ImportError:
            raise UserError('--engine dask: needs the extra "cluster": pip install "openiads[cluster]"') from None
        connect: Any = distributed.Client
        try:
            self._client = connect(f"tcp://{self.address}", timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            where = f"--engine dask://{self.address}"
            raise UserError(f"{where}: no scheduler answers there ({error}); start one with: dask scheduler") from None
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect; tasks that were not fetched are given up."""
        with contextlib.suppress(Exception):
            self._client.close(timeout=5)

    def run(self, wanted: Iterable[Chunk], record: Record, done: int = 0) -> list[SetAside]:
        """Do all ranges, as ``LocalEngine.run`` does."""
        leases = Leases(wanted, self.job.inner, self.limit_s, done)
        running: dict[Any, tuple[Chunk, float]] = {}
        while leases.is_open:
            self._fill(leases, running)
            for future in self._finished(running):
                chunk, _ = running.pop(future)
                self._take(future, chunk, leases, record)
            for future in self._overdue(running):
                chunk, _ = running.pop(future)
                future.cancel(force=True)
                leases.fail(chunk, "did not end in time", is_final=True)
            give_up_when_hopeless(leases)
        return leases.set_aside

    def _fill(self, leases: Leases, running: dict[Any, tuple[Chunk, float]]) -> None:
        slots = max(1, sum(self._client.nthreads().values())) * AHEAD
        while len(running) < slots and (lease := leases.take()) is not None:
            future = self._client.submit(_timed, self.job, lease.chunk, pure=False, retries=0)
            future.add_done_callback(self._done.put)
            running[future] = (lease.chunk, time.monotonic() + lease.limit_s * AHEAD)

    def _overdue(self, running: dict[Any, tuple[Chunk, float]]) -> list[Any]:
        """Return the tasks that had their time; one that still waits for a worker is given it anew."""
        now = time.monotonic()
        late = [one for one, (_, ends_at) in running.items() if now > ends_at]
        begun = {key for keys in self._client.processing().values() for key in keys} if late else set()
        for future in [one for one in late if one.key not in begun]:
            running[future] = (running[future][0], now + self.limit_s)
        return [one for one in late if one.key in begun]

    def _finished(self, running: dict[Any, Any]) -> list[Any]:
        """Wait up to a second for a task to end, well or badly."""
        found = []
        with contextlib.suppress(Empty):
            found.append(self._done.get(timeout=1.0))
            while True:
                found.append(self._done.get_nowait())
        return [future for future in found if future in running]

    def _take(self, future: Any, chunk: Chunk, leases: Leases, record: Record) -> None:
        if future.status == "finished":
            columns, seconds = future.result()
            if leases.finish(chunk, seconds):
                record(chunk, columns)
            return
        error = _error_of(future)
        if isinstance(error, UserError):
            raise error
        if self._client.status != "running":
            raise WorkError(f"the Dask scheduler at {self.address} is gone; start it again and go on with --resume")
        is_lost = error is None or type(error).__name__ in ("KilledWorker", "CancelledError", "FutureCancelledError", "CommClosedError")
        reason = "its worker process died" if is_lost else f"{type(error).__name__}: {error}"
        leases.fail(chunk, reason, is_final=not is_lost)


def _timed(job: Job, chunk: Chunk) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(job, chunk), time.perf_counter() - began


def _error_of(future: Any) -> BaseException | None:
    try:
        found: BaseException | None = future.exception()
    except Exception as error:
        return error
    return found
