"""What a fire unit can do: where its sector turns, what its envelope holds, how it reloads, what a hit stops, and arrivals by chance."""

import math

import numpy as np
import pytest

from openiads.kernel import plain
from openiads.model import codes, command, engagement
from openiads.model.tracking.table import MISSED_US, SLOWEST_US
from openiads.plan import plan
from openiads.results.batch import replicate
from openiads.results.night import night
from openiads.results.running import fight
from openiads.scenario import read
from openiads.verify.engagement import planned

TRACKING = "sites.unit.overrides.radars.tracking"


def events(run, kind):
    """Rows of one kind of a run's log."""
    return run.log.integers[run.log.integers[:, 2] == kind]


def first_launch_s(slew):
    """Time from a target's start on the third lane to the launch at it, by a unit whose sector of 90 deg faces north and turns so fast."""
    changes = ("doctrine.control=free", "doctrine.zones=[]",
               f"{TRACKING}.azimuth_sector=90 deg", f"{TRACKING}.slew_rate={slew} deg/s", "objects.first-3.spacing=20 s",
               *(f"objects.first-{k}.availability=0" for k in (1, 2, 4, 5, 6, 7, 8)),
               *(f"objects.counted-{k}.availability=0" for k in range(1, 9)), "sites.unit.facing=0 deg")  # fmt: skip
    run = fight(planned("channels", changes), 5)
    rows = events(run, codes.LAUNCH)
    born = events(run, codes.BORN)
    return None if not len(rows) else (int(rows[0, 0]) - int(born[born[:, 6] == rows[0, 6]][0, 0])) * 1e-6


def test_a_sector_turns_before_the_launch_and_a_fixed_one_never_fires():
    assert first_launch_s(0) is None
    quick, slow = first_launch_s(1000), first_launch_s(10)
    # The third lane lies 110 deg off; the target is taken in 0.7 of the half sector, 31.5 deg, off the middle.
    assert slow - quick == pytest.approx((110.0 - 31.5) / 10.0, abs=0.5)


def test_an_array_that_turned_sees_as_well_as_one_that_faced_there():
    """Launches of an S-300PS battalion that first faced the raid, or away from it, on the same draws: what it loses is the turn."""
    fired = []
    for facing in ("270 deg", "90 deg"):
        made = plan(read("minsk-2021-s300", [f"sites.s300.facing={facing}"]))
        fired.append(sum(len(events(fight(made, 1, 1, k), codes.LAUNCH)) for k in range(20)))
    assert fired[1] >= 0.9 * fired[0] > 300


def test_what_is_guided_at_keeps_the_sector_from_turning():
    plain = (f"{TRACKING}.simultaneous_targets=100", "sites.unit.facing=0 deg")
    narrow = (*plain, f"{TRACKING}.azimuth_sector=90 deg", f"{TRACKING}.slew_rate=1000 deg/s")
    all_round, one_side = (fight(planned("channels", changes), 3).outcome["engaged"] for changes in (plain, narrow))
    assert one_side < 0.8 * all_round


def test_the_reach_shrinks_off_a_head_on_course_and_ends_below_the_zenith():
    made = planned("duel", ())
    envelope = getattr(engagement.envelope, "py_func", engagement.envelope)
    arms, frame = made.plan.arms, made.plan.arms.frames[0]
    assert engagement.reach_share(arms.weapons, 0, 1.0) == 1.0
    assert engagement.reach_share(arms.weapons, 0, 0.0) == pytest.approx(0.85)
    assert engagement.reach_share(arms.weapons, 0, -1.0) == pytest.approx(0.6)
    north, up = frame[6:9], frame[9:12]

    def link(away_m, height_m, speed):
        point = np.append(frame[:3] + away_m * north + height_m * up, 0.0)
        return envelope(arms, 0, point, np.concatenate([point[:3], speed * north]), False, 0.0)

    longest = float(arms.weapons["range_max_m"][0])
    assert link(0.9 * longest, 8e3, -250.0) == engagement.OK
    assert link(0.9 * longest, 8e3, 250.0) == codes.OUTSIDE_ENVELOPE
    assert link(0.55 * longest, 8e3, 250.0) == engagement.OK
    edge_m = 8e3 / math.tan(float(arms.weapons["elevation_max_rad"][0]))
    assert link(1.05 * edge_m, 8e3, -250.0) == engagement.OK
    assert link(0.95 * edge_m, 8e3, -250.0) == codes.OUTSIDE_ENVELOPE
    assert link(2e3, 1e3, -250.0) == codes.OUTSIDE_ENVELOPE  # nearer than the minimum range


@pytest.mark.parametrize(("loaders", "last_s"), [(1, 120.0), (2, 60.0), (0, None)])
def test_launchers_wait_for_a_transloader(loaders, last_s):
    changes = ("sites.unit.launchers=2", "sites.unit.load.5V55R=2", "doctrine.salvo.aircraft=2", "sites.unit.reloads=1",
               f"sites.unit.transloaders={loaders}", "sites.unit.overrides.launchers.5P85-series.reload_time=60 s",
               "catalogue.targets.tactical-aircraft.pk=0")  # fmt: skip
    run = fight(planned("duel", changes), 1)
    empty_us = events(run, codes.LAUNCH)[1, 0]
    refills = events(run, codes.RELOAD)
    if last_s is None:
        assert not len(refills)
        return
    assert len(refills) == 2
    assert (refills[1, 0] - empty_us) * 1e-6 == pytest.approx(last_s, abs=1.0)
    assert len(events(run, codes.LAUNCH)) == 4


def test_a_hit_on_a_battery_stops_one_part_and_a_post_takes_two():
    changes = ("target.count=3", "target.aim=unit", "target.spread=100 m", "sites.unit.load.5V55R=0", "sites.unit.launchers=6",
               "catalogue.targets.tactical-aircraft.hit_probability=1")  # fmt: skip
    found = replicate(planned("duel", changes), 1, 0, 60)
    lost = found["launchers_lost"] + found["radars_lost"]
    assert not found["units_lost"].any()
    assert lost.max() <= 3
    assert lost.mean() > 2.0
    # Seven parts, three hits: four standard errors, false alarms 1 in 16,000.
    share = 1.0 - (6.0 / 7.0) ** 3
    assert abs(found["radars_lost"].mean() - share) < 4.0 * math.sqrt(share * (1.0 - share) / 60)
    for count, posts in ((1, 0), (2, 1)):
        one = (f"target.count={count}", "target.aim=unit", "sites.unit.role=command-post", "sites.unit.load={}",
               "catalogue.targets.tactical-aircraft.hit_probability=1")  # fmt: skip
        assert replicate(planned("duel", one), 1, 0, 3)["posts_lost"].tolist() == [posts] * 3


def test_arrivals_by_chance_are_those_of_the_replay_and_poisson_in_number():
    changes = ("duration=30 min", *(f"objects.counted-{k}.start=0 s" for k in range(1, 9)),
               *(f"objects.counted-{k}.last_start=10 min" for k in range(1, 9)),
               *(f"objects.first-{k}.availability=0" for k in range(1, 9)),
               *(f"objects.counted-{k}.spacing=400 s" for k in range(1, 9)))  # fmt: skip
    made = planned("channels", changes)
    run = fight(made, 9, 1, 4)
    shift_us, objects = night(made, 9, 4).shift_us, made.plan.sky.objects
    born = events(run, codes.BORN)
    assert len(born) == run.outcome["targets"]
    assert np.array_equal(born[:, 0], objects["start_us"][born[:, 6]] + shift_us[born[:, 6]])
    counts = replicate(made, 9, 0, 400)["targets"]
    mean = 8 * 600.0 / 400.0
    # Mean and variance of a Poisson number, four standard errors each: false alarms 1 in 8,000.
    assert abs(counts.mean() - mean) < 4.0 * math.sqrt(mean / 400)
    assert abs(counts.var() - mean) < 4.0 * mean * math.sqrt((2.0 + 1.0 / mean) / 400)


def test_a_crew_that_is_fired_at_flies_to_the_place_that_it_turns_back_to():
    route = "target.route=[{at: {lat: 50.0, lon: 9.0}, height: 8 km amsl, speed: 250 m/s}, {at: {lat: 50.0, lon: 11.0}}]"
    changes = ("duration=15 min", "target.duty=transit", "target.aim=null", "target.on_engaged=turn_back", route,
               "catalogue.targets.tactical-aircraft.pk=0")  # fmt: skip
    ends = {}
    for back in ("null", "{to: {lat: 50.5, lon: 9.2}, height: 3 km amsl, speed: 300 m/s}"):
        made = planned("duel", (*changes, f"target.turn_back={back}"))
        run = fight(made, 1)
        (turn,), (end,) = events(run, codes.TURN), events(run, codes.END)
        path = made.raid.members[0].alternatives[turn[8]]
        assert end[5] == codes.TURNED_BACK
        assert end[0] == pytest.approx(path.time_s[-1] * 1e6, abs=1e3)  # a path is laid on even steps of whole microseconds
        ends[back] = math.degrees(path.lat_rad[-1]), math.degrees(path.lon_rad[-1]), path.height_amsl_m[-1]
    straight, home = ends.values()
    assert straight[1] < 9.0  # on past where it came from
    assert straight[2] == pytest.approx(8000.0, abs=1.0)
    assert home[:2] == pytest.approx((50.5, 9.2), abs=1e-3)
    assert home[2] == pytest.approx(3000.0, abs=5.0)


def test_units_that_do_not_coordinate_waste_rounds_on_what_is_dead():
    apart = replicate(planned("crossfire", ()), 1, 0, 20)
    together = replicate(planned("duel", ("target.count=10", "sites.unit.load.5V55R=20", "doctrine.salvo.aircraft=1")), 1, 0, 20)
    assert apart["rounds_fired"].sum() == 20 * 20
    assert apart["wasted"].sum() > 20 * 4
    assert together["wasted"].sum() == 0


def test_no_order_is_given_at_a_track_that_is_only_reckoned_on():
    facts = np.zeros((3, 10), np.int64)
    facts[:, SLOWEST_US] = 12_000_000
    facts[:, MISSED_US] = 0, 23_999_999, 24_000_000
    assert [bool(plain(command.coasts)(facts, row)) for row in range(3)] == [False, False, True]
