"""Points in the unit cube: even designs from addressed draws, the same on every machine and in every order."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from openiads.statistics.bootstrap import uniforms

Matrix = NDArray[np.float64]


def latin_hypercube(factors: int, samples: int, seed: int) -> Matrix:
    """Return points (samples, factors) with one in each of ``samples`` slices of every axis."""
    draws = uniforms(seed, samples, 2 * factors)
    order = np.argsort(np.argsort(draws[:, :factors], axis=0, kind="stable"), axis=0, kind="stable")
    cube: Matrix = (order + draws[:, factors:]) / samples
    return cube


def sobol_sequence(factors: int, samples: int, seed: int) -> Matrix:
    """Return the first points (samples, factors) of a low-discrepancy sequence, shifted by an addressed draw.

    Raises
    ------
    ValueError
        When ``samples`` is no power of two.
    """
    from scipy.stats import qmc

    if samples < 2 or samples & (samples - 1):
        raise ValueError(f"samples must be a power of two, not {samples}")
    base = qmc.Sobol(factors, scramble=False).random_base2(samples.bit_length() - 1)
    cube: Matrix = (base + uniforms(seed, 1, factors)) % 1.0
    return cube


def factorial(factors: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Return every combination of levels, the last factor changing fastest."""
    return [dict(zip(factors, levels)) for levels in itertools.product(*factors.values())]
