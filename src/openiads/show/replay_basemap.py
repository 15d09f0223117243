"""Coasts and thin border lines around a place, from Natural Earth in the form that world-atlas ships.

Borders follow Natural Earth's de facto view and imply no position; lines known to be disputed are set apart so that they are drawn dashed.
Country membership is used for nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import shapely

from openiads.show.replay_input import Place
from openiads.web import fetch

SCALE_DEG = 0.001

# Pairs of names in the data between which a line, within (west, south, east, north), is disputed.
_DISPUTED: tuple[tuple[str, str, tuple[float, float, float, float]], ...] = (
    ("Russia", "Ukraine", (32.5, 45.0, 35.8, 46.5)),
    ("Kosovo", "Serbia", (19.0, 41.0, 23.0, 44.0)),
    ("N. Cyprus", "Cyprus", (32.0, 34.0, 35.0, 36.0)),
    ("Israel", "Palestine", (34.0, 31.0, 36.0, 33.0)),
    ("Israel", "Syria", (35.0, 32.0, 37.0, 34.0)),
    ("Israel", "Lebanon", (35.0, 33.0, 36.0, 34.0)),
    ("W. Sahara", "Morocco", (-18.0, 20.0, -8.0, 29.0)),
    ("Somaliland", "Somalia", (42.0, 8.0, 52.0, 12.0)),
    ("India", "Pakistan", (72.0, 32.0, 80.0, 38.0)),
    ("India", "China", (76.0, 26.0, 98.0, 37.0)),
    ("Siachen Glacier", "India", (72.0, 32.0, 80.0, 38.0)),
    ("Siachen Glacier", "Pakistan", (72.0, 32.0, 80.0, 38.0)),
    ("Siachen Glacier", "China", (72.0, 32.0, 80.0, 38.0)),
    ("Sudan", "S. Sudan", (26.0, 9.0, 32.0, 11.5)),
    ("Sudan", "Egypt", (33.0, 21.0, 37.0, 24.0)),
    ("North Korea", "South Korea", (124.0, 37.0, 130.0, 39.0)),
)


class Basemap(TypedDict):
    """Whole numbers of `scale` degrees, each coordinate after the first as a step from the one before: [lon, lat, lon, lat, ...]."""

    scale: float
    land: list[list[int]]
    coast: list[list[int]]
    border: list[list[int]]
    disputed: list[list[int]]


def basemap(center: Place, radius_km: float, atlas: Path | None = None) -> Basemap:
    """Land, coasts and borders within a box about a centre.

    Parameters
    ----------
    center
        Middle of the box.
    radius_km
        Half the height of the box [km]; at most 4,000 are taken.
    atlas
        The TopoJSON file; by default the one that the build fetched.

    Returns
    -------
    Empty lists when the file is absent or the box crosses the date line.
    """
    empty: Basemap = {"scale": SCALE_DEG, "land": [], "coast": [], "border": [], "disputed": []}
    path = atlas or fetch.VENDOR / "countries-50m.json"
    if not path.is_file():
        return empty
    box = _box(center, min(radius_km, 4000.0))
    if box is None:
        return empty
    world = _world(str(path), path.stat().st_mtime_ns)
    land = shapely.clip_by_rect(world["land"], *box)
    found: Basemap = {**empty, "land": [_pack(ring) for ring in _rings(land)]}
    found["coast"] = [_pack(line) for line in _lines(world["coast"], box)]
    found["border"] = [_pack(line) for line in _lines(world["border"], box)]
    found["disputed"] = [_pack(line) for line in _lines(world["disputed"], box)]
    return found


def _box(center: Place, radius_km: float) -> tuple[float, float, float, float] | None:
    half = radius_km / 111.2
    south, north = max(center.latitude_deg - half, -89.0), min(center.latitude_deg + half, 89.0)
    wide = half / max(np.cos(np.radians(max(abs(south), abs(north)))), 0.1)
    west, east = center.longitude_deg - wide, center.longitude_deg + wide
    return None if west < -180.0 or east > 180.0 else (west, south, east, north)


@cache
def _world(path: str, _changed_ns: int) -> dict[str, Any]:
    topology = json.loads(Path(path).read_text(encoding="utf-8"))
    arcs = _arcs(topology)
    owners: dict[int, set[str]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        for rings in _polygons(country):
            for index in (i for ring in rings for i in ring):
                owners.setdefault(index if index >= 0 else ~index, set()).add(name)
    lines: dict[str, list[Any]] = {"coast": [], "border": [], "disputed": []}
    for index, names in owners.items():
        lines[_sort_of(names, arcs[index])].append(shapely.LineString(arcs[index]))
    land = np.array(
        [
            shapely.Polygon(_ring(arcs, rings[0]), [_ring(arcs, hole) for hole in rings[1:]])
            for shape in topology["objects"]["land"]["geometries"]
            for rings in _polygons(shape)
        ],
        dtype=object,
    )
    crossed = ~shapely.is_valid(land)  # the few that cross the date line
    land[crossed] = shapely.make_valid(land[crossed], method="structure")
    return {"land": land, **{kind: np.array(found, dtype=object) for kind, found in lines.items()}}


def _arcs(topology: dict[str, Any]) -> list[np.ndarray[Any, Any]]:
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    return [np.cumsum(np.array(arc, dtype=np.int64), axis=0) * scale + shift for arc in topology["arcs"]]


def _polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    found: list[list[list[int]]] = {"Polygon": [shape["arcs"]], "MultiPolygon": shape["arcs"]}.get(shape["type"], [])
    return found


def _ring(arcs: Sequence[np.ndarray[Any, Any]], indices: Iterable[int]) -> np.ndarray[Any, Any]:
    return np.concatenate([arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices])


def _sort_of(names: set[str], arc: np.ndarray[Any, Any]) -> str:
    if len(names) < 2:
        return "coast"
    west, south = arc.min(axis=0)
    east, north = arc.max(axis=0)
    for one, two, (w, s, e, n) in _DISPUTED:
        if {one, two} <= names and east >= w and west <= e and north >= s and south <= n:
            return "disputed"
    return "border"


def _rings(land: Any) -> Iterable[np.ndarray[Any, Any]]:
    for part in shapely.get_parts(shapely.get_parts(land)):
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            yield shapely.get_coordinates(part.exterior)
            for hole in part.interiors:
                yield shapely.get_coordinates(hole)


def _lines(lines: Any, box: tuple[float, float, float, float]) -> Iterable[np.ndarray[Any, Any]]:
    for part in shapely.get_parts(shapely.clip_by_rect(lines, *box)):
        for line in shapely.get_parts(part):
            if not line.is_empty:
                yield shapely.get_coordinates(line)


def _pack(points: np.ndarray[Any, Any]) -> list[int]:
    whole = np.rint(points / SCALE_DEG).astype(np.int64)
    moved = np.concatenate([[True], np.any(np.diff(whole, axis=0) != 0, axis=1)])
    whole = whole[moved]
    steps = np.concatenate([whole[:1], np.diff(whole, axis=0)])
    packed: list[int] = steps.ravel().tolist()
    return packed
