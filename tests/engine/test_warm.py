"""Whether this machine has compiled the engine already."""

import pytest

from openiads.engine import battle, warm


def test_another_installation_of_the_same_sources_is_not_taken_to_be_compiled(tmp_path, monkeypatch):
    mine = warm._mark()
    if mine is None:
        pytest.skip("nothing is compiled, or nothing kept")
    monkeypatch.setattr(warm, "source_digest", lambda path, module: mine.parent.name)
    assert warm._mark() == mine
    elsewhere = tmp_path / "battle.py"
    elsewhere.write_text("")
    monkeypatch.setattr(battle, "__file__", str(elsewhere))
    other = warm._mark()
    assert other is not None
    assert other.parent == mine.parent
    assert other.name != mine.name
