"""The verbs that look things up: ``check``, ``catalogue``, ``verify``."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from openiads.cli import output, progress
from openiads.errors import UserError

if TYPE_CHECKING:
    from openiads.catalogue import Catalogue
    from openiads.verify.case import Case


def check(file: str, json: bool) -> int:
    """Print every problem of a scenario file, or of the files beside it; exit code 2 when there is one."""
    from openiads.scenario.reader import check as examine

    problems = examine(file)
    notes: tuple[str, ...] = ()
    found = [(str(one), asdict(one)) for one in problems]
    if not problems:
        from openiads.plan.files import inspect
        from openiads.scenario import read

        try:
            notes = inspect(read(file))
        except UserError as error:
            found = [(str(error), {"name": file, "line": 1, "column": 1, "where": "", "what": str(error), "remedy": ""})]
    if json:
        output.answer({"file": file, "problems": [fields for _, fields in found], "notes": list(notes)})
    else:
        for words in (*(words for words, _ in found), *(f"note: {note}" for note in notes)):
            output.say(words)
        if not found:
            output.say(f"{file}: no problem found")
    return 2 if found else 0


def catalogue(name: str | None, json: bool) -> int:
    """Print what the catalogue holds, or the figures of one part."""
    from openiads.catalogue import load
    from openiads.catalogue.describe import entries, to_json

    known = load()
    if json:
        output.answer(to_json(known, name))
        return 0
    if name is None:
        rows = [(one.id, one.kind, one.name, one.figures, one.checked, one.judged) for one in entries(known)]
        output.console().print(output.table("Catalogue", ["id", "kind", "name", "figures", "checked", "judged"], rows))
        output.say("openiads catalogue ID lists the figures of one of them with their sources.")
        return 0
    _figures(known, name)
    return 0


def _figures(known: "Catalogue", name: str) -> None:
    """Print the figures below a name, the rivals beside them, and what the plausibility check says of them."""
    from openiads.catalogue.describe import figure_rows, findings_of, resolve

    prefix, figures = resolve(known, name), figure_rows(known, name)
    rows = [
        (
            one.path.removeprefix(f"{prefix}."),
            f"{one.value:g}",
            _spread(one.low, one.high),
            one.unit,
            one.basis + ("" if one.checked else ", not re-read"),
            "; ".join(one.sources),
        )
        for one in figures
    ]
    output.console().print(output.table(prefix, ["figure", "value", "low to high", "unit", "basis", "sources"], rows))
    rivals = [
        (one.path.removeprefix(f"{prefix}."), f"{one.value:g}", f"{value:g}", source) for one in figures for value, source in one.rivals
    ]
    if rivals:
        title = "Rival figures, kept beside the value used"
        output.console().print(output.table(title, ["figure", "value", "rival", "its source"], rivals))
    for found in findings_of(known, prefix):
        known_of = f"; known: {found['known']}" if found["known"] else ""
        output.say(f"Plausibility, {found['rule'].replace('_', ' ')}: {found['statement']}{known_of}")


def _spread(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:g} to {high:g}"


def verify(modules: list[str] | None, long: bool, json: bool) -> int:
    """Run the published cases; exit code 1 when a counted one does not hold."""
    from openiads.verify import run, summary

    with progress.stages() as stage:
        stage("checking")
        cases = run(modules or None, long, lambda done, of: stage(f"checking, case {done} of {of}"))
        found = summary(cases)
    if json:
        output.answer(found)
    else:
        for case in cases:
            output.say(_said(case))
        rows = [(name, count["passed"], count["failed"]) for name, count in found["by_module"].items()]
        output.console().print(output.table("Published cases", ["module", "hold", "fail"], rows, ("all", found["passed"], found["failed"])))
        output.say(f"{found['not_counted']} more are recalled or formulae alone: listed, not counted")
        failed = [case.id for case in cases if case.is_counted and not case.holds]
        if failed:
            output.say(f"Do not hold: {', '.join(failed)}")
    return 1 if found["failed"] else 0


def _said(case: "Case") -> str:
    """One case in two lines: what came out against what should, then what it is and where that stands."""
    verdict = "holds" if case.holds else "FAILS"
    counted = "" if case.is_counted else ", not counted"
    ours = case.failure or f"{case.ours:.9g}, off by {case.difference:.2g}"
    return (
        f"{verdict}  {case.module} {case.id}: {ours}; reference {case.reference:.9g}, tolerance {case.tolerance:.2g}\n"
        f"       {case.statement} ({case.status}{counted}; {case.source})"
    )
