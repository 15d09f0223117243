"""Ground-based air defence at mission level, from public figures: fight a scenario, and learn what happened and why.

>>> import openiads
>>> run = openiads.run("minsk-2021", seed=1)
>>> run.outcome["leaked"], run.why, run.tables["engagements"]
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.engine.picture import Orders, Picture, Policy
    from openiads.errors import UserError, WorkError
    from openiads.results.folder import load
    from openiads.results.running import run
    from openiads.results.value import Run
    from openiads.scenario.draft import shipped
    from openiads.scenario.reader import read

_HOMES = {
    "Orders": "engine.picture", "Picture": "engine.picture", "Policy": "engine.picture", "Run": "results.value", "UserError": "errors",
    "WorkError": "errors", "load": "results.folder", "read": "scenario.reader", "run": "results.running", "shipped": "scenario.draft",
}  # fmt: skip

__all__ = ["Orders", "Picture", "Policy", "Run", "UserError", "WorkError", "load", "read", "run", "shipped"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name == "__version__":
        from importlib.metadata import version

        return version("openiads")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
