"""Where things are: positions, heights with their datum, areas and corridors."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from openiads.scenario.quantities import Latitude, Longitude, Model, Name, PositiveLength, reader, refusal, with_spread
from openiads.scenario.spreads import Uncertain, is_spread, read_spread
from openiads.units import QuantityError, parse_height

Datum = Literal["agl", "amsl", "wgs84"]

LOWEST_M, HIGHEST_M = -1_000.0, 2_000_000.0


class Position(Model):
    """A point on the WGS84 earth in decimal degrees."""

    lat_deg: Latitude = Field(alias="lat")
    """degrees north"""
    lon_deg: Longitude = Field(alias="lon")
    """degrees east"""


def _mapped(written: Any) -> Any:
    if isinstance(written, Position | dict):
        return written
    if isinstance(written, list | tuple) and len(written) == 2:
        raise refusal("a bare pair does not say which number is the latitude", f"write {{lat: {written[0]}, lon: {written[1]}}}")
    raise refusal("a position is a mapping of lat and lon", "write {lat: 53.9, lon: 27.57}")


Place = Annotated[Position, BeforeValidator(_mapped, json_schema_input_type=Position)]


class Height(Model):
    """A height in metres above ground (agl), above mean sea level (amsl) or above the ellipsoid (wgs84)."""

    value_m: float
    datum: Datum


def _height(written: Any) -> Height:
    if isinstance(written, Height):
        return written
    if not is_spread(written):
        value, datum = _single(written)
        return Height.model_construct(value_m=value, datum=datum)
    seen: list[str] = []

    def member(inner: object) -> float:
        """Read one height of the distribution, which must have the datum of the first. [m]"""
        value, datum = _single(inner)
        seen.append(datum)
        if datum != seen[0]:
            raise QuantityError("the heights of a distribution have different datums", f"end them all in {seen[0]}")
        return value

    spread = read_spread(written, member, LOWEST_M, HIGHEST_M)
    return Height.model_construct(value_m=Uncertain(spread), datum=seen[0])


def _single(written: object) -> tuple[float, str]:
    value, datum = parse_height(written)
    if not LOWEST_M <= value <= HIGHEST_M:
        raise QuantityError(f'the height "{written}" is out of range', "write a height from -1 km to 2000 km")
    if datum == "agl" and value < 0.0:
        raise QuantityError(f'the height "{written}" is below the ground', "write 0 m agl or more")
    return value, datum


_HEIGHT_TEXT = {"type": "string", "pattern": "(agl|amsl|wgs84)$", "examples": ["50 m agl", "9 km amsl"]}
AtHeight = Annotated[Height, reader(_height), WithJsonSchema(with_spread(_HEIGHT_TEXT))]


class Area(Model):
    """A named area: a polygon, or a circle about a position or a site, with optional heights."""

    name: Name
    polygon: tuple[Place, ...] | None = None
    """corners in order, three or more, not closed"""
    at: Place | None = None
    """centre of a circle"""
    site: Name | None = None
    """name of the site in whose place the circle has its centre"""
    radius_m: PositiveLength | None = Field(default=None, alias="radius")
    height_min: AtHeight | None = None
    height_max: AtHeight | None = None


class Zone(Area):
    """An area with a weapon control state of its own."""

    control: Literal["hold", "tight", "free"]
    applies: Literal["always", "after-hostile-act"] = "always"
    """from the start, or from the first hostile act that the defence sees"""


class Corridor(Model):
    """A band of sky that flights are meant to keep to."""

    name: Name
    path: tuple[Place, ...]
    """centre line, two positions or more"""
    half_width_m: PositiveLength = Field(alias="half_width")
    height_min: AtHeight | None = None
    height_max: AtHeight | None = None
