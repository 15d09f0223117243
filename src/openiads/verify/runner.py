"""Finds the checks, runs them and sums them up."""

import pkgutil
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from openiads.errors import UserError
from openiads.verify.case import Case, Check, settle

_OWN = {"case", "rows", "runner"}


def checks(long: bool = False) -> list[Check]:
    """Every check of every file of this package, in the order of the file names."""
    import openiads.verify as package

    found: list[Check] = []
    for name in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        if name not in _OWN:
            found += getattr(import_module(f"{package.__name__}.{name}"), "CHECKS", ())
    seen: set[str] = set()
    for check in found:
        if check.id in seen:
            raise UserError(f"verify: two checks are called {check.id!r}; each id must be used once")
        seen.add(check.id)
    return [check for check in found if long or not check.is_long]


def known_modules() -> list[str]:
    """Names of the modules that have checks."""
    return sorted({check.module for check in checks(long=True)})


def run(modules: Sequence[str] | None = None, long: bool = False, progress: Callable[[int, int], None] | None = None) -> list[Case]:
    """Run the checks of some or all modules.

    Parameters
    ----------
    modules : those to run, all by default
    long : whether to run the slow checks too
    progress : called with (done, of) after each check

    Returns
    -------
    one Case a check

    Raises
    ------
    UserError : a module that has no checks.
    """
    chosen = checks(long)
    if modules is not None:
        known = known_modules()
        for name in modules:
            if name not in known:
                raise UserError(f"verify: no module is called {name!r}; known are {', '.join(known)}")
        chosen = [check for check in chosen if check.module in modules]
    cases = []
    for done, check in enumerate(chosen, 1):
        cases.append(settle(check))
        if progress is not None:
            progress(done, len(chosen))
    return cases


def summary(cases: Sequence[Case]) -> dict[str, Any]:
    """The cases with the counts of those that count: ``cases``, ``passed``, ``failed``, ``not_counted``, ``by_module``."""
    counted = [case for case in cases if case.is_counted]
    by_module: dict[str, dict[str, int]] = {}
    for case in counted:
        entry = by_module.setdefault(case.module, {"passed": 0, "failed": 0})
        entry["passed" if case.holds else "failed"] += 1
    return {
        "cases": [case.row() for case in cases],
        "passed": sum(case.holds for case in counted),
        "failed": sum(not case.holds for case in counted),
        "not_counted": len(cases) - len(counted),
        "by_module": by_module,
    }
