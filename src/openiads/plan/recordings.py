"""The recorded track of a group: found in its file, cut to the part that is wanted, and freed of what cannot have been flown."""

import math

from openiads.errors import UserError
from openiads.model import faults, imported
from openiads.plan.scene import Scene
from openiads.scenario.models import Scenario
from openiads.scenario.objects import Group


def said_by(group: Group, scenario: Scenario) -> imported.Recording:
    """Return what a group's recorded track says of itself, jumps and frozen positions as they are."""
    asked = group.track
    if asked is None or scenario.folder is None:
        raise UserError(f"objects.{group.name}.track: there is no recorded track to report positions of")
    known = imported.read(scenario.folder / asked.file)
    chosen = next(one for one in known if asked.flight in (None, one.name, one.callsign))
    return faults.between(chosen, asked.from_s, asked.to_s if asked.to_s is not None else math.inf)


def recording_of(group: Group, scene: Scene) -> imported.Recording:
    """Return the recorded track of a group; what is wrong with it goes to the notes.

    Raises
    ------
    UserError : no folder or file, no such flight in it, or jumps where the scenario does not say what they are.
    """
    asked = group.track
    assert asked is not None  # noqa: S101 - the caller has looked
    where = f"objects.{group.name}.track"
    if scene.scenario.folder is None:
        raise UserError(f"{where}: a scenario that is not read from a file has no folder to look for {asked.file} in")
    if asked.file not in scene.recordings:
        scene.recordings[asked.file] = imported.read(scene.scenario.folder / asked.file)
    known = scene.recordings[asked.file]
    chosen = [one for one in known if asked.flight in (None, one.name, one.callsign)]
    if len(chosen) != 1:
        names = ", ".join(f"{one.name} ({one.callsign})" if one.callsign else one.name for one in known[:8])
        found = "no flight is called so" if not chosen else f"{len(chosen)} flights fit"
        raise UserError(f"{where}: {asked.file}, flight {asked.flight or 'not stated'}: {found}; state flight as one of {names}")
    part = faults.between(chosen[0], asked.from_s, asked.to_s if asked.to_s is not None else math.inf)
    wrong = faults.faults(part)
    first_s = float(part.time_s[0])
    part = faults.without_frozen(part)
    jumps = [fault for fault in faults.faults(part) if fault.kind == "jump"]
    if jumps and asked.jumps == "refuse":
        raise UserError(
            f"{where}: {asked.file}: {jumps[0].detail} {jumps[0].start_s - first_s:.0f} s into the flight: state jumps: reported "
            "(only what the aircraft said was wrong) or jumps: flown (it was there), or leave that part out with from and to"
        )
    scene.notes.extend(f"{asked.file}, {part.name}: {fault.kind} at {fault.start_s - first_s:.0f} s: {fault.detail}" for fault in wrong)
    return faults.without_jumps(part) if jumps and asked.jumps == "reported" else part
