"""Values of a sweep, where leakers bend over them, and factors mended one after the other, on the same random numbers."""

from types import SimpleNamespace

import numpy as np
import pytest

from openiads.errors import UserError
from openiads.results.running import fight
from openiads.results.source import Source
from openiads.results.sweeping import bend, changed, effects, fighter, number_or_text, sweep, swept
from openiads.strict_yaml import emitted
from openiads.strict_yaml import read as read_yaml
from openiads.verify.engagement import planned as duel


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


SIZES = (2, 4, 6, 8, 10, 12, 14, 16)


def saturated(*changes):
    """Raids of growing size against a unit that never misses and that has eight rounds, or so many channels."""
    sure = ("catalogue.targets.tactical-aircraft.pk=1", "sites.unit.load.5V55R=8", *changes)
    return [(str(n), fight(duel("duel", (*sure, f"target.count={n}")), 3, replications=12, workers=1)) for n in SIZES]


def test_leakers_bend_where_the_magazine_is_empty_and_say_so():
    """Eight rounds that never miss: nothing leaks of eight targets, and everything beyond."""
    found = saturated()
    assert [run.outcome["leaked"] for _, run in found] == [12 * max(n - 8, 0) for n in SIZES]
    told = bend(found)
    assert told["low"] <= 8.0 <= told["high"]
    assert told["place"] == pytest.approx(8.0, abs=0.2)
    assert (told["slope_before"], told["slope_after"]) == pytest.approx((0.0, 1.0), abs=0.05)
    assert {link for _, run in found for link, n in run.why.items() if n} == {"no round"}


def test_leakers_bend_where_the_only_channel_has_no_more_time_and_say_so():
    """One channel kills one target after the other while they come; each beyond what fits into that time leaks."""
    found = saturated("sites.unit.load.5V55R=40", "sites.unit.overrides.radars.30N6.simultaneous_targets=1")
    told = bend(found)
    assert [run.outcome["leaked"] for n, run in found if int(n) <= told["low"]] == [0] * 5
    assert told["slope_after"] == pytest.approx(1.0, abs=0.1)
    assert {link for _, run in found for link, n in run.why.items() if n} == {"no channel"}


def leaking(counts):
    """A run of which each replication leaked so many."""
    return SimpleNamespace(replications=len(counts), batch=SimpleNamespace(columns={"leaked": np.asarray(counts)}))


def test_there_is_no_bend_of_words_of_one_night_or_of_a_straight_line():
    rng = np.random.default_rng(1)

    def series(mean):
        return [leaking(rng.poisson(mean(n), 200)) for n in SIZES]

    straight, bent = series(lambda n: 0.5 * n), series(lambda n: max(n - 8.0, 0.0))
    assert bend(list(zip(map(str, SIZES), bent)))["place"] == pytest.approx(8.0, abs=1.0)
    assert bend(list(zip(map(str, SIZES), straight))) is None
    assert bend([(f"{n} m", run) for n, run in zip(SIZES, bent)]) is None
    assert bend([(str(n), leaking([max(n - 8, 0)])) for n in SIZES]) is None


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
