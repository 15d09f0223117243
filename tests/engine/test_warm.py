"""Whether this machine has compiled the engine already."""

import shutil
from pathlib import Path

import openiads
from openiads.engine import battle, warm


def test_another_installation_of_the_same_sources_is_not_taken_to_be_compiled(tmp_path, monkeypatch):
    mine, home = warm._mark(), Path(openiads.__file__).parent
    if mine is None:
        return  # nothing is compiled here
    shutil.copytree(home, tmp_path / "openiads", ignore=lambda folder, names: [n for n in names if Path(n).suffix not in ("", ".py")])
    monkeypatch.setattr(battle, "__file__", str(tmp_path / "openiads" / "engine" / "battle.py"))
    other = warm._mark()
    assert other is not None
    assert other.parent == mine.parent, "the same sources"
    assert other.name != mine.name
