"""What is checked, and what came of it."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

STATUSES = (
    "published",
    "published and reproduced",
    "closed form",
    "reference implementation",
    "measured from the data file",
    "recalled",
    "formula only",
)


class Measured(NamedTuple):
    """A mean over draws with its standard error."""

    value: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Check:
    """One number to be met: ``ours`` calls the public functions anew each time; ``tolerance`` is in the unit of ``reference``.

    Where ``ours`` is a mean over draws, ``tolerance`` is in its standard errors.
    ``is_long`` marks what takes more than a few seconds and runs only on request.
    """

    id: str
    module: str
    statement: str
    reference: float
    tolerance: float
    source: str
    status: str
    ours: Callable[[], "float | Measured"]
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """The outcome of one check; ``ours`` and ``difference`` are None where the function failed, and ``failure`` says how."""

    id: str
    module: str
    statement: str
    reference: float
    ours: float | None
    difference: float | None
    tolerance: float
    source: str
    status: str
    holds: bool
    failure: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether the case counts as validation."""
        return "recalled" not in self.status and "formula" not in self.status

    def row(self) -> dict[str, Any]:
        """Return the fields as plain values, without an empty ``failure``."""
        fields = asdict(self)
        if not self.failure:
            fields.pop("failure")
        return fields


def settle(check: Check) -> Case:
    """Run one check; an error inside it becomes a case that does not hold."""
    failure = ""
    ours, tolerance = math.nan, check.tolerance
    try:
        found = check.ours()
        if isinstance(found, Measured):
            ours, tolerance = found.value, check.tolerance * found.standard_error
        else:
            ours = float(found)
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
    finite = math.isfinite(ours)
    if not finite and not failure:
        failure = f"the result is {ours}"
    difference = ours - check.reference if finite else None
    return Case(
        check.id,
        check.module,
        check.statement,
        check.reference,
        ours if finite else None,
        difference,
        tolerance,
        check.source,
        check.status,
        difference is not None and abs(difference) <= tolerance,
        failure,
    )
