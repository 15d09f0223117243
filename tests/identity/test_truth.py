"""No decision reads what a track really is, with every kind of evidence that does not speak of it switched on."""

import numpy as np
import pytest

from openiads.engine import battle
from openiads.model import codes
from openiads.model.state import allocate
from tests.engine.conftest import planned
from tests.engine.test_battle import fought, relabelled

EVIDENCE = (
    "tracking.false_alarms=true",
    "catalogue={s-400.radars.96L6E.false_plots_per_scan: 3}",
    "identification.emissions=0.5",
    "identification.classifier={tactical-aircraft: {aircraft: 0.7, arm: 0.3}, one-way-attack-uav: {drone: 1}}",
    "doctrine.identification={self_defence: {time: 60 s}, timeout_to_fire: 20 s, required_evidence: [iff, origin], "
    "threat_sector: {bearing: 300 deg}, label_latch: 0.5}",
    "environment.clutter_regions=[{name: birds, at: {lat: 53.95, lon: 27.2}, radius: 3 km, plots: 1}]",
)


@pytest.fixture(scope="module", params=["gnn", "jpda"])
def evidence(request, tmp_path_factory):
    return planned(tmp_path_factory.mktemp("truth"), overrides=(*EVIDENCE, f"tracking.associator={request.param}"))


@pytest.mark.parametrize("name", ["jet", "drone"])
def test_whose_an_object_is_changes_no_decision(evidence, name):
    logs = []
    kinds = (codes.TRACK_FIRM, codes.LABEL, codes.ORDER, codes.LAUNCH, codes.INTERCEPT, codes.ASSESS, codes.SILENT, codes.EVIDENCE)
    for side in (codes.HOSTILE, codes.CIVIL, codes.FRIENDLY):
        changed = relabelled(evidence, name, side)
        state = allocate(changed, 50_000)
        battle.run(changed, evidence.knowledge, state, 1, 4, 1)
        log = state.board.log_integers[: state.board.clock["logged"][0]]
        logs.append(log[np.isin(log[:, 2], kinds)].copy())
    assert len(logs[0]) > 20
    assert np.array_equal(logs[0], logs[1])
    assert np.array_equal(logs[0], logs[2])


def test_false_plots_reach_the_trackers_from_a_radar_that_stands(evidence, tmp_path):
    """Three false plots a scan of ten seconds, for six minutes: 108 in the mean, with a standard deviation of 10.

    A battle with its false plots may lose or keep some true ones; fewer than 50 more would come by chance once in 10^8.
    """
    associator = evidence.scenario.tracking.associator
    without = planned(tmp_path, overrides=(*EVIDENCE[2:], f"tracking.associator={associator}"))
    radar = evidence.names.radars.index("post/96L6E")
    stood = set()
    for replication in range(3):
        states = [fought(each, replication=replication)[1].board for each in (evidence, without)]
        stands = bool(states[0].radars["dead_us"][radar] > 0)
        more = states[0].clock["updates"][0] - states[1].clock["updates"][0]
        assert more > 50 if stands else more == 0
        stood.add(stands)
    assert stood == {True, False}
