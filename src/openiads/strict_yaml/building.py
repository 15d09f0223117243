"""Parse events become plain values with places; what is refused is noted, and reading goes on."""

from typing import Any

import yaml

from openiads.strict_yaml.document import Path, Place, Problem, brief, path_text
from openiads.strict_yaml.scalars import Refused, resolved

MAX_DEPTH = 64
MAX_NODES = 200_000
MAX_PROBLEMS = 200

_DROPPED = "\0"  # stands for a key that is none, whose value goes nowhere


class _Open:
    """A list or mapping that is still being read."""

    __slots__ = ("inside", "key", "key_at", "path", "place", "seen", "value")

    def __init__(self, value: Any, place: Place, path: Path) -> None:
        self.value = value
        self.place = place
        self.inside: dict[str | int, Place] = {}
        place.inside = self.inside
        self.path = path
        self.key: str | None = None
        self.key_at = (0, 0)
        self.seen: dict[str, int] = {}


class Builder:
    """Turns parse events into plain values with places, and collects problems."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Any = None
        self.root_place: Place | None = None
        self._found: list[tuple[int, int, Path | None, str, str]] = []
        self._open: list[_Open] = []
        self._skipping = 0
        self._nodes = 0
        self._documents = 0
        self.broken = False

    def report(self, line: int, column: int, what: str, remedy: str, path: Path | None = None) -> None:
        """Note a problem; without a path it is at the innermost thing being read."""
        self._found.append((line, column, self._path() if path is None else path, what, remedy))

    def problems(self) -> list[Problem]:
        """Return everything found, in file order, with readable paths."""
        return [
            Problem(self.name, line, column, path_text(path or (), self.root), what, remedy)
            for line, column, path, what, remedy in sorted(self._found, key=lambda found: found[:2])
        ]

    def take(self, event: Any) -> bool:
        """Take one event; return False when reading cannot go on."""
        if len(self._found) >= MAX_PROBLEMS:
            self._at(event, f"more than {MAX_PROBLEMS} problems", "mend those first")
            return False
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self._counted(event) and self._scalar(event)
        if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            return self._counted(event) and self._start(event, {} if kind is yaml.MappingStartEvent else [])
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._end()
        elif kind is yaml.AliasEvent:
            what, remedy = f"the alias *{brief(event.anchor)} is not allowed", "write the value out, or use count, spacing or base"
            self._at(event, what, remedy)
            self._put(None, event)
        elif kind is yaml.DocumentStartEvent:
            return self._document(event)
        return True

    def _path(self) -> Path:
        if not self._open:
            return ()
        top = self._open[-1]
        step = len(top.value) if isinstance(top.value, list) else "?" if top.key == _DROPPED else top.key
        return top.path if step is None else (*top.path, step)

    def _at(self, event: Any, what: str, remedy: str) -> None:
        self.report(event.start_mark.line + 1, event.start_mark.column + 1, what, remedy)

    def _document(self, event: Any) -> bool:
        self._documents += 1
        if self._documents > 1:
            self._at(event, "a second document starts here", "keep one document a file: remove this --- line and what follows")
            return False
        if event.tags or (event.version and tuple(event.version) != (1, 2)):
            self._at(event, "a %YAML or %TAG directive is not allowed", "remove it: files are read as YAML 1.2")
        return True

    def _counted(self, event: Any) -> bool:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._at(event, f"more than {MAX_NODES:,} values", "use count groups, or track files in CSV, for large raids")
            return False
        if event.anchor is not None:
            self._at(event, f"the anchor &{brief(event.anchor)} is not allowed", "remove it, and write the value out where it is used")
        if event.tag is not None and event.tag != "!":
            self._at(
                event,
                f"the tag {brief(event.tag)} is not allowed",
                "remove it: a value is text, a number, true, false, null, a list or a mapping",
            )
        return True

    def _start(self, event: Any, value: Any) -> bool:
        if len(self._open) + self._skipping >= MAX_DEPTH:
            self._at(event, f"nested more than {MAX_DEPTH} deep", "flatten the file")
            return False
        if self._skipping or self._needs_key():
            if not self._skipping:
                self._at(event, "a key must be one word or text", "write the key on one line, without brackets or leading ?")
            self._skipping += 1
            return True
        path = self._path()
        place = self._put(value, event)
        self._open.append(_Open(value, place, path))
        return True

    def _end(self) -> None:
        if self._skipping:
            self._skipping -= 1
            if not self._skipping:
                self._open[-1].key = _DROPPED
            return
        self._open.pop()

    def _needs_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and self._open[-1].key is None

    def _scalar(self, event: Any) -> bool:
        if self._skipping:
            return True
        if self._needs_key():
            self._key(event)
        else:
            self._put(self._value(event), event)
        return True

    def _key(self, event: Any) -> None:
        top = self._open[-1]
        key, line = str(event.value), event.start_mark.line + 1
        top.key, top.key_at = key, (line, event.start_mark.column + 1)
        if key == "<<" and event.implicit[0]:
            self._at(event, "the merge key << is not allowed", "write the keys out")
        if key in top.seen:
            self._at(event, f"the key {brief(key)} stands twice (first on line {top.seen[key]})", "keep one of the two")
            return
        top.seen[key] = line

    def _put(self, value: Any, event: Any) -> Place:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        place = Place(line, column, (line, column))
        if self._skipping:
            return place
        if not self._open:
            self.root, self.root_place = value, place
            return place
        top = self._open[-1]
        if isinstance(top.value, list):
            top.inside[len(top.value)] = place
            top.value.append(value)
            return place
        if top.key is None:  # an alias in the place of a key
            top.key = _DROPPED
            return place
        place.key = top.key_at
        if top.key != _DROPPED and top.key not in top.value:
            top.value[top.key] = value
            top.inside[top.key] = place
        top.key = None
        return place

    def _value(self, event: Any) -> Any:
        if not event.implicit[0]:
            return event.value
        value = resolved(event.value)
        if isinstance(value, Refused):
            self._at(event, value.what, value.remedy)
            return value.instead
        return value
