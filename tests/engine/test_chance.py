"""Addressed draws: the published generator, and independence across addresses."""

import math

import numpy as np
import pytest

from openiads import chance
from openiads.kernel import plain

# Random123 1.14, kat_vectors, philox4x32 with 10 rounds: counter, key, result.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_known_answers(counter, key, words):
    assert tuple(chance.philox(*key, *counter)) == words
    assert tuple(plain(chance.philox)(*key, *counter)) == words


def test_compiled_equals_plain():
    for n in range(50):
        address = (2**63 - 1 - n, n, 4_294_967_295 - n, 17 * n, chance.KILL, n)
        assert chance.uniform(*address) == plain(chance.uniform)(*address)
        assert tuple(chance.normals(*address)) == tuple(plain(chance.normals)(*address))


def test_the_circle_is_that_of_the_standard_library():
    """Cosine and sine of a share of a turn; the library's own argument, 2 pi times the share, is rounded by up to 4e-16."""
    assert [chance.circle(quarter << 30) for quarter in range(4)] == [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)]
    edges = [word + step for word in (1 << 29, 3 << 29, 5 << 29, 7 << 29) for step in (-1, 0, 1)]
    for word in [*range(0, 1 << 32, 40_000_003), *edges, 0xFFFFFFFF]:
        cos, sin = chance.circle(word)
        angle_rad = 2.0 * math.pi * (word / 2**32)
        assert cos == pytest.approx(math.cos(angle_rad), rel=0.0, abs=1e-15)
        assert sin == pytest.approx(math.sin(angle_rad), rel=0.0, abs=1e-15)
        assert (cos, sin) == plain(chance.circle)(word)


def addresses(kind: str, n: int) -> list[tuple[int, int, int, int, int, int]]:
    """n addresses that differ in one part only."""
    base = [5, 0, 0x12345678, 0x9ABCDEF0, chance.DETECTION, 0]
    place = {"seed": 0, "replication": 1, "a": 2, "b": 3, "count": 5}[kind]
    rows = []
    for k in range(n):
        row = list(base)
        row[place] = k
        rows.append(tuple(row))
    return rows


@pytest.mark.parametrize("kind", ["seed", "replication", "a", "b", "count"])
def test_uniform_along_every_part_of_the_address(kind):
    """Chi-square over 64 cells and lag correlation; each has a false-alarm rate below 1e-6."""
    n = 20_000
    u = np.array([chance.uniform(*address) for address in addresses(kind, n)])
    counts = np.histogram(u, bins=64, range=(0.0, 1.0))[0]
    chi2 = float(((counts - n / 64) ** 2 / (n / 64)).sum())
    assert chi2 < 63 + 5.5 * math.sqrt(2 * 63), "cells are not equally full"
    for lag in (1, 2, 7):
        r = float(np.corrcoef(u[:-lag], u[lag:])[0, 1])
        assert abs(r) < 5.0 / math.sqrt(n - lag), f"neighbours at lag {lag} are correlated"


def test_purposes_and_replications_do_not_share_draws():
    seen = {
        chance.uniform(1, replication, a, b, purpose, count)
        for replication in range(4)
        for a in range(4)
        for b in range(4)
        for purpose in range(1, 9)
        for count in range(4)
    }
    assert len(seen) == 4 * 4 * 4 * 8 * 4


def test_normals_have_the_moments_of_a_normal():
    """Mean, variance and fourth moment within 5 standard errors: false alarm below 1e-6 each."""
    n = 20_000
    z = np.array([chance.normals(3, k, 1, 2, chance.PLOT_NOISE, 0) for k in range(n)]).ravel()
    assert abs(z.mean()) < 5.0 / math.sqrt(z.size)
    assert abs(z.var() - 1.0) < 5.0 * math.sqrt(2.0 / z.size)
    assert abs((z**4).mean() - 3.0) < 5.0 * math.sqrt(96.0 / z.size)


def test_keys_are_stable_and_32_bits():
    assert chance.entity_key("s400") == int.from_bytes(__import__("hashlib").sha256(b"s400").digest()[:4], "big")
    assert 0 <= chance.child_key(chance.entity_key("cm"), 3) < 2**32
