"""From a run to its pictures: the neutral input of replay and exports, filled from a traced log and its plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from openiads.errors import UserError
from openiads.model import codes
from openiads.results.night import night
from openiads.results.reading import TIME, A, B, Reader
from openiads.show.battle_defence import assets, sites
from openiads.show.battle_events import events, shots
from openiads.show.battle_paths import moving, tracks
from openiads.show.replay_input import ChartView, MovingObject, Notes, Place, ReplayInput

if TYPE_CHECKING:
    from openiads.results.running import Run

LIMITS = (
    "Positions are illustrative; figures come from public sources and judgement, each with its range in the catalogue.",
    "Targets do not plan: routes and the points at which they may turn back are inputs.",
    "Weather is constant; communication is delay and loss.",
    "Not represented: friendly fighters that shoot, deception jamming, attacks on networks, guidance and warheads.",
)
CHART_POINTS = 120


def replay_input(run: Run) -> ReplayInput:
    """Return one battle in words and numbers for the viewer and the exports.

    Raises
    ------
    UserError : a run of many replications, which has no single course of events.
    """
    if run.log is None:
        raise UserError("a run of many replications has no single course of events; fight one of them: run ... --replication K")
    reader, drawn = Reader(run.planned, run.log), night(run.planned, run.seed, run.batch.first)
    objects = moving(reader, run.tables, drawn)
    there = {one.name for one in objects}
    found = shots(reader, there)
    asked = run.scenario
    return ReplayInput(
        name=asked.name,
        about=str(asked.about).strip(),
        duration_us=run.planned.plan.duration_us,
        center=_center(objects, run),
        assets=assets(reader),
        sites=sites(reader, drawn, found),
        objects=objects,
        tracks=tracks(reader, there),
        shots=found,
        events=events(reader, there),
        notes=_notes(run),
        charts=_charts(reader, run.planned.plan.duration_us),
        headline={key: run.outcome[key] for key in ("targets", "killed", "leaked", "task_done", "turned_back", "lost", "left", "alive",
                                                    "impact_objects", "impacts", "rounds_fired", "civil_engaged", "friendly_engaged")},
    )  # fmt: skip


def write_page(run: Run, path: Path) -> None:
    """Write the battle as one page that opens from disk."""
    from openiads.show.replay_page import to_html

    to_html(replay_input(run), path)


def notebook(run: Run) -> str:
    """Return the battle as HTML for a notebook, or the outcome as a table where there are many replications."""
    from openiads.show.replay_page import repr_html, to_html

    if run.log is not None:
        return repr_html(to_html(replay_input(run)))
    rows = "".join(f"<tr><th>{key}</th><td>{value:,}</td></tr>" for key, value in run.outcome.items())
    return f"<table>{rows}</table>"


def _center(objects: list[MovingObject], run: Run) -> Place:
    """The middle of what is defended, else of the sites, else of what flies."""
    places = [one.at for one in run.scenario.assets] or [one.at for one in run.scenario.sites]
    if places:
        return Place(sum(p.lat_deg for p in places) / len(places), sum(p.lon_deg for p in places) / len(places))
    ends = [(float(one.path.latitude_deg[-1]), float(one.path.longitude_deg[-1])) for one in objects if len(one.path.time_us)]
    return Place(*np.mean(ends, axis=0)) if ends else Place(0.0, 0.0)


def _notes(run: Run) -> Notes:
    from importlib.metadata import version

    place = run.source.place if run.source is not None else run.scenario.name
    again = f"openiads run {place} --seed {run.seed} --replication {run.batch.first}"
    return Notes(
        seed=run.seed,
        replication=run.batch.first,
        digest=run.digest,
        version=version("openiads"),
        limits=LIMITS,
        sources=tuple(str(one) for one in run.scenario.sources),
        rerun=again,
        terrain=run.planned.terrain_words,
    )


def _charts(reader: Reader, duration_us: int) -> tuple[ChartView, ...]:
    """What flies and what is tracked over time, and the missiles left."""
    times = np.linspace(0, duration_us, CHART_POINTS).astype(np.int64)
    hostile = reader.side == codes.HOSTILE
    born, ends = reader.rows(codes.BORN, codes.RELEASED), reader.rows(codes.END)
    came = np.sort(born[hostile[born[:, A]], TIME]) if len(born) else np.zeros(0, np.int64)
    over = ends[(ends[:, 5] != codes.PREVENTED) & (ends[:, 5] != codes.UNBORN)]
    gone = np.sort(over[hostile[over[:, A]], TIME]) if len(over) else np.zeros(0, np.int64)
    flying = np.searchsorted(came, times, side="right") - np.searchsorted(gone, times, side="right")
    firm, dropped = (np.sort(reader.rows(kind)[:, TIME]) for kind in (codes.TRACK_FIRM, codes.TRACK_DROP))
    held = np.maximum(np.searchsorted(firm, times, side="right") - np.searchsorted(dropped, times, side="right"), 0)
    launches = reader.rows(codes.LAUNCH)
    gun = np.asarray(reader.planned.plan.arms.weapons["kind"]) == codes.WEAPON_GUN
    missiles = launches[~gun[launches[:, 5]]] if len(launches) else launches
    minutes = [round(t / 60e6, 3) for t in times.tolist()]
    lines, names = [], []
    units = np.asarray(reader.planned.plan.arms.units["system"])
    for s, name in enumerate(reader.names.systems):
        mine = np.sort(missiles[units[missiles[:, B]] == s, TIME]) if len(missiles) else np.zeros(0, np.int64)
        lines.append([float(n) for n in np.searchsorted(mine, times, side="right")])
        names.append(name)
    charts = [ChartView("In the air, and tracked", minutes, [flying.astype(float).tolist(), held.astype(float).tolist()],
                        ["hostile objects", "firm tracks"], "min", "number", "step")]  # fmt: skip
    if lines:
        charts.append(ChartView("Missiles fired", minutes, lines, names, "min", "missiles", "step"))
    return tuple(charts)
