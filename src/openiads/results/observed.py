"""Simulated shares of kills beside what one side claims of a whole country's defence: a comparison, never a fit."""

from typing import Any

import numpy as np

from openiads.catalogue import caveats, observed_rates
from openiads.kernel import Ints
from openiads.results.value import Run
from openiads.statistics.intervals import ratio_of

NIGHT = "doctrine.night_effect"
ENTERED_SHARE = 0.3
LEAST_LAUNCHED = 20  # a year with fewer says nothing of its rate
SAID = (
    "Fitted: nothing. The scenario and its kill probabilities were written down before its result was seen, from the catalogue's values, "
    "and were not changed after; the effect of the night is a judgement and not the claimed dispersion.",
    "Not represented: fighters, mobile gun groups and electronic warfare far from the city, re-planned raids.",
    "Bounds: if at least 0.3 of the launches met any defence, the conditional rate lies between the claimed rate and the rate over 0.3. "
    "A claimed rate is never a kill probability and never that of one system.",
)


def observed(off: Run, on: Run, night_effect_sd: float) -> dict[str, Any]:
    """Return, for each class of a run that has public claims, the simulated shares without and with a night effect and the claims.

    Parameters
    ----------
    off, on : runs of the same replications without and with the effect of the night
    night_effect_sd : of that effect, on the logit of kill probability

    Returns
    -------
    ``rows`` (``night_off`` and ``night_on``: share killed with its interval and dispersion, the variance between replications over
    a binomial one; ``years``: lowest and highest claimed rate of a year; ``bounds``; ``verdict`` of the share without the effect),
    ``night_effect``, ``misses`` in words, what is ``said``, and the ``caveats`` of every use.

    Source
    ------
    [uadata]
    """
    rows = [row for name in off.batch.layout.classes if (row := _row(off, on, name)) is not None]
    misses = [
        f"{row['class']}: {row['night_off']['estimate']:.0%} killed is {row['verdict']}, {row['bounds'][0]:.0%} to {row['bounds'][1]:.0%}"
        for row in rows
        if row["verdict"] != "inside the bounds"
    ]
    told = [f"Misses: {'; '.join(misses)}."] if misses else ["Misses: none."]
    note = f"Night effect: standard deviation {night_effect_sd:g} on the logit of every kill probability; off in comparisons."
    return {
        "rows": rows, "night_effect": night_effect_sd, "entered_share": ENTERED_SHARE, "misses": misses,
        "said": [*told, note, *SAID], "caveats": list(caveats()),
    }  # fmt: skip


def _row(off: Run, on: Run, name: str) -> dict[str, Any] | None:
    """What is said of one class, or None where nobody claims enough of it or none of it flew."""
    claims = [one for one in observed_rates() if one.target_class == name]
    if not claims or not off.batch.columns[f"targets/{name}"].any():
        return None
    years = _years(claims)
    if not years:
        return None
    launched, destroyed = sum(one.launched for one in claims), sum(one.destroyed for one in claims)
    low, high = destroyed / launched, min(1.0, destroyed / launched / ENTERED_SHARE)
    ours = _share(off, name)
    share = ours["estimate"]
    return {
        "class": name,
        "night_off": ours,
        "night_on": _share(on, name),
        "claimed": {"launched": launched, "destroyed": destroyed, "rate": destroyed / launched},
        "years": [min(years), max(years)],
        "dispersion": _dispersion(claims),
        "bounds": [low, high],
        "verdict": "below them" if share < low else "inside the bounds" if share <= high else "above them",
    }


def _years(claims: list[Any]) -> list[float]:
    """The claimed rate of each year in which enough was launched to speak of one."""
    totals: dict[int, tuple[int, int]] = {}
    for one in claims:
        launched, destroyed = totals.get(one.year, (0, 0))
        totals[one.year] = launched + one.launched, destroyed + one.destroyed
    return [destroyed / launched for launched, destroyed in totals.values() if launched >= LEAST_LAUNCHED]


def _share(run: Run, name: str) -> dict[str, Any]:
    killed, targets = run.batch.columns[f"killed/{name}"], run.batch.columns[f"targets/{name}"]
    told = ratio_of(killed, targets)
    return {**told.as_json(), "dispersion": dispersion(killed, targets)}


def dispersion(killed: Ints, targets: Ints) -> float | None:
    """Variance of a count between replications over that of a binomial with the mean share; None where that is zero."""
    share = float(killed.sum() / targets.sum())
    expected = float(targets.mean()) * share * (1.0 - share)
    return float(np.var(killed - share * targets, ddof=1)) / expected if expected > 0.0 and len(killed) > 1 else None


def _dispersion(claims: list[Any]) -> float | None:
    """Mean claimed dispersion, weighted by what was launched in the years that state one."""
    stated = [(one.dispersion, one.launched) for one in claims if one.dispersion is not None]
    return sum(d * n for d, n in stated) / sum(n for _, n in stated) if stated else None
