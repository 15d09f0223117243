"""What a study's report says, as plain data: study.json, and the first page in its fixed order."""

from collections.abc import Mapping, Sequence
from typing import Any

from openiads.results.origin import environment
from openiads.statistics.intervals import Interval
from openiads.study import anchors
from openiads.study import answers as words
from openiads.study.answers import Answer
from openiads.study.assumptions import NOT_REPRESENTED
from openiads.study.kinds.base import Driver
from openiads.study.run import Outcome

FORMAT = "openiads-study-result/1"
ROLES = ("change", "difference", "size", "band", "effect", "share", "mean")
DRIVERS_SHOWN = 5
JUDGED = ("judgement",)


def content(outcome: Outcome, assumptions: Sequence[str] = (), reach: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return all of ``study.json``: the keys of the contract first, then everything the report draws.

    Parameters
    ----------
    outcome : Outcome
    assumptions : sequence of str
        What the scenarios of this study take for granted.
    reach : sequence of mapping
        Reach against target height for each alternative, as the coverage product gives it.
    """
    return {
        "study": outcome.study.name,
        "digest": outcome.digest,
        "folder": str(outcome.folder),
        "answers": [one.as_json() for one in outcome.answers],
        "drivers": [one.as_json() for one in outcome.drivers],
        "replications": outcome.replications,
        "resumed": outcome.is_resumed,
        "wall_s": round(outcome.wall_s, 3),
        "set_aside": _set_aside(outcome),
        "page": first_page(outcome, assumptions, reach),
        "viewer": viewer(outcome),
        "details": outcome.details,
        "totals": outcome.totals,
        "manifest": {"format": FORMAT, "seed": outcome.study.seed, "identity": outcome.identity, "environment": environment()},
    }


def first_page(outcome: Outcome, assumptions: Sequence[str], reach: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the first page of the report; the keys stand in the order in which they are printed."""
    head = headline(outcome.answers)
    return {
        "question": {
            "question": outcome.study.question,
            "answer": _sentence(outcome, head),
            "numbers": None if head is None else head.as_json(),
            "conditions": _conditions(outcome),
        },
        "reach": list(reach),
        "knowledge_and_luck": [one.as_json() for one in outcome.answers if one.role in ("band", "share")],
        "impacts_by_class": by_class(outcome),
        "wrong_engagements": _wrong(outcome),
        "drivers": _drivers(outcome.drivers),
        "flips": [flip for part in outcome.details.values() for flip in part.get("flips", [])],
        "limits": {
            "not_represented": [*NOT_REPRESENTED, *outcome.study.outside],
            "assumptions": list(assumptions),
            "anchors": anchors.compared({_short(one.name): outcome.totals[one.name] for one in outcome.side_by_side}),
            "set_aside": len(outcome.set_aside),
        },
        "origin": {
            "digest": outcome.digest,
            "version": environment()["openiads"],
            "rerun": f"openiads rerun {outcome.folder}",
            "cite": f"openiads {environment()['openiads']}, study {outcome.study.name}, digest {outcome.digest[:16]}",
        },
        "quoting": quoting(outcome, head),
    }


def viewer(outcome: Outcome) -> dict[str, Any]:
    """Return what the viewer's study page shows, in its words."""
    study, by_name = outcome.study, outcome.alternatives
    sweeps = [_sweep(curve, name) for name, part in outcome.details.items() for curve in part.get("curves", []) if len(curve["over"]) == 1]
    rows = [(one, _short(one.name), next(iter(one.measures))) for one in outcome.side_by_side]
    return {
        "name": study.name,
        "question": study.question,
        "about": study.about,
        "answers": [
            {
                "question": a.question,
                "says": a.words,
                "measure": a.measure,
                "alternatives": list(a.alternatives),
                "value": _value(a.numbers),
            }
            for a in outcome.answers
        ],
        "alternatives": [
            {
                "name": short,
                "measures": {name: _value(found.as_json()) for name, found in one.measures.items()},
                "distributions": {name: [list(values), list(counts)] for name, (values, counts) in one.distributions.items()},
                "replications": one.replications,
            }
            for one, short, _ in rows
        ],
        "drivers": [{"figure": d.path, "share": d.share, "low": d.low, "high": d.high, "basis": d.basis} for d in outcome.drivers],
        "sweeps": [one for one in sweeps if one is not None],
        "outliers": [
            {
                "alternative": short,
                "replication": one.worst,
                "measure": measure,
                "value": one.worst_count,
                "says": f"the worst of {one.replications:,} nights",
                "rerun": by_name[one.name].command(study.seed, one.worst),
            }
            for one, short, measure in rows
        ],
        "level": study.level,
        "replications": outcome.replications,
        "digest": outcome.digest,
        "limits": [*NOT_REPRESENTED, *study.outside],
        "rerun": f"openiads rerun {outcome.folder}",
        "version": environment()["openiads"],
    }


def _short(name: str) -> str:
    """Return an alternative's name without its block."""
    return name.partition(" / ")[2] or name


def _value(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {key: numbers[key] for key in ("estimate", "low", "high", "numerator", "denominator")}


def _sweep(curve: Mapping[str, Any], block: str) -> dict[str, Any] | None:
    path = curve["over"][0]
    places = [point["at"][path] for point in curve["points"]]
    if not all(isinstance(place, int | float) for place in places):
        return None
    line = [[point["estimate"], point["low"], point["high"]] for point in curve["points"]]
    return {"title": block, "x_label": path, "measure": curve["measure"], "x": places, "lines": {block: line}}


def headline(answers: Sequence[Answer]) -> Answer | None:
    """Return the answer that stands at the top: the comparison where there is one, of the first block that has one."""
    for role in ROLES:
        for one in answers:
            if one.role == role and (role != "band" or len(one.alternatives) > 1):
                return one
    return answers[0] if answers else None


def by_class(outcome: Outcome) -> list[dict[str, Any]]:
    """Return counts by target class for every alternative of the first block, numerators beside denominators."""
    rows = []
    for name, totals in outcome.totals.items():
        classes = sorted({key.partition("/")[2] for key, value in totals.items() if key.startswith("targets/") and value})
        named = {key.partition("/")[2] for key in totals if key.startswith("targets/")}
        systems = {key.partition("/")[2]: value for key, value in totals.items() if key.startswith("rounds_fired/")}
        why = {key[4:]: value for key, value in totals.items() if key.startswith("why/") and value and key[4:] not in named}
        whole = {key: value for key, value in totals.items() if "/" not in key}
        inner = [{"class": one, **{key: totals.get(f"{key}/{one}", 0) for key in _CLASS_COLUMNS}} for one in classes]
        rows.append(
            {
                "alternative": _short(name),
                "block": name.partition(" / ")[0],
                "all": whole,
                "classes": inner,
                "rounds_fired": systems,
                "why": why,
            }
        )
    return rows


_CLASS_COLUMNS = ("targets", "impact_objects", "impacts", "leaked", "killed", "engaged", "never_detected")


def quoting(outcome: Outcome, head: Answer | None) -> dict[str, str]:
    """Return how the headline may be quoted and how it must not be."""
    if head is None:
        return {"may": "nothing: this study has no answer", "must_not": "in any form"}
    cite = f"openiads, study {outcome.study.name}, digest {outcome.digest[:16]}"
    return {
        "may": f'In a simulation with public figures and illustrative positions ({cite}): "{head.words}".',
        "must_not": (
            "As a forecast, as a property of a real unit or place, without its interval, or without the sentence on what is not known: "
            "the figures behind it are claims and judgements."
        ),
    }


def _sentence(outcome: Outcome, head: Answer | None) -> str:
    """Return the answer in one sentence: luck first, then what the unknowns allow."""
    if head is None:
        return "No answer."
    bands = [one for one in outcome.answers if one.role == "band" and one.measure == head.measure and len(one.alternatives) > 1]
    return head.words + (f". {bands[-1].words}." if bands and bands[-1] is not head else ".")


def _conditions(outcome: Outcome) -> str:
    scenarios = sorted({one.scenario for one in outcome.alternatives.values()})
    shown = ", ".join(scenarios[:6]) + (f" and {len(scenarios) - 6} more" if len(scenarios) > 6 else "")
    size = f"{outcome.replications:,} replications of {len(outcome.alternatives)} alternatives"
    return f"{size} on common random numbers (seed {outcome.study.seed}); scenarios: {shown}; {100 * outcome.study.level:g} % intervals"


def _wrong(outcome: Outcome) -> list[dict[str, Any]]:
    rows = []
    for name, measures in outcome.wrong.items():
        rows += [_wrong_row(name, key, found) for key, found in measures.items()]
    return rows


def _wrong_row(name: str, measure: str, found: Interval) -> dict[str, Any]:
    said = f"{_short(name)}: {words.stated(measure, found)}; given this battle and doctrine, not a forecast"
    return {"alternative": name, "measure": measure, **found.as_json(), "words": said}


def _drivers(drivers: Sequence[Driver]) -> dict[str, Any]:
    judged = sum(min(1.0, one.share) for one in drivers if one.basis in JUDGED)
    shown = [
        {**one.as_json(), "flag": "" if one.is_checked else "recalled, not re-read" if one.basis not in JUDGED else "judgement"}
        for one in drivers[:DRIVERS_SHOWN]
    ]
    return {"figures": shown, "varied": len(drivers), "judgement_share": min(1.0, judged) if drivers else None}


def _set_aside(outcome: Outcome) -> list[dict[str, Any]]:
    by_key = {one.key: one for one in outcome.alternatives.values()}
    return [
        {
            "alternative": by_key[one.chunk.alternative].name,
            "replication": one.chunk.first,
            "reason": one.reason,
            "replay": by_key[one.chunk.alternative].command(outcome.study.seed, one.chunk.first),
        }
        for one in outcome.set_aside
    ]
