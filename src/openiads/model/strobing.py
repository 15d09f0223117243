"""Strobes in a battle: while jamming hides looks a radar knows the bearings of the jammers that it sees; two radars apart cross theirs.

A strobe is no detection and starts no track, so nothing is fired at it.  Its beginning and its end are events, and where it meets
strobes of other radars that report to the same picture, so are the crossings, true ones and ghosts alike.
"""

import math

from openiads import chance
from openiads.kernel import Reals, inner_kernel
from openiads.model import codes
from openiads.model.agenda import note, put
from openiads.model.columns import Table
from openiads.model.sensing import gather_jammers, in_sector
from openiads.model.state import Board
from openiads.model.strobes import cross
from openiads.model.tables import Knowledge, Plan

LOUD = 1.0  # jam-to-noise ratio in the beam's peak from which a bearing stands out
HOLD_US = 30_000_000  # a strobe not renewed for so long has ended
GATE = 9.0  # squared miss distance over its variance within which two strobes meet


@inner_kernel
def take_strobes(plan: Plan, know: Knowledge, board: Board, coverages: Reals, radar: int, number: int, begin_us: int) -> None:
    """Renew the strobes of a radar after its scan ``number``, once however many pictures hear of it; writes strobes and the log."""
    stand, strobes = board.radars, board.strobes
    jammers = plan.eyes.jammers.shape[0]
    if jammers == 0 or stand["strobed"][radar] == number:
        return
    stand["strobed"][radar] = number
    middle_us = begin_us + plan.eyes.radars["period_us"][radar] // 2
    if stand["hidden"][radar] > 0:
        for k in range(gather_jammers(plan.sky, plan.eyes, know, board.objects, board.scratch, radar, middle_us)):
            off = board.scratch[k, 1] - stand["facing_rad"][radar]
            if board.scratch[k, 0] >= LOUD and in_sector(plan.eyes.radars["half_sector_rad"][radar], off):
                renew(plan, board, coverages, radar, k, number, middle_us)
    for j in range(jammers):
        row = radar * jammers + j
        if strobes["on"][row] == 1 and middle_us - strobes["time_us"][row] > HOLD_US:
            strobes["on"][row] = 0
            note_strobe(plan, board, radar, j, codes.NONE, number)


@inner_kernel
def renew(plan: Plan, board: Board, coverages: Reals, radar: int, k: int, number: int, time_us: int) -> None:
    """Measure the strobe of the ``k``-th jammer gathered; at its beginning write it to the log and cross it with those of others."""
    radars, strobes, clock = plan.eyes.radars, board.strobes, board.clock
    j = int(board.scratch[k, 3])
    row = radar * plan.eyes.jammers.shape[0] + j
    key = plan.sky.objects["key"][plan.eyes.jammers[j]]
    z0, z1, _, _ = chance.normals(clock["seed"][0], clock["replication"][0], radars["key"][radar], key, chance.STROBE_ANGLE, number)
    strobes["bearing_rad"][row] = board.scratch[k, 1] + radars["bias_azimuth_rad"][radar] + radars["error_azimuth_rad"][radar] * z0
    strobes["elevation_rad"][row] = board.scratch[k, 2] + radars["error_elevation_rad"][radar] * z1
    strobes["time_us"][row] = time_us
    if strobes["on"][row] == 1:
        return
    strobes["on"][row] = 1
    note_strobe(plan, board, radar, j, codes.ONE, number)
    for other in range(radars.shape[0]):
        if other != radar and hears_both(plan.feeds, radar, other):
            for m in range(plan.eyes.jammers.shape[0]):
                if strobes["on"][other * plan.eyes.jammers.shape[0] + m] == 1:
                    cross_with(plan, board, coverages, radar, j, other, m)


@inner_kernel
def cross_with(plan: Plan, board: Board, coverages: Reals, radar: int, j: int, other: int, m: int) -> None:
    """Cross a strobe with one of another radar; where they meet, the place is an event: 1 of one jammer, 0 a ghost."""
    radars, strobes = plan.eyes.radars, board.strobes
    jammers = plan.eyes.jammers.shape[0]
    a, b = radar * jammers + j, other * jammers + m
    line = board.scratch.shape[0] - 2
    sd_a = max(radars["error_azimuth_rad"][radar], radars["error_elevation_rad"][radar], 1e-4)
    sd_b = max(radars["error_azimuth_rad"][other], radars["error_elevation_rad"][other], 1e-4)
    miss = cross(
        coverages[radar], strobes["bearing_rad"][a], strobes["elevation_rad"][a], sd_a,
        coverages[other], strobes["bearing_rad"][b], strobes["elevation_rad"][b], sd_b, board.scratch, line,
    )  # fmt: skip
    if miss > GATE:
        return
    found = board.scratch
    objects = plan.sky.objects
    i = plan.eyes.jammers[j]
    is_one = codes.ONE if j == m else codes.NONE
    row = note(
        board.clock, board.log_integers, codes.STAGE_SENSE, codes.CROSSING,
        objects["key"][i], radars["key"][radar], is_one, i, radar, other, plan.eyes.jammers[m],
    )  # fmt: skip
    sd_m = math.sqrt(found[line, 3] + found[line, 6] + found[line, 8])
    put(board.log_reals, row, found[line, 0], found[line, 1], found[line, 2], sd_m, strobes["time_us"][a] * 1e-6)


@inner_kernel
def note_strobe(plan: Plan, board: Board, radar: int, j: int, begins: int, number: int) -> None:
    """Log the beginning (1) or the end (0) of a strobe, with its last angles."""
    strobes, i = board.strobes, plan.eyes.jammers[j]
    row = radar * plan.eyes.jammers.shape[0] + j
    keys = plan.sky.objects["key"][i], plan.eyes.radars["key"][radar]
    line = note(
        board.clock, board.log_integers, codes.STAGE_SENSE, codes.STROBE, keys[0], keys[1], begins, i, radar, number, codes.NONE
    )  # fmt: skip
    put(board.log_reals, line, strobes["bearing_rad"][row], strobes["elevation_rad"][row], 0.0, 0.0, strobes["time_us"][row] * 1e-6)


@inner_kernel
def hears_both(feeds: Table, a: int, b: int) -> bool:
    """Whether two radars report to one picture."""
    for f in range(feeds.shape[0]):
        if feeds["radar"][f] == a:
            for g in range(feeds.shape[0]):
                if feeds["radar"][g] == b and feeds["picture"][g] == feeds["picture"][f]:
                    return True
    return False
