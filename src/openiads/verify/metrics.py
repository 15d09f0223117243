"""Checks of the distances between truth and tracks; SIAP beside Stone Soup's where that is installed."""

import importlib.util

import numpy as np

from openiads.model import metrics
from openiads.model.tracking import batch, exchange
from openiads.model.tracking.table import rules
from openiads.verify import rows
from openiads.verify.case import Check

TRUTH_M = ((0.0, 0.0), (10.0, 0.0), (20.0, 0.0))
ESTIMATE_M = ((1.0, 0.0), (10.0, 3.0))
FIVE_M = ((0.0, 0.0), (100.0, 0.0), (0.0, 100.0), (50.0, 50.0), (200.0, 200.0))


def ospa(order: float) -> float:
    """OSPA of the three truths and two estimates."""
    return metrics.ospa(TRUTH_M, ESTIMATE_M, 10.0, order)


def gospa(order: float, part: float) -> float:
    """GOSPA distance or component."""
    return float(metrics.gospa(TRUTH_M, ESTIMATE_M, 10.0, order)[int(part)])


def gospa_perfect(shift: float) -> float:
    """Largest part of the GOSPA of perfect estimates."""
    return max(metrics.gospa(FIVE_M, np.roll(FIVE_M, int(shift), axis=0), 10.0, 2.0))


def siap_difference() -> float:
    """Largest difference of completeness, ambiguity and spuriousness on one run of the tracker."""
    tracks, truths = short_run()
    ours = metrics.siap(exchange.paths_of(tracks), truths, metrics.link(exchange.paths_of(tracks), truths, 300.0))
    soup = exchange.stone_soup
    near = soup("measures").Euclidean(mapping=exchange.POSITIONS)
    generator = soup("metricgenerator.tracktotruthmetrics").SIAPMetrics(position_measure=near, velocity_measure=near)
    tie = soup("dataassociator.tracktotrack").TrackToTruth(association_threshold=300.0, measure=near)
    manager = soup("metricgenerator.manager").MultiManager([generator], tie)
    manager.add_data({"tracks": exchange.to_tracks(tracks), "groundtruth_paths": exchange.to_ground_truth(truths)})
    theirs = manager.generate_metrics()["siap_generator"]
    names = ("Completeness", "Ambiguity", "Spuriousness")
    return max(abs(value - float(theirs[f"SIAP {name}"].value)) for name, value in zip(names, ours[:3], strict=True))


def short_run() -> tuple[batch.Tracks, metrics.Paths]:
    """Track eight targets through 30 scans with clutter; return tracks and truth."""
    draw = np.random.Generator(np.random.Philox(key=8))
    place, pace, scans = draw.uniform(-2e4, 2e4, (8, 3)), draw.normal(0.0, 150.0, (8, 3)), np.arange(30)
    truth = place + 4.0 * scans[:, None, None] * pace
    seen = draw.random((30, 8)) < 0.8
    false = draw.uniform(-3e4, 3e4, (30, 6, 3))
    scan = np.concatenate([np.full(seen[k].sum() + 6, k) for k in scans])
    points = np.concatenate([np.concatenate([truth[k][seen[k]], false[k]]) for k in scans])
    plots = batch.plot_list(scan * 4_000_000, points + draw.normal(0.0, 80.0, points.shape), np.eye(3) * 6400.0, scan)
    number, time_us = np.tile(np.arange(8), 30), np.repeat(scans * 4_000_000, 8)
    paths = metrics.Paths(time_us, number, truth.reshape(-1, 3), np.tile(pace, (30, 1)))
    return batch.track(plots, rules(earth=False, confirm=(2, 3))), paths


CHECKS = rows.read("metrics", globals())
if importlib.util.find_spec("stonesoup") is not None:
    SIAP = "SIAP completeness, ambiguity and spuriousness on one run: largest difference from Stone Soup [1]"
    CHECKS += (Check("T-SIAP", "metrics", SIAP, 0.0, 1e-9, "Stone Soup SIAPMetrics", "reference implementation", siap_difference, True),)
