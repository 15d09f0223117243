"""The page that each picture of coverage stands on: its title above it, the assumptions and sources below."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.coverage.value import Coverage

CAPTION_PT = 7.0
CAPTION_WIDTH = 134  # letters on a line
LINE_IN = 0.125


def canvas(coverage: Coverage, width: float, height: float, more: str) -> tuple[Any, Any]:
    """Return a figure and its axes over the caption of assumptions: no picture is without it. [inches]"""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    words = "Assumptions: " + "; ".join(coverage.assumptions) + f". {more}"
    words += f" Sources of figures (openiads catalogue names them): {', '.join(coverage.sources)}."
    words += f" Digest {coverage.digest[:16]}. {coverage.rerun}"
    lines = textwrap.wrap(words, round(CAPTION_WIDTH * (width - 0.5) / 7.77))
    below = LINE_IN * len(lines) + 0.75
    figure = Figure(figsize=(width, height + below + 0.75))
    FigureCanvasAgg(figure)
    whole = figure.get_figheight()
    figure.text(0.25 / width, (below - 0.5) / whole, "\n".join(lines), fontsize=CAPTION_PT, va="top", ha="left", linespacing=1.25)
    return figure, figure.add_axes((0.7 / width, below / whole, 1.0 - 0.95 / width, (height - 0.05) / whole))


def title(figure: Any, words: str) -> None:
    """Write what a picture answers over it."""
    figure.suptitle(
        "\n".join(textwrap.wrap(words, round(9.0 * figure.get_figwidth()))),
        y=1.0 - 0.14 / figure.get_figheight(),
        va="top",
        fontsize=12,
        fontweight="bold",
    )
