"""Observed rates: aggregates that add up to what the collection states, with their caveats."""

import pytest

from openiads.catalogue import caveats, observed_rates


def total(weapon_class):
    rows = [rate for rate in observed_rates() if rate.weapon_class == weapon_class]
    return sum(rate.launched for rate in rows), sum(rate.destroyed for rate in rows)


@pytest.mark.parametrize(
    ("weapon_class", "launched", "destroyed"),
    [
        ("shahed", 102119, 76722),
        ("kh-101-555", 2103, 1813),
        ("iskander-m-kn-23", 928, 176),
        ("kinzhal", 231, 64),
        ("s-300-400-surface", 494, 2),
    ],
)
def test_totals_are_those_of_the_published_table(weapon_class, launched, destroyed):
    assert total(weapon_class) == (launched, destroyed)


def test_classes_are_those_of_the_catalogue(shipped):
    named = {rate.target_class for rate in observed_rates()}
    assert named - {None} <= set(shipped.targets)
    assert None in named


def test_a_rate_is_a_share_and_has_bounds():
    for rate in observed_rates():
        assert 0.0 <= rate.rate <= rate.rate_with_not_reached <= 1.0
        low, high = rate.bounds(0.3)
        assert low == rate.rate <= high <= 1.0
        assert rate.bounds(1.0) == (rate.rate, rate.rate)


def test_the_caveats_go_with_it():
    text = " ".join(caveats())
    for said in ("Petro Ivaniuk", "NOT VERIFIED", "NOT a single-shot kill probability", "One side's claims"):
        assert said in text
