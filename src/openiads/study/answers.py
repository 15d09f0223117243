"""Answers: numbers with counts and intervals, and the sentence that says them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openiads.statistics.intervals import UNDEFINED, Interval
from openiads.statistics.paired import Contrast
from openiads.study.measures import Measure, known


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a study.

    ``numbers`` holds estimate, low, high, numerator, denominator and how they were made; ``role`` says what kind of answer
    it is (share, difference, effect, band, curve, size).
    """

    block: str
    question: str
    measure: str
    alternatives: tuple[str, ...]
    role: str
    numbers: Mapping[str, Any]
    words: str
    more: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the contract and what else is known."""
        head = {"question": self.question, "measure": self.measure, "alternatives": list(self.alternatives)}
        return {**head, **self.numbers, "block": self.block, "role": self.role, "words": self.words, **self.more}


def share(block: str, question: str, name: str, measure_name: str, found: Interval) -> Answer:
    """Return the answer that states one measure for one alternative."""
    return Answer(block, question, measure_name, (name,), "share", found.as_json(), f"{name}: {stated(measure_name, found)}")


def difference(
    block: str, question: str, names: tuple[str, str], measure_name: str, found: Contrast, more: Mapping[str, Any] | None = None
) -> Answer:
    """Return the answer that compares the first alternative with the second."""
    words = compared(names, measure_name, found)
    return Answer(block, question, measure_name, names, "difference", found.as_json(), words, more or {})


def stated(measure_name: str, found: Interval) -> str:
    """Return "12 of 58 impact objects ...": count, share and interval; nothing seen is an upper bound."""
    one = known(measure_name)
    if not found.denominator:
        return nothing(measure_name)
    percent, counts = percent_of(found.level), counted(measure_name, found)
    if per := _per(one):
        return f"{found.estimate:.3g} {one.words} per {per} ({counts}); {percent} % interval {_pair(found, 1.0)}"
    if found.numerator == 0:
        return f"{one.words}: none seen ({counts}), so at most {100 * found.high:.3g} % with {percent} % confidence"
    return f"{one.words}: {100 * found.estimate:.3g} % ({counts}); {percent} % interval {_pair(found, 100.0)} %"


def counted(measure_name: str, found: Interval) -> str:
    """Return the counts behind an interval: "12 of 58 impact objects ...", "624 in 40 nights", "26 for 10 kills"."""
    one = known(measure_name)
    word = "of" if not _per(one) else "in" if one.denominator is None else "for"
    return f"{found.numerator:,} {word} {found.denominator:,} {one.of}"


def nothing(measure_name: str) -> str:
    """Return what is said where there is nothing to divide by."""
    one = known(measure_name)
    return f"no {one.of}, so {one.words} cannot be counted"


def compared(names: Sequence[str], measure_name: str, found: Contrast) -> str:
    """Return the sentence of a difference; where the interval holds zero it says that they cannot be told apart."""
    one = known(measure_name)
    if found.method == UNDEFINED:
        return nothing(measure_name)
    if not math.isfinite(found.low):
        return f"{one.words}: {found.replications} replications are too few to compare {names[0]} with {names[1]}"
    scale, unit = unit_of(measure_name, is_difference=True)
    interval = f"interval {_pair(found, scale)} {unit}"
    if found.verdict == "cannot tell":
        return f"{one.words}: cannot tell {names[0]} from {names[1]} (difference {scale * found.estimate:+.3g}, {interval})"
    word = "more" if found.verdict == "higher" else "fewer"
    return f"{one.words}: {abs(scale * found.estimate):.3g} {unit} {word} with {names[0]} than with {names[1]} ({interval})"


def signed(measure_name: str, numbers: Mapping[str, Any], with_unit: bool = True) -> str:
    """Return "-6.05 per night (-7.8 to -4.18)": a difference with its sign and interval."""
    if numbers["estimate"] is None:
        return nothing(measure_name)
    scale, unit = unit_of(measure_name, is_difference=True)
    estimate = f"{scale * numbers['estimate']:+.3g}" + (f" {unit}" if with_unit else "")
    if numbers["low"] is None:
        return f"{estimate} (too few replications for an interval)"
    return f"{estimate} ({scale * numbers['low']:+.3g} to {scale * numbers['high']:+.3g})"


def room(band: Mapping[str, Any], outer: Mapping[str, Any], scale: float) -> str:
    """Return what few samples leave room for beyond a band that holds no zero; nothing where the band holds it."""
    if band["low"] <= 0.0 <= band["high"]:
        return ""
    return f"; so few samples leave room for {scale * outer['outer_low']:+.3g} to {scale * outer['outer_high']:+.3g}"


def unit_of(measure_name: str, is_difference: bool = False) -> tuple[float, str]:
    """Return the factor and the unit in which a measure is said: per cent of something (points of a difference), or per night or kill."""
    if per := _per(known(measure_name)):
        return 1.0, f"per {per}"
    return 100.0, "points" if is_difference else "%"


def percent_of(level: float) -> str:
    """Return a level in per cent with as many digits as it takes to tell what it leaves out: 95, 99.5, 98.33."""
    texts = (f"{100.0 * level:.{digits}f}" for digits in range(15))
    return next((text for text in texts if abs(float(text) / 100.0 - level) <= 0.01 * (1.0 - level)), f"{100.0 * level}")


def words_of(measure_name: str) -> str:
    """Return what a measure counts, in words."""
    return known(measure_name).words


def _per(one: Measure) -> str:
    """Return what a measure is said per, night or kill; empty where it is a share or a yes or no."""
    return "night" if one.denominator is None and not one.is_event else one.per


def _pair(found: Interval | Contrast, scale: float) -> str:
    high = scale * found.high
    low = 0.0 if 0.0 < found.low < 1e-3 * found.high else scale * found.low
    return f"{low:.3g} to {high:.3g}"
