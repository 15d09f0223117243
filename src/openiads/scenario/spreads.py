"""Numbers that are not known exactly: a spread in SI, and the float that stands for it until it is drawn."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

from openiads.errors import names_like
from openiads.units import QuantityError

KINDS = ("uniform", "loguniform", "triangular", "normal", "lognormal", "choice")

_STANDARD = NormalDist()
_FORMS = {
    "uniform": "{uniform: [low, high]}",
    "loguniform": "{loguniform: [low, high]}",
    "triangular": "{triangular: [low, mode, high]}",
    "normal": "{normal: {mean: ..., sd: ...}}",
    "lognormal": "{lognormal: {median: ..., sigma: 0.5}}",
    "choice": "{choice: [a, b, c]}",
}


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution in SI, cut to the bounds of the field that it stands in.

    ``values`` holds low and high (uniform, loguniform), low, mode and high (triangular), mean and standard deviation (normal),
    median and the standard deviation of the logarithm (lognormal), or the choices.
    """

    kind: str
    values: tuple[float, ...]
    low: float = -math.inf
    high: float = math.inf

    @property
    def nominal(self) -> float:
        """Return the median (of choices the middle one, the lower of two)."""
        return self.at(0.5)

    def at(self, share: float) -> float:
        """Return the value below which a share (0 to 1) of the distribution lies."""
        return min(max(self._quantile(share), self.low), self.high)

    def _quantile(self, share: float) -> float:
        a, b = self.values[0], self.values[-1]
        if self.kind == "uniform":
            return a + (b - a) * share
        if self.kind == "loguniform":
            return float(a * (b / a) ** share)
        if self.kind == "triangular":
            return _triangular(a, self.values[1], b, share)
        if self.kind == "choice":
            ordered = sorted(self.values)
            return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]
        deviate = _STANDARD.inv_cdf(min(max(share, 1e-12), 1.0 - 1e-12))
        return a + b * deviate if self.kind == "normal" else a * math.exp(b * deviate)


class Uncertain(float):
    """A float that is only known as a spread: it counts as its median until ``scenario.draw`` replaces it."""

    spread: Spread

    def __new__(cls, spread: Spread) -> "Uncertain":
        """Take the nominal value of the spread."""
        made = super().__new__(cls, spread.nominal)
        made.spread = spread
        return made

    def __reduce__(self) -> tuple[type, tuple[Spread]]:
        """Copy and pickle with the spread."""
        return Uncertain, (self.spread,)


class UncertainCount(int):
    """A whole number that is only known as a spread; see ``Uncertain``."""

    spread: Spread

    def __new__(cls, spread: Spread) -> "UncertainCount":
        """Take the rounded nominal value of the spread."""
        made = super().__new__(cls, round(spread.nominal))
        made.spread = spread
        return made

    def __reduce__(self) -> tuple[type, tuple[Spread]]:
        """Copy and pickle with the spread."""
        return UncertainCount, (self.spread,)


def is_spread(written: object) -> bool:
    """Tell whether a value is written as a distribution, even a misspelt one."""
    return isinstance(written, Mapping) and len(written) == 1


def read_spread(written: Mapping[str, object], read: Callable[[object], float], low: float, high: float) -> Spread:
    """Read a distribution whose members are read by ``read`` and must lie within ``low`` and ``high``.

    Raises
    ------
    QuantityError : when it is not a distribution, is out of order or out of bounds.
    """
    kind, inside = next(iter(written.items()))
    if kind not in KINDS:
        raise QuantityError(f'"{kind}" is not a distribution', names_like(kind, list(KINDS)) or "use one of " + ", ".join(KINDS))
    if kind in ("normal", "lognormal"):
        values = _parameters(kind, inside, read)
    else:
        values = _members(kind, inside, read)
    return _checked(Spread(kind, values, low, high))


def _members(kind: str, inside: object, read: Callable[[object], float]) -> tuple[float, ...]:
    wanted = {"uniform": 2, "loguniform": 2, "triangular": 3}.get(kind)
    if not isinstance(inside, list | tuple) or not inside or (wanted and len(inside) != wanted):
        raise QuantityError(f"{kind} takes {f'a list of {wanted} values' if wanted else 'a list of values'}", f"write {_FORMS[kind]}")
    return tuple(float(read(member)) for member in inside)


def _parameters(kind: str, inside: object, read: Callable[[object], float]) -> tuple[float, ...]:
    first, second = ("mean", "sd") if kind == "normal" else ("median", "sigma")
    if not isinstance(inside, Mapping) or set(inside) != {first, second}:
        raise QuantityError(f"{kind} takes {first} and {second}", f"write {_FORMS[kind]}")
    width = inside[second]
    if kind == "normal":
        return float(read(inside[first])), float(read(width))
    if isinstance(width, bool) or not isinstance(width, int | float):
        raise QuantityError("sigma is the standard deviation of the logarithm, a plain number", f"write {_FORMS[kind]}")
    return float(read(inside[first])), float(width)


def _checked(spread: Spread) -> Spread:
    kind, values = spread.kind, spread.values
    form = f"write {_FORMS[kind]}"
    if kind in ("uniform", "loguniform", "triangular") and list(values) != sorted(values):
        raise QuantityError(f"the bounds of {kind} are not in rising order", form)
    if kind in ("loguniform", "lognormal") and values[0] <= 0.0:
        raise QuantityError(f"{kind} needs positive values", form)
    if kind in ("normal", "lognormal"):
        if values[1] < 0.0:
            raise QuantityError("a spread cannot be negative", form)
        values = values[:1]
    outside = [value for value in values if not spread.low <= value <= spread.high]
    if outside:
        raise QuantityError(f"{outside[0]:g} (in SI units) is outside {spread.low:g} to {spread.high:g}", "narrow the distribution")
    return spread


def _triangular(low: float, mode: float, high: float, share: float) -> float:
    if high == low:
        return low
    if share * (high - low) < mode - low:
        return low + math.sqrt(share * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - share) * (high - low) * (high - mode))
