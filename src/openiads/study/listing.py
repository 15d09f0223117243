"""Scenarios whose sites and groups are listed in another order."""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openiads.scenario import Scenario


def relisted(scenario: "Scenario", order: int) -> "Scenario":
    """Return a scenario whose sites and groups are listed in another order; 0 keeps the order of the file.

    Draws are addressed by names, so the battle is the same but for events of one microsecond and one stage, which are taken in
    the order of the list.

    Limits
    ------
    Members of a group keep their order among themselves.
    """
    if order == 0:
        return scenario
    sites = sorted(scenario.sites, key=lambda one: _mixed(order, one.name))
    groups = sorted(scenario.objects, key=lambda one: _mixed(order, one.name))
    return scenario.model_copy(update={"sites": tuple(sites), "objects": tuple(groups)})


def _mixed(order: int, name: str) -> bytes:
    return hashlib.sha256(f"{order} {name}".encode()).digest()
