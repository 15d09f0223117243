"""A plan made after another is the plan that would have been made alone, whatever changed in between."""

import json

import numpy as np
import pytest

from openiads import scenario
from openiads.catalogue import load
from openiads.plan import plan

RAID = """
format: openiads-scenario/1
name: raid
about: A bomber with children, an arc, an airliner; positions are illustrative.
duration: 20 min
environment: {qnh: 1013.25 hPa}
assets: [{name: base, at: {lat: 53.9, lon: 27.5}}]
sites: [{name: pantsir, system: pantsir-s1, at: {lat: 53.9, lon: 27.4}}]
civil: {airspace_closes: 3 min}
raid: {axis: 270 deg}
objects:
  - {name: bomber, side: hostile, duty: release, class: bomber, on_engaged: turn_back,
     route: [{at: {lat: 53.9, lon: 24.0}, height: 10 km amsl}, {at: {lat: 53.9, lon: 25.0}}, {at: {lat: 54.6, lon: 23.5}}]}
  - {name: child, side: hostile, duty: impact, class: cruise-missile-subsonic, aim: base, released_by: bomber, release: {waypoint: 2}}
  - {name: arc, side: hostile, duty: impact, class: srbm-iskander, aim: base,
     ballistic: {from: {lat: 53.8, lon: 22.0}, apogee: 50 km}}
  - {name: airliner, side: civil, class: civil-airliner, on_closure: leave,
     route: [{at: {lat: 53.5, lon: 26.0}, height: 10 km amsl, speed: 230 m/s}, {at: {lat: 53.5, lon: 29.0}}]}
"""
CLASSES = "bomber", "cruise-missile-subsonic", "srbm-iskander", "civil-airliner"
SETTINGS = (
    "duration=15 min", "assets.base.at.lat=53.8", "raid.bearing=300 deg", "civil.airspace_closes=9 min", "environment.k_factor=1.5",
    "objects.arc.start=30 s", "objects.bomber.on_engaged=continue", "sites.pantsir.at.lon=27.3", "environment.qnh=990 hPa",
)  # fmt: skip


def read(folder, *settings):
    path = folder / "raid.yaml"
    path.write_text(RAID)
    return scenario.read(str(path), settings)


def leaves(value):
    """Every array and number below a plan's tables."""
    if isinstance(value, tuple):
        return [leaf for each in value for leaf in leaves(each)]
    return [value]


def assert_same(one, other):
    for a, b in zip(leaves((one.plan, one.knowledge)), leaves((other.plan, other.knowledge)), strict=True):
        np.testing.assert_array_equal(a, b)


def changed_figures():
    shipped = load()
    for klass in CLASSES:
        for path, figure in shipped.figures.items():
            if path.startswith(f"targets.{klass}.") and isinstance(figure.value, int | float) and figure.value > 0.0:
                yield path, 0.9 * figure.value


def test_changed_figures_are_heeded(tmp_path):
    asked, changes, kept = read(tmp_path), dict(changed_figures()), 0
    before = plan(asked)
    assert {"targets.srbm-iskander.speed", "targets.cruise-missile-subsonic.rcs"} <= changes.keys()
    for path, value in changes.items():
        figures = load().with_values({path: value})
        again = plan(asked, figures, before)
        assert_same(again, plan(asked, figures))
        kept += again.raid.position_ecef_m is before.raid.position_ecef_m
        before = again
    assert 0 < kept < len(changes)


@pytest.mark.parametrize("setting", SETTINGS)
def test_changed_settings_are_heeded(tmp_path, setting):
    before, asked = plan(read(tmp_path)), read(tmp_path, setting)
    assert_same(plan(asked, before=before), plan(asked))


def test_flights_are_not_made_again_for_a_cross_section(tmp_path):
    before = plan(read(tmp_path))
    again = plan(read(tmp_path), load().with_values({"targets.bomber.rcs": 7.0}), before)
    assert again.raid.position_ecef_m is before.raid.position_ecef_m
    slower = plan(read(tmp_path), load().with_values({"targets.bomber.speed": 200.0}), before)
    assert slower.raid.position_ecef_m is not before.raid.position_ecef_m


def test_a_recorded_track_is_read_again(tmp_path):
    def write(lat_deg):
        rows = [
            {"timestamp": 5.0 * i, "icao24": "a", "latitude": lat_deg, "longitude": 26.0 + 0.01 * i, "altitude": 3e4} for i in range(60)
        ]
        (tmp_path / "flight.json").write_text(json.dumps(rows))

    (tmp_path / "raid.yaml").write_text(RAID + "  - {name: liner, side: civil, class: civil-airliner, track: {file: flight.json}}\n")
    write(53.5)
    before = plan(scenario.read(str(tmp_path / "raid.yaml")))
    write(54.5)
    asked = scenario.read(str(tmp_path / "raid.yaml"))
    assert_same(plan(asked, before=before), plan(asked))
