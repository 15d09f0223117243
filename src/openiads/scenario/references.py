"""Names that must mean something: systems, classes, missiles, radars, sites, assets, objects, files."""

from collections.abc import Iterator
from typing import Any

from openiads.catalogue import Catalogue
from openiads.catalogue.unread import dead
from openiads.errors import UserError, names_like
from openiads.scenario.draft import Draft, Steps, outside
from openiads.scenario.names import Names, site_names, text
from openiads.scenario.translate import raw_members

_SPACES = ("assets", "sites", "objects")


def check(draft: Draft, catalogue: Catalogue) -> None:
    """Note every name of a draft that collides with another or means nothing."""
    names = Names(draft, catalogue)
    _collisions(draft)
    for index, site in raw_members(draft.value, "sites"):
        _site(names, ("sites", index), site)
    for index, link in raw_members(draft.value, "links"):
        for end in ("from", "to"):
            names.known(("links", index, end), link.get(end), names.sites, "site")
        if text(link.get("from")) and text(link.get("from")) == text(link.get("to")):
            draft.add(("links", index, "to"), "the link leads back to where it starts", "name two different sites")
    for index, group in raw_members(draft.value, "objects"):
        _group(names, ("objects", index), group)
    doctrine = draft.value.get("doctrine")
    if isinstance(doctrine, dict):
        _doctrine(names, doctrine)
    _classifier(names)
    _figures(names, ("catalogue",), draft.value.get("catalogue"), "")
    _files(draft)


def _collisions(draft: Draft) -> None:
    taken: dict[str, Steps] = {}
    for key in _SPACES:
        for index, member in raw_members(draft.value, key):
            name = text(member.get("name"))
            for one in site_names(member) if key == "sites" else [name] if name else []:
                if one in taken:
                    other = f"{taken[one][0]} on line {draft.line(taken[one])}" if draft.line(taken[one]) else str(taken[one][0])
                    draft.add(
                        (key, index, "name"),
                        f'the name "{one}" is taken (by {other})',
                        "give each asset, site and object a name of its own",
                    )
                else:
                    taken[one] = (key, index, "name")


def _site(names: Names, path: Steps, site: dict[str, Any]) -> None:
    draft = names.draft
    names.known((*path, "system"), site.get("system"), list(names.catalogue.systems), "system")
    system = names.catalogue.systems.get(text(site.get("system")) or "")
    names.known((*path, "command"), site.get("command"), names.sites, "site")
    if text(site.get("command")) and text(site.get("command")) == text(site.get("name")):
        draft.add((*path, "command"), "a site cannot be its own superior", "name another site, or leave this out")
    if system is None:
        return
    load = site.get("load")
    for missile in load if isinstance(load, dict) else {}:
        names.known_key((*path, "load", missile), list(system.missiles), f"missile of {system.key}", "this system has no missiles")
    _site_radars(names, path, site, list(system.radars), system.key)
    by_radar = site.get("configuration")
    for radar in by_radar if isinstance(by_radar, dict) else {}:
        names.known_key((*path, "configuration", radar), names.radars_of(site), f"radar of {text(site.get('name'))}")
    _figures(names, (*path, "overrides"), site.get("overrides"), system.key + ".")


def _site_radars(names: Names, path: Steps, site: dict[str, Any], known: list[str], system: str) -> None:
    written = site.get("radars")
    seen: dict[str, int] = {}
    for index, radar in enumerate(written if isinstance(written, list) else []):
        named = text(radar.get("name") if isinstance(radar, dict) else radar)
        here = (*path, "radars", index)
        if isinstance(radar, dict):
            here = (*here, "radar" if "radar" in radar else "name")
            names.known(here, radar.get("radar", radar.get("name")), known, f"radar of {system}")
        else:
            names.known(here, radar, known, f"radar of {system}")
        if named and named in seen:
            what = f'two radars of this site are called "{named}"'
            names.draft.add((*path, "radars", index), what, "name them apart and give the catalogue's name as radar: ...")
        elif named:
            seen[named] = index


def _group(names: Names, path: Steps, group: dict[str, Any]) -> None:
    names.known((*path, "class"), group.get("class"), names.classes, "target class")
    aims = group.get("aim")
    aimable = [*names.assets, *names.sites, *names.site_radars]
    for index, aim in enumerate(aims) if isinstance(aims, list) else [(None, aims)]:
        names.known((*path, "aim") if index is None else (*path, "aim", index), aim, aimable, "asset, site or radar")
    parent = group.get("released_by")
    names.known((*path, "released_by"), parent, names.objects, "object")
    if text(parent) and text(parent) == text(group.get("name")):
        names.draft.add((*path, "released_by"), "an object cannot release itself", "name the object that carries it")
    names.known((*path, "airway"), group.get("airway"), names.lanes, "airway or corridor", "declare it under civil")
    jammer = group.get("jammer")
    effect = jammer.get("effect") if isinstance(jammer, dict) else None
    if isinstance(effect, dict):
        names.known((*path, "jammer", "effect", "radar"), effect.get("radar"), [*names.site_radars, *names.catalogue_radars], "radar")


def _doctrine(names: Names, doctrine: dict[str, Any]) -> None:
    systems, classes = list(names.catalogue.systems), [*names.classes, *names.families]
    missiles = [missile for system in names.catalogue.systems.values() for missile in system.missiles]
    for index, layer in raw_members(doctrine, "layers"):
        here: Steps = ("doctrine", "layers", index)
        names.known((*here, "system"), layer.get("system"), systems, "system")
        names.known((*here, "site"), layer.get("site"), names.sites, "site")
        for key, known, what in (("missiles", missiles, "missile"), ("classes", classes, "target class or family")):
            for inner, word in _each((*here, key), layer.get(key)):
                names.known(inner, word, known, what)
    rules = doctrine.get("identification")
    defence = rules.get("self_defence") if isinstance(rules, dict) else None
    if isinstance(defence, dict):
        for inner, word in _each(("doctrine", "identification", "self_defence", "classes"), defence.get("classes")):
            names.known(inner, word, classes, "target class or family")
    for key in ("zones", "no_fire_zones"):
        for index, zone in raw_members(doctrine, key):
            names.known(("doctrine", key, index, "site"), zone.get("site"), names.sites, "site")
    for key, known, what in (
        ("salvo", classes, "target class or family"),
        ("preferred", classes, "target class or family"),
        ("priorities", names.assets, "asset"),
    ):
        table = doctrine.get(key)
        for word, inside in (table if isinstance(table, dict) else {}).items():
            names.known_key(("doctrine", key, word), known, what)
            for inner, system in _each(("doctrine", key, word), inside) if key == "preferred" else ():
                names.known(inner, system, systems, "system")
    for index, pair in raw_members(doctrine, "point_defence"):
        for key in ("protector", "protected"):
            names.known(
                ("doctrine", "point_defence", index, key),
                pair.get(key),
                names.sites if key == "protector" else [*names.sites, *names.assets],
                "site",
            )


def _each(path: Steps, written: object) -> Iterator[tuple[Steps, object]]:
    if isinstance(written, list):
        for index, word in enumerate(written):
            yield (*path, index), word
    else:
        yield path, written


def _classifier(names: Names) -> None:
    section = names.draft.value.get("identification")
    table = section.get("classifier") if isinstance(section, dict) else None
    known = [*names.classes, *names.families]
    for true, row in (table if isinstance(table, dict) else {}).items():
        here: Steps = ("identification", "classifier", true)
        names.known_key(here, known, "target class or family")
        numbers = [number for number in (row if isinstance(row, dict) else {}).values() if isinstance(number, int | float)]
        for seen in row if isinstance(row, dict) else {}:
            names.known_key((*here, seen), known, "target class or family")
        if numbers and isinstance(row, dict) and len(numbers) == len(row) and abs(sum(numbers) - 1.0) > 1e-6:
            names.draft.add(here, f"the probabilities sum to {sum(numbers):.6g}", "make them sum to 1")


def _figures(names: Names, path: Steps, table: object, prefix: str) -> None:
    for figure, value in table.items() if isinstance(table, dict) else ():
        full = prefix + str(figure)
        if not names.catalogue.has(full):
            known = [one.removeprefix(prefix) for one in names.catalogue.paths(prefix.rstrip("."))]
            near = names_like(str(figure), known)
            names.draft.add(
                (*path, figure), f'the catalogue has no figure "{full}"', near or "list them with: openiads catalogue NAME", at_key=True
            )
        elif instead := dead(full):
            names.draft.add((*path, figure), f'nothing reads the catalogue\'s figure "{full}"', instead, at_key=True)
        elif isinstance(value, int | float | str) and not isinstance(value, bool):
            try:
                names.catalogue.with_values({full: value})
            except UserError as error:
                names.draft.add(
                    (*path, figure), str(error).split("; ")[0], "; ".join(str(error).split("; ")[1:]) or "write a value in its unit"
                )


def _files(draft: Draft) -> None:
    environment = draft.value.get("environment")
    terrain = environment.get("terrain") if isinstance(environment, dict) else None
    places: list[tuple[Steps, object]] = [
        (("environment", "terrain", index), name) for index, name in enumerate(terrain if isinstance(terrain, list) else [])
    ]
    for index, group in raw_members(draft.value, "objects"):
        track = group.get("track")
        if isinstance(track, dict):
            places.append((("objects", index, "track", "file"), track.get("file")))
    for path, name in places:
        trouble = outside(draft.folder, name) if isinstance(name, str) else None
        if trouble:
            draft.add(path, *trouble)
