"""The words of doctrine for what a track is believed to be, and the family that each target class leads to."""

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import TargetSpec
from openiads.errors import UserError
from openiads.model import codes

FAMILIES = 6
# Words of doctrine for believed families, beside class names.
FAMILY_WORDS = {
    "aircraft": codes.FAMILY_AIRCRAFT,
    "cruise": codes.FAMILY_LOW_FLYER,
    "low-flyer": codes.FAMILY_LOW_FLYER,
    "helicopter": codes.FAMILY_SLOW,
    "drone": codes.FAMILY_SLOW,
    "slow": codes.FAMILY_SLOW,
    "bird": codes.FAMILY_SLOW,
    "ballistic": codes.FAMILY_BALLISTIC,
    "aeroballistic": codes.FAMILY_BALLISTIC,
    "glide": codes.FAMILY_GLIDE,
    "hypersonic": codes.FAMILY_GLIDE,
    "arm": codes.FAMILY_FAST_SMALL,
    "anti-radiation": codes.FAMILY_FAST_SMALL,
    "supersonic": codes.FAMILY_FAST_SMALL,
    "rocket": codes.FAMILY_BALLISTIC,
    "bomb": codes.FAMILY_FAST_SMALL,
    "decoy": codes.FAMILY_AIRCRAFT,
    "civil": codes.FAMILY_AIRCRAFT,
    "jammer": codes.FAMILY_AIRCRAFT,
}


def family_of(spec: TargetSpec) -> int:
    """Return the believed family that a class's public kinematics lead to."""
    if spec.kind in FAMILY_WORDS:
        return FAMILY_WORDS[spec.kind]
    if spec.speed_mps.value < 90.0:
        return codes.FAMILY_SLOW
    if spec.speed_mps.value > 450.0:
        return codes.FAMILY_FAST_SMALL
    return codes.FAMILY_AIRCRAFT


def families_named(words: tuple[str, ...], catalogue: Catalogue) -> set[int]:
    """Return the families that words of doctrine mean: families by name, or classes.

    Raises
    ------
    UserError : a word that is neither.
    """
    found = set()
    for word in words:
        if word in FAMILY_WORDS:
            found.add(FAMILY_WORDS[word])
        elif word in catalogue.targets:
            found.add(family_of(catalogue.target(word)))
        else:
            raise UserError(f"doctrine: {word!r} is neither a family ({', '.join(FAMILY_WORDS)}) nor a class of the catalogue")
    return found
