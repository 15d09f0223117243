"""W6: how long a user waits: ``--help``; ``run quiet-sky`` with a warm cache; ``demo`` with an empty cache folder."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

AIM = {"help_s": 0.3, "cached_run_s": 2.0, "first_run_s": 60.0}


def seconds(words: list[str], cache: Path | None = None) -> float:
    """Wall time of one command of the installed package [s]."""
    environment = dict(os.environ)
    if cache is not None:
        environment["OPENIADS_CACHE_DIR"] = str(cache)
    begin = time.perf_counter()
    done = subprocess.run(
        [Path(sys.executable).with_name("openiads"), *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"openiads {' '.join(words)} exits {done.returncode}: {done.stderr[-300:]}")
    return time.perf_counter() - begin


def measure() -> dict[str, Any]:
    """Return the record of W6."""
    folder = Path(tempfile.mkdtemp(prefix="openiads-w6-"))
    try:
        first = seconds(["demo", "--out", str(folder / "demo")], folder / "cache")
        seconds(["run", "quiet-sky", "--out", str(folder / "warm")])
        runs = [seconds(["run", "quiet-sky", "--out", str(folder / f"run{k}")]) for k in range(3)]
        helps = [seconds(["--help"]) for _ in range(5)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figure = {"help_s": statistics.median(helps), "cached_run_s": statistics.median(runs), "first_run_s": first}
    return {
        "work": "W6",
        "figure": {key: round(value, 3) for key, value in figure.items()},
        "unit": "s",
        "aim": AIM,
        "holds": all(figure[key] <= AIM[key] for key in AIM),
        "peer": None,
        "ratio": None,
        "load": {},
    }
