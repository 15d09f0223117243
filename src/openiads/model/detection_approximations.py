"""Two published approximations of the required signal: cross-checks of ``detection``, never the model of a battle."""

import math

from openiads.errors import UserError
from openiads.model import inputs


def albersheim_snr_db(pd: float, pfa: float = 1e-6, pulses: int = 1) -> float:
    """Required signal-to-noise ratio of one pulse after Albersheim (1981), steady target.

    Parameters
    ----------
    pd, pfa : probability of detection and of false alarm [1]
    pulses : pulses added without coherence [1]

    Returns
    -------
    float : signal-to-noise ratio of one pulse [dB]

    Raises
    ------
    UserError : a probability outside (0, 1) or pulses below 1.

    Limits: made for the linear detector, 0.1 <= pd <= 0.9, 1e-7 <= pfa <= 1e-3, pulses <= 8096; up to 0.3 dB below the exact
        square-law value.
    Source: [albersheim-1981].
    """
    pd, pfa, n = _checked("albersheim_snr_db", pd, pfa, pulses)
    a = math.log(0.62 / pfa)
    b = math.log(pd / (1.0 - pd))
    return -5.0 * math.log10(n) + (6.2 + 4.54 / math.sqrt(n + 0.44)) * math.log10(a + 0.12 * a * b + 1.7 * b)


def shnidman_snr_db(pd: float, pfa: float = 1e-6, pulses: int = 1, swerling: int = 1) -> float:
    """Required signal-to-noise ratio of one pulse after Shnidman (2002), Swerling 0 to 4.

    Parameters
    ----------
    pd, pfa : probability of detection and of false alarm [1]
    pulses : pulses added without coherence [1]
    swerling : 0 to 4

    Returns
    -------
    float : signal-to-noise ratio of one pulse [dB]

    Raises
    ------
    UserError : a probability outside (0, 1), pulses below 1 or an unknown Swerling case.

    Limits: within 0.5 dB for 0.1 <= pd <= 0.99, 1e-9 <= pfa <= 1e-3, pulses <= 100, Swerling 1 at the ends excepted.
    Source: [shnidman-2002], [richards-2014].
    """
    pd, pfa, n = _checked("shnidman_snr_db", pd, pfa, pulses)
    if swerling not in (0, 1, 2, 3, 4):
        raise UserError(f"detection_approximations.shnidman_snr_db: swerling must be 0 to 4, received {swerling!r}")
    k = (math.inf, 1.0, float(n), 2.0, 2.0 * n)[swerling]
    alpha = 0.0 if n < 40 else 0.25
    eta = math.sqrt(-0.8 * math.log(4.0 * pfa * (1.0 - pfa))) + math.copysign(math.sqrt(-0.8 * math.log(4.0 * pd * (1.0 - pd))), pd - 0.5)
    signal = eta * (eta + 2.0 * math.sqrt(n / 2.0 + alpha - 0.25))
    extra_db = (((17.7006 * pd - 18.4496) * pd + 14.5339) * pd - 3.525) / k
    if pd > 0.872:
        extra_db += (math.exp(27.31 * pd - 25.14) + (pd - 0.8) * (0.7 * math.log(1e-5 / pfa) + (2.0 * n - 20.0) / 80.0)) / k
    return extra_db + 10.0 * math.log10(signal / n)


def _checked(name: str, pd: float, pfa: float, pulses: int) -> tuple[float, float, int]:
    where = f"detection_approximations.{name}"
    n = inputs.positive(where, "pulses", pulses)
    return inputs.between(where, "pd", pd, 0.0, 1.0), inputs.between(where, "pfa", pfa, 0.0, 1.0), int(n)
