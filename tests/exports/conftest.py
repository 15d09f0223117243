"""The invented battle, with awkward names beside plain ones."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest


def _load(name):
    key = f"openiads_tests_web_{name}"
    if key not in sys.modules:
        spec = importlib.util.spec_from_file_location(key, Path(__file__).parents[1] / "web" / f"{name}.py")
        sys.modules[key] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[key])
    return sys.modules[key]


@pytest.fixture(scope="session")
def battle():
    return _load("battle").battle(scale=0.4)


@pytest.fixture(scope="session")
def odd_battle():
    return _load("battle").battle(scale=0.4, texts=_load("payloads").PAYLOADS)
