"""What a rule reports, and shorthand for looking figures up."""

from collections.abc import Iterator
from dataclasses import dataclass

from openiads.catalogue.figure import Figure
from openiads.catalogue.model import Catalogue


@dataclass(frozen=True, slots=True)
class Finding:
    """Figures that contradict physics or each other: the rule, a sentence with the numbers, and the paths concerned."""

    rule: str
    statement: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one radar, missile or the like: looked up by their last word."""

    catalogue: Catalogue
    system: str
    name: str
    base: str

    def path(self, key: str) -> str:
        """Return the full path of a figure of the group."""
        return f"{self.base}.{key}"

    def get(self, key: str) -> Figure | None:
        """Return a figure of the group, its own or the shared default, or None."""
        return self.catalogue.figure(self.path(key)) if self.catalogue.has(self.path(key)) else None

    def si(self, key: str) -> float | None:
        """Return a figure's value in SI units, or None when there is none."""
        figure = self.get(key)
        return None if figure is None else figure.si

    def values(self, *keys: str) -> tuple[float, ...] | None:
        """Return several values in SI units, or None when one is missing."""
        found = [self.si(key) for key in keys]
        return None if None in found else tuple(value for value in found if value is not None)

    def finding(self, rule: str, statement: str, *keys: str) -> Finding:
        """Return a finding about figures of the group."""
        return Finding(rule, f"{self.system} {self.name}: {statement}", tuple(self.path(key) for key in keys))


def groups(catalogue: Catalogue, kind: str) -> Iterator[Group]:
    """Yield every radar, missile, launcher, gun or command post of every system."""
    for system in catalogue.systems:
        for name in catalogue.names(f"{system}.{kind}"):
            yield Group(catalogue, system, name, f"{system}.{kind}.{name}")


def targets(catalogue: Catalogue) -> Iterator[Group]:
    """Yield every target class."""
    for name in catalogue.targets:
        yield Group(catalogue, "target class", name, f"targets.{name}")
