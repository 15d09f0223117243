"""Shots and events of a log in the replay's vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from openiads.model import codes
from openiads.results.reading import CODE, COUNT, EXTRA, KIND, TIME, A, B, Reader, degrees
from openiads.show.battle_defence import site_of_radar, unit_place
from openiads.show.battle_paths import LABEL, evidence, track_name
from openiads.show.replay_input import Event, Place, Shot

Outcome = Literal["killed", "missed", "failed", "support_lost", "target_gone", "in_flight"]
RESULT: dict[int, Outcome] = {
    codes.SHOT_KILL: "killed", codes.SHOT_MISS: "missed", codes.SHOT_UNSUPPORTED: "support_lost", codes.SHOT_OUTSIDE: "missed",
    codes.SHOT_UNRELIABLE: "failed", codes.SHOT_NO_TARGET: "target_gone", codes.SHOT_ALREADY_DEAD: "target_gone",
}  # fmt: skip
RIGHT = {codes.LABEL_HOSTILE: codes.HOSTILE, codes.LABEL_CIVIL: codes.CIVIL, codes.LABEL_FRIENDLY: codes.FRIENDLY}


def shots(reader: Reader, there: set[str]) -> list[Shot]:
    """Return every shot that was fired."""
    plan, names, kill = reader.planned.plan, reader.names, reader.planned.knowledge.kill
    launches, points = reader.pair(codes.LAUNCH)
    ends, places = reader.pair(codes.INTERCEPT)
    by_shot = {int(row[COUNT]): n for n, row in enumerate(ends)}
    aimed, met = degrees(points[:, :3]), degrees(places[:, :3])
    units = [unit_place(reader, u) for u in range(len(plan.arms.units))]
    found = []
    for n, row in enumerate(launches):
        u, w, i = int(row[B]), int(row[CODE]), int(row[A])
        end = by_shot.get(int(row[COUNT]))
        is_met = end is not None and met[0][end] == met[0][end]
        spot = tuple(float(column[end]) for column in met) if is_met else tuple(float(column[n]) for column in aimed)
        target = names.objects[i] if i >= 0 else ""
        found.append(
            Shot(
                site=names.units[u], missile=names.weapons[w], launch_us=int(row[TIME]), launch_at=units[u], aim_point=Place(*spot),
                intercept_us=int(ends[end, TIME]) if end is not None else int(row[TIME]) + round(float(points[n, 3]) * 1e6),
                outcome=RESULT[int(ends[end, CODE])] if end is not None else "in_flight", object=target if target in there else "",
                track=track_name(reader, int(plan.arms.units["home"][u]), int(row[EXTRA])),
                kill_probability=float(kill[w, reader.klass[i]]) if i >= 0 else None,
                gun=bool(plan.arms.weapons["kind"][w] == codes.WEAPON_GUN),
            )
        )  # fmt: skip
    return found


def events(reader: Reader, there: set[str]) -> list[Event]:
    """Return what happened, in order, in the replay's words."""
    found: list[Event] = []
    for row, real in zip(reader.log.integers, reader.log.reals):
        maker = _MAKERS.get(int(row[KIND]))
        if maker is not None:
            found += [event for event in maker(reader, row, real) if not event.object or event.object in there]
    return found


def _object(reader: Reader, row: Any) -> str:
    return reader.names.objects[row[A]] if row[A] >= 0 else ""


def _born(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    yield Event(int(row[TIME]), "appeared", _object(reader, row), args={"class": reader.names.classes[reader.klass[row[A]]]})


def _released(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    yield Event(int(row[TIME]), "released", _object(reader, row), args={"parent": reader.names.objects[row[B]]})


def _turn(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    yield Event(int(row[TIME]), "turned_back", _object(reader, row))


def _end(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    kind = {codes.TASK_DONE: "task_done", codes.LEFT: "left", codes.LOST: "lost"}.get(int(row[CODE]))
    side = reader.side[row[A]]
    if row[CODE] == codes.KILLED and side != codes.HOSTILE:
        kind = "civil_lost" if side == codes.CIVIL else "friendly_lost"
    if kind is not None:
        yield Event(int(row[TIME]), kind, _object(reader, row))


def _seen(reader: Reader, row: Any, real: Any) -> Iterator[Event]:
    args = {"radar": reader.names.radar_types[row[B]], "range_m": float(real[3])}
    yield Event(int(row[TIME]), "detected", _object(reader, row), site_of_radar(reader, int(row[B])), args=args)


def _track(kind: str) -> Callable[[Reader, Any, Any], Iterator[Event]]:
    def made(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
        if row[A] >= 0:
            yield Event(int(row[TIME]), kind, _object(reader, row), track=track_name(reader, int(row[B]), int(row[COUNT])))

    return made


def _label(reader: Reader, row: Any, real: Any) -> Iterator[Event]:
    label = int(row[CODE])
    if label == codes.LABEL_UNKNOWN or row[A] < 0:
        return
    right = RIGHT[label] == reader.side[row[A]]
    args: dict[str, str | float | int] = {"label": LABEL[label], "evidence": evidence(int(row[EXTRA]))}
    if label == codes.LABEL_HOSTILE:
        args["p"] = float(real[0])
    track = track_name(reader, int(row[B]), int(row[COUNT]))
    yield Event(int(row[TIME]), "identified" if right else "wrongly_identified", _object(reader, row), track=track, args=args)


def _order(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    yield Event(
        int(row[TIME]), "assigned", _object(reader, row), reader.names.units[row[B]], args={"missile": reader.names.weapons[row[CODE]]}
    )


def _launch(reader: Reader, row: Any, real: Any) -> Iterator[Event]:
    unit, target, time_us = reader.names.units[row[B]], _object(reader, row), int(row[TIME])
    is_gun = reader.planned.plan.arms.weapons["kind"][row[CODE]] == codes.WEAPON_GUN
    args: dict[str, str | float | int] = {"missile": reader.names.weapons[row[CODE]], "flight_s": float(real[3])}
    yield Event(time_us, "gun_burst" if is_gun else "launched", target, unit, args=args)
    if row[A] >= 0 and reader.side[row[A]] != codes.HOSTILE:
        yield Event(time_us, "civil_engaged" if reader.side[row[A]] == codes.CIVIL else "friendly_engaged", target, unit)


def _failed(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    yield Event(int(row[TIME]), "no_solution", _object(reader, row), reader.names.units[row[B]], args={"reason": codes.WHY[row[CODE]]})


def _intercept(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    kinds = {codes.SHOT_KILL: "killed", codes.SHOT_MISS: "missed", codes.SHOT_UNSUPPORTED: "support_lost", codes.SHOT_OUTSIDE: "missed",
             codes.SHOT_UNRELIABLE: "missed"}  # fmt: skip
    kind = kinds.get(int(row[CODE]))
    if kind is not None:
        args = {"missile": reader.names.weapons[row[EXTRA]]}
        yield Event(int(row[TIME]), kind, _object(reader, row), reader.names.units[row[B]], args=args)


def _hit(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    yield Event(int(row[TIME]), "impact", reader.names.objects[row[B]], args={"asset": reader.names.assets[row[A]]})


def _stopped(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    yield Event(int(row[TIME]), "asset_stopped", args={"asset": reader.names.assets[row[A]]})


def _destroyed(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    names = reader.names
    site = site_of_radar(reader, int(row[A])) if row[CODE] == 0 else names.units[row[B]] if row[CODE] == 1 else names.deciders[row[B]]
    yield Event(int(row[TIME]), "unit_hit", "", site)


def _silent(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    site, args = site_of_radar(reader, int(row[A])), {"radar": reader.names.radar_types[row[A]]}
    until_us = int(row[TIME]) + int(reader.planned.plan.rule.doctrine["silence_us"][0])
    yield Event(int(row[TIME]), "radar_off", "", site, args=args)
    if until_us < reader.planned.plan.duration_us:
        yield Event(until_us, "radar_on", "", site, args=args)


def _reload(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    yield Event(int(row[TIME]), "reloaded", "", reader.names.units[row[B]])


def _alone(reader: Reader, row: Any, _: Any) -> Iterator[Event]:
    unit = reader.names.units[row[B]]
    yield Event(int(row[TIME]), "note", "", unit, args={"text": f"{unit} goes on alone"})


_MAKERS: dict[int, Callable[[Reader, Any, Any], Iterator[Event]]] = {
    codes.BORN: _born, codes.RELEASED: _released, codes.TURN: _turn, codes.END: _end, codes.FIRST_DETECTION: _seen,
    codes.TRACK_FIRM: _track("track_started"), codes.TRACK_DROP: _track("track_lost"), codes.LABEL: _label, codes.ORDER: _order,
    codes.LAUNCH: _launch, codes.LAUNCH_FAILED: _failed, codes.INTERCEPT: _intercept, codes.ASSET_HIT: _hit,
    codes.ASSET_STOPPED: _stopped, codes.DESTROYED: _destroyed, codes.SILENT: _silent, codes.RELOAD: _reload, codes.MODE: _alone,
}  # fmt: skip
