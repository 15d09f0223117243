"""Elevation files that need no extra: SRTM ``.hgt`` tiles and ``.npz`` grids.  A tile may hold voids (not a number)."""

import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from openiads.errors import UserError
from openiads.kernel import Singles

MOST_CELLS = 250_000_000  # 1 GB of float32
_HGT_NAME = re.compile(r"([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)
_HGT_SIDES = {1201 * 1201: (1201, 1201), 3601 * 3601: (3601, 3601), 3601 * 1801: (3601, 1801)}
_NPZ_NAMES = (("lat_deg", "lat"), ("lon_deg", "lon"), ("height_amsl_m", "elev_m"))


class Bounds(NamedTuple):
    """The part of the earth that is wanted. [deg]"""

    south_deg: float
    west_deg: float
    north_deg: float
    east_deg: float


@dataclass(frozen=True, eq=False)
class Tile:
    """Heights of one file: float32 (row, column) with not-a-number for voids; node (0, 0) and signed steps. [m, deg]"""

    heights_amsl_m: Singles
    lat0_deg: float
    lon0_deg: float
    lat_step_deg: float
    lon_step_deg: float
    name: str
    vertical: str = "taken as metres above mean sea level"


def check_size(path: Path, rows: int, columns: int, bytes_per_cell: int = 4) -> None:
    """Refuse a grid that would not fit, from its header alone."""
    if rows * columns > MOST_CELLS:
        raise UserError(
            f"{path}: the header announces {rows:,} x {columns:,} cells, {rows * columns * bytes_per_cell / 1e9:,.1f} GB; at most "
            f"{MOST_CELLS:,} cells are read: cut the file to the region, take a coarser one (90 m is enough), or check that it is whole"
        )


def read_hgt(path: Path) -> Tile:
    """Read an SRTM tile: big-endian int16 rows from the north, its south-west corner in the name (N53E027.hgt), -32768 for voids."""
    corner = _HGT_NAME.match(path.name)
    if corner is None:
        raise UserError(f"{path}: the name of an .hgt tile tells where it lies (N53E027.hgt): rename it to its south-west corner")
    size = path.stat().st_size
    shape = _HGT_SIDES.get(size // 2) if size % 2 == 0 else None
    if shape is None:
        wanted = ", ".join(f"{2 * n:,}" for n in _HGT_SIDES)
        raise UserError(
            f"{path}: an .hgt tile holds {wanted} bytes, this file {size:,}: it is cut short or of another kind, fetch it again"
        )
    south_deg = int(corner[2]) * (1 if corner[1] in "Nn" else -1)
    west_deg = int(corner[4]) * (1 if corner[3] in "Ee" else -1)
    heights = np.fromfile(path, ">i2").reshape(shape).astype(np.float32)
    vertical = "above the EGM96 geoid"
    return Tile(heights, south_deg + 1.0, float(west_deg), -1.0 / (shape[0] - 1), 1.0 / (shape[1] - 1), path.name, vertical)


def read_npz(path: Path) -> Tile:
    """Read a grid saved by `Terrain.save`: arrays ``lat_deg`` and ``lon_deg`` (1-D, even steps) and ``height_amsl_m`` (lat, lon)."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                _check_member(path, archive, member)
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            found = [next((name for name in names if name in file.files), None) for names in _NPZ_NAMES]
            if None in found:
                wanted = ", ".join(names[0] for names in _NPZ_NAMES)
                raise UserError(f"{path}: an .npz terrain holds the arrays {wanted}; this file holds {', '.join(file.files) or 'none'}")
            lat, lon, heights = (file[name] for name in found if name is not None)
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, KeyError) as error:
        raise UserError(f"{path}: cannot be read as an .npz file ({error}): it is cut short or of another kind, make it again") from error
    if heights.ndim != 2 or heights.shape != (lat.size, lon.size) or heights.dtype.kind not in "iuf":
        raise UserError(f"{path}: heights of shape {heights.shape} do not fit {lat.size} latitudes and {lon.size} longitudes")
    lat_step, lon_step = _even_step(path, "latitudes", lat), _even_step(path, "longitudes", lon)
    return Tile(heights.astype(np.float32), float(lat[0]), float(lon[0]), lat_step, lon_step, path.name)


def _check_member(path: Path, archive: zipfile.ZipFile, member: str) -> None:
    with archive.open(member) as stream:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, kind = read(stream)
    rows = int(shape[0]) if shape else 1
    check_size(path, rows, int(np.prod(shape[1:], dtype=np.float64)), kind.itemsize)


def _even_step(path: Path, what: str, values: NDArray[Any]) -> float:
    steps = np.diff(values.astype(np.float64))
    if values.ndim != 1 or values.size < 2 or not np.all(np.isfinite(values)):
        raise UserError(f"{path}: {what} must be one finite row of at least two degrees")
    step = (float(values[-1]) - float(values[0])) / (values.size - 1)
    if step == 0.0 or np.max(np.abs(steps - step)) > 1e-3 * abs(step):
        raise UserError(f"{path}: {what} must rise or fall in even steps: resample the grid")
    return step


def without_nonsense(tile: Tile) -> Tile:
    """Mark codes for voids as not-a-number, set sea beds to sea level, and refuse a tile without any height."""
    heights = tile.heights_amsl_m
    void = ~np.isfinite(heights) | (heights <= -9999.0) | (heights > 9000.0)
    if np.all(void):
        raise UserError(f"{tile.name}: every cell is void, there is no height in it: take another tile or leave it out")
    bed = ~void & (heights < -500.0)
    if np.any(void) or np.any(bed):
        heights = np.where(void, np.float32(np.nan), np.where(bed, np.float32(0.0), heights))
    return replace(tile, heights_amsl_m=heights)


def cropped(tile: Tile, bounds: Bounds | None) -> Tile | None:
    """Return the part of a tile that covers the bounds, one node wider, or None where they do not meet."""
    if bounds is None:
        return tile
    rows = _span(tile.lat0_deg, tile.lat_step_deg, tile.heights_amsl_m.shape[0], bounds.south_deg, bounds.north_deg)
    turns = round((0.5 * (bounds.west_deg + bounds.east_deg) - tile.lon0_deg) / 360.0)
    west, east = bounds.west_deg - 360.0 * turns, bounds.east_deg - 360.0 * turns
    columns = _span(tile.lon0_deg, tile.lon_step_deg, tile.heights_amsl_m.shape[1], west, east)
    if rows is None or columns is None:
        return None
    part = tile.heights_amsl_m[rows, columns]
    lat0_deg = tile.lat0_deg + rows.start * tile.lat_step_deg
    return replace(tile, heights_amsl_m=part, lat0_deg=lat0_deg, lon0_deg=tile.lon0_deg + columns.start * tile.lon_step_deg)


def _span(first_deg: float, step_deg: float, count: int, low_deg: float, high_deg: float) -> slice | None:
    ends = sorted(((low_deg - first_deg) / step_deg, (high_deg - first_deg) / step_deg))
    start, stop = max(0, int(np.floor(ends[0])) - 1), min(count, int(np.ceil(ends[1])) + 2)
    return slice(start, stop) if stop - start >= 2 else None
