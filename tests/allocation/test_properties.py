"""What every assignment algorithm must obey."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.model.allocation import ALGORITHMS, AllocationError, allocate, lower_bound, objective, problem, surviving_value

ANY = [name for name in ALGORITHMS if name != "nearest"]


@pytest.mark.parametrize("algorithm", ANY)
def test_without_shots_everything_survives(algorithm):
    answer = allocate(problem([10.0, 6.0, 3.5], [[0.5, 0.5, 0.5], [0.9, 0.9, 0.9]], shots_available=0), algorithm)
    assert answer.surviving_value == pytest.approx(19.5, abs=1e-12)
    assert answer.x.sum() == 0


@pytest.mark.parametrize("algorithm", [name for name in ANY if name != "linear"])
def test_all_weapons_on_one_target(algorithm):
    answer = allocate(problem([10.0], [[0.5], [0.8]]), algorithm)
    assert answer.surviving_value == pytest.approx(1.0, abs=1e-12)


@given(
    values=st.lists(st.integers(1, 100), min_size=1, max_size=3),
    p=st.floats(0.05, 0.95),
    weapons=st.integers(1, 4),
)
@settings(deadline=None, max_examples=40)
def test_greedy_is_optimal_when_weapons_are_alike(twins, values, p, weapons):
    instance = problem(values, np.full((weapons, len(values)), p))
    assert allocate(instance, "greedy").surviving_value == pytest.approx(twins.brute_force(instance), rel=1e-12)


def test_equal_weapons_published_row():
    instance = problem([10.0, 6.0], np.full((3, 2), 0.5))
    for algorithm in ("greedy", "local-search", "exact", "columns"):
        assert allocate(instance, algorithm).surviving_value == pytest.approx(5.5, abs=1e-12)


@given(seed=st.integers(0, 10_000), weapons=st.integers(1, 9), targets=st.integers(1, 9), gain=st.sampled_from([0.0, 2.0]))
@settings(deadline=None, max_examples=30)
def test_answers_are_feasible_and_ordered(twins, seed, weapons, targets, gain):
    instance = twins.drawn(seed, weapons, targets, minimum_gain=gain)
    found = {name: allocate(instance, name) for name in ("nearest", "first-come", "greedy", "local-search", "linear", "columns")}
    for answer in found.values():
        twins.assert_feasible(instance, answer.x)
        assert answer.surviving_value == pytest.approx(surviving_value(instance, answer.x), rel=1e-12, abs=1e-12)
    bound = found["columns"].lower_bound
    slack = 1e-9 * instance.exposed_value.sum()
    for answer in found.values():
        assert objective(instance, answer.x) >= bound - slack
    assert objective(instance, found["local-search"].x) <= objective(instance, found["greedy"].x) + slack


def test_search_reckons_with_the_price_of_a_shot_when_it_exchanges_many(twins):
    for seed in range(150):
        instance = twins.drawn(seed, 4, 4, minimum_gain=2.0)
        searched, greedy = (objective(instance, allocate(instance, name).x) for name in ("local-search", "greedy"))
        assert searched <= greedy + 1e-9


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=30)
def test_any_prices_bound_from_below(twins, seed):
    instance = twins.drawn(seed, 4, 3, shots_available=1)
    prices = np.random.default_rng(seed + 1).exponential(10.0, 4)
    assert lower_bound(instance, prices) <= twins.brute_force(instance) + 1e-9


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=15)
def test_more_shots_never_hurt_the_optimum(twins, seed):
    instance = twins.drawn(seed, 5, 4)
    more = instance._replace(shots_available=instance.shots_available + 1)
    assert allocate(more, "columns").lower_bound <= objective(instance, allocate(instance, "columns").x) + 1e-9


def test_nearest_serves_every_target_once_before_any_twice():
    times = [[9.0, 30.0], [8.0, 31.0], [7.0, 32.0]]
    answer = allocate(problem([1.0, 1.0], np.full((3, 2), 0.5), time_to_intercept_s=times), "nearest")
    assert answer.x.tolist() == [[0, 1], [1, 0], [1, 0]]


def test_first_come_takes_the_deadliest_weapon_in_order_of_targets():
    answer = allocate(problem([1.0, 100.0], [[0.9, 0.9], [0.3, 0.2]]), "first-come")
    assert answer.x.tolist() == [[1, 0], [0, 1]]


def test_minimum_gain_keeps_rounds_back():
    instance = problem([10.0, 1.0], [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]], minimum_gain=2.0)
    for algorithm in ("greedy", "local-search", "exact", "columns"):
        assert allocate(instance, algorithm).x.sum(axis=0).tolist() == [2, 0], algorithm


def test_nothing_to_do():
    empty = problem([], np.zeros((2, 0)))
    alone = problem([5.0], np.zeros((0, 1)))
    for algorithm in ("greedy", "local-search", "first-come"):
        assert allocate(empty, algorithm).surviving_value == 0.0
        assert allocate(alone, algorithm).surviving_value == 5.0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"value": [1.0], "kill_probability": [[0.5, 0.5]]}, "one value per column"),
        ({"value": [1.0], "kill_probability": [[1.5]]}, r"kill_probability\[0, 0\] is 1.5"),
        ({"value": [1.0], "kill_probability": [[float("nan")]]}, "is nan"),
        ({"value": [-1.0], "kill_probability": [[0.5]]}, r"value\[0\] is -1"),
        ({"value": [1.0], "kill_probability": [[0.5]], "shots_available": [1, 2]}, "shots_available has shape"),
        ({"value": [1.0], "kill_probability": [[0.5]], "time_to_intercept_s": [[1.0, 2.0]]}, "time_to_intercept_s has shape"),
    ],
)
def test_a_wrong_problem_is_refused(given, says):
    with pytest.raises(AllocationError, match=says):
        problem(**given)


def test_a_wrong_request_is_refused():
    instance = problem([1.0], [[0.5]])
    with pytest.raises(AllocationError, match="choose one of nearest, first-come"):
        allocate(instance, "best")
    with pytest.raises(AllocationError, match="no time_to_intercept_s"):
        allocate(instance, "nearest")
    with pytest.raises(AllocationError, match="give 1 finite numbers"):
        lower_bound(instance, [-1.0])
