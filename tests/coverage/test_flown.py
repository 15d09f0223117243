"""Coverage and the battle agree: targets flown through cells in the engine are seen, tracked and met as often as coverage says."""

import math

import numpy as np
import pytest

from openiads import scenario
from openiads.coverage.scene import work_of
from openiads.coverage.sensors import slant
from openiads.coverage.value import Height
from openiads.earth import geodesics
from openiads.earth.terrain import smooth
from openiads.engine import battle
from openiads.model import codes
from openiads.model.state import allocate
from openiads.plan import plan

LAT, LON = 53.95, 27.40
REPLICATIONS = 160
SCENE = """
format: openiads-scenario/1
name: flown
about: One radar and its battery; positions are illustrative.
duration: {minutes} min
assets: [{{name: base, at: {{lat: 53.95, lon: 27.40}}}}]
sites:
  - {{name: s400, system: s-400, at: {{lat: 53.95, lon: 27.40}}, facing: 270 deg, facing_error: 0 deg, screen: none, availability: 1,
     radars: [{{name: {radar}, antenna: 24 m, availability: 1}}], load: {{48N6E3: 40}}}}
doctrine: {{control: free, reserve: 0, decision_delay: 20 s, first_delay: 1, identification: {{threshold_free: 0.01}}}}
objects:
  - {{name: t, side: hostile, duty: transit, class: {kind}, start_jitter: 30 s,
     route: [{{at: {{lat: {lat0}, lon: {lon0}}}, height: {height} m agl, speed: {speed} m/s}}, {{at: {{lat: {lat1}, lon: {lon1}}}}}]}}
"""


def at(range_m):
    """A place west of the site."""
    lat, lon, _ = geodesics.direct(math.radians(LAT), math.radians(LON), math.radians(270.0), range_m)
    return math.degrees(float(lat)), math.degrees(float(lon))


def written(folder, radar, kind, height, speed, start_m, end_m):
    (lat0, lon0), (lat1, lon1) = at(start_m), at(end_m)
    minutes = math.ceil((start_m - end_m) / speed / 60.0 + 3)
    path = folder / f"{kind}-{height}-{start_m}-{end_m}.yaml"
    path.write_text(
        SCENE.format(radar=radar, minutes=minutes, kind=kind, height=height, speed=speed, lat0=lat0, lon0=lon0, lat1=lat1, lon1=lon1)
    )
    return scenario.read(str(path))


def logs(asked):
    """The log of each replication."""
    made = plan(asked)
    state = allocate(made.plan, 20_000)
    for replication in range(REPLICATIONS):
        battle.run(made.plan, made.knowledge, state, 7, replication, 1)
        count = int(state.board.clock["logged"][0])
        yield made, state.board.log_integers[:count].copy(), state.board.log_reals[:count].copy()


def errors_off(successes, trials, probability):
    """By how many standard errors a share of yes and no lies off its probability; 4 happen by chance in under 1e-4 of comparisons."""
    error = math.sqrt(max(probability * (1.0 - probability), 0.25 / trials) / trials)
    return abs(successes / trials - probability) / error


@pytest.mark.parametrize(("kind", "height", "cell_m"), [("cruise-missile-subsonic", 50, 42e3), ("low-observable-fighter", 9_000, 95e3)])
def test_a_look_at_a_cell(tmp_path, kind, height, cell_m):
    """Flights through a cell: plots of the search radar in it, of the looks that fall there."""
    speed, half_m = 240.0, 1_500.0
    asked = written(tmp_path, "96L6E", kind, height, speed, cell_m + 12e3, cell_m - 12e3)
    work = work_of(asked, _figures(), smooth(), 100)
    beam = work.beams[0]
    made = work.profile(beam, work.catalogue.target(kind), Height(float(height)))
    inside = np.abs(made.range_m - cell_m) < half_m
    low_m, high_m = slant(np.array([cell_m - half_m, cell_m + half_m]), np.full(2, float(height)), 24.0)[0]
    plots = 0
    for _, log, reals in logs(asked):
        ranges = reals[log[:, 2] == codes.PLOT, 3]
        plots += int(((ranges >= low_m) & (ranges <= high_m)).sum())
    looks = 2.0 * half_m / speed / (beam.sensor.period_us * 1e-6) * REPLICATIONS
    expected = float(np.mean(made.pd[0, inside])) * looks
    assert 0.05 * looks < expected < 0.95 * looks
    assert abs(plots - expected) <= 4.0 * math.sqrt(expected), (plots, expected, looks)  # at most the spread of a Poisson count


def _figures():
    from openiads.catalogue import load

    return load()


@pytest.mark.parametrize("probability", [0.2, 0.5, 0.8])
def test_a_firm_track_by_a_cell(tmp_path, probability):
    """Flights that end in a cell: the share with a firm track by then."""
    kind, height = "low-observable-fighter", 9_000
    target = _figures().target(kind)
    probe = written(tmp_path, "96L6E", kind, height, target.speed_mps.value, 200e3, 190e3)
    work = work_of(probe, _figures(), smooth(), 100)
    beam = next(one for one in work.beams if one.name.endswith("96L6E"))
    score = work.firm(beam, target, Height(float(height)))[0]
    cell = int(np.flatnonzero(score >= probability)[-1])
    asked = written(tmp_path, "96L6E", kind, height, target.speed_mps.value, 190e3, float(beam.range_m[cell]))
    firm = sum(bool((log[:, 2] == codes.TRACK_FIRM).any()) for _, log, _ in logs(asked))
    assert errors_off(firm, REPLICATIONS, float(score[cell])) <= 4.0


def test_the_first_intercept_takes_place_where_coverage_says(tmp_path):
    """Flights straight in: the share met at or before a cell, at cells where coverage goes from rarely to nearly always."""
    kind, height = "low-observable-fighter", 9_000
    target = _figures().target(kind)
    asked = written(tmp_path, "92N6E", kind, height, target.speed_mps.value, 190e3, 5e3)
    work = work_of(asked, _figures(), smooth(), 100)
    made = work.reached(work.units[0], target, Height(float(height)))
    first_m = []
    for planned, log, reals in logs(asked):
        met = np.flatnonzero((log[:, 2] == codes.INTERCEPT) & np.isin(log[:, 5], (codes.SHOT_KILL, codes.SHOT_MISS, codes.SHOT_UNRELIABLE)))
        frame = planned.plan.arms.frames[0]
        ranges = [math.dist(reals[row, :3], frame[:3]) for row in met]
        first_m.append(max(ranges, default=0.0))
    found = np.asarray(first_m)
    row = made.protected[270 * len(made.protected) // 360]
    for probability in (0.1, 0.5, 0.9):
        cell = int(np.flatnonzero(row >= probability)[-1])
        assert errors_off(int((found >= made.range_m[cell]).sum()), REPLICATIONS, float(row[cell])) <= 4.0
