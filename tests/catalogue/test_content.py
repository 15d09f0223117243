"""The shipped figures: everything that must exist does, with the values that the design fixes."""

import math

import pytest

from openiads.catalogue import Catalogue
from openiads.errors import UserError

SYSTEMS = ("s-400", "s-300ps", "s-300pmu1", "s-300pmu2", "pantsir-s1", "patriot")
ADDED_CLASSES = (
    *("decoy", "friendly-fighter", "early-warning-aircraft", "tanker-aircraft", "glide-bomb", "helicopter", "medium-drone"),
    *("supersonic-cruise-missile", "large-rocket"),
)
KINDS = {"aircraft", "cruise", "drone", "ballistic", "aeroballistic", "glide", "arm", "decoy", "helicopter", "bomb", "civil", "bird"}


def radars(catalogue: Catalogue):
    return [catalogue.radar(system.key, name) for system in catalogue.systems.values() for name in system.radars]


def missiles(catalogue: Catalogue):
    return [catalogue.missile(system.key, name) for system in catalogue.systems.values() for name in system.missiles]


def test_the_six_systems_and_the_generic_sensors_are_there(shipped):
    assert set(shipped.systems) == {*SYSTEMS, "generic-sensors"}
    assert {radar.name for radar in radars(shipped)} >= {
        "91N6E",
        "96L6E",
        "92N6E",
        "36D6",
        "76N6",
        "30N6",
        "generic-vhf",
        "generic-passive",
    }


def test_all_target_classes_are_there(shipped):
    assert len(shipped.targets) == 25
    assert set(ADDED_CLASSES) <= set(shipped.targets)


def test_every_figure_names_known_sources_and_its_value_lies_in_its_spread(shipped):
    for path, figure in shipped.figures.items():
        assert figure.sources, path
        assert all(key in shipped.sources for key in figure.sources), path
        assert figure.low_si <= figure.si <= figure.high_si, path


def test_every_judgement_has_a_spread_and_is_not_called_checked(shipped):
    for path, figure in shipped.figures.items():
        if figure.basis == "judgement":
            assert figure.low is not None, path
            assert figure.high is not None, path
            assert not figure.checked, path
            assert "proposal" in figure.sources, path


def test_every_radar_has_every_input_of_its_model(shipped):
    for radar in radars(shipped):
        assert radar.role in {"acquisition", "engagement", "multifunction", "optical", "passive"}
        assert radar.band in {"VHF", "L", "S", "C", "X", "optical"}
        assert radar.measures <= {"range", "azimuth", "elevation", "speed"}
        assert 0.0 < radar.reference_range_m <= radar.instrumented_range_m
        assert radar.reference_rcs_m2 > 0.0
        assert 0.5 <= radar.reference_pd <= 0.9
        assert radar.reference_pfa == 1e-6
        assert radar.swerling == 1
        assert 0.0 < radar.track_period_s <= radar.scan_period_s
        assert 0.0 < radar.azimuth_sector_rad <= 2.0 * math.pi
        assert radar.elevation_min_rad < radar.elevation_max_rad <= math.pi / 2.0
        assert radar.sidelobe_db < 0.0
        assert 4.0 <= radar.antenna_mobile_m <= 14.0
        assert radar.antenna_masted_m >= radar.antenna_mobile_m
        assert radar.jamming_margin_db == 10.0
        assert radar.availability == 0.85
        assert radar.tracks >= radar.simultaneous_targets


def test_instrumented_range_is_never_the_calibration_point(shipped):
    for system in shipped.systems.values():
        for name in system.radars:
            reference, shown = (shipped.figure(f"{system.key}.radars.{name}.{key}") for key in ("reference_range", "instrumented_range"))
            assert reference.si < shown.si, name


def test_the_s400_is_as_organised(shipped):
    unit = shipped.fire_unit("s-400")
    assert (unit.launchers, unit.ready_missiles) == (8, 32)
    assert unit.default_load == {"48N6E3": 20, "9M96E2": 8, "40N6E": 4}
    assert unit.radars == {"acquisition": ("91N6E", "96L6E"), "engagement": ("92N6E",)}
    post = unit.command_post
    assert post is not None
    assert (post.name, post.simultaneous_targets, post.simultaneous_missiles) == ("30K6E", 36, 72)
    engagement = shipped.radar("s-400", "92N6E")
    assert (engagement.simultaneous_targets, engagement.simultaneous_missiles) == (6, 12)
    assert engagement.azimuth_sector_rad == pytest.approx(math.pi / 2.0)
    assert (engagement.default_configuration, shipped.radar("s-400", "96L6E").default_configuration) == ("mobile", "masted")
    acquisition = shipped.radar("s-400", "91N6E")
    assert (acquisition.reference_range_m, acquisition.reference_rcs_m2) == (390e3, 4.0)


def test_loads_fill_launchers_and_name_missiles_of_the_system(shipped):
    for system in shipped.systems.values():
        unit = shipped.fire_unit(system.key)
        assert set(unit.default_load) <= set(unit.missiles)
        held = sum(rounds / unit.missiles_per_launcher[name] for name, rounds in unit.default_load.items())
        assert held == unit.launchers


def test_pantsir_has_guns_and_an_optical_channel(shipped):
    gun = shipped.gun("pantsir-s1", "2A38M")
    assert (gun.rate_rps, gun.ready_rounds) == (80.0, 1400)
    assert 0.0 < gun.pk_burst_far < gun.pk_burst_near < 1.0
    assert shipped.radar("pantsir-s1", "electro-optical").role == "optical"
    assert not shipped.radar("pantsir-s1", "electro-optical").emits


def test_missiles_are_complete_and_supported_as_decided(shipped):
    handed_over = {"9M96E", "9M96E2", "40N6E", "PAC-3 CRI", "PAC-3 MSE"}
    for missile in missiles(shipped):
        assert missile.support == ("until_handover" if missile.name in handed_over else "to_intercept")
        assert (missile.handover_s > 0.0) == (missile.name in handed_over)
        assert missile.reliability == 0.98
        assert missile.mean_speed_mps <= missile.speed_mps
        assert missile.mean_speed_mps * missile.flight_time_max_s == pytest.approx(missile.range_max_m, rel=0.03)
        if missile.rated_against_ballistic:
            assert 0.0 < missile.altitude_min_ballistic_m < missile.altitude_max_ballistic_m <= missile.altitude_max_m
    assert not shipped.missile("s-300ps", "5V55R").rated_against_ballistic
    assert shipped.missile("s-400", "48N6E3").rated_against_ballistic


DOMAIN_PK = {
    "bomber": (0.4, 0.65, 0.85),
    "tactical-aircraft": (0.2, 0.45, 0.7),
    "low-observable-fighter": (0.2, 0.45, 0.7),
    "cruise-missile-subsonic": (0.3, 0.6, 0.85),
    "one-way-attack-uav": (0.3, 0.55, 0.8),
    "anti-radiation-missile": (0.1, 0.3, 0.6),
    "srbm-iskander": (0.05, 0.3, 0.7),
    "hypersonic-missile": (0.0, 0.15, 0.5),
    "aeroballistic-missile": (0.0, 0.15, 0.5),
}


@pytest.mark.parametrize("name", DOMAIN_PK)
def test_kill_probabilities_are_those_of_equal_ignorance(shipped, name):
    pk = shipped.target(name).pk
    assert (pk.low, pk.value, pk.high) == DOMAIN_PK[name]


def test_target_classes_are_complete(shipped):
    for name in shipped.targets:
        target = shipped.target(name)
        assert target.kind in KINDS
        assert 0.0 < target.rcs_m2.low <= target.rcs_m2.high
        assert set(target.rcs_band_db) == {"VHF", "L", "S", "C", "X"}
        assert target.max_speed_mps >= target.speed_mps.value > 0.0
        assert (target.hit_probability.low, target.hit_probability.value, target.hit_probability.high) == (0.5, 0.8, 1.0)
        assert target.soft_kill.value == 0.0
        assert (target.boost_s > 0.0) == (target.ballistic_coefficient_kgpm2 > 0.0) == (target.kind in {"ballistic", "aeroballistic"})
    stealthy = shipped.target("low-observable-fighter")
    assert stealthy.rcs_m2.high / stealthy.rcs_m2.low == pytest.approx(1000.0)
    assert stealthy.rcs_band_db["VHF"].value == 20.0


def test_claimed_kill_probability_stands_apart(shipped):
    claimed = shipped.claimed_pk("s-400", "cruise-missile-subsonic")
    assert claimed is not None
    assert claimed.value == 0.9
    assert shipped.claimed_pk("pantsir-s1", "bomber").value == 0.8
    assert shipped.claimed_pk("patriot", "bomber") is None


def test_doctrine_pictures_and_jammers(shipped):
    assert shipped.doctrine("chance.salvo_correlation").high == 0.8
    assert shipped.doctrine("site.screen_distance").value == 2000.0
    priors = [shipped.doctrine(f"identification.prior_{side}").value for side in ("hostile", "friendly", "civil")]
    assert sum(priors) == pytest.approx(1.0)
    ground, airborne = shipped.feed("national"), shipped.feed("national+airborne")
    assert airborne.coverage_floor_agl_m < ground.coverage_floor_agl_m
    jammer = shipped.jammer("standoff-jammer")
    system, radar = jammer.radar.split("/", 1)
    assert shipped.radar(system, radar).name == "91N6E"
    assert jammer.effect_rcs_m2 == 5.0
    with pytest.raises(UserError, match="no jammer class 'bomber'"):
        shipped.jammer("bomber")


def test_four_packed_small_missiles_are_a_variant(shipped):
    assert shipped.fire_unit("s-400").missiles_per_launcher["9M96E2"] == 4
    variant = shipped.with_values({"s-400.launchers.5P85-series.small_missiles_per_tube": 4}).fire_unit("s-400")
    assert (variant.missiles_per_launcher["9M96E2"], variant.missiles_per_launcher["48N6E3"]) == (16, 4)


def test_patriot_searches_a_narrower_sector_than_it_tracks(shipped):
    radar = shipped.radar("patriot", "MPQ-53/65")
    assert math.degrees(radar.search_sector_rad) == pytest.approx(90.0)
    assert math.degrees(radar.azimuth_sector_rad) == pytest.approx(120.0)
    assert shipped.radar("s-400", "91N6E").search_sector_rad == pytest.approx(2.0 * math.pi)
