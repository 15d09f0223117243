"""From what a file says to what stands: groups and sites taken away, and everything that spoke of them."""

import fnmatch
from collections.abc import Iterable
from typing import Any

from openiads.errors import UserError, names_like
from openiads.scenario.models import Scenario


class ReducingError(UserError):
    """A name or pattern that fits nothing; ``key`` says of which list it is."""

    def __init__(self, key: str, what: str, remedy: str) -> None:
        """Keep the parts of the message."""
        self.key, self.what, self.remedy = key, what, remedy
        super().__init__(f"{key}: {what}; {remedy}")


def reduced(scenario: Scenario) -> Scenario:
    """Return a scenario as its ``only`` and ``without`` leave it: some hostile groups and what they release, without other parts.

    Raises
    ------
    ReducingError
        When a name or pattern fits nothing.
    """
    if scenario.only is None and not scenario.without:
        return scenario
    groups = {group.name for group in scenario.objects}
    sites = {site.name for site in scenario.sites}
    gone = _fitting("without", scenario.without, groups | sites)
    if scenario.only is not None:
        kept = _with_children(_fitting("only", scenario.only, groups), scenario)
        gone |= {group.name for group in scenario.objects if group.side == "hostile" and group.name not in kept}
    gone |= _with_children(gone & groups, scenario)
    update: dict[str, Any] = {"objects": tuple(group for group in scenario.objects if group.name not in gone), "only": None, "without": ()}
    if gone & sites:
        pairs = tuple(one for one in scenario.doctrine.point_defence if not {one.protector, one.protected} & gone)
        update["sites"] = tuple(site for site in scenario.sites if site.name not in gone)
        update["links"] = tuple(link for link in scenario.links if not {link.sender, link.receiver} & gone)
        update["doctrine"] = scenario.doctrine.model_copy(update={"point_defence": pairs})
    return scenario.model_copy(update=update)


def _with_children(names: set[str], scenario: Scenario) -> set[str]:
    found = set(names)
    while more := {group.name for group in scenario.objects if group.released_by in found} - found:
        found |= more
    return found


def _fitting(key: str, patterns: Iterable[str], names: set[str]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        fitting = set(fnmatch.filter(names, pattern))
        if not fitting:
            near = names_like(pattern, sorted(names)) or f"it has {', '.join(sorted(names))}"
            raise ReducingError(key, f"the scenario has no object or site {pattern}", near)
        found |= fitting
    return found
