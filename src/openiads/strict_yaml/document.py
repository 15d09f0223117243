"""What a file said and where it said it, and what is wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openiads.errors import UserError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where it stands, what it is, what to do about it."""

    name: str
    line: int
    column: int
    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return ``file:line:column: where: what; what to do`` (without numbers when the value stands in no file)."""
        place = f"{self.name}:{self.line}:{self.column}" if self.line else self.name
        return f"{place}: {self.where}: {self.what}; {self.remedy}"


class StrictYamlError(UserError):
    """A file that could not be read; ``problems`` holds everything found wrong, in file order."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems and show them one a line."""
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))

    def __reduce__(self) -> tuple[type, tuple[list[Problem]]]:
        """Pickle with the problems, so that a worker can pass the error on."""
        return type(self), (self.problems,)


@dataclass(slots=True)
class Place:
    """Where one value (and its key) stands, and the same for what lies inside it."""

    line: int
    column: int
    key: tuple[int, int]
    inside: dict[str | int, "Place"] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a file said (plain dicts, lists, text, numbers, booleans, None) and where it said it."""

    name: str
    value: Any
    _root: Place

    def position(self, path: Path = ()) -> tuple[int, int]:
        """Return line and column (from 1) of the value at a path, or of the nearest enclosing value that exists."""
        place, _ = self._find(path)
        return place.line, place.column

    def key_position(self, path: Path) -> tuple[int, int]:
        """Return line and column (from 1) of the key at a path, or of the nearest enclosing value that exists."""
        place, whole = self._find(path)
        return place.key if whole else (place.line, place.column)

    def problem(self, path: Path, what: str, remedy: str, *, at_key: bool = False) -> Problem:
        """Return a problem at a path of this document."""
        line, column = self.key_position(path) if at_key else self.position(path)
        return Problem(self.name, line, column, path_text(path, self.value), what, remedy)

    def _find(self, path: Path) -> tuple[Place, bool]:
        place = self._root
        for step in path:
            inner = place.inside.get(step) if place.inside else None
            if inner is None:
                return place, False
            place = inner
        return place, True


def path_text(path: Path, value: Any) -> str:
    """Return a path as a user writes it: ``sites.s400.at.lat``, list members by their name where they have one."""
    words = []
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
            words.append(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
            named = value.get("name") if isinstance(value, Mapping) else None
            words.append(named if isinstance(named, str) and named else str(step))
        else:
            value = None
            words.append(str(step))
    if len(words) > 10:
        words = [*words[:4], "...", *words[-4:]]
    return ".".join(map(brief, words)) or "file"


def brief(word: str) -> str:
    """Return a word fit for a message: on one line, at most 60 letters long."""
    plain = " ".join(word.split())
    return plain if len(plain) <= 60 else plain[:57] + "..."
