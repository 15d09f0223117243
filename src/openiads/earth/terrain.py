"""Terrain from files: tiles read, laid on one grid, voids filled; what no file covers is sea.  Without files the earth is smooth."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from openiads.earth.grid import Terrain as Terrain
from openiads.earth.grid import smooth as smooth
from openiads.earth.tiles import MOST_CELLS, Bounds, Tile, check_size, cropped, read_hgt, read_npz, without_nonsense
from openiads.errors import UserError
from openiads.kernel import Singles


def read(paths: str | Path | Iterable[str | Path], bounds: Bounds | None = None) -> Terrain:
    """Read terrain from elevation files.

    Parameters
    ----------
    paths : path or iterable of paths
        GeoTIFF or COG (``.tif``, extra `geo`), SRTM tiles (``.hgt``) and grids (``.npz``) that together cover the region; earlier
        files win where they overlap; no file at all gives the smooth earth.
    bounds : Bounds, optional
        The part that is wanted; the rest of large files is not kept. [deg]

    Returns
    -------
    Terrain
        One grid with the finest step of the files. Voids are filled along rows and counted in ``void_share``; what no file
        covers is sea and counted in ``missing_share``.

    Raises
    ------
    UserError
        A file that is absent, cut short, too large, void, without georeference, above another datum or of an unknown kind; a
        region that no file covers.

    Limits
    ------
    Heights are taken above mean sea level as stated by the file; the difference between geoids (below 2 m) is neglected.
    """
    names = [_on_this_machine(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]
    if not names:
        return smooth()
    tiles: list[Tile] = []
    for path in names:
        tile = read_tile(path, bounds)
        part = cropped(tile, bounds) if tile is not None else None
        if part is not None:
            tiles.append(without_nonsense(part))
        if sum(tile.heights_amsl_m.size for tile in tiles) > MOST_CELLS:
            raise UserError(f"{path}: with this file the terrain exceeds {MOST_CELLS:,} cells: leave tiles out, or take coarser ones")
    if not tiles:
        raise UserError(f"none of the terrain files ({names[0]}, ...) covers {bounds}: give the tiles of that region")
    return lay(tiles)


def _on_this_machine(path: str | Path) -> Path:
    if ":/" in str(path).replace("\\", "/")[2:] or str(path).startswith("/vsi"):
        raise UserError(f"{path}: terrain is read from files on this machine only: download it first")
    return Path(path)


def read_tile(path: Path, bounds: Bounds | None = None) -> Tile | None:
    """Read one elevation file, voids and all; None where a GeoTIFF lies off the bounds."""
    if not path.is_file():
        raise UserError(f"{path}: there is no such terrain file: check its name and folder")
    kind = path.suffix.lower()
    if kind == ".hgt":
        return read_hgt(path)
    if kind == ".npz":
        return read_npz(path)
    if kind in {".tif", ".tiff"}:
        from openiads.earth.geotiff import read_geotiff

        return read_geotiff(path, bounds)
    raise UserError(f"{path}: terrain files end in .tif, .tiff, .hgt or .npz, not in {kind or 'nothing'}: convert it to GeoTIFF")


def lay(tiles: Sequence[Tile]) -> Terrain:
    """Lay tiles on one grid of the finest step, south to north and west to east as the first tile has them."""
    first = tiles[0]
    lat_step = math.copysign(min(abs(tile.lat_step_deg) for tile in tiles), first.lat_step_deg)
    lon_step = math.copysign(min(abs(tile.lon_step_deg) for tile in tiles), first.lon_step_deg)
    if len(tiles) == 1:
        grid, missing = first.heights_amsl_m, 0.0
        lat0, lon0 = first.lat0_deg, first.lon0_deg
    else:
        lat0, rows = _extent([(t.lat0_deg, t.lat_step_deg, t.heights_amsl_m.shape[0]) for t in tiles], lat_step)
        turned = [t.lon0_deg - 360.0 * round((t.lon0_deg - first.lon0_deg) / 360.0) for t in tiles]
        lon0, columns = _extent([(w, t.lon_step_deg, t.heights_amsl_m.shape[1]) for w, t in zip(turned, tiles, strict=True)], lon_step)
        check_size(Path(first.name), rows, columns)
        grid = np.full((rows, columns), np.inf, np.float32)
        for west, tile in zip(reversed(turned), reversed(tiles), strict=True):
            _put(grid, tile, (tile.lat0_deg - lat0) / lat_step, (west - lon0) / lon_step, lat_step, lon_step)
        gap = np.isposinf(grid)
        missing = float(np.mean(gap))
        grid[gap] = 0.0
    filled, void = fill_voids(grid)
    name = first.name if len(tiles) == 1 else f"{first.name} and {len(tiles) - 1} more"
    vertical = " and ".join(sorted({tile.vertical for tile in tiles}))
    return Terrain(filled, lat0, lon0, lat_step, lon_step, name, vertical, void, missing)


def _extent(spans: list[tuple[float, float, int]], step_deg: float) -> tuple[float, int]:
    """Return first node and number of nodes of the axis that holds all spans (first, step, count)."""
    ends = [value for first, step, count in spans for value in (first, first + step * (count - 1))]
    start, stop = (min(ends), max(ends)) if step_deg > 0.0 else (max(ends), min(ends))
    return start, round((stop - start) / step_deg) + 1


def _put(grid: Singles, tile: Tile, row: float, column: float, lat_step: float, lon_step: float) -> None:
    """Copy a tile whose nodes fall on those of the grid, resample any other; voids do not cover what lies there."""
    rows, columns = tile.heights_amsl_m.shape
    r, c = round(row), round(column)
    same = abs(tile.lat_step_deg - lat_step) + abs(tile.lon_step_deg - lon_step) < 1e-6 * abs(lat_step)
    if same and max(abs(row - r), abs(column - c)) < 0.01:
        part = grid[r : r + rows, c : c + columns]
        found = tile.heights_amsl_m[: part.shape[0], : part.shape[1]]
    else:
        north, south = sorted((row, row + (rows - 1) * tile.lat_step_deg / lat_step))
        west, east = sorted((column, column + (columns - 1) * tile.lon_step_deg / lon_step))
        r0, r1 = math.ceil(north - 1e-6), math.floor(south + 1e-6) + 1
        c0, c1 = math.ceil(west - 1e-6), math.floor(east + 1e-6) + 1
        part = grid[r0:r1, c0:c1]
        at_row = (np.arange(r0, r0 + part.shape[0]) - row) * lat_step / tile.lat_step_deg
        at_column = (np.arange(c0, c0 + part.shape[1]) - column) * lon_step / tile.lon_step_deg
        found = _resampled(tile.heights_amsl_m, at_row, at_column)
    np.copyto(part, found, where=np.isposinf(part) | np.isfinite(found))


def _resampled(heights: Singles, rows: np.ndarray, columns: np.ndarray) -> Singles:
    """Return bilinear heights at fractional rows and columns; a void neighbour makes a void."""
    r = np.clip(rows.astype(np.int64), 0, heights.shape[0] - 2)
    c = np.clip(columns.astype(np.int64), 0, heights.shape[1] - 2)
    y, x = np.clip(rows - r, 0.0, 1.0)[:, None], np.clip(columns - c, 0.0, 1.0)[None, :]
    upper = heights[np.ix_(r, c)] * (1.0 - x) + heights[np.ix_(r, c + 1)] * x
    lower = heights[np.ix_(r + 1, c)] * (1.0 - x) + heights[np.ix_(r + 1, c + 1)] * x
    return np.asarray(upper * (1.0 - y) + lower * y, np.float32)


def fill_voids(heights: Singles) -> tuple[Singles, float]:
    """Fill voids along each row between the nearest heights, rows without any from the nearest row; return their share too."""
    void = np.isnan(heights)
    share = float(np.mean(void))
    if share == 0.0:
        return heights, 0.0
    filled = heights.copy()
    held = ~void.all(axis=1)
    columns = np.arange(heights.shape[1])
    for row in np.flatnonzero(void.any(axis=1) & held):
        good = ~void[row]
        filled[row, ~good] = np.interp(columns[~good], columns[good], heights[row, good])
    kept = np.flatnonzero(held)
    for row in np.flatnonzero(~held):
        filled[row] = filled[kept[np.argmin(np.abs(kept - row))]]
    return filled, share
