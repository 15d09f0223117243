"""What terrain hides: the lowest visible height above ground over bearing and range, on a refracting round earth.

Along each bearing one pass goes outward and keeps the steepest ray that the ground has forced so far, so that every target
height is answered at once. Column ``j`` lies at ground range ``j * range_step_m``, row ``b`` at bearing ``b * bearing_step_rad``.
"""

import math
from typing import NamedTuple

import numpy as np

from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.earth.grid import Terrain
from openiads.earth.refraction import STANDARD_K
from openiads.earth.sightlines import Screen as Screen
from openiads.earth.sightlines import fill, tracks
from openiads.errors import UserError
from openiads.kernel import Singles, kernel

LARGEST_CELLS = 400_000_000


VEHICLE_SCREEN = Screen(15.0, 2000.0)  # default around vehicle antennas; a judgement, 0-25 m and 0.5-5 km


class Mask(NamedTuple):
    """What one antenna can see over (bearing, range); one row when nothing depends on bearing.

    Attributes
    ----------
    lowest_visible_height_agl_m : ndarray
        Float32 of shape (bearing, range): targets at or above it are seen. [m]
    bearing_step_rad, range_step_m : float
        Steps between rows [rad] and columns [m].
    antenna_amsl_m : float
        Height of the antenna above mean sea level. [m]
    ground_amsl_m : ndarray
        Ground under each cell, float32 (bearing, range), or (0, 0) when it was not asked for. [m]
    """

    lowest_visible_height_agl_m: Singles
    bearing_step_rad: float
    range_step_m: float
    antenna_amsl_m: float
    ground_amsl_m: Singles

    @property
    def max_range_m(self) -> float:
        """Return the range of the last column. [m]"""
        columns: int = self.lowest_visible_height_agl_m.shape[1]
        return (columns - 1) * self.range_step_m


def mask(
    terrain: Terrain,
    site: tuple[float, float],
    antenna_m: float,
    *,
    max_range_m: float,
    k: float = STANDARD_K,
    screen: Screen | None = None,
    step_m: float = 100.0,
    bearings: int | None = None,
    with_ground: bool = False,
    out: Singles | None = None,
) -> Mask:
    """Return the lowest visible height above ground around an antenna.

    Parameters
    ----------
    terrain : Terrain
        Ground heights; the smooth earth gives a single row.
    site : tuple of float
        Latitude and longitude of the antenna. [rad]
    antenna_m : float
        Height of the antenna above the ground. [m]
    max_range_m : float
        Ground range of the last column, rounded up to whole steps. [m]
    k : float
        Effective-radius factor of refraction. [1]
    screen : Screen, optional
        Trees and houses around the antenna; None leaves them out.
    step_m : float
        Step in range. [m]
    bearings : int, optional
        Number of bearings; by default so many that neighbours are at most one step apart at the rim.
    with_ground : bool
        Keep the ground height of each cell too.
    out : ndarray, optional
        Float32 of shape (bearings, columns) to be filled and returned read-only, which spares its allocation.

    Returns
    -------
    Mask
        Read-only arrays.

    Raises
    ------
    UserError
        An antenna at or under the ground, a site off the terrain or too near a pole for it, steps or ranges that make no sense,
        or more cells than 400 million.

    Limits
    ------
    Absolute: no diffraction. Ground is bilinear between nodes and sampled at each step, so that a ridge narrower than the step
    may be missed. The ground beyond the grid stays at the height of its edge. The earth's drop is the parabola of the
    closed-form horizon.

    Source
    ------
    [itu-p834-7] for the effective radius; the outward pass is the usual line-of-sight sweep.
    """
    columns = _check(site, antenna_m, k, screen, step_m, max_range_m)
    if terrain.is_smooth:
        return _smooth_mask(antenna_m, k, screen, step_m, columns)
    rows = bearings if bearings is not None else math.ceil(2.0 * math.pi * max_range_m / step_m)
    low = _room((rows, columns), out)
    terrain.require(*site, "the antenna")
    paths = tracks(terrain.grid, site, step_m, columns)
    antenna_amsl_m = float(terrain.height_amsl_m(*site)) + antenna_m
    ground = np.empty((rows, columns) if with_ground else (0, 0), np.float32)
    fill(terrain.heights_amsl_m, paths, antenna_amsl_m, k, screen, step_m, low, ground)
    return Mask(frozen(low), 2.0 * math.pi / rows, step_m, antenna_amsl_m, frozen(ground))


def _room(shape: tuple[int, int], out: Singles | None) -> Singles:
    """Return the array to be filled: the one given, if it fits, or a new one."""
    rows, columns = shape
    if rows < 1 or rows * columns > LARGEST_CELLS:
        raise UserError(
            f"a mask of {rows:,} bearings and {columns:,} ranges was asked for: at most {LARGEST_CELLS:,} cells, take larger steps"
        )
    if out is None:
        return np.empty(shape, np.float32)
    if out.shape != shape or out.dtype != np.float32 or not out.flags.c_contiguous:
        raise UserError(f"the array given for the mask must be contiguous float32 of shape {shape}, not {out.dtype} {out.shape}")
    return out


def _smooth_mask(antenna_m: float, k: float, screen: Screen | None, step_m: float, columns: int) -> Mask:
    """Return the single row of a smooth earth at sea level, in closed form."""
    radius_m = k * MEAN_RADIUS_M
    range_m = step_m * np.arange(columns)
    horizon_m = math.sqrt(2.0 * radius_m * antenna_m)
    beyond_m = np.maximum(0.0, range_m - horizon_m)
    low = beyond_m * beyond_m / (2.0 * radius_m)
    if screen is not None:
        slope = (screen.height_m - antenna_m) / screen.distance_m - screen.distance_m / (2.0 * radius_m)
        over = antenna_m + slope * range_m + range_m * range_m / (2.0 * radius_m)
        low = np.where(range_m > screen.distance_m, np.maximum(low, over), low)
    row = frozen(low.astype(np.float32).reshape(1, -1))
    return Mask(row, 2.0 * math.pi, step_m, antenna_m, frozen(np.zeros((0, 0), np.float32)))


def frozen(array: Singles) -> Singles:
    """Return the array read-only."""
    view = array.view()
    view.flags.writeable = False
    return view


def _check(site: tuple[float, float], antenna_m: float, k: float, screen: Screen | None, step_m: float, max_range_m: float) -> int:
    """Refuse a request that makes no sense and return the number of columns."""
    if not all(math.isfinite(v) for v in (*site, antenna_m, k, step_m, max_range_m, *(screen or ()))):
        raise UserError("a mask was asked for with a value that is not a number: check site, antenna, k, steps and screen")
    if abs(site[0]) > 0.5 * math.pi:
        raise UserError(f"latitude {site[0]} rad lies beyond the pole: were degrees given for radians?")
    if antenna_m <= 0.0:
        raise UserError(f"the antenna stands {antenna_m} m above the ground: it must stand above it")
    if k <= 0.0:
        raise UserError(f"the effective-radius factor k is {k}: it must be above zero (4/3 in the standard atmosphere)")
    if not 1.0 <= step_m <= 5000.0:
        raise UserError(f"a mask with a step of {step_m} m was asked for: steps run from 1 to 5,000 m")
    if not step_m <= max_range_m <= 1.5e6:
        raise UserError(f"a mask out to {max_range_m} m was asked for: give at least one step and at most 1,500 km")
    if screen is not None and (screen.height_m < 0.0 or screen.distance_m <= 0.0):
        raise UserError(
            f"a screen {screen.height_m} m high at {screen.distance_m} m makes no sense: height zero or more, distance above zero"
        )
    return math.ceil(max_range_m / step_m - 1e-9) + 1


@kernel
def lowest_visible(low_agl_m: Singles, bearing_step_rad: float, range_step_m: float, bearing_rad: float, ground_range_m: float) -> float:
    """Lowest visible height above ground at a bearing and ground range, bilinear; infinite beyond the last column. [m]"""
    rows, columns = low_agl_m.shape
    column = ground_range_m / range_step_m
    if not (0.0 <= column <= columns - 1.0):
        return math.inf
    c = min(int(column), columns - 2)
    right = column - c
    near = float(low_agl_m[0, c])
    far = float(low_agl_m[0, c + 1])
    if rows > 1:
        row = bearing_rad / bearing_step_rad
        floor = math.floor(row)
        down = row - floor
        r = int(floor) % rows
        s = (r + 1) % rows
        near = float(low_agl_m[r, c]) * (1.0 - down) + float(low_agl_m[s, c]) * down
        far = float(low_agl_m[r, c + 1]) * (1.0 - down) + float(low_agl_m[s, c + 1]) * down
    height_m: float = near * (1.0 - right) + far * right
    return height_m
