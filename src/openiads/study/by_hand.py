"""The hand model beside the alternatives of a study, each difference of more than a factor of two explained."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.catalogue import Catalogue
    from openiads.hand import Hand
    from openiads.scenario import Scenario

SHOWN = 4


def pages(scenarios: Mapping[str, "Scenario"], catalogue: "Catalogue") -> "dict[str, Hand]":
    """Return the page of arithmetic of the first few alternatives, by name; scenarios at stated values."""
    from openiads.hand import hand
    from openiads.plan import plan

    return {name: hand(plan(scenario, catalogue)) for name, scenario in list(scenarios.items())[:SHOWN]}


def by_hand(
    page_of: "Mapping[str, Hand]", totals: Mapping[str, Mapping[str, int]], replications: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return what comes out by hand, and the sentence that sets it beside the battles.

    Parameters
    ----------
    page_of : mapping
        By alternative.
    totals : mapping
        By alternative: sums of the columns of the outcome table.
    replications : mapping
        By alternative.

    Returns
    -------
    list of dict
        ``alternative, kills, cap, ratio, words`` for each that was fought: a step of a size study that was not needed is left out.
    """
    from openiads.hand import beside

    found = []
    for name, page in page_of.items():
        if not replications[name]:
            continue
        sums = totals[name]
        why = {key[4:]: value for key, value in sums.items() if key.startswith("why/") and f"targets/{key[4:]}" not in sums}
        ratio, said = beside(page, sums, why, replications[name])
        found.append({"alternative": name, "kills": page.kills, "cap": page.kills_cap, "ratio": ratio, "words": said})
    return found
