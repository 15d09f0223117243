"""Instances and slow obvious twins for the tests of assignment."""

import itertools
import math

import numpy as np
import pytest

from openiads.model.allocation import Problem, objective, problem


def enumerate_answers(instance: Problem):
    """Yield every feasible answer of a small problem."""
    weapons, targets = instance.kill_probability.shape
    rows = []
    for i in range(weapons):
        most = int(instance.shots_available[i])
        choices = itertools.product(*[range((most if instance.kill_probability[i, j] > 0 else 0) + 1) for j in range(targets)])
        rows.append([choice for choice in choices if sum(choice) <= most])
    for answer in itertools.product(*rows):
        x = np.array(answer)
        if (x.sum(axis=0) <= instance.shots_limit).all():
            yield x


def brute_force(instance: Problem) -> float:
    """Least objective over all feasible answers."""
    return min((objective(instance, x) for x in enumerate_answers(instance)), default=math.inf)


def drawn(seed: int, weapons: int, targets: int, **given) -> Problem:
    """A problem with holes, several shots a weapon, limits and committed shots."""
    draw = np.random.default_rng(seed)
    p = draw.uniform(0.05, 0.95, (weapons, targets)) * (draw.random((weapons, targets)) < 0.75)
    defaults = {
        "shots_available": draw.integers(1, 4, weapons),
        "shots_limit": draw.integers(0, 4, targets),
        "committed_survival": draw.choice([1.0, 1.0, 0.4], targets),
        "time_to_intercept_s": draw.uniform(5.0, 60.0, (weapons, targets)),
    }
    return problem(draw.integers(1, 101, targets), p, **{**defaults, **given})


def assert_feasible(instance: Problem, x) -> None:
    """Check an answer against the limits of its problem."""
    assert (x >= 0).all()
    assert (x.sum(axis=1) <= instance.shots_available).all()
    assert (x.sum(axis=0) <= instance.shots_limit).all()
    assert (x[instance.kill_probability == 0] == 0).all()


@pytest.fixture(scope="session")
def twins():
    """The helpers of this file for tests in other files."""

    class Twins:
        pass

    for function in (enumerate_answers, brute_force, drawn, assert_feasible):
        setattr(Twins, function.__name__, staticmethod(function))
    return Twins
