"""Checks of the standard atmosphere."""

from openiads.earth import atmosphere
from openiads.verify import rows

_PARTS = ("temperature", "pressure", "density", "sound")


def air(height_m: float, part: str) -> float:
    """One property of the standard air."""
    return float(atmosphere.standard_air(height_m)[_PARTS.index(part)])


CHECKS = rows.read("atmosphere", globals())
