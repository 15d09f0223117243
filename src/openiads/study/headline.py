"""The answer in one sentence: what changes, by how much, out of how many, and whether what is not known allows the opposite."""

from collections.abc import Mapping, Sequence
from typing import Any

from openiads.statistics.intervals import UNDEFINED
from openiads.study import answers as words
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


def sentence(head: Answer | None, answers: Sequence[Answer]) -> str:
    """Return the answer in one sentence: luck first, then what the unknowns allow.

    Parameters
    ----------
    head : Answer or None
        From ``headline``.
    answers : sequence of Answer
        All answers of the study; the band of knowledge is found among them.
    """
    if head is None:
        return "No answer."
    said = _changed(head) if "sides" in head.more else head.words
    bands = [one for one in answers if one.role == "band" and one.measure == head.measure and len(one.alternatives) > 1]
    return said + (f"; {_allowed(bands[-1])}." if bands and bands[-1] is not head else ".")


def parts(head: Answer | None, answers: Sequence[Answer]) -> list[str]:
    """Return, for the whole change and for each condition, what each factor of the choice brings, in words with intervals."""
    if head is None or head.role != "change":
        return []
    ours = [one for one in answers if one.block == head.block and one.measure == head.measure]
    found = []
    for change in [one for one in ours if one.role == "change"]:
        place = change.alternatives[0].removeprefix("whole change")
        pieces = [one for one in ours if one.role == "part" and one.alternatives[0].endswith(place)]
        pieces = [one for one in pieces if place or "[" not in one.alternatives[0]]
        total = f"{_where(place)}: {_signed(change)}"
        brought = [f"{_signed(one, with_unit=False)} from {one.alternatives[0].removesuffix(place)}" for one in pieces]
        if place or brought:
            found.append(total + (" in all, of which " + ", ".join(brought) if brought else ""))
    return found


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
        unclear = sum(change["verdict"] == "cannot tell" for _, change in rows)
        if unclear:
            found.append(f"{name}: no difference in {said} can be told in {unclear} of {len(rows)} raids")
    return found


def _size(measure_name: str, change: Mapping[str, Any]) -> str:
    scale, unit = words.unit_of(measure_name, is_difference=True)
    return f"{scale * change['estimate']:+.3g} {unit}, {scale * change['low']:+.3g} to {scale * change['high']:+.3g}"


def _where(place: str) -> str:
    return place.strip(" []") or "Over all conditions"


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
    counts = f"{_counts(new)} against {_counts(old)} {_counted(name)}"
    if numbers["verdict"] == "cannot tell":
        return (
            f"Chance alone does not tell {new['name']} from {old['name']}: {a} {what}{each} against {b}, "
            f"a difference of {_signed(head)}; {counts}{_averaged(head)}"
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


def _allowed(band: Answer) -> str:
    if band.numbers["low"] is None:
        return f"what is not known ({band.more['unknowns']} figures) cannot be weighed: {band.words}"
    scale, unit = words.unit_of(band.measure, is_difference=True)
    low, high = (f"{scale * band.numbers[key]:+.3g}" for key in ("low", "high"))
    new, old = band.more["scenarios"]
    of = f" of {new} against {old}" if new != old else f" of {new}"
    what = f"what is not known ({band.more['unknowns']} figures, {band.more['samples']} samples{of})"
    where = f"the difference between {low} and {high} {unit} in nine cases of ten"
    first, second = band.alternatives
    if band.more["verdict"] == "cannot tell":
        return f"{what} puts {where}, so that either {first} or {second} may be better"
    return f"{what} puts {where} and does not turn it round"


def _averaged(head: Answer) -> str:
    over = head.more.get("mean_over", ())
    return f", mean over {', '.join(over)}" if over else ""


def _counts(side: Mapping[str, Any]) -> str:
    return f"{side['numerator']:,} of {side['denominator']:,}"


def _counted(name: str) -> str:
    base = name.partition("/")[0]
    one = measure(SHARES.get(base, base))
    return "" if one is None else one.of


def _value(name: str, value: float) -> str:
    scale, unit = words.unit_of(name)
    return f"{scale * value:.3g}" + (" %" if unit == "%" else "")


def _signed(one: Answer, with_unit: bool = True) -> str:
    scale, unit = words.unit_of(one.measure, is_difference=True)
    estimate = f"{scale * one.numbers['estimate']:+.3g}" + (f" {unit}" if with_unit else "")
    if one.numbers["low"] is None:
        return f"{estimate} (too few replications for an interval)"
    low, high = (f"{scale * one.numbers[key]:+.3g}" for key in ("low", "high"))
    return f"{estimate} ({low} to {high})"


def _percent(head: Answer) -> str:
    return words.percent_of(float(head.more.get("together", head.numbers["level"])))
