"""Closed forms through the whole engine hold, and a wrong engine fails them."""

import numpy as np
import pytest

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
