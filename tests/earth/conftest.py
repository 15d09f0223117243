"""Terrains that the tests of the earth share."""

from pathlib import Path

import matplotlib.cbook
import numpy as np
import pytest

from openiads.earth.terrain import Terrain

SHARED = Path(__file__).parents[2] / "../shared"


@pytest.fixture(scope="session")
def jacksboro():
    """The mountain elevation model that matplotlib ships; in the file the keys ymin and ymax are exchanged."""
    with matplotlib.cbook.get_sample_data("jacksboro_fault_dem.npz") as file:
        heights = file["elevation"].astype(np.float32)
        north, west, cell = float(file["ymin"]), float(file["xmin"]), float(file["dx"])
    return Terrain(heights, north - cell / 2, west + cell / 2, -cell, cell, "jacksboro_fault_dem")


@pytest.fixture(scope="session")
def ridges():
    """Synthetic waves and ridges over 60 km around 54 N 28 E, a node every 90 m or so."""
    lat, lon = np.meshgrid(54.3 - np.arange(700) / 1200.0, 27.6 + np.arange(1100) / 1200.0, indexing="ij")
    east, north = (lon - 28.0) * 65.0, (lat - 54.0) * 111.0
    heights = 200.0 + 30.0 * np.sin(east / 1.7) * np.cos(north / 2.3) + 120.0 * np.exp(-(((east - 0.4 * north - 12.0) / 1.5) ** 2))
    heights += 80.0 * np.exp(-(((north + 9.0) / 0.8) ** 2)) + 10.0 * np.sin(east * 7.1) * np.sin(north * 6.3)
    return Terrain(heights.astype(np.float32), 54.3, 27.6, -1 / 1200.0, 1 / 1200.0, "ridges")


@pytest.fixture(scope="session")
def shared():
    """The folder of test data kept beside the repository."""
    if not SHARED.is_dir():
        pytest.skip("the folder of shared test data beside the repository is absent")
    return SHARED
