"""Crossing strobes: exact without errors, covariance met with errors, ghosts counted."""

import math

import numpy as np
import pytest
from scenes import site

from openiads.kernel import plain
from openiads.model import strobes
from openiads.model.tracking import sight

A = site()
B = sight.coverage(math.radians(54.5), math.radians(28.4), 150.0, max_range_m=400e3)


def angles(place: np.ndarray, row: np.ndarray) -> tuple[float, float]:
    gap = place - row[:3]
    east, north, up = gap @ row[3:6], gap @ row[6:9], gap @ row[9:12]
    return math.atan2(east, north), math.atan2(up, math.hypot(east, north))


def spot(east: float, north: float, up: float) -> np.ndarray:
    return A[:3] + east * A[3:6] + north * A[6:9] + up * A[9:12]


@pytest.mark.parametrize("place", [(120e3, 20e3, 8e3), (-90e3, 60e3, 11e3), (20e3, -150e3, 3e3)])
def test_perfect_strobes_meet_in_the_jammer(place: tuple[float, float, float]) -> None:
    truth, plot, other = spot(*place), np.zeros((1, 16)), np.zeros((1, 16))
    given = (A, *angles(truth, A), 1e-3, B, *angles(truth, B), 2e-3)
    miss = strobes.cross(*given, plot, 0)
    assert miss < 1e-9
    assert math.dist(plot[0, :3], truth) < 0.01
    assert plain(strobes.cross)(*given, other, 0) == miss
    np.testing.assert_array_equal(plot, other)


def test_covariance_is_met() -> None:
    draw, truth, sd = np.random.default_rng(1), spot(120e3, 20e3, 8e3), 1.5e-3
    a, b, plot = angles(truth, A), angles(truth, B), np.zeros((1, 16))
    errors, misses = [], []
    for noise in draw.normal(0.0, sd, (3000, 4)):
        stretch = 1.0 / math.cos(a[1]), 1.0 / math.cos(b[1])
        misses.append(
            strobes.cross(
                A, a[0] + noise[0] * stretch[0], a[1] + noise[1], sd, B, b[0] + noise[2] * stretch[1], b[1] + noise[3], sd, plot, 0
            )
        )
        errors.append(plot[0, :3] - truth)
    strobes.cross(A, *a, sd, B, *b, sd, plot, 0)
    spread = np.zeros((3, 3))
    spread[np.triu_indices(3)] = plot[0, 3:9]
    spread += np.triu(spread, 1).T
    mean = np.mean([e @ np.linalg.solve(spread, e) for e in errors])
    assert mean == pytest.approx(3.0, rel=0.1)
    assert np.mean(misses) == pytest.approx(1.0, rel=0.1)


def test_parallel_strobes_and_strobes_that_meet_behind_do_not_cross() -> None:
    plot = np.zeros((1, 16))
    bearing, elevation = angles(B[:3] + 50e3 * B[9:12] * 0.0 + (B[:3] - A[:3]) * 3.0, A)
    far = A[:3] + (B[:3] - A[:3]) * 3.0
    assert strobes.cross(A, bearing, elevation, 1e-3, B, *angles(far, B), 1e-3, plot, 0) == math.inf
    truth = spot(120e3, 20e3, 8e3)
    east, up = angles(truth, A)
    assert strobes.cross(A, east + math.pi, up, 1e-3, B, *angles(truth, B), 1e-3, plot, 0) == math.inf


def test_two_jammers_make_ghosts() -> None:
    """Far away and at like height, two jammers seen by two sensors give four crossings, two of them ghosts."""
    jammers = [spot(110e3, 60e3, 9e3), spot(130e3, 20e3, 9e3)]
    sets = [np.array([[*angles(j, row), 0.02] for j in jammers]) for row in (A, B)]
    plot, pairs = np.zeros((6, 16)), np.zeros((6, 2), np.int64)
    count = strobes.crossings(A, sets[0], B, sets[1], 9.0, plot, pairs)
    assert count == 4
    near = [min(math.dist(plot[k, :3], j) for j in jammers) < 1.0 for k in range(count)]
    assert near == [True, False, False, True]
    again, others = np.zeros((6, 16)), np.zeros((6, 2), np.int64)
    assert plain(strobes.crossings)(A, sets[0], B, sets[1], 9.0, again, others) == count
    np.testing.assert_array_equal(plot, again)
    assert strobes.crossings(A, sets[0], B, sets[1], 9.0, plot[:2], pairs[:2]) == 2
