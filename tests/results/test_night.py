"""The draws before the first event are those that the engine makes."""

import numpy as np

from openiads.engine import start
from openiads.model.columns import FAR_FUTURE_US
from openiads.model.state import allocate
from openiads.results.night import night


def test_readiness_facing_and_start_times_are_the_engines(planned):
    state = allocate(planned.plan)
    for replication in range(5):
        start.init(planned.plan, planned.knowledge, state, 7, replication, 0)
        drawn, board = night(planned, 7, replication), state.board
        assert np.array_equal(drawn.radars, board.radars["dead_us"] == FAR_FUTURE_US)
        assert np.array_equal(drawn.units, board.units["dead_us"] == FAR_FUTURE_US)
        assert np.array_equal(drawn.launchers, board.launchers["dead_us"] == FAR_FUTURE_US)
        assert np.array_equal(drawn.shift_us, board.objects["shift_us"])
        assert np.allclose(drawn.facing_rad, board.radars["facing_rad"])


def test_what_is_not_ready_is_named(planned):
    names = night(planned, 7, 0).not_ready(planned)
    known = {*planned.names.radars, *planned.names.units, *planned.names.launchers}
    assert set(names) <= known
