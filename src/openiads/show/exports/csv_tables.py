"""CSV: one file a table, numbers in full, texts that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from openiads.show.exports.tables import tables
from openiads.show.replay_input import ReplayInput

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def write(replay: ReplayInput, folder: Path) -> list[Path]:
    """Write every table; a text that starts like a formula gets one apostrophe in front, which a reader takes off again."""
    written = []
    for table in tables(replay):
        path = folder / f"{table.name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([name for name, _ in table.columns])
            writer.writerows([_cell(cell) for cell in row] for row in table.rows)
        written.append(path)
    return written


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return repr(value)
