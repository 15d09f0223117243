"""The compiled kernels: same bits as interpreted, same answers as slow twins, no trace of spare room."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from openiads.kernel import plain
from openiads.model.allocation import kernels, objective, place, prices, search
from openiads.model.allocation import workspace as memory
from openiads.model.allocation.algorithms import compiled

ALGORITHMS = (kernels.NEAREST, kernels.FIRST_COME, kernels.GREEDY, kernels.LOCAL_SEARCH)


def assign(function, algorithm, instance, exchanges=4, spare=0):
    weapons, targets = instance.kill_probability.shape
    units = int(instance.shots_available.sum())
    p = np.full((weapons + spare, targets + spare), 0.99)
    p[:weapons, :targets] = instance.kill_probability
    times = np.zeros_like(p)
    times[:weapons, :targets] = instance.time_to_intercept_s
    room = np.full(spare, 9)
    x = np.full(p.shape, -7)
    work = memory.workspace(weapons + spare, targets + spare, units)
    value = function(
        algorithm, weapons, targets, np.append(instance.exposed_value, room.astype(float)), p, times,
        np.append(instance.shots_available, room), np.append(instance.shots_limit, room), instance.minimum_gain, exchanges, x, work,
    )  # fmt: skip
    return value, x[:weapons, :targets], work


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("seed", range(4))
def test_whole_call_same_bits_compiled_and_interpreted(twins, algorithm, seed):
    instance = twins.drawn(seed, 7, 6)
    value, x, work = assign(kernels.assign_kernel, algorithm, instance)
    again, y, rest = assign(plain(kernels.assign_kernel), algorithm, instance)
    assert value == again
    assert (x == y).all()
    assert (work.reals == rest.reals).all()
    assert (work.ints == rest.ints).all()


@pytest.mark.parametrize("seed", range(3))
def test_parts_same_bits_compiled_and_interpreted(twins, seed):
    instance = twins.drawn(seed, 8, 6, shots_limit=3)
    _, _, work = assign(kernels.assign_kernel, kernels.LOCAL_SEARCH, instance, exchanges=1)
    p, value, limit = instance.kill_probability, instance.exposed_value, instance.shots_limit
    count = int(instance.shots_available.sum())
    calls = [
        (place.preferred_weapon, (kernels.GREEDY, 8, 2, p, p)),
        (place.place, (kernels.GREEDY, 8, 6, p, p, limit, 0.0)),
        (search.refresh, (1, count, float(value[1]), p)),
        (search.improve, (0, count, 6, value, p, limit, 0.0, 1e-12)),
        (search.exchange, (2, count, 6, p, limit, 0.0)),
        (search.search, (count, 6, value, p, limit, 0.0, 2)),
    ]
    for function, words in calls:
        ours = memory.Workspace(work.reals.copy(), work.ints.copy())
        theirs = memory.Workspace(work.reals.copy(), work.ints.copy())
        tail = (lambda w: (w.ints,)) if function is place.preferred_weapon else (lambda w: (w.reals, w.ints))
        assert function(*words, *tail(ours)) == plain(function)(*words, *tail(theirs))
        assert (ours.reals == theirs.reals).all()
        assert (ours.ints == theirs.ints).all()


def test_branch_same_bits_compiled_and_interpreted(twins):
    instance = twins.drawn(5, 7, 3, shots_limit=3)
    terms = prices._terms(instance, np.linspace(0.0, 9.0, 7))
    for listing, bar in ((False, np.inf), (True, float(instance.exposed_value[0]) * 1.2)):
        answers = []
        for function in (prices.branch, plain(prices.branch)):
            sets, cost, size = np.zeros((400, 3), np.int64), np.zeros(400), np.zeros(400, np.int64)
            number = function(
                bar, listing, float(instance.exposed_value[0]), terms.survival[0], terms.price, terms.ratio[0], terms.order[0],
                terms.tail[0], instance.shots_available, 3, sets, cost, size,
            )  # fmt: skip
            answers.append((number, sets.tolist(), cost.tolist(), size.tolist()))
        assert answers[0] == answers[1]


@pytest.mark.parametrize("minimum_gain", [0.0, 2.0])
@pytest.mark.parametrize("seed", range(6))
def test_match_is_the_linear_assignment(seed, minimum_gain):
    draw = np.random.default_rng(seed)
    size = int(draw.integers(1, 12))
    rows = int(draw.integers(1, size + 1))
    p, offer = draw.uniform(0.0, 1.0, (rows, size)), draw.uniform(0.0, 9.0, size)
    work = memory.workspace(rows, size, rows)
    work.ints[memory.BEST, :size] = memory.NONE
    work.ints[memory.BEST, :rows] = np.arange(rows)
    work.ints[memory.WEAPON, :rows] = np.arange(rows)
    work.reals[memory.OFFER, :size] = offer
    work.reals[memory.PRICE, : size + 1] = draw.uniform(-5.0, 0.0, size + 1)
    copies = memory.Workspace(work.reals.copy(), work.ints.copy())
    search.match(size, p, minimum_gain, work.reals, work.ints)
    plain(search.match)(size, p, minimum_gain, copies.reals, copies.ints)
    assert (work.ints == copies.ints).all()
    assert (work.reals == copies.reals).all()
    holders = work.ints[memory.HOLDER, 1 : size + 1]
    assert sorted(holders) == list(range(1, size + 1))
    net = np.maximum(p * offer - minimum_gain, 0.0)
    gained = sum(net[r - 1, c] for c, r in enumerate(holders) if r <= rows)
    assert gained == pytest.approx(net[linear_sum_assignment(net, maximize=True)].sum(), rel=1e-12)


def naive_greedy(instance):
    left, used = instance.shots_available.copy(), np.zeros(instance.value.size, int)
    remaining, x = instance.exposed_value.copy(), np.zeros(instance.kill_probability.shape, int)
    while True:
        gain = remaining * instance.kill_probability
        gain[left == 0] = 0.0
        gain[:, used >= instance.shots_limit] = 0.0
        i, j = divmod(int(gain.argmax()), gain.shape[1]) if gain.size else (0, 0)
        if not gain.size or gain[i, j] <= instance.minimum_gain:
            return x
        x[i, j] += 1
        left[i] -= 1
        used[j] += 1
        remaining[j] *= 1.0 - instance.kill_probability[i, j]


def naive_nearest(instance):
    left, used = instance.shots_available.copy(), np.zeros(instance.value.size, int)
    x = np.zeros(instance.kill_probability.shape, int)
    while True:
        open_pairs = [
            (used[j], instance.time_to_intercept_s[i, j], j, i)
            for i, j in zip(*np.nonzero(instance.kill_probability > 0))
            if left[i] > 0 and used[j] < instance.shots_limit[j]
        ]
        if not open_pairs:
            return x
        _, _, j, i = min(open_pairs)
        x[i, j] += 1
        left[i] -= 1
        used[j] += 1


@pytest.mark.parametrize("seed", range(12))
def test_rules_equal_their_slow_twins(twins, seed):
    instance = twins.drawn(seed, 6, 5)
    assert (compiled(instance, "greedy").x == naive_greedy(instance)).all()
    assert (compiled(instance, "nearest").x == naive_nearest(instance)).all()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("exchanges", [0, 3])
def test_local_search_ends_where_no_move_or_swap_helps(twins, seed, exchanges):
    instance = twins.drawn(seed, 6, 5, minimum_gain=0.5)
    x = compiled(instance, "local-search", exchanges).x
    best = objective(instance, x)
    shots = [tuple(pair) for pair in np.argwhere(x > 0)]
    for i, j in shots:
        for k, m in np.argwhere(instance.kill_probability >= 0):
            for change in ([(i, j, -1)], [(i, j, -1), (k, m, 1)], [(i, j, -1), (i, m, 1), (k, m, -1), (k, j, 1)], [(k, m, 1)]):
                y = x.copy()
                for row, column, step in change:
                    y[row, column] += step
                within = (y.sum(axis=1) <= instance.shots_available).all() and (y.sum(axis=0) <= instance.shots_limit).all()
                if within and (y >= 0).all():
                    assert objective(instance, y) >= best - 1e-9


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_spare_room_in_the_arrays_changes_nothing(twins, algorithm):
    instance = twins.drawn(3, 6, 5)
    value, x, _ = assign(kernels.assign_kernel, algorithm, instance)
    other, y, work = assign(kernels.assign_kernel, algorithm, instance, spare=3)
    assert value == other
    assert (x == y).all()
    assert (work.ints[memory.USED, :5] == x.sum(axis=0)).all()
    assert work.reals[memory.REMAINING, :5].sum() == pytest.approx(value, rel=1e-12)


def test_a_small_workspace_places_what_fits(twins):
    instance = twins.drawn(4, 6, 5, shots_limit=9)
    x = np.zeros((6, 5), np.int64)
    work = memory.workspace(6, 5, 1)
    kernels.assign_kernel(
        kernels.LOCAL_SEARCH, 6, 5, instance.exposed_value, instance.kill_probability, instance.kill_probability,
        instance.shots_available, instance.shots_limit, 0.0, 4, x, work,
    )  # fmt: skip
    assert x.sum() == work.ints.shape[1] < instance.shots_available.sum()


def test_automatic_effort_by_size(twins):
    instance = twins.drawn(9, 5, 4, shots_available=2)
    automatic = assign(kernels.assign_kernel, kernels.LOCAL_SEARCH, instance, exchanges=kernels.AUTOMATIC)
    full = assign(kernels.assign_kernel, kernels.LOCAL_SEARCH, instance, exchanges=128)
    assert automatic[0] == full[0]


def test_same_answer_every_time(twins):
    instance = twins.drawn(9, 12, 10)
    answers = {compiled(instance, "local-search").x.tobytes() for _ in range(3)}
    assert len(answers) == 1
