"""The parts of coverage against slow and simple twins."""

import itertools
import math

import numpy as np
import pytest

from openiads.coverage.confirm import PHASES, track_probability
from openiads.coverage.files import multipolygon
from openiads.coverage.knowledge import uniforms
from openiads.coverage.outlines import bearing_outline, grid_outlines
from openiads.coverage.plane import Plane, cap_m2
from openiads.coverage.radial import reach
from openiads.model.tracking.confirmation import confirmation_probability


def test_a_steady_target_is_confirmed_as_the_published_chain_says():
    range_m = np.arange(1, 401) * 100.0
    pd = np.where(range_m <= 20_000.0, 0.6, 0.0)[None, :]
    found = track_probability(range_m, pd, 1_000.0, 3, 5, 1_000)[0]
    scans = confirmation_probability(3, 5, 0.6, 20)
    assert found[0] == pytest.approx(scans[-1], abs=1e-9)
    # At a range r, the last look fell within one stride; before it as many looks as fit up to 20 km.
    for r in (5_000.0, 12_300.0):
        looks = [int((20_000.0 - (math.ceil(r / 250.0) + p) * 250.0) // 1_000.0) + 1 for p in range(PHASES)]
        assert found[round(r / 100.0) - 1] == pytest.approx(np.mean([scans[n - 1] for n in looks]), abs=1e-9)


def test_the_chain_with_deletion_against_every_history():
    pd = [0.9, 0.4, 0.7, 0.2, 0.5, 0.6]
    expected = 0.0
    for history in itertools.product((0, 1), repeat=len(pd)):
        chance = math.prod(p if hit else 1.0 - p for p, hit in zip(pd, history, strict=True))
        expected += chance * _stands(history, 2, 3, 2)
    range_m = np.arange(1, 8) * 100.0
    looks = np.append(pd[::-1], 0.0)[None, :]
    found = track_probability(range_m, np.repeat(looks, 1, axis=0), 100.0 * PHASES, 2, 3, 2)
    assert found.shape == (1, 7)
    state = _by_hand(pd, 2, 3, 2)
    assert state == pytest.approx(expected, abs=1e-12)


def _stands(history, m, n, drop):
    window, misses, firm = [], 0, False
    for hit in history:
        if firm:
            misses = 0 if hit else misses + 1
            if misses >= drop:
                firm, window = False, []
            continue
        window = [*window, hit][-n:]
        if hit and sum(window) >= m:
            firm, misses = True, 0
    return firm


def _by_hand(pd, m, n, drop):
    from openiads.coverage.confirm import chain

    hit, miss = chain(m, n, drop)
    state = np.zeros(hit.shape[0])
    state[0] = 1.0
    for p in pd:
        state = p * (hit @ state) + (1.0 - p) * (miss @ state)
    return state[1 << (n - 1) :].sum()


def test_reach_is_the_first_loss_going_outward():
    range_m = np.arange(1, 101) * 200.0
    score = np.zeros((3, 100))
    score[0, 5:40] = 1.0
    score[0, 60:70] = 1.0
    score[1, 0:30] = score[1, 32:50] = 1.0  # a gap of 400 m is below the resolution
    found, ends = reach(range_m, score, 0.5)
    assert found[0] == pytest.approx(range_m[39] + 100.0)
    assert found[1] == pytest.approx(range_m[49] + 100.0)
    assert found[2] == 0.0
    assert list(ends) == [40, 50, 0]


def test_uniforms_fill_each_axis():
    u = uniforms(128, 5)
    assert u.shape == (128, 5)
    for column in u.T:
        assert np.all(np.histogram(column, 8, (0.0, 1.0))[0] >= 10)


@pytest.mark.parametrize(("lat", "lon"), [(53.9, 27.5), (70.0, 179.8)])
def test_a_disc_laid_on_the_grid_keeps_its_area_and_crosses_the_date_line(lat, lon):
    centre = (math.radians(lat), math.radians(lon))
    place = (math.radians(lat + 0.2), math.radians(lon + 0.3))
    plane = Plane(centre, 150e3)
    joined = np.zeros(plane.area_m2.shape, bool)
    range_m = np.arange(1, 501) * 200.0
    plane.lay(joined, place, range_m, np.ones((1, 500), bool), np.ones(360, bool))
    assert plane.area_m2[joined].sum() == pytest.approx(float(cap_m2(place[0], 100e3)), rel=3e-3)
    shape = multipolygon(grid_outlines(plane, joined), lon)
    points = [point for part in shape for ring in part for point in ring]
    assert all(-180.0 <= x <= 180.0 for x, _ in points)
    assert len(shape) == (2 if lon > 179.0 else 1)


def test_a_sector_is_a_wedge():
    reach_m = np.where(np.arange(360) < 90, 50e3, 0.0)
    shape = multipolygon([bearing_outline((math.radians(53.9), math.radians(27.5)), reach_m)], 27.5)
    assert len(shape) == 1
    assert len(shape[0]) == 1


def test_a_grid_too_large_is_coarsened_within_bounds():
    plane = Plane((0.9, 0.5), 3_000e3)
    assert plane.area_m2.size <= 4_000_000
    assert plane.step_m > 1_000.0
