"""Reader of published static assignment instances in the text format of Andersen, Pavlikov and Toffolo."""

from pathlib import Path

import numpy as np

from openiads.model.allocation.problems import AllocationError, Problem, problem


def read_instance(path: str | Path) -> Problem:
    """Read one instance: a line ``m n mu``, then n target values, then m n lines ``i j p``, counted from 0.

    Parameters
    ----------
    path : str or Path
        A file that the user has; none is part of this package.

    Returns
    -------
    Problem
        m weapons with mu shots each, n targets without a limit of shots.

    Raises
    ------
    AllocationError
        When the file cannot be read or is not of this format.

    Notes
    -----
    Source: [andersen-2022]; the files are published at github.com/tuliotoffolo/wta (GPL-3.0).
    """
    try:
        words = Path(path).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise AllocationError(f"{path}: the instance cannot be read ({error}); name a text file") from error
    try:
        numbers = np.array(words, np.float64)
        weapons, targets, shots = (int(word) for word in words[:3])
    except ValueError as error:
        raise AllocationError(f"{path}: not an instance ({error}); it starts with: weapons targets shots") from error
    if weapons < 1 or targets < 1 or numbers.size != 3 + targets + 3 * weapons * targets:
        wanted = f"{3 + targets + 3 * weapons * targets} for {weapons} weapons and {targets} targets"
        raise AllocationError(f"{path}: the instance holds {numbers.size} numbers; it must hold {wanted}")
    pairs = numbers[3 + targets :].reshape(-1, 3)
    places = pairs[:, 0] * targets + pairs[:, 1]
    if not np.array_equal(np.sort(places), np.arange(weapons * targets)):
        raise AllocationError(f"{path}: a pair is missing or given twice; give each of the {weapons * targets} pairs once, counted from 0")
    p = np.empty(weapons * targets)
    p[places.astype(np.int64)] = pairs[:, 2]
    return problem(numbers[3 : 3 + targets], p.reshape(weapons, targets), shots_available=shots)
