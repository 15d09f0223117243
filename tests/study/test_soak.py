"""The long form of the kill tests: processes killed at random moments, again and again, until the study is done."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import small_study

from openiads.study.storage import Store

SCRIPT = Path(__file__).parent / "small_study.py"


@pytest.mark.slow
def test_two_hundred_random_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    """Kills of the whole process group, of the parent alone and of a worker alone; one command: pytest -m slow tests/study."""
    clean = small_study.finish(tmp_path / "clean")
    rng, kills, folder, known = random.Random(1), 0, tmp_path / "out", set()
    while kills < 200:
        process = subprocess.Popen([sys.executable, SCRIPT, folder, "2"], stdout=subprocess.PIPE, text=True, start_new_session=True)
        time.sleep(rng.uniform(0.3, 1.6))
        how = rng.choice(("group", "parent", "worker"))
        if process.poll() is None:
            kills += 1
            _kill(process.pid, how)
        said = process.communicate(timeout=60)[0]
        with Store(folder) as store:
            assert known <= set(store.parts), "an acknowledged part was lost"
            known = set(store.parts)
            if process.returncode == 0:
                assert said.strip() == clean
                known = set()
        if process.returncode == 0:
            folder = tmp_path / f"out{kills}"
    assert small_study.finish(folder) == clean


def _kill(pid: int, how: str) -> None:
    try:
        if how == "group":
            os.killpg(pid, signal.SIGKILL)
        elif how == "parent":
            os.kill(pid, signal.SIGKILL)
        else:
            children = Path(f"/proc/{pid}/task/{pid}/children")
            workers = children.read_text().split() if children.exists() else []
            for one in workers[-1:]:
                os.kill(int(one), signal.SIGKILL)
    except ProcessLookupError:
        pass
