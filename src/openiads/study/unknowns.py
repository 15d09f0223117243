"""What is not known: figures with a spread, sampled evenly in an outer loop that all alternatives share."""

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from openiads.catalogue.figure import Figure
from openiads.catalogue.model import Catalogue
from openiads.errors import UserError
from openiads.scenario.spreads import Spread

CATALOGUE = "catalogue."
WIDE = 30.0
UNBOUNDED = ("normal", "lognormal")
TAIL = 0.05
Design = Literal["lhs", "sobol", "morris", "sobol-indices"]


@dataclass(frozen=True, slots=True)
class Unknown:
    """One figure: its path, what is known of it (in its own unit) and where that comes from."""

    path: str
    spread: Spread
    value: float | None
    unit: str
    basis: str
    is_checked: bool
    is_catalogue: bool

    @property
    def span(self) -> tuple[float, float]:
        """Return the lowest and highest value; the 5 % and 95 % quantiles of a spread that has none."""
        return self.at_ends(0.0), self.at_ends(1.0)

    def at_ends(self, place: float) -> float:
        """Return the value at a place between the ends of the span, 0 to 1."""
        return self.spread.at(TAIL + (1.0 - 2.0 * TAIL) * place if self.spread.kind in UNBOUNDED else place)

    def as_json(self) -> dict[str, Any]:
        """Return what identifies the unknown."""
        return {"path": self.path, "kind": self.spread.kind, "values": list(self.spread.values)}


@dataclass(frozen=True)
class Sampling:
    """The outer loop: a design over the unknowns; sample k is shared by all alternatives and all shots."""

    unknowns: tuple[Unknown, ...]
    design: Design
    samples: int
    inner: int
    seed: int

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """Return the places in the unit cube (points, unknowns)."""
        from openiads.statistics import sensitivity
        from openiads.study import designs

        count = len(self.unknowns)
        if self.design == "lhs":
            return designs.latin_hypercube(count, self.samples, self.seed)
        if self.design == "sobol":
            return designs.sobol_sequence(count, self.samples, self.seed)
        if self.design == "morris":
            return sensitivity.morris_points(count, self.samples, self.seed)
        return sensitivity.sobol_points(count, self.samples, self.seed)

    @property
    def units(self) -> NDArray[np.int64]:
        """Return to which unit each point belongs: points of one Morris walk or of one row of a Sobol design depend on each other."""
        places = np.arange(len(self.points))
        if self.design == "morris":
            return places // (len(self.unknowns) + 1)
        return places % self.samples if self.design == "sobol-indices" else places

    @property
    def ends(self) -> tuple[int, ...]:
        """Return the samples, the first among them, in which each unknown takes its lowest and its highest value."""
        points = self.points
        return tuple(np.unique([0, *points.argmin(axis=0), *points.argmax(axis=0)]).tolist())

    @property
    def total(self) -> int:
        """Return the replications of the whole outer and inner loop."""
        return len(self.points) * self.inner

    def values(self, sample: int) -> dict[str, float]:
        """Return what is set in one sample, by scenario path.

        A Morris walk steps on the ends of every range; a normal or lognormal spread has none, so its walk goes from its
        5 % to its 95 % quantile.
        """
        found = {}
        for unknown, place in zip(self.unknowns, self.points[sample].tolist()):
            path = CATALOGUE + unknown.path if unknown.is_catalogue else unknown.path
            inside = min(max(place, 1e-9), 1.0 - 1e-9)
            found[path] = unknown.at_ends(inside) if self.design == "morris" else unknown.spread.at(inside)
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Leave the points behind when sent to another process: they are computed again."""
        return {name: value for name, value in self.__dict__.items() if name != "points"}

    def as_json(self) -> dict[str, Any]:
        """Return what identifies the sampling."""
        unknowns = [one.as_json() for one in self.unknowns]
        return {"unknowns": unknowns, "design": self.design, "samples": self.samples, "inner": self.inner, "seed": self.seed}


def resolve(written: Mapping[str, Any], catalogue: Catalogue) -> tuple[Unknown, ...]:
    """Return the unknowns that a study names, patterns filled in, in path order.

    Parameters
    ----------
    written : mapping
        Path or pattern to ``"range"`` or a distribution in the figure's own unit.
    catalogue : Catalogue

    Raises
    ------
    UserError
        When a pattern fits nothing, or ``range`` is asked of a figure that has none.
    """
    found: dict[str, Unknown] = {}
    for path, known in written.items():
        is_pattern = "*" in path or "?" in path
        for one in _fitting(path, catalogue) if is_pattern else [path.removeprefix(CATALOGUE)]:
            figure = catalogue.figure(one) if catalogue.has(one) else None
            spread = _range(one, figure) if known == "range" else known
            if spread is not None:
                found[one] = _unknown(one, spread, figure)
            elif not is_pattern:
                raise UserError(f"{one}: the catalogue states no low and high for this figure; write a distribution in place of range")
    return tuple(found[path] for path in sorted(found))


def _fitting(pattern: str, catalogue: Catalogue) -> list[str]:
    fitting = [one for one in catalogue.figures if fnmatch.fnmatchcase(one, pattern)]
    if not fitting:
        raise UserError(f"{pattern}: no catalogue figure fits this pattern; list the figures with: openiads catalogue NAME")
    return fitting


def _range(path: str, figure: Figure | None) -> Spread | None:
    """Return the interval between low and high, even on the logarithm where it spans orders of magnitude."""
    if figure is None:
        raise UserError(f"{path}: this is no catalogue figure, so it has no range of its own; write a distribution, {{uniform: [1, 2]}}")
    if figure.low is None or figure.high is None or figure.low >= figure.high:
        return None
    is_wide = figure.low > 0.0 and figure.high / figure.low > WIDE
    return Spread("loguniform" if is_wide else "uniform", (figure.low, figure.high))


def _unknown(path: str, spread: Spread, figure: Figure | None) -> Unknown:
    if figure is None:
        return Unknown(path, spread, None, "", "judgement", False, False)
    return Unknown(path, spread, figure.value, figure.unit, figure.basis, figure.checked, True)
