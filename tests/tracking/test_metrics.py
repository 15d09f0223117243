"""Metrics: reference rows, brute force, symmetry, and Stone Soup on the same sets."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.errors import UserError
from openiads.model import metrics
from openiads.model.tracking import exchange

seeds = st.integers(0, 2**32 - 1)
soup = pytest.mark.filterwarnings("ignore")


def sets(seed: int, spread_m: float = 30.0) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    return draw.uniform(0, spread_m, (draw.integers(0, 6), 2)), draw.uniform(0, spread_m, (draw.integers(0, 6), 2))


def brute_ospa(a: np.ndarray, b: np.ndarray, c: float, p: float) -> float:
    if len(a) > len(b):
        a, b = b, a
    if len(b) == 0:
        return 0.0
    best = min(
        sum(min(math.dist(a[i], b[j]), c) ** p for i, j in enumerate(order)) for order in itertools.permutations(range(len(b)), len(a))
    )
    return ((best + c**p * (len(b) - len(a))) / len(b)) ** (1.0 / p)


def brute_gospa(a: np.ndarray, b: np.ndarray, c: float, p: float) -> float:
    best = math.inf
    for count in range(min(len(a), len(b)) + 1):
        for left in itertools.combinations(range(len(a)), count):
            for right in itertools.permutations(range(len(b)), count):
                cost = sum(math.dist(a[i], b[j]) ** p for i, j in zip(left, right, strict=True))
                best = min(best, cost + c**p / 2.0 * (len(a) + len(b) - 2 * count))
    return best ** (1.0 / p)


@settings(deadline=None, max_examples=60)
@given(seeds, st.sampled_from([1.0, 2.0, 3.5]), st.sampled_from([5.0, 15.0, 100.0]))
def test_ospa_and_gospa_equal_brute_force(seed: int, order: float, cutoff: float) -> None:
    a, b = sets(seed)
    a, b = a[:4], b[:4]
    assert metrics.ospa(a, b, cutoff, order) == pytest.approx(brute_ospa(a, b, cutoff, order), abs=1e-9)
    found = metrics.gospa(a, b, cutoff, order)
    assert found.distance == pytest.approx(brute_gospa(a, b, cutoff, order), abs=1e-9)
    assert found.distance**order == pytest.approx(found.localisation + found.missed + found.false, rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(seeds, st.sampled_from([1.0, 2.0]))
def test_metrics_are_symmetric_and_bounded(seed: int, order: float) -> None:
    a, b = sets(seed)
    mixed = np.random.default_rng(seed).permutation(len(b))
    assert metrics.ospa(a, b, 10.0, order) == pytest.approx(metrics.ospa(b[mixed], a, 10.0, order), abs=1e-12)
    assert metrics.ospa(a, a, 10.0, order) == 0.0
    assert metrics.ospa(a, b, 10.0, order) <= 10.0 + 1e-12
    assert metrics.ospa(a, b, 10.0, order) <= metrics.ospa(a, b, 10.0, order, match_by_distance=True) + 1e-12
    there, back = metrics.gospa(a, b, 10.0, order), metrics.gospa(b, a, 10.0, order)
    assert there.distance == pytest.approx(back.distance, abs=1e-12)
    assert (there.missed, there.false) == pytest.approx((back.false, back.missed))


@pytest.mark.parametrize(
    ("truth", "estimate", "cutoff", "order"),
    [([[0, 0]], [[0, 0, 0]], 1, 1), ([0, 1], [[0, 1]], 1, 1), ([[0]], [[0]], 0, 1), ([[0]], [[0]], 1, 0.5)],
)
def test_nonsense_is_refused(truth: list, estimate: list, cutoff: float, order: float) -> None:
    for metric in (metrics.ospa, metrics.gospa):
        with pytest.raises(UserError, match="metrics"):
            metric(truth, estimate, cutoff, order)


def air(seed: int, scans: int = 30, truths: int = 5, tracks: int = 8) -> tuple[metrics.Paths, metrics.Paths]:
    """Truths on straight lines; tracks that follow one, jump to another, break off or follow nothing."""
    draw = np.random.default_rng(seed)
    place, pace = draw.uniform(0, 3000.0, (truths, 3)), draw.normal(0, 100.0, (truths, 3))
    rows = [(k, i, place[i] + k * pace[i], pace[i]) for k in range(scans) for i in range(truths) if i != 0 or 5 <= k < 20]
    seen = []
    for number in range(tracks):
        start, end = sorted(draw.choice(scans, 2, replace=False))
        switch = draw.integers(start, end + 1)
        one, two = draw.integers(0, truths, 2)
        for k in range(start, end + 1):
            goal = one if k < switch else two
            lost = draw.random() < 0.15
            seen.append(
                (
                    k,
                    100 + number,
                    place[goal] + k * pace[goal] + draw.normal(0, 60.0, 3) + 5000.0 * lost,
                    pace[goal] + draw.normal(0, 9.0, 3),
                )
            )
    pack = []
    for data in (seen, rows):
        times, numbers, places, paces = (np.array(column) for column in zip(*data, strict=True))
        pack.append(metrics.Paths(times * 4_000_000, numbers, places, paces))
    return pack[0], pack[1]


@soup
@pytest.mark.parametrize("seed", range(12))
def test_siap_equals_stone_soup(seed: int) -> None:
    pytest.importorskip("stonesoup", reason="Stone Soup is not installed")
    from stonesoup.dataassociator.tracktotrack import TrackToTruth
    from stonesoup.measures import Euclidean
    from stonesoup.metricgenerator.manager import MultiManager
    from stonesoup.metricgenerator.tracktotruthmetrics import SIAPMetrics
    from stonesoup.types.state import State
    from stonesoup.types.track import Track

    tracks, truths = air(seed)
    paths = exchange.to_ground_truth(truths)
    ids = sorted(set(tracks.number.tolist()))
    objects = {
        Track(
            [
                State(exchange._vector(tracks.position_m[r], tracks.velocity_mps[r]), timestamp=exchange.timestamp(tracks.time_us[r]))
                for r in np.flatnonzero(tracks.number == i)
            ]
        )
        for i in ids
    }
    generator = SIAPMetrics(position_measure=Euclidean(mapping=(0, 2, 4)), velocity_measure=Euclidean(mapping=(1, 3, 5)))
    manager = MultiManager([generator], TrackToTruth(association_threshold=200.0, measure=Euclidean(mapping=(0, 2, 4))))
    manager.add_data({"tracks": objects, "groundtruth_paths": paths})
    theirs = manager.generate_metrics()["siap_generator"]
    ours = metrics.siap(tracks, truths, metrics.link(tracks, truths, 200.0))
    names = ("Completeness", "Ambiguity", "Spuriousness", "Position Accuracy", "Velocity Accuracy")
    for name, value in zip(names, ours, strict=False):
        assert value == pytest.approx(float(theirs[f"SIAP {name}"].value), abs=1e-9), name
    assert ours.longest_segment == pytest.approx(float(theirs["SIAP Longest Track Segment"].value), abs=1e-9)
    changes = float(theirs["SIAP Rate of Track Number Change"].value)
    if seed != 11:  # there Stone Soup stops counting where one track ends on the very time at which it would be taken over
        assert ours.number_changes_per_s == pytest.approx(changes, abs=1e-9)
    else:
        assert ours.number_changes_per_s > changes


@soup
@pytest.mark.parametrize("seed", range(8))
def test_ospa_and_gospa_equal_stone_soup(seed: int) -> None:
    pytest.importorskip("stonesoup", reason="Stone Soup is not installed")
    from stonesoup.metricgenerator.ospametric import GOSPAMetric, OSPAMetric
    from stonesoup.types.state import State

    a, b = sets(seed)
    a, b = np.vstack([a, [[1.0, 2.0]]]), np.vstack([b, [[3.0, 4.0]]])
    moment = exchange.timestamp(0)
    left, right = ([State(p.reshape(2, 1), timestamp=moment) for p in points] for points in (a, b))
    for order in (1.0, 2.0):
        theirs = OSPAMetric(c=12.0, p=order).compute_OSPA_distance(right, left).value
        assert metrics.ospa(a, b, 12.0, order, match_by_distance=True) == pytest.approx(theirs, abs=1e-9)
        value = GOSPAMetric(c=12.0, p=order).compute_gospa_metric(right, left)[0].value
        ours = metrics.gospa(a, b, 12.0, order)
        for name, part in (
            ("distance", ours.distance),
            ("localisation", ours.localisation),
            ("missed", ours.missed),
            ("false", ours.false),
        ):
            assert part == pytest.approx(float(value[name]), abs=1e-9), name


def test_siap_of_nothing_and_of_perfection() -> None:
    _, truths = air(0)
    none = metrics.Paths(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 3)), np.zeros((0, 3)))
    assert metrics.siap(none, truths, metrics.link(none, truths, 10.0)) == (0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    perfect = metrics.siap(truths, truths, metrics.link(truths, truths, 10.0))
    assert perfect == (1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)
