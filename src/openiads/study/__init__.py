"""Studies: many replications, comparisons and unknowns, each answer with its interval, never lost and never doubled.

``study`` runs one and writes its results, ``rerun`` repeats one and compares digests, ``shipped`` names those that come with
openiads.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.study.command import rerun, study
    from openiads.study.reading import shipped

_HOMES = {"study": "command", "rerun": "command", "shipped": "reading"}

__all__ = ["rerun", "shipped", "study"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
