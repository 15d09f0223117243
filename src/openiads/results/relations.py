"""Columns of arrays as DuckDB relations, each made when it is asked for."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import duckdb

Columns = dict[str, Any]
_SQL_TYPES = {"i": "BIGINT", "u": "BIGINT", "f": "DOUBLE", "b": "BOOLEAN", "O": "VARCHAR"}


class Tables(Mapping[str, "duckdb.DuckDBPyRelation"]):
    """Tables by name, each a DuckDB relation that is made when it is asked for.

    ``tables["engagements"].df()`` gives pandas, ``.fetchnumpy()`` arrays, ``.filter("result = 'kill'")`` another relation.
    """

    def __init__(self, makers: Mapping[str, Callable[[], Columns]]) -> None:
        """Keep what makes the columns of each table."""
        self._makers = dict(makers)
        self._columns: dict[str, Columns] = {}
        self._connection: Any = None

    def __getitem__(self, name: str) -> "duckdb.DuckDBPyRelation":
        """Return a table."""
        if self._connection is None:
            import duckdb

            self._connection = duckdb.connect(":memory:", config={"threads": 1})
        return relation(self._connection, name, self.columns(name))

    def __contains__(self, name: object) -> bool:
        """Whether there is a table, without making it."""
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._makers)

    def __len__(self) -> int:
        """Return how many tables there are."""
        return len(self._makers)

    def columns(self, name: str) -> Columns:
        """Return the columns of a table as arrays."""
        if name not in self._makers:
            raise KeyError(f"there is no table {name!r}; there are {', '.join(self._makers)}")
        if name not in self._columns:
            self._columns[name] = self._makers[name]()
        return self._columns[name]


def relation(connection: Any, name: str, columns: Columns) -> "duckdb.DuckDBPyRelation":
    """Return columns as a strictly typed relation; whole numbers that may be absent are objects called ``*_us`` or ``*_count``."""
    types = {key: _type(key, column) for key, column in columns.items()}
    connection.register(f"arrays_{name}", {key: np.ascontiguousarray(column) for key, column in columns.items()})
    picked = ", ".join(f'CAST("{key}" AS {kind}) AS "{key}"' for key, kind in types.items())
    found: duckdb.DuckDBPyRelation = connection.sql(f"SELECT {picked} FROM arrays_{name}")  # noqa: S608
    return found


def _type(key: str, column: Any) -> str:
    if column.dtype.kind == "O" and key.endswith(("_us", "_count")):
        return "BIGINT"
    return _SQL_TYPES[column.dtype.kind]
