"""What truly flew, and what the pictures believed, as paths for the replay."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from openiads.catalogue.specs import TargetSpec
from openiads.kernel import Reals
from openiads.model import codes
from openiads.results.night import Night
from openiads.results.reading import CODE, COUNT, EXTRA, TIME, A, B, Reader, degrees
from openiads.results.tables import Tables
from openiads.show.replay_input import Belief, Kind, Label, MovingObject, Samples, Side, TrackPicture

SIDE: dict[str, Side] = {"hostile": "hostile", "civil": "civil", "friendly": "friend"}
LABEL: dict[int, Label] = {
    codes.LABEL_UNKNOWN: "unknown", codes.LABEL_HOSTILE: "hostile", codes.LABEL_CIVIL: "neutral", codes.LABEL_FRIENDLY: "friend",
}  # fmt: skip
_WORDS: tuple[tuple[str, Kind], ...] = (
    ("jammer", "jammer"), ("bomber", "bomber"), ("fighter", "fighter"), ("early-warning", "early_warning"), ("tanker", "tanker"),
)  # fmt: skip
_KINDS: dict[str, Kind] = {
    "aircraft": "aircraft", "cruise": "cruise", "drone": "drone", "ballistic": "ballistic", "aeroballistic": "ballistic", "glide": "glide",
    "arm": "arm", "civil": "airliner", "bird": "bird", "decoy": "decoy", "bomb": "bomb", "helicopter": "helicopter",
}  # fmt: skip
_FAMILY: dict[int, Kind] = {
    codes.FAMILY_AIRCRAFT: "aircraft", codes.FAMILY_LOW_FLYER: "cruise", codes.FAMILY_SLOW: "drone", codes.FAMILY_BALLISTIC: "ballistic",
    codes.FAMILY_GLIDE: "glide", codes.FAMILY_FAST_SMALL: "arm",
}  # fmt: skip


def kind_of(name: str, spec: TargetSpec) -> Kind:
    """Return the viewer's kind of a target class."""
    return next((kind for word, kind in _WORDS if word in name), _KINDS.get(spec.kind, "unknown"))


def moving(reader: Reader, tables: Tables, drawn: Night) -> list[MovingObject]:
    """Return every object that came into being, on the path that it flew."""
    rows = tables.columns("outcomes")
    kinds = {name: kind_of(name, reader.planned.catalogue.target(name)) for name in reader.names.classes}
    turns = {int(row[A]): int(row[COUNT]) for row in reader.rows(codes.TURN)}
    said = dict(zip(rows["object"], rows["why"]))
    found = []
    for i, name in enumerate(rows["object"]):
        if rows["born_us"][i] is None:
            continue
        end = rows["end"][i]
        ended_us = rows["end_us"][i] if end not in ("alive", "unborn") else None
        until_us = reader.planned.plan.duration_us if ended_us is None else ended_us
        found.append(
            MovingObject(
                name=name, class_name=rows["class"][i], kind=kinds[rows["class"][i]], side=SIDE[rows["side"][i]],
                path=_flown(reader, i, int(drawn.shift_us[i]), turns.get(i, -1), rows["born_us"][i], until_us),
                duty=rows["duty"][i], group=rows["group"][i], parent=rows["parent"][i] or "", aim=rows["aim"][i] or "",
                outcome="alive" if end == "unborn" else end, ends_us=ended_us, why=said[name] or "",
            )
        )  # fmt: skip
    return found


def _flown(reader: Reader, i: int, shift_us: int, turn: int, born_us: int, until_us: int) -> Samples:
    """The samples of an object's path, on the path it turned to where it did, cut at both ends."""
    sky = reader.planned.plan.sky
    times, places = _samples(reader, int(sky.objects["path"][i]), shift_us)
    if turn >= 0:
        other_us, other = _samples(reader, int(sky.objects["turn_path"][i]) + turn, shift_us)
        before = times < other_us[0]
        times, places = np.concatenate([times[before], other_us]), np.concatenate([places[before], other])
    first_us, last_us = max(born_us, int(times[0])), min(until_us, int(times[-1]))
    inside = (times > first_us) & (times < last_us)
    ends = np.array([first_us, last_us] if last_us > first_us else [first_us], dtype=np.int64)
    edge = np.stack([np.interp(ends, times, places[:, axis]) for axis in range(3)], axis=1)
    lat, lon, height = degrees(np.concatenate([edge[:1], places[inside], edge[1:]]))
    return Samples(np.concatenate([ends[:1], times[inside], ends[1:]]), lat, lon, height)


def _samples(reader: Reader, path: int, shift_us: int) -> tuple[NDArray[np.int64], Reals]:
    paths = reader.planned.plan.sky.paths
    first, count = int(paths["first"][path]), int(paths["count"][path])
    times = int(paths["start_us"][path]) + shift_us + int(paths["step_us"][path]) * np.arange(count, dtype=np.int64)
    return times, reader.planned.plan.sky.motion[first : first + count, :3]


def tracks(reader: Reader, there: set[str]) -> list[TrackPicture]:
    """Return every track that a decider held firm, where it was believed to be, and what for."""
    rows, reals = reader.pair(codes.TRACK_STATE)
    if not len(rows):
        return []
    lat, lon, height = degrees(reals[:, :3])
    key = rows[:, B] * (1 << 40) + rows[:, COUNT]
    order = np.lexsort((rows[:, TIME], key))
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    labels, drops = _labels(reader), _drops(reader)
    found = []
    for piece in np.split(order, starts[1:]):
        piece = piece[np.concatenate([[True], np.diff(rows[piece, TIME]) > 0])]
        d, number = int(rows[piece[0], B]), int(rows[piece[0], COUNT])
        last = int(rows[piece[-1], A])
        name = reader.names.objects[last] if last >= 0 else ""
        picture = int(reader.planned.plan.rule.deciders["picture"][d])
        found.append(
            TrackPicture(
                name=track_name(reader, d, number), picture=reader.names.deciders[d],
                path=Samples(rows[piece, TIME], lat[piece], lon[piece], height[piece]), object=name if name in there else "",
                beliefs=(Belief(int(rows[piece[0], TIME]), "pending"), *labels.get((d, number), ())),
                ends_us=drops.get((picture, number)), kind=_FAMILY.get(int(rows[piece[-1], EXTRA]), "unknown"),
            )
        )  # fmt: skip
    return found


def track_name(reader: Reader, decider: int, number: int) -> str:
    """Return the name of a track of a decider's picture."""
    return f"{reader.names.deciders[decider]}/{number}"


def _labels(reader: Reader) -> dict[tuple[int, int], list[Belief]]:
    rows, reals = reader.pair(codes.LABEL)
    found: dict[tuple[int, int], list[Belief]] = {}
    for row, real in zip(rows, reals):
        belief = Belief(int(row[TIME]), LABEL[int(row[CODE])], round(float(real[0]), 4), evidence(int(row[EXTRA])))
        found.setdefault((int(row[B]), int(row[COUNT])), []).append(belief)
    return found


def evidence(code: int) -> str:
    """Return in a few words what a label rests on."""
    answer = ("", "no reply", "friendly reply", "civil reply")[code % 16 if code % 16 < 4 else 0]
    pieces = ["how it flies"] if code // 16 & 2 else []
    return ", ".join([*([answer] if answer else []), *pieces, *(["airway or corridor"] if code // 16 & 4 else [])])


def _drops(reader: Reader) -> dict[tuple[int, int], int]:
    return {(int(row[B]), int(row[COUNT])): int(row[TIME]) for row in reader.rows(codes.TRACK_DROP)}
