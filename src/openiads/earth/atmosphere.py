"""The US Standard Atmosphere 1976 up to 86 km, and altitudes read from an altimeter."""

import math

import numpy as np
from numpy.typing import ArrayLike

from openiads.errors import UserError
from openiads.kernel import Reals, kernel

GRAVITY_MPS2 = 9.80665  # standard gravity, US Standard Atmosphere 1976
AIR_GAS_CONSTANT = 287.05287  # J/(kg K), universal gas constant over the molar mass of air
HEAT_CAPACITY_RATIO = 1.4  # US Standard Atmosphere 1976
GEOPOTENTIAL_RADIUS_M = 6356766.0  # US Standard Atmosphere 1976
SEA_LEVEL_PRESSURE_PA = 101325.0  # US Standard Atmosphere 1976
SEA_LEVEL_TEMPERATURE_K = 288.15  # US Standard Atmosphere 1976
LOWEST_M = -5000.0
TOP_GEOPOTENTIAL_M = 84852.0

_BASES_M = (0.0, 11000.0, 20000.0, 32000.0, 47000.0, 51000.0, 71000.0, TOP_GEOPOTENTIAL_M)
_LAPSES_K_PER_M = (-0.0065, 0.0, 0.001, 0.0028, 0.0, -0.0028, -0.002, 0.0)


def _up(temperature_k: float, pressure_pa: float, lapse_k_per_m: float, rise_m: float) -> tuple[float, float]:
    """Return temperature [K] and pressure [Pa] after rising through part of one layer."""
    if lapse_k_per_m == 0.0:
        return temperature_k, pressure_pa * math.exp(-GRAVITY_MPS2 * rise_m / (AIR_GAS_CONSTANT * temperature_k))
    above_k = temperature_k + lapse_k_per_m * rise_m
    return above_k, pressure_pa * (above_k / temperature_k) ** (-GRAVITY_MPS2 / (AIR_GAS_CONSTANT * lapse_k_per_m))


def _layer_bases() -> tuple[tuple[float, ...], tuple[float, ...]]:
    temperatures, pressures = [SEA_LEVEL_TEMPERATURE_K], [SEA_LEVEL_PRESSURE_PA]
    for i in range(len(_BASES_M) - 1):
        temperature_k, pressure_pa = _up(temperatures[i], pressures[i], _LAPSES_K_PER_M[i], _BASES_M[i + 1] - _BASES_M[i])
        temperatures.append(temperature_k)
        pressures.append(pressure_pa)
    return tuple(temperatures), tuple(pressures)


_TEMPERATURES_K, _PRESSURES_PA = _layer_bases()


@kernel
def air(height_amsl_m: float) -> tuple[float, float, float, float]:
    """Temperature [K], pressure [Pa], density [kg/m3] and speed of sound [m/s] at a geometric height; isothermal above 86 km."""
    rise_m = GEOPOTENTIAL_RADIUS_M * height_amsl_m / (GEOPOTENTIAL_RADIUS_M + height_amsl_m)
    layer = 0
    while layer < 7 and rise_m >= _BASES_M[layer + 1]:
        layer += 1
    base_k = _TEMPERATURES_K[layer]
    lapse = _LAPSES_K_PER_M[layer]
    rise_m -= _BASES_M[layer]
    temperature_k = base_k + lapse * rise_m
    if lapse == 0.0:
        pressure_pa = _PRESSURES_PA[layer] * math.exp(-GRAVITY_MPS2 * rise_m / (AIR_GAS_CONSTANT * base_k))
    else:
        pressure_pa = _PRESSURES_PA[layer] * math.pow(temperature_k / base_k, -GRAVITY_MPS2 / (AIR_GAS_CONSTANT * lapse))
    density = pressure_pa / (AIR_GAS_CONSTANT * temperature_k)
    return temperature_k, pressure_pa, density, math.sqrt(HEAT_CAPACITY_RATIO * AIR_GAS_CONSTANT * temperature_k)


@kernel
def air_each(height_amsl_m: Reals, out: Reals) -> None:
    """Fill ``out`` (n, 4) with temperature, pressure, density and speed of sound at n heights."""
    for i in range(height_amsl_m.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = air(height_amsl_m[i])


def standard_air(height_amsl_m: ArrayLike) -> tuple[Reals, Reals, Reals, Reals]:
    """Return the state of the standard air.

    Parameters
    ----------
    height_amsl_m : array_like
        Geometric height above mean sea level, -5,000 to 86,000. [m]

    Returns
    -------
    tuple of ndarray
        Temperature [K], pressure [Pa], density [kg/m3] and speed of sound [m/s], each of the shape given.

    Raises
    ------
    UserError
        A height outside the model or not a number.

    Limits
    ------
    A mean mid-latitude year: a winter day over plains is colder and denser. The temperature is the molecular-scale one, which
    parts from the kinetic one above 80 km. The kernel `air` goes on above 86 km at a constant temperature.

    Source
    ------
    [ussa1976]
    """
    height = np.asarray(height_amsl_m, np.float64)
    if not np.all((height >= LOWEST_M) & (height <= 86000.0)):
        raise UserError("the standard atmosphere holds from -5,000 m to 86,000 m above sea level: a height outside it was asked for")
    out = np.empty((height.size, 4))
    air_each(np.ascontiguousarray(height).ravel(), out)
    temperature, pressure, density, sound = (out[:, i].reshape(height.shape) for i in range(4))
    return temperature, pressure, density, sound


def geopotential_m(height_amsl_m: ArrayLike) -> Reals:
    """Return the geopotential height [m] of a geometric one [m] ([ussa1976])."""
    height = np.asarray(height_amsl_m, np.float64)
    return np.asarray(GEOPOTENTIAL_RADIUS_M * height / (GEOPOTENTIAL_RADIUS_M + height))


def geometric_m(geopotential_height_m: ArrayLike) -> Reals:
    """Return the geometric height [m] of a geopotential one [m] ([ussa1976])."""
    height = np.asarray(geopotential_height_m, np.float64)
    return np.asarray(GEOPOTENTIAL_RADIUS_M * height / (GEOPOTENTIAL_RADIUS_M - height))


def pressure_altitude_m(pressure_pa: ArrayLike) -> Reals:
    """Return the height of the standard atmosphere at which a pressure is found.

    Parameters
    ----------
    pressure_pa : array_like
        Static pressure. [Pa]

    Returns
    -------
    ndarray
        Pressure altitude, a geopotential height: flight level 100 is 10,000 ft of it. [m]

    Raises
    ------
    UserError
        A pressure outside the model or not a number.

    Source
    ------
    [ussa1976]
    """
    pressure = np.asarray(pressure_pa, np.float64)
    if not np.all((pressure >= _PRESSURES_PA[-1]) & (pressure <= 178000.0)):
        raise UserError(f"pressure must lie between {_PRESSURES_PA[-1]:.3g} and 178,000 Pa: were hectopascals given for pascals?")
    layer = np.clip(np.searchsorted(-np.array(_PRESSURES_PA), -pressure, side="right") - 1, 0, 6)
    lapse, temperature = np.array(_LAPSES_K_PER_M)[layer], np.array(_TEMPERATURES_K)[layer]
    ratio = pressure / np.array(_PRESSURES_PA)[layer]
    scale_m = AIR_GAS_CONSTANT * temperature / GRAVITY_MPS2
    sloped = np.where(lapse == 0.0, 1.0, lapse)
    rise_m = np.where(
        lapse == 0.0,
        -scale_m * np.log(ratio),
        temperature / sloped * (ratio ** (-AIR_GAS_CONSTANT * sloped / GRAVITY_MPS2) - 1.0),
    )
    return np.asarray(np.array(_BASES_M)[layer] + rise_m)


def amsl_from_pressure_altitude_m(altitude_m: ArrayLike, qnh_pa: ArrayLike = SEA_LEVEL_PRESSURE_PA) -> Reals:
    """Return the geometric height above sea level of an aircraft that reports a pressure altitude.

    Parameters
    ----------
    altitude_m : array_like
        Pressure altitude as broadcast by transponders. [m]
    qnh_pa : array_like
        Pressure reduced to sea level where the aircraft flies. [Pa]

    Returns
    -------
    ndarray
        Geometric height above mean sea level. [m]

    Raises
    ------
    UserError
        The QNH is not a pressure found at sea level.

    Limits
    ------
    What an altimeter set to QNH shows: a day colder than standard by 10 K puts the aircraft about 4 % lower.

    Source
    ------
    [icao-doc7488], through the same layers as [ussa1976]
    """
    return geometric_m(np.asarray(altitude_m, np.float64) - pressure_altitude_m(_qnh(qnh_pa)))


def pressure_altitude_from_amsl_m(height_amsl_m: ArrayLike, qnh_pa: ArrayLike = SEA_LEVEL_PRESSURE_PA) -> Reals:
    """Return the pressure altitude [m] reported at a geometric height [m] under a QNH [Pa]: the inverse of the above."""
    return np.asarray(geopotential_m(height_amsl_m) + pressure_altitude_m(_qnh(qnh_pa)))


def _qnh(qnh_pa: ArrayLike) -> Reals:
    qnh = np.asarray(qnh_pa, np.float64)
    if not np.all((qnh >= 85000.0) & (qnh <= 110000.0)):
        raise UserError("QNH must lie between 85,000 and 110,000 Pa: were hectopascals given for pascals?")
    return qnh
