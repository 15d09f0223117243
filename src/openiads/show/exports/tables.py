"""A battle as flat tables, the common ground of the CSV and Parquet exports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openiads.show.exports.text import inert, sentence
from openiads.show.replay_input import ReplayInput, Samples

TEXT, WHOLE, REAL = "VARCHAR", "BIGINT", "DOUBLE"
_PLACE = (("latitude_deg", REAL), ("longitude_deg", REAL), ("height_wgs84_m", REAL))


@dataclass(frozen=True)
class Table:
    """Named and typed columns; a cell may be None. `rows` are in the order of the battle."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Any, ...]]


def tables(replay: ReplayInput) -> list[Table]:
    """Every table of a battle. Times are microseconds from the start, positions degrees and metres above the ellipsoid."""
    made = [*_moving(replay), *_defence(replay), *_happenings(replay), _run(replay)]
    return [Table(table.name, table.columns, [_clean(row) for row in table.rows]) for table in made]


def _clean(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(inert(cell) if isinstance(cell, str) else cell for cell in row)


def _texts(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, TEXT) for name in names)


def _positions(samples: Samples) -> Iterable[tuple[int, float, float, float]]:
    return zip(
        samples.time_us.tolist(),
        samples.latitude_deg.tolist(),
        samples.longitude_deg.tolist(),
        samples.height_wgs84_m.tolist(),
        strict=True,
    )


def _moving(replay: ReplayInput) -> list[Table]:
    words = ("name", "class_name", "kind", "side", "duty", "group", "parent", "aim", "outcome", "why", "why_detail")
    objects = [(*(getattr(o, word) for word in words), o.ends_us) for o in replay.objects]
    truth = [(o.name, *sample) for o in replay.objects for sample in _positions(o.path)]
    tracks, beliefs = [], []
    for track in replay.tracks:
        valid = track.path.time_us if track.valid_us is None else track.valid_us
        head = (track.name, track.picture, track.object or None)
        tracks += [(*head, t, v, *place) for (t, *place), v in zip(_positions(track.path), valid.tolist(), strict=True)]
        beliefs += [(*head, int(b.time_us), b.label, b.probability, b.evidence) for b in track.beliefs]
    head_columns = _texts("track", "picture", "object")
    return [
        Table("objects", (*_texts("object", *words[1:]), ("ends_us", WHOLE)), objects),
        Table("truth", (*_texts("object"), ("time_us", WHOLE), *_PLACE), truth),
        Table("tracks", (*head_columns, ("time_us", WHOLE), ("valid_us", WHOLE), *_PLACE), tracks),
        Table("beliefs", (*head_columns, ("time_us", WHOLE), ("label", TEXT), ("probability", REAL), ("evidence", TEXT)), beliefs),
    ]


def _defence(replay: ReplayInput) -> list[Table]:
    sites, radars, magazines, channels, rings = [], [], [], [], []
    for s in replay.sites:
        sites.append((s.name, s.system, s.role, s.at.latitude_deg, s.at.longitude_deg, s.at.height_wgs84_m, s.channels, s.lost_us))
        radars += [(s.name, r.name, r.role, r.range_m, r.facing_rad, r.width_rad, r.lost_us) for r in s.radars]
        for m in s.magazines:
            steps = zip(m.left.time_us.tolist(), m.left.value.tolist(), strict=True)
            magazines += [(s.name, m.missile, m.capacity, t, left) for t, left in steps]
        if s.channels_busy is not None:
            channels += [
                (s.name, t, busy) for t, busy in zip(s.channels_busy.time_us.tolist(), s.channels_busy.value.tolist(), strict=True)
            ]
        for r in s.rings:
            corners = zip(r.latitude_deg.tolist(), r.longitude_deg.tolist(), strict=True)
            rings += [(s.name, r.label, r.kind, r.height, r.target_class, i, lat, lon) for i, (lat, lon) in enumerate(corners)]
    assets = [
        (a.name, a.at.latitude_deg, a.at.longitude_deg, a.at.height_wgs84_m, a.value, a.radius_m, a.stopped_us) for a in replay.assets
    ]
    hits = [(a.name, int(t)) for a in replay.assets for t in a.hits_us]
    radar_columns = (*_texts("site", "radar", "role"), ("range_m", REAL), ("facing_rad", REAL), ("width_rad", REAL), ("lost_us", WHOLE))
    ring_columns = (*_texts("site", "label", "kind", "height", "target_class"), ("corner", WHOLE), *_PLACE[:2])
    return [
        Table("sites", (*_texts("site", "system", "role"), *_PLACE, ("channels", WHOLE), ("lost_us", WHOLE)), sites),
        Table("radars", radar_columns, radars),
        Table("magazines", (*_texts("site", "missile"), ("capacity", WHOLE), ("time_us", WHOLE), ("rounds_left", WHOLE)), magazines),
        Table("channels", (*_texts("site"), ("time_us", WHOLE), ("busy", WHOLE)), channels),
        Table("rings", ring_columns, rings),
        Table("assets", (*_texts("asset"), *_PLACE, ("value", REAL), ("radius_m", REAL), ("stopped_us", WHOLE)), assets),
        Table("hits", (*_texts("asset"), ("time_us", WHOLE)), hits),
    ]


def _happenings(replay: ReplayInput) -> list[Table]:
    shots = [
        (
            *(s.site, s.missile, s.object or None, s.track or None, int(s.launch_us), int(s.intercept_us)),
            *(s.launch_at.latitude_deg, s.launch_at.longitude_deg, s.launch_at.height_wgs84_m),
            *(s.aim_point.latitude_deg, s.aim_point.longitude_deg, s.aim_point.height_wgs84_m),
            *(s.kill_probability, s.outcome, int(s.gun), s.salvo),
        )
        for s in replay.shots
    ]
    strobes = [
        (s.site, s.radar, s.jammer or None, t, bearing, s.hold_us)
        for s in replay.strobes
        for t, bearing in zip(s.time_us.tolist(), s.bearing_rad.tolist(), strict=True)
    ]
    events = [
        (int(e.time_us), e.kind, e.object or None, e.site or None, e.track or None, sentence(e), json.dumps(dict(e.args), default=float))
        for e in sorted(replay.events, key=lambda event: event.time_us)
    ]
    shot_columns = (
        *_texts("site", "missile", "object", "track"),
        *(("launch_us", WHOLE), ("intercept_us", WHOLE)),
        *((f"launch_{name}", kind) for name, kind in _PLACE),
        *((f"aim_{name}", kind) for name, kind in _PLACE),
        *(("kill_probability", REAL), ("outcome", TEXT), ("is_gun", WHOLE), ("salvo", WHOLE)),
    )
    strobe_columns = (*_texts("site", "radar", "jammer"), ("time_us", WHOLE), ("bearing_rad", REAL), ("hold_us", WHOLE))
    return [
        Table("shots", shot_columns, shots),
        Table("strobes", strobe_columns, strobes),
        Table("events", (("time_us", WHOLE), *_texts("kind", "object", "site", "track", "text", "args")), events),
    ]


def _run(replay: ReplayInput) -> Table:
    notes = replay.notes
    facts: list[tuple[str, object]] = [
        *(("name", replay.name), ("about", replay.about), ("epoch", replay.epoch), ("duration_us", replay.duration_us)),
        *((key, getattr(notes, key)) for key in ("seed", "replication", "digest", "version", "rerun", "data_date", "terrain")),
        *(("limit", limit) for limit in notes.limits),
        *(("source", source) for source in notes.sources),
        *((f"headline.{key}", value) for key, value in replay.headline.items()),
    ]
    return Table("run", _texts("key", "value"), [(key, str(value)) for key, value in facts])
