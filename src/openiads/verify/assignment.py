"""Checks of the assignment of shots to targets: definitions, enumeration, and the gap of the battle's heuristic."""

import itertools
import math

from openiads.chance import SCENARIO_VALUE, uniform
from openiads.model.allocation import Problem, allocate, gaps, problem
from openiads.verify import rows

_SIZES = ((2, 3), (3, 2), (4, 4), (5, 3), (6, 4), (5, 6))
_SEED = 7


def surviving(algorithm: str, value: list[float], p: list[list[float]], shots: float) -> float:
    """Surviving value that an algorithm reaches."""
    return allocate(problem(value, p, shots_available=int(shots)), algorithm).surviving_value


def enumerated(instance: Problem) -> float:
    """Least surviving value over all ways to give each weapon's one shot to a target."""
    weapons, targets = instance.kill_probability.shape
    best = math.inf
    for choice in itertools.product(range(targets), repeat=weapons):
        left = instance.value.copy()
        for i, j in enumerate(choice):
            left[j] *= 1.0 - instance.kill_probability[i, j]
        best = min(best, float(left.sum()))
    return best


def drawn(number: int, weapons: int, targets: int, low: float, high: float, least: float) -> Problem:
    """Draw an instance: p uniform between two numbers, values whole numbers up to 100."""
    p = [[low + (high - low) * uniform(_SEED, number, i, j, SCENARIO_VALUE, 0) for j in range(targets)] for i in range(weapons)]
    values = [least + math.floor((101 - least) * uniform(_SEED, number, 0, j, SCENARIO_VALUE, 1)) for j in range(targets)]
    return problem(values, p)


def worst_difference(algorithm: str, low: float, high: float, least: float) -> float:
    """Largest relative difference between a solver and enumeration."""
    worst = 0.0
    for number, (weapons, targets) in enumerate(_SIZES):
        instance = drawn(number, weapons, targets, low, high, least)
        best = enumerated(instance)
        worst = max(worst, abs(allocate(instance, algorithm).surviving_value - best) / best)
    return worst


def worst_gap() -> float:
    """Gap of local search on instances of the size of a battle's decision."""
    found = gaps([drawn(number, 20, 10, 0.6, 0.9, 25) for number in range(20)], ("local-search",))
    return found[0].worst


CHECKS = rows.read("assignment", globals())
