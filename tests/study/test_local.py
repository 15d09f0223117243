"""The local engine gives the same table for any worker count, order and cutting, and survives kills, hangs and errors."""

import os
import random
import signal
import threading
import time

import numpy as np
import pytest
from fake_battle import FakeBattle

from openiads.errors import WorkError
from openiads.study import leases
from openiads.study.job import BadOutcomesError, Chunk, Job, pieces, work
from openiads.study.leases import Leases
from openiads.study.local import InlineEngine, LocalEngine

WANTED = [Chunk("a", 0, 300), Chunk("b", 0, 300)]


def _table(engine, wanted=WANTED) -> tuple[dict, list]:
    rows: dict[tuple[str, int], tuple[int, ...]] = {}

    def record(chunk: Chunk, columns: dict[str, np.ndarray]) -> None:
        for i in range(chunk.count):
            address = (chunk.alternative, chunk.first + i)
            assert address not in rows
            rows[address] = tuple(int(columns[name][i]) for name in sorted(columns))

    with engine:
        aside = engine.run(wanted, record)
    return rows, aside


@pytest.fixture(scope="module")
def clean() -> dict:
    return _table(InlineEngine(Job(FakeBattle(), {"b": 7})))[0]


@pytest.mark.parametrize("workers", [1, 3])
def test_any_worker_count_gives_the_same_table(workers: int, clean: dict) -> None:
    rows, aside = _table(LocalEngine(Job(FakeBattle(pause_s=0.0002), {"b": 7}), workers))
    assert rows == clean
    assert aside == []


def test_shuffled_ranges_give_the_same_table(clean: dict) -> None:
    ranges = [Chunk(name, first, 13) for name in "ab" for first in range(0, 286, 13)] + [Chunk(n, 286, 14) for n in "ab"]
    random.Random(3).shuffle(ranges)
    assert _table(InlineEngine(Job(FakeBattle(), {"b": 7})), ranges)[0] == clean


def test_a_worker_killed_from_outside_costs_only_time(clean: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "TARGET_S", 0.1)
    engine = LocalEngine(Job(FakeBattle(pause_s=0.004), {"b": 7}), 2)
    killed: list[int] = []

    def kill_some() -> None:
        while len(killed) < 2:
            time.sleep(0.2)
            busy = [w.process.pid for w in list(engine._workers) if w.chunk is not None and w.process.pid not in killed]
            if busy:
                os.kill(busy[0], signal.SIGKILL)
                killed.append(busy[0])

    thread = threading.Thread(target=kill_some)
    thread.start()
    rows, aside = _table(engine)
    thread.join()
    assert rows == clean
    assert aside == []
    assert len(killed) == 2


def test_poison_is_set_aside_alone_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replications that crash, hang or err are the only ones missing; each is named with its reason."""
    battle = FakeBattle(kills=frozenset({2}), errors=frozenset({6}), hangs=frozenset({9}))
    monkeypatch.setattr(leases, "SHORTEST_LIMIT_S", 0.2)
    rows, aside = _table(LocalEngine(Job(battle, {}), 2, limit_s=0.5), [Chunk("a", 0, 40)])
    reasons = {one.chunk.first: one.reason for one in aside}
    assert sorted(reasons) == [2, 6, 9]
    assert all(one.chunk.count == 1 for one in aside)
    assert "died" in reasons[2]
    assert "does not converge" in reasons[6]
    assert "in time" in reasons[9]
    assert set(rows) == {("a", i) for i in range(40)} - {("a", 2), ("a", 6), ("a", 9)}


def test_a_battle_that_never_works_is_one_clear_error() -> None:
    with pytest.raises(WorkError, match=r"could not be computed against 0 .*ArithmeticError: replication 0 does not converge"):
        _table(LocalEngine(Job(FakeBattle(errors=frozenset(range(300))), {}), 1))


def test_workers_end_when_the_engine_closes() -> None:
    engine = LocalEngine(Job(FakeBattle(hangs=frozenset({0})), {}), 1)
    with engine:
        threading.Timer(1.0, lambda: signal.raise_signal(signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            engine.run([Chunk("a", 0, 8)], lambda *_: None)
        processes = [w.process for w in engine._workers]
    assert processes
    assert not any(process.is_alive() for process in processes)


def test_pieces_follow_the_knowledge_samples() -> None:
    assert list(pieces(Chunk("a", 5, 9), 4)) == [(1, 5, 3), (2, 8, 4), (3, 12, 2)]
    assert list(pieces(Chunk("a", 5, 9), 0)) == [(-1, 5, 9)]


def test_wrong_tables_are_refused() -> None:
    with pytest.raises(BadOutcomesError, match="not 3 integers"):
        work(Job(lambda *_: {"x": np.zeros(3)}, {}), Chunk("a", 0, 3))
    with pytest.raises(BadOutcomesError, match="changed between"):
        work(Job(lambda _a, k, _f, n: {f"x{k}": np.zeros(n, int)}, {"a": 2}), Chunk("a", 0, 3))


def test_chunks_grow_to_a_second_of_work_and_respect_samples() -> None:
    queue = Leases([Chunk("a", 0, 10_000)], {"a": 50})
    first = queue.take()
    assert first is not None
    assert first.chunk.count == leases.FIRST_COUNT
    queue.finish(first.chunk, first.chunk.count * 0.002)
    second = queue.take()
    assert second is not None
    assert 400 <= second.chunk.count <= 500
    assert second.chunk.end % 50 == 0


def handed_out(queue: Leases, pace_s: float) -> list[Chunk]:
    """All chunks after the first, which came back at a pace per replication."""
    first = queue.take()
    assert first is not None
    queue.finish(first.chunk, first.chunk.count * pace_s)
    return [lease.chunk for lease in iter(queue.take, None)]


def test_a_sample_of_a_few_seconds_is_not_cut() -> None:
    queue = Leases([Chunk("a", 0, 600)], {"a": 200})
    assert [chunk.end for chunk in handed_out(queue, 0.015)] == [200, 400, 600]


def test_chunks_are_longer_while_much_is_left() -> None:
    counts = [chunk.count for chunk in handed_out(Leases([Chunk("a", 0, 20_000)], {}), 0.01)]
    assert counts[0] == leases.CALM_S / 0.01
    assert counts == sorted(counts[:-1], reverse=True) + counts[-1:]
    assert counts[-1] <= 1.5 * leases.TARGET_S / 0.01


def test_innocent_chunks_are_not_blamed_for_a_lost_worker() -> None:
    queue = Leases([Chunk("a", 0, 8)], {})
    for _ in range(10):
        lease = queue.take()
        assert lease is not None
        queue.give_back(lease.chunk)
    assert queue.is_open
    assert queue.set_aside == []


def test_a_replication_is_set_aside_only_after_tries_of_its_own() -> None:
    """A chunk may die three times of what its neighbour does; cut in single ones, each of them is tried three times."""
    queue = Leases([Chunk("a", 0, 2)], {})
    failures = dict.fromkeys((Chunk("a", 0, 2), Chunk("a", 0, 1), Chunk("a", 1, 1)), 0)
    while (lease := queue.take()) is not None:
        failures[lease.chunk] += 1
        if lease.chunk == Chunk("a", 0, 1) and failures[lease.chunk] == 3:
            queue.finish(lease.chunk, 1.0)
        else:
            queue.fail(lease.chunk, "died")
    assert set(failures.values()) == {3}
    assert [one.chunk for one in queue.set_aside] == [Chunk("a", 1, 1)]


def test_what_was_done_before_counts_when_work_is_judged_hopeless() -> None:
    for done, is_hopeless in ((0, True), (100, False)):
        queue = Leases([Chunk("a", 0, 1), Chunk("a", 5, 1), Chunk("a", 9, 1)], {}, done=done)
        while (lease := queue.take()) is not None:
            queue.fail(lease.chunk, "an error", is_final=True)
        assert queue.is_hopeless == is_hopeless


def test_a_worker_keeps_to_the_alternative_that_it_prepared() -> None:
    queue = Leases([Chunk("a", 0, 100), Chunk("b", 0, 100)], {})
    taken = [queue.take(worker) for worker in (1, 2, 1, 2)]
    assert [lease.chunk.alternative for lease in taken if lease] == ["a", "b", "a", "b"]
    third = queue.take(3)
    assert third is not None
    assert third.chunk.first > 0


def test_a_huge_stage_makes_larger_chunks_not_more_files() -> None:
    queue = Leases([Chunk("a", 0, 100_000_000)], {})
    first = queue.take()
    assert first is not None
    queue.finish(first.chunk, first.chunk.count * 0.01)
    second = queue.take()
    assert second is not None
    assert second.chunk.count == 100_000_000 / leases.MOST_CHUNKS
