"""Text becomes a document: bytes are decoded, events are parsed within the limits, syntax errors are told with a remedy."""

import re
from typing import Any

import yaml

from openiads.strict_yaml.building import MAX_DEPTH, MAX_NODES, Builder
from openiads.strict_yaml.document import Document, Place, Problem, StrictYamlError

MAX_BYTES = 5_000_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
    builder, limited = Builder(name), False
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
    return Document(name, builder.root, builder.root_place or Place(1, 1, (1, 1))), builder.problems()


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
