"""Reads the catalogue's YAML files and refuses any figure without unit, basis or source."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from openiads.catalogue.figure import BASES, UNITS, CatalogueError, Figure, Rival, range_problem
from openiads.catalogue.model import Catalogue, Source, Text

DATA = Path(__file__).parent / "data"
COMPILED = "compiled.json"
SOURCES = "sources.yaml"

_REQUIRED = ("value", "low", "high", "unit", "basis", "sources", "checked")
_OPTIONAL = ("rivals", "note")
_SOURCE_KEYS = ("title", "url", "year", "kind", "checked", "reliability")


@cache
def load(folder: Path = DATA) -> Catalogue:
    """Return the catalogue of a folder of YAML files, by default the shipped one.

    The shipped folder holds ``compiled.json``, the same content parsed and checked before; it is used only while its
    digest matches the YAML files, so an edited file is always read afresh.

    Raises
    ------
    CatalogueError : a figure lacks unit, basis or source, names an unknown source, or has its value outside low..high;
        the message names file, line and path of each.
    """
    digest = files_digest(folder)
    compiled = folder / COMPILED
    if compiled.is_file():
        content = json.loads(compiled.read_text(encoding="utf-8"))
        if content["files"] == digest:
            return _from_rows(content)
    return read_folder(folder)


def files_digest(folder: Path) -> str:
    """Return SHA-256 over the names and bytes of a folder's YAML files."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def rows(catalogue: Catalogue, files: str) -> dict[str, Any]:
    """Return a catalogue as plain JSON values, with the digest of the files it was read from."""
    sources = {key: [s.title, s.url, s.year, s.kind, s.checked, s.reliability, s.note] for key, s in catalogue.sources.items()}
    figures = {path: figure.row() for path, figure in catalogue.figures.items()}
    return {"files": files, "figures": figures, "texts": dict(catalogue.texts), "sources": sources}


def _from_rows(content: dict[str, Any]) -> Catalogue:
    texts: dict[str, Text] = {path: tuple(text) if isinstance(text, list) else text for path, text in content["texts"].items()}
    sources = {key: Source(key, *row) for key, row in content["sources"].items()}
    return Catalogue({path: Figure.from_row(row) for path, row in content["figures"].items()}, texts, sources)


def read_folder(folder: Path) -> Catalogue:
    """Read and check every YAML file of a folder; a file's name without ending is the first word of its paths."""
    from openiads import strict_yaml

    problems: list[str] = []
    sources_file = folder / SOURCES
    if not sources_file.is_file():
        raise CatalogueError(f"{folder}: there is no {SOURCES}, so no figure can name a source")
    document = strict_yaml.read(sources_file.read_bytes(), SOURCES)
    sources = _sources(document, problems)
    figures: dict[str, Figure] = {}
    texts: dict[str, Text] = {}
    for path in sorted(folder.glob("*.yaml"), key=_file_order):
        if path.name == SOURCES:
            continue
        document = strict_yaml.read(path.read_bytes(), path.name)
        for place, value in _leaves(document.value, ()):
            _take(document, path.stem, place, value, sources, figures, texts, problems)
    if problems:
        raise CatalogueError("\n".join(problems))
    return Catalogue(figures, texts, sources)


def _file_order(path: Path) -> tuple[bool, str]:
    """Systems first, in the order of their names, then the shared files."""
    return path.stem in ("targets", "defaults", "doctrine", "pictures", "reference", "generic-sensors"), path.stem


def _leaves(value: Any, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, Mapping) and "value" not in value:
        for key, inner in value.items():
            yield from _leaves(inner, (*place, key))
    else:
        yield place, value


def _take(
    document: Any,
    stem: str,
    place: tuple[str | int, ...],
    value: Any,
    sources: Mapping[str, Source],
    figures: dict[str, Figure],
    texts: dict[str, Text],
    problems: list[str],
) -> None:
    """Keep one leaf as a figure or a text, or note what is wrong with it."""
    path = ".".join([stem, *map(str, place)])
    line = f"{document.name}:{document.position(place)[0]}: {path}"
    if any("." in str(word) for word in place):
        problems.append(f"{line}: a name must not hold a dot, because dots separate the words of a path")
    elif isinstance(value, Mapping):
        found = [f"{line}: {what}" for what in _figure_problems(value, path, sources)]
        problems.extend(found)
        if not found:
            figures[path] = _figure(value)
    elif isinstance(value, (str, bool)):
        texts[path] = value
    elif isinstance(value, list) and all(isinstance(word, str) for word in value):
        texts[path] = tuple(value)
    else:
        problems.append(f"{line}: {value!r} stands alone; write a figure with {', '.join(_REQUIRED)}, or text")


def _figure_problems(value: Mapping[str, Any], path: str, sources: Mapping[str, Source]) -> Iterator[str]:
    """Yield what is wrong with a figure's entry, each as a sentence."""
    missing = [key for key in _REQUIRED if key not in value]
    if missing:
        yield f"the figure has no {', no '.join(missing)}"
        return
    odd = [key for key in value if key not in _REQUIRED + _OPTIONAL]
    if odd:
        yield f"the figure has the unknown key {', '.join(odd)}"
    if value["unit"] not in UNITS:
        yield f"the unit {value['unit']!r} is not known; use one of {', '.join(UNITS)}"
        return
    if value["basis"] not in BASES:
        yield f"the basis {value['basis']!r} is not known; use one of {', '.join(BASES)}"
    if not isinstance(value["checked"], bool):
        yield f"checked is {value['checked']!r}; write true or false"
    yield from _source_problems(value, sources)
    yield from _number_problems(value, path)


def _source_problems(value: Mapping[str, Any], sources: Mapping[str, Source]) -> Iterator[str]:
    from openiads.strict_yaml import names_like

    named = value["sources"]
    if not isinstance(named, list) or not named:
        yield "the figure names no source; write sources: [key] with a key of sources.yaml"
        return
    rivals = value.get("rivals", [])
    if not isinstance(rivals, list) or not all(isinstance(rival, Mapping) and set(rival) == {"value", "source"} for rival in rivals):
        yield "rivals must be a list of {value, source}"
        rivals = []
    for key in [*named, *(rival["source"] for rival in rivals)]:
        if key not in sources:
            yield f"the source {key!r} is not in sources.yaml; {names_like(str(key), list(sources)) or 'add it there'}"


def _number_problems(value: Mapping[str, Any], path: str) -> Iterator[str]:
    numbers = {key: value[key] for key in ("value", "low", "high")}
    for key, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            if number is not None or key == "value":
                yield f"{key} is {number!r}, not a number"
                return
            continue
        wrong = range_problem(number, value["unit"], path)
        if wrong:
            yield f"{key} {number:g} {wrong}"
    low, high = numbers["low"], numbers["high"]
    if low is not None and high is not None and low > high:
        yield f"low {low:g} is above high {high:g}"
    elif (low is not None and numbers["value"] < low) or (high is not None and numbers["value"] > high):
        yield f"value {numbers['value']:g} lies outside low {low} .. high {high}"


def _figure(value: Mapping[str, Any]) -> Figure:
    def number(key: str) -> float | None:
        given = value[key]
        return given if given is None or isinstance(given, int) else float(given)

    return Figure(
        value=number("value") or 0.0,
        low=number("low"),
        high=number("high"),
        unit=value["unit"],
        basis=value["basis"],
        sources=tuple(value["sources"]),
        checked=value["checked"],
        rivals=tuple(Rival(float(rival["value"]), rival["source"]) for rival in value.get("rivals", [])),
        note=value.get("note", ""),
    )


def _sources(document: Any, problems: list[str]) -> dict[str, Source]:
    found = {}
    for key, entry in document.value.items():
        missing = [word for word in _SOURCE_KEYS if not isinstance(entry, Mapping) or word not in entry]
        if missing:
            problems.append(f"{document.name}:{document.position((key,))[0]}: {key}: the source has no {', no '.join(missing)}")
        else:
            row = [entry[word] for word in _SOURCE_KEYS]
            found[key] = Source(key, *row, *([entry["note"]] if "note" in entry else []))
    return found
