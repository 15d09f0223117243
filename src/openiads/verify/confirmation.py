"""Checks of the exact confirmation probabilities."""

from openiads.model.tracking import confirmation
from openiads.verify import rows


def confirmed_by(m: float, n: float, p: float, scan: float) -> float:
    """Probability of confirmation by a scan."""
    return float(confirmation.confirmation_probability(int(m), int(n), p, int(scan))[-1])


def mean_scans(m: float, n: float, p: float) -> float:
    """Mean scans to confirmation."""
    return confirmation.mean_scans(int(m), int(n), p)


def in_one_window(m: float, n: float, p: float) -> float:
    """Probability of M hits in one window."""
    return confirmation.window_probability(int(m), int(n), p)


CHECKS = rows.read("confirmation", globals())
