"""The bearings on which radars were jammed: between the beginning and the end of each strobe, as the radar's scans look that way."""

from __future__ import annotations

import numpy as np

from openiads.log import Log
from openiads.model import codes
from openiads.show.replay_input import Strobes
from openiads.show.replay_run_sky import Flown
from openiads.show.replay_run_words import Words

JAM_BLOCKS = 1


def strobes_of(log: Log, words: Words, sky: Flown) -> list[Strobes]:
    """One entry a radar and jammer that ever jammed it; bearings are true ones, for a strobe's error is less than its line is wide."""
    begun: dict[tuple[int, int], int] = {}
    spans: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row, values in zip(log.rows[log.of_kind(codes.STROBE)], log.reals[log.of_kind(codes.STROBE)], strict=True):
        pair = int(row["index_b"]), int(row["index_a"])
        if int(row["code"]) == codes.ONE:
            begun[pair] = round(float(values[4]) * 1e6)
        elif pair in begun:
            spans.setdefault(pair, []).append((begun.pop(pair), round(float(values[4]) * 1e6)))
    for pair, begin_us in begun.items():
        spans.setdefault(pair, []).append((begin_us, int(sky.ended_us[pair[1]])))
    found = [_strobes(pair, spans[pair], words, sky) for pair in sorted(spans)]
    return [one for one in found if len(one.time_us)]


def _strobes(pair: tuple[int, int], spans: list[tuple[int, int]], words: Words, sky: Flown) -> Strobes:
    radar, jammer = pair
    eyes, objects = words.planned.plan.eyes, words.planned.plan.sky.objects
    period_us = int(eyes.radars["period_us"][radar])
    times: list[np.ndarray] = [np.zeros(0, np.int64)]
    bearings: list[np.ndarray] = [np.zeros(0)]
    for path in (int(objects["path"][jammer]), int(sky.turn_path[jammer])):
        block = int(eyes.block_of[JAM_BLOCKS, radar, path]) if path >= 0 else -1
        if block < 0:
            continue
        first, count, offset = (int(eyes.blocks[name][block]) for name in ("first_scan", "count", "offset"))
        at_us = (first + np.arange(count)) * period_us + int(sky.shift_us[jammer])
        flies = (at_us < sky.turn_us[jammer]) if path == objects["path"][jammer] else (at_us >= sky.turn_us[jammer])
        shown = flies & np.any([(at_us >= begin) & (at_us <= end) for begin, end in spans], axis=0)
        times.append(at_us[shown])
        bearings.append(eyes.looks["bearing_rad"][offset : offset + count][shown].astype(np.float64) % (2.0 * np.pi))
    site, name = words.radar(radar)
    return Strobes(site, name, np.concatenate(times), np.concatenate(bearings), max(period_us, 1), words.object(jammer))
