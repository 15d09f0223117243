"""Closed forms of layers, channels and salvos: limits, identities and small simulations."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.errors import UserError
from openiads.model import layers, queueing, salvo

PROBABILITY = st.floats(0.01, 0.99)


@given(p=PROBABILITY, required=PROBABILITY)
@settings(deadline=None)
def test_shots_needed_is_the_fewest(p, required):
    n = layers.shots_needed(p, required)
    assert 1.0 - layers.leak(p, n) >= required - 1e-9
    assert n == 1 or 1.0 - layers.leak(p, n - 1) < required + 1e-9


@given(p=PROBABILITY, first=st.integers(0, 5), second=st.integers(0, 5))
@settings(deadline=None)
def test_a_look_saves_shots_and_costs_no_kill(p, first, second):
    kill, shots = layers.shoot_look_shoot(p, first, second)
    assert kill == pytest.approx(1.0 - (1.0 - p) ** (first + second), abs=1e-12)
    assert first <= shots <= first + second


@given(k=PROBABILITY, warheads=st.integers(1, 30), each=st.integers(0, 4))
@settings(deadline=None)
def test_coordination_never_leaks_more(k, warheads, each):
    coordinated = layers.coordinated_leak(warheads, warheads * each, k)
    assert coordinated == pytest.approx(warheads * (1.0 - k) ** each, abs=1e-12)
    assert coordinated <= layers.uncoordinated_leak(warheads, warheads * each, k) + 1e-12


def test_uncoordinated_fire_is_what_random_choice_gives():
    draw = np.random.default_rng(1)
    alive = np.ones((20_000, 10), bool)
    for _ in range(20):
        hit = draw.random(20_000) < 0.7
        alive[np.flatnonzero(hit), draw.integers(0, 10, 20_000)[hit]] = False
    leaked = alive.sum(axis=1)
    assert abs(leaked.mean() - layers.uncoordinated_leak(10, 20, 0.7)) < 4.0 * leaked.std() / math.sqrt(20_000)


def test_a_common_track_failure_caps_what_independence_would_promise():
    assert layers.no_leak_common_track(0.7, 100, 1, 0.95) <= 0.95
    assert layers.no_leak_common_track(0.7, 100, 20, 0.95) == pytest.approx(0.95)
    assert layers.no_leak(0.7, 100, 20, 0.95) == pytest.approx(0.95**20)


def test_interceptors_with_imperfect_tracking():
    assert layers.interceptors_needed(0.8, 10, 0.5, 0.99) > layers.interceptors_needed(0.8, 10, 0.5)
    with pytest.raises(UserError, match="alone lets warheads leak"):
        layers.interceptors_needed(0.8, 10, 0.5, 0.9)


@given(load=st.floats(0.01, 60.0), channels=st.integers(1, 40))
@settings(deadline=None)
def test_erlang_b_against_its_definition_and_its_inverse(load, channels):
    terms = [math.exp(n * math.log(load) - math.lgamma(n + 1)) for n in range(channels + 1)]
    loss = queueing.erlang_b(load, channels)
    assert loss == pytest.approx(terms[-1] / math.fsum(terms), rel=1e-9)
    if 1e-12 < loss < 1.0 - 1e-6:
        assert queueing.erlang_b_load(loss, channels) == pytest.approx(load, rel=1e-6)
    if load < channels:
        assert loss <= queueing.erlang_c(load, channels) <= 1.0


def test_erlang_b_does_not_care_for_the_service_law():
    draw = np.random.default_rng(2)
    arrivals = np.cumsum(draw.exponential(0.25, 40_000))
    for service in (np.ones(40_000), draw.exponential(1.0, 40_000)):
        free = np.zeros(6)
        lost = []
        for now, time in zip(arrivals, service):
            channel = int(free.argmin())
            lost.append(free[channel] > now)
            if not lost[-1]:
                free[channel] = now + time
        batches = np.array(lost).reshape(40, -1).mean(axis=1)
        assert abs(batches.mean() - queueing.erlang_b(4.0, 6)) < 4.0 * batches.std() / math.sqrt(40)


@given(mean=st.floats(0.0, 80.0), channels=st.integers(0, 60))
@settings(deadline=None)
def test_poisson_excess_against_its_definition(mean, channels):
    share, total = math.exp(-mean), 0.0
    for n in range(400):
        total += max(n - channels, 0) * share
        share *= mean / (n + 1)
    assert queueing.poisson_excess(mean, channels) == pytest.approx(total, rel=1e-9, abs=1e-12)


@given(*[st.floats(0.0, 20.0)] * 2, st.floats(0.0, 9.0), st.floats(0.0, 9.0), st.floats(0.1, 9.0))
@settings(deadline=None)
def test_salvo_losses_are_bounded_and_symmetric(a, b, offensive, defensive, staying):
    one, other = salvo.Side(a, offensive, defensive, staying), salvo.Side(b, offensive, defensive, staying)
    loss_a, loss_b = salvo.exchange(one, other)
    assert 0.0 <= loss_a <= a
    assert 0.0 <= loss_b <= b
    assert salvo.exchange(other, one) == (loss_b, loss_a)


@pytest.mark.parametrize(
    "call",
    [
        lambda: layers.leak(1.2, 1),
        lambda: layers.leak(0.5, -1),
        lambda: layers.leak(0.5, 1.5),
        lambda: layers.shots_needed(0.0, 0.9),
        lambda: layers.required_kill_probability(0.8, 0),
        lambda: layers.interceptors_needed(0.8, 5, 0.5, 0.0),
        lambda: queueing.erlang_b(-1.0, 2),
        lambda: queueing.erlang_b_load(0.01, 0),
        lambda: queueing.erlang_c(4.0, 4),
        lambda: queueing.poisson_excess(math.nan, 4),
        lambda: salvo.exchange(salvo.Side(1, 1, 1, 0), salvo.Side(1, 1, 1, 1)),
        lambda: salvo.exchange(salvo.Side(-1, 1, 1, 1), salvo.Side(1, 1, 1, 1)),
    ],
)
def test_wrong_numbers_are_refused(call):
    with pytest.raises(UserError):
        call()
