"""Results on disk: one Parquet part file a chunk, named, synced, hashed and recorded before it counts."""

import bisect
import contextlib
import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from openiads.errors import WorkError
from openiads.study import faults, journal, part_file
from openiads.study.disk import LOCK, explained, locked, sync_and_hash, sync_folder
from openiads.study.job import Chunk, Column, Integers
from openiads.study.part_file import Table2d

JOURNAL = "journal.jsonl"
PARTS = "parts"
READ_TOGETHER = 16


class Part(NamedTuple):
    """A recorded part file: what it holds and the SHA-256 of its bytes."""

    chunk: Chunk
    file: str
    sha256: str


class Table(NamedTuple):
    """Columns of one alternative in replication order, with the replication numbers."""

    replication: Column
    columns: dict[str, Integers]


class Store:
    """The part files of one folder.

    A part counts once its record is in the journal, which happens after the file was written under another name, synced,
    hashed and renamed.  Its rows are (replication, measure, value); a value of 0 is left out.
    """

    def __init__(self, folder: Path) -> None:
        """Open a folder, or make it; use as a context, which also locks it.

        Raises
        ------
        WorkError
            When the folder cannot be written, is in use by another process, or its journal was altered.
        """
        import duckdb

        self.folder, self._is_new = folder, not folder.exists()
        with explained(folder):
            (folder / PARTS).mkdir(parents=True, exist_ok=True)
            sync_folder(folder)
            sync_folder(folder.parent)
            self._lock = locked(folder)
        self._database = duckdb.connect(":memory:", config={"threads": 1, "preserve_insertion_order": True})
        self.identity: dict[str, Any] | None = None
        self.measures: dict[str, list[str]] = {}
        self.parts: dict[Chunk, Part] = {}
        self._chunks: dict[str, list[Chunk]] = {}  # of each alternative, in order
        self._proved: set[str] = set()
        try:
            with explained(folder):
                records = journal.read(folder / JOURNAL)
            for number, record in enumerate(records, 1):
                self._replay(record, f"{folder / JOURNAL}:{number}")
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Self:
        """Open the context."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the database and unlock the folder; where nothing was recorded, leave nothing behind."""
        self._database.close()
        if is_unused(self.folder):
            with contextlib.suppress(OSError):
                (self.folder / PARTS).rmdir()
                (self.folder / LOCK).unlink(missing_ok=True)
                if self._is_new:
                    self.folder.rmdir()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def note(self, record: Mapping[str, Any]) -> None:
        """Append a record that is not a part."""
        with explained(self.folder):
            journal.append(self.folder / JOURNAL, record)
        self._replay(record, self.folder / JOURNAL)

    def record(self, chunk: Chunk, columns: Mapping[str, Column]) -> Part:
        """Keep the result of a chunk; when this returns it survives the death of every process.

        Raises
        ------
        WorkError
            When the disk is full or the folder cannot be written; earlier parts are intact.
        """
        if self._near(chunk):
            raise WorkError(f"replications {chunk.first} to {chunk.end - 1} of {chunk.alternative} were recorded already")
        name = f"{chunk.alternative}-{chunk.first:010d}-{chunk.count:06d}.parquet"
        hidden, final = self.folder / PARTS / f".{name}.{os.getpid()}", self.folder / PARTS / name
        with explained(self.folder):
            self._name_measures(chunk.alternative, list(columns))
            try:
                part_file.write(self._database, hidden, chunk, self.measures[chunk.alternative], columns)
                faults.point("part-written")
                digest = sync_and_hash(hidden)
                faults.point("part-synced")
                hidden.replace(final)
                sync_folder(final.parent)
                faults.point("part-renamed")
            except BaseException:
                with contextlib.suppress(OSError):
                    hidden.unlink(missing_ok=True)
                raise
            part = Part(chunk, name, digest)
            journal.append(self.folder / JOURNAL, {"part": name, "chunk": _listed(chunk), "sha256": digest})
        faults.point("part-recorded")
        self._keep(part)
        self._proved.add(name)
        return part

    def missing(self, wanted: Iterable[Chunk]) -> list[Chunk]:
        """Return the ranges among the wanted ones that no part covers yet."""
        found = []
        for want in wanted:
            first = want.first
            for known in self._near(want):
                if known.first > first:
                    found.append(Chunk(want.alternative, first, known.first - first))
                first = known.end
            if first < want.end:
                found.append(Chunk(want.alternative, first, want.end - first))
        return found

    def tidy(self) -> tuple[int, list[Part]]:
        """Remove files that were never recorded and forget parts that are gone or altered.

        Returns
        -------
        int, list of Part
            Files removed, and parts that have to be computed again.
        """
        with explained(self.folder):
            recorded = {part.file for part in self.parts.values()}
            strays = [file for file in (self.folder / PARTS).iterdir() if file.name not in recorded]
            for stray in strays:
                stray.unlink()
            bad = [part for part in self.parts.values() if not self._prove(part)]
            for part in bad:
                (self.folder / PARTS / part.file).unlink(missing_ok=True)
                journal.append(self.folder / JOURNAL, {"void": part.file, "chunk": _listed(part.chunk)})
                self._forget(part.chunk)
        return len(strays), bad

    def table(self, alternative: str, names: Iterable[str] | None = None, first: int = 0, end: int | None = None) -> Table:
        """Return columns of one alternative in replication order, each in the smallest integers that hold it.

        A column it never had is all zeros.

        Raises
        ------
        WorkError
            When a part is gone or its bytes are not those that were recorded.
        """
        chosen = self.measures.get(alternative, []) if names is None else list(names)
        parts = [p for p in self._in_order(alternative) if p.chunk.end > first and (end is None or p.chunk.first < end)]
        replications = [np.zeros(0, np.int64)]
        blocks: list[list[Integers]] = [[np.zeros(0, np.uint8)] for _ in chosen]
        for start in range(0, len(parts), READ_TOGETHER):
            replication, dense = self._read(parts[start : start + READ_TOGETHER], chosen)
            kept = replication >= first if end is None else (replication >= first) & (replication < end)
            replications.append(replication[kept])
            for block, row in zip(blocks, dense):
                block.append(_compact(row[kept]))
        return Table(np.concatenate(replications), {name: np.concatenate(block) for name, block in zip(chosen, blocks)})

    def count(self, alternative: str) -> int:
        """Return how many replications of an alternative are recorded."""
        return sum(chunk.count for chunk in self._chunks.get(alternative, ()))

    def totals(self, alternative: str) -> dict[str, int]:
        """Return the sum of every column over all replications, exact, a few parts in memory at a time."""
        names = self.measures.get(alternative, [])
        parts, total = self._in_order(alternative), np.zeros(len(names), dtype=np.int64)
        for start in range(0, len(parts), READ_TOGETHER):
            total += self._read(parts[start : start + READ_TOGETHER], names)[1].sum(axis=1)
        return dict(zip(names, total.tolist()))

    def digest(self, alternatives: Mapping[str, str]) -> str:
        """Return the SHA-256 of the integer outcome table per (alternative, replication).

        Parameters
        ----------
        alternatives : mapping of str
            Name of each alternative to its key in this store; names are hashed in order, so the digest knows nothing of
            chunks, workers or the order of work.
        """
        total = hashlib.sha256()
        for name in sorted(alternatives):
            measures = self.measures.get(alternatives[name], [])
            total.update("\0".join([name, *measures, ""]).encode())
            parts = self._in_order(alternatives[name])
            for start in range(0, len(parts), READ_TOGETHER):
                replication, dense = self._read(parts[start : start + READ_TOGETHER], measures)
                total.update(np.ascontiguousarray(np.vstack([replication[None, :], dense]).T.astype("<i8")).tobytes())
        return total.hexdigest()

    def _in_order(self, alternative: str) -> list[Part]:
        return [self.parts[chunk] for chunk in self._chunks.get(alternative, ())]

    def _near(self, chunk: Chunk) -> list[Chunk]:
        """Return the recorded chunks that share a replication with one, in order; parts never overlap each other."""
        known = self._chunks.get(chunk.alternative, [])
        start = max(0, bisect.bisect(known, chunk) - 1)
        end = bisect.bisect(known, Chunk(chunk.alternative, chunk.end, 0))
        return [one for one in known[start:end] if one.overlaps(chunk)]

    def _keep(self, part: Part) -> None:
        self.parts[part.chunk] = part
        bisect.insort(self._chunks.setdefault(part.chunk.alternative, []), part.chunk)

    def _forget(self, chunk: Chunk) -> None:
        if self.parts.pop(chunk, None) is not None:
            self._chunks[chunk.alternative].remove(chunk)

    def _replay(self, record: Mapping[str, Any], place: Path | str) -> None:
        if "identity" in record:
            self.identity = dict(record["identity"])
        elif "measures" in record:
            self.measures[record["alternative"]] = list(record["measures"])
        elif "part" in record:
            chunk = Chunk(*record["chunk"])
            if self._near(chunk):
                raise WorkError(
                    f"{place}: records replications {chunk.first} to {chunk.end - 1} of {chunk.alternative} a second time; the journal was "
                    "altered, and the study must be run again in another folder"
                )
            self._keep(Part(chunk, record["part"], record["sha256"]))
        elif "void" in record:
            self._forget(Chunk(*record["chunk"]))

    def _name_measures(self, alternative: str, names: list[str]) -> None:
        known = self.measures.get(alternative)
        if known is None:
            journal.append(self.folder / JOURNAL, {"alternative": alternative, "measures": names})
            self.measures[alternative] = names
        elif known != names:
            raise WorkError(f"the columns of {alternative} changed within one study: {sorted(set(known) ^ set(names))[:5]}")

    def _read(self, parts: list[Part], names: list[str]) -> tuple[Column, Table2d]:
        """Return replication numbers and a row of counts for each name, every file verified before it is opened."""
        for part in parts:
            if not self._prove(part):
                raise WorkError(
                    f"{self.folder / PARTS / part.file}: these are not the bytes that were recorded; --resume computes this part again"
                )
        numbers = [np.arange(part.chunk.first, part.chunk.end, dtype=np.int64) for part in parts]
        replication = np.concatenate(numbers) if numbers else np.zeros(0, np.int64)
        with explained(self.folder):
            return replication, part_file.read(self._database, [self.folder / PARTS / part.file for part in parts], replication, names)

    def _prove(self, part: Part) -> bool:
        if part.file in self._proved:
            return True
        same = holds(self.folder / PARTS / part.file, part.sha256)
        if same:
            self._proved.add(part.file)
        return same


def holds(file: Path, sha256: str) -> bool:
    """Return whether a file is there with the bytes that were recorded."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() == sha256
    except (FileNotFoundError, IsADirectoryError):
        return False


def is_unused(folder: Path) -> bool:
    """Return whether a folder holds nothing but what a study makes before it records anything."""
    parts = folder / PARTS
    return all(one.name in (PARTS, LOCK) for one in folder.iterdir()) and not (parts.is_dir() and any(parts.iterdir()))


def _compact(row: Column) -> Integers:
    """Return the same integers in the fewest bytes: counts of one night are small, and there are many nights."""
    return row if row.min(initial=0) < 0 else row.astype(np.min_scalar_type(int(row.max(initial=0))))


def _listed(chunk: Chunk) -> list[str | int]:
    return [chunk.alternative, chunk.first, chunk.count]
