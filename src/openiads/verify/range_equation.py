"""Checks of the radar range equation and of the calibration that stands for it."""

import math

import numpy as np

from openiads.model import detection, range_equation
from openiads.verify import rows


def range_m(**values: float) -> float:
    """Range of a radar of known parameters."""
    return range_equation.range_m(**values)


def peak_power_w(**values: float) -> float:
    """Peak power that a range needs."""
    return range_equation.peak_power_w(**values)


def search_snr_db(azimuth_deg: list[float], elevation_deg: list[float], **values: float) -> float:
    """Signal-to-noise ratio of a search."""
    azimuth = (math.radians(azimuth_deg[0]), math.radians(azimuth_deg[1]))
    elevation = (math.radians(elevation_deg[0]), math.radians(elevation_deg[1]))
    return range_equation.search_snr_db(azimuth_rad=azimuth, elevation_rad=elevation, **values)


def range_ratio(parameter: str, factor: float) -> float:
    """Range after one parameter is multiplied, over the range before."""
    base = {"snr_db": 6.0, "peak_power_w": 1e6, "pulse_s": 1e-5, "frequency_hz": 1e10, "rcs_m2": 0.1, "gain_db": 40.0, "loss_db": 3.0}
    changed = {**base, parameter: base[parameter] * factor}
    return range_equation.range_m(**changed) / range_equation.range_m(**base)


def calibrated_range_m(rcs_m2: float) -> float:
    """Range at which a calibrated radar has its stated probability against another cross-section, by bisection."""
    constant_db = detection.calibrate(600e3, 1.0, 0.8)
    near_m, far_m = 1e3, 1e7
    for _ in range(70):
        middle_m = math.sqrt(near_m * far_m)
        level_db = detection.snr_db(constant_db, rcs_m2, np.array([middle_m]))
        if float(detection.probability(level_db)[0]) > 0.8:
            near_m = middle_m
        else:
            far_m = middle_m
    return math.sqrt(near_m * far_m)


CHECKS = rows.read("range_equation", globals())
