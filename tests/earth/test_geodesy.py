import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.earth import geodesics, geodesy
from openiads.errors import UserError
from openiads.kernel import plain


def deg(*angles_deg):
    return tuple(math.radians(a) for a in angles_deg)


LATITUDE = st.floats(-math.pi / 2, math.pi / 2)
LONGITUDE = st.floats(-math.pi, math.pi)
HEIGHT = st.floats(-1e4, 2e6)


@pytest.mark.parametrize(
    ("ends_deg", "length_m", "azimuths_deg", "tolerance_m"),
    [
        ((-41.32, 174.81, 40.96, -5.5), 19959679.26735382, (161.06766998616, 18.82519512325), 1e-6),
        ((35.60777, -139.44815, -11.17491, -69.95921), 8935244.56048183, (111.09874842956033, 129.28927088970877), 1e-7),
        ((53.9006, 27.559, 54.6872, 25.2797), 172302.241693764, (-58.539215951185, -60.390183317646), 1e-3),
    ],
)
def test_geodesics_published(ends_deg, length_m, azimuths_deg, tolerance_m):
    found_m, first, last = geodesics.inverse(*deg(*ends_deg))
    assert abs(found_m - length_m) <= tolerance_m
    assert np.degrees([first, last]) == pytest.approx(azimuths_deg, abs=1e-7)
    lat, lon, onward = geodesics.direct(*deg(*ends_deg[:2]), first, found_m)
    assert np.degrees([lat, lon]) == pytest.approx(ends_deg[2:], abs=1e-9)
    assert np.degrees(onward) == pytest.approx(azimuths_deg[1], abs=1e-7)


def test_twenty_lines_of_geographiclib():
    module = pytest.importorskip("geographiclib.test.test_geodesic", reason="geographiclib is not installed")
    lines = np.array(module.GeodesicTest.testcases)
    assert lines.shape == (20, 12)
    lat1, lon1, azimuth1, lat2, lon2, azimuth2, length_m = lines[:, :7].T
    found_m, first, last = geodesics.inverse(*np.radians([lat1, lon1, lat2, lon2]))
    assert np.max(np.abs(found_m - length_m)) < 1e-7
    assert np.degrees(first) == pytest.approx(azimuth1, abs=1e-9)
    assert np.degrees(last) == pytest.approx(azimuth2, abs=1e-9)
    lat, lon, _ = geodesics.direct(*np.radians([lat1, lon1, azimuth1]), length_m)
    assert np.degrees(lat) == pytest.approx(lat2, abs=1e-9)
    assert (np.degrees(lon) - lon2 + 180.0) % 360.0 == pytest.approx(np.full(20, 180.0), abs=1e-9)


def test_earth_centred_published():
    found = geodesy.to_ecef(*deg(53.9, 27.5667), 220.0)
    assert found == pytest.approx([3338760.8244327405, 1742991.914880587, 5130371.445332432], abs=1e-6)
    assert geodesy.to_ecef(math.pi / 2, 0.0, 0.0)[2] == pytest.approx(6356752.314245179, abs=1e-6)
    assert geodesy.to_ecef(0.0, 0.0, 0.0)[0] == 6378137.0


def test_earth_centred_against_proj():
    pyproj = pytest.importorskip("pyproj")
    draw = np.random.default_rng(5)
    lat, lon, height = draw.uniform(-90, 90, 500), draw.uniform(-180, 180, 500), draw.uniform(-1e4, 1e6, 500)
    across = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    theirs = np.stack(across.transform(lon, lat, height), axis=-1)
    assert np.max(np.abs(geodesy.to_ecef(np.radians(lat), np.radians(lon), height) - theirs)) < 1e-6


@settings(deadline=None)
@given(LATITUDE, LONGITUDE, HEIGHT)
def test_round_trip(lat, lon, height):
    found_lat, found_lon, found_height = geodesy.to_geodetic(geodesy.to_ecef(lat, lon, height))
    assert abs(found_lat - lat) * 6.4e6 < 1e-6
    assert abs(found_height - height) < 1e-6
    assert abs(math.remainder(found_lon - lon, 2 * math.pi)) * math.cos(lat) * 6.4e6 < 1e-6


@settings(deadline=None)
@given(LATITUDE, LONGITUDE, HEIGHT, st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3))
def test_frames_round_trip(lat, lon, height, enu):
    site = geodesy.frame(lat, lon, height)
    assert site.axes @ site.axes.T == pytest.approx(np.eye(3), abs=1e-14)
    assert geodesy.to_enu(site, geodesy.from_enu(site, enu)) == pytest.approx(np.array(enu), abs=1e-6)
    slant, bearing, elevation = geodesy.look(site, geodesy.from_enu(site, enu))
    assert slant == pytest.approx(np.linalg.norm(enu), abs=1e-6)
    assert 0.0 <= bearing < 2 * math.pi
    assert abs(elevation) <= math.pi / 2


def test_looks_along_the_axes():
    site = geodesy.frame(*deg(54.0, 28.0), 150.0)
    points = geodesy.from_enu(site, [[0, 1000, 0], [1000, 0, 0], [0, -1000, 0], [-1000, 0, 0], [0, 0, 500]])
    slant, bearing, elevation = geodesy.look(site, points)
    assert slant == pytest.approx([1000, 1000, 1000, 1000, 500])
    assert np.degrees(bearing[:4]) == pytest.approx([0, 90, 180, 270], abs=1e-7)
    assert np.degrees(elevation) == pytest.approx([0, 0, 0, 0, 90], abs=1e-7)


def test_height_alone_is_the_height_of_the_whole_conversion():
    draw = np.random.default_rng(12)
    lat, lon, height = draw.uniform(-1.57, 1.57, 500), draw.uniform(-3.14, 3.14, 500), draw.uniform(-400.0, 2e6, 500)
    for point, stated_m in zip(geodesy.to_ecef(lat, lon, height), height):
        assert abs(geodesy.ellipsoidal_height_m(*point) - stated_m) < 1e-6
    assert geodesy.ellipsoidal_height_m(0.0, 0.0, 6_400_000.0) == pytest.approx(6_400_000.0 - 6_356_752.314245, abs=1e-6)


def test_compiled_equals_plain():
    draw = np.random.default_rng(2)
    lat, lon, height = draw.uniform(-1.57, 1.57, 200), draw.uniform(-3.14, 3.14, 200), draw.uniform(-1e3, 1e5, 200)
    site = geodesy.frame(0.9, 0.4, 100.0)
    axes = np.empty((3, 3))
    plain(geodesy.enu_axes)(0.9, 0.4, axes)
    assert np.array_equal(axes, site.axes)
    for a, b, c in zip(lat, lon, height):
        point = geodesy.geodetic_to_ecef(a, b, c)
        assert point == plain(geodesy.geodetic_to_ecef)(a, b, c)
        assert geodesy.ecef_to_geodetic(*point) == plain(geodesy.ecef_to_geodetic)(*point)
        assert geodesy.ellipsoidal_height_m(*point) == plain(geodesy.ellipsoidal_height_m)(*point)
        assert geodesy.look_angles(*site, *point) == plain(geodesy.look_angles)(*site, *point)
        assert geodesy.ecef_to_enu(*site, *point) == plain(geodesy.ecef_to_enu)(*site, *point)


def test_compiled_loops_equal_plain():
    draw = np.random.default_rng(3)
    lat, lon, height = draw.uniform(-1.57, 1.57, 50), draw.uniform(-3.14, 3.14, 50), draw.uniform(-1e3, 1e5, 50)
    site = geodesy.frame(0.9, 0.4, 100.0)
    points = geodesy.to_ecef(lat, lon, height)
    slow = np.empty((50, 3))
    plain(geodesy.geodetic_to_ecef_each)(lat, lon, height, slow)
    assert np.array_equal(slow, points)
    plain(geodesy.ecef_to_geodetic_each)(points, slow)
    assert np.array_equal(slow, np.stack(geodesy.to_geodetic(points), axis=-1))
    plain(geodesy.look_angles_each)(*site, points, slow)
    assert np.array_equal(slow, np.stack(geodesy.look(site, points), axis=-1))


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: geodesy.to_ecef(53.9, 27.5, 0.0), "radians"),
        (lambda: geodesy.to_ecef(math.nan, 0.0, 0.0), "latitude"),
        (lambda: geodesy.to_ecef(0.0, 0.0, math.inf), "height"),
        (lambda: geodesy.frame(2.0, 0.0, 0.0), "pole"),
        (lambda: geodesy.to_geodetic([1.0, 2.0]), "three"),
        (lambda: geodesy.to_geodetic([math.nan, 2.0, 3.0]), "finite"),
        (lambda: geodesics.inverse(0.0, math.nan, 0.0, 0.0), "longitude"),
        (lambda: geodesics.direct(0.0, 0.0, math.nan, 1.0), "bearing"),
        (lambda: geodesics.direct(0.0, 0.0, 0.0, math.inf), "distance"),
    ],
)
def test_bad_input_is_refused(call, word):
    with pytest.raises(UserError, match=word):
        call()
