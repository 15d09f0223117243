"""Groups and sites that a scenario keeps and takes away: what goes with them, and that the rest is as it was."""

import pytest

from openiads.errors import UserError
from openiads.plan import plan
from openiads.results.running import fight
from openiads.scenario import digest, read

MINSK = "minsk-2021"


def names(scenario):
    return [site.name for site in scenario.sites], [group.name for group in scenario.objects]


def test_what_is_kept_keeps_its_children_and_the_sky_of_others():
    whole, part = read(MINSK), read(MINSK, ["only=[bomber]"])
    sites, groups = names(part)
    assert sites == names(whole)[0]
    hostile = {group.name for group in part.objects if group.side == "hostile"}
    assert hostile == {"bomber", *(group.name for group in whole.objects if group.released_by == "bomber")}
    assert len(hostile) > 1
    assert [group for group in part.objects if group.side != "hostile"] == [group for group in whole.objects if group.side != "hostile"]
    assert [one for one in names(whole)[1] if one in groups] == groups


def test_a_site_goes_with_its_lines_and_duties():
    whole, part = read(MINSK), read(MINSK, ["without=pantsir-*"])
    gone = {site.name for site in whole.sites} - {site.name for site in part.sites}
    assert gone == {name for name in names(whole)[0] if name.startswith("pantsir-")}
    assert any({link.sender, link.receiver} & gone for link in whole.links)
    assert not any({link.sender, link.receiver} & gone for link in part.links)
    assert any({one.protector, one.protected} & gone for one in whole.doctrine.point_defence)
    assert not any({one.protector, one.protected} & gone for one in part.doctrine.point_defence)
    assert part.objects == whole.objects


def test_a_file_may_leave_out_parts_of_its_base(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "format: openiads-scenario/1\nname: mine\nabout: A part; positions are illustrative.\nbase: minsk-2021\nonly: [drones-1]\n"
    )
    told = read(str(path))
    assert names(told) == names(read(MINSK, ["only=drones-1"]))
    assert digest(told.model_copy(update={"name": MINSK})) == digest(read(MINSK, ["only=drones-1"])) != digest(read(MINSK))


def test_the_battle_is_that_of_a_scenario_without_the_group(tmp_path):
    text = """format: openiads-scenario/1
name: two
about: Two groups; positions are illustrative.
duration: 4 min
assets: [{name: base, at: {lat: 53.9, lon: 27.57}}]
sites: [{name: close, system: pantsir-s1, at: {lat: 53.9, lon: 27.5}}]
objects:
  - {name: drone, side: hostile, duty: impact, class: one-way-attack-uav, count: 4, spacing: 5 s, aim: base,
     route: [{at: {lat: 53.88, lon: 27.4}, height: 600 m agl, speed: 50 m/s}]}
"""
    more = """  - {name: jet, side: hostile, class: tactical-aircraft,
     route: [{at: {lat: 54.0, lon: 27.0}, height: 6 km amsl}, {at: {lat: 53.9, lon: 28.5}}]}
"""
    (tmp_path / "one.yaml").write_text(text)
    (tmp_path / "both.yaml").write_text(text + more)
    alone, both, without = (
        fight(plan(read(str(tmp_path / name), changes)), 1).digest
        for name, changes in (("one.yaml", ()), ("both.yaml", ()), ("both.yaml", ("without=jet",)))
    )
    assert alone == without != both


def test_a_name_that_fits_nothing_is_refused_where_it_was_asked():
    with pytest.raises(UserError, match=r"--set without=.*no object or site pantsir-x.*pantsir"):
        read(MINSK, ["without=[pantsir-x]"])
