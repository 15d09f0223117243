"""Checks of the closed forms of shots, looks and layers."""

from openiads.model import layers
from openiads.verify import rows


def leak(kill_probability: float, shots: float) -> float:
    """Leak after independent shots."""
    return layers.leak(kill_probability, int(shots))


def shots_needed(kill_probability: float, required: float) -> float:
    """Fewest shots for a kill probability."""
    return layers.shots_needed(kill_probability, required)


def shoot_look_shoot(kill_probability: float, first: float, second: float, part: str) -> float:
    """Kill probability or expected shots of two salvos with a look between."""
    return layers.shoot_look_shoot(kill_probability, int(first), int(second))[("kill", "shots").index(part)]


def layers_leak(kill_probabilities: list[float]) -> float:
    """Leak through layers in series."""
    return layers.layers_leak(kill_probabilities)


def required_kill_probability(warheads: float) -> float:
    """Kill probability per warhead for no leak with probability 0.8."""
    return layers.required_kill_probability(0.8, int(warheads))


def interceptors_needed(warheads: float, kill_probability: float) -> float:
    """Interceptors for no leak with probability 0.8."""
    return layers.interceptors_needed(0.8, int(warheads), kill_probability)


def no_leak_common_track(kill_probability: float, shots: float, warheads: float, track_probability: float) -> float:
    """No leak when one failure of the track lets all through."""
    return layers.no_leak_common_track(kill_probability, int(shots), int(warheads), track_probability)


def fire(coordinated: bool) -> float:
    """Expected leakers of random and of coordinated fire."""
    rule = layers.coordinated_leak if coordinated else layers.uncoordinated_leak
    return rule(10, 20, 0.7)


CHECKS = rows.read("layers", globals())
