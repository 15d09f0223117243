"""The real battle of a study: scenarios read, planned and fought in the process that asks, the last arenas kept."""

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
    folder of the study.  ``catalogue`` is the text of the catalogue used, None for the shipped one.  ``digests`` holds what each
    scenario was when the study began, from ``pinned``: a file that is edited since then is refused.
    """

    seed: int
    alternatives: Mapping[str, Alternative]
    sources: Mapping[str, str] = field(default_factory=dict)
    home: str | None = None
    catalogue: str | None = None
    digests: Mapping[str, str] = field(default_factory=dict)

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
        """Read enough alternatives to meet every path, every value and the ends of every range; return the digest of each scenario.

        Raises
        ------
        UserError
            When one of them cannot be read.
        """
        met: set[tuple[str, str]] = set()
        digests: dict[str, str] = {}
        for one in alternatives:
            values = one.values(0).items()
            asked = {(one.scenario, path) for path, _ in values} | {(path, repr(value)) for path, value in one.settings}
            asked |= {(one.scenario, repr((one.only, one.without, one.listing > 0)))}
            if not asked <= met:
                self._find(one)
                for sample in one.sampling.ends if one.sampling is not None else (0,):
                    self.scenario(one, sample)
                met |= asked
            if one.scenario not in digests:
                digests[one.scenario] = self._digest(one.scenario)
        return digests

    def pinned(self, known: Mapping[str, str]) -> "EngineBattle":
        """Return the same battle, held to what its scenarios are now, or were when ``known`` was taken."""
        names = dict.fromkeys(one.scenario for one in self.alternatives.values())
        return replace(self, digests={name: known[name] if name in known else self._digest(name) for name in names})

    def _digest(self, name: str) -> str:
        from openiads.scenario import digest

        return digest(self.scenario(Alternative("", name)))

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
        asked = self.alternatives[alternative]
        pinned = self.digests.get(asked.scenario, "")
        address = (alternative, knowledge, self.place(asked.scenario), pinned, self.catalogue)
        if address not in _arenas:
            self._refuse_edited(asked.scenario, pinned)
            from openiads.plan import plan
            from openiads.results.arena import Arena

            before = next(reversed(_arenas.values())).planned if _arenas else None
            while len(_arenas) >= ARENAS_KEPT:
                del _arenas[next(iter(_arenas))]
            _arenas[address] = Arena(plan(self.scenario(asked, knowledge), catalogue_of(self.catalogue), before))
        return _arenas[address]

    def _refuse_edited(self, name: str, pinned: str) -> None:
        """Refuse a scenario's file that is no longer what it was; what is shipped stays as it is."""
        place = self.place(name)
        if pinned and place.endswith((".yaml", ".yml", ".json")) and self._digest(name) != pinned:
            raise UserError(f"{place}: was edited while its study ran; what is recorded is of the old one: begin anew in another --out")


_arenas: "dict[tuple[str, int, str, str, str | None], Arena]" = {}


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
