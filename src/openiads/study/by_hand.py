"""The hand model beside the alternatives of a study, each difference of more than a factor of two explained."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openiads.catalogue import Catalogue
    from openiads.scenario import Scenario

SHOWN = 4


def by_hand(
    scenarios: Mapping[str, "Scenario"],
    catalogue: "Catalogue",
    totals: Mapping[str, Mapping[str, int]],
    replications: Mapping[str, int],
) -> list[dict[str, Any]]:
    """Return the arithmetic for a few alternatives and the sentence that sets it beside the battles.

    Parameters
    ----------
    scenarios : mapping
        By alternative, at stated values.
    catalogue : Catalogue
    totals : mapping
        By alternative: sums of the columns of the outcome table.
    replications : mapping
        By alternative.

    Returns
    -------
    list of dict
        ``alternative, kills, cap, ratio, words`` for each.
    """
    from openiads.hand import beside, hand
    from openiads.plan import plan

    found = []
    for name, scenario in list(scenarios.items())[:SHOWN]:
        page, sums = hand(plan(scenario, catalogue)), totals[name]
        why = {key[4:]: value for key, value in sums.items() if key.startswith("why/") and f"targets/{key[4:]}" not in sums}
        ratio, said = beside(page, sums, why, max(1, replications[name]))
        found.append({"alternative": name, "kills": page.kills, "cap": page.kills_cap, "ratio": ratio, "words": said})
    return found
