"""The columns of a plan's tables, one list a table.

A table is one structured array (``objects["side"][i]``): it costs a compiled call one argument where a bundle of plain arrays
costs twenty-five, which made a step fourteen times slower.  Kernels read columns and never whole rows, so that a write into a
plan is refused when it is compiled.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Table: TypeAlias = NDArray[Any]  # a structured array, one row an entity
Columns: TypeAlias = list[tuple[str, str]]

FAR_FUTURE_US = 1 << 60

OBJECTS: Columns = [  # what flies, in the order of its key
    ("key", "i8"),
    ("side", "i8"),
    ("duty", "i8"),
    ("klass", "i8"),
    ("group", "i8"),  # objects of one group share the draw of their start
    ("parent", "i8"),  # -1: released by nobody
    ("start_us", "i8"),  # on the nominal clock of its group
    ("end_us", "i8"),  # the last sample of its path
    ("path", "i8"),
    ("turn_path", "i8"),  # first turn-back alternative, -1: presses on
    ("turn_count", "i8"),
    ("turn_first_us", "i8"),
    ("turn_step_us", "i8"),
    ("aim_kind", "i8"),
    ("aim", "i8"),
    ("jammer", "i8"),  # row of the jammers, -1: none
    ("corridor", "i8"),  # the airway of its flight plan, -1: none
    ("jitter_us", "i8"),  # half-width of the uniform draw of its group's start
    ("iff", "f8"),  # probability that its transponder works
    ("iff_reply", "f8"),  # probability that it answers one interrogation, -1: doctrine's
    ("emits", "i8"),  # 1: sends out what gives it away
    ("soft_kill", "f8"),  # probability that it is lost without being hit
    ("visible", "i8"),  # 1: above some mask at some look
    ("soft_kill_us", "i8"),  # when that is decided, on the nominal clock
    ("next", "i8"),  # the member of its group that starts next, -1: none
    ("leads", "i8"),  # 1: the first member of a group whose members come by chance
    ("gap_us", "i8"),  # mean time between the starts of such members
    ("last_us", "i8"),  # a member that would start later, on the nominal clock, does not come
    ("availability", "f8"),  # probability that it comes at all
]

PATHS: Columns = [  # sampled routes: path i owns samples first .. first + count
    ("first", "i8"),
    ("count", "i8"),
    ("start_us", "i8"),
    ("step_us", "i8"),
    ("object", "i8"),
]

RADARS: Columns = [  # what sees: radars, optical channels, passive sensors and external feeds
    ("key", "i8"),
    ("unit", "i8"),  # the fire unit it guides missiles for, -1: acquisition only
    ("site", "i8"),
    ("height_amsl_m", "f8"),
    ("period_us", "i8"),
    ("rotates", "i8"),  # 1: looks are spread over the scan by bearing
    ("facing_rad", "f8"),
    ("half_sector_rad", "f8"),  # pi: all round
    ("facing_error_rad", "f8"),  # half-width of its uniform draw
    ("aside_exponent", "f8"),  # power of the cosine off its facing by which its gain falls one way, 0: it turns towards what it looks at
    ("range_max_m", "f8"),
    ("elevation_min_rad", "f8"),
    ("elevation_max_rad", "f8"),
    ("error_range_m", "f8"),
    ("error_azimuth_rad", "f8"),
    ("error_elevation_rad", "f8"),
    ("bias_azimuth_rad", "f8"),
    ("bias_elevation_rad", "f8"),
    ("bias_range_m", "f8"),
    ("error_radial_mps", "f8"),  # 0: it measures no radial speed
    ("resolution_m", "f8"),
    ("resolution_azimuth_rad", "f8"),
    ("beam_azimuth_rad", "f8"),
    ("beam_elevation_rad", "f8"),
    ("sidelobe_db", "f8"),
    ("margin_db", "f8"),  # jamming it shrugs off
    ("detector", "i8"),  # row of the Pd tables
    ("availability", "f8"),
    ("interrogates", "i8"),
    ("emits", "i8"),
    ("ready_us", "i8"),
    ("blink_shift_us", "i8"),  # its turn among the radars that blink, -1: does not blink
    ("is_feed", "i8"),  # an external feed, not a sensor of the defence
    ("angles_only", "i8"),
    ("false_alarms", "f8"),  # mean number a scan
    ("slew_rps", "f8"),  # at which its sector turns, 0: never
    ("turret", "i8"),  # 1: the sector is that of a turret, which may face anywhere
    ("hits_to_stop", "i8"),
]

BLOCKS: Columns = [  # a run of looks of one radar at one path; sample j is the look at (first_scan + j) * period
    ("first_scan", "i8"),
    ("count", "i8"),
    ("offset", "i8"),
]

LOOK: Columns = [
    ("range_m", "f4"),
    ("bearing_rad", "f4"),  # unwrapped along a block
    ("elevation_rad", "f4"),
    ("snr_db", "f4"),  # below MASKED_DB: out of sight; for a jammer's block the jam-to-noise ratio in the beam's peak
]
MASKED_DB = -90.0

WATCH: Columns = [  # what a radar may see at all, and from when until when, whatever the draws of the starts; earliest first
    ("object", "i8"),
    ("from_us", "i8"),
    ("until_us", "i8"),
]

FEEDS: Columns = [  # which picture hears of which radar
    ("radar", "i8"),
    ("picture", "i8"),
    ("delay", "i8"),  # row of the laws of time: of one message
    ("loss", "f8"),
    ("cut_us", "i8"),
    ("relief_first", "i8"),  # the feeds that search in its stead
    ("relief_count", "i8"),
    ("via", "i8"),  # the command post that passes it on, -1: none
]

UNITS: Columns = [  # fire units
    ("key", "i8"),
    ("system", "i8"),
    ("site", "i8"),
    ("radar", "i8"),  # the radar that guides, -1: none
    ("radar_spare", "i8"),  # the channel it falls back on, -1: none
    ("ground_wgs84_m", "f8"),
    ("height_amsl_m", "f8"),
    ("reach_m", "f8"),  # the longest of its weapons
    ("targets_max", "i8"),
    ("missiles_max", "i8"),
    ("reaction_us", "i8"),
    ("interval_us", "i8"),  # between two launches
    ("decision", "i8"),  # row of the laws of time: from a track that may be fired at to the decision to do so
    ("has_duty", "i8"),  # 1: it protects another site
    ("ready_us", "i8"),
    ("weapon_first", "i8"),
    ("weapon_count", "i8"),
    ("launcher_first", "i8"),
    ("launcher_count", "i8"),
    ("home", "i8"),  # the decider that commands it while all lives
    ("availability", "f8"),
    ("loaders", "i8"),  # launchers that can be reloaded at a time
    ("hits_to_stop", "i8"),
]

LINES: Columns = [  # who commands a unit: LEVELS rows a unit, from who does while all lives to itself on its own
    ("decider", "i8"),  # -1: no such level
    ("post", "i8"),  # the command post whose loss ends this level
    ("mode", "i8"),
    ("delay", "i8"),  # row of the laws of time: of one order
    ("loss", "f8"),
    ("cut_us", "i8"),
]
LEVELS = 4

WEAPONS: Columns = [  # a missile or gun type of a unit
    ("key", "i8"),
    ("kind", "i8"),
    ("type", "i8"),  # index of the catalogue's type, shared by units
    ("unit", "i8"),
    ("slot", "i8"),  # its column in the launchers' rounds
    ("range_min_m", "f8"),
    ("range_max_m", "f8"),
    ("crossing_share", "f8"),  # of the longest range against a target that crosses, over that against one coming head-on
    ("receding_share", "f8"),  # the same against one that flies away
    ("elevation_max_rad", "f8"),  # above it lies the dead zone overhead
    ("height_min_m", "f8"),
    ("height_max_m", "f8"),
    ("ballistic_range_m", "f8"),  # 0: not rated
    ("ballistic_height_min_m", "f8"),
    ("ballistic_height_max_m", "f8"),
    ("target_speed_max_mps", "f8"),
    ("handover_us", "i8"),  # support ends so long before the intercept; 0: never
    ("reliability", "f8"),
    ("rounds_per_shot", "i8"),
    ("flight_step_m", "f8"),
    ("layer_range_min_m", "f8"),  # what doctrine leaves to this weapon
    ("layer_range_max_m", "f8"),
    ("layer_height_min_m", "f8"),
    ("layer_height_max_m", "f8"),
    ("layer_families", "i8"),  # bit set of believed families
    ("loaded", "i8"),  # rounds at the start
    ("prefer", "f8"),  # doctrine's order of choice, larger first
    ("gun_near_pk", "f8"),
    ("gun_far_pk", "f8"),
]

LAUNCHERS: Columns = [
    ("key", "i8"),
    ("unit", "i8"),
    ("reload_us", "i8"),
    ("reloads", "i8"),
    ("availability", "f8"),
    ("hits_to_stop", "i8"),
]
SLOTS = 4  # weapon types a launcher can mix

DECIDERS: Columns = [  # a command post for its units, or a unit on its own
    ("key", "i8"),
    ("picture", "i8"),
    ("period_us", "i8"),
    ("phase_us", "i8"),
    ("site", "i8"),
    ("assess", "i8"),  # row of the laws of time
    ("kill_unseen", "f8"),
    ("miss_unseen", "f8"),
    ("hits_to_stop", "i8"),
    ("report", "i8"),  # row of the laws of time: of a message to the post above it
    ("report_loss", "f8"),
]

ASSETS: Columns = [
    ("key", "i8"),
    ("value", "f8"),
    ("radius_m", "f8"),
    ("hits_to_stop", "i8"),
    ("x_m", "f8"),  # ECEF
    ("y_m", "f8"),
    ("z_m", "f8"),
]

GUARDED: Columns = [  # what a track may threaten: the assets, then the sites of the defence itself
    ("value", "f8"),
    ("radius_m", "f8"),
    ("x_m", "f8"),  # ECEF
    ("y_m", "f8"),
    ("z_m", "f8"),
]

CLASSES: Columns = [  # target classes as truth needs them
    ("family", "i8"),
    ("is_ballistic", "i8"),  # a missile must be rated against it
    ("hit_probability", "f8"),
    ("silent_factor", "f8"),
    ("crewed", "i8"),
]

FAMILY_ROWS: Columns = [  # what doctrine says of each believed family
    ("salvo", "i8"),
    ("is_salvo", "i8"),  # 1: the whole salvo without a look between
    ("threat", "f8"),
    ("is_urgent", "i8"),  # 1: may use the reserve
    ("if_hostile", "f8"),  # probability of this family, given what the track is
    ("if_civil", "f8"),
    ("if_friendly", "f8"),
]

DOCTRINE: Columns = [  # one row: orders and beliefs
    ("control", "i8"),
    ("control_after", "i8"),
    ("reserve", "f8"),
    ("minimum_pk", "f8"),
    ("silence_us", "i8"),  # 0: radars do not fall silent before anti-radiation missiles
    ("threshold", "f8"),  # belief from which a track is called hostile
    ("latch", "f8"),  # probability that a label is not reviewed
    ("prior_hostile", "f8"),
    ("prior_civil", "f8"),
    ("prior_friendly", "f8"),
    ("iff_reply", "f8"),  # probability that a working set answers one interrogation
    ("military", "i8"),  # 1: only military modes are asked
    ("iff_swap", "f8"),  # an answer read from a neighbour
    ("iff_swap_m", "f8"),  # within this distance
    ("ask_us", "i8"),  # between two interrogations of one track
    ("timeout_s", "f8"),  # hostile by silence so shortly before it arrives; 0: never
    ("threshold_free", "f8"),
    ("algorithm", "i8"),
    ("remote", "i8"),
    ("closes_us", "i8"),  # when the airspace closes; a far future: never
    ("defends", "i8"),  # 1: there is a rule of self-defence
    ("defence_m", "f8"),  # within this range, or this time, of a unit
    ("defence_s", "f8"),
    ("defence_families", "i8"),  # bit set of the believed families it speaks of
    ("stress", "f8"),  # factor on decision times while more tracks wait than there are channels
    ("first_factor", "f8"),  # factor on the decision time of the first engagement after quiet
    ("quiet_us", "i8"),
    ("reengage_us", "i8"),  # from an assessed miss to the next order
    ("blink_on_us", "i8"),  # 0: radars do not blink
    ("blink_off_us", "i8"),
    ("required", "i8"),  # bit set of kinds of evidence that must have spoken
    ("review_us", "i8"),  # between two reviews of a hostile label
    ("plan_missing", "f8"),  # probability that the pictures lack a filed plan
    ("report_loss", "f8"),  # probability that another post's report never arrives, -1: nobody reports
    ("report_us", "i8"),  # its delay
    ("emissions", "f8"),  # probability that what an object sends out is heard and put to its track
    ("origin_cos", "f8"),  # of the half-width of the threat's sector, below -1.5: none
    ("origin_x_m", "f8"),
    ("origin_y_m", "f8"),
    ("origin_z_m", "f8"),
    ("origin_along_x", "f8"),
    ("origin_along_y", "f8"),
    ("origin_along_z", "f8"),
    ("arm_speed_mps", "f8"),  # from this speed a diving track is taken for an anti-radiation missile
    ("arm_dive_rad", "f8"),
    ("retry_us", "i8"),  # a track assessed dead that still gives plots is looked at again after so long
]

CORRIDORS: Columns = [
    ("label", "i8"),  # what flying inside speaks for
    ("ax_m", "f8"),  # its ends, ECEF
    ("ay_m", "f8"),
    ("az_m", "f8"),
    ("bx_m", "f8"),
    ("by_m", "f8"),
    ("bz_m", "f8"),
    ("half_width_m", "f8"),
    ("height_min_m", "f8"),
    ("height_max_m", "f8"),
]

REGIONS: Columns = [  # of clutter: discs on the ground
    ("key", "i8"),
    ("x_m", "f8"),  # ECEF
    ("y_m", "f8"),
    ("z_m", "f8"),
    ("radius_m", "f8"),
    ("height_max_m", "f8"),
    ("plots", "f8"),  # mean number a scan of a radar that looks at it
]

FLIGHTS: Columns = [  # flights that the pictures know of: by a filed plan, or because they say where they are
    ("object", "i8"),
    ("filed", "i8"),
    ("reports", "i8"),
    ("dx_m", "f8"),  # error of the reported position, ECEF
    ("dy_m", "f8"),
    ("dz_m", "f8"),
    ("from_us", "i8"),  # on the clock of the battle
    ("to_us", "i8"),
    ("first", "i8"),  # samples of reported positions of its own
    ("count", "i8"),  # 0: it reports where it is
    ("start_us", "i8"),
    ("step_us", "i8"),
]

ZONES: Columns = [  # where weapons control is another: a circle, or a polygon of corners first .. first + count
    ("control", "i8"),
    ("after_act", "i8"),  # 1: only after the first hostile act
    ("first", "i8"),
    ("count", "i8"),  # 0: a circle
    ("x_m", "f8"),
    ("y_m", "f8"),
    ("z_m", "f8"),
    ("radius_m", "f8"),
    ("height_min_m", "f8"),
    ("height_max_m", "f8"),
]


def table(columns: Columns, rows: int) -> Table:
    """Return a zeroed table of ``rows`` rows with the stated columns, aligned."""
    return np.zeros(rows, dtype=np.dtype(columns, align=True))
