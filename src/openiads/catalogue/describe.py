"""Plain rows of the catalogue for people (``openiads catalogue [NAME]``) and for programs (``--json``)."""

from dataclasses import dataclass
from typing import Any

from openiads.catalogue.figure import Figure
from openiads.catalogue.model import Catalogue, Text
from openiads.errors import UserError, names_like

SHARED = ("defaults", "doctrine", "pictures", "reference")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of what the catalogue holds."""

    id: str
    kind: str  # system | target class | shared
    name: str
    figures: int
    checked: int
    judged: int


@dataclass(frozen=True, slots=True)
class Row:
    """One figure with its provenance, ready to print. ``shared`` says that it stands under defaults for all."""

    path: str
    value: float
    low: float | None
    high: float | None
    unit: str
    basis: str
    sources: tuple[str, ...]  # titles
    checked: bool
    rivals: tuple[tuple[float, str], ...]  # value and title of its source
    note: str
    shared: bool


def entries(catalogue: Catalogue) -> tuple[Entry, ...]:
    """Return every system, target class and shared part of a catalogue, with counts of its figures."""
    systems = [_entry(catalogue, key, "system", system.name, key) for key, system in catalogue.systems.items()]
    targets = [_entry(catalogue, key, "target class", target.name, f"targets.{key}") for key, target in catalogue.targets.items()]
    shared = [_entry(catalogue, key, "shared", _SHARED_NAMES[key], key) for key in SHARED if catalogue.names(key)]
    return (*systems, *targets, *shared)


_SHARED_NAMES = {
    "defaults": "what a system or class uses where it states nothing itself",
    "doctrine": "doctrine, chance, identification and damage",
    "pictures": "external air pictures",
    "reference": "published points that results are shown beside",
}


def figure_rows(catalogue: Catalogue, name: str) -> tuple[Row, ...]:
    """Return all figures of one system, target class, shared part or dotted path, with what it takes from the defaults.

    Raises
    ------
    UserError : nothing in the catalogue has that name; the message suggests the nearest.
    """
    prefix = resolve(catalogue, name)
    if prefix in catalogue.figures:
        return (_row(catalogue, prefix, catalogue.figures[prefix], False),)
    own = [_row(catalogue, path, catalogue.figures[path], False) for path in catalogue.paths(prefix)]
    taken = [_row(catalogue, path, catalogue.figure(path), True) for path in _taken_from_defaults(catalogue, prefix)]
    return (*own, *taken)


def resolve(catalogue: Catalogue, name: str) -> str:
    """Return the dotted prefix that a user's name stands for: an id, a class, a part or a path.

    Raises
    ------
    UserError : nothing has that name.
    """
    for prefix in (name, f"targets.{name}"):
        if prefix in catalogue.figures or catalogue.names(prefix):
            return prefix
    lower = {key.lower(): key for key in [entry.id for entry in entries(catalogue)]}
    if name.lower() in lower:
        return resolve(catalogue, lower[name.lower()])
    known = [entry.id for entry in entries(catalogue)]
    parts = [".".join(path.split(".")[:depth]) for path in catalogue.figures for depth in (3, 4)]
    advice = names_like(name, known if "." not in name else [*known, *parts]) or "list what there is with: openiads catalogue"
    raise UserError(f'the catalogue has nothing named "{name}"; {advice}')


def to_json(catalogue: Catalogue, name: str | None = None) -> dict[str, Any]:
    """Return the catalogue, or one part of it, as plain JSON values with ids, values in the figures' own units and sources."""
    if name is None:
        found = entries(catalogue)
        return {
            "digest": catalogue.digest,
            "figures": len(catalogue.figures),
            "systems": {entry.id: _summary(entry) for entry in found if entry.kind == "system"},
            "targets": {entry.id: _summary(entry) for entry in found if entry.kind == "target class"},
            "shared": {entry.id: _summary(entry) for entry in found if entry.kind == "shared"},
            "findings": _findings_json(catalogue),
        }
    prefix, rows = resolve(catalogue, name), figure_rows(catalogue, name)
    keys = {key for row in rows for key in catalogue.figure(row.path).sources}
    return {
        "id": prefix.removeprefix("targets."),
        "digest": catalogue.digest,
        "figures": {row.path: _figure_json(catalogue, row) for row in rows},
        "texts": {path: _plain(text) for path, text in catalogue.texts.items() if path.startswith(prefix + ".")},
        "sources": {key: _source_json(catalogue, key) for key in sorted(keys)},
        "findings": findings_of(catalogue, prefix),
    }


def _plain(text: Text) -> str | bool | list[str]:
    return list(text) if isinstance(text, tuple) else text


def _entry(catalogue: Catalogue, key: str, kind: str, name: str, prefix: str) -> Entry:
    figures = [catalogue.figures[path] for path in catalogue.paths(prefix)]
    checked, judged = sum(figure.checked for figure in figures), sum(figure.basis == "judgement" for figure in figures)
    return Entry(key, kind, name, len(figures), checked, judged)


def _summary(entry: Entry) -> dict[str, Any]:
    return {"name": entry.name, "figures": entry.figures, "checked": entry.checked, "judged": entry.judged}


def _row(catalogue: Catalogue, path: str, figure: Figure, shared: bool) -> Row:
    titles = tuple(catalogue.sources[key].title for key in figure.sources)
    rivals = tuple((rival.value, catalogue.sources[rival.source].title) for rival in figure.rivals)
    return Row(path, figure.value, figure.low, figure.high, figure.unit, figure.basis, titles, figure.checked, rivals, figure.note, shared)


def _taken_from_defaults(catalogue: Catalogue, prefix: str) -> list[str]:
    """Return the paths below a prefix that the defaults supply, such as every radar's reference_pd."""
    kinds = {"radars": "radar", "missiles": "missile", "launchers": "launcher"}
    words = prefix.split(".")
    groups = [(f"{prefix}.{kind}.{name}", default) for kind, default in kinds.items() for name in catalogue.names(f"{prefix}.{kind}")]
    if words[0] == "targets" and len(words) == 2:
        groups = [(prefix, "target")]
    elif len(words) == 3 and words[1] in kinds:
        groups = [(prefix, kinds[words[1]])]
    if prefix in catalogue.systems:
        groups.append((f"{prefix}.timing", "timing"))
    found = [f"{base}.{key}" for base, default in groups for key in catalogue.names(f"defaults.{default}")]
    return [path for path in found if path not in catalogue.figures and not catalogue.names(path)]


def _figure_json(catalogue: Catalogue, row: Row) -> dict[str, Any]:
    figure = catalogue.figure(row.path)
    return {
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit,
        "basis": figure.basis,
        "sources": list(figure.sources),
        "checked": figure.checked,
        "rivals": [{"value": rival.value, "source": rival.source} for rival in figure.rivals],
        "note": figure.note,
        "shared": row.shared,
    }


def _source_json(catalogue: Catalogue, key: str) -> dict[str, Any]:
    source = catalogue.sources[key]
    return {"title": source.title, "url": source.url, "year": source.year, "checked": source.checked, "reliability": source.reliability}


def findings_of(catalogue: Catalogue, prefix: str) -> list[dict[str, Any]]:
    """Return what the plausibility check says of the figures below a prefix, as plain values."""
    return [finding for finding in _findings_json(catalogue) if any(path.startswith(prefix) for path in finding["figures"])]


def _findings_json(catalogue: Catalogue) -> list[dict[str, Any]]:
    from openiads.catalogue import plausibility

    return [
        {"rule": f.rule, "statement": f.statement, "figures": list(f.figures), "known": plausibility.explanation(f)}
        for f in plausibility.findings(catalogue)
    ]
