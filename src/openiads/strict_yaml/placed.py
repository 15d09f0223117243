"""Text that remembers where in a file it stands."""

from typing import SupportsIndex

from openiads.strict_yaml.document import Problem


class Placed(str):
    """A name or path of a file that remembers its place, so that what it leads to later can still be said of that place."""

    __slots__ = ("column", "line", "name")
    name: str
    line: int
    column: int

    def __new__(cls, text: str, name: str, line: int, column: int) -> "Placed":
        """Put a text at a line and column of a named file."""
        made = super().__new__(cls, text)
        made.name, made.line, made.column = name, line, column
        return made

    def __getnewargs__(self) -> tuple[str, str, int, int]:  # type: ignore[override]
        """Copy and pickle with the place."""
        return str(self), self.name, self.line, self.column

    @property
    def place(self) -> str:
        """Return file:line:column."""
        return f"{self.name}:{self.line}:{self.column}"

    def moved(self, text: str) -> "Placed":
        """Return another text at the same place."""
        return Placed(text, self.name, self.line, self.column)

    def removeprefix(self, prefix: str, /) -> "Placed":
        """Return the text without a prefix, at the same place."""
        return self.moved(super().removeprefix(prefix))

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> "Placed":
        """Return the text with another part, at the same place."""
        return self.moved(super().replace(old, new, count))

    def __radd__(self, before: str) -> "Placed":
        """Return the text after another, at the same place."""
        return self.moved(str.__add__(before, self))

    def problem(self, what: str, remedy: str) -> Problem:
        """Return a problem at this place."""
        return Problem(self.name, self.line, self.column, str(self), what, remedy)
