"""A battle for tests: cheap, addressed by replication, and able to crash, hang, err and die where told."""

import os
import signal
import time
from dataclasses import dataclass

import numpy as np

MASK = np.uint64(0xFFFFFFFFFFFFFFFF)


def mixed(alternative: str, replication: np.ndarray, salt: int) -> np.ndarray:
    """Return well-mixed 64-bit words that depend on their arguments only."""
    x = replication.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt * 7919 + sum(alternative.encode()))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    return x ^ (x >> np.uint64(31))


@dataclass(frozen=True)
class FakeBattle:
    """Raids of 10 objects of which some leak; the share depends on the alternative's name and the knowledge sample."""

    pause_s: float = 0.0
    kills: frozenset[int] = frozenset()
    hangs: frozenset[int] = frozenset()
    errors: frozenset[int] = frozenset()

    def __call__(self, alternative: str, knowledge: int, first: int, count: int) -> dict[str, np.ndarray]:
        numbers = np.arange(first, first + count)
        if self.kills & set(numbers.tolist()):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.hangs & set(numbers.tolist()):
            time.sleep(1000)
        if bad := self.errors & set(numbers.tolist()):
            raise ArithmeticError(f"replication {min(bad)} does not converge")
        time.sleep(self.pause_s * count)
        share = {"a": 3, "b": 4}.get(alternative, 5) + (knowledge % 3 if knowledge >= 0 else 0)
        leaked = sum(((mixed("raid", numbers, i) % np.uint64(10)) < share).astype(np.int64) for i in range(10))
        return {"leaked": leaked, "targets": np.full(count, 10), "civil_engaged": (mixed("c", numbers, 1) % np.uint64(97) == 0) * 1}
