"""What one radar sees over bearing and range: visibility, probability of detection, and what hides the target where it is not seen."""

import math
from dataclasses import dataclass

import numpy as np

from openiads.catalogue.specs import TargetSpec
from openiads.coverage.confirm import track_probability
from openiads.coverage.course import Lanes, cosine_to
from openiads.coverage.jamming import Jams
from openiads.coverage.polar import Polar, arc_rad, bearings_rad
from openiads.coverage.sensors import Beam, Looks, signal_db, slant
from openiads.coverage.value import FACTORS, Height
from openiads.earth.mask import Mask
from openiads.earth.refraction import lowest_visible_height_m
from openiads.kernel import Reals, Singles
from openiads.model.columns import MASKED_DB
from openiads.model.detection import TABLE_LOW_DB, TABLE_PER_DB, remembered_snr_db
from openiads.scenario.models import Scenario

GAP_M = 1_000.0
LEVEL = 0.5
CUMULATIVE_LEVEL = 0.9
OK = -1
HORIZON, TERRAIN, SCREEN, SIGNAL, JAMMING, SECTOR, KINEMATICS, RATING, TIME, CHANNEL, INSTRUMENTED = range(len(FACTORS))


@dataclass(frozen=True, eq=False)
class Profile:
    """One radar, class and height over (bearing, range); a single row where nothing depends on bearing.

    ``over_m`` and ``bare_over_m`` are how far the target stands above the mask, with and without the site's screen; ``why`` is
    OK or the factor that keeps one look below its level.
    """

    range_m: Reals
    over_m: Reals
    bare_over_m: Reals
    snr_db: Reals  # over noise and jamming, masked where not visible
    pd: Reals
    ahead_db: Reals  # (ranges,) the same for a target that flies in on the facing bearing
    bare_ahead_db: Reals  # (ranges,) without the site's screen
    agl_ahead_m: Reals  # (ranges,) height of the target above the ground on the facing bearing
    why: np.ndarray

    @property
    def is_seen_bare(self) -> np.ndarray:
        """Whether the target would be above the mask without the screen, within the instrumented range."""
        return np.asarray((self.bare_over_m >= 0.0) & (self.why != INSTRUMENTED))


def probability(table: Reals, snr_db: Reals) -> Reals:
    """Return the probability of detection of one look from a detector's table, zero where masked."""
    place = (snr_db - TABLE_LOW_DB) * TABLE_PER_DB
    found = np.interp(place, np.arange(table.size), table)
    return np.asarray(np.where(place > 0.0, found, 0.0))


def sampled(mask: Mask, values: Reals | Singles, range_m: Reals, rows: int) -> Reals:
    """Return values of a mask's cells at ranges on evenly spaced bearings (rows, ranges)."""
    columns = np.clip(range_m / mask.range_step_m, 0.0, values.shape[1] - 1.0)
    low = np.minimum(columns.astype(np.int64), values.shape[1] - 2)
    part = columns - low
    lines = np.rint(np.arange(rows) * values.shape[0] / rows).astype(np.int64) % values.shape[0]
    chosen = values[lines[:1] if values.shape[0] == 1 else lines].astype(np.float64)
    return np.asarray(chosen[:, low] * (1.0 - part) + chosen[:, low + 1] * part)


def profile(beam: Beam, target: TargetSpec, height: Height, scenario: Scenario, course_rad: float | None, jammed: Jams | None) -> Profile:
    """Return what a radar sees of a class at a height on a course; None is straight in from everywhere."""
    mask, range_m, rows = beam.sensor.mask, beam.range_m, beam.rows
    ground_m = beam.ground_amsl_m[:, : range_m.size]
    agl_m = np.broadcast_to(height.value_m - (ground_m if height.datum == "amsl" else 0.0), (rows, range_m.size))
    over_m = agl_m - sampled(mask, mask.lowest_visible_height_agl_m, range_m, rows)
    bare_m = agl_m - sampled(beam.open_mask, beam.open_mask.lowest_visible_height_agl_m, range_m, rows)
    slant_m, elevation = slant(range_m[None, :], agl_m + ground_m, mask.antenna_amsl_m)
    level = np.cos(elevation + arc_rad(range_m))  # the share of a level flight that is straight at the radar, nose-on
    bearing = bearings_rad(rows)
    lost_db = np.zeros((1, 1)) if jammed is None else jammed.loss_db(beam.row, bearing, elevation)
    in_range = slant_m <= beam.sensor.range_max_m
    is_seen = (over_m >= 0.0) & in_range
    ahead = round(beam.facing_rad / (2.0 * math.pi) * rows) % rows

    def snr(part: slice, cosine: Reals, above_m: Reals) -> Reals:
        """Return the signal-to-noise ratio on some bearings [dB], from the cosines of course and line of sight, above a mask."""
        columns = (slant_m, elevation, np.broadcast_to(range_m, slant_m.shape), agl_m, agl_m + ground_m, above_m, level * cosine)
        seen = ((above_m >= 0.0) & in_range)[part].reshape(-1)
        found = np.full(seen.size, MASKED_DB)
        looks = Looks(*(values[part].reshape(-1)[seen] for values in columns))
        found[seen] = signal_db(beam, looks, target, scenario.environment)
        return found.reshape(-1, range_m.size)

    same = beam.smooth and course_rad is None  # then the looks are the same on every bearing
    facing = slice(ahead, ahead + 1)
    bare_db = snr(facing, np.ones((1, 1)), bare_m)
    bends = scenario.environment.diffraction  # only then does the level depend on how far above the mask the target stands
    ahead_db = snr(facing, np.ones((1, 1)), over_m) if bends else np.where(is_seen[facing], bare_db, MASKED_DB)
    clear_db = np.broadcast_to(ahead_db, slant_m.shape) if same else snr(slice(None), cosine_to(course_rad, bearing)[:, None], over_m)
    clear_db = clear_db - beam.scan_loss_db(rows)[:, None]
    seen_db = clear_db - lost_db
    lost_ahead_db = lost_db[ahead % len(lost_db)]
    needed_db = remembered_snr_db(LEVEL, beam.spec.reference_pfa, beam.spec.pulses, beam.spec.swerling)
    why = np.where(seen_db < needed_db, np.where(clear_db < needed_db, SIGNAL, JAMMING), OK)
    why = np.where(clear_db <= MASKED_DB, SECTOR, why)
    why = np.where(over_m < 0.0, _hides(beam, range_m, agl_m, bare_m), why)
    why = np.where(slant_m > beam.sensor.range_max_m, INSTRUMENTED, why)
    kept_db = np.where(is_seen, seen_db, MASKED_DB)
    inward_db, bare_inward_db = (np.where(one > MASKED_DB, one - lost_ahead_db, MASKED_DB) for one in (ahead_db[0], bare_db[0]))
    return Profile(range_m, over_m, bare_m, kept_db, probability(beam.detector, kept_db), inward_db, bare_inward_db, agl_m[ahead], why)


def _hides(beam: Beam, range_m: Reals, agl_m: Reals, bare_m: Reals) -> np.ndarray:
    """Return what hides a target that stands below the mask."""
    round_m = lowest_visible_height_m(range_m, beam.antenna_agl_m, beam.k)
    hidden = np.where(bare_m >= 0.0, SCREEN, HORIZON)
    return hidden if beam.smooth else np.where((bare_m < 0.0) & ((agl_m >= round_m) | (agl_m < 0.0)), TERRAIN, hidden)


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
    return np.where(good.any(axis=1), _crossing(range_m, score, level, ends), 0.0), np.where(good.any(axis=1), ends, 0)


def closed(covered: np.ndarray, step_m: float) -> np.ndarray:
    """Return cells (rows, ranges) with gaps narrower than ``GAP_M`` along the range filled."""
    from scipy.ndimage import binary_closing

    width = max(1, round(GAP_M / step_m))
    padded = np.pad(covered, ((0, 0), (width, width)))
    return np.asarray(binary_closing(padded, np.ones((1, width), bool))[:, width:-width])


def farthest(range_m: Reals, score: Reals, level: float) -> Reals:
    """Return, for each row, the range beyond which the level is never met, islands included."""
    good = score >= level
    ends = np.where(good.any(axis=1), score.shape[1] - np.argmax(good[:, ::-1], axis=1), 1)
    return np.where(good.any(axis=1), _crossing(range_m, score, level, ends), 0.0)


def _crossing(range_m: Reals, score: Reals, level: float, ends: np.ndarray) -> Reals:
    """Return where a score crosses its level between the last good cell and the next, linear between them."""
    lines = np.arange(score.shape[0])
    inside, outside = score[lines, ends - 1], score[lines, np.minimum(ends, score.shape[1] - 1)]
    drop = np.where(ends < score.shape[1], inside - outside, 1.0)
    part = np.where(ends < score.shape[1], np.clip((inside - level) / np.where(drop > 0.0, drop, 1.0), 0.0, 1.0), 0.0)
    return np.asarray(range_m[ends - 1] + part * (range_m[1] - range_m[0]))


def edge(range_m: Reals, over_m: Reals, ends: np.ndarray, found: Reals) -> Reals:
    """Return reaches (rows,) with those that end at the mask moved to the exact crossing of the mask's edge."""
    lines = np.arange(ends.size)
    out = found.copy()
    inner = (ends > 0) & (ends < range_m.size)
    a, b = over_m[lines[inner], ends[inner] - 1], over_m[lines[inner], ends[inner]]
    hidden = (a >= 0.0) & (b < 0.0)
    step_m = range_m[1] - range_m[0]
    crossing = range_m[ends[inner] - 1] + step_m * a / np.where(hidden, a - b, 1.0)
    out[inner] = np.where(hidden, crossing, out[inner])
    return out


def track_score(range_m: Reals, pd: Reals, beam: Beam, speed_mps: float, scenario: Scenario) -> Reals:
    """Return the probability of a firm track at each range of rows along which a target comes, the farthest range first."""
    rule = scenario.tracking
    return track_probability(range_m, pd, speed_mps * beam.sensor.period_us * 1e-6, rule.confirm.m, rule.confirm.n, rule.drop)


def on_lanes(pd: Reals, beam: Beam, speed_mps: float, scenario: Scenario, course_rad: float) -> tuple[Reals, Lanes]:
    """Return the probability of a firm track on the lanes of one course (lanes, along), from that of one look in each cell."""
    lit = np.flatnonzero(pd.any(axis=0))
    lanes = Lanes(course_rad, float(beam.range_m[lit[-1]]) if lit.size else 4.0 * beam.step_m)
    return track_score(lanes.along_m, lanes.of(Polar(pd, beam.step_m)), beam, speed_mps, scenario), lanes


def outward(why: np.ndarray) -> np.ndarray:
    """Return, for each cell, the factor of the first cell at or beyond it that fails; the instrumented range beyond the last."""
    columns = np.arange(why.shape[1])
    following = np.where(why != OK, columns, why.shape[1])
    nearest = np.minimum.accumulate(following[:, ::-1], axis=1)[:, ::-1]
    padded = np.concatenate([why, np.full((why.shape[0], 1), INSTRUMENTED, why.dtype)], axis=1)
    return np.asarray(np.take_along_axis(padded, nearest, axis=1))


def at_ends(cause: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return the factor at the cell where each row's reach ends."""
    padded = np.concatenate([cause, np.full((cause.shape[0], 1), INSTRUMENTED, cause.dtype)], axis=1)
    return np.asarray(padded[np.arange(ends.size) % cause.shape[0], ends])
