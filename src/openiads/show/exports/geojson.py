"""GeoJSON (RFC 7946): one collection with sites, assets, areas, paths and shots."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from openiads.show.exports.text import degrees, epoch, inert, moment
from openiads.show.replay_input import Place, ReplayInput, Ring, Samples

Json = dict[str, Any]


def write(replay: ReplayInput, folder: Path) -> list[Path]:
    """Write `battle.geojson`: heights are metres above the WGS84 ellipsoid, times microseconds from the start beside ISO moments."""
    path = folder / "battle.geojson"
    path.write_text(json.dumps(collection(replay), ensure_ascii=False, allow_nan=False), encoding="utf-8")
    return [path]


def collection(replay: ReplayInput) -> Json:
    """The feature collection. Limits: a path that crosses the date line is not cut in two."""
    features = [*_defence(replay), *_paths(replay), *_shots(replay)]
    return {"type": "FeatureCollection", "name": inert(replay.name), "features": features}


def _feature(feature: str, geometry: Json | None, **properties: object) -> Json:
    clean = {key: inert(value) if isinstance(value, str) else value for key, value in properties.items()}
    return {"type": "Feature", "geometry": geometry, "properties": {"feature": feature, **clean}}


def _point(place: Place) -> Json:
    return {"type": "Point", "coordinates": degrees(place)}


def _line(samples: Samples) -> Json | None:
    corners = np.column_stack([samples.longitude_deg, samples.latitude_deg, samples.height_wgs84_m]).tolist()
    if not corners:
        return None
    return {"type": "Point", "coordinates": corners[0]} if len(corners) == 1 else {"type": "LineString", "coordinates": corners}


def _area(ring: Ring) -> Json:
    """Outer ring against the clock, closed, as the standard asks."""
    lon, lat = np.asarray(ring.longitude_deg), np.asarray(ring.latitude_deg)
    turn = float(np.sum(lon * np.roll(lat, -1) - np.roll(lon, -1) * lat))
    corners = np.column_stack([lon, lat]).tolist()
    corners = corners[::-1] if turn < 0 else corners
    if corners[0] != corners[-1]:
        corners.append(corners[0])
    return {"type": "Polygon", "coordinates": [corners]}


def _defence(replay: ReplayInput) -> list[Json]:
    found = [
        _feature(
            "asset",
            _point(a.at),
            name=a.name,
            value=a.value,
            radius_m=a.radius_m,
            hits_us=[int(t) for t in a.hits_us],
            stopped_us=a.stopped_us,
        )
        for a in replay.assets
    ]
    for s in replay.sites:
        found.append(_feature("site", _point(s.at), name=s.name, system=s.system, role=s.role, lost_us=s.lost_us))
        found += [
            _feature("area", _area(r), site=s.name, label=r.label, kind=r.kind, height=r.height, target_class=r.target_class)
            for r in s.rings
        ]
    return found


def _paths(replay: ReplayInput) -> list[Json]:
    start = epoch(replay)
    objects = [
        _feature("object", _line(o.path), **_facts(o, "name", "class_name", "side", "duty", "outcome", "why"), **_times(o.path, start))
        for o in replay.objects
    ]
    tracks = [_feature("track", _line(t.path), **_facts(t, "name", "picture", "object"), **_times(t.path, start)) for t in replay.tracks]
    return objects + tracks


def _facts(item: object, *names: str) -> Json:
    return {name: getattr(item, name) for name in names}


def _times(samples: Samples, start: datetime) -> Json:
    times_us = samples.time_us.tolist()
    return {"times_us": times_us, "times": [moment(start, time_us) for time_us in times_us]}


def _shots(replay: ReplayInput) -> list[Json]:
    return [
        _feature(
            "shot",
            {"type": "LineString", "coordinates": [degrees(s.launch_at), degrees(s.aim_point)]},
            **_facts(s, "site", "missile", "object", "outcome"),
            launch_us=int(s.launch_us),
            intercept_us=int(s.intercept_us),
        )
        for s in replay.shots
    ]
