"""The verbs ``study`` and ``rerun`` as functions: from a name to written results and the JSON answer."""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openiads.errors import UserError
from openiads.study import bundle, inputs, reading, report
from openiads.study.alternatives import Alternative
from openiads.study.aside import Aside
from openiads.study.assumptions import exercised
from openiads.study.battle import EngineBattle, catalogue_of
from openiads.study.by_hand import by_hand
from openiads.study.engines import engine_maker
from openiads.study.job import Battle
from openiads.study.outcome import Outcome, shown
from openiads.study.overriding import overridden
from openiads.study.run import Progress, Run, content_digest
from openiads.study.written import RESULT, Report, plain, write

if TYPE_CHECKING:
    from openiads.catalogue import Catalogue
    from openiads.scenario import Scenario


def study(
    name_or_path: str | Path,
    out: str | Path,
    *,
    engine: str = "local",
    workers: int | None = None,
    resume: bool = False,
    overrides: Sequence[str] = (),
    progress: Callable[[Progress], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> Report:
    """Run a study to its end and write ``study.json``, the part files and what it was made from.

    Parameters
    ----------
    name_or_path : str or Path
        A shipped study or a file.
    out : str or Path
        Folder of the results: new, empty, or one of the same study with ``resume``.
    engine : str
        ``local``, ``inline`` (in this process) or ``dask://HOST:PORT``.
    workers : int or None
        Worker processes of the local engine; every core when None.
    resume : bool
        Go on with what the folder holds.
    overrides : sequence of str
        PATH=VALUE, see ``overriding.overridden``.
    progress, say : callable or None
        Called after each chunk, and with a sentence to the user.

    Returns
    -------
    Report
        The content of ``study.json``, a dict; keys of the contract first.

    Raises
    ------
    UserError
        A wrong request (exit code 2), or as WorkError failed work (exit code 1).
    """
    found, path = reading.read(name_or_path)
    chosen, folder = overridden(found, overrides), Path(out)
    battles = _Battles(EngineBattle(chosen.seed, {}, home=str(path.parent)))
    aside = Aside(battles.read)

    def on_start(alternatives: Mapping[str, Alternative]) -> None:
        """Save what the study is made of, so that it can be repeated."""
        inputs.save(folder, path.read_bytes(), overrides, battles.last, alternatives)
        aside.begin([alternatives[name] for name, _ in shown(chosen, alternatives)])

    run = Run(chosen, folder, battles, on_start=on_start, progress=progress, say=say)
    _warm(say)
    try:
        return _finish(run.go(engine_maker(engine, workers), resume), battles, aside)
    finally:
        aside.stop()


def rerun(
    folder_or_bundle: str | Path,
    out: str | Path | None = None,
    *,
    engine: str = "local",
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> dict[str, Any]:
    """Repeat a study from what lies in its folder or bundle, offline, and compare digests, and answers where nothing else differs.

    Returns
    -------
    dict
        ``study, digest, again, same, folder, notes``.

    Raises
    ------
    UserError
        When there is no study to repeat.
    """
    given = Path(folder_or_bundle)
    with tempfile.TemporaryDirectory(prefix="openiads-rerun-") as scratch:
        home = given if given.is_dir() else bundle.unpack(given, Path(scratch) / "bundle")
        text, overrides, sources, figures = inputs.load(home)
        try:
            known = json.loads((home / RESULT).read_bytes())
        except (OSError, ValueError):
            raise UserError(f"{given}: holds no finished study; finish it with --resume first") from None
        chosen = overridden(reading.parse(text, f"{given.name}/{inputs.STUDY}"), overrides)
        before = known.get("manifest", {}).get("identity", {})
        if before.get("content", content_digest(chosen)) != content_digest(chosen):
            raise UserError(f"{given}: was asked for something else after its results were written; finish it with --resume first")
        target = Path(out) if out is not None else Path(scratch) / "again"
        battles = _Battles(EngineBattle(chosen.seed, {}, sources, catalogue=figures))

        def on_start(alternatives: Mapping[str, Alternative]) -> None:
            """Save what the study is made of beside the repetition, so that it can be repeated too."""
            inputs.save(target, text, overrides, battles.last, alternatives)

        run = Run(chosen, target, battles, figures=catalogue_of(figures), on_start=on_start, progress=progress)
        outcome = run.go(engine_maker(engine, workers))
        if out is not None:
            _finish(outcome, battles, Aside(battles.read))
    notes = [f"{key} differs" for key in ("code", "catalogue", "draws") if before.get(key) != outcome.identity.get(key)]
    same = known.get("digest") == outcome.digest
    if same and not notes and known.get("answers") != plain([one.as_json() for one in outcome.answers]):
        same = False
        notes.append("the outcomes are the same, but the answers in study.json are not those that they give: the file was altered")
    again = {"study": chosen.name, "digest": known.get("digest"), "again": outcome.digest, "same": same}
    return {**again, "folder": None if out is None else str(target), "notes": notes}


def _warm(say: Callable[[str], None] | None) -> None:
    """Compile the engine before any worker starts, where this machine has not done so yet."""
    from openiads.engine.warm import Warming

    warming = Warming()
    if warming.is_needed:
        if say is not None:
            say("compiling kernels, once for this machine: up to a minute")
        warming.finish()


class _Battles:
    """Makes the engine's battle for a set of alternatives and remembers the last one."""

    def __init__(self, first: EngineBattle) -> None:
        self.last = first

    def __call__(self, alternatives: Mapping[str, Alternative]) -> Battle:
        self.last = replace(self.last, alternatives=dict(alternatives))
        return self.last

    def read(self, alternatives: Sequence[Alternative]) -> "tuple[dict[str, Scenario], Catalogue]":
        """Return the scenarios of alternatives by their names, at stated values, and the catalogue they are fought with."""
        return {one.name: self.last.scenario(one) for one in alternatives}, catalogue_of(self.last.catalogue)


def _finish(outcome: Outcome, battles: _Battles, aside: Aside) -> Report:
    first = {one.scenario: one for one in reversed(list(outcome.alternatives.values()))}
    scenarios = [battles.last.scenario(first[name]) for name in sorted(first)]
    nights = {one.name: one.replications for one in outcome.side_by_side}
    known = aside.of([outcome.alternatives[one.name] for one in outcome.side_by_side])
    found = Report(plain(report.content(outcome, exercised(scenarios), known.reach, by_hand(known.pages, outcome.totals, nights))))
    write(outcome.folder, found)
    return found
