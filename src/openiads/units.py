"""Quantities at the edge: "400 km", "15 min", "0.1 m2" become SI floats (and radians); nothing inside carries a unit."""

import math
import re
from types import MappingProxyType

from openiads.errors import UserError

KNOT = 1852.0 / 3600.0  # m/s, one international nautical mile an hour
FOOT = 0.3048  # m, the international foot
NAUTICAL_MILE = 1852.0  # m

_LENGTH = {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "ft": FOOT, "nmi": NAUTICAL_MILE, "NM": NAUTICAL_MILE}
_SPEED = {"m/s": 1.0, "km/s": 1000.0, "km/h": 1.0 / 3.6, "kt": KNOT, "kn": KNOT, "ft/s": FOOT, "ft/min": FOOT / 60.0}
_TIME = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_ANGLE = {"deg": math.radians(1.0), "rad": 1.0, "mrad": 1e-3, "arcmin": math.radians(1.0 / 60.0)}
_AREA = {"m2": 1.0, "km2": 1e6, "cm2": 1e-4}
_POWER = {"mW": 1e-3, "W": 1.0, "kW": 1e3, "MW": 1e6}
_FREQUENCY = {"Hz": 1.0, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9}
_RATE = {"1/s": 1.0, "1/min": 1.0 / 60.0, "1/h": 1.0 / 3600.0, "rpm": 1.0 / 60.0}
_THING_NAMES = (
    *("1", "targets", "tracks", "missiles", "launchers", "radars", "rounds", "battalions", "missiles/kill", "pulses", "flights", "g"),
    *("units", "hits", "shots", "channels", "masts", "vehicles", "battalion", "battery", "vehicle"),
)
_THINGS = dict.fromkeys(_THING_NAMES, 1.0)

_KINDS: dict[str, dict[str, float]] = {
    "length": _LENGTH,
    "height": _LENGTH,
    "speed": _SPEED,
    "time": _TIME,
    "angle": _ANGLE,
    "area": _AREA,
    "power": _POWER,
    "frequency": _FREQUENCY,
    "ratio_db": {"dB": 1.0},
    "temperature": {"K": 1.0, "degC": 1.0},
    "pressure": {"Pa": 1.0, "hPa": 100.0, "mbar": 100.0, "kPa": 1000.0},
    "density": {"kg/m3": 1.0, "g/m3": 1e-3},
    "rain_rate": {"mm/h": 1.0},
    "rate": _RATE,
    "count": _THINGS,
    "factor": {"1": 1.0},
    "probability": {"1": 1.0, "%": 0.01},
    "money": {"USD": 1.0, "kUSD": 1e3, "MUSD": 1e6},
}
KINDS = tuple(_KINDS)
_SI: dict[str, float] = {unit: factor for units in _KINDS.values() for unit, factor in units.items()} | {
    "dBi": 1.0, "dBc": 1.0, "dBm": 1.0, "dB/km": 1e-3, "m/s2": 1.0, "deg/s": math.radians(1.0), "rad/s": 1.0, "rounds/s": 1.0,
    "rounds/min": 1.0 / 60.0, "1/km2": 1e-6,
}  # fmt: skip
UNITS = MappingProxyType(_SI)

DATUMS = ("agl", "amsl", "wgs84")
ZERO_CELSIUS_K = 273.15

_EXAMPLES = {
    "length": '"400 km"', "height": '"50 m agl"', "speed": '"240 m/s"', "time": '"15 min"', "angle": '"270 deg"', "area": '"0.1 m2"',
    "power": '"1 kW"', "frequency": '"3 GHz"', "ratio_db": '"10 dB"', "temperature": '"288 K" or "15 degC"', "pressure": '"1013.25 hPa"',
    "density": '"7.5 g/m3"', "rain_rate": '"4 mm/h"', "rate": '"2 1/s"', "count": "12", "factor": "1.3333", "probability": "0.25",
    "money": '"2 MUSD"',
}  # fmt: skip
_QUANTITY = re.compile(r"\s*([-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)\s*([A-Za-z%°µ$].*?|1|1/\w+)?\s*\Z", re.ASCII)
_HEIGHT = re.compile(r"(.*?)[\s-]\s*(agl|amsl|wgs84)\s*\Z", re.IGNORECASE | re.DOTALL)
_SEXAGESIMAL = re.compile(r"\s*([-+]?)(\d{1,3}):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?\s*\Z", re.ASCII)
_CLOCK_KINDS = ("time",)
_NO_NUMBER = re.compile(r"\s*[-+]?\.?(?:nan|inf(?:inity)?)\s*\Z", re.IGNORECASE)


class QuantityError(UserError, ValueError):
    """A quantity that cannot be read; ``what`` says what is wrong and ``remedy`` what to write."""

    def __init__(self, what: str, remedy: str) -> None:
        """Keep both halves of the message."""
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}; {remedy}")


def to_si(value: float, unit: str) -> float:
    """Return a value in SI (radians for angles; decibels, mm/h, counts and money stay as they are).

    Parameters
    ----------
    value : the number in ``unit``.
    unit : one of ``UNITS``, such as ``km``, ``deg``, ``dB``, ``1``.

    Raises
    ------
    QuantityError : when the unit is unknown.
    """
    if unit == "degC":
        return value + ZERO_CELSIUS_K
    factor = _SI.get(unit)
    if factor is None:
        raise QuantityError(f'the unit "{unit}" is unknown', "use one of " + ", ".join(sorted(_SI)))
    return value * factor


def unit_kinds(unit: str) -> tuple[str, ...]:
    """Return the kinds of quantity that a unit measures (``km``: length and height)."""
    return tuple(kind for kind, units in _KINDS.items() if unit in units)


def parse_quantity(written: object, kind: str) -> float:
    """Read a quantity of a stated kind and return it in SI.

    Parameters
    ----------
    written : text with a unit ("400 km"), or a plain number in SI; a bare angle other than 0 is refused, because degrees and
        radians cannot be told apart.
    kind : one of ``KINDS``.

    Returns
    -------
    float : metres, m/s, seconds, radians, m2, watts, hertz, decibels, kelvin, pascals, mm/h, 1/s, US dollars or a plain number.

    Raises
    ------
    QuantityError : when it cannot be read as that kind.
    """
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        raise QuantityError(f"{_shown(written)} is not {_article(kind)}", f"write {_EXAMPLES[kind]}")
    if not isinstance(written, str):
        return _bare(_finite(written, kind), kind)
    parts = _QUANTITY.match(written)
    if parts is None:
        raise _unreadable(written, kind)
    number = _finite(float(parts[1]), kind)
    if parts[2] is None:
        return _bare(number, kind)
    unit = _normal(parts[2])
    factor = _KINDS[kind].get(unit)
    if factor is None:
        raise _wrong_unit(written, unit, kind)
    return to_si(number, "degC") if unit == "degC" else _finite(number * factor, kind)


def parse_height(written: object) -> tuple[float, str]:
    """Read a height with its datum, such as "50 m agl", and return (metres, datum); datums are agl, amsl and wgs84."""
    if not isinstance(written, str):
        raise QuantityError(f"the height {_shown(written)} has no unit and datum", 'write "50 m agl", "9 km amsl" or "300 m wgs84"')
    level = re.match(r"\s*FL\s*(\d{2,3})\s*\Z", written)
    if level:
        remedy = f'write "{int(level[1]) * 100 * FOOT:.0f} m amsl"'
        raise QuantityError(f'the height "{written.strip()}" is a flight level, which is a pressure height', remedy)
    parts = _HEIGHT.match(written)
    if parts is None:
        what = f'the height "{written}" does not say its datum'
        raise QuantityError(what, 'end it in agl (above ground), amsl (above sea level) or wgs84: "50 m agl"')
    return parse_quantity(parts[1], "height"), parts[2].lower()


def _normal(unit: str) -> str:
    return unit.strip().replace("²", "2").replace("³", "3").replace("°", "deg").replace("µ", "u")


def _bare(number: float, kind: str) -> float:
    if kind == "angle" and number != 0.0:
        raise QuantityError(f"the angle {number:g} has no unit", f'write "{number:g} deg"')
    return number


def _finite(number: float, kind: str) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise QuantityError(f"{_shown(number)} is not a finite number", f"write {_EXAMPLES[kind]}")
    return value


def _unreadable(written: str, kind: str) -> QuantityError:
    base = _SEXAGESIMAL.match(written)
    if base:
        if kind in _CLOCK_KINDS:
            return QuantityError(f'"{written}" is a clock reading', 'times are counted from the start: write "12 min" or "750 s"')
        return QuantityError(f'"{written}" is sexagesimal, which is not accepted', f"write {_decimal(base):.6g}")
    if _NO_NUMBER.match(written):
        return QuantityError(f"{_shown(written)} is not a finite number", f"write {_EXAMPLES[kind]}")
    return QuantityError(f"{_shown(written)} is not {_article(kind)}", f"write {_EXAMPLES[kind]}")


def sexagesimal_degrees(written: str) -> float | None:
    """Return the decimal degrees of text such as 55:45:21, or None when it is something else."""
    base = _SEXAGESIMAL.match(written)
    return None if base is None else _decimal(base)


def _decimal(base: re.Match[str]) -> float:
    degrees = int(base[2]) + int(base[3]) / 60.0 + float(base[4] or 0.0) / 3600.0
    return -degrees if base[1] == "-" else degrees


def _wrong_unit(written: str, unit: str, kind: str) -> QuantityError:
    usable = ", ".join(_KINDS[kind])
    if unit.rsplit(maxsplit=1)[-1].lower() in DATUMS:
        return QuantityError(f'"{written}" has a datum, but this is {_article(kind)}', f"write {_EXAMPLES[kind]}")
    same = [known for known in _KINDS[kind] if known.lower() == unit.lower()]
    if same:
        return QuantityError(f'the unit "{unit}" is unknown', f'did you mean "{same[0]}"?')
    kinds = unit_kinds(unit)
    if kinds:
        return QuantityError(f'"{written}" is {_article(kinds[0])}, not {_article(kind)}', f"use one of {usable}")
    return QuantityError(f'the unit "{_clip(unit)}" is unknown for {_article(kind)}', f"use one of {usable}")


def _article(kind: str) -> str:
    words = {"ratio_db": "ratio in decibels", "rain_rate": "rain rate", "money": "sum of money"}.get(kind, kind)
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _clip(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def _shown(written: object) -> str:
    if isinstance(written, str):
        return f'"{_clip(written)}"'
    if isinstance(written, list | tuple):
        return "a list"
    if isinstance(written, dict):
        return "a mapping"
    if written is None:
        return "nothing"
    if isinstance(written, bool):
        return "true" if written else "false"
    return _clip(str(written))
