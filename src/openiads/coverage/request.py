"""What was asked of coverage, checked: heights, classes, products, and how fine the grid may be."""

import math
from collections.abc import Sequence
from pathlib import Path

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import TargetSpec
from openiads.coverage.value import PRODUCTS, Height
from openiads.errors import UserError

DEFAULT_CLASSES = ("cruise-missile-subsonic", "low-observable-fighter", "civil-airliner")
DEFAULT_HEIGHTS = (Height(50.0), Height(300.0), Height(1_000.0), Height(9_000.0), Height(11_000.0))
LEAST_SAMPLES = 100
HIGHEST_M = 100e3
MOST_PAIRS = 400  # of class and height
MOST_PRODUCT_CELLS = 60_000_000  # grid cells over all classes and heights; the grid is coarsened beyond
LEAST_GRID_CELLS = 10_000
BYTES_PER_PRODUCT_CELL = 6


def heights_of(asked: Sequence[Height]) -> tuple[Height, ...]:
    """Return the heights asked for, the usual ones when none is.

    Raises
    ------
    UserError : a height that is no number, below ground, or beyond what is modelled.
    """
    for height in asked:
        if not math.isfinite(height.value_m) or height.value_m < 0.0:
            raise UserError(
                f"cover: a height of {height.value_m:g} m {height.datum} lies below ground: give 0 m or more, such as 50m or 9km-amsl"
            )
        if height.value_m > HIGHEST_M:
            raise UserError(f"cover: a height of {height.value_m:g} m is beyond what is modelled: give at most 100 km")
    return tuple(dict.fromkeys(asked)) or DEFAULT_HEIGHTS


def classes_of(asked: Sequence[str], catalogue: Catalogue) -> list[TargetSpec]:
    """Return the target classes asked for, the usual ones when none is.

    Raises
    ------
    UserError : a name that is not a class.
    """
    names = tuple(dict.fromkeys(asked)) or DEFAULT_CLASSES
    for name in names:
        if name not in catalogue.targets:
            raise UserError(f"cover: {name!r} is not a class of the catalogue; there are {', '.join(sorted(catalogue.targets))}")
    return [catalogue.target(name) for name in names]


def products_of(asked: Sequence[str]) -> tuple[str, ...]:
    """Return the products asked for, all when none is.

    Raises
    ------
    UserError : a name that is not a product.
    """
    for name in asked:
        if name not in PRODUCTS:
            raise UserError(f"cover: {name!r} is not a product; there are {', '.join(PRODUCTS)}")
    return tuple(asked) or PRODUCTS


def grid_cells(pairs: int) -> int:
    """Return how many cells the common grid may have for so many pairs of class and height.

    Raises
    ------
    UserError : more pairs than can be covered at once, or less memory than the grids need.
    """
    if pairs > MOST_PAIRS:
        raise UserError(
            f"cover: {pairs} pairs of class and height were asked for at once; at most {MOST_PAIRS}: "
            "ask for fewer with --target and --altitude, in several runs"
        )
    cells = max(MOST_PRODUCT_CELLS // pairs, LEAST_GRID_CELLS)
    free = _free_bytes()
    if free is not None and free < 3e8:
        raise UserError(f"cover: {free / 1e6:.0f} MB of memory are free and about 300 MB are needed at the least: close other programs")
    if free is not None:
        cells = min(cells, max(int((free - 2e8) / (BYTES_PER_PRODUCT_CELL * pairs)), LEAST_GRID_CELLS))
    return cells


def _free_bytes() -> float | None:
    """Memory that can be had without swapping, where the system tells."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(1024.0 * float(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        return None
