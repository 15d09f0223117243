"""A user's own policy: what it sees, what it may order, what is refused, and how its mistakes are told."""

from pathlib import Path

import numpy as np
import pytest

import openiads
from openiads.engine.picture import CAN, checked
from openiads.errors import UserError
from openiads.model import codes
from openiads.results.policies import loaded
from tests.engine.conftest import SMALL

EXAMPLE = Path(__file__).parents[2] / "examples/soonest_intercept.py"


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    path = tmp_path_factory.mktemp("policy") / "small.yaml"
    path.write_text(SMALL.format(minutes=6))
    return path


class Greedy:
    """The greatest gain first, one engagement a track: what the built-in greedy rule does where salvos are single."""

    pictures: list = []

    def decide(self, picture):
        Greedy.pictures.append(picture)
        gain = picture.options.kill_probability * picture.tracks.threat[:, None]
        capacity = np.minimum(picture.units.free_targets, picture.units.free_missiles)
        orders, taken = [], set()
        for flat in np.argsort(-gain, axis=None, kind="stable"):
            track, unit = np.unravel_index(flat, gain.shape)
            if gain[track, unit] > 0 and capacity[unit] > 0 and track not in taken:
                taken.add(track)
                capacity[unit] -= 1
                orders.append((track, unit, picture.options.weapon[track, unit], 1))
        return openiads.Orders.of(orders)


def test_a_policy_fights_and_sees_only_shapes_that_fit(scenario):
    run = openiads.run(scenario, seed=2, policy=Greedy)
    assert run.outcome["shots"] > 3
    picture = Greedy.pictures[0]
    n, m = len(picture.tracks.number), len(picture.units.name)
    assert picture.options.reason.shape == (n, m)
    assert picture.tracks.covariance.shape == (n, 6, 6)
    assert np.linalg.eigvalsh(picture.tracks.covariance).min() > 0.0
    assert ((picture.options.kill_probability > 0) == (picture.options.reason == CAN)).all()
    assert set(picture.places.name) == {"base", "post", "close"}
    with pytest.raises(AttributeError):
        picture.time_s = 0.0


class Idle:
    def decide(self, picture):
        return openiads.Orders()


def test_a_policy_that_orders_nothing_fires_nothing(scenario):
    assert openiads.run(scenario, policy=Idle()).outcome["shots"] == 0


class Reckless:
    """Orders everything at everything, again and again."""

    def decide(self, picture):
        weapons = range(len(picture.weapons.name))
        return openiads.Orders.of(
            [
                (t, u, w, rounds)
                for t in range(len(picture.tracks.number))
                for u in range(len(picture.units.name))
                for w in weapons
                for rounds in (1, 5)
            ]
        )


def test_rules_stay_with_the_engine_and_say_why_they_refuse(scenario):
    """Nothing is fired at what may not be fired at, no channel or magazine is exceeded, and every refusal has a reason."""
    run = openiads.run(scenario, policy=Reckless)
    log = run.log.integers
    refused = log[log[:, 2] == codes.REFUSED]
    assert {codes.NOT_ITS_WEAPON, codes.TOO_MANY} <= set(refused[:, 5])
    assert (refused[:, 5] < len(codes.REFUSALS)).all()
    assert run.outcome["civil_engaged"] == 0
    units, weapons = run.planned.plan.arms.units, run.planned.plan.arms.weapons
    launched = log[log[:, 2] == codes.LAUNCH]
    for w in range(len(weapons)):
        assert (launched[:, 5] == w).sum() <= weapons["loaded"][w]
    for u in range(len(units)):
        held, most = set(), 0
        for row in log:
            if row[2] == codes.ORDER and row[7] == u:
                held.add(row[8])
            elif row[2] in (codes.INTERCEPT, codes.LAUNCH_FAILED) and row[8] in held:
                held.discard(row[8])
            most = max(most, len(held))
        assert most <= units["missiles_max"][u]


def test_the_same_policy_repeats_whatever_came_before(scenario):
    whole = openiads.run(scenario, seed=4, replications=3, policy=Greedy)
    last = openiads.run(scenario, seed=4, replication=2, policy=Greedy)
    assert whole.batch.digests[2].hex() == last.digest


def test_the_built_in_rule_through_the_seam_writes_the_same_log(scenario):
    plain = openiads.run(scenario, seed=4)
    recorded = openiads.run(scenario, seed=4, record_assignments=True)
    assert recorded.digest == plain.digest
    by_name = {gap.algorithm: gap for gap in recorded.gaps}
    assert by_name["as flown"].problems > 0
    assert by_name["as flown"].mean <= by_name["nearest"].mean + 1e-12


def test_exact_and_linear_fight_through_the_seam(scenario):
    exact = openiads.run(scenario, seed=4, overrides=["doctrine.algorithm=exact"])
    linear = openiads.run(scenario, seed=4, overrides=["doctrine.algorithm=linear"])
    assert exact.outcome["shots"] > 3
    assert linear.outcome["shots"] > 3


MISTAKES = [
    ("def decide(picture):\n    return 1 / 0\n", r"policy.py:2: ZeroDivisionError: division by zero \(at .* s, deciding for post\)"),
    ("def decide(picture)\n    return 1\n", r"policy.py:1:\d+: expected ':'"),
    ("x = undefined\n", r"policy.py:1: NameError: name 'undefined' is not defined \(when it is loaded\)"),
    ("x = 1\n", "defines neither a class Policy"),
    ("def decide(picture):\n    return [1]\n", "decide returned list"),
    ("from openiads import Orders\ndef decide(picture):\n    return Orders([99], [0], [0], [1])\n", "track 99 to 99; give numbers from 0"),
    ("from openiads import Orders\ndef decide(picture):\n    return Orders([0.5], [0], [0], [1])\n", "not a row of whole numbers"),
    ("from openiads import Orders\ndef decide(picture):\n    return Orders([0], [0, 1], [0], [1])\n", "1, 2, 1, 1 rows"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_mistakes_are_told_by_file_and_line(scenario, tmp_path, text, said):
    file = tmp_path / "policy.py"
    file.write_text(text)
    with pytest.raises(UserError, match=said):
        openiads.run(scenario, policy=file)


def test_a_missing_file_and_an_object_without_decide(scenario, tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        loaded(tmp_path / "none.py")
    with pytest.raises(UserError, match="has no method decide"):
        openiads.run(scenario, policy=object())


def test_no_orders_are_checked_too():
    class Empty:
        tracks = type("T", (), {"number": ()})
        units = weapons = type("U", (), {"name": ()})

    assert checked(openiads.Orders(), Empty).shape == (0, 4)


def test_the_example_is_short_and_fights(scenario):
    assert len(EXAMPLE.read_text().splitlines()) <= 40
    run = openiads.run(scenario, seed=4, policy=EXAMPLE)
    assert run.outcome["shots"] > 3
    assert run.as_json()["policy"]["name"] == "soonest_intercept.py"
