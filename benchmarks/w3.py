"""W3: the terrain mask of one radar out to 400 km, all target heights at once, beside GDAL's viewshed on the same heights.

What is equal: the array of heights, 100 m between nodes, the antenna 20 m over the same node, the drop of the refracted earth
(GDAL's coefficient is its own diameter over k times ours) and the machine, one core each. What is not: GDAL takes the nodes as
metres on an azimuthal-equidistant plane around the antenna and carries a reference plane over its square cells; the mask takes
them as degrees, walks geodesics and samples bilinearly. GDAL's time is that of its command with reading and writing a file,
in memory where the system offers that; it is divided by all cells of its raster. Both times are those of the processor, so that
other work on the machine counts for neither; the clock on the wall stands beside ours.
"""

import math
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from openiads.earth.geodesy import MEAN_RADIUS_M, SEMI_MAJOR_AXIS_M
from openiads.earth.mask import Mask, mask
from openiads.earth.refraction import STANDARD_K
from openiads.earth.terrain import Terrain

POSTING_M = 100.0
RANGE_M = 400_000.0
ANTENNA_M = 20.0
LAT_DEG, LON_DEG = 54.0, 28.0
AIM_S, AIM_RATIO, AIM_EIGHT = 1.0, 0.8, 2.0
LEAST_CELLS, LEAST_NODES = 50_000_000, 8_000
PLANE = f"+proj=aeqd +lat_0={LAT_DEG} +lon_0={LON_DEG} +datum=WGS84 +units=m +no_defs"


def heights() -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return 8,449 x 8,449 heights of rough ground, 0 to some hundred metres: random midpoints, always the same."""
    draw = np.random.Generator(np.random.Philox(key=3))
    ground = draw.normal(0.0, 120.0, (67, 67)).astype(np.float32)
    rough_m = 60.0
    for _ in range(7):
        n = 2 * ground.shape[0] - 1
        finer = np.empty((n, n), np.float32)
        finer[::2, ::2] = ground
        finer[1::2, ::2] = 0.5 * (ground[:-1] + ground[1:])
        finer[:, 1::2] = 0.5 * (finer[:, :-2:2] + finer[:, 2::2])
        finer += draw.standard_normal((n, n), np.float32) * np.float32(rough_m)
        ground, rough_m = finer, 0.5 * rough_m
    return np.clip(ground + np.float32(300.0), 0.0, None)


def terrain(ground: np.ndarray[Any, np.dtype[np.float32]]) -> Terrain:
    """Lay the heights over latitude and longitude, a node every 100 m at the antenna's latitude, antenna on the middle node."""
    lat_step = math.degrees(POSTING_M / MEAN_RADIUS_M)
    lon_step = lat_step / math.cos(math.radians(LAT_DEG))
    half = ground.shape[0] // 2
    return Terrain(ground, LAT_DEG + half * lat_step, LON_DEG - half * lon_step, -lat_step, lon_step, "random midpoints")


def ours(land: Terrain) -> tuple[Mask, float, float, float]:
    """Return the mask, the time of the first call, the best of ten later ones that fill the same array, and its processor time. [s]"""
    bearings = math.ceil(2.0 * math.pi * RANGE_M / POSTING_M)
    out = np.empty((bearings, round(RANGE_M / POSTING_M) + 1), np.float32)
    times, busy = [], []
    for _ in range(11):
        start, start_busy = time.perf_counter(), time.thread_time()
        found = mask(land, (math.radians(LAT_DEG), math.radians(LON_DEG)), ANTENNA_M, max_range_m=RANGE_M, step_m=POSTING_M, out=out)
        times.append(time.perf_counter() - start)
        busy.append(time.thread_time() - start_busy)
    return found, times[0], min(times[1:]), min(busy[1:])


def gdal(ground: np.ndarray[Any, np.dtype[np.float32]], folder: Path, *options: str) -> tuple[float, int]:
    """Return the processor time of one run of `gdal_viewshed` [s] and the number of cells of its raster."""
    target = folder / "seen.tif"
    reach = str(round(RANGE_M))
    curvature = SEMI_MAJOR_AXIS_M / (STANDARD_K * MEAN_RADIUS_M)
    place = ["-ox", str(-0.25 * POSTING_M), "-oy", str(0.25 * POSTING_M), "-oz", str(ANTENNA_M)]
    words = ["gdal_viewshed", "-q", "-md", reach, "-cc", str(curvature), *place, *options, str(folder / "ground.img"), str(target)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    target.unlink()
    across = min(ground.shape[0], 2 * round(RANGE_M / POSTING_M) + 1)
    return taken_s, across * across


def write_ground(ground: np.ndarray[Any, np.dtype[np.float32]], folder: Path) -> None:
    """Write the heights as plain bytes with the header that GDAL's ENVI driver reads."""
    from pyproj import CRS

    ground.tofile(folder / "ground.img")
    n = ground.shape[0]
    corner = (n // 2 + 0.5) * POSTING_M
    (folder / "ground.hdr").write_text(
        f"ENVI\nsamples = {n}\nlines = {n}\nbands = 1\nheader offset = 0\nfile type = ENVI Standard\ndata type = 4\n"
        f"interleave = bsq\nbyte order = 0\nmap info = {{local, 1, 1, {-corner}, {corner}, {POSTING_M}, {POSTING_M}}}\n"
        f"coordinate system string = {{{CRS.from_proj4(PLANE).to_wkt('WKT1_ESRI')}}}\n"
    )


def peer(ground: np.ndarray[Any, np.dtype[np.float32]]) -> dict[str, Any] | None:
    """Return GDAL's times for all heights and for one height, or None where GDAL is absent."""
    if shutil.which("gdal_viewshed") is None:
        return None
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        folder = Path(name)
        write_ground(ground, folder)
        all_heights_s, cells = min(gdal(ground, folder, "-om", "GROUND") for _ in range(2))
        one_height_s, _ = gdal(ground, folder, "-tz", "50")
    version = subprocess.run(["gdalinfo", "--version"], capture_output=True, text=True, check=False).stdout.split(",")[0]
    return {"name": f"gdal_viewshed of {version}", "all_heights_s": all_heights_s, "one_height_s": one_height_s, "cells": cells}


def measure() -> dict[str, Any]:
    """Return the record of W3."""
    ground = heights()
    found, first_s, best_s, busy_s = ours(terrain(ground))
    low = found.lowest_visible_height_agl_m
    other = peer(ground)
    hidden = float(np.mean(low[::50] > 50.0))
    load = {"cells": low.size, "bearings": low.shape[0], "ranges": low.shape[1], "nodes": list(ground.shape), "hidden_at_50_m": hidden}
    record: dict[str, Any] = {
        "work": "W3",
        "figure": busy_s,
        "unit": "s",
        "aim": AIM_S,
        "first_call_s": first_s,
        "wall_s": best_s,
        "other_load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "peer": None,
        "ratio": None,
        "load": load,
    }
    right = low.size >= LEAST_CELLS and min(ground.shape) >= LEAST_NODES and 0.05 < hidden < 0.999
    if other is None:
        return record | {"holds": False, "reason": "gdal_viewshed is not installed (package gdal-bin): nothing to compare with"}
    ratio = (other["all_heights_s"] / other["cells"]) / (busy_s / low.size)
    eight = 8.0 * other["one_height_s"] / busy_s
    holds = right and busy_s <= AIM_S and ratio >= AIM_RATIO and eight >= AIM_EIGHT
    return record | {"peer": other, "ratio": ratio, "eight_heights_ratio": eight, "holds": holds}
