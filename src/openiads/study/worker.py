"""What runs in a worker process: receive a chunk, fight it, send the table back, until the supervisor hangs up."""

import contextlib
import os
import signal
import threading
import time
import traceback
from multiprocessing.connection import Connection, wait
from multiprocessing.process import parent_process

from openiads.errors import UserError
from openiads.machine import collect_rarely
from openiads.study import faults
from openiads.study.job import Chunk, Job, work

READY, DONE, FAILED, WRONG = "ready", "done", "failed", "wrong"


def serve(connection: Connection, job: Job) -> None:
    """Answer chunks until the connection closes; die at once when the supervisor does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_rarely()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        connection.send((READY, None, None, 0.0))
        while True:
            chunk = connection.recv()
            faults.point("worker-began")
            connection.send(_answer(job, chunk))


def _answer(job: Job, chunk: Chunk) -> tuple[str, Chunk, object, float]:
    began = time.perf_counter()
    try:
        columns = work(job, chunk)
    except UserError as error:
        return WRONG, chunk, str(error), 0.0
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{os.path.basename(place.filename)}:{place.lineno}"  # noqa: PTH119
        return FAILED, chunk, f"{type(error).__name__}: {error} ({where})", 0.0
    faults.point("worker-finished")
    return DONE, chunk, columns, time.perf_counter() - began


def _die_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
