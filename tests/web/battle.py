"""An invented battle of the shape that a run has, to try the viewer and the exports on. It shows no result."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from openiads.show.replay_input import (
    AssetView,
    Belief,
    ChartView,
    Event,
    Magazine,
    MovingObject,
    Notes,
    Place,
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

CENTER = Place(53.9, 27.57, 200.0)
KM_PER_DEG = 111.19
# class, kind, side, count, height m, start km, speed m/s, first seen km, duty
RAID = [
    ("one-way-attack-uav", "drone", "hostile", 20, 500.0, 52.0, 50.0, 22.0, "impact"),
    ("cruise-missile-subsonic", "cruise", "hostile", 12, 250.0, 210.0, 240.0, 28.0, "impact"),
    ("decoy", "decoy", "hostile", 8, 3000.0, 170.0, 200.0, 120.0, "decoy"),
    ("tactical-aircraft", "aircraft", "hostile", 4, 8000.0, 180.0, 250.0, 175.0, "release"),
    ("low-observable-fighter", "fighter", "hostile", 2, 9000.0, 180.0, 250.0, 60.0, "release"),
    ("bomber", "bomber", "hostile", 1, 10000.0, 260.0, 230.0, 250.0, "release"),
    ("anti-radiation-missile", "arm", "hostile", 6, 7000.0, 100.0, 600.0, 70.0, "impact"),
    ("srbm-iskander", "ballistic", "hostile", 2, 40000.0, 350.0, 1500.0, 120.0, "impact"),
    ("standoff-jammer", "jammer", "hostile", 1, 7000.0, 150.0, 180.0, 148.0, "jam"),
    ("civil-airliner", "airliner", "civil", 6, 11000.0, 220.0, 230.0, 215.0, ""),
    ("fighter-friendly", "fighter", "friend", 2, 4000.0, 120.0, 260.0, 118.0, ""),
]
ASSETS = [("air base", 0.0, -25.0), ("command centre", 0.0, 0.0), ("power station", -21.0, 21.0)]
SITES = [
    ("s400", "S-400", 11.0, -10.0),
    ("pantsir-1", "Pantsir-S1", 3.0, -28.0),
    ("pantsir-2", "Pantsir-S1", 2.5, -3.0),
    ("pantsir-3", "Pantsir-S1", -19.0, 18.0),
    ("pantsir-4", "Pantsir-S1", 9.0, -12.0),
]


class Told(NamedTuple):
    """What there is to show, as far as it was invented."""

    objects: list[MovingObject]
    tracks: list[TrackPicture]
    shots: list[Shot]
    events: list[Event]
    hits: dict[str, list[int]]  # by asset


def place(north_km: float, east_km: float, height_m: float = 0.0) -> Place:
    lat = CENTER.latitude_deg + north_km / KM_PER_DEG
    return Place(lat, CENTER.longitude_deg + east_km / (KM_PER_DEG * math.cos(math.radians(lat))), height_m)


def ring(label: str, kind: str, at: Place, radius_km: float, rough: float, seed: int, height: str = "") -> Ring:
    bearing = np.linspace(0.0, 2 * np.pi, 181)
    noise = np.random.default_rng(seed).normal(size=181)
    smooth = np.convolve(np.r_[noise, noise, noise], np.ones(9) / 3, "same")[181:362]
    smooth[-1] = smooth[0]
    radius = radius_km * (1 + rough * smooth)
    lat = at.latitude_deg + radius * np.cos(bearing) / KM_PER_DEG
    lon = at.longitude_deg + radius * np.sin(bearing) / (KM_PER_DEG * np.cos(np.radians(lat)))
    return Ring(label, kind, lat, lon, height, "tactical-aircraft")


def _site(index: int, name: str, system: str, north: float, east: float, shots: list[Shot], duration: int) -> SiteView:
    at = place(north, east, 220.0)
    long_range = system == "S-400"
    reach = 250.0 if long_range else 18.0
    loads = {"48N6E3": 20, "9M96E2": 8, "40N6E": 4} if long_range else {"57E6": 12}
    mine = sorted((shot for shot in shots if shot.site == name), key=lambda shot: shot.launch_us)
    magazines = []
    for missile, capacity in loads.items():
        times = [shot.launch_us for shot in mine if shot.missile == missile][:capacity]
        value = capacity - np.arange(len(times) + 1)
        magazines.append(Magazine(missile, capacity, Steps(np.array([0, *times], np.int64), value.astype(np.int64))))
    changes = sorted([(shot.launch_us, 1) for shot in mine] + [(shot.intercept_us, -1) for shot in mine])
    busy = Steps(np.array([0] + [t for t, _ in changes], np.int64), np.cumsum([0] + [d for _, d in changes]).astype(np.int64))
    radars = (
        [Radar("92N6E", "engagement", 340_000.0, math.radians(255.0), math.radians(100.0)), Radar("96L6E", "acquisition", 300_000.0)]
        if long_range
        else [Radar("1RS1", "acquisition", 36_000.0)]
    )
    rings = (
        ring("brochure range", "naive", at, reach, 0.0, index),
        ring("detection at 100 m", "detection", at, min(reach, 38.0 if long_range else 16.0), 0.12, index, "100 m agl"),
        ring("engagement at 9 km", "engagement", at, 0.7 * reach, 0.05, 7 + index, "9 km amsl"),
    )
    return SiteView(name, system, at, "fire_unit", not long_range, radars, rings, magazines, 6 if long_range else 3, busy)


def _move(rng: np.random.Generator, row: tuple, number: int, scale: float) -> tuple[Samples, int, int, str]:
    _class_name, kind, side, _count, height, start_km, speed, _, duty = row
    aim_name, aim_north, aim_east = ASSETS[number % 3]
    bearing = math.radians(270.0 + rng.normal(0.0, 16.0)) if side == "hostile" else rng.uniform(0.0, 2 * math.pi)
    begins = {"drone": 30.0, "cruise": 120.0, "ballistic": 700.0, "arm": 380.0, "decoy": 100.0}.get(kind, 0.0) + 8.0 * number / scale
    turn_km = {"release": 75.0, "jam": 120.0}.get(duty, 0.0)
    far = np.array([start_km * math.cos(bearing), start_km * math.sin(bearing)])
    aim = np.array([aim_north, aim_east]) if side == "hostile" else -far * 0.8
    gone = np.linalg.norm(aim - far) - turn_km
    seconds = np.arange(0.0, gone * 1000.0 / speed + 1.0, 2.0)
    seconds = np.append(seconds[:-1], gone * 1000.0 / speed)
    share = seconds / seconds[-1]
    at = far + np.outer(share * gone / np.linalg.norm(aim - far), aim - far)
    side_step = np.outer(np.sin(share * math.pi * 3) * rng.normal(0.0, 1.5), [-(aim - far)[1], (aim - far)[0]] / np.linalg.norm(aim - far))
    at = at + side_step
    if turn_km:
        back = np.linspace(0.0, 1.0, 200)
        away = at[-1] + np.outer(back, (far - at[-1]) * 0.9 + np.array([20.0, 0.0]))
        seconds = np.append(seconds, seconds[-1] + 2.0 + back * np.linalg.norm(away[-1] - away[0]) * 1000.0 / speed)
        at = np.vstack([at, away])
        share = np.ones(len(at))
    drop = (1.0 - share**6) if duty in ("impact", "decoy") else np.ones(len(at))
    heights = height * (np.sin(np.pi * np.clip(0.35 + 0.65 * share, 0, 1)) if kind == "ballistic" else drop) + 200.0
    keep = begins + seconds <= 1200.0
    lat = CENTER.latitude_deg + at[:, 0] / KM_PER_DEG
    lon = CENTER.longitude_deg + at[:, 1] / (KM_PER_DEG * np.cos(np.radians(lat)))
    time_us = np.rint((begins + seconds) * 1e6).astype(np.int64)
    return Samples(time_us[keep], lat[keep], lon[keep], heights[keep]), int(time_us[0]), int(time_us[-1]), aim_name


def _range_km(path: Samples, at: Place) -> np.ndarray:
    north = (path.latitude_deg - at.latitude_deg) * KM_PER_DEG
    east = (path.longitude_deg - at.longitude_deg) * KM_PER_DEG * math.cos(math.radians(at.latitude_deg))
    return np.hypot(north, east)


def _cut(path: Samples, until_us: int) -> Samples:
    keep = path.time_us <= until_us
    keep[0] = True
    return Samples(path.time_us[keep], path.latitude_deg[keep], path.longitude_deg[keep], path.height_wgs84_m[keep])


def battle(scale: float = 1.0, seed: int = 5, texts: list[str] | None = None) -> ReplayInput:
    """A raid with `scale` times as many objects as the default of 64; `texts` replace names, notes and words."""
    rng = np.random.default_rng(seed)
    told = Told([], [], [], [], {name: [] for name, _, _ in ASSETS})
    word = (lambda i, default: texts[i % len(texts)] + f" {i}") if texts else (lambda i, default: default)
    number = 0
    for row in RAID:
        _, kind, side, count, *_ = row
        for member in range(max(1, round(count * scale))):
            number += 1
            _fly(rng, told, row, member, number, word(number, f"{kind if side != 'friend' else 'patrol'}-{member + 1}"), max(scale, 1.0))
    jam_us = np.arange(100, 1000, 10, dtype=np.int64) * 1_000_000
    jammer = next(o.name for o in told.objects if o.kind == "jammer")
    strobes = (Strobes("s400", "96L6E", jam_us, np.radians(np.linspace(272.0, 281.0, len(jam_us))), 10_000_000, jammer),)
    told.events.extend(
        [
            Event(100_000_000, "jammed", jammer, "s400", args={"radar": "96L6E"}),
            Event(240_000_000, "order", "", "", args={"control": "free"}),
        ]
    )
    sites = [_site(i, *row, told.shots, 1_200_000_000) for i, row in enumerate(SITES)]
    assets = [
        AssetView(
            name, place(n, e, 180.0), 1.0, 1000.0, sorted(told.hits[name]), sorted(told.hits[name])[1] if len(told.hits[name]) > 1 else None
        )
        for name, n, e in ASSETS
    ]
    limits = ["Positions are illustrative.", "Targets do not plan.", word(1, "Weather is constant.")]
    notes = Notes(
        7, 0, "9f2c" * 16, "0.1.0", limits, [word(2, "[proposal] Judgement, varied in studies.")], "openiads run invented --seed 7",
        "2021-06-01", "none: smooth earth",
    )  # fmt: skip
    about = word(4, "A mixed raid from the west on three assets near Minsk; every figure here is invented.")
    return ReplayInput(
        word(0, "minsk-invented"), about, 1_200_000_000, CENTER, assets, sites, told.objects, told.tracks, told.shots, told.events, notes,
        strobes, (_held(told.tracks),), _headline(told),
    )  # fmt: skip


def _fly(rng: np.random.Generator, told: Told, row: tuple, member: int, number: int, name: str, scale: float) -> None:
    """One object from its start to its end: flown, perhaps seen, tracked and shot at."""
    class_name, kind, side, _, _, _, _, seen_km, duty = row
    path, begins, ends, aim = _move(rng, row, member, scale)
    near = _site_range(path)
    outcome, why = ("alive", "") if side != "hostile" else ("task_done", "") if duty in ("release", "jam") else ("leaked", "never visible")
    told.events.append(Event(begins, "appeared", name, args={"class": class_name}))
    seen = np.flatnonzero(near < seen_km * rng.uniform(0.8, 1.1))
    if len(seen) and rng.random() < 0.93:
        first = int(path.time_us[seen[0]])
        firm = first + int(rng.uniform(8, 25) * 1e6)
        radar = {"radar": "96L6E", "range_m": float(near[seen[0]] * 1000)}
        told.events.append(Event(first, "detected", name, "s400" if kind != "drone" else "pantsir-2", args=radar))
        known = firm + int(rng.uniform(6, 60) * 1e6)
        why = "no time"
        if side == "hostile" and duty in ("impact", "decoy", "release"):
            path, outcome, why = _shoot(rng, told, kind, member, name, f"T{number:03d}", path, known, outcome)
        _track(rng, told, kind, side, name, f"T{number:03d}", path, firm, known)
    end_us: int | None = int(path.time_us[-1])
    if outcome == "leaked" and ends > 1_200_000_000:
        outcome, why = "alive", ""
    if outcome == "leaked" and duty == "decoy":
        outcome, why = "left", ""
    if outcome == "leaked":
        told.hits[aim].append(end_us)
        told.events.append(Event(end_us, "impact", name, args={"asset": aim}))
    if outcome == "task_done":
        told.events.append(Event(end_us, "task_done", name))
    if outcome == "alive":
        end_us = None
    said = "first seen 14 km out; two shots would have needed 40 s" if why else ""
    aim = aim if side == "hostile" else ""
    told.objects.append(MovingObject(name, class_name, kind, side, path, duty, f"{kind}s", "", aim, outcome, end_us, why, said))


def _shoot(
    rng: np.random.Generator, told: Told, kind: str, member: int, name: str, track: str, path: Samples, known: int, outcome: str
) -> tuple[Samples, str, str]:
    """Up to two shots; returns the path as far as it went, the outcome and why."""
    far = kind in ("aircraft", "fighter", "bomber", "ballistic", "decoy")
    shooter, missile = ("s400", "48N6E3") if far else (f"pantsir-{1 + member % 4}", "57E6")
    _, _, north, east = next(item for item in SITES if item[0] == shooter)
    why, launch = "no time", known + int(rng.uniform(5, 30) * 1e6)
    for _ in range(2):
        flight = int((60 if shooter == "s400" else 14) * rng.uniform(0.5, 1.2) * 1e6)
        meet = launch + flight
        if meet >= path.time_us[-1]:
            break
        spot = Place(*(float(np.interp(meet, path.time_us, v)) for v in (path.latitude_deg, path.longitude_deg, path.height_wgs84_m)))
        end = "killed" if rng.random() < 0.5 else "missed"
        told.shots.append(Shot(shooter, missile, launch, place(north, east, 220.0), spot, meet, end, name, track, 0.6))
        told.events.extend(
            [
                Event(launch - 3_000_000, "assigned", name, shooter, args={"missile": missile}),
                Event(launch, "launched", name, shooter, args={"missile": missile, "p": 0.6, "flight_s": flight / 1e6}),
                Event(meet, end, name, shooter, args={"missile": missile}),
            ]
        )
        if end == "killed":
            return _cut(path, meet), "killed", ""
        why, launch = "missed", meet + 6_000_000
        told.events.append(Event(meet + 1_000_000, "held", name, shooter, args={"reason": "assessing the last shot"}))
    return path, outcome, why


def _track(rng: np.random.Generator, told: Told, kind: str, side: str, name: str, track: str, path: Samples, firm: int, known: int) -> None:
    """What the picture holds of an object, two seconds late and not quite where it is."""
    steps = np.arange(firm, int(path.time_us[-1]) + 1, 5_000_000)
    if len(steps) < 2:
        return
    noise = rng.normal(0.0, 0.0012, (2, len(steps)))
    valid = steps - 2_000_000
    believed = Samples(
        steps,
        np.interp(valid, path.time_us, path.latitude_deg) + noise[0],
        np.interp(valid, path.time_us, path.longitude_deg) + noise[1],
        np.interp(valid, path.time_us, path.height_wgs84_m),
    )
    label = {"hostile": "hostile", "civil": "neutral", "friend": "friend"}[side]
    evidence = "speed, height and no flight plan" if side == "hostile" else "flight plan and IFF"
    beliefs = [Belief(firm, "pending"), Belief(firm + 4_000_000, "unknown", 0.4, "no IFF reply"), Belief(known, label, 0.94, evidence)]
    ends, kinds = int(path.time_us[-1]) + 10_000_000, [(firm, kind if side == "civil" else "unknown")]
    told.tracks.append(TrackPicture(track, "national", believed, name, beliefs, valid, ends, kinds))
    told.events.extend(
        [
            Event(firm, "track_started", name, track=track),
            Event(known, "identified", name, track=track, args={"label": label, "p": 0.94, "evidence": evidence}),
        ]
    )


def _held(tracks: list[TrackPicture]) -> ChartView:
    minutes_s = list(range(0, 1200, 60))
    held = [sum(t.path.time_us[0] <= s * 1e6 <= (t.ends_us or 0) for t in tracks) for s in minutes_s]
    return ChartView("Tracks held", minutes_s, [held], ["tracks"], "min", "tracks", "step")


def _headline(told: Told) -> dict[str, int]:
    hostile = [item for item in told.objects if item.side == "hostile"]
    ends = {k: sum(o.outcome == k for o in hostile) for k in ("killed", "leaked", "task_done", "turned_back", "lost", "left", "alive")}
    return {
        "targets": len(hostile),
        **ends,
        "impact_objects": sum(o.duty == "impact" for o in hostile),
        "impacts": ends["leaked"],
        "rounds_fired": len(told.shots),
        "civil_engaged": 0,
        "friendly_engaged": 0,
    }


def _site_range(path: Samples) -> np.ndarray:
    return np.min([_range_km(path, place(n, e)) for _, _, n, e in SITES], axis=0)
