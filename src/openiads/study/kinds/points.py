"""What a design of points says as a whole: its mean, with the point and not the night as the unit, and how far its points lie apart."""

from typing import Any

import numpy as np

from openiads.statistics.two_level import linearised, mean_of_samples
from openiads.study import answers
from openiads.study.answers import Answer
from openiads.study.measures import known
from openiads.study.model import Block
from openiads.study.unknowns import Sampling
from openiads.study.view import View


def mean_answer(block: Block, view: View, name: str, sampling: Sampling, measure: str, shown: str) -> Answer:
    """Return the mean of a measure over the points of a design, and between which values its points lie.

    Parameters
    ----------
    block, view
        Who asks, and what is recorded.
    name : str
        The alternative whose samples are the points.
    sampling : Sampling
    measure : str
    shown : str
        What the mean is called.
    """
    numerators, denominators = view.samples([name], measure)[0]
    units = sampling.units[view.sample_numbers([name])]
    found = mean_of_samples(numerators, denominators, sampling.inner, view.level, units, known(measure).is_share)
    means = linearised(numerators, denominators, sampling.inner).mean(axis=1)
    means = means[np.isfinite(means)]
    words, more = f"{shown}: {answers.stated(measure, found)}", _ends(means.tolist())
    if means.size:
        scale, unit = answers.unit_of(measure)
        words += f"; the means of single points lie between {scale * more['lowest']:.3g} and {scale * more['highest']:.3g} {unit}"
    return Answer(block.name, block.question, measure, (shown,), "share", found.as_json(), words, more)


def _ends(means: list[float]) -> dict[str, Any]:
    return {"points": len(means), "lowest": min(means, default=None), "highest": max(means, default=None)}
