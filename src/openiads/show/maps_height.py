"""Reach against target height, a panel for each class: brochure, horizon, detection, firm track and engagement with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from openiads.show.maps_canvas import title

if TYPE_CHECKING:
    from openiads.coverage.value import Coverage, Curve

COLUMNS = 3
MOST_CLASSES = 6
LINES = (
    ("horizon_m", "#777777", (0, (1, 1.2)), "radar horizon of the highest antenna"),
    ("detection_m", "#0072b2", "-", "seen by one scan, p ≥ 0.5"),
    ("firm_track_m", "#e69f00", "-", "firm track, p ≥ 0.5"),
    ("engagement_m", "#d55e00", "-", "can be engaged, p ≥ 0.5"),
)
TICKS_M = (30, 100, 300, 1_000, 3_000, 10_000)


def rows(coverage: Coverage) -> int:
    """Return how many rows of panels there are."""
    return -(-len(coverage.curves[:MOST_CLASSES]) // COLUMNS)


def said(coverage: Coverage) -> str:
    """Return what the caption adds."""
    return (
        "Detection and firm track are those of the radar of the unit's picture that reaches farthest, over the smooth earth, straight in "
        "where the sectors face, without jamming. Lines and shades: the farthest place where the probability is met, whatever gaps lie "
        "before it; many weak looks may confirm a track a little beyond where one look is enough. Shaded: 5 to 95 % over what "
        "the bands vary, as said above."
    )


def draw(figure: Any, axes: Any, coverage: Coverage) -> None:
    """Draw a panel for each class."""
    axes.set_axis_off()
    curves = coverage.curves[:MOST_CLASSES]
    columns, height = min(COLUMNS, len(curves)), 1.0 / rows(coverage)
    far_km = 1.03 * max(max(curve.naive_range_m, *curve.horizon_m, *curve.detection_m) for curve in curves) / 1000.0
    for number, curve in enumerate(curves):
        row, column = divmod(number, columns)
        width = 1.0 / columns
        place = (column * width + 0.012, 1.0 - (row + 1) * height + 0.1 * height, width - 0.024, height * 0.72)
        _panel(axes.inset_axes(place), coverage, curve, far_km, is_left=column == 0)
    marks, words = axes.child_axes[0].get_legend_handles_labels()
    axes.legend(
        marks, words, loc="lower center", bbox_to_anchor=(0.5, 0.86 if rows(coverage) == 1 else 0.93), ncol=3, fontsize=8.5, frameon=False
    )
    title(figure, f"{coverage.scenario}: how far {curves[0].unit} and its radars reach, by the height at which a target flies")


def _panel(axes: Any, coverage: Coverage, curve: Curve, far_km: float, is_left: bool) -> None:
    y = np.asarray(curve.height_m)
    for band, colour in ((curve.detection_band_m, "#0072b2"), (curve.engagement_band_m, "#d55e00")):
        if band:
            low, high = np.asarray(band).T / 1000.0
            axes.fill_betweenx(y, low, high, color=colour, alpha=0.15, lw=0)
    for name, colour, style, words in LINES:
        axes.plot(np.asarray(getattr(curve, name)) / 1000.0, y, color=colour, ls=style, lw=1.8, label=words)
    naive_km = curve.naive_range_m / 1000.0
    axes.axvline(naive_km, color="black", ls=(0, (6, 4)), lw=1.0, label=f"published missile range, {naive_km:g} km")
    axes.set(yscale="log", xlim=(0, far_km), ylim=(y[0], y[-1]), xlabel="reach along the ground, km")
    axes.set_title(coverage.titles.get(curve.target_class, curve.target_class), fontsize=10)
    axes.set_yticks(TICKS_M, [_words(tick) for tick in TICKS_M] if is_left else ["" for _ in TICKS_M])
    axes.minorticks_off()
    axes.grid(True, lw=0.3, color="#cccccc")
    if is_left:
        axes.set_ylabel("height of the target above ground")


def _words(height_m: float) -> str:
    return f"{height_m / 1000:g} km" if height_m >= 1000 else f"{height_m:g} m"
