"""From a run to a replay: reads the log, the plan and the words behind its indices, and nothing of the battle's state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from openiads.catalogue import Source
from openiads.log import Log
from openiads.model import codes
from openiads.results.value import Run
from openiads.show.replay_input import AssetView, Notes, Place, ReplayError, ReplayInput, Ring
from openiads.show.replay_run_defence import magazines_and_channels, site_views
from openiads.show.replay_run_events import events_of
from openiads.show.replay_run_jamming import strobes_of
from openiads.show.replay_run_sky import flown, moving_objects, tracks_of
from openiads.show.replay_run_words import Words

LIMITS = (
    "Positions are illustrative; figures are public ones, with their ranges.",
    "Targets do not plan: routes and turn-back alternatives are inputs.",
    "Weather is constant for a scenario.",
    "Communication is delay and loss, not waveforms.",
    "Friendly fighters do not shoot; deception jamming and attacks on computers are not represented.",
    "A missile is an envelope, a time of flight and a probability; it is drawn on a straight line.",
)


def from_run(run: Run, rings: Mapping[str, Sequence[Ring]] | None = None) -> ReplayInput:
    """The battle of a single replication as the viewer and the exports take it.

    Parameters
    ----------
    run
        A run of one replication, which keeps its record with plots and beliefs.
    rings
        Further areas by site, such as those of a coverage computation.

    Returns
    -------
    The neutral input.

    Raises
    ------
    ReplayError
        The run holds many replications and so no record of one.
    """
    if run.log is None:
        raise ReplayError("this run keeps no record of a single battle: run it again with --replication K to see one of them")
    words = Words(run.planned)
    sky = flown(run.planned, run.log, run.seed, run.batch.first)
    shots, events = events_of(run.log, words, sky)
    sites = site_views(run, words, magazines_and_channels(run.log, words), dict(rings or {}))
    scenario = run.scenario
    return ReplayInput(
        name=scenario.name,
        about=" ".join(scenario.about.split()),
        duration_us=round(scenario.duration_s * 1e6),
        center=_center(run),
        assets=_assets(run, run.log),
        sites=sites,
        objects=moving_objects(words, sky, run.log),
        tracks=tracks_of(run.log, words),
        shots=shots,
        events=events,
        notes=_notes(run),
        strobes=strobes_of(run.log, words, sky),
        headline={key: int(value) for key, value in run.outcome.items()},
    )


def _center(run: Run) -> Place:
    """The middle of what is defended, else of the units, else of the first routes."""
    scenario = run.scenario
    places = [asset.at for asset in scenario.assets] or [site.at for site in scenario.sites]
    places = places or [point.at for group in scenario.objects for point in group.route[:1]]
    if not places:
        return Place(0.0, 0.0)
    return Place(float(np.mean([place.lat_deg for place in places])), float(np.mean([place.lon_deg for place in places])))


def _assets(run: Run, log: Log) -> list[AssetView]:
    hits: dict[int, list[int]] = {}
    stopped: dict[int, int] = {}
    for row in log.rows[log.of_kind(codes.ASSET_HIT, codes.ASSET_STOPPED)]:
        if row["kind"] == codes.ASSET_HIT:
            hits.setdefault(int(row["index_a"]), []).append(int(row["time_us"]))
        else:
            stopped[int(row["index_a"])] = int(row["time_us"])
    return [
        AssetView(asset.name, Place(asset.at.lat_deg, asset.at.lon_deg), asset.value, asset.radius_m, hits.get(i, []), stopped.get(i))
        for i, asset in enumerate(run.scenario.assets)
    ]


def _notes(run: Run) -> Notes:
    number = run.batch.first
    return Notes(
        seed=run.seed,
        replication=number,
        digest=run.digest,
        version=version_of_openiads(),
        limits=LIMITS,
        sources=_sources(run),
        rerun=f"openiads run {run.scenario.name} --seed {run.seed} --replication {number}",
        terrain=run.planned.terrain_words,
    )


def _sources(run: Run) -> list[str]:
    """Where the figures of the systems and target classes in this battle come from, a line each, most used first."""
    figures, scenario = run.planned.catalogue, run.scenario
    starts = (*(f"{site.system}." for site in scenario.sites), *(f"targets.{group.target_class}." for group in scenario.objects))
    uses: dict[str, int] = {}
    for path in figures.paths():
        if path.startswith(starts):
            for key in figures.figure(path).sources:
                uses[key] = uses.get(key, 0) + 1
    known = [figures.sources[key] for key in sorted(uses, key=lambda key: (-uses[key], key)) if key in figures.sources]
    return [_line(one) for one in known]


def _line(source: Source) -> str:
    year = f", {source.year}" if source.year else ""
    place = f" ({source.url})" if source.url else ""
    return f"{source.title}{year}{place}{'; recalled, not re-read' if source.url and not source.checked else ''}"


def version_of_openiads() -> str:
    """The installed version, empty where openiads is not installed."""
    try:
        return version("openiads")
    except PackageNotFoundError:
        return ""
