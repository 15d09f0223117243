"""The real battle of a study: scenarios read, planned and fought in the process that asks, the last arenas kept."""

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openiads.errors import UserError
from openiads.strict_yaml import Placed
from openiads.study.alternatives import Alternative
from openiads.study.job import Outcomes
from openiads.study.listing import relisted

if TYPE_CHECKING:
    from openiads.catalogue import Catalogue
    from openiads.results.arena import Arena
    from openiads.scenario import Scenario

ARENAS_KEPT = 2


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
        from openiads.results.batch import fought

        return fought(self._arena(alternative, knowledge), self.seed, first, count).columns

    def scenario(self, alternative: Alternative, knowledge: int = -1) -> "Scenario":
        """Return the scenario of an alternative.

        Raises
        ------
        UserError
            When it cannot be read or what is set in it is wrong.
        """
        from openiads.scenario import read

        return relisted(read(self.place(alternative.scenario), alternative.changes(knowledge)), alternative.listing)

    def examined(self, alternatives: Iterable[Alternative]) -> dict[str, str]:
        """Read enough alternatives to meet every path and every value at least once; return the digest of each scenario.

        Raises
        ------
        UserError
            When one of them cannot be read.
        """
        from openiads.scenario import digest

        met: set[tuple[str, str]] = set()
        digests: dict[str, str] = {}
        for one in alternatives:
            values = one.values(0).items()
            asked = {(one.scenario, path) for path, _ in values} | {(path, repr(value)) for path, value in one.settings}
            asked |= {(one.scenario, repr((one.only, one.without, one.listing > 0)))}
            if not asked <= met:
                self._find(one)
                self.scenario(one, 0)
                met |= asked
            if one.scenario not in digests:
                digests[one.scenario] = digest(self.scenario(Alternative("", one.scenario)))
        return digests

    def _find(self, alternative: Alternative) -> None:
        """Refuse a scenario that is not there, where the study names it."""
        from openiads.scenario.draft import find

        name = alternative.scenario
        if not name:
            raise UserError(f"{alternative.name}: no scenario is named; write scenario: NAME, shipped or a file beside the study")
        try:
            find(self.place(name))
        except UserError as error:
            raise UserError(f"{name.place}: {error}" if isinstance(name, Placed) else str(error)) from None

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

    def _arena(self, alternative: str, knowledge: int) -> "Arena":
        address = (alternative, knowledge, self.place(self.alternatives[alternative].scenario), self.catalogue)
        if address not in _arenas:
            from openiads.plan import plan
            from openiads.results.arena import Arena

            before = next(reversed(_arenas.values())).planned if _arenas else None
            while len(_arenas) >= ARENAS_KEPT:
                del _arenas[next(iter(_arenas))]
            asked = self.scenario(self.alternatives[alternative], knowledge)
            _arenas[address] = Arena(plan(asked, catalogue_of(self.catalogue), before))
        return _arenas[address]


_arenas: "dict[tuple[str, int, str, str | None], Arena]" = {}


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
