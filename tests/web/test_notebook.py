"""What a notebook shows of a run, of many replications, of a coverage and of a study; and the way from an odd replication to its replay."""

from __future__ import annotations

import html
import json
import re

import pytest

from openiads.coverage import cover
from openiads.results.running import run
from openiads.scenario import read
from openiads.serve import documents, outliers
from openiads.show import replay
from openiads.show.pages import run_page
from openiads.study import study
from openiads.study.watching import watch

STUDY = """format: openiads-study/1
name: bare
about: a raid without short-range cover
question: how many get through without Pantsir?
kind: replicate
replications: 4
alternatives:
  bare: {scenario: minsk-2021, without: ["pantsir-*"], set: {doctrine.reserve: 0.1}}
"""


def data_in(shown):
    """The data of the page in the frame that a notebook holds."""
    assert 'sandbox="allow-scripts"' in shown
    inside = re.search(r"srcdoc=(['\"])(.*)\1></iframe>", shown, re.DOTALL)
    return json.loads(replay.data_of(html.unescape(inside[2])))


@pytest.fixture(scope="module")
def many():
    return run("minsk-2021", seed=3, replications=5, workers=1, overrides=["doctrine.reserve=0.1"])


@pytest.fixture(scope="module")
def studied(tmp_path_factory):
    where = tmp_path_factory.mktemp("study")
    (where / "bare.yaml").write_text(STUDY, encoding="utf-8")
    return study(where / "bare.yaml", where / "out", engine="inline"), where / "out"


def test_a_run_shows_its_replay():
    assert data_in(run("quiet-sky", seed=1)._repr_html_())["format"] == "openiads-replay"


def test_many_replications_show_their_spread(many):
    shown = data_in(many._repr_html_())
    assert shown["format"] == "openiads-replications"
    counts = shown["distributions"]["impacts"]
    assert sum(counts["y"]) == 5
    assert sum(x * y for x, y in zip(counts["x"], counts["y"], strict=True)) == many.outcome["impacts"]
    assert next(one for one in shown["measures"] if one["name"] == "impacts")["numerator"] == many.outcome["impacts"]


def test_a_coverage_shows_its_page():
    made = cover(read("quiet-sky"), products=["engagement"], targets=["bomber"])
    assert data_in(made._repr_html_())["format"] == "openiads-coverage"


def test_a_study_shows_its_page(studied):
    assert data_in(studied[0]._repr_html_())["name"] == "bare"


def test_the_worst_replication_of_a_study_is_fought_again_as_it_was(studied):
    found, folder = studied
    (worst,) = [one["worst"] for one in found["alternatives"]]
    seen = watch(folder, 0)
    assert seen.outcome["impacts"] == worst["value"]
    assert not any(site.name.startswith("pantsir") for site in seen.scenario.sites)
    assert seen.log is not None


def test_an_odd_replication_of_a_run_opens_as_a_replay(many, tmp_path):
    folder = many.save(tmp_path / "many").folder
    run_page(many, folder / "replications.html")
    known = documents.documents(folder)
    (odd, *_) = json.loads(known["replications"].text())["odd"]
    outliers.fight(folder, 0, odd["replication"], folder / "runs" / "odd")
    shown = json.loads(documents.documents(folder)["run-odd"].text())
    assert shown["headline"]["impacts"] == odd["value"]
