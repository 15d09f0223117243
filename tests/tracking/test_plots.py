"""Plots that are no target, and targets that give one plot: rates, places and what a slow comparison says."""

import itertools
import math

import numpy as np
import pytest

from openiads.model import clutter, resolution
from openiads.model.columns import RADARS, REGIONS, table
from openiads.model.state import CLOCK, RADAR_STATE
from openiads.model.tracking.sight import coverage
from openiads.model.tracking.table import PLOT_OBJECT, PLOT_TIME_US, new_plots

FRAME = coverage(0.2, 0.4, 10.0, max_range_m=200e3, k_factor=0.0)


def radar(**values):
    row = table(RADARS, 1)
    fixed = {
        "key": 7, "period_us": 10_000_000, "range_max_m": 200e3, "half_sector_rad": math.pi, "elevation_max_rad": 1.2, "emits": 1,
        "error_range_m": 50.0, "error_azimuth_rad": 1e-3, "error_elevation_rad": 1e-3,
    }  # fmt: skip
    for name, value in {**fixed, **values}.items():
        row[name][0] = value
    return row


def false_plots(radars, regions, scans):
    """Return the plots of some scans: east, north, up (n, 3) of the radar, and how many each scan had."""
    plots, clock, stand = new_plots(400), table(CLOCK, 1), table(RADAR_STATE, 1)
    found, counts = [], []
    for number in range(scans):
        n = clutter.add_false_plots(radars, regions, FRAME[None, :], clock, stand, plots, 0, number, number * 10_000_000, 0)
        assert (plots.whole[:n, PLOT_OBJECT] == -1).all()
        assert ((plots.whole[:n, PLOT_TIME_US] // 10_000_000) == number).all()
        found.append((plots.real[:n, :3] - FRAME[:3]) @ FRAME[3:12].reshape(3, 3).T)
        counts.append(n)
    return np.concatenate(found), np.array(counts)


def test_false_alarms_come_at_the_radars_rate_and_evenly_over_its_ground():
    """Mean and variance of a Poisson number, and half the plots in the inner half of the area: false alarm below 1e-4 each."""
    places, counts = false_plots(radar(false_alarms=6.0), table(REGIONS, 0), 800)
    assert abs(counts.mean() - 6.0) < 4.0 * math.sqrt(6.0 / 800)
    assert 0.8 < counts.var() / 6.0 < 1.2
    inner = (np.linalg.norm(places, axis=1) < 200e3 * math.sqrt(0.5)).mean()
    assert abs(inner - 0.5) < 4.0 * math.sqrt(0.25 / len(places))
    bearing = np.arctan2(places[:, 0], places[:, 1])
    assert abs((bearing > 0).mean() - 0.5) < 4.0 * math.sqrt(0.25 / len(places))


def test_a_sector_has_its_noise_inside_it():
    places, _ = false_plots(radar(false_alarms=5.0, half_sector_rad=0.5), table(REGIONS, 0), 50)
    assert (np.abs(np.arctan2(places[:, 0], places[:, 1])) <= 0.5 + 0.01).all()


def test_clutter_lies_in_its_region_and_only_radars_that_look_there_see_it():
    region = table(REGIONS, 1)
    centre = FRAME[:3] + np.array([30e3, 40e3, -200.0]) @ FRAME[3:12].reshape(3, 3)
    region["key"][0], region["radius_m"][0], region["height_max_m"][0], region["plots"][0] = 3, 5e3, 300.0, 4.0
    region["x_m"][0], region["y_m"][0], region["z_m"][0] = centre
    places, counts = false_plots(radar(), region, 400)
    assert abs(counts.mean() - 4.0) < 4.0 * math.sqrt(4.0 / 400)
    assert (np.hypot(places[:, 0] - 30e3, places[:, 1] - 40e3) < 5e3 + 200.0).all()
    passive, _ = false_plots(radar(emits=0), region, 50)
    assert len(passive) == 0


def at(range_m, bearing_rad):
    return FRAME[:3] + np.array([range_m * math.sin(bearing_rad), range_m * math.cos(bearing_rad), 500.0]) @ FRAME[3:12].reshape(3, 3)


def merged(polar, cell_m=150.0, beam_rad=0.02):
    plots = new_plots(64)
    for j, (range_m, bearing) in enumerate(polar):
        plots.real[j, :3] = at(range_m, bearing)
        plots.whole[j, PLOT_OBJECT] = j
    n = resolution.merge(radar(resolution_m=cell_m, resolution_azimuth_rad=beam_rad), FRAME, plots, 0, len(polar))
    return n, plots


def test_two_targets_of_one_cell_give_one_plot_in_their_middle():
    n, plots = merged([(50e3, 0.5), (50.05e3, 0.505)])
    assert n == 1
    assert plots.whole[0, PLOT_OBJECT] == 0
    assert np.allclose(plots.real[0, :3], 0.5 * (at(50e3, 0.5) + at(50.05e3, 0.505)), atol=1e-6)


@pytest.mark.parametrize("other", [(50.3e3, 0.5), (50e3, 0.53)])
def test_targets_apart_in_range_or_in_angle_stay_two(other):
    assert merged([(50e3, 0.5), other])[0] == 2


def test_the_number_left_is_that_of_a_slow_comparison_of_all_pairs():
    draw = np.random.default_rng(5)
    for _ in range(50):
        polar = [(40e3 + 400.0 * draw.random(), 0.3 + 0.1 * draw.random()) for _ in range(12)]
        places = sorted((np.linalg.norm(at(*one) - FRAME[:3]), tuple(at(*one))) for one in polar)
        alone = all(
            abs(a[0] - b[0]) > 150.0 or np.linalg.norm(np.subtract(a[1], b[1])) > 0.02 * 40.6e3 + 150.0
            for a, b in itertools.combinations(places, 2)
        )
        n, plots = merged(polar)
        assert (n == len(polar)) or not alone
        kept = [tuple(plots.real[j, :3]) for j in range(n)]
        assert len(kept) == len(set(kept))
    assert merged(polar, cell_m=0.0)[0] == len(polar)
