"""The defence over time: rounds left, channels busy, radars on, off and lost, and the brochure's rings beside lines of sight."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from openiads import chance
from openiads.earth import geodesics
from openiads.log import Log
from openiads.model import codes
from openiads.model.columns import FAR_FUTURE_US
from openiads.results.value import Run
from openiads.scenario.sites import Site
from openiads.show.replay_input import Magazine, Place, Radar, Ring, SiteView, Steps
from openiads.show.replay_run_events import place
from openiads.show.replay_run_words import Words

SIGHT_HEIGHT_M = 100.0
_ROLES = {"fire-unit": "fire_unit", "command-post": "command", "sensor": "radar"}
_SHORT_RANGE_M = 40_000.0
_AVAILABILITY = 3  # row of the plan's scalars


@dataclass
class Stock:
    """What one unit had over time."""

    left: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # by weapon: (time, rounds left)
    busy: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])  # (time, targets held)


def magazines_and_channels(log: Log, words: Words) -> dict[int, Stock]:
    """Rounds and busy fire channels of every unit, by following orders, launches and ends of shots."""
    arms = words.planned.plan.arms
    stocks = {u: Stock() for u in range(len(arms.units))}
    for w in range(len(arms.weapons)):
        stocks[int(arms.weapons["unit"][w])].left[w] = [(0, int(arms.weapons["loaded"][w]))]
    held: dict[int, tuple[int, int, int]] = {}
    early_us: dict[int, int] = {}
    changes: list[tuple[int, int, int, int]] = []
    for row in log.rows[log.of_kind(codes.ORDER, codes.LAUNCH, codes.LAUNCH_FAILED, codes.INTERCEPT, codes.RELOAD)]:
        kind, time_us, u, number = int(row["kind"]), int(row["time_us"]), int(row["index_b"]), int(row["count"])
        if kind == codes.ORDER:
            held[number] = (u, int(row["index_a"]), time_us)
            changes.append((time_us, u, int(row["index_a"]), 1))
        elif kind == codes.LAUNCH:
            steps = stocks[u].left[int(row["code"])]
            steps.append((time_us, max(0, steps[-1][1] - 1)))
            early_us[number] = int(arms.weapons["handover_us"][int(row["code"])])
        elif kind == codes.RELOAD:
            _reload(stocks[u], words, u, int(row["index_a"]), time_us)
        elif number in held:
            u, i, since_us = held.pop(number)
            changes.append((max(time_us - early_us.get(number, 0), since_us), u, i, -1))
    _busy(stocks, changes)
    return stocks


def _reload(stock: Stock, words: Words, unit: int, launcher: int, time_us: int) -> None:
    arms = words.planned.plan.arms
    for w, steps in stock.left.items():
        more = int(arms.rounds[launcher, int(arms.weapons["slot"][w])])
        if more and int(arms.weapons["unit"][w]) == unit:
            steps.append((time_us, steps[-1][1] + more))


def _busy(stocks: dict[int, Stock], changes: list[tuple[int, int, int, int]]) -> None:
    """Count the different targets that each unit has shots for."""
    shots: dict[tuple[int, int], int] = {}
    targets = dict.fromkeys(stocks, 0)
    for time_us, u, i, step in sorted(changes):
        before = shots.get((u, i), 0)
        shots[u, i] = before + step
        targets[u] += (shots[u, i] > 0) - (before > 0)
        stocks[u].busy.append((time_us, targets[u]))


def _steps(pairs: Sequence[tuple[int, int]]) -> Steps:
    """The last value at each time."""
    last = dict(pairs)
    return Steps(np.array(list(last), dtype=np.int64), np.array(list(last.values()), dtype=np.int64))


def site_views(run: Run, words: Words, stocks: Mapping[int, Stock], rings: Mapping[str, Sequence[Ring]]) -> list[SiteView]:
    """Every site of the scenario with what it had and lost."""
    lost = _losses(run)
    return [_site(run, words, site, stocks, lost, rings) for site in run.scenario.sites]


def _site(
    run: Run,
    words: Words,
    site: Site,
    stocks: Mapping[int, Stock],
    lost: Mapping[tuple[str, int], int],
    rings: Mapping[str, Sequence[Ring]],
) -> SiteView:
    arms, names = run.planned.plan.arms, words.names
    unit = names.units.index(site.name) if site.name in names.units else -1
    decider = names.deciders.index(site.name) if site.name in names.deciders else -1
    at = place(arms.frames[unit, :3]) if unit >= 0 else Place(site.at.lat_deg, site.at.lon_deg)
    reach_m = float(arms.units["reach_m"][unit]) if unit >= 0 else 0.0
    stock = stocks.get(unit, Stock())
    magazines = [
        Magazine(words.weapon(w), steps[0][1], _steps(steps)) for w, steps in stock.left.items() if steps[0][1] and not words.is_gun(w)
    ]
    mine = [r for r, name in enumerate(names.radars) if words.radar(r)[0] == site.name]
    own = [*rings.get(site.name, ()), *_rings(run, at, reach_m, mine)]
    return SiteView(
        name=site.name,
        system=site.system,
        at=at,
        role=_ROLES[site.role],  # type: ignore[arg-type]
        short_range=0.0 < reach_m < _SHORT_RANGE_M,
        radars=[_radar(run, words, r, lost) for r in mine],
        rings=own,
        magazines=magazines,
        channels=int(arms.units["targets_max"][unit]) if unit >= 0 else 0,
        channels_busy=_steps(stock.busy) if unit >= 0 else None,
        lost_us=lost.get(("unit", unit), lost.get(("decider", decider)) if unit < 0 else None),
    )


def _losses(run: Run) -> dict[tuple[str, int], int]:
    """When radars, units and command posts were lost; at 0 what was not ready, by the battle's own addressed draws."""
    plan, number = run.planned.plan, run.batch.first
    share = float(run.planned.knowledge.scalars[_AVAILABILITY])
    found: dict[tuple[str, int], int] = {}
    for word, table, stream in (("radar", plan.eyes.radars, 0), ("unit", plan.arms.units, 1)):
        for row in range(len(table)):
            draw = chance.uniform(run.seed, number, int(table["key"][row]), stream, chance.AVAILABILITY, 0)
            if draw < (1.0 - table["availability"][row]) * share:
                found[word, row] = 0
    if run.log is not None:
        for line in run.log.rows[run.log.of_kind(codes.DESTROYED)]:
            what = ("radar", "unit", "decider", "launcher")[int(line["code"])]
            found[what, int(line["index_a" if what in ("radar", "launcher") else "index_b"])] = int(line["time_us"])
    return found


def _radar(run: Run, words: Words, row: int, lost: Mapping[tuple[str, int], int]) -> Radar:
    radars = run.planned.plan.eyes.radars
    off = 2.0 * chance.uniform(run.seed, run.batch.first, int(radars["key"][row]), 0, chance.FACING_ERROR, 0) - 1.0
    facing = float(radars["facing_rad"][row] + off * radars["facing_error_rad"][row])
    return Radar(
        name=words.radar(row)[1],
        role=run.planned.draft.sensors[row].spec.role,
        range_m=float(radars["range_max_m"][row]),
        facing_rad=facing % (2.0 * math.pi),
        width_rad=2.0 * float(radars["half_sector_rad"][row]),
        on=_speaking(run, row),
        lost_us=lost.get(("radar", row)),
        turns=_turns(run, row),
    )


def _turns(run: Run, row: int) -> list[tuple[int, float]]:
    """When a radar's sector was turned, and where to."""
    if run.log is None:
        return []
    lines = run.log.of_kind(codes.FACING)
    mine = lines[run.log.rows["index_a"][lines] == row]
    return [(int(run.log.rows["time_us"][line]), float(run.log.reals[line, 0])) for line in mine]


def _speaking(run: Run, row: int) -> list[tuple[int, int]] | None:
    """When a radar emitted, where it fell silent at least once."""
    if run.log is None:
        return None
    rows = run.log.rows[run.log.of_kind(codes.SILENT)]
    starts = [int(line["time_us"]) for line in rows if int(line["index_a"]) == row]
    if not starts:
        return None
    quiet_us = int(run.planned.plan.rule.doctrine["silence_us"][0])
    begins = [0, *(start + quiet_us for start in starts)]
    return [(begin, end) for begin, end in zip(begins, [*starts, FAR_FUTURE_US], strict=True) if end > begin]


def _rings(run: Run, at: Place, reach_m: float, radars: Sequence[int]) -> list[Ring]:
    found = []
    if reach_m > 0.0:
        found.append(_ring(at, np.full(181, reach_m), "brochure range", "naive", ""))
    sights = [_sight_m(run, r) for r in radars if not run.planned.plan.eyes.radars["is_feed"][r]]
    if sights:
        found.append(_ring(at, np.max(sights, axis=0), "line of sight", "horizon", f"{SIGHT_HEIGHT_M:.0f} m agl"))
    return found


def _ring(at: Place, range_m: np.ndarray[tuple[int], np.dtype[np.float64]], label: str, kind: str, height: str) -> Ring:
    bearing = np.linspace(0.0, 2.0 * math.pi, len(range_m))
    lat, lon, _ = geodesics.direct(math.radians(at.latitude_deg), math.radians(at.longitude_deg), bearing, range_m)
    return Ring(label, kind, np.degrees(lat), np.degrees(lon), height)  # type: ignore[arg-type]


def _sight_m(run: Run, row: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How far a target at 100 m above the ground is in sight, by bearing, out to the display limit and within the sector."""
    sensor, radars = run.planned.draft.sensors[row], run.planned.plan.eyes.radars
    lowest = sensor.mask.lowest_visible_height_agl_m
    bearing = np.linspace(0.0, 2.0 * math.pi, 181)
    lines = (np.rint(bearing / sensor.mask.bearing_step_rad).astype(int) % len(lowest)) if len(lowest) > 1 else np.zeros(181, dtype=int)
    hidden = lowest[lines] > SIGHT_HEIGHT_M
    reach = np.where(hidden.any(axis=1), np.argmax(hidden, axis=1), lowest.shape[1] - 1) * sensor.mask.range_step_m
    off = np.abs((bearing - float(radars["facing_rad"][row]) + math.pi) % (2.0 * math.pi) - math.pi)
    seen: np.ndarray[tuple[int], np.dtype[np.float64]] = np.where(off <= float(radars["half_sector_rad"][row]) + 1e-9, reach, 1.0)
    return np.minimum(seen, float(radars["range_max_m"][row]))
