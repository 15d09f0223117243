"""Checks of noise jamming."""

from openiads.model import beam, jamming
from openiads.verify import rows

_RADAR = (5e4, 35.0, 10.0, 667e3)
_JAMMER = (200.0, 10.0, 50e6)


def self_screening_range_m(**values: float) -> float:
    """Crossover range of a target that jams."""
    return jamming.self_screening_range_m(**values)


def standoff_range_m(**values: float) -> float:
    """Crossover range under a distant jammer."""
    return jamming.standoff_range_m(**values)


def doubled_power_ratio(kind: str) -> float:
    """Crossover range after doubling the power of the jammer, over the range before."""
    power_w, gain_db, band_hz = _JAMMER
    if kind == "standoff":
        far = (gain_db, band_hz, 22_200.0, 10.0)
        return jamming.standoff_range_m(*_RADAR, 2.0 * power_w, *far) / jamming.standoff_range_m(*_RADAR, power_w, *far)
    near = (gain_db, band_hz)
    return jamming.self_screening_range_m(*_RADAR, 2.0 * power_w, *near) / jamming.self_screening_range_m(*_RADAR, power_w, *near)


def wavelength_spread(wavelength_m: list[float]) -> float:
    """Spread of signal to jamming over wavelengths at fixed gains."""
    found = [jamming.signal_to_jam(1e5, 2e5, *_RADAR, *_JAMMER, one, 5.0) for one in wavelength_m]
    return max(found) / min(found) - 1.0


def density_spread(pair: str, factor: float) -> float:
    """Change of signal to jamming when power and bandwidth of radar, jammer or both grow together."""
    power_w, gain_db, rcs_m2, band_hz = _RADAR
    jam_w, jam_gain_db, jam_band_hz = _JAMMER
    base = jamming.signal_to_jam(1e5, 2e5, *_RADAR, *_JAMMER, 0.1)
    ours = factor if pair in ("radar", "both") else 1.0
    theirs = factor if pair in ("jammer", "both") else 1.0
    scaled = jamming.signal_to_jam(
        1e5, 2e5, power_w * ours, gain_db, rcs_m2, band_hz * ours, jam_w * theirs, jam_gain_db, jam_band_hz * theirs, 0.1
    )
    return scaled / base - 1.0


def silent_ratio(kind: str) -> float:
    """Range under a jammer without power, over the noise-limited range."""
    silent_db = jamming.jam_constant_db(0.0, 50e6, 3e9, 35.0, 1e6)
    ratio = 10.0 ** (jamming.summed_db(jamming.jam_to_noise_db(silent_db, 1e5)) / 10.0)
    if kind == "standoff":
        return jamming.jammed_range_m(3e5, ratio) / 3e5
    return jamming.burn_through_range_m(3e5, ratio) / 3e5


def jammed_ratio(jam_to_noise: float) -> float:
    """Range under a jam-to-noise ratio, over the noise-limited range."""
    return jamming.jammed_range_m(3e5, jam_to_noise) / 3e5


def effect_returned_m(jammed_range_m: float, clear_range_m: float, jammer_range_m: float) -> float:
    """Range that is left under a jammer of the power computed back from it."""
    receiver = (50e6, 3e9, 38.0, 1e6, 800.0)
    power_w = jamming.effective_power_w(jammed_range_m, clear_range_m, jammer_range_m, *receiver)
    level_db = float(jamming.jam_to_noise_db(jamming.jam_constant_db(power_w, *receiver), jammer_range_m))
    return jamming.jammed_range_m(clear_range_m, 10.0 ** (level_db / 10.0))


def beam_edge_db(beamwidths: float) -> float:
    """Gain so many beamwidths off the axis."""
    return beam.pattern_gain_db(0.03 * beamwidths, 0.0, 0.03, 0.05, -30.0)


CHECKS = rows.read("jamming", globals())
