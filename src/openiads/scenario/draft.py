"""A scenario before it has a meaning: plain values, and where each was written."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openiads import strict_yaml
from openiads.errors import UserError, WorkError, names_like
from openiads.strict_yaml import Document, Problem, path_text

Steps = tuple[str | int, ...]

SHIPPED = Path(__file__).parent / "shipped"
_ENDINGS = (".yaml", ".yml", ".json")


@dataclass
class Draft:
    """The plain values of a scenario, merged from its base, with the places they come from."""

    name: str
    value: dict[str, Any]
    folder: Path | None = None
    documents: dict[str, Document] = field(default_factory=dict)
    """by top-level key; the empty key is the file itself"""
    problems: list[Problem] = field(default_factory=list)
    changed: list[tuple[Steps, str, Problem | None]] = field(default_factory=list)
    """paths set from elsewhere, with what to call that place"""

    def add(self, path: Steps, what: str, remedy: str, *, at_key: bool = False) -> None:
        """Note a problem at a path."""
        self.problems.append(self.problem(path, what, remedy, at_key=at_key))

    def problem(self, path: Steps, what: str, remedy: str, *, at_key: bool = False) -> Problem:
        """Return a problem at a path, located in the file (or the request) that wrote the value."""
        where = path_text(path, self.value)
        for steps, label, place in reversed(self.changed):
            if path[: len(steps)] == steps:
                line, column = (place.line, place.column) if place else (0, 0)
                return Problem(place.name if place else label, line, column, where, what, remedy)
        document = self.documents.get(str(path[0]) if path else "") or self.documents.get("")
        if document is None:
            return Problem(self.name, 0, 0, where, what, remedy)
        line, column = document.key_position(path) if at_key else document.position(path)
        return Problem(document.name, line, column, where, what, remedy)

    def line(self, path: Steps) -> int:
        """Return the line of the value at a path, 0 when it stands in no file."""
        return self.problem(path, "", "").line


def shipped() -> list[str]:
    """Return the names of the scenarios that come with openiads."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def find(name_or_path: str | Path) -> Path:
    """Return the file of a scenario named by a shipped name or a path.

    Raises
    ------
    UserError : when there is no such scenario; the message names near ones and lists all.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, str) and text in shipped():
        return SHIPPED / f"{text}.yaml"
    path = Path(text)
    try:
        if path.is_file():
            return path
        found_folder = path.is_dir()
    except (OSError, ValueError):
        found_folder = False
    if found_folder:
        raise UserError(f"{text}: this is a folder, not a scenario file; name the .yaml file inside it")
    if text.endswith(_ENDINGS) or "/" in text or "\\" in text or isinstance(name_or_path, Path):
        near = _beside(path) or "check the path"
        raise UserError(f"{text}: there is no such file; {near}, or name a shipped scenario: {', '.join(shipped())}")
    near = names_like(text, shipped())
    raise UserError(
        f'no scenario is called "{text}"; {near + " " if near else ""}shipped: {", ".join(shipped())}; or give the path of a file'
    )


def _beside(path: Path) -> str:
    """Return ``did you mean`` with the nearest scenario file of a folder, or an empty text."""
    try:
        return names_like(path.name, [other.name for other in path.parent.iterdir() if other.suffix in _ENDINGS])
    except (OSError, ValueError):
        return ""


def open_draft(name_or_path: str | Path) -> Draft:
    """Read a scenario file, and its base, into a draft; problems are collected in it, not raised.

    Raises
    ------
    UserError : when there is no such scenario, or the file cannot be opened.
    """
    path = find(name_or_path)
    shown = path.name if path.parent == SHIPPED else str(name_or_path)
    draft = Draft(shown, {}, path.parent)
    document = _document(path, shown, draft)
    if document is None:
        return draft
    draft.documents[""] = document
    if not isinstance(document.value, dict):
        draft.add((), "this is not a scenario: the file holds no mapping of keys", 'begin with "format: openiads-scenario/1"')
        draft.documents.clear()
        return draft
    form = document.value.get("format")
    if isinstance(form, str) and form.startswith("openiads-study/"):
        draft.add(("format",), "this is a study, not a scenario", f"run it with: openiads study {shown}")
        draft.documents.clear()
        return draft
    draft.value = document.value
    if "base" in document.value:
        _merge_base(draft, document)
    return draft


def from_mapping(value: Mapping[str, Any], name: str = "scenario", folder: Path | None = None) -> Draft:
    """Return a draft of plain values that stand in no file."""
    return Draft(name, copy.deepcopy(dict(value)), folder)


def _document(path: Path, shown: str, draft: Draft) -> Document | None:
    try:
        if path.stat().st_size > strict_yaml.MAX_BYTES:
            what = f"{path.stat().st_size:,} bytes, and at most {strict_yaml.MAX_BYTES:,} are read"
            draft.problems.append(Problem(shown, 1, 1, "file", what, "use count groups, or track files, for large raids"))
            return None
        content = path.read_bytes()
    except OSError as error:
        raise WorkError(f"{shown}: the file cannot be read ({error.strerror}); check that it exists and that you may read it") from None
    document, problems = strict_yaml.examine(content, shown)
    draft.problems += problems
    return document


def _merge_base(draft: Draft, document: Document) -> None:
    """Put under the draft what the scenario named by ``base`` says; keys of the draft replace the base's whole."""
    wanted = document.value["base"]
    path = _base_path(draft, wanted)
    if path is None:
        return
    shown = path.name if path.parent == SHIPPED else str(path)
    base = _document(path, shown, draft)
    if base is None or not isinstance(base.value, dict):
        if base is not None:
            draft.add(("base",), f"{shown} is not a scenario", "name another")
        return
    if "base" in base.value:
        draft.add(("base",), f"{shown} has a base of its own", f"name that one: {base.value['base']}")
        return
    for key, value in base.value.items():
        if key not in draft.value:
            draft.documents[key] = base
            draft.value[key] = value


def _base_path(draft: Draft, wanted: object) -> Path | None:
    if not isinstance(wanted, str):
        draft.add(("base",), "this is not the name of a scenario", "write a shipped name, or a file beside this one")
        return None
    if wanted in shipped():
        return SHIPPED / f"{wanted}.yaml"
    if not wanted.endswith(_ENDINGS):
        near = names_like(wanted, shipped())
        draft.add(
            ("base",),
            f'no shipped scenario is called "{wanted}"',
            near or f"shipped: {', '.join(shipped())}; or name a file beside this one",
        )
        return None
    trouble = outside(draft.folder, wanted)
    if trouble:
        draft.add(("base",), *trouble)
        return None
    return (draft.folder or Path()) / wanted


def outside(folder: Path | None, name: str) -> tuple[str, str] | None:
    """Return what is wrong with a file name that must lie beside the scenario, and what to do; None when all is well."""
    remedy = "put the file beside the scenario and name it without a path"
    if folder is None:
        return f'"{name}" names a file, but this scenario lies in no folder', "save the scenario in a file first"
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\", "~")) or ".." in parts or ":" in name or "\0" in name:
        return f'"{name}" leads out of the scenario\'s folder', remedy
    path = folder / name
    try:
        home = folder.resolve()
        if not path.resolve().is_relative_to(home):
            return f'"{name}" is a link that leads out of the scenario\'s folder', remedy
        if not path.is_file():
            near = names_like(name, [other.name for other in folder.iterdir()])
            return f'there is no file "{name}" beside the scenario', near or remedy
    except (OSError, ValueError, RuntimeError):
        return f'"{name}" cannot be opened', remedy
    return None
