"""The folder of a coverage: data, maps and page, each with its assumptions."""

import json

import pytest

from openiads.catalogue import load
from openiads.coverage.command import Asked, command
from openiads.coverage.compare import with_added
from openiads.errors import UserError
from openiads.scenario import read


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coverage")
    asked = Asked("minsk-2021", ["50m"], ["cruise-missile-subsonic"], adds=["mast:s400/92N6E=24m", "pantsir-s1@53.75,27.20"])
    return command(asked, folder), folder


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
        assert feature["properties"]["assumptions"] == found["assumptions"]
        assert feature["properties"]["digest"] == told["digest"]
        assert feature["geometry"]["type"] == "MultiPolygon"
    assert "smooth earth: no terrain" in (folder / "coverage.kml").read_text()
    assert "nobody jams" in (folder / "coverage.html").read_text()
    for picture in folder.glob("*.svg"):
        assert "Assumptions" in picture.read_text(), picture.name


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


def test_one_more_mast_or_unit_never_covers_less(answer):
    told, _ = answer
    found = {(one["title"], one["product"]): one for one in told["differences"]}
    assert len(found) == 6
    for (title, product), one in found.items():
        before, after = one["gaps"]
        assert one["lost_m2"] <= 0.02 * one["area_m2"][0], (title, product)  # a taller antenna moves the lobes a little
        assert one["area_m2"][1] - one["area_m2"][0] == pytest.approx(one["gained_m2"] - one["lost_m2"], abs=2.0)
        assert after["uncovered_area_share"] <= before["uncovered_area_share"] + 0.01
    assert found["with s400/92N6E at 24 m", "engagement"]["gained_m2"] > 0.2e9
    assert found["with pantsir-s1 at 53.75 N 27.20 E", "engagement"]["gained_m2"] > 0.0


def test_gaps_go_by_height_and_cause(answer):
    told, _ = answer
    gaps = {one["product"]: one for one in told["gaps"]}
    assert gaps["detection"]["uncovered_area_share"] <= gaps["firm_track"]["uncovered_area_share"]
    assert gaps["firm_track"]["uncovered_area_share"] <= gaps["engagement"]["uncovered_area_share"]
    for one in gaps.values():
        assert 0.0 < one["uncovered_perimeter_share"] <= 1.0
        assert sum(one["area_by_cause"].values()) == pytest.approx(1.0, abs=1e-5)
        assert sum(one["perimeter_by_cause"].values()) == pytest.approx(1.0, abs=1e-5)


def test_the_raster_holds_what_the_entries_say(answer):
    rasterio = pytest.importorskip("rasterio", reason="the extra geo is not installed")
    told, folder = answer
    with rasterio.open(folder / "coverage.tif") as raster:
        assert raster.tags()["openiads_digest"] == told["digest"]
        assert "smooth earth" in raster.tags()["openiads_assumptions"]
        band = 1 + list(raster.descriptions).index("sites:detection:cruise-missile-subsonic@50m-agl")
        counts = raster.read(band)
        step_m = raster.transform.a
        lowest = raster.read(1)
        bare = raster.read(2)
    whole = next(e for e in told["entries"] if e["site"] is None and (e["product"], e["level"]) == ("detection", 0.5))
    assert (counts > 0).sum() * step_m**2 == pytest.approx(whole["honest_area_m2"], rel=1e-3)
    assert [(counts >= n).sum() * step_m**2 for n in (1, 2)] == pytest.approx(whole["area_by_sites_m2"][:2], rel=1e-3)
    assert (bare <= lowest).all()  # trees hide, they never show
    assert lowest[counts > 0].max() <= 50


@pytest.mark.parametrize("words", ["tower:s400/92N6E=24m", "mast:s500/92N6E=24m", "mast:s400/1L1=24m", "s-500@53,27", "s-400/1L1@53,27"])
def test_what_cannot_be_added_is_refused(words):
    with pytest.raises(UserError, match="--add"):
        with_added(read("minsk-2021"), words, load())
