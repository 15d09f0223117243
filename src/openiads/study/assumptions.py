"""What a study takes for granted, found in its scenarios, and what it does not represent at all."""

from collections.abc import Iterable
from typing import Any

NOT_REPRESENTED = (
    "Targets do not plan: routes and turn-back alternatives are inputs, and nobody re-plans after losses.",
    "Friendly fighters do not shoot; deception jamming and cyber attack are not modelled.",
    "Weather is constant over a scenario; communication is delay and loss, not waveforms.",
    "An engagement is an envelope, a time of flight and a probability: nothing about homing, fuzes or warheads is modelled.",
    "Systems draw the same kill probability per class of target unless a cited source separates them (equal ignorance).",
)


def exercised(scenarios: Iterable[Any]) -> list[str]:
    """Return the assumptions that the scenarios of a study really use, each once, in a fixed order."""
    found: dict[str, None] = dict.fromkeys(
        ["Positions, routes and the attacker are illustrative; figures are public claims and judgements."]
    )
    for scenario in scenarios:
        found.update(dict.fromkeys(_of(scenario)))
    return list(found)


def _of(scenario: Any) -> list[str]:
    air, doctrine = scenario.environment, scenario.doctrine
    words = []
    if not air.terrain:
        words.append("Smooth earth: no terrain masking, only the horizon and the screen of trees and houses round each site.")
    words.append(
        "Low-altitude propagation with two-ray interference."
        if air.propagation == "lobed"
        else "Low-altitude propagation without interference: an upper bound on low-altitude reach."
    )
    if abs(air.k_factor - 4.0 / 3.0) < 0.01:
        words.append("Standard refraction: effective earth radius 4/3; ducting is left out.")
    words.append(f"Tracking: {scenario.tracking.filter} filter, {scenario.tracking.associator} association.")
    if not scenario.tracking.false_alarms:
        words.append("Radars add no plots of noise.")
    words.append(f"Misses within a salvo share a cause with correlation {doctrine.salvo_correlation:g}.")
    if doctrine.night_effect_sd == 0.0:
        words.append("No effect of the night common to all shots.")
    words.append(f"Control {doctrine.control}" + _later(doctrine) + f"; firing {doctrine.firing}.")
    return words


def _later(doctrine: Any) -> str:
    return f", {doctrine.after_first_hostile_act} after the first hostile act" if doctrine.after_first_hostile_act else ""
