"""The written-out filters against matrices, physics and their interpreted form."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import fill, full, packed, random_covariance

from openiads.kernel import plain
from openiads.model import consistency
from openiads.model.tracking import filters, scan
from openiads.model.tracking import table as t

SCALE = np.array([300.0, 200.0, 100.0, 20.0, 30.0, 10.0])
seeds = st.integers(0, 2**32 - 1)


def estimates(seed: int, count: int = 3) -> np.ndarray:
    draw = np.random.default_rng(seed)
    rows = np.zeros((count, t.ESTIMATE_WIDTH))
    for row in rows:
        row[:27] = packed(draw.normal(size=6) * SCALE * 10.0, random_covariance(draw, SCALE))
    return rows


def random_plot(seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed + 1)
    plot = np.zeros((1, 16))
    plot[0, :3] = draw.normal(size=3) * 1000.0
    plot[0, 3:9] = random_covariance(draw, np.array([50.0, 300.0, 200.0]))[np.triu_indices(3)]
    return plot


def matrices(dt: float, noise: float) -> tuple[np.ndarray, np.ndarray]:
    step = np.kron([[1.0, dt], [0.0, 1.0]], np.eye(3))
    s = abs(dt)
    spread = noise * np.kron([[s**3 / 3.0, s * dt / 2.0], [s * dt / 2.0, s]], np.eye(3))
    return step, spread


@settings(deadline=None, max_examples=40)
@given(seeds, st.floats(-20.0, 20.0), st.floats(0.01, 1000.0))
def test_prediction_and_update_equal_matrices(seed: int, dt: float, noise: float) -> None:
    rows, plot = estimates(seed), random_plot(seed)
    pull = np.array([1.0, -2.0, 0.5])
    step, spread = matrices(dt, noise)
    mean = step @ rows[0, :6] + np.concatenate([0.5 * dt * dt * pull, dt * pull])
    matrix = step @ full(rows[0]) @ step.T + spread
    filters.advance(rows, 0, dt, noise, *pull, rows, 1)
    np.testing.assert_allclose(rows[1, :6], mean, rtol=1e-10, atol=1e-8)
    np.testing.assert_allclose(full(rows[1]), matrix, rtol=1e-9, atol=1e-7)
    look = np.hstack([np.eye(3), np.zeros((3, 3))])
    error = np.zeros((3, 3))
    error[np.triu_indices(3)] = plot[0, 3:9]
    error += np.triu(error, 1).T
    inner = look @ matrix @ look.T + error
    gain = matrix @ look.T @ np.linalg.inv(inner)
    gap = plot[0, :3] - mean[:3]
    d2, det = filters.absorb(rows, 1, plot, 0)
    np.testing.assert_allclose(rows[1, :6], mean + gain @ gap, rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(full(rows[1]), matrix - gain @ inner @ gain.T, rtol=1e-6, atol=1e-4)
    assert d2 == pytest.approx(gap @ np.linalg.inv(inner) @ gap, rel=1e-6)
    assert det == pytest.approx(np.linalg.det(inner), rel=1e-6)
    assert np.all(np.linalg.eigvalsh(full(rows[1])) > 0.0)
    place = rows[0, :3] + dt * rows[0, 3:6] + 0.5 * dt * dt * pull
    assert filters.distance(rows, 0, dt, noise, *(plot[0, :3] - place), plot, 0)[0] == pytest.approx(d2, rel=1e-9)


@settings(deadline=None, max_examples=20)
@given(seeds, st.floats(0.5, 50.0))
def test_radial_speed_equals_matrices(seed: int, sd: float) -> None:
    rows, plot = estimates(seed), random_plot(seed)
    plot[0, t.RADIAL], plot[0, t.RADIAL_SD] = -120.0, sd
    origin = np.zeros(24)
    toward = plot[0, :3] / np.linalg.norm(plot[0, :3])
    look = np.concatenate([np.zeros(3), toward])
    matrix = full(rows[0])
    inner = look @ matrix @ look + sd * sd
    mean = rows[0, :6] + matrix @ look / inner * (-120.0 - look @ rows[0, :6])
    filters.correct_radial(rows, 0, origin, plot, 0)
    np.testing.assert_allclose(rows[0, :6], mean, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(full(rows[0]), matrix - np.outer(matrix @ look, matrix @ look) / inner, rtol=1e-7, atol=1e-7)


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_mixture_has_the_moments_of_its_parts(seed: int) -> None:
    rows = estimates(seed)
    share = np.random.default_rng(seed).dirichlet(np.ones(3))
    out = np.zeros((1, t.ESTIMATE_WIDTH))
    filters.combine(rows, 0, 3, share, out, 0)
    mean = share @ rows[:, :6]
    matrix = sum(w * (full(r) + np.outer(r[:6] - mean, r[:6] - mean)) for w, r in zip(share, rows, strict=True))
    np.testing.assert_allclose(out[0, :6], mean, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(full(out[0]), matrix, rtol=1e-10, atol=1e-6)


def naive_imm(modes, weight, dwell, noises, dt, plot):
    """The interacting multiple model written with matrices."""
    leave = dt / (dt + dwell)
    moves = np.full((3, 3), leave / 2.0) + np.eye(3) * (1.0 - 1.5 * leave)
    prior = weight @ moves
    look = np.hstack([np.eye(3), np.zeros((3, 3))])
    error = np.zeros((3, 3))
    error[np.triu_indices(3)] = plot[0, 3:9]
    error += np.triu(error, 1).T
    out, fit = [], np.zeros(3)
    for m in range(3):
        share = weight * moves[:, m] / prior[m]
        mean = share @ modes[:, :6]
        matrix = sum(w * (full(r) + np.outer(r[:6] - mean, r[:6] - mean)) for w, r in zip(share, modes, strict=True))
        step, spread = matrices(dt, noises[m])
        mean, matrix = step @ mean, step @ matrix @ step.T + spread
        inner = look @ matrix @ look.T + error
        gap = plot[0, :3] - mean[:3]
        gain = matrix @ look.T @ np.linalg.inv(inner)
        out.append((mean + gain @ gap, matrix - gain @ inner @ gain.T))
        fit[m] = prior[m] * math.exp(-0.5 * gap @ np.linalg.solve(inner, gap)) / math.sqrt(np.linalg.det(inner))
    fit /= fit.sum()
    mean = sum(w * o[0] for w, o in zip(fit, out, strict=True))
    return mean, sum(w * (o[1] + np.outer(o[0] - mean, o[0] - mean)) for w, o in zip(fit, out, strict=True)), fit


@settings(deadline=None, max_examples=20)
@given(seeds, st.floats(0.1, 20.0))
def test_imm_equals_matrices(seed: int, dt: float) -> None:
    draw = np.random.default_rng(seed)
    rows, modes = np.zeros((1, t.ESTIMATE_WIDTH)), estimates(seed)[:, :27].copy()
    weight = draw.dirichlet(np.ones(3))
    rows[0, t.WEIGHT : t.WEIGHT + 3] = weight
    plot = random_plot(seed)
    rules = t.rules(filter="imm", earth=False, noise_calm=1.0, noise_turn=400.0, noise_ballistic=0.1, dwell_s=40.0)
    mean, matrix, fit = naive_imm(modes.copy(), weight, 40.0, (1.0, 400.0, 0.1), dt, plot)
    scan.update_mixture(rows, modes, 0, rules, np.zeros(24), plot, 0, dt, np.zeros((4, 27)), np.zeros(64))
    np.testing.assert_allclose(rows[0, t.WEIGHT : t.WEIGHT + 3], fit, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(rows[0, :6], mean, rtol=1e-6, atol=1e-4)
    np.testing.assert_allclose(full(rows[0]), matrix, rtol=1e-5, atol=1e-2)


def one_row(position, velocity, rules=None) -> t.TrackTable:
    table = t.new_table(1, 1)
    table.estimate[0, :3], table.estimate[0, 3:6] = position, velocity
    if rules is not None:
        filters.lay_course(table.estimate, 0, rules)
    return table


def test_level_flight_keeps_its_height() -> None:
    """A flat frame would put a flight of 400 km 12.6 km too high."""
    radius = 6_371_000.0 + 10_000.0
    for share, factor in ((400e3, 1.0), (40e3, 1e-3)):
        rules = t.rules(ballistic_height_m=1e6)
        table = one_row((radius, 0.0, 0.0), (0.0, 250.0, 0.0), rules)
        for _ in range(100):
            state = filters.predict(table, 0, int(table.facts[0, t.TIME_US] + share / 250.0 * 1e4))
            table.estimate[0, :6] = state
            filters.lay_course(table.estimate, 0, rules)
            table.facts[0, t.TIME_US] += int(share / 250.0 * 1e4)
        rise = math.dist((0, 0, 0), table.estimate[0, :3]) - radius
        assert abs(rise) < 5.0 * factor + 1.0
    assert math.hypot(radius, 400e3) - radius == pytest.approx(12_500.0, rel=0.02)


def test_free_fall_follows_gravity_in_the_turning_frame() -> None:
    """Against a fine integration of the motion in the inertial frame."""
    spin, mu = t.EARTH_ROTATION_RADPS, t.EARTH_GRAVITATION_M3PS2
    start, speed = np.array([6_450_000.0, 300_000.0, 500_000.0]), np.array([-300.0, 900.0, 1200.0])
    rules = t.rules(ballistic_height_m=0.0)
    place, pace = start.copy(), speed + np.cross([0.0, 0.0, spin], start)
    for _ in range(10_000):
        mid = place + 0.0005 * pace
        pace = pace - 0.001 * mu * mid / np.linalg.norm(mid) ** 3
        place = place + 0.001 * (pace + 0.0005 * mu * mid / np.linalg.norm(mid) ** 3)
    turn = np.array([[math.cos(spin * 10), math.sin(spin * 10), 0], [-math.sin(spin * 10), math.cos(spin * 10), 0], [0, 0, 1]])
    truth = turn @ place
    found = filters.predict(one_row(start, speed, rules), 0, 10_000_000)
    assert math.dist(found[:3], truth) < 4.0
    flat = start + 10.0 * speed
    assert math.dist(flat, truth) > 450.0


def test_height_decides_free_fall_of_a_single_filter() -> None:
    rules = t.rules()
    assert filters.free_fall(one_row((6_378_137.0 + 50_000.0, 0, 0), (0, 0, 0)).estimate, 0, rules) == 1.0
    assert filters.free_fall(one_row((0, 0, 6_356_752.0 + 30_000.0), (0, 0, 0)).estimate, 0, rules) == 0.0
    assert filters.free_fall(one_row((0, 0, 6_356_752.0 + 50_000.0), (0, 0, 0)).estimate, 0, rules) == 1.0
    assert filters.acceleration(one_row((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)).estimate, 0, 0.5, rules) == (0.0, 0.0, 0.0)


def test_compiled_equals_interpreted() -> None:
    """Every kernel of the file, bit for bit."""
    for seed in range(5):
        rows, plot, rules = estimates(seed), random_plot(seed), t.rules()
        rows[:, :3] += (3_500_000.0, 1_800_000.0, 5_000_000.0)
        plot[0, :3] += (3_500_000.0, 1_800_000.0, 5_000_000.0)
        plot[0, t.RADIAL], plot[0, t.RADIAL_SD] = 30.0, 2.0
        other, share, sight = rows.copy(), np.array([0.2, 0.3, 0.5]), np.arange(24.0)
        for share_of_fall in (0.0, 0.4, 1.0):
            assert filters.acceleration(rows, 0, share_of_fall, rules) == plain(filters.acceleration)(other, 0, share_of_fall, rules)
        assert filters.free_fall(rows, 0, rules) == plain(filters.free_fall)(other, 0, rules)
        assert filters.distance(rows, 0, 3.0, 2.0, 9.0, 8.0, 7.0, plot, 0) == plain(filters.distance)(
            other, 0, 3.0, 2.0, 9.0, 8.0, 7.0, plot, 0
        )
        for form, array in ((lambda k: k, rows), (plain, other)):
            form(filters.advance)(array, 0, 3.0, 2.0, 0.1, 0.2, 0.3, array, 1)
            array[2, 30], array[2, 29] = form(filters.absorb)(array, 1, plot, 0)
            form(filters.correct_radial)(array, 1, sight, plot, 0)
            form(filters.combine)(array, 0, 2, share, array, 2)
            form(filters.lay_course)(array, 0, rules)
        np.testing.assert_array_equal(rows, other)
        table = one_row(rows[0, :3], rows[0, 3:6], rules)
        assert filters.predict(table, 0, 5_000_000) == plain(filters.predict)(table, 0, 5_000_000)


@pytest.mark.parametrize("kind", ["single", "imm"])
def test_a_matched_filter_knows_its_errors(kind: str) -> None:
    """The IMM with three equal models is the same filter; the seed's false-alarm rate is that of the 95 % bounds."""
    draw = np.random.default_rng(5)
    dt, noise, sd, runs, steps = 4.0, 8.0, 60.0, 40, 60
    rules = t.rules(filter=kind, earth=False, noise_calm=noise, noise_turn=noise, noise_ballistic=noise)
    root = np.linalg.cholesky(noise * np.array([[dt**3 / 3, dt * dt / 2], [dt * dt / 2, dt]]))
    errors, surprises = np.zeros((steps, runs)), np.zeros((steps, runs))
    plots = t.new_plots(1)
    for run in range(runs):
        state = np.concatenate([draw.normal(0, sd, 3), draw.normal(0, 100.0, 3)])
        table = t.new_table(1, 1)
        e = table.estimate
        e[0, [6, 12, 17]], e[0, [21, 24, 26]] = sd * sd, 1e4
        e[0, t.WEIGHT : t.WEIGHT + 3] = 1.0 / 3.0
        table.modes[:] = e[0, :27]
        for step in range(steps):
            shove = root @ draw.standard_normal((2, 3))
            state = np.concatenate([state[:3] + dt * state[3:] + shove[0], state[3:] + shove[1]])
            fill(plots, 0, state[:3] + draw.normal(0, sd, 3), sd)
            if kind == "imm":
                scan.update_mixture(e, table.modes, 0, rules, np.zeros(24), plots.real, 0, dt, np.zeros((4, 27)), np.zeros(64))
            else:
                scan.update_single(e, table.facts, 0, rules, np.zeros(24), plots.real, 0, dt, np.zeros((1, 27)))
                surprises[step, run] = e[0, t.SURPRISE]
            errors[step, run] = consistency.nees((e[0, :6] - state)[None], full(e[0])[None])[0]
    low, high = consistency.nees_bounds(6, runs)
    inside = np.mean((errors.mean(axis=1) >= low) & (errors.mean(axis=1) <= high))
    assert inside > 0.8
    assert errors.mean() == pytest.approx(6.0, abs=0.4)
    if kind == "single":
        low, high = consistency.nees_bounds(3, runs)
        assert np.mean((surprises.mean(axis=1) >= low) & (surprises.mean(axis=1) <= high)) > 0.8


def test_imm_leans_to_the_model_that_flies() -> None:
    """Straight, turning and falling motion raise the probability of the model made for it."""
    rules = t.rules(filter="imm", noise_calm=1.0, noise_turn=500.0, noise_ballistic=1.0, dwell_s=60.0)
    draw = np.random.default_rng(2)
    for kind in range(3):
        table, plots = t.new_table(1, 1), t.new_plots(1)
        e = table.estimate
        place, pace = np.array([6_378_137.0 + 60_000.0, 0.0, 0.0]), np.array([0.0, 900.0, 300.0])
        e[0, :3], e[0, 3:6] = place, pace
        e[0, [6, 12, 17]], e[0, [21, 24, 26]] = 900.0, 2500.0
        e[0, t.WEIGHT : t.WEIGHT + 3] = 1.0 / 3.0
        table.modes[:] = e[0, :27]
        for step in range(30):
            if kind == 2:
                moved = filters.predict(one_row(place, pace, t.rules(ballistic_height_m=0.0)), 0, 4_000_000)
            else:
                if kind == 1 and step > 4:
                    sine, cosine = math.sin(0.12), math.cos(0.12)
                    pace = np.array([pace[0], pace[1] * cosine - pace[2] * sine, pace[1] * sine + pace[2] * cosine])
                moved = filters.predict(one_row(place, pace, t.rules(ballistic_height_m=1e9)), 0, 4_000_000)
            place, pace = np.array(moved[:3]), np.array(moved[3:])
            fill(plots, 0, place + draw.normal(0, 30.0, 3), 30.0)
            scan.update_mixture(e, table.modes, 0, rules, np.zeros(24), plots.real, 0, 4.0, np.zeros((4, 27)), np.zeros(64))
        weight = e[0, t.WEIGHT : t.WEIGHT + 3]
        assert weight.sum() == pytest.approx(1.0)
        assert int(np.argmax(weight)) == kind, (kind, weight)


def test_position_error_grows_as_predicted() -> None:
    rules = t.rules(earth=False, noise_calm=3.0, noise_turn=90.0)
    table = t.new_table(1, 1)
    table.estimate[:] = estimates(4, 1)
    for seconds in (0.0, 7.0, -3.0):
        row = np.zeros((1, 27))
        filters.advance_row(table, 0, round(seconds * 1e6), rules, row, 0)
        expected = math.sqrt(np.trace(full(row[0])[:3, :3]))
        assert filters.position_sd_m(table, 0, round(seconds * 1e6), rules) == pytest.approx(expected, rel=1e-9)
        assert plain(filters.position_sd_m)(table, 0, round(seconds * 1e6), rules) == pytest.approx(expected, rel=1e-9)
    calm = filters.position_sd_m(table, 0, 9_000_000, rules)
    table.facts[0, t.TURNING] = 2
    assert filters.position_sd_m(table, 0, 9_000_000, rules) > calm
