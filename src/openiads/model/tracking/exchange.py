"""Our plots, truths and tracks as Stone Soup objects, and Stone Soup's tracks as ours (extra ``tracking``).

Stone Soup orders a state position and velocity by turns (x, vx, y, vy, z, vz); angles are elevation, bearing counter-clockwise from
the x axis (east), range.  Times are whole microseconds from ``EPOCH`` on both sides, so nothing is lost.
"""

import datetime
import warnings
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import numpy as np

from openiads.errors import UserError
from openiads.kernel import Ints, Reals
from openiads.model.metrics import Paths
from openiads.model.tracking.batch import PlotList, Tracks
from openiads.model.tracking.table import PLOT_OBJECT, PLOT_TIME_US

EPOCH = datetime.datetime(2000, 1, 1)
POSITIONS, VELOCITIES = (0, 2, 4), (1, 3, 5)


def stone_soup(module: str) -> Any:
    """Return a module of Stone Soup, or say how to install it.

    Raises
    ------
    UserError
        Where Stone Soup is not installed.
    """
    try:
        with warnings.catch_warnings():  # it warns of parts of its own that are absent and not needed here
            warnings.simplefilter("ignore")
            return import_module(f"stonesoup.{module}")
    except ImportError as missing:
        raise UserError(f"Stone Soup is not installed ({missing}); install it with: pip install 'openiads[tracking]'") from None


def timestamp(time_us: int) -> datetime.datetime:
    """Return the Stone Soup time of a time in microseconds."""
    return EPOCH + datetime.timedelta(microseconds=int(time_us))


def microseconds(time: datetime.datetime) -> int:
    """Return microseconds of a Stone Soup time."""
    return (time - EPOCH) // datetime.timedelta(microseconds=1)


def to_detections(plots: PlotList) -> list[tuple[datetime.datetime, set[Any]]]:
    """Return Cartesian detections, scan by scan: (time of the last plot, set of ``Detection``), each with its own covariance.

    Parameters
    ----------
    plots
        From ``plot_list`` or ``spherical_plots``.
    """
    detection, linear = stone_soup("types.detection").Detection, stone_soup("models.measurement.linear").LinearGaussian
    models: dict[bytes, Any] = {}
    scans: dict[int, tuple[datetime.datetime, set[Any]]] = {}
    for scan, real, whole in zip(plots.scan, plots.real, plots.whole, strict=True):
        key = real[3:9].tobytes()
        if key not in models:
            models[key] = linear(ndim_state=6, mapping=POSITIONS, noise_covar=real[[3, 4, 5, 4, 6, 7, 5, 7, 8]].reshape(3, 3))
        time = timestamp(whole[PLOT_TIME_US])
        found = detection(
            real[:3].reshape(3, 1), timestamp=time, measurement_model=models[key], metadata={"object": int(whole[PLOT_OBJECT])}
        )
        seen = scans.get(int(scan), (time, set()))[1]
        seen.add(found)
        scans[int(scan)] = (max(time, scans.get(int(scan), (time, seen))[0]), seen)
    return [scans[k] for k in sorted(scans)]


def to_spherical_detections(
    time_us: Ints, range_m: Reals, bearing_rad: Reals, elevation_rad: Reals, errors: tuple[float, float, float], scan: Ints
) -> list[tuple[datetime.datetime, set[Any]]]:
    """Return range, bearing and elevation detections of a sensor at the origin of a flat frame (x east, y north, z up).

    Parameters
    ----------
    time_us, range_m, bearing_rad, elevation_rad, scan
        Measurements (n,), bearing clockwise from north.
    errors
        Standard deviations of range, bearing and elevation.
    """
    detection, types = stone_soup("types.detection").Detection, stone_soup("types.angle")
    model = stone_soup("models.measurement.nonlinear").CartesianToElevationBearingRange(
        ndim_state=6, mapping=POSITIONS, noise_covar=np.diag([errors[2] ** 2, errors[1] ** 2, errors[0] ** 2])
    )
    scans: dict[int, set[Any]] = {}
    late: dict[int, int] = {}
    for k, number in enumerate(int(s) for s in scan):
        angles = types.Elevation(float(elevation_rad[k])), types.Bearing(0.5 * np.pi - float(bearing_rad[k]))
        vector = np.array([[angles[0]], [angles[1]], [float(range_m[k])]], dtype=object)
        scans.setdefault(number, set()).add(detection(vector, timestamp=timestamp(int(time_us[k])), measurement_model=model))
        late[number] = max(late.get(number, int(time_us[k])), int(time_us[k]))
    return [(timestamp(late[k]), scans[k]) for k in sorted(scans)]


def to_ground_truth(truths: Paths) -> set[Any]:
    """Return ``GroundTruthPath`` objects, one for each number, in time order.

    Parameters
    ----------
    truths
        Paths with positions and velocities (n, 3).
    """
    module = stone_soup("types.groundtruth")
    paths = set()
    for number in np.unique(truths.number):
        rows = np.flatnonzero(truths.number == number)
        states = [
            module.GroundTruthState(_vector(truths.position_m[r], truths.velocity_mps[r]), timestamp=timestamp(truths.time_us[r]))
            for r in rows[np.argsort(truths.time_us[rows], kind="stable")]
        ]
        paths.add(module.GroundTruthPath(states, id=f"truth-{int(number)}"))
    return paths


def to_tracks(tracks: Tracks) -> set[Any]:
    """Return ``Track`` objects of Gaussian states, one for each track number.

    Parameters
    ----------
    tracks
        From ``batch.track``.
    """
    state, kind = stone_soup("types.state").GaussianState, stone_soup("types.track").Track
    found = set()
    for number in np.unique(tracks.number):
        states = [
            state(
                _vector(tracks.position_m[r], tracks.velocity_mps[r]),
                _interleave(tracks.covariance[r]),
                timestamp=timestamp(tracks.time_us[r]),
            )
            for r in np.flatnonzero(tracks.number == number)
        ]
        found.add(kind(states, id=f"track-{int(number)}"))
    return found


def paths_of(tracks: Tracks) -> Paths:
    """Return our tracks as paths for the metrics."""
    return Paths(tracks.time_us, tracks.number, tracks.position_m, tracks.velocity_mps)


def from_tracks(tracks: Iterable[Any], positions: tuple[int, ...] = POSITIONS, velocities: tuple[int, ...] = VELOCITIES) -> Paths:
    """Return Stone Soup tracks or ground truth paths as paths, numbered from 1 in the order of their first time and identifier.

    Parameters
    ----------
    tracks
        Stone Soup ``Track`` or ``GroundTruthPath`` objects.
    positions, velocities
        Where their state vector holds them.
    """
    times: list[int] = []
    numbers: list[int] = []
    states: list[Reals] = []
    for number, path in enumerate(sorted(tracks, key=lambda path: (path[0].timestamp, str(path.id))), start=1):
        for state in {state.timestamp: state for state in path}.values():
            times.append(microseconds(state.timestamp))
            numbers.append(number)
            states.append(np.asarray(state.state_vector, float).ravel())
    if not states:
        return Paths(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, len(positions))), np.zeros((0, len(velocities))))
    table = np.array(states)
    return Paths(np.array(times), np.array(numbers), table[:, positions], table[:, velocities])


def _vector(position_m: Reals, velocity_mps: Reals) -> Reals:
    return np.stack([position_m, velocity_mps], axis=1).reshape(6, 1)


def _interleave(packed: Reals) -> Reals:
    """Return the 6 x 6 covariance in Stone Soup's order from an upper triangle by rows in ours."""
    full = np.zeros((6, 6))
    full[np.triu_indices(6)] = packed
    full = full + np.triu(full, 1).T
    order = [0, 3, 1, 4, 2, 5]
    return full[np.ix_(order, order)]


def version() -> str:
    """Return the version of the installed Stone Soup."""
    from importlib.metadata import version as installed

    stone_soup("base")
    return installed("stonesoup")
