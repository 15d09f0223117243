"""Knowledge against luck: bands over what is not known, and the figures that make them wide."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openiads.scenario.spreads import Spread
from openiads.statistics.intervals import UNDEFINED
from openiads.statistics.sensitivity import main_effects
from openiads.statistics.two_level import TwoLevel, linearised, shrunk_means, two_level
from openiads.study import answers
from openiads.study.alternatives import Alternative, merged
from openiads.study.answers import Answer
from openiads.study.kinds.base import Driver, Setting, full_name
from openiads.study.kinds.points import mean_answer
from openiads.study.measures import known
from openiads.study.model import Design, Knowledge, Unknowns, Variant
from openiads.study.unknowns import Sampling, Unknown, resolve
from openiads.study.view import View

SAMPLED = "unknowns drawn"
DRAWS = 200
CURVE_POINTS = 60
SPREADS = ("knowledge_sd", "knowledge_sd_low", "knowledge_sd_high", "luck_sd", "outer_low", "outer_high")


class Knowing:
    """Each alternative at its stated values and over samples of the unknowns; sample k is the same for all."""

    def __init__(self, block: Knowledge, setting: Setting) -> None:
        """Resolve the unknowns."""
        self.block, self.setting = block, setting
        wanted: Unknowns = block.knowledge
        unknowns = resolve(wanted.figures, setting.catalogue)
        self.sampling = Sampling(unknowns, "lhs", wanted.samples, wanted.replications, setting.seed)
        self.names = list(block.alternatives)
        self.baseline = block.against or self.names[0]

    def alternatives(self, view: View) -> list[Alternative]:
        """Return every alternative twice: as stated and with the unknowns drawn."""
        block = self.block
        stated = [merged(full_name(block, name), variant) for name, variant in block.alternatives.items()]
        drawn = [merged(self._drawn(name), variant, sampling=self.sampling) for name, variant in block.alternatives.items()]
        return stated + drawn

    def wanted(self, view: View) -> dict[str, int]:
        """Return all of both loops."""
        stated = {full_name(self.block, name): self.block.replications for name in self.names}
        return stated | {self._drawn(name): self.sampling.total for name in self.names}

    def answers(self, view: View) -> list[Answer]:
        """Return luck at stated values and the band of knowledge, for each alternative and for each difference."""
        block, found = self.block, []
        for measure in block.measures:
            for name in self.names:
                luck = view.interval(full_name(block, name), measure)
                found.append(answers.share(block.name, block.question, name, measure, luck))
                found.append(self._band(view, measure, (name,)))
            found += [self._band(view, measure, (name, self.baseline)) for name in self.names if name != self.baseline]
        return found

    def drivers(self, view: View) -> list[Driver]:
        """Return the figures behind the first measure: of the last difference, or of the only alternative."""
        others = [name for name in self.names if name != self.baseline]
        names = (others[-1], self.baseline) if others else (self.names[0],)
        measure = self.block.measures[0]
        values = self._values(view, measure, names)
        about = f"{measure}: {' less '.join(names)}"
        return ranked(self.sampling, view.sample_numbers([self._drawn(n) for n in names]), values, about, self.setting.seed)

    def details(self, view: View) -> dict[str, Any]:
        """Return, for each measure, the sorted noise-corrected means of every alternative: the band of curves."""
        curves = [
            {"measure": measure, "alternative": name, **self._curve(view, measure, name)}
            for measure in self.block.measures
            for name in self.names
        ]
        return {"knowledge": curves, "unknowns": len(self.sampling.unknowns), "samples": self.sampling.samples}

    def _drawn(self, name: str) -> str:
        return full_name(self.block, name, SAMPLED)

    def _values(self, view: View, measure: str, names: Sequence[str]) -> NDArray[np.float64]:
        rows = view.samples([self._drawn(name) for name in names], measure)
        tables = [linearised(a, b, self.sampling.inner) for a, b in rows]
        return tables[0] if len(tables) == 1 else tables[0] - tables[1]

    def _band(self, view: View, measure: str, names: tuple[str, ...]) -> Answer:
        rows = view.samples([self._drawn(name) for name in names], measure)
        counts = [int(a.sum()) for a, _ in rows], [int(b.sum()) for _, b in rows]
        values = self._values(view, measure, names)
        split, samples = apart(values, view.level), int(np.isfinite(values).all(axis=1).sum())
        numbers = {
            "estimate": None if split is None else split.median,
            "low": None if split is None else split.band_low,
            "high": None if split is None else split.band_high,
            "numerator": counts[0][0] if len(names) == 1 else counts[0],
            "denominator": counts[1][0] if len(names) == 1 else counts[1],
            "level": 0.9,
            "method": UNDEFINED if split is None else "band of knowledge, noise of few replications removed",
            "replications": values.size,
        }
        more = {
            **{key: None if split is None else getattr(split, key) for key in SPREADS},
            "samples": samples,
            "unknowns": len(self.sampling.unknowns),
            "scenarios": [view.alternatives[self._drawn(name)].scenario.removesuffix(".yaml") for name in names],
            "verdict": _verdict(split) if len(names) > 1 else None,
        }
        few = f"only {samples} of {len(values)} samples have any {known(measure).of}" if samples < len(values) and min(counts[1]) else ""
        words = _unsaid(measure, names, few) if split is None else _said(measure, names, split) + (few and f"; {few}")
        return Answer(self.block.name, self.block.question, measure, names, "band", numbers, words, more)

    def _curve(self, view: View, measure: str, name: str) -> dict[str, Any]:
        """Return the sorted means, and the share of nights above each count: by luck at stated values, and its band of knowledge."""
        values = self._values(view, measure, (name,))
        split = apart(values, view.level)
        means = [] if split is None else shrunk_means(_usable(values).mean(axis=1), split.knowledge_sd**2).tolist()
        stated = view.counts([full_name(self.block, name)], measure)[0][0]
        drawn = view.samples([self._drawn(name)], measure)[0][0].reshape(-1, self.sampling.inner)
        most = int(max(stated.max(initial=0), drawn.max(initial=0)))
        places = np.unique(np.linspace(0, most, min(most, CURVE_POINTS) + 1).astype(np.int64))
        above = [_corners(apart((drawn > place).astype(np.float64), view.level)) for place in places]
        band = np.minimum.accumulate(np.clip(above, 0.0, 1.0), axis=0)
        return {
            "means": sorted(means),
            "naive_sd": None if split is None else split.naive_sd,
            "sd": None if split is None else split.knowledge_sd,
            "count": places.tolist(),
            "luck": [float((stated > place).mean()) for place in places],
            "band": band.tolist(),
        }


class Pointing:
    """A design of points over ranges: a response at each point and the share of each range."""

    def __init__(self, block: Design, setting: Setting) -> None:
        """Lay out the points."""
        self.block, self.setting = block, setting
        unknowns = resolve({path: Spread("uniform", span) for path, span in block.ranges.items()}, setting.catalogue)
        self.sampling = Sampling(unknowns, block.points or "lhs", block.samples, block.replications, setting.seed)
        self.name = full_name(block, "points")

    def alternatives(self, view: View) -> list[Alternative]:
        """Return the one alternative whose samples are the points."""
        return [merged(self.name, self.block.base, Variant(), sampling=self.sampling)]

    def wanted(self, view: View) -> dict[str, int]:
        """Return all replications of all points."""
        return {self.name: self.sampling.total}

    def answers(self, view: View) -> list[Answer]:
        """Return the mean over all points of each measure."""
        shown = "mean over the points"
        return [mean_answer(self.block, view, self.name, self.sampling, measure, shown) for measure in self.block.measures]

    def drivers(self, view: View) -> list[Driver]:
        """Return the share of each range in the spread of the first measure."""
        values = self._values(view, self.block.measures[0])
        return ranked(self.sampling, view.sample_numbers([self.name]), values, self.block.measures[0], self.setting.seed)

    def details(self, view: View) -> dict[str, Any]:
        """Return every point with its means."""
        kept = view.sample_numbers([self.name])
        means = {measure: self._values(view, measure).mean(axis=1).tolist() for measure in self.block.measures}
        points = [
            {"set": self.sampling.values(int(sample)), **{measure: column[i] for measure, column in means.items()}}
            for i, sample in enumerate(kept)
        ]
        return {"points": points}

    def _values(self, view: View, measure: str) -> NDArray[np.float64]:
        return linearised(*view.samples([self.name], measure)[0], self.sampling.inner)


def ranked(sampling: Sampling, kept: NDArray[np.int64], values: NDArray[np.float64], about: str, seed: int) -> list[Driver]:
    """Return the share of each unknown in the spread of an answer, the largest first; nothing where samples are too few."""
    usable = np.isfinite(values).all(axis=1)
    points, table = sampling.points[kept][usable], values[usable]
    if len(table) < 2 * len(sampling.unknowns) + 4:
        return []
    noise = table.var(axis=1, ddof=1) / table.shape[1]
    shares, _ = main_effects(points, table.mean(axis=1), noise, draws=DRAWS, seed=seed)
    rows = [(one, unknown) for one, unknown in zip(shares, sampling.unknowns)]
    rows.sort(key=lambda row: (-row[0].estimate, row[1].path))
    return [driver(unknown, one.estimate, one.low, one.high, about, "main effect") for one, unknown in rows]


def driver(unknown: Unknown, share: float, low: float, high: float, about: str, method: str) -> Driver:
    """Return a figure with its share, its value, its range and its provenance."""
    of = (unknown.value, unknown.unit, unknown.span, unknown.basis, unknown.is_checked)
    return Driver(unknown.path, share, low, high, about, method, *of)


def apart(values: NDArray[np.float64], level: float) -> TwoLevel | None:
    """Return knowledge and luck apart, from the samples that have anything to divide by; None with fewer than two of them."""
    usable = _usable(values)
    return two_level(usable, level) if len(usable) > 1 else None


def _usable(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[np.isfinite(values).all(axis=1)]


def _corners(split: TwoLevel | None) -> list[float]:
    return [math.nan] * 3 if split is None else [split.band_low, split.median, split.band_high]


def _verdict(split: TwoLevel | None) -> str:
    if split is not None and split.outer_low > 0.0:
        return "higher"
    return "lower" if split is not None and split.outer_high < 0.0 else "cannot tell"


def _unsaid(measure: str, names: tuple[str, ...], few: str) -> str:
    return f"{' against '.join(names)}: " + (f"{few}, too few to tell knowledge from luck" if few else answers.nothing(measure))


def _said(measure: str, names: tuple[str, ...], split: TwoLevel) -> str:
    scale, unit = answers.unit_of(measure, is_difference=len(names) > 1)
    band = f"{scale * split.band_low:.3g} to {scale * split.band_high:.3g} {unit}"
    if len(names) == 1:
        head = f"{names[0]}: {answers.words_of(measure)} {scale * split.median:.3g} {unit}"
        return f"{head}; nine in ten of what the figures allow lie within {band}"
    if _verdict(split) == "cannot tell":
        both = f"{names[0]} to be better or worse than {names[1]}"
        room = answers.room({"low": split.band_low, "high": split.band_high}, split._asdict(), scale)
        return f"{answers.words_of(measure)}: what is not known, and the number of samples, allow {both} ({band}{room})"
    word = "more" if split.band_low > 0.0 else "fewer"
    return f"{answers.words_of(measure)}: {word} with {names[0]} than with {names[1]} over nine in ten of what the figures allow ({band})"
