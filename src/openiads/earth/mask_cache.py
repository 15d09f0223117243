"""Masks kept on disk, under a digest of the terrain and of everything else that they depend on."""

import hashlib
import os
import tempfile
import zipfile
from functools import partial
from pathlib import Path

import numpy as np

from openiads.earth.grid import Terrain
from openiads.earth.mask import Mask, Screen, frozen, mask
from openiads.earth.refraction import STANDARD_K
from openiads.kernel import cache_root, source_digest

MOST_BYTES = 4 * 2**30


def cached_mask(
    terrain: Terrain,
    site: tuple[float, float],
    antenna_m: float,
    *,
    max_range_m: float,
    k: float = STANDARD_K,
    screen: Screen | None = None,
    step_m: float = 100.0,
    bearings: int | None = None,
    with_ground: bool = False,
) -> Mask:
    """Return `openiads.earth.mask.mask` of the same arguments, from disk where it was made before.

    Masks over smooth earth cost nothing and are not kept. The oldest are removed when all together exceed 4 GiB. A file that
    cannot be read or written costs only time.
    """
    fresh = partial(
        mask, terrain, site, antenna_m, max_range_m=max_range_m, k=k, screen=screen, step_m=step_m, bearings=bearings,
        with_ground=with_ground,
    )  # fmt: skip
    root = cache_root()
    if terrain.is_smooth or root is None:
        return fresh()
    choices = (terrain.digest, site, antenna_m, max_range_m, k, screen and tuple(screen), step_m, bearings, with_ground, _code())
    path = root / "masks" / f"{hashlib.sha256(repr(choices).encode()).hexdigest()}.npz"
    found = _load(path)
    if found is None:
        found = fresh()
        _save(path, found)
    return found


def _code() -> str:
    """Return a digest of the code that makes masks, so that an edited model is never served an old mask."""
    from openiads.earth import mask as module

    return source_digest(Path(module.__file__), module.__name__)


def _load(path: Path) -> Mask | None:
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            steps = file["steps"]
            found = Mask(frozen(file["low"]), float(steps[0]), float(steps[1]), float(steps[2]), frozen(file["ground"]))
        os.utime(path)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return found


def _save(path: Path, made: Mask) -> None:
    """Write under another name and rename, so that nobody ever reads half a mask."""
    steps = np.array([made.bearing_step_rad, made.range_step_m, made.antenna_amsl_m])
    part = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as stream:
            part = Path(stream.name)
            np.savez(stream, low=made.lowest_visible_height_agl_m, ground=made.ground_amsl_m, steps=steps)
        part.replace(path)
        _prune(path.parent)
    except OSError:
        if part is not None:
            part.unlink(missing_ok=True)


def _prune(folder: Path) -> None:
    kept = sorted(((file.stat().st_mtime_ns, file.stat().st_size, file) for file in folder.glob("*.npz")), reverse=True)
    total = 0
    for _, size, file in kept:
        total += size
        if total > MOST_BYTES:
            file.unlink(missing_ok=True)
