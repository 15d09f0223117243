"""The contradictions that the shipped catalogue keeps on purpose, because the public figures do contradict, and why."""

from openiads.catalogue.plausibility.finding import Finding

KNOWN: dict[tuple[str, str], str] = {
    ("fourth_root_law", "pantsir-s1.radars.search.points.at-0p1-m2.range"): (
        "the 10 km that are relayed for 0.1 m2 are less than the 36 km at 2 m2 imply; runs rest on the 36 km, so reach against small "
        "targets is on the generous side"
    ),
    ("fourth_root_law", "pantsir-s1.radars.tracking.points.at-0p1-m2.range"): (
        "the same for tracking: 7 km relayed, 13 km by the law; runs rest on the 28 km at 2 m2"
    ),
    ("missile_outranges_its_radar", "patriot.missiles.PAC-2 GEM/T.range_max"): (
        "the radar's range is unofficial and the missile's a spread of versions; a run is limited by what the radar sees"
    ),
    ("missile_outranges_its_radar", "s-400.missiles.40N6E.range_max"): (
        "340-400 km are recalled for the radar and 300 km were read for its predecessor; a run is limited by what the radar sees"
    ),
}


def explanation(finding: Finding) -> str | None:
    """Return why a finding is known and kept, or None for a new one."""
    return KNOWN.get((finding.rule, finding.figures[0]))
