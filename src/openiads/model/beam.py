"""What an antenna and a Doppler filter let through: pattern, scanning, limits in azimuth and elevation, radial speed."""

import math

import numpy as np
from numpy.typing import ArrayLike

from openiads.kernel import Reals, folded_kernel, kernel
from openiads.model import inputs

TWO_PI = 2.0 * math.pi
NOTCH_FLOOR_DB = 60.0
HALF_POWER_DB = -12.041199826559248  # of a Gaussian lobe one full beamwidth off its axis: -40 lg 2


@kernel
def wrap_rad(angle_rad: float) -> float:
    """The same direction in [-pi, pi). [rad]"""
    return (angle_rad + math.pi) % TWO_PI - math.pi


@kernel
def pattern_gain_db(
    off_azimuth_rad: float, off_elevation_rad: float, beamwidth_azimuth_rad: float, beamwidth_elevation_rad: float, sidelobe_db: float
) -> float:
    """One-way gain off the axis relative to the peak: a Gaussian main lobe (3 dB at half a beamwidth) over a flat floor. [dB]"""
    across = wrap_rad(off_azimuth_rad) / beamwidth_azimuth_rad
    up = off_elevation_rad / beamwidth_elevation_rad
    return max(HALF_POWER_DB * (across * across + up * up), sidelobe_db)


@kernel
def in_sector(bearing_rad: float, facing_rad: float, width_rad: float) -> bool:
    """Whether a bearing lies in a sector of a full width around where it faces."""
    return width_rad >= TWO_PI or abs(wrap_rad(bearing_rad - facing_rad)) <= 0.5 * width_rad


@folded_kernel
def aside_loss_db(exponent: float, off_rad: float) -> float:
    """What a flat array loses both ways off its broadside by a power of the cosine, at most 60; 0: it loses nothing. [dB]"""
    if exponent <= 0.0:
        return 0.0
    return min(-20.0 * exponent * math.log10(max(math.cos(off_rad), 1e-6)), NOTCH_FLOOR_DB)


def pattern_db(
    off_azimuth_rad: ArrayLike,
    off_elevation_rad: ArrayLike,
    beamwidth_azimuth_rad: float,
    beamwidth_elevation_rad: float,
    sidelobe_db: float = -30.0,
) -> Reals:
    """One-way gain of an antenna off its axis, relative to the peak.

    Parameters
    ----------
    off_azimuth_rad, off_elevation_rad : angles from the axis, shapes that broadcast [rad]
    beamwidth_azimuth_rad, beamwidth_elevation_rad : full width between the half-power points [rad]
    sidelobe_db : side-lobe floor relative to the peak, negative [dB]

    Returns
    -------
    array of the broadcast shape [dB]

    Raises
    ------
    UserError : NaN, a beamwidth that is not positive or a side-lobe level above the peak.

    Limits: no separate side lobes and nulls; the floor stands for their mean level.
    Source: [skolnik-2008] Gaussian approximation of the main lobe.
    """
    where = "beam.pattern_db"
    across = inputs.array(where, "off_azimuth_rad", off_azimuth_rad)
    up = inputs.array(where, "off_elevation_rad", off_elevation_rad)
    inputs.positive(where, "beamwidth_azimuth_rad", beamwidth_azimuth_rad, "rad")
    inputs.positive(where, "beamwidth_elevation_rad", beamwidth_elevation_rad, "rad")
    inputs.not_negative(where, "-sidelobe_db", -sidelobe_db, "dB")
    across = (np.mod(across + math.pi, TWO_PI) - math.pi) / beamwidth_azimuth_rad
    up = up / beamwidth_elevation_rad
    return np.asarray(np.maximum(HALF_POWER_DB * (across * across + up * up), sidelobe_db))


def shape_loss_db(off_axis_rad: ArrayLike, beamwidth_rad: float) -> Reals:
    """Two-way loss of a target off the axis of a beam.

    Parameters
    ----------
    off_axis_rad : angle from the axis, any shape [rad]
    beamwidth_rad : full width between the half-power points [rad]

    Returns
    -------
    array of the shape of ``off_axis_rad`` [dB]

    Raises
    ------
    UserError : NaN or a beamwidth that is not positive.

    Limits: Gaussian main lobe, without floor.
    Source: [skolnik-2008].
    """
    width = inputs.positive("beam.shape_loss_db", "beamwidth_rad", beamwidth_rad, "rad")
    off = inputs.array("beam.shape_loss_db", "off_axis_rad", off_axis_rad) / width
    return np.asarray(-2.0 * HALF_POWER_DB * off * off)


def scan_loss_db(off_broadside_rad: ArrayLike, exponent: float = 1.5) -> Reals:
    """Two-way loss of a flat array that looks away from broadside.

    Parameters
    ----------
    off_broadside_rad : angles from the array's normal, any shape [rad]
    exponent : power of the cosine by which the one-way gain falls [1]

    Returns
    -------
    array of the shape of ``off_broadside_rad``, at most 60 at the array's edge and behind [dB]

    Raises
    ------
    UserError : NaN or a negative exponent.

    Limits: mean fall of the element pattern and projected aperture; no blind angles, no change of beamwidth.
    Source: [skolnik-2008], chapter on phased arrays.
    """
    power = inputs.not_negative("beam.scan_loss_db", "exponent", exponent)
    off_rad = inputs.array("beam.scan_loss_db", "off_broadside_rad", off_broadside_rad)
    return np.asarray(np.vectorize(aside_loss_db, otypes=[float])(power, off_rad))


def doppler_loss_db(radial_speed_mps: ArrayLike, minimum_radial_speed_mps: float) -> Reals:
    """Loss of targets to the filter that removes ground clutter.

    Parameters
    ----------
    radial_speed_mps : of each target, either sign, any shape [m/s]
    minimum_radial_speed_mps : at which half of the power is left; 0 is no filter [m/s]

    Returns
    -------
    array of the shape of ``radial_speed_mps``: 3 dB at the minimum, 24 dB an octave below, at most 60 [dB]

    Raises
    ------
    UserError : NaN or a negative minimum.

    Limits: one stop band at zero speed, no blind speeds; the fourth-order shape is a judgement.
    Source: [butterworth-1930] maximally flat filter of order four; [skolnik-2008].
    """
    minimum = inputs.not_negative("beam.doppler_loss_db", "minimum_radial_speed_mps", minimum_radial_speed_mps, "m/s")
    speeds = inputs.array("beam.doppler_loss_db", "radial_speed_mps", radial_speed_mps)
    if minimum == 0.0:
        return np.zeros_like(speeds)
    ratio = np.minimum(minimum / np.maximum(np.abs(speeds), 1e-9 * minimum), 100.0)
    return np.asarray(np.minimum(10.0 * np.log10(1.0 + ratio**8), NOTCH_FLOOR_DB))
