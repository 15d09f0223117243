"""The rows of a defence while they are put together, and the plan's tables made of them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from openiads.catalogue.specs import GunSpec, MissileSpec
from openiads.kernel import Reals
from openiads.model.columns import DECIDERS, FEEDS, LAUNCHERS, LINES, RADARS, SLOTS, UNITS, WEAPONS, Table, table
from openiads.model.tracking.sight import COVERAGE_WIDTH, PERIOD_S, RADAR
from openiads.plan.flight_times import FLIGHT_POINTS
from openiads.plan.laws import Laws
from openiads.plan.looks import Sensor


@dataclass
class Draft:
    """Rows of the defence while they are put together."""

    radars: list[dict[str, float]] = field(default_factory=list)
    sensors: list[Sensor] = field(default_factory=list)
    radar_names: list[str] = field(default_factory=list)
    radar_types: list[str] = field(default_factory=list)
    detectors: list[Reals] = field(default_factory=list)
    detector_of: dict[tuple[float, int, int], int] = field(default_factory=dict)
    units: list[dict[str, float]] = field(default_factory=list)
    unit_frames: list[Reals] = field(default_factory=list)
    unit_names: list[str] = field(default_factory=list)
    systems: list[str] = field(default_factory=list)
    weapons: list[dict[str, float]] = field(default_factory=list)
    flights: list[Reals] = field(default_factory=list)
    weapon_names: list[str] = field(default_factory=list)
    weapon_specs: list[MissileSpec | GunSpec] = field(default_factory=list)
    launchers: list[dict[str, float]] = field(default_factory=list)
    rounds: list[list[int]] = field(default_factory=list)
    launcher_names: list[str] = field(default_factory=list)
    deciders: list[dict[str, float]] = field(default_factory=list)
    decider_of: dict[str, int] = field(default_factory=dict)
    feeds: list[dict[str, float]] = field(default_factory=list)
    feeding: dict[str, list[int]] = field(default_factory=dict)  # radars by site
    reliefs: list[int] = field(default_factory=list)  # feeds that search in another's stead
    lines: list[dict[str, float]] = field(default_factory=list)
    laws: Laws = field(default_factory=Laws)
    places: list[tuple[str, float, float]] = field(default_factory=list)


def filled(columns: list[tuple[str, str]], rows: list[dict[str, float]]) -> Table:
    """Return a table from rows of named values."""
    made = table(columns, len(rows))
    for i, row in enumerate(rows):
        for name, value in row.items():
            made[name][i] = value
    return made


def arrays(draft: Draft) -> dict[str, Any]:
    """Return the draft's rows as the plan's tables."""
    coverages = np.zeros((len(draft.sensors), COVERAGE_WIDTH))
    for row, sensor in enumerate(draft.sensors):
        coverages[row] = sensor.coverage
        coverages[row, RADAR], coverages[row, PERIOD_S] = row, sensor.period_us * 1e-6
    return {
        "radars": filled(RADARS, draft.radars),
        "coverages": coverages,
        "detectors": np.array(draft.detectors) if draft.detectors else np.zeros((1, 2)),
        "feeds": filled(FEEDS, draft.feeds),
        "reliefs": np.array(draft.reliefs, np.int64),
        "units": filled(UNITS, draft.units),
        "frames": np.array(draft.unit_frames).reshape(len(draft.unit_frames), 12),
        "weapons": filled(WEAPONS, draft.weapons),
        "flights_s": np.array(draft.flights).reshape(len(draft.flights), FLIGHT_POINTS),
        "launchers": filled(LAUNCHERS, draft.launchers),
        "rounds": np.array(draft.rounds, np.int64).reshape(len(draft.rounds), SLOTS),
        "deciders": filled(DECIDERS, draft.deciders),
        "lines": filled(LINES, draft.lines),
        "laws_s": draft.laws.table(),
    }
