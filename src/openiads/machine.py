"""What this process may use of the machine."""

import gc
import os


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def collect_rarely() -> None:
    """Let the search for unreachable cycles pass seldom: imports leave none, and searching took a twentieth of a short run."""
    gc.set_threshold(400_000, 20, 100)
