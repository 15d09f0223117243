"""Reads the shipped cases: groups of rows that share a function, a statement, a source and a status."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import resources
from typing import Any

from openiads import strict_yaml
from openiads.errors import UserError
from openiads.verify.case import STATUSES, Check, Measured

_GROUP = {"group", "call", "statement", "unit", "source", "status", "note", "tolerance", "relative", "errors", "rows"}


def read(name: str, functions: Mapping[str, Callable[..., float | Measured]], module: str | None = None) -> tuple[Check, ...]:
    """Make the checks of one shipped file.

    Parameters
    ----------
    name : file ``cases/<name>.yaml`` of this package
    functions : what the ``call`` of a group names; it gets the row's values by keyword and returns the number
    module : name under which the checks are listed, by default that of the file

    Returns
    -------
    one Check a row, its id made of group and row

    Raises
    ------
    UserError : a file that is not one, an unknown function or status, or a row without tolerance.
    """
    place = f"verify/cases/{name}.yaml"
    text = (resources.files("openiads.verify") / "cases" / f"{name}.yaml").read_text(encoding="utf-8")
    checks: list[Check] = []
    for group in strict_yaml.read(text, place).value:
        _examine(place, group, functions)
        function, listed = functions[group["call"]], module or name.replace("_", "-")
        checks += [_check(place, group, _plain(row), function, listed) for row in group["rows"]]
    return tuple(checks)


def _check(place: str, group: Mapping[str, Any], row: dict[str, Any], function: Callable[..., float | Measured], module: str) -> Check:
    label = f"{group['group']}-{row.pop('id')}"
    reference = float(row.pop("expected"))
    is_long = bool(row.pop("long", False))
    tolerance = row.pop("tolerance", group.get("tolerance", group.get("errors")))
    if tolerance is None and "relative" in group:
        tolerance = float(group["relative"]) * abs(reference)
    if tolerance is None:
        raise UserError(f"{place}: {label} has neither tolerance nor relative tolerance; give one")
    statement = f"{group['statement']} [{group['unit']}]"
    return Check(label, module, statement, reference, float(tolerance), group["source"], group["status"], partial(function, **row), is_long)


def _examine(place: str, group: Mapping[str, Any], functions: Mapping[str, Callable[..., float | Measured]]) -> None:
    unknown = set(group) - _GROUP
    missing = {"group", "call", "statement", "unit", "source", "status", "rows"} - set(group)
    if unknown or missing:
        raise UserError(f"{place}: group {group.get('group')!r} has unknown keys {sorted(unknown)} or lacks {sorted(missing)}")
    if group["call"] not in functions:
        raise UserError(f"{place}: group {group['group']} calls {group['call']!r}; known are {', '.join(sorted(functions))}")
    if not str(group["status"]).startswith(STATUSES):
        raise UserError(f"{place}: group {group['group']} has status {group['status']!r}; known are {', '.join(STATUSES)}")


def _plain(value: Any) -> Any:
    """Return a value with lists and mappings as such and numbers as plain floats."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, strict_yaml.Real) else value
