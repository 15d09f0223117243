"""The process that opens a GeoTIFF: bounded in memory, with the one driver allowed, blind to the files beside it.

It prints one line of JSON: either ``{"refused": sentence}`` or the position of the grid that it has written as ``.npy``.
"""

import json
import math
import sys
from typing import Any

VOID = -32768.0
EARTH_M = 6371000.0
_FEET = {"ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us survey foot": 1200.0 / 3937.0, "us-ft": 1200.0 / 3937.0}
_METRES = {"", "m", "metre", "meter", "metres", "meters"}


class RefusedError(Exception):
    """The file cannot be terrain; the message says why and what to do."""


def main() -> int:
    """Read what the command line's JSON asks for."""
    task = json.loads(sys.argv[1])
    _limit_memory(task["memory_bytes"])
    try:
        answer = _read(task)
    except RefusedError as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        answer = {"refused": "needs more memory than a terrain file may take: cut it to the region or take a coarser one"}
    print(json.dumps(answer))  # noqa: T201
    return 0


def _limit_memory(most_bytes: int) -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


def _read(task: dict[str, Any]) -> dict[str, Any]:
    import rasterio
    from rasterio.errors import RasterioError

    options = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO", "GDAL_HTTP_MAX_RETRY": "0", "PROJ_NETWORK": "OFF"}
    try:
        with rasterio.Env(**options), rasterio.open(task["path"], driver="GTiff", sharing=False) as source:
            return _read_open(source, task)
    except RasterioError as error:
        raise RefusedError(f"cannot be read as GeoTIFF ({error}): it is damaged or cut short, fetch it again") from error


def _read_open(source: Any, task: dict[str, Any]) -> dict[str, Any]:
    import numpy as np

    most = task["most_cells"]
    item_bytes = np.dtype(source.dtypes[0]).itemsize
    block = max(int(rows) * int(columns) for rows, columns in source.block_shapes)
    if task["bounds_deg"] is None or block > most:
        _check_size(max(source.height, block // source.width), source.width, item_bytes, most)
    if source.count != 1:
        raise RefusedError(f"holds {source.count} bands: an elevation file holds one, pictures are no terrain")
    if source.dtypes[0].startswith("complex"):
        raise RefusedError("holds complex numbers: an elevation file holds heights in metres")
    if source.crs is None or source.transform.is_identity:
        raise RefusedError("does not say where it lies (no georeference): write it again with gdal_translate -a_srs ... -a_ullr ...")
    vertical, unit_m = _vertical(source)
    scale, offset = unit_m * source.scales[0], unit_m * source.offsets[0]
    with _north_up(source) as grid:
        window = _window(grid, task["bounds_deg"])
        if window is None:
            return {"outside": True}
        _check_size(int(window.height), int(window.width), item_bytes, most)
        heights = grid.read(1, window=window, out_dtype="float32")
        nodata = grid.nodata
        transform = grid.window_transform(window)
    void = ~np.isfinite(heights) if nodata is None else ~np.isfinite(heights) | (heights == np.float32(nodata))
    np.multiply(heights, np.float32(scale), out=heights)
    heights += np.float32(offset)
    heights[void] = np.nan
    np.save(task["out"], heights)
    return {
        "lat0_deg": transform.f + 0.5 * transform.e,
        "lon0_deg": transform.c + 0.5 * transform.a,
        "lat_step_deg": transform.e,
        "lon_step_deg": transform.a,
        "vertical": vertical,
    }


def _check_size(rows: int, columns: int, item_bytes: int, most: int) -> None:
    if rows * columns > most:
        raise RefusedError(
            f"announces {rows:,} x {columns:,} cells, {rows * columns * item_bytes / 1e9:,.1f} GB; at most {most:,} cells are read: "
            "cut it to the region, take a coarser one (90 m is enough), or check that it is whole"
        )


def _vertical(source: Any) -> tuple[str, float]:
    """Return what the file says of its heights, and the metres in their unit."""
    from pyproj import CRS

    crs = CRS.from_wkt(source.crs.to_wkt())
    if not crs.is_compound and crs.is_geographic and len(crs.axis_info) == 3:
        raise RefusedError("gives heights above the ellipsoid, not above sea level: convert them first (gdalwarp -t_srs EPSG:4326+5773)")
    words, unit = "taken as above mean sea level", ""
    heights = [part for part in crs.sub_crs_list if part.is_vertical]
    if heights:
        words, unit = f"above {heights[0].name}", heights[0].axis_info[0].unit_name.lower()
        if "ellipsoid" in heights[0].name.lower():
            raise RefusedError(
                "gives heights above the ellipsoid, not above sea level: convert them first (gdalwarp -t_srs EPSG:4326+5773)"
            )
    unit = (source.units[0] or unit).strip().lower()
    if unit in _METRES:
        return words, 1.0
    if unit in _FEET:
        return f"{words}, from feet", _FEET[unit]
    raise RefusedError(f"gives heights in {unit!r}: convert them to metres")


def _north_up(source: Any) -> Any:
    """Return the dataset itself, or its view in WGS84 latitude and longitude at the same spacing on the ground."""
    from pyproj import CRS
    from rasterio import Affine
    from rasterio.enums import Resampling
    from rasterio.vrt import WarpedVRT
    from rasterio.warp import transform_bounds

    crs = CRS.from_wkt(source.crs.to_wkt()).to_2d()
    flat = crs.sub_crs_list[0] if crs.is_compound else crs
    straight = source.transform.b == 0.0 and source.transform.d == 0.0
    if flat.equals(CRS.from_epsg(4326), ignore_axis_order=True) and straight:
        return source
    west, south, east, north = transform_bounds(flat.to_wkt(), "EPSG:4326", *source.bounds, densify_pts=51)
    lat_step, lon_step = _steps_deg(source, flat, 0.5 * (south + north))
    width, height = math.ceil((east - west) / lon_step), math.ceil((north - south) / lat_step)
    return WarpedVRT(
        source,
        src_crs=flat.to_wkt(),
        crs="EPSG:4326",
        transform=Affine(lon_step, 0.0, west, 0.0, -lat_step, north),
        width=width,
        height=height,
        resampling=Resampling.bilinear,
        src_nodata=source.nodata,
        nodata=VOID,
        dtype="float32",
        warp_mem_limit=64,
    )


def _steps_deg(source: Any, crs: Any, middle_deg: float) -> tuple[float, float]:
    """Return steps in latitude and longitude as fine as the file's own, which is measured at the centre of the file."""
    a, b, _, d, e, _ = source.transform[:6]
    across, down = math.hypot(a, d), math.hypot(b, e)
    if crs.is_geographic:
        return down, across
    metres = crs.axis_info[0].unit_conversion_factor
    return math.degrees(down * metres / EARTH_M), math.degrees(across * metres / EARTH_M / math.cos(math.radians(middle_deg)))


def _window(grid: Any, bounds_deg: list[float] | None) -> Any:
    """Return the window that covers the bounds, a node wider, or None where they do not meet."""
    from rasterio.windows import Window

    if bounds_deg is None:
        return Window(0, 0, grid.width, grid.height)
    south, west, north, east = bounds_deg
    place = grid.transform
    turns = round((0.5 * (west + east) - place.c) / 360.0)
    c0, c1 = sorted((lon - 360.0 * turns - place.c) / place.a for lon in (west, east))
    r0, r1 = sorted((lat - place.f) / place.e for lat in (north, south))
    first_c, last_c = max(0, int(c0) - 2), min(grid.width, int(c1) + 3)
    first_r, last_r = max(0, int(r0) - 2), min(grid.height, int(r1) + 3)
    if last_c - first_c < 2 or last_r - first_r < 2:
        return None
    return Window(first_c, first_r, last_c - first_c, last_r - first_r)


if __name__ == "__main__":
    sys.exit(main())
