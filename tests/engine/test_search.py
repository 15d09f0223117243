"""Who searches for a picture, and what a scan has to look at."""

import numpy as np
import pytest

from openiads.engine import battle
from openiads.model import codes
from openiads.model.columns import FAR_FUTURE_US
from openiads.model.state import allocate
from tests.engine.conftest import planned


def plots_by_radar(made, replication=0):
    """Number of plots that each radar gave in one replication, by name."""
    state = allocate(made.plan, 100_000)
    battle.run(made.plan, made.knowledge, state, 1, replication, 1)
    log = state.board.log_integers[: state.board.clock["logged"][0]]
    counts = np.bincount(log[log[:, 2] == codes.PLOT, 7], minlength=len(made.names.radars))
    return dict(zip(made.names.radars, counts.tolist(), strict=True))


def test_an_engagement_radar_searches_only_in_an_acquisition_radars_stead(tmp_path):
    """With the acquisition radars working it gives no plot; with both out it gives them, and the jets are still shot at."""
    works = ["sites.post.radars=[{name: 91N6E, availability: 1}, {name: 96L6E, availability: 1}, {name: 92N6E, availability: 1}]"]
    lost = ["sites.post.radars=[{name: 91N6E, availability: 0}, {name: 96L6E, availability: 0}, {name: 92N6E, availability: 1}]"]
    with_search = plots_by_radar(planned(tmp_path, overrides=works))
    assert with_search["post/92N6E"] == 0
    assert with_search["post/96L6E"] > 20
    alone = plots_by_radar(planned(tmp_path, overrides=lost))
    assert alone["post/96L6E"] == 0
    assert alone["post/92N6E"] > 20


def test_the_only_radar_of_a_unit_searches(tmp_path):
    made = planned(tmp_path, overrides=["sites.post.radars=[{name: 92N6E, availability: 1}]"])
    assert plots_by_radar(made)["post/92N6E"] > 20


@pytest.mark.parametrize("replication", [0, 1, 2])
def test_a_watch_leaves_out_nothing_that_could_be_seen(small, replication):
    """The same battle with every radar watching every object from the beginning to the end."""
    n = len(small.plan.sky.objects)
    eyes = small.plan.eyes
    radars = len(eyes.radars)
    all_day = np.zeros(n * radars + 1, eyes.watch.dtype)
    all_day["object"][:-1] = np.tile(np.arange(n), radars)
    all_day["until_us"][:-1] = FAR_FUTURE_US
    all_day.flags.writeable = False
    watched = np.arange(radars + 1) * n
    watched.flags.writeable = False
    wide = small.plan._replace(eyes=eyes._replace(watch=all_day, watched=watched))
    hits = []
    for plan in (small.plan, wide):
        state = allocate(plan, 50_000)
        battle.run(plan, small.knowledge, state, 1, replication, 0)
        hits.append((state.board.objects["hits"].copy(), int(state.board.clock["looks"][0])))
    assert np.array_equal(hits[0][0], hits[1][0])
    assert hits[0][1] == hits[1][1] > 0
