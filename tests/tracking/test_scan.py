"""Life of tracks: confirmation, misses, deletion, merging, coverage, time."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import fill, firm, live, scan, site, tracker

from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.kernel import plain
from openiads.model.tracking import confirmation, conversion
from openiads.model.tracking import scan as kernels
from openiads.model.tracking import table as t
from openiads.model.tracking.sight import PERIOD_S, RADAR, covers, flat_coverage

STEP_US = 4_000_000


@pytest.mark.parametrize(("m", "n", "p"), [(2, 3, 0.5), (3, 5, 0.5), (2, 2, 0.9)])
def test_confirmation_probabilities_are_exact(m: int, n: int, p: float) -> None:
    """Many targets far apart: the share firm after each scan is that of the Markov chain, within 4 standard errors."""
    draw, targets, scans = np.random.default_rng(m * 10 + n), 3000, 10
    one = tracker(rows=2 * targets, capacity=targets, confirm=(m, n), firm_misses=1000, speed_sd_mps=10.0)
    places = np.stack([np.arange(targets) % 60 * 1e4, np.arange(targets) // 60 * 1e4, np.full(targets, 5e3)], axis=1)
    expected = confirmation.confirmation_probability(m, n, p, scans)
    done: set[int] = set()
    for k in range(scans):
        seen = np.flatnonzero(draw.random(targets) < p)
        scan(one, k * STEP_US, places[seen], 5.0, objects=seen)
        done |= set(one.table.facts[firm(one), t.OBJECT].tolist())
        error = math.sqrt(max(expected[k] * (1 - expected[k]), 1e-12) / targets)
        assert abs(len(done) / targets - expected[k]) <= 4.0 * error + 1e-9


def test_one_track_lives_and_dies() -> None:
    one = tracker(confirm=(2, 3), firm_misses=3)
    assert scan(one, 0, [(1000.0, 0.0, 0.0)]) == []
    assert one.plots.whole[0, t.KIND] == t.STARTED
    row = int(live(one)[0])
    assert scan(one, STEP_US, [(1400.0, 0.0, 0.0)]) == [(row, t.CONFIRMED)]
    assert one.plots.whole[0, [t.ROW, t.KIND]].tolist() == [row, t.UPDATED]
    assert one.table.estimate[row, 3] == pytest.approx(100.0, abs=1.0)
    assert one.table.facts[row, [t.NUMBER, t.HITS, t.MISSED_US]].tolist() == [1, 2, 0]
    assert one.table.estimate[row, t.QUALITY_M] == pytest.approx(math.sqrt(3) * 50.0, rel=0.05)
    assert scan(one, 2 * STEP_US, []) == []
    assert scan(one, 3 * STEP_US, []) == []
    assert scan(one, 4 * STEP_US, []) == [(row, t.DROPPED)]
    assert one.table.facts[row, t.NUMBER] == 1
    assert len(live(one)) == 0
    scan(one, 5 * STEP_US, [(0.0, 0.0, 0.0)])
    assert one.table.facts[live(one)[0], t.NUMBER] == 2


def test_only_a_radar_that_has_seen_a_track_misses_it_and_a_quick_scan_weighs_less() -> None:
    """A slow radar of 12 s holds a track; one of 2 s that never saw it counts nothing, and once it has, a sixth of a miss each scan."""
    slow = tracker(confirm=(2, 3), firm_misses=2)
    slow.coverage[[RADAR, PERIOD_S]] = 0, 12.0
    quick = slow._replace(coverage=slow.coverage.copy())
    quick.coverage[[RADAR, PERIOD_S]] = 1, 2.0
    place = (1000.0, 0.0, 0.0)
    for k in range(3):
        scan(slow, 12_000_000 * k, place)
    row = int(live(slow)[0])
    for k in range(20):
        assert scan(quick, 24_000_000 + 2_000_000 * k, []) == []
    assert slow.table.facts[row, t.MISSED_US] == 0
    at_us = 24_000_000 + 40_000_000
    scan(quick, at_us, place)
    ended = [scan(quick, at_us + 2_000_000 * k, []) for k in range(1, 13)]
    assert ended == [[]] * 11 + [[(row, t.DROPPED)]]


def test_a_track_is_not_missed_where_nobody_looked() -> None:
    one = tracker(sight=site(max_range_m=100e3, facing_rad=0.0, sector_rad=math.radians(90.0)), earth=True, firm_misses=1, max_gap_s=100.0)
    for east, north, up, looked in ((0, 50e3, 5e3, True), (50e3, 0, 5e3, False), (0, 150e3, 9e3, False), (0, -50e3, 5e3, False)):
        c = one.coverage
        place = c[:3] + east * c[3:6] + north * c[6:9] + up * c[9:12]
        assert covers(c, *place) == looked
        scan(one, 0, place)
        row = live(one)[0]
        one.table.facts[row, t.STATUS] = t.FIRM
        events = scan(one, 1_000_000, [])
        assert events == ([(row, t.DROPPED)] if looked else [])
        kernels.clear(one.table)
    scan(one, 0, one.coverage[:3] + 150e3 * one.coverage[6:9] + 9e3 * one.coverage[9:12])
    assert scan(one, 101_000_000, [])[0][1] == t.DROPPED


def test_the_horizon_hides_low_flyers() -> None:
    row = site(antenna_amsl_m=10.0)
    bearing, level = 0.3, 60e3
    for height, seen in ((50.0, False), (120.0, False), (140.0, True)):
        up = height - 10.0 - level**2 / (2 * MEAN_RADIUS_M)
        place = row[:3] + level * (math.sin(bearing) * row[3:6] + math.cos(bearing) * row[6:9]) + up * row[9:12]
        assert covers(row, *place) == seen
        assert plain(covers)(row, *place) == seen
        assert covers(site(antenna_amsl_m=10.0, k_factor=0.0), *place)
    tall = site(elevation_min_rad=math.radians(5.0), elevation_max_rad=math.radians(60.0), min_range_m=2e3)
    for angle, away, seen in ((3.0, 10e3, False), (30.0, 10e3, True), (70.0, 10e3, False), (30.0, 1e3, False)):
        place = tall[:3] + away * (math.cos(math.radians(angle)) * tall[6:9] + math.sin(math.radians(angle)) * tall[9:12])
        assert covers(tall, *place) == seen


def test_twins_merge_into_the_elder() -> None:
    """Two firm tracks on one target: the one without plots is merged once it missed twice."""
    one = tracker(confirm=(1, 1), firm_misses=10)
    scan(one, 0, [(0.0, 0.0, 0.0), (60.0, 0.0, 0.0)])
    seen = []
    for k in range(1, 8):
        seen += scan(one, k * STEP_US, [(k * 400.0, 0.0, 0.0)])
    assert [kind for _, kind in seen] == [t.MERGED]
    assert len(live(one)) == 1


def test_two_in_formation_do_not_merge() -> None:
    one = tracker(confirm=(2, 3))
    for k in range(10):
        events = scan(one, k * STEP_US, [(k * 400.0, 0.0, 0.0), (k * 400.0, 900.0, 0.0)])
        assert all(kind == t.CONFIRMED for _, kind in events)
    assert len(firm(one)) == 2


def test_crossing_targets_keep_two_tracks() -> None:
    draw = np.random.default_rng(3)
    one = tracker(confirm=(2, 3), speed_sd_mps=300.0)
    kept = 0
    for k in range(41):
        s = (k - 20) * 4.0
        places = np.array([(250.0 * s, 60.0 * s, 0.0), (250.0 * s, -60.0 * s, 0.0)]) + draw.normal(0, 30.0, (2, 3))
        scan(one, k * STEP_US, places, 30.0)
        kept += len(firm(one)) == 2
    assert kept >= 38
    assert sorted(one.table.facts[firm(one), t.NUMBER]) == [1, 2]
    speeds = one.table.estimate[firm(one), 4]
    assert sorted(np.sign(speeds)) == [-1.0, 1.0]


def test_turns_raise_the_noise_of_a_single_filter() -> None:
    """A 4 g turn is followed with turn noise and lost without."""
    kept = []
    for turn_noise in (1.0, 1000.0):
        draw = np.random.default_rng(1)
        one = tracker(confirm=(2, 3), noise_calm=1.0, noise_turn=turn_noise, gate=16.27)
        place, course = np.array([0.0, 0.0, 5000.0]), 0.0
        numbers = set()
        for k in range(30):
            scan(one, k * 5_000_000, place + draw.normal(0, 40.0, 3), 40.0)
            numbers |= set(one.table.facts[firm(one), t.NUMBER])
            for _ in range(50):
                course += 0.1 * 0.16 * (10 < k < 18)
                place = place + 0.1 * 250.0 * np.array([math.cos(course), math.sin(course), 0.0])
        kept.append(len(numbers))
    assert kept[0] > 1
    assert kept[1] == 1


def test_late_plots_are_taken_back_in_time() -> None:
    one = tracker(confirm=(1, 1))
    scan(one, 0, [(0.0, 0.0, 0.0)])
    scan(one, 4_000_000, [(800.0, 0.0, 0.0)])
    row = live(one)[0]
    scan(one, 5_000_000, [(600.0, 0.0, 0.0)], times_us=3_000_000)
    assert one.plots.whole[0, [t.ROW, t.KIND]].tolist() == [row, t.UPDATED]
    assert one.table.facts[row, t.TIME_US] == 3_000_000
    assert one.table.estimate[row, 0] == pytest.approx(600.0, abs=20.0)


def test_a_full_picture_starts_no_track_and_overruns_nothing() -> None:
    one = tracker(rows=3, capacity=10)
    scan(one, 0, [(k * 1e5, 0.0, 0.0) for k in range(5)])
    assert one.plots.whole[:5, t.ROW].tolist() == [0, 1, 2, -1, -1]
    assert one.plots.whole[:5, t.KIND].tolist() == [t.STARTED] * 3 + [t.NONE] * 2


def test_pictures_keep_apart() -> None:
    table, plots, scratch, rules, sight = (
        t.new_table(2, 5),
        t.new_plots(4),
        t.new_scratch(5, 4),
        t.rules(earth=False),
        flat_coverage(),
    )
    for picture in (1, 0, 1):
        count = fill(plots, 0, [(0.0, 0.0, 0.0)])
        kernels.process_scan(table, picture, rules, sight, 0, plots, count, scratch)
    assert table.pictures[:, t.LIVE].tolist() == [1, 1]
    assert table.facts[[0, 5], t.HITS].tolist() == [1, 2]


def wander(form=lambda k: k, objects=None, filter_name: str = "single", rows: int = 60) -> tuple:
    """Twelve targets, clutter and missed looks for some scans; everything that the tracker remembers."""
    draw = np.random.default_rng(8)
    one = tracker(rows=rows, capacity=40, sight=site(), earth=True, filter=filter_name, confirm=(2, 4), noise_turn=300.0, firm_misses=2)
    c = one.coverage
    base, pace = draw.uniform(-40e3, 40e3, (12, 2)), draw.normal(0, 250.0, (12, 2))
    log = []
    for k in range(8):
        seen = draw.random(12) < 0.75
        flat = np.concatenate([base[seen] + k * 5.0 * pace[seen], draw.uniform(-40e3, 40e3, (6, 2))])
        places = c[:3] + flat[:, :1] * c[3:6] + flat[:, 1:] * c[6:9] + 6000.0 * c[9:12] + draw.normal(0, 60.0, (len(flat), 3))
        marks = None if objects is None else objects(len(flat))
        times = k * 5_000_000 + draw.integers(0, 5_000_000, len(flat))
        one.plots.real[:, t.RADIAL_SD] = 0.0
        log.append(scan(one, (k + 1) * 5_000_000, places, 60.0, times_us=times, objects=marks, kernel=form(kernels.process_scan)))
    facts = one.table.facts.copy()
    facts[:, t.OBJECT] = 0
    return log, facts.tolist(), one.table.estimate.tolist(), one.table.order.tolist(), one.table.pictures.tolist()


@pytest.mark.parametrize("filter_name", ["single", "imm"])
def test_compiled_scan_equals_interpreted(filter_name: str) -> None:
    assert wander(filter_name=filter_name) == wander(plain, filter_name=filter_name)


def test_no_decision_reads_the_object() -> None:
    assert wander() == wander(objects=lambda n: np.arange(n)[::-1] * 7 + 3)


def test_clear_forgets_everything() -> None:
    assert wander()[0]
    one = tracker(rows=60, capacity=40)
    for _ in range(2):
        kernels.clear(one.table)
        for k in range(5):
            scan(one, k * STEP_US, [(k * 100.0, 0.0, 0.0), (5e4, k * 100.0, 0.0)])
        state = one.table.facts[live(one)].tolist(), one.table.estimate[live(one)].tolist(), live(one).tolist()
        assert one.table.pictures[0].tolist() == [0, 60, 2, 3]
    assert state[2] == [0, 1]


@pytest.mark.parametrize("name", ["update_single", "update_mixture", "start", "note_hit", "is_twin", "settle", "begin", "clear"])
def test_each_part_compiled_equals_interpreted(name: str) -> None:
    results = []
    for form in (lambda k: k, plain):
        one = tracker(rows=8, capacity=8, confirm=(2, 3), filter="imm", noise_turn=50.0, firm_misses=1)
        for k in range(3):
            scan(one, k * STEP_US, [(k * 400.0, 10.0, 20.0), (k * 400.0, 5000.0, 0.0)])
        fill(one.plots, 3 * STEP_US, [(1230.0, 30.0, 10.0), (9e5, 0.0, 0.0)])
        one.plots.real[0, [t.RADIAL, t.RADIAL_SD]] = 80.0, 5.0
        table, part = one.table, form(getattr(kernels, name))
        e, facts, real, whole = table.estimate, table.facts, one.plots.real, one.plots.whole
        arguments = {
            "update_single": (e, facts, 0, one.rules, one.coverage, real, 0, 4.0, one.scratch.mixed),
            "update_mixture": (e, table.modes, 0, one.rules, one.coverage, real, 0, 4.0, one.scratch.mixed, one.scratch.share),
            "start": (table, 0, one.rules, one.coverage, real, 0),
            "note_hit": (e, facts, 0, one.rules, one.coverage, whole, 0, one.scratch.events, 0),
            "is_twin": (e, 0, 1, 0.5, 1.0, one.scratch.mixed),
            "settle": (table, 0, 2, one.rules, one.coverage, 3 * STEP_US, one.scratch, 0),
            "begin": (real, whole, 2, one.scratch.slots, 2),
            "clear": (table,),
        }[name]
        answer = part(*arguments)
        arrays = (e, table.modes, facts, table.order, table.pictures, real, whole, one.scratch.events)
        results.append((answer, [a.tolist() for a in arrays]))
    assert results[0] == results[1]


@settings(deadline=None, max_examples=60)
@given(st.floats(1e3, 4e5), st.floats(0.0, 6.28), st.floats(-0.02, 1.2))
def test_conversion_is_unbiased_in_the_right_frame(range_m: float, bearing: float, elevation: float) -> None:
    row, plot = site(), np.zeros((1, 16))
    conversion.locate(row, range_m, bearing, elevation, 30.0, 1e-3, 2e-3, plot, 0)
    toward = math.cos(elevation) * (math.sin(bearing) * row[3:6] + math.cos(bearing) * row[6:9]) + math.sin(elevation) * row[9:12]
    assert math.dist(plot[0, :3], row[:3] + range_m * toward) < range_m * 1e-5
    spread = np.zeros((3, 3))
    spread[np.triu_indices(3)] = plot[0, 3:9]
    spread += np.triu(spread, 1).T
    assert toward @ spread @ toward == pytest.approx(900.0 + 0.5 * range_m**2 * (1e-12 * math.cos(elevation) ** 4 + 16e-12), rel=1e-6)
    across = math.cos(bearing) * row[3:6] - math.sin(bearing) * row[6:9]
    assert across @ spread @ across == pytest.approx((range_m * math.cos(elevation) * 1e-3) ** 2, rel=1e-6)
    other = np.zeros((1, 16))
    plain(conversion.locate)(row, range_m, bearing, elevation, 30.0, 1e-3, 2e-3, other, 0)
    np.testing.assert_array_equal(plot, other)


def test_conversion_with_coarse_angles_has_no_bias() -> None:
    """Mean of many conversions with errors of 3 degrees, against the true place."""
    draw, row, plot = np.random.default_rng(7), site(), np.zeros((1, 16))
    sd, count = math.radians(3.0), 20_000
    total, squares = np.zeros(3), np.zeros(3)
    for noise in draw.standard_normal((count, 3)) * (50.0, sd, sd):
        conversion.locate(row, 200e3 + noise[0], 0.7 + noise[1], 0.2 + noise[2], 50.0, sd, sd, plot, 0)
        total += plot[0, :3]
        squares += plot[0, :3] ** 2
    mean = total / count
    error = np.sqrt((squares / count - mean**2) / count)
    truth = row[:3] + 200e3 * (math.cos(0.2) * (math.sin(0.7) * row[3:6] + math.cos(0.7) * row[6:9]) + math.sin(0.2) * row[9:12])
    assert np.all(np.abs(mean - truth) < 4.0 * error)


@pytest.mark.parametrize(
    "words",
    [
        {"filter": "ekf"},
        {"associator": "none"},
        {"filter": "imm", "associator": "joint"},
        {"confirm": (4, 3)},
        {"confirm": (1, 61)},
        {"gate": 0.0},
    ],
)
def test_wrong_rules_are_refused(words: dict) -> None:
    from openiads.errors import UserError

    with pytest.raises(UserError, match="tracking rules"):
        t.rules(**words)
