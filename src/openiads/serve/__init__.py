"""The local server: a folder of results in a browser, and the scenario editor, on this machine only."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.serve.server import make_app, serve

__all__ = ["make_app", "serve"]


def __getattr__(name: str) -> Any:
    """Import the server when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.server"), name)
