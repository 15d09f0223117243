"""What is wrong with the form of a study's keys, and how each is written."""

from typing import Any

from pydantic_core import ErrorDetails

from openiads.errors import names_like
from openiads.scenario.quantities import Model, type_word
from openiads.strict_yaml import Document, Problem

_VARIANT = ("a scenario and what is set in it", "{scenario: minsk-2021, set: {doctrine.reserve: 0.1}}")
_FORMS = {
    "measures": ("a list of measures", "[impacts_per_night, any_civil_engaged]"),
    "alternatives": (
        "alternatives by name",
        "{quarter: {scenario: minsk-2021}, tenth: {scenario: minsk-2021, set: {doctrine.reserve: 0.1}}}",
    ),
    "base": _VARIANT,
    "steps": ("a list of steps, the smallest first", "[{name: 20 rounds}, {name: 32 rounds, set: {sites.s400.load.48N6E3: 32}}]"),
    "additions": ("additions by name", "{12 rounds more: {set: {sites.s400.load.48N6E3: 32}}}"),
    "over": ("values by path", "{sites.s400.load.48N6E3: [20, 26, 32]}"),
    "factors": ("levels by factor", "{reserve: {none: {set: {doctrine.reserve: 0}}, half: {set: {doctrine.reserve: 0.5}}}}"),
    "figures": ("two figures or more by path", "{targets.one-way-attack-uav.pk: range, doctrine.reserve: {uniform: [0, 0.5]}}"),
    "ranges": ("ranges by path", "{doctrine.reserve: [0, 0.5]}"),
    "knowledge": ("what is not known", "{samples: 64, replications: 50, figures: {targets.one-way-attack-uav.pk: range}}"),
    "flips": ("changes by name", "{no reserve: {set: {doctrine.reserve: 0}}}"),
    "set": ("values by path", "{doctrine.reserve: 0.1}"),
    "only": ("a list of groups", "[cruise-1, drones-1]"),
    "without": ("a list of groups and sites", '["*jammer*", pantsir-base]'),
}
_SHAPES = ("too_short", "too_long", "tuple_type", "list_type", "dict_type", "model_type")


def problem(document: Document, place: tuple[str | int, ...], error: ErrorDetails, model: type[Model]) -> Problem:
    """Return a problem of form, located, with what to write instead."""
    path = (*place, *(step for step in error["loc"] if step != "[key]"))
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "refused":
        return document.problem(path, str(context["what"]), str(context["remedy"]))
    if kind == "missing":
        form = _FORMS.get(str(path[-1]))
        return document.problem(path[:-1], f'the key "{path[-1]}" is missing', f"add {path[-1]}: {form[1] if form else '...'}")
    if kind == "extra_forbidden":
        known = [field.alias or name for name, field in model.model_fields.items()] if len(error["loc"]) == 1 else []
        near = names_like(str(path[-1]), known) or (f"known keys: {', '.join(known)}" if known else "remove it")
        return document.problem(path, f'the key "{path[-1]}" is not known here', near, at_key=True)
    form = _form(path, context) if kind in _SHAPES else None
    if form:
        return document.problem(path, f"{_shape_word(error['input'])} does not fit", f"write {form[0]}, {form[1]}")
    return document.problem(path, f"{type_word(error['input'])} does not fit", f"{error['msg'][0].lower()}{error['msg'][1:]}")


def _form(path: tuple[str | int, ...], context: dict[str, Any]) -> tuple[str, str] | None:
    """Return how the value at a path is written: by its key, or as a member of what it stands in."""
    if context.get("class_name") == "Variant":
        return _VARIANT
    if len(path) > 1 and path[-2] == "over":
        return "a list of values", "[20, 26, 32]"
    return _FORMS.get(str(path[-1])) if path else None


def _shape_word(written: Any) -> str:
    """Return what kind of thing a file said, and of how many."""
    if isinstance(written, list | tuple | dict):
        return f"{type_word(written)} of {len(written)}" if written else f"an empty {type_word(written)[2:]}"
    return type_word(written)
