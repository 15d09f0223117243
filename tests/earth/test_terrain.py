import math

import numpy as np
import pytest

from openiads.earth import terrain
from openiads.earth.grid import ground_height, ground_height_each, smooth
from openiads.earth.tiles import Bounds, Tile
from openiads.errors import UserError
from openiads.kernel import plain


def hgt(folder, name, heights):
    heights.astype(">i2").tofile(folder / name)
    return folder / name


def wave(south, west, side=1201):
    """Heights of a tile as a function of position that fits its neighbours."""
    lat, lon = np.meshgrid(south + 1 - np.arange(side) / (side - 1), west + np.arange(side) / (side - 1), indexing="ij")
    return np.round(300 + 100 * np.sin(lat * 20) * np.cos(lon * 20))


def at(land, lat_deg, lon_deg):
    return land.height_amsl_m(np.radians(lat_deg), np.radians(lon_deg))


def test_jacksboro(jacksboro):
    assert jacksboro.heights_amsl_m.shape == (344, 403)
    assert (jacksboro.heights_amsl_m.min(), jacksboro.heights_amsl_m.max()) == (236, 1076)
    assert not jacksboro.is_coarse
    assert 90.0 < jacksboro.posting_m < 93.0
    assert not jacksboro.heights_amsl_m.flags.writeable


def test_etopo5(shared):
    path = shared / "data/dem/etopo5_baltic_48-61N_12-36E.npz"
    if not path.is_file():
        pytest.skip(f"{path.name} is absent")
    land = terrain.read(path)
    assert land.heights_amsl_m.shape == (157, 288)
    assert (land.heights_amsl_m.min(), land.heights_amsl_m.max()) == (-357, 1816)
    row, column = np.unravel_index(land.heights_amsl_m.argmax(), (157, 288))
    assert (land.lat0_deg + row * land.lat_step_deg, land.lon0_deg + column * land.lon_step_deg) == pytest.approx(
        (49.25, 19.916851), abs=1e-3
    )
    nodes = []
    for lat, lon in ((53.9, 27.5667), (53.1327, 26.0139), (53.6694, 23.8131), (49.1795, 20.0881)):
        r, c = round((lat - land.lat0_deg) / land.lat_step_deg), round((lon - land.lon0_deg) / land.lon_step_deg)
        nodes.append(float(at(land, land.lat0_deg + r * land.lat_step_deg, land.lon0_deg + c * land.lon_step_deg)))
    assert nodes == pytest.approx([210, 184, 140, 1023], abs=1e-3)
    assert land.is_coarse
    assert "no terrain masking" in land.words


def test_smooth_earth():
    land = terrain.read([])
    assert land.is_smooth
    assert land.is_coarse
    assert land.words == "smooth earth: no terrain"
    assert np.all(at(land, [-90.0, 0.0, 53.9, 90.0], [-180.0, 179.0, 27.0, 0.0]) == 0.0)


def test_hgt_tile_and_mosaic(tmp_path):
    paths = [hgt(tmp_path, f"N53E0{w}.hgt", wave(53, w)) for w in (27, 28)] + [hgt(tmp_path, "N54E027.hgt", wave(54, 27))]
    one = terrain.read(paths[0])
    assert (one.lat0_deg, one.lon0_deg, one.name) == (54.0, 27.0, "N53E027.hgt")
    assert at(one, 53.5, 27.5) == pytest.approx(wave(53, 27)[600, 600], abs=1e-3)
    land = terrain.read(paths)
    assert land.heights_amsl_m.shape == (2401, 2401)
    assert land.missing_share == pytest.approx(0.25, abs=0.01)
    assert "not covered by any file" in land.words
    assert at(land, 53.25, 28.25) == pytest.approx(wave(53, 28)[900, 300], abs=1e-3)
    assert at(land, 54.75, 27.25) == pytest.approx(wave(54, 27)[300, 300], abs=1e-3)
    assert at(land, 54.5, 28.5) == 0.0
    assert land.digest != one.digest
    assert land.digest == terrain.read(paths).digest


def test_bounds_keep_only_what_is_wanted(tmp_path):
    path = hgt(tmp_path, "N53E027.hgt", wave(53, 27))
    whole, part = terrain.read(path), terrain.read(path, Bounds(53.4, 27.4, 53.6, 27.6))
    assert part.heights_amsl_m.size < whole.heights_amsl_m.size / 20
    spots = np.array([53.4, 53.487, 53.6]), np.array([27.4, 27.5123, 27.6])
    assert at(part, *spots) == pytest.approx(at(whole, *spots), abs=1e-3)
    with pytest.raises(UserError, match="none of the terrain files"):
        terrain.read(path, Bounds(10.0, 10.0, 11.0, 11.0))


def test_tiles_of_two_spacings(tmp_path):
    fine, coarse = hgt(tmp_path, "N53E027.hgt", wave(53, 27)), terrain.Terrain(wave(53, 28, 401), 54.0, 28.0, -1 / 400, 1 / 400, "coarse")
    coarse.save(tmp_path / "coarse.npz")
    land = terrain.read([fine, tmp_path / "coarse.npz"])
    assert land.heights_amsl_m.shape == (1201, 2401)
    assert at(land, 53.25, 28.25) == pytest.approx(wave(53, 28)[900, 300], abs=1.0)


def test_antimeridian(tmp_path):
    paths = [hgt(tmp_path, "N53E179.hgt", wave(53, 179)), hgt(tmp_path, "N53W180.hgt", wave(53, 180))]
    for order in (paths, paths[::-1]):
        land = terrain.read(order)
        assert land.heights_amsl_m.shape == (1201, 2401)
        assert at(land, 53.5, [-179.5, 180.5]) == pytest.approx(wave(53, 180)[600, 600], abs=1e-3)
        land.require(math.radians(53.5), math.radians(-179.9))
        land.require(math.radians(53.5), math.radians(179.9))


def test_voids_are_filled_and_counted(tmp_path):
    heights = wave(53, 27)
    heights[100:110, 200:220] = -32768
    heights[700] = -32768
    land = terrain.read(hgt(tmp_path, "N53E027.hgt", heights))
    assert land.void_share == pytest.approx((200 + 1201) / 1201**2)
    assert "interpolated over voids" in land.words
    ends = heights[105, 199], heights[105, 220]
    assert land.heights_amsl_m[105, 210] == pytest.approx(ends[0] + (ends[1] - ends[0]) * 11 / 21, abs=1e-3)
    assert np.array_equal(land.heights_amsl_m[700], land.heights_amsl_m[699])


def test_a_void_shows_what_lies_below_in_another_tile():
    west = Tile(np.full((11, 11), np.nan, np.float32), 1.0, 0.0, -0.1, 0.1, "void")
    east = Tile(np.full((11, 11), 50.0, np.float32), 1.0, 0.5, -0.1, 0.1, "flat")
    land = terrain.lay([west, east])
    assert land.heights_amsl_m.shape == (11, 16)
    assert np.all(land.heights_amsl_m == 50.0)


def test_save_and_read(tmp_path, jacksboro):
    jacksboro.save(tmp_path / "land.npz")
    again = terrain.read(tmp_path / "land.npz")
    assert np.array_equal(again.heights_amsl_m, jacksboro.heights_amsl_m)
    assert at(again, 36.6, -84.2) == pytest.approx(at(jacksboro, 36.6, -84.2), abs=1e-4)


def test_bilinear_heights_and_edges(jacksboro):
    heights = jacksboro.heights_amsl_m
    lat = jacksboro.lat0_deg + jacksboro.lat_step_deg * np.array([10.0, 10.5, 10.0, -50.0, 900.0])
    lon = jacksboro.lon0_deg + jacksboro.lon_step_deg * np.array([20.0, 20.0, 20.25, 20.0, 20.0])
    expected = [
        heights[10, 20],
        (heights[10, 20] + heights[11, 20]) / 2,
        0.75 * heights[10, 20] + 0.25 * heights[10, 21],
        heights[0, 20],
        heights[-1, 20],
    ]
    assert at(jacksboro, lat, lon) == pytest.approx(np.array(expected), abs=1e-3)


def test_compiled_equals_plain(jacksboro):
    draw = np.random.default_rng(8)
    lat, lon = np.radians(draw.uniform(36.4, 36.8, 200)), np.radians(draw.uniform(-84.5, -84.0, 200))
    fast, slow = np.empty(200), np.empty(200)
    ground_height_each(jacksboro.grid, lat, lon, fast)
    plain(ground_height_each)(jacksboro.grid, lat, lon, slow)
    assert np.array_equal(fast, slow)
    assert all(ground_height(jacksboro.grid, a, b) == plain(ground_height)(jacksboro.grid, a, b) for a, b in zip(lat, lon))
    assert plain(ground_height)(smooth().grid, 0.5, 3.0) == 0.0


def npz(path, **arrays):
    np.savez_compressed(path, **arrays)
    return path


def bad_files(folder):
    degrees = np.linspace(50.0, 51.0, 11)
    flat = np.zeros((11, 11))
    (folder / "notes.txt").write_text("hills")
    (folder / "broken.npz").write_bytes(b"PK\x03\x04 and no more")
    (folder / "N53E028.hgt").write_bytes(b"\0" * 4711)
    hgt(folder, "tile.hgt", wave(53, 27))
    hgt(folder, "N53E029.hgt", np.full((1201, 1201), -32768))
    npz(folder / "void.npz", lat_deg=degrees, lon_deg=degrees, height_amsl_m=np.full((11, 11), np.nan))
    npz(folder / "names.npz", north=degrees, east=degrees, h=flat)
    npz(folder / "shape.npz", lat_deg=degrees, lon_deg=degrees[:5], height_amsl_m=flat)
    npz(folder / "uneven.npz", lat_deg=degrees**2 / 50.0, lon_deg=degrees, height_amsl_m=flat)
    npz(folder / "pole.npz", lat_deg=degrees + 45.0, lon_deg=degrees, height_amsl_m=flat)
    npz(folder / "pickle.npz", lat_deg=degrees, lon_deg=degrees, height_amsl_m=np.array([{}, 1], dtype=object))
    return folder


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("absent.hgt", "no such terrain file"),
        ("notes.txt", "convert it to GeoTIFF"),
        ("https://example.org/dem.tif", "on this machine"),
        ("/vsicurl/http://example.org/dem.tif", "on this machine"),
        ("broken.npz", "cut short or of another kind"),
        ("N53E028.hgt", "cut short or of another kind"),
        ("tile.hgt", "south-west corner"),
        ("N53E029.hgt", "every cell is void"),
        ("void.npz", "every cell is void"),
        ("names.npz", "lat_deg, lon_deg, height_amsl_m"),
        ("shape.npz", "do not fit"),
        ("uneven.npz", "even steps"),
        ("pole.npz", "beyond a pole"),
        ("pickle.npz", "cut short or of another kind"),
    ],
)
def test_bad_files_are_refused(tmp_path, name, word):
    path = name if "://" in name or name.startswith("/vsi") else bad_files(tmp_path) / name
    with pytest.raises(UserError, match=word) as caught:
        terrain.read(path)
    assert name.rsplit("/", 1)[-1] in str(caught.value)


def test_a_header_that_claims_too_much_is_refused_unread(tmp_path):
    import zipfile

    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (100000, 100000), }"
    header += b" " * (118 - len(header) - 1) + b"\n"
    with zipfile.ZipFile(tmp_path / "huge.npz", "w") as archive:
        archive.writestr("height_amsl_m.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    with pytest.raises(UserError, match=r"100,000 x 100,000 cells, 80\.0 GB"):
        terrain.read(tmp_path / "huge.npz")


@pytest.mark.parametrize(
    ("heights", "steps", "word"),
    [
        (np.zeros(5), (-0.1, 0.1), "2 x 2"),
        (np.zeros((5, 5)), (0.0, 0.1), "not zero"),
        (np.full((5, 5), np.nan), (-0.1, 0.1), "fill the voids"),
        (np.full((5, 5), 20000.0), (-0.1, 0.1), "metres above sea level"),
    ],
)
def test_bad_grids_are_refused(heights, steps, word):
    with pytest.raises(UserError, match=word):
        terrain.Terrain(heights, 50.0, 20.0, *steps, "mine")


def test_a_site_off_the_terrain_is_refused(jacksboro):
    with pytest.raises(UserError, match="outside the terrain jacksboro_fault_dem"):
        jacksboro.require(math.radians(53.9), math.radians(27.5))
