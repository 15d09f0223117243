"""Common Data Format: entity table, events and combat power as csv and parquet, metadata as YAML.

Source: Processor_Common, CDFOutputs.md (Dstl, 2024): column names, types and event types are its own.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import yaml

from openiads.show.exports.parquet_tables import write_table
from openiads.show.exports.tables import REAL, TEXT, WHOLE, Table
from openiads.show.exports.text import one_line, sentence
from openiads.show.replay_input import Event, ReplayInput, Samples

_FLAG = "BOOLEAN"
_ABOUT = ("name", "type", "commander", "level", "affiliation", "force")
_PREFIX = {
    "status update": "status",
    "location update": "loc",
    "seen by secondary": "seen",
    "spotted secondary": "spot",
    "stopped seeing secondary": "stop",
    "shot": "shot",
    "kill": "kill",
    "loss": "loss",
}
_SIDES = {"hostile": "attack", "friend": "defence", "civil": "civil"}
_LOSSES = ("killed", "unit_hit", "asset_stopped")


@dataclass
class Entity:
    """One row of the entity table."""

    key: str
    name: str
    kind: str
    commander: str
    level: int
    side: str
    components: int = 1
    is_system: bool = False
    starts: bool = True
    added_us: int = 0
    path: Samples | None = None
    at: tuple[float, float] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    is_lost: bool = False

    def about(self, commander_name: str) -> tuple[str, str, str, str, float, str, str]:
        """Id and the six attributes that events repeat."""
        return self.key, self.name, self.kind, commander_name, float(self.level), self.side, f"{self.side} force"

    def place(self, time_us: int) -> tuple[float | None, float | None]:
        """Last known longitude and latitude."""
        if self.path is None or not len(self.path.time_us):
            return self.at or (None, None)
        i = max(0, int(np.searchsorted(self.path.time_us, time_us, side="right")) - 1)
        return float(self.path.longitude_deg[i]), float(self.path.latitude_deg[i])


def write(replay: ReplayInput, folder: Path) -> list[Path]:
    """Write the four files of one case (the scenario) and one replication, each table twice: csv and parquet."""
    entities = _entities(replay)
    events, power = _events(replay, entities)
    case, rep = one_line(replay.name), str(replay.notes.replication)
    made = [_entity_table(entities, case, rep), _event_table(events, case, rep), _power_table(power, case, rep)]
    written = []
    with duckdb.connect() as connection:
        for table in made:
            written += [_csv(table, folder), write_table(connection, table, folder / f"{table.name}.parquet")]
    return [*written, _metadata(replay, folder, case, rep, len(entities), events)]


def _entities(replay: ReplayInput) -> dict[str, Entity]:
    made = {
        "run": Entity("run", "run", "system", "run", 1, "system", 0, is_system=True),
        "defence": Entity("defence", "defence command", "command", "defence", 1, "defence", 0),
        "attack": Entity("attack", "attack", "command", "attack", 1, "attack", 0),
        "civil": Entity("civil", "civil traffic", "traffic", "civil", 1, "civil", 0),
    }
    for s in replay.sites:
        at = (s.at.longitude_deg, s.at.latitude_deg)
        made[f"site:{s.name}"] = Entity(f"site:{s.name}", one_line(s.name), s.system, "defence", 2, "defence", at=at)
    for a in replay.assets:
        at = (a.at.longitude_deg, a.at.latitude_deg)
        made[f"asset:{a.name}"] = Entity(f"asset:{a.name}", one_line(a.name), "asset", "defence", 2, "defence", at=at)
    for o in replay.objects:
        side = _SIDES.get(o.side, "civil")
        begins = int(o.path.time_us[0]) if len(o.path.time_us) else 0
        key = f"object:{o.name}"
        made[key] = Entity(key, one_line(o.name), o.class_name, side, 2, side, starts=begins == 0, added_us=begins, path=o.path)
    return made


def _events(replay: ReplayInput, entities: dict[str, Entity]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    numbers: Counter[str] = Counter()
    rows: list[tuple[Any, ...]] = []
    power = _start_power(entities)

    def add(time_us: int, kind: str, one: Entity, two: Entity | None = None, **detail: object) -> str:
        """Keep an event of one entity, or of one with another, and return its id."""
        numbers[kind] += 1
        one.counts[kind] += 1
        key = f"{_PREFIX[kind]}-{numbers[kind]}"
        first = (*one.about(entities[one.commander].name), *one.place(time_us))
        second = (*two.about(entities[two.commander].name), *two.place(time_us)) if two else (None,) * 9
        words = {name: str(value) for name, value in detail.items()}
        rows.append((time_us / 1e6, *first, key, kind, json.dumps(words), *second))
        return key

    for time_us, entity, height in _locations(replay, entities):
        add(time_us, "location update", entity, height_wgs84_m=repr(height))
    for event in sorted(replay.events, key=lambda e: e.time_us):
        one, two = _parties(event, entities)
        for kind, first, second in _kinds(event, one, two, entities["run"]):
            key = add(event.time_us, kind, first, second, event=event.kind, text=sentence(event))
            if kind == "loss":
                _lose(power, first, event.time_us, key)
    return sorted(rows, key=lambda row: row[0]), power


def _locations(replay: ReplayInput, entities: dict[str, Entity]) -> Iterable[tuple[int, Entity, float]]:
    for s in replay.sites:
        yield 0, entities[f"site:{s.name}"], float(s.at.height_wgs84_m)
    for a in replay.assets:
        yield 0, entities[f"asset:{a.name}"], float(a.at.height_wgs84_m)
    for o in replay.objects:
        for time_us, height in zip(o.path.time_us.tolist(), o.path.height_wgs84_m.tolist(), strict=True):
            yield time_us, entities[f"object:{o.name}"], height


def _parties(event: Event, entities: dict[str, Entity]) -> tuple[Entity | None, Entity | None]:
    """The unit and the object of an event; an asset stands for the unit where one is named."""
    asset = entities.get(f"asset:{event.args.get('asset', '')}")
    site = entities.get(f"site:{event.site}") if event.site else None
    return (asset if event.kind == "asset_stopped" else site), entities.get(f"object:{event.object}") if event.object else None


def _kinds(event: Event, unit: Entity | None, thing: Entity | None, run: Entity) -> list[tuple[str, Entity, Entity | None]]:
    """The CDF events that one event of the log becomes; what has no type of its own is a status update."""
    if unit and thing and event.kind == "detected":
        return [("spotted secondary", unit, thing), ("seen by secondary", thing, unit)]
    if unit and thing and event.kind == "track_lost":
        return [("stopped seeing secondary", unit, thing)]
    if unit and event.kind in ("launched", "gun_burst"):
        return [("shot", unit, thing)]
    if event.kind in _LOSSES and unit and thing:
        winner, loser = (unit, thing) if event.kind == "killed" else (thing, unit)
        return _loss(winner, loser)
    return [("status update", thing or unit or run, None)]


def _loss(winner: Entity, loser: Entity) -> list[tuple[str, Entity, Entity | None]]:
    if loser.is_lost:
        return [("status update", loser, None)]
    loser.is_lost = True
    return [("kill", winner, loser), ("loss", loser, winner)]


def _start_power(entities: dict[str, Entity]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for side in ("defence", "attack", "civil"):
        count = sum(e.components for e in entities.values() if e.side == side)
        rows += [(0.0, item, count, float(count), "none") for item in (side, f"{side} force")]
    return rows


def _lose(power: list[tuple[Any, ...]], loser: Entity, time_us: int, key: str) -> None:
    for item in (loser.side, f"{loser.side} force"):
        left = next(row[2] for row in reversed(power) if row[1] == item) - loser.components
        power.append((time_us / 1e6, item, left, float(left), key))


def _entity_table(entities: dict[str, Entity], case: str, rep: str) -> Table:
    order = (
        "status update",
        "location update",
        "seen by secondary",
        "spotted secondary",
        "stopped seeing secondary",
        "shot",
        "kill",
        "loss",
    )
    columns = (
        *((name, TEXT) for name in ("case", "rep", "id", "name", "type", "commander_id", "commander_name")),
        *(("level", WHOLE), ("affiliation", TEXT), ("force", TEXT), ("init_comps", WHOLE), ("cbt_per_comp", REAL), ("init_cbt_pwr", REAL)),
        *(("system_entity", _FLAG), ("start_entity", _FLAG), ("time_added", REAL), ("total_events", WHOLE)),
        *((f"{_PREFIX[kind] if kind != 'location update' else 'location'}_events", WHOLE) for kind in order),
    )
    rows = [
        (
            *(case, rep, e.key, e.name, e.kind, e.commander, entities[e.commander].name, e.level, e.side, f"{e.side} force"),
            *(e.components, 1.0, float(e.components), e.is_system, e.starts, e.added_us / 1e6, e.counts.total()),
            *(e.counts[kind] for kind in order),
        )
        for e in entities.values()
    ]
    return Table(f"CDF_EntityTable_{_safe(case)}_{rep}", columns, rows)


def _event_table(rows: list[tuple[Any, ...]], case: str, rep: str) -> Table:
    def party(name: str, gap: str) -> list[tuple[str, str]]:
        """Return the columns of one party; ``gap`` stands before the word commander."""
        about = [(f"{name}_entity{gap if word == 'commander' else '_'}{word}", REAL if word == "level" else TEXT) for word in _ABOUT]
        return [(f"{name}_entity_id", TEXT), *about, (f"{name}_x", REAL), (f"{name}_y", REAL)]

    middle = (("event_id", TEXT), ("event_type", TEXT), ("event_detail", TEXT))
    columns = (("case", TEXT), ("rep", TEXT), ("time", REAL), *party("primary", "_"), *middle, *party("secondary", " "))
    return Table(f"CDF_Events_{_safe(case)}_{rep}", columns, [(case, rep, *row) for row in rows])


def _power_table(rows: list[tuple[Any, ...]], case: str, rep: str) -> Table:
    columns = (
        ("case", TEXT),
        ("rep", TEXT),
        ("time", REAL),
        ("item", TEXT),
        ("components", WHOLE),
        ("combat_power", REAL),
        ("event_id", TEXT),
    )
    return Table(f"CDF_Cbt_Pwr_{_safe(case)}_{rep}", columns, [(case, rep, *row) for row in rows])


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-." else "-" for c in name)[:60].strip(".") or "case"


def _csv(table: Table, folder: Path) -> Path:
    path = folder / f"{table.name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([name for name, _ in table.columns])
        writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    return path


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else repr(value)


def _metadata(replay: ReplayInput, folder: Path, case: str, rep: str, entities: int, events: list[tuple[Any, ...]]) -> Path:
    facts = {
        **{"serial": "1", "case": case, "replication": rep, "input_location": "not defined", "output_location": "not defined"},
        **{"model_name": f"openiads {replay.notes.version}", "distance_unit": "degree (x longitude, y latitude, WGS84)", "time_unit": "s"},
        **{"cbt_pwr_unit": "units alive", "data_name": replay.notes.digest, "data_details": one_line(replay.about)},
        **{"data_date": replay.notes.data_date, "force_unique_unit_names": False, "entity_data_from_table": False},
        **{"split_files_by_type": False, "drop_location_events": False, "drop_seen_events": False, "drop_shot_events": False},
        **{"drop_spot_events": False, "status": "complete", "total_entities": entities, "total_events": len(events)},
        **{"total_forces_and_affiliations": 8, "note": "event ids follow the order in which events were added"},
    }
    path = folder / f"CDF_Metadata_{_safe(case)}_{rep}.yaml"
    path.write_text(yaml.safe_dump(facts, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path
