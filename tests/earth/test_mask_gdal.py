"""The mask beside GDAL's viewshed on the same square grid of metres.

GDAL carries a reference plane from cell to cell, which is exact where neighbouring sight lines look alike (rings and walls
around the observer, and the grid's axes) and smears elsewhere; there a plain line of sight must side with the mask.
"""

import math
import shutil
import subprocess

import numpy as np
import pytest
from scipy.ndimage import map_coordinates, maximum_filter, minimum_filter

from openiads.earth import sightlines
from openiads.earth.geodesy import MEAN_RADIUS_M, SEMI_MAJOR_AXIS_M
from openiads.earth.mask import lowest_visible

CELL_M = 90.0
ANTENNA_M = 10.0
K = 4 / 3

pytestmark = pytest.mark.skipif(shutil.which("gdal_viewshed") is None, reason="gdal_viewshed (package gdal-bin) is not installed")


def gdal_heights(folder, ground, middle, reach_m):
    """GDAL's lowest visible heights above ground, and the middle's row and column in its raster."""
    from pyproj import CRS

    rows, columns = ground.shape
    west, north = -(middle[1] + 0.5) * CELL_M, (middle[0] + 0.5) * CELL_M
    ground.astype(np.float32).tofile(folder / "ground.img")
    plane = CRS.from_proj4("+proj=aeqd +lat_0=45 +lon_0=10 +datum=WGS84 +units=m +no_defs").to_wkt("WKT1_ESRI")
    (folder / "ground.hdr").write_text(
        f"ENVI\nsamples = {columns}\nlines = {rows}\nbands = 1\nheader offset = 0\nfile type = ENVI Standard\ndata type = 4\n"
        f"interleave = bsq\nbyte order = 0\nmap info = {{local, 1, 1, {west}, {north}, {CELL_M}, {CELL_M}}}\n"
        f"coordinate system string = {{{plane}}}\n"
    )
    curvature = str(SEMI_MAJOR_AXIS_M / (K * MEAN_RADIUS_M))
    place = ["-ox", str(-0.25 * CELL_M), "-oy", str(0.25 * CELL_M), "-oz", str(ANTENNA_M), "-md", str(reach_m), "-cc", curvature]
    target = folder / "seen.img"
    words = ["gdal_viewshed", "-q", "-f", "ENVI", "-om", "GROUND", *place, str(folder / "ground.img"), str(target)]
    subprocess.run(words, check=True, capture_output=True)
    lines = target.with_suffix(".hdr").read_text().splitlines()
    header = {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}
    shape = int(header["lines"]), int(header["samples"])
    kind = {"4": np.float32, "5": np.float64}[header["data type"]]
    _, _, _, first_x, first_y = header["map info"].strip("{}").split(",")[:5]
    corner = round((float(first_y)) / CELL_M - 0.5), round(-float(first_x) / CELL_M - 0.5)
    return np.fromfile(target, kind).reshape(shape), corner


def our_heights(ground, middle, reach_m, shape, corner):
    """The mask's lowest visible heights at the centres of GDAL's cells."""
    step_m, steps = CELL_M / 2, 200
    columns, bearings = int(reach_m / step_m) + 3, 4 * int(0.5 * math.pi * reach_m / 30.0)
    cells = 0.5 * steps * step_m / CELL_M * np.arange(2 * math.ceil(columns / steps) + 1)
    angle = 2 * math.pi / sightlines.TABLE * np.arange(-1, sightlines.TABLE + 2)[:, None]
    knots = np.stack([middle[0] - np.cos(angle) * cells, middle[1] + np.sin(angle) * cells], axis=-1)
    low = np.empty((bearings, columns), np.float32)
    antenna_amsl_m = float(ground[middle]) + ANTENNA_M
    sightlines.fill(ground, sightlines.Tracks(knots, steps), antenna_amsl_m, K, None, step_m, low, np.empty((0, 0), np.float32))
    north, east = np.meshgrid(corner[0] - np.arange(shape[0]), np.arange(shape[1]) - corner[1], indexing="ij")
    range_m, bearing = CELL_M * np.hypot(north, east), np.arctan2(east, north) % (2 * math.pi)
    found = [lowest_visible(low, 2 * math.pi / bearings, step_m, b, r) for b, r in zip(bearing.ravel(), range_m.ravel())]
    return np.array(found).reshape(shape), range_m


def both(folder, ground):
    middle = ground.shape[0] // 2, ground.shape[1] // 2
    reach_m = (min(middle) - 2) * CELL_M
    theirs, corner = gdal_heights(folder, ground, middle, reach_m)
    ours, range_m = our_heights(ground, middle, reach_m, theirs.shape, corner)
    return ours, theirs, (range_m > 2 * CELL_M) & (range_m < reach_m), corner, middle


def differing(ours, theirs, inside, target_m):
    """Cells seen by one only, and those of them that are not within one cell of an edge of GDAL's mask."""
    seen, seen_there = ours <= target_m, theirs <= target_m
    near_edge = maximum_filter(seen_there, 3) != minimum_filter(seen_there, 3)
    apart = (seen != seen_there) & inside
    return apart, apart & ~near_edge


def rings_and_walls():
    y, x = np.meshgrid(CELL_M * np.arange(-150, 151), CELL_M * np.arange(-150, 151), indexing="ij")
    away = np.hypot(x, y)
    rings = 100 + 60 * np.exp(-(((away - 5000) / 700) ** 2)) + 90 * np.exp(-(((away - 9000) / 900) ** 2))
    walls = 100 + 60 * np.exp(-(((y + 5000) / 700) ** 2)) + 90 * np.exp(-(((x - 7000) / 900) ** 2))
    return {"rings": rings.astype(np.float32), "walls": walls.astype(np.float32)}


@pytest.mark.parametrize("name", ["rings", "walls"])
def test_only_cells_at_an_edge_differ(tmp_path, name):
    ours, theirs, inside, _, _ = both(tmp_path, rings_and_walls()[name])
    for target_m in (5.0, 20.0, 50.0, 100.0):
        apart, beyond = differing(ours, theirs, inside, target_m)
        assert np.count_nonzero(beyond) == 0
        assert np.mean(apart[inside]) < 0.003
    assert np.percentile(np.abs(ours - theirs)[inside], 95) < 1.0


def test_rough_ground_agrees_on_the_axis_and_a_plain_line_of_sight_sides_with_us(tmp_path, jacksboro):
    ground = np.ascontiguousarray(jacksboro.heights_amsl_m[:300, :300])
    ours, theirs, inside, corner, middle = both(tmp_path, ground)
    assert np.max(np.abs(ours - theirs)[corner[0]][inside[corner[0]]]) < 0.01
    for target_m in (20.0, 100.0):
        apart, beyond = differing(ours, theirs, inside, target_m)
        assert np.mean(apart[inside]) < 0.03
        places = np.argwhere(beyond)[::5]
        sides = [
            (plain_height(ground, middle, row - corner[0], column - corner[1]) <= target_m) == (ours[row, column] <= target_m)
            for row, column in places
        ]
        assert np.mean(sides) > 0.95


def plain_height(ground, middle, down, right):
    """Lowest visible height over one straight profile with a sample every 30 m."""
    length_m = CELL_M * math.hypot(down, right)
    along_m = 30.0 * np.arange(1, int(length_m / 30.0))
    part = along_m / length_m
    heights = map_coordinates(ground.astype(float), [middle[0] + down * part, middle[1] + right * part], order=1)
    eye_m = ground[middle] + ANTENNA_M
    slope = np.max((heights - along_m**2 / (2 * K * MEAN_RADIUS_M) - eye_m) / along_m)
    return max(0.0, eye_m + slope * length_m + length_m**2 / (2 * K * MEAN_RADIUS_M) - ground[middle[0] + down, middle[1] + right])
