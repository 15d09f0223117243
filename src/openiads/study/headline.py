"""The answer in one sentence: what changes, by how much, out of how many, and whether what is not known allows the opposite."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from openiads.statistics.intervals import UNDEFINED
from openiads.study import answers as words
from openiads.study.alternatives import Alternative
from openiads.study.answers import Answer
from openiads.study.measures import SHARES, measure

ROLES = ("change", "difference", "size", "curve", "band", "effect", "share", "mean")


def headline(answers: Sequence[Answer]) -> Answer | None:
    """Return the answer that stands at the top: of the first block, its comparison where it has one."""
    ours = [one for one in answers if one.block == answers[0].block]
    for role in ROLES:
        for one in ours:
            if one.role == role and (role != "band" or len(one.alternatives) > 1):
                return one
    return answers[0] if answers else None


def sentence(head: Answer | None, answers: Sequence[Answer], drawn: str = "") -> str:
    """Return the answer in one sentence: luck first, then what the unknowns allow.

    Parameters
    ----------
    head : Answer or None
        From ``headline``.
    answers : sequence of Answer
        All answers of the study; the band of knowledge is found among them.
    drawn : str
        From ``unknowns_drawn``: said where the study has no band.
    """
    if head is None:
        return "No answer."
    said = _changed(head) if "sides" in head.more else _at_stated_figures(head, answers)
    bands = [one for one in answers if one.role == "band"]
    if not bands:
        return f"{said}; {drawn}." if drawn else f"{said}."
    return f"{said}; {_allowed(max(reversed(bands), key=lambda one: _kinship(one, head)), head)}."


def unknowns_drawn(head: Answer | None, details: Mapping[str, Mapping[str, Any]], alternatives: Mapping[str, Alternative]) -> str:
    """Return how many unknowns were drawn, how often, and how far the samples lie apart; empty where none was drawn."""
    drawn = {name: one.sampling for name, one in alternatives.items() if one.sampling is not None}
    if head is None or not drawn:
        return ""
    ours = {name: one for name, one in drawn.items() if name.startswith(f"{head.block} / ")}
    sampling = list((ours or drawn).values())[-1]
    size = f"{len(sampling.unknowns)} figures, {len(sampling.points)} samples"
    if not ours:
        return f"what is not known ({size}) was drawn in another part of this study and is not in this interval"
    means = [one[head.measure] for one in details[head.block].get("points", []) if math.isfinite(one[head.measure])]
    if not means:
        return f"what is not known ({size}) is averaged here: its band was not asked for"
    scale, unit = words.unit_of(head.measure)
    low, high = (f"{scale * float(place):.3g}" for place in np.quantile(means, (0.05, 0.95)))
    return f"what is not known ({size}) puts it between {low} and {high} {unit} in nine cases of ten, the luck of few nights included"


def parts(head: Answer | None, answers: Sequence[Answer]) -> list[str]:
    """Return, for the whole change and for each condition, what each factor of the choice brings, in words with intervals."""
    if head is None or head.role != "change":
        return []
    name = head.measure
    ours = [one for one in answers if one.block == head.block and one.measure == name]
    found = []
    for change in [one for one in ours if one.role == "change" and one.numbers["estimate"] is not None]:
        place = change.alternatives[0].removeprefix("whole change")
        pieces = [one for one in ours if one.role == "part" and one.alternatives[0].endswith(place)]
        pieces = [one for one in pieces if place or "[" not in one.alternatives[0]]
        total = f"{_where(place)}: {words.signed(name, change.numbers)}{' in all' if pieces else ''}{_unclear(change)}"
        brought = [
            f"{words.signed(name, one.numbers, with_unit=False)} from {one.alternatives[0].removesuffix(place)}{_unclear(one)}"
            for one in pieces
        ]
        if place or brought:
            found.append(total + (", of which " + ", ".join(brought) if brought else ""))
    return found


def choices(head: Answer | None, details: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the means of all combinations of the choice, those beyond the headline's, and the spread over averages."""
    if head is None or head.role != "change":
        return []
    part, (scale, unit) = details[head.block], words.unit_of(head.measure, is_difference=True)
    found = []
    if rows := sorted(_counted(part["choices"], "mean"), key=lambda one: float(one["mean"]["estimate"])):
        means = "; ".join(f"{one['name']} {_value(head.measure, one['mean']['estimate'])}" for one in rows)
        found.append(f"{words.words_of(head.measure)} {words.unit_of(head.measure)[1]} with every choice, over all conditions: {means}")
    for one in rows:
        if one["against"] is not None and one["against"]["verdict"] == head.numbers["verdict"] != "cannot tell":
            chosen = head.more["sides"][0]["name"]
            found.append(f"{one['name']} in place of {chosen}: {words.signed(head.measure, one['against'])}")
    for factor, levels in part["averaged"].items():
        if seen := _counted(levels):
            ends = [pick(seen, key=lambda one: float(one["estimate"])) for pick in (min, max)]
            low, high = (f"{scale * one['estimate']:+.3g} ({one['at']})" for one in ends)
            found.append(f"by {factor}, averaged here: from {low} to {high} {unit}")
    return found


def _counted(rows: Sequence[Mapping[str, Any]], key: str | None = None) -> list[Mapping[str, Any]]:
    """Return the rows in which there was anything to divide by."""
    return [one for one in rows if (one if key is None else one[key])["estimate"] is not None]


def told_apart(name: str, details: Mapping[str, Any]) -> list[str]:
    """Return, for a block of questions of their own, which of them the choice changes and in which it cannot be told."""
    if not details.get("by"):
        return []
    found = []
    for table in details["tables"]:
        said = words.words_of(table["measure"])
        rows = [(", ".join(row["at"].values()), row["change"]) for row in table["rows"]]
        for verdict, word in (("lower", "fewer"), ("higher", "more")):
            named = [f"{place} ({_size(table['measure'], change)})" for place, change in rows if change["verdict"] == verdict]
            if named:
                found.append(f"{name}: {word} {said} with {table['columns'][-1]} for {'; '.join(named)}")
        unclear = [change for _, change in rows if change["verdict"] == "cannot tell"]
        if unclear:
            counted = _spread(table["measure"], [one["estimate"] for one in _counted(unclear)])
            found.append(f"{name}: no difference in {said} can be told in {len(unclear)} of {len(rows)} raids{counted}")
    return found


def _spread(measure_name: str, estimates: Sequence[float]) -> str:
    if not estimates or min(estimates) == max(estimates) == 0.0:
        return ", and none was counted"
    scale, unit = words.unit_of(measure_name, is_difference=True)
    low, high = (f"{scale * pick(estimates):+.3g}" for pick in (min, max))
    return f"; as counted, {low} {unit}" if low == high else f"; as counted, from {low} to {high} {unit}"


def _size(measure_name: str, change: Mapping[str, Any]) -> str:
    scale, unit = words.unit_of(measure_name, is_difference=True)
    return f"{scale * change['estimate']:+.3g} {unit}, {scale * change['low']:+.3g} to {scale * change['high']:+.3g}"


def _where(place: str) -> str:
    return place.strip(" []") or "Over all conditions"


def _at_stated_figures(head: Answer, answers: Sequence[Answer]) -> str:
    """Return the headline's own words; for a band, what luck does to either side at the stated figures."""
    if head.role != "band":
        return head.words
    luck = [one for one in answers if one.role == "share" and (one.block, one.measure) == (head.block, head.measure)]
    said = "; ".join(one.words for one in luck if one.alternatives[0] in head.alternatives)
    return f"Luck alone, at the stated figures: {said}" if said else head.words


def _kinship(band: Answer, head: Answer) -> tuple[bool, ...]:
    """Return how near a band is to the headline: the same answer, measure and alternatives, or at least a comparison."""
    return band is head, band.measure == head.measure, band.alternatives == head.alternatives, len(band.alternatives) > 1


def _changed(head: Answer) -> str:
    new, old = head.more["sides"]
    numbers, name = head.numbers, head.measure
    if numbers["method"] == UNDEFINED:
        return words.nothing(name)
    if numbers["low"] is None:
        return f"{numbers['replications']} replications are too few to tell {new['name']} from {old['name']}"
    _, unit = words.unit_of(name)
    what, a, b = words.words_of(name), _value(name, new["value"]), _value(name, old["value"])
    each = f" a {unit.removeprefix('per ')}" if unit.startswith("per ") else ""
    counts = _counts(name, new, old)
    if numbers["verdict"] == "cannot tell":
        return (
            f"Chance alone does not tell {new['name']} from {old['name']}: {a} {what}{each} against {b}, "
            f"a difference of {words.signed(name, numbers)}; {counts}{_averaged(head)}"
        )
    fewer = numbers["verdict"] == "lower"
    low, high = sorted(abs(numbers[key]) for key in ("low", "high"))
    scale, points = words.unit_of(name, is_difference=True)
    size = f"{abs(scale * numbers['estimate']):.3g}" + (" points" if points == "points" else "")
    interval = f"{_percent(head)} % interval {scale * low:.3g} to {scale * high:.3g}"
    return (
        f"With {new['name']} in place of {old['name']}, {a} {what}{each} instead of {b}: {size} {'fewer' if fewer else 'more'} "
        f"({interval}; {counts}){_averaged(head)}"
    )


def _allowed(band: Answer, head: Answer) -> str:
    if band.numbers["low"] is None:
        return f"what is not known ({band.more['unknowns']} figures) cannot be weighed: {band.words}"
    scale, unit = words.unit_of(band.measure, is_difference=len(band.alternatives) > 1)
    new, old = band.more["scenarios"][0], band.more["scenarios"][-1]
    of = f" of {new} against {old}" if new != old else f" of {new}"
    what = f"what is not known ({band.more['unknowns']} figures, {band.more['samples']} samples{of})"
    counted = "" if band.measure == head.measure else f" in {words.words_of(band.measure)}"
    if len(band.alternatives) == 1:
        low, high = (f"{scale * band.numbers[key]:.3g}" for key in ("low", "high"))
        return (
            f"{what} puts {words.words_of(band.measure)} with {band.alternatives[0]} between {low} and {high} {unit} in nine cases of ten"
        )
    low, high = (f"{scale * band.numbers[key]:+.3g}" for key in ("low", "high"))
    where = f"the difference{counted} between {low} and {high} {unit} in nine cases of ten"
    first, second = band.alternatives
    if band.more["verdict"] == "cannot tell":
        return f"{what} puts {where}{words.room(band.numbers, band.more, scale)}, so that either {first} or {second} may be better"
    return f"{what} puts {where} and does not turn it round"


def _averaged(head: Answer) -> str:
    over = head.more.get("mean_over", ())
    return f", mean over {', '.join(over)}" if over else ""


def _counts(name: str, new: Mapping[str, Any], old: Mapping[str, Any]) -> str:
    """Return the counts behind two sides: of the share where the measure has one, and of nights where it counts per night."""
    share = measure(SHARES.get(name.partition("/")[0], name))
    if share is not None and share.denominator is None and not share.is_event:
        return " against ".join(f"{one['numerator']:,} in {one['denominator']:,} nights" for one in (new, old))
    both = " against ".join(f"{one['numerator']:,} of {one['denominator']:,}" for one in (new, old))
    if share is None:
        return both
    nights = f" in {new['nights']:,} nights each" if name.partition("/")[0] in SHARES and new["nights"] == old["nights"] else ""
    return f"{both} {share.of}{nights}"


def _value(name: str, value: float) -> str:
    scale, unit = words.unit_of(name)
    return f"{scale * value:.3g}" + (" %" if unit == "%" else "")


def _unclear(one: Answer) -> str:
    return ", which cannot be told from none" if one.numbers["verdict"] == "cannot tell" and one.numbers["low"] is not None else ""


def _percent(head: Answer) -> str:
    return words.percent_of(float(head.more.get("together", head.numbers["level"])))
