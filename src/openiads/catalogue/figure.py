"""A figure: one public claim or judgement with its spread, unit, basis and sources."""

import math
from dataclasses import dataclass
from typing import Any

from openiads import units
from openiads.errors import UserError

BASES = ("measured", "official_claim", "independent_analysis", "encyclopaedic", "textbook", "derived", "judgement")

_COUNTS = ("1", "targets", "missiles", "tracks", "launchers", "battalions", "radars", "rounds", "hits", "pulses", "missiles/kill")
_PHYSICAL = ("km", "m", "m/s", "s", "us", "min", "deg", "deg/s", "m2", "dB", "kW", "GHz", "MHz", "K", "g", "rounds/min", "USD")
UNITS: dict[str, float] = {unit: units.to_si(1.0, unit) for unit in (*_COUNTS, *_PHYSICAL)} | {"kg/m2": 1.0, "plots": 1.0}
_SIGNED = ("dB", "deg")
_POSITIVE = frozenset(  # figures that are divided by, or whose logarithm is taken
    ("rcs", "reference_rcs", "reference_range", "frequency", "bandwidth", "beamwidth_azimuth", "beamwidth_elevation", "noise_temperature",
     "instrumented_range", "scan_period", "effect_range", "jammer_range")
)  # fmt: skip
_UNBOUNDED = ("factor", "sigma", "exponent")  # endings of dimensionless figures that may exceed 1


class CatalogueError(UserError):
    """A catalogue that cannot be used: says the file, the path of the figure and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another published value of the same figure."""

    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One value with the spread of public statements, in its own unit.

    ``low`` and ``high`` are None where no spread is published; ``low_si`` and ``high_si`` then equal ``si``.
    """

    value: float
    low: float | None
    high: float | None
    unit: str
    basis: str
    sources: tuple[str, ...]
    checked: bool
    rivals: tuple[Rival, ...] = ()
    note: str = ""

    @property
    def factor(self) -> float:
        """SI units in one of the figure's own unit."""
        return UNITS[self.unit]

    @property
    def si(self) -> float:
        """The value in SI units [angles in radians, levels in dB]."""
        return self.value * self.factor

    @property
    def low_si(self) -> float:
        """The low end in SI units."""
        return self.si if self.low is None else self.low * self.factor

    @property
    def high_si(self) -> float:
        """The high end in SI units."""
        return self.si if self.high is None else self.high * self.factor

    @property
    def spread(self) -> "Spread":
        """Value, low and high in SI units."""
        return Spread(self.si, self.low_si, self.high_si)

    def row(self) -> list[Any]:
        """Return the figure as plain JSON values; ``from_row`` reads it back."""
        rivals = [[rival.value, rival.source] for rival in self.rivals]
        return [self.value, self.low, self.high, self.unit, self.basis, list(self.sources), self.checked, rivals, self.note]

    @classmethod
    def from_row(cls, row: list[Any]) -> "Figure":
        """Rebuild a figure from ``row``."""
        value, low, high, unit, basis, sources, checked, rivals, note = row
        return cls(value, low, high, unit, basis, tuple(sources), checked, tuple(Rival(*rival) for rival in rivals), note)


@dataclass(frozen=True, slots=True)
class Spread:
    """A value with its low and high end, in SI units."""

    value: float
    low: float
    high: float


def range_problem(value: float, unit: str, path: str) -> str | None:
    """Return why a number cannot be a figure's value in principle, or None: not finite, negative, zero, or a share above 1."""
    if not math.isfinite(value):
        return "is not a finite number"
    if value < 0.0 and unit not in _SIGNED:
        return "is negative"
    if value == 0.0 and path.rpartition(".")[2] in _POSITIVE:
        return "is zero, which nothing can be"
    if unit == "1" and value > 1.0 and not path.endswith(_UNBOUNDED):
        return "is a probability or share and must lie between 0 and 1"
    return None


def in_own_unit(wanted: float | str, figure: Figure, path: str) -> float:
    """Return a wanted value in the unit of the figure it replaces.

    Parameters
    ----------
    wanted : a number in the figure's own unit, or text such as ``"350 km"`` or ``"60 %"``.
    figure : the figure it replaces.
    path : its path, for messages.

    Raises
    ------
    UserError : not a number, a unit of another kind, or out of the range that is possible in principle.
    """
    value = _converted(wanted, figure.unit, path) if isinstance(wanted, str) else float(wanted)
    problem = range_problem(value, figure.unit, path)
    if problem:
        raise UserError(f"{path}: {wanted} {problem}; the catalogue has {figure.value:g} {figure.unit}")
    return value


def _converted(text: str, unit: str, path: str) -> float:
    try:
        return float(text.strip().removesuffix(unit) if unit != "1" else text)
    except ValueError:
        pass
    kinds = units.unit_kinds(unit)
    if not kinds:
        raise UserError(f"{path}: {text!r} cannot be read; write a number in {unit}")
    try:
        return units.parse_quantity(text, "probability" if unit == "1" else kinds[0]) / UNITS[unit]
    except units.QuantityError as error:
        raise UserError(f"{path}: {error}") from None
