"""A scenario's digest, and its uncertain numbers: which they are, and drawing them."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from openiads.scenario.models import Scenario
from openiads.scenario.spreads import Spread, Uncertain, UncertainCount

_APART = ("base", "changes", "factors", "sources", "about", "seed")


def uncertain(scenario: Scenario) -> dict[str, Spread]:
    """Return the numbers given as distributions, by path (list members by name), in SI."""
    return dict(_spreads(scenario, ""))


def draw(scenario: Scenario, seed: int, sample: int) -> Scenario:
    """Return the scenario with each uncertain number drawn; what is certain stays.

    Parameters
    ----------
    scenario : as read.
    seed : 64-bit study seed.
    sample : number of the knowledge sample; each number's draw depends only on seed, sample and its path.

    Returns
    -------
    Scenario : without distributions.
    """
    spreads = uncertain(scenario)
    if not spreads:
        return scenario
    from openiads import chance

    shares = {path: chance.uniform(seed, sample, chance.entity_key(path), 0, chance.SCENARIO_VALUE, 0) for path in spreads}
    return drawn_at(scenario, shares)


def drawn_at(scenario: Scenario, shares: Mapping[str, float]) -> Scenario:
    """Return the scenario with uncertain numbers at stated quantiles (0 to 1) by path, and at the median where none is stated."""

    def value(found: Uncertain | UncertainCount, path: str) -> float | int:
        """Return the number at the quantile of its path."""
        at = found.spread.at(shares.get(path, 0.5))
        return round(at) if isinstance(found, UncertainCount) else at

    drawn = _replaced(scenario, "", value)
    if not isinstance(drawn, Scenario):
        raise TypeError("a drawn scenario is a scenario")
    return drawn


def digest(scenario: Scenario) -> str:
    """Return SHA-256 of what a scenario means: its values in SI and the bytes of its files, not its comments, folder or defaults."""
    total = hashlib.sha256(json.dumps(_canonical(scenario), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
    for name in files(scenario):
        path = scenario.folder / name if scenario.folder else None
        total.update(name.encode() + b"\0" + (path.read_bytes() if path and path.is_file() else b""))
    return total.hexdigest()


def files(scenario: Scenario) -> list[str]:
    """Return the names of the terrain and track files of a scenario, in order."""
    return [*scenario.environment.terrain, *(group.track.file for group in scenario.objects if group.track)]


def _name(member: Any, index: int) -> str:
    return str(getattr(member, "name", index))


def _parts(value: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield the parts of a value as (attribute, file key, part)."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield name, field.alias or name, getattr(value, name)
    elif isinstance(value, tuple):
        for index, member in enumerate(value):
            yield str(index), _name(member, index), member
    elif isinstance(value, dict):
        for key, member in value.items():
            yield key, key, member


def _spreads(value: Any, path: str) -> Iterator[tuple[str, Spread]]:
    if isinstance(value, Uncertain | UncertainCount):
        yield path, value.spread
        return
    for _, key, part in _parts(value):
        yield from _spreads(part, f"{path}.{key}" if path else key)


def _replaced(value: Any, path: str, drawn: Callable[[Uncertain | UncertainCount, str], float | int]) -> Any:
    """Return a value with its uncertain numbers replaced; the very same value when it holds none."""
    if isinstance(value, Uncertain | UncertainCount):
        return drawn(value, path)
    old = {name: (part, f"{path}.{key}" if path else key) for name, key, part in _parts(value)}
    new = {name: _replaced(part, inner, drawn) for name, (part, inner) in old.items()}
    changed = {name: part for name, part in new.items() if part is not old[name][0]}
    if not changed:
        return value
    if isinstance(value, BaseModel):
        return value.model_copy(update=changed)
    return tuple(new.values()) if isinstance(value, tuple) else new


def _canonical(value: Any, *, top: bool = True) -> Any:
    """Return a value as JSON, defaults left out, so that new optional keys change no digest."""
    if isinstance(value, Uncertain | UncertainCount):
        spread = value.spread
        return {"spread": spread.kind, "values": [float(one) for one in spread.values]}
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        parts = {name: getattr(value, name) for name in fields if not (top and name in _APART)}
        return {
            name: _canonical(part, top=False)
            for name, part in parts.items()
            if fields[name].is_required() or part != _default(fields[name], parts)
        }
    if isinstance(value, tuple | list):
        return [_canonical(part, top=False) for part in value]
    if isinstance(value, dict):
        return {str(key): _canonical(part, top=False) for key, part in value.items()}
    return float(value) if isinstance(value, float) else value


def _default(field: Any, beside: dict[str, Any]) -> Any:
    return field.get_default(call_default_factory=True, validated_data=beside)
