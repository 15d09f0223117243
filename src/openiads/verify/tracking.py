"""Checks of the filters: bounds, gates, gains, and that the filter knows its own errors."""

import numpy as np

from openiads.kernel import Reals
from openiads.model import consistency
from openiads.model.tracking.filters import absorb, advance
from openiads.verify import rows


def nees_bound(dimension: float, runs: float, is_upper: float) -> float:
    """One bound of the mean NEES."""
    return consistency.nees_bounds(int(dimension), int(runs))[int(is_upper)]


def gate(dimension: float, probability: float) -> float:
    """Gate threshold."""
    return consistency.gate_threshold(int(dimension), probability)


def kalata(tracking_index: float, part: float) -> float:
    """Gains alpha and beta, and the tracking index squared that they give back."""
    alpha, beta = consistency.kalata_gains(tracking_index)
    return (alpha, beta, beta * beta / (1.0 - alpha))[int(part)]


def steady_gain(index: float, part: float) -> float:
    """Gain alpha or beta of the filter after many scans of 1 s with unit errors."""
    estimate, plot = start(1e3, 1e3), unit_plot()
    for _ in range(2000):
        advance(estimate, 0, 1.0, index * index, 0.0, 0.0, 0.0, estimate, 0)
        spread = estimate[0, 6] + 1.0
        gains = estimate[0, 6] / spread, estimate[0, 9] / spread
        absorb(estimate, 0, plot, 0)
    return float(gains[int(part)])


def matched_share(runs: float, scans: float) -> float:
    """Share of scans at which the mean NEES of many runs lies inside its bounds."""
    count, steps, dt, noise, sd = int(runs), int(scans), 2.0, 5.0, 30.0
    draw = np.random.Generator(np.random.Philox(key=16))
    spread = noise * np.array([[dt**3 / 3.0, dt * dt / 2.0], [dt * dt / 2.0, dt]])
    root = np.linalg.cholesky(spread)
    errors = np.zeros((steps, count))
    for run in range(count):
        state = np.concatenate([draw.normal(0.0, sd, 3), draw.normal(0.0, 100.0, 3)])
        estimate, plot = start(sd * sd, 1e4), unit_plot(sd)
        for step in range(steps):
            shove = root @ draw.standard_normal((2, 3))
            state = np.concatenate([state[:3] + dt * state[3:] + shove[0], state[3:] + shove[1]])
            advance(estimate, 0, dt, noise, 0.0, 0.0, 0.0, estimate, 0)
            plot[0, :3] = state[:3] + draw.normal(0.0, sd, 3)
            absorb(estimate, 0, plot, 0)
            errors[step, run] = consistency.nees((estimate[0, :6] - state)[None], covariance(estimate[0])[None])[0]
    low, high = consistency.nees_bounds(6, count)
    mean = errors.mean(axis=1)
    return float(np.mean((mean >= low) & (mean <= high)))


def start(place_var_m2: float, speed_var_m2ps2: float) -> Reals:
    """Estimate at the origin, at rest."""
    estimate = np.zeros((1, 27))
    estimate[0, [6, 12, 17]] = place_var_m2
    estimate[0, [21, 24, 26]] = speed_var_m2ps2
    return estimate


def unit_plot(sd_m: float = 1.0) -> Reals:
    """Plot at the origin with equal errors."""
    plot = np.zeros((1, 16))
    plot[0, [3, 6, 8]] = sd_m * sd_m
    return plot


def covariance(row: Reals) -> Reals:
    """Covariance (6, 6) of an estimate."""
    full = np.zeros((6, 6))
    full[np.triu_indices(6)] = row[6:27]
    return full + np.triu(full, 1).T


CHECKS = rows.read("tracking", globals())
