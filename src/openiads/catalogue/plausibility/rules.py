"""All rules in one list, and the function that applies them."""

from collections.abc import Callable, Iterator

from openiads.catalogue.model import Catalogue
from openiads.catalogue.plausibility import classes, radars, weapons
from openiads.catalogue.plausibility.finding import Finding

Rule = Callable[[Catalogue], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    classes.low_above_high,
    classes.rival_outside_spread,
    radars.low_altitude_range_beyond_horizon,
    radars.reach_against_low_flyers,
    radars.reference_range_beyond_horizon,
    radars.reference_range_beyond_instrumented,
    radars.fourth_root_law,
    radars.beamwidth_against_aperture,
    radars.gain_against_beamwidth,
    radars.mobile_or_masted,
    radars.scan_and_limits,
    weapons.missile_faster_than_its_flight_time,
    weapons.mean_speed_above_peak,
    weapons.envelope_in_order,
    weapons.ballistic_reach_beyond_range,
    weapons.rated_yet_too_slow,
    weapons.support_and_handover,
    weapons.missile_outranges_its_radar,
    weapons.missiles_for_targets,
    weapons.command_post_total,
    weapons.ready_missiles,
    weapons.kill_chain_shorter_than_reaction,
    weapons.gun_burst,
    classes.class_speed,
    classes.class_cross_section,
    classes.class_height,
    classes.ballistic_speed_against_reach,
    classes.equal_ignorance,
)


def findings(catalogue: Catalogue) -> tuple[Finding, ...]:
    """Return every contradiction that the rules find, in the order of the rules.

    Parameters
    ----------
    catalogue : any catalogue, also one with values of a scenario.

    Returns
    -------
    tuple of Finding : empty where nothing contradicts; what is known of the shipped ones is in ``known``.
    """
    return tuple(finding for rule in RULES for finding in rule(catalogue))
