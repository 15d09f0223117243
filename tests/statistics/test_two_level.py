"""Knowledge and luck are told apart on models whose truth is known."""

import numpy as np
import pytest

from openiads.statistics.intervals import never_seen, ratio_of
from openiads.statistics.two_level import by_unit, mean_of_samples, two_level


def test_noise_is_taken_out_of_the_knowledge_spread() -> None:
    """Yes/no outcomes, knowledge spread 0.05: ten replications show 0.16 naively, the corrected mean over studies is right."""
    rng = np.random.default_rng(1)
    naive, corrected = [], []
    for _ in range(200):
        p = np.clip(rng.normal(0.5, 0.05, 100), 0, 1)
        found = two_level(rng.random((100, 10)) < p[:, None])
        naive.append(found.naive_sd)
        corrected.append(found.knowledge_sd**2)
    assert np.mean(naive) > 0.14
    assert np.sqrt(np.mean(corrected)) == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize(("knowledge_sd", "luck_sd", "inner"), [(1.0, 3.0, 20), (1.0, 1.0, 50), (2.0, 6.0, 50)])
def test_ninety_percent_bands_cover_ninety_percent(knowledge_sd: float, luck_sd: float, inner: int) -> None:
    """400 studies of 100 samples each: the band holds 88 to 92 % of fresh true means."""
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(400):
        truth = rng.normal(10.0, knowledge_sd, 100)
        found = two_level(truth[:, None] + rng.normal(0.0, luck_sd, (100, inner)))
        fresh = rng.normal(10.0, knowledge_sd, 200)
        inside.append(((fresh >= found.band_low) & (fresh <= found.band_high)).mean())
    assert 0.88 <= np.mean(inside) <= 0.92


@pytest.mark.parametrize(("samples", "held"), [(4, 0.58), (8, 0.77), (16, 0.88)])
def test_bands_from_few_samples_hold_less_than_nine_in_ten(samples: int, held: float) -> None:
    """300 studies, luck as large as knowledge; a study's part has a spread of under 0.25: a miss by 0.05 comes in 1 in 1,000."""
    rng = np.random.default_rng(4)
    inside = []
    for _ in range(300):
        found = two_level(rng.normal(0.0, 1.0, (samples, 1)) + rng.normal(0.0, 1.0, (samples, 20)))
        fresh = rng.normal(0.0, 1.0, 200)
        inside.append(((fresh >= found.band_low) & (fresh <= found.band_high)).mean())
    assert np.mean(inside) == pytest.approx(held, abs=0.05)


@pytest.mark.parametrize(
    ("draw", "least", "most"),
    [
        (lambda rng: rng.normal(0.0, 1.0, (40, 1)), 0.91, 0.99),
        (lambda rng: rng.uniform(-(3.0**0.5), 3.0**0.5, (40, 1)), 0.96, 1.0),
        (lambda rng: rng.exponential(1.0, (40, 1)), 0.70, 0.88),
    ],
    ids=["normal", "uniform", "exponential"],
)
def test_interval_of_the_knowledge_spread_covers(draw, least: float, most: float) -> None:
    """400 studies whose true spread is 1; expected 0.95, 0.99 and 0.80: either limit fails by chance in under 1 in 1,000."""
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(400):
        found = two_level(draw(rng) + rng.normal(0.0, 2.0, (40, 15)))
        hits += found.knowledge_sd_low <= 1.0 <= found.knowledge_sd_high
    assert least <= hits / 400 <= most


def test_common_luck_cancels_between_samples_when_crossed() -> None:
    rng = np.random.default_rng(6)
    table = rng.normal(0.0, 0.5, (60, 1)) + rng.normal(0.0, 3.0, (1, 30)) + rng.normal(0.0, 0.3, (60, 30))
    crossed = two_level(table, crossed=True)
    assert crossed.knowledge_sd == pytest.approx(0.5, abs=0.12)
    assert crossed.knowledge_sd_high - crossed.knowledge_sd_low < 0.3
    assert crossed.luck_sd == pytest.approx(3.0, rel=0.4)


def test_one_replication_cannot_tell_luck_from_knowledge() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        two_level(np.zeros((10, 1)))


def test_no_spread_at_all() -> None:
    found = two_level(np.full((5, 5), 2.0))
    assert (found.knowledge_sd, found.luck_sd, found.band_low, found.band_high) == (0.0, 0.0, 2.0, 2.0)


@pytest.mark.parametrize("knowledge_sd", [0.0, 0.5])
def test_the_outer_band_claims_a_sign_falsely_in_under_one_in_twenty(knowledge_sd: float) -> None:
    """400 studies of a difference that is nothing on average, 12 samples of 5 replications."""
    rng = np.random.default_rng(7)
    false = 0
    for _ in range(400):
        found = two_level(rng.normal(0.0, knowledge_sd, (12, 1)) + rng.normal(0.0, 1.0, (12, 5)))
        false += found.outer_low > 0.0 or found.outer_high < 0.0
    assert false / 400 <= 0.05


def test_the_mean_over_samples_covers_with_few_nights_and_with_many() -> None:
    """Samples' means spread by 0.1: intervals over nights would miss nearly always, those over samples cover."""
    rng = np.random.default_rng(7)
    for nights in (5, 400):
        held = 0
        for _ in range(400):
            p = np.clip(rng.normal(0.4, 0.1, 12), 0.0, 1.0)
            a = rng.binomial(10, np.repeat(p, nights))
            found = mean_of_samples(a, np.full(a.size, 10), nights)
            assert found.replications == 12
            held += found.low <= 0.4 <= found.high
        assert held / 400 == pytest.approx(0.95, abs=0.035)


def test_samples_that_are_all_alike_leave_what_so_many_cannot_exclude() -> None:
    found = mean_of_samples(np.zeros(60, dtype=int), np.ones(60, dtype=int), 5)
    assert (found.estimate, found.low, found.replications) == (0.0, 0.0, 12)
    assert found.high == pytest.approx(never_seen(12))


def test_samples_of_one_unit_count_as_one_and_undefined_ones_as_none() -> None:
    a, b = [0, 1, 2, 3, 3, 3, 0, 0], [4, 4, 4, 4, 4, 4, 0, 0]
    found = mean_of_samples(a, b, 2, units=[0, 0, 1, 1])
    assert found.replications == 2
    assert found.estimate == pytest.approx(((1 / 8 + 5 / 8) / 2 + 6 / 8) / 2)
    assert mean_of_samples([0, 0], [0, 0], 2).method == "nothing to divide by"


def test_counts_of_one_unit_are_summed() -> None:
    found = by_unit([1, 0, 2, 3, 5], [4, 4, 4, 4, 8], [7, 3, 7, 3, 9])
    assert found == ratio_of([3, 3, 5], [8, 8, 8])
