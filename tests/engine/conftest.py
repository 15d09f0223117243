"""Small battles for the tests of the engine."""

import pytest

from openiads.plan import plan
from openiads.scenario import read

SMALL = """
format: openiads-scenario/1
name: small
about: A handful of flights for tests; positions are illustrative.
duration: {minutes} min
assets: [{{name: base, at: {{lat: 53.9, lon: 27.57}}, value: 1, radius: 1 km, hits_to_stop: 2}}]
sites:
  - {{name: post, system: s-400, at: {{lat: 53.95, lon: 27.4}}, load: {{48N6E3: 12, 9M96E2: 8}}, launchers: 4}}
  - {{name: close, system: pantsir-s1, at: {{lat: 53.9, lon: 27.5}}, command: post}}
doctrine: {{control: tight, reserve: 0.1}}
objects:
  - {{name: jet, side: hostile, duty: transit, class: tactical-aircraft, count: 3, spacing: 15 s, start_jitter: 10 s,
      route: [{{at: {{lat: 54.0, lon: 26.3}}, height: 6 km amsl, speed: 260 m/s}}, {{at: {{lat: 53.9, lon: 28.5}}}}]}}
  - {{name: drone, side: hostile, duty: impact, class: one-way-attack-uav, count: 4, spacing: 5 s, aim: base,
      route: [{{at: {{lat: 53.88, lon: 27.3}}, height: 600 m agl, speed: 50 m/s}}]}}
  - {{name: liner, side: civil, class: civil-airliner,
      route: [{{at: {{lat: 54.3, lon: 26.8}}, height: 10 km amsl, speed: 235 m/s}}, {{at: {{lat: 53.4, lon: 28.4}}}}]}}
"""


def planned(folder, minutes=6, overrides=()):
    """Plan the small battle."""
    path = folder / "small.yaml"
    path.write_text(SMALL.format(minutes=minutes))
    return plan(read(str(path), overrides))


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    return planned(tmp_path_factory.mktemp("small"))
