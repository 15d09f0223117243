"""Checks of the probability of detection."""

import numpy as np

from openiads.model import detection, detection_approximations
from openiads.verify import rows


def threshold(pfa: float, pulses: int) -> float:
    """Threshold of the detector."""
    return detection.threshold(pfa, pulses)


def required_snr_db(pd: float, pfa: float, pulses: int, swerling: int) -> float:
    """Signal-to-noise ratio that a probability needs."""
    return float(detection.required_snr_db(pd, pfa, pulses, swerling))


def pd_at_level(snr_db: float, pfa: float, pulses: int, swerling: int) -> float:
    """Exact probability at a level."""
    return float(detection.probability(snr_db, pfa, pulses, swerling))


def table_pd_at_level(snr_db: float, pfa: float, pulses: int, swerling: int) -> float:
    """Probability at a level from the table of a battle."""
    return detection.table_probability(detection.table(pfa, pulses, swerling), snr_db)


def albersheim_snr_db(pd: float, pfa: float, pulses: int) -> float:
    """Albersheim's approximation."""
    return detection_approximations.albersheim_snr_db(pd, pfa, pulses)


def shnidman_snr_db(pd: float, pfa: float, pulses: int, swerling: int) -> float:
    """Shnidman's approximation."""
    return detection_approximations.shnidman_snr_db(pd, pfa, pulses, swerling)


def largest_gap_db(approximation: str) -> float:
    """Largest gap of an approximation to the exact values."""
    gaps = []
    for pd in (0.5, 0.8, 0.9):
        for pulses in (1, 10):
            if approximation == "albersheim":
                gaps.append(albersheim_snr_db(pd, 1e-6, pulses) - required_snr_db(pd, 1e-6, pulses, 0))
                continue
            gaps += [shnidman_snr_db(pd, 1e-6, pulses, case) - required_snr_db(pd, 1e-6, pulses, case) for case in range(5)]
    return max(map(abs, gaps))


def fluctuation_loss_db(pd: float, pfa: float) -> float:
    """What slow fluctuation costs."""
    return required_snr_db(pd, pfa, 1, 1) - required_snr_db(pd, pfa, 1, 0)


def largest_pd_gap(one: int, other: int) -> float:
    """Largest difference of two models for one pulse."""
    levels_db = np.array([0.0, 5.0, 10.0, 15.0, 20.0])
    return max(
        float(np.abs(detection.probability(levels_db, pfa, 1, one) - detection.probability(levels_db, pfa, 1, other)).max())
        for pfa in (1e-4, 1e-6)
    )


CHECKS = rows.read("detection", globals())
