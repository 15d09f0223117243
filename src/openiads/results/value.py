"""A scenario fought, as a value that answers what happened, how sure that is, and why."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openiads.errors import UserError
from openiads.log import Log, combined
from openiads.plan import Planned
from openiads.results import outcome
from openiads.results.batch import Batch
from openiads.results.belief import beliefs
from openiads.results.relations import Tables
from openiads.results.source import Source
from openiads.results.story import replications_table, sentences
from openiads.results.tables import tables
from openiads.scenario.models import Scenario

if TYPE_CHECKING:
    from openiads.hand import Hand
    from openiads.model.allocation import Gap
    from openiads.results.policies import Chosen


@dataclass(frozen=True)
class Run:
    """One scenario fought once or many times.

    Attributes
    ----------
    planned : Planned
        The scenario, its plan and the words behind the plan's rows.
    seed : int
    batch : Batch
        Integer counts and log digest of each replication.
    log : Log or None
        The record of the first replication, traced; None after many replications.
    wall_s : float
        Time that fighting took [s].
    folder : Path or None
        Where the run was written.
    source : Source or None
        The scenario's name or file and the changes asked for, so that the run can be repeated; None for a scenario that was in memory.
    policy : Chosen or None
        The user's own policy that chose the orders; None: doctrine's algorithm.
    gaps : list of Gap or None
        How far each heuristic lies from the optimum on the assignment problems of these battles, where they were recorded.
    """

    planned: Planned
    seed: int
    batch: Batch
    log: Log | None
    wall_s: float
    folder: Path | None = None
    source: Source | None = None
    policy: "Chosen | None" = None
    gaps: "list[Gap] | None" = None

    @property
    def scenario(self) -> Scenario:
        """Return what was asked."""
        return self.planned.scenario

    @property
    def replications(self) -> int:
        """Return how often it was fought."""
        return len(self.batch.rows)

    @cached_property
    def digest(self) -> str:
        """Return the digest of the canonical log, see ``openiads.log``."""
        return combined(self.batch.digests)

    @cached_property
    def outcome(self) -> dict[str, int]:
        """Return integer totals over all replications."""
        return outcome.outcome(self.batch.columns)

    @cached_property
    def intervals(self) -> dict[str, Any]:
        """Return {measure: Interval}, see ``outcome.intervals``."""
        return outcome.intervals(self.batch.columns)

    @cached_property
    def why(self) -> dict[str, int]:
        """Return the first broken link of the leakers: {link: count}, in the order of the chain."""
        return outcome.why(self.batch.columns)

    @cached_property
    def by_class(self) -> list[dict[str, Any]]:
        """Return the totals of every target class."""
        return outcome.by_class(self.batch.layout, self.batch.rows)

    @cached_property
    def by_system(self) -> list[dict[str, Any]]:
        """Return the totals of every system of the defence."""
        return outcome.by_system(self.batch.layout, self.batch.rows)

    @cached_property
    def economics(self) -> dict[str, Any]:
        """Return rounds, costs and magazines; see ``economics.economics``."""
        from openiads.results.economics import economics

        return economics(self.batch.layout, self.planned.catalogue, self.batch.rows)

    @cached_property
    def tables(self) -> Tables:
        """Return the tables: of what happened in one replication, or ``replications`` with one row each."""
        if self.log is not None:
            return tables(self.planned, self.log)
        return Tables({"replications": lambda: replications_table(self.batch.columns, self.batch.first, self.batch.digests)})

    @cached_property
    def sentences(self) -> list[str]:
        """Return a sentence for every leaker of one replication; none after many."""
        return [] if self.log is None else sentences(self.planned, self.log, self.tables)

    def believed(self, target: str | None = None) -> list[str]:
        """Return why each launch at an object took place: what was believed of it then, and on what evidence.

        Parameters
        ----------
        target : name of an object; every civil and friendly one where None

        Raises
        ------
        UserError : no object has that name.
        """
        if target is not None and target not in self.planned.names.objects:
            raise UserError(f"there is no object {target!r} in {self.scenario.name}; objects are named as in the outcomes table")
        return [] if self.log is None else beliefs(self.planned, self.tables, target)

    @cached_property
    def hand(self) -> "Hand":
        """Return the page of arithmetic that stands beside the outcome."""
        from openiads.hand import hand

        return hand(self.planned)

    @property
    def beside(self) -> tuple[float | None, str]:
        """Return kills over kills by hand, and a sentence on how they differ."""
        from openiads.hand import beside

        return beside(self.hand, self.outcome, self.why, self.replications)

    def replay(self, replication: int) -> "Run":
        """Return one replication of this run by itself, with its record, tables and sentences."""
        from openiads.results.running import fight

        return replace(fight(self.planned, self.seed, 1, replication, policy=self.policy), source=self.source)

    def save(self, folder: str | Path) -> "Run":
        """Write the run into a folder and return it with that folder; see ``folder.save``."""
        from openiads.results.folder import save

        return replace(self, folder=save(self, folder))

    def _repr_html_(self) -> str:
        from importlib import import_module

        page = import_module("openiads.show.pages").run_page(self)
        return str(import_module("openiads.show.replay_page").repr_html(page))

    def as_json(self) -> dict[str, Any]:
        """Return the keys of ``run --json``."""
        ratio, said = self.beside
        return {
            "scenario": self.scenario.name,
            "seed": self.seed,
            "replications": self.replications,
            "duration_s": self.scenario.duration_s,
            "wall_s": round(self.wall_s, 3),
            "digest": self.digest,
            "folder": None if self.folder is None else str(self.folder),
            "outcome": self.outcome,
            "intervals": {name: one.as_json() for name, one in self.intervals.items()},
            "why": self.why,
            "by_class": self.by_class,
            "by_system": self.by_system,
            "by_asset": outcome.by_asset(self.batch.layout, self.batch.rows),
            "losses": outcome.losses(self.batch.layout, self.batch.rows),
            "economics": self.economics,
            **({} if self.policy is None else {"policy": self.policy.as_json()}),
            **({} if self.gaps is None else {"gaps": [gap._asdict() for gap in self.gaps]}),
            "hand": {**self.hand.as_json(), "ratio": ratio, "said": said},
        }
