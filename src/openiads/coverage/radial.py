"""What one radar sees along each bearing: visibility, probability of detection, and what hides the target where it is not seen."""

import math
from dataclasses import dataclass

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage.confirm import track_probability
from openiads.coverage.sensors import Beam, Looks, signal_db, slant
from openiads.coverage.value import FACTORS, Height
from openiads.earth.mask import Mask
from openiads.earth.refraction import lowest_visible_height_m
from openiads.kernel import Reals, Singles
from openiads.model.detection import TABLE_LOW_DB, TABLE_PER_DB, required_snr_db
from openiads.model.tables import MASKED_DB
from openiads.scenario.models import Scenario

SMOOTH_STEP_M = 200.0
TERRAIN_STEP_M = 500.0
GAP_M = 1_000.0
LEVEL = 0.5
CUMULATIVE_LEVEL = 0.9
OK = -1
HORIZON, TERRAIN, SCREEN, SIGNAL, JAMMING, SECTOR, KINEMATICS, RATING, TIME, CHANNEL, INSTRUMENTED = range(len(FACTORS))


@dataclass(frozen=True, eq=False)
class Profile:
    """One radar, class and height over (bearing, range); a single row where nothing depends on bearing.

    ``over_m`` is how far the target stands above the mask; ``why`` is OK or the factor that keeps one look below its level.
    """

    range_m: Reals
    over_m: Reals
    snr_db: Reals  # masked where not visible
    pd: Reals
    why: np.ndarray
    needed_db: float


def probability(table: Reals, snr_db: Reals) -> Reals:
    """Return the probability of detection of one look from a detector's table, zero where masked."""
    place = (snr_db - TABLE_LOW_DB) * TABLE_PER_DB
    found = np.interp(place, np.arange(table.size), table)
    return np.where(place > 0.0, found, 0.0)


def _sampled(mask: Mask, values: Reals | Singles, range_m: Reals, rows: int) -> Reals:
    """Return values of a mask's cells at ranges, rows thinned to whole degrees where there are more than one."""
    columns = np.clip(range_m / mask.range_step_m, 0.0, values.shape[1] - 1.0)
    low = np.minimum(columns.astype(np.int64), values.shape[1] - 2)
    part = columns - low
    lines = np.zeros(1, np.int64) if rows == 1 else np.rint(np.arange(rows) * values.shape[0] / rows).astype(np.int64) % values.shape[0]
    chosen = values[lines].astype(np.float64)
    return np.asarray(chosen[:, low] * (1.0 - part) + chosen[:, low + 1] * part)


def profile(beam: Beam, target: TargetSpec, height: Height, scenario: Scenario) -> Profile:
    """Return what a radar sees of a class at a height, coming straight in."""
    mask = beam.sensor.mask
    rows = 1 if mask.lowest_visible_height_agl_m.shape[0] == 1 else 360
    step_m = SMOOTH_STEP_M if rows == 1 else TERRAIN_STEP_M
    range_m: Reals = np.arange(1.0, math.ceil(beam.sensor.range_max_m / step_m) + 1.0) * step_m
    ground_m = np.zeros((1, range_m.size))
    if mask.ground_amsl_m.size:
        ground_m = _sampled(mask, mask.ground_amsl_m, range_m, rows)
    agl_m = np.broadcast_to(height.value_m - (ground_m if height.datum == "amsl" else 0.0), (rows, range_m.size))
    amsl_m = agl_m + ground_m
    over_m = agl_m - _sampled(mask, mask.lowest_visible_height_agl_m, range_m, rows)
    slant_m, elevation = slant(range_m[None, :], amsl_m, mask.antenna_amsl_m)
    ground = np.broadcast_to(range_m, slant_m.shape)
    column = [values.reshape(-1) for values in (slant_m, elevation, ground, agl_m, amsl_m, over_m, np.ones(slant_m.shape))]
    snr_db = signal_db(beam, Looks(*column), target, scenario.environment)
    snr_db = snr_db.reshape(rows, range_m.size)
    spec = beam.spec
    needed_db = float(required_snr_db(LEVEL, spec.reference_pfa, spec.pulses, spec.swerling))
    why = _reasons(beam, height, rows, range_m, over_m, agl_m, snr_db, needed_db, slant_m)
    seen_db = np.where((over_m >= 0.0) & (slant_m <= beam.sensor.range_max_m), snr_db, MASKED_DB)
    return Profile(range_m, over_m, seen_db, probability(beam.detector, seen_db), why, needed_db)


def _reasons(
    beam: Beam, height: Height, rows: int, range_m: Reals, over_m: Reals, agl_m: Reals, snr_db: Reals, needed_db: float, slant_m: Reals
) -> np.ndarray:
    """Return what keeps one look below its level in each cell, the last cause first."""
    bare: Reals = agl_m - _sampled(beam.open_mask, beam.open_mask.lowest_visible_height_agl_m, range_m, rows)
    round_m = lowest_visible_height_m(range_m, beam.sensor.level.low.antenna_m, beam.k)
    why = np.where(snr_db < needed_db, SIGNAL, OK)
    why = np.where(snr_db <= MASKED_DB, SECTOR, why)
    hidden = np.where(bare >= 0.0, SCREEN, np.where((agl_m >= round_m) & (agl_m >= 0.0), TERRAIN, HORIZON))
    why = np.where(over_m < 0.0, np.where(agl_m < 0.0, TERRAIN, hidden), why)
    return np.asarray(np.where(slant_m > beam.sensor.range_max_m, INSTRUMENTED, why))


def reach(range_m: Reals, score: Reals, level: float) -> tuple[Reals, np.ndarray]:
    """Return, for each row, the first range going outward at which a score falls below its level, and the cell where it does.

    A row starts at its first cell that meets the level, so that a cone of silence overhead does not end it; gaps narrower than
    ``GAP_M`` are below the resolution of the product and do not end it either. The range is 0 and
    the cell the first one where no cell meets the level; the cell is the number of cells where every one out to the end does.
    """
    good = score >= level
    starts = np.argmax(good, axis=1)
    columns = np.arange(score.shape[1])
    width = max(1, round(GAP_M / (range_m[1] - range_m[0])))
    tail = np.concatenate([~good, np.ones((good.shape[0], width - 1), bool)], axis=1)
    gap = np.logical_and.reduce([tail[:, i : i + good.shape[1]] for i in range(width)])
    beyond = gap & (columns[None, :] > starts[:, None])
    ends = np.where(beyond.any(axis=1), np.argmax(beyond, axis=1), score.shape[1])
    lines = np.arange(score.shape[0])
    inside, outside = score[lines, ends - 1], score[lines, np.minimum(ends, score.shape[1] - 1)]
    drop = np.where(ends < score.shape[1], inside - outside, 1.0)
    part = np.where(ends < score.shape[1], np.clip((inside - level) / np.where(drop > 0.0, drop, 1.0), 0.0, 1.0), 0.0)
    step_m = range_m[1] - range_m[0]
    found = range_m[ends - 1] + part * step_m
    none = ~good.any(axis=1)
    return np.where(none, 0.0, found), np.where(none, 0, ends)


def edge(made: Profile, ends: np.ndarray, found: Reals) -> Reals:
    """Return reaches with those that end at the mask moved to the exact crossing of the mask's edge."""
    lines = np.arange(made.over_m.shape[0]) if made.over_m.shape[0] == ends.size else np.zeros(ends.size, np.int64)
    out = found.copy()
    inner = (ends > 0) & (ends < made.range_m.size)
    a, b = made.over_m[lines[inner], ends[inner] - 1], made.over_m[lines[inner], ends[inner]]
    hidden = (a >= 0.0) & (b < 0.0)
    step_m = made.range_m[1] - made.range_m[0]
    crossing = made.range_m[ends[inner] - 1] + step_m * a / np.where(hidden, a - b, 1.0)
    out[inner] = np.where(hidden, crossing, out[inner])
    return out


def track_score(range_m: Reals, pd: Reals, beam: Beam, speed_mps: float, scenario: Scenario) -> Reals:
    """Return the probability of a firm track at each range on the inbound course."""
    rule = scenario.tracking
    return track_probability(range_m, pd, speed_mps * beam.sensor.period_us * 1e-6, rule.confirm.m, rule.confirm.n, rule.drop)


def final_cause(made: Profile, ends: np.ndarray) -> np.ndarray:
    """Return what ends a reach: the factor of the first look, at or beyond its end, that falls below its level."""
    rows = made.why.shape[0]
    lines = np.arange(rows) if rows == ends.size else np.zeros(ends.size, np.int64)
    bad = (made.why[lines] != OK) & (np.arange(made.range_m.size)[None, :] >= ends[:, None])
    first = np.argmax(bad, axis=1)
    return np.asarray(np.where(bad.any(axis=1), made.why[lines, first], INSTRUMENTED))
