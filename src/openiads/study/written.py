"""The files of a finished study: whole or not at all, and JSON that every reader accepts."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openiads.study import faults
from openiads.study.disk import write_whole

RESULT = "study.json"


class Report(dict[str, Any]):
    """The content of ``study.json``, which shows itself as its page in a notebook."""

    def _repr_html_(self) -> str:
        from importlib import import_module

        page = import_module("openiads.show.pages").of_study(self)
        return str(import_module("openiads.show.replay_page").repr_html(page))


def write(folder: Path, content: Mapping[str, Any]) -> None:
    """Write ``study.json``; what is not a finite number becomes null."""
    text = json.dumps(plain(content), indent=1, allow_nan=False)
    write_whole(folder / RESULT, text.encode())
    faults.point("answers-written")


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: numpy numbers as numbers, tuples as lists, NaN and infinity as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return [plain(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
