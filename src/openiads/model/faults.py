"""What is wrong with a recorded flight: gaps, jumps, outliers, frozen positions and altitudes out of line; and the flight without them."""

import math
from itertools import pairwise, zip_longest
from typing import NamedTuple

import numpy as np

from openiads.earth import geodesy
from openiads.errors import UserError
from openiads.kernel import Flags, Reals
from openiads.model import inputs
from openiads.model.imported import Recording

GAP_STEPS = 10.0
GAP_S = 30.0
FASTEST_MPS = 700.0
STEEPEST_MPS = 100.0
FROZEN_S = 60.0
PERSISTENT = 5


class Fault(NamedTuple):
    """One thing wrong with a recording: ``gap``, ``jump``, ``outlier``, ``frozen`` or ``altitude``, when, and in words."""

    kind: str
    start_s: float
    end_s: float
    detail: str


def faults(recording: Recording, fastest_mps: float = FASTEST_MPS) -> list[Fault]:
    """Faults of a recorded flight, in time order.

    Parameters
    ----------
    recording : as read
    fastest_mps : speed over the ground that no report may imply [m/s]

    Returns
    -------
    gaps (ten usual steps and half a minute without a report), jumps (the position moves away for good), outliers (it comes
    back), frozen positions (the same for a minute while it moved before or says that it moves) and altitudes out of line

    Raises
    ------
    UserError : a speed that is not positive.

    Limits: thresholds are judgements; a slow drift of a false position is not a fault that this can see.
    Source: [olive-2019] filtering of ADS-B trajectories, in spirit.
    """
    inputs.positive("faults.faults", "fastest_mps", fastest_mps, "m/s")
    found = [*_gaps(recording), *_frozen(recording), *_jumps(recording, fastest_mps)[1], *_altitudes(recording)[1]]
    return sorted(found, key=lambda fault: (fault.start_s, fault.kind))


def cleaned(recording: Recording, fastest_mps: float = FASTEST_MPS) -> Recording:
    """The recording without outlying positions, and with outlying altitudes missing.

    Raises
    ------
    UserError : fewer than two positions are left.

    Limits: jumps that persist are kept: whether they were flown is for the scenario to say.
    """
    keep = _jumps(recording, fastest_mps)[0]
    altitude_m = np.where(_altitudes(recording)[0], recording.altitude_m, math.nan)
    if int(keep.sum()) < 2:
        raise UserError(f"{recording.source}: flight {recording.name} has fewer than two usable positions; take another recording")
    return _kept(recording._replace(altitude_m=altitude_m), keep)


def between(recording: Recording, from_s: float = 0.0, to_s: float = math.inf) -> Recording:
    """The part of a recording between two times after its first report.

    Parameters
    ----------
    recording : as read
    from_s, to_s : seconds since the first report [s]

    Raises
    ------
    UserError : fewer than two reports lie between them.

    Limits: whole reports; nothing is interpolated at the cuts.
    """
    since_s = recording.time_s - recording.time_s[0]
    keep = (since_s >= from_s) & (since_s <= to_s)
    if int(keep.sum()) < 2:
        raise UserError(
            f"{recording.source}: flight {recording.name} has fewer than two reports between {from_s:g} and {to_s:g} s after its first; "
            f"it lasts {float(since_s[-1]):.0f} s"
        )
    return recording if keep.all() else _kept(recording, keep)


def without_jumps(recording: Recording, fastest_mps: float = FASTEST_MPS) -> Recording:
    """The recording without the reports between a jump of the position and the jump that takes it back.

    Parameters
    ----------
    recording : as read
    fastest_mps : speed over the ground that no report may imply [m/s]

    Raises
    ------
    UserError : the position never comes back, so that where the flight really was is not known.

    Limits: the flight is crossed straight from the last report before to the first one after; as ``faults``.
    """
    surface = geodesy.to_ecef(recording.lat_rad, recording.lon_rad, np.zeros_like(recording.lat_rad))
    keep, found = _jumps(recording, fastest_mps)
    jumps = [fault for fault in found if fault.kind == "jump"]
    for away, home in zip_longest(jumps[::2], jumps[1::2]):
        last, first = (int(np.searchsorted(recording.time_s, at_s)) for at_s in (away.start_s, away.end_s))
        after = int(np.searchsorted(recording.time_s, home.end_s)) if home is not None else first
        if home is None or _too_far(surface, recording.time_s, last, after, fastest_mps):
            raise UserError(
                f"{recording.source}: flight {recording.name}: {away.detail} and never comes back, so its true path is not known: "
                "leave that part out, or take the jump as flown"
            )
        keep[first:after] = False
    return _kept(recording, keep)


def without_frozen(recording: Recording) -> Recording:
    """The recording without the reports of a frozen position but its first: the flight is crossed straight to where it moves again.

    Limits: as ``faults``; a recording that is frozen to its end ends where it froze.
    Source: as ``faults``.
    """
    keep = np.ones(recording.time_s.size, dtype=np.bool_)
    for fault in _frozen(recording):
        keep &= (recording.time_s <= fault.start_s) | (recording.time_s > fault.end_s)
    return recording if keep.all() or int(keep.sum()) < 2 else _kept(recording, keep)


def _kept(recording: Recording, keep: Flags) -> Recording:
    return recording._replace(
        time_s=recording.time_s[keep],
        lat_rad=recording.lat_rad[keep],
        lon_rad=recording.lon_rad[keep],
        altitude_m=recording.altitude_m[keep],
        groundspeed_mps=recording.groundspeed_mps[keep],
    )


def _steps_m(recording: Recording) -> Reals:
    surface = geodesy.to_ecef(recording.lat_rad, recording.lon_rad, np.zeros_like(recording.lat_rad))
    return np.asarray(np.linalg.norm(np.diff(surface, axis=0), axis=1))


def _gaps(recording: Recording) -> list[Fault]:
    steps_s = np.diff(recording.time_s)
    if not steps_s.size:
        return []
    usual_s = float(np.median(steps_s))
    long = np.flatnonzero(steps_s > max(GAP_STEPS * usual_s, GAP_S))
    return [
        Fault(
            "gap", float(recording.time_s[i]), float(recording.time_s[i + 1]), f"no report for {steps_s[i]:.0f} s; usual is {usual_s:.1f} s"
        )
        for i in long
    ]


def _frozen(recording: Recording) -> list[Fault]:
    found = []
    still = np.flatnonzero(np.concatenate([[True], _steps_m(recording) > 0.0, [True]]))
    for first, after in pairwise(still):
        start_s, end_s = float(recording.time_s[first]), float(recording.time_s[after - 1])
        if end_s - start_s < FROZEN_S:
            continue
        said = recording.groundspeed_mps[first:after]
        moved = float(np.nanmedian(said)) if np.isfinite(said).any() else (0.0 if first == 0 else math.inf)
        if moved > 10.0:
            found.append(Fault("frozen", start_s, end_s, f"the same position for {end_s - start_s:.0f} s in flight"))
    return found


def _jumps(recording: Recording, fastest_mps: float) -> tuple[Flags, list[Fault]]:
    """Which positions to keep, and where the position jumped for good or stood out."""
    surface, time_s = geodesy.to_ecef(recording.lat_rad, recording.lon_rad, np.zeros_like(recording.lat_rad)), recording.time_s
    keep = np.ones(time_s.size, dtype=np.bool_)
    found: list[Fault] = []
    last, i = 0, 1
    while i < time_s.size:
        if _too_far(surface, time_s, last, i, fastest_mps):
            ahead = range(i, min(i + PERSISTENT, time_s.size))
            stays = len(ahead) == PERSISTENT and all(not _too_far(surface, time_s, j - 1, j, fastest_mps) for j in ahead[1:])
            away_km = float(np.linalg.norm(surface[i] - surface[last])) / 1e3
            if stays and all(_too_far(surface, time_s, last, j, fastest_mps) for j in ahead):
                found.append(Fault("jump", float(time_s[last]), float(time_s[i]), f"the position moves {away_km:.1f} km at once and stays"))
            else:
                found.append(Fault("outlier", float(time_s[i]), float(time_s[i]), f"a position {away_km:.1f} km out of line"))
                keep[i] = False
                i += 1
                continue
        last = i
        i += 1
    return keep, found


def _too_far(surface: Reals, time_s: Reals, a: int, b: int, fastest_mps: float) -> bool:
    """Whether no aircraft gets from one report to another; times rounded to a second are allowed for."""
    return bool(np.linalg.norm(surface[b] - surface[a]) > fastest_mps * (time_s[b] - time_s[a] + 1.0))


def _altitudes(recording: Recording) -> tuple[Flags, list[Fault]]:
    """Which altitudes to keep: those that their neighbours within a minute make possible."""
    time_s, altitude_m = recording.time_s, recording.altitude_m
    known = np.flatnonzero(np.isfinite(altitude_m))
    keep = np.isfinite(altitude_m)
    found = []
    for place, i in enumerate(known):
        near = known[max(place - 7, 0) : place + 8]
        near = near[(near != i) & (np.abs(time_s[near] - time_s[i]) <= 60.0)]
        if near.size < 3:
            continue
        middle = float(np.median(altitude_m[near]))
        allowed_m = 150.0 + STEEPEST_MPS * float(np.median(np.abs(time_s[near] - time_s[i])))
        if abs(altitude_m[i] - middle) > allowed_m:
            keep[i] = False
            found.append(Fault("altitude", float(time_s[i]), float(time_s[i]), f"altitude {altitude_m[i]:.0f} m among {middle:.0f} m"))
    return keep, found
