"""Coverage of a defence: horizons, nesting, shares, limits, bands."""

import json
import math

import numpy as np
import pytest

from openiads import scenario
from openiads.coverage import cover
from openiads.coverage.command import height
from openiads.coverage.plane import cap_m2
from openiads.coverage.value import FACTORS, Coverage, Height
from openiads.errors import UserError

K = 4.0 / 3.0


def horizon_m(antenna_m, target_m):
    return math.sqrt(2 * K * 6_371_000.0) * (math.sqrt(antenna_m) + math.sqrt(target_m))


@pytest.fixture(scope="module")
def minsk() -> Coverage:
    return cover(
        scenario.read("minsk-2021"), [Height(50.0), Height(9_000.0, "amsl")], ["cruise-missile-subsonic", "low-observable-fighter"]
    )


@pytest.fixture(scope="module")
def clear() -> Coverage:
    """The open, flat, quiet case: no lobing, no clutter, no screens, a target as large as a barn."""
    changes = ["environment.propagation=smooth", "environment.clutter=false", "environment.k_factor=1.3333333333333333"]
    changes += [
        f"sites.{site}.screen=none" for site in ("command", "s400", "pantsir-base", "pantsir-centre", "pantsir-station", "pantsir-radars")
    ]
    changes += ["catalogue.targets.civil-airliner.rcs=100000", "catalogue.s-400.radars.91N6E.elevation_min=-2"]
    return cover(scenario.read("minsk-2021", changes), [Height(10.0), Height(30.0), Height(50.0)], ["civil-airliner"], ["detection"])


def test_ample_signal_reaches_the_horizon_of_the_closed_form(clear):
    antennas = {"command/91N6E": 10.0, "s400/96L6E": 24.0, "s400/92N6E": 8.0}
    checked = 0
    for entry in clear.entries:
        if entry.unit in antennas and entry.level == 0.5:
            expected = horizon_m(antennas[entry.unit], entry.height.value_m)
            assert max(entry.range_by_bearing_m) == pytest.approx(expected, rel=1e-3)
            checked += 1
    assert checked == 9


def test_nothing_is_seen_beyond_the_horizon(minsk):
    antennas = {"91N6E": 10.0, "96L6E": 24.0, "92N6E": 8.0, "search": 5.0, "tracking": 4.5, "electro-optical": 4.5}
    for entry in minsk.entries:
        if entry.product in ("detection", "firm_track", "lowest_visible_height") and entry.site is not None:
            limit = horizon_m(antennas[entry.unit.split("/")[1]], entry.height.value_m)
            assert max(entry.range_by_bearing_m) <= 1.001 * limit


def test_published_rings_of_low_targets(clear):
    """COV-1: 10 m antenna, 10 and 30 m targets: 26.069 and 35.61 km."""
    found = {e.height.value_m: max(e.range_by_bearing_m) for e in clear.entries if e.unit == "command/91N6E" and e.level == 0.5}
    assert found[10.0] == pytest.approx(26_069.0, rel=1e-3)
    assert found[30.0] == pytest.approx(35_610.0, rel=1e-3)


@pytest.mark.parametrize(("rcs", "km"), [(1.0, 600.0), (0.1, 337.40479511420943), (0.01, 189.73665961010278)])
def test_range_goes_with_the_fourth_root_of_the_cross_section(rcs, km):
    """COV-2, through the calibration that coverage uses; free space."""
    from openiads.model import detection

    constant = detection.calibrate(600e3, 1.0, 0.8)
    needed = float(detection.required_snr_db(0.8))
    assert float(detection.snr_db(constant, rcs, km * 1e3)) == pytest.approx(needed, abs=1e-9)


def test_products_nest(minsk):
    whole = {(e.product, e.level, e.target_class, e.height): e.honest_area_m2 for e in minsk.entries if e.site is None}
    for product, _, name, at in list(whole):
        if product == "engagement":
            assert whole[product, 0.5, name, at] <= whole["firm_track", 0.5, name, at] * (1 + 1e-12)
            assert whole[product, 0.5, name, at] <= whole["kinematic", None, name, at] * (1 + 1e-12)
    low, high = (whole["detection", 0.5, "cruise-missile-subsonic", at] for at in (Height(50.0), Height(9_000.0, "amsl")))
    assert high > 4 * low


def test_a_smaller_target_is_never_seen_farther(minsk):
    reach = {(e.unit, e.product, e.level, e.height, e.target_class): e.honest_area_m2 for e in minsk.entries}
    for (unit, product, level, at, name), area in reach.items():
        if name == "low-observable-fighter" and product == "detection" and level == 0.5 and at.datum == "amsl":
            assert area <= reach[unit, product, level, at, "cruise-missile-subsonic"] * (1 + 1e-9)


def test_shares_limits_and_bands(minsk):
    for entry in minsk.entries:
        assert 0.0 <= entry.share <= 1.0
        assert entry.naive_range_m > 0.0
        assert sum(entry.limits.values()) == pytest.approx(1.0, abs=1e-9)
        assert set(entry.limits) <= set(FACTORS)
        assert len(entry.range_by_bearing_m) == 360
        assert np.all(np.asarray(entry.range_by_bearing_m) <= entry.naive_range_m * 1.1 + 1e-6) or entry.site is None
        if "limits_by_area" in entry.notes and entry.share < 0.999:
            assert sum(entry.notes["limits_by_area"].values()) == pytest.approx(1.0, abs=1e-4)
        if entry.band is not None:
            for low, middle, high in (entry.band.reach_m, entry.band.farthest_m):
                assert low <= middle <= high
            assert entry.band.reach_m <= entry.band.farthest_m


def test_a_sector_radar_says_what_a_turn_would_give(minsk):
    found = next(e for e in minsk.entries if e.unit == "s400/92N6E" and e.product == "detection" and e.height.value_m == 9_000.0)
    inside = np.flatnonzero(found.range_by_bearing_m)
    assert len(inside) in (90, 91)
    assert abs(float(np.mean(inside)) - 270.0) < 15.0  # the raid comes from the west
    assert found.limits["sector"] == pytest.approx(1.0 - len(inside) / 360.0)
    # A fixed array reaches farthest straight ahead, and turned to the target it reaches that far everywhere.
    reach_m = np.asarray(found.range_by_bearing_m)[inside]
    assert reach_m[0] < 0.9 * reach_m.max()
    assert reach_m[len(inside) // 2] == pytest.approx(reach_m.max(), rel=1e-3)
    assert found.notes["if_turned_area_m2"] > 1.1 * found.honest_area_m2 * 360.0 / len(inside)
    even = scenario.read("minsk-2021", ["catalogue.s-400.radars.92N6E.scan_loss_exponent=0"])
    without = cover(even, [Height(9_000.0, "amsl")], [found.target_class], ["detection"])
    lossless = next(e for e in without.entries if e.unit == found.unit and e.level == found.level)
    assert lossless.notes["if_turned_area_m2"] == found.notes["if_turned_area_m2"]
    # The turned ring is made of steps of 200 m, the sector's of 500 m, between which ranges are interpolated.
    assert lossless.notes["if_turned_area_m2"] == pytest.approx(lossless.honest_area_m2 * 360.0 / len(inside), rel=2e-4)


def test_the_json_is_plain_and_holds_the_contract_keys(minsk):
    told = json.loads(json.dumps(minsk.to_json(), allow_nan=False))
    keys = {"site", "unit", "product", "target_class", "height_m", "height_datum", "course", "level", "naive_range_m", "naive_area_m2"}
    keys |= {"honest_area_m2", "share", "range_by_bearing_m", "limits", "band"}
    assert all(keys <= set(entry) for entry in told["entries"])
    assert told["terrain"] == "smooth earth: no terrain"
    assert told["table"]


def test_the_same_request_gives_the_same_numbers(minsk):
    again = cover(
        scenario.read("minsk-2021"), [Height(50.0), Height(9_000.0, "amsl")], ["cruise-missile-subsonic", "low-observable-fighter"]
    )
    assert again.to_json() == minsk.to_json()


def test_wrong_requests_are_refused():
    asked = scenario.read("minsk-2021")
    with pytest.raises(UserError, match="not a class of the catalogue"):
        cover(asked, targets=["zeppelin"])
    with pytest.raises(UserError, match="not a product"):
        cover(asked, products=["corridors"])
    with pytest.raises(UserError, match="below ground"):
        cover(asked, [Height(-5.0)])
    with pytest.raises(UserError, match="at least 100"):
        cover(asked, samples=10)
    with pytest.raises(UserError, match="margin-0"):
        cover(asked, jamming="loud")
    with pytest.raises(UserError, match="perimeter"):
        cover(asked, perimeter_m=0.0)
    with pytest.raises(UserError, match="in several runs"):
        cover(asked, [Height(float(n)) for n in range(500)])
    with pytest.raises(UserError, match="no jammer"):
        cover(scenario.read("quiet-sky"), jamming="scenario")
    with pytest.raises(UserError, match="no site has a radar"):
        cover(asked.model_copy(update={"sites": ()}))
    with pytest.raises(UserError, match="--altitude"):
        height("tall")
    with pytest.raises(UserError, match="--altitude"):
        height("-3m")
    assert height("50m") == Height(50.0, "agl")
    assert height("9km-amsl") == Height(9_000.0, "amsl")


@pytest.mark.parametrize(("lat", "lon"), [(53.9, 27.5), (70.0, 179.5), (-33.0, -179.9)])
def test_areas_are_geodesic(lat, lon):
    from pyproj import Geod

    from openiads.earth import geodesics

    bearings = np.radians(np.arange(3600) / 10.0)
    y, x, _ = geodesics.direct(math.radians(lat), math.radians(lon), bearings, np.full(3600, 600e3))
    area, _ = Geod(ellps="WGS84").polygon_area_perimeter(np.unwrap(np.degrees(x), period=360.0), np.degrees(y))
    assert float(cap_m2(math.radians(lat), 600e3)) == pytest.approx(abs(area), rel=1e-4)
