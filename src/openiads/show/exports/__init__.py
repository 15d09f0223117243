"""A battle in the formats of other tools: every writer reads the same neutral input and keeps times and positions exact."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from openiads.errors import UserError
from openiads.show.replay_input import ReplayInput

FORMATS = ("geojson", "kml", "czml", "csv", "parquet", "cdf", "acmi")
_MODULES = {"csv": "csv_tables", "parquet": "parquet_tables"}


class ExportError(UserError):
    """An export that was asked for wrongly."""


def export(replay: ReplayInput, folder: Path | str, to: str) -> list[Path]:
    """Write a battle in another format.

    Parameters
    ----------
    replay
        One battle.
    folder
        Where the files go; made when absent.
    to
        One of `FORMATS`.

    Returns
    -------
    The files that were written.

    Raises
    ------
    ExportError
        The format is not known.
    """
    if to not in FORMATS:
        raise ExportError(f"unknown export format {to!r}: choose one of {', '.join(FORMATS)}")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    write: Callable[[ReplayInput, Path], list[Path]] = import_module(f"{__name__}.{_MODULES.get(to, to)}").write
    return write(replay, target)
