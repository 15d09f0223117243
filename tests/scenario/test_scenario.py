"""Reading, building, changing and identifying scenarios."""

import copy
import json
import math
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads import scenario, strict_yaml
from openiads.errors import UserError
from openiads.scenario import schema
from openiads.scenario.spreads import Spread, Uncertain

PLAIN = {
    "format": "openiads-scenario/1",
    "name": "plain",
    "about": "illustrative",
    "duration": "5 min",
    "assets": [{"name": "base", "at": {"lat": 53.9, "lon": 27.6}, "value": 1}],
    "sites": [{"name": "pantsir", "system": "pantsir-s1", "at": {"lat": 53.92, "lon": 27.6}}],
    "objects": [
        {
            "name": "drones",
            "side": "hostile",
            "duty": "impact",
            "class": "one-way-attack-uav",
            "count": 4,
            "aim": "base",
            "route": [{"at": {"lat": 54.2, "lon": 27.6}, "height": "500 m agl", "speed": "50 m/s"}],
        }
    ],
}


def changed(**keys: object) -> dict[str, object]:
    return {**copy.deepcopy(PLAIN), **keys}


def test_the_contract_s_example_is_read() -> None:
    example = {
        "format": "openiads-scenario/1",
        "name": "example",
        "about": "one sentence; says that positions are illustrative",
        "duration": "20 min",
        "environment": {"k_factor": 1.3333, "rain": "0 mm/h", "terrain": []},
        "assets": [{"name": "base", "at": {"lat": 53.9, "lon": 28.0}, "value": 1, "radius": "1 km", "hits_to_stop": 2}],
        "sites": [
            {"name": "command", "system": "s-400", "role": "command-post", "at": {"lat": 53.97, "lon": 27.6}},
            {
                "name": "s400",
                "system": "s-400",
                "at": {"lat": 53.95, "lon": 27.6},
                "facing": "270 deg",
                "configuration": "masted",
                "load": {"48N6E3": 20, "9M96E2": 8, "40N6E": 4},
                "screen": {"height": "15 m", "distance": "2 km"},
            },
        ],
        "links": [{"from": "command", "to": "s400", "delay": "2 s", "loss": 0.01}],
        "doctrine": {"control": "tight", "layers": [], "zones": [], "reserve": 0.25},
        "picture": "national",
        "objects": [
            {"name": "bomber", "side": "hostile", "duty": "release", "class": "bomber", "route": [
                {"at": {"lat": 54.5, "lon": 24.0}, "height": "10 km amsl"}, {"at": {"lat": 54.5, "lon": 25.5}}]},
            {"name": "cm", "side": "hostile", "duty": "impact", "class": "cruise-missile-subsonic", "count": 8, "spacing": "10 s",
             "released_by": "bomber", "aim": "base", "on_engaged": "continue",
             "route": [{"at": {"lat": 54.5, "lon": 25.0}, "height": "50 m agl", "speed": "240 m/s"}]},
        ],
    }  # fmt: skip
    read = scenario.build(example)
    s400 = read.sites[1]
    assert (read.duration_s, read.assets[0].radius_m, s400.facing_rad) == (1200.0, 1000.0, pytest.approx(1.5 * math.pi))
    assert s400.configurations == {"*": "masted"}
    assert s400.screen is not None
    assert s400.screen.height_m == 15.0
    assert read.links[0].delay is not None
    assert read.links[0].delay.median_s == 2.0
    assert read.objects[1].aim == ("base",)
    assert read.objects[1].route[0].height is not None
    assert (read.objects[1].route[0].height.value_m, read.objects[1].route[0].height.datum) == (50.0, "agl")
    assert read.picture.feed == "national"


def test_a_scenario_is_frozen() -> None:
    read = scenario.build(PLAIN)
    with pytest.raises(ValueError, match="frozen"):
        read.name = "other"  # type: ignore[misc]


def test_odd_names_are_only_names(tmp_path: Path) -> None:
    names = [
        "</script><script>window.pwned=1</script>",
        "<svg onload=window.pwned=1>",
        "';window.pwned=1;//",
        '"><img src=x onerror=window.pwned=1>',
        "a.b c",
    ]
    odd = changed(name=names[0], about="<img src=x onerror=window.pwned=1>")
    odd["assets"][0]["name"] = names[1]  # type: ignore[index]
    odd["objects"][0] |= {"aim": names[1], "name": names[3]}  # type: ignore[index]
    odd["sites"][0]["name"] = names[2]  # type: ignore[index]
    path = tmp_path / "evil.yaml"
    path.write_text(json.dumps(odd))
    assert scenario.check(path) == []
    read = scenario.read(path, {f"objects.{names[3]}.count": 7, f"sites.{names[2]}.load.57E6": 3})
    assert read.objects[0].count == 7
    assert read.sites[0].load == {"57E6": 3}


def test_the_acceptance_file_names_line_3(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("format: openiads-scenario/1\nname: x\nname: y\nsites: [{name: s, at: {lat: 999, lon: 0}, system: s-4000}]\n")
    text = "\n".join(map(str, scenario.check(path)))
    for words in ("bad.yaml:3:1: name: the key name stands twice", "bad.yaml:4:", "latitude 999", "s-4000"):
        assert words in text


# --- overrides by path

OVERRIDES = [
    ("drones.count=10", lambda read: read.objects[0].count, 10),
    ("objects.drones.count=11", lambda read: read.objects[0].count, 11),
    ("objects.0.count=12", lambda read: read.objects[0].count, 12),
    ("sites.pantsir.load.57E6=5", lambda read: read.sites[0].load, {"57E6": 5}),
    ("pantsir.configuration=mobile", lambda read: read.sites[0].configurations, {"*": "mobile"}),
    ("doctrine.reserve=0.5", lambda read: read.doctrine.reserve, 0.5),
    ("doctrine.emission_control.silent_on_arm=true", lambda read: read.doctrine.emission_control.silent_on_arm, True),
    ("doctrine.decision_delay={lognormal: {median: 20 s, sigma: 0.5}}", lambda read: read.doctrine.decision_delay.values_s, (20.0, 0.5)),
    ("duration=90", lambda read: read.duration_s, 90.0),
    ("duration=10 min", lambda read: read.duration_s, 600.0),
    ("raid.bearing=90 deg", lambda read: read.raid.bearing_rad, pytest.approx(math.pi / 2)),
    ("picture=standalone", lambda read: read.picture.feed, "standalone"),
    ("environment.rain=5 mm/h", lambda read: read.environment.rain_mmph, 5.0),
    ("base.at.lat=53.8", lambda read: read.assets[0].at.lat_deg, 53.8),
    ("objects.drones.route.0.height=1 km agl", lambda read: read.objects[0].route[0].height.value_m, 1000.0),
    ("catalogue.targets.srbm-iskander.unit_cost=1000000", lambda read: read.catalogue, {"targets.srbm-iskander.unit_cost": 1000000}),
    ("catalogue.s-400.missiles.48N6E3.range_max=200 km", lambda read: read.catalogue, {"s-400.missiles.48N6E3.range_max": "200 km"}),
    ("tracking.filter=imm", lambda read: read.tracking.filter, "imm"),
    ("civil.airspace_closes=never", lambda read: read.civil.closes_s, None),
]


@pytest.mark.parametrize(("text", "value", "wanted"), OVERRIDES, ids=[case[0] for case in OVERRIDES])
def test_overrides_by_path(text: str, value: object, wanted: object) -> None:
    assert value(scenario.build(PLAIN, [text])) == wanted  # type: ignore[operator]


def test_a_missile_that_looks_like_a_number_keeps_its_name() -> None:
    layers = strict_yaml.read("[{missiles: 57E6, max_range: 9 km}, {missiles: [57E6]}]", "f").value
    read = scenario.build(changed(doctrine={"layers": layers}), ["drones.count=3", "sites.pantsir.load={57E6: 4}"])
    assert [layer.missiles for layer in read.doctrine.layers] == [("57E6",), ("57E6",)]
    assert pickle.loads(pickle.dumps(layers)) == copy.deepcopy(layers) == layers


def test_overrides_may_be_a_mapping() -> None:
    assert scenario.build(PLAIN, {"drones.count": 3, "doctrine.control": "free"}).doctrine.control == "free"


WRONG_OVERRIDES = [
    ("drnes.count=10", 'did you mean "drones"?'),
    ("objects.drnes.count=10", 'did you mean "drones"?'),
    ("objects.drones.cuont=10", 'did you mean "count"?'),
    ("objects.drones.count.x=10", "single value"),
    ("sites.pantsir.load.57E7=5", 'did you mean "57E6"?'),
    ("doctrine.reserv=1", 'did you mean "reserve"?'),
    ("drones.count", "PATH=VALUE"),
    ("=3", "PATH=VALUE"),
    ("drones.count=-1", "--set drones.count=-1: objects.drones.count: -1 is negative"),
    ("drones.count=many", "not a whole number"),
    ("catalogue.s-400.missiles.48N6E4.range_max=200 km", "no figure"),
    ("raid.bearing=90", "90 deg"),
    ("links.0.delay=3 s", "links"),
]


@pytest.mark.parametrize(("text", "words"), WRONG_OVERRIDES, ids=[case[0] for case in WRONG_OVERRIDES])
def test_wrong_overrides_say_so(text: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        scenario.build(PLAIN, [text])
    assert words in str(caught.value)


def test_an_override_leaves_the_given_mapping_alone() -> None:
    before = copy.deepcopy(PLAIN)
    scenario.build(PLAIN, ["drones.count=9", "doctrine.reserve=0.1"])
    assert before == PLAIN


# --- base and changes


def test_a_base_gives_what_a_file_does_not_say(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(json.dumps(PLAIN))
    path = tmp_path / "other.yaml"
    path.write_text(
        "format: openiads-scenario/1\nname: other\nabout: illustrative\nbase: base.yaml\n"
        "doctrine: {control: free}\nchanges: {objects.drones.count: 9, base.value: 3}\n"
    )
    read = scenario.read(path)
    assert (read.name, read.doctrine.control, read.duration_s, read.objects[0].count) == ("other", "free", 300.0, 9)
    path.write_text("format: openiads-scenario/1\nname: other\nabout: illustrative\nbase: base.yaml\nchanges: {objects.drones.count: -9}\n")
    assert ":5:11: objects.drones.count: -9 is negative" in str(scenario.check(path)[0])
    (tmp_path / "base.yaml").write_text(json.dumps(changed(objects=[{"name": "x"}])))
    path.write_text("format: openiads-scenario/1\nname: other\nabout: illustrative\nbase: base.yaml\n")
    assert all(str(problem).startswith(f"{tmp_path / 'base.yaml'}:1:") for problem in scenario.check(path))
    (tmp_path / "base.yaml").write_text(json.dumps(changed(base="minsk-2021")))
    assert "has a base of its own" in str(scenario.check(path)[0])


# --- files stay beside the scenario


@pytest.mark.parametrize(
    "name", ["../out.csv", "/etc/passwd", "sub/../../out.csv", "~/x.csv", "C:\\x.csv", "..\\x.csv", "file:///etc/passwd", "link.csv"]
)
def test_files_outside_the_folder_are_refused(name: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "out.csv").write_text("")
    (home / "link.csv").symlink_to(tmp_path / "out.csv")
    value = changed()
    value["objects"][0] = {"name": "t", "side": "civil", "class": "civil-airliner", "track": {"file": name}}  # type: ignore[index]
    with pytest.raises(scenario.ScenarioError, match=r"leads out of|no file|cannot be opened"):
        scenario.build(value, folder=home)


def test_files_beside_the_scenario_are_found(tmp_path: Path) -> None:
    (tmp_path / "flight.csv").write_text("t,lat,lon\n")
    value = changed()
    value["objects"][0] = {"name": "t", "side": "civil", "class": "civil-airliner", "track": {"file": "flight.csv"}}  # type: ignore[index]
    read = scenario.build(value, folder=tmp_path)
    assert read.folder == tmp_path
    one = scenario.digest(read)
    (tmp_path / "flight.csv").write_text("t,lat,lon\n1,2,3\n")
    assert scenario.digest(read) != one
    with pytest.raises(scenario.ScenarioError, match="lies in no folder"):
        scenario.build(value)


# --- finding scenarios


def test_unknown_scenarios_are_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="did you mean"):
        scenario.read("minsk-2020")
    with pytest.raises(UserError, match="shipped: "):
        scenario.read("no-such-scenario")
    with pytest.raises(UserError, match="no such file"):
        scenario.read(tmp_path / "none.yaml")
    with pytest.raises(UserError, match="folder"):
        scenario.read(str(tmp_path))
    with pytest.raises(UserError):
        scenario.read("a\0b.yaml")


@pytest.mark.parametrize("content", ["", "3\n", "[]\n", "just words\n", "{}\n", "- a\n- b\n", "a: [\n", "\x00"])
def test_files_that_are_no_scenario(content: str, tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(content)
    assert scenario.check(path)
    with pytest.raises(scenario.ScenarioError):
        scenario.read(path)


def test_a_huge_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    start = time.perf_counter()
    assert "at most 5,000,000" in str(scenario.check(path)[0])
    assert time.perf_counter() - start < 2.0


# --- uncertain numbers


def uncertain_plain() -> dict[str, object]:
    value = changed(doctrine={"reserve": {"uniform": [0.1, 0.3]}}, raid={"bearing": {"choice": ["0 deg", "90 deg", "180 deg"]}})
    value["objects"][0] |= {"count": {"choice": [2, 4, 8]}, "rcs": {"lognormal": {"median": "0.1 m2", "sigma": 1.0}}}  # type: ignore[index]
    value["objects"][0]["route"][0]["height"] = {"uniform": ["100 m agl", "300 m agl"]}  # type: ignore[index]
    return value


def test_uncertain_numbers_stand_at_their_median() -> None:
    read = scenario.build(uncertain_plain())
    group = read.objects[0]
    assert (group.count, group.rcs_m2, read.doctrine.reserve, read.raid.bearing_rad) == (4, 0.1, 0.2, pytest.approx(math.pi / 2))
    assert set(scenario.uncertain(read)) == {
        "doctrine.reserve", "raid.bearing", "objects.drones.count", "objects.drones.rcs", "objects.drones.route.0.height.value_m",
    }  # fmt: skip
    assert pickle.loads(pickle.dumps(read)) == read
    assert isinstance(pickle.loads(pickle.dumps(read)).doctrine.reserve, Uncertain)


def test_draws_depend_on_seed_sample_and_path_alone() -> None:
    read = scenario.build(uncertain_plain())
    drawn = [scenario.draw(read, 7, sample) for sample in range(40)]
    assert not scenario.uncertain(drawn[0])
    assert drawn[3] == scenario.draw(read, 7, 3)
    assert {one.objects[0].count for one in drawn} == {2, 4, 8}
    assert all(0.1 <= one.doctrine.reserve <= 0.3 for one in drawn if one.doctrine.reserve is not None)
    fewer = uncertain_plain()
    del fewer["raid"]
    assert scenario.draw(scenario.build(fewer), 7, 3).doctrine.reserve == drawn[3].doctrine.reserve
    assert len({scenario.digest(one) for one in drawn}) == 40
    assert scenario.draw(scenario.build(PLAIN), 7, 3) == scenario.build(PLAIN)


def test_quantiles_can_be_stated() -> None:
    read = scenario.build(uncertain_plain())
    at = scenario.drawn_at(read, {"doctrine.reserve": 1.0, "objects.drones.count": 0.0})
    assert (at.doctrine.reserve, at.objects[0].count, at.objects[0].rcs_m2) == (0.3, 2, 0.1)


@given(
    st.sampled_from(["uniform", "loguniform", "triangular", "normal", "lognormal", "choice"]),
    st.lists(st.floats(0.01, 100.0), min_size=3, max_size=3).map(sorted),
    st.lists(st.floats(0.0, 1.0), min_size=2, max_size=2).map(sorted),
)
@settings(deadline=None, max_examples=200)
def test_quantiles_rise_and_stay_in_bounds(kind: str, values: list[float], shares: list[float]) -> None:
    spread = Spread(kind, tuple(values if kind in ("triangular", "choice") else values[:2]), 0.0, 1e9)
    low, high = spread.at(shares[0]), spread.at(shares[1])
    assert low <= high * (1 + 1e-12)
    if kind in ("uniform", "loguniform", "triangular", "choice"):
        assert values[0] * (1 - 1e-12) <= low
        assert high <= max(values) * (1 + 1e-12)


def test_delays_are_laws_of_chance_and_not_uncertain_knowledge() -> None:
    read = scenario.build(changed(doctrine={"decision_delay": {"lognormal": {"median": "30 s", "sigma": 0.4}}}))
    assert read.doctrine.decision_delay is not None
    assert (read.doctrine.decision_delay.kind, read.doctrine.decision_delay.median_s) == ("lognormal", 30.0)
    assert not scenario.uncertain(read)


# --- rings of sites


def test_a_ring_becomes_sites() -> None:
    value = changed()
    value["sites"][0]["ring"] = {"radius": "10 km", "count": 4}  # type: ignore[index]
    read = scenario.build(value, ["sites.pantsir.load.57E6=6"])
    assert [site.name for site in read.sites] == ["pantsir-1", "pantsir-2", "pantsir-3", "pantsir-4"]
    assert [site.facing_rad for site in read.sites] == [pytest.approx(math.pi / 2 * number) for number in range(4)]
    assert read.sites[0].at.lat_deg > 53.92 > read.sites[2].at.lat_deg
    assert all(site.load == {"57E6": 6} and site.ring is None for site in read.sites)
    value["assets"][0]["name"] = "pantsir-2"  # type: ignore[index]
    with pytest.raises(scenario.ScenarioError, match="is taken"):
        scenario.build(value)


# --- digests


def test_a_digest_is_of_meaning() -> None:
    one = scenario.digest(scenario.build(PLAIN))
    assert scenario.digest(scenario.build(changed(duration=300.0, about="otherwise said", seed=5))) == one
    assert scenario.digest(scenario.build(changed(picture="standalone"))) == one
    assert scenario.digest(scenario.build(changed(duration="301 s"))) != one
    assert scenario.digest(scenario.build(PLAIN, ["drones.count=5"])) != one


def test_a_digest_is_the_same_in_another_process() -> None:
    code = "from openiads import scenario; print(scenario.digest(scenario.read('minsk-2021')))"
    env = {**os.environ, "PYTHONHASHSEED": "5", "TZ": "Asia/Tokyo"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert done.stdout.strip() == scenario.digest(scenario.read("minsk-2021"))


# --- anything at all

JUNK = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-1e9, 1e9) | st.text(max_size=6) | st.just([]) | st.just({}) | st.just([{}])
)
PLACES = """
name about duration assets assets.0 assets.0.name assets.0.at assets.0.at.lat sites sites.0 sites.0.name sites.0.system
sites.0.load sites.0.radars sites.0.ring sites.0.configuration objects objects.0 objects.0.name objects.0.class
objects.0.count objects.0.aim objects.0.route objects.0.route.0 objects.0.released_by objects.0.release objects.0.jammer
objects.0.track links doctrine civil identification environment raid catalogue factors changes base picture
"""
PATHS = [tuple(0 if step == "0" else step for step in path.split(".")) for path in PLACES.split()]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(PATHS),
            JUNK | st.dictionaries(st.sampled_from(["layers", "zones", "classifier", "airways", "salvo", "x"]), JUNK),
        ),
        min_size=1,
        max_size=3,
    )
)
@settings(deadline=None, max_examples=300)
def test_any_value_anywhere_is_read_or_refused(changes: list[tuple[tuple[str | int, ...], object]]) -> None:
    value = changed()
    for path, junk in changes:
        node: object = value
        for step in path[:-1]:
            node = node[step] if (isinstance(node, dict) and step in node) or (isinstance(node, list) and node and step == 0) else None  # type: ignore[index]
        if isinstance(node, dict) or (isinstance(node, list) and node):
            node[path[-1] if isinstance(node, dict) else 0] = junk  # type: ignore[index]
    try:
        made = scenario.build(value)
    except UserError as error:
        refused = str(error)
        assert refused
    else:
        assert scenario.digest(made)


@given(st.text(max_size=30))
@settings(deadline=None, max_examples=200)
def test_any_override_is_applied_or_refused(text: str) -> None:
    try:
        scenario.build(PLAIN, [text])
    except UserError as error:
        refused = str(error)
        assert refused


# --- what an editor sees


def test_the_committed_schema_is_current() -> None:
    assert schema.FILE.read_text(encoding="utf-8") == schema.text(), "write it anew: python -m openiads.scenario.schema"


def test_every_key_of_a_scenario_is_in_the_schema() -> None:
    made = schema.schema()
    assert set(made["properties"]) >= {"format", "name", "about", "duration", "sites", "objects", "doctrine", "base"}
    assert made["additionalProperties"] is False
    assert "released_by" in made["$defs"]["Group"]["properties"]
    references = set(_references(made))
    assert references <= {f"#/$defs/{name}" for name in made["$defs"]}


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [one for inner in node.values() for one in _references(inner)]
    return [one for inner in node for one in _references(inner)] if isinstance(node, list) else []


def test_importing_scenarios_is_light() -> None:
    code = "import sys, openiads.scenario; print(sorted({'numba', 'scipy', 'numpy', 'duckdb', 'pyproj', 'yaml'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
