"""Parquet: one strictly typed file a table, written by DuckDB."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from openiads.show.exports.tables import TEXT, Table, tables
from openiads.show.replay_input import ReplayInput


def write(replay: ReplayInput, folder: Path) -> list[Path]:
    """Write every table with the types that it states."""
    with duckdb.connect() as connection:
        return [write_table(connection, table, folder / f"{table.name}.parquet") for table in tables(replay)]


def write_table(connection: duckdb.DuckDBPyConnection, table: Table, path: Path) -> Path:
    """One table as one file."""
    names = [name for name, _ in table.columns]
    picked = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in table.columns)
    columns = list(zip(*table.rows, strict=True)) if table.rows else [() for _ in names]
    arrays = {name: _array(column, kind) for (name, kind), column in zip(table.columns, columns, strict=True)}
    connection.register("source", arrays)
    connection.execute(f"COPY (SELECT {picked} FROM source) TO ? (FORMAT parquet)", [str(path)])  # noqa: S608
    connection.unregister("source")
    return path


def _array(column: tuple[object, ...], kind: str) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    made = np.empty(len(column), dtype=np.object_)
    made[:] = [str(cell) if kind == TEXT and cell is not None else cell for cell in column]
    return made
