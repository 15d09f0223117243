"""What does not depend on chance: a battle as read-only tables, indices instead of names.

Every value is in SI and radians, positions are ECEF (WGS84), times are int64 microseconds.
"""

from typing import NamedTuple

import numpy as np

from openiads.kernel import Ints, Reals, Shorts
from openiads.model.columns import Table


class Sky(NamedTuple):
    """What flies, and where."""

    objects: Table
    paths: Table
    motion: Reals  # (samples, 6) position and velocity of all paths, ECEF


class Eyes(NamedTuple):
    """What sees, and the look table: who could see or jam whom, when, how well."""

    radars: Table
    coverages: Reals  # (radars, 24), columns as in ``tracking.sight``
    block_of: Shorts  # (2, radars, paths) row of the blocks for looks and for jamming, -1: never worth a draw
    blocks: Table
    looks: Table
    watch: Table
    watched: Ints  # (radars + 1,) the first row of the watch of each radar
    detectors: Reals  # (tables, points) probability of detection over signal-to-noise ratio
    jammers: Ints  # (jammers,) the objects that carry them
    regions: Table  # of clutter


class Arms(NamedTuple):
    """What shoots."""

    units: Table
    frames: Reals  # (units, 12)
    weapons: Table
    flights_s: Reals  # (weapons, points) time of flight over slant range
    launchers: Table
    rounds: Ints  # (launchers, SLOTS) loaded at the start


class Rule(NamedTuple):
    """Who decides, by what orders and beliefs."""

    deciders: Table
    families: Table
    doctrine: Table
    classes: Table
    corridors: Table
    zones: Table
    corners_rad: Reals  # (corners, 2) latitude and longitude of polygons
    lines: Table  # (units * LEVELS,)
    laws_s: Reals  # (laws, points) times [s] at even shares of probability from 0 to 1
    guarded: Table
    protects: Ints  # (units, guarded) 1: its duty, 2: its own site, 3: the most valued asset in its reach, 0: none of these
    ranks: Ints  # (units, families) place in doctrine's order of who takes a family first
    believed: Reals  # (weapons, families) kill probability that the defence reckons with
    classifier: Reals  # (classes, families) cumulative probability of the family reported; zeros: no classifier for the class
    flights: Table
    reported: Reals  # (samples, 3) ECEF


class Plan(NamedTuple):
    """Everything that does not depend on chance; counts are the lengths of the tables."""

    duration_us: int
    sky: Sky
    eyes: Eyes
    arms: Arms
    rule: Rule
    assets: Table
    feeds: Table
    reliefs: Ints  # rows of feeds
    trackers: Reals  # (21,) rules of the trackers
    pictures: int
    rows_per_picture: int


class Knowledge(NamedTuple):
    """What is not known for sure but needs no new plan: one sample of a study, or the catalogue's values."""

    radar: Reals  # (radars, 2) dB added to every signal-to-noise ratio, and to the jamming margin
    klass: Reals  # (classes, 2) dB added to every cross-section, and probability that a leaker hits
    jammer_db: Reals  # (jammers,)
    kill: Reals  # (weapons, classes) conditional kill probability
    scalars: Reals  # see SCALARS


SCALARS = ("delay_factor", "correlation", "night_sd", "availability", "iff_failure_factor", "assess_error_factor")
DELAY_FACTOR, CORRELATION, NIGHT_SD, AVAILABILITY, IFF_FACTOR, ASSESS_FACTOR = range(6)


def frozen(plan: Plan) -> Plan:
    """Return the plan with every array read-only."""
    for value in plan:
        for array in value if isinstance(value, tuple) else (value,):
            if isinstance(array, np.ndarray):
                array.flags.writeable = False
    return plan
