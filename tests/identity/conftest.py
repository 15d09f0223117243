"""One flight over one battery, in which each kind of evidence and each rule can be switched."""

import pytest

from openiads.plan import plan
from openiads.results.running import fight
from openiads.scenario import read

ONE = """
format: openiads-scenario/1
name: one-flight
about: One flight that comes at one battery, for tests; positions are illustrative.
duration: 8 min
assets: [{name: town, at: {lat: 10.02, lon: -40.0}, value: 1, radius: 1 km}]
sites:
  - {name: battery, system: pantsir-s1, at: {lat: 10.0, lon: -40.0}, availability: 1.0, screen: none,
     radars: [{name: search, availability: 1.0}, {name: tracking, availability: 1.0}]}
identification: {cooperative: false, flight_plans: false, iff_swap: 0, iff_reply: 1}
doctrine: {control: tight, first_delay: 1, decision_delay: 5 s, identification: {label_latch: 0}}
objects:
  - {name: flight, side: SIDE, class: CLASS, iff: {failure: 0, equipped: EQUIPPED}, flight_plan: false,
     route: [{at: {lat: 10.4, lon: -40.02}, height: 1000 m amsl, speed: 140 m/s}, {at: {lat: 9.6, lon: -40.0}}]}
"""


def battle(folder, side="civil", kind="civil-airliner", equipped=True, overrides=()):
    """Plan the flight as one side's."""
    text = ONE.replace("SIDE", side).replace("CLASS", kind).replace("EQUIPPED", str(equipped).lower())
    path = folder / "one.yaml"
    path.write_text(text)
    return plan(read(str(path), overrides))


@pytest.fixture
def flown(tmp_path):
    """Return what fights the flight and gives its run with the tables."""

    def fought(*overrides, replication=0, **said):
        return fight(battle(tmp_path, overrides=overrides, **said), 1, 1, replication)

    return fought


def findings(run, decider=None):
    """Return the last finding of each kind of evidence about the flight."""
    log = run.tables.columns("evidence")
    return dict(zip(log["evidence"], log["finding"], strict=True))


def shots(run):
    """Return the times of the launches [us]."""
    return [at for at in run.tables.columns("engagements")["launch_us"] if at is not None]
