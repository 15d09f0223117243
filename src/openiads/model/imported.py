"""Recorded flights from files: CSV, GeoJSON and ADS-B exports in JSON, read with located errors and kept as they were reported.

Altitudes of ADS-B are pressure altitudes and stay so; ``recorded.trajectory`` converts them with a QNH.
"""

import csv
import gzip
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from openiads.errors import UserError
from openiads.kernel import Reals

FOOT_M = 0.3048
KNOT_MPS = 1852.0 / 3600.0
MOST_BYTES = 256_000_000
MOST_ROWS = 2_000_000

_TIMES = ("timestamp", "time", "time_s", "t")
_LATITUDES = ("latitude", "lat", "lat_deg")
_LONGITUDES = ("longitude", "lon", "lng", "lon_deg")
_NAMES = ("icao24", "hex", "callsign", "flight", "id", "name")
_CALLS = ("callsign", "flight")
# altitude column -> (factor to metres, whether it is a pressure altitude)
_ALTITUDES = {
    "altitude": (FOOT_M, True),
    "altitude_ft": (FOOT_M, True),
    "baro_altitude_ft": (FOOT_M, True),
    "baro_altitude": (1.0, True),
    "altitude_m": (1.0, True),
    "height_m": (1.0, False),
    "height_amsl_m": (1.0, False),
    "geoaltitude": (1.0, False),
}
_SPEEDS = {"groundspeed": KNOT_MPS, "gs": KNOT_MPS, "groundspeed_kt": KNOT_MPS, "velocity": 1.0, "speed_mps": 1.0}


class Recording(NamedTuple):
    """One flight as it was reported, in time order; rows without a position are left out and counted.

    ``time_s`` (n,) since 1970 or as in the file; ``lat_rad``, ``lon_rad`` (n,); ``altitude_m`` (n,) with NaN where missing,
    a pressure altitude when ``is_pressure``; ``groundspeed_mps`` (n,) as reported, NaN where missing.
    """

    name: str
    callsign: str
    time_s: Reals
    lat_rad: Reals
    lon_rad: Reals
    altitude_m: Reals
    groundspeed_mps: Reals
    is_pressure: bool
    rows: int
    source: str


def read(path: str | Path) -> list[Recording]:
    """Read the recorded flights of a file.

    Parameters
    ----------
    path : ``.csv``, ``.geojson``, ``.json``, any of them also as ``.gz``

    Returns
    -------
    one Recording a flight, in the order in which they first appear

    Raises
    ------
    UserError : a file that is absent, empty, too large or of another kind; text where a number belongs; a position off the earth;
        times that go back or repeat; each with file, row or line, column and what was found.

    Limits: columns are known by name: time or timestamp (seconds, milliseconds since 1970 or ISO 8601), latitude, longitude,
        altitude (feet, as ADS-B has it), altitude_ft, altitude_m, height_amsl_m, groundspeed (knots), icao24, callsign, id.
    Source: [opensky-2014] meaning of the fields.
    """
    where = Path(path)
    text = _text(where)
    kind = [suffix for suffix in where.suffixes if suffix != ".gz"][-1:] or [""]
    if kind[0] == ".csv":
        return _flights(where, _csv_rows(where, text))
    if kind[0] in {".json", ".geojson"}:
        try:
            found = json.loads(text)
        except json.JSONDecodeError as error:
            raise UserError(f"{where}:{error.lineno}:{error.colno}: this is not JSON ({error.msg}); export the track again") from None
        if isinstance(found, Mapping):
            return _flights(where, _geojson_rows(where, found))
        return _flights(where, _json_rows(where, found))
    raise UserError(f"{where}: tracks are read from .csv, .geojson and .json files (also .gz), not from {kind[0] or 'a nameless kind'}")


def _text(where: Path) -> str:
    if not where.is_file():
        raise UserError(f"{where}: there is no such track file; check its name and folder")
    try:
        with gzip.open(where, "rb") if where.suffix == ".gz" else where.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, EOFError) as error:
        raise UserError(f"{where}: the file cannot be read ({error}); copy it again") from None
    if len(data) > MOST_BYTES:
        raise UserError(f"{where}: more than {MOST_BYTES // 1_000_000} MB of tracks; split the file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{where}: byte {error.start} is not UTF-8 text; save the file as UTF-8") from None


def _csv_rows(where: Path, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text))
    try:
        for row in reader:
            yield f"{where}:{reader.line_num}", {str(key).strip().lower(): value for key, value in row.items() if key is not None}
    except csv.Error as error:
        raise UserError(f"{where}:{reader.line_num}: this is not CSV ({error}); export the track again") from None


def _json_rows(where: Path, found: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(found, list):
        raise UserError(f"{where}: a list of rows, or GeoJSON, is expected; received {type(found).__name__}")
    for number, row in enumerate(found, 1):
        if not isinstance(row, Mapping):
            raise UserError(f"{where}: row {number}: an object with named values is expected, received {row!r:.60}")
        yield f"{where}: row {number}", {str(key).lower(): value for key, value in row.items()}


def _geojson_rows(where: Path, found: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    features = found.get("features", [found] if found.get("type") == "Feature" else None)
    if not isinstance(features, list):
        raise UserError(f"{where}: neither a list of rows nor GeoJSON; give a FeatureCollection, a Feature or a list")
    for number, feature in enumerate(features, 1):
        place = f"{where}: feature {number}"
        geometry = (feature.get("geometry") or {}) if isinstance(feature, Mapping) else {}
        properties = {str(key).lower(): value for key, value in (feature.get("properties") or {}).items()} if geometry else {}
        points: Any = geometry.get("coordinates")
        times: Any = None
        if geometry.get("type") == "Point":
            points, times = [points], [_first(properties, _TIMES)]
        elif geometry.get("type") == "LineString":
            times = _first(properties, ("times", "coordtimes", "timestamps"))
        else:
            raise UserError(f"{place}: tracks are LineString features with a list of times, or Points with a time")
        if not isinstance(points, list) or not isinstance(times, list) or len(times) != len(points):
            raise UserError(
                f"{place}: needs one time a point in the property 'times'; received {_count(times)} times, {_count(points)} points"
            )
        names = {key: properties[key] for key in _NAMES if key in properties} or {"id": f"feature {number}"}
        for point, time in zip(points, times, strict=True):
            if not isinstance(point, list) or len(point) < 2:
                raise UserError(f"{place}: a point needs longitude and latitude, received {point!r:.60}")
            height = {"height_amsl_m": point[2]} if len(point) > 2 else {}
            yield place, {**names, "time": time, "lon": point[0], "lat": point[1], **height}


def _flights(where: Path, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Recording]:
    """Group rows by flight and check them."""
    groups: dict[str, list[tuple[float, float, float, float, float]]] = {}
    told: dict[str, tuple[int, str]] = {}
    altitude_key = ""
    total = 0
    for place, row in rows:
        total += 1
        if total > MOST_ROWS:
            raise UserError(f"{place}: more than {MOST_ROWS:,} rows; split the file")
        if total == 1:
            _has(place, row)
            altitude_key = next((key for key in _ALTITUDES if key in row), "")
        name = str(_first(row, _NAMES) or "track")
        count, call = told.get(name, (0, ""))
        told[name] = count + 1, call or str(_first(row, _CALLS) or "").strip()
        lat, lon = _number(place, row, _LATITUDES, 90.0), _number(place, row, _LONGITUDES, 360.0)
        if math.isnan(lat) or math.isnan(lon):
            continue
        time_s = _time(place, row)
        group = groups.setdefault(name, [])
        if group and time_s <= group[-1][0]:
            raise UserError(
                f"{place}: column '{_key(row, _TIMES)}': time {_first(row, _TIMES)!r} of {name} is not after the row before; "
                "sort the rows by time and remove repeated ones"
            )
        factor = _ALTITUDES[altitude_key][0] if altitude_key else math.nan
        speed_key = next((key for key in _SPEEDS if key in row), "")
        speed = _number(place, row, (speed_key,), math.inf) * _SPEEDS[speed_key] if speed_key else math.nan
        group.append((time_s, lat, lon, _number(place, row, (altitude_key,), math.inf) * factor if altitude_key else math.nan, speed))
    if not groups:
        what = "no rows" if not total else f"{total} rows and no position among them"
        raise UserError(f"{where}: the track file holds {what}; give at least two rows with time, latitude and longitude")
    pressure = _ALTITUDES[altitude_key][1] if altitude_key else False
    return [_recording(where, name, told[name], np.array(group), pressure) for name, group in groups.items()]


def _recording(where: Path, name: str, told: tuple[int, str], columns: Reals, pressure: bool) -> Recording:
    time_s, lat, lon, altitude_m, speed = np.ascontiguousarray(columns.T)
    lon = (lon + 180.0) % 360.0 - 180.0
    arrays = (time_s, np.radians(lat), np.radians(lon), altitude_m, speed)
    for array in arrays:
        array.flags.writeable = False
    return Recording(name, told[1], *arrays, pressure, told[0], str(where))


def _has(place: str, row: Mapping[str, Any]) -> None:
    for what, keys in (("time", _TIMES), ("latitude", _LATITUDES), ("longitude", _LONGITUDES)):
        if not any(key in row for key in keys):
            raise UserError(f"{place}: no column for {what}; name it one of {', '.join(keys)} (found: {', '.join(map(str, row))[:120]})")


def _key(row: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((key for key in keys if key in row), keys[0])


def _first(row: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((row[key] for key in keys if row.get(key) not in (None, "")), None)


def _number(place: str, row: Mapping[str, Any], keys: tuple[str, ...], limit: float) -> float:
    """Return a number, NaN where the cell is empty; text and values beyond the limit are refused."""
    value = _first(row, keys)
    if value is None:
        return math.nan
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if math.isnan(number) and not (isinstance(value, float) or str(value).strip().lower() in {"nan", "none", "null"}):
        raise UserError(f"{place}: column '{_key(row, keys)}': a number is expected, received {value!r:.60}")
    if abs(number) > limit:
        raise UserError(f"{place}: column '{_key(row, keys)}': {value!r} is beyond {limit:g}; give degrees")
    return number if math.isfinite(number) else math.nan


def _time(place: str, row: Mapping[str, Any]) -> float:
    """Return seconds: a number as it is, from milliseconds when it is that large, or an ISO 8601 instant."""
    value = _first(row, _TIMES)
    try:
        number = float(value)
        if math.isfinite(number):
            return number / 1000.0 if abs(number) > 1e11 else number
    except (TypeError, ValueError):
        pass
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        wanted = "seconds, milliseconds since 1970 or an ISO 8601 instant"
        raise UserError(f"{place}: column '{_key(row, _TIMES)}': {wanted} is expected, received {value!r:.60}") from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list) else 0
