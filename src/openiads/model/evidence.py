"""What each kind of evidence says of whose a track is: states, their likelihoods, and which kinds share a cause.

Of the pieces that share a cause (everything that rests on where the radar puts a track rests on its registration) only the
strongest counts; the others are kept for the record.
"""

from openiads.kernel import inlined, kernel
from openiads.model.columns import Table

KINDS = ("iff", "kinematics", "corridor", "flight-plan", "origin", "emissions", "cooperative", "report", "hostile-act")
IFF, KINEMATICS, CORRIDOR, FLIGHT_PLAN, ORIGIN, EMISSIONS, COOPERATIVE, REPORT, HOSTILE_ACT = range(9)
BITS = 4  # of one kind's state in the packed states of a track; 0: has not spoken

# States by kind, in the words of tables.
SILENT, FRIENDLY_REPLY, CIVIL_REPLY, FOREIGN_REPLY = 1, 2, 3, 4
CLASSIFIED = 6  # added to a family (from 1) that a classifier reported, not the track's own motion
IN_AIRWAY, IN_LANE, OUTSIDE = 1, 2, 3
CONFORMS, CONFORMS_NOT = 1, 2
FROM_THREAT, FROM_ELSEWHERE = 1, 2
HEARD = 1
AGREES, APART, NO_POSITION = 1, 2, 3
TOLD_HOSTILE, TOLD_CIVIL, TOLD_FRIENDLY = 1, 2, 3
ACTED = 1
_FAMILY_WORDS = ("aircraft", "low flyer", "slow", "ballistic", "glide", "fast missile")
STATES: tuple[tuple[str, ...], ...] = (
    ("not asked", "no reply", "friendly reply", "civil reply", "foreign military reply"),
    ("none", *(f"moves like: {word}" for word in _FAMILY_WORDS), *(f"classified as: {word}" for word in _FAMILY_WORDS)),
    ("none", "inside an airway", "inside a lane", "outside airways and lanes"),
    ("none", "fits a filed plan", "fits no filed plan"),
    ("none", "came from the threat's sector", "came from elsewhere"),
    ("none", "emissions heard"),
    ("none", "agrees with a reported position", "a reported position near it does not fit", "no reported position"),
    ("none", "another post says hostile", "another post says civil", "another post says friendly"),
    ("none", "released or jammed"),
)

# P(state | hostile, civil, friendly): judgement, kept wide of certainty; the states of a kind sum to 1.
_REPLY = ((0.95, 0.0495, 0.048), (0.005, 0.001, 0.92), (0.025, 0.949, 0.03), (0.02, 0.0005, 0.002))
# The same where only military modes are asked: a civil set stays silent.
_MILITARY_REPLY = ((0.975, 0.9985, 0.08), (0.005, 0.001, 0.915), (0.0, 0.0, 0.0), (0.02, 0.0005, 0.005))
_CORRIDOR = ((0.10, 0.85, 0.10), (0.03, 0.05, 0.80), (0.87, 0.10, 0.10))
_PLAN = ((0.03, 0.85, 0.75), (0.97, 0.15, 0.25))
_ORIGIN = ((0.75, 0.25, 0.30), (0.25, 0.75, 0.70))
_POSITION = ((0.03, 0.88, 0.15), (0.07, 0.02, 0.02), (0.90, 0.10, 0.83))
_REPORT = ((0.96, 0.05, 0.05), (0.02, 0.90, 0.05), (0.02, 0.05, 0.90))
_EMISSIONS = (0.30, 0.001, 0.02)
_ACT = (0.30, 0.0005, 0.005)


@inlined
def state_of(said: int, kind: int) -> int:
    """The state of one kind in the packed states of a track."""
    return (said >> (BITS * kind)) & 15


@kernel
def likelihood(families: Table, military: int, kind: int, state: int) -> tuple[float, float, float]:
    """P(state of a kind | hostile), P(... | civil), P(... | friendly); ``military``: 1 where only military modes are asked."""
    if kind == IFF:
        return _MILITARY_REPLY[state - 1] if military == 1 else _REPLY[state - 1]
    if kind == KINEMATICS:
        family = (state - 1) % CLASSIFIED
        return float(families["if_hostile"][family]), float(families["if_civil"][family]), float(families["if_friendly"][family])
    if kind == CORRIDOR:
        return _CORRIDOR[state - 1]
    if kind == FLIGHT_PLAN:
        return _PLAN[state - 1]
    if kind == ORIGIN:
        return _ORIGIN[state - 1]
    if kind == COOPERATIVE:
        return _POSITION[state - 1]
    if kind == REPORT:
        return _REPORT[state - 1]
    return _EMISSIONS if kind == EMISSIONS else _ACT


@inlined
def rests_on_place(kind: int) -> bool:
    """Whether a kind rests on where the radar puts the track, and so shares its registration with others."""
    return kind in (CORRIDOR, FLIGHT_PLAN, ORIGIN, COOPERATIVE)


@inlined
def strength(hostile: float, civil: float, friendly: float) -> float:
    """How strongly a piece speaks: the larger of its likelihood ratios of hostile against civil and against friendly, or its inverse."""
    against_civil, against_friendly = hostile / civil, hostile / friendly
    return max(against_civil, 1.0 / against_civil, against_friendly, 1.0 / against_friendly)


@kernel
def strongest_place(families: Table, said: int) -> int:
    """The kind that speaks for all those that rest on the track's place, -1 where none has spoken."""
    best, found = 1.0, -1
    for kind in range(CORRIDOR, COOPERATIVE + 1):
        state = state_of(said, kind)
        if state == 0 or not rests_on_place(kind):
            continue
        h, c, f = likelihood(families, 0, kind, state)
        weight = strength(h, c, f)
        if weight > best:
            best, found = weight, kind
    return found


@kernel
def posterior(families: Table, military: int, said: int, hostile: float, civil: float, friendly: float) -> tuple[float, float, float]:
    """Belief (hostile, civil, friendly) after priors and every piece that counts, summing to 1."""
    place = strongest_place(families, said)
    for kind in range(HOSTILE_ACT + 1):
        state = state_of(said, kind)
        if state == 0 or (rests_on_place(kind) and kind != place):
            continue
        h, c, f = likelihood(families, military, kind, state)
        hostile, civil, friendly = hostile * h, civil * c, friendly * f
    total = max(hostile + civil + friendly, 1e-300)
    return hostile / total, civil / total, friendly / total
