import json
import struct
import subprocess
import sys

import numpy as np
import pytest

from openiads.earth import geotiff, geotiff_worker, terrain
from openiads.earth.tiles import Bounds
from openiads.errors import UserError

rasterio = pytest.importorskip("rasterio", reason="rasterio (extra geo) is not installed")
pytestmark = [
    pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),  # rasterio 1.4 with affine 3
]


def hills(lat_deg, lon_deg):
    return 200.0 + 50.0 * np.sin(lon_deg * 60.0) * np.cos(lat_deg * 60.0)


def write(path, heights, crs="EPSG:4326", origin=(27.0, 55.0), step=1 / 1200, **options):
    transform = rasterio.transform.from_origin(*origin, step, step)
    options = {"driver": "GTiff", "count": 1, "dtype": heights.dtype, "crs": crs, "transform": transform} | options
    with rasterio.open(path, "w", height=heights.shape[0], width=heights.shape[1], **options) as file:
        for band in range(1, options["count"] + 1):
            file.write(heights, band)
    return path


def geographic(dtype="float32"):
    lat, lon = np.meshgrid(55.0 - (np.arange(240) + 0.5) / 1200, 27.0 + (np.arange(300) + 0.5) / 1200, indexing="ij")
    return hills(lat, lon).astype(dtype)


def in_process(path, bounds=None):
    """What the worker answers, without a process of its own."""
    task = {"path": str(path), "out": str(path) + ".npy", "most_cells": 1_000_000, "bounds_deg": bounds}
    return geotiff_worker._read(task), path.with_suffix(path.suffix + ".npy")


def test_geotiff_is_read_as_it_is(tmp_path):
    heights = geographic()
    heights[50:60, 70:90] = np.nan
    land = terrain.read(write(tmp_path / "a.tif", heights))
    keep = np.isfinite(heights)
    assert np.array_equal(land.heights_amsl_m[keep], heights[keep])
    assert land.void_share == pytest.approx(200 / heights.size)
    assert (land.lat0_deg, land.lon0_deg) == pytest.approx((55.0 - 0.5 / 1200, 27.0 + 0.5 / 1200))
    assert not land.is_coarse


def test_bounds_read_a_window(tmp_path):
    path = write(tmp_path / "a.tif", geographic())
    bounds = Bounds(54.90, 27.10, 54.95, 27.15)
    tile = geotiff.read_geotiff(path, bounds)
    assert tile.heights_amsl_m.shape[0] < 80
    part, whole = terrain.lay([tile]), terrain.Terrain(geographic(), 55.0 - 0.5 / 1200, 27.0 + 0.5 / 1200, -1 / 1200, 1 / 1200, "whole")
    spots = np.radians([54.90, 54.93, 54.95]), np.radians([27.10, 27.12, 27.15])
    assert part.height_amsl_m(*spots) == pytest.approx(whole.height_amsl_m(*spots), abs=1e-3)
    assert in_process(path, [10.0, 10.0, 11.0, 11.0])[0] == {"outside": True}


@pytest.mark.parametrize("crs", ["EPSG:32635", "EPSG:3035", "EPSG:28405"])
def test_other_reference_systems_are_warped(tmp_path, crs):
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    x0, y0 = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(27.0, 54.0)
    east, north = np.meshgrid(x0 + 90.0 * np.arange(300), y0 - 90.0 * np.arange(250))
    lon, lat = to_degrees.transform(east, north)
    answer, out = in_process(write(tmp_path / "a.tif", hills(lat, lon).astype("float32"), crs, (x0 - 45.0, y0 + 45.0), 90.0))
    vertical = answer.pop("vertical")
    land = terrain.lay([terrain.Tile(np.load(out), **answer, name="warped", vertical=vertical)])
    assert land.posting_m == pytest.approx(90.0, rel=0.02)
    inside = np.s_[30:220:7, 30:270:7]
    found = land.height_amsl_m(np.radians(lat[inside]), np.radians(lon[inside]))
    assert np.max(np.abs(found - hills(lat[inside], lon[inside]))) < 0.5


def test_whole_numbers_nodata_scale_and_feet(tmp_path):
    heights = geographic("int16")
    heights[0, 0] = -999
    path = write(tmp_path / "a.tif", heights, nodata=-999)
    with rasterio.open(path, "r+") as file:
        file.units, file.scales, file.offsets = ("ft",), (2.0,), (10.0,)
    answer, out = in_process(path)
    found = np.load(out)
    assert np.isnan(found[0, 0])
    assert found[5, 5] == pytest.approx((heights[5, 5] * 2.0 + 10.0) * 0.3048, abs=1e-3)
    assert answer["vertical"] == "taken as above mean sea level, from feet"


@pytest.mark.parametrize(("crs", "unit_m", "words"), [("EPSG:4326+5773", 1.0, "EGM96"), ("EPSG:4269+6360", 1200 / 3937, "NAVD88")])
def test_the_vertical_datum_is_named_and_its_unit_used(tmp_path, crs, unit_m, words):
    heights = np.full((30, 30), 500.0, "float32")
    answer, out = in_process(write(tmp_path / "a.tif", heights, crs))
    assert words in answer["vertical"]
    assert np.load(out)[15, 15] == pytest.approx(500.0 * unit_m, abs=1e-2)


def claim(width, height, bits=16, rows_per_strip=None):
    """A TIFF of one strip whose header claims a size that its bytes do not hold."""
    tags = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, bits),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 4, rows_per_strip or height),
    ]
    tags.append((279, 4, 100))
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", len(tags)) + body + b"\0\0\0\0"


VRT = b"<VRTDataset rasterXSize='10' rasterYSize='10'></VRTDataset>"


def bad_file(path, kind):
    heights = geographic()
    if kind == "vrt":
        path.write_bytes(VRT)
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "enormous":
        path.write_bytes(claim(200_000, 200_000))
    elif kind == "truncated":
        path.write_bytes(write(path, heights).read_bytes()[:100_000])
    elif kind == "garbage":
        path.write_bytes(b"II*\0" + bytes(range(256)) * 4)
    elif kind == "nowhere":
        write(path, heights, crs=None, transform=rasterio.Affine.identity())
    elif kind == "picture":
        write(path, heights.astype("uint8"), count=3)
    elif kind == "complex":
        write(path, heights.astype("complex64"))
    elif kind == "ellipsoid":
        write(path, heights, "EPSG:4979")
    elif kind == "fathoms":
        write(path, heights)
        with rasterio.open(path, "r+") as file:
            file.units = ("fathom",)
    elif kind == "void":
        write(path, np.full((20, 20), -32768, "int16"), nodata=-32768)
    return path


@pytest.mark.parametrize(("kind", "word"), [("vrt", "not a TIFF file"), ("empty", "not a TIFF file")])
def test_what_is_no_tiff_is_not_opened(tmp_path, kind, word):
    with pytest.raises(UserError, match=word):
        terrain.read(bad_file(tmp_path / "a.tif", kind))


@pytest.mark.parametrize(
    ("kind", "word"), [("enormous", r"200,000 x 200,000 cells, 80\.0 GB"), ("truncated", "cut short"), ("void", "every cell is void")]
)
def test_bad_files_are_refused_by_name(tmp_path, kind, word):
    with pytest.raises(UserError, match=word) as caught:
        terrain.read(bad_file(tmp_path / "a.tif", kind))
    assert "a.tif" in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("garbage", "damaged"),
        ("enormous", "GB"),
        ("nowhere", "where it lies"),
        ("picture", "3 bands"),
        ("complex", "complex"),
        ("ellipsoid", "ellipsoid"),
        ("fathoms", "fathom"),
    ],
)
def test_the_worker_refuses(tmp_path, kind, word):
    path = bad_file(tmp_path / "a.tif", kind)
    with pytest.raises(geotiff_worker.RefusedError, match=word):
        in_process(path)


def test_a_sparse_file_is_refused_by_its_header(tmp_path):
    options = {"tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate", "SPARSE_OK": "TRUE"}
    transform = rasterio.transform.from_origin(27.0, 55.0, 1e-5, 1e-5)
    with rasterio.open(tmp_path / "a.tif", "w", "GTiff", 3000, 2000, 1, "EPSG:4326", transform, "float32", **options):
        pass
    with pytest.raises(geotiff_worker.RefusedError, match="2,000 x 3,000 cells"):
        in_process(tmp_path / "a.tif")


def test_the_worker_is_bounded_in_memory(tmp_path):
    path = write(tmp_path / "a.tif", geographic())
    task = {"path": str(path), "out": str(tmp_path / "out.npy"), "most_cells": 10**6, "bounds_deg": None, "memory_bytes": 150 * 2**20}
    words = [sys.executable, "-m", "openiads.earth.geotiff_worker", json.dumps(task)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert not (tmp_path / "out.npy").exists()
    assert done.returncode != 0 or "refused" in json.loads(done.stdout)


def test_a_reader_that_dies_or_hangs_is_a_sentence(tmp_path, monkeypatch):
    path = write(tmp_path / "a.tif", geographic())
    monkeypatch.setattr(geotiff, "MEMORY_BYTES", 150 * 2**20)
    with pytest.raises(UserError, match=r"a\.tif"):
        terrain.read(path)
    monkeypatch.setattr(geotiff, "LONGEST_S", 0.01)
    with pytest.raises(UserError, match="more than 0 s"):
        terrain.read(path)


def test_without_the_extra_the_message_says_how_to_get_it(tmp_path, monkeypatch):
    path = write(tmp_path / "a.tif", geographic())
    monkeypatch.setattr(geotiff.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="--extra geo"):
        terrain.read(path)
