"""Checks of what a caller passes to a model function: a clear sentence instead of a silent NaN."""

import math

import numpy as np
from numpy.typing import ArrayLike

from openiads.errors import UserError
from openiads.kernel import Reals


def positive(where: str, name: str, value: float, unit: str = "") -> float:
    """Return ``value`` as a float, or refuse it when it is not a finite number above zero."""
    number = finite(where, name, value, unit)
    if number <= 0.0:
        raise UserError(f"{where}: {name} must be above zero, received {value!r}{_unit(unit)}; give a positive number")
    return number


def not_negative(where: str, name: str, value: float, unit: str = "") -> float:
    """Return ``value`` as a float, or refuse it when it is not a finite number of at least zero."""
    number = finite(where, name, value, unit)
    if number < 0.0:
        raise UserError(f"{where}: {name} must not be negative, received {value!r}{_unit(unit)}; give zero or more")
    return number


def finite(where: str, name: str, value: float, unit: str = "") -> float:
    """Return ``value`` as a float, or refuse NaN, infinity and what is no number."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise UserError(f"{where}: {name} must be a finite number{_unit(unit)}, received {value!r}")
    return number


def between(where: str, name: str, value: float, low: float, high: float) -> float:
    """Return ``value`` as a float, or refuse it outside the open interval (low, high)."""
    number = finite(where, name, value)
    if not low < number < high:
        raise UserError(f"{where}: {name} must lie between {low:g} and {high:g}, received {value!r}")
    return number


def array(where: str, name: str, values: ArrayLike, minimum: float = -math.inf) -> Reals:
    """Return ``values`` as float64, or refuse NaN and anything below ``minimum``."""
    found = np.asarray(values, dtype=np.float64)
    if np.isnan(found).any():
        raise UserError(f"{where}: {name} contains NaN; remove or fill the missing values first")
    if found.size and float(found.min()) < minimum:
        bound = "above zero" if 0.0 < minimum < 1e-200 else f"at least {minimum:g}"
        raise UserError(f"{where}: {name} must be {bound}, received {float(found.min())!r}")
    return found


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""
