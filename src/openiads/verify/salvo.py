"""Checks of the salvo exchange, a formula that the battle does not use."""

from openiads.model.salvo import Side, exchange
from openiads.verify import rows


def loss(a: float, b: float, offensive: float, defensive: float, staying: float, side: str) -> float:
    """Units that one side loses."""
    return exchange(Side(a, offensive, defensive, staying), Side(b, offensive, defensive, staying))["ab".index(side)]


CHECKS = rows.read("salvo", globals())
