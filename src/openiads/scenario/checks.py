"""Whether the parts of a scenario make sense together: routes in time, areas with a form, groups with a purpose."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from openiads.catalogue import Catalogue
from openiads.scenario.doctrine import Doctrine
from openiads.scenario.models import Civil, Scenario
from openiads.scenario.objects import Group
from openiads.scenario.places import Area, Corridor, Height
from openiads.scenario.sites import Asset, Link, Site

Finding = tuple[tuple[str | int, ...], str, str]

MAX_OBJECTS = 20_000
MOBILE_ANTENNA_MAX_M = 20.0
_HOSTILE_DUTIES = ("impact", "release", "jam", "decoy", "scout")


def group(found: Group, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what does not make sense in one group of objects, by path within it."""
    yield from _way(found)
    yield from _route(found)
    yield from _duty(found)
    if found.duty == "jam" and (found.jammer is None or found.jammer.effect is None) and not _jams(found, catalogue):
        remedy = "add jammer: {effect: {radar: s-400/91N6E, range: 100 km}, bandwidth: 200 MHz}"
        yield ("duty",), f"the duty jam needs a jammer, and {found.target_class} has none in the catalogue", remedy
    yield from _release(found)
    known = catalogue.targets.get(found.target_class)
    if known is not None and not known.crewed:
        if found.on_engaged == "turn_back":
            yield ("on_engaged",), f"{found.target_class} has no crew and cannot turn back", "write continue"
        if found.turn_back is not None:
            yield ("turn_back",), f"{found.target_class} has no crew and cannot turn back", "leave this out"
    if found.arrivals == "poisson" and not found.spacing_s:
        yield ("arrivals",), "arrivals by chance need a mean time between them", "add spacing: 10 s"
    if found.arrivals == "poisson" and found.released_by:
        yield ("arrivals",), "a released object starts when its carrier lets it go", "write arrivals: even"
    if found.last_start_s is not None and found.last_start_s < found.start_s:
        yield ("last_start",), f"nothing starts before {found.start_s:g} s, so no member would come", "give a later time"
    if found.aim and found.aim_at:
        yield ("aim_at",), "aim and aim_at exclude each other", "keep one"


def _jams(found: Group, catalogue: Catalogue) -> bool:
    return f"targets.{found.target_class}.jamming.radar" in catalogue.texts


def _way(found: Group) -> Iterator[Finding]:
    ways = [key for key in ("route", "ballistic", "glide", "track") if getattr(found, key)]
    if len(ways) > 1:
        yield (ways[1],), f"{ways[0]} and {ways[1]} exclude each other", "keep one way of flying"
    if not ways and not found.released_by:
        yield (), "nothing says how it flies", "add a route, ballistic, glide or track"
    if not ways and found.released_by and not (found.aim or found.aim_at):
        yield (), "nothing says where it flies after its release", "add an aim or a route"
    if found.released_by and (found.ballistic or found.glide or found.track):
        yield ("released_by",), "only a group with a route, or with an aim alone, can be released", "use a route"
    for key in ("ballistic", "glide"):
        if getattr(found, key) and not (found.aim or found.aim_at):
            yield (key,), f"a {key} flight needs an aim", "add aim: the name of an asset"


def _route(found: Group) -> Iterator[Finding]:
    route = found.route
    if not route:
        return
    if route[0].height is None and not found.released_by:
        yield ("route", 0), "the first point of a route has no height", "add height: 50 m agl"
    if len(route) == 1 and route[0].hold is None and not (found.aim or found.aim_at or found.released_by):
        yield ("route",), "a route of one point leads nowhere", "add a second point, a hold or an aim"
    times = [(index, point.time_s) for index, point in enumerate(route) if point.time_s is not None]
    for (_, before), (index, after) in pairwise(times):
        if after <= before:
            yield ("route", index, "time"), f"the route goes back in time ({after:g} s after {before:g} s)", "give each point a later time"
    if times and found.released_by:
        yield ("route", times[0][0], "time"), "a released object has no time of its own", "say when it is released, or leave the times out"
    elif times and times[0][0] > 0 and times[0][1] <= found.start_s:
        yield (
            ("route", times[0][0], "time"),
            f"the point is reached at {times[0][1]:g} s, before the start at {found.start_s:g} s",
            "start earlier",
        )
    elif times and times[0][0] == 0 and found.start_s not in (0.0, times[0][1]):
        yield ("route", 0, "time"), f"the first point's time {times[0][1]:g} s is not the start {found.start_s:g} s", "keep one of the two"


def _duty(found: Group) -> Iterator[Finding]:
    if found.side != "hostile" and found.duty in _HOSTILE_DUTIES:
        yield ("duty",), f"a {found.side} flight cannot have the duty {found.duty}", "write transit, or side: hostile"
    if found.side == "hostile" and found.duty == "impact" and not (found.aim or found.aim_at):
        yield ("duty",), "the duty impact needs something to aim at", "add aim: the name of an asset"
    if found.side != "civil" and found.on_closure != "continue":
        yield ("on_closure",), "only civil flights obey the closing of the airspace", "leave this out"
    for key in ("jammer", "track"):
        stops = getattr(getattr(found, key), "stops_s" if key == "jammer" else "to_s", None)
        starts = getattr(getattr(found, key), "starts_s" if key == "jammer" else "from_s", 0.0)
        if stops is not None and stops <= starts:
            yield (key, "stops" if key == "jammer" else "to"), "it ends before it begins", "give a later time"


def _release(found: Group) -> Iterator[Finding]:
    if found.release is None:
        if found.released_by and found.start_s:
            yield ("start",), "a released object has no start of its own", "write release: {time: ...}"
        return
    if found.released_by is None:
        yield ("release",), "release says when, but nothing says from whom", "add released_by: the name of the carrier"
    given = [
        key
        for key, value in (("time", found.release.time_s), ("waypoint", found.release.waypoint), ("range", found.release.range_m))
        if value
    ]
    if len(given) != 1 and not (not given and found.release.time_s == 0.0):
        what = f"{' and '.join(given)} exclude each other" if given else "it does not say when"
        yield ("release",), what, "write one of time, waypoint and range"
    if found.release.range_m and not (found.aim or found.aim_at):
        yield ("release", "range"), "a range to the aim needs an aim", "add aim: the name of an asset, site or radar"


def family(groups: list[tuple[int, Group]]) -> Iterator[Finding]:
    """Yield what does not make sense between groups: carriers without load, children of children in a ring, too many objects."""
    by_name = {found.name: found for _, found in groups}
    carriers = {found.released_by for _, found in groups if found.released_by}
    for index, found in groups:
        parent = by_name.get(found.released_by or "")
        if found.duty == "release" and found.name not in carriers:
            yield (index, "duty"), "the duty release needs something to release", f"give a group released_by: {found.name}"
        if parent is None:
            continue
        if found.side != parent.side:
            yield (index, "side"), f"it is {found.side}, but its carrier {parent.name} is {parent.side}", f"write {parent.side}"
        if found.release and found.release.waypoint and found.release.waypoint > max(len(parent.route), 1):
            what = f"{parent.name} has {len(parent.route)} waypoints, not {found.release.waypoint}"
            yield (index, "release", "waypoint"), what, "write a number that its route has"
        if found.release and found.release.time_s is not None and found.release.time_s < parent.start_s:
            yield (index, "release", "time"), f"{parent.name} starts later, at {parent.start_s:g} s", "release after that"
        if parent.track or parent.ballistic or parent.glide:
            yield (index, "released_by"), f"{parent.name} does not fly a route and cannot carry", "give it a route"
        if parent.arrivals == "poisson":
            yield (index, "released_by"), f"the members of {parent.name} come by chance and cannot carry", "give it arrivals: even"
        if _circular(found, by_name):
            yield (index, "released_by"), "it is carried by what it carries itself", "break the circle"
    total = sum(found.count for _, found in groups)
    if total > MAX_OBJECTS:
        yield (), f"{total:,} objects, and at most {MAX_OBJECTS:,} fly", "lower the counts"


def _circular(found: Group, by_name: dict[str, Group]) -> bool:
    seen = {found.name}
    parent = by_name.get(found.released_by or "")
    while parent is not None:
        if parent.name in seen:
            return parent.name == found.name
        seen.add(parent.name)
        parent = by_name.get(parent.released_by or "")
    return False


def site(found: Site, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what does not make sense in one site."""
    if found.state == "ready" and found.ready_at_s:
        yield ("ready_at",), "a site that is ready has no ready_at", "write state: standby or deploying"
    if found.role == "sensor" and found.load:
        yield ("load",), "a sensor has no missiles", "write role: fire-unit, or leave the load out"
    for index, radar in enumerate(found.radars or ()):
        mode = radar.configuration or found.configurations.get(radar.name) or found.configurations.get("*")
        if mode == "mobile" and radar.antenna_agl_m is not None and radar.antenna_agl_m > MOBILE_ANTENNA_MAX_M:
            what = f"an antenna {radar.antenna_agl_m:g} m high is on a mast, not mobile"
            yield ("radars", index, "antenna"), what, "write configuration: masted, or lower it to 6-14 m"
    system = catalogue.systems.get(found.system)
    if system is not None and not system.missiles and not system.guns and found.role == "fire-unit":
        yield ("role",), f"{found.system} has no weapons", "write role: sensor"


def hierarchy(sites: list[tuple[int, Site]]) -> Iterator[Finding]:
    """Yield what does not make sense between sites: a chain of command that bites its tail."""
    superior = {found.name: found.command for _, found in sites}
    for index, found in sites:
        seen, above = {found.name}, found.command
        while above is not None and above not in seen:
            seen.add(above)
            above = superior.get(above)
        if above == found.name and found.command != found.name:
            yield (index, "command"), "the chain of command leads back here", "give one site no superior"


def area(found: Area) -> Iterator[Finding]:
    """Yield what does not make sense in an area."""
    forms = [key for key in ("polygon", "at", "site") if getattr(found, key) is not None]
    if len(forms) != 1:
        what = f"{' and '.join(forms)} exclude each other" if forms else "the area has no form"
        yield (), what, "write a polygon, or at and radius, or site and radius"
    elif forms[0] == "polygon":
        if len(found.polygon or ()) < 3:
            yield ("polygon",), "a polygon has three corners or more", "add corners"
        if found.radius_m is not None:
            yield ("radius",), "a polygon has no radius", "leave it out"
    elif found.radius_m is None:
        yield (), "a circle has no radius", "add radius: 10 km"
    yield from _heights(found.height_min, found.height_max, "height_max")


def corridor(found: Corridor) -> Iterator[Finding]:
    """Yield what does not make sense in a corridor or airway."""
    if len(found.path) < 2:
        yield ("path",), "a path has two positions or more", "add positions"
    yield from _heights(found.height_min, found.height_max, "height_max")


def _heights(low: Height | None, high: Height | None, key: str) -> Iterator[Finding]:
    if low and high and low.datum == high.datum and low.value_m > high.value_m:
        yield (key,), f"the upper height {high.value_m:g} m is below the lower {low.value_m:g} m", "exchange the two"


def civil(found: Civil) -> Iterator[Finding]:
    """Yield what does not make sense in the civil sky."""
    for key, lanes in (("airways", found.airways), ("corridors", found.corridors)):
        for index, lane in enumerate(lanes):
            for path, what, remedy in corridor(lane):
                yield (key, index, *path), what, remedy


def doctrine(found: Doctrine) -> Iterator[Finding]:
    """Yield what does not make sense in doctrine."""
    for key, areas in (("zones", found.zones), ("no_fire_zones", found.no_fire_zones)):
        for index, one in enumerate(areas):
            for path, what, remedy in area(one):
                yield (key, index, *path), what, remedy
    for index, layer in enumerate(found.layers):
        if layer.range_max_m is not None and layer.range_max_m <= layer.range_min_m:
            what = f"the layer ends at {layer.range_max_m:g} m, before it begins at {layer.range_min_m:g} m"
            yield ("layers", index, "max_range"), what, "exchange the two"
        if layer.system and layer.site:
            yield ("layers", index, "site"), "system and site exclude each other", "keep one"
        for path, what, remedy in _heights(layer.height_min, layer.height_max, "max_height"):
            yield ("layers", index, *path), what, remedy
    identification = found.identification
    priors = identification.priors
    if priors is not None and abs(priors.hostile + priors.friendly + priors.civil - 1.0) > 1e-6:
        total = priors.hostile + priors.friendly + priors.civil
        yield ("identification", "priors"), f"the priors sum to {total:.6g}", "make them sum to 1"
    defence = identification.self_defence
    if defence is not None and defence.range_m is None and defence.time_s is None:
        yield ("identification", "self_defence"), "it says neither range nor time", "write {range: 10 km} or {time: 20 s}"
    free, tight = identification.threshold_free, identification.threshold
    if free is not None and tight is not None and free > tight:
        yield ("identification", "threshold_free"), "control free asks for more belief than control tight", "exchange the two"


def whole(found: Scenario) -> Iterator[Finding]:
    """Yield what does not make sense in the scenario as a whole."""
    for index, one in enumerate(found.objects):
        if one.start_s >= found.duration_s:
            yield (
                ("objects", index, "start"),
                f"it starts at {one.start_s:g} s, after the end at {found.duration_s:g} s",
                "start it earlier",
            )
    if found.raid.bearing_rad is not None and found.raid.centre is None and not found.assets:
        yield ("raid", "bearing"), "the raid has no centre to turn about", "add an asset, or raid: {centre: {lat: ..., lon: ...}}"


PARTS: dict[str, Any] = {"assets": Asset, "sites": Site, "links": Link, "objects": Group}
SECTIONS: dict[str, Any] = {"doctrine": (Doctrine, doctrine), "civil": (Civil, civil)}
