import math

import numpy as np
import pytest

from openiads.earth import mask_cache
from openiads.earth.mask import VEHICLE_SCREEN
from openiads.earth.terrain import Terrain, smooth

SITE = (math.radians(54.0), math.radians(28.0))
CHOICES = {"max_range_m": 10e3, "bearings": 40}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(mask_cache, "cache_root", lambda: tmp_path)
    return tmp_path / "masks"


def made(monkeypatch):
    """Count the masks that are really computed."""
    calls = []
    true = mask_cache.mask
    monkeypatch.setattr(mask_cache, "mask", lambda *a, **k: calls.append(1) or true(*a, **k))
    return calls


def test_a_mask_is_made_once(cache, monkeypatch, ridges):
    calls = made(monkeypatch)
    first = mask_cache.cached_mask(ridges, SITE, 10.0, with_ground=True, **CHOICES)
    again = mask_cache.cached_mask(ridges, SITE, 10.0, with_ground=True, **CHOICES)
    assert len(calls) == 1
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not again.lowest_visible_height_agl_m.flags.writeable
    assert [file.suffix for file in cache.iterdir()] == [".npz"]


def test_whatever_matters_makes_another(cache, monkeypatch, ridges):
    calls = made(monkeypatch)
    other = Terrain(ridges.heights_amsl_m + 1.0, ridges.lat0_deg, ridges.lon0_deg, ridges.lat_step_deg, ridges.lon_step_deg, "ridges")
    mask_cache.cached_mask(ridges, SITE, 10.0, **CHOICES)
    mask_cache.cached_mask(other, SITE, 10.0, **CHOICES)
    mask_cache.cached_mask(ridges, SITE, 11.0, **CHOICES)
    mask_cache.cached_mask(ridges, SITE, 10.0, k=1.0, **CHOICES)
    mask_cache.cached_mask(ridges, SITE, 10.0, screen=VEHICLE_SCREEN, **CHOICES)
    mask_cache.cached_mask(ridges, (SITE[0] + 1e-6, SITE[1]), 10.0, **CHOICES)
    assert len(calls) == len(list(cache.iterdir())) == 6


def test_a_damaged_file_is_made_again(cache, monkeypatch, ridges):
    calls = made(monkeypatch)
    first = mask_cache.cached_mask(ridges, SITE, 10.0, **CHOICES)
    (file,) = cache.iterdir()
    file.write_bytes(file.read_bytes()[:1000])
    again = mask_cache.cached_mask(ridges, SITE, 10.0, **CHOICES)
    assert len(calls) == 2
    assert np.array_equal(first.lowest_visible_height_agl_m, again.lowest_visible_height_agl_m)


def test_the_oldest_go_first(cache, monkeypatch, ridges):
    mask_cache.cached_mask(ridges, SITE, 10.0, **CHOICES)
    (old,) = cache.iterdir()
    monkeypatch.setattr(mask_cache, "MOST_BYTES", old.stat().st_size + 10)
    mask_cache.cached_mask(ridges, SITE, 12.0, **CHOICES)
    (kept,) = cache.iterdir()
    assert kept != old


def test_smooth_earth_and_no_folder_keep_nothing(cache, monkeypatch, ridges):
    mask_cache.cached_mask(smooth(), SITE, 10.0, **CHOICES)
    assert not cache.exists()
    monkeypatch.setattr(mask_cache, "cache_root", lambda: None)
    assert mask_cache.cached_mask(ridges, SITE, 10.0, **CHOICES).lowest_visible_height_agl_m.shape == (40, 101)
    assert not cache.exists()


def test_a_folder_that_cannot_be_written_costs_only_time(cache, ridges):
    cache.write_text("a file where the folder should be")
    assert mask_cache.cached_mask(ridges, SITE, 10.0, **CHOICES).lowest_visible_height_agl_m.shape == (40, 101)
