"""A fire unit's weapons and launchers as rows: what each can reach, and how the load is spread over the launchers."""

import math

from openiads.catalogue import Catalogue
from openiads.catalogue.specs import FireUnitSpec, GunSpec, MissileSpec
from openiads.chance import entity_key
from openiads.errors import UserError
from openiads.model import codes
from openiads.model.columns import SLOTS
from openiads.plan.draft import Draft
from openiads.plan.flight_times import flight_step_m, missile_flight_s, shell_flight_s
from openiads.scenario.sites import Site


def add_weapons(draft: Draft, site: Site, spec: FireUnitSpec, catalogue: Catalogue, unit: int) -> None:
    """Add the weapons that a unit is loaded with, its guns last.

    Raises
    ------
    UserError : more types of weapon than one unit can mix.
    """
    load = dict(site.load) if site.load is not None else dict(spec.default_load)
    kinds: list[tuple[str, MissileSpec | GunSpec, int]] = [
        (name, catalogue.missile(site.system, name), rounds) for name, rounds in load.items() if rounds > 0
    ]
    kinds += [(name, gun := catalogue.gun(site.system, name), int(gun.ready_rounds / (gun.rate_rps * gun.burst_s))) for name in spec.guns]
    if len(kinds) > SLOTS:
        raise UserError(f"sites.{site.name}: {len(kinds)} weapon types on one unit; at most {SLOTS} can be mixed")
    for slot, (name, weapon, rounds) in enumerate(kinds):
        held = {"key": entity_key(f"{site.name}/{name}"), "unit": unit, "slot": slot, "loaded": rounds}
        draft.weapons.append(held | _any_weapon(weapon) | (_gun(weapon) if isinstance(weapon, GunSpec) else _missile(weapon)))
        draft.flights.append(shell_flight_s(weapon) if isinstance(weapon, GunSpec) else missile_flight_s(weapon))
        draft.weapon_names.append(name)
        draft.weapon_specs.append(weapon)


def _any_weapon(weapon: MissileSpec | GunSpec) -> dict[str, float]:
    return {
        "range_min_m": weapon.range_min_m,
        "range_max_m": weapon.range_max_m,
        "target_speed_max_mps": weapon.max_target_speed_mps,
        "layer_range_max_m": 1e7,
        "layer_height_min_m": -1e4,
        "layer_height_max_m": 1e7,
        "layer_families": 0x3F,
        "prefer": -weapon.range_max_m / 1e6,
        "flight_step_m": flight_step_m(weapon.range_max_m),
    }


def _gun(gun: GunSpec) -> dict[str, float]:
    return {
        "kind": codes.WEAPON_GUN,
        "crossing_share": 1.0,
        "receding_share": 1.0,
        "elevation_max_rad": 0.5 * math.pi,
        "height_min_m": -50.0,
        "height_max_m": gun.altitude_max_m,
        "rounds_per_shot": round(gun.rate_rps * gun.burst_s),
        "reliability": 1.0,
        "gun_near_pk": gun.pk_burst_near,
        "gun_far_pk": gun.pk_burst_far,
    }


def _missile(missile: MissileSpec) -> dict[str, float]:
    return {
        "kind": codes.WEAPON_MISSILE,
        "crossing_share": missile.range_share_crossing,
        "receding_share": missile.range_share_receding,
        "elevation_max_rad": missile.elevation_max_rad,
        "height_min_m": missile.altitude_min_m,
        "height_max_m": missile.altitude_max_m,
        "ballistic_range_m": missile.range_max_ballistic_m,
        "ballistic_height_min_m": missile.altitude_min_ballistic_m,
        "ballistic_height_max_m": missile.altitude_max_ballistic_m,
        "rounds_per_shot": 1,
        "handover_us": round(missile.handover_s * 1e6) if missile.support == "until_handover" else 0,
        "reliability": missile.reliability,
    }


def add_launchers(draft: Draft, site: Site, spec: FireUnitSpec, catalogue: Catalogue, unit: int, weapons: list[dict[str, float]]) -> None:
    """Add a unit's launchers with their share of the load of its weapons."""
    count = max(site.launchers if site.launchers is not None else max(spec.launchers, 1), 1)
    availability = site.availability if site.availability is not None else spec.availability_launcher
    for number, load in enumerate(_spread(weapons, count)):
        name = f"{site.name}/launcher-{number + 1}"
        draft.launcher_names.append(name)
        draft.rounds.append(load)
        draft.launchers.append(
            {
                "key": entity_key(name),
                "unit": unit,
                "reload_us": round(spec.reload_s * 1e6),
                "reloads": site.reloads,
                "availability": availability,
                "hits_to_stop": round(catalogue.doctrine("damage.hits_to_stop_launcher").value),
            }
        )


def _spread(weapons: list[dict[str, float]], count: int) -> list[list[int]]:
    """Rounds by launcher and slot: each type on as many as it needs, a launcher's tubes filled before the next; guns on the first."""
    missiles = [slot for slot, weapon in enumerate(weapons) if weapon["kind"] == codes.WEAPON_MISSILE]
    tubes = [slot for slot in missiles for _ in range(int(weapons[slot]["loaded"]))]
    per = max(1, -(-len(tubes) // count))
    rounds = [[0] * SLOTS for _ in range(count)]
    for tube, slot in enumerate(tubes):
        rounds[tube // per][slot] += 1
    for slot, weapon in enumerate(weapons):
        if weapon["kind"] == codes.WEAPON_GUN:
            rounds[0][slot] = int(weapon["loaded"])
    return rounds
