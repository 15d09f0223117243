"""Whether results recorded for one study may be used for another."""

from collections.abc import Mapping
from typing import Any


def differences(known: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Return in words why results recorded for one identity cannot be used for another: other code, figures, seed or scenarios.

    More replications, other questions and more alternatives are no difference: what was recorded stays true.
    """
    fixed = [key for key in known if key not in ("scenarios", "content")]
    found = [f"{key} {_short(known[key])} against {_short(asked.get(key))}" for key in fixed if known[key] != asked.get(key)]
    old, new = known.get("scenarios", {}), asked.get("scenarios", {})
    return found + [f"scenario {key}" for key in sorted(set(old) & set(new)) if old[key] != new[key]]


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 20 else text[:16] + "..."
