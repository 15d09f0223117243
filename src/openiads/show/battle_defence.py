"""The defence and what it defends, as the replay shows them: sites with radars, rings and magazines, assets with their hits."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from openiads.earth import geodesy
from openiads.earth.refraction import horizon_range_m
from openiads.model import codes
from openiads.results.night import Night
from openiads.results.reading import CODE, TIME, A, B, Reader
from openiads.scenario.sites import Site
from openiads.show.replay_input import AssetView, Magazine, Place, Radar, Ring, Shot, SiteView, Steps

ROLE = {"fire-unit": "fire_unit", "command-post": "command", "sensor": "radar"}
SHORT_RANGE_M = 30e3
LOW_M = 50.0
RING_POINTS = 121


def assets(reader: Reader) -> list[AssetView]:
    """Return what is defended, with the times at which it was hit."""
    hits = reader.rows(codes.ASSET_HIT)
    stopped = {int(row[A]): int(row[TIME]) for row in reader.rows(codes.ASSET_STOPPED)}
    return [
        AssetView(
            one.name, Place(one.at.lat_deg, one.at.lon_deg), one.value, one.radius_m, hits[hits[:, A] == a, TIME].tolist(), stopped.get(a)
        )
        for a, one in enumerate(reader.planned.scenario.assets)
    ]


def sites(reader: Reader, drawn: Night, shots: Sequence[Shot]) -> list[SiteView]:
    """Return every site as it stood and fought."""
    return [_site(reader, drawn, site, [shot for shot in shots if shot.site == site.name]) for site in reader.planned.scenario.sites]


def _site(reader: Reader, drawn: Night, site: Site, shots: list[Shot]) -> SiteView:
    names, arms = reader.names, reader.planned.plan.arms
    unit = names.units.index(site.name) if site.name in names.units else -1
    at = unit_place(reader, unit) if unit >= 0 else Place(site.at.lat_deg, site.at.lon_deg)
    reach_m = float(arms.units["reach_m"][unit]) if unit >= 0 else 0.0
    return SiteView(
        name=site.name, system=site.system, at=at, role=ROLE.get(site.role, "radar"),  # type: ignore[arg-type]
        short_range=0.0 < reach_m < SHORT_RANGE_M, radars=_radars(reader, drawn, site), rings=_rings(reader, site, unit),
        magazines=_magazines(reader, unit, shots), channels=int(arms.units["targets_max"][unit]) if unit >= 0 else 0,
        channels_busy=_busy(shots) if unit >= 0 else None, lost_us=_lost(reader, site, unit), protects="",
    )  # fmt: skip


def unit_place(reader: Reader, unit: int) -> Place:
    """Return where a fire unit stands."""
    lat, lon, height = geodesy.to_geodetic(reader.planned.plan.arms.frames[unit : unit + 1, :3])
    return Place(math.degrees(float(lat[0])), math.degrees(float(lon[0])), float(height[0]))


def site_of_radar(reader: Reader, radar: int) -> str:
    """Return the site that a radar belongs to, empty for a feed from outside."""
    return reader.names.radars[radar].rpartition("/")[0]


def _radars(reader: Reader, drawn: Night, site: Site) -> list[Radar]:
    table, end_us = reader.planned.plan.eyes.radars, reader.planned.plan.duration_us
    lost = {int(row[A]): int(row[TIME]) for row in reader.rows(codes.DESTROYED) if row[CODE] == 0}
    silence_us = int(reader.planned.plan.rule.doctrine["silence_us"][0])
    found = []
    for r in range(len(table)):
        if site_of_radar(reader, r) != site.name:
            continue
        quiet = [int(row[TIME]) for row in reader.rows(codes.SILENT) if row[A] == r]
        on = None
        if not drawn.radars[r]:
            on = []
        elif quiet:
            edges = [0, *(t for begin in quiet for t in (begin, begin + silence_us)), end_us]
            on = [(a, min(b, end_us)) for a, b in zip(edges[::2], edges[1::2]) if a < min(b, end_us)]
        role = "engagement" if table["unit"][r] >= 0 else "acquisition"
        width = 2.0 * float(table["half_sector_rad"][r])
        found.append(
            Radar(reader.names.radar_types[r], role, float(table["range_max_m"][r]), float(drawn.facing_rad[r]), width, on, lost.get(r))
        )
    return found


def _rings(reader: Reader, site: Site, unit: int) -> list[Ring]:
    if unit < 0:
        return []
    plan, k = reader.planned.plan, reader.planned.scenario.environment.k_factor
    rings = [_ring(site, "longest range of its missiles", "naive", float(plan.arms.units["reach_m"][unit]))]
    radar = int(plan.arms.units["radar"][unit])
    if radar >= 0:
        antenna_m = max(float(plan.eyes.radars["height_amsl_m"][radar] - plan.arms.units["ground_wgs84_m"][unit]), 1.0)
        far_m = float(horizon_range_m(antenna_m, LOW_M, k))
        rings.append(_ring(site, f"horizon of its guiding radar at {LOW_M:g} m", "horizon", far_m, f"{LOW_M:g} m agl"))
    return rings


def _ring(site: Site, label: str, kind: str, radius_m: float, height: str = "") -> Ring:
    bearing = np.linspace(0.0, 2.0 * math.pi, RING_POINTS)
    lat, lon, _ = geodesy.direct(math.radians(site.at.lat_deg), math.radians(site.at.lon_deg), bearing, radius_m)
    return Ring(label, kind, np.degrees(lat), np.degrees(lon), height)  # type: ignore[arg-type]


def _magazines(reader: Reader, unit: int, shots: list[Shot]) -> list[Magazine]:
    if unit < 0:
        return []
    weapons = reader.planned.plan.arms.weapons
    reloads = [int(row[TIME]) for row in reader.rows(codes.RELOAD) if row[B] == unit]
    launchers = max(int(reader.planned.plan.arms.units["launcher_count"][unit]), 1)
    found = []
    for w in np.flatnonzero(weapons["unit"] == unit):
        name, capacity = reader.names.weapons[w], int(weapons["loaded"][w])
        changes = [(shot.launch_us, -1) for shot in shots if shot.missile == name]
        changes = sorted(changes + [(at, capacity // launchers) for at in reloads])
        left = np.clip(capacity + np.cumsum([0, *(change for _, change in changes)]), 0, capacity)
        found.append(Magazine(name, capacity, Steps(np.array([0, *(at for at, _ in changes)], np.int64), left.astype(np.int64))))
    return found


def _busy(shots: list[Shot]) -> Steps:
    """How many targets a unit serves at once."""
    edges = sorted(
        [(shot.launch_us, 1, shot.object or shot.track) for shot in shots]
        + [(shot.intercept_us, -1, shot.object or shot.track) for shot in shots]
    )
    at_each: dict[str, int] = {}
    times, values = [0], [0]
    for time_us, change, target in edges:
        at_each[target] = at_each.get(target, 0) + change
        times.append(time_us)
        values.append(sum(n > 0 for n in at_each.values()))
    return Steps(np.array(times, np.int64), np.array(values, np.int64))


def _lost(reader: Reader, site: Site, unit: int) -> int | None:
    for row in reader.rows(codes.DESTROYED):
        of_unit = row[CODE] == 1 and row[B] == unit and unit >= 0
        of_post = row[CODE] == 2 and reader.names.deciders[row[B]] == site.name and unit < 0
        if of_unit or of_post:
            return int(row[TIME])
    return None
