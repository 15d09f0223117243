"""The folder of a coverage: data, maps and page, each with its assumptions."""

import json

import pytest

from openiads.coverage.command import command
from openiads.errors import UserError


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coverage")
    return command("minsk-2021", ["50m"], ["cruise-missile-subsonic"], out=folder), folder


def test_the_folder_holds_maps_data_and_page(answer):
    told, folder = answer
    names = {path.name for path in folder.iterdir()}
    assert {"coverage.json", "coverage.geojson", "coverage.kml", "coverage.html", "range-height.png", "range-height.svg"} <= names
    assert any(name.startswith("coverage-") and name.endswith(".png") for name in names)
    assert {path.rsplit("/", 1)[-1] for path in told["files"]} == names
    json.dumps(told, allow_nan=False)


def test_every_export_carries_its_assumptions(answer):
    told, folder = answer
    found = json.loads((folder / "coverage.geojson").read_text())
    assert found["assumptions"][0] == "smooth earth: no terrain"
    for feature in found["features"]:
        assert feature["properties"]["caption"]
        assert feature["properties"]["digest"] == told["digest"]
        assert feature["geometry"]["type"] == "MultiPolygon"
    assert "smooth earth: no terrain" in (folder / "coverage.kml").read_text()
    assert "no jamming" in (folder / "coverage.html").read_text()


def test_shots_footprint_and_warning(answer):
    told, _ = answer
    mine = {(e["product"], e["level"]): e for e in told["entries"] if e["site"] == "s400" and e["unit"] == "s400"}
    shots = mine["shots", None]
    ranges = shots["intercept_ranges_m"]
    assert shots["opportunities"] == len(ranges)
    assert ranges == sorted(ranges, reverse=True)
    assert mine["defended_footprint", 0.9]["honest_area_m2"] <= mine["defended_footprint", 0.5]["honest_area_m2"]
    warning = mine["warning", 0.5]
    assert 0.0 <= warning["from_identification_s"] < warning["from_firm_track_s"]
    assert warning["from_firm_track_s"] == pytest.approx(max(warning["range_by_bearing_m"]) / 240.0, rel=0.01)


def test_another_course_is_refused(tmp_path):
    with pytest.raises(UserError, match="--course"):
        command("minsk-2021", course_deg=90.0, out=tmp_path)
