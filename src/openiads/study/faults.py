"""Named points at which a test may kill this process or fill the disk, to prove that nothing is lost or doubled.

``OPENIADS_FAULT`` is ``ACTION@POINT:NTH[:MARKER]``: at the nth passage of the point in this process the action happens (kill,
interrupt, or the disk's refusal: full, quota, readonly, io); with a marker file, only for the first process that gets there.
"""

import errno
import os
import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path

VARIABLE = "OPENIADS_FAULT"
REFUSALS = {"full": errno.ENOSPC, "quota": errno.EDQUOT, "readonly": errno.EROFS, "io": errno.EIO}
POINTS = (
    "worker-began",
    "worker-finished",
    "part-written",
    "part-synced",
    "part-renamed",
    "part-recorded",
    "answers-written",
)

_passed: Counter[str] = Counter()


def point(name: str) -> None:
    """Pass a named point; without the variable this does nothing.

    Raises
    ------
    OSError
        With an action of ``REFUSALS``.
    """
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    _passed[name] += 1
    action, _, rest = wanted.partition("@")
    where, _, rest = rest.partition(":")
    nth, _, marker = rest.partition(":")
    if where != name or _passed[name] != int(nth or "1") or not _first_here(marker):
        return
    if action in REFUSALS:
        raise OSError(REFUSALS[action], os.strerror(REFUSALS[action]))
    if action == "interrupt":
        raise KeyboardInterrupt
    os.kill(os.getpid(), signal.SIGKILL)


def _first_here(marker: str) -> bool:
    if not marker:
        return True
    with suppress(FileExistsError):
        os.close(os.open(Path(marker), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        return True
    return False
