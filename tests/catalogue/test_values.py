"""Other values for one run: in the figure's own unit or with a unit, on shared figures too, and refused where impossible."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads import catalogue
from openiads.errors import UserError

RANGE = "s-300ps.missiles.5V55R.range_max"


@pytest.mark.parametrize("wanted", [90, 90.0, "90 km", "90000 m", "90"])
def test_a_value_is_read_in_the_figures_unit(shipped, wanted):
    figure = shipped.with_values({RANGE: wanted}).figure(RANGE)
    assert figure.si == pytest.approx(90e3)
    assert figure.low_si == figure.si == figure.high_si
    assert (figure.basis, figure.sources, figure.checked) == ("judgement", ("override",), False)
    assert "75 km" in figure.note


def test_the_rest_and_the_original_stay_as_they_are(shipped):
    other = shipped.with_values({RANGE: 90})
    assert shipped.figure(RANGE).value == 75
    assert other.digest != shipped.digest
    assert {path for path in shipped.figures if other.figures[path] != shipped.figures[path]} == {RANGE}


def test_a_shared_figure_can_be_changed_for_one_or_for_all(shipped):
    one = shipped.with_values({"s-400.radars.92N6E.jamming_margin": "25 dB"})
    assert one.radar("s-400", "92N6E").jamming_margin_db == 25.0
    assert one.radar("s-400", "91N6E").jamming_margin_db == 10.0
    everyone = shipped.with_values({"defaults.radar.jamming_margin": 0})
    assert everyone.radar("patriot", "MPQ-53/65").jamming_margin_db == 0.0


def test_percent_and_speeds(shipped):
    other = shipped.with_values({"targets.bomber.pk": "60 %", "targets.bomber.speed": "900 km/h"})
    assert other.target("bomber").pk.value == pytest.approx(0.6)
    assert other.target("bomber").speed_mps.value == pytest.approx(250.0)


@pytest.mark.parametrize(
    ("path", "wanted", "said"),
    [
        (RANGE, "3 s", "is a time"),
        (RANGE, -1, "negative"),
        ("targets.bomber.rcs", 0, "is zero, which nothing can be"),
        (RANGE, "far", "is not a length"),
        (RANGE, float("nan"), "not a finite number"),
        ("targets.bomber.pk", 1.5, "between 0 and 1"),
        ("s-300ps.radars.30N6.slew_rate", "3 km", "write a number in deg/s"),
        ("s-300ps.missiles.5V55R.range_maxx", 90, 'did you mean "s-300ps.missiles.5V55R.range_max"'),
    ],
)
def test_what_cannot_be_is_refused(shipped, path, wanted, said):
    with pytest.raises(UserError, match=None) as caught:
        shipped.with_values({path: wanted})
    assert said in str(caught.value)


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(sorted(catalogue.load().figures)), st.floats(1e-9, 1.0))
def test_any_figure_takes_any_value_between_0_and_1_in_its_unit(path, value):
    figure = catalogue.load().with_values({path: value}).figure(path)
    assert figure.value == value
    assert figure.si == value * figure.factor


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda c: c.radar("s-40", "92N6E"), "no system 's-40'; did you mean \"s-400\""),
        (lambda c: c.radar("s-400", "92N6"), "no radar of s-400 '92N6'; did you mean \"92N6E\""),
        (lambda c: c.missile("s-400", "48N6E"), "no missile of s-400"),
        (lambda c: c.gun("s-400", "2A38M"), "no gun of s-400"),
        (lambda c: c.target("bombr"), 'did you mean "bomber"'),
        (lambda c: c.feed("nationl"), 'did you mean "national"'),
        (lambda c: c.doctrine("chance.salvo"), 'did you mean "chance.salvo_correlation"'),
        (lambda c: c.fire_unit("s-500"), "no system"),
        (lambda c: c.text("s-400.colour"), "no text"),
    ],
)
def test_wrong_names_get_advice(shipped, call, said):
    with pytest.raises(UserError) as caught:
        call(shipped)
    assert said in str(caught.value)
