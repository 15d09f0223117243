"""A strict reader of the YAML 1.2 core schema that knows where every value stands.

Refused: aliases, anchors, merge keys, tags, duplicate keys, several documents, numbers that are not finite, and files
beyond the stated limits. Text that YAML 1.1 would turn into something else (``NO``, ``12:30``, ``55:45:21``) stays text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from openiads.errors import UserError

MAX_BYTES = 5_000_000
MAX_DEPTH = 64
MAX_NODES = 200_000
MAX_DIGITS = 25
MAX_PROBLEMS = 200

Path = tuple[str | int, ...]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"[-+]?[0-9]+\Z")
_REAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_BASED = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z")
_UNENDING = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_STARTS = frozenset("0123456789+-.")


class Real(float):
    """A float that remembers how it was written, because a name such as ``57E6`` reads as a number."""

    __slots__ = ("written",)
    written: str

    def __new__(cls, written: str) -> "Real":
        """Read the number from its text."""
        made = super().__new__(cls, written)
        made.written = written
        return made

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]
        """Copy and pickle with the text."""
        return (self.written,)


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
class _Place:
    """Where one value (and its key) stands, and the same for what lies inside it."""

    line: int
    column: int
    key: tuple[int, int]
    inside: dict[str | int, "_Place"] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a file said (plain dicts, lists, text, numbers, booleans, None) and where it said it."""

    name: str
    value: Any
    _root: _Place

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

    def _find(self, path: Path) -> tuple[_Place, bool]:
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
    return ".".join(map(_brief, words)) or "file"


def _brief(word: str) -> str:
    plain = " ".join(word.split())
    return plain if len(plain) <= 60 else plain[:57] + "..."


def read(text: str | bytes, name: str) -> Document:
    """Read one strict YAML document.

    Parameters
    ----------
    text : the file's content (bytes are UTF-8).
    name : what to call the file in messages.

    Returns
    -------
    Document : the value, and the line and column of everything in it.

    Raises
    ------
    StrictYamlError : with every problem found.

    Limits
    ------
    5 MB, nesting 64 deep, 200,000 values; mapping keys are always text.
    """
    document, problems = examine(text, name)
    if problems or document is None:
        raise StrictYamlError(problems)
    return document


def examine(text: str | bytes, name: str) -> tuple[Document | None, list[Problem]]:
    """Read what can be read: the document (None when it breaks off) and every problem found.

    A document that comes with problems holds the first of duplicate keys, nothing for an alias, and text for a tag.
    """
    try:
        text = _decoded(text, name)
    except StrictYamlError as error:
        return None, error.problems
    builder, limited = _Builder(name), False
    try:
        limited = len(text) > 2 * MAX_NODES and _count(text) > MAX_NODES
        for event in () if limited else yaml.parse(text, Loader=_LOADER):
            if not builder.take(event):
                builder.broken = True
                break
    except yaml.MarkedYAMLError as error:
        builder.broken = True
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = ", ".join(part for part in (error.context, error.problem) if part) or "not YAML"
        builder.report(line, column, f"this is not valid YAML here ({what})", _syntax_remedy(text, line))
    except (yaml.YAMLError, ValueError) as error:
        builder.broken = True
        builder.report(1, 1, f"this is not valid YAML ({str(error).splitlines()[0]})", "save the file as plain UTF-8 text")
    if limited:
        what = f"more than {MAX_NODES:,} values"
        return None, [Problem(name, 1, 1, "file", what, "use count groups, or track files in CSV, for large raids")]
    if builder.broken:
        return None, builder.problems()
    return Document(name, builder.root, builder.root_place or _Place(1, 1, (1, 1))), builder.problems()


def _count(text: str) -> int:
    """Count values up to just beyond a limit, without keeping them: a refusal must come soon."""
    count = depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        count += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if count > MAX_NODES or depth > MAX_DEPTH:
            break
    return count


def _decoded(text: str | bytes, name: str) -> str:
    size = len(text)
    if size > MAX_BYTES:
        what = f"{size:,} bytes, and at most {MAX_BYTES:,} are read"
        raise StrictYamlError([Problem(name, 1, 1, "file", what, "use count groups, or track files in CSV, for large raids")])
    if isinstance(text, bytes):
        raw = text
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            column = error.start - raw.rfind(b"\n", 0, error.start)
            problem = Problem(name, line, column, "file", f"byte 0x{raw[error.start]:02x} is not UTF-8", "save the file as UTF-8")
            raise StrictYamlError([problem]) from None
    text = text.removeprefix("\ufeff")
    odd = _UNPRINTABLE.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        column = odd.start() - text.rfind("\n", 0, odd.start())
        what = f"the character U+{ord(odd.group()):04X} is not printable"
        raise StrictYamlError([Problem(name, line, column, "file", what, "delete it; is this a text file?")])
    return text


def _syntax_remedy(text: str, line: int) -> str:
    lines = text.split("\n")
    here = "\n".join(lines[max(line - 2, 0) : line])
    if "\t" in here:
        return "indent with spaces, never with tabs"
    if "%" in here or "@" in here or "`" in here:
        return "put text that starts with %, @ or ` in quotes"
    return "check indentation, brackets, quotes and the space after each colon on this line and the one before"


_DROPPED = "\0"  # stands for a key that is none, whose value goes nowhere


class _Open:
    """A list or mapping that is still being read."""

    __slots__ = ("inside", "key", "key_at", "path", "place", "seen", "value")

    def __init__(self, value: Any, place: _Place, path: Path) -> None:
        self.value = value
        self.place = place
        self.inside: dict[str | int, _Place] = {}
        place.inside = self.inside
        self.path = path
        self.key: str | None = None
        self.key_at = (0, 0)
        self.seen: dict[str, int] = {}


class _Builder:
    """Turns parse events into plain values with places, and collects problems."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Any = None
        self.root_place: _Place | None = None
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
            what, remedy = f"the alias *{_brief(event.anchor)} is not allowed", "write the value out, or use count, spacing or base"
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
            self._at(event, f"the anchor &{_brief(event.anchor)} is not allowed", "remove it, and write the value out where it is used")
        if event.tag is not None and event.tag != "!":
            self._at(
                event,
                f"the tag {_brief(event.tag)} is not allowed",
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
            self._put(self._resolved(event), event)
        return True

    def _key(self, event: Any) -> None:
        top = self._open[-1]
        key, line = str(event.value), event.start_mark.line + 1
        top.key, top.key_at = key, (line, event.start_mark.column + 1)
        if key == "<<" and event.implicit[0]:
            self._at(event, "the merge key << is not allowed", "write the keys out")
        if key in top.seen:
            self._at(event, f"the key {_brief(key)} stands twice (first on line {top.seen[key]})", "keep one of the two")
            return
        top.seen[key] = line

    def _put(self, value: Any, event: Any) -> _Place:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        place = _Place(line, column, (line, column))
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

    def _resolved(self, event: Any) -> Any:
        text = event.value
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in _NUMBER_STARTS:
            return text
        if _WHOLE.match(text):
            if len(text) > MAX_DIGITS:
                self._at(event, f"a whole number of {len(text)} digits is too long", "write it as 1e30, or in quotes when it is text")
                return 0
            return int(text)
        if _REAL.match(text):
            number = Real(text)
            if abs(number) == float("inf"):
                self._at(event, f"the number {text[:40]} is too large", "write a number below 1e308")
                return 0.0
            return number
        if _BASED.match(text) and len(text) <= MAX_DIGITS:
            return int(text, 0)
        if _UNENDING.match(text):
            self._at(event, f"{text} is not a finite number", "write a number")
            return 0.0
        return text


def names_like(word: str, known: Iterator[str] | list[str]) -> str:
    """Return ``did you mean "x"?`` for the nearest known name, or an empty text when none is near."""
    from difflib import get_close_matches

    table = {name.lower(): name for name in known}
    low = word.lower()
    near = get_close_matches(low, table, n=1, cutoff=0.6)
    if not near and len(low) >= 3:
        near = sorted((name for name in table if name.startswith(low) or low.startswith(name)), key=len)[:1]
    return f'did you mean "{table[near[0]]}"?' if near else ""
