"""From the models' errors to problems that a user can mend: where, what, what to do."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from openiads.errors import names_like
from openiads.scenario.draft import Draft, Steps
from openiads.scenario.models import Scenario
from openiads.scenario.quantities import type_word
from openiads.scenario.shape import Shape, shape
from openiads.strict_yaml import Problem

_EXAMPLES = {
    "format": "format: openiads-scenario/1",
    "name": "name: a-name",
    "about": "about: one sentence; say that positions are illustrative",
    "duration": "duration: 20 min",
    "at": "at: {lat: 53.9, lon: 27.57}",
    "from": "from: {lat: 53.9, lon: 27.57}",
    "lat": "lat: 53.9",
    "lon": "lon: 27.57",
    "system": "system: s-400",
    "side": "side: hostile, civil or friendly",
    "class": "class: cruise-missile-subsonic",
    "height": "height: 50 m agl",
    "radius": "radius: 10 km",
    "half_width": "half_width: 5 km",
    "control": "control: hold, tight or free",
    "effect": "effect: {radar: s-400/91N6E, range: 100 km}",
    "path": "path: [{lat: 53.9, lon: 27.57}, {lat: 54.9, lon: 26.0}]",
}
_QUOTED = re.compile(r"'([^']*)'")


def problem(draft: Draft, error: ErrorDetails) -> Problem:
    """Return one of the models' errors as a located problem."""
    path = _path(draft.value, error["loc"])
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "refused":
        return draft.problem(path, str(context["what"]), str(context["remedy"]))
    if kind == "missing":
        key = str(path[-1])
        return draft.problem(path[:-1], f'the key "{key}" is missing', f"add {_EXAMPLES.get(key, key + ': ...')}")
    if kind == "extra_forbidden":
        return _unknown_key(draft, path)
    if kind == "literal_error":
        return _not_one_of(draft, path, error["input"], _QUOTED.findall(str(context.get("expected", ""))))
    said = type_word(error["input"])
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        keys = ", ".join(_shape_at(path).keys)
        return draft.problem(
            path, f"{said} is not a mapping of keys", f"write {{key: value, ...}}{f' with keys among {keys}' if keys else ''}"
        )
    if kind in ("tuple_type", "list_type"):
        return draft.problem(path, f"{said} is not a list", "write [ ... ], or one item a line after a dash")
    return draft.problem(path, f"{said} does not fit ({error['msg']})", "compare docs/scenario-files.md")


def _path(value: Any, loc: tuple[str | int, ...]) -> Steps:
    """Return the part of an error's location that means something in the file."""
    steps: list[str | int] = []
    for step in loc:
        if step == "[key]":
            break
        steps.append(step)
    return tuple(steps)


def _shape_at(path: Steps) -> Shape:
    here = shape(Scenario)
    for step in path:
        inner = here.inside(step)
        if inner is None:
            return Shape("value")
        here = inner
    return here


def _unknown_key(draft: Draft, path: Steps) -> Problem:
    known = list(_shape_at(path[:-1]).keys)
    key = str(path[-1])
    near = names_like(key, known) or f"known keys: {', '.join(known)}"
    return draft.problem(path, f'the key "{key}" is not known here', near, at_key=True)


def _not_one_of(draft: Draft, path: Steps, said: object, known: list[str]) -> Problem:
    written = getattr(said, "written", said)
    near = names_like(written, known) if isinstance(written, str) else ""
    listed = ", ".join(known)
    return draft.problem(path, f"{type_word(said)} is not one of {listed}", near or f"write {'one of ' if len(known) > 1 else ''}{listed}")


def raw_members(value: Mapping[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
    """Return the mappings in a list of a draft, with their numbers; anything else is left out."""
    members = value.get(key)
    return [(index, member) for index, member in enumerate(members if isinstance(members, list) else []) if isinstance(member, dict)]
