"""Threat evaluation: what a track may hit, how likely that is and how soon, from the track's own estimate and its covariance."""

import math

from openiads.earth.geodesy import ellipsoidal_height_m
from openiads.kernel import Reals, inner_kernel
from openiads.model import codes
from openiads.model.columns import Table
from openiads.model.tables import Rule

FREE_COURSE = 0.1  # share of the way to go by which a course may yet be changed to either side
ZONE_M = 2e3  # a pass this near beyond an asset's radius threatens it
LIKELY = 0.05  # from this probability on an asset sets the time to go
AIMED = 0.3  # from this probability on a track is taken to be aimed at a place
AT_LEAST = 0.15  # worth of stopping a track that threatens nothing known
LATEST_S = 1200.0
HASTE_S = 60.0  # a track so far in time counts half of one that arrives
NOWHERE_NEAR = 40.0  # exp of minus this is no probability
GRAVITY_MPS2 = 9.8


@inner_kernel
def fall_s(place: Reals) -> float:
    """Time until a falling track (6,) reaches the ground. [s]

    Limits: without drag, over ground at the ellipsoid.
    """
    height_m = ellipsoidal_height_m(place[0], place[1], place[2])
    r = math.sqrt(place[0] * place[0] + place[1] * place[1] + place[2] * place[2])
    climb = (place[0] * place[3] + place[1] * place[4] + place[2] * place[5]) / r
    return float((climb + math.sqrt(climb * climb + 2.0 * GRAVITY_MPS2 * max(height_m, 0.0))) / GRAVITY_MPS2)


@inner_kernel
def threat(rule: Rule, beliefs: Table, estimate: Reals, row: int, place: Reals) -> None:
    """Write the value of stopping a track now, what it is aimed at if anything, and the time until it may reach a place.

    A track that flies on passes each guarded place at a miss vector whose error grows with the covariance of position and velocity
    and with the course changes still open to it; ``P = R2 / (R2 + 2 s2) exp(-m2 / (R2 + 2 s2))`` is the exact mean of a zone
    ``exp(-m2 / R2)`` under a Gaussian error of s on each of the two axes across.  A track believed to fall freely is judged by the
    place where it comes down.
    """
    e = estimate
    guarded, worth, most, soonest_s, toward = rule.guarded, AT_LEAST, 0.0, LATEST_S, -1
    falls = beliefs["family"][row] == codes.FAMILY_BALLISTIC
    down_s = fall_s(place) if falls else 0.0
    r = math.sqrt(place[0] * place[0] + place[1] * place[1] + place[2] * place[2])
    sink = -0.5 * GRAVITY_MPS2 * down_s * down_s / r
    speed2 = max(place[3] * place[3] + place[4] * place[4] + place[5] * place[5], 1.0)
    speed = math.sqrt(speed2)
    here2 = (e[row, 6] + e[row, 12] + e[row, 17]) / 3.0
    drift = 2.0 * (e[row, 9] + e[row, 15] + e[row, 20]) / 3.0
    wander2 = (e[row, 21] + e[row, 24] + e[row, 26]) / 3.0
    for a in range(guarded.shape[0]):
        dx, dy, dz = guarded["x_m"][a] - place[0], guarded["y_m"][a] - place[1], guarded["z_m"][a] - place[2]
        at_s = down_s
        if not falls:
            at_s = max((dx * place[3] + dy * place[4] + dz * place[5]) / speed2, 0.0)
        mx = dx - at_s * place[3] - sink * place[0]
        my = dy - at_s * place[4] - sink * place[1]
        mz = dz - at_s * place[5] - sink * place[2]
        zone = guarded["radius_m"][a] + ZONE_M
        free = 0.0 if falls else FREE_COURSE * speed * at_s
        spread2 = zone * zone + 2.0 * (free * free + max(here2 + at_s * (drift + at_s * wander2), 0.0))
        miss2 = mx * mx + my * my + mz * mz
        if miss2 > NOWHERE_NEAR * spread2:
            continue
        p = zone * zone / spread2 * math.exp(-miss2 / spread2)
        worth += guarded["value"][a] * p
        if p > AIMED and guarded["value"][a] * p > most:
            most, toward = guarded["value"][a] * p, a
        if p > LIKELY:
            soonest_s = min(soonest_s, at_s)
    beliefs["soonest_s"][row] = soonest_s
    beliefs["toward"][row] = toward
    beliefs["threat"][row] = rule.families["threat"][beliefs["family"][row]] * worth / (HASTE_S + soonest_s)
