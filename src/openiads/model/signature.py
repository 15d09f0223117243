"""How large a target looks: by band, and by the aspect under which a radar sees it; two models behind one name."""

import numpy as np
from numpy.typing import ArrayLike

from openiads.errors import UserError
from openiads.kernel import Reals
from openiads.model import inputs

MODELS = ("constant", "aspect")


def relative_db(
    cosine: ArrayLike, nose_db: ArrayLike, beam_db: ArrayLike, tail_db: ArrayLike, band_db: ArrayLike = 0.0, model: str = "aspect"
) -> Reals:
    """Cross-section under an aspect and in a band relative to the stated one.

    Parameters
    ----------
    cosine : of the angle between a target's velocity and the line from it to the radar: 1 nose, 0 beam, -1 tail [1]
    nose_db, beam_db, tail_db : relative to the stated value, shapes that broadcast with ``cosine`` [dB]
    band_db : the radar's band relative to the stated value [dB]
    model : ``constant`` ignores the aspect, ``aspect`` blends nose, beam and tail by the squared cosine in decibels

    Returns
    -------
    array of the broadcast shape [dB]

    Raises
    ------
    UserError : NaN or an unknown model.

    Limits: means over the fine structure, which Swerling models stand for; no dependence on elevation beyond the aspect angle.
    Source: [skolnik-2008], chapter on radar cross-section; the blend is a judgement.
    """
    where = "signature.relative_db"
    if model not in MODELS:
        raise UserError(f"{where}: model must be one of {', '.join(MODELS)}, received {model!r}")
    c = inputs.array(where, "cosine", cosine)
    band = np.asarray(band_db, np.float64)
    if model == "constant":
        return np.asarray(band + np.zeros_like(c))
    square = c * c
    return np.asarray(np.asarray(beam_db) * (1.0 - square) + np.where(c >= 0.0, nose_db, tail_db) * square + band)


def cross_section_m2(
    stated_m2: ArrayLike,
    cosine: ArrayLike,
    aspect: tuple[float, float, float] = (0.0, 0.0, 0.0),
    band_db: float = 0.0,
    model: str = "aspect",
) -> Reals:
    """Cross-section of a target as a radar of a band sees it under an aspect.

    Parameters
    ----------
    stated_m2 : catalogue value [m2]
    cosine : of the aspect angle, 1 nose-on, 0 beam-on, -1 tail-on, [1]
    aspect : nose, beam and tail relative to the stated value [dB]
    band_db : the radar's band relative to the stated value [dB]
    model : ``constant`` ignores the aspect, ``aspect`` blends nose, beam and tail by the squared cosine in decibels

    Returns
    -------
    array of the broadcast shape [m2]

    Raises
    ------
    UserError : NaN, a cross-section that is not positive, a cosine outside -1 to 1 or an unknown model.

    Limits: means over the fine structure, which Swerling models stand for; no dependence on elevation beyond the aspect angle.
    Source: [skolnik-2008], chapter on radar cross-section; the blend is a judgement.
    """
    where = "signature.cross_section_m2"
    size = inputs.array(where, "stated_m2", stated_m2, np.finfo(float).tiny)
    c = inputs.array(where, "cosine", cosine, -1.0)
    if c.size and float(c.max()) > 1.0:
        raise UserError(f"{where}: cosine must lie between -1 and 1, received {float(c.max())!r}")
    return np.asarray(size * 10.0 ** (0.1 * relative_db(c, *aspect, band_db, model)))
