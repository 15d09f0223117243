"""A small battle, fought once traced and many times, for the tests of results."""

import pytest

from openiads.plan import plan
from openiads.results.running import fight
from openiads.results.source import source_of
from openiads.scenario import read

SMALL = """
format: openiads-scenario/1
name: small
about: A handful of flights for tests; positions are illustrative.
duration: 9 min
seed: 7
assets: [{name: base, at: {lat: 53.9, lon: 27.57}, value: 1, radius: 1 km, hits_to_stop: 2}]
sites:
  - {name: post, system: s-400, at: {lat: 53.95, lon: 27.4}, load: {48N6E3: 12, 9M96E2: 8}, launchers: 4}
  - {name: close, system: pantsir-s1, at: {lat: 53.9, lon: 27.5}, command: post}
doctrine: {control: free, reserve: 0.1}
objects:
  - {name: jet, side: hostile, duty: release, class: tactical-aircraft, count: 2, spacing: 15 s, start_jitter: 10 s, on_engaged: turn_back,
      route: [{at: {lat: 54.0, lon: 26.3}, height: 6 km amsl, speed: 260 m/s}, {at: {lat: 53.9, lon: 27.0}}, {at: {lat: 54.0, lon: 26.0}}]}
  - {name: arm, side: hostile, duty: impact, class: anti-radiation-missile, count: 2, released_by: jet, release: {range: 60 km},
      aim: post/92N6E}
  - {name: drone, side: hostile, duty: impact, class: one-way-attack-uav, count: 4, spacing: 5 s, aim: base,
      route: [{at: {lat: 53.88, lon: 27.3}, height: 600 m agl, speed: 50 m/s}]}
  - {name: cruise, side: hostile, duty: impact, class: cruise-missile-subsonic, count: 3, spacing: 5 s, aim: base,
      route: [{at: {lat: 54.2, lon: 26.6}, height: 50 m agl, speed: 240 m/s}]}
  - {name: liner, side: civil, class: civil-airliner,
      route: [{at: {lat: 54.3, lon: 26.8}, height: 10 km amsl, speed: 235 m/s}, {at: {lat: 53.4, lon: 28.4}}]}
  - {name: friend, side: friendly, class: friendly-fighter, iff: {failure: 1.0},
      route: [{at: {lat: 53.6, lon: 26.9}, height: 5 km amsl, speed: 240 m/s}, {at: {lat: 54.0, lon: 28.4}}]}
"""


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("scenario") / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="session")
def planned(place):
    return plan(read(str(place)))


@pytest.fixture(scope="session")
def single(planned, place):
    from dataclasses import replace

    return replace(fight(planned, 7), source=source_of(place, ()))


@pytest.fixture(scope="session")
def crowd(planned):
    return fight(planned, 7, replications=24, workers=1)
