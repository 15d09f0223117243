"""The hand model: one page of arithmetic beside every battle, so that a wrong order of magnitude shows.

For each unit: how far it sees and reaches, how long one shot cycle takes, how many targets it can serve at once, what is in its magazines.
For each target: how long it is within reach of the unit that does best against it, how many cycles fit, and what they kill.
Three caps stand above that: a unit's channels times cycles, its rounds, and all rounds times their kill probability.

Limits
------
Knows no jamming, no trees, no tracking, no identification, no doctrine but the layers, and no lost support; readiness is a factor.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from openiads.earth.refraction import effective_radius_m, horizon_range_m
from openiads.kernel import Ints, Reals
from openiads.model import codes
from openiads.model.columns import Table
from openiads.plan import Planned

LOW_M, HIGH_M = 50.0, 9_000.0
SAMPLES_MAX = 4_000_000
EXPLAIN_BEYOND = 2.0


@dataclass(frozen=True)
class UnitLine:
    """One fire unit."""

    name: str
    system: str
    horizon_low_m: float  # at which it sees a target 50 m up
    horizon_high_m: float  # 9 km up
    reach_m: float
    cycle_s: float  # reaction, flight to half its reach, assessment
    channels: int
    missiles: int
    bursts: int
    readiness: float
    busy_s: float  # time in which something is within its reach
    cycles: float  # what its channels can do in that time


@dataclass(frozen=True)
class ClassLine:
    """One class of hostile objects."""

    name: str
    count: int
    height_m: float  # median on its way
    speed_mps: float
    horizon_m: float  # of the unit that has it longest
    within_s: float  # mean time within that unit's reach
    shots: float  # cycles that fit into it, mean
    kill_probability: float
    kills: float  # after both caps


@dataclass(frozen=True)
class Hand:
    """The page: lines by unit and class, and what comes out of them."""

    units: tuple[UnitLine, ...]
    classes: tuple[ClassLine, ...]
    wanted_shots: float
    channel_shots: float
    magazine_shots: float
    kills: float
    kills_cap: float  # ready missiles times kill probability, and gun bursts times theirs

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def hand(planned: Planned) -> Hand:
    """Return the page of arithmetic of a plan."""
    plan = planned.plan
    hostile, weapons = np.flatnonzero(plan.sky.objects["side"] == codes.HOSTILE), plan.arms.weapons
    flown = _flown(planned, hostile)
    kill = (
        planned.knowledge.kill[:, plan.sky.objects["klass"][hostile]]
        * np.where(weapons["reliability"] > 0.0, weapons["reliability"], 1.0)[:, None]
    )
    times_s = np.array([_within_s(planned, w, hostile, flown) for w in range(len(weapons))]).reshape(len(weapons), len(hostile))
    times_s = np.where(kill > 0.0, times_s, 0.0)
    lines = [_unit(planned, u, times_s) for u in range(len(plan.arms.units))]
    if not lines or not len(hostile):
        return Hand(tuple(lines), (), 0.0, 0.0, 0.0, 0.0, 0.0)
    unit = weapons["unit"]
    cycles_s = np.array([max(line.cycle_s, 1.0) for line in lines])[unit][:, None]
    ready = np.array([line.readiness for line in lines])[unit][:, None]
    fits = np.floor(times_s / cycles_s)
    worth = (1.0 - (1.0 - kill) ** fits) * ready
    best, at = np.argmax(worth, axis=0), np.arange(len(hostile))
    pk, fit, chance = kill[best, at], fits[best, at], worth[best, at]
    shots = np.where(pk > 0.0, (1.0 - (1.0 - pk) ** fit) / np.maximum(pk, 1e-9), 0.0)
    wanted = np.bincount(unit[best], weights=shots, minlength=len(lines))
    allowed = np.array([min(line.cycles, line.missiles + line.bursts) for line in lines])
    share = np.minimum(1.0, allowed / np.maximum(wanted, 1e-9))[unit[best]]
    kills = chance * share
    scale = min(1.0, _cap(weapons, kill) / kills.sum()) if kills.sum() > 0.0 else 1.0
    classes = _classes(planned, hostile, flown, best, times_s[best, at], fit, pk, kills * scale)
    magazine = float(sum(line.missiles + line.bursts for line in lines))
    channel = float(sum(line.cycles for line in lines))
    return Hand(tuple(lines), classes, float(wanted.sum()), channel, magazine, float(kills.sum() * scale), _cap(weapons, kill))


class Flown(NamedTuple):
    """Samples of the planned flights of some objects, end to end."""

    first: Ints  # where each object's samples begin
    which: Ints  # the object of each sample
    ecef_m: Reals
    up_m: Reals  # above the ground
    speed_mps: Reals
    step_s: Reals  # that each sample stands for


def _flown(planned: Planned, hostile: Ints) -> Flown:
    plan = planned.plan
    paths, own = plan.sky.paths, plan.sky.objects["path"][hostile]
    skip = int(paths["count"][own].sum()) * max(len(plan.arms.weapons), 1) // SAMPLES_MAX + 1
    rows = [np.arange(int(f), int(f) + int(n), skip) for f, n in zip(paths["first"][own], paths["count"][own])]
    counts = np.array([len(one) for one in rows], dtype=np.int64)
    at = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
    motion = plan.sky.motion[at]
    return Flown(
        first=np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64) if rows else np.zeros(0, dtype=np.int64),
        which=np.repeat(np.arange(len(hostile)), counts),
        ecef_m=motion[:, :3],
        up_m=np.maximum(planned.raid.height_agl_m[at], 1.0),
        speed_mps=np.linalg.norm(motion[:, 3:6], axis=1),
        step_s=np.repeat(paths["step_us"][own] * 1e-6 * skip, counts),
    )


def _within_s(planned: Planned, w: int, hostile: Ints, flown: Flown) -> Reals:
    """How long each hostile object is above the horizon of a weapon's unit and inside the weapon's envelope and layer [s]."""
    weapons, units, rule = planned.plan.arms.weapons, planned.plan.arms.units, planned.plan.rule
    if not len(hostile):
        return np.zeros(0)
    u, klass = weapons["unit"][w], planned.plan.sky.objects["klass"][hostile]
    falls = rule.classes["is_ballistic"][klass] == 1
    rated = (weapons["layer_families"][w] >> rule.classes["family"][klass] & 1 == 1) & (~falls | (weapons["ballistic_range_m"][w] > 0.0))
    longest = np.minimum(np.where(falls, weapons["ballistic_range_m"][w], weapons["range_max_m"][w]), weapons["layer_range_max_m"][w])
    low = np.where(falls, weapons["ballistic_height_min_m"][w], weapons["height_min_m"][w])
    high = np.where(falls, weapons["ballistic_height_max_m"][w], weapons["height_max_m"][w])
    away_m = np.linalg.norm(flown.ecef_m - planned.plan.arms.frames[u][:3], axis=1)
    inside = rated[flown.which] & (away_m <= longest[flown.which]) & (away_m >= weapons["range_min_m"][w])
    inside &= (flown.up_m >= np.maximum(low, weapons["layer_height_min_m"][w])[flown.which]) & (flown.up_m <= high[flown.which])
    inside &= (flown.up_m <= weapons["layer_height_max_m"][w]) & (flown.speed_mps <= weapons["target_speed_max_mps"][w])
    if units["radar"][u] >= 0:
        k = planned.scenario.environment.k_factor
        inside &= away_m <= math.sqrt(2.0 * effective_radius_m(k)) * (math.sqrt(_antenna_m(planned, u)) + np.sqrt(flown.up_m))
    found: Reals = np.add.reduceat(np.where(inside, flown.step_s, 0.0), flown.first)
    return found


def _antenna_m(planned: Planned, u: int) -> float:
    radar = planned.plan.arms.units["radar"][u]
    if radar < 0:
        return 5.0
    return max(float(planned.plan.eyes.radars["height_amsl_m"][radar] - planned.plan.arms.units["ground_wgs84_m"][u]), 1.0)


def _unit(planned: Planned, u: int, times_s: Reals) -> UnitLine:
    plan = planned.plan
    units, weapons, radars = plan.arms.units, plan.arms.weapons, plan.eyes.radars
    mine = np.flatnonzero(weapons["unit"] == u)
    antenna_m, k = _antenna_m(planned, u), planned.scenario.environment.k_factor
    reach_m = float(np.minimum(weapons["range_max_m"], weapons["layer_range_max_m"])[mine].max(initial=0.0))
    main = mine[np.argmax(weapons["loaded"][mine])] if len(mine) else -1
    flight_s = _flight_s(planned, int(main), 0.5 * min(reach_m, float(weapons["range_max_m"][main]))) if len(mine) else 0.0
    assess_s = plan.rule.laws_s[plan.rule.deciders["assess"][units["home"][u]]]
    cycle_s = units["reaction_us"][u] * 1e-6 + flight_s + float(assess_s[len(assess_s) // 2])
    gun = weapons["kind"][mine] == codes.WEAPON_GUN
    ready = 1.0
    if units["radar"][u] >= 0:
        ready = float(radars["availability"][units["radar"][u]])
        if units["radar_spare"][u] >= 0:
            ready = 1.0 - (1.0 - ready) * (1.0 - float(radars["availability"][units["radar_spare"][u]]))
    longest_s = float(times_s[mine].max(initial=0.0)) if len(mine) else 0.0
    total_s = float(times_s[mine].max(axis=0, initial=0.0).sum()) if len(mine) else 0.0
    channels = int(units["targets_max"][u])
    busy_s = min(max(longest_s, total_s), planned.scenario.duration_s)
    return UnitLine(
        name=planned.names.units[u],
        system=planned.names.systems[units["system"][u]],
        horizon_low_m=float(horizon_range_m(antenna_m, LOW_M, k)),
        horizon_high_m=float(horizon_range_m(antenna_m, HIGH_M, k)),
        reach_m=reach_m,
        cycle_s=float(cycle_s),
        channels=channels,
        missiles=int(weapons["loaded"][mine][~gun].sum()),
        bursts=int(weapons["loaded"][mine][gun].sum()),
        readiness=ready,
        busy_s=busy_s,
        cycles=channels * busy_s / max(float(cycle_s), 1.0),
    )


def _flight_s(planned: Planned, w: int, range_m: float) -> float:
    step_m = float(planned.plan.arms.weapons["flight_step_m"][w])
    table = planned.plan.arms.flights_s[w]
    return float(np.interp(range_m, step_m * np.arange(len(table)), table))


def _cap(weapons: Table, kill: Reals) -> float:
    """Ready rounds times the mean kill probability of each weapon against what it may be fired at: kills never exceed it."""
    means = [float(row[row > 0.0].mean()) if (row > 0.0).any() else 0.0 for row in kill]
    return float(np.dot(weapons["loaded"], means))


def _classes(
    planned: Planned, hostile: Ints, flown: Flown, best: Ints, within_s: Reals, fits: Reals, pk: Reals, kills: Reals
) -> tuple[ClassLine, ...]:
    plan = planned.plan
    klass = plan.sky.objects["klass"][hostile]
    lines = []
    for k, name in enumerate(planned.names.classes):
        mine = klass == k
        if not mine.any():
            continue
        samples = mine[flown.which]
        height_m, speed_mps = float(np.median(flown.up_m[samples])), float(np.median(flown.speed_mps[samples]))
        unit = int(plan.arms.weapons["unit"][np.bincount(best[mine]).argmax()]) if len(plan.arms.weapons) else -1
        k_factor = planned.scenario.environment.k_factor
        horizon_m = float(horizon_range_m(_antenna_m(planned, unit), max(height_m, 1.0), k_factor)) if unit >= 0 else 0.0
        lines.append(
            ClassLine(
                name, int(mine.sum()), height_m, speed_mps, horizon_m, float(within_s[mine].mean()), float(fits[mine].mean()),
                float(pk[mine].mean()), float(kills[mine].sum()),
            )
        )  # fmt: skip
    return tuple(lines)


def beside(page: Hand, outcome: Mapping[str, int], why: Mapping[str, int], replications: int) -> tuple[float | None, str]:
    """Return kills of the battle over kills by hand (None where both are nothing), and a sentence on how they differ."""
    fought = outcome["killed"] / replications
    by_hand = page.kills
    if by_hand < 0.05 and fought < 0.05:
        return None, "By hand and in the battle nothing is killed."
    ratio = fought / by_hand if by_hand > 0.0 else math.inf
    said = f"By hand {by_hand:.1f} kills (at most {page.kills_cap:.1f} from the rounds at hand); the battle has {fought:.1f}"
    said += f", {ratio:.2f} times that." if math.isfinite(ratio) else "."
    if 1.0 / EXPLAIN_BEYOND <= ratio <= EXPLAIN_BEYOND:
        return ratio, said
    if ratio > EXPLAIN_BEYOND:
        return (ratio if math.isfinite(ratio) else None), f"{said} {_more(page, outcome, replications)}"
    return ratio, f"{said} {_less(outcome, why)}"


def _more(page: Hand, outcome: Mapping[str, int], replications: int) -> str:
    fired = outcome["shots"] / replications
    return (
        f"By hand each target meets one unit only, for {page.wanted_shots:.0f} shots in all within channels and magazines; "
        f"the battle fires {fired:.0f}, from several units."
    )


def _less(outcome: Mapping[str, int], why: Mapping[str, int]) -> str:
    links = sorted(((n, link) for link, n in why.items() if n), reverse=True)[:3]
    if not links:
        return "The arithmetic counts all within reach; in the battle doctrine leaves most of it alone, or it is gone before the shot."
    named = ", ".join(f"{link} ({n:,} of {outcome['leaked']:,})" for n, link in links)
    return f"What the arithmetic does not know stops most of the rest: {named}."
