"""The same chunks on a local Dask cluster, one worker killed midway: the same table."""

import os
import signal
import threading
import time
import warnings

import pytest
from fake_battle import FakeBattle

from openiads.errors import UserError
from openiads.study import leases
from openiads.study.job import Chunk, Job
from openiads.study.local import InlineEngine

distributed = pytest.importorskip("distributed")

WANTED = [Chunk("a", 0, 200), Chunk("b", 0, 100)]
JOB = Job(FakeBattle(pause_s=0.004), {"b": 7})


def _rows(engine) -> dict:
    rows: dict = {}

    def record(chunk, columns) -> None:
        for i in range(chunk.count):
            assert (chunk.alternative, chunk.first + i) not in rows
            rows[chunk.alternative, chunk.first + i] = tuple(int(columns[name][i]) for name in sorted(columns))

    with engine:
        assert engine.run(WANTED, record) == []
    return rows


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_table_even_when_a_worker_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    from openiads.study.dask_engine import DaskEngine

    monkeypatch.setattr(leases, "TARGET_S", 0.1)
    clean = _rows(InlineEngine(Job(FakeBattle(), {"b": 7})))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50, host="127.0.0.1"
        ) as cluster:
            address = cluster.scheduler_address.removeprefix("tcp://")
            pids = [worker.pid for worker in cluster.workers.values()]

            def kill() -> None:
                time.sleep(0.6)
                os.kill(pids[0], signal.SIGKILL)

            thread = threading.Thread(target=kill)
            thread.start()
            rows = _rows(DaskEngine(JOB, address))
            thread.join()
    assert rows == clean


@pytest.mark.filterwarnings("ignore")
def test_no_scheduler_is_one_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    from openiads.study import dask_engine

    monkeypatch.setattr(dask_engine, "CONNECT_S", 0.5)
    with pytest.raises(UserError, match="no scheduler answers"), dask_engine.DaskEngine(JOB, "127.0.0.1:9"):
        pass


@pytest.mark.parametrize("address", ["", "localhost", "localhost:", "localhost:port", ":8786"])
def test_an_address_without_host_and_port_is_refused_at_once(address: str) -> None:
    from openiads.study.dask_engine import DaskEngine

    with pytest.raises(UserError, match="write dask://HOST:PORT"):
        DaskEngine(JOB, address).__enter__()
