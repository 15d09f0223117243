"""What happened, in the words of the viewer, and every shot from its order to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from openiads.earth import geodesy
from openiads.log import Log
from openiads.model import codes
from openiads.show.replay_input import Event, Place, Shot
from openiads.show.replay_run_sky import Flown
from openiads.show.replay_run_words import LABELS, Words, evidence

Row = Any
TOLD_AGAIN_US = 60_000_000
_RESULTS = ("killed", "missed", "support_lost", "missed", "failed", "target_gone", "target_gone")
_TRUE_LABEL = {"hostile": "hostile", "civil": "neutral", "friend": "friend"}


def events_of(log: Log, words: Words, sky: Flown) -> tuple[list[Shot], list[Event]]:
    """Shots in the order of their launches, and events in the order of the log."""
    shots: dict[int, Shot] = {}
    events: list[Event] = []
    engaged: set[int] = set()
    told_us: dict[tuple[str, ...], int] = {}
    for row, values in zip(log.rows, log.reals, strict=True):
        kind = int(row["kind"])
        if kind == codes.LAUNCH:
            shots[int(row["count"])] = _launched(row, values, words, sky)
            events += _launch_events(row, values, words, engaged)
        elif kind == codes.INTERCEPT:
            number = int(row["count"])
            if number in shots:
                shots[number] = _ended(shots[number], row, values)
            events += _intercept_events(row, words)
        elif kind in _MAKERS:
            events += [event for event in _MAKERS[kind](row, values, words) if _is_news(event, told_us)]
    return list(shots.values()), events


def _is_news(event: Event, told_us: dict[tuple[str, ...], int]) -> bool:
    """Whether an event is to be told: a reason for not engaging that comes and goes is told once a minute."""
    if event.kind != "not_engaged":
        return True
    key = (event.track, str(event.args["obstacle"]))
    is_new = event.time_us - told_us.get(key, -TOLD_AGAIN_US) >= TOLD_AGAIN_US
    if is_new:
        told_us[key] = event.time_us
    return is_new


def _launched(row: Row, values: Any, words: Words, sky: Flown) -> Shot:
    unit, weapon, i = int(row["index_b"]), int(row["code"]), int(row["index_a"])
    plan = words.planned.plan
    chance = None
    if i >= 0:
        chance = float(words.planned.knowledge.kill[weapon, int(plan.sky.objects["klass"][i])])
    launch_us = int(row["time_us"])
    return Shot(
        site=words.unit(unit),
        missile=words.weapon(weapon),
        launch_us=launch_us,
        launch_at=place(plan.arms.frames[unit, :3]),
        aim_point=place(values[:3]),
        intercept_us=max(launch_us + int(values[3] * 1e6), launch_us + 1),
        outcome="in_flight",
        object=words.object(i) if i >= 0 and sky.born_us[i] >= 0 else "",
        kill_probability=chance,
        gun=words.is_gun(weapon),
    )


def place(ecef_m: Any) -> Place:
    """A point of the earth-centred frame in degrees."""
    lat, lon, height = geodesy.to_geodetic(np.asarray(ecef_m, dtype=np.float64).reshape(1, 3))
    return Place(float(np.degrees(lat[0])), float(np.degrees(lon[0])), float(height[0]))


def _ended(shot: Shot, row: Row, values: Any) -> Shot:
    result = int(row["code"])
    met = place(values[:3]) if result in (codes.SHOT_KILL, codes.SHOT_MISS) else shot.aim_point
    facts = {**shot.__dict__, "outcome": _RESULTS[result], "intercept_us": max(int(row["time_us"]), shot.launch_us + 1), "aim_point": met}
    return Shot(**facts)


def _launch_events(row: Row, values: Any, words: Words, engaged: set[int]) -> list[Event]:
    i, weapon, time_us = int(row["index_a"]), int(row["code"]), int(row["time_us"])
    name, site = words.object(i), words.unit(int(row["index_b"]))
    kind = "gun_burst" if words.is_gun(weapon) else "launched"
    found = [Event(time_us, kind, name, site, args={"missile": words.weapon(weapon), "flight_s": float(values[3])})]
    if i >= 0 and i not in engaged and words.side(i) != "hostile":
        found.append(Event(time_us, "civil_engaged" if words.side(i) == "civil" else "friendly_engaged", name, site))
    engaged.add(i)
    return found


def _intercept_events(row: Row, words: Words) -> list[Event]:
    i, result, time_us = int(row["index_a"]), int(row["code"]), int(row["time_us"])
    name, site = words.object(i), words.unit(int(row["index_b"]))
    missile = {"missile": words.weapon(int(row["extra"]))}
    if result == codes.SHOT_KILL:
        lost = {"civil": "civil_lost", "friend": "friendly_lost"}.get(words.side(i))
        return [Event(time_us, "killed", name, site, args=missile), *([Event(time_us, lost, name, site)] if lost else [])]
    kind = "support_lost" if result == codes.SHOT_UNSUPPORTED else "missed"
    return [Event(time_us, kind, name, site, args=missile)]


def _born(row: Row, _: Any, words: Words) -> list[Event]:
    i = int(row["index_a"])
    return [Event(int(row["time_us"]), "appeared", words.object(i), args={"class": words.class_of(i)})]


def _released(row: Row, _: Any, words: Words) -> list[Event]:
    i = int(row["index_a"])
    return [
        Event(
            int(row["time_us"]), "released", words.object(i), args={"parent": words.object(int(row["index_b"])), "class": words.class_of(i)}
        )
    ]


def _turned(row: Row, _: Any, words: Words) -> list[Event]:
    return [Event(int(row["time_us"]), "turned_back", words.object(int(row["index_a"])))]


def _end(row: Row, _: Any, words: Words) -> list[Event]:
    i, end = int(row["index_a"]), int(row["code"])
    kind = {codes.LEAKED: "reached", codes.TASK_DONE: "task_done", codes.LOST: "lost", codes.LEFT: "left"}.get(end)
    return [Event(int(row["time_us"]), kind, words.object(i), args={"asset": words.aim(i)})] if kind else []


def _detected(row: Row, values: Any, words: Words) -> list[Event]:
    site, radar = words.radar(int(row["index_b"]))
    args: dict[str, str | float] = {"radar": radar, "range_m": float(values[3])}
    return [Event(int(row["time_us"]), "detected", words.object(int(row["index_a"])), site, args=args)]


def _track_event(kind: str) -> Callable[[Row, Any, Words], list[Event]]:
    def made(row: Row, _: Any, words: Words) -> list[Event]:
        """Return the event of the track and picture in a row of the log."""
        picture = words.decider(int(row["index_b"]))
        return [Event(int(row["time_us"]), kind, words.object(int(row["index_a"])), picture, f"{picture}/{int(row['count'])}")]

    return made


def _labelled(row: Row, values: Any, words: Words) -> list[Event]:
    i, picture = int(row["index_a"]), words.decider(int(row["index_b"]))
    label = LABELS[int(row["code"])]
    args: dict[str, str | float] = {"label": label, "evidence": evidence(int(row["extra"]))}
    if label in ("hostile", "neutral"):
        args["p"] = float(values[0 if label == "hostile" else 1])
    wrong = label != "unknown" and i >= 0 and _TRUE_LABEL[words.side(i)] != label
    kind = "wrongly_identified" if wrong else "identified"
    return [Event(int(row["time_us"]), kind, words.object(i), picture, f"{picture}/{int(row['count'])}", args)]


def _not_engaged(row: Row, _: Any, words: Words) -> list[Event]:
    reason = int(row["code"])
    kind, args = ("held", {}) if reason == codes.HELD else ("not_engaged", {"obstacle": codes.WHY[reason]})
    picture = words.decider(int(row["index_b"]))
    return [Event(int(row["time_us"]), kind, words.object(int(row["index_a"])), picture, f"{picture}/{int(row['count'])}", args)]


def _ordered(row: Row, _: Any, words: Words) -> list[Event]:
    args = {"missile": words.weapon(int(row["code"]))}
    return [Event(int(row["time_us"]), "assigned", words.object(int(row["index_a"])), words.unit(int(row["index_b"])), args=args)]


def _not_launched(row: Row, _: Any, words: Words) -> list[Event]:
    args = {"reason": codes.REFUSALS[int(row["code"])]}
    return [Event(int(row["time_us"]), "no_solution", words.object(int(row["index_a"])), words.unit(int(row["index_b"])), args=args)]


def _assessed(row: Row, _: Any, words: Words) -> list[Event]:
    if int(row["extra"]) != 1:
        return []
    kind = "taken_for_dead" if int(row["code"]) == 1 else "taken_for_alive"
    return [Event(int(row["time_us"]), kind, words.object(int(row["index_a"])), words.decider(int(row["index_b"])))]


def _asset_hit(row: Row, _: Any, words: Words) -> list[Event]:
    kind = "impact" if int(row["kind"]) == codes.ASSET_HIT else "asset_stopped"
    return [Event(int(row["time_us"]), kind, words.object(int(row["index_b"])), args={"asset": words.asset(int(row["index_a"]))})]


def _destroyed(row: Row, _: Any, words: Words) -> list[Event]:
    what = int(row["code"])
    site, radar = words.radar(int(row["index_a"])) if what == 0 else ("", "")
    site = {1: words.unit, 2: words.decider, 3: words.unit}[what](int(row["index_b"])) if what else site
    killer = np.flatnonzero(words.planned.plan.sky.objects["key"] == row["key_b"])
    by = words.object(int(killer[0])) if len(killer) else ""
    return [Event(int(row["time_us"]), "unit_hit", by, site, args={"radar": radar})]


def _silent(row: Row, _: Any, words: Words) -> list[Event]:
    site, radar = words.radar(int(row["index_a"]))
    return [Event(int(row["time_us"]), "radar_off" if int(row["kind"]) == codes.SILENT else "radar_on", "", site, args={"radar": radar})]


def _mode(row: Row, _: Any, words: Words) -> list[Event]:
    return [Event(int(row["time_us"]), "alone", "", words.unit(int(row["index_b"])))]


def _reloaded(row: Row, _: Any, words: Words) -> list[Event]:
    return [Event(int(row["time_us"]), "reloaded", "", words.unit(int(row["index_b"])))]


def _jammed(row: Row, values: Any, words: Words) -> list[Event]:
    site, radar = words.radar(int(row["index_b"]))
    kind = "jammed" if int(row["code"]) == codes.ONE else "jamming_ended"
    return [Event(int(row["time_us"]), kind, words.object(int(row["index_a"])), site, args={"radar": radar})]


_MAKERS: Mapping[int, Callable[[Row, Any, Words], list[Event]]] = {
    codes.BORN: _born,
    codes.RELEASED: _released,
    codes.TURN: _turned,
    codes.END: _end,
    codes.FIRST_DETECTION: _detected,
    codes.TRACK_FIRM: _track_event("track_started"),
    codes.TRACK_DROP: _track_event("track_lost"),
    codes.LABEL: _labelled,
    codes.NOT_ENGAGED: _not_engaged,
    codes.ORDER: _ordered,
    codes.LAUNCH_FAILED: _not_launched,
    codes.ASSESS: _assessed,
    codes.ASSET_HIT: _asset_hit,
    codes.ASSET_STOPPED: _asset_hit,
    codes.DESTROYED: _destroyed,
    codes.SILENT: _silent,
    codes.EMIT: _silent,
    codes.MODE: _mode,
    codes.RELOAD: _reloaded,
    codes.STROBE: _jammed,
}
