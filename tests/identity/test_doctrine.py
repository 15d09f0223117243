"""Each field of evidence and doctrine does what it says: one flight, one thing changed at a time."""

import pytest

from tests.identity.conftest import findings, shots

SILENT = {"side": "hostile", "kind": "tactical-aircraft", "equipped": False}


def label(run):
    return run.tables.columns("outcomes")["label"][0]


def test_a_silent_flight_is_called_hostile_and_fired_at_and_an_answering_one_is_not(flown):
    assert shots(flown(**SILENT))
    assert not shots(flown())
    assert findings(flown())["iff"] == "civil reply"


def test_a_civil_set_is_silent_where_only_military_modes_are_asked(flown):
    run = flown("identification.interrogation=military")
    assert findings(run)["iff"] == "no reply"
    assert findings(flown("identification.interrogation=military", side="friendly", kind="friendly-fighter"))["iff"] == "friendly reply"


def test_an_equipped_hostile_answers_in_a_foreign_military_mode(flown):
    assert findings(flown(side="hostile", kind="tactical-aircraft"))["iff"] == "foreign military reply"


def test_hold_forbids_and_self_defence_overrides_it_but_no_zone_of_no_fire(flown):
    hold, defence = "doctrine.control=hold", "doctrine.identification.self_defence={range: 12 km}"
    assert not shots(flown(hold, **SILENT))
    assert shots(flown(hold, defence, **SILENT))
    assert not shots(flown(hold, "doctrine.identification.self_defence={range: 12 km, classes: [ballistic]}", **SILENT))
    zone = "doctrine.no_fire_zones=[{name: quiet, at: {lat: 10.0, lon: -40.0}, radius: 80 km}]"
    assert not shots(flown(hold, defence, zone, **SILENT))
    assert not shots(flown(zone, **SILENT))


def test_self_defence_needs_no_identification_and_spares_what_is_identified(flown):
    high = "doctrine.identification.threshold=1"
    defence = "doctrine.identification.self_defence={time: 60 s}"
    assert not shots(flown(high, **SILENT))
    assert shots(flown(high, defence, **SILENT))
    assert not shots(flown(high, defence))


def test_time_running_out_is_a_reason_to_fire_at_the_silent(flown):
    high = "doctrine.identification.threshold=1"
    assert shots(flown(high, "doctrine.identification.timeout_to_fire=60 s", **SILENT))
    assert not shots(flown(high, "doctrine.identification.timeout_to_fire=60 s"))


def test_required_evidence_must_have_spoken(flown):
    assert shots(flown("doctrine.identification.required_evidence=[iff, kinematics]", **SILENT))
    assert not shots(flown("doctrine.identification.required_evidence=[iff, report]", **SILENT))
    told = ("identification.report_loss=0", "identification.report_delay=5 s")
    assert shots(flown("doctrine.identification.required_evidence=[iff, report]", *told, **SILENT))


def test_a_report_clears_a_flight_when_it_arrives_in_time(flown):
    silent = {"side": "civil", "kind": "civil-airliner", "equipped": False}
    assert shots(flown(**silent))
    assert not shots(flown("identification.report_loss=0", "identification.report_delay=1 s", **silent))
    assert shots(flown("identification.report_loss=1", "identification.report_delay=1 s", **silent))
    assert findings(flown("identification.report_loss=0", "identification.report_delay=1 s", **silent))["report"].endswith("civil")


def test_a_classifier_stands_in_the_place_of_kinematics(flown):
    run = flown("identification.classifier={civil-airliner: {arm: 1}}")
    assert findings(run)["kinematics"] == "classified as: fast missile"
    assert findings(flown())["kinematics"].startswith("moves like")


def test_reported_positions_agree_or_do_not(flown):
    assert findings(flown("identification.cooperative=true"))["cooperative"] == "agrees with a reported position"
    apart = flown("identification.cooperative=true", "objects.flight.reported_offset={east: 8 km}")
    assert "does not fit" in findings(apart)["cooperative"]
    far = flown("identification.cooperative=true", "objects.flight.reported_offset={east: 60 km}")
    assert findings(far)["cooperative"] == "no reported position"


def test_a_filed_plan_is_conformed_to_or_missing(flown):
    filed = ("identification.flight_plans=true", "objects.flight.flight_plan=true")
    assert findings(flown(*filed, "identification.plan_missing=0"))["flight-plan"] == "fits a filed plan"
    assert "flight-plan" not in findings(flown("identification.flight_plans=true"))
    assert "flight-plan" in findings(flown(*filed, "identification.plan_missing=0", "objects.flight.start_jitter=6 min"))


@pytest.mark.parametrize(("bearing", "finding"), [("0 deg", "came from the threat's sector"), ("180 deg", "came from elsewhere")])
def test_origin_is_judged_against_the_sector_of_the_threat(flown, bearing, finding):
    run = flown(f"doctrine.identification.threat_sector={{bearing: {bearing}, half_width: 60 deg}}")
    assert findings(run)["origin"] == finding


def test_emissions_are_heard_with_their_chance(flown):
    assert findings(flown("identification.emissions=1", "objects.flight.emits=true", **SILENT))["emissions"] == "emissions heard"
    assert "emissions" not in findings(flown("identification.emissions=0", "objects.flight.emits=true", **SILENT))


def test_alert_raises_belief_and_a_latched_label_is_never_reviewed(flown):
    """The first evidence is the same, calm or alert; the first label is not: whoever is alert gives one on less evidence."""

    def odds(*overrides):
        said = flown(*overrides, **SILENT).tables.columns("evidence")
        return said["finding"][:2].tolist(), said["belief_hostile"][0] / said["belief_civil"][0]

    calm, alert = odds(), odds("doctrine.identification={alert: alert, alert_factor: 3, label_latch: 0}")
    assert alert[0] == calm[0]
    assert alert[1] == pytest.approx(3.0 * calm[1])

    def labels(latch):
        return flown(f"doctrine.identification.label_latch={latch}", **SILENT).tables.columns("labels")["label"].tolist()

    assert labels(1) == ["hostile"]
    assert "unknown" in labels(0)


@pytest.mark.parametrize("law", ["240 s", "{uniform: [240 s, 241 s]}", "{choice: [240 s, 240.5 s]}"])
def test_the_decision_takes_as_long_as_its_law_says(flown, law):
    """The flight is a firm track within a minute of its start; it is in reach from about the third."""
    late = shots(flown(f"doctrine.decision_delay={law}", **SILENT))[0]
    assert shots(flown(**SILENT))[0] < 240e6 < late < 320e6


def test_registration_bias_turns_the_whole_picture(flown):
    """A radar turned by 107 deg shows the flight that comes from the north as one from 107 deg."""
    run = flown("sites.battery.radars.search.registration_bias.azimuth=107 deg")
    plots = run.tables.columns("plots")
    search = plots["radar"] == "battery/search"
    assert search.any()
    assert plots["longitude_deg"][search][0] > -39.8
    level = flown("sites.battery.radars.search.registration_bias.elevation=3 deg").tables.columns("plots")
    assert level["height_wgs84_m"][level["radar"] == "battery/search"][0] > plots["height_wgs84_m"][search][0] + 500.0
