"""Our share of kills by class beside what one side claims of a whole country's defence: bounds, and the misses said first."""

from collections.abc import Mapping
from typing import Any

from openiads.catalogue import caveats, observed_rates
from openiads.results.observed import ENTERED_SHARE

LEAST_LAUNCHED = 50


def compared(totals: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Return, for each alternative and class with public rates, whether our share lies within their bounds.

    Parameters
    ----------
    totals : mapping
        By alternative: sums of the columns of the outcome table.

    Returns
    -------
    dict
        ``rows`` with numerators and denominators, ``misses`` in words, and the ``caveats`` that go with every use.

    Limits
    ------
    If at least 0.3 of the launches met any defence, the conditional rate lies between the claimed rate and the rate over
    0.3.  Never inverted to a kill probability and never attributed to a system; the scenarios here are other battles.
    """
    launched: dict[str, int] = {}
    destroyed: dict[str, int] = {}
    for one in observed_rates():
        if one.target_class is not None:
            launched[one.target_class] = launched.get(one.target_class, 0) + one.launched
            destroyed[one.target_class] = destroyed.get(one.target_class, 0) + one.destroyed
    rows = []
    for name, sums in totals.items():
        for target_class in sorted(launched):
            targets = sums.get(f"targets/{target_class}", 0)
            if targets and launched[target_class] >= LEAST_LAUNCHED:
                killed = sums.get(f"killed/{target_class}", 0)
                rows.append(_row(name, target_class, (killed, targets), (destroyed[target_class], launched[target_class])))
    return {"rows": rows, "misses": [row["words"] for row in rows if not row["inside"]], "caveats": list(caveats())}


def _row(name: str, target_class: str, ours_of: tuple[int, int], claimed: tuple[int, int]) -> dict[str, Any]:
    (killed, targets), (destroyed, launched) = ours_of, claimed
    rate = destroyed / launched
    low, high = rate, min(1.0, rate / ENTERED_SHARE)
    ours = killed / targets
    inside = low <= ours <= high
    where = "inside" if inside else "below" if ours < low else "above"
    share, bound_low, bound_high = _apart(100 * ours, 100 * low, 100 * high)
    counts, bounds = f"{killed:,} of {targets:,} killed ({share} %)", f"{bound_low} to {bound_high} %"
    claims = f"one side's claims for a whole country ({destroyed:,} of {launched:,} launched)"
    words = f"{target_class}, {name}: {counts}, {where} the bounds {bounds} from {claims}"
    return {
        "alternative": name,
        "class": target_class,
        "numerator": killed,
        "denominator": targets,
        "bounds": [low, high],
        "observed": [destroyed, launched],
        "inside": inside,
        "words": words,
    }


def _apart(ours: float, *bounds: float) -> list[str]:
    """Return numbers with three digits, or with as many as it takes to show that ours is no bound."""
    for digits in range(3, 10):
        shown = [f"{value:.{digits}g}" for value in (ours, *bounds)]
        if all(shown[0] != text or ours == value for text, value in zip(shown[1:], bounds)):
            break
    return shown
