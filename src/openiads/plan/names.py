"""The words behind a plan's indices: what results and pictures print, and nothing a battle reads."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """Names by row of each of the plan's tables."""

    objects: tuple[str, ...]
    groups: tuple[str, ...]  # by object
    classes: tuple[str, ...]
    radars: tuple[str, ...]
    radar_types: tuple[str, ...]
    units: tuple[str, ...]
    systems: tuple[str, ...]  # by the units' system index
    weapons: tuple[str, ...]
    launchers: tuple[str, ...]
    deciders: tuple[str, ...]
    assets: tuple[str, ...]
    sites: tuple[str, ...]
