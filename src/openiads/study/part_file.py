"""One part file: the Parquet table of a chunk, a row (replication, measure, value) for every value that is not 0."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openiads.study.job import Chunk, Column

Table2d = NDArray[np.int64]


def write(database: Any, path: Path, chunk: Chunk, names: Sequence[str], columns: Mapping[str, Column]) -> None:
    """Write the columns of a chunk."""
    table = np.array([columns[name] for name in names], dtype=np.int64).reshape(-1, chunk.count)
    measure, row = np.nonzero(table)
    content = {"replication": row + chunk.first, "measure": measure + 1, "value": table[measure, row]}
    database.register("content", content)
    database.execute("SET VARIABLE measures = ?", [list(names)])
    named = "SELECT replication, list_extract(getvariable('measures'), measure) AS measure, value FROM content"
    database.execute(f"COPY ({named}) TO {_quoted(path)} (FORMAT parquet, COMPRESSION zstd)")
    database.unregister("content")


def read(database: Any, paths: Sequence[Path], replication: Column, names: Sequence[str]) -> Table2d:
    """Return a row of counts for each name, in the order of the replication numbers that the files hold."""
    dense = np.zeros((len(names), replication.size), dtype=np.int64)
    if paths and names:
        rows = database.execute(
            "SELECT replication, place, value FROM read_parquet(?) JOIN "
            "(SELECT unnest(?) AS measure, unnest(range(?)) AS place) USING (measure)",
            [[str(path) for path in paths], list(names), len(names)],
        ).fetchnumpy()
        dense[rows["place"], np.searchsorted(replication, rows["replication"])] = rows["value"]
    return dense


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
