"""Coverage as pictures that can be printed: which maps and diagrams there are, and their files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from openiads.show import maps_area, maps_height, maps_mask
from openiads.show.maps_canvas import canvas
from openiads.show.maps_page import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openiads.coverage.value import Coverage, Difference, Entry

MOST_MAPS = 6
METADATA = {"Software": "openiads"}


def write(coverage: Coverage, folder: Path | str) -> list[str]:
    """Draw the maps of the first table's questions, what differs, the mask and the range-height diagram, write the page; return names."""
    where = Path(folder)
    names = []
    for name, drawn in _pictures(coverage):
        drawn.savefig(where / f"{name}.png", dpi=150, metadata=METADATA)
        drawn.savefig(where / f"{name}.svg", metadata={"Date": None, "Creator": "openiads"})
        names += [f"{name}.png", f"{name}.svg"]
    page(coverage, where / "coverage.html")
    return [*names, "coverage.html"]


def _pictures(coverage: Coverage) -> Iterator[tuple[str, Any]]:
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": "openiads", "font.size": 9, "hatch.linewidth": 0.6}):
        for entries in _groups(coverage):
            first = entries[0]
            name = f"{first.target_class}-{first.height.value_m:g}m" + ("-amsl" if first.height.datum == "amsl" else "")
            figure, axes = canvas(coverage, 8.27, 7.3, maps_area.said(entries))
            maps_area.draw(figure, axes, coverage, entries)
            yield f"coverage-{name}", figure
            for number, one in enumerate(_differences(coverage, first), 1):
                figure, axes = canvas(coverage, 8.27, 7.3, maps_area.said(entries))
                maps_area.draw_difference(figure, axes, coverage, entries, one)
                yield f"difference-{number}-{name}", figure
        if coverage.grid is not None and coverage.grid.layers:
            figure, axes = canvas(coverage, 8.27, 7.3, maps_mask.said(coverage))
            maps_mask.draw(figure, axes, coverage)
            yield "lowest-visible-height", figure
        if coverage.curves:
            rows = maps_height.rows(coverage)
            figure, axes = canvas(coverage, 11.0, 4.6 * rows, maps_height.said(coverage))
            maps_height.draw(figure, axes, coverage)
            yield "range-height", figure


def _groups(coverage: Coverage) -> list[list[Entry]]:
    """The whole defence's entries that one map shows, by class and height: those of the first table."""
    asked = dict.fromkeys((row["target_class"], row["height_m"], row["height_datum"]) for row in coverage.first_table)
    found = []
    for name, height_m, datum in asked:
        chosen = [
            e for e in coverage.entries
            if e.site is None and (e.target_class, e.height.value_m, e.height.datum) == (name, height_m, datum)
        ]  # fmt: skip
        if chosen:
            found.append(chosen)
    return found[:MOST_MAPS]


def _differences(coverage: Coverage, first: Entry) -> list[Difference]:
    """What differs in the last product of the chain, for a class and height."""
    same = [one for one in coverage.differences if one.target_class == first.target_class and one.height == first.height]
    return [one for one in same if one.product == "engagement"][:MOST_MAPS]
