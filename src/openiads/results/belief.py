"""Why a track was believed hostile at the moment of a launch: the evidence then in force, piece by piece."""

from collections.abc import Iterator
from typing import Any

from openiads.plan import Planned
from openiads.results.relations import Tables
from openiads.results.story import clock


def beliefs(planned: Planned, tables: Tables, target: str | None = None) -> list[str]:
    """Return a sentence for every launch at an object; at every civil or friendly one where none is named.

    Parameters
    ----------
    planned : Planned
    tables : of one replication that was traced
    target : name of an object, or None

    Returns
    -------
    list of str, in the order of the launches: who fired at what, what it was believed to be, and for what reasons.
    """
    if "evidence" not in tables:
        return []
    shots = tables.columns("engagements")
    return [
        _sentence(planned, tables, row)
        for row in range(len(shots["shot"]))
        if shots["launch_us"][row] is not None
        and (shots["target"][row] == target if target is not None else shots["target_side"][row] in ("civil", "friendly"))
    ]


def _sentence(planned: Planned, tables: Tables, row: int) -> str:
    shots = tables.columns("engagements")
    unit, track, launch_us = shots["unit"][row], shots["track"][row], shots["launch_us"][row]
    what = f"{shots['target'][row]} ({shots['target_side'][row]} {shots['target_class'][row]})"
    found = _in_force(tables, track, shots["target"][row], launch_us)
    rows = list(found)
    head = f"{clock(launch_us)} {unit} fires {shots['weapon'][row]} at {what}, track {track} of {_decider(rows, unit)}"
    if not rows:
        return f"{head}: no evidence was taken on it."
    label = _label(tables, rows[-1]["decider"], track, launch_us)
    counted = "; ".join(_piece(one) for one in rows if one["counts"])
    shared = ", ".join(f"{one['evidence']}: {one['finding']}" for one in rows if not one["counts"])
    prior = planned.plan.rule.doctrine
    said = (
        f"{head}, {label}, belief hostile {rows[-1]['belief_hostile']:.3f}, civil {rows[-1]['belief_civil']:.3f}. Priors hostile : civil : "
        f"friendly {prior['prior_hostile'][0]:.3g} : {prior['prior_civil'][0]:.3g} : {prior['prior_friendly'][0]:.3g}; {counted}"
    )
    return f"{said}. Of the same cause and not counted: {shared}." if shared else f"{said}."


def _in_force(tables: Tables, track: int, target: str | None, until_us: int) -> Iterator[dict[str, Any]]:
    """The latest finding of each kind about a track at a time, in the order in which they came."""
    log = tables.columns("evidence")
    last: dict[tuple[str, str], int] = {}
    for row in range(len(log["time_us"])):
        if log["track"][row] == track and log["object"][row] == target and log["time_us"][row] <= until_us:
            last[log["decider"][row], log["evidence"][row]] = row
    for row in sorted(last.values()):
        if log["finding"][row] not in ("none", "not asked"):
            yield {name: column[row] for name, column in log.items()}


def _decider(rows: list[dict[str, Any]], unit: str) -> str:
    return str(rows[-1]["decider"]) if rows else unit


def _label(tables: Tables, decider: str, track: int, until_us: int) -> str:
    log = tables.columns("labels")
    known = (log["track"] == track) & (log["time_us"] <= until_us)
    rows = [row for row in range(len(log["track"])) if known[row] and log["decider"][row] == decider]
    return f"called {log['label'][rows[-1]]} at {clock(log['time_us'][rows[-1]])}" if rows else "not yet called anything"


def _piece(one: dict[str, Any]) -> str:
    """A finding with how much likelier it is of a hostile track than of a civil one."""
    ratio = one["if_hostile"] / max(one["if_civil"], 1e-9)
    odds = f"{ratio:.3g} to 1 for hostile" if ratio >= 1.0 else f"{1.0 / ratio:.3g} to 1 for civil"
    return f"{one['evidence']} at {clock(one['time_us'])}: {one['finding']} ({odds})"
