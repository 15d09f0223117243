"""The look table uses what the models say: aspect, band, clutter filter, air, jammers' bandwidth, each as the scenario chooses it."""

import math

import numpy as np
import pytest

from openiads import scenario
from openiads.model import attenuation, beam, detection, propagation, range_equation
from openiads.model.columns import MASKED_DB
from openiads.plan import plan

ONE = """
format: openiads-scenario/1
name: one
about: One radar and one flight; positions are illustrative.
duration: 20 min
environment: {propagation: smooth}
assets: [{name: base, at: {lat: 53.9, lon: 27.5}}]
sites: [{name: unit, system: s-400, at: {lat: 53.9, lon: 27.5}, screen: none, radars: [{name: 96L6E, configuration: masted}]}]
objects:
  - {name: jet, side: hostile, class: tactical-aircraft, route: [{at: {lat: 53.9, lon: 26.0}, height: 9 km amsl, speed: 250 m/s},
     {at: {lat: 53.9, lon: 27.2}}]}
  - {name: orbit, side: hostile, class: tactical-aircraft, route: [{at: {lat: 54.8, lon: 26.9}, height: 2 km amsl, speed: 250 m/s},
     {at: {lat: 54.8, lon: 28.3}}]}
  - {name: jammer, side: hostile, duty: jam, class: standoff-jammer, route: [{at: {lat: 53.9, lon: 25.5}, height: 9 km amsl, hold:
     {duration: 19 min}, speed: 200 m/s}]}
"""


def planned(folder, *overrides):
    path = folder / "one.yaml"
    path.write_text(ONE)
    return plan(scenario.read(str(path), overrides))


def looks_of(made, name: str, sort: int = 0):
    """Rows of the look table of the only radar at the first path of an object."""
    row = [member.name for member in made.raid.members].index(name)
    eyes = made.plan.eyes
    block = eyes.blocks[eyes.block_of[sort, 0, made.raid.objects["path"][row]]]
    return eyes.looks[block["offset"] : block["offset"] + block["count"]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("looks")


@pytest.fixture(scope="module")
def usual(folder):
    return planned(folder)


def test_the_scenario_chooses_between_two_cross_sections(folder):
    nose = "catalogue.targets.tactical-aircraft.rcs_aspect.nose=-4"
    by_aspect, stated = planned(folder, nose), planned(folder, nose, "environment.cross_section=constant")
    ahead_db = looks_of(by_aspect, "jet")["snr_db"] - looks_of(stated, "jet")["snr_db"]
    assert ahead_db[0] == pytest.approx(-4.0, abs=0.2)  # comes nose-on from afar, a few degrees off
    assert np.all(np.diff(ahead_db) > 0.0)  # and shows more of its side overhead
    beam_db = by_aspect.catalogue.target("tactical-aircraft").rcs_aspect_db["beam"].value
    beside_db = looks_of(by_aspect, "orbit")["snr_db"] - looks_of(stated, "orbit")["snr_db"]
    assert beside_db.max() == pytest.approx(beam_db, abs=0.3)


def test_the_band_of_the_radar_enters(folder, usual):
    known = usual.catalogue.target("tactical-aircraft").rcs_band_db
    there = known["C"].value if "C" in known else 0.0
    louder = planned(folder, f"catalogue.targets.tactical-aircraft.rcs_band.C={there + 7.0}")
    assert looks_of(louder, "jet")["snr_db"] - looks_of(usual, "jet")["snr_db"] == pytest.approx(7.0, abs=1e-4)


def test_a_crossing_target_falls_into_the_clutter_filter_by_its_formula(folder, usual):
    open_ = planned(folder, "catalogue.s-400.radars.96L6E.minimum_radial_speed=0")
    lost_db = looks_of(open_, "orbit")["snr_db"] - looks_of(usual, "orbit")["snr_db"]
    rows = looks_of(usual, "orbit")
    rates = np.abs(np.gradient(rows["range_m"].astype(float), float(usual.plan.eyes.radars["period_us"][0]) * 1e-6))
    assert lost_db[rates > 60.0] == pytest.approx(0.0, abs=0.01)
    crossing = (rates > 4.0) & (rates < 30.0)
    assert crossing.sum() >= 2
    assert lost_db[crossing] == pytest.approx(beam.doppler_loss_db(rates[crossing], 15.0), abs=1.5)
    assert lost_db.max() > 20.0
    high = planned(folder, "objects.orbit.route.0.height=14 km amsl")
    high_open = planned(folder, "objects.orbit.route.0.height=14 km amsl", "catalogue.s-400.radars.96L6E.minimum_radial_speed=0")
    assert np.array_equal(looks_of(high, "orbit")["snr_db"], looks_of(high_open, "orbit")["snr_db"])  # the beam is off the ground


@pytest.mark.parametrize(
    ("override", "model", "air"),
    [
        ("environment.attenuation=two-layer", "two-layer", attenuation.STANDARD_AIR),
        ("environment.water_vapour=20 g/m3", "line-by-line", attenuation.Air(vapour_g_per_m3=20.0)),
        ("environment.temperature=-20 degC", "line-by-line", attenuation.Air(temperature_k=253.15)),
        ("environment.qnh=960 hPa", "line-by-line", attenuation.Air(pressure_pa=96_000.0)),
    ],
)
def test_the_air_of_the_scenario_is_on_the_way(folder, usual, override, model, air):
    changed = planned(folder, override)
    spec = usual.draft.sensors[0].spec
    path = (spec.frequency_hz, 24.0, 90e3, 9000.0)
    far = int(np.argmin(np.abs(looks_of(usual, "jet")["range_m"] - 90e3)))
    reference = (spec.frequency_hz, 24.0, spec.reference_range_m, 10_000.0)
    wanted = 2.0 * (propagation.path_loss_db(*path) - propagation.path_loss_db(*path, gas_model=model, sea_level=air))
    wanted += 2.0 * (propagation.path_loss_db(*reference, gas_model=model) - propagation.path_loss_db(*reference))
    assert abs(float(wanted)) > 0.005
    found = looks_of(changed, "jet")["snr_db"][far] - looks_of(usual, "jet")["snr_db"][far]
    assert float(found) == pytest.approx(float(wanted), abs=0.02)


def test_noise_spread_wider_than_the_radar_listens_is_lost(folder, usual):
    """Stated at the same 96L6E, a jammer's effect there holds whatever its width; at another receiver the share decides."""
    stated = "objects.jammer.jammer={effect: {radar: s-400/96L6E, range: 60 km, from: 130 km}, bandwidth: %s MHz, bands: [S, C, X]}"
    narrow, wide = (planned(folder, stated % width) for width in (2.0, 400.0))
    assert looks_of(narrow, "jammer", 1)["snr_db"] == pytest.approx(looks_of(wide, "jammer", 1)["snr_db"], abs=1e-3)
    receiver = "catalogue.s-400.radars.92N6E.bandwidth=20"
    there = "objects.jammer.jammer={effect: {radar: s-400/92N6E, range: 60 km, from: 130 km}, bandwidth: %s MHz, bands: [S, C, X]}"
    narrow, wide = (planned(folder, there % width, receiver, "catalogue.s-400.radars.96L6E.bandwidth=5") for width in (5.0, 400.0))
    change = looks_of(narrow, "jammer", 1)["snr_db"] - looks_of(wide, "jammer", 1)["snr_db"]
    # 92N6E takes all of the narrow noise in 20 MHz, the 96L6E takes all of it in 5 MHz: four times the density; of wide noise both the same
    assert change == pytest.approx(10.0 * math.log10(4.0), abs=1e-3)


def test_masked_looks_stay_masked(usual):
    rows = looks_of(usual, "orbit")
    assert np.all((rows["snr_db"] > MASKED_DB) | (rows["snr_db"] == np.float32(MASKED_DB - 9.0)))


def test_a_public_power_and_pulse_give_the_level_by_the_range_equation(folder):
    """A power worked out from the published range leads back to the looks that were calibrated from it; ten times as much gives 10 dB."""
    spec = planned(folder).catalogue.radar("s-400", "96L6E")
    needed_db = float(detection.required_snr_db(spec.reference_pd, spec.reference_pfa, spec.pulses, spec.swerling))
    watts = range_equation.peak_power_w(
        spec.reference_range_m, needed_db, 10e-6, spec.frequency_hz, spec.reference_rcs_m2, spec.gain_db, spec.losses_db,
        spec.noise_temperature_k,
    )  # fmt: skip
    calibrated = looks_of(planned(folder), "jet")["snr_db"]
    found = []
    for factor in (1.0, 10.0):
        power, pulse = (f"catalogue.s-400.radars.96L6E.{figure}" for figure in ("peak_power", "pulse_length"))
        found.append(looks_of(planned(folder, f"{power}={factor * watts / 1e3!r}", f"{pulse}=10"), "jet")["snr_db"])
    # The calibration also takes the air on the way to the reference range off what it states.
    air_db = calibrated - found[0]
    assert air_db == pytest.approx(air_db[0], abs=1e-3)
    assert 0.0 < air_db[0] < 10.0
    assert found[1] - found[0] == pytest.approx(10.0, abs=1e-3)
