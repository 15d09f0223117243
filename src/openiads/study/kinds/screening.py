"""Sensitivity: Morris screening of many unknowns, then Sobol indices of those that matter."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openiads.statistics.sensitivity import Effect, Index, morris_effects, sobol_indices
from openiads.statistics.two_level import linearised
from openiads.study.alternatives import Alternative, merged
from openiads.study.answers import Answer
from openiads.study.kinds.base import Driver, Setting, full_name
from openiads.study.kinds.knowing import driver
from openiads.study.kinds.points import mean_answer
from openiads.study.model import Sensitivity
from openiads.study.unknowns import Sampling, resolve
from openiads.study.view import View


class Screening:
    """A screening of all unknowns and indices of the few it keeps, on means of replications with their noise taken out."""

    def __init__(self, block: Sensitivity, setting: Setting) -> None:
        """Resolve the unknowns."""
        self.block, self.setting = block, setting
        self.unknowns = resolve(block.figures, setting.catalogue)
        self.screen = full_name(block, "screening")
        self.indices = full_name(block, "indices")
        self.screening = Sampling(self.unknowns, "morris", block.trajectories, block.replications, setting.seed)

    def alternatives(self, view: View) -> list[Alternative]:
        """Return the screening, and the indices once the screening is done."""
        found = []
        if "morris" in self.block.method:
            found.append(merged(self.screen, self.block.base, sampling=self.screening))
        if "sobol" in self.block.method and (kept := self._kept(view)) is not None:
            found.append(merged(self.indices, self.block.base, sampling=kept))
        return found

    def wanted(self, view: View) -> dict[str, int]:
        """Return all replications of the alternatives known so far."""
        return {one.name: one.sampling.total for one in self.alternatives(view) if one.sampling is not None}

    def answers(self, view: View) -> list[Answer]:
        """Return the measure's mean over the last design, and at how many points of each design it is undefined."""
        measure, known = self.block.measures[0], self._designs(view)
        name, sampling = known[-1]
        mean = mean_answer(self.block, view, name, sampling, measure, "mean over the design")
        return [replace(mean, words="; ".join([mean.words, *self._gaps(view, known)]))]

    def drivers(self, view: View) -> list[Driver]:
        """Return total indices where they were computed, and else the screened sizes as shares of their sum."""
        measure, (name, sampling) = self.block.measures[0], self._designs(view)[-1]
        if name == self.indices:
            found = self._indices(view, sampling)
            rows = [driver(u, one.estimate, one.low, one.high, measure, "total index") for u, one in zip(sampling.unknowns, found[1])]
        else:
            effects = self._effects(view)
            whole = sum(one.size**2 for one in effects) or 1.0
            rows = [driver(u, one.size**2 / whole, 0.0, 1.0, measure, "screened") for u, one in zip(self.unknowns, effects)]
        return sorted(rows, key=lambda one: (-one.share, one.path))

    def details(self, view: View) -> dict[str, Any]:
        """Return the screening of every unknown, both indices of those kept, and at how many points of each the measure is undefined."""
        known = self._designs(view)
        found: dict[str, Any] = {"undefined": {_short(name): list(self._undefined(view, name, sampling)) for name, sampling in known}}
        if "morris" in self.block.method:
            found["screening"] = [{"figure": u.path, **one._asdict()} for u, one in zip(self.unknowns, self._effects(view))]
        if known[-1][0] == self.indices:
            kept = known[-1][1]
            rows = zip(kept.unknowns, *self._indices(view, kept))
            found["indices"] = [{"figure": u.path, "first": one._asdict(), "total": both._asdict()} for u, one, both in rows]
        return found

    def _designs(self, view: View) -> list[tuple[str, Sampling]]:
        """Return the designs known so far: the screening, and the indices where there is something to choose them by."""
        return [(one.name, one.sampling) for one in self.alternatives(view) if one.sampling is not None]

    def _gaps(self, view: View, known: list[tuple[str, Sampling]]) -> list[str]:
        """Return a sentence for each design in which the measure is undefined somewhere."""
        found = []
        for name, sampling in known:
            missing, count = self._undefined(view, name, sampling)
            few = ", too many to rank any figure" if 2 * missing > count else ""
            if missing:
                found.append(f"it is undefined at {missing} of {count} points of the {_short(name)}{few}")
        return found

    def _effects(self, view: View) -> list[Effect]:
        """Return the effect of every unknown; none where too few points are defined."""
        found = self._means(view, self.screen, self.screening)
        return [] if found is None else morris_effects(self.screening.points, *found)

    def _indices(self, view: View, kept: Sampling) -> tuple[list[Index], list[Index]]:
        """Return the first-order and the total index of every unknown kept; none where too few points are defined."""
        found = self._means(view, self.indices, kept)
        return ([], []) if found is None else sobol_indices(len(kept.unknowns), *found, view.level, seed=self.setting.seed)

    def _kept(self, view: View) -> Sampling | None:
        """Return the design of the indices: over all unknowns, or over those that the finished screening keeps."""
        block = self.block
        chosen = self.unknowns
        if "morris" in block.method:
            if self.screen not in view.alternatives or view.done(self.screen) < self.screening.total:
                return None
            sizes = [one.size for one in self._effects(view)]
            if not sizes:
                return None
            best = sorted(range(len(sizes)), key=lambda i: (-sizes[i], self.unknowns[i].path))[: block.keep]
            chosen = tuple(self.unknowns[i] for i in sorted(best))
        return Sampling(chosen, "sobol-indices", block.samples, block.replications, self.setting.seed)

    def _values(self, view: View, name: str, sampling: Sampling) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the points at which the measure is defined, and the value of each replication there."""
        values = linearised(*view.samples([name], self.block.measures[0])[0], sampling.inner)
        defined = np.isfinite(values).all(axis=1)
        return view.sample_numbers([name])[defined], values[defined]

    def _undefined(self, view: View, name: str, sampling: Sampling) -> tuple[int, int]:
        """Return at how many points the measure is undefined, of how many: nothing to divide by, or replications set aside."""
        return len(sampling.points) - len(self._values(view, name, sampling)[0]), len(sampling.points)

    def _means(self, view: View, name: str, sampling: Sampling) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Return the mean of the replications at each point and the variance of that mean; None with fewer than half of the points.

        A point at which the measure is undefined takes the mean of all others and their mean variance: it then stands for
        an average point, and what the figures do there stays hidden, so the answer says how many such points there are.
        """
        defined, values = self._values(view, name, sampling)
        count = len(sampling.points)
        if 2 * defined.size < count:
            return None
        mean, variance = values.mean(axis=1), values.var(axis=1, ddof=1) / sampling.inner
        means, noise = np.full(count, mean.mean()), np.full(count, variance.mean())
        means[defined], noise[defined] = mean, variance
        return means, noise


def _short(name: str) -> str:
    return name.rpartition(" / ")[2]
