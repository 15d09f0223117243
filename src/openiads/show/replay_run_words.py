"""The words behind the rows of a plan, as a replay uses them."""

from __future__ import annotations

from collections.abc import Mapping

from openiads.model import codes
from openiads.plan import Planned
from openiads.show.replay_input import Kind, Label, Side

SIDES: tuple[Side, ...] = ("hostile", "civil", "friend")
LABELS: tuple[Label, ...] = ("unknown", "hostile", "neutral", "friend")
FAMILY_KINDS: tuple[Kind, ...] = ("aircraft", "cruise", "drone", "ballistic", "glide", "arm")
_CLASS_KINDS: Mapping[str, Kind] = {
    "bomber": "bomber",
    "low-observable-bomber": "bomber",
    "low-observable-fighter": "fighter",
    "tactical-aircraft": "fighter",
    "friendly-fighter": "fighter",
    "escort-jammer": "jammer",
    "standoff-jammer": "jammer",
    "early-warning-aircraft": "early_warning",
    "tanker-aircraft": "tanker",
}
_SPEC_KINDS: Mapping[str, Kind] = {
    "aircraft": "aircraft",
    "cruise": "cruise",
    "drone": "drone",
    "ballistic": "ballistic",
    "aeroballistic": "ballistic",
    "glide": "glide",
    "arm": "arm",
    "civil": "airliner",
    "bird": "bird",
    "decoy": "decoy",
    "bomb": "bomb",
    "helicopter": "helicopter",
}
_ANSWERS = ("", "no reply", "friendly reply", "civil reply", "foreign military reply")
_PIECES = (  # in the order of the kinds of evidence
    "reply",
    "speed and height",
    "airway or lane",
    "flight plan",
    "origin",
    "emissions",
    "reported position",
    "another post",
    "hostile act",
)


class Words:
    """Names by row; a row below zero is nobody and has an empty name."""

    def __init__(self, planned: Planned) -> None:
        self.planned, self.names = planned, planned.names

    def object(self, row: int) -> str:
        """Name of what flies."""
        return self.names.objects[row] if row >= 0 else ""

    def unit(self, row: int) -> str:
        """Site of a fire unit."""
        return self.names.units[row] if row >= 0 else ""

    def decider(self, row: int) -> str:
        """Site that decides, and so of its picture."""
        return self.names.deciders[row] if row >= 0 else ""

    def radar(self, row: int) -> tuple[str, str]:
        """Site and name of a radar; an external feed belongs to no site."""
        if row < 0:
            return "", ""
        whole = self.names.radars[row]
        sites = [site for site in self.names.sites if whole == site or whole.startswith(f"{site}/")]
        if not sites:
            return "", whole
        site = max(sites, key=len)
        return site, whole.removeprefix(f"{site}/")

    def asset(self, row: int) -> str:
        """Name of what is defended."""
        return self.names.assets[row] if row >= 0 else ""

    def weapon(self, row: int) -> str:
        """Name of a missile or gun type."""
        return self.names.weapons[row] if row >= 0 else ""

    def is_gun(self, row: int) -> bool:
        """Whether a weapon is a gun."""
        return bool(self.planned.plan.arms.weapons["kind"][row] == codes.WEAPON_GUN)

    def aim(self, row: int) -> str:
        """Name of what an object is aimed at."""
        objects = self.planned.plan.sky.objects
        kind, aim = int(objects["aim_kind"][row]), int(objects["aim"][row])
        if kind == codes.AIM_ASSET:
            return self.asset(aim)
        if kind == codes.AIM_RADAR:
            return self.names.radars[aim]
        return {codes.AIM_UNIT: self.unit, codes.AIM_POST: self.decider}.get(kind, lambda _: "")(aim)

    def class_of(self, row: int) -> str:
        """Class of an object."""
        return self.planned.raid.members[row].group.target_class

    def kind(self, row: int) -> Kind:
        """What sort of symbol stands for an object."""
        name = self.class_of(row)
        return _CLASS_KINDS.get(name) or _SPEC_KINDS.get(self.planned.catalogue.target(name).kind, "unknown")

    def side(self, row: int) -> Side:
        """Whose an object is."""
        return SIDES[int(self.planned.plan.sky.objects["side"][row])]


def evidence(extra: int) -> str:
    """What a label rests on, as keys of the viewer's words joined by semicolons."""
    pieces, answer = divmod(extra, 16)
    found = [_ANSWERS[answer]] if 0 < answer < len(_ANSWERS) else []
    found += [word for bit, word in enumerate(_PIECES) if bit > 0 and pieces >> bit & 1]
    return "; ".join(found)
