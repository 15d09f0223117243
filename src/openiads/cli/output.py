"""What the user sees: JSON and tables on standard output, everything else on standard error."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPE_WIDTH = 120  # of tables that are not written to a terminal
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: object) -> str:
    """Return a text that cannot move the cursor, colour the screen or turn its direction, whatever a file named things."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", str(text))


def answer(found: Mapping[str, Any]) -> None:
    """Print a JSON answer."""
    sys.stdout.write(json.dumps(found, ensure_ascii=False, allow_nan=False) + "\n")


@cache
def console() -> "Console":
    """Return the console of standard output."""
    from rich.console import Console

    screen = Console(highlight=False)
    return screen if screen.is_terminal else Console(highlight=False, width=max(screen.width, PIPE_WIDTH))


def say(text: str) -> None:
    """Print a line of text."""
    console().print(clean(text), markup=False)


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]], foot: Sequence[object] | None = None) -> "Table":
    """Return a table: columns of words stand left, figures right; zeros are dots, so that what happened stands out."""
    from rich import box
    from rich.table import Table

    made = Table(
        title=clean(title) or None, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", padding=(0, 1, 0, 0), pad_edge=False,
        show_footer=foot is not None,
    )  # fmt: skip
    lines = list(rows)
    for n, head in enumerate(heads):
        cells = [line[n] for line in lines]
        words = n == 0 or not any(isinstance(cell, int) or str(cell)[:1].isdigit() for cell in cells)
        least = min(26, max((len(str(cell)) for cell in cells), default=0)) if n == 0 else 4
        last = "" if foot is None else shown(foot[n])
        made.add_column(clean(head), justify="left" if words else "right", footer=last, overflow="fold", min_width=least)
    for line in lines:
        made.add_row(*(shown(cell) for cell in line))
    return made


def shown(cell: object) -> Any:
    """Return a cell as text without markup."""
    from rich.text import Text

    if isinstance(cell, int) and not isinstance(cell, bool):
        return Text("·" if cell == 0 else f"{cell:,}")
    return Text("" if cell is None else clean(cell))
