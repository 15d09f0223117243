"""The twenty instances of W5: 200 weapons, 100 targets, one shot each, from addressed draws."""

import math

from openiads.chance import SCENARIO_VALUE, SCHEME, uniform
from openiads.model.allocation.problems import Problem, problem

SEED = 5
INSTANCES = 20
WEAPONS = 200
TARGETS = 100
GENERATOR = (
    f"{SCHEME}, seed {SEED}, replication = instance: kill probability = 0.6 + 0.3 u(weapon, target, count 0), "
    f"value = 25 + floor(76 u(0, target, count 1)), purpose {SCENARIO_VALUE}"
)


def instance(number: int, weapons: int = WEAPONS, targets: int = TARGETS) -> Problem:
    """Draw one instance: p uniform in 0.6-0.9, values whole numbers in 25-100."""
    p = [[0.6 + 0.3 * uniform(SEED, number, i, j, SCENARIO_VALUE, 0) for j in range(targets)] for i in range(weapons)]
    values = [25 + math.floor(76 * uniform(SEED, number, 0, j, SCENARIO_VALUE, 1)) for j in range(targets)]
    return problem(values, p)
