"""Closed forms through the whole engine hold, and a wrong engine fails them."""

from dataclasses import replace

import numpy as np
import pytest

from openiads.model import codes
from openiads.plan import orders
from openiads.verify import engagement, runner
from openiads.verify.case import Check, Measured, settle

CHECKS = {check.id: check for check in engagement.CHECKS}


@pytest.fixture(autouse=True)
def _fresh():
    engagement.fought.cache_clear()
    engagement.service_time_s.cache_clear()


def test_there_are_enough_rows_that_the_engine_answers():
    quick = [check for check in engagement.CHECKS if not check.is_long]
    assert sum("formula" not in check.status for check in quick) >= 10
    assert "engagement" in runner.known_modules()
    assert any(check.is_long for check in engagement.CHECKS)


@pytest.mark.parametrize("name", ["E-1-n2", "E-2-2-2-shots", "E-3-three", "E-5-independent", "E-6-coordinated", "E-8-rho0.5"])
def test_a_closed_form_holds(name):
    case = settle(CHECKS[name])
    assert case.holds, (case.ours, case.reference, case.tolerance, case.failure)
    assert case.tolerance > 0.0


@pytest.mark.slow
def test_every_quick_row_holds():
    cases = [settle(check) for check in engagement.CHECKS if not check.is_long]
    assert [(case.id, case.ours, case.reference, case.failure) for case in cases if not case.holds] == []


@pytest.mark.parametrize("name", ["E-1-n1", "E-2-1-1-shots"])
def test_a_wrong_kill_probability_is_seen(name, monkeypatch):
    right = orders.kill_table
    monkeypatch.setattr(orders, "kill_table", lambda *args: 0.9 * right(*args))
    assert not settle(CHECKS[name]).holds


def test_one_channel_more_is_seen(monkeypatch):
    right = engagement.plan

    def one_more(scenario):
        made = right(scenario)
        units = made.plan.arms.units.copy()
        units["targets_max"] += 1
        return replace(made, plan=made.plan._replace(arms=made.plan.arms._replace(units=units)))

    assert settle(CHECKS["E-7-a2-c2"]).holds
    assert settle(CHECKS["E-9-m6-c6"]).holds
    engagement.fought.cache_clear()
    engagement.service_time_s.cache_clear()
    monkeypatch.setattr(engagement, "plan", one_more)
    assert not settle(CHECKS["E-7-a2-c2"]).holds
    assert not settle(CHECKS["E-9-m6-c6"]).holds


def test_with_channels_for_all_no_target_of_the_channels_battle_goes_unserved():
    """So that what a row counts is the want of a channel: a target missed otherwise is fewer than one in a thousand."""
    many = {"sites.unit.overrides.radars.tracking.simultaneous_targets": 500}
    assert engagement.of_load("channels", 5.0, 100, many, "tactical-aircraft").value < 1e-3


def test_a_channel_is_busy_from_order_to_intercept():
    """A target at 250 m/s from 30 km, and a missile that is no faster farther out: the flight solves r = 30 km + 250 m/s t."""
    arms = engagement.planned("channels", ()).plan.arms
    missile = int(np.flatnonzero(arms.weapons["kind"] == codes.WEAPON_MISSILE)[0])
    ranges_m = float(arms.weapons["flight_step_m"][missile]) * np.arange(arms.flights_s.shape[1])
    late_m = ranges_m - 250.0 * arms.flights_s[missile]
    at = int(np.argmax(late_m > 30.25e3))
    assert engagement.service_time_s("channels", ()) == pytest.approx(arms.flights_s[missile, at], abs=3.0)


def test_salvo_causes_that_are_ignored_are_seen(monkeypatch):
    right = engagement.plan

    def independent(scenario):
        return right(scenario.model_copy(update={"doctrine": scenario.doctrine.model_copy(update={"salvo_correlation": 0.0})}))

    monkeypatch.setattr(engagement, "plan", independent)
    assert not settle(CHECKS["E-8-rho0.5"]).holds


def test_the_tolerance_is_in_standard_errors_of_ours():
    case = settle(Check("X", "x", "x", 1.0, 4.0, "x", "closed form", lambda: Measured(1.3, 0.1)))
    assert case.holds
    assert case.tolerance == pytest.approx(0.4)
    assert not settle(Check("X", "x", "x", 1.0, 4.0, "x", "closed form", lambda: Measured(1.41, 0.1))).holds


def test_the_ratio_has_the_error_of_a_binomial_share():
    above = np.array([1, 0, 0, 1, 1, 0, 1, 1])
    told = engagement._ratio(above, np.ones_like(above))
    assert told.value == 0.625
    assert told.standard_error == pytest.approx(np.sqrt(0.625 * 0.375 / 7))
