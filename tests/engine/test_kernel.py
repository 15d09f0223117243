"""The cache of compiled kernels: never stale, and never in the way."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CALLER = """from toy.{folder}callee import value
from toy.const import K
from openiads.kernel import kernel


@kernel
def f(x):
    return value(x) + K
"""
CALLEE = "from openiads.kernel import kernel\n\n\n@kernel\ndef value(x):\n    return {factor} * x\n"


def package(root: Path, factor: int, constant: int) -> None:
    """A package whose kernel in one folder calls a kernel in another and reads a constant in a third file."""
    for folder in ("toy", "toy/deep", "toy/side"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "__init__.py").write_text("")
    (root / "toy/deep/caller.py").write_text(CALLER.format(folder="side."))
    (root / "toy/side/callee.py").write_text(CALLEE.format(factor=factor))
    (root / "toy/const.py").write_text(f"K = {constant}\n")


def value(root: Path, cache: Path, **more: str) -> str:
    environment = {**os.environ, "OPENIADS_CACHE_DIR": str(cache), "PYTHONPATH": str(root), **more}
    script = "from toy.deep.caller import f; print(f(1.0), sum(getattr(f, 'stats').cache_hits.values()) if hasattr(f, 'stats') else 0)"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_an_edited_callee_or_constant_in_another_file_is_never_served_stale(tmp_path):
    cache = tmp_path / "cache"
    package(tmp_path, factor=20, constant=1)
    assert value(tmp_path, cache) == "21.0 0"
    assert value(tmp_path, cache) == "21.0 1", "the second process does not use the cache"
    package(tmp_path, factor=70, constant=1)
    assert value(tmp_path, cache) == "71.0 0"
    package(tmp_path, factor=70, constant=7)
    assert value(tmp_path, cache) == "77.0 0"


def test_every_kernel_of_the_engine_is_covered_by_its_hash():
    from openiads import kernel
    from openiads.engine import battle

    root = Path(kernel.__file__).parent
    reached = kernel._reached(Path(battle.__file__), root)
    for name in ("chance.py", "model/sensing.py", "model/command.py", "model/tracking/scan.py", "earth/geodesy.py"):
        assert root / name in reached
    parts = {path.relative_to(root).parts[0] for path in reached}
    assert not parts & {"__init__.py", "scenario", "plan", "results"}, "an edit far from the engine would compile it anew"


def test_a_home_that_cannot_be_written_costs_only_time(tmp_path):
    package(tmp_path, factor=2, constant=0)
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    assert value(tmp_path, nowhere / "below", HOME=str(nowhere), XDG_CACHE_HOME=str(nowhere / "x")).startswith("2.0")


def test_what_only_a_kernel_itself_can_call_is_its_own(tmp_path):
    script = """
import numpy as np
from llvmlite.binding import Linkage
from openiads.model.tracking.scan import update_mixture
from openiads.model.tracking import table
zeros = lambda *shape: np.zeros(shape)
update_mixture(np.ones((1, 40)), np.ones((3, 40)), 0, np.ones(40), np.ones(30), np.ones((1, 30)), 0, 1.0, zeros(3, 40), zeros(3))
library = next(iter(update_mixture.overloads.values())).library
found = {each.name.split("filters")[-1][:10]: each.linkage for each in library.get_defined_functions() if "filters" in each.name}
print(len(found) > 0 and all(linkage == Linkage.internal for linkage in found.values()), len(found))
"""
    environment = {**os.environ, "OPENIADS_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("True"), done.stdout


def test_where_bounds_are_checked_an_index_below_zero_fails_in_this_package_only(tmp_path):
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy/__init__.py").write_text(
        "from openiads.kernel import kernel\n\n\n@kernel\ndef put(reals, row, v):\n    reals[row, 0] = v\n"
    )
    script = """
import numpy as np
import toy
from openiads.model.agenda import put
room = np.zeros((3, 5))
toy.put(room, -1, 7.0)
print(room[2, 0])
try:
    put(room, -1, 1.0, 2.0, 3.0, 4.0, 5.0)
except IndexError:
    print("refused")
"""
    environment = {**os.environ, "OPENIADS_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(tmp_path), "NUMBA_BOUNDSCHECK": "1"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["7.0", "refused"]
    assert (tmp_path / "checked-kernels").is_dir()
    assert not (tmp_path / "kernels").exists(), "checked code would be served to other runs"


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["minsk-2021", "saturation-drones", "misid-bias", "raid-1000"])
def test_no_kernel_of_a_battle_reaches_outside_its_arrays(tmp_path_factory, scenario):
    script = f"""
from openiads.engine.battle import run
from openiads.log import digest
from openiads.model.state import allocate
from openiads.plan import plan
from openiads.scenario import read
made = plan(read({scenario!r}))
state = allocate(made.plan)
for k in range(1 if len(made.plan.sky.objects) > 500 else 3):
    run(made.plan, made.knowledge, state, 1, k, 0)
    print(digest(state.board.log_integers[: int(state.board.clock["logged"][0])]).hex())
"""
    cache = tmp_path_factory.getbasetemp() / "checked"
    environment = {**os.environ, "OPENIADS_CACHE_DIR": str(cache), "NUMBA_BOUNDSCHECK": "1"}
    checked = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    usual = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert checked.stdout == usual.stdout
