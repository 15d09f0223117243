"""The real battle of a study: scenarios read, planned and fought in the process that asks, the last plans kept."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openiads.errors import UserError
from openiads.study.alternatives import Alternative
from openiads.study.job import Outcomes

if TYPE_CHECKING:
    from openiads.catalogue import Catalogue
    from openiads.plan import Planned
    from openiads.scenario import Scenario

PLANS_KEPT = 3


@dataclass(frozen=True, eq=False)
class EngineBattle:
    """Alternatives by key, the seed, and where each scenario's file lies; small enough to be sent to any process.

    ``sources`` maps a scenario's name to the file that is read for it, ``catalogue`` is the text of the catalogue used, None
    for the shipped one.
    """

    seed: int
    alternatives: Mapping[str, Alternative]
    sources: Mapping[str, str] = field(default_factory=dict)
    catalogue: str | None = None

    def __call__(self, alternative: str, knowledge: int, first: int, count: int) -> Outcomes:
        """Fight replications of one alternative at one sample of the unknowns."""
        from openiads.engine import replicate

        outcomes: Outcomes = replicate(self._planned(alternative, knowledge), self.seed, first, count)
        return outcomes

    def scenario(self, alternative: Alternative, knowledge: int = -1) -> "Scenario":
        """Return the scenario of an alternative.

        Raises
        ------
        UserError
            When it cannot be read or what is set in it is wrong.
        """
        from openiads.scenario import read

        where = self.sources.get(alternative.scenario, alternative.scenario)
        found = read(where, alternative.values(knowledge))
        return found if alternative.only is None else _kept(found, alternative.only)

    def _planned(self, alternative: str, knowledge: int) -> "Planned":
        plans: dict[tuple[str, int], Any] = self.__dict__.setdefault("_plans", {})
        if (alternative, knowledge) not in plans:
            from openiads.plan import plan

            while len(plans) >= PLANS_KEPT:
                del plans[next(iter(plans))]
            plans[alternative, knowledge] = plan(self.scenario(self.alternatives[alternative], knowledge), catalogue_of(self.catalogue))
        planned: Planned = plans[alternative, knowledge]
        return planned

    def __getstate__(self) -> dict[str, Any]:
        """Leave the plans behind when sent to another process."""
        return {name: value for name, value in self.__dict__.items() if name != "_plans"}


@functools.cache
def catalogue_of(text: str | None) -> "Catalogue":
    """Return the catalogue that a text holds, or the shipped one."""
    from openiads import catalogue

    if text is None:
        return catalogue.load()
    import json

    from openiads.catalogue.load import from_rows

    return from_rows(json.loads(text))


def _kept(scenario: "Scenario", only: tuple[str, ...]) -> "Scenario":
    """Return the scenario with only some hostile groups and what they release."""
    names = {group.name for group in scenario.objects}
    if unknown := [name for name in only if name not in names]:
        raise UserError(f"only: {scenario.name} has no object {unknown[0]}; it has {', '.join(sorted(names))}")
    kept = set(only)
    while more := {g.name for g in scenario.objects if g.released_by in kept} - kept:
        kept |= more
    return scenario.model_copy(update={"objects": tuple(g for g in scenario.objects if g.side != "hostile" or g.name in kept)})
