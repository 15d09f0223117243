"""The reference work W5 in small: its generator, its proven bounds, its heuristic."""

import json
from pathlib import Path

import pytest

from openiads.model.allocation import allocate, lower_bound, surviving_value

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def record():
    return json.loads((ROOT / "benchmarks/w5_bounds.json").read_text(encoding="utf-8"))


@pytest.fixture
def instances(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    import benchmarks.w5_instances as found

    return found


def test_the_record_is_complete(record, instances):
    assert record["generator"] == instances.GENERATOR
    assert [row["instance"] for row in record["instances"]] == list(range(instances.INSTANCES))
    assert all(0.0 < row["best_value"] - row["lower_bound"] < 2e-6 * row["best_value"] for row in record["instances"])


def test_the_generator_draws_as_it_says(instances):
    instance = instances.instance(3, 40, 30)
    assert 0.6 <= instance.kill_probability.min() < 0.61 < 0.89 < instance.kill_probability.max() < 0.9
    assert 25 <= instance.value.min() < 35 < 90 < instance.value.max() <= 100
    assert (instance.value == instance.value.round()).all()
    assert (instances.instance(3, 10, 5).kill_probability == instance.kill_probability[:10, :5]).all()


@pytest.mark.parametrize("number", [0, 11])
def test_bounds_are_proven_and_local_search_is_near(record, instances, number):
    instance = instances.instance(number)
    row = record["instances"][number]
    assert lower_bound(instance, row["prices"]) == pytest.approx(row["lower_bound"], rel=1e-10)
    found = surviving_value(instance, allocate(instance, "local-search").x)
    assert 0.0 <= found / row["lower_bound"] - 1.0 <= 0.02
