"""The real battle of a study: scenarios read, planned and fought in the process that asks, the last plans kept."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
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

    ``sources`` maps a scenario's name to the file that is read for it; any other name is shipped, or a file in ``home``, the
    folder of the study.  ``catalogue`` is the text of the catalogue used, None for the shipped one.
    """

    seed: int
    alternatives: Mapping[str, Alternative]
    sources: Mapping[str, str] = field(default_factory=dict)
    home: str | None = None
    catalogue: str | None = None

    def __call__(self, alternative: str, knowledge: int, first: int, count: int) -> Outcomes:
        """Fight replications of one alternative at one sample of the unknowns."""
        from openiads.engine import replicate

        return replicate(self._planned(alternative, knowledge), self.seed, first, count)

    def scenario(self, alternative: Alternative, knowledge: int = -1) -> "Scenario":
        """Return the scenario of an alternative.

        Raises
        ------
        UserError
            When it cannot be read or what is set in it is wrong.
        """
        from openiads.scenario import read

        found = read(self.place(alternative.scenario), alternative.values(knowledge))
        return found if alternative.only is None else _kept(found, alternative.only)

    def place(self, name: str) -> str:
        """Return the shipped name or the file of a scenario that a study names.

        Raises
        ------
        UserError
            When the name leads out of the study's folder.
        """
        if name in self.sources:
            return self.sources[name]
        if self.home is None or not name.endswith((".yaml", ".yml", ".json")):
            return name
        path = (Path(self.home) / name).resolve()
        if not path.is_relative_to(Path(self.home).resolve()):
            raise UserError(f"{name}: leads out of the study's folder; put the scenario beside the study and name it without a path")
        return str(path)

    def _planned(self, alternative: str, knowledge: int) -> "Planned":
        address = (alternative, knowledge, self.place(self.alternatives[alternative].scenario), self.catalogue)
        if address not in _plans:
            from openiads.plan import plan

            while len(_plans) >= PLANS_KEPT:
                del _plans[next(iter(_plans))]
            _plans[address] = plan(self.scenario(self.alternatives[alternative], knowledge), catalogue_of(self.catalogue))
        return _plans[address]


_plans: "dict[tuple[str, int, str, str | None], Planned]" = {}


@functools.cache
def catalogue_of(text: str | None) -> "Catalogue":
    """Return the catalogue that a text holds, or the shipped one."""
    from openiads.catalogue import load

    if text is None:
        return load()
    return catalogue_from(json.loads(text))


def catalogue_from(content: Mapping[str, Any]) -> "Catalogue":
    """Return the catalogue that ``catalogue.load.rows`` wrote down."""
    from openiads.catalogue import Catalogue, Figure, Source

    texts = {path: tuple(one) if isinstance(one, list) else one for path, one in content["texts"].items()}
    figures = {path: Figure.from_row(row) for path, row in content["figures"].items()}
    return Catalogue(figures, texts, {key: Source(key, *row) for key, row in content["sources"].items()})


def _kept(scenario: "Scenario", only: tuple[str, ...]) -> "Scenario":
    """Return the scenario with only some hostile groups and what they release."""
    names = {group.name for group in scenario.objects}
    if unknown := [name for name in only if name not in names]:
        raise UserError(f"only: {scenario.name} has no object {unknown[0]}; it has {', '.join(sorted(names))}")
    kept = set(only)
    while more := {g.name for g in scenario.objects if g.released_by in kept} - kept:
        kept |= more
    return scenario.model_copy(update={"objects": tuple(g for g in scenario.objects if g.side != "hostile" or g.name in kept)})
