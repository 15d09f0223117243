"""The stand-alone tracker, and both trackers on the same plots."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from openiads.errors import UserError
from openiads.model import metrics
from openiads.model.tracking import batch, exchange
from openiads.model.tracking import table as t
from openiads.model.tracking.sight import coverage

soup = pytest.mark.filterwarnings("ignore")
needs_soup = pytest.mark.skipif(importlib.util.find_spec("stonesoup") is None, reason="Stone Soup is not installed")


@pytest.fixture(scope="module")
def w4():
    place = Path(__file__).parents[2] / "benchmarks" / "w4.py"
    spec = importlib.util.spec_from_file_location("w4_benchmark", place)
    module = importlib.util.module_from_spec(spec)
    sys.modules["w4_benchmark"] = module
    spec.loader.exec_module(module)
    return module


def straight(scans: int = 12, targets: int = 4, seed: int = 0):
    draw = np.random.default_rng(seed)
    place, pace = draw.uniform(-20e3, 20e3, (targets, 3)), draw.normal(0, 200.0, (targets, 3))
    scan = np.repeat(np.arange(scans), targets)
    who = np.tile(np.arange(targets), scans)
    truth = place[who] + scan[:, None] * 4.0 * pace[who]
    return scan, who, truth, truth + draw.normal(0, 30.0, truth.shape), pace[who]


def test_tracks_follow_targets() -> None:
    scan, who, truth, noisy, _ = straight()
    plots = batch.plot_list(scan * 4_000_000, noisy, np.eye(3) * 900.0, scan, object_index=who)
    found = batch.track(plots, t.rules(earth=False, confirm=(2, 3), noise_calm=0.1, noise_turn=0.1))
    assert found.updates == 4 * 11
    assert sorted(set(found.number.tolist())) == [1, 2, 3, 4]
    assert np.all(np.bincount(found.scan)[1:] == 4)
    last = found.position_m[found.scan == 11]
    assert metrics.ospa(truth[scan == 11], last, 200.0) < 60.0
    assert found.plot_number[who == 2].tolist() == [found.plot_number[2]] * 12
    assert found.covariance.shape == (44, 21)
    assert found.time_us[-1] == 44_000_000


@pytest.mark.parametrize("words", [{"filter": "imm"}, {"associator": "joint", "clutter_per_m3": 1e-12}])
def test_other_filters_follow_too(words: dict) -> None:
    scan, _, truth, noisy, _ = straight(seed=3)
    rules = t.rules(earth=False, confirm=(2, 3), noise_calm=1.0, noise_turn=1.0, **words)
    found = batch.track(batch.plot_list(scan * 4_000_000, noisy, np.eye(3) * 900.0, scan), rules)
    assert metrics.ospa(truth[scan == 11], found.position_m[found.scan == 11], 200.0) < 60.0


def test_measured_angles_give_the_same_tracks_as_their_positions() -> None:
    scan, _, truth, _, _ = straight(seed=5)
    level = np.hypot(truth[:, 0], truth[:, 1])
    angles = np.arctan2(truth[:, 0], truth[:, 1]), np.arctan2(truth[:, 2], level)
    plots = batch.spherical_plots(scan * 4_000_000, np.hypot(level, truth[:, 2]), *angles, (20.0, 1e-4, 1e-4), scan)
    np.testing.assert_allclose(plots.real[:, :3], truth, atol=0.01)
    site = coverage(0.9, 0.5, 100.0, max_range_m=1e6)
    turned = batch.spherical_plots(scan * 4_000_000, np.hypot(level, truth[:, 2]), *angles, (20.0, 1e-4, 1e-4), scan, coverage=site)
    east, north, up = ((turned.real[:, :3] - site[:3]) @ site[a : a + 3] for a in (3, 6, 9))
    np.testing.assert_allclose(np.stack([east, north, up], axis=1), truth, atol=0.01)


def test_room_grows_and_scans_may_be_empty_or_start_late() -> None:
    scan, _, _, noisy, _ = straight(scans=40, targets=2)
    kept = (scan < 5) | (scan > 6)
    plots = batch.plot_list(scan[kept] * 4_000_000, noisy[kept], np.eye(3) * 900.0, scan[kept] + 1000)
    found = batch.track(plots, t.rules(earth=False, confirm=(2, 2), firm_misses=5, noise_calm=1.0, noise_turn=1.0))
    assert set(found.number.tolist()) == {1, 2}
    assert found.scan.min() == 1001
    assert found.scan.max() == 1039
    assert len(found.scan) == 2 * 39


def test_no_plots_give_no_tracks() -> None:
    none = np.zeros(0, np.int64)
    found = batch.track(batch.plot_list(none, np.zeros((0, 3)), np.eye(3)))
    assert len(found.number) == found.updates == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"time_us": [0.5, 1.5]}, "time_us"),
        ({"position_m": [[0, 0, 0]]}, "position_m"),
        ({"position_m": [[0, 0, 0], [0, np.nan, 0]]}, "plot 1"),
        ({"covariance_m2": np.zeros((3, 3))}, "positive definite"),
        ({"covariance_m2": np.eye(2)}, "covariance_m2"),
        ({"scan": [1, 0]}, "plot 1 belongs to an earlier scan"),
        ({"scan": [1]}, "scan"),
        ({"radial_mps": [1.0, 2.0]}, "radial_sd_mps"),
        ({"object_index": [0.5, 1]}, "object_index"),
    ],
)
def test_wrong_plots_are_refused(change: dict, words: str) -> None:
    given = {"time_us": [0, 1], "position_m": np.zeros((2, 3)), "covariance_m2": np.eye(3)} | change
    with pytest.raises(UserError, match=words):
        batch.plot_list(**given)


def test_wrong_angles_and_scan_numbers_are_refused() -> None:
    with pytest.raises(UserError, match="error"):
        batch.spherical_plots([0], [1.0], [0.0], [0.0], (1.0, 0.0, 1.0))
    far = batch.plot_list([0, 1], np.zeros((2, 3)), np.eye(3), [0, 10_000_000])
    with pytest.raises(UserError, match="number the scans"):
        batch.track(far)


@soup
@needs_soup
def test_tracks_and_truth_survive_the_exchange() -> None:
    scan, who, truth, noisy, pace = straight()
    plots = batch.plot_list(scan * 4_000_000, noisy, np.eye(3) * 900.0, scan, object_index=who)
    found = batch.track(plots, t.rules(earth=False, confirm=(2, 3), noise_calm=0.1, noise_turn=0.1))
    back = exchange.from_tracks(exchange.to_tracks(found))
    key, other = np.lexsort((found.number, found.time_us)), np.lexsort((back.number, back.time_us))
    np.testing.assert_array_equal(back.time_us[other], found.time_us[key])
    np.testing.assert_array_equal(back.position_m[other], found.position_m[key])
    np.testing.assert_array_equal(back.velocity_mps[other], found.velocity_mps[key])
    truths = metrics.Paths(scan * 4_000_000, who, truth, pace)
    again = exchange.from_tracks(exchange.to_ground_truth(truths))
    assert sorted(map(tuple, again.position_m.tolist())) == sorted(map(tuple, truth.tolist()))
    detections = exchange.to_detections(plots)
    assert [len(found) for _, found in detections] == [4] * 12
    assert exchange.microseconds(detections[3][0]) == 12_000_000
    assert sorted(d.metadata["object"] for d in detections[0][1]) == [0, 1, 2, 3]
    one = next(iter(exchange.to_tracks(found)))
    assert np.all(np.linalg.eigvalsh(one[0].covar) > 0.0)
    assert exchange.from_tracks([]).time_us.size == 0


def test_without_stone_soup_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str):
        raise ImportError("No module named 'stonesoup'")

    monkeypatch.setattr(exchange, "import_module", absent)
    with pytest.raises(UserError, match=r"openiads\[tracking\]"):
        exchange.version()


def shortened(w4, targets: int, scans: int):
    w4.SCANS, w4.SKIP = scans, 4
    return w4.scene(targets, scans)


@soup
@needs_soup
def test_both_trackers_agree_on_cartesian_plots(w4) -> None:
    field = shortened(w4, 12, 14)
    ours, theirs = w4.ours(field, False, 1), w4.peer(field, False)
    assert ours.ospa_m == pytest.approx(theirs.ospa_m, rel=1e-6)
    assert ours.ospa_m < 200.0


@soup
@needs_soup
def test_both_trackers_agree_on_angles(w4) -> None:
    field = shortened(w4, 12, 14)
    ours, theirs = w4.ours(field, True, 1), w4.peer(field, True)
    assert ours.ospa_m <= 1.05 * theirs.ospa_m


@soup
def test_the_benchmark_says_when_its_peer_is_absent(w4, monkeypatch: pytest.MonkeyPatch) -> None:
    small = shortened(w4, 5, 8)
    monkeypatch.setattr(w4, "scene", lambda: small)

    def absent() -> str:
        raise UserError("Stone Soup is not installed")

    monkeypatch.setattr(w4.exchange, "version", absent)
    monkeypatch.setattr(w4, "beside_its_peer", lambda: None)
    record = w4.measure()
    assert (record["ratio"], record["holds"]) == (None, False)
    assert "not installed" in record["reason"]
    assert record["work"] == "W4"
