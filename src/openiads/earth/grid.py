"""Terrain as a value: heights of the ground on a regular grid of latitude and longitude, and the smooth earth without any.

Positions beyond the grid are given the height of its nearest edge.
"""

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.errors import UserError
from openiads.kernel import Reals, Singles, kernel

COARSE_POSTING_M = 100.0
HIGHEST_M = 9000.0
LOWEST_M = -500.0


class Grid(NamedTuple):
    """What kernels read: ``heights_amsl_m`` (row, column), where node (0, 0) lies and the signed steps between nodes. [rad]"""

    heights_amsl_m: Singles
    lat0_rad: float
    lon0_rad: float
    lat_step_rad: float
    lon_step_rad: float


@dataclass(frozen=True, eq=False)
class Terrain:
    """Ground heights above mean sea level [m] on a regular grid of WGS84 latitude and longitude.

    Attributes
    ----------
    heights_amsl_m : ndarray
        Float32 of shape (row, column), without gaps.
    lat0_deg, lon0_deg : float
        Position of node (0, 0). [deg]
    lat_step_deg, lon_step_deg : float
        Signed steps to the next row and column. [deg]
    name : str
        Where the heights come from.
    vertical : str
        What the source says of its vertical datum.
    void_share, missing_share : float
        Shares of the nodes that were interpolated over voids, and that no file covered (taken as sea). [1]
    """

    heights_amsl_m: Singles
    lat0_deg: float
    lon0_deg: float
    lat_step_deg: float
    lon_step_deg: float
    name: str
    vertical: str = "above mean sea level"
    void_share: float = 0.0
    missing_share: float = 0.0

    def __post_init__(self) -> None:
        heights = np.ascontiguousarray(self.heights_amsl_m, np.float32).view()
        if heights.ndim != 2 or min(heights.shape) < 2:
            raise UserError(f"{self.name}: a terrain grid needs at least 2 x 2 nodes, its shape is {heights.shape}")
        if not (self.lat_step_deg and self.lon_step_deg and math.isfinite(self.lat_step_deg * self.lon_step_deg)):
            raise UserError(f"{self.name}: the steps of a terrain grid must be finite and not zero")
        south, north = sorted((self.lat0_deg, self.lat0_deg + (heights.shape[0] - 1) * self.lat_step_deg))
        if south < -90.0 - 1e-9 or north > 90.0 + 1e-9:
            raise UserError(f"{self.name}: the grid runs from {south} to {north} degrees of latitude, beyond a pole")
        lowest, highest = float(heights.min()), float(heights.max())
        if not (lowest >= LOWEST_M and highest <= HIGHEST_M):
            raise UserError(
                f"{self.name}: ground heights run from {lowest:g} to {highest:g} m: fill the voids and give metres above sea level"
            )
        heights.flags.writeable = False
        object.__setattr__(self, "heights_amsl_m", heights)

    @property
    def is_smooth(self) -> bool:
        """Say whether this is the smooth earth, without terrain."""
        return self.name == _SMOOTH

    @cached_property
    def grid(self) -> Grid:
        """Return the plain values that kernels read."""
        return Grid(self.heights_amsl_m, *(math.radians(a) for a in (self.lat0_deg, self.lon0_deg, self.lat_step_deg, self.lon_step_deg)))

    @cached_property
    def posting_m(self) -> float:
        """Return the larger distance between neighbouring nodes. [m]"""
        middle_deg = self.lat0_deg + 0.5 * (self.heights_amsl_m.shape[0] - 1) * self.lat_step_deg
        step_deg = max(abs(self.lat_step_deg), abs(self.lon_step_deg) * math.cos(math.radians(middle_deg)))
        return math.radians(step_deg) * MEAN_RADIUS_M

    @property
    def is_coarse(self) -> bool:
        """Say whether the nodes are too far apart for terrain masking to mean anything."""
        return self.is_smooth or self.posting_m > COARSE_POSTING_M

    @property
    def words(self) -> str:
        """Return the sentence that every output made with this terrain carries."""
        if self.is_smooth:
            return "smooth earth: no terrain"
        notes = [f"terrain {self.name}, a node every {self.posting_m:.0f} m, heights {self.vertical}"]
        if self.is_coarse:
            notes.append(f"coarser than {COARSE_POSTING_M:.0f} m: no terrain masking")
        if self.void_share > 0.0:
            notes.append(f"{100.0 * self.void_share:.2g} % interpolated over voids")
        if self.missing_share > 0.0:
            notes.append(f"{100.0 * self.missing_share:.2g} % not covered by any file, taken as sea")
        return "; ".join(notes)

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of heights and position."""
        place = f"{self.heights_amsl_m.shape} {self.lat0_deg!r} {self.lon0_deg!r} {self.lat_step_deg!r} {self.lon_step_deg!r}"
        digest = hashlib.sha256(place.encode())
        digest.update(self.heights_amsl_m.data)
        return digest.hexdigest()

    def covers(self, lat_rad: float, lon_rad: float) -> bool:
        """Say whether a position lies on the grid."""
        row, column = rows_columns(self.grid, lat_rad, lon_rad)
        rows, columns = self.heights_amsl_m.shape
        return bool(-1e-6 <= row <= rows - 1 + 1e-6 and -1e-6 <= column <= columns - 1 + 1e-6)

    def require(self, lat_rad: float, lon_rad: float, what: str = "the site") -> None:
        """Raise a UserError when a position lies off the grid."""
        if not self.covers(lat_rad, lon_rad):
            rows, columns = self.heights_amsl_m.shape
            lats = sorted((self.lat0_deg, self.lat0_deg + (rows - 1) * self.lat_step_deg))
            lons = sorted((self.lon0_deg, self.lon0_deg + (columns - 1) * self.lon_step_deg))
            raise UserError(
                f"{what} at {math.degrees(lat_rad):.4f} N {math.degrees(lon_rad):.4f} E lies outside the terrain {self.name}, which covers "
                f"{lats[0]:.4f} to {lats[1]:.4f} N, {lons[0]:.4f} to {lons[1]:.4f} E: add the tile that holds it, or leave the terrain out"
            )

    def height_amsl_m(self, lat_rad: ArrayLike, lon_rad: ArrayLike) -> Reals:
        """Return the height of the ground, bilinear between nodes.

        Parameters
        ----------
        lat_rad, lon_rad : array_like
            Positions, shapes that broadcast together. [rad]

        Returns
        -------
        ndarray
            Height above mean sea level, that of the nearest edge beyond the grid. [m]
        """
        lat, lon = np.broadcast_arrays(np.asarray(lat_rad, np.float64), np.asarray(lon_rad, np.float64))
        out = np.empty(lat.size)
        ground_height_each(self.grid, lat.ravel(), lon.ravel(), out)
        return out.reshape(lat.shape)

    def save(self, path: Path) -> None:
        """Write the grid as an ``.npz`` file that `read` takes without any extra."""
        rows, columns = self.heights_amsl_m.shape
        lat_deg = self.lat0_deg + self.lat_step_deg * np.arange(rows)
        lon_deg = self.lon0_deg + self.lon_step_deg * np.arange(columns)
        np.savez_compressed(path, lat_deg=lat_deg, lon_deg=lon_deg, height_amsl_m=self.heights_amsl_m)


_SMOOTH = "smooth earth"


def smooth() -> Terrain:
    """Return the earth without terrain: ground at sea level everywhere."""
    return Terrain(np.zeros((2, 2), np.float32), -90.0, -180.0, 180.0, 360.0, _SMOOTH)


def rows_columns(grid: Grid, lat_rad: ArrayLike, lon_rad: ArrayLike) -> tuple[Reals, Reals]:
    """Return fractional rows and columns of positions; longitude is taken on the side of the earth around the grid's middle."""
    row = (np.asarray(lat_rad, np.float64) - grid.lat0_rad) / grid.lat_step_rad
    half_rad = 0.5 * (grid.heights_amsl_m.shape[1] - 1) * grid.lon_step_rad
    east_rad = np.asarray(lon_rad, np.float64) - (grid.lon0_rad + half_rad)
    east_rad = east_rad - 2.0 * math.pi * np.round(east_rad / (2.0 * math.pi))
    return np.asarray(row), np.asarray((east_rad + half_rad) / grid.lon_step_rad)


@kernel
def ground_height(grid: Grid, lat_rad: float, lon_rad: float) -> float:
    """Bilinear height of the ground above mean sea level, the nearest edge's beyond the grid. [m]"""
    rows, columns = grid.heights_amsl_m.shape
    half_rad = 0.5 * (columns - 1) * grid.lon_step_rad
    east_rad = lon_rad - (grid.lon0_rad + half_rad)
    if abs(east_rad) > math.pi:
        east_rad -= 2.0 * math.pi * math.floor(east_rad / (2.0 * math.pi) + 0.5)
    row = min(max((lat_rad - grid.lat0_rad) / grid.lat_step_rad, 0.0), rows - 1.0)
    column = min(max((east_rad + half_rad) / grid.lon_step_rad, 0.0), columns - 1.0)
    r = min(int(row), rows - 2)
    c = min(int(column), columns - 2)
    down = row - r
    right = column - c
    upper = float(grid.heights_amsl_m[r, c]) * (1.0 - right) + float(grid.heights_amsl_m[r, c + 1]) * right
    lower = float(grid.heights_amsl_m[r + 1, c]) * (1.0 - right) + float(grid.heights_amsl_m[r + 1, c + 1]) * right
    height_m: float = upper * (1.0 - down) + lower * down
    return height_m


@kernel
def ground_height_each(grid: Grid, lat_rad: Reals, lon_rad: Reals, out: Reals) -> None:
    """Fill ``out`` (n,) with the ground heights of n positions. [m]"""
    for i in range(lat_rad.shape[0]):
        out[i] = ground_height(grid, lat_rad[i], lon_rad[i])
