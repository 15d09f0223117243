"""What a battle came to: counts, intervals, tables, sentences and the folder that holds them.

``run`` fights a scenario and returns a ``Run``; ``replicate`` returns the integer outcome table of a range of replications; ``load``
opens the folder of an earlier run.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.results.batch import replicate
    from openiads.results.running import run
    from openiads.results.value import Run

_HOMES = {"Run": "value", "replicate": "batch", "run": "running"}

__all__ = ["Run", "replicate", "run"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
