"""Noise jamming against radars: link equations, exact ranges, jammers summed, and powers computed back from an effect."""

import math

import numpy as np
from numpy.typing import ArrayLike

from openiads.errors import UserError
from openiads.kernel import Reals, kernel
from openiads.model import inputs
from openiads.model.beam import pattern_db, pattern_gain_db
from openiads.model.propagation import SPEED_OF_LIGHT_MPS
from openiads.model.range_equation import BOLTZMANN_J_PER_K

__all__ = [
    "bandwidth_factor",
    "burn_through_range_m",
    "effective_power_w",
    "jam_constant_db",
    "jammed_range_m",
    "noise_rise_db",
    "pattern_db",
    "pattern_gain_db",
    "self_screening_range_m",
    "signal_to_jam",
    "standoff_range_m",
    "summed_db",
]


def bandwidth_factor(receiver_bandwidth_hz: float, jammer_bandwidth_hz: float) -> float:
    """Share of a jammer's power that falls into a receiver: min(1, Br / Bj). [1]

    Raises
    ------
    UserError : a bandwidth that is not positive.

    Limits: flat noise that covers the receiver's band, or lies within it.
    Source: [skolnik-2008], chapter on electronic counter-countermeasures.
    """
    where = "jamming.bandwidth_factor"
    inputs.positive(where, "jammer_bandwidth_hz", jammer_bandwidth_hz, "Hz")
    return min(1.0, inputs.positive(where, "receiver_bandwidth_hz", receiver_bandwidth_hz, "Hz") / jammer_bandwidth_hz)


def signal_to_jam(
    range_m: float,
    jammer_range_m: float,
    peak_power_w: float,
    gain_db: float,
    rcs_m2: float,
    receiver_bandwidth_hz: float,
    jammer_power_w: float,
    jammer_gain_db: float,
    jammer_bandwidth_hz: float,
    wavelength_m: float,
    gain_to_jammer_db: float | None = None,
) -> float:
    """Ratio of echo to jamming at a receiver, from the radar equation and the one-way link.

    Parameters
    ----------
    range_m, jammer_range_m : ranges of target and jammer [m]
    peak_power_w, gain_db, receiver_bandwidth_hz, wavelength_m : of the radar
    rcs_m2 : of the target
    jammer_power_w, jammer_gain_db, jammer_bandwidth_hz : of the jammer
    gain_to_jammer_db : gain of the radar towards the jammer, by default the main lobe [dB]

    Returns
    -------
    float [1]

    Raises
    ------
    UserError : a value that must be positive and is not.

    Limits: free space, noise jamming, no processing gain beyond the bandwidth; receiver noise left out.
    Source: [skolnik-2008].
    """
    where = "jamming.signal_to_jam"
    wave2 = inputs.positive(where, "wavelength_m", wavelength_m, "m")
    wave2 *= wave2
    gain = 10.0 ** (gain_db / 10.0)
    aside = gain if gain_to_jammer_db is None else 10.0 ** (gain_to_jammer_db / 10.0)
    reach = inputs.positive(where, "range_m", range_m, "m")
    echo = inputs.positive(where, "peak_power_w", peak_power_w, "W") * gain * gain * wave2 * inputs.positive(where, "rcs_m2", rcs_m2, "m2")
    echo /= math.pow(4.0 * math.pi, 3.0) * math.pow(reach, 4.0)
    noise = inputs.positive(where, "jammer_power_w", jammer_power_w, "W") * 10.0 ** (jammer_gain_db / 10.0) * aside * wave2
    noise *= bandwidth_factor(receiver_bandwidth_hz, jammer_bandwidth_hz)
    noise /= (4.0 * math.pi * inputs.positive(where, "jammer_range_m", jammer_range_m, "m")) ** 2.0
    return float(echo / noise)


def self_screening_range_m(
    peak_power_w: float,
    gain_db: float,
    rcs_m2: float,
    receiver_bandwidth_hz: float,
    jammer_power_w: float,
    jammer_gain_db: float,
    jammer_bandwidth_hz: float,
    signal_to_jam_ratio: float = 1.0,
) -> float:
    """Range at which the echo of a target stands in a ratio to the noise of the jammer that it carries. [m]

    Raises
    ------
    UserError : a value that must be positive and is not.

    Limits: as ``signal_to_jam``: R^2 = Pt G rcs / (4 pi Pj Gj b (S/J)) with b the bandwidth factor.
    Source: [skolnik-2008].
    """
    where = "jamming.self_screening_range_m"
    ratio = inputs.positive(where, "signal_to_jam_ratio", signal_to_jam_ratio)
    at_one_m = signal_to_jam(
        1.0, 1.0, peak_power_w, gain_db, rcs_m2, receiver_bandwidth_hz, jammer_power_w, jammer_gain_db, jammer_bandwidth_hz, 1.0
    )
    return math.sqrt(at_one_m / ratio)


def standoff_range_m(
    peak_power_w: float,
    gain_db: float,
    rcs_m2: float,
    receiver_bandwidth_hz: float,
    jammer_power_w: float,
    jammer_gain_db: float,
    jammer_bandwidth_hz: float,
    jammer_range_m: float,
    gain_to_jammer_db: float,
    signal_to_jam_ratio: float = 1.0,
) -> float:
    """Range at which the echo of a target stands in a ratio to the noise of a jammer that stays at its own range. [m]

    Raises
    ------
    UserError : a value that must be positive and is not.

    Limits: as ``signal_to_jam``: R^4 = Pt G^2 Rj^2 rcs / (4 pi Pj Gj G' b (S/J)), G' the gain towards the jammer.
    Source: [skolnik-2008].
    """
    ratio = inputs.positive("jamming.standoff_range_m", "signal_to_jam_ratio", signal_to_jam_ratio)
    at_one_m = signal_to_jam(
        1.0,
        jammer_range_m,
        peak_power_w,
        gain_db,
        rcs_m2,
        receiver_bandwidth_hz,
        jammer_power_w,
        jammer_gain_db,
        jammer_bandwidth_hz,
        1.0,
        gain_to_jammer_db,
    )
    return math.pow(at_one_m / ratio, 0.25)


def jam_constant_db(
    effective_power_w: float,
    jammer_bandwidth_hz: float,
    frequency_hz: float,
    gain_db: float,
    receiver_bandwidth_hz: float,
    noise_temperature_k: float = 290.0,
    losses_db: float = 0.0,
) -> float:
    """Jam-to-noise ratio at 1 m in the main lobe: subtract 20 lg of the range, add the pattern, take off one-way losses.

    Parameters
    ----------
    effective_power_w : radiated power times gain of the jammer; 0 is no jammer [W]
    jammer_bandwidth_hz, receiver_bandwidth_hz : bandwidths [Hz]
    frequency_hz, gain_db, noise_temperature_k, losses_db : of the radar's receiver

    Returns
    -------
    float, -inf without power [dB]

    Raises
    ------
    UserError : a value out of bounds.

    Limits: free space; same polarisation.
    Source: [skolnik-2008].
    """
    where = "jamming.jam_constant_db"
    power_w = inputs.not_negative(where, "effective_power_w", effective_power_w, "W")
    wavelength_m = SPEED_OF_LIGHT_MPS / inputs.positive(where, "frequency_hz", frequency_hz, "Hz")
    share = bandwidth_factor(receiver_bandwidth_hz, jammer_bandwidth_hz)
    if power_w == 0.0:
        return -math.inf
    noise_w = BOLTZMANN_J_PER_K * inputs.positive(where, "noise_temperature_k", noise_temperature_k, "K") * receiver_bandwidth_hz
    received = power_w * share * (wavelength_m / (4.0 * math.pi)) ** 2
    return 10.0 * math.log10(received / noise_w) + inputs.finite(where, "gain_db", gain_db) - inputs.finite(where, "losses_db", losses_db)


def jam_to_noise_db(
    constant_db: float, jammer_range_m: ArrayLike, pattern_gain_db: ArrayLike = 0.0, one_way_loss_db: ArrayLike = 0.0
) -> Reals:
    """Jam-to-noise ratio of a jammer at ranges, through the antenna pattern.

    Parameters
    ----------
    constant_db : from ``jam_constant_db`` [dB]
    jammer_range_m, pattern_gain_db, one_way_loss_db : shapes that broadcast [m, dB, dB]

    Returns
    -------
    array of the broadcast shape [dB]

    Raises
    ------
    UserError : NaN or a range that is not positive.

    Limits: free space apart from the loss given.
    Source: [skolnik-2008].
    """
    reach = inputs.array("jamming.jam_to_noise_db", "jammer_range_m", jammer_range_m, np.finfo(float).tiny)
    return np.asarray(constant_db - 20.0 * np.log10(reach) + np.asarray(pattern_gain_db) - np.asarray(one_way_loss_db))


def summed_db(levels_db: ArrayLike) -> float:
    """Sum of the powers of several jammers, each relative to the noise; -inf entries, or none at all, add nothing. [dB]

    Raises
    ------
    UserError : NaN among the levels.

    Limits: noise of independent sources.
    Source: [skolnik-2008].
    """
    levels = inputs.array("jamming.summed_db", "levels_db", levels_db).reshape(-1)
    total = math.fsum(10.0 ** (0.1 * level) for level in levels)
    return 10.0 * math.log10(total) if total > 0.0 else -math.inf


@kernel
def noise_rise_db(jam_to_noise: float) -> float:
    """By how much jamming raises the noise: 10 lg (1 + J/N), with J/N as a power ratio. [dB]"""
    return 10.0 * math.log10(1.0 + jam_to_noise)


def jammed_range_m(clear_range_m: float, jam_to_noise: float) -> float:
    """Detection range under a constant jam-to-noise ratio: the clear range times (1 + J/N)^(-1/4). [m]

    Raises
    ------
    UserError : a range that is not positive or a negative ratio.

    Limits: fourth-root law; the denominator is noise plus jamming.
    Source: [skolnik-2008].
    """
    where = "jamming.jammed_range_m"
    ratio = inputs.not_negative(where, "jam_to_noise", jam_to_noise)
    return inputs.positive(where, "clear_range_m", clear_range_m, "m") * math.pow(1.0 + ratio, -0.25)


def burn_through_range_m(clear_range_m: float, jam_to_noise_at_1_m: float) -> float:
    """Range at which a target that carries a jammer is detected, in noise and jamming together. [m]

    With x = R^2 and the clear range Rc, x^2 + j x = Rc^4 where j is the jam-to-noise ratio at 1 m.

    Raises
    ------
    UserError : a range that is not positive or a negative ratio.

    Limits: free space; one jammer, on the target, in the main lobe.
    Source: [skolnik-2008].
    """
    where = "jamming.burn_through_range_m"
    j = inputs.not_negative(where, "jam_to_noise_at_1_m", jam_to_noise_at_1_m)
    fourth = inputs.positive(where, "clear_range_m", clear_range_m, "m") ** 4
    return math.sqrt(2.0 * fourth / (j + math.sqrt(j * j + 4.0 * fourth)))


def effective_power_w(
    jammed_range_m: float,
    clear_range_m: float,
    jammer_range_m: float,
    jammer_bandwidth_hz: float,
    frequency_hz: float,
    gain_db: float,
    receiver_bandwidth_hz: float,
    noise_temperature_k: float = 290.0,
    losses_db: float = 0.0,
    one_way_loss_db: float = 0.0,
) -> float:
    """Effective radiated power of a jammer from its effect on a stated radar.

    Parameters
    ----------
    jammed_range_m : how far the radar still sees its target on the jammed bearing [m]
    clear_range_m : how far it sees the same target without jamming [m]
    jammer_range_m : where the jammer is then [m]
    jammer_bandwidth_hz, frequency_hz, gain_db, receiver_bandwidth_hz, noise_temperature_k, losses_db : as for ``jam_constant_db``
    one_way_loss_db : by air between jammer and radar [dB]

    Returns
    -------
    float [W]

    Raises
    ------
    UserError : a value out of bounds, or a jammed range beyond the clear one.

    Limits: main lobe; the inverse of ``jammed_range_m`` with ``jam_constant_db``.
    Source: [skolnik-2008].
    """
    where = "jamming.effective_power_w"
    clear_m = inputs.positive(where, "clear_range_m", clear_range_m, "m")
    if inputs.positive(where, "jammed_range_m", jammed_range_m, "m") > clear_m:
        raise UserError(f"{where}: jammed_range_m {jammed_range_m:g} is beyond clear_range_m {clear_range_m:g}; jamming cannot add range")
    ratio = (clear_m / jammed_range_m) ** 4 - 1.0
    unit_db = jam_constant_db(1.0, jammer_bandwidth_hz, frequency_hz, gain_db, receiver_bandwidth_hz, noise_temperature_k, losses_db)
    level_db = float(jam_to_noise_db(unit_db, inputs.positive(where, "jammer_range_m", jammer_range_m, "m"), 0.0, one_way_loss_db))
    return float(ratio / 10.0 ** (level_db / 10.0))
