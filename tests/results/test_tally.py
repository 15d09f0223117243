"""Counts agree with a plain count over the log, ends and links add up, and nothing depends on workers or on tracing."""

from collections import Counter

import numpy as np

from openiads.log import DTYPE, combined
from openiads.model import codes
from openiads.results.arena import Arena
from openiads.results.batch import fought, many, replicate


def counted(planned, log):
    """The obvious count, row by row, in words."""
    objects, names = planned.plan.sky.objects, planned.names
    total, per_class, why = Counter(), Counter(), Counter()
    born, seen, shot_at, hits = set(), set(), Counter(), Counter()
    for row in log.rows:
        kind, a, code = int(row["kind"]), int(row["index_a"]), int(row["code"])
        if kind in (codes.BORN, codes.RELEASED):
            born.add(a)
        elif kind == codes.FIRST_DETECTION:
            seen.add(a)
        elif kind == codes.LAUNCH:
            is_gun = planned.plan.arms.weapons["kind"][code] == codes.WEAPON_GUN
            total["gun_rounds" if is_gun else "rounds_fired"] += int(planned.plan.arms.weapons["rounds_per_shot"][code]) if is_gun else 1
            total["shots"] += 1
            shot_at[a] += 1
        elif kind == codes.END and objects["side"][a] == codes.HOSTILE:
            total[codes.ENDS[code]] += 1
            per_class[codes.ENDS[code], names.classes[objects["klass"][a]]] += 1
            total["impacts"] += code == codes.LEAKED and objects["aim_kind"][a] == codes.AIM_ASSET
        elif kind == codes.END and code == codes.KILLED:
            total["civil_lost" if objects["side"][a] == codes.CIVIL else "friendly_lost"] += 1
        elif kind == codes.WHY_EVENT and objects["side"][a] == codes.HOSTILE:
            why[codes.WHY[code]] += 1
        elif kind == codes.ASSET_HIT:
            hits[a] += 1
        elif kind == codes.DESTROYED:
            total[("radars_lost", "units_lost", "posts_lost", "launchers_lost")[code]] += 1
    for i in range(len(objects)):
        if i in born and objects["side"][i] == codes.HOSTILE:
            total["targets"] += 1
            total["engaged"] += shot_at[i] > 0
            total["never_detected"] += i not in seen
            total["impact_objects"] += objects["duty"][i] == codes.IMPACT
        elif i in born:
            total["flights"] += 1
            total["civil_engaged" if objects["side"][i] == codes.CIVIL else "friendly_engaged"] += shot_at[i] > 0
    total["hits"], total["assets_hit"] = hits.total(), len(hits)
    return total, per_class, why


def test_the_counts_are_those_of_a_plain_count(planned):
    arena = Arena(planned)
    for replication in range(8):
        row = np.zeros((1, arena.layout.width), dtype=np.int64)
        log = arena.fight(7, replication)
        arena.count(log, row[0])
        columns = arena.layout.columns(row)
        total, per_class, why = counted(planned, log)
        for name, number in total.items():
            if name != "unborn":
                assert columns[name][0] == number, name
        for (end, klass), number in per_class.items():
            if end != "unborn":
                assert columns[f"{end}/{klass}"][0] == number
        assert {link: int(columns[f"why/{link}"][0]) for link in codes.WHY if columns[f"why/{link}"][0]} == dict(why)


def test_ends_add_up_to_targets_and_links_to_leakers(crowd):
    o = crowd.outcome
    assert sum(o[end] for end in ("killed", "leaked", "task_done", "turned_back", "lost", "left", "alive")) == o["targets"]
    assert sum(crowd.why.values()) == o["leaked"]
    for key in ("targets", "killed", "leaked", "impacts", "prevented", "civil_engaged", "flights"):
        assert sum(row[key] for row in crowd.by_class) == o[key], key
    assert sum(sum(row["why"].values()) for row in crowd.by_class) == o["leaked"]
    for key in ("rounds_fired", "gun_rounds", "shots", "wrong_shots"):
        assert sum(row[key] for row in crowd.by_system) == o[key], key
    assert sum(row["killed"] for row in crowd.by_system) == o["killed"] + o["civil_lost"] + o["friendly_lost"]
    assert o["flights"] == 2 * crowd.replications
    assert o["rounds_left"] + o["rounds_fired"] == 32 * crowd.replications


def test_workers_chunks_and_tracing_change_nothing(planned, crowd):
    two = many(planned, 7, 0, 24, workers=3)
    assert two.digests == crowd.batch.digests
    assert np.array_equal(two.rows, crowd.batch.rows)
    part = fought(Arena(planned), 7, 5, 3)
    assert part.digests == crowd.batch.digests[5:8]
    assert combined(two.digests) == crowd.digest
    columns = replicate(planned, 7, 5, 3)
    assert all(np.array_equal(column, crowd.batch.columns[name][5:8]) for name, column in columns.items())
    arena = Arena(planned)
    assert combined([bytes.fromhex(arena.fight(7, 3, trace=True).digest)]) == crowd.batch.digests[3].hex()


def test_progress_tells_how_far_it_is(planned):
    told = []
    many(planned, 7, 0, 6, workers=2, progress=told.append)
    assert told[-1] == 6
    assert told == sorted(told)


def test_a_log_that_is_too_short_is_made_longer(planned, crowd, monkeypatch):
    monkeypatch.setattr("openiads.results.arena.LOG_ROWS", 40)
    assert fought(Arena(planned), 7, 2, 1).digests == crowd.batch.digests[2:3]


def test_the_log_as_a_structured_view_shares_memory(single):
    rows = single.log.rows
    assert rows.dtype == DTYPE
    assert np.shares_memory(rows, single.log.integers)
    assert (np.diff(rows["time_us"]) >= 0).all()
