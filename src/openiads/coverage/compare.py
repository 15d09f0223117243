"""Two defences on one grid: what one covers and the other does not, and what one added mast, sensor or unit would gain."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from openiads import units
from openiads.catalogue import Catalogue
from openiads.catalogue.specs import TargetSpec
from openiads.coverage.outlines import grid_outlines
from openiads.coverage.plane import Plane
from openiads.coverage.radial import LEVEL
from openiads.coverage.value import Difference, Height
from openiads.coverage.whole import Union, gap, unions
from openiads.coverage.work import Work
from openiads.errors import UserError
from openiads.scenario.models import Scenario
from openiads.scenario.places import Position
from openiads.scenario.sites import Site, SiteRadar

PRODUCTS = ("detection", "firm_track", "engagement")
_PLACE = re.compile(r"(?P<what>[^@]+)@(?P<lat>-?[\d.]+),(?P<lon>-?[\d.]+)(?:,(?P<mast>[\d.]+ ?m))?")
_MAST = re.compile(r"mast:(?P<site>[^/=]+)/(?P<radar>[^=]+)=(?P<mast>.+)")
HOW_TO_ADD = (
    "write SYSTEM@LAT,LON for a unit (pantsir-s1@53.75,27.40), SYSTEM/RADAR@LAT,LON,HEIGHT for a sensor on a mast "
    "(s-400/96L6E@53.75,27.40,24m), or mast:SITE/RADAR=HEIGHT for a taller antenna (mast:s400/92N6E=24m)"
)


@dataclass(frozen=True)
class Other:
    """A second defence and what it is called."""

    title: str
    scenario: Scenario


def differences(
    other: Other, theirs: Work, plane: Plane, ours: Mapping[str, Union], gaps: Mapping[str, Any], target: TargetSpec, height: Height,
    places: Sequence[tuple[float, float]], perimeter_m: float,
) -> Iterable[Difference]:  # fmt: skip
    """Yield what the other defence gains and loses against a class at a height."""
    reached = [theirs.reached(unit, target, height) for unit in theirs.units]
    joined = unions(theirs, plane, reached, target, height)
    nothing = np.zeros(plane.area_m2.shape, bool)
    for product in PRODUCTS:
        first = ours[product].covered if product in ours else nothing
        second = joined[product].covered if product in joined else nothing
        gained, lost = second & ~first, first & ~second
        area = [float(plane.area_m2[cells].sum()) for cells in (first, second, gained, lost)]
        both = (gaps[product], gap(plane, places, perimeter_m, joined[product])) if product in gaps and product in joined else None
        yield Difference(
            other.title, product, target.name, height, LEVEL, (area[0], area[1]), area[2], area[3],
            grid_outlines(plane, gained), grid_outlines(plane, lost), both,
        )  # fmt: skip


def with_added(scenario: Scenario, written: str, catalogue: Catalogue) -> Other:
    """Return a defence with one mast, sensor or unit more, as the user names it.

    Raises
    ------
    UserError : words that name nothing, an unknown system, radar or site.
    """
    mast = _MAST.fullmatch(written.strip())
    if mast is not None:
        return _raised(scenario, mast["site"].strip(), mast["radar"].strip(), _metres(written, mast["mast"]))
    found = _PLACE.fullmatch(written.strip())
    if found is None:
        raise UserError(f"--add {written}: this names nothing to add; {HOW_TO_ADD}")
    system, _, radar = found["what"].strip().partition("/")
    if system not in catalogue.systems:
        raise UserError(f"--add {written}: {system!r} is not a system of the catalogue; there are {', '.join(catalogue.systems)}")
    if radar and radar not in catalogue.systems[system].radars:
        raise UserError(f"--add {written}: {system} has no radar {radar!r}; it has {', '.join(catalogue.systems[system].radars)}")
    at = Position.model_validate({"lat": float(found["lat"]), "lon": float(found["lon"])})
    antenna_m = _metres(written, found["mast"]) if found["mast"] else None
    if radar:
        chosen = (SiteRadar.model_construct(name=radar, antenna_agl_m=antenna_m),)
        added = Site.model_construct(name=_free(scenario, f"added {radar}"), system=system, at=at, role="sensor", radars=chosen)
    elif antenna_m is not None:
        raise UserError(f"--add {written}: a height goes with one radar; {HOW_TO_ADD}")
    else:
        added = Site.model_construct(name=_free(scenario, f"added {system}"), system=system, at=at)
    added = added.model_copy(update={"command": _superior(scenario)})
    words = f"with {radar or system} at {found['lat']} N {found['lon']} E" + (f", antenna {antenna_m:g} m" if antenna_m else "")
    return Other(words, scenario.model_copy(update={"sites": (*scenario.sites, added)}))


def _raised(scenario: Scenario, site: str, radar: str, antenna_m: float) -> Other:
    """The defence with one antenna at another height."""
    known = {one.name: one for one in scenario.sites}
    if site not in known:
        raise UserError(f"--add mast:{site}/{radar}: there is no site {site!r}; there are {', '.join(known)}")
    radars = known[site].radars
    if radars is None or radar not in [one.name for one in radars]:
        listed = ", ".join(one.name for one in radars or ()) or "none by name: list its radars in the scenario"
        raise UserError(f"--add mast:{site}/{radar}: the site {site} names no radar {radar!r}; it has {listed}")
    taller = tuple(one.model_copy(update={"antenna_agl_m": antenna_m}) if one.name == radar else one for one in radars)
    sites = tuple(one.model_copy(update={"radars": taller}) if one.name == site else one for one in scenario.sites)
    return Other(f"with {site}/{radar} at {antenna_m:g} m", scenario.model_copy(update={"sites": sites}))


def _metres(written: str, words: str) -> float:
    try:
        return float(units.parse_quantity(words.strip(), "length"))
    except UserError as error:
        raise UserError(f"--add {written}: {words!r} is not a height; write 24m") from error


def _superior(scenario: Scenario) -> str | None:
    """The command post that an added site belongs to: the scenario's own, if it has one."""
    return next((site.name for site in scenario.sites if site.role == "command-post"), None)


def _free(scenario: Scenario, wanted: str) -> str:
    taken = {site.name for site in scenario.sites}
    name = wanted.replace(" ", "-")
    return name if name not in taken else next(f"{name}-{n}" for n in range(2, 1000) if f"{name}-{n}" not in taken)
