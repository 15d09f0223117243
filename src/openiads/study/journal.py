"""An append-only file of records, each with its checksum: a torn last line is dropped, any other damage is an error."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openiads.errors import WorkError
from openiads.study.disk import sync_folder

Record = Mapping[str, Any]


def read(path: Path) -> list[dict[str, Any]]:
    """Return the records of a journal in order; a missing file has none.

    Raises
    ------
    WorkError
        When a line other than a torn last one does not match its checksum.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    whole = data[: data.rfind(b"\n") + 1]
    found = []
    for number, line in enumerate(whole.splitlines(), 1):
        check, _, text = line.partition(b" ")
        if check.decode("ascii", "replace") != _check(text):
            raise WorkError(f"{path}:{number}: this record was altered after it was written; the study must be run again in another folder")
        found.append(json.loads(text))
    return found


def append(path: Path, record: Record) -> None:
    """Add one record and return when it is on the disk; a torn line of an earlier death is cut off first."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    line = _check(text).encode() + b" " + text + b"\n"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        end = _end_of_last_line(descriptor)
        os.ftruncate(descriptor, end)
        if os.pwrite(descriptor, line, end) != len(line):
            raise OSError(28, "no space left for a whole record")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if end == 0:
        sync_folder(path.parent)  # the name of a new file is on the disk only when its folder is


def _end_of_last_line(descriptor: int) -> int:
    end = os.fstat(descriptor).st_size
    if end == 0 or os.pread(descriptor, 1, end - 1) == b"\n":
        return end
    start = max(0, end - (1 << 20))
    return start + os.pread(descriptor, end - start, start).rfind(b"\n") + 1


def _check(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]
