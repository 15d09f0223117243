"""Values of a sweep, and factors mended one after the other, on the same random numbers."""

import pytest

from openiads.errors import UserError
from openiads.results.running import fight
from openiads.results.source import Source
from openiads.results.sweeping import changed, effects, fighter, number_or_text, sweep, swept
from openiads.strict_yaml import emitted
from openiads.strict_yaml import read as read_yaml


def test_values_are_separated_by_commas_outside_brackets_and_quotes():
    assert sweep("drones.count=10,40,160") == ("drones.count", ("10", "40", "160"))
    assert sweep("a.at={lat: 1, lon: 2},{lat: 3, lon: 4}").values == ("{lat: 1, lon: 2}", "{lat: 3, lon: 4}")
    assert sweep('a.name="x, y",z').values == ('"x, y"', "z")
    assert sweep("a.b=8 m,24 m").values == ("8 m", "24 m")
    for wrong in ("drones.count", "=1,2", "a=", "a=1,,2", ""):
        with pytest.raises(UserError, match="write PATH=V1,V2"):
            sweep(wrong)


def test_numbers_stay_numbers():
    assert [number_or_text(one) for one in ("10", "0.5", "8 m")] == [10, 0.5, "8 m"]


def test_a_wrong_value_is_refused_before_anything_is_fought(place):
    def never(_):
        raise AssertionError("nothing should be fought")

    with pytest.raises(UserError, match="count"):
        swept(Source(str(place)), sweep("drone.count=2,-1"), never)


def test_a_sweep_changes_one_thing(place):
    found = swept(Source(str(place), ("liner.count=1",)), sweep("drone.count=1,3"), fighter(7, 4, 1, None))
    assert [value for value, _ in found] == ["1", "3"]
    assert [run.scenario.objects[2].count for _, run in found] == [1, 3]
    assert [run.outcome["flights"] for _, run in found] == [8, 8]


def test_mending_the_transponder_lowers_wrong_engagements(place, planned, tmp_path):
    factors = "factors: [{name: mended, set: {friend.iff.failure: 0}}, {name: nothing, set: {friend.iff.failure: 1.0}}]\n"
    text = place.read_text() + factors
    path = tmp_path / "factors.yaml"
    path.write_text(text)
    source, again = Source(str(path)), fighter(7, 30, 1, None)
    baseline = again(source)
    rows = effects(source, baseline, again)
    mended = {row["factor"]: row for row in rows if row["measure"] == "wrong_engaged"}
    assert mended["nothing"]["estimate"] == 0.0
    assert mended["mended"]["estimate"] <= 0.0
    for row in rows:
        assert row["low"] <= row["estimate"] <= row["high"]
    assert baseline.digest == fight(planned, 7, 30).digest


def test_what_is_emitted_reads_back():
    text = '{a: [57E6, 4e5, 007, "x: y", null, true, -1.5], "b c": {d: 12:30}}'
    value = read_yaml(text, "t").value
    assert read_yaml(emitted(value), "t").value == value
    assert changed(Source("x", {"a": 1}), ["b=2"]).listed() == ["a=1", "b=2"]
