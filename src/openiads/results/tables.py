"""Tables of one replication, made from its log: who ended how, who fired at whom, what was seen, tracked and believed."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from openiads.kernel import Ints
from openiads.log import DTYPE, Log
from openiads.model import codes, evidence
from openiads.plan import Planned
from openiads.results.reading import ANSWERS, CODE, CONFORM, COUNT, EXTRA, KIND, TIME, A, B, Reader, degrees, maybe, words
from openiads.results.relations import Columns, Tables


def tables(planned: Planned, log: Log) -> Tables:
    """Return the tables of one replication; plots and track states only where it was traced."""
    reader = Reader(planned, log)
    makers: dict[str, Callable[[], Columns]] = {
        name: partial(make, reader)
        for name, make in (
            ("outcomes", outcomes), ("engagements", engagements), ("tracks", tracks), ("detections", detections), ("labels", labels),
            ("events", events),
        )
    }  # fmt: skip
    if len(log.integers) and int(log.integers[:, KIND].max()) >= codes.TRACE:
        makers |= {"plots": partial(plots, reader), "track_states": partial(track_states, reader)}
        makers["evidence"] = partial(pieces, reader)
    return Tables(makers)


def outcomes(reader: Reader) -> Columns:
    """One row an object: what it was, how it ended, and when the defence saw, tracked, labelled and shot at it."""
    n, names, objects = reader.count, reader.names, reader.planned.plan.sky.objects
    ends, parents = reader.rows(codes.END), np.asarray(objects["parent"], dtype=np.int64)
    end, end_us = np.full(n, codes.UNBORN), np.full(n, -1)
    end[ends[:, A]], end_us[ends[:, A]] = ends[:, CODE], ends[:, TIME]
    born_us = np.maximum(reader.first(codes.BORN, A, n, TIME), reader.first(codes.RELEASED, A, n, TIME))
    seen_us, launches = reader.first(codes.FIRST_DETECTION, A, n, TIME), reader.rows(codes.LAUNCH)
    shots = np.bincount(launches[launches[:, A] >= 0, A], minlength=n)
    firm_us, shot_us = _firm(reader), reader.first(codes.LAUNCH, A, n, TIME)
    return {
        "object": np.array(names.objects, dtype=object),
        "group": np.array(names.groups, dtype=object),
        "class": words(names.classes, reader.klass),
        "side": words(codes.SIDES, reader.side),
        "duty": words(codes.DUTIES, np.asarray(objects["duty"])),
        "parent": words(names.objects, parents),
        "aim": aims(reader),
        "end": words(codes.ENDS, end),
        "why": words(codes.WHY, reader.last(codes.WHY_EVENT, A, n, CODE)),
        "born_us": maybe(born_us, born_us >= 0),
        "end_us": maybe(end_us, (end_us >= 0) & (end != codes.UNBORN)),
        "seen_us": maybe(seen_us, seen_us >= 0),
        "seen_by": words(names.radars, reader.first(codes.FIRST_DETECTION, A, n, B)),
        "firm_us": maybe(firm_us, firm_us >= 0),
        "hostile_us": _labelled(reader, codes.LABEL_HOSTILE),
        "label": words(codes.LABELS, reader.last(codes.LABEL, A, n, CODE)),
        "shot_at_us": maybe(shot_us, shot_us >= 0),
        "shots": shots.astype(np.int64),
        "killed_by": words(names.units, np.where(end == codes.KILLED, reader.last(codes.END, A, n, B), -1)),
    }


def _firm(reader: Reader) -> Ints:
    """When each object first had a firm track: confirmed on it, or believed and shot at as one after it had followed another object."""
    found = np.full(reader.count, -1)
    for kind in (codes.TRACK_FIRM, codes.LABEL, codes.ORDER):
        at_us = reader.first(kind, A, reader.count, TIME)
        found = np.where((found < 0) | ((at_us >= 0) & (at_us < found)), at_us, found)
    return found


def aims(reader: Reader) -> Any:
    """Return what each object is aimed at: an asset, radar, unit or command post."""
    kinds, rows = (np.asarray(reader.planned.plan.sky.objects[name], dtype=np.int64) for name in ("aim_kind", "aim"))
    names = reader.names
    of_kind: dict[int, tuple[str, ...]] = {
        codes.AIM_ASSET: names.assets, codes.AIM_RADAR: names.radars, codes.AIM_UNIT: names.units, codes.AIM_POST: names.deciders,
    }  # fmt: skip
    found = np.full(len(kinds), None, dtype=object)
    for kind, known in of_kind.items():
        chosen = kinds == kind
        found[chosen] = words(known, rows[chosen])
    return found


def _labelled(reader: Reader, label: int) -> Any:
    """When each object's track was first given a label, None where it never was."""
    rows = reader.rows(codes.LABEL)
    rows = rows[(rows[:, CODE] == label) & (rows[:, A] >= 0)][::-1]
    at_us = np.full(reader.count, -1)
    at_us[rows[:, A]] = rows[:, TIME]
    return maybe(at_us, at_us >= 0)


def engagements(reader: Reader) -> Columns:
    """One row an order to fire: who, with what, at what, when, and what came of it."""
    names, arms = reader.names, reader.planned.plan.arms
    orders = reader.rows(codes.ORDER)
    n = int(orders[:, COUNT].max()) + 1 if len(orders) else 0
    launch, points = reader.pair(codes.LAUNCH)
    meet, places = reader.pair(codes.INTERCEPT)
    launch_us, link = _by_shot(launch, n, TIME), _by_shot(reader.rows(codes.LAUNCH_FAILED), n, CODE)
    result, intercept_us = _by_shot(meet, n, CODE), _by_shot(meet, n, TIME)
    at, aimed = np.zeros((n, 3)), np.zeros((n, 3))
    at[meet[:, COUNT]] = places[:, :3]
    aimed[launch[:, COUNT]] = points[:, :3]
    met = np.where(np.abs(at).sum(axis=1, keepdims=True) > 1.0, at, aimed)[orders[:, COUNT]]
    lat, lon, height = degrees(met)
    target = np.where(_by_shot(launch, n, A, -2) == -2, _by_shot(orders, n, A), _by_shot(launch, n, A))[orders[:, COUNT]]
    weapon, shot = orders[:, CODE], orders[:, COUNT]
    assess = reader.rows(codes.ASSESS)
    fired, met_at = launch_us[shot], intercept_us[shot]
    result_words = words(codes.SHOT_RESULTS, result[shot])
    result_words[(result[shot] < 0) & (fired >= 0)] = "in flight"
    result_words[(result[shot] < 0) & (link[shot] >= 0)] = "not launched"
    result_words[(result[shot] < 0) & (link[shot] < 0) & (fired < 0)] = "ordered"
    return {
        "shot": shot,
        "unit": words(names.units, orders[:, B]),
        "system": words(names.systems, np.asarray(arms.units["system"], dtype=np.int64)[orders[:, B]]),
        "weapon": words(names.weapons, weapon),
        "is_gun": np.asarray(arms.weapons["kind"])[weapon] == codes.WEAPON_GUN,
        "rounds": np.asarray(arms.weapons["rounds_per_shot"], dtype=np.int64)[weapon],
        "target": words(names.objects, target),
        "target_class": words(names.classes, np.where(target >= 0, reader.klass[target] if reader.count else -1, -1)),
        "target_side": words(codes.SIDES, np.where(target >= 0, reader.side[target] if reader.count else -1, -1)),
        "track": orders[:, EXTRA],
        "order_us": orders[:, TIME],
        "launch_us": maybe(fired, fired >= 0),
        "intercept_us": maybe(met_at, met_at >= 0),
        "result": result_words,
        "not_launched_for": words(codes.WHY, link[shot]),
        "assessed": words(("alive", "dead"), _by_shot(assess, n, CODE)[shot]),
        "assessed_wrongly": _by_shot(assess, n, EXTRA)[shot] == 1,
        "latitude_deg": lat,
        "longitude_deg": lon,
        "height_wgs84_m": height,
    }


def _by_shot(rows: Ints, n: int, column: int, absent: int = -1) -> Ints:
    found = np.full(n, absent, dtype=np.int64)
    found[rows[:, COUNT]] = rows[:, column]
    return found


def tracks(reader: Reader) -> Columns:
    """One row a track of an air picture: when it began, became firm and ended, what it followed last, and its last label."""
    rows = reader.rows(codes.TRACK_START, codes.TRACK_FIRM, codes.TRACK_DROP, codes.LABEL)
    pictures = np.asarray(reader.planned.plan.rule.deciders["picture"], dtype=np.int64)
    picture = np.where(rows[:, KIND] == codes.LABEL, pictures[rows[:, B]] if len(rows) else 0, rows[:, B])
    keys, which = np.unique(np.stack([picture, rows[:, COUNT]], axis=1), axis=0, return_inverse=True)
    which = which.reshape(-1)
    n = len(keys)
    found = {kind: np.full(n, -1, dtype=np.int64) for kind in (codes.TRACK_START, codes.TRACK_FIRM, codes.TRACK_DROP)}
    for kind, times in found.items():
        chosen = rows[:, KIND] == kind
        times[which[chosen]] = rows[chosen, TIME]
    target, label, changes = np.full(n, -1), np.full(n, -1), np.zeros(n, dtype=np.int64)
    known = rows[:, A] >= 0
    target[which[known]] = rows[known, A]
    chosen = rows[:, KIND] == codes.LABEL
    label[which[chosen]] = rows[chosen, CODE]
    np.add.at(changes, which[chosen], 1)
    known_us = {name: maybe(found[kind], found[kind] >= 0) for name, kind in
             (("start_us", codes.TRACK_START), ("firm_us", codes.TRACK_FIRM), ("drop_us", codes.TRACK_DROP))}  # fmt: skip
    return {
        "picture": words(reader.names.deciders, keys[:, 0]),
        "track": keys[:, 1],
        "object": words(reader.names.objects, target),
        "side": words(codes.SIDES, np.where(target >= 0, reader.side[target] if reader.count else -1, -1)),
        **known_us,
        "label": words(codes.LABELS, label),
        "label_changes": changes,
    }


def detections(reader: Reader) -> Columns:
    """One row an object that was seen: when, by which radar and where first."""
    rows, reals = reader.pair(codes.FIRST_DETECTION)
    lat, lon, height = degrees(reals[:, :3])
    return {
        "time_us": rows[:, TIME], "object": reader.objects_of(rows), "class": reader.classes_of(rows), "side": reader.sides_of(rows),
        "radar": words(reader.names.radars, rows[:, B]), "range_m": reals[:, 3].copy(),
        "latitude_deg": lat, "longitude_deg": lon, "height_wgs84_m": height,
    }  # fmt: skip


def labels(reader: Reader) -> Columns:
    """One row a change of a track's label, with the belief and the evidence behind it."""
    rows, reals = reader.pair(codes.LABEL)
    pieces, answer = rows[:, EXTRA] // 16, rows[:, EXTRA] % 16
    evidence = np.array([", ".join(word for bit, word in enumerate(CONFORM) if one >> bit & 1) for one in pieces], dtype=object)
    return {
        "time_us": rows[:, TIME], "decider": words(reader.names.deciders, rows[:, B]), "track": rows[:, COUNT],
        "object": reader.objects_of(rows), "side": reader.sides_of(rows), "label": words(codes.LABELS, rows[:, CODE]),
        "belief_hostile": reals[:, 0].copy(), "belief_civil": reals[:, 1].copy(), "evidence": evidence, "answer": words(ANSWERS, answer),
        "speed_mps": reals[:, 2].copy(), "height_m": reals[:, 3].copy(),
    }  # fmt: skip


def events(reader: Reader) -> Columns:
    """The canonical log, one row an event: the columns that the digest covers, then the rest, with words for stage and kind."""
    rows = reader.log.canonical
    names = DTYPE.names or ()
    plain = {name: rows[:, n].copy() for n, name in enumerate(names)}
    return {
        "time_us": plain.pop("time_us"), "stage": words(codes.STAGES, plain.pop("stage")), "kind": words(codes.KINDS, plain.pop("kind")),
        **plain,
    }  # fmt: skip


def plots(reader: Reader) -> Columns:
    """One row a plot: when a radar measured something where, and what that truly was."""
    rows, reals = reader.pair(codes.PLOT)
    lat, lon, height = degrees(reals[:, :3])
    return {
        "time_us": np.round(reals[:, 4] * 1e6).astype(np.int64), "radar": words(reader.names.radars, rows[:, B]),
        "object": reader.objects_of(rows), "range_m": reals[:, 3].copy(),
        "latitude_deg": lat, "longitude_deg": lon, "height_wgs84_m": height,
    }  # fmt: skip


def track_states(reader: Reader) -> Columns:
    """One row a decision cycle and firm track: where a picture took it to be, and for what."""
    rows, reals = reader.pair(codes.TRACK_STATE)
    lat, lon, height = degrees(reals[:, :3])
    return {
        "time_us": rows[:, TIME], "decider": words(reader.names.deciders, rows[:, B]), "track": rows[:, COUNT],
        "object": reader.objects_of(rows), "label": words(codes.LABELS, rows[:, CODE]), "family": words(codes.FAMILIES, rows[:, EXTRA]),
        "belief_hostile": reals[:, 3].copy(), "quality_m": reals[:, 4].copy(),
        "latitude_deg": lat, "longitude_deg": lon, "height_wgs84_m": height,
    }  # fmt: skip


def pieces(reader: Reader) -> Columns:
    """One row a piece of evidence about a track that changed: what it found, how likely that is for each side, and the belief after it."""
    rows, reals = reader.pair(codes.EVIDENCE)
    kind, state = rows[:, CODE] // 16, rows[:, CODE] % 16
    found = [evidence.STATES[k][s] for k, s in zip(kind, state)]
    return {
        "time_us": rows[:, TIME], "decider": words(reader.names.deciders, rows[:, B]), "track": rows[:, COUNT],
        "object": reader.objects_of(rows), "side": reader.sides_of(rows), "evidence": words(evidence.KINDS, kind),
        "finding": np.array(found, dtype=object), "if_hostile": reals[:, 0].copy(), "if_civil": reals[:, 1].copy(),
        "if_friendly": reals[:, 2].copy(), "counts": rows[:, EXTRA] == 1, "belief_hostile": reals[:, 3].copy(),
        "belief_civil": reals[:, 4].copy(),
    }  # fmt: skip
