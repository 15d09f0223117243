"""The replay file: one versioned JSON object, columnar and compact, as a pure function of a battle."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openiads.show import replay_symbols as symbols
from openiads.show.replay_basemap import Basemap, basemap
from openiads.show.replay_input import (
    EVENT_KINDS,
    OUTCOMES,
    WHY_LINKS,
    AssetView,
    ChartView,
    MovingObject,
    Radar,
    ReplayError,
    ReplayInput,
    Ring,
    Samples,
    Shot,
    SiteView,
    Steps,
    Strobes,
    TrackPicture,
)
from openiads.show.replay_thin import plane, thin

FORMAT, VERSION = "openiads-replay", 1
TIME_SCALE_S, ANGLE_SCALE_DEG, HEIGHT_SCALE_M = 0.01, 1e-5, 1.0
TOLERANCES_M = (25.0, 50.0, 100.0, 200.0, 400.0)
BUDGET_BYTES = 17_000_000

Json = dict[str, Any]


def encode(replay: ReplayInput, *, tolerance_m: float | None = None, budget_bytes: int = BUDGET_BYTES, base: Basemap | None = None) -> Json:
    """The replay object that the page reads.

    Parameters
    ----------
    replay
        One battle.
    tolerance_m
        Largest error of a drawn position against the given samples [m]; None takes the finest that fits the budget.
    budget_bytes
        Size of the JSON text above which a coarser tolerance is taken [byte].
    base
        Coasts and borders; None takes them from the installed atlas.

    Returns
    -------
    A JSON object whose `tolerance_m` states what was lost.

    Raises
    ------
    ReplayError
        An event, reason or outcome is not one that the page knows, or a reference names nothing.
    """
    _check(replay)
    reach_km = _reach_m(replay) / 1000.0
    around = base if base is not None else basemap(replay.center, max(600.0, 2.2 * reach_km))
    found: Json = {}
    for tolerance in (tolerance_m,) if tolerance_m is not None else TOLERANCES_M:
        found = _encode(replay, tolerance, around, reach_km)
        if len(text(found)) <= budget_bytes:
            break
    return found


def text(replay: Mapping[str, Any]) -> str:
    """JSON text that is safe inside a script element: no NaN, and no less-than sign."""
    try:
        plain = json.dumps(replay, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_number)
    except ValueError as error:
        raise ReplayError(f"the replay holds a number that JSON cannot say ({error})") from error
    return plain.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def decode(source: str | Mapping[str, Any]) -> Json:
    """Read a replay object back and refuse what is not one of a version known here."""
    try:
        found = json.loads(source) if isinstance(source, str) else dict(source)
    except ValueError as error:
        raise ReplayError(f"not a replay file: {error}") from error
    kind = found.get("format") if isinstance(found, dict) else None
    if kind != FORMAT:
        raise ReplayError(f"not a replay file: its format is {kind!r}, expected {FORMAT!r}")
    if found.get("version") != VERSION:
        raise ReplayError(f"replay version {found.get('version')!r} is not known here (known: {VERSION}): update openiads or run again")
    return found


def unpack(steps: Sequence[int], scale: float) -> NDArray[np.float64]:
    """Numbers from the steps in which a column is stored."""
    return np.cumsum(np.asarray(steps, dtype=np.int64)).astype(np.float64) * scale


def _number(value: object) -> float | int:
    if isinstance(value, np.integer | np.bool_):
        return int(value)
    if isinstance(value, np.floating):
        return float(value)
    raise ReplayError(f"the replay holds a {type(value).__name__}, which JSON cannot say")


def _encode(replay: ReplayInput, tolerance_m: float, around: Basemap, reach_km: float) -> Json:
    number = {item.name: index for index, item in enumerate(replay.objects)}
    sites = {item.name: index for index, item in enumerate(replay.sites)}
    kept = thin([*(item.path for item in replay.objects), *(track.path for track in replay.tracks)], replay.center, tolerance_m)
    split = len(replay.objects)
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": replay.name,
        "about": replay.about,
        "epoch": replay.epoch,
        "t0": 0.0,
        "t1": _s(replay.duration_us),
        "center": [replay.center.longitude_deg, replay.center.latitude_deg],
        "reach_km": round(reach_km, 1),
        "tolerance_m": tolerance_m,
        "interpolation": "straight lines on the azimuthal equidistant plane about the centre",
        "scale": {"t": TIME_SCALE_S, "deg": ANGLE_SCALE_DEG, "m": HEIGHT_SCALE_M},
        "basemap": around,
        "assets": [_asset(asset) for asset in replay.assets],
        "sites": [_site(site) for site in replay.sites],
        "objects": [_object(item, keep) for item, keep in zip(replay.objects, kept[:split], strict=True)],
        "tracks": [_track(track, number, keep) for track, keep in zip(replay.tracks, kept[split:], strict=True)],
        "shots": [_shot(shot, number, sites) for shot in replay.shots],
        "strobes": [_strobes(item, number, sites) for item in replay.strobes],
        "events": _events(replay, number, sites),
        "charts": [_chart(chart) for chart in replay.charts],
        "headline": dict(replay.headline),
        "notes": {
            **{key: getattr(replay.notes, key) for key in ("seed", "replication", "digest", "version", "rerun", "data_date", "terrain")},
            "limits": list(replay.notes.limits),
            "sources": list(replay.notes.sources),
        },
    }


def _check(replay: ReplayInput) -> None:
    objects, sites = {item.name for item in replay.objects}, {item.name for item in replay.sites}
    if len(objects) != len(replay.objects) or len(sites) != len(replay.sites):
        raise ReplayError("two objects or two sites of the replay have one name: names must differ")
    for event in replay.events:
        _known(event.kind, EVENT_KINDS, "event kind")
        _refers(event.object, objects, "event", "object")
        _refers(event.site, sites, "event", "site")
    for item in replay.objects:
        _known(item.outcome, OUTCOMES, f"outcome of {item.name!r}")
        if item.why:
            _known(item.why, WHY_LINKS, f"reason of {item.name!r}")
    for track in replay.tracks:
        _refers(track.object, objects, f"track {track.name!r}", "object")
    for shot in replay.shots:
        _refers(shot.object, objects, "shot", "object")
        _refers(shot.site, sites, "shot", "site")


def _known(word: str, words: Sequence[str], what: str) -> None:
    if word not in words:
        raise ReplayError(f"{what}: {word!r} is not one of {', '.join(words)}")


def _refers(name: str, names: set[str], what: str, kind: str) -> None:
    if name and name not in names:
        raise ReplayError(f"{what} names the {kind} {name!r}, which the replay does not hold")


def _reach_m(replay: ReplayInput) -> float:
    """How far from the centre the picture goes: the furthest object, but no more than 1,500 km."""
    far = 50_000.0
    for item in replay.objects:
        if len(item.path.time_us):
            east, north = plane(item.path.latitude_deg, item.path.longitude_deg, replay.center)
            far = max(far, float(np.max(np.hypot(east, north))))
    for site in replay.sites:
        east, north = plane(np.array([site.at.latitude_deg]), np.array([site.at.longitude_deg]), replay.center)
        far = max(far, 1.2 * float(np.hypot(east, north)[0]))
    return min(far, 1_500_000.0)


def _s(time_us: int) -> float:
    return round(int(time_us) / 1e6, 3)


def _maybe_s(time_us: int | None) -> float | None:
    return None if time_us is None else _s(time_us)


def _steps(values: Any, scale: float) -> list[int]:
    whole = np.rint(np.asarray(values, dtype=np.float64) / scale).astype(np.int64)
    packed: list[int] = np.concatenate([whole[:1], np.diff(whole)]).tolist()
    return packed


def _path(samples: Samples, keep: NDArray[np.int64]) -> Json:
    return {
        "t": _steps(samples.time_us[keep] / 1e6, TIME_SCALE_S),
        "lon": _steps(samples.longitude_deg[keep], ANGLE_SCALE_DEG),
        "lat": _steps(samples.latitude_deg[keep], ANGLE_SCALE_DEG),
        "alt": _steps(samples.height_wgs84_m[keep], HEIGHT_SCALE_M),
    }


def _object(item: MovingObject, keep: NDArray[np.int64]) -> Json:
    label = symbols.SIDE_LABEL.get(item.side, "unknown")
    found = {
        "name": item.name, "class": item.class_name, "kind": item.kind, "side": item.side, "duty": item.duty, "group": item.group,
        "parent": item.parent, "aim": item.aim, "outcome": item.outcome, "ends": _maybe_s(item.ends_us), "why": item.why,
        "why_detail": item.why_detail, "sidc": symbols.moving(item.kind, label),
    }  # fmt: skip
    return {**found, "path": _path(item.path, keep)}


def _track(track: TrackPicture, number: Mapping[str, int], keep: NDArray[np.int64]) -> Json:
    found: Json = {
        "name": track.name,
        "picture": track.picture,
        "object": number.get(track.object, -1),
        "sidc": symbols.moving(track.kind, "unknown"),
        "kind": track.kind,
        "ends": _maybe_s(track.ends_us),
        "beliefs": [[_s(b.time_us), b.label, b.probability, b.evidence] for b in track.beliefs],
        "path": _path(track.path, keep),
    }
    if track.valid_us is not None:
        found["delay"] = _steps((track.path.time_us - track.valid_us)[keep] / 1e6, TIME_SCALE_S)
    return found


def _asset(asset: AssetView) -> Json:
    return {
        "name": asset.name, "lon": asset.at.longitude_deg, "lat": asset.at.latitude_deg, "value": asset.value, "radius_m": asset.radius_m,
        "hits": [_s(t) for t in asset.hits_us], "stopped": _maybe_s(asset.stopped_us), "sidc": symbols.ASSET,
    }  # fmt: skip


def _site(site: SiteView) -> Json:
    return {
        "name": site.name, "system": site.system, "role": site.role, "short_range": site.short_range, "protects": site.protects,
        "lon": site.at.longitude_deg, "lat": site.at.latitude_deg, "alt": round(site.at.height_wgs84_m, 1), "sidc": symbols.site(site),
        "lost": _maybe_s(site.lost_us), "channels": site.channels, "busy": _number_steps(site.channels_busy),
        "radars": [_radar(radar) for radar in site.radars], "rings": [_ring(ring) for ring in site.rings],
        "magazines": [{"missile": m.missile, "capacity": m.capacity, "left": _number_steps(m.left)} for m in site.magazines],
    }  # fmt: skip


def _number_steps(steps: Steps | None) -> Json | None:
    return None if steps is None else {"t": _steps(steps.time_us / 1e6, TIME_SCALE_S), "v": steps.value.tolist()}


def _radar(radar: Radar) -> Json:
    on = None if radar.on is None else [[_s(a), _s(b)] for a, b in radar.on]
    return {
        "name": radar.name, "role": radar.role, "range_m": radar.range_m, "facing_deg": round(math.degrees(radar.facing_rad), 2),
        "width_deg": round(math.degrees(radar.width_rad), 2), "on": on, "lost": _maybe_s(radar.lost_us),
    }  # fmt: skip


def _ring(ring: Ring) -> Json:
    return {
        "label": ring.label, "kind": ring.kind, "height": ring.height, "class": ring.target_class,
        "lon": _steps(ring.longitude_deg, ANGLE_SCALE_DEG), "lat": _steps(ring.latitude_deg, ANGLE_SCALE_DEG),
    }  # fmt: skip


def _shot(shot: Shot, number: Mapping[str, int], sites: Mapping[str, int]) -> Json:
    return {
        "site": sites.get(shot.site, -1), "missile": shot.missile, "object": number.get(shot.object, -1), "track": shot.track,
        "t0": _s(shot.launch_us), "t1": _s(shot.intercept_us), "outcome": shot.outcome, "p": shot.kill_probability, "gun": shot.gun,
        "salvo": shot.salvo, "from": _place(shot.launch_at.longitude_deg, shot.launch_at.latitude_deg, shot.launch_at.height_wgs84_m),
        "to": _place(shot.aim_point.longitude_deg, shot.aim_point.latitude_deg, shot.aim_point.height_wgs84_m),
    }  # fmt: skip


def _place(lon: float, lat: float, height: float) -> list[float]:
    return [round(lon, 5), round(lat, 5), round(height, 1)]


def _strobes(item: Strobes, number: Mapping[str, int], sites: Mapping[str, int]) -> Json:
    return {
        "site": sites.get(item.site, -1), "radar": item.radar, "jammer": number.get(item.jammer, -1), "hold": _s(item.hold_us),
        "t": _steps(item.time_us / 1e6, TIME_SCALE_S), "bearing": _steps(np.degrees(item.bearing_rad), 0.1),
    }  # fmt: skip


def _events(replay: ReplayInput, number: Mapping[str, int], sites: Mapping[str, int]) -> Json:
    events = sorted(replay.events, key=lambda event: event.time_us)
    kinds = sorted({event.kind for event in events})
    return {
        "kinds": kinds,
        "t": _steps([event.time_us / 1e6 for event in events], TIME_SCALE_S),
        "kind": [kinds.index(event.kind) for event in events],
        "object": [number.get(event.object, -1) for event in events],
        "site": [sites.get(event.site, -1) for event in events],
        "track": [event.track for event in events],
        "args": [{key: _plain(value) for key, value in event.args.items()} for event in events],
    }


def _plain(value: str | float | int) -> str | float | int:
    if isinstance(value, float | np.floating):
        return float(f"{value:.6g}")
    return int(value) if isinstance(value, int | np.integer) else str(value)


def _chart(chart: ChartView) -> Json:
    return {
        "title": chart.title, "x": list(chart.x), "y": [list(line) for line in chart.y], "names": list(chart.names),
        "x_label": chart.x_label, "y_label": chart.y_label, "style": chart.style, "low": None if chart.low is None else list(chart.low),
        "high": None if chart.high is None else list(chart.high),
    }  # fmt: skip
