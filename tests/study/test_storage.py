"""Nothing acknowledged is lost, nothing counts twice and no altered byte is read, whatever dies and wherever."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pytest
import small_study
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.errors import WorkError
from openiads.study import faults
from openiads.study.disk import write_whole
from openiads.study.job import Chunk
from openiads.study.storage import JOURNAL, PARTS, Part, Store

SCRIPT = Path(__file__).parent / "small_study.py"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> str:
    return small_study.finish(tmp_path_factory.mktemp("clean"))


def _run(folder: Path, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, SCRIPT, folder, *words], capture_output=True, text=True, timeout=60, env={**os.environ, **extra})


def test_chunking_does_not_change_the_digest(tmp_path: Path, clean: str) -> None:
    assert small_study.finish(tmp_path, step=7) == clean


def test_hash_seed_time_zone_and_locale_do_not_change_the_digest(tmp_path: Path, clean: str) -> None:
    done = _run(tmp_path, "2", PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C")
    assert done.stdout.strip() == clean, done.stderr


@pytest.mark.parametrize("point", ["part-written", "part-synced", "part-renamed", "part-recorded"])
def test_a_kill_at_every_point_of_writing_loses_and_doubles_nothing(tmp_path: Path, clean: str, point: str) -> None:
    died = _run(tmp_path, **{faults.VARIABLE: f"kill@{point}:3"})
    assert died.returncode == -9
    with Store(tmp_path) as store:
        assert len(store.parts) == (3 if point == "part-recorded" else 2)
        strays, bad = store.tidy()
        assert strays == (0 if point == "part-recorded" else 1)
        assert bad == []
    assert small_study.finish(tmp_path) == clean


@pytest.mark.parametrize("point", ["worker-began", "worker-finished"])
def test_a_worker_killed_at_a_named_point_changes_nothing(tmp_path: Path, clean: str, point: str) -> None:
    done = _run(tmp_path / "out", "2", **{faults.VARIABLE: f"kill@{point}:2:{tmp_path / 'once'}"})
    assert (tmp_path / "once").exists()
    assert done.stdout.strip() == clean, done.stderr


@pytest.mark.parametrize("point", ["part-written", "part-synced", "part-renamed"])
@pytest.mark.parametrize("refusal", list(faults.REFUSALS))
def test_a_full_or_read_only_disk_is_one_clear_message_and_earlier_results_stay(
    tmp_path: Path, clean: str, point: str, refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "_passed", type(faults._passed)())
    monkeypatch.setenv(faults.VARIABLE, f"{refusal}@{point}:3")
    said = os.strerror(faults.REFUSALS[refusal])
    with pytest.raises(WorkError, match=rf"{said}.*--resume"):
        small_study.finish(tmp_path)
    monkeypatch.delenv(faults.VARIABLE)
    with Store(tmp_path) as store:
        assert len(store.parts) == 2
    assert small_study.finish(tmp_path) == clean


def test_a_file_size_limit_is_one_clear_message(tmp_path: Path) -> None:
    code = (
        "import resource, sys, pathlib; sys.path.insert(0, sys.argv[1]); import small_study, duckdb; "
        "from openiads.errors import WorkError; resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))\n"
        "try: small_study.finish(pathlib.Path(sys.argv[2]))\n"
        "except WorkError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, SCRIPT.parent, tmp_path], capture_output=True, text=True, timeout=60)
    assert "cannot be written" in done.stdout, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_is_one_clear_message(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WorkError, match="Permission denied"):
        Store(tmp_path / "out")


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(WorkError, match="cannot be written"):
        Store(tmp_path / "out")


def test_any_altered_byte_of_a_part_is_noticed_and_the_part_computed_again(tmp_path: Path, clean: str) -> None:
    assert small_study.finish(tmp_path) == clean
    files = sorted((tmp_path / PARTS).iterdir())
    rng = np.random.default_rng(1)
    for file in files:
        data = bytearray(file.read_bytes())
        data[rng.integers(len(data))] ^= 1 << int(rng.integers(8))
        file.write_bytes(data)
    with Store(tmp_path) as store:
        with pytest.raises(WorkError, match="not the bytes that were recorded"):
            store.digest(small_study.NAMES)
        assert len(store.tidy()[1]) == len(files)
    assert small_study.finish(tmp_path) == clean


def test_swapped_truncated_and_lost_parts_are_noticed(tmp_path: Path, clean: str) -> None:
    small_study.finish(tmp_path)
    one, two, three, four = sorted((tmp_path / PARTS).iterdir())[:4]
    a, b = one.read_bytes(), two.read_bytes()
    one.write_bytes(b)
    two.write_bytes(a)
    three.write_bytes(three.read_bytes()[:-1])
    four.unlink()
    with Store(tmp_path) as store:
        assert len(store.tidy()[1]) == 4
    assert small_study.finish(tmp_path) == clean


def test_a_torn_last_record_is_dropped_and_an_altered_one_is_an_error(tmp_path: Path, clean: str) -> None:
    small_study.finish(tmp_path)
    journal = tmp_path / JOURNAL
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-9])
    assert small_study.finish(tmp_path) == clean
    bent = bytearray(whole)
    bent[40] ^= 4
    journal.write_bytes(bent)
    with pytest.raises(WorkError, match="altered"):
        Store(tmp_path)


def test_a_record_that_stands_twice_is_an_error_and_the_folder_is_free_again(tmp_path: Path) -> None:
    small_study.finish(tmp_path)
    lines = (tmp_path / JOURNAL).read_bytes().splitlines(keepends=True)
    part = next(line for line in lines if b'"part"' in line)
    (tmp_path / JOURNAL).write_bytes(b"".join([*lines, part]))
    for _ in range(2):
        with pytest.raises(WorkError, match=rf"{JOURNAL}:{len(lines) + 1}: records replications .* a second time"):
            Store(tmp_path)


def test_a_folder_in_the_place_of_a_part_is_one_clear_message(tmp_path: Path) -> None:
    small_study.finish(tmp_path)
    part = next((tmp_path / PARTS).glob("*.parquet"))
    part.unlink()
    part.mkdir()
    with Store(tmp_path) as store, pytest.raises(WorkError, match="cannot be written or read"):
        store.tidy()


def test_nothing_is_acknowledged_before_it_and_its_name_are_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of syncs and renames that a loss of power needs; a kill alone needs none of them."""
    happened: list[str] = []
    sync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        sync(descriptor)
        name = Path(f"/proc/self/fd/{descriptor}").readlink()
        happened.append("sync " + ("part" if name.parent.name == PARTS else name.relative_to(tmp_path.parent).as_posix()))

    def replaced(self: Path, target: Path) -> Path:
        happened.append("rename part")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    home = tmp_path.name
    with Store(tmp_path / "out") as store:
        assert happened == [f"sync {home}/out", f"sync {home}"]
        for first in (0, 5):
            happened.clear()
            store.record(Chunk("a", first, 5), {"x": np.arange(5)})
            opened = [f"sync {home}/out/{JOURNAL}", f"sync {home}/out"] if first == 0 else []
            assert happened == [*opened, "sync part", "rename part", f"sync {home}/out/{PARTS}", f"sync {home}/out/{JOURNAL}"]


def test_the_same_replications_are_never_recorded_twice(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.record(Chunk("a", 0, 5), {"x": np.arange(5)})
        with pytest.raises(WorkError, match="recorded already"):
            store.record(Chunk("a", 4, 5), {"x": np.arange(5)})
        with pytest.raises(WorkError, match="columns of a changed"):
            store.record(Chunk("a", 5, 5), {"y": np.arange(5)})


def test_one_folder_is_for_one_process(tmp_path: Path) -> None:
    with Store(tmp_path), pytest.raises(WorkError, match="another study is at work"):
        Store(tmp_path)


def test_a_table_reads_back_what_was_recorded_in_replication_order(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.integers(0, 3, 50), rng.integers(0, 2**40, 50)
    with Store(tmp_path) as store:
        for first in (30, 0, 40, 10):
            count = 20 if first == 10 else 10
            store.record(Chunk("a", first, count), {"killed/one-way drone": x[first : first + count], "y": y[first : first + count]})
        table = store.table("a")
        assert table.replication.tolist() == list(range(50))
        assert table.columns["killed/one-way drone"].tolist() == x.tolist()
        assert table.columns["killed/one-way drone"].dtype == np.uint8  # memory stays small with many nights
        assert table.columns["y"].tolist() == y.tolist()
        assert store.table("a", ["y"], 7, 33).columns["y"].tolist() == y[7:33].tolist()
        assert store.table("a", ["never"]).columns["never"].sum() == 0
        assert store.table("other").replication.size == 0
        assert store.missing([Chunk("a", 0, 60), Chunk("b", 3, 4)]) == [Chunk("a", 50, 10), Chunk("b", 3, 4)]


def test_parts_are_plain_parquet_with_names(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.record(Chunk("a", 3, 2), {"leaked": np.array([0, 4]), "targets": np.array([9, 9])})
    rows = duckdb.sql(f"SELECT * FROM '{tmp_path / PARTS}/*.parquet' ORDER BY ALL").fetchall()
    assert rows == [(3, "targets", 9), (4, "leaked", 4), (4, "targets", 9)]


def test_whole_files_only(tmp_path: Path) -> None:
    write_whole(tmp_path / "study.json", b"{}")
    assert (tmp_path / "study.json").read_bytes() == b"{}"
    assert [file.name for file in tmp_path.iterdir()] == ["study.json"]
    with pytest.raises(WorkError):
        write_whole(tmp_path / "gone" / "study.json", b"{}")


@given(
    cuts=st.lists(st.integers(1, 99), max_size=12, unique=True),
    kept=st.sets(st.integers(0, 12)),
    first=st.integers(0, 60),
    count=st.integers(1, 60),
)
@settings(deadline=None, max_examples=60)
def test_what_is_missing_is_exactly_what_no_part_covers(cuts: list[int], kept: set[int], first: int, count: int) -> None:
    edges = [0, *sorted(cuts), 100]
    chunks = [Chunk("a", low, high - low) for i, (low, high) in enumerate(pairwise(edges)) if i in kept]
    store = object.__new__(Store)
    store.parts, store._chunks = {}, {}
    for chunk in reversed(chunks):
        store._keep(Part(chunk, "", ""))
    missing = {n for c in store.missing([Chunk("a", first, count)]) for n in range(c.first, c.end)}
    assert missing == set(range(first, first + count)) - {n for c in chunks for n in range(c.first, c.end)}
