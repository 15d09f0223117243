"""Mistakes that people make in scenario files: each must be named at its line and column, in words that help."""

from pathlib import Path

import pytest

from openiads import scenario

BASE = """\
format: openiads-scenario/1
name: example
about: an example with illustrative positions
duration: 20 min
environment: {k_factor: 1.3333, rain: 0 mm/h}
assets:
  - {name: base, at: {lat: 53.9, lon: 28.0}, value: 1, radius: 1 km, hits_to_stop: 2}
sites:
  - {name: command, system: s-400, role: command-post, at: {lat: 53.97, lon: 27.6}, radars: [91N6E]}
  - {name: s400, system: s-400, at: {lat: 53.95, lon: 27.6}, facing: 270 deg, command: command, load: {48N6E3: 20, 9M96E2: 8}}
  - {name: pantsir, system: pantsir-s1, at: {lat: 53.92, lon: 27.9}, load: {57E6: 12}}
links:
  - {from: command, to: s400, delay: 2 s, loss: 0.01}
doctrine: {control: tight, reserve: 0.25, layers: [{system: pantsir-s1, max_range: 15 km}], salvo: {ballistic: 2}}
picture: national
civil: {airspace_closes: 8 min, airways: [{name: lane, path: [{lat: 53, lon: 27}, {lat: 55, lon: 27}], half_width: 9 km}]}
objects:
  - {name: bomber, side: hostile, duty: release, class: bomber, route: [{at: {lat: 54, lon: 24}, height: 10 km amsl},
     {at: {lat: 54, lon: 25}}]}
  - {name: cm, side: hostile, duty: impact, class: cruise-missile-subsonic, count: 8, released_by: bomber,
     release: {range: 200 km}, aim: base}
  - {name: fast, side: hostile, duty: impact, class: srbm-iskander, aim: base, ballistic: {from: {lat: 54, lon: 23}, apogee: 50 km}}
  - {name: liner, side: civil, class: civil-airliner, airway: lane,
     route: [{at: {lat: 53, lon: 27}, height: 10 km amsl, time: 0 s},
     {at: {lat: 55, lon: 27}, time: 900 s}]}
"""

# What stands in the file, what a hand writes instead (the mark shows where the problem must be reported), words of the message.
MISTAKES = [
    ("name: example", "name: example\n¦name: again", "stands twice", "first on line 2"),
    ("duration: 20 min", "duration: ¦20 miles", "unit", "min, h"),
    ("duration: 20 min", "duration: ¦20:00", "clock reading", "12 min"),
    ("duration: 20 min", "duration: ¦-20 min", "not above 0"),
    ("duration: 20 min", "duration: ¦true", "true is not a time"),
    ("duration: 20 min", "duration: ¦soon", '"soon" is not a time', '"15 min"'),
    ("duration: 20 min", "duration: ¦400 km", '"400 km" is a length, not a time'),
    ("duration: 20 min", "duration: ¦100 d", "too large", "48 h"),
    ("duration: 20 min\n", "", 'the key "duration" is missing', "duration: 20 min"),
    ("format: openiads-scenario/1", "format: ¦openiads-scenario/2", "not known", "openiads-scenario/1"),
    ("about: an example", "abuot: an example", 'the key "about" is missing'),
    ("about: an example", "¦abuot: an example", 'the key "abuot" is not known here', 'did you mean "about"?'),
    ("k_factor: 1.3333", "k_factor: ¦133", "too large", "at most 10"),
    ("k_factor: 1.3333", "k_factor: ¦nan", '"nan" is not a finite number', "write 1.3333"),
    ("k_factor: 1.3333", "k_factor: ¦.inf", "not a finite number"),
    ("k_factor: 1.3333", "k_factor: ¦high", "is not a factor", "write 1.3333"),
    ("rain: 0 mm/h", "rain: ¦5 mm", "not a rain rate", "mm/h"),
    ("rain: 0 mm/h", "rain: 0 mm/h, terrain: [¦../dem.tif]", "leads out of", "beside the scenario"),
    ("rain: 0 mm/h", "rain: 0 mm/h, terrain: [¦/etc/passwd]", "leads out of"),
    ("rain: 0 mm/h", "rain: 0 mm/h, terrain: [¦dem.tif]", 'no file "dem.tif"'),
    ("rain: 0 mm/h", "rain: 0 mm/h, propagation: ¦lobbed", "not one of lobed, smooth", 'did you mean "lobed"?'),
    ("lat: 53.9, lon: 28.0}", "lat: ¦999, lon: 28.0}", "not on the earth", "-90 to 90"),
    ("lat: 53.9, lon: 28.0}", "lat: ¦53:54:00, lon: 28.0}", "sexagesimal degrees are not accepted", "write 53.9"),
    ("{lat: 53.9, lon: 28.0}", "¦[53.9, 28.0]", "bare pair", "{lat: 53.9, lon: 28.0}"),
    ("{lat: 53.9, lon: 28.0}", '¦"53.9 28.0"', "mapping of lat and lon"),
    ("{lat: 53.9, lon: 28.0}", "¦{lat: 53.9}", 'the key "lon" is missing'),
    ("{lat: 53.9, lon: 28.0}", "{lat: 53.9, lon: 28.0, ¦alt: 5}", 'the key "alt" is not known here'),
    ("radius: 1 km", "radius: ¦0 m", "not above 0"),
    ("radius: 1 km", "radius: ¦1 KM", 'did you mean "km"?'),
    ("hits_to_stop: 2", "hits_to_stop: ¦2.5", "not a whole number"),
    ("value: 1", "value: ¦-1", "negative"),
    ("value: 1", "value: ¦{uniform: [3, 1]}", "not in rising order"),
    ("value: 1", "value: ¦{uniform: [1]}", "list of 2 values", "{uniform: [low, high]}"),
    ("value: 1", "value: ¦{unifrom: [1, 3]}", "not a distribution", 'did you mean "uniform"?'),
    ("value: 1", "value: ¦{lognormal: {median: 0, sigma: 1}}", "positive"),
    ("value: 1", "value: ¦{normal: [1, 2]}", "mean and sd"),
    ("system: pantsir-s1, at", "system: ¦pantsir-s2, at", 'no system "pantsir-s2"', 'did you mean "pantsir-s1"?'),
    ("load: {57E6: 12}", "load: {57E6: ¦-1}", "negative", "whole number from 0"),
    ("load: {57E6: 12}", "load: {¦48N6E3: 12}", "no missile of pantsir-s1"),
    ("load: {48N6E3: 20,", "load: {¦48N6E4: 20,", 'did you mean "48N6E3"?'),
    ("load: {57E6: 12}", "load: ¦[57E6]", "not a mapping"),
    ("facing: 270 deg", "facing: ¦270", "has no unit", "270 deg"),
    ("facing: 270 deg", "facing: ¦270 m", "not an angle"),
    ("radars: [91N6E]", "radars: [¦91N6]", "no radar of s-400", 'did you mean "91N6E"?'),
    ("radars: [91N6E]", "radars: [91N6E, ¦91N6E]", "two radars of this site"),
    ("radars: [91N6E]", "radars: [{name: 91N6E, configuration: mobile, antenna: ¦39 m}]", "mast", "masted"),
    ("role: command-post", "role: ¦command", "not one of", "command-post"),
    ("command: command,", "command: ¦comand,", 'did you mean "command"?'),
    ("command: command,", "command: ¦s400,", "its own superior"),
    ("command: command,", "command: command, ¦picture: command,", "not known here"),
    ("name: pantsir,", "name: ¦s400,", "is taken", "line 10"),
    ("name: pantsir,", "name: ¦12,", "not a name", "quotes"),
    ("to: s400, delay", "to: ¦s500, delay", 'did you mean "s400"?'),
    ("to: s400, delay", "to: ¦command, delay", "leads back"),
    ("loss: 0.01", "loss: ¦1.5", "too large", "at most 1"),
    ("control: tight", "control: ¦loose", "not one of hold, tight, free"),
    ("reserve: 0.25", "¦reserv: 0.25", 'did you mean "reserve"?'),
    ("max_range: 15 km", "min_range: 20 km, max_range: ¦15 km", "before it begins"),
    ("system: pantsir-s1, max", "system: ¦pantsir, max", 'did you mean "pantsir-s1"?'),
    ("salvo: {ballistic: 2}", "salvo: {¦ballistik: 2}", 'did you mean "ballistic"?'),
    ("salvo: {ballistic: 2}", "identification: {priors: ¦{hostile: 0.5, friendly: 0.5, civil: 0.5}}", "sum to 1.5"),
    ("salvo: {ballistic: 2}", "zones: [¦{name: z, control: free, radius: 5 km}]", "no form"),
    ("salvo: {ballistic: 2}", "zones: [{name: z, control: free, polygon: ¦[{lat: 53, lon: 27}]}]", "three corners"),
    ("salvo: {ballistic: 2}", "priorities: {¦bas: 3}", 'did you mean "base"?'),
    ("salvo: {ballistic: 2}", "emission_control: {silent_on_arm: ¦yes}", "neither true nor false", "write true"),
    ("picture: national", "picture: ¦nationl", "not one of standalone", 'did you mean "national"?'),
    ("picture: national", "picture: national\nidentification: {classifier: {drone: ¦{drone: 0.6, bird: 0.3}}}", "sum to 0.9"),
    ("picture: national", "picture: national\ntracking: {confirm: ¦5 of 3}", "cannot be met"),
    ("picture: national", "picture: national\ntracking: {filter: ¦ekf}", "not one of single, imm"),
    ("picture: national", "picture: national\ncatalogue: {¦s-400.missiles.48N6E3.range: 5 km}", "no figure", "range_m"),
    ("picture: national", "picture: national\ncatalogue: {s-400.missiles.48N6E3.range_max: ¦5 s}", "range_max"),
    ("picture: national", "picture: national\ncatalogue: {¦targets.bomber.boost: 5 s}", "nothing reads", "leave it out"),
    ("picture: national", "picture: national\ncatalogue: {¦doctrine.chance.salvo_correlation: 0.3}", "doctrine.salvo_correlation"),
    ("picture: national", "picture: national\nfactors: [{name: f, set: {¦objects.linr.count: 3}}]", 'did you mean "liner"?'),
    ("half_width: 9 km", "half_width: 9 km, height_min: 9 km amsl, height_max: ¦7 km amsl", "below the lower"),
    ("path: [{lat: 53, lon: 27}, {lat: 55, lon: 27}]", "path: ¦[{lat: 53, lon: 27}]", "two positions"),
    ("side: civil", "side: ¦civilian", "not one of hostile, civil, friendly"),
    ("side: civil, class", "side: civil, duty: ¦impact, class", "cannot have the duty impact"),
    ("class: srbm-iskander", "class: ¦iskander", "no target class"),
    ("class: srbm-iskander", "class: ¦srbm-iskandar", 'did you mean "srbm-iskander"?'),
    ("count: 8", "count: ¦0", "whole number from 1"),
    ("count: 8", "count: ¦8 pieces", "not a whole number"),
    ("count: 8", "count: 8, ¦rcs_m2: 3", "not known here"),
    ("count: 8", "count: 8, rcs: ¦0 m2", "not above 0"),
    ("released_by: bomber", "released_by: ¦bommber", 'did you mean "bomber"?'),
    ("released_by: bomber", "released_by: ¦cm", "cannot release itself"),
    ("release: {range: 200 km}", "release: ¦{}", "does not say when"),
    ("release: {range: 200 km}", "release: ¦{range: 200 km, time: 1 min}", "exclude each other"),
    ("release: {range: 200 km}", "release: {waypoint: ¦5}", "2 waypoints"),
    ("class: bomber, route", "class: bomber, on_engaged: turn_back, jammer: {effect: {radar: ¦s-400/91N6, range: 9 km}}, route", "91N6E"),
    ("class: cruise-missile-subsonic", "class: cruise-missile-subsonic, on_engaged: ¦turn_back", "no crew"),
    ("class: cruise-missile-subsonic", "class: cruise-missile-subsonic, turn_back: ¦{to: {lat: 55, lon: 20}}", "no crew", "leave this out"),
    ("class: bomber, route", "class: bomber, on_engaged: turn_back, turn_back: ¦{height: 9 km amsl}, route", "to"),
    ("aim: base, ballistic", "aim: ¦bse, ballistic", 'did you mean "base"?'),
    ("aim: base, ballistic", "aim: ¦s400/92N6, ballistic", "92N6E"),
    ("aim: base, ballistic: {", "ballistic: ¦{", "needs an aim"),
    ("apogee: 50 km", "apogee: ¦50 degrees", "unit"),
    ("duty: release", "duty: ¦jam", "needs a jammer"),
    ("height: 10 km amsl, time: 0 s", "height: ¦10 km, time: 0 s", "datum", "agl"),
    ("height: 10 km amsl, time: 0 s", "height: ¦FL350, time: 0 s", "flight level", "10668 m amsl"),
    ("height: 10 km amsl, time: 0 s", "height: ¦-5 m agl, time: 0 s", "below the ground"),
    ("height: 10 km amsl, time: 0 s", "height: ¦10000, time: 0 s", "datum"),
    ("time: 900 s}", "time: ¦0 s}", "back in time"),
    ("{at: {lat: 53, lon: 27}, height: 10 km amsl, time: 0 s}", "¦{at: {lat: 53, lon: 27}, time: 0 s}", "no height"),
    ("airway: lane", "airway: ¦line", 'did you mean "lane"?'),
    ("class: civil-airliner,", "class: civil-airliner, start: ¦30 min,", "after the end"),
    ("class: civil-airliner,", "class: civil-airliner, track: {file: ¦../flight.csv},", "leads out of"),
    ("objects:", "objects: ¦3\nignored:", "not a list"),
    ("assets:", "assets: ¦&a", "anchor"),
    ("picture: national", "picture: ¦*p", "alias"),
    ("picture: national", "picture: ¦!!python/name:os.system national", "tag"),
    ("picture: national", "picture: national\nseed: ¦!int 5", "tag"),
    ("picture: national", "picture: national\nbase: ¦minsk-2022", 'did you mean "minsk-2021'),
    ("picture: national", "picture: national\nbase: ¦../other.yaml", "leads out of"),
    ("picture: national", "picture: national\nwithout: ¦[lin?r, bommber]", "no object or site bommber", 'did you mean "bomber"?'),
    ("picture: national", "picture: national\nonly: ¦pantsir", "no object or site pantsir"),
    ("picture: national", "picture: national\nchanges: {¦objects.bombr.count: 3}", 'did you mean "bomber"?'),
    ("about: an example", "about:\tan¦: example", "mapping values are not allowed"),
]


def marked(old: str, new: str) -> tuple[str, str | None]:
    """Return the text of a file with one mistake, and the line:column of its mark."""
    assert BASE.count(old) == 1, f"{old!r} stands {BASE.count(old)} times"
    text = BASE.replace(old, new)
    at = text.find("¦")
    if at < 0:
        return text, None
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return text.replace("¦", ""), f":{line}:{column}: "


def test_the_base_has_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "base.yaml"
    path.write_text(BASE)
    assert scenario.check(path) == []
    assert scenario.read(path).name == "example"


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{number:03d} {case[1][:40]!r}" for number, case in enumerate(MISTAKES)])
def test_a_mistake_is_named_where_it_stands(mistake: tuple[str, ...], tmp_path: Path) -> None:
    old, new, *words = mistake
    text, place = marked(old, new)
    path = tmp_path / "wrong.yaml"
    path.write_text(text)
    problems = [str(problem) for problem in scenario.check(path)]
    fitting = [line for line in problems if (place is None or place in line) and all(word in line for word in words)]
    assert fitting, "\n".join([f"wanted {place} {words}", *problems])
    assert all(line.count("; ") >= 1 and "Traceback" not in line for line in problems)
    with pytest.raises(scenario.ScenarioError):
        scenario.read(path)
