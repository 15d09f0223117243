"""The verb ``cover``: options to the answer in JSON, with the files of its folder."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from openiads import units
from openiads.coverage.compare import Other, with_added
from openiads.coverage.files import write, write_raster
from openiads.coverage.rings import PERIMETER_M, cover
from openiads.coverage.scene import figures_of
from openiads.coverage.value import Height
from openiads.errors import UserError
from openiads.results.folder import explained

Told = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """The options of the verb, as written."""

    scenario: str
    altitudes: Sequence[str] = ()
    targets: Sequence[str] = ()
    products: Sequence[str] = ()
    course_deg: float | None = None
    terrain: Sequence[str] = ()
    sets: Sequence[str] = ()
    jamming: str = "none"
    perimeter: str | None = None
    adds: Sequence[str] = ()
    versus: str | None = None
    versus_sets: Sequence[str] = ()

    @property
    def words(self) -> str:
        """Return the command that asks for this again."""
        options = [("--altitude", self.altitudes), ("--target", self.targets), ("--product", self.products), ("--terrain", self.terrain)]
        options += [("--set", self.sets), ("--add", self.adds), ("--versus-set", self.versus_sets)]
        options += [("--course", [] if self.course_deg is None else [f"{self.course_deg:g}"])]
        options += [("--jamming", [] if self.jamming == "none" else [self.jamming]), ("--perimeter", [self.perimeter or ""])]
        options += [("--versus", [self.versus or ""])]
        parts = [f"{name} {_quoted(value)}" for name, values in options for value in values if value]
        return " ".join([f"openiads cover {self.scenario}", *parts])


def _quoted(value: str) -> str:
    return value if value and all(one.isalnum() or one in "._-/:=,@%+" for one in value) else "'" + value.replace("'", "'\\''") + "'"


def command(asked: Asked, out: Path | str | None = None, samples: int = 128, told: Told = lambda words: None) -> dict[str, Any]:
    """Compute coverage and write its folder.

    Parameters
    ----------
    asked : the options
    out : folder; ``coverage-NAME`` in the working folder when left out
    samples : of the unknown figures
    told : is given lines of progress

    Returns
    -------
    dict : the answer of ``--json``, with ``notes`` for what could not be written

    Raises
    ------
    UserError : what was asked for cannot be done.
    """
    from openiads.earth import terrain as ground
    from openiads.scenario import read

    scenario = read(asked.scenario, tuple(asked.sets))
    heights = [height(one) for one in asked.altitudes]
    laid = ground.read([Path(one) for one in asked.terrain]) if asked.terrain else None
    course = None if asked.course_deg is None else math.radians(asked.course_deg)
    perimeter_m = PERIMETER_M if asked.perimeter is None else _length(asked.perimeter)
    others = [with_added(scenario, one, figures_of(scenario, None)) for one in asked.adds]
    if asked.versus is not None or asked.versus_sets:
        second = read(asked.versus or asked.scenario, (*asked.sets, *asked.versus_sets) if asked.versus is None else asked.versus_sets)
        words = second.name if asked.versus is not None else scenario.name
        others.append(Other(f"{words}{''.join(f' with {one}' for one in asked.versus_sets)}", second))
    made = cover(
        scenario, heights, asked.targets, asked.products, course, laid, samples, told=told, jamming=asked.jamming,
        perimeter_m=perimeter_m, others=others,
    )  # fmt: skip
    made = replace(made, rerun=asked.words)
    folder = Path(out) if out is not None else Path(f"coverage-{scenario.name}")
    told("writing files and maps")
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(1) as beside:  # the raster is packed outside the interpreter lock while pictures are drawn
            packed = beside.submit(write_raster, made, folder)
            files = write(made, folder) + import_module("openiads.show.maps").write(made, folder)
            raster, notes = packed.result()
        files += raster
    answer = made.to_json()
    return answer | {"files": [str(folder / name) for name in files], "notes": notes, "folder": str(folder)}


def height(written: str) -> Height:
    """Return a height from words such as ``50m``, ``9km-amsl`` or ``300 m agl``.

    Raises
    ------
    UserError : not a height, or one below ground.
    """
    words = written.strip().replace("-amsl", " amsl").replace("-agl", " agl").split()
    datum = words.pop() if words and words[-1] in ("agl", "amsl") else "agl"
    try:
        value = units.parse_quantity(" ".join(words), "height" if " ".join(words).startswith("-") else "length")
    except UserError as error:
        raise UserError(f"--altitude {written!r} is not a height: write 50m (above ground) or 9km-amsl") from error
    if value < 0.0:
        raise UserError(f"--altitude {written!r} lies below ground: give 0 m or more")
    return Height(float(value), datum)


def _length(written: str) -> float:
    try:
        return float(units.parse_quantity(written, "length"))
    except UserError as error:
        raise UserError(f"--perimeter {written!r} is not a distance: write 30km") from error
