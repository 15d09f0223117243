"""Files that are whole or absent: synced, renamed, and every refusal of the disk said in one sentence."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from openiads.errors import WorkError

LOCK = ".lock"


@contextlib.contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what an operating system or database says about a folder into one sentence for its owner."""
    import duckdb

    try:
        yield
    except (OSError, duckdb.Error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise WorkError(
            f"{folder}: cannot be written or read: {reason}; what was recorded before is intact: make room or choose a folder that can be "
            "written, then go on with --resume"
        ) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either the old one or wholly the new one."""
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    with explained(path.parent):
        try:
            hidden.write_bytes(content)
            sync_and_hash(hidden)
            hidden.replace(path)
            sync_folder(path.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                hidden.unlink(missing_ok=True)
            raise


def sync_and_hash(path: Path) -> str:
    """Bring a file's bytes to the disk and return their SHA-256."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    with contextlib.suppress(PermissionError):  # some systems cannot open a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def locked(folder: Path) -> int | None:
    """Keep a second process out of the folder; the system lifts the lock when this one dies."""
    try:
        import fcntl
    except ImportError:
        return None
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise WorkError(f"{folder}: another study is at work in this folder; wait for it or choose another --out") from None
    return descriptor
