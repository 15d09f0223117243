"""Every word of doctrine does something in the battle: each is set one way and another, and the log shows the difference."""

import numpy as np
import pytest

from openiads.engine import battle
from openiads.model import codes
from openiads.model.agenda import FINISHED
from openiads.model.state import allocate
from openiads.plan import plan
from openiads.scenario import read

RAID = """
format: openiads-scenario/1
name: doctrine
about: Few flights against a post, a battery and two vehicles, for tests; positions are illustrative.
duration: 8 min
assets:
  - {name: base, at: {lat: 53.9, lon: 27.57}, value: 3, radius: 1 km, hits_to_stop: 9}
  - {name: far, at: {lat: 53.9, lon: 27.85}, value: 1, radius: 1 km, hits_to_stop: 9}
sites:
  - {name: post, system: s-400, role: command-post, at: {lat: 53.97, lon: 27.45}}
  - {name: battery, system: s-400, at: {lat: 53.95, lon: 27.4}, load: {48N6E3: 16, 9M96E2: 8}, launchers: 4, command: post}
  - {name: near, system: pantsir-s1, at: {lat: 53.9, lon: 27.5}, command: post}
  - {name: other, system: pantsir-s1, at: {lat: 53.92, lon: 27.5}, command: post}
links:
  - {from: post, to: battery, delay: 1 s, loss: 0}
  - {from: post, to: near, delay: 1 s, loss: 0}
  - {from: post, to: other, delay: 1 s, loss: 0}
doctrine: {control: free, reserve: 0.25}

objects:
  - {name: jet, side: hostile, duty: transit, class: tactical-aircraft, count: 4, spacing: 8 s,
      route: [{at: {lat: 54.0, lon: 26.3}, height: 6 km amsl, speed: 260 m/s}, {at: {lat: 53.9, lon: 28.5}}]}
  - {name: drone, side: hostile, duty: impact, class: one-way-attack-uav, count: 8, spacing: 3 s, aim: base,
      route: [{at: {lat: 53.88, lon: 27.3}, height: 600 m agl, speed: 50 m/s}]}
"""


@pytest.fixture(scope="module")
def fought(tmp_path_factory):
    folder, cache = tmp_path_factory.mktemp("doctrine"), {}
    (folder / "doctrine.yaml").write_text(RAID.replace("catalogue: {defaults.radar.availability: 1}\n", ""))

    def fight(*changes, replications=3):
        if (changes, replications) not in cache:
            planned = plan(read(str(folder / "doctrine.yaml"), changes))
            scalars = planned.knowledge.scalars.copy()
            scalars[3] = 0.0  # everything stands ready
            know, state, logs = planned.knowledge._replace(scalars=scalars), allocate(planned.plan, 50_000, 60), []
            for replication in range(replications):
                assert battle.run(planned.plan, know, state, 3, replication, 0) == FINISHED
                logs.append(state.board.log_integers[: state.board.clock["logged"][0]].copy())
            cache[changes, replications] = planned, np.concatenate(logs)
        return cache[changes, replications]

    return fight


def rows(log, kind):
    return log[log[:, 2] == kind]


def launches(found, unit=None, group=None):
    planned, log = found
    made = rows(log, codes.LAUNCH)
    names, groups = planned.names.units, planned.names.groups
    return [
        row
        for row in made
        if (unit is None or names[row[7]].startswith(unit)) and (group is None or (row[6] >= 0 and groups[row[6]] == group))
    ]


def systems(found, group):
    return {found[0].names.units[row[7]] for row in launches(found, group=group)}


def test_preferred_systems_take_a_family_first(fought):
    """With the vehicles first for drones the battery leaves them drones; with the battery first it is the other way round."""
    assert "battery" not in systems(fought("doctrine.preferred={drone: pantsir-s1}", "objects.drone.count=3"), "drone")
    assert "battery" in systems(fought("doctrine.preferred={drone: s-400}", "objects.drone.count=3"), "drone")


def test_a_layer_bounds_what_a_system_meets(fought):
    kept = fought("doctrine.layers=[{system: pantsir-s1, classes: aircraft}]")
    assert not launches(kept, "near", "drone")
    assert not launches(kept, "other", "drone")


@pytest.mark.parametrize("algorithm", ["nearest", "first-come", "greedy", "local-search"])
def test_every_compiled_algorithm_fights(fought, algorithm):
    assert len(launches(fought(f"doctrine.algorithm={algorithm}"))) > 3


def test_algorithms_do_not_all_order_alike(fought):
    orders = {rows(fought(f"doctrine.algorithm={name}")[1], codes.ORDER)[:, [0, 3, 4]].tobytes() for name in ("nearest", "greedy")}
    assert len(orders) == 2


def test_a_minimum_kill_probability_holds_by_weapon_and_class(fought):
    """A burst reaches less than 0.45 at any range, a missile is reckoned more against a drone."""
    few = ("sites.near.load={57E6: 1}", "sites.other.load={57E6: 1}", "sites.battery.load={9M96E2: 1}")
    planned, log = fought("doctrine.minimum_pk=0.45", *few)
    weapons = planned.plan.arms.weapons
    made = rows(log, codes.LAUNCH)
    assert len(made)
    assert (weapons["kind"][made[:, 5]] == codes.WEAPON_MISSILE).all()
    everything = rows(fought("doctrine.minimum_pk=0", *few)[1], codes.LAUNCH)
    assert (weapons["kind"][everything[:, 5]] == codes.WEAPON_GUN).any()
    assert not len(rows(fought("doctrine.minimum_pk=1")[1], codes.LAUNCH))


def test_a_reserve_is_kept_from_what_threatens_little(fought):
    whole = fought("doctrine.reserve=0", "sites.near.load={57E6: 4}", "sites.other.load={57E6: 4}", "objects.drone.aim=far")
    half = fought("doctrine.reserve=1", "sites.near.load={57E6: 4}", "sites.other.load={57E6: 4}", "objects.drone.aim=far")
    weapons = whole[0].plan.arms.weapons

    def missiles(found):
        fired = launches(found, "near", "drone") + launches(found, "other", "drone")
        return sum(weapons["kind"][row[5]] == codes.WEAPON_MISSILE for row in fired)

    assert missiles(half) < missiles(whole)


def most_at_once(found):
    """Orders of one unit at one track at one time, the most."""
    orders = rows(found[1], codes.ORDER)
    _, counts = np.unique(orders[:, [0, 3, 9]], axis=0, return_counts=True)
    return counts.max()


def test_a_salvo_goes_without_a_look_between(fought):
    single, double = (fought(f"doctrine.salvo={{drone: {n}}}", replications=1) for n in (1, 2))
    assert most_at_once(single) == 1
    assert most_at_once(double) == 2


def test_firing_by_salvo_sends_two_where_nothing_else_is_said_and_shoot_look_shoot_one(fought):
    look, salvo = (fought(f"doctrine.firing={word}", replications=1) for word in ("shoot-look-shoot", "salvo"))
    assert most_at_once(look) == 1
    assert most_at_once(salvo) == 2
    assert most_at_once(fought("doctrine.firing=salvo", "doctrine.salvo={drone: 3}", replications=1)) == 3


def first_launch_s(found):
    return min(row[0] for row in launches(found)) * 1e-6


def test_decisions_take_the_time_that_doctrine_says(fought):
    fast, slow = fought("doctrine.decision_delay=1 s"), fought("doctrine.decision_delay=60 s")
    assert first_launch_s(slow) > first_launch_s(fast) + 50.0


def test_the_first_engagement_after_quiet_is_slower(fought):
    calm = fought("doctrine.decision_delay=20 s", "doctrine.first_delay=1")
    quiet = fought("doctrine.decision_delay=20 s", "doctrine.first_delay=4")
    assert first_launch_s(quiet) > first_launch_s(calm) + 50.0


def test_stress_slows_decisions_while_more_wait_than_can_be_served(fought):
    """Forty drones against two vehicles: later ones wait for decisions that a crowd has slowed."""
    crowd = ("objects.drone.count=40", "doctrine.decision_delay=15 s", "sites.battery.load={9M96E2: 1}")
    calm, stressed = fought(*crowd, "doctrine.stress=1", replications=1), fought(*crowd, "doctrine.stress=8", replications=1)
    assert np.mean([row[0] for row in launches(stressed)]) > np.mean([row[0] for row in launches(calm)])


def test_a_miss_may_be_left_alone_for_a_while(fought):
    soon, late = fought("doctrine.reengage_after=0 s"), fought("doctrine.reengage_after=5 min")
    assert len(launches(late)) < len(launches(soon))


def test_assessment_takes_its_time(fought):
    def delays(found):
        log = found[1]
        meet = {row[8]: row[0] for row in rows(log, codes.INTERCEPT)}
        return np.array([(row[0] - meet[row[8]]) * 1e-6 for row in rows(log, codes.ASSESS) if row[8] in meet])

    fixed = delays(fought("doctrine.assessment={delay: 9 s}", replications=1))
    assert np.allclose(fixed, 9.0)
    spread = delays(fought("doctrine.assessment={delay: {uniform: [2 s, 20 s]}}", replications=1))
    assert spread.min() >= 2.0
    assert spread.max() <= 20.0
    assert spread.std() > 1.0


def test_hold_holds_and_a_zone_frees(fought):
    assert not launches(fought("doctrine.control=hold"))
    zone = "doctrine.zones=[{name: z, control: free, at: {lat: 53.9, lon: 27.57}, radius: 30 km}]"
    assert launches(fought("doctrine.control=hold", zone))


def test_a_lost_order_is_not_carried_out_and_said(fought):
    _, log = fought("links.0.loss=0.9", "links.1.loss=0.9", "links.2.loss=0.9")
    failed = rows(log, codes.LAUNCH_FAILED)
    assert (failed[:, 5] == codes.LOST_ORDER).sum() > 3


def test_an_order_takes_the_time_of_the_line(fought):
    def waits(found):
        log = found[1]
        at = {row[8]: row[0] for row in rows(log, codes.ORDER)}
        return min((row[0] - at[row[8]]) * 1e-6 for row in rows(log, codes.LAUNCH))

    # One replication: shots are numbered anew in each.
    near = waits(fought("doctrine.mode=autonomous", replications=1))
    far = waits(fought("links.0.delay=12 s", "links.1.delay=12 s", "links.2.delay=12 s", replications=1))
    assert far >= near + 11.0


def modes(found):
    planned, log = found
    return [(planned.names.units[row[7]], codes.MODES[row[5]], row[0] // 1_000_000) for row in rows(log, codes.MODE)]


def test_a_cut_line_leaves_a_unit_alone_and_the_log_says_so(fought):
    found = fought("links.1.cut_at=60 s", replications=1)
    assert modes(found) == [("near", "autonomous", 60)]
    assert launches(found, "near")


def test_delegation_falls_back_to_autonomy(fought):
    found = fought("doctrine.mode=delegated", "links.1.cut_at=60 s", replications=1)
    assert modes(found) == [("near", "autonomous", 60)]


def test_delegates_tell_each_other_and_lone_units_do_not(fought):
    """Two vehicles side by side fire at the same drones more often when nobody coordinates them."""

    def doubled(found):
        log, both = found[1], 0
        orders = rows(log, codes.ORDER)
        for row in orders:
            near = orders[(orders[:, 4] == row[4]) & (orders[:, 3] != row[3]) & (abs(orders[:, 0] - row[0]) < 12_000_000)]
            both += len(near)
        return both

    alone = doubled(fought("doctrine.mode=autonomous", "sites.battery.load={48N6E3: 0, 9M96E2: 1}"))
    together = doubled(fought("doctrine.mode=delegated", "sites.battery.load={48N6E3: 0, 9M96E2: 1}"))
    assert together < alone


def test_blinking_radars_see_less_often(fought):
    steady = rows(fought()[1], codes.FIRST_DETECTION)
    blinking = rows(fought("doctrine.emission_control={blinking: {on: 5 s, off: 55 s}}")[1], codes.FIRST_DETECTION)
    assert np.mean(blinking[:, 0]) > np.mean(steady[:, 0])


def test_a_unit_not_ready_waits(fought):
    early = fought(replications=1)
    late = fought("sites.battery.state=standby", "sites.battery.ready_at=5 min", replications=1)
    assert min(row[0] for row in launches(early, "battery")) < 300_000_000
    assert all(row[0] >= 300_000_000 for row in launches(late, "battery"))


def test_point_defence_keeps_rounds_for_its_duty(fought):
    """A vehicle that protects the battery keeps its reserve from drones that fly at the base."""
    changes = ("sites.near.load={57E6: 4}", "doctrine.reserve=1", "doctrine.layers=[{system: s-400, classes: aircraft}]")
    free = fought(*changes)
    bound = fought(*changes, "doctrine.point_defence=[{protector: near, protected: battery}]")
    weapons = free[0].plan.arms.weapons

    def missiles(found):
        return sum(weapons["kind"][row[5]] == codes.WEAPON_MISSILE for row in launches(found, "near", "drone"))

    assert missiles(bound) < missiles(free)


def test_priorities_weigh_assets(fought):
    planned, _ = fought()
    weighted, _ = fought("doctrine.priorities={far: 9}")
    assert list(planned.plan.rule.guarded["value"][:2]) == [3.0, 1.0]
    assert list(weighted.plan.rule.guarded["value"][:2]) == [3.0, 9.0]


ARM = (
    "objects.jet.duty=release",
    "objects.jet.count=1",
    "objects.drone={name: drone, side: hostile, duty: impact, class: anti-radiation-missile, count: 2, released_by: jet, "
    "release: {range: 60 km}, aim: post/91N6E}",
)


def test_a_radar_falls_silent_before_an_anti_radiation_missile(fought):
    loud = fought(*ARM, "doctrine.control=hold")
    quiet = fought(*ARM, "doctrine.control=hold", "doctrine.emission_control={silent_on_arm: true, silence: 45 s}")
    assert not len(rows(loud[1], codes.SILENT))
    assert len(rows(quiet[1], codes.SILENT))


def test_a_launch_may_rest_on_another_units_track(fought):
    """With the switch on, orders are given and launched that the unit's own radar would not yet hold."""
    own, remote = fought("doctrine.engage_on_remote=false"), fought("doctrine.engage_on_remote=true")
    assert first_launch_s(remote) <= first_launch_s(own)
    assert rows(own[1], codes.LAUNCH)[:, :5].tobytes() != rows(remote[1], codes.LAUNCH)[:, :5].tobytes()
