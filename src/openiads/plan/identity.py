"""What the pictures know for identification: filed plans, reported positions, classifiers, and the doctrine of belief."""

import math

import numpy as np

from openiads.catalogue import Catalogue
from openiads.earth import atmosphere, geodesy
from openiads.kernel import Reals
from openiads.model import recorded
from openiads.model.columns import FAR_FUTURE_US, FLIGHTS, Table, table
from openiads.model.evidence import KINDS
from openiads.model.imported import Recording
from openiads.plan.families import FAMILIES, families_named, family_of
from openiads.plan.hierarchy import given
from openiads.plan.raid import Member, Raid
from openiads.plan.recordings import said_by
from openiads.scenario.models import Scenario
from openiads.scenario.objects import Group, Offset


def evidence_row(scenario: Scenario, catalogue: Catalogue, centre: tuple[float, float]) -> dict[str, float]:
    """Return the columns of doctrine that evidence and belief need; ``centre`` is that of the scenario [rad]."""
    rules, found = scenario.doctrine.identification, scenario.identification
    defence = rules.self_defence
    families = (1 << FAMILIES) - 1
    if defence is not None and defence.classes is not None:
        families = sum(1 << family for family in families_named(defence.classes, catalogue))
    row: dict[str, float] = {
        "iff_reply": given(found.iff_reply, catalogue, "identification.iff_reply"),
        "military": 1 if found.interrogation == "military" else 0,
        "iff_swap": given(found.iff_swap, catalogue, "identification.iff_swap"),
        "iff_swap_m": found.iff_swap_range_m,
        "defends": 0 if defence is None else 1,
        "defence_m": 0.0 if defence is None else defence.range_m or 0.0,
        "defence_s": 0.0 if defence is None else defence.time_s or 0.0,
        "defence_families": families,
        "required": sum(1 << KINDS.index(kind) for kind in set(rules.required_evidence)),
        "review_us": round(given(rules.review_s, catalogue, "identification.review") * 1e6),
        "plan_missing": given(found.plan_missing, catalogue, "identification.flight_plan_missing"),
        "report_loss": -1.0 if found.report_loss is None else found.report_loss,
        "report_us": round(found.report_delay_s * 1e6),
        "emissions": found.emissions,
        "origin_cos": -2.0,
    }
    if rules.threat_sector is not None:
        frame = geodesy.frame(*centre, 0.0)
        bearing = rules.threat_sector.bearing_rad
        along = math.sin(bearing) * frame.axes[0] + math.cos(bearing) * frame.axes[1]
        row["origin_cos"] = math.cos(min(rules.threat_sector.half_width_rad, math.pi))
        for n, axis in enumerate("xyz"):
            row[f"origin_{axis}_m"], row[f"origin_along_{axis}"] = float(frame.origin_ecef_m[n]), float(along[n])
    return row


def classifier(scenario: Scenario, catalogue: Catalogue, classes: tuple[str, ...]) -> Reals:
    """Return the cumulative chance of each reported family by class (classes, families); zeros where no table speaks of a class.

    A row for the class itself goes before one for its family.
    """
    rows = scenario.identification.classifier
    made = np.zeros((len(classes), FAMILIES))
    for k, name in enumerate(classes):
        chosen = rows.get(name)
        for word, row in rows.items() if chosen is None else ():
            if word not in catalogue.targets and family_of(catalogue.target(name)) in families_named((word,), catalogue):
                chosen = row
                break
        for word, share in (chosen or {}).items():
            made[k, min(families_named((word,), catalogue))] += share
    return np.cumsum(made, axis=1)


def flights(scenario: Scenario, raiders: Raid) -> tuple[Table, Reals]:
    """Return the flights that file plans or report positions, and the samples of positions reported by recordings."""
    wanted = scenario.identification
    rows: list[dict[str, float]] = []
    reported: list[Reals] = []
    for i, member in enumerate(raiders.members):
        group = member.group
        filed = wanted.flight_plans and group.flight_plan and group.side != "hostile"
        reports = wanted.cooperative and _reports(group)
        if not filed and not reports:
            continue
        row: dict[str, float] = {
            "object": i,
            "filed": int(filed),
            "reports": int(reports),
            "from_us": FAR_FUTURE_US,
            "to_us": FAR_FUTURE_US,
        }
        if group.reported_offset is not None:
            row |= _offset(group.reported_offset, member)
        if reports and group.track is not None and group.track.jumps == "reported":
            told = reported_ecef_m(said_by(group, scenario), scenario.environment.pressure_pa)
            row |= {"first": sum(len(one) for one in reported), "count": len(told)}
            row |= {"start_us": round(float(member.trajectory.time_s[0]) * 1e6), "step_us": 1_000_000}
            reported.append(told)
        rows.append(row)
    made = table(FLIGHTS, len(rows))
    for n, row in enumerate(rows):
        for name, value in row.items():
            made[name][n] = value
    return made, np.concatenate([*reported, np.zeros((0, 3))])


def _reports(group: Group) -> bool:
    """Civil flights say where they are; others only where the scenario says what they report."""
    told = group.reported_offset is not None or (group.track is not None and group.track.jumps == "reported")
    equipped = group.iff.equipped if group.iff is not None else group.side != "hostile"
    return told or (group.side == "civil" and equipped)


def _offset(offset: Offset, member: Member) -> dict[str, float]:
    path = member.trajectory
    frame = geodesy.frame(float(path.lat_rad[0]), float(path.lon_rad[0]), 0.0)
    moved = offset.east_m * frame.axes[0] + offset.north_m * frame.axes[1] + offset.up_m * frame.axes[2]
    ends = FAR_FUTURE_US if offset.to_s is None else round(offset.to_s * 1e6)
    return {
        "dx_m": float(moved[0]), "dy_m": float(moved[1]), "dz_m": float(moved[2]), "from_us": round(offset.from_s * 1e6), "to_us": ends,
    }  # fmt: skip


def reported_ecef_m(said: Recording, qnh_pa: float) -> Reals:
    """Return where a recording says that its flight is, each second from its first report (seconds, 3)."""
    at_s = np.arange(0.0, said.time_s[-1] - said.time_s[0] + 1.0)
    lat, lon, altitude_m = recorded.reported(said, 0.0, at_s)
    known = np.isfinite(altitude_m)
    altitude_m = np.interp(at_s, at_s[known], altitude_m[known]) if known.any() else np.zeros(len(at_s))
    if said.is_pressure:
        altitude_m = atmosphere.amsl_from_pressure_altitude_m(altitude_m, qnh_pa)
    return np.ascontiguousarray(geodesy.to_ecef(lat, lon, altitude_m))
