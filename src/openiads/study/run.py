"""Runs a study: plan of work, chunks, engine, storage, answers; resumable at any point because it asks the store each time."""

import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from openiads import catalogue, chance
from openiads.catalogue import Catalogue
from openiads.errors import UserError, WorkError
from openiads.results.origin import source_digest
from openiads.statistics.intervals import Interval, Moments, ratio
from openiads.study.alternatives import Alternative
from openiads.study.battle import EngineBattle
from openiads.study.engines import EngineMaker
from openiads.study.identity import differences
from openiads.study.job import Battle, Chunk, Column, Job
from openiads.study.kinds.base import Kind, Setting
from openiads.study.kinds.table import kind_of
from openiads.study.leases import SetAside, seconds_left
from openiads.study.local import Record
from openiads.study.measures import SHARES, WRONG_ENGAGEMENTS, measure
from openiads.study.model import AnyBlock, Size, Study
from openiads.study.outcome import Outcome, gathered
from openiads.study.storage import JOURNAL, Store, is_unused
from openiads.study.view import View

Arena = Callable[[Mapping[str, Alternative]], Battle]


class Progress(NamedTuple):
    """How far a study is: replications done and known to be wanted, time left [s], and the first measure of the alternative at work."""

    done: int
    wanted: int
    left_s: float
    interval: Interval | None
    about: str = ""


class Run:
    """One study at work in one folder."""

    def __init__(
        self,
        study: Study,
        folder: Path,
        arena: Arena,
        *,
        figures: Catalogue | None = None,
        on_start: Callable[[Mapping[str, Alternative]], None] | None = None,
        progress: Callable[[Progress], None] | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        """Prepare; nothing is written yet.

        Parameters
        ----------
        study : Study
        folder : Path
            Where results go.
        arena : callable
            Makes the battle for a set of alternatives.
        figures : Catalogue or None
            The catalogue to draw from; the shipped one when None.
        on_start : callable or None
            Called with the alternatives when the folder is ready and before work begins.
        progress, say : callable or None
            Called after each chunk, and with a sentence to the user.
        """
        self.study, self.folder, self._arena = study, folder, arena
        self._on_start, self._progress, self._say = on_start or (lambda _: None), progress, say or (lambda _: None)
        self._figures = figures or catalogue.load()
        self._kinds: list[Kind] = [kind_of(block, Setting(study.seed, study.level, self._figures)) for block in study.blocks]
        named = {*WRONG_ENGAGEMENTS, *(name for block in study.blocks for name in (*block.measures, *_also(block)))}
        asked = named | {SHARES[name] for name in named if name in SHARES}
        self._columns = {column for name in asked if (one := measure(name)) is not None for column in one.columns}
        self._sums: dict[str, Moments] = {}
        self._began = time.monotonic()
        self._done_before = 0
        self.alternatives: dict[str, Alternative] = {}
        self.set_aside: list[SetAside] = []
        self._scenarios: dict[str, str] = {}

    def go(self, make: EngineMaker, resume: bool = False) -> Outcome:
        """Run to the end and answer.

        Parameters
        ----------
        make : callable
            From ``engine_maker``.
        resume : bool
            Whether to go on with what the folder holds; without it a folder that holds a study is refused.

        Raises
        ------
        UserError
            When the folder holds another study, or the study cannot be run.
        WorkError
            When the work failed; what was recorded is intact.
        """
        self._refuse_other_folders(resume)
        with Store(self.folder) as store:
            self._view(store)
            identity = self._identity()
            is_resumed = self._take_up(store, identity)
            self._on_start(self.alternatives)
            try:
                self._work(store, make)
            except KeyboardInterrupt:
                kept = sum(store.count(one.key) for one in self.alternatives.values())
                raise WorkError(f"interrupted: {kept:,} replications are safe in {self.folder}; go on with --resume") from None
            view = self._view(store)
            return gathered(self.study, self._kinds, store, view, self.set_aside, identity, is_resumed, self._began)

    def _view(self, store: Store) -> View:
        aside: dict[str, int] = {}
        for one in self.set_aside:
            aside[one.chunk.alternative] = aside.get(one.chunk.alternative, 0) + one.chunk.count
        view = View(store, self.alternatives, self.study.level, self._columns, aside)
        for kind in self._kinds:
            for alternative in kind.alternatives(view):
                self.alternatives[alternative.name] = alternative
        return view

    def _identity(self) -> dict[str, Any]:
        """Return what must be the same for two studies to be one."""
        battle = self._arena(_by_key(self.alternatives))
        self._scenarios = scenarios = battle.examined(self.alternatives.values()) if isinstance(battle, EngineBattle) else {}
        return {
            "study": self.study.name,
            "seed": self.study.seed,
            "content": content_digest(self.study),
            "scenarios": scenarios,
            "catalogue": self._figures.digest,
            "draws": chance.SCHEME,
            "code": source_digest(),
        }

    def _refuse_other_folders(self, resume: bool) -> None:
        folder = self.folder
        if folder.is_file():
            raise UserError(f"{folder}: this is a file; name a folder for the results with --out")
        if not folder.exists() or ((folder / JOURNAL).exists() and resume):
            return
        if (folder / JOURNAL).exists():
            raise UserError(f"{folder}: holds a study already; go on with it by --resume, or choose another --out")
        if not is_unused(folder):
            raise UserError(f"{folder}: is not empty and holds no study; choose an empty or new folder with --out")

    def _take_up(self, store: Store, identity: dict[str, Any]) -> bool:
        """Check that the folder is for this study, tidy it, and say what will be done; return whether anything was there."""
        if store.identity is None:
            store.note({"identity": identity})
            return False
        if different := differences(store.identity, identity):
            raise UserError(f"{self.folder}: holds results of something else ({'; '.join(different[:5])}); choose another --out")
        if store.identity != identity:
            scenarios = {**store.identity["scenarios"], **identity["scenarios"]}
            store.note({"identity": {**identity, "scenarios": scenarios}})
            self._say("the study asks for something else than before; what was recorded stays true and is used")
        strays, bad = store.tidy()
        self._done_before = sum(store.count(one.key) for one in self.alternatives.values())
        words = [f"{len(store.parts)} part files hold {self._done_before:,} replications, verified by SHA-256"]
        if strays:
            words.append(f"{strays} files were written but never recorded and are removed")
        if bad:
            words.append(f"{len(bad)} parts are missing or altered and are computed again")
        self._refuse_fewer(store)
        left = sum(chunk.count for chunk in self._missing(store))
        words.append(f"{left:,} replications are left" if left else "nothing is left to compute at this stage")
        self._say(f"resuming {self.folder}: " + "; ".join(words))
        return bool(store.parts) or bool(bad)

    def _refuse_fewer(self, store: Store) -> None:
        """Refuse to answer from more than was asked for: the same request in a new folder would give another digest."""
        for key, count in self._wanted(store).items():
            if store.count(key) > count:
                raise UserError(
                    f"{self.folder}: holds {store.count(key):,} replications of an alternative of which this study asks for {count:,}; "
                    "ask for no fewer, or choose another --out"
                )

    def _wanted(self, store: Store) -> dict[str, int]:
        view = self._view(store)
        wanted: dict[str, int] = {}
        for kind in self._kinds:
            for name, count in kind.wanted(view).items():
                key = self.alternatives[name].key
                wanted[key] = max(count, wanted.get(key, 0))
        return wanted

    def _missing(self, store: Store) -> list[Chunk]:
        wanted = self._wanted(store)
        aside = {(one.chunk.alternative, one.chunk.first) for one in self.set_aside}
        missing = store.missing([Chunk(key, 0, count) for key, count in wanted.items()])
        return [part for chunk in missing for part in _without(chunk, aside)]

    def _work(self, store: Store, make: EngineMaker) -> None:
        """Ask the kinds what they want until they want nothing more; alternatives that appear on the way need a new engine."""
        missing = self._missing(store)
        while missing:
            known = _by_key(self.alternatives)
            battle = self._arena(known)
            if isinstance(battle, EngineBattle):
                battle = battle.pinned(self._scenarios)
            job = Job(battle, {key: one.inner for key, one in known.items()})
            with make(job) as engine:
                while missing and all(chunk.alternative in known for chunk in missing):
                    wanted = self._done_before + sum(chunk.count for chunk in missing)
                    self.set_aside += engine.run(missing, self._recorder(store, wanted), self._done_before)
                    self._done_before = wanted
                    missing = self._missing(store)

    def _recorder(self, store: Store, wanted: int) -> Record:
        before, began, done = self._done_before, time.monotonic(), 0
        block, named = self.study.blocks[0], {one.key: one.name for one in reversed(list(self.alternatives.values()))}
        headline = measure(getattr(block, "event", block.measures[0]))

        def record(chunk: Chunk, columns: dict[str, Column]) -> None:
            """Store a finished chunk and tell how far the study is, with the interval reached so far."""
            nonlocal done
            store.record(chunk, columns)
            done += chunk.count
            if self._progress is None:
                return
            interval, about = None, ""
            if headline is not None and set(headline.columns) <= columns.keys():
                sums = self._sums[chunk.alternative] = self._sums.get(chunk.alternative, Moments()).plus(headline.moments(columns))
                interval = ratio(sums, self.study.level) if sums.b else None
                about = f"{named[chunk.alternative]}: {headline.words}"
            self._progress(Progress(before + done, wanted, seconds_left(done, wanted - before, time.monotonic() - began), interval, about))

        return record


def content_digest(study: Study) -> str:
    """Return what changes whenever a study asks for something else."""
    return hashlib.sha256(repr(study.blocks).encode()).hexdigest()


def _also(block: AnyBlock) -> list[str]:
    """Return the measures that a block needs beside those it names."""
    found = [block.event] if isinstance(block, Size) else []
    return found + ([block.watched] if block.stop else [])


def _by_key(alternatives: Mapping[str, Alternative]) -> dict[str, Alternative]:
    return {one.key: one for one in alternatives.values()}


def _without(chunk: Chunk, aside: set[tuple[str, int]]) -> list[Chunk]:
    """Return a range without the replications that were set aside."""
    holes = sorted(number for key, number in aside if key == chunk.alternative and chunk.first <= number < chunk.end)
    found, first = [], chunk.first
    for hole in [*holes, chunk.end]:
        if hole > first:
            found.append(Chunk(chunk.alternative, first, hole - first))
        first = hole + 1
    return found
