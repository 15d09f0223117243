"""An arena for tests of whole studies: leaked shares follow what is set and drawn, so truths are known."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from fake_battle import mixed

from openiads.study.alternatives import Alternative


@dataclass(frozen=True)
class Arena:
    """Raids of 20 objects on common random numbers; each leaks with probability ``p`` of the alternative's values.

    Civil aircraft fly only where ``x`` is at most ``civil_up_to``; one is engaged in a share ``civil_in`` of the nights.
    """

    alternatives: Mapping[str, Alternative]

    def __call__(self, alternative: str, knowledge: int, first: int, count: int) -> dict[str, np.ndarray]:
        found = self.alternatives[alternative]
        values = found.values(knowledge)
        p = 0.3 + 0.1 * float(values.get("pantsir", 0)) * -1 + float(values.get("load", 0)) * 0.02 + float(values.get("jam", 0)) * 0.15
        p += 0.2 * (float(values.get("x", 0.5)) - 0.5) + 0.05 * (float(values.get("y", 0.5)) - 0.5)
        numbers = np.arange(first, first + count)
        p += 0.3 * (found.listing % 2) * float(values.get("order", 0))
        night = (mixed("night", numbers, 0) % np.uint64(1000)) / 1000.0 * 0.1 - 0.05
        leaked = sum(((mixed("raid", numbers, i) % np.uint64(100_000)) / 100_000.0 < p + night).astype(np.int64) for i in range(20))
        one_in = np.uint64(round(1.0 / float(values.get("civil_in", 1 / 400))))
        civil = (mixed("civil", numbers, 1) % one_in == 0).astype(np.int64)
        full = np.full(count, 20)
        flights = full // 4 * (float(values.get("x", 0.5)) <= float(values.get("civil_up_to", 1.0)))
        return {
            "impacts": leaked, "impact_objects": full, "leaked": leaked, "targets": full, "killed": 20 - leaked,
            "civil_engaged": civil * (flights > 0), "civil_flights": flights, "friendly_engaged": 0 * civil, "friendly_flights": full // 10,
            "civil_lost": civil * (flights > 0) * (numbers % 3 > 0), "friendly_lost": 0 * civil,
            "targets/drone": full, "leaked/drone": leaked, "why/no time": leaked, "rounds_fired/s-400": full, "rounds_fired": 2 * full,
        }  # fmt: skip
