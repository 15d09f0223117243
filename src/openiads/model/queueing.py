"""Saturation in closed form: channels that are busy, raids that are larger than the channels."""

import math

from openiads.errors import UserError
from openiads.model import inputs


def erlang_b(offered_load: float, channels: int) -> float:
    """Probability that an arrival finds every channel busy and is lost.

    Parameters
    ----------
    offered_load : float
        Arrival rate times mean time a channel is busy [erlang].
    channels : int
        Number of channels.

    Returns
    -------
    float
        Share of arrivals lost in the long run [0, 1].

    Raises
    ------
    UserError
        When the load is negative or the channels are not a whole number of at least zero.

    Notes
    -----
    Limits: Poisson arrivals that do not wait and do not come again; steady state.  The law of the busy time does not matter.
    Source: [erlang-loss], recursion B(n) = a B(n-1) / (n + a B(n-1)).
    """
    load = inputs.not_negative("erlang_b", "offered_load", offered_load)
    loss = 1.0
    for n in range(1, _whole("erlang_b", "channels", channels) + 1):
        loss = load * loss / (n + load * loss)
    return loss


def erlang_b_load(loss_probability: float, channels: int) -> float:
    """Load that a number of channels carries at a given loss: the inverse of ``erlang_b``.

    Parameters
    ----------
    loss_probability : float
        Wanted share of arrivals lost (0, 1).
    channels : int
        Number of channels, at least one.

    Returns
    -------
    float
        Offered load [erlang].

    Raises
    ------
    UserError
        When the loss is not inside (0, 1) or there is no channel.

    Notes
    -----
    Limits: as ``erlang_b``.  Bisection to the last bit.
    Source: [erlang-loss].
    """
    wanted = inputs.between("erlang_b_load", "loss_probability", loss_probability, 0.0, 1.0)
    if _whole("erlang_b_load", "channels", channels) == 0:
        raise UserError("erlang_b_load: channels must be at least 1, received 0; without a channel every arrival is lost")
    low, high = 0.0, 1.0
    while erlang_b(high, channels) < wanted:
        high *= 2.0
    while low < (middle := 0.5 * (low + high)) < high:
        if erlang_b(middle, channels) < wanted:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def erlang_c(offered_load: float, channels: int) -> float:
    """Probability that an arrival has to wait for a channel.

    Parameters
    ----------
    offered_load : float
        Arrival rate times mean time a channel is busy, below the number of channels [erlang].
    channels : int
        Number of channels.

    Returns
    -------
    float
        Share of arrivals that wait [0, 1].

    Raises
    ------
    UserError
        When the load is negative, or not below the number of channels so that the queue would grow without end.

    Notes
    -----
    Limits: Poisson arrivals that wait as long as it takes; exponential busy times; steady state.
    Source: [erlang-loss], C = n B / (n - a (1 - B)).
    """
    loss = erlang_b(offered_load, channels)
    if not offered_load < channels:
        raise UserError(f"erlang_c: offered_load {offered_load!r} is not below {channels} channels; the queue would grow without end")
    return channels * loss / (channels - offered_load * (1.0 - loss))


def poisson_excess(mean_raid: float, channels: int) -> float:
    """Expected number of targets beyond the channels when the size of a raid is Poisson.

    Parameters
    ----------
    mean_raid : float
        Mean number of targets that come at once.
    channels : int
        Targets that can be served at once.

    Returns
    -------
    float
        E[(N - C)+] = m P(N >= C) - C P(N >= C + 1).

    Raises
    ------
    UserError
        When the mean is negative or the channels are not a whole number of at least zero.

    Notes
    -----
    Limits: all targets arrive within one service; no channel is used twice.
    Source: elementary probability.
    """
    mean, served = inputs.not_negative("poisson_excess", "mean_raid", mean_raid), _whole("poisson_excess", "channels", channels)
    if mean == 0.0:
        return 0.0
    if mean > served:
        shares = [_poisson(n, mean) for n in range(served + 1)]
        return max(mean - served + math.fsum((served - n) * share for n, share in enumerate(shares)), 0.0)
    total, n, share = 0.0, served + 1, _poisson(served + 1, mean)
    while (term := (n - served) * share) > 1e-18 * total:
        total += term
        n += 1
        share *= mean / n
    return total


def _poisson(n: int, mean: float) -> float:
    return math.exp(n * math.log(mean) - mean - math.lgamma(n + 1.0))


def _whole(where: str, name: str, value: int) -> int:
    if value != int(value) or value < 0:
        raise UserError(f"{where}: {name} must be a whole number of at least 0, received {value!r}")
    return int(value)
