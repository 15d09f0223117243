"""Simulated shares of kills beside public claims: verdicts, dispersions and words, on counts made up for the purpose."""

from types import SimpleNamespace

import numpy as np
import pytest

from openiads.catalogue import caveats, observed_rates
from openiads.results.observed import ENTERED_SHARE, LEAST_LAUNCHED, SAID, dispersion, observed

CLASSES = sorted({one.target_class for one in observed_rates() if one.target_class})
NAME = "cruise-missile-subsonic"


def run(shares, targets=40, nights=25):
    """A run of which every night kills so many of its targets of each class."""
    columns = {}
    for name, share in shares.items():
        columns[f"targets/{name}"] = np.full(nights, targets)
        columns[f"killed/{name}"] = np.full(nights, round(share * targets))
    return SimpleNamespace(batch=SimpleNamespace(layout=SimpleNamespace(classes=tuple(shares)), columns=columns))


def bounds(name):
    """The bounds of a class by hand: what was claimed over what was launched, and that over the least share that met a defence."""
    rows = [one for one in observed_rates() if one.target_class == name]
    rate = sum(one.destroyed for one in rows) / sum(one.launched for one in rows)
    return rate, min(1.0, rate / ENTERED_SHARE)


def launched_a_year(name):
    """Launched and destroyed of a class by year."""
    years = {}
    for one in observed_rates():
        if one.target_class == name:
            launched, destroyed = years.get(one.year, (0, 0))
            years[one.year] = launched + one.launched, destroyed + one.destroyed
    return list(years.values())


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_a_share_is_told_inside_below_or_above_the_bounds(share):
    one = run(dict.fromkeys(CLASSES, share))
    found = observed(one, one, 0.5)
    told = {row["class"]: row for row in found["rows"]}
    assert set(told) == {name for name in CLASSES if max(launched for launched, _ in launched_a_year(name)) >= LEAST_LAUNCHED}
    for name, row in told.items():
        low, high = bounds(name)
        assert row["bounds"] == pytest.approx([low, high])
        assert row["verdict"] == ("below them" if share < low else "inside the bounds" if share <= high else "above them")
    assert len(found["misses"]) == sum(row["verdict"] != "inside the bounds" for row in told.values())


def test_at_least_one_class_is_compared_and_can_miss_either_way():
    verdicts = {row["verdict"] for share in (0.0, 0.5, 1.0) for row in observed(*2 * [run(dict.fromkeys(CLASSES, share))], 0.5)["rows"]}
    assert verdicts == {"inside the bounds", "below them", "above them"}


def test_only_classes_that_came_and_have_claims_are_compared():
    one = run({NAME: 0.5, "tactical-aircraft": 0.5, CLASSES[0]: 0.5})
    one.batch.columns[f"targets/{CLASSES[0]}"][:] = 0
    assert [row["class"] for row in observed(one, one, 0.5)["rows"]] == [NAME]


def test_a_miss_is_said_first_and_every_caveat_goes_along():
    miss, hit = (observed(*2 * [run({NAME: share})], 0.5) for share in (0.0, 1.0))
    assert bounds(NAME)[1] == 1.0
    assert miss["said"][0] == f"Misses: {NAME}: 0% killed is below them, {bounds(NAME)[0]:.0%} to 100%."
    assert hit["said"][0] == "Misses: none."
    for found in (miss, hit):
        assert found["said"][2:] == list(SAID)
        assert "0.5 on the logit" in found["said"][1]
        assert found["caveats"] == list(caveats())


def test_the_effect_of_the_night_stands_beside_and_does_not_judge():
    row = observed(run({NAME: 0.9}), run({NAME: 0.2}), 0.5)["rows"][0]
    assert (row["night_off"]["estimate"], row["night_on"]["estimate"]) == (0.9, 0.2)
    assert row["verdict"] == "inside the bounds"


def test_yearly_rates_are_the_lowest_and_the_highest_of_years_with_enough_launches():
    row = observed(*2 * [run({NAME: 0.5})], 0.5)["rows"][0]
    rates = [destroyed / launched for launched, destroyed in launched_a_year(NAME) if launched >= LEAST_LAUNCHED]
    assert row["years"] == [min(rates), max(rates)]
    assert row["years"][0] < row["claimed"]["rate"] < row["years"][1]


def test_dispersion_is_one_for_luck_alone_and_more_for_nights_that_differ():
    """400 nights of 30 targets: the ratio of variances has a standard error of 0.071; four of them."""
    rng = np.random.default_rng(3)
    targets = np.full(400, 30)
    assert dispersion(rng.binomial(30, 0.7, 400), targets) == pytest.approx(1.0, abs=0.28)
    good = rng.random(400) < 0.5
    # Two kinds of nights, 0.5 and 0.9: between them 30^2 x 0.04 beside 30 x 0.21 within, less what the shares lack in spread.
    expected = (900 * 0.04 + 30 * (0.25 + 0.09) / 2) / (30 * 0.21)
    assert dispersion(rng.binomial(30, np.where(good, 0.9, 0.5)), targets) == pytest.approx(expected, rel=0.2)
    assert dispersion(np.full(5, 30), np.full(5, 30)) is None
    assert dispersion(np.array([3]), np.array([9])) is None
