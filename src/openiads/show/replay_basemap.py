"""Coasts and thin border lines around a place, from Natural Earth in the form that world-atlas ships.

Borders follow Natural Earth's de facto view and imply no position; lines known to be disputed are set apart so that they are drawn dashed.
Country membership is used for nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, compress
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, TypedDict

import numpy as np
import shapely
from numpy.typing import NDArray

from openiads.show.replay_input import Place
from openiads.web import fetch

SCALE_DEG = 0.001

Reals: TypeAlias = NDArray[np.float64]
Box: TypeAlias = tuple[float, float, float, float]  # west, south, east, north [deg]

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
    found: Basemap = {**empty, "land": [_pack(ring) for ring in _rings(shapely.clip_by_rect(_lands(world, box), *box))]}
    near = _touches(world.boxes, box)
    for index, names in world.owners.items():
        if near[index]:
            line = shapely.clip_by_rect(shapely.LineString(world.arcs[index]), *box)
            found[_sort_of(names, world.boxes[index])] += [_pack(part) for part in _parts(line)]
    return found


def _box(center: Place, radius_km: float) -> Box | None:
    half = radius_km / 111.2
    south, north = max(center.latitude_deg - half, -89.0), min(center.latitude_deg + half, 89.0)
    wide = half / max(np.cos(np.radians(max(abs(south), abs(north)))), 0.1)
    west, east = center.longitude_deg - wide, center.longitude_deg + wide
    return None if west < -180.0 or east > 180.0 else (west, south, east, north)


class _World(NamedTuple):
    """The atlas: arcs (points, 2) and the names of the countries on each, the rings of each land, and the boxes of both (n, 4)."""

    arcs: list[Reals]
    boxes: Reals
    owners: dict[int, set[str]]
    lands: list[list[list[int]]]
    land_boxes: Reals


@cache
def _world(path: str, _changed_ns: int) -> _World:
    topology = json.loads(Path(path).read_text(encoding="utf-8"))
    arcs, boxes = _arcs(topology)
    owners: dict[int, set[str]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        for rings in _polygons(country):
            for index in (i for ring in rings for i in ring):
                owners.setdefault(max(index, ~index), set()).add(name)
    lands = [rings for shape in topology["objects"]["land"]["geometries"] for rings in _polygons(shape)]
    outer = boxes[[max(index, ~index) for rings in lands for index in rings[0]]]
    return _World(arcs, boxes, owners, lands, _hulls(outer[:, :2], outer[:, 2:], [len(rings[0]) for rings in lands]))


def _touches(boxes: Reals, box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    return np.asarray((boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south))


def _lands(world: _World, box: Box) -> Any:
    """Return the polygons whose outer ring may touch a box; what lies elsewhere is never built."""
    near = compress(world.lands, _touches(world.land_boxes, box))
    found = [shapely.Polygon(_ring(world.arcs, rings[0]), [_ring(world.arcs, hole) for hole in rings[1:]]) for rings in near]
    land = np.array(found, dtype=object)
    crossed = ~shapely.is_valid(land)  # the few that cross the date line
    land[crossed] = shapely.make_valid(land[crossed], method="structure")
    return land


def _arcs(topology: dict[str, Any]) -> tuple[list[Reals], Reals]:
    """Return the arcs and their boxes (west, south, east, north): each point is stored as a step from the one before."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    counts = [len(arc) for arc in topology["arcs"]]
    steps = np.array(list(chain.from_iterable(topology["arcs"])), dtype=np.int64)
    first = np.cumsum([0, *counts[:-1]])
    whole = np.cumsum(steps, axis=0)
    whole -= np.repeat((whole - steps)[first], counts, axis=0)
    points = whole * scale + shift
    return np.split(points, first[1:]), _hulls(points, points, counts)


def _hulls(low: Reals, high: Reals, counts: Sequence[int]) -> Reals:
    """Return the box (n, 4) around each run of ``counts`` rows."""
    first = np.cumsum([0, *counts[:-1]])
    return np.concatenate([np.minimum.reduceat(low, first), np.maximum.reduceat(high, first)], axis=1)


def _polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    found: list[list[list[int]]] = {"Polygon": [shape["arcs"]], "MultiPolygon": shape["arcs"]}.get(shape["type"], [])
    return found


def _ring(arcs: Sequence[Reals], indices: Iterable[int]) -> Reals:
    return np.concatenate([arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices])


def _sort_of(names: set[str], box: Reals) -> Literal["coast", "border", "disputed"]:
    if len(names) < 2:
        return "coast"
    west, south, east, north = box
    for one, two, (w, s, e, n) in _DISPUTED:
        if {one, two} <= names and east >= w and west <= e and north >= s and south <= n:
            return "disputed"
    return "border"


def _rings(land: Any) -> Iterable[Reals]:
    for part in shapely.get_parts(shapely.get_parts(land)):
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            yield shapely.get_coordinates(part.exterior)
            for hole in part.interiors:
                yield shapely.get_coordinates(hole)


def _parts(line: Any) -> Iterable[Reals]:
    for part in shapely.get_parts(line):
        if not part.is_empty:
            yield shapely.get_coordinates(part)


def _pack(points: Reals) -> list[int]:
    whole = np.rint(points / SCALE_DEG).astype(np.int64)
    moved = np.concatenate([[True], np.any(np.diff(whole, axis=0) != 0, axis=1)])
    whole = whole[moved]
    steps = np.concatenate([whole[:1], np.diff(whole, axis=0)])
    packed: list[int] = steps.ravel().tolist()
    return packed
