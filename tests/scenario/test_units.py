"""Quantities at the edge."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads import units
from openiads.units import QuantityError, parse_height, parse_quantity, to_si

GOOD = [
    ("400 km", "length", 400e3),
    ("400km", "length", 400e3),
    (" 5 nmi ", "length", 9260.0),
    ("1e3 m", "length", 1000.0),
    ("33000 ft", "height", 10058.4),
    ("15 min", "time", 900.0),
    ("1.5 h", "time", 5400.0),
    (90, "time", 90.0),
    ("270 deg", "angle", 1.5 * math.pi),
    ("-3 °", "angle", -math.pi / 60),
    (0, "angle", 0.0),
    ("0.1 m2", "area", 0.1),
    ("0.1 m²", "area", 0.1),
    ("900 km/h", "speed", 250.0),
    ("100 kt", "speed", 51.4444),
    ("3 GHz", "frequency", 3e9),
    ("10 dB", "ratio_db", 10.0),
    ("15 degC", "temperature", 288.15),
    ("1013.25 hPa", "pressure", 101325.0),
    ("4 mm/h", "rain_rate", 4.0),
    ("5 %", "probability", 0.05),
    (0.25, "probability", 0.25),
    (12, "count", 12.0),
    ("1.3333", "factor", 1.3333),
    ("2 1/min", "rate", 1 / 30),
    ("1.5 MUSD", "money", 1.5e6),
    ("7.5 g/m3", "density", 0.0075),
    ("1 kW", "power", 1000.0),
]


@pytest.mark.parametrize(("written", "kind", "meant"), GOOD)
def test_good_quantities(written: object, kind: str, meant: float) -> None:
    assert parse_quantity(written, kind) == pytest.approx(meant, rel=1e-6)


BAD = [
    ("400", "angle", "no unit"),
    (270, "angle", "270 deg"),
    ("400 s", "length", "is a time, not a length"),
    ("3 parsec", "length", "unknown"),
    ("3 KM", "length", 'did you mean "km"'),
    ("12:30", "time", "clock"),
    ("55:45:21", "angle", "55.7558"),
    ("-0:30:00", "angle", "-0.5"),
    ("50 m agl", "length", "datum"),
    ("fast", "speed", "240 m/s"),
    (True, "length", "true"),
    (None, "length", "nothing"),
    ([1], "length", "a list"),
    ({}, "length", "a mapping"),
    (float("nan"), "length", "finite"),
    (float("inf"), "time", "finite"),
    (10**400, "length", "finite"),
    ("1e999 m", "length", "finite"),
    ("nan", "length", "finite"),
    ("-Inf", "factor", "finite"),
    (".nan", "count", "finite"),
    ("nan km", "length", "length"),
    ("1 2 m", "length", "length"),
    ("", "length", "length"),
    ("km", "length", "length"),
    ("- 5 m", "length", "length"),
]


@pytest.mark.parametrize(("written", "kind", "words"), BAD, ids=[str(number) for number in range(len(BAD))])
def test_bad_quantities_say_what_to_write(written: object, kind: str, words: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(written, kind)
    assert words in str(caught.value)
    assert caught.value.remedy


def test_heights_carry_their_datum() -> None:
    assert parse_height("50 m agl") == (50.0, "agl")
    assert parse_height("9km-amsl") == (9000.0, "amsl")
    assert parse_height("300 m WGS84") == (300.0, "wgs84")
    for wrong in ("50 m", "50 m magl", 50, "FL350", "agl", "m agl"):
        with pytest.raises(QuantityError):
            parse_height(wrong)


def read_or_refused(text: str, kind: str) -> bool:
    """Read any text as a quantity: a finite number comes out, or a refusal."""
    try:
        return math.isfinite(parse_quantity(text, kind))
    except QuantityError as error:
        return bool(str(error))


@given(st.text(max_size=30), st.sampled_from(units.KINDS))
@settings(deadline=None, max_examples=300)
def test_any_text_is_a_quantity_or_refused(text: str, kind: str) -> None:
    assert read_or_refused(text, kind)


@given(st.floats(-1e6, 1e6), st.sampled_from(["km", "m", "s", "min", "deg", "m2", "1", "m/s", "GHz", "targets"]))
@settings(deadline=None)
def test_written_and_converted_agree(value: float, unit: str) -> None:
    kind = units.unit_kinds(unit)[0]
    assert parse_quantity(f"{value!r} {unit}", kind) == pytest.approx(to_si(value, unit), rel=1e-12, abs=1e-300)


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(QuantityError, match="furlong"):
        to_si(1.0, "furlong")
