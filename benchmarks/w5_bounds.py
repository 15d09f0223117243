"""Compute the committed lower bounds of W5: ``python -m benchmarks.w5_bounds`` writes ``w5_bounds.json`` beside this file.

Each bound rests on prices alone: ``openiads.model.allocation.lower_bound(instance, prices)`` proves it again in milliseconds.
"""

import json
import platform
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.w5_instances import GENERATOR, INSTANCES, SEED, TARGETS, WEAPONS, instance
from openiads.model.allocation.algorithms import compiled
from openiads.model.allocation.columns import columns
from openiads.model.allocation.prices import lower_bound

PATH = Path(__file__).with_name("w5_bounds.json")
LIMIT_S = 300.0
GAP = 1e-6
DECIMALS = 6


def solve(number: int) -> dict[str, object]:
    """Solve one instance by column generation and round its prices."""
    problem = instance(number)
    begin = time.process_time()
    found = columns(problem, compiled(problem, "local-search").x, time_limit_s=LIMIT_S, gap=GAP)
    prices = np.round(found.prices, DECIMALS)
    return {
        "instance": number,
        "lower_bound": lower_bound(problem, prices),
        "best_value": found.allocation.surviving_value,
        "cpu_s": round(time.process_time() - begin, 2),
        "columns": found.columns,
        "linear_programs": found.rounds,
        "prices": prices.tolist(),
    }


def main() -> None:
    """Solve all instances and write the file."""
    compiled(instance(0, 4, 2), "local-search")
    record = {
        "about": "Lower bounds of the W5 assignment instances, each proven by the prices beside it",
        "generator": GENERATOR,
        "seed": SEED,
        "weapons": WEAPONS,
        "targets": TARGETS,
        "method": "Lagrangian bound at prices from subgradient steps and column generation, sets priced exactly by branch and bound",
        "solver": "HiGHS through scipy.optimize.linprog and milp",
        "versions": {name: version(name) for name in ("scipy", "numpy", "numba")} | {"python": platform.python_version()},
        "limit_s": LIMIT_S,
        "relative_gap_to_stop": GAP,
        "instances": [solve(number) for number in range(INSTANCES)],
    }
    lines = json.dumps(record, indent=1).replace("\n    ", " ").replace("[ ", "[").replace("\n   ]", "]")
    PATH.write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
