"""The first page of a study's report, as plain data: eight things in a fixed order, none of which can be left out."""

from collections.abc import Mapping, Sequence
from typing import Any

from openiads.results.origin import environment
from openiads.statistics.intervals import Interval
from openiads.study import anchors
from openiads.study import answers as words
from openiads.study.answers import Answer
from openiads.study.assumptions import NOT_REPRESENTED
from openiads.study.headline import choices, headline, parts, sentence, told_apart, unknowns_drawn
from openiads.study.kinds.base import Driver
from openiads.study.measures import LOST, WRONG_ENGAGEMENTS, measure
from openiads.study.outcome import Outcome

DRIVERS_SHOWN = 5
JUDGED = ("judgement",)
OF_CLASS = ("targets", "impact_objects", "impacts", "leaked", "killed", "engaged", "never_detected", "shots")


def first_page(
    outcome: Outcome, assumptions: Sequence[str], reach: Sequence[Mapping[str, Any]], by_hand: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the first page of the report; the keys stand in the order in which they are printed.

    Parameters
    ----------
    outcome : Outcome
    assumptions : sequence of str
        What the scenarios of this study take for granted.
    reach : sequence of mapping
        Reach against target height for each alternative.
    by_hand : sequence of mapping
        The hand model beside each alternative.
    """
    head = headline(outcome.answers)
    said = sentence(head, outcome.answers, unknowns_drawn(head, outcome.details, outcome.alternatives))
    apart = [row for name, part in outcome.details.items() for row in told_apart(name, part)]
    flips = [_settled(flip) for part in outcome.details.values() for flip in part.get("flips", [])]
    return {
        "question": {
            "question": outcome.study.question,
            "answer": said,
            "of_which": [*parts(head, outcome.answers), *choices(head, outcome.details), *apart],
            "numbers": None if head is None else head.as_json(),
            "conditions": _conditions(outcome),
        },
        "reach": list(reach),
        "knowledge_and_luck": _knowledge_and_luck(outcome),
        "impacts_by_class": by_class(outcome),
        "wrong_of_headline": wrong_of_headline(outcome),
        "wrong_engagements": _wrong(outcome),
        "most_wrong": most_wrong(outcome),
        "drivers": _drivers(outcome.drivers),
        "flips": flips,
        "limits": {
            "not_represented": [*NOT_REPRESENTED, *outcome.study.outside],
            "assumptions": list(assumptions),
            "anchors": anchors.compared({short(one.name): outcome.totals[one.name] for one in outcome.side_by_side}),
            "by_hand": list(by_hand),
            "ties": [one for part in outcome.details.values() for one in part.get("ties", [])],
            "set_aside": len(outcome.set_aside),
        },
        "origin": {
            "digest": outcome.digest,
            "version": environment()["openiads"],
            "rerun": f"openiads rerun {outcome.folder}",
            "cite": f"openiads {environment()['openiads']}, study {outcome.study.name}, digest {outcome.digest[:16]}",
        },
        "quoting": quoting(outcome, head, said),
    }


def short(name: str) -> str:
    """Return an alternative's name without its block."""
    return name.partition(" / ")[2] or name


def by_class(outcome: Outcome) -> list[dict[str, Any]]:
    """Return counts by target class for every alternative shown, numerators beside denominators."""
    rows = []
    for name in (one.name for one in outcome.side_by_side):
        totals = outcome.totals[name]
        classes = sorted({key.partition("/")[2] for key, value in totals.items() if key.startswith("targets/") and value})
        named = {key.partition("/")[2] for key in totals if key.startswith("targets/")}
        rows.append(
            {
                "alternative": short(name),
                "block": name.partition(" / ")[0],
                "replications": next(one.replications for one in outcome.side_by_side if one.name == name),
                "all": {key: value for key, value in totals.items() if "/" not in key},
                "classes": [{"class": one, **{key: totals.get(f"{key}/{one}", 0) for key in OF_CLASS}} for one in classes],
                "rounds_fired": {key.partition("/")[2]: value for key, value in totals.items() if key.startswith("rounds_fired/")},
                "why": {key[4:]: value for key, value in totals.items() if key.startswith("why/") and value and key[4:] not in named},
            }
        )
    return rows


def quoting(outcome: Outcome, head: Answer | None, said: str) -> dict[str, str]:
    """Return how the headline may be quoted and how it must not be."""
    if head is None:
        return {"may": "nothing: this study has no answer", "must_not": "in any form"}
    cite = f"openiads, study {outcome.study.name}, digest {outcome.digest[:16]}"
    return {
        "may": f'In a simulation with public figures and illustrative positions ({cite}): "{said}"',
        "must_not": (
            "As a forecast, as a property of a real unit or place, without its interval, or without the sentence on what is not known: "
            "the figures behind it are claims and judgements."
        ),
    }


def _settled(flip: Mapping[str, Any]) -> dict[str, Any]:
    """Return a flip in which nothing stands that was never told: no verdict before and none after is ``cannot tell``."""
    is_told = "cannot tell" not in (flip["verdict"], flip["verdict_changed"]) or flip["becomes"] != "the same"
    return {**flip, "becomes": flip["becomes"] if is_told else "cannot tell"}


def _conditions(outcome: Outcome) -> str:
    scenarios = sorted({one.scenario.removesuffix(".yaml") for one in outcome.alternatives.values()})
    shown = ", ".join(scenarios[:6]) + (f" and {len(scenarios) - 6} more" if len(scenarios) > 6 else "")
    count = len(outcome.alternatives)
    size = f"{outcome.replications:,} replications of {count} alternative{'s' if count > 1 else ''}"
    level = f"intervals of what one block compares hold together at {100 * outcome.study.level:g} %"
    return f"{size} on common random numbers (seed {outcome.study.seed}); scenarios: {shown}; {level}"


def _knowledge_and_luck(outcome: Outcome) -> list[dict[str, Any]]:
    """Return, by block and measure, luck at stated values, the band of knowledge, its curves, and who can be told apart."""
    bands = [one for one in outcome.answers if one.role == "band"]
    if not bands:
        return [_only_luck(outcome)] if outcome.side_by_side else []
    found = []
    for block, name in dict.fromkeys((one.block, one.measure) for one in bands):
        mine = [one for one in outcome.answers if (one.block, one.measure) == (block, name)]
        curves = {one["alternative"]: one for one in outcome.details[block]["knowledge"] if one["measure"] == name}
        rows = []
        for band in [one for one in mine if one.role == "band" and len(one.alternatives) == 1]:
            luck = next(one for one in mine if one.role == "share" and one.alternatives == band.alternatives)
            rows.append({**_row(band.alternatives[0], luck), "band": band.as_json(), "curve": curves[band.alternatives[0]]})
        pairs = [one.as_json() for one in mine if one.role == "band" and len(one.alternatives) > 1]
        found.append({**_head(block, name), "rows": rows, "compared": pairs})
    return found


def _only_luck(outcome: Outcome) -> dict[str, Any]:
    first = outcome.side_by_side[0]
    block, name = first.name.partition(" / ")[0], next(iter(first.measures))
    shares = [one for one in outcome.answers if (one.role, one.block, one.measure) == ("share", block, name)]
    pairs = [one for one in outcome.answers if (one.role, one.block, one.measure) == ("difference", block, name)]
    rows = [{**_row(one.alternatives[0], one), "band": None, "curve": None} for one in shares]
    return {**_head(block, name), "rows": rows, "compared": [one.as_json() for one in pairs]}


def _head(block: str, name: str) -> dict[str, Any]:
    return {"block": block, "measure": name, "words": words.words_of(name), "unit": words.unit_of(name)[1]}


def _row(alternative: str, luck: Answer) -> dict[str, Any]:
    return {"alternative": alternative, "luck": luck.as_json()}


def wrong_of_headline(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the wrong engagements on each side of the headline, over all its cells, with the cell that has most of them."""
    rows = []
    for side in outcome.sides:
        for key in _seen(side.wrong):
            name = side.cells[0] if len(side.cells) == 1 else f"{side.name}, all {len(side.cells)} cells"
            cells = [(outcome.wrong[cell][key].numerator, cell) for cell in side.cells]
            most, worst = max(cells, key=lambda pair: pair[0])
            where = f"{most:,} of {outcome.wrong[worst][key].denominator:,} ({short(worst)})"
            more = f"; most in one cell: {where}" if most and len(cells) > 1 else ""
            row = _wrong_row(name, key, side.wrong, more)
            rows.append({**row, "alternative": side.name, "block": side.cells[0].partition(" / ")[0], "cells": len(side.cells)})
    return rows


def _wrong(outcome: Outcome) -> list[dict[str, Any]]:
    rows = []
    for name, measures in outcome.wrong.items():
        rows += [_wrong_row(name, key, measures) for key in _seen(measures)]
    return rows


def _seen(measures: Mapping[str, Interval]) -> list[str]:
    return [key for key in WRONG_ENGAGEMENTS if key in measures]


def most_wrong(outcome: Outcome) -> list[dict[str, Any]]:
    """Return, for each kind of wrong engagement, the alternative with the most of it among all alternatives of the study."""
    rows = []
    for key in WRONG_ENGAGEMENTS:
        seen = [(found[key].estimate, name) for name, found in outcome.wrong.items() if key in found and found[key].numerator]
        if seen:
            _, name = max(seen, key=lambda pair: pair[0])
            rows.append({**_wrong_row(name, key, outcome.wrong[name]), "among": len(outcome.wrong)})
            if len(outcome.wrong) > 1:
                among = f"most among {len(outcome.wrong)} alternatives (picked for that; the interval is that of one by itself)"
                rows[-1]["words"] = f"{among}: {name.partition(' / ')[0]}, {rows[-1]['words']}"
    return rows


def _wrong_row(name: str, key: str, measures: Mapping[str, Interval], more: str = "") -> dict[str, Any]:
    one, found, lost = measure(key), measures[key], measures.get(LOST.get(key, ""))
    down = f"; {f'{lost.numerator:,}' if lost.numerator else 'none'} of them shot down" if lost is not None and found.numerator else ""
    said = f"{short(name)}: {words.stated(key, found)}{down}{more}; given this battle and doctrine, not a forecast"
    of = one.of if one is not None else ""
    head = {"alternative": short(name), "block": name.partition(" / ")[0], "measure": key, "of": of}
    return {**head, **found.as_json(), "lost": None if lost is None else lost.as_json(), "words": said}


def _drivers(every: Sequence[Driver]) -> dict[str, Any]:
    drivers = [one for one in every if (one.answer, one.method) == (every[0].answer, every[0].method)]
    judged = sum(min(1.0, one.share) for one in drivers if one.basis in JUDGED)
    whole = max(1.0, sum(one.share for one in drivers))
    shown = [
        {**one.as_json(), "flag": "" if one.is_checked else "recalled, not re-read" if one.basis not in JUDGED else "judgement"}
        for one in drivers[:DRIVERS_SHOWN]
    ]
    return {"figures": shown, "varied": len(drivers), "judgement_share": judged / whole if drivers else None}
