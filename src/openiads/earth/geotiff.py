"""GeoTIFF terrain (extra `geo`): checked by its first bytes, then opened by a process of its own with bounded memory and time."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from openiads.earth.tiles import MOST_CELLS, Bounds, Tile
from openiads.errors import UserError

LONGEST_S = 120.0
MEMORY_BYTES = 4 * 2**30
_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def read_geotiff(path: Path, bounds: Bounds | None = None) -> Tile | None:
    """Read a GeoTIFF or COG in any reference system as a grid of WGS84 latitude and longitude.

    Parameters
    ----------
    path : Path
        The file.
    bounds : Bounds, optional
        The part that is wanted. [deg]

    Returns
    -------
    Tile or None
        Its heights, voids as not-a-number; None where it does not meet the bounds.

    Raises
    ------
    UserError
        The extra is missing, or the file is no TIFF, damaged, too large, a picture, without georeference or above an ellipsoid.

    Limits
    ------
    Files in another reference system are resampled bilinearly. One band, at most 250 million cells, 4 GiB and 2 minutes.
    """
    with path.open("rb") as stream:
        start = stream.read(16)
    if not start.startswith(_MAGIC):
        raise UserError(f"{path}: this is not a TIFF file (it starts with {start[:12]!r}): only real GeoTIFF is opened, no virtual rasters")
    if importlib.util.find_spec("rasterio") is None:
        raise UserError(
            f"{path}: reading GeoTIFF needs the extra 'geo': install it with: uv sync --extra geo (or: pip install 'openiads[geo]')"
        )
    with tempfile.TemporaryDirectory(prefix="openiads-") as folder:
        out = Path(folder) / "heights.npy"
        answer = _ask(path, out, bounds)
        if answer.get("outside"):
            return None
        heights = np.load(out, allow_pickle=False)
    place = {key: float(answer[key]) for key in ("lat0_deg", "lon0_deg", "lat_step_deg", "lon_step_deg")}
    return Tile(heights, name=path.name, vertical=str(answer["vertical"]), **place)


def _ask(path: Path, out: Path, bounds: Bounds | None) -> dict[str, Any]:
    """Have the worker read the file, and turn every failure into a sentence."""
    task = {
        "path": str(path.resolve()),
        "out": str(out),
        "most_cells": MOST_CELLS,
        "memory_bytes": MEMORY_BYTES,
        "bounds_deg": list(bounds) if bounds is not None else None,
    }
    words = [sys.executable, "-m", "openiads.earth.geotiff_worker", json.dumps(task)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "GDAL_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=LONGEST_S, env=environment, check=False)
    except subprocess.TimeoutExpired as error:
        raise UserError(f"{path}: reading it took more than {LONGEST_S:.0f} s: cut it to the region or take a coarser one") from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError) as error:
        told = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise UserError(f"{path}: the reader of GeoTIFF stopped ({told[0]}): the file is damaged, or too large for this machine") from error
    if "refused" in answer:
        raise UserError(f"{path}: {answer['refused']}")
    return answer
