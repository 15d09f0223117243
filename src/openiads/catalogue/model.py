"""The catalogue as a value: figures by dotted path, systems and target classes by name, typed views in SI units."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from openiads.catalogue import views
from openiads.catalogue.figure import CatalogueError, Figure, Spread, in_own_unit
from openiads.catalogue.specs import FeedSpec, FireUnitSpec, GunSpec, JammerSpec, MissileSpec, RadarSpec, TargetSpec
from openiads.errors import UserError, names_like

Text = str | bool | tuple[str, ...]

OVERRIDE = "override"  # the source of a value that a scenario or user set for one run
_CLAIMED = {"cruise": "cruise_missile", "arm": "cruise_missile", "ballistic": "ballistic", "aeroballistic": "ballistic"}
_DEFAULTS = {"radars": "radar", "missiles": "missile", "launchers": "launcher"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from; ``checked`` says whether the source was read."""

    key: str
    title: str
    url: str | None
    year: int
    kind: str
    checked: bool
    reliability: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """One air-defence system: names only, its figures are in the catalogue under ``key``."""

    key: str
    name: str
    fire_unit: str  # battalion | battery | vehicle | none
    radars: tuple[str, ...]
    missiles: tuple[str, ...]
    guns: tuple[str, ...]
    launcher: str | None
    command_post: str | None
    no_public_figure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetClass:
    """One class of airborne object: names only, its figures are in the catalogue under ``targets.`` and ``key``."""

    key: str
    name: str
    kind: str
    crewed: bool
    manoeuvring: bool


@dataclass(frozen=True, eq=False, repr=False)
class Catalogue:
    """Every figure with its provenance, and typed views of them.

    ``figures`` and ``texts`` are keyed by dotted path, such as ``s-400.radars.92N6E.simultaneous_targets``. A radar,
    missile, launcher or target class that lacks a figure takes the shared one under ``defaults``.
    """

    figures: Mapping[str, Figure]
    texts: Mapping[str, Text]
    sources: Mapping[str, Source]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical content: figures, texts and sources, in path order."""
        figures = {path: figure.row() for path, figure in self.figures.items()}
        sources = {key: [s.title, s.url, s.year, s.kind, s.checked, s.reliability, s.note] for key, s in self.sources.items()}
        whole = json.dumps([figures, dict(self.texts), sources], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(whole.encode()).hexdigest()

    @cached_property
    def systems(self) -> Mapping[str, System]:
        """Systems by id, in file order; ``generic-sensors`` is a pseudo-system of sensors without weapons."""
        keys = [path.removesuffix(".fire_unit") for path in self.texts if path.endswith(".fire_unit")]
        return {key: self._system(key) for key in keys}

    @cached_property
    def targets(self) -> Mapping[str, TargetClass]:
        """Target classes by id, in file order."""
        return {key: self._target_class(key) for key in self.names("targets")}

    def paths(self, prefix: str = "") -> tuple[str, ...]:
        """Return the paths of all stored figures, or of those below a dotted prefix."""
        return tuple(path for path in self.figures if not prefix or path.startswith(prefix + "."))

    def names(self, prefix: str) -> tuple[str, ...]:
        """Return the names one level below a dotted prefix, in file order."""
        return self._names.get(prefix, ())

    def stored_path(self, path: str) -> str:
        """Return the path under which a figure is stored: its own, or that of the shared default it takes.

        Raises
        ------
        CatalogueError : there is no such figure; the message suggests the nearest path.
        """
        if path in self.figures:
            return path
        shared = self._shared_path(path)
        if shared in self.figures:
            return shared
        advice = names_like(path, list(self.figures)) or "list them with: openiads catalogue NAME"
        raise CatalogueError(f"catalogue: there is no figure {path!r}; {advice}")

    def figure(self, path: str) -> Figure:
        """Return the figure at a dotted path, its own or the shared default."""
        return self.figures[self.stored_path(path)]

    def has(self, path: str) -> bool:
        """Whether there is a figure at a path, its own or a shared default."""
        return path in self.figures or self._shared_path(path) in self.figures

    def text(self, path: str) -> str:
        """Return a word such as a radar's band."""
        found = self.texts.get(path)
        if not isinstance(found, str):
            raise CatalogueError(f"catalogue: there is no text {path!r}")
        return found

    def with_values(self, values: Mapping[str, float | str]) -> "Catalogue":
        """Return a catalogue in which some figures have other values, without spread.

        Parameters
        ----------
        values : path -> a number in the figure's own unit, or text with a unit such as ``"350 km"``.

        Raises
        ------
        UserError : an unknown path, a unit of another kind, a number that is not finite or out of its range.
        """
        figures = dict(self.figures)
        for path, wanted in values.items():
            old = self.figure(path)
            value = in_own_unit(wanted, old, path)
            note = f"set for this run; the catalogue has {old.value:g} {old.unit}"
            figures[path] = replace(
                old, value=value, low=value, high=value, basis="judgement", sources=(OVERRIDE,), checked=False, note=note
            )
        return Catalogue(figures, self.texts, self.sources)

    def radar(self, system: str, name: str) -> RadarSpec:
        """Return a radar of a system in SI units."""
        return views.radar(self, self._member(system, "radars", name), name)

    def missile(self, system: str, name: str) -> MissileSpec:
        """Return a missile of a system in SI units."""
        return views.missile(self, self._member(system, "missiles", name), name)

    def gun(self, system: str, name: str) -> GunSpec:
        """Return a gun of a system in SI units."""
        return views.gun(self, self._member(system, "guns", name), name)

    def fire_unit(self, system: str) -> FireUnitSpec:
        """Return a system's fire unit as organised, with its default load."""
        return views.fire_unit(self, self.systems[self._known(system, list(self.systems), "system")])

    def target(self, name: str) -> TargetSpec:
        """Return a target class in SI units."""
        return views.target(self, self._known(name, list(self.targets), "target class"))

    def jammer(self, name: str) -> JammerSpec:
        """Return the jamming of a target class that carries a jammer."""
        jammers = [key for key in self.targets if f"targets.{key}.jamming.radar" in self.texts]
        return views.jammer(self, self._known(name, jammers, "jammer class"))

    def feed(self, picture: str) -> FeedSpec:
        """Return an external air picture, such as ``national``."""
        return views.feed(self, self._known(picture, list(self.names("pictures")), "air picture"))

    def doctrine(self, name: str) -> Spread:
        """Return a judged figure of doctrine, such as ``chance.salvo_correlation``, in SI units."""
        path = f"doctrine.{name}"
        if path not in self.figures:
            self._known(name, [known.removeprefix("doctrine.") for known in self.paths("doctrine")], "doctrine figure")
        return self.figures[path].spread

    def claimed_pk(self, system: str, target_class: str) -> Spread | None:
        """Return the kill probability that makers claim for a system against a class, or None where none is published."""
        kind = self.target(target_class).kind
        word = _CLAIMED.get(kind, "aircraft")
        for path in (f"{system}.effectiveness.pk_claimed_{word}", f"{system}.effectiveness.pk_claimed"):
            if path in self.figures:
                return self.figures[path].spread
        return None

    @cached_property
    def _names(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for path in (*self.texts, *self.figures):
            words = path.split(".")
            for depth in range(1, len(words)):
                found.setdefault(".".join(words[:depth]), {})[words[depth]] = None
        return {prefix: tuple(names) for prefix, names in found.items()}

    def _shared_path(self, path: str) -> str:
        words = path.split(".")
        if words[0] == "targets":
            return ".".join(["defaults", "target", *words[2:]])
        if len(words) > 3 and words[1] in _DEFAULTS:
            return ".".join(["defaults", _DEFAULTS[words[1]], *words[3:]])
        if len(words) > 2 and words[1] == "timing":
            return ".".join(["defaults", *words[1:]])
        return ""

    def _known(self, name: str, known: list[str], what: str) -> str:
        if name in known:
            return name
        advice = names_like(name, known) or "known: " + ", ".join(known)
        raise UserError(f"catalogue: there is no {what} {name!r}; {advice}")

    def _member(self, system: str, kind: str, name: str) -> str:
        self._known(system, list(self.systems), "system")
        self._known(name, list(self.names(f"{system}.{kind}")), f"{kind.removesuffix('s')} of {system}")
        return f"{system}.{kind}.{name}"

    def _system(self, key: str) -> System:
        lacking = self.texts.get(f"{key}.no_public_figure", ())
        posts, launchers = self.names(f"{key}.command_post"), self.names(f"{key}.launchers")
        return System(
            key=key,
            name=self.text(f"{key}.name"),
            fire_unit=self.text(f"{key}.fire_unit"),
            radars=self.names(f"{key}.radars"),
            missiles=self.names(f"{key}.missiles"),
            guns=self.names(f"{key}.guns"),
            launcher=launchers[0] if launchers else None,
            command_post=posts[0] if posts else None,
            no_public_figure=lacking if isinstance(lacking, tuple) else (),
        )

    def _target_class(self, key: str) -> TargetClass:
        base = f"targets.{key}"
        flags = [bool(self.texts.get(f"{base}.{word}")) for word in ("crewed", "manoeuvring")]
        return TargetClass(key, self.text(f"{base}.name"), self.text(f"{base}.kind"), flags[0], flags[1])
