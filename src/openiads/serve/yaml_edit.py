"""Change one value in YAML text and leave every other character, comments included, where it was."""

from __future__ import annotations

import copy
from typing import Any

import yaml

from openiads import strict_yaml
from openiads.errors import UserError

Path = tuple[str | int, ...]
DELETE = object()
_WIDE = 10_000


class EditError(UserError):
    """A change that cannot be made to the text."""


def change(text: str, path: Path, value: Any) -> str:
    """The text with one value set, added or removed.

    Parameters
    ----------
    text
        A YAML document without anchors, aliases or tags.
    path
        Keys and indices from the root; an index equal to the length of a list appends to it.
    value
        What to put there as plain data; `DELETE` removes the key or the member.

    Returns
    -------
    The changed text, which reads back as the changed data.

    Raises
    ------
    EditError
        The text cannot be read, the path leads nowhere, or the change cannot be written at that place.
    """
    if not path:
        raise EditError("a change needs the path of a value")
    expected = _applied(strict_yaml.read(text, "scenario").value, path, value)
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    parent = _find(root, path[:-1])
    if isinstance(parent, yaml.MappingNode):
        made = _in_mapping(text, parent, str(path[-1]), value)
    elif isinstance(parent, yaml.SequenceNode) and isinstance(path[-1], int):
        made = _in_sequence(text, parent, path[-1], value)
    else:
        raise EditError(f"{_words(path)}: there is nothing to change")
    if strict_yaml.read(made, "scenario").value != expected:
        raise EditError(f"{_words(path)}: this change cannot be made without disturbing the rest; change the text by hand")
    return made


def _words(path: Path) -> str:
    return ".".join(map(str, path))


def _applied(data: Any, path: Path, value: Any) -> Any:
    made = copy.deepcopy(data)
    inner = made
    try:
        for step in path[:-1]:
            inner = inner[step]
        if value is DELETE:
            del inner[path[-1]]
        elif isinstance(inner, list) and path[-1] == len(inner):
            inner.append(value)
        else:
            inner[path[-1]] = value
    except (KeyError, IndexError, TypeError) as error:
        raise EditError(f"{_words(path)}: there is no such place") from error
    return made


def _find(node: Any, path: Path) -> Any:
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if key.value == str(step)]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
            found = [node.value[step]]
        else:
            found = []
        if not found:
            raise EditError(f"{_words(path)}: there is no such place")
        node = found[0]
    return node


def _emit(value: Any) -> str:
    """Flow style on one line, quoted where the strict reader would take a text for something else."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_emit(key)}: {_emit(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_emit, value)) + "]"
    if isinstance(value, str):
        return _emit_text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return repr(value)
    raise EditError(f"a {type(value).__name__} cannot be written in a scenario")


def _emit_text(value: str) -> str:
    plain: str = yaml.safe_dump([value], default_flow_style=True, width=_WIDE, allow_unicode=True).strip()[1:-1]
    try:
        if "\n" not in plain and strict_yaml.read(f"[{plain}]", "value").value == [value]:
            return plain
    except UserError:
        pass
    quoted: str = yaml.safe_dump([value], default_flow_style=True, default_style='"', width=_WIDE, allow_unicode=True).strip()[1:-1]
    return quoted.replace("\n", " ")


def _end(node: Any) -> int:
    """Where the last character of a node's own content stands: a block node ends with its last member."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    end: int = node.end_mark.index
    return end


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _replace(text: str, node: Any, value: Any) -> str:
    start, end = node.start_mark.index, _end(node)
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        before = text[_line_start(text, start) : start]
        if not before.strip():  # a block that began on a line of its own goes up to its key
            start = len(text[:start].rstrip())
            return text[:start] + " " + _emit(value) + text[end:]
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return text[:start] + _emit(value) + "\n" + text[end:].lstrip("\n") if text[end:] else text[:start] + _emit(value) + "\n"
    gap = "" if start == 0 or text[start - 1] in " \t\n[{," else " "
    return text[:start] + gap + _emit(value) + text[end:]


def _in_mapping(text: str, parent: Any, key: str, value: Any) -> str:
    place = next((i for i, (name, _) in enumerate(parent.value) if name.value == key), None)
    if place is not None and value is not DELETE:
        return _replace(text, parent.value[place][1], value)
    if value is DELETE:
        return _removed(text, parent, place or 0, [(k.start_mark.index, _end(v)) for k, v in parent.value])
    return _added(text, parent, f"{_emit(key)}: {_emit(value)}", "")


def _in_sequence(text: str, parent: Any, index: int, value: Any) -> str:
    if value is DELETE:
        return _removed(text, parent, index, [(item.start_mark.index, _end(item)) for item in parent.value])
    if index < len(parent.value):
        return _replace(text, parent.value[index], value)
    return _added(text, parent, _emit(value), "- ")


def _added(text: str, parent: Any, words: str, dash: str) -> str:
    """A new member at the end: before the closing bracket, or on a line of its own."""
    if parent.flow_style or not parent.value:
        close = parent.end_mark.index - 1
        inside = text[parent.start_mark.index + 1 : close].rstrip()
        at = parent.start_mark.index + 1 + len(inside)
        comma = ", " if inside.strip() and not inside.endswith(",") else " " if inside.strip() else ""
        return text[:at] + comma + words + text[at:]
    at = _line_end(text, _end(parent))
    column: int = parent.start_mark.column
    return text[:at] + "\n" + " " * column + dash + words + text[at:]


def _removed(text: str, parent: Any, index: int, spans: list[tuple[int, int]]) -> str:
    start, end = spans[index]
    if len(spans) == 1:
        empty = "{}" if isinstance(parent, yaml.MappingNode) else "[]"
        return _swap_all(text, parent, empty)
    if parent.flow_style:
        return text[:start] + text[spans[index + 1][0] :] if index + 1 < len(spans) else text[: spans[index - 1][1]] + text[end:]
    first: int = _line_start(text, start)
    lead = text[first:start]
    if lead.strip() not in ("", "-") or (lead.strip() == "-" and isinstance(parent, yaml.MappingNode)):
        return text[:start] + text[spans[index + 1][0] :]
    return text[:first] + text[min(_line_end(text, end) + 1, len(text)) :]


def _swap_all(text: str, parent: Any, words: str) -> str:
    start, end = parent.start_mark.index, _end(parent)
    end = parent.end_mark.index if parent.flow_style else end
    before = text[_line_start(text, start) : start]
    if not before.strip() and not parent.flow_style and start > 0:
        kept = text[:start].rstrip()
        return kept + " " + words + text[end:]
    return text[:start] + words + text[end:]
