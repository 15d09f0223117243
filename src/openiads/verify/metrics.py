"""Checks of the distances between truth and tracks."""

import numpy as np

from openiads.model import metrics
from openiads.verify import rows

TRUTH_M = ((0.0, 0.0), (10.0, 0.0), (20.0, 0.0))
ESTIMATE_M = ((1.0, 0.0), (10.0, 3.0))
FIVE_M = ((0.0, 0.0), (100.0, 0.0), (0.0, 100.0), (50.0, 50.0), (200.0, 200.0))


def ospa(order: float) -> float:
    """OSPA of the three truths and two estimates."""
    return metrics.ospa(TRUTH_M, ESTIMATE_M, 10.0, order)


def gospa(order: float, part: float) -> float:
    """GOSPA distance or component."""
    return float(metrics.gospa(TRUTH_M, ESTIMATE_M, 10.0, order)[int(part)])


def gospa_perfect(shift: float) -> float:
    """Largest part of the GOSPA of perfect estimates."""
    return max(metrics.gospa(FIVE_M, np.roll(FIVE_M, int(shift), axis=0), 10.0, 2.0))


CHECKS = rows.read("metrics", globals())
