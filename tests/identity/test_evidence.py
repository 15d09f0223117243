"""Evidence: states sum to one, Bayes written out agrees, and what shares a cause counts once."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.kernel import plain
from openiads.model import evidence
from openiads.model.columns import FAMILY_ROWS, table
from openiads.plan.orders import _IF_CIVIL, _IF_FRIENDLY, _IF_HOSTILE

likelihood, posterior = plain(evidence.likelihood), plain(evidence.posterior)
PLACE = {evidence.CORRIDOR, evidence.FLIGHT_PLAN, evidence.ORIGIN, evidence.COOPERATIVE}
STATES = (4, 6, 3, 2, 2, 1, 3, 3, 1)


@pytest.fixture(scope="module")
def families():
    rows = table(FAMILY_ROWS, 6)
    rows["if_hostile"], rows["if_civil"], rows["if_friendly"] = _IF_HOSTILE, _IF_CIVIL, _IF_FRIENDLY
    return rows


@pytest.mark.parametrize("kind", [kind for kind in range(9) if kind not in (evidence.EMISSIONS, evidence.HOSTILE_ACT)])
@pytest.mark.parametrize("military", [0, 1])
def test_the_states_of_a_kind_sum_to_one_for_each_side(families, kind, military):
    total = np.sum([likelihood(families, military, kind, state) for state in range(1, STATES[kind] + 1)], axis=0)
    assert total == pytest.approx([1.0, 1.0, 1.0], abs=0.02)
    assert total[0] == pytest.approx(1.0, abs=1e-9) or kind == evidence.KINEMATICS


def packed(states):
    return sum(state << (evidence.BITS * kind) for kind, state in enumerate(states))


def by_hand(families, states, priors):
    """Bayes' rule written out; of the kinds that rest on the place the one with the largest log-ratio alone."""
    pieces = {kind: likelihood(families, 0, kind, state) for kind, state in enumerate(states) if state}
    place = [kind for kind in pieces if kind in PLACE]
    if place:
        strongest = max(place, key=lambda kind: max(abs(math.log(pieces[kind][0] / other)) for other in pieces[kind][1:]))
        pieces = {kind: piece for kind, piece in pieces.items() if kind not in PLACE or kind == strongest}
    weights = np.prod([priors, *pieces.values()], axis=0)
    return weights / weights.sum()


@settings(deadline=None)
@given(st.tuples(*(st.integers(0, most) for most in STATES)))
def test_belief_is_bayes_rule_with_one_piece_a_cause(states):
    rows = table(FAMILY_ROWS, 6)
    rows["if_hostile"], rows["if_civil"], rows["if_friendly"] = _IF_HOSTILE, _IF_CIVIL, _IF_FRIENDLY
    priors = (0.5, 0.3, 0.2)
    assert posterior(rows, 0, packed(states), *priors) == pytest.approx(by_hand(rows, states, priors), abs=1e-12)


def test_pieces_with_one_cause_say_no_more_than_the_strongest(families):
    """A track outside every airway, with no plan, no reported position and from the threat's sector is one surprise, not four."""
    alone = [posterior(families, 0, packed([0] * kind + [state] + [0] * (8 - kind)), 1 / 3, 1 / 3, 1 / 3)[0]
             for kind, state in ((2, 3), (3, 2), (4, 1), (6, 3))]  # fmt: skip
    together = posterior(families, 0, packed([0, 0, 3, 2, 1, 0, 3, 0, 0]), 1 / 3, 1 / 3, 1 / 3)[0]
    assert any(together == pytest.approx(one) for one in alone)


def test_every_state_has_a_word():
    for kind, words in enumerate(evidence.STATES):
        assert len(words) > STATES[kind]
        assert len(set(words)) == len(words)
    assert len({*itertools.chain(*evidence.STATES)}) > 20
    assert len(evidence.KINDS) == len(evidence.STATES) == 9
