"""Who commands whom: levels by mode, lines over several links, quantiles of times."""

import numpy as np
import pytest

from openiads.catalogue import load
from openiads.model import codes
from openiads.model.columns import FAR_FUTURE_US
from openiads.plan.hierarchy import Hierarchy
from openiads.plan.laws import Laws, fixed, lognormal, quantiles_s
from openiads.scenario import read

CHAIN = """
format: openiads-scenario/1
name: chain
about: A post over a battalion over a vehicle; positions are illustrative.
duration: 5 min
assets: [{name: base, at: {lat: 53.9, lon: 27.57}}]
sites:
  - {name: post, system: s-400, role: command-post, at: {lat: 53.97, lon: 27.45}}
  - {name: battalion, system: s-400, at: {lat: 53.95, lon: 27.4}, command: post}
  - {name: vehicle, system: pantsir-s1, at: {lat: 53.9, lon: 27.5}, command: battalion}
links:
  - {from: post, to: battalion, delay: 3 s, loss: 0.1}
  - {from: battalion, to: vehicle, delay: 4 s, loss: 0.2, cut_at: 2 min}
doctrine: {mode: MODE}
"""


@pytest.fixture
def chain(tmp_path):
    def made(mode):
        path = tmp_path / f"{mode}.yaml"
        path.write_text(CHAIN.replace("MODE", mode))
        return Hierarchy(read(str(path)), load())

    return made


def said(levels):
    return [(decider, codes.MODES[mode]) for decider, _, mode, _ in levels]


def test_levels_by_mode(chain):
    assert said(chain("central").levels("vehicle")) == [("post", "central"), ("battalion", "delegated"), ("vehicle", "autonomous")]
    delegated = [("battalion", "delegated"), ("battalion", "autonomous"), ("vehicle", "autonomous")]
    assert said(chain("delegated").levels("vehicle")) == delegated
    assert said(chain("autonomous").levels("vehicle")) == [("vehicle", "autonomous")]
    assert said(chain("delegated").levels("battalion")) == [("battalion", "delegated"), ("battalion", "autonomous")]


def test_a_line_over_two_links_adds_up(chain):
    line = chain("central").line("post", "vehicle")
    assert line.loss == pytest.approx(1.0 - 0.9 * 0.8)
    assert line.cut_us == 120_000_000
    laws = Laws()
    laws.add(*line.laws)
    assert np.allclose(laws.table(), 7.0)
    assert chain("central").line("battalion", "post").cut_us == FAR_FUTURE_US


def test_pictures_hear_what_is_below_and_by_delegation_what_is_above(chain):
    assert {site.name for site, _, _ in chain("central").hears("battalion")} == {"battalion", "vehicle"}
    assert {site.name for site, _, _ in chain("delegated").hears("battalion")} == {"battalion", "vehicle", "post"}
    assert {site.name for site, _, _ in chain("central").hears("post")} == {"post", "battalion", "vehicle"}


def test_quantiles_are_those_of_the_law():
    """Drawn by interpolation a lognormal keeps its median, and its mean within 2 %."""
    table = quantiles_s(lognormal(20.0, 0.5))
    draws = np.interp(np.random.default_rng(1).random(200_000), np.linspace(0.0, 1.0, len(table)), table)
    assert np.median(draws) == pytest.approx(20.0, rel=0.01)
    assert draws.mean() == pytest.approx(20.0 * np.exp(0.125), rel=0.02)
    assert (quantiles_s(fixed(3.0)) == 3.0).all()
