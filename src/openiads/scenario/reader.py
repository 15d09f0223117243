"""Scenario files in, scenarios out: every problem found at once, each where it was written."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from openiads import catalogue
from openiads.catalogue import Catalogue
from openiads.scenario import checks, overrides, references, translate
from openiads.scenario.draft import Draft, Steps, from_mapping, open_draft
from openiads.scenario.expand import expanded
from openiads.scenario.models import FORMAT, Scenario
from openiads.scenario.reducing import ReducingError, reduced
from openiads.strict_yaml import Problem, StrictYamlError


class ScenarioError(StrictYamlError):
    """A scenario that cannot be used; ``problems`` holds everything found wrong."""


Overrides = Iterable[str] | Mapping[str, Any]


def read(name_or_path: str | Path, overrides: Overrides = ()) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    name_or_path : name of a shipped scenario, or path of a file.
    overrides : texts PATH=VALUE, or a mapping of path to value, set after the file was read; a path goes by keys and names, such as
        ``objects.cm.count``, ``drones.count`` (the object named drones), ``sites.s400.load.48N6E3``, ``doctrine.reserve``,
        ``catalogue.s-400.missiles.48N6E3.range_max``.

    Returns
    -------
    Scenario : frozen, in SI; numbers given as distributions are at their medians.

    Raises
    ------
    UserError : no such scenario or path.
    ScenarioError : with every problem of the file, each with file, line and column.
    """
    draft = open_draft(name_or_path)
    return _finished(draft, overrides)


def build(value: Mapping[str, Any], overrides: Overrides = (), *, folder: Path | None = None, name: str = "scenario") -> Scenario:
    """Return the scenario that a mapping of plain values says, checked as a file would be.

    Raises
    ------
    ScenarioError : with every problem, each with its path.
    """
    return _finished(from_mapping(value, name, folder), overrides)


def check(path: str | Path, overrides: Overrides = ()) -> list[Problem]:
    """Return every problem of a scenario file, in file order; an empty list when it can be used.

    Raises
    ------
    UserError : no such file.
    """
    draft = open_draft(path)
    _examined(draft, overrides)
    return _ordered(draft.problems)


def _finished(draft: Draft, wanted: Overrides) -> Scenario:
    found = _examined(draft, wanted)
    if draft.problems or found is None:
        raise ScenarioError(_ordered(draft.problems))
    return found


def _examined(draft: Draft, wanted: Overrides) -> Scenario | None:
    """Apply overrides, check everything that can be checked, and return the scenario when its form is right."""
    if not draft.documents and draft.problems:
        return None
    overrides.apply_changes(draft)
    overrides.apply(draft, wanted)
    known = catalogue.load()
    written = [(problem.line, problem.column) for problem in draft.problems]
    found = _validated(draft)
    references.check(draft, known)
    _factors(draft)
    for path, what, remedy in _senseless(draft, found, known):
        draft.add(path, what, remedy)
    if written:
        here = set(written)
        first = len(written)
        draft.problems[first:] = [problem for problem in draft.problems[first:] if (problem.line, problem.column) not in here]
    if found is None or draft.problems:
        return None
    try:
        return reduced(expanded(found.with_folder(draft.folder)))
    except ReducingError as error:
        draft.add((error.key,), error.what, error.remedy)
        return None


def _validated(draft: Draft) -> Scenario | None:
    form = draft.value.get("format")
    if form is not None and form != FORMAT:
        draft.add(("format",), f'the format "{form}" is not known', f"write format: {FORMAT}")
    try:
        return Scenario.model_validate(draft.value)
    except ValidationError as error:
        baseless = "base" in draft.value and len(set(map(id, draft.documents.values()))) < 2
        for one in error.errors(include_url=False):
            if baseless and one["type"] == "missing" and len(one["loc"]) == 1 and draft.problems:
                continue  # the base would have said it
            if one["type"] == "default_factory_not_called":
                continue  # another problem of the same group says why
            if one["loc"] != ("format",) or one["type"] == "missing":
                draft.problems.append(translate.problem(draft, one))
        return None


def _senseless(draft: Draft, found: Scenario | None, known: Catalogue) -> Iterator[checks.Finding]:
    """Yield what does not make sense in every part whose form is right, even when other parts are wrong."""
    parts = {key: _parts(draft, found, key) for key in checks.PARTS}
    single: dict[str, Callable[[Any, Catalogue], Iterator[checks.Finding]]] = {"objects": checks.group, "sites": checks.site}
    for key, examine in single.items():
        for index, part in parts[key]:
            yield from _under((key, index), examine(part, known))
    yield from _under(("objects",), checks.family(parts["objects"]))
    yield from _under(("sites",), checks.hierarchy(parts["sites"]))
    for key, (model, examine_section) in checks.SECTIONS.items():
        section = getattr(found, key) if found else _lone(model, draft.value.get(key))
        if section is not None:
            yield from _under((key,), examine_section(section))
    if found is not None:
        yield from checks.whole(found)


def _parts(draft: Draft, found: Scenario | None, key: str) -> list[tuple[int, Any]]:
    if found is not None:
        return list(enumerate(getattr(found, key)))
    made = [(index, _lone(checks.PARTS[key], member)) for index, member in translate.raw_members(draft.value, key)]
    return [(index, part) for index, part in made if part is not None]


def _lone(model: Any, value: object) -> Any:
    try:
        return None if value is None else model.model_validate(value)
    except ValidationError:
        return None


def _under(path: Steps, findings: Iterable[checks.Finding]) -> Iterator[checks.Finding]:
    for inner, what, remedy in findings:
        yield (*path, *inner), what, remedy


def _factors(draft: Draft) -> None:
    """Note each change of a factor that leads nowhere."""
    for index, factor in translate.raw_members(draft.value, "factors"):
        changes = factor.get("set")
        for path, value in (changes if isinstance(changes, dict) else {}).items():
            try:
                overrides.assign(copy.deepcopy(draft.value), str(path), value)
            except overrides.PathError as error:
                draft.add(("factors", index, "set", path), error.what, error.remedy, at_key=True)


def _ordered(problems: list[Problem]) -> list[Problem]:
    """Return problems in file order, each said once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.name, problem.line, problem.column))
