"""A run's folder is whole or absent, proves its files, and repeats."""

import errno
import json

import pytest

from openiads.errors import UserError, WorkError
from openiads.results import folder
from openiads.results.running import run


def test_a_saved_run_reads_back(single, tmp_path):
    kept = single.save(tmp_path / "run")
    assert kept.folder == tmp_path / "run"
    found = folder.load(tmp_path / "run")
    assert found.digest == single.digest
    assert found.outcome == single.outcome
    assert found.answer["sentences"] == single.sentences
    assert len(found.tables["outcomes"]) == len(single.planned.plan.sky.objects)
    again = run(found.source.place, seed=found.manifest["seed"], overrides=found.source.overrides)
    assert again.digest == single.digest
    assert list(tmp_path.iterdir()) == [tmp_path / "run"]


def test_changes_and_base_travel_with_the_run(place, tmp_path):
    asked = run(place, overrides=["drone.count=2", "sites.post.load.48N6E3=3"])
    asked.save(tmp_path / "run")
    found = folder.load(tmp_path / "run")
    assert run(found.source.place, overrides=found.source.overrides).digest == asked.digest
    mapped = run(place, overrides={"drone.count": 2, "sites.post.load.48N6E3": 3})
    assert mapped.digest == asked.digest
    mapped.save(tmp_path / "run")
    assert folder.load(tmp_path / "run").source.listed() == ["drone.count=2", "sites.post.load.48N6E3=3"]


def test_an_earlier_run_is_replaced_and_anything_else_is_refused(crowd, single, tmp_path):
    single.save(tmp_path / "run")
    crowd.save(tmp_path / "run")
    assert folder.load(tmp_path / "run").manifest["replications"] == 24
    assert not (tmp_path / "run" / "engagements.parquet").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(UserError, match="holds other files"):
        single.save(tmp_path / "mine")
    with pytest.raises(UserError, match="not a folder"):
        single.save(tmp_path / "mine" / "letter.txt")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


@pytest.mark.parametrize("where", ["engagements.parquet", "run.json"])
def test_an_altered_or_missing_file_is_noticed(single, tmp_path, where):
    single.save(tmp_path / "run")
    path = tmp_path / "run" / where
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"x")
    with pytest.raises(WorkError, match=where.replace(".", r"\.")):
        folder.load(tmp_path / "run")
    path.unlink()
    with pytest.raises(WorkError, match="cannot be read"):
        folder.load(tmp_path / "run")


def test_a_manifest_that_was_touched_or_leads_out_is_refused(single, tmp_path):
    single.save(tmp_path / "run")
    path = tmp_path / "run" / "manifest.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "seed": 8}))
    with pytest.raises(WorkError, match="altered"):
        folder.load(tmp_path / "run")
    content["files"]["../../etc/hostname"] = "0" * 64
    content["manifest_digest"] = folder.own_digest(content)
    path.write_text(json.dumps(content))
    with pytest.raises(WorkError, match="is not what the run wrote"):
        folder.load(tmp_path / "run")


def test_what_is_no_run_is_said(tmp_path):
    with pytest.raises(UserError, match="no such folder"):
        folder.load(tmp_path / "absent")
    with pytest.raises(UserError, match="holds no run"):
        folder.load(tmp_path)
    (tmp_path / "manifest.json").write_text("[1")
    with pytest.raises(UserError, match="holds no run"):
        folder.load(tmp_path)


@pytest.mark.parametrize("stage", ["_write_tables", "sync_and_hash", "_put_in_place"])
def test_a_full_disk_leaves_what_was_there_and_nothing_else(single, tmp_path, monkeypatch, stage):
    single.save(tmp_path / "run")
    before = folder.load(tmp_path / "run").manifest["manifest_digest"]

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(folder, stage, full)
        with pytest.raises(WorkError, match="disk is full"):
            single.save(tmp_path / "run")
    assert folder.load(tmp_path / "run").manifest["manifest_digest"] == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_bundle_is_the_same_bytes_each_time(single, tmp_path):
    single.save(tmp_path / "run")
    known = folder.load(tmp_path / "run")
    first = folder.pack(known, tmp_path / "a.zip").read_bytes()
    assert folder.pack(known, tmp_path / "b.zip").read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "b.zip", "run"]


def test_free_names_are_new_and_plain(tmp_path):
    first = folder.free_name("<b>/../x", 3, tmp_path)
    assert first.parent == tmp_path
    assert first.name == "b--..-x-seed3"
    first.mkdir()
    assert folder.free_name("<b>/../x", 3, tmp_path).name == "b--..-x-seed3-2"
