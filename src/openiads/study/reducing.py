"""Scenarios with some groups and sites taken away and everything that spoke of them, or with all of them listed otherwise."""

import fnmatch
import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from openiads.errors import UserError, names_like

if TYPE_CHECKING:
    from openiads.scenario import Scenario


def reduced(scenario: "Scenario", only: tuple[str, ...] | None, without: tuple[str, ...]) -> "Scenario":
    """Return a scenario with only some hostile groups (and what they release), and without some groups and sites.

    Parameters
    ----------
    scenario : Scenario
    only : tuple of str or None
        Names or patterns of hostile groups to keep; None keeps all.
    without : tuple of str
        Names or patterns of groups and sites to take away.

    Raises
    ------
    UserError
        When a name or pattern fits nothing.
    """
    groups = {group.name for group in scenario.objects}
    sites = {site.name for site in scenario.sites}
    gone = _fitting(without, groups | sites, scenario.name)
    if only is not None:
        kept = _with_children(_fitting(only, groups, scenario.name), scenario)
        gone |= {group.name for group in scenario.objects if group.side == "hostile" and group.name not in kept}
    if not gone:
        return scenario
    gone |= _with_children(gone & groups, scenario)
    update: dict[str, Any] = {"objects": tuple(group for group in scenario.objects if group.name not in gone)}
    if gone & sites:
        pairs = tuple(one for one in scenario.doctrine.point_defence if not {one.protector, one.protected} & gone)
        update["sites"] = tuple(site for site in scenario.sites if site.name not in gone)
        update["links"] = tuple(link for link in scenario.links if not {link.sender, link.receiver} & gone)
        update["doctrine"] = scenario.doctrine.model_copy(update={"point_defence": pairs})
    return scenario.model_copy(update=update)


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


def _with_children(names: set[str], scenario: "Scenario") -> set[str]:
    found = set(names)
    while more := {group.name for group in scenario.objects if group.released_by in found} - found:
        found |= more
    return found


def _fitting(patterns: Iterable[str], names: set[str], scenario: str) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        fitting = set(fnmatch.filter(names, pattern))
        if not fitting:
            near = names_like(pattern, sorted(names)) or f"it has {', '.join(sorted(names))}"
            raise UserError(f"{scenario}: has no object or site {pattern}; {near}")
        found |= fitting
    return found
