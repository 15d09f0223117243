"""Which symbol stands for what: 20-digit codes of MIL-STD-2525D and APP-6(D), with the identity left to be filled in."""

from __future__ import annotations

from openiads.show.replay_input import Kind, Label, SiteView

IDENTITY_DIGIT: dict[Label, str] = {
    "pending": "0",
    "unknown": "1",
    "assumed_friend": "2",
    "friend": "3",
    "neutral": "4",
    "suspect": "5",
    "hostile": "6",
}
SIDE_LABEL: dict[str, Label] = {"hostile": "hostile", "friend": "friend", "civil": "neutral"}

_AIR, _MISSILE = "01", "02"
_ENTITY: dict[Kind, tuple[str, str, str]] = {
    "aircraft": (_AIR, "110100", "0000"),
    "fighter": (_AIR, "110104", "0000"),
    "bomber": (_AIR, "110103", "0000"),
    "jammer": (_AIR, "110108", "0000"),
    "helicopter": (_AIR, "110200", "0000"),
    "early_warning": (_AIR, "110116", "0000"),
    "tanker": (_AIR, "110109", "0000"),
    "airliner": (_AIR, "120100", "0000"),
    "drone": (_AIR, "110300", "0000"),
    "bomb": (_AIR, "130100", "0000"),
    "decoy": (_AIR, "130200", "0000"),
    "cruise": (_MISSILE, "110000", "0702"),
    "ballistic": (_MISSILE, "110000", "0612"),
    "glide": (_MISSILE, "110000", "0900"),
    "arm": (_MISSILE, "110000", "0102"),
    "bird": (_AIR, "000000", "0000"),
    "unknown": (_AIR, "000000", "0000"),
}


def moving(kind: Kind, label: Label) -> str:
    """Code of an object in the air taken for `label`."""
    symbol_set, entity, modifiers = _ENTITY[kind]
    return f"100{IDENTITY_DIGIT[label]}{symbol_set}0000{entity}{modifiers}"


def site(view: SiteView) -> str:
    """Code of a fire unit, a radar or a command post of the defence."""
    if view.role == "radar":
        return "10031500002203000000"
    if view.role == "command":
        return "10031002001301000000"
    return "10031000001301020000" if not view.short_range else "10031000001301010000"


ASSET = "10032000001100000000"
