"""Addressed draws: a random number is a pure function of what it is for, never of when it is asked for.

Philox 4x32-10 (Salmon et al. 2011) with key = the 64-bit study seed and counter words
replication | entity A | entity B | purpose (8 bits) and count (24 bits).  Entity keys are 32-bit hashes of names, so
adding a radar, a worker or a log changes no other draw.

All arithmetic stays in integers masked to 32 bits: compiled code wraps, Python integers do not, the masked bits agree.
"""

import hashlib
import math

from openiads.kernel import folded_kernel, kernel

SCHEME = "philox4x32-10/1"

# One number per purpose; a number is never reused for another meaning.
DETECTION = 1
PLOT_NOISE = 2
SCAN_PHASE = 3
GROUP_START = 4
IFF_REPLY = 5
IFF_SWAP = 6
KILL = 7
SALVO_CAUSE = 8
ROUND_RELIABILITY = 9
AVAILABILITY = 10
DECISION_DELAY = 11
ASSESSMENT = 12
IMPACT_HIT = 13
FALSE_ALARM = 14
LINK_LOSS = 15
LINK_DELAY = 16
NIGHT_EFFECT = 17
BATTERY_EFFECT = 18
TARGET_EFFECT = 19
FACING_ERROR = 20
REGISTRATION_BIAS = 21
GUN_BURST = 22
LABEL_LATCH = 23
SCENARIO_VALUE = 24
KNOWLEDGE = 25
LAUNCH_FAILURE = 26
SOFT_KILL = 27
FEED = 28
REPORT = 29
CLASSIFIER = 30
ARRIVAL = 31
PART_HIT = 32
STROBE_ANGLE = 40
ASSESSMENT_DELAY = 50
ORDER_DELAY = 51
ORDER_LOSS = 52
ENGAGEMENT_REPORT = 53
FLIGHT_PLAN = 60
EMISSION = 61
CLUTTER = 62

_M0 = 0xD2511F53
_M1 = 0xCD9E8D57
_W0 = 0x9E3779B9
_W1 = 0xBB67AE85
_MASK = 0xFFFFFFFF
_TO_UNIT = 1.0 / 9007199254740992.0
_TURN = 6.283185307179586
_TO_TURN = 2.3283064365386963e-10  # 2**-32
# Taylor's series of cosine and of sine over its argument, in powers of the square, the highest first.
_COSINE = tuple((-1.0) ** k / math.factorial(2 * k) for k in range(8, -1, -1))
_SINE = tuple((-1.0) ** k / math.factorial(2 * k + 1) for k in range(8, -1, -1))


@folded_kernel
def philox(key0: int, key1: int, c0: int, c1: int, c2: int, c3: int) -> tuple[int, int, int, int]:
    """Return the four 32-bit words of Philox 4x32-10 for a two-word key and a four-word counter."""
    k0, k1 = int(key0) & _MASK, int(key1) & _MASK
    x0, x1, x2, x3 = int(c0) & _MASK, int(c1) & _MASK, int(c2) & _MASK, int(c3) & _MASK
    for _ in range(10):
        p0 = _M0 * x0
        p1 = _M1 * x2
        x0, x1, x2, x3 = ((p1 >> 32) & _MASK) ^ x1 ^ k0, p1 & _MASK, ((p0 >> 32) & _MASK) ^ x3 ^ k1, p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return x0, x1, x2, x3


@folded_kernel
def words(seed: int, replication: int, a: int, b: int, purpose: int, count: int) -> tuple[int, int, int, int]:
    """Return the four raw 32-bit words at an address."""
    s = int(seed)
    return philox(s & _MASK, (s >> 32) & _MASK, replication, a, b, ((int(purpose) & 0xFF) << 24) | (int(count) & 0xFFFFFF))


@folded_kernel
def uniform(seed: int, replication: int, a: int, b: int, purpose: int, count: int) -> float:
    """Return one uniform draw in [0, 1) with 53 bits."""
    x0, x1, _, _ = words(seed, replication, a, b, purpose, count)
    return ((x0 >> 5) * 67108864.0 + (x1 >> 6)) * _TO_UNIT


@kernel
def uniform_pair(seed: int, replication: int, a: int, b: int, purpose: int, count: int) -> tuple[float, float]:
    """Return two independent uniform draws in [0, 1) with 53 bits each; the first equals ``uniform``."""
    x0, x1, x2, x3 = words(seed, replication, a, b, purpose, count)
    return ((x0 >> 5) * 67108864.0 + (x1 >> 6)) * _TO_UNIT, ((x2 >> 5) * 67108864.0 + (x3 >> 6)) * _TO_UNIT


@folded_kernel
def normals(seed: int, replication: int, a: int, b: int, purpose: int, count: int) -> tuple[float, float, float, float]:
    """Return four independent standard normal draws (Box and Muller 1958, 32 bits a word, so |z| < 6.8)."""
    x0, x1, x2, x3 = words(seed, replication, a, b, purpose, count)
    r0 = math.sqrt(-2.0 * math.log((x0 + 0.5) * _TO_TURN))
    r1 = math.sqrt(-2.0 * math.log((x2 + 0.5) * _TO_TURN))
    cos0, sin0 = circle(x1)
    cos1, sin1 = circle(x3)
    return r0 * cos0, r0 * sin0, r1 * cos1, r1 * sin1


@folded_kernel
def circle(word: int) -> tuple[float, float]:
    """Return cosine and sine of ``word`` / 2**32 of a turn, the same bits on every machine.

    The nearest quarter of a turn is exact, and within an eighth of a turn Taylor's series end below the last bit.
    """
    quarter = (word + 0x20000000) >> 30
    angle_rad = (word - (quarter << 30)) * (_TURN * _TO_TURN)
    square = angle_rad * angle_rad
    cos, sin = _COSINE[0], _SINE[0]
    for k in range(1, 9):
        cos, sin = _COSINE[k] + square * cos, _SINE[k] + square * sin
    sin *= angle_rad
    if quarter & 1:
        cos, sin = -sin, cos
    if quarter & 2:
        cos, sin = -cos, -sin
    return cos, sin


def entity_key(name: str) -> int:
    """Return the 32-bit key of a scenario name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


def child_key(parent: int, ordinal: int) -> int:
    """Return the 32-bit key of the ``ordinal``-th member of a group or child of an object."""
    return int.from_bytes(hashlib.sha256(f"{parent}/{ordinal}".encode()).digest()[:4], "big")
