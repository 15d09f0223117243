"""Everything that flies: groups become members with sampled paths, children with their parents, and turn-back alternatives."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from openiads.catalogue import Catalogue
from openiads.chance import child_key, entity_key
from openiads.earth.terrain import Terrain
from openiads.errors import UserError
from openiads.kernel import Reals
from openiads.model import codes
from openiads.model.columns import FAR_FUTURE_US, OBJECTS, Table
from openiads.model.trajectory import Trajectory
from openiads.plan.draft import filled
from openiads.plan.flights import TURN_GRID_S, alternatives, flight, left, stays_down
from openiads.plan.flyers import Flyer, flyer
from openiads.plan.sampling import sampled
from openiads.plan.scene import Aim, Parent, Scene, Turner, scene_of, spot, turner
from openiads.scenario.identity import files
from openiads.scenario.models import Scenario
from openiads.scenario.objects import Group


class Member(NamedTuple):
    """One object before it gets its row."""

    name: str
    key: int
    group: Group
    ordinal: int
    parent: str | None
    trajectory: Trajectory
    alternatives: tuple[Trajectory, ...]
    aim: Aim | None


class Flown(NamedTuple):
    """All that the paths of a raid depend on: two raids that agree in it fly alike."""

    groups: tuple[Group, ...]
    flyers: tuple[Flyer, ...]
    aims: tuple[tuple[str, Aim], ...]
    turn: Turner | None
    duration_s: float
    closes_s: float | None
    pressure_pa: float
    terrain: tuple[str, ...]


class Raid(NamedTuple):
    """Tables of objects and paths, the words behind them, and what the paths depend on."""

    objects: Table
    paths: Table
    position_ecef_m: Reals
    velocity_ecef_mps: Reals
    height_agl_m: Reals
    height_amsl_m: Reals
    members: tuple[Member, ...]
    classes: tuple[str, ...]
    notes: tuple[str, ...]  # what was found wrong with recorded tracks
    flown: Flown


def raid(scenario: Scenario, catalogue: Catalogue, aims: Mapping[str, Aim], terrain: Terrain, before: Raid | None = None) -> Raid:
    """Return the objects of a scenario, sorted by key, with their paths over the terrain on one nominal clock.

    The paths of ``before``, a raid made earlier, are taken over where all that they depend on is the same, and no file is part of it.

    Raises
    ------
    UserError : two names with one key, a child whose parent never gets where it should be released, a flight that cannot be flown.
    """
    scene = scene_of(scenario, terrain)
    flown = _flown(scene, catalogue, aims)
    if before is not None and before.flown == flown and not files(scenario):
        return before._replace(objects=_objects(scene, catalogue, before.members, before.classes))
    made: dict[str, list[Member]] = {}
    flyers = {group.name: flies for group, flies in zip(flown.groups, flown.flyers, strict=True)}
    for group in _parents_first(scenario.objects):
        made[group.name] = _members(group, flyers[group.name], scene, aims, made)
    members = tuple(sorted((member for group in made.values() for member in group), key=lambda member: member.key))
    _refuse_collisions(members)
    classes = tuple(dict.fromkeys(sorted(member.group.target_class for member in members)))
    flights = [(row, member.trajectory) for row, member in enumerate(members)]
    flights += [(row, path) for row, member in enumerate(members) for path in member.alternatives]
    objects = _objects(scene, catalogue, members, classes)
    return Raid(objects, *sampled(flights, scene.ground), members, classes, tuple(dict.fromkeys(scene.notes)), flown)


def _flown(scene: Scene, catalogue: Catalogue, aims: Mapping[str, Aim]) -> Flown:
    scenario = scene.scenario
    return Flown(
        scenario.objects,
        tuple(flyer(catalogue.target(group.target_class)) for group in scenario.objects),
        tuple(aims.items()),
        scene.turn,
        scenario.duration_s,
        scenario.civil.closes_s,
        scenario.environment.pressure_pa,
        scenario.environment.terrain,
    )


def _parents_first(groups: tuple[Group, ...]) -> list[Group]:
    waiting, done, order = list(groups), set[str](), list[Group]()
    while waiting:
        ready = [group for group in waiting if group.released_by is None or group.released_by in done]
        if not ready:
            raise UserError(f"objects.{waiting[0].name}: released_by goes in a circle; let one of these groups start by itself")
        order += ready
        done |= {group.name for group in ready}
        waiting = [group for group in waiting if group.name not in done]
    return order


def front(scenario: Scenario) -> tuple[float, float] | None:
    """The middle of where hostile flights begin: what sector radars face unless they are told otherwise. [rad]"""
    turn = turner(scenario)
    starts = []
    for group in scenario.objects:
        if group.side != "hostile":
            continue
        flown = group.ballistic or group.glide
        if flown is not None:
            starts.append(spot(flown.origin, turn))
        elif group.route and group.released_by is None:
            starts.append(spot(group.route[0].at, turn))
    if not starts:
        return None
    lat, lon = np.array(starts).T
    middle = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]).mean(axis=1)
    return math.atan2(middle[2], math.hypot(middle[0], middle[1])), math.atan2(middle[1], middle[0])


def _members(
    group: Group, flies: Flyer, scene: Scene, aims: Mapping[str, Aim], made: Mapping[str, list[Member]]
) -> list[Member]:  # fmt: skip
    members = []
    base = entity_key(group.name)
    for ordinal in range(group.count):
        name = group.name if group.count == 1 else f"{group.name}-{ordinal + 1}"
        key = base if group.count == 1 else child_key(base, ordinal)
        aim = _aim(group, ordinal, aims)
        parent = None
        if group.released_by is not None:
            parents = made[group.released_by]
            carrier = parents[ordinal % len(parents)]
            parent = Parent(carrier.name, carrier.group, carrier.trajectory)
        trajectory = flight(group, flies, scene, ordinal, aim, parent)
        if group.on_closure == "leave" and scene.scenario.civil.closes_s is not None:
            trajectory = left(group, trajectory, scene.scenario.civil.closes_s, flies, scene)
        turns = alternatives(group, flies, scene, trajectory) if group.on_engaged == "turn_back" else ()
        members.append(Member(name, key, group, ordinal, parent.name if parent else None, trajectory, turns, aim))
    return members


def _aim(group: Group, ordinal: int, aims: Mapping[str, Aim]) -> Aim | None:
    if group.aim:
        return aims[group.aim[ordinal % len(group.aim)]]
    if group.aim_at is not None:
        return Aim(codes.AIM_NONE, -1, math.radians(group.aim_at.lat_deg), math.radians(group.aim_at.lon_deg))
    return None


def _refuse_collisions(members: tuple[Member, ...]) -> None:
    for before, after in pairwise(members):
        if before.key == after.key:
            raise UserError(f"objects {before.name} and {after.name} have the same key {before.key}; rename one of them")


def _objects(scene: Scene, catalogue: Catalogue, members: tuple[Member, ...], classes: tuple[str, ...]) -> Table:
    """The rows of all members: what each is by itself, and the rows that it names in this and other tables."""
    row_of = {member.name: row for row, member in enumerate(members)}
    airways = {corridor.name: row for row, corridor in enumerate((*scene.scenario.civil.airways, *scene.scenario.civil.corridors))}
    rows, turns, jammers = list[dict[str, float]](), len(members), 0
    for row, member in enumerate(members):
        group = member.group
        follows = group.arrivals == "poisson" and member.ordinal + 1 < group.count
        named = {
            "key": member.key,
            "path": row,
            "turn_path": turns if member.alternatives else -1,
            "klass": classes.index(group.target_class),
            "parent": row_of[member.parent] if member.parent else -1,
            "next": row_of[f"{group.name}-{member.ordinal + 2}"] if follows else -1,
            "corridor": airways.get(group.airway or "", -1),
            "aim_kind": member.aim.kind if member.aim else codes.AIM_NONE,
            "aim": member.aim.row if member.aim else -1,
            "jammer": -1 if group.jammer is None else jammers,
        }
        turns += len(member.alternatives)
        jammers += group.jammer is not None
        rows.append(named | _times(member, scene.scenario) | _kind(group) | _transponder(group, catalogue))
    made = filled(OBJECTS, rows)
    inherit_shift(made)
    return made


def _times(member: Member, scenario: Scenario) -> dict[str, float]:
    group, first_s, last_s = member.group, float(member.trajectory.time_s[0]), float(member.trajectory.time_s[-1])
    start_us = round(first_s * 1e6)
    if stays_down(group, scenario, first_s):
        start_us = round((scenario.duration_s + group.start_jitter_s) * 1e6) + 1
    by_chance = group.arrivals == "poisson"
    return {
        "start_us": start_us,
        "end_us": round(last_s * 1e6),
        "jitter_us": round(group.start_jitter_s * 1e6),
        "last_us": FAR_FUTURE_US if group.last_start_s is None else round(group.last_start_s * 1e6),
        "leads": 1 if by_chance and member.ordinal == 0 else 0,
        "gap_us": round(group.spacing_s * 1e6) if by_chance else 0,
        "turn_count": len(member.alternatives),
        "turn_first_us": round(float(member.alternatives[0].time_s[0]) * 1e6) if member.alternatives else 0,
        "turn_step_us": round(TURN_GRID_S * 1e6),
        "soft_kill_us": round(0.5e6 * (first_s + last_s)),
    }


def _kind(group: Group) -> dict[str, float]:
    return {
        "group": entity_key(f"group/{group.name}"),
        "side": codes.SIDES.index(group.side),
        "duty": codes.DUTIES.index(group.duty),
        "emits": 1 if group.jammer is not None or group.duty == "jam" or group.emits else 0,
        "availability": group.availability,
        "soft_kill": group.soft_kill,
    }


def _transponder(group: Group, catalogue: Catalogue) -> dict[str, float]:
    iff = group.iff
    equipped = iff.equipped if iff is not None else group.side != "hostile"
    failure = iff.failure if iff is not None else None
    if failure is None:
        failure = catalogue.doctrine(f"identification.{'transponder_off' if group.side == 'civil' else 'iff_failure'}").value
    return {"iff": 1.0 - failure if equipped else 0.0, "iff_reply": iff.reply if iff is not None and iff.reply is not None else -1.0}


def inherit_shift(objects: Table) -> None:
    """Children start with their parent's group: one draw moves both."""
    for row in range(len(objects)):
        parent = objects["parent"][row]
        if parent >= 0:
            objects["group"][row] = objects["group"][parent]
            objects["jitter_us"][row] = objects["jitter_us"][parent]
