"""Checks of attenuation, diffraction and lobing."""

import math

import numpy as np

from openiads.model import attenuation, diffraction, lobing
from openiads.verify import rows


def gas_db_per_km(frequency_ghz: float, pressure_hpa: float, temperature_k: float, vapour_g_per_m3: float, part: str) -> float:
    """Specific attenuation by one gas or both."""
    oxygen, vapour = attenuation.gas_db_per_km(frequency_ghz * 1e9, pressure_hpa, temperature_k, vapour_g_per_m3)
    return float({"oxygen": oxygen, "water_vapour": vapour, "total": oxygen + vapour}[part])


def rain(frequency_ghz: float, elevation_deg: float, rain_mm_per_h: float, part: str) -> float:
    """A coefficient of rain attenuation, or the attenuation."""
    elevation_rad = math.radians(elevation_deg)
    if part == "gamma":
        return float(attenuation.rain_db_per_km(frequency_ghz * 1e9, rain_mm_per_h, elevation_rad))
    k, alpha = attenuation.rain_coefficients(frequency_ghz * 1e9, elevation_rad)
    return k if part == "k" else alpha


def knife_edge_loss_db(v: float, exact: bool) -> float:
    """One-way loss over an edge."""
    return float(diffraction.knife_edge_loss_db(v, exact))


def knife_edge_gap_db(v: list[float]) -> float:
    """Largest gap between approximation and exact loss."""
    return float(np.abs(diffraction.knife_edge_loss_db(v, exact=False) - diffraction.knife_edge_loss_db(v)).max())


def grazing_loss_db(v: float) -> float:
    """One-way loss that a battle applies just above a mask."""
    return diffraction.edge_loss_db(v)


def _plane(wavelength_m: float, antenna_m: float) -> lobing.Low:
    return lobing.Low(1, wavelength_m, antenna_m, k=1e9, reflection=1.0, roughness_m=0.0, beamwidth_rad=1e6)


def _power(low: lobing.Low, target_m: float, range_m: float) -> float:
    detour_m, grazing_rad = lobing.two_rays(range_m, low.antenna_m, target_m, low.k)
    return lobing.lobing_power(low, detour_m, grazing_rad, 0.0)


def first_lobe_deg(wavelength_m: float, antenna_m: float, way: str) -> float:
    """Elevation of the first lobe: closed form, or where the two rays of a battle are half a wavelength apart."""
    if way == "closed":
        return math.degrees(lobing.first_lobe_rad(wavelength_m, antenna_m))
    low = _plane(wavelength_m, antenna_m)
    range_m = 1e6
    bottom_rad, top_rad = 1e-5, 0.01
    for _ in range(60):
        middle_rad = 0.5 * (bottom_rad + top_rad)
        detour_m, _ = lobing.two_rays(range_m, antenna_m, range_m * math.tan(middle_rad), low.k)
        if detour_m < 0.5 * wavelength_m:
            bottom_rad = middle_rad
        else:
            top_rad = middle_rad
    return math.degrees(0.5 * (bottom_rad + top_rad))


def low_target_exponent(wavelength_m: float, antenna_m: float, target_m: float, range_m: list[float]) -> float:
    """Exponent of received power over range."""
    low = _plane(wavelength_m, antenna_m)
    near, far = (_power(low, target_m, reach_m) ** 2 / reach_m**4 for reach_m in range_m)
    return math.log(far / near) / math.log(range_m[1] / range_m[0])


def lobe_factor(target_m: float, range_m: float) -> float:
    """One-way power of two rays over a plane, over that of one."""
    return _power(_plane(0.1, 10.0), target_m, range_m)


CHECKS = rows.read("propagation", globals())
