"""Names, sentences, moments and places as other tools can take them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import cast

from openiads.show.replay_input import Event, Place, ReplayError, ReplayInput
from openiads.show.replay_page import WEB

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_PART = re.compile(r"\{(\w+)\}")


def inert(name: str) -> str:
    """The text without terminal escapes and without characters that XML forbids."""
    return _CONTROL.sub("\ufffd", name)


def one_line(name: str) -> str:
    """The text on one line, inert."""
    return " ".join(inert(name).split())


def epoch(replay: ReplayInput) -> datetime:
    """The moment of time zero, in UTC."""
    try:
        moment = datetime.fromisoformat(replay.epoch)
    except ValueError as error:
        raise ReplayError(f"epoch {replay.epoch!r} is not an ISO 8601 moment such as 2021-06-01T06:00:00Z") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def degrees(place: Place) -> list[float]:
    """Longitude, latitude and height above the ellipsoid. [deg, deg, m]"""
    return [float(place.longitude_deg), float(place.latitude_deg), float(place.height_wgs84_m)]


def moment(start: datetime, time_us: int) -> str:
    """ISO 8601 in UTC with microseconds."""
    return (start + timedelta(microseconds=int(time_us))).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def sentence(event: Event) -> str:
    """One event in English, from the words of the viewer."""
    args: dict[str, str | float | int] = {"object": event.object, "site": event.site, "track": event.track, **event.args}
    template = _words().get(f"event.{event.kind}", event.kind)
    kept = _OPTIONAL.sub(lambda m: m[1] if all(args.get(name) not in (None, "") for name in _PART.findall(m[1])) else "", template)
    return one_line(_PART.sub(lambda m: _with_unit(m[1], args.get(m[1], "")), kept))


@cache
def _words() -> Mapping[str, str]:
    return cast("Mapping[str, str]", json.loads((WEB / "i18n" / "en.json").read_text(encoding="utf-8")))


def _with_unit(name: str, value: str | float | int) -> str:
    if isinstance(value, str):
        return _words().get(f"{name}.{value}", value) if name in ("label", "class") else value
    units = {"_m": "m", "_s": "s", "_rad": "rad", "_deg": "deg", "_mps": "m/s", "_db": "dB"}
    for ending, unit in units.items():
        if name.endswith(ending):
            return f"{value:.6g} {unit}"
    return f"{value:.6g}"
