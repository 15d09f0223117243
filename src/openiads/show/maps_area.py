"""The area that a defence covers against one class at one height, beside the published circles; and what two defences differ by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from openiads.coverage.outlines import naive_outline, outlines
from openiads.show.maps_canvas import title
from openiads.show.maps_ground import frame_inset, lay, plane_km, projection, shape_of

if TYPE_CHECKING:
    from openiads.coverage.value import Coverage, Difference, Entry

SHOWN = (("detection", 0.5, "#0072b2"), ("firm_track", 0.5, "#e69f00"), ("engagement", 0.5, "#d55e00"))  # told apart by the colour-blind
WORDS = {"detection": "seen by one scan", "firm_track": "firm track", "engagement": "can be engaged", "kinematic": "in missile reach"}
GAINED, LOST = "#0072b2", "#d55e00"
SMALL = 0.3  # of the map: below it a closer look stands in the corner


def said(entries: list[Entry]) -> str:
    """Return what the caption adds for these entries."""
    return projection(entries[0].centre)


def against(coverage: Coverage, first: Entry) -> str:
    """Return target and height in words."""
    datum = "above ground" if first.height.datum == "agl" else "above sea level"
    return f"a {coverage.titles.get(first.target_class or '', first.target_class)} at {first.height.words.rsplit(' ', 1)[0]} {datum}"


def draw(figure: Any, axes: Any, coverage: Coverage, entries: list[Entry]) -> None:
    """Draw the areas of the whole defence, the published circles dashed, and a closer look where the areas are small."""
    first = entries[0]
    shapes, marks = _areas(coverage, entries)
    covered = max((float(np.abs(drawn.vertices).max()) for drawn, *_ in shapes), default=0.0)
    half = covered
    for entry, words in _published(coverage, first):
        x, y = plane_km(first.centre, *naive_outline(entry))
        half = max(half, float(np.max(np.hypot(x, y))))
        dashes = (0, (6, 4)) if entry.product == "detection" else (0, (6, 2, 1, 2))
        axes.plot(x, y, ls=dashes, color="black", lw=1.0, zorder=4)
        marks.append(_mark(words, color="black", ls=dashes, lw=1.0))
    half = 1.05 * max(half, 1.0)
    _paint(axes, shapes)
    lay(axes, coverage, first.centre, half, named=half < 200.0)
    if 0.0 < covered < SMALL * half:
        closer = frame_inset(axes, (0.60, 0.05), 0.36)
        _paint(closer, shapes)
        lay(closer, coverage, first.centre, 1.15 * covered)
        closer.set(xlabel="", ylabel="")
        closer.set_title("the same, closer (km)", fontsize=8, pad=3)
    if not shapes:
        axes.text(0.0, 0.0, "nothing is covered", ha="center", va="center", fontsize=12)
    axes.legend(handles=marks, loc="upper right", fontsize=8, framealpha=0.95).set_zorder(11)
    title(figure, f"{coverage.scenario}: what the defence covers against {against(coverage, first)}")


def _areas(coverage: Coverage, entries: list[Entry]) -> tuple[list[tuple[Any, str, bool]], list[Any]]:
    """Shapes with colour, and whether they are filled, and their lines of the legend."""
    shapes, marks = [], []
    for product, level, colour in SHOWN:
        for entry in (e for e in entries if e.product == product and e.level == level):
            shape = shape_of(entry.centre, outlines(entry))
            if shape is not None:
                shapes.append((shape, colour, product != "firm_track"))
            area = f"{entry.honest_area_m2 / 1e6:,.0f} km² ({100 * entry.share:.2g} % of published)"
            marks.append(_mark(f"{WORDS[product]}, p ≥ {level:g}: {area}", color=colour, lw=2.5))
            if product == "engagement" and (turned := _if_turned(coverage, entry)):
                marks.append(_mark(turned, color="none"))
    return shapes, marks


def _if_turned(coverage: Coverage, whole: Entry) -> str:
    """What the sector of the largest unit would cover if it were turned all round."""
    same = [
        e for e in coverage.entries
        if e.site is not None and (e.product, e.target_class, e.height) == ("engagement", whole.target_class, whole.height)
        and "if_turned_area_m2" in e.notes
    ]  # fmt: skip
    if not same:
        return ""
    best = max(same, key=lambda e: float(e.notes["if_turned_area_m2"]))
    return (
        f"   {best.unit} looks into a sector: {best.honest_area_m2 / 1e6:,.0f} km²; all round {best.notes['if_turned_area_m2'] / 1e6:,.0f}"
    )


def _mark(label: str, **style: Any) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], label=label, **style)


def _paint(axes: Any, shapes: list[tuple[Any, str, bool]]) -> None:
    from matplotlib.patches import PathPatch

    for shape, colour, filled in shapes:
        if filled:
            axes.add_patch(PathPatch(shape, facecolor=colour, alpha=0.22, lw=0, zorder=2))
        axes.add_patch(PathPatch(shape, facecolor="none", edgecolor=colour, lw=1.6, zorder=3))


def _published(coverage: Coverage, first: Entry) -> list[tuple[Entry, str]]:
    """The longest published circle of a radar and that of a missile."""
    found = []
    for product, words in (("detection", "published radar range"), ("engagement", "published missile range")):
        chosen = [
            e for e in coverage.entries
            if e.site is not None and e.product == product and e.target_class == first.target_class and e.height == first.height
        ]  # fmt: skip
        if chosen:
            best = max(chosen, key=lambda e: e.naive_range_m)
            found.append((best, f"{words}: {best.unit} {best.naive_range_m / 1000:g} km"))
    return found


def draw_difference(figure: Any, axes: Any, coverage: Coverage, entries: list[Entry], one: Difference) -> None:
    """Draw what a second defence gains and loses over the first."""
    from matplotlib.patches import PathPatch

    first = entries[0]
    base = next((e for e in entries if e.product == one.product and e.level == one.level), first)
    shapes = [(shape_of(first.centre, rings), *style) for rings, *style in ((one.gained, GAINED, "///"), (one.lost, LOST, "\\\\\\"))]
    outline = shape_of(first.centre, outlines(base))
    drawn = [shape for shape in (outline, shapes[0][0], shapes[1][0]) if shape is not None]
    half = 1.1 * max((float(np.abs(shape.vertices).max()) for shape in drawn), default=50.0)
    for shape, colour, hatch in shapes:
        if shape is not None:
            axes.add_patch(PathPatch(shape, facecolor=colour, alpha=0.25, lw=0, zorder=2))
            axes.add_patch(PathPatch(shape, facecolor="none", edgecolor=colour, hatch=hatch, lw=1.0, zorder=3))
    if outline is not None:
        axes.add_patch(PathPatch(outline, facecolor="none", edgecolor="black", lw=1.4, zorder=4))
    lay(axes, coverage, first.centre, half, named=half < 200.0)
    marks = [
        _mark(f"{coverage.scenario}: {one.area_m2[0] / 1e6:,.0f} km²", color="black", lw=1.4),
        _mark(f"only {one.title}: {one.gained_m2 / 1e6:,.0f} km²", color=GAINED, lw=4),
        _mark(f"only {coverage.scenario}: {one.lost_m2 / 1e6:,.0f} km²", color=LOST, lw=4),
    ]
    axes.legend(handles=marks, loc="upper right", fontsize=8, framealpha=0.95).set_zorder(11)
    title(figure, f"{coverage.scenario} against {one.title}: {WORDS[one.product]}, {against(coverage, first)}")
