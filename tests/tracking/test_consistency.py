"""Errors of filters: NEES by its definition, bounds that refuse nonsense, and steady gains against the Riccati equation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.errors import UserError
from openiads.model import consistency


def test_bounds_and_gates_refuse_nonsense() -> None:
    for call in (
        lambda: consistency.nees_bounds(0, 5),
        lambda: consistency.nees_bounds(2, 5, 1.0),
        lambda: consistency.gate_threshold(3, 0.0),
    ):
        with pytest.raises(UserError):
            call()


@settings(deadline=None, max_examples=30)
@given(st.floats(0.01, 20.0))
def test_kalata_gains_are_those_of_the_riccati_equation(index: float) -> None:
    """Steady gain of a Kalman filter with piecewise-constant acceleration of deviation ``index`` and unit errors."""
    step, push = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([0.5, 1.0])
    matrix = np.eye(2) * 1e3
    for _ in range(5000):
        gain = matrix[:, 0] / (matrix[0, 0] + 1.0)
        after = step @ (matrix - np.outer(gain, matrix[0])) @ step.T + index**2 * np.outer(push, push)
        if np.allclose(after, matrix, rtol=1e-13, atol=0.0):
            break
        matrix = after
    assert consistency.kalata_gains(index) == pytest.approx(tuple(matrix[:, 0] / (matrix[0, 0] + 1.0)), abs=1e-6)


def test_nees_equals_its_definition() -> None:
    draw = np.random.default_rng(0)
    errors, roots = draw.normal(size=(5, 4)), draw.normal(size=(5, 4, 6))
    spreads = roots @ roots.transpose(0, 2, 1)
    expected = [e @ np.linalg.inv(c) @ e for e, c in zip(errors, spreads, strict=True)]
    np.testing.assert_allclose(consistency.nees(errors, spreads), expected, rtol=1e-9)
