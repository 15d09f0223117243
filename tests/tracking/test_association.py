"""Gates and assignment against brute force and scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import fill, packed, random_covariance, scan, site, tracker
from scipy.optimize import linear_sum_assignment

from openiads.kernel import plain
from openiads.model.tracking import association, filters
from openiads.model.tracking import table as t

seeds = st.integers(0, 2**32 - 1)


def sky(seed: int, tracks: int, plots: int, spread_m: float, sight: np.ndarray | None = None, **words):
    """Tracks of all ages and plots at all times of a scan, thrown into a box."""
    draw = np.random.default_rng(seed)
    one = tracker(rows=tracks + 1, capacity=max(plots, 1), sight=sight, gate=12.0, **words)
    centre = one.coverage[:3]
    table = one.table
    table.pictures[0, t.LIVE] = tracks
    for i in range(tracks):
        scale = np.array([1, 1, 1, 0.1, 0.1, 0.1]) * draw.uniform(20.0, 400.0)
        mean = np.concatenate([centre + draw.uniform(-spread_m, spread_m, 3), draw.normal(size=3) * 200.0])
        table.estimate[i, :27] = packed(mean, random_covariance(draw, scale))
        filters.lay_course(table.estimate, i, one.rules)
        table.facts[i, t.STATUS], table.facts[i, t.TIME_US] = draw.integers(1, 3), draw.integers(-20_000_000, 1_000_000)
    fill(one.plots, draw.integers(0, 10_000_000, plots), centre + draw.uniform(-spread_m, spread_m, (plots, 3)), 1.0)
    for j in range(plots):
        one.plots.real[j, 3:9] = random_covariance(draw, draw.uniform(20.0, 300.0, 3))[np.triu_indices(3)]
    one.plots.whole[:, t.ROW] = -1
    return one


def brute_pairs(one, stage: int, plots: int) -> dict[tuple[int, int], float]:
    """Squared distance of every track of a status to every plot, where inside the gate."""
    e, found = one.table.estimate, {}
    noise = max(one.rules[t.NOISE_CALM], one.rules[t.NOISE_TURN])
    for i in range(one.table.pictures[0, t.LIVE]):
        if one.table.facts[i, t.STATUS] == stage:
            pull = filters.acceleration(e, i, filters.free_fall(e, i, one.rules), one.rules)
            for j in range(plots):
                dt = (one.plots.whole[j, t.PLOT_TIME_US] - one.table.facts[i, t.TIME_US]) * 1e-6
                row = np.zeros((1, 27))
                filters.advance(e, i, dt, noise, *pull, row, 0)
                d2, _ = filters.absorb(row, 0, one.plots.real, j)
                if d2 <= one.rules[t.GATE]:
                    found[i, j] = d2
    return found


@settings(deadline=None, max_examples=25)
@given(seeds, st.integers(1, 12), st.integers(1, 25), st.sampled_from([300.0, 3000.0, 30_000.0]), st.booleans())
def test_the_cell_index_misses_no_candidate(seed: int, tracks: int, plots: int, spread_m: float, earth: bool) -> None:
    one = sky(seed, tracks, plots, spread_m, site() if earth else None, earth=earth, noise_turn=300.0)
    grid = association.lay_out(one.coverage, one.plots.real, one.plots.whole, plots, one.scratch.cells)
    assert sorted(one.plots.whole[:plots, t.SORTED]) == list(range(plots))
    for stage in (t.FIRM, t.TENTATIVE):
        count = association.gate(one.table, 0, stage, one.rules, one.coverage, one.plots.real, one.plots.whole, one.scratch, grid)
        starts = one.scratch.slots[: tracks + 1, t.PAIR_FIRST]
        found = {
            (s, int(one.scratch.pair_plot[p])): one.scratch.pair_cost[p] + one.rules[t.GATE]
            for s in range(tracks)
            for p in range(starts[s], starts[s + 1])
        }
        expected = brute_pairs(one, stage, plots)
        assert count == len(expected)
        assert found.keys() == expected.keys()
        for pair, d2 in expected.items():
            assert found[pair] == pytest.approx(d2, rel=1e-6, abs=1e-6)


def load_costs(cost: np.ndarray, scratch: t.Scratch, plots: t.Plots) -> None:
    """Write a cost matrix (tracks, plots), where finite, as candidate pairs."""
    pairs = 0
    for s, row in enumerate(cost):
        scratch.slots[s, t.PAIR_FIRST] = pairs
        scratch.slots[s, t.SLOT_PLOT] = -1
        for j, value in enumerate(row):
            if np.isfinite(value):
                scratch.pair_plot[pairs], scratch.pair_cost[pairs] = j, value
                pairs += 1
    scratch.slots[len(cost), t.PAIR_FIRST] = pairs
    plots.whole[:, t.SLOT] = -1
    plots.whole[:, t.MARK] = 0
    plots.real[:, t.PRICE] = 0.0


def solved(cost: np.ndarray, form=lambda k: k) -> tuple[float, np.ndarray]:
    scratch, plots = t.new_scratch(40, 40), t.new_plots(40)
    load_costs(cost, scratch, plots)
    form(association.assign)(len(cost), scratch.slots, scratch.pair_plot, scratch.pair_cost, plots.real, plots.whole)
    chosen = scratch.slots[: len(cost), t.SLOT_PLOT].copy()
    taken = chosen[chosen >= 0]
    assert len(set(taken)) == len(taken)
    for s, j in enumerate(chosen):
        assert j < 0 or plots.whole[j, t.SLOT] == s
    assert not plots.whole[:, t.MARK].any()
    return float(sum(cost[s, j] for s, j in enumerate(chosen) if j >= 0)), chosen


@settings(deadline=None, max_examples=150)
@given(seeds, st.integers(1, 14), st.integers(1, 14), st.sampled_from([0.15, 0.4, 1.0]), st.booleans())
def test_assignment_is_the_optimum(seed: int, tracks: int, plots: int, density: float, ties: bool) -> None:
    draw = np.random.default_rng(seed)
    cost = -draw.integers(1, 4, (tracks, plots)).astype(float) if ties else -draw.uniform(0.0, 16.0, (tracks, plots))
    cost[draw.random(cost.shape) > density] = np.inf
    padded = np.hstack([np.where(np.isfinite(cost), cost, 1e6), np.zeros((tracks, tracks))])
    rows, columns = linear_sum_assignment(padded)
    total, chosen = solved(cost)
    assert total == pytest.approx(padded[rows, columns].sum(), abs=1e-9)
    again, same = solved(cost, plain)
    assert again == total
    np.testing.assert_array_equal(chosen, same)


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_compiled_gates_equal_interpreted(seed: int) -> None:
    results = []
    for form in (lambda k: k, plain):
        one = sky(seed, 8, 15, 3000.0, site(), earth=True)
        arrays = one.plots.real, one.plots.whole
        grid = form(association.lay_out)(one.coverage, *arrays, 15, one.scratch.cells)
        count = form(association.gate)(one.table, 0, t.FIRM, one.rules, one.coverage, *arrays, one.scratch, grid)
        results.append((grid, count, one.scratch.pair_plot[:count].tolist(), one.scratch.pair_cost[:count].tolist(), arrays[1].tolist()))
    assert results[0] == results[1]


def test_displacement_interpreted_equals_compiled() -> None:
    cost = np.array([[-5.0, -4.0, np.inf], [-6.0, np.inf, np.inf], [-5.5, -3.0, -1.0]])
    results = []
    for form in (lambda k: k, plain):
        scratch, plots = t.new_scratch(10, 10), t.new_plots(10)
        load_costs(cost, scratch, plots)
        scratch.slots[0, t.SLOT_PLOT], plots.whole[0, t.SLOT], plots.whole[0, t.PAIR] = 0, 0, 0
        for s in (1, 2):
            form(association.displace)(s, scratch.slots, scratch.pair_plot, scratch.pair_cost, plots.real, plots.whole)
        results.append(scratch.slots[:3, t.SLOT_PLOT].tolist())
    assert results == [[1, 0, 2]] * 2


def final_state(order: np.ndarray, steps: list[np.ndarray]) -> tuple[list, list]:
    one = tracker(confirm=(2, 3))
    for k, places in enumerate(steps):
        chosen = order[k][order[k] < len(places)]
        scan(one, k * 4_000_000, places[chosen])
    rows = one.table.order[: one.table.pictures[0, t.LIVE]]
    kept = one.table.estimate[rows][:, :27]
    return sorted(map(tuple, kept.tolist())), sorted(one.table.facts[rows][:, [t.STATUS, t.HITS, t.MISSED_US, t.WINDOW]].tolist())


@settings(deadline=None, max_examples=15)
@given(seeds)
def test_the_order_of_plots_does_not_matter(seed: int) -> None:
    draw = np.random.default_rng(seed)
    base = draw.uniform(-3000.0, 3000.0, (12, 3))
    steps = [(base + k * 400.0 + draw.normal(0, 50.0, base.shape))[draw.random(12) < 0.8] for k in range(6)]
    same = [np.arange(12)] * 6
    mixed = [draw.permutation(12) for _ in range(6)]
    assert final_state(same, steps) == final_state(mixed, steps)
