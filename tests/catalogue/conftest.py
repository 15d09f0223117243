"""What the catalogue's tests share: the shipped catalogue, and a way to plant a contradiction in it."""

from dataclasses import replace

import pytest

from openiads import catalogue
from openiads.catalogue import Catalogue


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    return catalogue.load()


@pytest.fixture
def planted(shipped):
    """Return a function that gives a catalogue in which some fields of some figures are others."""

    def plant(changes, texts=None):
        figures = dict(shipped.figures)
        for path, fields in changes.items():
            figures[path] = replace(shipped.figure(path), **fields)
        return Catalogue(figures, {**shipped.texts, **(texts or {})}, shipped.sources)

    return plant
