"""The radar range equation where power, gain and losses are public, in its pulse form and its search form."""

import math

from openiads.model import inputs
from openiads.model.propagation import SPEED_OF_LIGHT_MPS

BOLTZMANN_J_PER_K = 1.380649e-23  # SI definition


def range_m(
    snr_db: float,
    peak_power_w: float,
    pulse_s: float,
    frequency_hz: float,
    rcs_m2: float,
    gain_db: float,
    loss_db: float = 0.0,
    temperature_k: float = 290.0,
    receive_gain_db: float | None = None,
) -> float:
    """Range at which one pulse gives a signal-to-noise ratio.

    Parameters
    ----------
    snr_db : wanted ratio of one pulse [dB]
    peak_power_w, pulse_s, frequency_hz : of the transmitter [W, s, Hz]
    rcs_m2 : cross-section of the target [m2]
    gain_db : of the antenna, for both ways unless ``receive_gain_db`` is given [dB]
    loss_db, temperature_k : all losses and the system noise temperature [dB, K]

    Returns
    -------
    float [m]

    Raises
    ------
    UserError : a value that must be positive and is not.

    Limits: free space, matched filter, monostatic.
    Source: [mathworks-radareqrng]; [skolnik-2008].
    """
    known = _constant_db(peak_power_w, pulse_s, frequency_hz, rcs_m2, gain_db, loss_db, temperature_k, receive_gain_db)
    return math.pow(10.0, (known - inputs.finite("range_equation", "snr_db", snr_db, "dB")) / 40.0)


def snr_db(
    range_m: float,
    peak_power_w: float,
    pulse_s: float,
    frequency_hz: float,
    rcs_m2: float,
    gain_db: float,
    loss_db: float = 0.0,
    temperature_k: float = 290.0,
    receive_gain_db: float | None = None,
) -> float:
    """Signal-to-noise ratio of one pulse at a range. [dB]

    Parameters, raises and limits as ``range_m`` with the range given.

    Raises
    ------
    UserError : a value that must be positive and is not.

    Limits: free space, matched filter, monostatic.
    Source: [mathworks-radareqrng]; [skolnik-2008].
    """
    known = _constant_db(peak_power_w, pulse_s, frequency_hz, rcs_m2, gain_db, loss_db, temperature_k, receive_gain_db)
    return known - 40.0 * math.log10(inputs.positive("range_equation.snr_db", "range_m", range_m, "m"))


def peak_power_w(
    range_m: float,
    snr_db: float,
    pulse_s: float,
    frequency_hz: float,
    rcs_m2: float,
    gain_db: float,
    loss_db: float = 0.0,
    temperature_k: float = 290.0,
    receive_gain_db: float | None = None,
) -> float:
    """Peak power that gives a signal-to-noise ratio of one pulse at a range. [W]

    Raises
    ------
    UserError : a value that must be positive and is not.

    Limits: free space, matched filter, monostatic.
    Source: [mathworks-radareqpow]; [skolnik-2008].
    """
    known = _constant_db(1.0, pulse_s, frequency_hz, rcs_m2, gain_db, loss_db, temperature_k, receive_gain_db)
    wanted = inputs.finite("range_equation", "snr_db", snr_db, "dB")
    return math.pow(
        10.0, (wanted + 40.0 * math.log10(inputs.positive("range_equation.peak_power_w", "range_m", range_m, "m")) - known) / 10.0
    )


def search_snr_db(
    range_m: float,
    power_aperture_w_m2: float,
    search_s: float,
    rcs_m2: float,
    azimuth_rad: tuple[float, float],
    elevation_rad: tuple[float, float],
    loss_db: float = 0.0,
    temperature_k: float = 290.0,
) -> float:
    """Signal-to-noise ratio when a power-aperture product searches a solid angle once in a time.

    Parameters
    ----------
    range_m : range of the target [m]
    power_aperture_w_m2 : average power times effective aperture [W m2]
    search_s : time of one search [s]
    rcs_m2 : cross-section [m2]
    azimuth_rad, elevation_rad : limits of the search [rad]
    loss_db, temperature_k : all losses and the system noise temperature [dB, K]

    Returns
    -------
    float [dB]

    Raises
    ------
    UserError : a value that must be positive and is not, or limits that do not rise.

    Limits: free space; every beam position gets the same energy.
    Source: [mathworks-radareqsearchsnr]; [skolnik-2008].
    """
    where = "range_equation.search_snr_db"
    rises = math.sin(inputs.finite(where, "elevation_rad", elevation_rad[1])) - math.sin(elevation_rad[0])
    omega = inputs.positive(where, "searched solid angle", (azimuth_rad[1] - azimuth_rad[0]) * rises, "sr")
    energy = inputs.positive(where, "power_aperture_w_m2", power_aperture_w_m2) * inputs.positive(where, "search_s", search_s)
    energy *= inputs.positive(where, "rcs_m2", rcs_m2)
    noise = 4.0 * math.pi * BOLTZMANN_J_PER_K * inputs.positive(where, "temperature_k", temperature_k) * omega
    return 10.0 * math.log10(energy / noise) - loss_db - 40.0 * math.log10(inputs.positive(where, "range_m", range_m, "m"))


def _constant_db(
    power_w: float,
    pulse_s: float,
    frequency_hz: float,
    rcs_m2: float,
    gain_db: float,
    loss_db: float,
    temperature_k: float,
    receive_gain_db: float | None,
) -> float:
    """Signal-to-noise ratio at a range of 1 m. [dB]"""
    where = "range_equation"
    wavelength_m = SPEED_OF_LIGHT_MPS / inputs.positive(where, "frequency_hz", frequency_hz, "Hz")
    top = inputs.positive(where, "peak_power_w", power_w, "W") * inputs.positive(where, "pulse_s", pulse_s, "s")
    top *= wavelength_m * wavelength_m * inputs.positive(where, "rcs_m2", rcs_m2, "m2")
    bottom = (4.0 * math.pi) ** 3 * BOLTZMANN_J_PER_K * inputs.positive(where, "temperature_k", temperature_k, "K")
    back_db = gain_db if receive_gain_db is None else receive_gain_db
    return 10.0 * math.log10(top / bottom) + inputs.finite(where, "gain_db", gain_db) + back_db - inputs.finite(where, "loss_db", loss_db)
