"""Leakage through shots, looks and layers in closed form."""

import math
from collections.abc import Iterable

from openiads.errors import UserError
from openiads.model import inputs


def leak(kill_probability: float, shots: int) -> float:
    """Probability that a target survives independent shots.

    Parameters
    ----------
    kill_probability : float
        Of each shot [0, 1].
    shots : int
        Number of shots.

    Returns
    -------
    float
        (1 - p)^n.

    Raises
    ------
    UserError
        When a number is out of range.

    Notes
    -----
    Limits: shots share no cause; see ``no_leak_cap`` for what a shared cause does.
    Source: elementary probability.
    """
    return math.pow(1.0 - _probability("leak", "kill_probability", kill_probability), _count("leak", "shots", shots))


def shots_needed(kill_probability: float, required: float) -> int:
    """Fewest independent shots that kill with at least a required probability.

    Parameters
    ----------
    kill_probability : float
        Of each shot (0, 1).
    required : float
        Probability of a kill (0, 1).

    Returns
    -------
    int
        Number of shots.

    Raises
    ------
    UserError
        When a probability is not inside (0, 1).

    Notes
    -----
    Limits: independent shots.  A requirement that n shots meet to the last bits counts as met.
    Source: elementary probability.
    """
    p = inputs.between("shots_needed", "kill_probability", kill_probability, 0.0, 1.0)
    needed = inputs.between("shots_needed", "required", required, 0.0, 1.0)
    return max(1, math.ceil(math.log1p(-needed) / math.log1p(-p) - 1e-12))


def shoot_look_shoot(kill_probability: float, first: int, second: int) -> tuple[float, float]:
    """Kill probability and expected shots when a second salvo is fired only at what the first one missed.

    Parameters
    ----------
    kill_probability : float
        Of each shot [0, 1].
    first, second : int
        Shots of the two salvos.

    Returns
    -------
    kill_probability : float
        1 - (1 - p)^(first + second).
    shots : float
        first + second (1 - p)^first.

    Raises
    ------
    UserError
        When a number is out of range.

    Notes
    -----
    Limits: the look is perfect and there is time for it; independent shots.
    Source: elementary probability.
    """
    return 1.0 - leak(kill_probability, first + second), first + second * leak(kill_probability, first)


def layers_leak(kill_probabilities: Iterable[float]) -> float:
    """Probability that a target passes independent layers in series.

    Parameters
    ----------
    kill_probabilities : iterable of float
        Of each layer [0, 1].

    Returns
    -------
    float
        Product of (1 - p).

    Raises
    ------
    UserError
        When a probability is out of range.

    Notes
    -----
    Limits: layers that share no sensor, no raid size and no cause of failure.
    Source: elementary probability.
    """
    return math.prod(1.0 - _probability("layers_leak", f"layer {n}", p) for n, p in enumerate(kill_probabilities, 1))


def no_leak(kill_probability: float, shots: int, warheads: int, track_probability: float = 1.0) -> float:
    """Probability that no warhead leaks when each gets the same number of independent shots, tracked independently.

    Parameters
    ----------
    kill_probability : float
        Of each shot [0, 1].
    shots : int
        Per warhead.
    warheads : int
        Number of warheads.
    track_probability : float
        That a warhead is tracked and recognised [0, 1].

    Returns
    -------
    float
        Kw^W with Kw = Ptrack (1 - (1 - k)^n).

    Raises
    ------
    UserError
        When a number is out of range.

    Notes
    -----
    Limits: every failure is independent of every other; where the track is a common cause use ``no_leak_common_track``.
    Source: elementary probability; the structure is attributed to a text that was not retrieved.
    """
    kill = _probability("no_leak", "track_probability", track_probability) * (1.0 - leak(kill_probability, shots))
    return math.pow(kill, _count("no_leak", "warheads", warheads))


def no_leak_common_track(kill_probability: float, shots: int, warheads: int, track_probability: float) -> float:
    """Probability that no warhead leaks when one failure of tracking lets all of them through.

    Parameters
    ----------
    kill_probability : float
        Of each shot [0, 1].
    shots : int
        Per warhead.
    warheads : int
        Number of warheads.
    track_probability : float
        That tracking works, for all warheads at once [0, 1].

    Returns
    -------
    float
        Ptrack (1 - (1 - k)^n)^W, never above Ptrack whatever the number of shots.

    Raises
    ------
    UserError
        When a number is out of range.

    Notes
    -----
    Limits: full correlation of the track, none of the shots.
    Source: elementary probability.
    """
    return _probability("no_leak_common_track", "track_probability", track_probability) * no_leak(kill_probability, shots, warheads)


def required_kill_probability(no_leak_probability: float, warheads: int) -> float:
    """Kill probability against each warhead that makes it so likely that none leaks.

    Parameters
    ----------
    no_leak_probability : float
        Wanted probability that no warhead leaks (0, 1).
    warheads : int
        Number of warheads, at least one.

    Returns
    -------
    float
        Kw = P^(1/W).

    Raises
    ------
    UserError
        When a number is out of range.

    Notes
    -----
    Limits: independent warheads.
    Source: elementary probability.
    """
    wanted = inputs.between("required_kill_probability", "no_leak_probability", no_leak_probability, 0.0, 1.0)
    return math.pow(wanted, 1.0 / _count("required_kill_probability", "warheads", warheads, 1))


def interceptors_needed(no_leak_probability: float, warheads: int, kill_probability: float, track_probability: float = 1.0) -> int:
    """Interceptors needed so that with a wanted probability no warhead leaks.

    Parameters
    ----------
    no_leak_probability : float
        Wanted probability that no warhead leaks (0, 1).
    warheads : int
        Number of warheads.
    kill_probability : float
        Of each interceptor (0, 1).
    track_probability : float
        That a warhead is tracked and recognised (0, 1].

    Returns
    -------
    int
        W ceil(n), n shots at each of W warheads.

    Raises
    ------
    UserError
        When a number is out of range, or tracking alone makes the wish impossible.

    Notes
    -----
    Limits: as ``no_leak``; all interceptors are fired at once.
    Source: as ``no_leak``.
    """
    kill = required_kill_probability(no_leak_probability, warheads) / _probability("interceptors_needed", "track", track_probability, True)
    if kill >= 1.0:
        raise UserError(
            f"interceptors_needed: track_probability {track_probability!r} alone lets warheads leak too often "
            f"for {no_leak_probability!r} against {warheads}; ask for less or track better"
        )
    return warheads * shots_needed(kill_probability, kill)


def uncoordinated_leak(warheads: int, interceptors: int, kill_probability: float) -> float:
    """Expected leakers when each interceptor picks a warhead at random.

    Parameters
    ----------
    warheads, interceptors : int
        Numbers of both, at least one warhead.
    kill_probability : float
        Of each interceptor [0, 1].

    Returns
    -------
    float
        W (1 - k / W)^I.

    Raises
    ------
    UserError
        When a number is out of range.

    Notes
    -----
    Limits: independent uniform choice, no look between shots.
    Source: elementary probability.
    """
    count = _count("uncoordinated_leak", "warheads", warheads, 1)
    k = _probability("uncoordinated_leak", "kill_probability", kill_probability)
    return count * math.pow(1.0 - k / count, _count("uncoordinated_leak", "interceptors", interceptors))


def coordinated_leak(warheads: int, interceptors: int, kill_probability: float) -> float:
    """Expected leakers when the interceptors are spread as evenly as they can be.

    Parameters
    ----------
    warheads, interceptors : int
        Numbers of both, at least one warhead.
    kill_probability : float
        Of each interceptor [0, 1].

    Returns
    -------
    float
        W (1 - k)^(I / W) where I is a multiple of W; otherwise the rest of the shots goes to one warhead each.

    Raises
    ------
    UserError
        When a number is out of range.

    Notes
    -----
    Limits: no look between shots.
    Source: elementary probability.
    """
    count = _count("coordinated_leak", "warheads", warheads, 1)
    each, rest = divmod(_count("coordinated_leak", "interceptors", interceptors), count)
    return (count - rest) * leak(kill_probability, each) + rest * leak(kill_probability, each + 1)


def _probability(where: str, name: str, value: float, positive: bool = False) -> float:
    number = inputs.not_negative(where, name, value)
    if number > 1.0 or (positive and number == 0.0):
        raise UserError(f"{where}: {name} must be a probability{' above 0' if positive else ''}, received {value!r}; give at most 1")
    return number


def _count(where: str, name: str, value: int, least: int = 0) -> int:
    if value != int(value) or value < least:
        raise UserError(f"{where}: {name} must be a whole number of at least {least}, received {value!r}")
    return int(value)
