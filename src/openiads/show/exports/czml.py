"""CZML for Cesium's globe: time-dynamic positions, areas and shots."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from openiads.show.exports.text import degrees, epoch, inert, moment
from openiads.show.replay_input import AssetView, MovingObject, Place, ReplayInput, Ring, Samples, Shot, SiteView, TrackPicture

Json = dict[str, Any]
_COLOURS: dict[str, list[int]] = {
    "hostile": [213, 94, 0, 255],
    "friend": [86, 180, 233, 255],
    "civil": [0, 158, 115, 255],
    "track": [240, 228, 66, 255],
    "asset": [230, 159, 0, 255],
    "shot": [204, 121, 167, 255],
    "naive": [213, 94, 0, 160],
    "area": [0, 158, 115, 160],
}
_TRAIL_S = 120.0


def write(replay: ReplayInput, folder: Path) -> list[Path]:
    """Write `battle.czml`: seconds count from the epoch, heights are above the WGS84 ellipsoid as Cesium takes them."""
    path = folder / "battle.czml"
    path.write_text(json.dumps(packets(replay), ensure_ascii=False, allow_nan=False), encoding="utf-8")
    return [path]


def packets(replay: ReplayInput) -> list[Json]:
    """The document and one packet for each thing."""
    start = epoch(replay)
    span = f"{moment(start, 0)}/{moment(start, replay.duration_us)}"
    clock = {"interval": span, "currentTime": moment(start, 0), "multiplier": 30, "range": "LOOP_STOP", "step": "SYSTEM_CLOCK_MULTIPLIER"}
    found: list[Json] = [{"id": "document", "name": inert(replay.name), "version": "1.0", "clock": clock}]
    found += [_place(f"asset/{i}", a, "asset") for i, a in enumerate(replay.assets)]
    for i, s in enumerate(replay.sites):
        found.append(_place(f"site/{i}", s, "friend"))
        found += [_area(f"site/{i}/area/{k}", f"{s.name}: {ring.label}", ring) for k, ring in enumerate(s.rings)]
    end = replay.duration_us
    found += [_mover(f"object/{i}", o, o.side, o.ends_us, start, end) for i, o in enumerate(replay.objects) if len(o.path.time_us)]
    found += [_mover(f"track/{i}", t, "track", t.ends_us, start, end) for i, t in enumerate(replay.tracks) if len(t.path.time_us)]
    return found + [_shot(f"shot/{i}", s, start) for i, s in enumerate(replay.shots)]


def _colour(name: str) -> Json:
    return {"rgba": _COLOURS.get(name, _COLOURS["track"])}


def _label(text: str) -> Json:
    return {
        "text": inert(text),
        "font": "12px sans-serif",
        "pixelOffset": {"cartesian2": [0, -14]},
        "fillColor": {"rgba": [255, 255, 255, 255]},
    }


def _place(name: str, thing: AssetView | SiteView, colour: str) -> Json:
    point = {"pixelSize": 10, "color": _colour(colour)}
    return {
        "id": name,
        "name": inert(thing.name),
        "position": {"cartographicDegrees": degrees(thing.at)},
        "point": point,
        "label": _label(thing.name),
    }


def _area(name: str, title: str, ring: Ring) -> Json:
    corners = np.column_stack([ring.longitude_deg, ring.latitude_deg, np.zeros(len(ring.latitude_deg))]).ravel().tolist()
    material = {"solidColor": {"color": _colour("naive" if ring.kind == "naive" else "area")}}
    return {
        "id": name,
        "name": inert(title),
        "polyline": {"positions": {"cartographicDegrees": corners}, "width": 2, "clampToGround": True, "material": material},
    }


def _mover(name: str, thing: MovingObject | TrackPicture, colour: str, ends_us: int | None, start: datetime, end_us: int) -> Json:
    samples = thing.path
    last = max(int(samples.time_us[-1]), ends_us if ends_us is not None else end_us)
    return {
        "id": name,
        "name": inert(thing.name),
        "availability": f"{moment(start, int(samples.time_us[0]))}/{moment(start, last)}",
        "position": _positions(samples, start),
        "point": {"pixelSize": 7 if colour == "track" else 5, "color": _colour(colour)},
        "path": {"leadTime": 0, "trailTime": _TRAIL_S, "width": 2, "material": {"solidColor": {"color": _colour(colour)}}},
    }


def _positions(samples: Samples, start: datetime) -> Json:
    if len(samples.time_us) == 1:
        return {"cartographicDegrees": degrees(Place(samples.latitude_deg[0], samples.longitude_deg[0], samples.height_wgs84_m[0]))}
    rows = np.column_stack([samples.time_us / 1e6, samples.longitude_deg, samples.latitude_deg, samples.height_wgs84_m])
    return {
        "epoch": moment(start, 0),
        "cartographicDegrees": rows.ravel().tolist(),
        "interpolationAlgorithm": "LINEAR",
        "forwardExtrapolationType": "HOLD",
    }


def _shot(name: str, shot: Shot, start: datetime) -> Json:
    line = [*degrees(shot.launch_at), *degrees(shot.aim_point)]
    return {
        "id": name,
        "name": inert(f"{shot.missile}, {shot.site} at {shot.object or shot.track}: {shot.outcome}"),
        "availability": f"{moment(start, shot.launch_us)}/{moment(start, shot.intercept_us)}",
        "polyline": {
            "positions": {"cartographicDegrees": line},
            "width": 2,
            "arcType": "NONE",
            "material": {"solidColor": {"color": _colour("shot")}},
        },
    }
