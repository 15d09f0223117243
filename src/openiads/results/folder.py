"""The folder of a run: written whole or not at all, and opened again with every file proved by its digest."""

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openiads.errors import UserError, WorkError
from openiads.results import origin
from openiads.results.relations import Tables, relation
from openiads.results.source import Source, saved

if TYPE_CHECKING:
    import duckdb

    from openiads.results.value import Run

FORMAT = "openiads-run/1"
MANIFEST, RUN = "manifest.json", "run.json"
Extra = Callable[[Path], object]


def save(run: "Run", folder: str | Path, extras: Mapping[str, Extra] | None = None, more: Mapping[str, Any] | None = None) -> Path:
    """Write a run.

    Parameters
    ----------
    run : Run
    folder : str or Path
        New, empty, or the folder of an earlier run, which is replaced.
    extras : mapping or None
        Further files by name, each with what writes it to a path.
    more : mapping or None
        Further keys of ``run.json``.

    Raises
    ------
    UserError : the folder holds something else.
    WorkError : it cannot be written; what was there before is untouched.
    """
    target = Path(folder).absolute()
    _refuse_foreign(target)
    hidden = target.with_name(f".{target.name}.{os.getpid()}")
    with explained(target):
        shutil.rmtree(hidden, ignore_errors=True)
        try:
            hidden.mkdir(parents=True)
            _fill(run, hidden, target, extras or {}, more or {})
            _put_in_place(hidden, target)
        finally:
            shutil.rmtree(hidden, ignore_errors=True)
    return Path(folder)


def _fill(run: "Run", hidden: Path, target: Path, extras: Mapping[str, Extra], more: Mapping[str, Any]) -> None:
    from openiads.scenario.identity import digest

    written = {**run.as_json(), **more, "folder": str(target), "sentences": run.sentences, "believed": run.believed()}
    (hidden / RUN).write_text(json.dumps(written, ensure_ascii=False, allow_nan=False, indent=1) + "\n", encoding="utf-8")
    if run.source is not None:
        run.source.save(hidden, run.scenario)
    _write_tables(run.tables, hidden)
    for name, write in extras.items():
        write(hidden / name)
    content = {
        "format": FORMAT,
        "scenario": run.scenario.name,
        "scenario_digest": digest(run.scenario),
        "catalogue_digest": run.planned.catalogue.digest,
        "seed": run.seed,
        "first": run.batch.first,
        "replications": run.replications,
        "digest": run.digest,
        "code": origin.source_digest(),
        "environment": origin.environment(),
        "files": {str(path.relative_to(hidden)): sync_and_hash(path) for path in sorted(hidden.rglob("*")) if path.is_file()},
    }
    content["manifest_digest"] = own_digest(content)
    (hidden / MANIFEST).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    sync_and_hash(hidden / MANIFEST)


def own_digest(content: Mapping[str, Any]) -> str:
    """Return the digest of a manifest: what a run rests on and the bytes of its files."""
    kept = {key: value for key, value in content.items() if key != "manifest_digest"}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _write_tables(tables: Tables, folder: Path) -> None:
    import duckdb

    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        for name in tables:
            try:
                relation(connection, name, tables.columns(name)).write_parquet(str(folder / f"{name}.parquet"), compression="zstd")
            except duckdb.IOException as error:
                full = "space" in str(error).lower()
                raise OSError(errno.ENOSPC if full else errno.EIO, str(error).splitlines()[0]) from None


def _refuse_foreign(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise UserError(f"{target}: is a file or a link, not a folder; name another --out")
    with explained(target):
        if target.is_dir() and any(target.iterdir()) and _manifest_or_none(target) is None:
            raise UserError(f"{target}: holds other files than a run of openiads; name a new or empty folder with --out")


def _put_in_place(hidden: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    if target.exists():
        target.replace(old)
    try:
        hidden.replace(target)
    except OSError:
        if old.exists():
            old.replace(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
    with contextlib.suppress(OSError):
        _sync(target.parent)


def sync_and_hash(path: Path) -> str:
    """Bring a file to the disk and return the SHA-256 of its bytes."""
    _sync(path)
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the system says about a folder into one message."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WorkError(f"{folder}: the disk is full; make room, or name a folder on another disk with --out") from None
        raise WorkError(f"{folder}: cannot be written ({error.strerror or error}); name another folder with --out") from None


def free_name(name: str, seed: int, root: Path = Path("runs")) -> Path:
    """Return a folder that does not exist yet, for a run that was given none."""
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip(".-")[:60] or "scenario"
    for number in range(1, 100_000):
        found = root / (f"{plain}-seed{seed}" + (f"-{number}" if number > 1 else ""))
        if not found.exists():
            return found
    raise WorkError(f"{root}: holds 100,000 runs of {plain}; remove some, or name a folder with --out")


@dataclass(frozen=True)
class Saved:
    """A run read from its folder: what it came to, and its tables as DuckDB relations."""

    folder: Path
    manifest: Mapping[str, Any]
    answer: Mapping[str, Any]

    @property
    def outcome(self) -> Mapping[str, int]:
        """Return integer totals over all replications."""
        return dict(self.answer["outcome"])

    @property
    def digest(self) -> str:
        """Return the digest of the canonical log."""
        return str(self.manifest["digest"])

    @property
    def source(self) -> Source:
        """Return what the run was made from."""
        return saved(self.folder)

    @cached_property
    def tables(self) -> "Mapping[str, duckdb.DuckDBPyRelation]":
        """Return the tables by name."""
        import duckdb

        self._connections.append(duckdb.connect(":memory:", config={"threads": 1}))
        return {path.stem: self._connections[-1].read_parquet(str(path)) for path in sorted(self.folder.glob("*.parquet"))}

    @cached_property
    def _connections(self) -> list[Any]:
        return []


def load(folder: str | Path) -> Saved:
    """Open the folder of a run; every file is proved by the digest in its manifest.

    Raises
    ------
    UserError : there is no run.
    WorkError : a file is gone, altered or cannot be read.
    """
    where = Path(folder)
    if not where.is_dir():
        raise UserError(f"{where}: there is no such folder; name the --out folder of a run")
    manifest = _manifest_or_none(where)
    if manifest is None:
        raise UserError(f"{where}: holds no run of openiads; name the --out folder of a run")
    try:
        if manifest["manifest_digest"] != own_digest(manifest):
            raise WorkError(f"{where}: its {MANIFEST} was altered; run it again")
        for name, expected in manifest["files"].items():
            path = (where / name).resolve()
            if not path.is_relative_to(where.resolve()) or sync_and_hash(path) != expected:
                raise WorkError(f"{where}: {name} is not what the run wrote; run it again")
        return Saved(where, manifest, json.loads((where / RUN).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkError(f"{where}: the run cannot be read ({error}); run it again") from None


def is_run(folder: Path) -> bool:
    """Return whether a folder looks like that of a run."""
    return folder.is_dir() and _manifest_or_none(folder) is not None


def pack(known: Saved, file: Path) -> Path:
    """Pack a run into one file; the same run gives the same bytes."""
    import zipfile

    with explained(file):
        hidden = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            with zipfile.ZipFile(hidden, "w", zipfile.ZIP_DEFLATED) as archive:
                for name in sorted([*known.manifest["files"], MANIFEST]):
                    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                    archive.writestr(entry, (known.folder / name).read_bytes())
            sync_and_hash(hidden)
            hidden.replace(file)
        finally:
            hidden.unlink(missing_ok=True)
    return file


def _manifest_or_none(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a run, None where there is none.

    Raises
    ------
    WorkError : the folder cannot be looked into.
    """
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        return None
    except OSError as error:
        raise WorkError(f"{folder}: cannot be read ({error.strerror}); check that you may read it") from None
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None
