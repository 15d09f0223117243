"""The samples of what is not known: each is what a defence with those figures would see, and bands hold what they are about."""

import numpy as np
import pytest

from openiads import scenario
from openiads.catalogue import load
from openiads.coverage import reach
from openiads.coverage.knowledge import ANTENNA, UNKNOWNS
from openiads.coverage.samples import samples
from openiads.coverage.scene import figures_of, work_of
from openiads.coverage.value import Height
from openiads.earth.terrain import smooth

LOW = Height(100.0)
CLASSES = ("tactical-aircraft", "cruise-missile-subsonic")


def work(*changes):
    asked = scenario.read("minsk-2021", list(changes))
    figures = figures_of(asked, load())
    return work_of(asked, figures, smooth(), 100)


def guide(found):
    return next(beam for beam in found.beams if beam.name == "s400/92N6E").turned


@pytest.mark.parametrize(("height_m", "distance_m"), [(0.0, 2_000.0), (25.0, 2_000.0), (12.0, 700.0)])
def test_a_sampled_screen_hides_what_the_screen_itself_would(height_m, distance_m):
    stated = [
        f"catalogue.doctrine.site.screen_height={height_m} m",
        f"catalogue.doctrine.site.screen_distance={distance_m / 1000} km",
    ]
    base, other = work(), work(*stated)
    target = base.catalogue.target(CLASSES[1])
    around = (np.array([height_m]), np.array([distance_m]), np.zeros(1))
    found = samples(guide(base), base.profile(guide(base), target, LOW), np.zeros(1), around)
    expected = samples(guide(other), other.profile(guide(other), target, LOW), np.zeros(1), None)
    size = min(found.range_m.size, expected.range_m.size)
    beyond = found.range_m[:size] > distance_m + 100.0  # masks have steps of 100 m, within which the ray begins
    np.testing.assert_allclose(found.over_m[1, :size][beyond], expected.over_m[0, :size][beyond], atol=0.2)
    seen = expected.pd[0, :size] > 0.0
    assert np.mean(seen != (found.pd[1, :size] > 0.0)) < 0.005
    both = seen & (found.pd[1, :size] > 0.0)
    np.testing.assert_allclose(found.pd[1, :size][both], expected.pd[0, :size][both], atol=1e-9)


def test_a_higher_antenna_sees_over_its_screen():
    base = work()
    target = base.catalogue.target(CLASSES[0])
    made = base.profile(guide(base), target, LOW)
    found = samples(guide(base), made, np.zeros(3), (np.full(3, 15.0), np.full(3, 2_000.0), np.array([-2.0, 0.0, 6.0])))
    reaches_m = [found.range_m[np.flatnonzero(row > 0.5)[-1]] for row in found.pd[1:]]
    assert reaches_m == sorted(reaches_m)
    assert reaches_m[2] > 1.3 * reaches_m[1]


def test_what_is_stated_is_no_unknown():
    base = work("sites.s400.screen=none", "catalogue.doctrine.site.screen_height=15 m", "catalogue.doctrine.site.screen_distance=2 km")
    target = base.catalogue.target(CLASSES[0])
    by_site = {beam.site: base.drawn.moved(beam, target)[1] for beam in base.beams}
    assert np.ptp(by_site["s400"][:, 5:], axis=0).tolist() == [0.0, 0.0, 0.0]
    assert np.ptp(by_site["pantsir-base"][:, 5:ANTENNA], axis=0).tolist() == [0.0, 0.0]
    assert np.ptp(by_site["pantsir-base"][:, ANTENNA]) > 0.0
    assert by_site["s400"].shape == (100, len(UNKNOWNS))


@pytest.mark.parametrize("name", ["minsk-2021", "minsk-2021-s300"])
def test_bands_hold_their_curve_and_tracks_lie_within_detection(name):
    curves, low = reach(scenario.read(name), LOW, CLASSES)
    for curve in curves:
        for value, (least, most) in zip(curve.detection_m, curve.detection_band_m, strict=True):
            assert least <= value <= most
        for value, (least, most) in zip(curve.engagement_m, curve.engagement_band_m, strict=True):
            assert least <= value <= most
        rows = np.array([curve.height_m, curve.horizon_m, curve.detection_m, curve.firm_track_m, curve.engagement_m])
        usual = rows[:, (rows[0] >= 50.0) & (rows[0] <= 10e3)]
        assert np.all(usual[2] <= usual[1] * 1.001)
        assert np.all(usual[3] <= usual[2])
        assert np.all(rows[4] <= rows[3] + 200.0)
    at = curves[0].height_m.index(LOW.value_m)
    for curve, row in zip(curves, low, strict=True):
        assert (row["unit"], row["target_class"]) == (curve.unit, curve.target_class)
        assert row["reach_m"] == pytest.approx(curve.engagement_m[at], abs=0.1)
        assert (row["band"]["p05"], row["band"]["p95"]) == pytest.approx(curve.engagement_band_m[at], abs=0.1)


def test_trees_and_houses_govern_the_band_at_low_level():
    """Engagement of a cruise missile at 100 m: as far as without a screen, and nearer than over 25 m of trees."""
    asked = ("cruise-missile-subsonic",)
    _, (drawn,) = reach(scenario.read("minsk-2021"), LOW, asked)
    assert "trees and houses" in drawn["band"]["driver"]
    for height_m in (0.0, 25.0):
        fixed = scenario.read("minsk-2021", [f"catalogue.doctrine.site.screen_height={height_m} m"])
        _, (one,) = reach(fixed, LOW, asked)
        assert drawn["band"]["p05"] <= one["reach_m"] <= drawn["band"]["p95"]
