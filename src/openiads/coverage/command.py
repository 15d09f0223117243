"""The verb ``cover``: options to the answer in JSON, with the files of its folder."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from openiads import units
from openiads.coverage.files import write
from openiads.coverage.rings import cover
from openiads.coverage.value import Coverage, Height
from openiads.errors import UserError

Told = Callable[[str], None]


def command(
    scenario: str,
    altitudes: Sequence[str] = (),
    targets: Sequence[str] = (),
    products: Sequence[str] = (),
    course_deg: float | None = None,
    terrain: Sequence[str] = (),
    sets: Sequence[str] = (),
    out: Path | str | None = None,
    samples: int = 128,
    told: Told = lambda words: None,
) -> dict[str, Any]:
    """Compute coverage and write its folder.

    Parameters
    ----------
    scenario : name or file
    altitudes : such as ``50m`` (above ground) or ``9km-amsl``
    targets, products, course_deg, terrain, sets : as the verb's options
    out : folder; ``coverage-NAME`` in the working folder when left out
    samples : of the unknown figures
    told : is given lines of progress

    Returns
    -------
    dict : the answer of ``--json``; ``table`` holds the rows of the first table, ``text`` its lines

    Raises
    ------
    UserError : what was asked for cannot be done.
    """
    import math

    from openiads.earth import terrain as ground
    from openiads.scenario import read

    asked = read(scenario, tuple(sets))
    heights = [height(one) for one in altitudes]
    laid = ground.read([Path(one) for one in terrain]) if terrain else None
    course = None if course_deg is None else math.radians(course_deg)
    made = cover(asked, heights, targets, products, course, laid, samples, told=told)
    folder = Path(out) if out is not None else Path(f"coverage-{asked.name}")
    told("writing files and maps")
    files = write(made, folder)
    files += import_module("openiads.show.maps").write(made, folder)
    answer = made.to_json()
    answer["files"] = [str(folder / name) for name in files]
    answer["folder"] = str(folder)
    answer["text"] = lines(made)
    return answer


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


def lines(made: Coverage) -> list[str]:
    """Return the first table as lines of text."""
    found = []
    for row in made.first_table:
        kilometres = [f"{row['band'][key] / 1000:.0f}" for key in ("p05", "p50", "p95")] if row["band"] else None
        spread = "" if kilometres is None else f" ({' / '.join(kilometres)} km at 5 / 50 / 95 %)"
        found.append(
            f"{row['target_class']} at {row['height_m']:g} m, {row['product'].replace('_', ' ')}: "
            f"{row['unit']} {row['reach_m'] / 1000:.1f} km{spread}; "
            f"published {row['naive_range_m'] / 1000:g} km; {100 * row['share']:.2g} % of its circle; ends by {row['limited_by']}"
        )
    return found
