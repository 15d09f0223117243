"""The look table: who could see whom, when, how well; computed once for every replication and pruned at what a study may draw."""

import math
from typing import NamedTuple

import numpy as np

from openiads.catalogue.specs import RadarSpec, TargetSpec
from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.earth.mask import Mask, lowest_visible
from openiads.kernel import Ints, Reals, Shorts, Singles, allocating_kernel, kernel
from openiads.model import beam, detection, signature
from openiads.model.columns import BLOCKS, FAR_FUTURE_US, LOOK, MASKED_DB, WATCH, Table, table
from openiads.model.tracking.sight import ANTENNA_AMSL_M
from openiads.plan.losses import Level, snr_db
from openiads.scenario.models import Environment

PRUNE_DB = -18.0  # 15 dB below the level at which a single look succeeds once in ten thousand


class Sensor(NamedTuple):
    """One radar as the planner looks through it."""

    spec: RadarSpec
    level: Level
    mask: Mask
    coverage: Reals  # (24,), columns as in ``tracking.sight``
    range_max_m: float
    period_us: int
    floor_agl_m: float  # of an external feed, else 0
    report_probability: float  # of an external feed, else 0
    is_jammed: bool
    loses_aside: bool  # a flat array, which loses gain off its broadside; otherwise it turns towards what it looks at


class Found(NamedTuple):
    """The look table of all radars."""

    look_blocks: Shorts
    blocks: Table
    looks: Table
    visible: Ints


@kernel
def sample(paths: Table, position: Reals, velocity: Reals, path: int, at_us: int, out: Reals) -> None:
    """Write position and velocity (6,) on a path at a nominal time inside it (cubic Hermite)."""
    step_us = paths["step_us"][path]
    since = at_us - paths["start_us"][path]
    j = min(since // step_us, paths["count"][path] - 2)
    h = step_us * 1e-6
    s = (since - j * step_us) / step_us
    a = paths["first"][path] + j
    for c in range(3):
        p0, p1, v0, v1 = position[a, c], position[a + 1, c], velocity[a, c] * h, velocity[a + 1, c] * h
        out[c] = p0 + s * (v0 + s * (3.0 * (p1 - p0) - 2.0 * v0 - v1 + s * (2.0 * (p0 - p1) + v0 + v1)))
        out[3 + c] = (v0 + s * (2.0 * (3.0 * (p1 - p0) - 2.0 * v0 - v1) + s * 3.0 * (2.0 * (p0 - p1) + v0 + v1))) / h


@allocating_kernel
def survey(
    paths: Table,
    position: Reals,
    velocity: Reals,
    agl_m: Reals,
    amsl_m: Reals,
    coverage: Reals,
    period_us: int,
    range_max_m: float,
    low_agl_m: Singles,
    bearing_step_rad: float,
    range_step_m: float,
    seen: Reals,
    spans: Ints,
) -> int:
    """Look at every path at every scan; ``seen`` (looks, 10) keeps what may be worth rating; returns how many rows that is.

    Of each path that is one scan before its first above the mask to one after its last; ``spans`` (paths, 3) receives the first scan,
    the first row and the number of rows.  Beyond ``range_max_m`` only the range is computed; the bearing stays.

    Columns: range [m], bearing (unwrapped) and elevation [rad], height above ground of the target [m], 1 where it stands
    above the mask and within range, radial speed [m/s], cosine of the aspect (1: nose-on), ground range, height above the mask
    and height above sea level [m].
    """  # fmt: skip
    place = np.zeros(6)
    kept = 0
    for path in range(paths.shape[0]):
        begin = -(-paths["start_us"][path] // period_us)
        end = (paths["start_us"][path] + (paths["count"][path] - 1) * paths["step_us"][path]) // period_us + 1
        last = 0.0
        for k in range(begin, end):
            row = seen[kept + k - begin]
            sample(paths, position, velocity, path, k * period_us, place)
            if locate(coverage, place, range_max_m, row):
                if k > begin:
                    row[1] += 6.283185307179586 * math.floor((last - row[1]) / 6.283185307179586 + 0.5)
                last = row[1]
                heights(paths, agl_m, amsl_m, path, k * period_us, row)
                around = last - 6.283185307179586 * math.floor(last / 6.283185307179586)
                row[8] = row[3] - lowest_visible(low_agl_m, bearing_step_rad, range_step_m, around, row[7])
                row[4] = 1.0 if row[8] >= 0.0 else 0.0
            else:
                row[1] = last
        low, count = trim(seen, kept, max(end - begin, 0))
        spans[path, 0], spans[path, 1], spans[path, 2] = begin + low, kept, count
        kept += count
    return kept


@kernel
def trim(seen: Reals, first: int, count: int) -> tuple[int, int]:
    """Move one look before the first above the mask to one after the last to row ``first``; return how many went before, are left."""
    low, high = count, 0
    for n in range(count):
        if seen[first + n, 4] > 0.0:
            low, high = min(low, max(n - 1, 0)), min(n + 2, count)
    if high == 0:
        return 0, 0
    if low > 0:
        for n in range(low, high):
            for c in range(seen.shape[1]):
                seen[first + n - low, c] = seen[first + n, c]
    return low, high - low


@kernel
def locate(coverage: Reals, place: Reals, range_max_m: float, row: Reals) -> bool:
    """Write where a position and velocity (6,) lie from a radar, and say whether that is within its range."""
    dx, dy, dz = place[0] - coverage[0], place[1] - coverage[1], place[2] - coverage[2]
    east = dx * coverage[3] + dy * coverage[4] + dz * coverage[5]
    north = dx * coverage[6] + dy * coverage[7] + dz * coverage[8]
    up = dx * coverage[9] + dy * coverage[10] + dz * coverage[11]
    flat = math.sqrt(east * east + north * north)
    range_m = math.sqrt(flat * flat + up * up)
    if range_m > range_max_m:
        row[:] = 0.0
        row[0], row[7], row[8] = range_m, range_m, -1.0
        return False
    speed = math.sqrt(place[3] * place[3] + place[4] * place[4] + place[5] * place[5])
    radial = (dx * place[3] + dy * place[4] + dz * place[5]) / range_m
    row[0], row[1], row[2] = range_m, math.atan2(east, north), math.atan2(up, flat)
    row[5], row[6] = radial, -radial / max(speed, 1.0)
    # Ground range: the chord's level part brought down to the ground, good to a few metres in 400 km.
    row[7] = math.atan2(flat, MEAN_RADIUS_M + coverage[ANTENNA_AMSL_M] + up) * MEAN_RADIUS_M
    return True


@kernel
def heights(paths: Table, agl_m: Reals, amsl_m: Reals, path: int, at_us: int, row: Reals) -> None:
    """Write how high above ground and above sea level a path is at a nominal time."""
    s = (at_us - paths["start_us"][path]) / paths["step_us"][path]
    j = min(int(s), paths["count"][path] - 2)
    a = paths["first"][path] + j
    row[3] = agl_m[a] + (agl_m[a + 1] - agl_m[a]) * (s - j)
    row[9] = amsl_m[a] + (amsl_m[a + 1] - amsl_m[a]) * (s - j)


def look_table(
    sensors: list[Sensor],
    paths: Table,
    position: Reals,
    velocity: Reals,
    heights_m: tuple[Reals, Reals],
    specs: list[TargetSpec],
    class_of_path: Ints,
    rcs_db: Reals,
    environment: Environment,
) -> Found:
    """Return every look of every radar at every path that is above the mask and could be worth drawing for.

    Parameters
    ----------
    sensors : radars in the order of their rows
    paths, position, velocity : sampled paths, ECEF
    heights_m : heights above ground and above sea level by sample [m]
    specs : target classes by class index
    class_of_path : (paths,) class index
    rcs_db : (paths,) nose-on cross-section in dB over 1 m2
    environment : the models chosen by the scenario
    """  # fmt: skip
    blocks: list[tuple[int, int, int]] = []
    looks: list[Table] = []
    look_blocks = np.full((len(sensors), len(paths)), -1, np.int32)
    visible = np.zeros(int(paths["object"].max()) + 1 if len(paths) else 0, np.int64)
    offset = 0
    for r, sensor in enumerate(sensors):
        seen, spans = survey_all(sensor, paths, position, velocity, heights_m)
        level_db = levels_db(sensor, seen, spans, specs, class_of_path, rcs_db, environment)
        for path in np.flatnonzero(spans[:, 2]):
            begin, first, count = spans[path].tolist()
            rows = slice(first, first + count)
            above = seen[rows, 4] > 0.0
            if not above.any():
                continue
            visible[paths["object"][path]] = 1
            kept = np.flatnonzero(above & (level_db[rows] > PRUNE_DB))
            if not len(kept):
                continue
            low, high = int(kept[0]), int(kept[-1]) + 1
            if high - low < 2:
                low, high = (low, low + 2) if low + 2 <= count else (max(0, low - 1), high)
            block = table(LOOK, high - low)
            part = slice(first + low, first + high)
            block["range_m"], block["bearing_rad"], block["elevation_rad"] = seen[part, 0], seen[part, 1], seen[part, 2]
            block["snr_db"] = np.where(above[low:high], level_db[part], MASKED_DB - 9.0)
            look_blocks[r, path] = len(blocks)
            blocks.append((begin + low, high - low, offset))
            looks.append(block)
            offset += high - low
    found = table(BLOCKS, len(blocks))
    if blocks:
        found["first_scan"], found["count"], found["offset"] = np.array(blocks).T
    return Found(look_blocks, found, np.concatenate([*looks, table(LOOK, 1)]), visible)


def watches(found: Found, paths: Table, objects: Table, periods_us: Ints) -> tuple[Table, Ints]:
    """Return, radar by radar, the objects that it may see at all and between which starts of a scan, and where each radar's begin."""
    parts, first = [], [0]
    late_us = np.where(objects["gap_us"] > 0, FAR_FUTURE_US, objects["jitter_us"])  # members that come by chance may come late
    for r, period_us in enumerate(periods_us):
        flown = np.flatnonzero(found.look_blocks[r] >= 0)
        blocks = found.blocks[found.look_blocks[r, flown]]
        row = paths["object"][flown]
        begin_us, end_us = np.full(len(objects), FAR_FUTURE_US), np.full(len(objects), -FAR_FUTURE_US)
        np.minimum.at(begin_us, row, blocks["first_scan"] * period_us - objects["jitter_us"][row])
        np.maximum.at(end_us, row, (blocks["first_scan"] + blocks["count"]) * period_us + late_us[row])
        seen = np.unique(row)
        seen = seen[np.lexsort((seen, begin_us[seen]))]
        part = table(WATCH, len(seen))
        part["object"], part["from_us"], part["until_us"] = seen, begin_us[seen], end_us[seen]
        parts.append(part)
        first.append(first[-1] + len(seen))
    return np.concatenate([*parts, table(WATCH, 1)]), np.array(first, np.int64)


def survey_all(sensor: Sensor, paths: Table, position: Reals, velocity: Reals, heights_m: tuple[Reals, Reals]) -> tuple[Reals, Ints]:
    """Geometry of the scans of every path that may be worth rating: rows (looks, 10); by path its first scan, first row, number of rows."""
    most = paths["count"] * paths["step_us"] // sensor.period_us + 1
    seen, spans = np.empty((int(most.sum()), 10)), np.zeros((len(paths), 3), np.int64)
    rows = survey(
        paths, position, velocity, *heights_m, sensor.coverage, sensor.period_us, sensor.range_max_m,
        sensor.mask.lowest_visible_height_agl_m, sensor.mask.bearing_step_rad, sensor.mask.range_step_m, seen, spans,
    )  # fmt: skip
    return seen[:rows], spans


def levels_db(
    sensor: Sensor, seen: Reals, spans: Ints, specs: list[TargetSpec], class_of_path: Ints, rcs_db: Reals,
    environment: Environment,
) -> Reals:  # fmt: skip
    """Signal-to-noise ratio of every look [dB]."""
    spec = sensor.spec
    counts = spans[:, 2]
    if sensor.report_probability > 0.0:
        level = detection.remembered_snr_db(sensor.report_probability, spec.reference_pfa, spec.pulses, spec.swerling)
        return np.where(seen[:, 3] >= sensor.floor_agl_m, level, MASKED_DB)
    klass = np.repeat(class_of_path, counts)
    nose, beam_on, tail = (np.array([one.rcs_aspect_db[side].value for one in specs])[klass] for side in ("nose", "beam", "tail"))
    band = np.array([one.rcs_band_db[spec.band].value if spec.band in one.rcs_band_db else 0.0 for one in specs])[klass]
    size_db = np.repeat(rcs_db, counts) + signature.relative_db(seen[:, 6], nose, beam_on, tail, band, environment.cross_section)
    found_db = snr_db(sensor.level, size_db, seen[:, 0], seen[:, 7], seen[:, 3], seen[:, 9], seen[:, 8], environment.diffraction)
    if spec.emits and spec.minimum_radial_speed_mps > 0.0:
        # Clutter enters, and is filtered out, while the beam on the target still touches the ground.
        low = seen[:, 2] < spec.beamwidth_elevation_rad
        found_db[low] -= beam.doppler_loss_db(seen[low, 5], spec.minimum_radial_speed_mps)
    # Published limits are of the ray as the antenna sees it, which refraction lifts above the straight line.
    lifted = seen[:, 2] + seen[:, 7] / (2.0 * MEAN_RADIUS_M) * (1.0 - 1.0 / sensor.level.low.k)
    outside = (lifted < spec.elevation_min_rad) | (lifted > spec.elevation_max_rad)
    return np.where(outside, MASKED_DB - 9.0, found_db)
