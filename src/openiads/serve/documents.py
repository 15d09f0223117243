"""What a folder of results holds for the viewer, by identifier; no request ever names a path."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from openiads.errors import UserError
from openiads.show import replay

KINDS = ("replay", "coverage", "replications", "study")
_FORMAT = re.compile(r'"format"\s*:\s*"(openiads-(?:replay|coverage|replications|study))"')
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")
MAX_DOCUMENTS = 500
_PLACES = ("*.json", "*.html", "replays/*")


@dataclass(frozen=True)
class Document:
    """One page that the viewer can show: its identifier, kind and file."""

    key: str
    kind: str
    path: Path

    def text(self) -> str:
        """The JSON of the page, from a JSON file or from inside a written page."""
        content = self.path.read_text(encoding="utf-8")
        if self.path.suffix == ".json":
            return content
        return replay.data_of(content)


def documents(folder: Path) -> Mapping[str, Document]:
    """Replays, coverages and studies of a folder and of its `replays` sub-folder.

    Raises
    ------
    UserError
        The folder is absent.
    """
    if not folder.is_dir():
        raise UserError(f"no folder {folder}: give a folder that `openiads run`, `cover` or `study` wrote")
    found: dict[str, Document] = {}
    named = [(path.stem.lower().replace("_", "-"), path) for pattern in _PLACES for path in sorted(folder.glob(pattern))]
    started = [(f"run-{path.parent.name}", path) for path in sorted(folder.glob("runs/*/replay.html"))]
    for key, path in named + started:
        if key in found or not _ID.match(key) or path.is_symlink() or path.suffix not in (".json", ".html") or len(found) >= MAX_DOCUMENTS:
            continue
        facts = path.stat()
        kind = _kind_of(path, facts.st_mtime_ns, facts.st_size)
        if kind:
            found[key] = Document(key, kind, path)
    return dict(sorted(found.items(), key=lambda item: (KINDS.index(item[1].kind), item[0])))


@lru_cache(maxsize=2 * MAX_DOCUMENTS)
def _kind_of(path: Path, _changed_ns: int, _size: int) -> str | None:
    """The kind that the first bytes of the data say, read once for each state of the file."""
    with path.open(encoding="utf-8", errors="replace") as file:
        if path.suffix == ".json":
            found = _FORMAT.search(file.read(4096))
            known = found[1] if found else None
        else:
            known = replay.format_of(file.read())
    return known.removeprefix("openiads-") if known else None


def listing(found: Mapping[str, Document]) -> str:
    """The table of documents as JSON."""
    return json.dumps([{"id": document.key, "kind": document.kind} for document in found.values()])
