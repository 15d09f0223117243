"""Reach against target height for the different defences of a study: brochure ring, horizon, detection, engagement with its band."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from openiads.errors import UserError

if TYPE_CHECKING:
    from openiads.catalogue import Catalogue
    from openiads.scenario import Scenario

CLASSES = ("tactical-aircraft", "cruise-missile-subsonic")
BAND_HEIGHT_M = 100.0
SHOWN = 4


def reaches(scenarios: Mapping[str, "Scenario"], catalogue: "Catalogue") -> list[dict[str, Any]]:
    """Return the curves of a few defences and the band of their engagement at low level.

    Parameters
    ----------
    scenarios : mapping
        By alternative, at stated values.
    catalogue : Catalogue
        What they are fought with.

    Returns
    -------
    list of dict
        ``alternative, curves, low`` for each, and what its bands are over (``varied, not_varied``): the catalogue's ranges, whatever
        the study draws.  A defence that cannot be computed is left out with the reason in ``why_not``.
    """
    from openiads.coverage import reach
    from openiads.coverage.knowledge import NOT_VARIED, VARIED
    from openiads.coverage.value import Height

    found: list[dict[str, Any]] = []
    different: dict[str, Scenario] = {}
    for name, scenario in scenarios.items():
        if not any(_defends_alike(scenario, other) for other in different.values()):
            different[name] = scenario
    for name, scenario in list(different.items())[:SHOWN]:
        try:
            curves, low = reach(scenario, Height(BAND_HEIGHT_M), CLASSES, catalogue=catalogue)
        except UserError as error:
            found.append({"alternative": name, "curves": [], "low": [], "why_not": str(error)})
            continue
        said = {"varied": VARIED, "not_varied": NOT_VARIED}
        found.append({"alternative": name, "curves": [one.to_json() for one in curves], "low": list(low), **said})
    return found


def _defends_alike(one: "Scenario", other: "Scenario") -> bool:
    return (one.sites, one.environment, one.doctrine, one.catalogue) == (other.sites, other.environment, other.doctrine, other.catalogue)
