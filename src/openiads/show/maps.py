"""Coverage as printed pictures: the published circle dashed beside the honest area, and reach against height."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from openiads.coverage.outlines import naive_outline, outlines
from openiads.show.maps_page import page
from openiads.show.replay_basemap import basemap
from openiads.show.replay_input import Place

if TYPE_CHECKING:
    from openiads.coverage.value import Coverage, Curve, Entry

SHOWN = (("detection", 0.5, "#0072b2"), ("firm_track", 0.5, "#e69f00"), ("engagement", 0.5, "#d55e00"))  # told apart by the colour-blind
LINES = "lines: Natural Earth, de facto view, no position implied"
METADATA = {"Software": "openiads"}


def write(coverage: Coverage, folder: Path | str) -> list[str]:
    """Draw the maps of the first table's questions and the range-height diagram, write the page, and return the files' names."""
    where = Path(folder)
    names = []
    for entries in _groups(coverage):
        name = f"coverage-{entries[0].target_class}-{entries[0].height.value_m:g}m"
        names += _save(_map(coverage, entries), where, name)
    if coverage.curves:
        names += _save(_heights(coverage), where, "range-height")
    page(coverage, where / "coverage.html")
    return [*names, "coverage.html"]


def _groups(coverage: Coverage) -> list[list[Entry]]:
    """The whole defence's entries that one map shows, by class and height: those of the first table."""
    asked = dict.fromkeys((row["target_class"], row["height_m"]) for row in coverage.first_table)
    found = []
    for name, height_m in asked:
        chosen = [e for e in coverage.entries if e.site is None and e.target_class == name and e.height.value_m == height_m]
        if chosen:
            found.append(chosen)
    return found[:6]


def _save(figure: Any, where: Path, name: str) -> list[str]:
    figure.savefig(where / f"{name}.png", dpi=150, metadata=METADATA)
    figure.savefig(where / f"{name}.svg", metadata={"Date": None, "Creator": "openiads"})
    return [f"{name}.png", f"{name}.svg"]


def _canvas(width: float, height: float) -> tuple[Any, Any]:
    """A page with axes above two inches of caption."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "openiads", "font.size": 9}):
        figure = Figure(figsize=(width, height))
        FigureCanvasAgg(figure)
        return figure, figure.add_axes((0.09, 2.05 / height, 0.87, 1.0 - 2.6 / height))


def _plane(centre: tuple[float, float], lat_rad: Any, lon_rad: Any) -> tuple[Any, Any]:
    """Equal distances and bearings from the centre. [km]"""
    from openiads.earth import geodesy

    distance, bearing, _ = geodesy.inverse(centre[0], centre[1], lat_rad, lon_rad)
    return distance / 1000.0 * np.sin(bearing), distance / 1000.0 * np.cos(bearing)


def _map(coverage: Coverage, entries: list[Entry]) -> Any:
    from matplotlib.lines import Line2D
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Drawn

    figure, axes = _canvas(8.3, 9.6)
    first = entries[0]
    centre = first.centre
    marks: list[Any] = []
    shapes: list[tuple[Any, str]] = []
    half = 0.0
    for product, level, colour in SHOWN:
        for entry in (e for e in entries if e.product == product and e.level == level):
            vertices, codes = [], []
            for lat, lon in outlines(entry):
                x, y = _plane(centre, lat, lon)
                half = max(half, float(np.max(np.hypot(x, y))))
                vertices.append(np.column_stack([x, y]))
                codes += [Drawn.MOVETO] + [Drawn.LINETO] * (len(x) - 2) + [Drawn.CLOSEPOLY]
            if vertices:
                shapes.append((Drawn(np.concatenate(vertices), codes), colour))
                axes.add_patch(PathPatch(Drawn(np.concatenate(vertices), codes), facecolor=colour, alpha=0.25, lw=0, zorder=2))
                axes.add_patch(PathPatch(Drawn(np.concatenate(vertices), codes), facecolor="none", edgecolor=colour, lw=1.4, zorder=3))
            area = f"{entry.honest_area_m2 / 1e6:,.0f} km² ({100 * entry.share:.2g} % of published)"
            marks.append(Line2D([], [], color=colour, lw=2, label=f"{product.replace('_', ' ')}, p ≥ {level:g}: {area}"))
    covered = half
    for entry, words in _published(coverage, first):
        x, y = _plane(centre, *naive_outline(entry))
        half = max(half, float(np.max(np.hypot(x, y))))
        dashes = (0, (6, 4)) if entry.product == "detection" else (0, (6, 2, 1, 2))
        axes.plot(x, y, ls=dashes, color="black", lw=1.0, zorder=4)
        marks.append(Line2D([], [], color="black", ls=dashes, lw=1, label=words))
    half *= 1.05
    if 0.0 < covered < 0.3 * half:
        _close(figure, shapes, 1.1 * covered)
    _ground(axes, centre, half)
    _sites(axes, coverage, centre, half)
    axes.set(xlim=(-half, half), ylim=(-half, half), aspect="equal", xlabel="km east", ylabel="km north")
    _scale(axes, half)
    figure.suptitle(
        f"{coverage.scenario}: what is covered against {first.target_class} at {first.height.words}",
        y=1.0 - 0.25 / figure.get_figheight(),
        fontsize=12,
    )
    axes.legend(handles=marks, loc="upper right", fontsize=7.5, framealpha=0.9)
    _caption(figure, coverage, f"Azimuthal equidistant about {np.degrees(centre[0]):.3f} N {np.degrees(centre[1]):.3f} E; {LINES}.", 150)
    return figure


def _close(figure: Any, shapes: list[tuple[Any, str]], half_km: float) -> None:
    """A closer look in the corner, where what is covered is small beside the published circles."""
    from matplotlib.patches import PathPatch

    inset = figure.axes[0].inset_axes((0.64, 0.03, 0.33, 0.33))
    for drawn, colour in shapes:
        inset.add_patch(PathPatch(drawn, facecolor=colour, alpha=0.25, lw=0))
        inset.add_patch(PathPatch(drawn, facecolor="none", edgecolor=colour, lw=1.0))
    inset.set(xlim=(-half_km, half_km), ylim=(-half_km, half_km), aspect="equal")
    inset.set_title("closer look, km", fontsize=7, pad=2)
    inset.tick_params(labelsize=6)


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


def _ground(axes: Any, centre: tuple[float, float], half_km: float) -> None:
    base = basemap(Place(float(np.degrees(centre[0])), float(np.degrees(centre[1]))), 1.5 * half_km)
    for name, style in (("coast", {"lw": 0.8}), ("border", {"lw": 0.5}), ("disputed", {"lw": 0.5, "ls": ":"})):
        for packed in base[name]:  # type: ignore[literal-required]
            points = np.cumsum(np.asarray(packed, float).reshape(-1, 2), axis=0) * base["scale"]
            x, y = _plane(centre, np.radians(points[:, 1]), np.radians(points[:, 0]))
            axes.plot(x, y, color="#888888", zorder=1, **style)


def _sites(axes: Any, coverage: Coverage, centre: tuple[float, float], half_km: float) -> None:
    for group, marker, colour in ((coverage.sites, "^", "black"), (coverage.assets, "s", "#009e73")):
        for one in group:
            x, y = _plane(centre, np.radians(one["lat"]), np.radians(one["lon"]))
            axes.plot([x], [y], marker, color=colour, ms=4, zorder=5)
            if half_km < 150.0:
                axes.annotate(one["name"], (float(x), float(y)), xytext=(4, 3), textcoords="offset points", fontsize=6, zorder=6)


def _scale(axes: Any, half_km: float) -> None:
    """A scale bar of a round length in the lower left corner."""
    length = next(v for v in (500, 200, 100, 50, 20, 10, 5, 2, 1) if v <= 0.5 * half_km or v == 1)
    x, y = -0.94 * half_km, -0.93 * half_km
    axes.plot([x, x + length], [y, y], color="black", lw=3, solid_capstyle="butt", zorder=6)
    axes.text(x + 0.5 * length, y + 0.02 * half_km, f"{length} km", ha="center", va="bottom", fontsize=8, zorder=6)


def _caption(figure: Any, coverage: Coverage, more: str, width: int) -> None:
    words = (
        "Assumptions: "
        + "; ".join(coverage.assumptions)
        + f". {more} Sources of figures: {', '.join(coverage.sources)}. Digest {coverage.digest[:16]}."
    )
    figure.text(0.03, 1.55 / figure.get_figheight(), textwrap.fill(words, width), fontsize=6.3, va="top", ha="left")


def _heights(coverage: Coverage) -> Any:
    figure, axes = _canvas(8.3, 6.9)
    styles = ("-", "--", "-.", ":")
    for curve, style in zip(coverage.curves, styles * 8, strict=False):
        y = np.asarray(curve.height_m) / 1000.0
        for values, colour, words in _lines(curve):
            axes.plot(np.asarray(values) / 1000.0, y, style, color=colour, lw=1.5, label=f"{words}, {curve.target_class}")
    first = coverage.curves[0]
    axes.plot(
        np.asarray(first.horizon_m) / 1000.0,
        np.asarray(first.height_m) / 1000.0,
        color="#666666",
        lw=1.0,
        label="horizon of the highest antenna",
    )
    axes.axvline(
        first.naive_range_m / 1000.0,
        color="black",
        ls=(0, (6, 4)),
        lw=1.0,
        label=f"published missile range, {first.naive_range_m / 1000:g} km",
    )
    axes.set(yscale="log", xlim=(0, None), xlabel="reach along the ground, km", ylabel="height of the target above ground, km")
    axes.grid(True, which="both", lw=0.3, color="#cccccc")
    axes.legend(fontsize=6.5, loc="lower right")
    figure.suptitle(f"{coverage.scenario}: reach of {first.unit} against target height", y=1.0 - 0.25 / figure.get_figheight(), fontsize=12)
    _caption(figure, coverage, "Detection and firm track are those of the radar of the unit's picture that reaches farthest.", 150)
    return figure


def _lines(curve: Curve) -> list[tuple[tuple[float, ...], str, str]]:
    values = (curve.detection_m, curve.firm_track_m, curve.engagement_m)
    return [(one, colour, product.replace("_", " ")) for one, (product, _, colour) in zip(values, SHOWN, strict=True)]
