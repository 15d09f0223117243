"""The parts of a replay file: columns of whole numbers, each the step from the one before, and the records that hold them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openiads.show import replay_symbols as symbols
from openiads.show.replay_input import (
    AssetView,
    ChartView,
    Kind,
    MovingObject,
    Radar,
    ReplayInput,
    Ring,
    Samples,
    Shot,
    SiteView,
    Steps,
    Strobes,
    TrackPicture,
)

TIME_SCALE_S, DELAY_SCALE_S = 0.01, 0.1
COARSE_FROM_M = 100.0


class Scale(NamedTuple):
    """What a whole number of a path stands for, and how far rounding to it may move a place."""

    angle_deg: float
    height_m: float
    rounding_m: float


def scale_for(tolerance_m: float) -> Scale:
    """Fine steps where the picture is fine, else steps that are small beside its tolerance."""
    return Scale(1e-5, 1.0, 1.0) if tolerance_m < COARSE_FROM_M else Scale(1e-4, 10.0, 10.0)


Json = dict[str, Any]


def seconds(time_us: int) -> float:
    """Seconds of a time, to the millisecond."""
    return round(int(time_us) / 1e6, 3)


def _maybe_s(time_us: int | None) -> float | None:
    return None if time_us is None else seconds(time_us)


def column(values: ArrayLike, scale: float) -> list[int]:
    """Return values as whole numbers of ``scale``, each after the first as the step from the one before."""
    whole = np.rint(np.asarray(values, dtype=np.float64) / scale).astype(np.int64)
    packed: list[int] = np.concatenate([whole[:1], np.diff(whole)]).tolist()
    return packed


def _path(samples: Samples, keep: NDArray[np.int64], scale: Scale) -> Json:
    return {
        "t": column(samples.time_us[keep] / 1e6, TIME_SCALE_S),
        "lon": column(samples.longitude_deg[keep], scale.angle_deg),
        "lat": column(samples.latitude_deg[keep], scale.angle_deg),
        "alt": column(samples.height_wgs84_m[keep], scale.height_m),
    }


def moving_object_record(item: MovingObject, keep: NDArray[np.int64], scale: Scale) -> Json:
    """What flew, with the path kept of it."""
    label = symbols.SIDE_LABEL.get(item.side, "unknown")
    found = {
        "name": item.name, "class": item.class_name, "kind": item.kind, "side": item.side, "duty": item.duty, "group": item.group,
        "parent": item.parent, "aim": item.aim, "outcome": item.outcome, "ends": _maybe_s(item.ends_us), "why": item.why,
        "why_detail": item.why_detail, "sidc": symbols.moving(item.kind, label),
    }  # fmt: skip
    return {**found, "path": _path(item.path, keep, scale)}


def track_record(track: TrackPicture, number: Mapping[str, int], symbol: Mapping[Kind, int], keep: NDArray[np.int64], scale: Scale) -> Json:
    """What a picture believed of one track; `number` and `symbol` are the rows of objects by name and of symbols by kind."""
    found: Json = {
        "name": track.name,
        "picture": track.picture,
        "object": number.get(track.object, -1),
        "kinds": {"t": column([time_us / 1e6 for time_us, _ in track.kinds], TIME_SCALE_S), "k": [symbol[kind] for _, kind in track.kinds]},
        "ends": _maybe_s(track.ends_us),
        "beliefs": [
            [seconds(b.time_us), b.label, None if b.probability is None else round(b.probability, 4), b.evidence] for b in track.beliefs
        ],
        "path": _path(track.path, keep, scale),
    }
    if track.valid_us is not None:
        found["delay"] = column((track.path.time_us - track.valid_us)[keep] / 1e6, DELAY_SCALE_S)
    return found


def asset_record(asset: AssetView) -> Json:
    """Something that is defended."""
    return {
        "name": asset.name, "lon": asset.at.longitude_deg, "lat": asset.at.latitude_deg, "value": asset.value, "radius_m": asset.radius_m,
        "hits": [seconds(t) for t in asset.hits_us], "stopped": _maybe_s(asset.stopped_us), "sidc": symbols.ASSET,
    }  # fmt: skip


def site_record(site: SiteView, scale: Scale) -> Json:
    """A site with its radars, rings and magazines."""
    return {
        "name": site.name, "system": site.system, "role": site.role, "short_range": site.short_range, "protects": site.protects,
        "lon": site.at.longitude_deg, "lat": site.at.latitude_deg, "alt": round(site.at.height_wgs84_m, 1), "sidc": symbols.site(site),
        "lost": _maybe_s(site.lost_us), "channels": site.channels, "busy": _number_steps(site.channels_busy),
        "radars": [_radar(radar) for radar in site.radars], "rings": [_ring(ring, scale) for ring in site.rings],
        "magazines": [{"missile": m.missile, "capacity": m.capacity, "left": _number_steps(m.left)} for m in site.magazines],
    }  # fmt: skip


def _number_steps(steps: Steps | None) -> Json | None:
    return None if steps is None else {"t": column(steps.time_us / 1e6, TIME_SCALE_S), "v": steps.value.tolist()}


def _radar(radar: Radar) -> Json:
    on = None if radar.on is None else [[seconds(a), seconds(b)] for a, b in radar.on]
    return {
        "name": radar.name, "role": radar.role, "range_m": radar.range_m, "facing_deg": round(math.degrees(radar.facing_rad), 2),
        "width_deg": round(math.degrees(radar.width_rad), 2), "on": on, "lost": _maybe_s(radar.lost_us),
        "turns": [[seconds(time_us), round(math.degrees(facing) % 360.0, 2)] for time_us, facing in radar.turns],
    }  # fmt: skip


def _ring(ring: Ring, scale: Scale) -> Json:
    return {
        "label": ring.label, "kind": ring.kind, "height": ring.height, "class": ring.target_class,
        "lon": column(ring.longitude_deg, scale.angle_deg), "lat": column(ring.latitude_deg, scale.angle_deg),
    }  # fmt: skip


def shot_record(shot: Shot, number: Mapping[str, int], sites: Mapping[str, int]) -> Json:
    """One round or burst."""
    return {
        "site": sites.get(shot.site, -1), "missile": shot.missile, "object": number.get(shot.object, -1), "track": shot.track,
        "t0": seconds(shot.launch_us), "t1": seconds(shot.intercept_us), "outcome": shot.outcome, "p": shot.kill_probability,
        "gun": shot.gun, "salvo": shot.salvo,
        "from": _place(shot.launch_at.longitude_deg, shot.launch_at.latitude_deg, shot.launch_at.height_wgs84_m),
        "to": _place(shot.aim_point.longitude_deg, shot.aim_point.latitude_deg, shot.aim_point.height_wgs84_m),
    }  # fmt: skip


def _place(lon: float, lat: float, height: float) -> list[float]:
    return [round(lon, 5), round(lat, 5), round(height, 1)]


def strobes_record(item: Strobes, number: Mapping[str, int], sites: Mapping[str, int]) -> Json:
    """Jammed bearings of one radar."""
    return {
        "site": sites.get(item.site, -1), "radar": item.radar, "jammer": number.get(item.jammer, -1), "hold": seconds(item.hold_us),
        "t": column(item.time_us / 1e6, TIME_SCALE_S), "bearing": column(np.degrees(item.bearing_rad), 0.1),
    }  # fmt: skip


def event_columns(replay: ReplayInput, number: Mapping[str, int], sites: Mapping[str, int]) -> Json:
    """Every event in the order of time, by columns; what many say alike stands once in `said`."""
    events = sorted(replay.events, key=lambda event: event.time_us)
    kinds = sorted({event.kind for event in events})
    tracks = {track.name: row for row, track in enumerate(replay.tracks)}
    said: dict[str, int] = {}
    args = [said.setdefault(json.dumps({key: _plain(value) for key, value in event.args.items()}), len(said)) for event in events]
    return {
        "kinds": kinds,
        "t": column([event.time_us / 1e6 for event in events], TIME_SCALE_S),
        "kind": [kinds.index(event.kind) for event in events],
        "object": [number.get(event.object, -1) for event in events],
        "site": [sites.get(event.site, -1) for event in events],
        "track": [tracks.get(event.track, -1) for event in events],
        "args": args,
        "said": [json.loads(one) for one in said],
    }


def _plain(value: str | float | int) -> str | float | int:
    if isinstance(value, float | np.floating):
        return float(f"{value:.6g}")
    return int(value) if isinstance(value, int | np.integer) else str(value)


def chart_record(chart: ChartView) -> Json:
    """A small chart."""
    return {
        "title": chart.title, "x": list(chart.x), "y": [list(line) for line in chart.y], "names": list(chart.names),
        "x_label": chart.x_label, "y_label": chart.y_label, "style": chart.style, "low": None if chart.low is None else list(chart.low),
        "high": None if chart.high is None else list(chart.high),
    }  # fmt: skip
