"""Setting one value by its path: ``objects.cm.count``, ``drones.count``, ``sites.s400.load.48N6E3``."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from openiads import strict_yaml
from openiads.errors import UserError, names_like
from openiads.scenario.draft import Draft, Steps
from openiads.scenario.models import Scenario
from openiads.scenario.shape import Shape, shape
from openiads.strict_yaml import Placed, StrictYamlError

_NAMED_LISTS = ("objects", "sites", "assets")
_WORD_KEYS = {"Picture": "feed", "SiteRadar": "name"}


class PathError(UserError):
    """A path at which nothing stands; ``what`` and ``remedy`` are the halves of the message."""

    def __init__(self, path: str, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{path}: {what}; {remedy}")


def pairs(overrides: Iterable[str] | Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return overrides as (path, value): from a mapping, or from texts PATH=VALUE whose value is read as YAML.

    Raises
    ------
    UserError : when a text has no ``=`` or nothing before it.
    """
    if isinstance(overrides, Mapping):
        return [(path if isinstance(path, str) else str(path), value) for path, value in overrides.items()]
    if isinstance(overrides, str):
        overrides = (overrides,)
    found = []
    for text in overrides:
        path, sign, written = text.partition("=")
        if not sign or not path.strip():
            raise UserError(
                f'--set {text}: this is not PATH=VALUE; write, for example, --set objects.cm.count=12 or --set "duration=10 min"'
            )
        found.append((path.strip(), value_of(written)))
    return found


def value_of(written: str) -> Any:
    """Return the value of a text as a scenario file would read it; text that is no YAML stays text."""
    try:
        return strict_yaml.read(written.strip(), "--set").value
    except strict_yaml.StrictYamlError:
        return written.strip()


def apply(draft: Draft, overrides: Iterable[str] | Mapping[str, Any]) -> None:
    """Set values in a draft, by path; what they make wrong is found when the draft is read, and said of where the path was written.

    Raises
    ------
    UserError : for a path at which nothing can stand, with a suggestion.
    """
    for path, value in pairs(overrides):
        draft.value = copy.deepcopy(draft.value)
        try:
            steps = assign(draft.value, path, value)
        except PathError as error:
            if isinstance(path, Placed):
                raise StrictYamlError([path.problem(error.what, error.remedy)]) from None
            raise UserError(f"--set {path}: {error.what}; {error.remedy}") from None
        draft.changed.append((steps, f"--set {path}={value}", path.problem("", "") if isinstance(path, Placed) else None))


def apply_changes(draft: Draft) -> None:
    """Set what the file's own ``changes`` say; a wrong path becomes a problem at its key."""
    changes = draft.value.get("changes")
    if not isinstance(changes, Mapping) or not changes:
        return
    draft.value = copy.deepcopy(draft.value)
    for path, value in changes.items():
        place = draft.problem(("changes", path), "", "", at_key=True)
        try:
            steps = assign(draft.value, path, value)
        except PathError as error:
            draft.add(("changes", path), error.what, error.remedy, at_key=True)
        else:
            draft.changed.append((steps, draft.name, place))


def assign(value: dict[str, Any], path: str, wanted: Any) -> Steps:
    """Set one value in plain scenario values (in place) and return its steps.

    Raises
    ------
    PathError : when no key or name leads there.
    """
    steps, parent = _walk(value, path)
    last = steps[-1]
    if isinstance(parent, dict):
        parent[str(last)] = wanted
    else:
        parent[int(last)] = wanted
    return steps


def _walk(value: dict[str, Any], path: str) -> tuple[Steps, Any]:
    """Go down a path, making the optional parts that are not yet written; return the steps and the last container."""
    node: Any = value
    here = shape(Scenario)
    steps: list[str | int] = []
    rest = path
    start = _by_name(value, rest)
    if start is not None:
        steps, node, here, rest = start
        if not rest:
            return tuple(steps), value[str(steps[0])]
    while True:
        step, rest = _step(node, here, rest, path)
        steps.append(step)
        inner = here.inside(step)
        if not rest:
            return tuple(steps), node
        if inner is None or inner.kind == "value":
            raise PathError(path, f'"{step}" is a single value and has no part "{rest}"', f"write {path[: len(path) - len(rest) - 1]}")
        node = _entered(node, step, inner)
        here = inner


def _entered(node: Any, step: str | int, inner: Shape) -> Any:
    """Return the container at a step, made or widened from its one-word form where needed."""
    found = node.get(step) if isinstance(node, dict) else node[step]
    if isinstance(found, str) and inner.model is not None:
        found = {_WORD_KEYS[inner.model.__name__]: found} if inner.model.__name__ in _WORD_KEYS else {}
    elif isinstance(found, str) and inner.kind == "table":
        found = {"*": found}
    elif isinstance(found, str) and inner.kind == "list":
        found = [found]
    elif found is None:
        found = [] if inner.kind == "list" else {}
    node[step] = found
    return found


def _by_name(value: dict[str, Any], path: str) -> tuple[list[str | int], Any, Shape, str] | None:
    """Find an object, site or asset by its bare name at the start of a path."""
    first, _, left = path.partition(".")
    reserved = shape(Scenario).inside(first)
    if reserved is not None and (not left or reserved.kind != "value"):
        return None  # base.count is an object named base, but duration is the scenario's
    best: tuple[list[str | int], Any, Shape, str] | None = None
    for key in _NAMED_LISTS:
        members = value.get(key)
        for index, member in enumerate(members if isinstance(members, list) else []):
            name = member.get("name") if isinstance(member, dict) else None
            if isinstance(name, str) and (path == name or path.startswith(name + ".")):
                inner = shape(Scenario).inside(key)
                here = inner.inside(index) if inner else None
                if here is not None and (best is None or len(path) - len(name) - 1 < len(best[3])):
                    best = [key, index], member, here, path[len(name) + 1 :]
    return best


def _step(node: Any, here: Shape, rest: str, path: str) -> tuple[str | int, str]:
    """Take one step down a path and return it with what is left of the path."""
    if here.kind == "model":
        named = _names(node) if here.model is Scenario and isinstance(node, dict) else []
        return _longest(list(here.keys), rest, path, "key or name" if named else "key", named)
    if here.kind == "table":
        known = list(node) if isinstance(node, dict) else []
        match = _match(known, rest)
        if match is not None:
            return match
        inner = shape(here.member)
        if inner.kind == "value":
            return rest, ""
        key, _, left = rest.partition(".")
        return key, left
    members = node if isinstance(node, list) else []
    names = {_member_name(member, index): index for index, member in enumerate(members)}
    name, left = _longest([*names, *(str(index) for index in range(len(members)) if str(index) not in names)], rest, path, "name")
    return names.get(name, int(name) if name.isdigit() else 0), left


def _member_name(member: Any, index: int) -> str:
    if isinstance(member, dict):
        name = member.get("name")
        return name if isinstance(name, str) else str(index)
    return member if isinstance(member, str) else str(index)


def _match(known: list[str], rest: str) -> tuple[str, str] | None:
    fitting = [name for name in known if rest == name or rest.startswith(name + ".")]
    if not fitting:
        return None
    best = max(fitting, key=len)
    return best, rest[len(best) + 1 :]


def _names(value: dict[str, Any]) -> list[str]:
    members = [member for key in _NAMED_LISTS if isinstance(value.get(key), list) for member in value[key]]
    return [member["name"] for member in members if isinstance(member, dict) and isinstance(member.get("name"), str)]


def _longest(known: list[str], rest: str, path: str, what: str, also: list[str] | None = None) -> tuple[str, str]:
    match = _match(known, rest)
    if match is not None:
        return match
    word = rest.split(".", 1)[0]
    at = path[: len(path) - len(rest)].rstrip(".") or "the scenario"
    near = names_like(word, [*known, *(also or [])])
    listed = ", ".join(known[:30]) + (", ..." if len(known) > 30 else "")
    raise PathError(path, f'{at} has no {what} "{word}"', near or (f"it has: {listed}" if known else "it is empty"))
