"""Studies of real battles: the same digest for any worker count and on an emulated older processor, and in time."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from openiads.errors import UserError
from openiads.study import aside, study
from openiads.study.alternatives import Alternative
from openiads.study.battle import EngineBattle

TEXT = """format: openiads-study/1
name: real
about: a test
question: how many leak?
seed: 11
blocks:
  - name: pair
    kind: compare
    replications: 4
    alternatives: {Patriot: {scenario: ankara-2021-patriot, only: [cruise-1]}, S-400: {scenario: ankara-2021-s400, only: [cruise-1]}}
  - name: unknown
    kind: knowledge
    replications: 2
    alternatives: {S-400: {scenario: ankara-2021-s400, only: [cruise-1]}}
    knowledge:
      samples: 4
      replications: 2
      figures: {targets.cruise-missile-subsonic.pk: range, environment.k_factor: {uniform: [1.2, 1.5]}}
"""
CODE = """
import hashlib, json, sys
import numpy as np
from openiads.study import study
x = np.linspace(0.01, 30.0, 100_000)
bits = hashlib.sha256(b"".join(f(x).tobytes() for f in (np.exp, np.log, np.tan, np.sin, np.cos, np.arctan))).hexdigest()
if __name__ == "__main__":
    print(json.dumps([bits, study(sys.argv[1], sys.argv[2], engine="inline")["digest"]]))
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(aside, "reaches", lambda *_: [])
    (tmp_path / "real.yaml").write_text(TEXT)
    return tmp_path / "real.yaml"


def test_real_battles_give_the_same_digest_in_this_process_and_in_workers(asked: Path, tmp_path: Path) -> None:
    here = study(asked, tmp_path / "a", engine="inline")
    there = study(asked, tmp_path / "b", engine="local", workers=2)
    assert here["digest"] == there["digest"]
    assert here["replications"] == 4 + 4 + 4 * 2  # the stated S-400 is the same in both blocks
    assert here["page"]["limits"]["anchors"]["rows"]


MINE = "format: openiads-scenario/1\nname: mine\nabout: {about}\nbase: ankara-2021-s400\nchanges: {{cruise-1.count: {count}}}\n"
MY_STUDY = """format: openiads-study/1
name: edited
about: a test
question: how many leak?
kind: replicate
replications: 4
alternatives: {one: {scenario: mine.yaml, only: [cruise-1]}}
"""


def _write(folder: Path, count: int) -> None:
    (folder / "mine.yaml").write_text(MINE.format(about="Positions are illustrative.", count=count))


def test_a_process_that_serves_two_studies_does_not_mix_an_edited_scenario_up(asked: Path, tmp_path: Path) -> None:
    (tmp_path / "mine-study.yaml").write_text(MY_STUDY)
    found = []
    for turn, count in enumerate((1, 3, 1)):
        _write(tmp_path, count)
        found.append(study(tmp_path / "mine-study.yaml", tmp_path / f"o{turn}", engine="inline"))
    assert [one["totals"]["main / one"]["targets"] for one in found] == [4, 12, 4]
    assert found[0]["digest"] == found[2]["digest"] != found[1]["digest"]


def test_a_scenario_that_is_edited_while_its_study_runs_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, 1)
    one = Alternative("main / one", "mine.yaml", only=("cruise-1",))
    battle = EngineBattle(1, {one.key: one}, home=str(tmp_path)).pinned({})
    battle(one.key, -1, 0, 1)
    other = Alternative("main / two", "mine.yaml", (("doctrine.reserve", 0.1),), only=("cruise-1",))
    battle = replace(battle, alternatives={other.key: other})
    (tmp_path / "mine.yaml").write_text(MINE.format(about="Another remark; positions are illustrative.", count=1))
    battle(other.key, -1, 0, 1)  # a remark is no edit
    _write(tmp_path, 2)
    with pytest.raises(UserError, match=r"mine\.yaml: was edited while its study ran"):
        battle(other.key, 0, 0, 1)


OLDER = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3 AVX512_ICL AVX512_SPR",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX2_Usable,-FMA_Usable,-AVX512F",
    "OPENBLAS_CORETYPE": "Haswell",
}


@pytest.mark.slow
def test_an_emulated_older_processor_gives_the_same_digest(asked: Path, tmp_path: Path) -> None:
    """The emulation must really change the bits of numpy's functions, or the test proves nothing."""
    found = []
    for number, extra in enumerate(({}, OLDER)):
        environment = {**os.environ, **extra}
        words = [sys.executable, "-W", "ignore", "-c", CODE, asked, tmp_path / f"out{number}"]
        done = subprocess.run(words, capture_output=True, text=True, env=environment, timeout=900)
        assert done.returncode == 0, done.stderr
        found.append(json.loads(done.stdout.splitlines()[-1]))
    assert found[0][0] != found[1][0], "the emulation changed no bits"
    assert found[0][1] == found[1][1]


@pytest.mark.slow
def test_ten_thousand_replications_in_a_minute_with_flat_memory(tmp_path: Path) -> None:
    (tmp_path / "many.yaml").write_text(
        "format: openiads-study/1\nname: many\nabout: a test\nquestion: how many leak?\nkind: replicate\nreplications: 10000\n"
        "alternatives: {a: {scenario: minsk-2021}}\n"
    )
    began = time.monotonic()
    found = study(tmp_path / "many.yaml", tmp_path / "out", workers=2)
    assert found["replications"] == 10_000
    assert time.monotonic() - began <= 60.0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ankara-choice", "belarus-choice"])
def test_every_alternative_of_the_shipped_studies_can_be_planned(name: str) -> None:
    from openiads import catalogue
    from openiads.plan import plan
    from openiads.study import reading
    from openiads.study.battle import EngineBattle
    from openiads.study.kinds.base import Setting
    from openiads.study.kinds.table import kind_of

    asked, path = reading.read(name)
    battle, figures = EngineBattle(asked.seed, {}, home=str(path.parent)), catalogue.load()
    for block in asked.blocks:
        alternatives = kind_of(block, Setting(asked.seed, asked.level, figures)).alternatives(None)
        assert alternatives
        for one in alternatives:
            made = plan(battle.scenario(one, 0 if one.sampling else -1), figures).plan
            assert len(made.arms.units), one.name
            assert len(made.sky.objects), one.name
