"""Who shoots at whom: one problem, several algorithms, and the exact optimum as the yardstick."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.model.allocation.algorithms import ALGORITHMS, allocate
    from openiads.model.allocation.gap import Gap, gaps, optimum
    from openiads.model.allocation.prices import lower_bound
    from openiads.model.allocation.problems import Allocation, AllocationError, Problem, objective, problem, surviving_value
    from openiads.model.allocation.published import read_instance

_PLACES = {
    "ALGORITHMS": "algorithms",
    "Allocation": "problems",
    "AllocationError": "problems",
    "Gap": "gap",
    "Problem": "problems",
    "allocate": "algorithms",
    "gaps": "gap",
    "lower_bound": "prices",
    "objective": "problems",
    "optimum": "gap",
    "problem": "problems",
    "read_instance": "published",
    "surviving_value": "problems",
}

__all__ = [
    "ALGORITHMS",
    "Allocation",
    "AllocationError",
    "Gap",
    "Problem",
    "allocate",
    "gaps",
    "lower_bound",
    "objective",
    "optimum",
    "problem",
    "read_instance",
    "surviving_value",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: the solvers bring SciPy with them."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
