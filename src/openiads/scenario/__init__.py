"""What the user asks: scenario files, read strictly into frozen models.

``read`` gives a scenario by name or path, ``build`` one from plain values, ``check`` every problem of a file, ``shipped`` the
names that come with openiads, ``draw`` a scenario whose uncertain numbers are drawn, ``digest`` a scenario's identity.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.scenario.draft import shipped
    from openiads.scenario.identity import digest, draw, drawn_at, uncertain
    from openiads.scenario.models import Scenario
    from openiads.scenario.reader import ScenarioError, build, check, read

_HOMES = {
    "shipped": "draft", "digest": "identity", "draw": "identity", "drawn_at": "identity", "uncertain": "identity", "Scenario": "models",
    "ScenarioError": "reader", "build": "reader", "check": "reader", "read": "reader",
}  # fmt: skip

__all__ = ["Scenario", "ScenarioError", "build", "check", "digest", "draw", "drawn_at", "read", "shipped", "uncertain"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
