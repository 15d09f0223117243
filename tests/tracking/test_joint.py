"""Joint association against the sum over all assignments, written out."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import firm, scan, tracker

from openiads.kernel import plain
from openiads.model.tracking import joint
from openiads.model.tracking import table as t

seeds = st.integers(0, 2**32 - 1)


def enumerated(odds: np.ndarray, empty: float) -> np.ndarray:
    """Probability of each pair (tracks, plots): every assignment of tracks to different plots or none, weighed and summed."""
    tracks, plots = odds.shape
    total, share = 0.0, np.zeros(odds.shape)
    for choice in itertools.product(range(-1, plots), repeat=tracks):
        taken = [j for j in choice if j >= 0]
        if len(set(taken)) < len(taken):
            continue
        weight = math.prod(empty if j < 0 else odds[s, j] for s, j in enumerate(choice))
        total += weight
        for s, j in enumerate(choice):
            if j >= 0:
                share[s, j] += weight
    return share / total


def pairs_of(odds: np.ndarray) -> tuple[t.Scratch, t.Plots, list[tuple[int, int]]]:
    scratch, plots = t.new_scratch(20, 20), t.new_plots(20)
    where = [(s, j) for s in range(len(odds)) for j in range(odds.shape[1]) if odds[s, j] > 0.0]
    for s in range(len(odds) + 1):
        scratch.slots[s, t.PAIR_FIRST] = sum(a < s for a, _ in where)
    for p, (s, j) in enumerate(where):
        scratch.pair_plot[p], scratch.pair_cost[p] = j, odds[s, j]
    return scratch, plots, where


def random_odds(seed: int, tracks: int, plots: int, density: float) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return np.where(draw.random((tracks, plots)) < density, 10.0 ** draw.uniform(-3.0, 4.0, (tracks, plots)), 0.0)


@settings(deadline=None, max_examples=60)
@given(seeds, st.integers(1, 5), st.integers(1, 5), st.sampled_from([0.3, 0.6, 1.0]))
def test_probabilities_equal_the_sum_over_all_assignments(seed: int, tracks: int, plots: int, density: float) -> None:
    odds = random_odds(seed, tracks, plots, density)
    expected = enumerated(odds, 0.1)
    for form in (lambda k: k, plain):
        scratch, holder, where = pairs_of(odds)
        form(joint.share_out)(tracks, scratch.slots, holder.real, holder.whole, plots, scratch.pair_plot, scratch.pair_cost, 0.1)
        found = scratch.pair_cost[: len(where)]
        np.testing.assert_allclose(found, [expected[s, j] for s, j in where], rtol=1e-9, atol=1e-12)


def test_a_great_cluster_falls_back_to_the_closed_form() -> None:
    """With one track and one plot the closed form is exact; in a great cluster it stays between 0 and 1."""
    odds = np.full((12, joint.MOST_PLOTS + 2), 5.0)
    scratch, plots, where = pairs_of(odds)
    joint.share_out(12, scratch.slots, plots.real, plots.whole, odds.shape[1], scratch.pair_plot, scratch.pair_cost, 0.1)
    found = scratch.pair_cost[: len(where)].reshape(odds.shape)
    assert np.all(found > 0.0)
    assert np.all(found.sum(axis=1) <= 1.0)
    alone = np.array([[3.0]])
    scratch, plots, _ = pairs_of(alone)
    joint.cheap(1, scratch.slots, plots.real, scratch.pair_plot, scratch.pair_cost, 0.1)
    assert scratch.pair_cost[0] == pytest.approx(3.0 / 3.1)


@pytest.mark.parametrize("name", ["marginals", "cheap"])
def test_cluster_kernels_interpreted_equal_compiled(name: str) -> None:
    results = []
    for form in (lambda k: k, plain):
        scratch, plots, where = pairs_of(random_odds(4, 3, 4, 0.8))
        scratch.slots[:3, t.RIVAL], plots.whole[:4, t.WAITING] = range(3), range(4)
        pairs = scratch.pair_plot, scratch.pair_cost, 0.2
        if name == "marginals":
            form(joint.marginals)(3, 4, scratch.slots, plots.whole, *pairs)
        else:
            form(joint.cheap)(3, scratch.slots, plots.real, *pairs)
        results.append(scratch.pair_cost[: len(where)].tolist())
    assert results[0] == results[1]


def run(kernel, steps: int = 12) -> tuple:
    draw = np.random.default_rng(6)
    one = tracker(confirm=(2, 3), associator="joint", clutter_per_m3=1e-11, noise_calm=2.0, noise_turn=2.0)
    log = []
    for k in range(steps):
        places = np.array([(k * 800.0, -30.0 * (k - 6), 0.0), (k * 800.0, 30.0 * (k - 6), 0.0), (k * 800.0, 8000.0, 0.0)])
        seen = draw.random(3) < 0.9
        false = draw.uniform((0.0, -3000.0, -200.0), (9000.0, 9000.0, 200.0), (3, 3))
        log.append(
            scan(one, k * 4_000_000, np.concatenate([places[seen] + draw.normal(0, 40.0, (seen.sum(), 3)), false]), 40.0, kernel=kernel)
        )
    return log, one.table.facts.tolist(), one.table.estimate.tolist(), len(firm(one)), one


def test_joint_tracker_follows_and_equals_its_interpreted_form() -> None:
    found, other = run(joint.process_scan_jointly), run(plain(joint.process_scan_jointly))
    assert found[:4] == other[:4]
    one = found[4]
    assert found[3] >= 3
    errors = [min(np.hypot(*(one.table.estimate[row, :2] - goal)) for row in firm(one)) for goal in ((8800.0, 150.0), (8800.0, 8000.0))]
    assert max(errors) < 250.0


@pytest.mark.parametrize("name", ["odds", "claim", "blend", "associate_jointly"])
def test_parts_interpreted_equal_compiled(name: str) -> None:
    results = []
    for form in (lambda k: k, plain):
        one = run(joint.process_scan_jointly, 6)[4]
        part, e, facts, real, whole = form(getattr(joint, name)), one.table.estimate, one.table.facts, one.plots.real, one.plots.whole
        scratch, row = one.scratch, int(firm(one)[0])
        real[0, :3] = e[row, :3] + 300.0
        scratch.slots[:3, t.PAIR_FIRST] = 0, 1, 1
        scratch.pair_plot[0], scratch.pair_cost[0] = 0, 0.7
        arguments = {
            "odds": (e, row, 1.0, one.rules, real, 0),
            "claim": (real, whole, 0, 0.6, row),
            "blend": (e, facts, row, 0, 1, 0, one.rules, real, whole, scratch),
            "associate_jointly": (one.table, 0, 2, one.rules, real, whole, 1, scratch),
        }[name]
        answer = part(*arguments)
        results.append((answer, e.tolist(), facts.tolist(), real.tolist(), whole.tolist(), scratch.pair_cost[:3].tolist()))
    assert results[0] == results[1]
