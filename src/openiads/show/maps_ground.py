"""What every coverage map stands on: coasts, borders, sites, scale bar, and outlines as shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from openiads.show.replay_basemap import basemap
from openiads.show.replay_input import Place

if TYPE_CHECKING:
    from openiads.coverage.value import Coverage

LINES = "Coasts and borders: Natural Earth, de facto view, no position implied"
HALO = {"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}


def plane_km(centre: tuple[float, float], lat_rad: Any, lon_rad: Any) -> tuple[Any, Any]:
    """Return how far east and north of a centre places lie, on a plane of equal distances and bearings. [km]"""
    from openiads.earth import geodesics

    distance, bearing, _ = geodesics.inverse(centre[0], centre[1], lat_rad, lon_rad)
    return distance / 1000.0 * np.sin(bearing), distance / 1000.0 * np.cos(bearing)


def projection(centre: tuple[float, float]) -> str:
    """Return the sentence about projection and lines."""
    lat, lon = np.degrees(centre[0]), np.degrees(centre[1])
    place = f"{abs(lat):.3f} {'N' if lat >= 0 else 'S'} {abs(lon):.3f} {'E' if lon >= 0 else 'W'}"
    return f"Map: azimuthal equidistant about {place}. {LINES}."


def shape_of(centre: tuple[float, float], rings: Sequence[tuple[Any, Any]]) -> Any:
    """Return outlines (latitude, longitude) [rad] as one drawn path, or None where there is nothing."""
    from matplotlib.path import Path

    vertices, codes = [], []
    for lat, lon in rings:
        x, y = plane_km(centre, lat, lon)
        vertices.append(np.column_stack([x, y]))
        codes += [Path.MOVETO] + [Path.LINETO] * (len(x) - 2) + [Path.CLOSEPOLY]
    return Path(np.concatenate(vertices), codes) if vertices else None


def lay(axes: Any, coverage: Coverage, centre: tuple[float, float], half_km: float, named: bool = True) -> None:
    """Draw coasts, borders, sites, assets and scale bar, and set the frame."""
    _lines(axes, centre, half_km)
    _places(axes, coverage, centre, half_km, named)
    axes.set(xlim=(-half_km, half_km), ylim=(-half_km, half_km), aspect="equal", xlabel="km east", ylabel="km north")
    length = next((v for v in (500, 200, 100, 50, 20, 10, 5, 2, 1) if v <= 0.45 * half_km), 1)
    x, y = -0.94 * half_km, -0.93 * half_km
    axes.plot([x, x + length], [y, y], color="black", lw=3, solid_capstyle="butt", zorder=8)
    axes.text(x + 0.5 * length, y + 0.02 * half_km, f"{length} km", ha="center", va="bottom", fontsize=8, zorder=8, bbox=HALO)


def _lines(axes: Any, centre: tuple[float, float], half_km: float) -> None:
    base = basemap(Place(float(np.degrees(centre[0])), float(np.degrees(centre[1]))), 1.5 * half_km)
    for name, style in (("coast", {"lw": 0.8}), ("border", {"lw": 0.5}), ("disputed", {"lw": 0.5, "ls": ":"})):
        for packed in base[name]:  # type: ignore[literal-required]
            points = np.cumsum(np.asarray(packed, float).reshape(-1, 2), axis=0) * base["scale"]
            x, y = plane_km(centre, np.radians(points[:, 1]), np.radians(points[:, 0]))
            axes.plot(x, y, color="#888888", zorder=1, **style)


def _places(axes: Any, coverage: Coverage, centre: tuple[float, float], half_km: float, named: bool) -> None:
    """Sites as triangles, assets as squares; names only where they do not lie on each other."""
    taken: list[tuple[float, float]] = []
    for group, marker, colour in ((coverage.sites, "^", "black"), (coverage.assets, "s", "#009e73")):
        for one in group:
            x, y = (float(value) for value in plane_km(centre, np.radians(one["lat"]), np.radians(one["lon"])))
            if max(abs(x), abs(y)) > half_km:
                continue
            axes.plot([x], [y], marker, color=colour, ms=5, mec="white", mew=0.5, zorder=6)
            near = min((abs(y - v) / (0.09 * half_km) for u, v in taken if abs(x - u) < 0.7 * half_km), default=9.0)
            if named and near >= 1.0:
                taken.append((x, y))
                side = {"xytext": (-5, 0), "ha": "right"} if x > 0.3 * half_km else {"xytext": (5, 0), "ha": "left"}
                axes.annotate(one["name"], (x, y), textcoords="offset points", fontsize=7, va="center", zorder=7, bbox=HALO, **side)


def frame_inset(axes: Any, corner: tuple[float, float], side: float) -> Any:
    """Return a small map in a corner of another on a white ground, so that nothing shines through its labels."""
    from matplotlib.patches import Rectangle

    x, y = corner
    ground = Rectangle((x - 0.055, y - 0.045), side + 0.075, side + 0.09, transform=axes.transAxes, facecolor="white", alpha=0.95)
    ground.set(edgecolor="#444444", linewidth=0.6, zorder=9)
    axes.add_patch(ground)
    inset = axes.inset_axes((x, y, side, side), zorder=10)
    inset.tick_params(labelsize=7)
    return inset
