"""What is not known, drawn over the ranges that the catalogue states: signal levels, screens, published ranges, and bands of reaches."""

import math
from functools import lru_cache

import numpy as np

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import RadarSpec, TargetSpec
from openiads.coverage.value import Band
from openiads.kernel import Reals
from openiads.model.detection import required_snr_db

QUANTILES = (0.05, 0.5, 0.95)
UNKNOWNS = (
    "cross-section of the class",
    "reference range of the radar",
    "reference cross-section",
    "stated probability",
    "published range",
    "height of the trees and houses around a site",
    "distance of the trees and houses around a site",
    "height of the antenna over the trees and houses",
)
VARIED = (
    "cross-section, radar calibration, published missile range, height and distance of the trees and houses around sites, and heights of "
    "antennas over them"
)
NOT_VARIED = "refraction, horizon and lobes by antenna height, clutter, aspect, missile speed and delays"
PUBLISHED, SCREEN, ANTENNA = 4, 5, 7  # columns of the draws; that of a screen's distance follows its height's


def uniforms(samples: int, dimensions: int) -> Reals:
    """Return an additive recurrence that fills the unit cube evenly (samples, dimensions), without any generator."""
    root = 2.0
    for _ in range(60):
        root = (1.0 + root) ** (1.0 / (dimensions + 1))
    steps = root ** -np.arange(1.0, dimensions + 1.0)
    return np.asarray((0.5 + np.arange(1, samples + 1)[:, None] * steps[None, :]) % 1.0)


def _span(catalogue: Catalogue, path: str, value: float) -> tuple[float, float]:
    try:
        figure = catalogue.figure(path)
    except (KeyError, ValueError, RuntimeError):
        return value, value
    return min(figure.low_si, value), max(figure.high_si, value)


def _even(u: Reals, low: float, high: float) -> Reals:
    return low + u * (high - low)


def _log_even(u: Reals, low: float, high: float) -> Reals:
    return np.exp(math.log(low) + u * (math.log(high) - math.log(low))) if low > 0.0 else _even(u, low, high)


@lru_cache(maxsize=32)
def _needed_db(pfa: float, pulses: int, swerling: int) -> Reals:
    return required_snr_db(np.linspace(0.05, 0.99, 48), pfa, pulses, swerling)


def shifts_db(draws: Reals, target: TargetSpec, spec: RadarSpec, system: str, catalogue: Catalogue) -> tuple[Reals, Reals]:
    """Return by how much the signal differs from the nominal one in each sample [dB], and its parts by unknown (samples, unknowns).

    Limits: independent unknowns, even in the logarithm for cross-sections and even otherwise; the class's cross-section is one
    draw for all radars, as knowledge is shared.
    """
    at = f"{system}.radars.{spec.name}"
    parts = np.zeros((draws.shape[0], len(UNKNOWNS)))
    low, high = target.rcs_m2.low, target.rcs_m2.high
    parts[:, 0] = 10.0 * np.log10(_log_even(draws[:, 0], low, high) / target.rcs_m2.value)
    span = _span(catalogue, f"{at}.reference_range", spec.reference_range_m)
    parts[:, 1] = 40.0 * np.log10(_even(draws[:, 1], *span) / spec.reference_range_m)
    span = _span(catalogue, f"{at}.reference_rcs", spec.reference_rcs_m2)
    parts[:, 2] = -10.0 * np.log10(_log_even(draws[:, 2], *span) / spec.reference_rcs_m2)
    span = _span(catalogue, f"{at}.reference_pd", spec.reference_pd)
    pd = np.clip(_even(draws[:, 3], *span), 0.05, 0.99)
    grid = np.linspace(0.05, 0.99, 48)
    needed = _needed_db(spec.reference_pfa, spec.pulses, spec.swerling)
    parts[:, 3] = np.interp(pd, grid, needed) - np.interp(spec.reference_pd, grid, needed)
    return parts.sum(axis=1), parts


def screens(draws: Reals, catalogue: Catalogue) -> tuple[Reals, Reals]:
    """Return heights and distances (samples,) of what surrounds a site of which the scenario says nothing. [m]

    Limits: one draw for all sites, as knowledge is shared; heights even, distances even in the logarithm.
    """
    height, distance = (catalogue.doctrine(f"site.screen_{name}").value for name in ("height", "distance"))
    height_m = _even(draws[:, SCREEN], *_span(catalogue, "doctrine.site.screen_height", height))
    return height_m, _log_even(draws[:, SCREEN + 1], *_span(catalogue, "doctrine.site.screen_distance", distance))


def rises(draws: Reals, path: str, antenna_m: float, catalogue: Catalogue) -> Reals:
    """Return how far an antenna stands above its stated height in each sample, by the range of its figure. [m]"""
    return _even(draws[:, ANTENNA], *_span(catalogue, path, antenna_m)) - antenna_m


def published_span(catalogue: Catalogue, path: str, value: float) -> tuple[float, float]:
    """Return the range of public statements of a figure. [SI]"""
    return _span(catalogue, path, value)


def band(values: Reals, outer: Reals, draws: Reals) -> Band:
    """Return 5, 50 and 95 % of sampled reaches and of the farthest islands, and the unknown that moves them most (None where none does)."""
    low, middle, high = (float(v) for v in np.quantile(values, QUANTILES))
    islands = tuple(float(v) for v in np.quantile(outer, QUANTILES))
    found = Band((low, middle, high), (islands[0], islands[1], islands[2]), None)
    if found.is_insensitive:
        return found
    ranks = np.argsort(np.argsort(outer if float(np.ptp(outer)) > 0.0 else values)).astype(float)
    moving = draws - draws.mean(axis=0)
    scale = np.sqrt((moving * moving).sum(axis=0))
    strength = np.abs((ranks - ranks.mean()) @ moving) / np.where(scale > 1e-9, scale, np.inf)
    return Band(found.reach_m, found.farthest_m, UNKNOWNS[int(np.argmax(strength))])
