"""The files beside a scenario are looked at when it is checked: bad ones are named with the remedy, faults and voids are told."""

import json

import numpy as np
import pytest

from openiads.cli import main
from openiads.cli.looking import check

TEXT = """
format: openiads-scenario/1
name: files
about: Files beside a scenario; positions are illustrative.
duration: 5 min
environment: {{terrain: [{terrain}]}}
assets: [{{name: base, at: {{lat: 53.5, lon: 27.5}}}}]
sites: [{{name: unit, system: s-400, at: {{lat: 53.5, lon: 27.5}}}}]
objects: [{{name: liner, side: civil, class: civil-airliner, track: {{file: flight.json}}}}]
"""


def written(folder, terrain="land.npz", gap=False, heights=None):
    """A scenario with a terrain grid of 11 x 11 nodes and a track of ten minutes."""
    values = np.full((11, 11), 200.0) if heights is None else heights
    np.savez(folder / "land.npz", lat_deg=np.linspace(53.0, 54.0, 11), lon_deg=np.linspace(27.0, 28.0, 11), height_amsl_m=values)
    rows = [{"timestamp": 10.0 * i, "icao24": "abc123", "lat": 53.3, "lon": 27.0 + 0.03 * i, "altitude": 3e4} for i in range(60)]
    (folder / "flight.json").write_text(json.dumps(rows[:20] + rows[35:] if gap else rows))
    path = folder / "files.yaml"
    path.write_text(TEXT.format(terrain=terrain))
    return str(path)


def test_what_is_there_is_told(tmp_path, capsys):
    heights = np.full((11, 11), 200.0)
    heights[5, 5:] = np.nan
    assert check(written(tmp_path, gap=True, heights=heights), json=True) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["problems"] == []
    assert any("interpolated over voids" in note for note in answer["notes"])
    assert any("abc123: gap at 190 s: no report for 160 s" in note for note in answer["notes"])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("land.tif", b"<VRTDataset rasterXSize='4'/>", "only real GeoTIFF is opened, no virtual rasters"),
        ("N53E027.hgt", b"x" * 999, "cut short or of another kind, fetch it again"),
        ("N53E027.hgt", np.full(1201 * 1201, -32768, ">i2").tobytes(), "every cell is void"),
        ("land.npz", b"PK\x03\x04 damaged", "cut short or of another kind, make it again"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, capsys, name, content, words):
    path = written(tmp_path, name)
    (tmp_path / name).write_bytes(content)
    assert check(path, json=False) == 2
    told = " ".join(capsys.readouterr().out.split())
    assert name in told
    assert words in told


def test_terrain_that_does_not_hold_a_site_is_named(tmp_path, capsys):
    path = written(tmp_path)
    (tmp_path / "files.yaml").write_text(
        (tmp_path / "files.yaml").read_text().replace("at: {lat: 53.5, lon: 27.5}}]\nobjects", "at: {lat: 50.5, lon: 27.5}}]\nobjects")
    )
    assert check(path, json=False) == 2
    assert "sites.unit at 50.5000 N 27.5000 E lies outside the terrain land.npz" in " ".join(capsys.readouterr().out.split())


def test_the_verb_answers_with_its_exit_code(tmp_path, capsys):
    path = written(tmp_path, "land.npz")
    (tmp_path / "flight.json").write_text("[]")
    assert main(["check", path]) == 2
    assert "flight.json: the track file holds no rows" in " ".join(capsys.readouterr().out.split())
