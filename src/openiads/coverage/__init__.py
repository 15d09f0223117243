"""Honest rings: what a defence really covers, by target class, height and product, with what limits it and how well that is known."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.coverage.files import write as write
    from openiads.coverage.rings import cover as cover
    from openiads.coverage.rings import reach as reach
    from openiads.coverage.value import Coverage as Coverage
    from openiads.coverage.value import Entry as Entry

_HOMES = {"cover": "rings", "reach": "rings", "write": "files", "Coverage": "value", "Entry": "value"}


def __getattr__(name: str) -> Any:
    """Load the part of the package that holds a public name."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"openiads.coverage has no {name!r}")
    return getattr(import_module(f"openiads.coverage.{_HOMES[name]}"), name)


__all__ = ["Coverage", "Entry", "cover", "reach", "write"]
