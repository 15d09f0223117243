"""One scenario at several values of one thing, and with one thing after the other mended, on common random numbers."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from openiads.errors import UserError
from openiads.kernel import Ints
from openiads.plan import plan
from openiads.results.running import fight
from openiads.results.source import Source, reread
from openiads.results.value import Run
from openiads.scenario.models import Factor
from openiads.statistics.intervals import mean_of
from openiads.statistics.knee import knee
from openiads.statistics.paired import Kind, difference
from openiads.strict_yaml import emitted

Fought = Callable[[Source], Run]
WRONG = ("civil_engaged", "friendly_engaged")


class Sweep(NamedTuple):
    """A path and the texts of its values."""

    path: str
    values: tuple[str, ...]


def sweep(written: str) -> Sweep:
    """Return what ``PATH=V1,V2,...`` says; commas inside brackets and quotes do not separate.

    Raises
    ------
    UserError : it is not of that form.
    """
    path, sign, listed = written.partition("=")
    values, depth, quote = [""], 0, ""
    for c in listed:
        if quote:
            quote = "" if c == quote else quote
        elif c in "\"'":
            quote = c
        depth += (c in "{[(") - (c in "}])")
        if c == "," and depth <= 0 and not quote:
            values.append("")
        else:
            values[-1] += c
    kept = tuple(value.strip() for value in values)
    if not path.strip() or not sign or not all(kept):
        raise UserError(f'--sweep {written}: write PATH=V1,V2,..., for example "drones.count=10,40,160"')
    return Sweep(path.strip(), kept)


def changed(source: Source, changes: Sequence[str]) -> Source:
    """Return a source with more changes after its own."""
    return Source(source.place, (*source.listed(), *changes))


def places(source: Source, asked: Sweep) -> list[Source]:
    """Return the scenario at each value."""
    return [changed(source, [f"{asked.path}={value}"]) for value in asked.values]


def swept(source: Source, asked: Sweep, fought: Fought) -> list[tuple[str, Run]]:
    """Fight a scenario at each value; all values are read before the first is fought, so that a wrong one stops everything at once."""
    found = places(source, asked)
    for place in found:
        reread(place)
    return [(value, fought(place)) for value, place in zip(asked.values, found)]


def bend(found: Sequence[tuple[str, Run]]) -> dict[str, Any] | None:
    """Return the bend of the number of leakers over a swept number, or None where a straight line explains it as well.

    ``place`` lies between ``low`` and ``high``; ``slope_before`` and ``slope_after`` are leakers more for one step of the value more.
    """
    places = [number_or_text(value) for value, _ in found]
    if any(isinstance(place, str) for place in places) or any(run.replications < 2 for _, run in found):
        return None
    leakers = [mean_of(run.batch.columns["leaked"]) for _, run in found]
    widths = [0.5 * (one.high - one.low) if math.isfinite(one.high - one.low) else one.estimate for one in leakers]
    told = knee(np.array(places, dtype=np.float64), [one.estimate for one in leakers], widths)
    return None if told is None else told._asdict()


def number_or_text(text: str) -> float | int | str:
    """Return a swept value as JSON should say it."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def effects(source: Source, baseline: Run, fought: Fought) -> list[dict[str, Any]]:
    """Return what mending each factor of a scenario changes about wrong engagements.

    Each row: the paired difference, mended less as written, of the share of flights exposed that are engaged, on the same
    replications.
    """
    found = []
    for factor in baseline.scenario.factors:
        mended = fought(changed(source, settings(factor)))
        for measure, names in (("wrong_engaged", WRONG), *((name, (name,)) for name in WRONG)):
            before, after = _share(baseline, names), _share(mended, names)
            if not before[1].any() or not after[1].any():
                continue
            told = difference(*after, *before)
            found.append({"factor": factor.name, "about": factor.about, "measure": measure, **told.as_json()})
        raids = np.ones(baseline.replications, dtype=np.int64)
        told = difference(_share(mended, WRONG)[0], raids, _share(baseline, WRONG)[0], raids, kind=Kind(is_share=False))
        found.append({"factor": factor.name, "about": factor.about, "measure": "wrong_engaged_per_raid", **told.as_json()})
    return found


def versus(asked: Run, built_in: Run) -> list[dict[str, Any]]:
    """Return how a policy's battles differ from those of the built-in assignment on the same replications.

    Each row: the paired difference, policy less built-in, of a measure.
    """
    found = []
    one = np.ones(asked.replications, dtype=np.int64)
    for measure, over, under in (
        ("leaked", "leaked", "targets"), ("impacts", "impacts", "impact_objects"), ("killed", "killed", "targets"),
        ("rounds fired", "rounds_fired", ""), ("civil engaged", "civil_engaged", ""),
    ):  # fmt: skip
        theirs, ours = asked.batch.columns, built_in.batch.columns
        kind = Kind(is_share=under != "")
        told = difference(theirs[over], theirs[under] if under else one, ours[over], ours[under] if under else one, kind=kind)
        found.append({"measure": measure, **told.as_json()})
    return found


def settings(factor: Factor) -> list[str]:
    """Return a factor's changes as PATH=VALUE."""
    return [f"{path}={emitted(value)}" for path, value in factor.set.items()]


def _share(run: Run, names: Sequence[str]) -> tuple[Ints, Ints]:
    columns = run.batch.columns
    return np.sum([columns[name] for name in names], axis=0), columns["flights"]


def fighter(seed: int, replications: int, workers: int | None, progress: Callable[[int], None] | None) -> Fought:
    """Return what fights a source with fixed numbers; replications stay the same ones, so differences are paired."""
    done = 0

    def fought(source: Source) -> Run:
        """Fight a source; progress counts on from the sources before it."""
        nonlocal done
        before = done
        told = None if progress is None else (lambda n: progress(before + n))
        found = fight(plan(reread(source)), seed, replications, 0, workers, told, keep_log=False)
        done += replications
        return found

    return fought
