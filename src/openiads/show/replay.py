"""The replay file: one versioned JSON object, columnar and compact, as a pure function of a battle."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openiads.show import replay_columns as columns
from openiads.show import replay_symbols as symbols
from openiads.show.replay_basemap import Basemap, basemap
from openiads.show.replay_input import EVENT_KINDS, OUTCOMES, WHY_LINKS, ReplayError, ReplayInput
from openiads.show.replay_thin import plane, thin

FORMAT, VERSION = "openiads-replay", 2
TOLERANCES_M = (25.0, 50.0, 100.0, 200.0, 400.0, 800.0)
BUDGET_BYTES = 17_000_000
_HEAD = re.compile(r'<script type="application/json" id="data" data-format="(openiads-(?:replay|coverage|replications|study))">')
_DATA = re.compile(_HEAD.pattern + r"(.*?)</script>", re.DOTALL)

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


def embedded(replay: Mapping[str, Any]) -> str:
    """The script element that holds the data of a page."""
    return f'<script type="application/json" id="data" data-format="{replay["format"]}">{text(replay)}</script>\n'


def data_of(page: str) -> str:
    """The JSON text inside a page that `embedded` has written into.

    Raises
    ------
    ReplayError
        The page holds no such data.
    """
    found = _DATA.search(page)
    if found is None:
        raise ReplayError("this page holds no data of the viewer: write it again")
    return found[2]


def format_of(page: str) -> str | None:
    """The format of the data inside a page, None where there is none."""
    found = _HEAD.search(page)
    return found[1] if found else None


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
    kinds = sorted({kind for track in replay.tracks for _, kind in track.kinds})
    symbol = {kind: row for row, kind in enumerate(kinds)}
    scale = columns.scale_for(tolerance_m)
    paths = [*(item.path for item in replay.objects), *(track.path for track in replay.tracks)]
    kept = thin(paths, replay.center, tolerance_m - scale.rounding_m)
    split = len(replay.objects)
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": replay.name,
        "about": replay.about,
        "epoch": replay.epoch,
        "t0": 0.0,
        "t1": columns.seconds(replay.duration_us),
        "center": [replay.center.longitude_deg, replay.center.latitude_deg],
        "reach_km": round(reach_km, 1),
        "tolerance_m": tolerance_m,
        "interpolation": "straight lines on the azimuthal equidistant plane about the centre",
        "scale": {"t": columns.TIME_SCALE_S, "deg": scale.angle_deg, "m": scale.height_m, "delay": columns.DELAY_SCALE_S},
        "basemap": around,
        "symbols": [symbols.moving(kind, "unknown") for kind in kinds],
        "assets": [columns.asset_record(asset) for asset in replay.assets],
        "sites": [columns.site_record(site, scale) for site in replay.sites],
        "objects": [columns.moving_object_record(item, keep, scale) for item, keep in zip(replay.objects, kept[:split], strict=True)],
        "tracks": [
            columns.track_record(track, number, symbol, keep, scale) for track, keep in zip(replay.tracks, kept[split:], strict=True)
        ],
        "shots": [columns.shot_record(shot, number, sites) for shot in replay.shots],
        "strobes": [columns.strobes_record(item, number, sites) for item in replay.strobes],
        "events": columns.event_columns(replay, number, sites),
        "charts": [columns.chart_record(chart) for chart in replay.charts],
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
