"""Every figure of the catalogue is asked for where battles are planned, or is known not to be read."""

from collections.abc import Iterator

import pytest

from openiads import catalogue
from openiads.catalogue.model import Catalogue
from openiads.catalogue.unread import OF_SCENARIO, unread
from openiads.plan import plan
from openiads.scenario import read, shipped
from openiads.scenario.models import Scenario
from openiads.scenario.shape import shape


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    found: set[str] = set()
    stored, doctrine = Catalogue.stored_path, Catalogue.doctrine

    def remembered(self: Catalogue, path: str) -> str:
        found.add(stored(self, path))
        return stored(self, path)

    def remembered_doctrine(self: Catalogue, name: str) -> catalogue.Spread:
        found.add(f"doctrine.{name}")
        return doctrine(self, name)

    monkeypatch.setattr(Catalogue, "stored_path", remembered)
    monkeypatch.setattr(Catalogue, "doctrine", remembered_doctrine)
    return found


def test_no_figure_is_dead_without_being_known_to_be(asked: set[str]) -> None:
    known = catalogue.load()
    for name in shipped():
        if name != "raid-1000":
            plan(read(name), known)
    for system, one in known.systems.items():
        for radar in one.radars:
            known.radar(system, radar)
        for missile in one.missiles:
            known.missile(system, missile)
        known.fire_unit(system)
    for target in known.targets:
        known.target(target)
    for picture in known.names("pictures"):
        known.feed(picture)
    assert [path for path in known.figures if path not in asked and not unread(path)] == []
    assert [path for path in known.paths("doctrine") if unread(path) and path in asked] == []


def test_the_field_that_is_named_instead_is_one_of_scenarios() -> None:
    for path in OF_SCENARIO.values():
        here = shape(Scenario)
        for word in path.split("."):
            inner = here.inside(0 if word == "NAME" else word)
            assert inner is not None, path
            here = inner
