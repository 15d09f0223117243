"""Every rule fires on a planted contradiction, and what remains in the shipped catalogue is known and explained."""

import pytest

from openiads.catalogue.plausibility import KNOWN, RULES, explanation, findings
from openiads.catalogue.plausibility.finding import groups
from openiads.catalogue.plausibility.radars import horizon_m

RADAR, MISSILE, GUN, UNIT = "s-400.radars.92N6E", "s-400.missiles.48N6E3", "pantsir-s1.guns.2A38M", "s-400.launchers.5P85-series"


def v(value):
    return {"value": value, "low": value, "high": value}


PLANTED = {
    "low_above_high": {RADAR + ".scan_period": {"low": 9, "high": 1}},
    "rival_outside_spread": {RADAR + ".simultaneous_targets": {"high": 8}},
    "low_altitude_range_beyond_horizon": {"reference.low-altitude-detection.36D6M-at-100-m.range": v(80)},
    "reach_against_low_flyers": {"s-400.effectiveness.reach_low_flyer": {"high": 120}},
    "reference_range_beyond_horizon": {RADAR + ".reference_range": v(600)},
    "reference_range_beyond_instrumented": {RADAR + ".reference_range": v(310)},
    "fourth_root_law": {"s-400.radars.91N6E.points.at-0p4-m2.range": v(330)},
    "beamwidth_against_aperture": {RADAR + ".beamwidth_azimuth": v(3)},
    "gain_against_beamwidth": {RADAR + ".gain": v(60)},
    "mobile_or_masted": {RADAR + ".antenna_mobile": v(24)},
    "scan_and_limits": {RADAR + ".track_period": v(30)},
    "missile_faster_than_its_flight_time": {MISSILE + ".flight_time_max": v(60)},
    "mean_speed_above_peak": {MISSILE + ".mean_speed": v(3000)},
    "envelope_in_order": {MISSILE + ".range_min": v(300)},
    "ballistic_reach_beyond_range": {MISSILE + ".range_max_ballistic": v(400)},
    "rated_yet_too_slow": {MISSILE + ".max_target_speed": v(900)},
    "support_and_handover": {MISSILE + ".handover": v(20)},
    "missile_outranges_its_radar": {MISSILE + ".range_max": v(350)},
    "missiles_for_targets": {RADAR + ".simultaneous_missiles": v(3)},
    "command_post_total": {RADAR + ".simultaneous_targets": v(40)},
    "ready_missiles": {UNIT + ".launchers_per_fire_unit": v(7)},
    "kill_chain_shorter_than_reaction": {"s-400.timing.kill_chain_delay": v(4)},
    "gun_burst": {GUN + ".burst": v(30)},
    "class_speed": {"targets.helicopter.speed": v(300)},
    "class_cross_section": {"targets.bird.rcs": v(40)},
    "class_height": {"targets.bomber.altitude": v(150_000)},
    "ballistic_speed_against_reach": {"targets.srbm-scud.speed": v(500)},
    "equal_ignorance": {"targets.bomber.pk": v(0.9)},
}


def test_there_are_at_least_ten_rules_each_with_a_sentence_and_a_planted_case():
    assert len(RULES) >= 10
    assert {rule.__name__ for rule in RULES} == set(PLANTED)
    assert all(rule.__doc__.endswith(".") for rule in RULES)


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_contradiction_is_found_and_named(planted, shipped, rule):
    before = {(finding.rule, finding.figures) for finding in findings(shipped)}
    new = [finding for finding in findings(planted(PLANTED[rule])) if (finding.rule, finding.figures) not in before]
    hits = [finding for finding in new if finding.rule == rule]
    assert hits, [finding.rule for finding in new]
    assert any(path in hit.figures for hit in hits for path in PLANTED[rule])
    assert all(len(hit.statement) > 20 for hit in hits)


@pytest.mark.parametrize(
    ("rule", "changes", "texts"),
    [
        ("missile_faster_than_its_flight_time", {MISSILE + ".mean_speed": v(500)}, {}),
        ("mobile_or_masted", {RADAR + ".antenna_masted": v(90)}, {}),
        ("mobile_or_masted", {"s-400.timing.deploy_time_masted": v(600)}, {}),
        ("mobile_or_masted", {}, {"s-400.radars.91N6E.default_configuration": "masted"}),
        ("scan_and_limits", {RADAR + ".elevation_min": v(80)}, {}),
        ("ballistic_reach_beyond_range", {MISSILE + ".altitude_max_ballistic": v(0)}, {}),
        ("ready_missiles", {UNIT + ".default_load.48N6E3": v(40)}, {}),
        ("ready_missiles", {UNIT + ".ready_missiles_per_fire_unit": v(30)}, {}),
        ("support_and_handover", {}, {"s-400.missiles.40N6E.support": "to_intercept"}),
        ("missiles_for_targets", {RADAR + ".tracks": v(2)}, {}),
        ("gun_burst", {GUN + ".pk_burst_far": v(0.9)}, {}),
        ("ballistic_speed_against_reach", {"targets.srbm-scud.range_max": v(900)}, {}),
        ("command_post_total", {"s-400.command_post.30K6E.simultaneous_targets": v(200)}, {}),
    ],
)
def test_the_other_half_of_a_rule_fires_too(planted, rule, changes, texts):
    new = {finding.rule for finding in findings(planted(changes, texts)) if explanation(finding) is None}
    assert rule in new


def test_the_shipped_contradictions_are_exactly_the_known_ones(shipped):
    found = {(finding.rule, finding.figures[0]) for finding in findings(shipped)}
    assert found == set(KNOWN)
    assert all(len(why) > 20 for why in KNOWN.values())


def test_a_run_with_other_values_is_checked_too(shipped):
    bad = shipped.with_values({"s-300ps.missiles.5V55R.range_max": "500 km"})
    assert "missile_faster_than_its_flight_time" in {finding.rule for finding in findings(bad)}


def test_groups_cover_every_radar(shipped):
    assert len(list(groups(shipped, "radars"))) == sum(len(system.radars) for system in shipped.systems.values())


@pytest.mark.parametrize(("antenna_m", "target_m", "km"), [(24, 15, 36), (24, 100, 61), (24, 1000, 151), (39, 10000, 438), (4, 30, 31)])
def test_the_horizon_is_that_of_the_published_table(antenna_m, target_m, km):
    assert horizon_m(antenna_m, target_m) / 1e3 == pytest.approx(km, abs=0.6)


def test_the_horizon_is_that_of_the_earth_model():
    from openiads.earth.refraction import STANDARD_K, horizon_range
    from openiads.kernel import plain

    assert horizon_m(24.0, 100.0) == pytest.approx(plain(horizon_range)(24.0, 100.0, STANDARD_K), rel=1e-12)
