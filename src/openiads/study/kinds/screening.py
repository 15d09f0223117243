"""Sensitivity: Morris screening of many unknowns, then Sobol indices of those that matter."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from openiads.statistics.sensitivity import Effect, morris_effects, sobol_indices
from openiads.statistics.two_level import linearised
from openiads.study import answers
from openiads.study.alternatives import Alternative, merged
from openiads.study.answers import Answer
from openiads.study.kinds.base import Driver, Setting, full_name
from openiads.study.kinds.knowing import driver
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
        """Return the measure's mean over the whole design."""
        block = self.block
        name = self.indices if "sobol" in block.method else self.screen
        found = view.interval(name, block.measures[0])
        return [answers.share(block.name, block.question, "mean over the design", block.measures[0], found)]

    def drivers(self, view: View) -> list[Driver]:
        """Return total indices where they were computed, and else the screened sizes as shares of their sum."""
        kept = self._kept(view) if "sobol" in self.block.method else None
        measure = self.block.measures[0]
        if kept is not None:
            means, noise = self._means(view, self.indices, kept)
            _, total = sobol_indices(len(kept.unknowns), means, noise, view.level, seed=self.setting.seed)
            rows = [driver(u, one.estimate, one.low, one.high, measure, "total index") for u, one in zip(kept.unknowns, total)]
        else:
            effects = self._effects(view)
            whole = sum(one.size**2 for one in effects) or 1.0
            rows = [driver(u, one.size**2 / whole, 0.0, 1.0, measure, "screened") for u, one in zip(self.unknowns, effects)]
        return sorted(rows, key=lambda one: (-one.share, one.path))

    def details(self, view: View) -> dict[str, Any]:
        """Return the screening of every unknown and both indices of those kept."""
        found: dict[str, Any] = {}
        if "morris" in self.block.method:
            found["screening"] = [{"figure": u.path, **one._asdict()} for u, one in zip(self.unknowns, self._effects(view))]
        kept = self._kept(view) if "sobol" in self.block.method else None
        if kept is not None:
            means, noise = self._means(view, self.indices, kept)
            first, total = sobol_indices(len(kept.unknowns), means, noise, view.level, seed=self.setting.seed)
            found["indices"] = [
                {"figure": u.path, "first": one._asdict(), "total": both._asdict()} for u, one, both in zip(kept.unknowns, first, total)
            ]
        return found

    def _effects(self, view: View) -> list[Effect]:
        return morris_effects(self.screening.points, *self._means(view, self.screen, self.screening))

    def _kept(self, view: View) -> Sampling | None:
        """Return the design of the indices: over all unknowns, or over those that the finished screening keeps."""
        block = self.block
        chosen = self.unknowns
        if "morris" in block.method:
            if self.screen not in view.alternatives or view.done(self.screen) < self.screening.total:
                return None
            sizes = [one.size for one in self._effects(view)]
            best = sorted(range(len(sizes)), key=lambda i: (-sizes[i], self.unknowns[i].path))[: block.keep]
            chosen = tuple(self.unknowns[i] for i in sorted(best))
        return Sampling(chosen, "sobol-indices", block.samples, block.replications, self.setting.seed)

    def _means(self, view: View, name: str, sampling: Sampling) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the mean of the replications at each point and its variance; a point that failed takes the mean of all."""
        a, b = view.samples([name], self.block.measures[0])[0]
        values = np.nan_to_num(linearised(a, b, sampling.inner))
        kept, count = view.sample_numbers([name]), len(sampling.points)
        means, noise = np.full(count, values.mean()), np.zeros(count)
        means[kept], noise[kept] = values.mean(axis=1), values.var(axis=1, ddof=1) / sampling.inner
        return means, noise
