"""The layers of the common grid as a cloud-optimised GeoTIFF (extra ``geo``)."""

import importlib.util
import math
from pathlib import Path

import numpy as np

from openiads.coverage.value import Coverage

ABSENT = "coverage.tif was not written: it needs the extra 'geo': uv sync --extra geo (or: pip install 'openiads[geo]')"


def is_possible() -> bool:
    """Whether the extra that writes rasters is installed."""
    return importlib.util.find_spec("rasterio") is not None


def write(coverage: Coverage, path: Path) -> None:
    """Write every layer as a band, with all assumptions as tags, on a plane of equal distances about the centre."""
    from rasterio import Affine
    from rasterio.io import MemoryFile
    from rasterio.shutil import copy

    grid = coverage.grid
    if grid is None or not grid.layers:
        return
    step_m = float(grid.axis_m[1] - grid.axis_m[0])
    lat, lon = (math.degrees(angle) for angle in grid.centre)
    corner = float(grid.axis_m[0]) - 0.5 * step_m, float(grid.axis_m[-1]) + 0.5 * step_m
    shape = {"height": grid.axis_m.size, "width": grid.axis_m.size, "count": len(grid.layers), "dtype": "uint16"}
    crs = f"+proj=aeqd +lat_0={lat!r} +lon_0={lon!r} +datum=WGS84 +units=m +no_defs"
    tags = {
        "openiads_scenario": coverage.scenario, "openiads_assumptions": "; ".join(coverage.assumptions),
        "openiads_sources": ", ".join(coverage.sources), "openiads_digest": coverage.digest, "openiads_rerun": coverage.rerun,
    }  # fmt: skip
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", crs=crs, transform=Affine(step_m, 0.0, corner[0], 0.0, -step_m, corner[1]), tiled=True,
            interleave="band", **shape,
        ) as raster:  # fmt: skip
            raster.update_tags(**tags)
            for band, layer in enumerate(grid.layers, 1):
                raster.write(np.flipud(layer.values).astype(np.uint16), band)
                raster.set_band_description(band, layer.name)
                raster.update_tags(band, words=layer.words)
        copy(memory.name, str(path), driver="COG", compress="deflate", level=1, overview_resampling="nearest", num_threads=2)
