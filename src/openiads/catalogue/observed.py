"""Publicly claimed launches and kills by weapon class and year: aggregates of one side's claims, never a kill probability."""

import csv
from dataclasses import dataclass
from functools import cache

from openiads.catalogue.load import DATA

FILE = "observed_rates.csv"


@dataclass(frozen=True, slots=True)
class ObservedRate:
    """What one side claims for one weapon class in one year: counts of a whole national defence.

    ``not_reached`` were lost without being shot down; from August 2025 such losses of drones stand in ``destroyed``.
    ``dispersion`` is the variance between attacks over that of a binomial.
    """

    weapon_class: str
    target_class: str | None
    year: int
    rows: int
    launched: int
    destroyed: int
    not_reached: int
    dispersion: float | None

    @property
    def rate(self) -> float:
        """Destroyed over launched: outcome of a whole layered defence, not a single-shot kill probability."""
        return self.destroyed / self.launched

    @property
    def rate_with_not_reached(self) -> float:
        """The same with what did not reach its aim for other reasons."""
        return (self.destroyed + self.not_reached) / self.launched

    def bounds(self, entered_share: float) -> tuple[float, float]:
        """Return the bounds of the conditional rate if at least a share of the launches entered any defence.

        Parameters
        ----------
        entered_share : lowest share of launches that met a defence, above 0 and at most 1.
        """
        return self.rate, min(1.0, self.rate / entered_share)


@cache
def observed_rates() -> tuple[ObservedRate, ...]:
    """Return the claimed rates by weapon class and year, in file order (``caveats`` goes with every use).

    Source
    ------
    [uadata]
    """
    lines = [line for line in (DATA / FILE).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple(
        ObservedRate(
            weapon_class=row["weapon_class"],
            target_class=row["target_class"] or None,
            year=int(row["year"]),
            rows=int(row["rows"]),
            launched=int(row["launched"]),
            destroyed=int(row["destroyed"]),
            not_reached=int(row["not_reached"]),
            dispersion=float(row["dispersion"]) if row["dispersion"] else None,
        )
        for row in csv.DictReader(lines)
    )


def caveats() -> tuple[str, ...]:
    """Return what must be printed beside any use of the observed rates: origin, licence and limits."""
    lines = (DATA / FILE).read_text(encoding="utf-8").splitlines()
    return tuple(line.removeprefix("#").strip() for line in lines if line.startswith("#"))
