"""Field types of scenario files: what a user writes on the left, SI floats on the right."""

import math
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from openiads.scenario.spreads import KINDS, Spread, Uncertain, UncertainCount, is_spread, read_spread
from openiads.strict_yaml import Real
from openiads.units import QuantityError, parse_quantity, sexagesimal_degrees

MAX_NAME = 120


class Model(BaseModel):
    """A frozen value whose keys are exactly those written in scenario files."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


def refusal(what: str, remedy: str) -> PydanticCustomError:
    """Return the error that a field raises: what is wrong, and what to do."""
    return PydanticCustomError("refused", "{what}", {"what": what, "remedy": remedy})


def reader(read: Callable[[Any], Any]) -> PlainValidator:
    """Return the validator that reads a field and turns a ``QuantityError`` into a located problem."""

    def checked(written: Any) -> Any:
        """Read a field; a quantity that is wrong becomes a refusal of the field."""
        try:
            return read(written)
        except QuantityError as error:
            raise refusal(error.what, error.remedy) from None

    return PlainValidator(checked)


def _or_spread(
    single: Callable[[Any], float], low: float, high: float, made: type[Uncertain | UncertainCount] = Uncertain
) -> Callable[[Any], Any]:
    """A reader of a value that ``single`` reads, or of a distribution of such values."""

    def read(written: Any) -> float:
        """Read either; what was read before stays."""
        if isinstance(written, made):
            return written
        return made(read_spread(written, single, low, high)) if is_spread(written) else single(written)

    return read


def _quantity(kind: str, low: float = -math.inf, high: float = math.inf, *, above: bool = False) -> Callable[[Any], float]:
    def single(written: Any) -> float:
        """Read one quantity within the bounds, in SI."""
        value = parse_quantity(written, kind)
        if not low <= value <= high or (above and value == low):
            raise QuantityError(f"{_shown(written)} is {_out_of_range(value, kind, low, high, above)}", _remedy(kind, low, high, above))
        return value

    return _or_spread(single, low, high)


def _shown(written: Any) -> str:
    return f'"{written}"' if isinstance(written, str) else f"{written:g}"


def _out_of_range(value: float, kind: str, low: float, high: float, above: bool) -> str:
    if value < low or (above and value == low):
        return "not above 0" if above and low == 0.0 else "negative" if low == 0.0 and value < 0.0 else "too small"
    return "too large"


_SHOWN_UNITS = {
    "length": (1000.0, "km"), "height": (1000.0, "km"), "time": (3600.0, "h"), "speed": (1.0, "m/s"), "angle": (math.radians(1), "deg"),
    "area": (1.0, "m2"), "frequency": (1e9, "GHz"), "power": (1.0, "W"), "temperature": (1.0, "K"), "pressure": (100.0, "hPa"),
    "rain_rate": (1.0, "mm/h"), "ratio_db": (1.0, "dB"), "density": (1e-3, "g/m3"),
}  # fmt: skip


def _remedy(kind: str, low: float, high: float, above: bool) -> str:
    factor, unit = _SHOWN_UNITS.get(kind, (1.0, ""))
    unit = f" {unit}" if unit else ""
    floor = f"{'above' if above else 'of at least'} {low / factor:g}{unit}" if low > -math.inf else ""
    roof = f"at most {high / factor:g}{unit}" if high < math.inf else ""
    return "write a value " + (" and ".join(part for part in (floor, roof) if part) or "in range")


def _spread_schema(member: dict[str, Any]) -> dict[str, Any]:
    lists = {kind: {"type": "array", "items": member, "minItems": 1} for kind in KINDS if kind not in ("normal", "lognormal")}
    plain = {"type": "number"}
    normal = {"type": "object", "properties": {"mean": member, "sd": member}, "required": ["mean", "sd"], "additionalProperties": False}
    log = {
        "type": "object",
        "properties": {"median": member, "sigma": plain},
        "required": ["median", "sigma"],
        "additionalProperties": False,
    }
    properties = {**lists, "normal": normal, "lognormal": log}
    return {"type": "object", "properties": properties, "minProperties": 1, "maxProperties": 1, "additionalProperties": False}


def with_spread(member: dict[str, Any]) -> dict[str, Any]:
    """Return the editor's schema of a value that may be a distribution of such values."""
    return {"anyOf": [*member.get("anyOf", [member]), _spread_schema(member)]}


def _schema(example: str, *, bare: bool = True) -> WithJsonSchema:
    text = {"type": "string", "examples": [example]}
    return WithJsonSchema(with_spread({"anyOf": [{"type": "number"}, text]} if bare else text))


_NUMBER_SCHEMA = WithJsonSchema(with_spread({"type": "number"}))
_SHARE_SCHEMA = WithJsonSchema(
    with_spread({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "examples": ["5 %"]}]})
)

_TWO_DAYS = 172_800.0
_FAR = 4.0e7

Length = Annotated[float, reader(_quantity("length", 0.0, _FAR)), _schema("400 km")]
PositiveLength = Annotated[float, reader(_quantity("length", 0.0, _FAR, above=True)), _schema("400 km")]
SignedLength = Annotated[float, reader(_quantity("length", -_FAR, _FAR)), _schema("-200 m")]
Time = Annotated[float, reader(_quantity("time", 0.0, _TWO_DAYS)), _schema("15 min")]
PositiveTime = Annotated[float, reader(_quantity("time", 0.0, _TWO_DAYS, above=True)), _schema("15 min")]
Speed = Annotated[float, reader(_quantity("speed", 0.0, 12_000.0, above=True)), _schema("240 m/s")]
Bearing = Annotated[float, reader(_quantity("angle", -2 * math.pi, 2 * math.pi)), _schema("270 deg", bare=False)]
SignedAngle = Annotated[float, reader(_quantity("angle", -2 * math.pi, 2 * math.pi)), _schema("-3 deg", bare=False)]
Angle = Annotated[float, reader(_quantity("angle", 0.0, 2 * math.pi)), _schema("15 deg", bare=False)]
Area = Annotated[float, reader(_quantity("area", 0.0, 1e6, above=True)), _schema("0.1 m2")]
Frequency = Annotated[float, reader(_quantity("frequency", 0.0, 1e12, above=True)), _schema("200 MHz")]
RainRate = Annotated[float, reader(_quantity("rain_rate", 0.0, 400.0)), _schema("4 mm/h")]
Temperature = Annotated[float, reader(_quantity("temperature", 150.0, 350.0)), _schema("15 degC")]
Pressure = Annotated[float, reader(_quantity("pressure", 80_000.0, 110_000.0)), _schema("1013.25 hPa")]
Density = Annotated[float, reader(_quantity("density", 0.0, 0.1)), _schema("7.5 g/m3")]
Probability = Annotated[float, reader(_quantity("probability", 0.0, 1.0)), _SHARE_SCHEMA]
Number = Annotated[float, reader(_quantity("count", 0.0, 1e12)), _NUMBER_SCHEMA]
PositiveNumber = Annotated[float, reader(_quantity("count", 0.0, 1e12, above=True)), _NUMBER_SCHEMA]
RefractionFactor = Annotated[float, reader(_quantity("factor", 0.3, 10.0)), _NUMBER_SCHEMA]
"""The effective earth radius over the true one: 0.3 (strong sub-refraction) to 10 (nearly ducting)."""


def _degrees(name: str, limit: float) -> Callable[[Any], float]:
    def single(written: Any) -> float:
        """Read one angle in decimal degrees."""
        if isinstance(written, str):
            base = sexagesimal_degrees(written)
            if base is not None:
                raise QuantityError(f'"{written}": sexagesimal degrees are not accepted', f"write {base:.6g}")
            raise QuantityError(f'"{written[:40]}" is not a number', f"write the {name} in decimal degrees, such as 55.7558")
        if isinstance(written, bool) or not isinstance(written, int | float):
            raise QuantityError(f"the {name} is not a number", "write it in decimal degrees, such as 55.7558")
        if not -limit <= written <= limit:
            raise QuantityError(f"the {name} {written:g} is not on the earth", f"write decimal degrees from -{limit:g} to {limit:g}")
        return float(written)

    return _or_spread(single, -limit, limit)


Latitude = Annotated[
    float, reader(_degrees("latitude", 90.0)), WithJsonSchema(with_spread({"type": "number", "minimum": -90, "maximum": 90}))
]
Longitude = Annotated[
    float, reader(_degrees("longitude", 180.0)), WithJsonSchema(with_spread({"type": "number", "minimum": -180, "maximum": 180}))
]


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def single(written: Any) -> int:
        """Read one whole number within the bounds."""
        if isinstance(written, bool) or not isinstance(written, int | float) or written != int(written):
            shown = f'"{written}"' if isinstance(written, str) else type_word(written) if not isinstance(written, float) else f"{written:g}"
            drawn = "; where it is drawn, {choice: [10, 20]} keeps to whole numbers" if isinstance(written, float) else ""
            raise QuantityError(f"{shown} is not a whole number", f"write a whole number from {low} to {high}{drawn}")
        if not low <= written <= high:
            raise QuantityError(
                f"{int(written)} is {'negative' if written < 0 else 'out of range'}", f"write a whole number from {low} to {high}"
            )
        return int(written)

    return _or_spread(single, low, high, UncertainCount)


_COUNT_SCHEMA = WithJsonSchema(with_spread({"type": "integer", "minimum": 0}))
Count = Annotated[int, reader(_whole(0, 100_000)), _COUNT_SCHEMA]
PositiveCount = Annotated[int, reader(_whole(1, 100_000)), _COUNT_SCHEMA]


def type_word(written: object) -> str:
    """Return what kind of thing a file said, in words."""
    if written is None:
        return "nothing"
    if isinstance(written, bool):
        return "true" if written else "false"
    if isinstance(written, str):
        return f'the text "{written if len(written) <= 40 else written[:37] + "..."}"'
    if isinstance(written, Real):
        return f"the number {written.written[:40]}"
    if isinstance(written, int | float):
        return f"the number {written:g}" if abs(written) < 1e300 else "a huge number"
    return "a list" if isinstance(written, list | tuple) else "a mapping"


def _name(written: Any) -> str:
    if isinstance(written, Real):
        written = written.written
    if not isinstance(written, str):
        raise QuantityError(
            f"{type_word(written)} is not a name", "write a name, in quotes where it looks like a number or a word such as true"
        )
    if not written.strip() or len(written) > MAX_NAME:
        raise QuantityError(
            "a name is empty" if not written.strip() else f"a name of {len(written)} letters", f"write 1 to {MAX_NAME} letters"
        )
    if not written.isprintable():
        raise QuantityError("a name holds a line break or another character that cannot be printed", "write the name on one line")
    return written


def _text(written: Any) -> str:
    if not isinstance(written, str) or len(written) > 10_000:
        raise QuantityError(f"{type_word(written)} is not a text of at most 10,000 letters", "write text, in quotes where needed")
    return written


def _flag(written: Any) -> bool:
    if not isinstance(written, bool):
        hint = "write true or false"
        if isinstance(written, str) and written.lower() in ("yes", "on", "y", "no", "off", "n"):
            hint = f"write {'true' if written.lower() in ('yes', 'on', 'y') else 'false'}"
        raise QuantityError(f"{type_word(written)} is neither true nor false", hint)
    return written


def _override(written: Any) -> float | str:
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        raise QuantityError(
            f"{type_word(written)} is not a figure", 'write a number in the unit of the figure, or text with a unit such as "300 km"'
        )
    return written if isinstance(written, str) else float(written)


def _several(written: Any) -> Any:
    return (written,) if isinstance(written, str | Real) else written


Override = Annotated[float | str, reader(_override), WithJsonSchema({"type": ["number", "string"]})]
Name = Annotated[str, reader(_name), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_NAME})]
Names = Annotated[tuple[Name, ...], BeforeValidator(_several, json_schema_input_type=str | tuple[str, ...])]
Text = Annotated[str, reader(_text), WithJsonSchema({"type": "string", "maxLength": 10_000})]
Flag = Annotated[bool, reader(_flag), WithJsonSchema({"type": "boolean"})]


class TimeLaw(Model):
    """A time that chance draws anew at each use (a message, a decision): fixed, or a distribution in seconds."""

    kind: str
    """fixed, or a kind of spread"""
    values_s: tuple[float, ...]
    """seconds; as in ``Spread`` (of a lognormal: median in seconds, and sigma)"""

    @property
    def median_s(self) -> float:
        """Return the median in seconds."""
        return self.values_s[0] if self.kind == "fixed" else Spread(self.kind, self.values_s, 0.0).nominal


def _time_law(written: Any) -> TimeLaw:
    if isinstance(written, TimeLaw):
        return written
    single = _quantity("time", 0.0, _TWO_DAYS)
    if is_spread(written):
        spread = read_spread(written, single, 0.0, _TWO_DAYS)
        return TimeLaw.model_construct(kind=spread.kind, values_s=spread.values)
    return TimeLaw.model_construct(kind="fixed", values_s=(single(written),))


ChanceTime = Annotated[TimeLaw, reader(_time_law), _schema("2 s")]
