"""The scenario's jammers where they stand, as each radar suffers them: the levels and the antenna pattern of a battle."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openiads.catalogue import Catalogue
from openiads.earth.terrain import Terrain
from openiads.errors import UserError
from openiads.kernel import Reals, kernel
from openiads.model.columns import MASKED_DB, RADARS, Table
from openiads.model.sensing import jam_power
from openiads.plan import build, jammers
from openiads.plan.draft import Draft, filled
from openiads.plan.raid import raid
from openiads.scenario.models import Scenario

CHOICES = ("none", "scenario", "margin-0")


@dataclass(frozen=True, eq=False)
class Jams:
    """By radar row, the jammers that it suffers (n, 5), in the columns of ``sensing.gather_jammers``."""

    radars: Table
    suffered: dict[int, Reals]
    names: tuple[str, ...]

    def loss_db(self, row: int, bearing_rad: Reals, elevation_rad: Reals) -> Reals:
        """Return by how much jamming raises the noise of a radar towards (rows, ranges). [dB]"""
        out = np.zeros(elevation_rad.shape)
        if row in self.suffered:
            rise_db(self.radars, self.suffered[row], row, bearing_rad, elevation_rad, out)
        return out


@kernel
def rise_db(radars: Table, suffered: Reals, row: int, bearing_rad: Reals, elevation_rad: Reals, out: Reals) -> None:
    """Fill ``out`` (rows, ranges) with the rise of a radar's noise by jamming towards bearings (rows,) and elevations. [dB]"""
    for r in range(elevation_rad.shape[0]):
        for c in range(elevation_rad.shape[1]):
            power = jam_power(radars, suffered, row, suffered.shape[0], bearing_rad[r], elevation_rad[r, c])
            out[r, c] = 10.0 * math.log10(1.0 + power)


def jams(choice: str, scenario: Scenario, catalogue: Catalogue, draft: Draft, terrain: Terrain) -> Jams | None:
    """Return the jamming chosen, or None without any.

    Each jammer stands where it is half-way through the time in which it radiates and the radar sees it.

    Raises
    ------
    UserError : an unknown choice, or a scenario without jammers.
    """
    if choice not in CHOICES:
        raise UserError(f"--jamming {choice}: choose one of {', '.join(CHOICES)}")
    if choice == "none":
        return None
    raiders = raid(scenario, catalogue, build.aims(scenario, draft), terrain)
    found = jammers.jam_table(raiders, draft.sensors, (raiders.height_agl_m, raiders.height_amsl_m), scenario, catalogue)
    if not found.objects.size:
        raise UserError(f"--jamming {choice}: {scenario.name} has no jammer: give an object the duty jam, or leave --jamming out")
    radars = filled(RADARS, draft.radars)
    suffered = {}
    for row in range(len(draft.sensors)):
        rows = [_stand(found, row, int(raiders.objects["path"][carrier])) for carrier in found.objects]
        margin_db = 0.0 if choice == "margin-0" else float(radars["margin_db"][row])
        side = 10.0 ** (float(radars["sidelobe_db"][row]) / 10.0)
        kept = []
        for j, (level, bearing, elevation) in enumerate(filter(None, rows)):
            power = 10.0 ** ((level - margin_db) / 10.0)
            kept.append((power, bearing, elevation, j, power * side))
        if kept:
            suffered[row] = np.array(kept)
    return Jams(radars, suffered, tuple(raiders.members[int(carrier)].name for carrier in found.objects))


def _stand(found: jammers.Jams, row: int, path: int) -> tuple[float, float, float] | None:
    """Level [dB], bearing and elevation [rad] of a jammer half-way through the time in which a radar suffers it."""
    block = found.blocks[row, path]
    if block < 0:
        return None
    first, count = int(found.rows["offset"][block]), int(found.rows["count"][block])
    looks = found.looks[first : first + count]
    on = np.flatnonzero(looks["snr_db"] > MASKED_DB)
    if not on.size:
        return None
    middle = looks[int(on[on.size // 2])]
    return float(middle["snr_db"]), float(middle["bearing_rad"]), float(middle["elevation_rad"])


def words(choice: str, made: Jams | None, silent: Sequence[str]) -> str:
    """Return what every figure says about jamming."""
    if made is None:
        off = f" (of the scenario, {', '.join(silent)} would: --jamming scenario)" if silent else ""
        return f"nobody jams{off}"
    margin = "without the radars' jamming margins" if choice == "margin-0" else "with the radars' jamming margins of the catalogue"
    return f"jamming by {', '.join(made.names)} from the middle of their stations, {margin}; strobes are not used"
