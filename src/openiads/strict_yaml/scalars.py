"""What plain text stands for: a word, a number or itself; and how values are written so that they read back the same."""

import json
import re
from typing import Any, NamedTuple

MAX_DIGITS = 25

_WHOLE = re.compile(r"[-+]?[0-9]+\Z")
_REAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_BASED = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z")
_UNENDING = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
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


class Refused(NamedTuple):
    """Text that looks like a number and is none: what is wrong, what to do, and the number to go on with."""

    what: str
    remedy: str
    instead: float


def resolved(text: str) -> Any:
    """Return what plain text stands for: None, a truth value, a number, the text itself, or what is refused of it."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _WHOLE.match(text):
        if len(text) > MAX_DIGITS:
            return Refused(f"a whole number of {len(text)} digits is too long", "write it as 1e30, or in quotes when it is text", 0)
        return int(text)
    if _REAL.match(text):
        number = Real(text)
        if abs(number) == float("inf"):
            return Refused(f"the number {text[:40]} is too large", "write a number below 1e308", 0.0)
        return number
    if _BASED.match(text) and len(text) <= MAX_DIGITS:
        return int(text, 0)
    if _UNENDING.match(text):
        return Refused(f"{text} is not a finite number", "write a number", 0.0)
    return text


def emitted(value: Any) -> str:
    """Return plain values as one line of YAML that reads back the same, numbers as they were written."""
    if isinstance(value, Real):
        return value.written
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {emitted(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(emitted(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
