"""What flew and what was believed of it, from the log and the plan's sampled paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openiads import chance
from openiads.earth import geodesy
from openiads.log import Log
from openiads.model import codes
from openiads.model.columns import FAR_FUTURE_US
from openiads.plan import Planned
from openiads.show.replay_input import Belief, MovingObject, Samples, TrackPicture
from openiads.show.replay_run_words import FAMILY_KINDS, LABELS, Words, evidence

Floats = NDArray[np.float64]
Times = NDArray[np.int64]


@dataclass(frozen=True)
class Flown:
    """When each object came and went, how late its group started, and from when it flew another path."""

    planned: Planned
    born_us: Times
    ended_us: Times
    end: Times
    shift_us: Times
    turn_us: Times
    turn_path: Times


def flown(planned: Planned, log: Log, seed: int, replication: int) -> Flown:
    """Read births, turns and ends; starts of groups come from the same addressed draw as in the battle."""
    objects = planned.plan.sky.objects
    count = len(objects)
    found = Flown(
        planned, *(np.full(count, value, dtype=np.int64) for value in (-1, planned.plan.duration_us, codes.UNBORN, 0, FAR_FUTURE_US, -1))
    )
    for i in range(count):
        draw = 2.0 * chance.uniform(seed, replication, int(objects["group"][i]), 0, chance.GROUP_START, 0) - 1.0
        found.shift_us[i] = int(draw * objects["jitter_us"][i])
    for row in log.rows[log.of_kind(codes.BORN, codes.RELEASED, codes.TURN, codes.END)]:
        i, kind = int(row["index_a"]), int(row["kind"])
        if kind == codes.END:
            found.end[i], found.ended_us[i] = row["code"], row["time_us"]
        elif kind == codes.TURN:
            k = int(row["count"])
            found.turn_us[i] = objects["turn_first_us"][i] + k * objects["turn_step_us"][i] + found.shift_us[i]
            found.turn_path[i] = objects["turn_path"][i] + k
        else:
            found.born_us[i] = row["time_us"]
    return found


def position_ecef_m(sky: Flown, i: int, time_us: Times) -> Floats:
    """True positions of one object (times, 3): the cubic that the battle itself reads."""
    plan = sky.planned.plan
    made = np.empty((len(time_us), 3))
    turned = time_us >= sky.turn_us[i]
    for mask, path in ((~turned, int(plan.sky.objects["path"][i])), (turned, int(sky.turn_path[i]))):
        if mask.any():
            made[mask] = _on_path(plan.sky.paths, plan.sky.motion, path, time_us[mask] - sky.shift_us[i])
    return made


def _on_path(paths: NDArray[np.void], motion: Floats, path: int, nominal_us: Times) -> Floats:
    first, count, step_us = (int(paths[name][path]) for name in ("first", "count", "step_us"))
    since = np.clip(nominal_us - int(paths["start_us"][path]), 0, (count - 1) * step_us)
    j = np.minimum(since // step_us, count - 2)
    h = step_us * 1e-6
    s = ((since - j * step_us) / step_us)[:, None]
    p0, p1 = motion[first + j, :3], motion[first + j + 1, :3]
    v0, v1 = motion[first + j, 3:6] * h, motion[first + j + 1, 3:6] * h
    bend, twist = 3.0 * (p1 - p0) - 2.0 * v0 - v1, 2.0 * (p0 - p1) + v0 + v1
    made: Floats = p0 + s * (v0 + s * (bend + s * twist))
    return made


def moving_objects(words: Words, sky: Flown, log: Log) -> list[MovingObject]:
    """Every object that came into being, with its true path at the plan's own samples."""
    why = {int(row["index_a"]): codes.WHY[int(row["code"])] for row in log.rows[log.of_kind(codes.WHY_EVENT)]}
    made = []
    for i, member in enumerate(words.planned.raid.members):
        if sky.born_us[i] < 0:
            continue
        end = int(sky.end[i])
        made.append(
            MovingObject(
                name=words.object(i),
                class_name=words.class_of(i),
                kind=words.kind(i),
                side=words.side(i),
                path=samples(position_ecef_m(sky, i, times := _times(sky, i)), times),
                duty=codes.DUTIES[int(words.planned.plan.sky.objects["duty"][i])] if words.side(i) == "hostile" else "",
                group=member.group.name,
                parent=member.parent or "",
                aim=words.aim(i),
                outcome=codes.ENDS[end] if end < codes.PREVENTED else "alive",
                ends_us=None if end in (codes.ALIVE, codes.UNBORN) else int(sky.ended_us[i]),
                why=why.get(i, ""),
            )
        )
    return made


def _times(sky: Flown, i: int) -> Times:
    """The sample times of the paths flown, between birth and end, with both."""
    plan = sky.planned.plan
    born, ended = int(sky.born_us[i]), max(int(sky.ended_us[i]), int(sky.born_us[i]))
    grids = [np.array([born, ended])]
    for path in (int(plan.sky.objects["path"][i]), int(sky.turn_path[i])):
        if path >= 0:
            start, count, step = (int(plan.sky.paths[name][path]) for name in ("start_us", "count", "step_us"))
            grids.append(start + step * np.arange(count, dtype=np.int64) + sky.shift_us[i])
    whole = np.unique(np.concatenate(grids))
    return whole[(whole >= born) & (whole <= ended)]


def samples(ecef_m: Floats, time_us: Times) -> Samples:
    """Positions over time in degrees and metres above the ellipsoid."""
    lat, lon, height = geodesy.to_geodetic(ecef_m)
    return Samples(time_us.astype(np.int64), np.degrees(lat), np.degrees(lon), np.asarray(height))


def tracks_of(log: Log, words: Words) -> list[TrackPicture]:
    """Every track of every picture: where it was believed to be, from which plots, and what it was taken for."""
    states = log.of_kind(codes.TRACK_STATE)
    rows, places = log.rows[states], log.reals[states]
    order = np.lexsort((rows["time_us"], rows["count"], rows["index_b"]))
    rows, places = rows[order], places[order]
    heads = np.flatnonzero(np.diff(rows["index_b"], prepend=-9) | np.diff(rows["count"], prepend=-9))
    measured = _measured(log)
    labels, drops = _beliefs(log), _drops(log)
    made = []
    for first, last in zip(heads, np.append(heads, len(rows))[1:], strict=True):
        made.append(_track(rows[first:last], places[first:last], measured, labels, drops, words))
    return made


def _track(
    rows: NDArray[np.void],
    places: Floats,
    measured: dict[int, tuple[Times, Times]],
    labels: dict[tuple[int, int], list[Belief]],
    drops: dict[tuple[int, int], int],
    words: Words,
) -> TrackPicture:
    time_us, last_of_each = np.unique(rows["time_us"][::-1], return_index=True)
    keep = len(rows) - 1 - last_of_each
    picture, number = int(rows["index_b"][0]), int(rows["count"][0])
    followed = rows["index_a"][rows["index_a"] >= 0]
    i = int(np.bincount(followed).argmax()) if len(followed) else -1
    known = [Belief(int(time_us[0]), "unknown"), *labels.get((picture, number), [])]
    families = rows["extra"][keep]
    turns = np.flatnonzero(np.diff(families, prepend=-1))
    return TrackPicture(
        name=f"{words.decider(picture)}/{number}",
        picture=words.decider(picture),
        path=samples(places[keep, :3], time_us),
        object=words.object(i),
        beliefs=known,
        valid_us=_valid(time_us, measured.get(i)),
        ends_us=drops.get((picture, number)),
        kinds=[(int(time_us[k]), FAMILY_KINDS[int(families[k])]) for k in turns],
    )


def _measured(log: Log) -> dict[int, tuple[Times, Times]]:
    """By object: when plots of it arrived, and when they had been measured."""
    plots = log.of_kind(codes.PLOT)
    rows, when_us = log.rows[plots], np.rint(log.reals[plots, 4] * 1e6).astype(np.int64)
    order = np.argsort(rows["index_a"], kind="stable")
    who, starts = np.unique(rows["index_a"][order], return_index=True)
    if not len(who):
        return {}
    parts = np.split(order, starts[1:])
    return {
        int(i): (rows["time_us"][part].astype(np.int64), np.maximum.accumulate(when_us[part])) for i, part in zip(who, parts, strict=True)
    }


def _valid(time_us: Times, measured: tuple[Times, Times] | None) -> Times:
    """Time of the newest measurement that had arrived; the time itself where none is known."""
    if measured is None:
        return time_us
    arrived, when_us = measured
    newest = np.searchsorted(arrived, time_us, side="right") - 1
    found: Times = np.where(newest >= 0, when_us[np.maximum(newest, 0)], time_us)
    return np.minimum(found, time_us)


def _beliefs(log: Log) -> dict[tuple[int, int], list[Belief]]:
    found: dict[tuple[int, int], list[Belief]] = {}
    lines = log.of_kind(codes.LABEL)
    for row, values in zip(log.rows[lines], log.reals[lines], strict=True):
        label = LABELS[int(row["code"])]
        sure = {"hostile": float(values[0]), "neutral": float(values[1])}.get(label)
        belief = Belief(int(row["time_us"]), label, sure, evidence(int(row["extra"])))
        found.setdefault((int(row["index_b"]), int(row["count"])), []).append(belief)
    return found


def _drops(log: Log) -> dict[tuple[int, int], int]:
    rows = log.rows[log.of_kind(codes.TRACK_DROP)]
    return {(int(row["index_b"]), int(row["count"])): int(row["time_us"]) for row in rows}
