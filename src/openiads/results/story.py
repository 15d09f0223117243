"""For every leaker a sentence: what it was, where it hit, when it was seen, what was done about it, and what broke first."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from openiads.log import Log
from openiads.model import codes
from openiads.plan import Planned
from openiads.results.reading import KEY_B, A, B, Reader
from openiads.results.relations import Tables


def clock(time_us: int) -> str:
    """Return a time as minutes and seconds."""
    seconds = round(time_us / 1e6)
    return f"{seconds // 60}:{seconds % 60:02d}"


def sentences(planned: Planned, log: Log, tables: Tables) -> list[str]:
    """Return a sentence for every hostile object that leaked, in the order in which they arrived."""
    objects, shots = tables.columns("outcomes"), tables.columns("engagements")
    hits = _hits(Reader(planned, log))
    leaked = [i for i, end in enumerate(objects["end"]) if end == "leaked" and objects["side"][i] == "hostile"]
    leaked.sort(key=lambda i: (objects["end_us"][i], objects["object"][i]))
    by_target: dict[str, list[int]] = {}
    for row, target in enumerate(shots["target"]):
        by_target.setdefault(target, []).append(row)
    return [_sentence(objects, i, hits.get(i, ""), shots, by_target.get(objects["object"][i], [])) for i in leaked]


def _hits(reader: Reader) -> dict[int, str]:
    """What each object hit, by its row."""
    names, found = reader.names, {int(row[B]): f"hit {reader.names.assets[row[A]]}" for row in reader.rows(codes.ASSET_HIT)}
    keys = {int(key): i for i, key in enumerate(reader.planned.plan.sky.objects["key"])}
    for row in reader.rows(codes.DESTROYED)[::-1]:
        several = (names.radars, names.units, names.deciders, names.launchers)[row[5]]
        name = several[row[A] if row[5] in (codes.LOST_RADAR, codes.LOST_LAUNCHER) else row[B]]
        if int(row[KEY_B]) in keys:
            found[keys[int(row[KEY_B])]] = f"destroyed {name}"
    return found


def _sentence(objects: dict[str, Any], i: int, hit: str, shots: dict[str, Any], rows: Iterable[int]) -> str:
    aim = objects["aim"][i]
    arrived = hit or (f"reached {aim} without hitting it" if aim else "reached its aim")
    parts = [f"{objects['object'][i]} ({objects['class'][i]}) {arrived} at {clock(objects['end_us'][i])}: {_seen(objects, i)}"]
    parts.append(_labelled(objects, i))
    parts.append(_shot_at(shots, list(rows)))
    return ", ".join(part for part in parts if part) + f"; first broken link: {objects['why'][i]}."


def _seen(objects: dict[str, Any], i: int) -> str:
    if objects["seen_us"][i] is None:
        return "never seen"
    seen = f"first seen at {clock(objects['seen_us'][i])} by {objects['seen_by'][i]}"
    firm_us = objects["firm_us"][i]
    return f"{seen}, never a firm track" if firm_us is None else f"{seen}, firm track at {clock(firm_us)}"


def _labelled(objects: dict[str, Any], i: int) -> str:
    if objects["firm_us"][i] is None:
        return ""
    at_us = objects["hostile_us"][i]
    return f"called hostile at {clock(at_us)}" if at_us is not None else "never called hostile"


def _shot_at(shots: dict[str, Any], rows: list[int]) -> str:
    fired = [row for row in rows if shots["launch_us"][row] is not None]
    if not fired:
        return f"{_times(len(rows), 'order')} not carried out" if rows else "no shot"
    kinds: dict[str, int] = {}
    for row in fired:
        what = f"{shots['weapon'][row]} of {shots['unit'][row]}: {shots['result'][row]}"
        kinds[what] = kinds.get(what, 0) + 1
    listed = ", ".join(f"{n} x {what}" if n > 1 else what for what, n in kinds.items())
    return f"{_times(len(fired), 'shot')} ({listed})"


def _times(n: int, word: str) -> str:
    return f"{n} {word}" + ("" if n == 1 else "s")


def replications_table(columns: dict[str, Any], first: int, digests: Iterable[bytes]) -> dict[str, Any]:
    """Return the outcome table of many replications: number, digest and every count, one row each."""
    marks = np.array([one.hex() for one in digests], dtype=object)
    return {"replication": first + np.arange(len(marks), dtype=np.int64), "digest": marks, **columns}
