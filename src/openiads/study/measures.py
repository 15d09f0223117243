"""What a study may ask about: each measure is a ratio of two columns of the outcome table, or a yes or no per replication."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from openiads.errors import names_like
from openiads.statistics.intervals import Moments, moments
from openiads.statistics.paired import Kind

Integers = NDArray[np.integer[Any]]

PER_CLASS = "/"


class Measure(NamedTuple):
    """A measure and its words.

    Attributes
    ----------
    name : str
        As studies write it; ``NAME/CLASS`` is the same for one target class, system or link of the why-trace.
    numerator : str
        Column that is counted.
    denominator : str or None
        Column that it is counted out of; None counts per replication.
    is_event : bool
        Whether a replication counts once, when its numerator is above 0.
    words, of : str
        "impacts on assets", "impact objects".
    per : str
        "kill" for a ratio that is no share, so that it is said as so many per kill; empty for a share.
    most : str or None
        Column that bounds the numerator of a measure that is no share.
    """

    name: str
    numerator: str
    denominator: str | None
    is_event: bool
    words: str
    of: str
    per: str = ""
    most: str | None = None

    @property
    def columns(self) -> list[str]:
        """Return the columns that the measure needs."""
        return [column for column in (self.numerator, self.denominator, self.most) if column is not None]

    @property
    def is_share(self) -> bool:
        """Return whether the numerator is part of the denominator: kills are no part of rounds, nor impacts of nights."""
        return self.is_event or (self.denominator is not None and not self.per)

    def kind(self, columns: Mapping[str, Integers]) -> Kind:
        """Return what is counted, with the most that one replication can have where that is known."""
        return Kind(self.is_share, None if self.most is None else int(columns[self.most].max(initial=0)))

    def counts(self, columns: Mapping[str, Integers]) -> tuple[Integers, Integers]:
        """Return numerator and denominator of each replication from the columns of an outcome table."""
        numerators = columns[self.numerator]
        if self.is_event:
            numerators = (numerators > 0).astype(np.uint8)
        if self.denominator is None:
            return numerators, np.ones(numerators.size, dtype=np.uint8)
        return numerators, columns[self.denominator]

    def moments(self, columns: Mapping[str, Integers]) -> Moments:
        """Return the exact sums of numerator and denominator."""
        return moments(*self.counts(columns), self.is_share)


KNOWN: dict[str, Measure] = {
    one.name: one
    for one in (
        Measure("impacts", "impacts", "impact_objects", False, "impacts on assets", "impact objects that came into being"),
        Measure("impacts_per_night", "impacts", None, False, "impacts on assets", "nights", most="impact_objects"),
        Measure("any_impact", "impacts", None, True, "nights with an impact on an asset", "nights"),
        Measure("leaked", "leaked", "targets", False, "hostile objects that leaked", "hostile objects"),
        Measure("killed", "killed", "targets", False, "hostile objects killed", "hostile objects"),
        Measure("engaged", "engaged", "targets", False, "hostile objects engaged", "hostile objects"),
        Measure("never_detected", "never_detected", "targets", False, "hostile objects never detected", "hostile objects"),
        Measure("turned_back", "turned_back", "targets", False, "hostile objects that turned back", "hostile objects"),
        Measure("rounds_fired", "rounds_fired", None, False, "rounds fired", "nights"),
        Measure("rounds_per_kill", "rounds_fired", "killed", False, "rounds fired", "kills", "kill"),
        Measure("rounds_left", "rounds_left", None, False, "rounds left", "nights"),
        Measure("assets_hit", "assets_hit", None, False, "assets hit", "nights"),
        Measure("any_asset_hit", "assets_hit", None, True, "nights with an asset hit", "nights"),
        Measure("civil_engaged", "civil_engaged", "civil_flights", False, "civil aircraft engaged by mistake", "civil flights exposed"),
        Measure(
            "friendly_engaged",
            "friendly_engaged",
            "friendly_flights",
            False,
            "friendly aircraft engaged by mistake",
            "friendly flights exposed",
        ),
        Measure("any_civil_engaged", "civil_engaged", None, True, "nights with a civil aircraft engaged", "nights"),
        Measure("any_friendly_engaged", "friendly_engaged", None, True, "nights with a friendly aircraft engaged", "nights"),
        Measure("civil_lost", "civil_lost", "civil_flights", False, "civil aircraft lost", "civil flights exposed"),
        Measure("friendly_lost", "friendly_lost", "friendly_flights", False, "friendly aircraft lost", "friendly flights exposed"),
        Measure("why", "why", "leaked", False, "leakers with this first broken link", "leakers"),
    )
}

SHARES = {"impacts_per_night": "impacts"}  # the share whose counts are printed beside a measure per night
WRONG_ENGAGEMENTS = ("civil_engaged", "friendly_engaged", "any_civil_engaged", "any_friendly_engaged")
LOST = {"civil_engaged": "civil_lost", "friendly_engaged": "friendly_lost"}  # how many of those engaged by mistake were shot down


def measure(name: str) -> Measure | None:
    """Return a known measure, also ``NAME/CLASS``; None when there is no such measure."""
    base, separator, inner = name.partition(PER_CLASS)
    found = KNOWN.get(base)
    if found is None or not separator:
        return found
    denominator = found.denominator
    if denominator is not None and base != "why":
        denominator = f"{denominator}{PER_CLASS}{inner}"
    most = None if found.most is None else f"{found.most}{PER_CLASS}{inner}"
    words = f"{found.words} ({inner})"
    return found._replace(name=name, numerator=f"{found.numerator}{PER_CLASS}{inner}", denominator=denominator, words=words, most=most)


def part_of(base: str) -> str:
    """Return what may follow the stroke after a measure: ``target class``, ``system``, ``link``, or nothing."""
    column = KNOWN[base].numerator
    if column == "assets_hit":
        return ""
    return {"why": "link", "rounds_fired": "system", "rounds_left": "system"}.get(column, "target class")


def events() -> list[str]:
    """Return the measures that are a yes or no per replication."""
    return [name for name, one in KNOWN.items() if one.is_event]


def known(name: str) -> Measure:
    """Return a measure that somebody has already looked for.

    Raises
    ------
    ValueError : there is none of this name.
    """
    found = measure(name)
    if found is None:
        raise ValueError(f"no measure is called {name!r}")
    return found


def advice(name: str) -> str:
    """Return what to write in the place of an unknown measure."""
    return names_like(name.partition(PER_CLASS)[0], list(KNOWN)) or f"write one of {', '.join(KNOWN)}, or one of them with /CLASS"
