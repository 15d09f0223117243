"""How much air and rain weaken a wave per kilometre: two models of gases behind one name, and rain."""

import math
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.earth.atmosphere import standard_air
from openiads.errors import UserError
from openiads.kernel import Reals
from openiads.model import inputs


class Air(NamedTuple):
    """Air at sea level; with height it changes as the standard atmosphere does, the vapour falls by e every 2 km."""

    temperature_k: float = 288.15
    pressure_pa: float = 101_325.0
    vapour_g_per_m3: float = 7.5  # ITU-R P.835, mean annual global reference atmosphere


GAS_MODELS = ("line-by-line", "two-layer")
STANDARD_AIR = Air()
VAPOUR_SCALE_M = 2_000.0  # the same
OXYGEN_SCALE_M = 6_000.0  # equivalent height of dry air away from the lines, as in early editions of ITU-R P.676
FREQUENCY_MAX_HZ = 1e12

# ITU-R P.838-3, tables 1 to 4: sums of bell curves in lg(f / GHz), then slope and constant.
_RAIN = {
    "kh": ((-5.33980, -0.35351, -0.23789, -0.94158), (-0.10008, 1.26970, 0.86036, 0.64552), (1.13098, 0.45400, 0.15354, 0.16817)),
    "kv": ((-3.80595, -3.44965, -0.39902, 0.50167), (0.56934, -0.22911, 0.73042, 1.07319), (0.81061, 0.51059, 0.11899, 0.27195)),
    "ah": (
        (-0.14318, 0.29591, 0.32177, -5.37610, 16.1721),
        (1.82442, 0.77564, 0.63773, -0.96230, -3.29980),
        (-0.55187, 0.19822, 0.13164, 1.47828, 3.43990),
    ),
    "av": (
        (-0.07771, 0.56727, -0.20238, -48.2991, 48.5833),
        (2.33840, 0.95545, 1.14520, 0.791669, 0.791459),
        (-0.76284, 0.54039, 0.26809, 0.116226, 0.116479),
    ),
}
_RAIN_LINE = {"kh": (-0.18961, 0.71147), "kv": (-0.16398, 0.63297), "ah": (0.67849, -1.95537), "av": (-0.053739, 0.83433)}


def gas_db_per_km(
    frequency_hz: float, pressure_hpa: ArrayLike, temperature_k: ArrayLike, vapour_g_per_m3: ArrayLike
) -> tuple[Reals, Reals]:
    """Specific attenuation by oxygen and by water vapour, summed line by line.

    Parameters
    ----------
    frequency_hz : frequency, up to 1000 GHz [Hz]
    pressure_hpa : pressure of dry air [hPa]
    temperature_k : temperature [K]
    vapour_g_per_m3 : water-vapour density [g/m3]

    Returns
    -------
    oxygen and water vapour, arrays of the broadcast shape [dB/km]

    Raises
    ------
    UserError : NaN, a frequency outside 0 to 1000 GHz, a negative density or a pressure or temperature that is not positive.

    Limits: clear air; one-way; 1 to 1000 GHz in the source, taken down to VHF, where the loss is below 0.001 dB/km.
    Source: [itu-p676-12], Annex 1.
    """
    where = "attenuation.gas_db_per_km"
    f = inputs.positive(where, "frequency_hz", frequency_hz, "Hz") / 1e9
    if f > FREQUENCY_MAX_HZ / 1e9:
        raise UserError(f"{where}: frequency_hz must be at most {FREQUENCY_MAX_HZ:g} Hz, received {frequency_hz!r}")
    p = inputs.array(where, "pressure_hpa", pressure_hpa, 1e-9)[..., None]
    t = inputs.array(where, "temperature_k", temperature_k, 1.0)[..., None]
    e = inputs.array(where, "vapour_g_per_m3", vapour_g_per_m3, 0.0)[..., None] * t / 216.7
    theta = 300.0 / t
    oxygen, vapour = _lines()
    f0, a1, a2, a3, a4, a5, a6 = oxygen
    strength = a1 * 1e-7 * p * theta**3 * np.exp(a2 * (1.0 - theta))
    width = np.sqrt((a3 * 1e-4 * (p * theta ** (0.8 - a4) + 1.1 * e * theta)) ** 2 + 2.25e-6)
    overlap = (a5 + a6 * theta) * 1e-4 * (p + e) * theta**0.8
    dry = (strength * _shape(f, f0, width, overlap)).sum(axis=-1)
    debye = (5.6e-4 * (p + e) * theta**0.8)[..., 0]
    p0, theta0 = p[..., 0], theta[..., 0]
    dry = dry + f * p0 * theta0**2 * (6.14e-5 / (debye * (1.0 + (f / debye) ** 2)) + 1.4e-12 * p0 * theta0**1.5 / (1.0 + 1.9e-5 * f**1.5))
    f0, b1, b2, b3, b4, b5, b6 = vapour
    strength = b1 * 0.1 * e * theta**3.5 * np.exp(b2 * (1.0 - theta))
    width = b3 * 1e-4 * (p * theta**b4 + b5 * e * theta**b6)
    width = 0.535 * width + np.sqrt(0.217 * width**2 + 2.1316e-12 * f0**2 / theta)
    wet = (strength * _shape(f, f0, width, np.zeros(1))).sum(axis=-1)
    return np.asarray(0.1820 * f * dry), np.asarray(0.1820 * f * wet)


def gas_profile_db_per_km(
    frequency_hz: float, height_amsl_m: ArrayLike, model: str = "line-by-line", sea_level: Air = STANDARD_AIR
) -> Reals:
    """Specific attenuation of air at heights above sea level.

    Parameters
    ----------
    frequency_hz : frequency [Hz]
    height_amsl_m : heights, any shape, 0 to 86 km; lower ones count as sea level [m]
    model : ``line-by-line`` evaluates the lines in the air of each height; ``two-layer`` lets the sea-level values fall
        exponentially with 6 km for dry air and 2 km for vapour
    sea_level : temperature, pressure and vapour density at sea level

    Returns
    -------
    array of the shape of ``height_amsl_m`` [dB/km]

    Raises
    ------
    UserError : NaN, a frequency or the air out of bounds or an unknown model.

    Limits: the standard atmosphere moved by the difference in temperature and scaled in pressure; one-way;
        ``two-layer`` is meant away from the oxygen lines at 60 GHz.
    Source: [itu-p676-12] lines; [ussa1976] air; [itu-p835-6] vapour; [itu-p676-3] equivalent heights.
    """
    heights = np.clip(inputs.array("attenuation.gas_profile_db_per_km", "height_amsl_m", height_amsl_m), 0.0, 86_000.0)
    if model == "two-layer":
        dry, wet = gas_db_per_km(frequency_hz, sea_level.pressure_pa / 100.0, sea_level.temperature_k, sea_level.vapour_g_per_m3)
        return np.asarray(dry * np.exp(-heights / OXYGEN_SCALE_M) + wet * np.exp(-heights / VAPOUR_SCALE_M))
    if model != "line-by-line":
        raise UserError(f"attenuation: model must be one of {', '.join(GAS_MODELS)}, received {model!r}")
    temperature_k, pressure_pa, _, _ = standard_air(heights)
    dry, wet = gas_db_per_km(
        frequency_hz,
        pressure_pa / 100.0 * (sea_level.pressure_pa / STANDARD_AIR.pressure_pa),
        temperature_k + (sea_level.temperature_k - STANDARD_AIR.temperature_k),
        sea_level.vapour_g_per_m3 * np.exp(-heights / VAPOUR_SCALE_M),
    )
    return np.asarray(dry + wet)


def rain_coefficients(frequency_hz: float, elevation_rad: float = 0.0, tilt_rad: float = 0.0) -> tuple[float, float]:
    """Coefficients k and alpha of rain attenuation k R^alpha.

    Parameters
    ----------
    frequency_hz : 1 to 1000 GHz [Hz]
    elevation_rad : of the path [rad]
    tilt_rad : of the polarisation, 0 horizontal, pi/2 vertical, pi/4 circular [rad]

    Returns
    -------
    k [dB/km at 1 mm/h] and alpha [1]

    Raises
    ------
    UserError : a frequency out of bounds.

    Limits: spheroidal drops of one size distribution; below 1 GHz rain is taken as transparent by ``rain_db_per_km``.
    Source: [itu-p838-3].
    """
    f = inputs.positive("attenuation.rain_coefficients", "frequency_hz", frequency_hz, "Hz") / 1e9
    if not 1.0 <= f <= 1000.0:
        raise UserError(f"attenuation.rain_coefficients: frequency_hz must lie between 1e9 and 1e12 Hz, received {frequency_hz!r}")
    x = math.log10(f)
    sums = {
        name: math.fsum(a * math.exp(-(((x - b) / c) ** 2)) for a, b, c in zip(*_RAIN[name], strict=True)) + m * x + n
        for name, (m, n) in _RAIN_LINE.items()
    }
    kh, kv = 10.0 ** sums["kh"], 10.0 ** sums["kv"]
    mixed = math.cos(elevation_rad) ** 2 * math.cos(2.0 * tilt_rad)
    k = (kh + kv + (kh - kv) * mixed) / 2.0
    return k, (kh * sums["ah"] + kv * sums["av"] + (kh * sums["ah"] - kv * sums["av"]) * mixed) / (2.0 * k)


def rain_db_per_km(frequency_hz: float, rain_mm_per_h: ArrayLike, elevation_rad: float = 0.0, tilt_rad: float = 0.0) -> Reals:
    """Specific attenuation by rain.

    Parameters
    ----------
    frequency_hz : frequency [Hz]
    rain_mm_per_h : rain rate, any shape [mm/h]
    elevation_rad, tilt_rad : as for ``rain_coefficients``

    Returns
    -------
    array of the shape of ``rain_mm_per_h`` [dB/km]

    Raises
    ------
    UserError : NaN, a negative rate or a frequency above 1000 GHz.

    Limits: one-way; no loss below 1 GHz; echo of the rain itself is not represented.
    Source: [itu-p838-3].
    """
    rate = inputs.array("attenuation.rain_db_per_km", "rain_mm_per_h", rain_mm_per_h, 0.0)
    if inputs.positive("attenuation.rain_db_per_km", "frequency_hz", frequency_hz, "Hz") < 1e9:
        return np.zeros_like(rate)
    k, alpha = rain_coefficients(frequency_hz, elevation_rad, tilt_rad)
    return np.asarray(k * rate**alpha)


@cache
def _lines() -> tuple[Reals, Reals]:
    """Columns (7, n) of the oxygen and water-vapour lines: frequency in GHz and six coefficients."""
    folder = resources.files("openiads.model") / "data"
    oxygen, vapour = (
        np.loadtxt((folder / name).read_text(encoding="utf-8").splitlines(), delimiter=",", skiprows=2).T
        for name in ("p676_oxygen.csv", "p676_water_vapour.csv")
    )
    return oxygen, vapour


def _shape(f: float, f0: Reals, width: Reals, overlap: Reals) -> Reals:
    """Van Vleck and Weisskopf line shape with line overlap. [1/GHz]"""
    low = (width - overlap * (f0 - f)) / ((f0 - f) ** 2 + width**2)
    high = (width - overlap * (f0 + f)) / ((f0 + f) ** 2 + width**2)
    return np.asarray(f / f0 * (low + high))
