"""The mask as a map: the lowest height at which any radar of the defence sees a target, with and without the sites' screens."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from openiads.show.maps_canvas import title
from openiads.show.maps_ground import lay, projection

if TYPE_CHECKING:
    from openiads.coverage.value import Coverage

LEVELS_M = (0, 50, 100, 300, 1_000, 3_000, 10_000)
COLOURS = ("#fde725", "#90d743", "#35b779", "#21918c", "#31688e", "#443983")  # viridis: told apart in print and by the colour-blind


def said(coverage: Coverage) -> str:
    """Return what the caption adds."""
    assert coverage.grid is not None  # noqa: S101 - there is a picture only with a grid
    return (
        "Colours: with the screens of trees and houses around each site; dashed lines: the same heights without them. Within instrumented "
        "ranges and sectors. " + projection(coverage.grid.centre)
    )


def draw(figure: Any, axes: Any, coverage: Coverage) -> None:
    """Draw bands of the lowest visible height."""
    from matplotlib.patches import Patch

    grid = coverage.grid
    assert grid is not None  # noqa: S101
    layers = {layer.name: layer.values.astype(float) for layer in grid.layers[:2]}
    screened, bare = layers["lowest_visible_height"], layers["lowest_visible_height_without_screens"]
    seen = np.minimum(screened, bare) <= LEVELS_M[-1]
    every = max(1, grid.axis_m.size // 700)
    x = grid.axis_m[::every] / 1000.0
    axes.contourf(x, x, screened[::every, ::every], levels=LEVELS_M, colors=COLOURS, alpha=0.75, zorder=0)
    axes.contour(x, x, bare[::every, ::every], levels=LEVELS_M[1:], colors="black", linewidths=0.6, linestyles="dashed", zorder=2)
    rows, columns = np.nonzero(seen)
    far = max((float(np.abs(grid.axis_m[index]).max()) for index in (rows, columns) if index.size), default=50e3)
    lay(axes, coverage, grid.centre, 1.05 * far / 1000.0, named=False)
    words = [f"{low:,} to {high:,} m" for low, high in pairwise(LEVELS_M)]
    marks = [Patch(facecolor=colour, alpha=0.75, label=text) for colour, text in zip(COLOURS, words, strict=True)]
    legend = axes.legend(
        handles=marks, loc="upper right", fontsize=8, framealpha=0.95, title="lowest height above ground\nthat any radar sees"
    )
    legend.get_title().set_fontsize(8)
    legend.set_zorder(11)
    title(figure, f"{coverage.scenario}: below which height a target is hidden from every radar")
