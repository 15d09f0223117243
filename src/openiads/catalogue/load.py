"""Reads the catalogue's YAML files and refuses any figure without unit, basis or source."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from openiads.catalogue.figure import BASES, UNITS, CatalogueError, Figure, Rival, range_problem
from openiads.catalogue.model import Catalogue, Source, Text
from openiads.errors import names_like

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
    try:
        content = json.loads((folder / COMPILED).read_text(encoding="utf-8"))
        if content["files"] == digest:
            return _from_rows(content)
    except (OSError, ValueError, KeyError, TypeError):
        pass  # absent or damaged: the YAML files say the same
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
    """Read and check every YAML file of a folder; a file's name without ending is the first word of its paths.

    Raises
    ------
    CatalogueError : with every problem found, one a line.
    """
    if not (folder / SOURCES).is_file():
        raise CatalogueError(f"{folder}: there is no {SOURCES}, so no figure can name a source")
    reading = _Reading()
    reading.take_sources(folder / SOURCES)
    for path in sorted(folder.glob("*.yaml"), key=_file_order):
        if path.name != SOURCES:
            reading.take_figures(path)
    if reading.problems:
        raise CatalogueError("\n".join(reading.problems))
    return Catalogue(reading.figures, reading.texts, reading.sources)


def _file_order(path: Path) -> tuple[bool, str]:
    """Systems first, in the order of their names, then the shared files."""
    return path.stem in ("targets", "defaults", "doctrine", "pictures", "reference", "generic-sensors"), path.stem


@dataclass(slots=True)
class _Reading:
    """What was read so far, and what is wrong with it."""

    figures: dict[str, Figure] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def take_sources(self, file: Path) -> None:
        """Read the file of sources."""
        document = _document(file)
        entries = document.value if isinstance(document.value, Mapping) else {}
        for key, entry in entries.items():
            missing = [word for word in _SOURCE_KEYS if not isinstance(entry, Mapping) or word not in entry]
            if missing:
                self.problems.append(f"{file.name}:{document.position((key,))[0]}: {key}: the source has no {', no '.join(missing)}")
            else:
                row = [entry[word] for word in _SOURCE_KEYS]
                self.sources[key] = Source(key, *row, *([entry["note"]] if "note" in entry else []))

    def take_figures(self, file: Path) -> None:
        """Read one file of figures and texts."""
        document = _document(file)
        for place, value in _leaves(document.value, ()):
            path = ".".join([file.stem, *map(str, place)])
            found = list(self._keep(path, place, value))
            self.problems.extend(f"{file.name}:{document.position(place)[0]}: {path}: {what}" for what in found)

    def _keep(self, path: str, place: tuple[str, ...], value: Any) -> Iterator[str]:
        """Keep one leaf as a figure or a text, or yield what is wrong with it."""
        if any("." in word for word in place):
            yield "a name must not hold a dot, because dots separate the words of a path"
        elif isinstance(value, Mapping):
            wrong = list(_figure_problems(value, path, self.sources))
            yield from wrong
            if not wrong:
                self.figures[path] = _figure(value)
        elif isinstance(value, str | bool):
            self.texts[path] = value
        elif isinstance(value, list) and all(isinstance(word, str) for word in value):
            self.texts[path] = tuple(value)
        else:
            yield f"{str(value)[:60]} stands alone; write a figure with {', '.join(_REQUIRED)}, or text"


def _document(file: Path) -> Any:
    from openiads import strict_yaml  # only files that are read afresh pay for the YAML reader

    return strict_yaml.read(file.read_bytes(), file.name)


def _leaves(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping) and "value" not in value:
        for key, inner in value.items():
            yield from _leaves(inner, (*place, key))
    else:
        yield place, value


def _figure_problems(value: Mapping[str, Any], path: str, sources: Mapping[str, Source]) -> Iterator[str]:
    """Yield what is wrong with a figure's entry, each as a sentence."""
    missing = [key for key in _REQUIRED if key not in value]
    if missing:
        yield f"the figure has no {', no '.join(missing)}"
        return
    odd = [key for key in value if key not in _REQUIRED + _OPTIONAL]
    if odd:
        yield f"the figure has the unknown key {', '.join(odd)}"
    if not isinstance(value["unit"], str) or value["unit"] not in UNITS:
        yield f"the unit {value['unit']!r} is not known; use one of {', '.join(UNITS)}"
        return
    if value["basis"] not in BASES:
        yield f"the basis {value['basis']!r} is not known; use one of {', '.join(BASES)}"
    if not isinstance(value["checked"], bool):
        yield f"checked is {value['checked']!r}; write true or false"
    if not isinstance(value.get("note", ""), str):
        yield "the note is not text"
    yield from _source_problems(value, sources)
    yield from _number_problems(value, path)


def _source_problems(value: Mapping[str, Any], sources: Mapping[str, Source]) -> Iterator[str]:
    named = value["sources"]
    if not isinstance(named, list) or not named:
        yield "the figure names no source; write sources: [key] with a key of sources.yaml"
        return
    rivals = value.get("rivals", [])
    if not isinstance(rivals, list) or not all(map(_is_rival, rivals)):
        yield "rivals must be a list of {value: number, source: key}"
        rivals = []
    for key in [*named, *(rival["source"] for rival in rivals)]:
        if not isinstance(key, str) or key not in sources:
            yield f"the source {key!r} is not in sources.yaml; {names_like(str(key), list(sources)) or 'add it there'}"


def _is_rival(rival: Any) -> bool:
    return isinstance(rival, Mapping) and set(rival) == {"value", "source"} and _is_number(rival["value"])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number_problems(value: Mapping[str, Any], path: str) -> Iterator[str]:
    numbers = {key: value[key] for key in ("value", "low", "high")}
    for key, number in numbers.items():
        if not _is_number(number):
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
    return Figure(
        value=_plain(value["value"]) or 0.0,
        low=_plain(value["low"]),
        high=_plain(value["high"]),
        unit=value["unit"],
        basis=value["basis"],
        sources=tuple(value["sources"]),
        checked=value["checked"],
        rivals=tuple(Rival(float(rival["value"]), rival["source"]) for rival in value.get("rivals", [])),
        note=value.get("note", ""),
    )


def _plain(given: float | None) -> float | None:
    """A number without its spelling in the file, which YAML's reals remember."""
    return given if given is None or isinstance(given, int) else float(given)
