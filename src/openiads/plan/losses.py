"""A radar's level of signal to noise over range and height: calibrated once, then the same formula for looks and for maps."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from openiads.catalogue.specs import RadarSpec
from openiads.kernel import Reals
from openiads.model import detection, propagation, range_equation
from openiads.model.attenuation import Air
from openiads.model.lobing import Low, clutter_constant_db
from openiads.scenario.models import Environment

REFERENCE_HEIGHT_M = 10_000.0  # public reference ranges speak of targets at height


class Level(NamedTuple):
    """What a radar's calibration and the air around it come to."""

    constant_db: float
    table: propagation.LossTable | None  # None: an optical channel, whose range is stated for the weather
    low: Low


def level(spec: RadarSpec, antenna_m: float, reach_m: float, environment: Environment, ground_amsl_m: float = 0.0) -> Level:
    """Return what a radar's calibration and the air around it come to.

    Parameters
    ----------
    spec : the radar
    antenna_m : antenna above ground [m]
    reach_m : as far as losses are wanted [m]
    environment : refraction, air, rain and the models chosen by the scenario
    ground_amsl_m : ground under the antenna, above sea level [m]
    """
    optical = spec.band == "optical"
    constant_db = _constant_db(spec, antenna_m, environment)
    lobed = environment.propagation == "lobed" and not optical
    clutter_db = -np.inf
    if environment.clutter and lobed and spec.emits:
        clutter_db = clutter_constant_db(constant_db, spec.beamwidth_azimuth_rad, spec.resolution_range_m)
    low = Low(
        lobed=1 if lobed else 0,
        wavelength_m=propagation.SPEED_OF_LIGHT_MPS / spec.frequency_hz,
        antenna_m=antenna_m,
        k=environment.k_factor,
        beamwidth_rad=spec.beamwidth_elevation_rad,
        clutter_db=float(clutter_db),
    )
    table = None
    if not optical:
        air = Air(environment.temperature_k, environment.pressure_pa, 1000.0 * environment.vapour_kgpm3)
        table = propagation.loss_table(
            spec.frequency_hz, antenna_m + ground_amsl_m, reach_m, environment.k_factor, environment.rain_mmph,
            environment.attenuation, air,
        )  # fmt: skip
    return Level(constant_db, table, low)


def _constant_db(spec: RadarSpec, antenna_m: float, environment: Environment) -> float:
    """Signal to noise of 1 m2 at 1 m: from the range equation where power and pulse are public, otherwise from the public reference range.

    The air on the reference range is divided out of what the reference says.
    """
    if spec.peak_power_w > 0.0 and spec.pulse_s > 0.0:
        return range_equation.snr_db(
            1.0, spec.peak_power_w, spec.pulse_s, spec.frequency_hz, 1.0, spec.gain_db, spec.losses_db, spec.noise_temperature_k
        )
    reference_db = 0.0
    if spec.band != "optical":
        reference_db = 2.0 * float(
            propagation.path_loss_db(
                spec.frequency_hz, antenna_m, spec.reference_range_m, REFERENCE_HEIGHT_M, environment.k_factor,
                gas_model=environment.attenuation,
            )
        )  # fmt: skip
    return detection.calibrate(
        spec.reference_range_m, spec.reference_rcs_m2, spec.reference_pd, spec.reference_pfa, spec.pulses, spec.swerling, reference_db
    )


def snr_db(
    of: Level,
    rcs_db: ArrayLike,
    range_m: ArrayLike,
    ground_range_m: ArrayLike,
    height_agl_m: ArrayLike,
    height_amsl_m: ArrayLike,
    clearance_m: ArrayLike,
    bends: bool,
) -> Reals:
    """Signal-to-noise ratio of looks: the fourth-root law less all losses on the way. [dB]

    Parameters
    ----------
    of : from ``level``
    rcs_db : cross-section towards the radar [dB over 1 m2]
    range_m, ground_range_m, height_agl_m, height_amsl_m : of the target [m]
    clearance_m : its height above the mask [m]
    bends : whether diffraction just above the mask is taken into account
    """
    free = of.constant_db + np.asarray(rcs_db) - 40.0 * np.log10(np.maximum(range_m, 1.0))
    if of.table is None:
        return np.asarray(free, dtype=np.float64)
    above = np.maximum(clearance_m, 0.0) if bends else np.inf
    lost = propagation.two_way_loss_db(of.table, of.low, ground_range_m, height_amsl_m, np.maximum(height_agl_m, 0.0), above)
    return np.asarray(free - lost, dtype=np.float64)
