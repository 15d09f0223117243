"""The integer codes that kernels, the log and the tables share, each with the word that users read."""

# Plain zero, one, two and minus one under names: numba compiles a function anew for each literal it is handed.
NONE, ONE, TWO, NOBODY, NO_GAIN = 0, 1, 2, -1, 0.0

# Sides and duties of an object.
HOSTILE, CIVIL, FRIENDLY = 0, 1, 2
SIDES = ("hostile", "civil", "friendly")
IMPACT, RELEASE, JAM, DECOY, SCOUT, TRANSIT = 0, 1, 2, 3, 4, 5
DUTIES = ("impact", "release", "jam", "decoy", "scout", "transit")

# What an object is aimed at.
AIM_NONE, AIM_ASSET, AIM_RADAR, AIM_UNIT, AIM_POST, AIM_LAUNCHER = 0, 1, 2, 3, 4, 5

# What a hit destroys, in the order of its codes in the log.
LOSSES = ("radar", "unit", "post", "launcher")
LOST_RADAR, LOST_UNIT, LOST_POST, LOST_LAUNCHER = 0, 1, 2, 3

# How an object ends; exactly one each.
ALIVE, KILLED, LEAKED, TASK_DONE, TURNED_BACK, LOST, LEFT, PREVENTED, UNBORN = 0, 1, 2, 3, 4, 5, 6, 7, 8
ENDS = ("alive", "killed", "leaked", "task_done", "turned_back", "lost", "left", "prevented", "unborn")

# The links of the chain in their order: a leaker is explained by the link that broke for the unit that came furthest.
WHY = (
    "never visible",
    "signal too weak",
    "jammed",
    "no firm track",
    "not identified in time",
    "held by doctrine",
    "no rated missile",
    "outside envelope",
    "no channel",
    "no round",
    "no time",
    "support lost",
    "missed",
    "unit destroyed or silent",
    "assessed dead wrongly",
)
(
    NEVER_VISIBLE,
    TOO_WEAK,
    JAMMED,
    NO_FIRM_TRACK,
    NOT_IDENTIFIED,
    HELD,
    NO_RATED_MISSILE,
    OUTSIDE_ENVELOPE,
    NO_CHANNEL,
    NO_ROUND,
    NO_TIME,
    SUPPORT_LOST,
    MISSED,
    UNIT_DEAD,
    ASSESSED_DEAD,
) = range(15)

# Stages order the events of one microsecond.
STAGE_OBJECT, STAGE_INTERCEPT, STAGE_SENSE, STAGE_ASSESS, STAGE_DECIDE, STAGE_LAUNCH, STAGE_EMISSION = 0, 1, 2, 3, 4, 5, 6
STAGES = ("object", "intercept", "sense", "assess", "decide", "launch", "emission")

# Kinds of log events.  Kinds below TRACE are the canonical record that the digest covers.
KINDS = (
    "born",
    "release",
    "turn",
    "arrive",
    "end",
    "first_detection",
    "track_start",
    "track_firm",
    "track_drop",
    "label",
    "order",
    "launch",
    "launch_failed",
    "intercept",
    "assess",
    "asset_hit",
    "asset_stopped",
    "destroyed",
    "silent",
    "emit",
    "mode",
    "strobe",
    "held",
    "why",
    "belief",
    "soft_kill",
    "reload",
    "report",
    "magazine",
    "crossing",
    "refused",
)
(
    BORN,
    RELEASED,
    TURN,
    ARRIVE,
    END,
    FIRST_DETECTION,
    TRACK_START,
    TRACK_FIRM,
    TRACK_DROP,
    LABEL,
    ORDER,
    LAUNCH,
    LAUNCH_FAILED,
    INTERCEPT,
    ASSESS,
    ASSET_HIT,
    ASSET_STOPPED,
    DESTROYED,
    SILENT,
    EMIT,
    MODE,
    STROBE,
    HELD_EVENT,
    WHY_EVENT,
    BELIEF,
    SOFT_KILLED,
    RELOAD,
    REPORT_EVENT,
    MAGAZINE,
    CROSSING,
    REFUSED,
) = range(31)
TRACE = 64
PLOT, TRACK_STATE, NOT_ENGAGED, FACING, EVIDENCE = 64, 65, 66, 67, 68

# Results of an intercept.
SHOT_KILL, SHOT_MISS, SHOT_UNSUPPORTED, SHOT_OUTSIDE, SHOT_UNRELIABLE, SHOT_NO_TARGET, SHOT_ALREADY_DEAD = 0, 1, 2, 3, 4, 5, 6
SHOT_RESULTS = ("kill", "miss", "support lost", "outside envelope", "round failed", "no target", "already dead")

# Labels that an air picture gives a track, and the control that doctrine puts on weapons.
LABEL_UNKNOWN, LABEL_HOSTILE, LABEL_CIVIL, LABEL_FRIENDLY = 0, 1, 2, 3
LABELS = ("unknown", "hostile", "civil", "friendly")
CONTROL_HOLD, CONTROL_TIGHT, CONTROL_FREE = 0, 1, 2
CONTROL_NEVER = -1  # in a no-fire zone, where self-defence does not hold either
CONTROLS = ("hold", "tight", "free")

# Believed families of a track, from kinematics alone.
FAMILY_AIRCRAFT, FAMILY_LOW_FLYER, FAMILY_SLOW, FAMILY_BALLISTIC, FAMILY_GLIDE, FAMILY_FAST_SMALL = 0, 1, 2, 3, 4, 5
FAMILIES = ("aircraft", "low flyer", "slow", "ballistic", "glide", "fast missile")

# Who commands a unit.
MODE_CENTRAL, MODE_DELEGATED, MODE_AUTONOMOUS = 0, 1, 2
MODES = ("central", "delegated", "autonomous")

# How orders are chosen: compiled rules and heuristics, then those that the engine steps out of the kernel for.
ALGORITHMS = ("nearest", "first-come", "greedy", "local-search", "linear", "exact")
LINEAR, EXACT = 4, 5

# Why an order is not carried out, or is refused because a rule forbids it, beside the links of the chain.
REFUSALS = (
    *WHY, "order lost on the line", "cease fire", "not a round", "not its weapon", "not under this command",
    "more shots than doctrine allows", "decision not yet made",
)  # fmt: skip
LOST_ORDER, CEASE_FIRE, NOT_A_ROUND, NOT_ITS_WEAPON, NOT_COMMANDED, TOO_MANY, UNDECIDED = 15, 16, 17, 18, 19, 20, 21

# Weapons control, weapon kinds and target classes' families as the planner sees them.
WEAPON_MISSILE, WEAPON_GUN = 0, 1
