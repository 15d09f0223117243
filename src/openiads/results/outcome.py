"""Totals, shares with their intervals, and who did what, from the integer outcome table of any number of replications."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from openiads.kernel import Ints
from openiads.model import codes
from openiads.results.counts import BY_CLASS, HITS, OF_CLASS, STOPPED, Layout
from openiads.statistics.intervals import LEVEL, Interval, clopper_pearson, mean_of, never_seen, ratio_of

TOTALS = (
    "targets", "killed", "leaked", "task_done", "turned_back", "lost", "left", "alive", "prevented", "engaged", "never_detected",
    "impact_objects", "impacts", "hits", "assets_hit", "assets_stopped",
    "flights", "civil_flights", "friendly_flights", "civil_engaged", "friendly_engaged", "civil_lost", "friendly_lost", "wrong_shots",
    "tracked", "missed_hostile", "late_identified",
    "rounds_fired", "gun_rounds", "rounds_left", "shots", "support_lost", "radars_lost", "units_lost", "posts_lost", "launchers_lost",
    "suppressed_s", "wasted",
)  # fmt: skip
ENDS = ("killed", "leaked", "task_done", "turned_back", "lost", "left", "alive")
OF_SYSTEM = ("rounds_fired", "gun_rounds", "bursts", "shots", "killed", "missed", "support_lost", "wrong_shots", "wasted")

# Measures whose unit is an object, flight or shot: a ratio, whose doubt comes from the variation between replications.
SHARES = {
    "impacts": ("impacts", "impact_objects"),
    "leaked": ("leaked", "targets"),
    "killed": ("killed", "targets"),
    "engaged": ("engaged", "targets"),
    "never_detected": ("never_detected", "targets"),
    "turned_back": ("turned_back", "targets"),
    "civil_engaged": ("civil_engaged", "civil_flights"),
    "friendly_engaged": ("friendly_engaged", "friendly_flights"),
    "civil_lost": ("civil_lost", "civil_flights"),
    "friendly_lost": ("friendly_lost", "friendly_flights"),
    "missed_hostile": ("missed_hostile", "tracked"),
    "late_identified": ("late_identified", "tracked"),
    "kills_per_shot": ("killed", "shots"),
}
RATES = ("kills_per_shot",)  # of these the part is not of the kind of the whole
# Measures that each replication answers with yes or no.
EVENTS = {
    "asset_hit": "assets_hit",
    "asset_stopped": "assets_stopped",
    "any_impact": "impacts",
    "any_civil_engaged": "civil_engaged",
    "any_friendly_engaged": "friendly_engaged",
    "radar_lost": "radars_lost",
}
# Counts of a replication.
MEANS = ("rounds_fired", "gun_rounds", "rounds_left", "suppressed_s")


def outcome(columns: Mapping[str, Ints]) -> dict[str, int]:
    """Return integer totals over all replications."""
    return {name: int(columns[name].sum()) for name in TOTALS}


def why(columns: Mapping[str, Ints]) -> dict[str, int]:
    """Return how many leakers each link of the chain let through, in the order of the chain; the counts sum to ``leaked``."""
    return {link: int(columns[f"why/{link}"].sum()) for link in codes.WHY}


def intervals(columns: Mapping[str, Ints], level: float = LEVEL) -> dict[str, Interval]:
    """Return the intervals of all measures that have something to be counted out of.

    Objects of one raid share channels, magazines and the night, so a share per object is a ratio whose interval comes from the
    variation between replications; only what each replication answers with yes or no is a proportion.
    """
    found = {}
    for name, (part, whole) in SHARES.items():
        if columns[whole].any():
            found[name] = ratio_of(columns[part], columns[whole], level, is_share=name not in RATES)
    for name, column in EVENTS.items():
        found[name] = yes_or_no(int(np.count_nonzero(columns[column])), len(columns[column]), level)
    for name in MEANS:
        found[name] = mean_of(columns[name], level)
    return found


def yes_or_no(yes: int, n: int, level: float = LEVEL) -> Interval:
    """Return the Clopper-Pearson interval of a proportion; where all or none said yes it needs no special function."""
    if 0 < yes < n or n == 0:
        return clopper_pearson(yes, n, level)
    unseen = never_seen(n, level)
    low, high = (0.0, unseen) if yes == 0 else (1.0 - unseen, 1.0)
    return Interval(yes, n, yes / n, low, high, level, "clopper-pearson", n)


def by_class(layout: Layout, rows: Ints) -> list[dict[str, Any]]:
    """Return the totals of every target class, with the broken links of its leakers."""
    klass, _, links, *_ = (part.sum(axis=0) for part in layout.parts(rows))
    found = []
    for k, name in enumerate(layout.classes):
        counts = {word: int(klass[k, m]) for m, word in enumerate(OF_CLASS) if word != "unborn"}
        found.append({"name": name, **counts, "why": {link: int(n) for link, n in zip(codes.WHY, links[k]) if n}})
    return found


def by_system(layout: Layout, rows: Ints) -> list[dict[str, Any]]:
    """Return what every system fired and killed, and the same of each of its missile and gun types."""
    columns = layout.columns(rows)
    found = []
    for s, name in enumerate(layout.systems):
        types = dict.fromkeys(one for one, owner in zip(layout.missiles, layout.system_of) if owner == s)
        entry: dict[str, Any] = {"name": name, **{word: int(columns[f"{word}/{name}"].sum()) for word in OF_SYSTEM}}
        entry["rounds_left"] = int(columns[f"rounds_left/{name}"].sum())
        words = ("rounds_fired", "gun_rounds", "shots", "killed", "missed", "support_lost", "wrong_shots", "wasted")
        parts = layout.weapons(layout.parts(rows)[1], [(f"/{one}", s, one) for one in types])
        entry["weapons"] = [{"name": one, **{word: int(parts[f"{word}/{one}"].sum()) for word in words}} for one in types]
        found.append(entry)
    return found


def by_asset(layout: Layout, rows: Ints) -> list[dict[str, Any]]:
    """Return the hits on every asset, in all and by class, and in how many replications it was hit and stopped."""
    asset = layout.parts(rows)[3]
    return [
        {
            "name": name,
            "hits": int(asset[:, a, HITS].sum()),
            "hit": int((asset[:, a, HITS] > 0).sum()),
            "stopped": int(asset[:, a, STOPPED].sum()),
            "hits_by_class": {klass: n for klass, n in zip(layout.classes, asset[:, a, BY_CLASS:].sum(axis=0).tolist()) if n},
        }
        for a, name in enumerate(layout.assets)
    ]


def losses(layout: Layout, rows: Ints) -> list[dict[str, Any]]:
    """Return in how many replications each radar, unit, command post and launcher was destroyed, where any was."""
    lost = layout.parts(rows)[4].sum(axis=0)
    return [{"name": name, "kind": kind, "lost": int(n)} for (kind, name), n in zip(layout.losable, lost) if n]
