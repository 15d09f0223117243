"""The shipped scenarios of mistaken engagements: somebody is engaged, and mending what went wrong lowers the risk."""

import numpy as np
import pytest

from openiads.results.running import run
from openiads.results.source import source_of
from openiads.results.sweeping import effects, fighter
from openiads.scenario import read

NAMES = ("misid-bias", "misid-iff", "misid-arm", "misid-airway")
REPLICATIONS = 120


@pytest.fixture(scope="module", params=NAMES)
def told(request):
    """A scenario's baseline and its effects."""
    baseline = run(request.param, replications=REPLICATIONS, workers=1)
    return baseline, effects(source_of(request.param, ()), baseline, fighter(baseline.seed, REPLICATIONS, 1, None))


def test_somebody_is_engaged_by_mistake_but_not_everybody(told):
    outcome = told[0].outcome
    assert 0 < outcome["civil_engaged"] + outcome["friendly_engaged"] < 0.9 * outcome["flights"]


def test_mending_a_factor_lowers_the_risk_beyond_doubt_and_the_worst_variant_raises_it(told):
    wrong = [row for row in told[1] if row["measure"] == "wrong_engaged_per_raid"]
    assert any(row["high"] < 0 for row in wrong)
    mended = next(row for row in wrong if row["factor"] == "all mended")
    assert mended["high"] < 0
    worst = next(row for row in wrong if row["factor"] == "worst documented")
    assert worst["low"] > 0.0


def test_each_states_its_sources_and_every_factor_has_words(told):
    asked = told[0].scenario
    assert asked.sources
    assert "illustrative" in str(asked.about)
    assert all(factor.about for factor in asked.factors)


def test_a_launch_at_a_flight_tells_on_what_evidence(told):
    baseline = told[0]
    columns = baseline.batch.columns
    number = int(np.flatnonzero(columns["civil_engaged"] + columns["friendly_engaged"])[0])
    one = baseline.replay(number)
    assert one.believed()
    assert all("belief hostile" in sentence and "Priors" in sentence for sentence in one.believed())


def test_the_catalogue_of_sources_is_real():
    from openiads.catalogue import load

    known = load().sources
    for name in NAMES:
        for line in read(name).sources:
            for word in str(line).partition(":")[0].split(","):
                assert word.strip() in known, line
