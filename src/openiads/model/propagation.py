"""What the way through air, over an edge and above the ground adds to or takes from a radar signal.

Two-way losses in dB, positive when the signal is weaker than in free space.  Gases and rain come from a table over range
and height that is made once for a radar; the low-altitude model is ``lobed`` (two rays interfere over the ground and the
ground itself returns clutter) or ``smooth`` (neither); diffraction only lowers the signal just above the mask.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.earth.geodesy import MEAN_RADIUS_M
from openiads.earth.refraction import STANDARD_K
from openiads.kernel import Reals, kernel
from openiads.model import attenuation, inputs
from openiads.model.diffraction import edge_loss_db
from openiads.model.lobing import Low as Low
from openiads.model.lobing import clutter_rise_db, lobing_power, two_rays

SPEED_OF_LIGHT_MPS = 299_792_458.0  # SI definition
RAIN_TOP_M = 3_000.0  # judgement: the melting layer of a temperate summer
RAIN_EXTENT_M = 40_000.0  # judgement: a rain area around the radar
TABLE_HEIGHT_M = 40_000.0
DEEPEST_DB = 60.0


class LossTable(NamedTuple):
    """One-way loss by gases and rain (range, height) [dB]; both axes are square-law: index = n sqrt(value / maximum)."""

    one_way_db: Reals
    range_max_m: float
    height_max_m: float


@lru_cache(maxsize=256)
def loss_table(
    frequency_hz: float,
    antenna_amsl_m: float,
    range_max_m: float,
    k: float = STANDARD_K,
    rain_mm_per_h: float = 0.0,
    gas_model: str = "line-by-line",
    sea_level: attenuation.Air = attenuation.STANDARD_AIR,
    rain_extent_m: float = RAIN_EXTENT_M,
) -> LossTable:
    """Loss by gases and rain between an antenna and every range and height.

    Parameters
    ----------
    frequency_hz, antenna_amsl_m : of the radar [Hz, m]
    range_max_m : greatest ground range of interest [m]
    k : effective-radius factor of refraction [1]
    rain_mm_per_h : rain rate, below 3 km and within ``rain_extent_m`` of the radar
    gas_model : ``line-by-line`` or ``two-layer``
    sea_level : air at sea level

    Returns
    -------
    LossTable of 97 ranges and 65 heights up to 40 km

    Raises
    ------
    UserError : a value out of bounds or an unknown model.

    Limits: rays are arcs of the effective earth; within 0.02 dB of the path integral without rain; one weather everywhere.
    Source: [itu-p676-12] Annex 1, sum along the path; [itu-p838-3].
    """
    where = "propagation.loss_table"
    inputs.positive(where, "range_max_m", range_max_m, "m")
    inputs.positive(where, "k", k)
    inputs.finite(where, "antenna_amsl_m", antenna_amsl_m, "m")
    ranges_m = range_max_m * (np.arange(97) / 96.0) ** 2
    heights_m = TABLE_HEIGHT_M * (np.arange(65) / 64.0) ** 2
    loss_db = path_loss_db(
        frequency_hz, antenna_amsl_m, ranges_m[:, None], heights_m[None, :], k, rain_mm_per_h, gas_model, sea_level, rain_extent_m
    )
    loss_db.flags.writeable = False
    return LossTable(loss_db, float(range_max_m), TABLE_HEIGHT_M)


def path_loss_db(
    frequency_hz: float,
    antenna_amsl_m: float,
    ground_range_m: ArrayLike,
    target_amsl_m: ArrayLike,
    k: float = STANDARD_K,
    rain_mm_per_h: float = 0.0,
    gas_model: str = "line-by-line",
    sea_level: attenuation.Air = attenuation.STANDARD_AIR,
    rain_extent_m: float = RAIN_EXTENT_M,
) -> Reals:
    """One-way loss by gases and rain along paths, integrated with 32 Gauss points.

    Parameters
    ----------
    frequency_hz, antenna_amsl_m : of the radar [Hz, m]
    ground_range_m, target_amsl_m : shapes that broadcast [m]
    k, rain_mm_per_h, gas_model, sea_level, rain_extent_m : as for ``loss_table``

    Returns
    -------
    array of the broadcast shape [dB]

    Raises
    ------
    UserError : NaN, a negative range or rate, or an unknown model.

    Limits: as ``loss_table``; below the horizon the path is held at sea level.
    Source: [itu-p676-12] Annex 1; [itu-p838-3].
    """
    where = "propagation.path_loss_db"
    reach_m = inputs.array(where, "ground_range_m", ground_range_m, 0.0)
    target_m = inputs.array(where, "target_amsl_m", target_amsl_m)
    grid_m, gas = _gas_by_height(float(frequency_hz), gas_model, sea_level)
    points, weights = np.polynomial.legendre.leggauss(32)
    part = 0.5 * (points + 1.0)
    reach, target = np.broadcast_arrays(reach_m[..., None], target_m[..., None])
    along_m = reach * part
    height_m = antenna_amsl_m + (target - antenna_amsl_m) * part - along_m * (reach - along_m) / (2.0 * k * MEAN_RADIUS_M)
    slant_m = np.sqrt(reach * reach + (target - antenna_amsl_m) ** 2)[..., 0]
    loss_db = np.interp(height_m, grid_m, gas) @ (0.5 * weights) * slant_m / 1000.0
    rain = float(attenuation.rain_db_per_km(frequency_hz, rain_mm_per_h))
    if rain > 0.0:
        wet = _wet_share(antenna_amsl_m, reach[..., 0], target[..., 0], k, rain_extent_m)
        loss_db = loss_db + rain * slant_m / 1000.0 * wet
    return np.asarray(loss_db)


def two_way_loss_db(
    table: LossTable,
    low: Low,
    ground_range_m: ArrayLike,
    target_amsl_m: ArrayLike,
    target_agl_m: ArrayLike,
    clearance_m: ArrayLike = math.inf,
    obstacle_m: ArrayLike = 0.0,
) -> Reals:
    """All losses of looks beyond free space: gases, rain, lobing, clutter and grazing of an edge.

    Parameters
    ----------
    table : from ``loss_table``
    low : what the radar sees near the ground
    ground_range_m, target_amsl_m, target_agl_m : of each look, shapes that broadcast [m]
    clearance_m : height of the target above the mask; infinite is no diffraction [m]
    obstacle_m : ground range of the edge that masks, 0 for the radar's own horizon [m]

    Returns
    -------
    array of the broadcast shape; negative where two rays add up [dB]

    Raises
    ------
    UserError : NaN or a negative range.

    Limits: the mask itself is not applied; ground is taken as level between radar and target; without divergence of the
        reflected ray, which overstates lobes near the horizon.
    Source: [itu-p676-12], [itu-p838-3], [itu-p526-15], [blake-1986], [skolnik-2008].
    """
    where = "propagation.two_way_loss_db"
    reach = inputs.array(where, "ground_range_m", ground_range_m, 0.0)
    columns = (
        inputs.array(where, "target_amsl_m", target_amsl_m),
        inputs.array(where, "target_agl_m", target_agl_m),
        inputs.array(where, "clearance_m", clearance_m),
        inputs.array(where, "obstacle_m", obstacle_m, 0.0),
    )
    broadcast = np.broadcast_arrays(reach, *columns)
    r, amsl, agl, clear, edge = (np.ascontiguousarray(column).reshape(-1) for column in broadcast)
    out = np.empty(r.size)
    losses(table.one_way_db, table.range_max_m, table.height_max_m, low, r, amsl, agl, clear, edge, out)
    return out.reshape(broadcast[0].shape)


@lru_cache(maxsize=64)
def _gas_by_height(frequency_hz: float, gas_model: str, sea_level: attenuation.Air) -> tuple[Reals, Reals]:
    """Heights above sea level [m] and the loss to gases there [dB/km]: of a radar, wherever it stands and looks."""
    grid_m = np.concatenate([np.arange(0.0, 20e3, 100.0), np.arange(20e3, 86e3, 1000.0)])
    gas = attenuation.gas_profile_db_per_km(frequency_hz, grid_m, gas_model, sea_level)
    for column in (grid_m, gas):
        column.flags.writeable = False
    return grid_m, gas


def _wet_share(antenna_m: float, reach_m: Reals, target_m: Reals, k: float, extent_m: float) -> Reals:
    """Share of each path that lies below the top of the rain and within its extent, from an antenna below that top."""
    if antenna_m >= RAIN_TOP_M:
        return np.zeros(np.broadcast_shapes(reach_m.shape, target_m.shape))
    sag_m = reach_m * reach_m / (2.0 * k * MEAN_RADIUS_M)
    rise_m = target_m - antenna_m - sag_m
    under_m = RAIN_TOP_M - antenna_m
    leaves = 2.0 * under_m / (rise_m + np.sqrt(rise_m * rise_m + 4.0 * sag_m * under_m) + 1e-300)
    return np.asarray(np.minimum(np.where(target_m <= RAIN_TOP_M, 1.0, leaves), extent_m / np.maximum(reach_m, extent_m)))


@kernel
def table_loss_db(one_way_db: Reals, range_max_m: float, height_max_m: float, ground_range_m: float, height_m: float) -> float:
    """Two-way loss by gases and rain from a ``LossTable``, held at its edges. [dB]"""
    rows, columns = one_way_db.shape
    x = math.sqrt(min(max(ground_range_m / range_max_m, 0.0), 1.0)) * (rows - 1)
    y = math.sqrt(min(max(height_m / height_max_m, 0.0), 1.0)) * (columns - 1)
    i = min(int(x), rows - 2)
    j = min(int(y), columns - 2)
    u = x - i
    v = y - j
    near = one_way_db[i, j] * (1.0 - v) + one_way_db[i, j + 1] * v
    far = one_way_db[i + 1, j] * (1.0 - v) + one_way_db[i + 1, j + 1] * v
    return float(2.0 * (near * (1.0 - u) + far * u))


@kernel
def look_loss_db(
    one_way_db: Reals,
    range_max_m: float,
    height_max_m: float,
    low: Low,
    reach_m: float,
    amsl_m: float,
    agl_m: float,
    clearance_m: float,
    edge_m: float,
) -> float:
    """Two-way loss of one look. [dB]"""
    loss_db = table_loss_db(one_way_db, range_max_m, height_max_m, reach_m, amsl_m)
    if low.lobed == 1 and reach_m > 0.0:
        elevation_rad = (agl_m - low.antenna_m) / reach_m - reach_m / (2.0 * low.k * MEAN_RADIUS_M)
        if elevation_rad < 2.0 * low.beamwidth_rad:
            detour_m, grazing_rad = two_rays(reach_m, low.antenna_m, max(agl_m, 0.0), low.k)
            power = lobing_power(low, detour_m, grazing_rad, max(elevation_rad, 0.0))
            loss_db += min(-20.0 * math.log10(max(power, 1e-6)), DEEPEST_DB)
            loss_db += clutter_rise_db(low, reach_m)
    if clearance_m < 1e6 and reach_m > 0.0:
        obstacle_m = edge_m if edge_m > 0.0 else math.sqrt(2.0 * low.k * MEAN_RADIUS_M * low.antenna_m)
        obstacle_m = min(max(obstacle_m, 1.0), 0.999 * reach_m)
        beyond_m = reach_m - obstacle_m
        v = -clearance_m * math.sqrt(2.0 * obstacle_m / (low.wavelength_m * reach_m * beyond_m))
        loss_db += 2.0 * edge_loss_db(v)
    return loss_db


@kernel
def losses(
    one_way_db: Reals,
    range_max_m: float,
    height_max_m: float,
    low: Low,
    reach_m: Reals,
    amsl_m: Reals,
    agl_m: Reals,
    clearance_m: Reals,
    edge_m: Reals,
    out: Reals,
) -> None:
    """Fill ``out`` (n,) with the two-way losses of n looks. [dB]"""
    for i in range(reach_m.shape[0]):
        out[i] = look_loss_db(one_way_db, range_max_m, height_max_m, low, reach_m[i], amsl_m[i], agl_m[i], clearance_m[i], edge_m[i])
