import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openiads.earth import atmosphere
from openiads.errors import UserError
from openiads.kernel import plain

TABLE = """0 288.15 101325.0 1.225 340.294
1 281.651 89876.28 1.11166 336.4346
5 255.6755 54048.26 0.7364286 320.5454
10 223.2521 26499.87 0.4135103 299.5317
11 216.7735 22699.94 0.3648014 295.1536
20 216.65 5529.301 0.0889098 295.0695
30 226.5091 1197.028 0.01841013 301.7087
40 250.3496 287.1428 0.003995664 317.1892
50 270.65 79.77869 0.001026874 329.7987
60 247.0209 21.95854 0.0003096762 315.0734
70 219.5848 5.22086 8.282813e-05 297.0613
80 198.6386 1.052465 1.84579e-05 282.5379"""


@pytest.mark.parametrize("line", TABLE.splitlines(), ids=lambda line: f"{line.split()[0]} km")
def test_table(line):
    height_km, *expected = map(float, line.split())
    assert np.array(atmosphere.standard_air(height_km * 1e3)) == pytest.approx(expected, rel=2e-5)


def test_against_ambiance():
    ambiance = pytest.importorskip("ambiance", reason="ambiance is not installed")
    heights_m = np.linspace(-4000.0, 80000.0, 200)
    theirs = ambiance.Atmosphere(heights_m)
    ours = atmosphere.standard_air(heights_m)
    for mine, other in zip(ours, (theirs.temperature, theirs.pressure, theirs.density, theirs.speed_of_sound)):
        assert mine == pytest.approx(other, rel=1e-5)


@settings(deadline=None)
@given(st.floats(-4000.0, 84000.0))
def test_pressure_altitude_inverts_pressure(geopotential_m):
    _, pressure_pa, _, _ = atmosphere.standard_air(atmosphere.geometric_m(geopotential_m))
    assert atmosphere.pressure_altitude_m(pressure_pa) == pytest.approx(geopotential_m, abs=1e-6)


@settings(deadline=None)
@given(st.floats(-400.0, 20000.0), st.floats(95000.0, 105000.0))
def test_altimeter_round_trip(height_m, qnh_pa):
    there = atmosphere.pressure_altitude_from_amsl_m(height_m, qnh_pa)
    assert atmosphere.amsl_from_pressure_altitude_m(there, qnh_pa) == pytest.approx(height_m, abs=1e-6)


def test_altimeter_rules():
    assert atmosphere.amsl_from_pressure_altitude_m(3048.0) == pytest.approx(3049.46, abs=0.01)
    low = atmosphere.amsl_from_pressure_altitude_m(1000.0, 100325.0)
    assert 1000.0 - low == pytest.approx(83.6, abs=0.5)  # about 8.3 m for each hectopascal near sea level


def test_kernel_goes_on_above_the_model():
    temperature, pressure, density, _ = atmosphere.air(120e3)
    assert temperature == pytest.approx(186.946)
    assert 0.0 < pressure < 0.37
    assert 0.0 < density < 7e-6


def test_compiled_equals_plain():
    heights_m = np.random.default_rng(4).uniform(-5e3, 1e5, 300)
    fast, slow = np.empty((300, 4)), np.empty((300, 4))
    atmosphere.air_each(heights_m, fast)
    plain(atmosphere.air_each)(heights_m, slow)
    assert np.array_equal(fast, slow)
    assert all(atmosphere.air(h) == plain(atmosphere.air)(h) for h in heights_m)


@pytest.mark.parametrize(
    "call",
    [
        lambda: atmosphere.standard_air(90e3),
        lambda: atmosphere.standard_air(math.nan),
        lambda: atmosphere.pressure_altitude_m(0.0),
        lambda: atmosphere.pressure_altitude_m(math.nan),
        lambda: atmosphere.amsl_from_pressure_altitude_m(1000.0, 1013.25),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(UserError):
        call()
