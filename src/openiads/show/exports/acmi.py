"""Tacview ACMI 2.2 text: objects over time for debriefing tools."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from openiads.show.exports.text import epoch, moment, one_line, sentence
from openiads.show.replay_input import Kind, ReplayInput

_TYPES: dict[Kind, str] = {
    "helicopter": "Air+Rotorcraft",
    "drone": "Air+FixedWing+UAV",
    "cruise": "Weapon+Missile",
    "ballistic": "Weapon+Missile",
    "glide": "Weapon+Missile",
    "arm": "Weapon+Missile",
    "bomb": "Weapon+Bomb",
    "decoy": "Misc+Decoy",
    "bird": "Misc",
}
_SIDES = {"hostile": ("Red", "Attack"), "friend": ("Blue", "Defence"), "civil": ("Green", "Civil")}
_SITES, _ASSETS, _OBJECTS, _SHOTS = 0x1000, 0x2000, 0x10000, 0x800000
_TOLD = {"impact": "Message", "killed": "Destroyed", "unit_hit": "Message", "civil_lost": "Message", "friendly_lost": "Message"}


def write(replay: ReplayInput, folder: Path) -> list[Path]:
    """Write `battle.acmi`: frames in seconds from the reference time, heights in metres above the WGS84 ellipsoid."""
    path = folder / "battle.acmi"
    lines = [*_head(replay), *_fixed(replay), *_frames(replay)]
    path.write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
    return [path]


def _said(text: str) -> str:
    return one_line(text).replace("\\", "\\\\").replace(",", "\\,").replace("|", "/")


def _at(lat: float, lon: float, height: float) -> str:
    return f"T={float(lon)!r}|{float(lat)!r}|{float(height)!r}"


def _head(replay: ReplayInput) -> list[str]:
    facts = {
        "ReferenceTime": moment(epoch(replay), 0),
        "DataSource": f"openiads {replay.notes.version}",
        "DataRecorder": "openiads",
        "Title": _said(replay.name),
        "Comments": _said(f"{replay.about} Positions are illustrative. Heights are above the WGS84 ellipsoid."),
    }
    return ["FileType=text/acmi/tacview", "FileVersion=2.2", *(f"0,{key}={value}" for key, value in facts.items())]


def _fixed(replay: ReplayInput) -> list[str]:
    lines = ["#0"]
    for i, s in enumerate(replay.sites):
        place = _at(s.at.latitude_deg, s.at.longitude_deg, s.at.height_wgs84_m)
        lines.append(
            f"{_SITES + i:x},{place},Type=Ground+AntiAircraft,Name={_said(s.system)},Pilot={_said(s.name)},Color=Blue,Coalition=Defence"
        )
    for i, a in enumerate(replay.assets):
        place = _at(a.at.latitude_deg, a.at.longitude_deg, a.at.height_wgs84_m)
        lines.append(f"{_ASSETS + i:x},{place},Type=Ground+Static+Building,Name={_said(a.name)},Color=Blue,Coalition=Defence")
    return lines


def _frames(replay: ReplayInput) -> list[str]:
    """Every line with its time and rank, in order: first what appears or moves, then what happens, then what is gone."""
    timed: list[tuple[int, int, str]] = []
    number = {o.name: f"{_OBJECTS + i:x}" for i, o in enumerate(replay.objects)}
    for o in replay.objects:
        colour, coalition = _SIDES.get(o.side, ("Grey", "Unknown"))
        about = f",Type={_TYPES.get(o.kind, 'Air+FixedWing')},Name={_said(o.class_name)},Pilot={_said(o.name)},Color={colour}"
        about += f",Coalition={coalition}"
        rows = zip(o.path.time_us.tolist(), o.path.latitude_deg, o.path.longitude_deg, o.path.height_wgs84_m, strict=True)
        for i, (t, lat, lon, height) in enumerate(rows):
            timed.append((t, 0, f"{number[o.name]},{_at(lat, lon, height)}{about if i == 0 else ''}"))
        if o.ends_us is not None:
            timed.append((o.ends_us, 2, f"-{number[o.name]}"))
    timed += _missiles(replay)
    for e in replay.events:
        if e.kind in _TOLD and e.object in number:
            timed.append((e.time_us, 1, f"0,Event={_TOLD[e.kind]}|{number[e.object]}|{_said(sentence(e))}"))
    timed.sort(key=lambda row: row[:2])
    lines: list[str] = []
    last = -1
    for t, _, line in timed:
        if t != last:
            lines.append(f"#{np.format_float_positional(t / 1e6, trim='-')}")
            last = t
        lines.append(line)
    return lines


def _missiles(replay: ReplayInput) -> list[tuple[int, int, str]]:
    """Each shot as an object that leaves its launcher and is gone at the predicted point."""
    timed: list[tuple[int, int, str]] = []
    for i, s in enumerate(replay.shots):
        key = f"{_SHOTS + i:x}"
        kind = "Projectile+Shell" if s.gun else "Weapon+Missile"
        about = f"Type={kind},Name={_said(s.missile)},Pilot={_said(s.site)},Color=Blue,Coalition=Defence"
        start, end = s.launch_at, s.aim_point
        timed.append((s.launch_us, 0, f"{key},{_at(start.latitude_deg, start.longitude_deg, start.height_wgs84_m)},{about}"))
        timed.append((s.intercept_us, 0, f"{key},{_at(end.latitude_deg, end.longitude_deg, end.height_wgs84_m)}"))
        timed.append((s.intercept_us, 2, f"-{key}"))
    return timed
