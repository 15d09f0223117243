"""The solvers against enumeration, each other and a published instance."""

from pathlib import Path

import numpy as np
import pytest

from openiads.model.allocation import AllocationError, allocate, gaps, objective, optimum, problem, read_instance
from openiads.model.allocation.columns import columns
from openiads.model.allocation.exact import exact
from openiads.model.allocation.prices import priced, sets_within

PUBLISHED = Path(__file__).parents[2] / "../shared/data/wta/wta_50x100x1.txt"
published = pytest.mark.skipif(not PUBLISHED.is_file(), reason="wta_50x100x1.txt is not beside the repository")


@pytest.mark.parametrize("algorithm", ["exact", "columns"])
@pytest.mark.parametrize("scheme", [(0.0, 1.0, 1), (0.6, 0.9, 25)])
@pytest.mark.parametrize("size", [(2, 3), (4, 4), (6, 3), (7, 4)])
def test_generated_instances_equal_enumeration(twins, algorithm, scheme, size):
    low, high, least = scheme
    draw = np.random.default_rng(sum(size))
    instance = problem(draw.integers(least, 101, size[1]), draw.uniform(low, high, size))
    answer = allocate(instance, algorithm)
    best = twins.brute_force(instance) if size[0] < 7 else _by_target(instance)
    assert answer.surviving_value == pytest.approx(best, rel=1e-9)
    assert answer.lower_bound == pytest.approx(best, rel=1e-6)
    assert answer.lower_bound <= answer.surviving_value


def _by_target(instance):
    """Least surviving value by recursion over weapons, each with one shot."""

    def least(i, left):
        if i == len(instance.kill_probability):
            return sum(left)
        options = []
        for j, p in enumerate(instance.kill_probability[i]):
            options.append(least(i + 1, [*left[:j], left[j] * (1.0 - p), *left[j + 1 :]]))
        return min(options)

    return least(0, instance.value.tolist())


@pytest.mark.parametrize("seed", range(6))
def test_limits_holes_and_costs_equal_enumeration(twins, seed):
    instance = twins.drawn(seed, 3, 3, minimum_gain=[0.0, 3.0][seed % 2])
    best = twins.brute_force(instance)
    for algorithm in ("exact", "columns"):
        answer = allocate(instance, algorithm)
        twins.assert_feasible(instance, answer.x)
        assert objective(instance, answer.x) == pytest.approx(best, rel=1e-9)
        assert answer.lower_bound == pytest.approx(best, rel=1e-6, abs=1e-9)


def test_linear_is_exact_with_one_shot_a_target(twins):
    instance = twins.drawn(11, 4, 3, shots_limit=1)
    answer = allocate(instance, "linear")
    assert answer.lower_bound == pytest.approx(twins.brute_force(instance), rel=1e-12)
    assert allocate(instance._replace(shots_limit=np.full(3, 2)), "linear").lower_bound is None


def test_certain_kills():
    instance = problem([10.0, 5.0, 5.0], [[1.0, 0.5, 1.0], [1.0, 1.0, 0.3]])
    for algorithm in ("local-search", "exact", "columns"):
        answer = allocate(instance, algorithm)
        assert answer.surviving_value == pytest.approx(5.0, abs=1e-9), algorithm


@pytest.mark.parametrize("seed", range(5))
def test_cheapest_sets_equal_enumeration(twins, seed):
    instance = twins.drawn(seed, 4, 2, shots_limit=3)
    cost = np.random.default_rng(seed).exponential(6.0, 4)
    found = priced(instance, cost)
    slack = 8.0
    listed = sets_within(instance, cost, slack, 10_000)
    for j in range(2):
        one = problem(instance.value[j : j + 1], instance.kill_probability[:, j : j + 1], shots_available=instance.shots_available,
                      committed_survival=instance.committed_survival[j : j + 1], shots_limit=3)  # fmt: skip
        totals = [objective(one, x) + float(cost @ x[:, 0]) for x in twins.enumerate_answers(one)]
        assert found.cost[j] == pytest.approx(min(totals), rel=1e-12)
        assert sum(target == j for target, _ in listed) == sum(total < min(totals) + slack for total in totals)
    assert sets_within(instance, cost, 1e3, 2) is None


def test_the_relaxation_gap_is_closed_by_listing(twins):
    draw = np.random.default_rng(3)
    instance = problem(draw.integers(25, 101, 12), draw.uniform(0.3, 0.9, (18, 12)))
    answer = columns(instance, allocate(instance, "greedy").x).allocation
    assert answer.lower_bound == pytest.approx(answer.surviving_value, rel=2e-6)


def test_time_limit_leaves_an_honest_bound(twins):
    draw = np.random.default_rng(4)
    instance = problem(draw.integers(25, 101, 30), draw.uniform(0.6, 0.9, (60, 30)))
    start = allocate(instance, "local-search")
    hurried = exact(instance, start=start.x, time_limit_s=0.3)
    assert 0.0 <= hurried.lower_bound <= optimum(instance).surviving_value <= hurried.surviving_value <= start.surviving_value + 1e-9


def test_gaps_state_every_heuristic(twins):
    problems = [twins.drawn(seed, 6, 5, shots_limit=3) for seed in range(4)]
    nothing = problem([3.0], [[0.0]])
    flown = [allocate(p, "first-come").x for p in problems]
    rows = {row.algorithm: row for row in gaps([*problems, nothing], flown=[*flown, np.zeros((1, 1), int)])}
    assert list(rows) == ["nearest", "first-come", "greedy", "local-search", "as flown"]
    assert all(row.problems == 4 for row in rows.values())
    assert rows["as flown"][1:] == rows["first-come"][1:]
    assert 0.0 <= rows["local-search"].total <= rows["greedy"].total <= rows["nearest"].total
    assert rows["local-search"].mean <= rows["local-search"].worst
    assert gaps([nothing])[0].problems == 0


def test_reader(tmp_path):
    path = tmp_path / "small.txt"
    path.write_text("2 1 3\n40\n0 0 0.5\n1 0 0.25\n")
    instance = read_instance(path)
    assert instance.kill_probability.tolist() == [[0.5], [0.25]]
    assert instance.shots_available.tolist() == [3, 3]
    assert instance.value.tolist() == [40.0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not an instance"),
        ("two 1 1", "not an instance"),
        ("2 1 1\n40\n0 0 0.5\n", "must hold 10 for 2 weapons"),
        ("2 1 1\n40\n0 0 0.5\n0 0 0.25\n", "missing or given twice"),
        ("1 1 1\n40\n0 0 1.5\n", "kill_probability"),
    ],
)
def test_reader_refuses(tmp_path, text, says):
    path = tmp_path / "wrong.txt"
    path.write_text(text)
    with pytest.raises(AllocationError, match=says):
        read_instance(path)


def test_reader_names_a_missing_file(tmp_path):
    with pytest.raises(AllocationError, match=r"absent\.txt"):
        read_instance(tmp_path / "absent.txt")


@published
def test_published_instance_is_proven_by_columns():
    instance = read_instance(PUBLISHED)
    answer = allocate(instance, "columns")
    assert answer.surviving_value == pytest.approx(1734.302278, rel=1e-6)
    assert answer.lower_bound >= answer.surviving_value * (1.0 - 1e-6)
    names = ("greedy", "local-search", "linear")
    percent = {name: 100.0 * (allocate(instance, name).surviving_value / 1734.302278 - 1.0) for name in names}
    assert percent["local-search"] <= percent["greedy"] <= 5.0
    assert percent["linear"] == pytest.approx(0.0, abs=1e-4)


@published
def test_published_value_with_three_shots():
    answer = allocate(read_instance(PUBLISHED)._replace(shots_available=np.full(50, 3)), "columns")
    assert answer.surviving_value == pytest.approx(20.590016, rel=1e-6)
    assert answer.lower_bound >= 20.587974


@published
@pytest.mark.slow
def test_published_instance_is_proven_by_tangent_cuts():
    answer = exact(read_instance(PUBLISHED))
    assert answer.surviving_value == pytest.approx(1734.302278, rel=1e-6)
    assert answer.lower_bound >= answer.surviving_value * (1.0 - 1e-6)
