"""Run the small study of the tests in a folder, as a process that a test may kill: FOLDER [WORKERS]."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fake_battle import FakeBattle

from openiads.study.job import Chunk, Job
from openiads.study.local import InlineEngine, LocalEngine
from openiads.study.storage import Store

WANTED = [Chunk("a", 0, 120), Chunk("b", 0, 90)]
NAMES = {"first": "a", "second": "b"}
JOB = Job(FakeBattle(pause_s=0.0005), {"b": 7})


def finish(folder: Path, workers: int = 0, step: int = 20) -> str:
    """Do what is missing in pieces of ``step`` and return the digest."""
    with Store(folder) as store, LocalEngine(JOB, workers) if workers else InlineEngine(JOB) as engine:
        store.tidy()
        missing = store.missing(
            [Chunk(w.alternative, first, min(step, w.end - first)) for w in WANTED for first in range(w.first, w.end, step)]
        )
        engine.run(missing, store.record)
        return store.digest(NAMES)


if __name__ == "__main__":
    print(finish(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
