"""One exchange of salvos between two forces, a formula for comparison only: the battle does not use it."""

from typing import NamedTuple

from openiads.errors import UserError
from openiads.model import inputs


class Side(NamedTuple):
    """A force of equal units."""

    units: float
    offensive_power: float  # good shots that a unit fires
    defensive_power: float  # good shots that a unit stops
    staying_power: float  # good shots that put a unit out of action


def exchange(a: Side, b: Side) -> tuple[float, float]:
    """Units that each side loses when both fire at once.

    Parameters
    ----------
    a, b : Side
        The two forces.

    Returns
    -------
    loss_a, loss_b : float
        (enemy units x offensive power - own units x defensive power) / staying power, within [0, own units].

    Raises
    ------
    UserError
        When a number is negative or a staying power is zero.

    Notes
    -----
    Limits: deterministic; no luck, no scouting, no order of fire; shots spread evenly.
    Source: closed form; it is attributed to naval literature that was not retrieved.
    """
    for name, side in (("a", a), ("b", b)):
        for field, value in side._asdict().items():
            inputs.not_negative("salvo exchange", f"{field} of side {name}", value)
        if side.staying_power == 0.0:
            raise UserError(f"salvo exchange: staying_power of side {name} is 0; give how many good shots put a unit out of action")
    return _loss(a, b), _loss(b, a)


def _loss(side: Side, enemy: Side) -> float:
    hits = enemy.units * enemy.offensive_power - side.units * side.defensive_power
    return min(max(hits / side.staying_power, 0.0), side.units)
