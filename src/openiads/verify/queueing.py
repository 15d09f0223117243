"""Checks of the closed forms of channels and raids."""

from openiads.model import queueing
from openiads.verify import rows


def erlang_b(offered_load: float, channels: float) -> float:
    """Share of arrivals lost."""
    return queueing.erlang_b(offered_load, int(channels))


def erlang_b_load(loss_probability: float, channels: float) -> float:
    """Load for a loss."""
    return queueing.erlang_b_load(loss_probability, int(channels))


def erlang_c(offered_load: float, channels: float) -> float:
    """Share of arrivals that wait."""
    return queueing.erlang_c(offered_load, int(channels))


def poisson_excess(mean_raid: float, channels: float) -> float:
    """Expected targets beyond the channels."""
    return queueing.poisson_excess(mean_raid, int(channels))


CHECKS = rows.read("queueing", globals())
