"""Rules about target classes and about figures in general."""

from collections.abc import Iterator

from openiads.catalogue.model import Catalogue
from openiads.catalogue.plausibility.finding import Finding, targets

GRAVITY_MPS2 = 9.80665
FLIGHT_TOLERANCE = 1.1
# Highest speed [m/s] and largest cross-section [m2] that the kind allows at all; generous, to catch slips of unit and class.
LIMITS: dict[str, tuple[float, float]] = {
    "aircraft": (900.0, 300.0),
    "civil": (320.0, 300.0),
    "helicopter": (120.0, 50.0),
    "drone": (260.0, 10.0),
    "decoy": (350.0, 50.0),
    "cruise": (1600.0, 10.0),
    "arm": (1500.0, 5.0),
    "bomb": (400.0, 5.0),
    "ballistic": (7000.0, 10.0),
    "aeroballistic": (4000.0, 10.0),
    "glide": (7000.0, 10.0),
    "bird": (40.0, 1.0),
}
SMALLEST_RCS_M2 = 1e-5
CEILING_M = 100_000.0  # above it nothing glides or flies on wings


def class_speed(catalogue: Catalogue) -> Iterator[Finding]:
    """No class flies faster than its kind can."""
    for group in targets(catalogue):
        speed, limits = group.get("speed"), LIMITS.get(catalogue.text(group.path("kind")))
        if speed and limits and speed.high_si > limits[0]:
            yield group.finding("class_speed", f"{speed.high_si:.0f} m/s is more than its kind can fly ({limits[0]:.0f} m/s)", "speed")


def class_cross_section(catalogue: Catalogue) -> Iterator[Finding]:
    """No class is larger to radar than its kind can be, or smaller than an insect."""
    for group in targets(catalogue):
        rcs, limits = group.get("rcs"), LIMITS.get(catalogue.text(group.path("kind")))
        if rcs and limits and (rcs.low_si < SMALLEST_RCS_M2 or rcs.high_si > limits[1]):
            said = f"{rcs.low_si:g} to {rcs.high_si:g} m2 leaves {SMALLEST_RCS_M2:g} to {limits[1]:g} m2"
            yield group.finding("class_cross_section", said, "rcs")


def class_height(catalogue: Catalogue) -> Iterator[Finding]:
    """What flies on wings or glides stays in air that carries it."""
    for group in targets(catalogue):
        height = group.get("altitude")
        if height and height.high_si > CEILING_M and catalogue.text(group.path("kind")) != "ballistic":
            yield group.finding("class_height", f"{height.high_si / 1e3:.0f} km is above the air that carries it", "altitude")


def ballistic_speed_against_reach(catalogue: Catalogue) -> Iterator[Finding]:
    """A ballistic class is fast enough for its own apogee and range: v2 / 2g and v2 / g, within 10 % of speed."""
    for group in targets(catalogue):
        if catalogue.text(group.path("kind")) != "ballistic":
            continue
        speed, apogee, reach = group.get("speed"), group.get("altitude"), group.get("range_max")
        if not speed or not apogee:
            continue
        energy_m = (FLIGHT_TOLERANCE * speed.high_si) ** 2 / GRAVITY_MPS2
        if apogee.si > energy_m / 2.0:
            said = f"{speed.high_si:.0f} m/s rises to {energy_m / 2e3:.0f} km at most, and the apogee is {apogee.si / 1e3:.0f} km"
            yield group.finding("ballistic_speed_against_reach", said, "speed", "altitude")
        if reach and reach.si > energy_m:
            said = f"{speed.high_si:.0f} m/s carries {energy_m / 1e3:.0f} km at most, and the range is {reach.si / 1e3:.0f} km"
            yield group.finding("ballistic_speed_against_reach", said, "speed", "range_max")


def equal_ignorance(catalogue: Catalogue) -> Iterator[Finding]:
    """The value of a judged kill probability lies strictly inside a real spread: nobody knows it to a point."""
    for group in targets(catalogue):
        pk = group.get("pk")
        if pk and pk.basis == "judgement" and not pk.low_si < pk.si < pk.high_si:
            yield group.finding("equal_ignorance", f"a judged {pk.si:g} without room on both sides", "pk")


def low_above_high(catalogue: Catalogue) -> Iterator[Finding]:
    """The low end of a figure does not lie above its high end, and its value lies between them."""
    for path, figure in catalogue.figures.items():
        if not figure.low_si <= figure.si <= figure.high_si:
            said = f"{path}: value {figure.value:g}, low {figure.low}, high {figure.high} {figure.unit} are not in order"
            yield Finding("low_above_high", said, (path,))


def rival_outside_spread(catalogue: Catalogue) -> Iterator[Finding]:
    """A rival value that the catalogue keeps lies within the spread that it states."""
    for path, figure in catalogue.figures.items():
        low, high = figure.low_si / figure.factor, figure.high_si / figure.factor
        for rival in figure.rivals:
            if not low <= rival.value <= high:
                said = f"{path}: {rival.value:g} of {rival.source} lies outside {low:g} to {high:g} {figure.unit}"
                yield Finding("rival_outside_spread", said, (path,))
