"""The shipped scenarios are what they say: counts, distances, arrivals, heights, doctrine."""

import time

import pytest
from pyproj import Geod

from openiads import catalogue, scenario
from openiads.scenario.draft import SHIPPED
from openiads.scenario.models import Scenario
from openiads.scenario.objects import Group
from openiads.scenario.places import Position

EARTH = Geod(ellps="WGS84")
CENTRE = Position.model_construct(lat_deg=53.90, lon_deg=27.57)


def km(here: Position, there: Position) -> float:
    return float(EARTH.inv(here.lon_deg, here.lat_deg, there.lon_deg, there.lat_deg)[2]) / 1000.0


@pytest.fixture(scope="module")
def minsk() -> Scenario:
    return scenario.read("minsk-2021")


def groups(read: Scenario, target_class: str) -> list[Group]:
    return [group for group in read.objects if group.target_class == target_class]


def aims(read: Scenario) -> dict[str, Position]:
    return {asset.name: asset.at for asset in read.assets}


def arrivals_min(read: Scenario, target_class: str) -> list[float]:
    """Arrival of the first and last member of each group that flies straight from its start to its aim, in minutes."""
    found = []
    for group in groups(read, target_class):
        if group.released_by is None and group.aim and group.route:
            flight_s = km(group.route[0].at, aims(read)[group.aim[0]]) * 1000.0 / (group.route[0].speed_mps or 1.0)
            found += [(group.start_s + flight_s) / 60.0, (group.start_s + (group.count - 1) * group.spacing_s + flight_s) / 60.0]
    return found


@pytest.mark.parametrize("name", scenario.shipped())
def test_each_is_without_problems_and_says_that_it_is_illustrative(name: str) -> None:
    assert scenario.check(name) == []
    text = (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schema.json\n# Illustrative")
    assert (SHIPPED / "../schema.json").resolve().is_file()
    assert "illustrative" in scenario.read(name).about.lower()
    assert all(len(line) <= 140 for line in text.splitlines())


def test_the_names_that_the_project_promises_are_there() -> None:
    promised = {"minsk-2021", "minsk-2021-s300", "ankara-2021-s400", "ankara-2021-patriot", "quiet-sky", "raid-60", "raid-1000"}
    assert promised <= set(scenario.shipped())


RAID = {
    "one-way-attack-uav": 20, "cruise-missile-subsonic": 12, "decoy": 8, "tactical-aircraft": 4, "low-observable-fighter": 2, "bomber": 1,
    "anti-radiation-missile": 6, "srbm-iskander": 2, "hypersonic-missile": 1, "standoff-jammer": 1, "escort-jammer": 1,
}  # fmt: skip


def test_minsk_has_58_hostile_objects_of_the_stated_classes(minsk: Scenario) -> None:
    hostile = [group for group in minsk.objects if group.side == "hostile"]
    assert sum(group.count for group in hostile) == 58
    assert {name: sum(group.count for group in groups(minsk, name)) for name in RAID} == RAID
    assert sum(group.count for group in groups(minsk, "civil-airliner")) == 6
    assert sum(group.count for group in minsk.objects if group.side == "friendly") == 2


def test_minsk_s_laydown(minsk: Scenario) -> None:
    where = aims(minsk)
    assert km(CENTRE, where["air-base"]) == pytest.approx(25, abs=0.05)
    assert km(CENTRE, where["command-centre"]) == pytest.approx(0, abs=0.05)
    assert km(CENTRE, where["power-station"]) == pytest.approx(30, abs=0.05)
    sites = {site.name: site for site in minsk.sites}
    s400 = sites["s400"]
    assert km(CENTRE, s400.at) == pytest.approx(15, abs=0.05)
    assert s400.load == {"48N6E3": 20, "9M96E2": 8, "40N6E": 4}
    assert {radar.name: radar.antenna_agl_m for site in (sites["command"], s400) for radar in site.radars or ()} == {
        "91N6E": 10.0, "96L6E": 24.0, "92N6E": 8.0,
    }  # fmt: skip
    near = [
        min(km(site.at, asset.at) for asset in minsk.assets)
        for site in minsk.sites
        if site.name.startswith("pantsir") and site.name != "pantsir-radars"
    ]
    assert len(near) == 3
    assert all(3.0 <= distance <= 5.01 for distance in near)
    assert km(sites["pantsir-radars"].at, s400.at) <= 5.0
    assert minsk.picture.feed == "national"


WINDOWS = {"one-way-attack-uav": (45, 57, 15, 19), "cruise-missile-subsonic": (180, 240, 13, 19)}


@pytest.mark.parametrize("target_class", WINDOWS)
def test_minsk_s_arrivals_follow_from_distance_and_speed(target_class: str, minsk: Scenario) -> None:
    nearest, farthest, first, last = WINDOWS[target_class]
    straight = [group for group in groups(minsk, target_class) if group.released_by is None]
    starts = [km(group.route[0].at, aims(minsk)[group.aim[0]]) for group in straight if group.aim]
    assert all(nearest - 0.05 <= start <= farthest + 0.05 for start in starts)
    assert all(first - 0.01 <= arrival <= last + 0.01 for arrival in arrivals_min(minsk, target_class))


def test_minsk_s_decoys_pass_the_centre_in_time(minsk: Scenario) -> None:
    for group in groups(minsk, "decoy"):
        start = km(group.route[0].at, group.route[1].at)
        assert 149.9 <= start <= 200.1
        assert 12 <= (group.start_s + start * 1000 / (group.route[0].speed_mps or 1)) / 60 <= 17


def test_minsk_s_children_are_released_in_time(minsk: Scenario) -> None:
    bomber = groups(minsk, "bomber")[0]
    centre = aims(minsk)["command-centre"]
    assert km(bomber.route[0].at, centre) == pytest.approx(260, abs=0.1)
    child = next(group for group in minsk.objects if group.released_by == "bomber")
    assert (child.count, child.release.range_m if child.release else 0) == (4, 240e3)
    released_s = bomber.start_s + 20e3 / (bomber.route[0].speed_mps or 1)
    assert 13 <= (released_s + 240e3 / 240) / 60 <= (released_s + 3 * child.spacing_s + 240e3 / 240) / 60 <= 19
    assert km(bomber.route[1].at, centre) < 240
    for arm in groups(minsk, "anti-radiation-missile"):
        parent = next(group for group in minsk.objects if group.name == arm.released_by)
        target = next(site.at for site in minsk.sites if arm.aim and arm.aim[0].startswith(f"{site.name}/"))
        start = km(parent.route[0].at, target)
        released_s = parent.start_s + (start - 100) * 1000 / (parent.route[0].speed_mps or 1)
        assert 8 <= (released_s + 100e3 / 700) / 60 <= 10
        assert start == pytest.approx(180, abs=4)


def test_minsk_s_aircraft_turn_at_60_to_90_km(minsk: Scenario) -> None:
    for name in ("tactical-aircraft", "low-observable-fighter"):
        for group in groups(minsk, name):
            assert 60 <= km(CENTRE, group.route[1].at) <= 90
            assert 165 <= km(CENTRE, group.route[0].at) <= 195
            assert group.on_engaged == "turn_back"


def test_minsk_s_heights_and_ranges(minsk: Scenario) -> None:
    heights = {
        "one-way-attack-uav": (500, "agl"),
        "cruise-missile-subsonic": (50, "agl"),
        "decoy": (3000, "amsl"),
        "tactical-aircraft": (8000, "amsl"),
        "low-observable-fighter": (9000, "amsl"),
        "bomber": (10000, "amsl"),
        "standoff-jammer": (7000, "amsl"),
        "escort-jammer": (9000, "amsl"),
    }
    for name, wanted in heights.items():
        for group in groups(minsk, name):
            height = group.route[0].height
            assert height is not None
            assert (height.value_m, height.datum) == wanted
    for group in groups(minsk, "srbm-iskander"):
        assert group.ballistic is not None
        assert group.aim is not None
        assert group.ballistic.apogee_m == 50e3
        assert km(group.ballistic.origin, aims(minsk)[group.aim[0]]) == pytest.approx(350, abs=0.1)
    glide = groups(minsk, "hypersonic-missile")[0].glide
    assert glide is not None
    assert km(glide.origin, CENTRE) == pytest.approx(600, abs=0.1)
    stations = [km(groups(minsk, name)[0].route[1].at, CENTRE) for name in ("standoff-jammer", "escort-jammer")]
    assert stations == [pytest.approx(150, abs=0.1), pytest.approx(120, abs=0.1)]


def test_minsk_s_civil_sky_and_doctrine(minsk: Scenario) -> None:
    liners = groups(minsk, "civil-airliner")
    cruising = [group for group in liners if group.airway]
    heights = [group.route[0].height.value_m / 0.3048 / 100 for group in cruising if group.route[0].height]
    assert len(cruising) == 5
    assert all(329.9 <= level <= 390.1 for level in heights)
    assert sorted({group.airway for group in cruising if group.airway}) == ["airway-east", "airway-north"]
    assert minsk.civil.closes_s == 480.0
    fighters = groups(minsk, "friendly-fighter")[0]
    assert fighters.iff is not None
    assert (fighters.iff.failure, fighters.airway) == (0.02, "return-corridor")
    doctrine = minsk.doctrine
    assert (doctrine.control, doctrine.reserve, doctrine.firing) == ("tight", 0.25, "shoot-look-shoot")
    assert doctrine.salvo["ballistic"] == doctrine.salvo["arm"] == 2
    assert doctrine.preferred["drone"] == ("pantsir-s1",)
    far = next(layer for layer in doctrine.layers if layer.missiles == ("40N6E",))
    assert far.height_min is not None
    assert (far.range_min_m, far.height_min.value_m) == (150e3, 3000.0)


def test_minsk_s300_has_the_same_raid(minsk: Scenario) -> None:
    before = scenario.read("minsk-2021-s300")
    same = [(a.name, a.count, a.route, a.start_s) for a in minsk.objects] == [(b.name, b.count, b.route, b.start_s) for b in before.objects]
    assert same
    assert [site.system for site in before.sites] == ["s-300ps"]
    assert {radar.name: radar.configuration for radar in before.sites[0].radars or ()}["76N6"] == "masted"


def test_ankara_s_raid_is_the_same_against_both() -> None:
    one, other = scenario.read("ankara-2021-s400"), scenario.read("ankara-2021-patriot")
    assert [(a.name, a.count, a.route) for a in one.objects] == [(b.name, b.count, b.route) for b in other.objects]
    assert sum(group.count for group in one.objects if group.side == "hostile") == 30
    assert {site.system for site in one.sites} == {"s-400"}
    assert {site.system for site in other.sites} == {"patriot"}
    assert one.sites[-1].at == other.sites[-1].at
    assert one.doctrine == other.doctrine


def test_quiet_sky_has_nobody_hostile() -> None:
    read = scenario.read("quiet-sky")
    assert {group.side for group in read.objects} == {"civil", "friendly"}
    assert read.sites


def count(name: str) -> tuple[int, int, int]:
    """Hostile objects, radars (the optical channels are none) and fire units of a scenario."""
    read, known = scenario.read(name), catalogue.load()
    radars = [
        known.radar(site.system, radar).role
        for site in read.sites
        for radar in (known.systems[site.system].radars if site.radars is None else [one.catalogue_name for one in site.radars])
    ]
    targets = sum(group.count for group in read.objects if group.side == "hostile")
    return targets, sum(role != "optical" for role in radars), sum(site.role == "fire-unit" for site in read.sites)


def test_the_reference_work_has_its_size() -> None:
    assert count("raid-60")[:2] == (60, 8)
    assert count("raid-1000") == (1000, 50, 60)
    assert (scenario.read("raid-60").duration_s, scenario.read("raid-1000").duration_s) == (1200.0, 3600.0)


def test_reading_is_quick() -> None:
    scenario.read("minsk-2021")
    times = []
    for _ in range(5):
        start = time.perf_counter()
        scenario.read("minsk-2021")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3  # 0.03 s on a free core; the bound allows for a busy one
