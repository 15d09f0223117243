"""The agenda of coming events in their total order, and the writer of the log.

An event is its time and one integer: stage, kind within the stage, and index.  No two waiting events are equal, so neither heap
position nor insertion order can decide anything.
"""

from openiads.kernel import Ints, Reals, folded_kernel, kernel
from openiads.model.columns import Table

KIND_SHIFT = 32
STAGE_SHIFT = 40
INDEX_MASK = (1 << KIND_SHIFT) - 1

FINISHED, QUEUE_FULL, LOG_FULL, SHOTS_FULL, ASKED = 1, 2, 3, 4, 5


@folded_kernel
def push(clock: Table, queue: Ints, time_us: int, stage: int, kind: int, index: int) -> None:
    """Put an event on the agenda; writes the queue and its length, or the status when it is full."""
    event = (stage << STAGE_SHIFT) | (kind << KIND_SHIFT) | index
    i = clock["queued"][0]
    if i >= queue.shape[0]:
        clock["status"][0] = QUEUE_FULL
        return
    clock["queued"][0] = i + 1
    while i > 0:
        above = (i - 1) >> 1
        if queue[above, 0] < time_us or (queue[above, 0] == time_us and queue[above, 1] <= event):
            break
        queue[i, 0] = queue[above, 0]
        queue[i, 1] = queue[above, 1]
        i = above
    queue[i, 0] = time_us
    queue[i, 1] = event


@folded_kernel
def pop(clock: Table, queue: Ints) -> tuple[int, int]:
    """Take the first event off the agenda, time and code; the caller has made sure that there is one."""
    first_us, first = queue[0, 0], queue[0, 1]
    n = clock["queued"][0] - 1
    clock["queued"][0] = n
    time_us, event = queue[n, 0], queue[n, 1]
    i = 0
    while True:
        below = 2 * i + 1
        if below >= n:
            break
        if below + 1 < n and (
            queue[below + 1, 0] < queue[below, 0] or (queue[below + 1, 0] == queue[below, 0] and queue[below + 1, 1] < queue[below, 1])
        ):
            below += 1
        if time_us < queue[below, 0] or (time_us == queue[below, 0] and event <= queue[below, 1]):
            break
        queue[i, 0] = queue[below, 0]
        queue[i, 1] = queue[below, 1]
        i = below
    queue[i, 0] = time_us
    queue[i, 1] = event
    return int(first_us), int(first)


@kernel
def note(
    clock: Table, integers: Ints, stage: int, kind: int, a: int, b: int, outcome: int, index_a: int, index_b: int, count: int, extra: int
) -> int:
    """Append one event to the log at the present time; returns its row, where the caller may add real values."""
    row = clock["logged"][0]
    if row >= integers.shape[0]:
        clock["status"][0] = LOG_FULL
        return int(row - 1)
    clock["logged"][0] = row + 1
    integers[row, 0] = clock["now_us"][0]
    integers[row, 1] = stage
    integers[row, 2] = kind
    integers[row, 3] = a
    integers[row, 4] = b
    integers[row, 5] = outcome
    integers[row, 6] = index_a
    integers[row, 7] = index_b
    integers[row, 8] = count
    integers[row, 9] = extra
    return int(row)


@kernel
def put(reals: Reals, row: int, v0: float, v1: float, v2: float, v3: float, v4: float) -> None:
    """Write the real values of a log row (they stand outside the digest)."""
    reals[row, 0] = v0
    reals[row, 1] = v1
    reals[row, 2] = v2
    reals[row, 3] = v3
    reals[row, 4] = v4
