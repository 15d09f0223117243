"""Two rays over the ground: the direct one and its reflection interfere, and the ground in the cell returns clutter."""

import math
from typing import NamedTuple

from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.earth.refraction import STANDARD_K
from openiads.errors import UserError
from openiads.kernel import kernel
from openiads.model import inputs


class Low(NamedTuple):
    """What a radar sees near the ground.

    ``lobed`` 1 or 0; ``wavelength_m``; ``antenna_m`` above the ground; ``k``; ``reflection`` of smooth ground [1]; ``roughness_m``
    (standard deviation of heights); ``beamwidth_rad`` in elevation; ``clutter_db``: ratio of clutter to noise for a range of
    1 m and a grazing angle of 1 rad, after the radar's clutter filter (-inf: none).
    """

    lobed: int
    wavelength_m: float
    antenna_m: float
    k: float = STANDARD_K
    reflection: float = 0.9
    roughness_m: float = 1.0
    beamwidth_rad: float = 0.035
    clutter_db: float = -math.inf


def clutter_constant_db(
    signal_constant_db: float, beamwidth_azimuth_rad: float, resolution_m: float, gamma_db: float = -15.0, improvement_db: float = 40.0
) -> float:
    """Ratio of ground clutter to noise that ``Low.clutter_db`` asks for.

    Parameters
    ----------
    signal_constant_db : of the radar, from ``detection.calibrate`` [dB]
    beamwidth_azimuth_rad, resolution_m : size of the cell across and along
    gamma_db : reflectivity of the ground per unit of the sine of the grazing angle [dB]
    improvement_db : by how much the radar's filters weaken what does not move [dB]

    Raises
    ------
    UserError : a beamwidth or resolution that is not positive.

    Limits: constant-gamma land; the improvement is a judgement (30 to 50 dB) unless a source states it.
    Source: [skolnik-2008] constant-gamma clutter and pulse-limited cell.
    """
    where = "lobing.clutter_constant_db"
    width = inputs.positive(where, "beamwidth_azimuth_rad", beamwidth_azimuth_rad, "rad")
    cell_db = 10.0 * math.log10(width * inputs.positive(where, "resolution_m", resolution_m, "m"))
    return signal_constant_db + cell_db + gamma_db - improvement_db


def first_lobe_rad(wavelength_m: float, antenna_m: float) -> float:
    """Elevation of the lowest lobe of an antenna above flat ground. [rad]

    Raises
    ------
    UserError : a value that is not positive, or an antenna less than a quarter wavelength high.

    Limits: flat, smooth, perfectly reflecting ground.
    Source: [blake-1986].
    """
    sine = inputs.positive("lobing.first_lobe_rad", "wavelength_m", wavelength_m) / (
        4.0 * inputs.positive("lobing.first_lobe_rad", "antenna_m", antenna_m)
    )
    if sine > 1.0:
        raise UserError(f"lobing.first_lobe_rad: antenna_m {antenna_m!r} is less than a quarter of the wavelength {wavelength_m!r} m")
    return math.asin(sine)


@kernel
def reflection_point_m(ground_range_m: float, low_m: float, high_m: float, k: float) -> float:
    """Ground range from the lower of two heights to the point where a ray between them is reflected by round ground. [m]"""
    radius_m = k * MEAN_RADIUS_M
    p = 2.0 / math.sqrt(3.0) * math.sqrt(radius_m * (low_m + high_m) + 0.25 * ground_range_m * ground_range_m)
    sine = 2.0 * radius_m * ground_range_m * (high_m - low_m) / (p * p * p)
    return 0.5 * ground_range_m - p * math.sin(math.asin(min(max(sine, -1.0), 1.0)) / 3.0)


@kernel
def two_rays(ground_range_m: float, antenna_m: float, target_m: float, k: float) -> tuple[float, float]:
    """Detour of the ray reflected by the ground [m] and its grazing angle [rad]; both 0 at and below the horizon."""
    low_m = min(antenna_m, target_m)
    high_m = max(antenna_m, target_m)
    near_m = reflection_point_m(ground_range_m, low_m, high_m, k)
    far_m = ground_range_m - near_m
    double_m = 2.0 * k * MEAN_RADIUS_M
    h1 = low_m - near_m * near_m / double_m
    h2 = high_m - far_m * far_m / double_m
    if not (h1 > 0.0 and h2 > 0.0):
        return 0.0, 0.0
    over_m = math.sqrt(ground_range_m * ground_range_m + (h2 + h1) * (h2 + h1))
    direct_m = math.sqrt(ground_range_m * ground_range_m + (h2 - h1) * (h2 - h1))
    return 4.0 * h1 * h2 / (over_m + direct_m), math.atan2(h1 + h2, ground_range_m)


@kernel
def lobing_power(low: Low, detour_m: float, grazing_rad: float, elevation_rad: float) -> float:
    """One-way power of two interfering rays relative to one, from 0 to 4, for a beam pointed at the target. [1]"""
    rough = 4.0 * math.pi * low.roughness_m * math.sin(grazing_rad) / low.wavelength_m
    aside = (elevation_rad + grazing_rad) / low.beamwidth_rad
    strength = low.reflection * math.exp(-0.5 * rough * rough - 1.3815510557964274 * aside * aside)
    phase = 2.0 * math.pi * detour_m / low.wavelength_m
    return 1.0 + strength * strength - 2.0 * strength * math.cos(phase)


@kernel
def clutter_rise_db(low: Low, ground_range_m: float) -> float:
    """How much the ground in the cell of the target raises the noise, none beyond the radar's horizon. [dB]"""
    horizon_m = math.sqrt(2.0 * low.k * MEAN_RADIUS_M * low.antenna_m)
    if not (low.clutter_db > -300.0 and 0.0 < ground_range_m < horizon_m):
        return 0.0
    grazing = low.antenna_m / ground_range_m - ground_range_m / (2.0 * low.k * MEAN_RADIUS_M)
    if grazing <= 0.0:
        return 0.0
    level_db = low.clutter_db - 30.0 * math.log10(ground_range_m) + 10.0 * math.log10(math.sin(min(grazing, 1.5)))
    return 10.0 * math.log10(1.0 + math.pow(10.0, 0.1 * level_db))
