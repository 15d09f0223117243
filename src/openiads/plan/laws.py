"""Times that chance draws anew at each use, as tables of quantiles that a battle draws from."""

from dataclasses import dataclass, field

import numpy as np

from openiads.kernel import Reals
from openiads.scenario.quantities import TimeLaw
from openiads.scenario.spreads import Spread

POINTS = 65
# The far ends of an unbounded law are cut at these shares.
_SHARES = np.clip(np.linspace(0.0, 1.0, POINTS), 0.002, 0.998)


def quantiles_s(law: TimeLaw) -> Reals:
    """Return a law's times (POINTS,) at even shares of probability from 0 to 1. [s]"""
    if law.kind == "fixed":
        return np.full(POINTS, law.values_s[0])
    spread = Spread(law.kind, law.values_s, 0.0)
    return np.array([spread.at(float(share)) for share in _SHARES])


def fixed(time_s: float) -> TimeLaw:
    """Return the law of a time that never varies."""
    return TimeLaw.model_construct(kind="fixed", values_s=(time_s,))


def lognormal(median_s: float, sigma: float) -> TimeLaw:
    """Return a lognormal law."""
    return TimeLaw.model_construct(kind="lognormal", values_s=(median_s, sigma))


@dataclass
class Laws:
    """The laws of one plan, each once."""

    rows: list[Reals] = field(default_factory=list)
    _row_of: dict[tuple[object, ...], int] = field(default_factory=dict)

    def add(self, *laws: TimeLaw) -> int:
        """Return the row of a law, or of the sum of several.

        Limits: the parts of a sum are taken to be long together, which widens it.
        """
        key = tuple((law.kind, law.values_s) for law in laws)
        if key not in self._row_of:
            self._row_of[key] = len(self.rows)
            self.rows.append(np.sum([quantiles_s(law) for law in laws], axis=0) if laws else np.zeros(POINTS))
        return self._row_of[key]

    def table(self) -> Reals:
        """Return all rows (laws, POINTS). [s]"""
        return np.array(self.rows or [np.zeros(POINTS)])
