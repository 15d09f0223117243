"""The names that a scenario declares and that the catalogue offers."""

from collections.abc import Mapping
from typing import Any

from openiads.catalogue import Catalogue
from openiads.errors import names_like
from openiads.scenario.draft import Draft, Steps
from openiads.scenario.translate import raw_members
from openiads.strict_yaml import Real

FAMILIES = ("aircraft", "cruise", "drone", "ballistic", "aeroballistic", "glide", "arm", "decoy", "bomb", "civil", "bird")


def text(value: object) -> str | None:
    """Return a plain value as a name, or None when it is none (what that means is said elsewhere)."""
    if isinstance(value, Real):
        return value.written
    return value if isinstance(value, str) else None


class Names:
    """The names that a draft declares and that the catalogue offers."""

    def __init__(self, draft: Draft, catalogue: Catalogue) -> None:
        self.draft = draft
        self.catalogue = catalogue
        self.assets = self._declared("assets")
        self.objects = self._declared("objects")
        self.sites = self._declared("sites")
        self.system_of = {
            name: text(site.get("system")) or "" for _, site in raw_members(draft.value, "sites") for name in site_names(site)
        }
        self.sites = list(self.system_of)
        self.classes = list(catalogue.targets)
        self.families = sorted({found.kind for found in catalogue.targets.values()} | set(FAMILIES))
        self.site_radars = [
            f"{name}/{radar}"
            for _, site in raw_members(draft.value, "sites")
            for name in site_names(site)
            for radar in self.radars_of(site)
        ]
        self.catalogue_radars = [f"{key}/{radar}" for key, system in catalogue.systems.items() for radar in system.radars]
        self.lanes = [name for key in ("airways", "corridors") for name in self._lanes(key)]

    def _declared(self, key: str) -> list[str]:
        return [name for _, member in raw_members(self.draft.value, key) if (name := text(member.get("name")))]

    def _lanes(self, key: str) -> list[str]:
        civil = self.draft.value.get("civil")
        return [name for _, lane in raw_members(civil if isinstance(civil, dict) else {}, key) if (name := text(lane.get("name")))]

    def radars_of(self, site: Mapping[str, Any]) -> list[str]:
        """Return the names of a site's radars as written, or those of its system."""
        written = site.get("radars")
        if isinstance(written, list):
            return [name for radar in written if (name := text(radar.get("name") if isinstance(radar, dict) else radar))]
        system = self.catalogue.systems.get(text(site.get("system")) or "")
        return list(system.radars) if system else []

    def known(self, path: Steps, name: object, known: list[str], what: str, advice: str = "", *, at_key: bool = False) -> None:
        """Note a problem when a name at a path is not among the known ones."""
        word = text(name)
        if word is not None and word not in known:
            near = names_like(word, known) or advice or (f"known: {', '.join(known[:20])}" if known else "none is declared")
            self.draft.add(path, f'there is no {what} "{word}"', near, at_key=at_key)

    def known_key(self, path: Steps, known: list[str], what: str, advice: str = "") -> None:
        """Note a problem when the key at the end of a path is not among the known names."""
        self.known(path, path[-1], known, what, advice, at_key=True)


def site_names(site: Mapping[str, Any]) -> list[str]:
    """Return the name of a site, and of each member of its ring."""
    name, ring = text(site.get("name")), site.get("ring")
    if not name:
        return []
    count = ring.get("count") if isinstance(ring, dict) else None
    return [name, *(f"{name}-{number}" for number in range(1, count + 1))] if isinstance(count, int) and 0 < count <= 1000 else [name]
