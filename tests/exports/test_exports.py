"""Every export read back by a reader that is not ours: times and positions exact."""

from __future__ import annotations

import csv
import json
import math
import warnings
from datetime import datetime, timedelta

import numpy as np
import pytest
import yaml

from openiads.show import exports
from openiads.show.exports import text


def parsed(moment):
    return datetime.fromisoformat(moment)


def start(battle):
    return parsed(battle.epoch)


@pytest.mark.parametrize("to", exports.FORMATS)
def test_every_format_writes_files_also_for_odd_names(odd_battle, tmp_path, to):
    written = exports.export(odd_battle, tmp_path / to, to)
    assert written
    assert all(path.stat().st_size > 20 for path in written)
    assert all(path.parent == tmp_path / to for path in written)


def test_an_unknown_format_is_refused(battle, tmp_path):
    with pytest.raises(exports.ExportError, match="choose one of"):
        exports.export(battle, tmp_path, "dis")


def test_geojson_reads_back_with_shapely(battle, tmp_path):
    shapely = pytest.importorskip("shapely.geometry")
    [path] = exports.export(battle, tmp_path, "geojson")
    features = json.loads(path.read_text())["features"]
    found = {f["properties"]["name"]: f for f in features if f["properties"]["feature"] == "object"}
    for item in battle.objects:
        line = shapely.shape(found[item.name]["geometry"])
        expected = np.column_stack([item.path.longitude_deg, item.path.latitude_deg, item.path.height_wgs84_m])
        assert np.array_equal(np.array(line.coords), expected)
        assert found[item.name]["properties"]["times_us"] == item.path.time_us.tolist()
    areas = [shapely.shape(f["geometry"]) for f in features if f["properties"]["feature"] == "area"]
    assert areas
    assert all(area.exterior.is_ccw and area.is_valid for area in areas)


def test_kml_reads_back_with_fastkml(battle, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fastkml = pytest.importorskip("fastkml", reason="fastkml is in the dependency group oracles")
    [path] = exports.export(battle, tmp_path, "kml")
    document = fastkml.KML.from_string(path.read_text(encoding="utf-8").split("?>", 1)[1]).features[0]
    folders = {folder.name: folder.features for folder in document.features}
    truth = {mark.name: mark for mark in folders["What was really there"]}
    for item in battle.objects:
        track = truth[item.name].kml_geometry
        coords = [tuple(entry.coord.coords[0]) for entry in track.track_items]
        expected = list(zip(item.path.longitude_deg, item.path.latitude_deg, item.path.height_wgs84_m, strict=True))
        assert np.array_equal(coords, expected)
        when = [entry.when.dt for entry in track.track_items]
        assert when == [start(battle) + timedelta(microseconds=t) for t in item.path.time_us.tolist()]
    assert len(folders["Areas"]) == sum(len(site.rings) for site in battle.sites)
    assert len(folders["Shots"]) == len(battle.shots)


def test_czml_is_valid_and_reads_back(battle, tmp_path):
    czml3 = pytest.importorskip("czml3", reason="czml3 is in the dependency group oracles")
    [path] = exports.export(battle, tmp_path, "czml")
    packets = json.loads(path.read_text())
    document = czml3.Document(packets=[czml3.Packet.model_validate(packet) for packet in packets])
    read = {packet["id"]: packet for packet in json.loads(document.dumps())}
    for i, item in enumerate(battle.objects):
        position = read[f"object/{i}"]["position"]
        rows = np.array(position["cartographicDegrees"]).reshape(-1, 4)
        assert parsed(position["epoch"]) == start(battle)
        assert np.array_equal(np.rint(rows[:, 0] * 1e6).astype(int), item.path.time_us)
        assert np.array_equal(rows[:, 1:3], np.column_stack([item.path.longitude_deg, item.path.latitude_deg]))
        assert np.array_equal(rows[:, 3], item.path.height_wgs84_m)


def test_csv_reads_back_exactly_and_holds_no_formula(odd_battle, tmp_path):
    exports.export(odd_battle, tmp_path, "csv")
    with (tmp_path / "truth.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    objects = {o.name: o for o in odd_battle.objects}
    clean = {text.inert(name): o for name, o in objects.items()}
    seen = {}
    for row in rows:
        assert not row["object"].startswith(("=", "+", "-", "@", "\t", "\r"))
        seen.setdefault(row["object"].removeprefix("'"), []).append(row)
    for name, item in clean.items():
        mine = seen[name]
        assert [int(r["time_us"]) for r in mine] == item.path.time_us.tolist()
        assert [float(r["latitude_deg"]) for r in mine] == item.path.latitude_deg.tolist()
        assert [float(r["height_wgs84_m"]) for r in mine] == item.path.height_wgs84_m.tolist()
    assert "\x1b" not in (tmp_path / "objects.csv").read_text(encoding="utf-8")


def test_parquet_reads_back_with_arrow(battle, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is in the dependency group oracles")
    exports.export(battle, tmp_path, "parquet")
    truth = parquet.read_table(tmp_path / "truth.parquet")
    assert str(truth.schema.field("time_us").type) == "int64"
    assert str(truth.schema.field("latitude_deg").type) == "double"
    names = np.array(truth["object"].to_pylist())
    for item in battle.objects:
        mine = names == item.name
        assert np.array_equal(truth["time_us"].to_numpy()[mine], item.path.time_us)
        assert np.array_equal(truth["longitude_deg"].to_numpy()[mine], item.path.longitude_deg)
    ends = parquet.read_table(tmp_path / "objects.parquet")["ends_us"]
    assert str(ends.type) == "int64"
    assert ends.to_pylist() == [o.ends_us for o in battle.objects]


def test_cdf_tables_have_the_types_of_the_format(battle, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is in the dependency group oracles")
    written = {path.name.split("_")[1] + path.suffix: path for path in exports.export(battle, tmp_path, "cdf")}
    assert set(written) == {
        "EntityTable.csv",
        "EntityTable.parquet",
        "Events.csv",
        "Events.parquet",
        "Cbt.csv",
        "Cbt.parquet",
        "Metadata.yaml",
    }
    events = parquet.read_table(written["Events.parquet"])
    types = {field.name: str(field.type) for field in events.schema}
    assert events.schema.names[:3] == ["case", "rep", "time"]
    floats = {"time", "primary_x", "primary_y", "primary_entity_level", "secondary_x", "secondary_y", "secondary_entity_level"}
    assert {name for name, kind in types.items() if kind == "double"} == floats
    assert {kind for name, kind in types.items() if name not in floats} == {"string"}
    allowed = {
        "status update",
        "location update",
        "spotted secondary",
        "seen by secondary",
        "stopped seeing secondary",
        "shot",
        "kill",
        "loss",
    }
    assert set(events["event_type"].to_pylist()) <= allowed
    assert all(isinstance(json.loads(detail), dict) for detail in events["event_detail"].to_pylist())
    entities = parquet.read_table(written["EntityTable.parquet"])
    kinds = {field.name: str(field.type) for field in entities.schema}
    assert [kinds[n] for n in ("level", "init_comps", "start_entity", "cbt_per_comp", "total_events")] == [
        "int64",
        "int64",
        "bool",
        "double",
        "int64",
    ]
    known = set(entities["id"].to_pylist())
    assert set(events["primary_entity_id"].to_pylist()) <= known
    assert set(entities["commander_id"].to_pylist()) <= known
    metadata = yaml.safe_load(written["Metadata.yaml"].read_text())
    assert metadata["total_events"] == events.num_rows
    assert metadata["replication"] == "0"


def test_cdf_locations_are_exact_and_losses_add_up(battle, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is in the dependency group oracles")
    written = {path.name.split("_")[1] + path.suffix: path for path in exports.export(battle, tmp_path, "cdf")}
    events = parquet.read_table(written["Events.parquet"]).to_pylist()
    item = battle.objects[0]
    mine = [e for e in events if e["primary_entity_id"] == f"object:{item.name}" and e["event_type"] == "location update"]
    assert [round(e["time"] * 1e6) for e in mine] == item.path.time_us.tolist()
    assert [e["primary_x"] for e in mine] == item.path.longitude_deg.tolist()
    assert [float(json.loads(e["event_detail"])["height_wgs84_m"]) for e in mine] == item.path.height_wgs84_m.tolist()
    losses = sum(e["event_type"] == "loss" and e["primary_entity_affiliation"] == "attack" for e in events)
    assert losses == battle.headline["killed"]
    power = [row for row in parquet.read_table(written["Cbt.parquet"]).to_pylist() if row["item"] == "attack"]
    assert power[0]["components"] - power[-1]["components"] == losses


def read_acmi(path):
    """A reader of ACMI text written from its public description: times, transforms, properties and removals by object."""
    content = path.read_text(encoding="utf-8-sig")
    lines = content.split("\n")
    assert lines[0] == "FileType=text/acmi/tacview"
    assert lines[1].startswith("FileVersion=2.")
    now, found, events = 0.0, {}, []
    for line in filter(None, lines[2:]):
        if line.startswith("#"):
            assert float(line[1:]) >= now
            now = float(line[1:])
        elif line.startswith("-"):
            found[line[1:]]["gone"] = now
        else:
            parts = split(line)
            if parts[0] == "0":
                events += [(now, part.split("=", 1)[1]) for part in parts[1:] if part.startswith("Event=")]
                found.setdefault("0", {}).update(dict(part.split("=", 1) for part in parts[1:]))
                continue
            thing = found.setdefault(parts[0], {"path": []})
            for part in parts[1:]:
                key, value = part.split("=", 1)
                if key == "T":
                    thing["path"].append((now, *map(float, value.split("|")[:3])))
                else:
                    thing[key] = value
    return found, events


def split(line):
    parts, word, i = [], "", 0
    while i < len(line):
        if line[i] == "\\" and i + 1 < len(line):
            word, i = word + line[i + 1], i + 2
        elif line[i] == ",":
            parts, word, i = [*parts, word], "", i + 1
        else:
            word, i = word + line[i], i + 1
    return [*parts, word]


@pytest.mark.parametrize("which", ["battle", "odd_battle"])
def test_acmi_reads_back(which, request, tmp_path):
    battle = request.getfixturevalue(which)
    [path] = exports.export(battle, tmp_path, "acmi")
    found, events = read_acmi(path)
    assert parsed(found["0"]["ReferenceTime"]) == start(battle)
    for i, item in enumerate(battle.objects):
        thing = found[f"{0x10000 + i:x}"]
        rows = np.array(thing["path"])
        assert np.array_equal(np.rint(rows[:, 0] * 1e6).astype(int), item.path.time_us)
        assert np.array_equal(rows[:, 1:], np.column_stack([item.path.longitude_deg, item.path.latitude_deg, item.path.height_wgs84_m]))
        assert thing["Pilot"] == text.one_line(item.name).replace("|", "/")
        if item.ends_us is not None:
            assert math.isclose(thing["gone"] * 1e6, item.ends_us, abs_tol=0.5)
    assert len([key for key in found if int(key, 16) >= 0x800000]) == len(battle.shots)
    assert sum(kind.startswith("Destroyed|") for _, kind in events) == battle.headline["killed"]


def test_sentences_fill_their_parts():
    from openiads.show.replay_input import Event

    event = Event(0, "detected", "cm-1", "s400", args={"radar": "96L6E", "range_m": 31250.0})
    assert text.sentence(event) == "s400: 96L6E sees cm-1 at 31250 m"
    assert text.sentence(Event(0, "detected", "cm-1")) == "sees cm-1"
