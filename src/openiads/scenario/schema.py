"""The JSON Schema of scenario files, for editors: made from the models, with their docstrings as descriptions."""

import ast
import inspect
import json
import warnings
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from openiads.scenario.models import Scenario
from openiads.scenario.shape import shape

FILE = Path(__file__).parent / "schema.json"

_KINDS = {
    "400 km": "length", "-200 m": "signed-length", "15 min": "time", "2 s": "delay", "240 m/s": "speed", "270 deg": "bearing",
    "-3 deg": "signed-angle", "15 deg": "angle", "0.1 m2": "area", "200 MHz": "frequency", "4 mm/h": "rain-rate", "15 degC": "temperature",
    "1013.25 hPa": "pressure", "7.5 g/m3": "density", "50 m agl": "height", "5 %": "share",
}  # fmt: skip


def schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # defaults of nested models, which are dropped below
        made = Scenario.model_json_schema(by_alias=True, mode="validation")
    for model in _models(Scenario, set()):
        described = made if model is Scenario else made.get("$defs", {}).get(model.__name__)
        if described is not None:
            _describe(described, model)
    _tidy(made)
    _hoist(made)
    made["required"].remove("duration")
    made["anyOf"] = [{"required": ["duration"]}, {"required": ["base"]}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "openiads scenario"}


def text() -> str:
    """Return the schema as the committed file holds it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def _models(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """Return a model and every model below it."""
    if model not in seen:
        seen.add(model)
        waiting = [shape(cast("Any", field.annotation)) for field in model.model_fields.values()]
        while waiting:
            found = waiting.pop()
            if found.model is not None:
                _models(found.model, seen)
            elif found.kind in ("list", "table"):
                waiting.append(shape(found.member))
    return seen


def _describe(described: dict[str, Any], model: type[BaseModel]) -> None:
    """Put the string below each attribute into the schema as its description."""
    notes: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel and base.__module__.startswith("openiads."):
            body = ast.parse(inspect.getsource(base)).body[0]
            notes |= _notes(body if isinstance(body, ast.ClassDef) else ast.ClassDef("", [], [], [], []))
    for name, field in model.model_fields.items():
        place = described.get("properties", {}).get(field.alias or name)
        if place is not None and name in notes:
            place["description"] = notes[name]


def _notes(body: ast.ClassDef) -> dict[str, str]:
    found = {}
    for line, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and isinstance(below, ast.Expr):
            value = below.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found[line.target.id] = " ".join(value.value.split())
    return found


def _tidy(node: Any) -> None:
    """Drop titles made from names, and defaults that a file could not write."""
    if isinstance(node, dict):
        node.pop("title", None) if isinstance(node.get("title"), str) else None
        default = node.get("default")
        if "default" in node and (default is None or isinstance(default, dict | list | float)):
            del node["default"]
        for inner in node.values():
            _tidy(inner)
    elif isinstance(node, list):
        for inner in node:
            _tidy(inner)


def _hoist(made: dict[str, Any]) -> None:
    """Say each kind of distribution once, under ``$defs``."""
    kept: dict[str, tuple[str, Any]] = {}

    def walk(node: Any) -> Any:
        """Return the node with a reference to its name for every distribution, and keep each."""
        if isinstance(node, list):
            return [walk(inner) for inner in node]
        if not isinstance(node, dict):
            return node
        if "uniform" in node.get("properties", {}):
            key = json.dumps(node, sort_keys=True)
            if key not in kept:
                kept[key] = _distribution_name(node, [name for name, _ in kept.values()]), node
            return {"$ref": f"#/$defs/{kept[key][0]}"}
        return {key: walk(inner) for key, inner in node.items()}

    hoisted = walk(made)
    made.clear()
    made.update(hoisted)
    made["$defs"] = {**dict(sorted(kept.values(), key=lambda one: one[0])), **made["$defs"]}


def _distribution_name(node: dict[str, Any], taken: list[str]) -> str:
    member = node["properties"]["uniform"]["items"]
    examples = [example for part in member.get("anyOf", [member]) for example in part.get("examples", [])]
    kind = _KINDS[examples[0]] if examples else f"{member['type']}-{abs(member.get('minimum', 0)):g}"
    name = f"distribution-of-{kind}"
    return name if name not in taken else f"{name}-{len(taken)}"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
