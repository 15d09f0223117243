"""What a study names of the catalogue: the classes and systems of measures, and the figures that it varies."""

import fnmatch
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from openiads.catalogue.unread import unread
from openiads.errors import names_like
from openiads.study.measures import PER_CLASS, part_of
from openiads.study.model import AnyBlock, Design, Knowledge, Sensitivity, Size
from openiads.study.unknowns import CATALOGUE

if TYPE_CHECKING:
    from openiads.catalogue import Catalogue

Finding = tuple[tuple[str | int, ...], str, str, bool]
"""path within the block, what is wrong, what to do, whether it is the key that is wrong"""


def examine(block: AnyBlock, catalogue: "Catalogue") -> Iterator[Finding]:
    """Yield what a block names that the catalogue does not have, or that no battle reads."""
    for path, name in _measures(block):
        if trouble := _part(name, catalogue):
            yield path, *trouble, False
    for path, figures in _figures(block):
        for figure, known in figures.items():
            if trouble := _twice(figure, figures) or _figure(figure, known, catalogue):
                yield (*path, figure), *trouble, True


def _measures(block: AnyBlock) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield from ((("measures", number), name) for number, name in enumerate(block.measures))
    if isinstance(block, Size):
        yield ("event",), block.event
    if block.stop and block.stop.measure:
        yield ("stop", "measure"), block.stop.measure


def _part(name: str, catalogue: "Catalogue") -> tuple[str, str] | None:
    """Return what is wrong with what stands after the stroke of a measure, and what to do."""
    from openiads.model.codes import WHY

    base, stroke, inner = name.partition(PER_CLASS)
    if not stroke:
        return None
    part = part_of(base)
    known = {"target class": list(catalogue.targets), "system": list(catalogue.systems), "link": list(WHY)}.get(part, [])
    if not known:
        return f'"{base}" is not told apart by "{inner}"', f"write {base}"
    if inner in known:
        return None
    return f'no {part} is called "{inner}"', names_like(inner, known) or f"after {base}/ write one of {', '.join(known)}"


def _figures(block: AnyBlock) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if isinstance(block, Knowledge):
        yield ("knowledge", "figures"), block.knowledge.figures
    if isinstance(block, Sensitivity):
        yield ("figures",), block.figures
    if isinstance(block, Design):
        yield ("ranges",), block.ranges


def _twice(path: str, figures: dict[str, Any]) -> tuple[str, str] | None:
    name = path.removeprefix(CATALOGUE)
    return (f'"{name}" stands twice, with and without {CATALOGUE}', "write it once") if name != path and name in figures else None


def _figure(path: str, known: Any, catalogue: "Catalogue") -> tuple[str, str] | None:
    """Return what is wrong with a figure that a study varies, and what to do."""
    name = str(path).removeprefix(CATALOGUE)
    if "*" in name or "?" in name:
        return _pattern(name, catalogue)
    if not catalogue.has(name):
        near = names_like(name, list(catalogue.figures))
        if known == "range":
            remedy = "write a distribution, {uniform: [1, 2]}, where this is a path of the scenario"
            return f'"{name}" is no catalogue figure, so it has no range of its own', f"{near} or {remedy}" if near else remedy
        return (f'"{name}" is no catalogue figure', near or "list them with: openiads catalogue NAME") if path != name else None
    if instead := unread(name):
        return f'no battle reads the catalogue\'s figure "{name}"', instead
    if known == "range" and not _has_range(name, catalogue):
        return f'the catalogue states no low and high for "{name}"', "write a distribution in place of range"
    return None


def _pattern(pattern: str, catalogue: "Catalogue") -> tuple[str, str] | None:
    fitting = fnmatch.filter(catalogue.figures, pattern)
    if not fitting:
        return f'no catalogue figure fits the pattern "{pattern}"', "list the figures with: openiads catalogue NAME"
    drawn = [one for one in fitting if _has_range(one, catalogue)]
    dead = [one for one in drawn if unread(one)]
    if dead:
        shown = ", ".join(dead[:5]) + (f" and {len(dead) - 5} more" if len(dead) > 5 else "")
        return f'the pattern "{pattern}" fits figures that no battle reads: {shown}', "write a narrower pattern, or the paths one by one"
    return None


def _has_range(name: str, catalogue: "Catalogue") -> bool:
    figure = catalogue.figure(name)
    return figure.low is not None and figure.high is not None and figure.low < figure.high
