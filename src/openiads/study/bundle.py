"""A study in one portable file: what it was made from, its results and their digests."""

import io
import zipfile
from pathlib import Path

from openiads.errors import UserError
from openiads.study import journal
from openiads.study.disk import explained, write_whole
from openiads.study.inputs import INDEX, INPUTS
from openiads.study.storage import JOURNAL, PARTS, holds
from openiads.study.written import RESULT

PAGE = "study.html"
_STAMP = (1980, 1, 1, 0, 0, 0)
MAX_BYTES = 4_000_000_000
MAX_FILES = 200_000
MAX_RATIO = 200


def write(folder: Path, file: Path) -> Path:
    """Pack a finished study; the same study gives the same bytes.

    Raises
    ------
    UserError
        When the folder holds no finished study, or a part of it is not what was recorded.
    """
    if not (folder / RESULT).is_file() or not (folder / INPUTS / INDEX).is_file():
        raise UserError(f"{folder}: holds no finished study to pack; name the --out folder of one")
    digests = _recorded(folder)
    names = [RESULT, PAGE, JOURNAL] + [str(one.relative_to(folder)) for part in (INPUTS, PARTS) for one in (folder / part).rglob("*")]
    packed = io.BytesIO()
    with explained(folder), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted({*names, *digests}):
            if name in digests and not holds(folder / name, digests[name]):
                raise UserError(f"{folder}: {name} is missing or not what was recorded; compute it again with --resume, then pack")
            if (folder / name).is_file() and not Path(name).name.startswith("."):
                entry = zipfile.ZipInfo(name.replace("\\", "/"), _STAMP)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, (folder / name).read_bytes())
    write_whole(file, packed.getvalue())
    return file


def _recorded(folder: Path) -> dict[str, str]:
    """Return the digest of each part that counts, by its name in the folder."""
    found: dict[str, str] = {}
    for record in journal.read(folder / JOURNAL):
        if "part" in record:
            found[f"{PARTS}/{record['part']}"] = record["sha256"]
        elif "void" in record:
            found.pop(f"{PARTS}/{record['void']}", None)
    return found


def unpack(file: Path, folder: Path) -> Path:
    """Unpack a bundle into an empty folder; names, sizes and number of files are checked before anything is written.

    Raises
    ------
    UserError
        When the file is no bundle or holds what a bundle cannot hold.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if trouble := _trouble(entries):
                raise UserError(f"{file}: this is no bundle of openiads: {trouble}")
            for entry in entries:
                target = folder / entry.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as stream:
                    target.write_bytes(stream.read(entry.file_size + 1)[: entry.file_size])
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError) as error:
        raise UserError(f"{file}: cannot be read as a bundle ({error}); pack one with: openiads export FOLDER --to bundle") from None
    return folder


def _trouble(entries: list[zipfile.ZipInfo]) -> str:
    if len(entries) > MAX_FILES:
        return f"{len(entries)} files"
    if sum(one.file_size for one in entries) > MAX_BYTES:
        return "its content is larger than 4 GB"
    for one in entries:
        parts = one.filename.split("/")
        is_known = one.filename in (RESULT, PAGE, JOURNAL) or parts[0] in (INPUTS, PARTS)
        if not is_known or ".." in parts or "" in parts or "\\" in one.filename or ":" in one.filename or "\0" in one.filename:
            return f"the name {one.filename[:60]!r}"
        if (one.external_attr >> 16) & 0o170000 == 0o120000:
            return f"{one.filename[:60]!r} is a link"
        if one.file_size > MAX_RATIO * max(one.compress_size, 1000):
            return f"{one.filename[:60]!r} expands more than {MAX_RATIO} times"
    return ""
