"""Public figures of systems and targets, each with spread, unit, basis and sources."""

from openiads.catalogue.figure import CatalogueError, Figure, Rival, Spread
from openiads.catalogue.load import load
from openiads.catalogue.model import Catalogue, Source, System, TargetClass
from openiads.catalogue.observed import ObservedRate, caveats, observed_rates
from openiads.catalogue.specs import CommandPostSpec, FeedSpec, FireUnitSpec, GunSpec, JammerSpec, MissileSpec, RadarSpec, TargetSpec

__all__ = [
    "Catalogue",
    "CatalogueError",
    "CommandPostSpec",
    "FeedSpec",
    "Figure",
    "FireUnitSpec",
    "GunSpec",
    "JammerSpec",
    "MissileSpec",
    "ObservedRate",
    "RadarSpec",
    "Rival",
    "Source",
    "Spread",
    "System",
    "TargetClass",
    "TargetSpec",
    "caveats",
    "digest",
    "load",
    "observed_rates",
]


def digest() -> str:
    """Return SHA-256 of the shipped catalogue's canonical content."""
    return load().digest
