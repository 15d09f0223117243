"""The engine: one step, one order, no truth in decisions, and more of anything never hurts."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from openiads.engine import battle, start
from openiads.model import codes
from openiads.model.agenda import FINISHED
from openiads.model.state import allocate
from openiads.scenario import shipped


def fought(planned, seed=1, replication=0, trace=0, know=None):
    """The log's integers of one replication."""
    state = allocate(planned.plan, 50_000)
    assert battle.run(planned.plan, know or planned.knowledge, state, seed, replication, trace) == FINISHED
    return state.board.log_integers[: state.board.clock["logged"][0]].copy(), state


def test_a_python_loop_over_step_writes_the_same_log(small):
    whole, _ = fought(small)
    state = allocate(small.plan, 50_000)
    start.init(small.plan, small.knowledge, state, 1, 0, 0)
    while battle.step(small.plan, small.knowledge, state) == 0:
        pass
    assert np.array_equal(whole, state.board.log_integers[: state.board.clock["logged"][0]])


def test_time_never_runs_back_and_every_object_ends_once(small):
    log, _ = fought(small)
    assert (np.diff(log[:, 0]) >= 0).all()
    ends = log[log[:, 2] == codes.END]
    assert sorted(ends[:, 6]) == list(range(len(small.plan.sky.objects)))


def test_the_same_seed_repeats_and_another_does_not(small):
    first, _ = fought(small, seed=5, replication=3)
    again, _ = fought(small, seed=5, replication=3)
    other, _ = fought(small, seed=6, replication=3)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_recording_more_changes_nothing_that_counts(small):
    plain_log, _ = fought(small)
    traced, _ = fought(small, trace=1)
    kept = traced[traced[:, 2] < codes.TRACE]
    kept = kept[kept[:, 2] != codes.TRACK_START]
    assert np.array_equal(plain_log[:, :7], kept[:, :7])


def test_the_plan_is_not_touched(small):
    def digest():
        parts = [
            array for group in small.plan for array in (group if isinstance(group, tuple) else (group,)) if isinstance(array, np.ndarray)
        ]
        return hashlib.sha256(b"".join(array.tobytes() for array in parts)).hexdigest()

    before = digest()
    fought(small, replication=9)
    assert digest() == before
    with pytest.raises(ValueError, match="read-only"):
        small.plan.sky.objects["key"][0] = 1


def relabelled(planned, name, side):
    """The same plan with the truth of one object changed and no evidence: neither ever had a transponder."""
    rows = [row for row, each in enumerate(planned.names.objects) if each.startswith(name)]
    objects = planned.plan.sky.objects.copy()
    objects["iff"][rows] = 0.0
    objects["side"][rows] = side
    objects.flags.writeable = False
    return planned.plan._replace(sky=planned.plan.sky._replace(objects=objects))


@pytest.mark.parametrize("name", ["jet", "drone", "liner"])
def test_no_decision_reads_the_truth(small, name):
    """Swapping whose an object really is, without changing any evidence, changes no label, order, launch or shot."""
    logs = []
    for side in (codes.HOSTILE, codes.CIVIL, codes.FRIENDLY):
        changed = relabelled(small, name, side)
        state = allocate(changed, 50_000)
        battle.run(changed, small.knowledge, state, 1, 4, 0)
        log = state.board.log_integers[: state.board.clock["logged"][0]]
        kinds = (codes.TRACK_FIRM, codes.LABEL, codes.ORDER, codes.LAUNCH, codes.INTERCEPT, codes.ASSESS, codes.SILENT)
        logs.append(log[np.isin(log[:, 2], kinds)].copy())
    assert len(logs[0]) > 5
    assert np.array_equal(logs[0], logs[1])
    assert np.array_equal(logs[0], logs[2])


def test_an_inert_radar_changes_no_other_draw(small, tmp_path):
    from tests.engine.conftest import planned

    other = planned(tmp_path, overrides=["sites.close.reloads=1"])
    first, _ = fought(small)
    second, _ = fought(other)
    assert np.array_equal(first, second)


def test_without_compilation_the_log_is_the_same(tmp_path):
    script = (
        "import hashlib, sys, warnings; warnings.simplefilter('ignore'); sys.path.insert(0, '.');"
        "from pathlib import Path; from tests.engine.conftest import planned; from tests.engine.test_battle import fought;"
        f"print(hashlib.sha256(fought(planned(Path({str(tmp_path)!r}), 1))[0].tobytes()).hexdigest())"
    )
    digests = []
    for off in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": off}
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        digests.append(done.stdout.strip())
    assert digests[0] == digests[1]


def leaks(planned, know, n=150):
    """Leakers of each of n replications."""
    state = allocate(planned.plan, 50_000)
    found = np.zeros(n)
    for k in range(n):
        battle.run(planned.plan, know, state, 11, k, 0)
        found[k] = np.count_nonzero(state.board.objects["end"] == codes.LEAKED)
    return found


def test_more_kill_probability_never_raises_mean_leakage(small):
    """Paired on common random numbers; a false alarm at 4 standard errors is below 4e-5."""
    low = leaks(small, small.knowledge._replace(kill=small.knowledge.kill * 0.5))
    high = leaks(small, small.knowledge)
    difference = high - low
    assert difference.mean() <= 4.0 * difference.std(ddof=1) / np.sqrt(len(difference))
    assert high.mean() < low.mean()


@pytest.mark.parametrize("change", ["sites.close.load.57E6=24", "sites.post.load.9M96E2=16"])
def test_more_rounds_never_raise_mean_leakage(small, tmp_path, change):
    """As above, false alarm below 4e-5 each."""
    from tests.engine.conftest import planned

    more = planned(tmp_path, overrides=[change] if "close" not in change else ["sites.close.load={57E6: 24}"])
    difference = leaks(more, more.knowledge) - leaks(small, small.knowledge)
    assert difference.mean() <= 4.0 * difference.std(ddof=1) / np.sqrt(len(difference)) + 1e-12


def test_more_channels_never_raise_mean_leakage(tmp_path):
    """As above, with one target and one missile at a time against the catalogue's channels, on a raid that comes all at once
    and against rounds enough for it; false alarm below 4e-5.
    """
    from tests.engine.conftest import planned

    dense = ("objects.drone.count=16", "objects.drone.spacing=1 s", "objects.drone.route.0.speed=90 m/s",
             "sites.post.launchers=8", "sites.post.load={48N6E3: 16, 9M96E2: 32}")  # fmt: skip
    many = planned(tmp_path, overrides=dense)
    units = many.plan.arms.units.copy()
    units["targets_max"] = units["missiles_max"] = 1
    units.flags.writeable = False
    fewer = replace(many, plan=many.plan._replace(arms=many.plan.arms._replace(units=units)))
    difference = leaks(many, many.knowledge) - leaks(fewer, fewer.knowledge)
    assert difference.mean() <= 4.0 * difference.std(ddof=1) / np.sqrt(len(difference))
    assert difference.mean() < -1.0


def test_a_higher_mast_never_raises_mean_leakage(tmp_path):
    """As above, against low flyers, one acquisition radar on its vehicle and on its mast; false alarm below 4e-5."""
    from tests.engine.conftest import planned

    low = "objects.drone.route.0.height=50 m agl"
    found = []
    for configuration in ("masted", "mobile"):
        radars = f"sites.post.radars=[{{name: 96L6E, configuration: {configuration}}}, {{name: 92N6E, configuration: mobile}}]"
        one = planned(tmp_path, overrides=[low, radars])
        found.append(leaks(one, one.knowledge))
    difference = found[0] - found[1]
    assert difference.mean() <= 4.0 * difference.std(ddof=1) / np.sqrt(len(difference)) + 1e-12


@pytest.mark.parametrize("name", ["minsk-2021", "minsk-2021-s300", "ankara-2021-s400", "ankara-2021-patriot", "quiet-sky", "raid-60"])
def test_every_shipped_battle_runs_and_its_ends_add_up(name):
    from openiads.plan import plan
    from openiads.scenario import read

    assert name in shipped()
    planned = plan(read(name))
    log, _ = fought(planned)
    ends = log[log[:, 2] == codes.END]
    assert len(ends) == len(planned.plan.sky.objects)
    assert len({*ends[:, 6]}) == len(ends)
