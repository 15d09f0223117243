"""How fast requests are taken: at once after a rest, then one after another, so that a flood leaves the processor to others."""

from __future__ import annotations

import asyncio
import time


class Pace:
    """Hands out the moments at which requests may go on.

    Parameters
    ----------
    rate_hz
        Requests a second that are taken for as long as they come.
    burst
        Requests that are taken at once after a rest, such as those of a page that opens.
    """

    def __init__(self, rate_hz: float, burst: int) -> None:
        self._step_s = 1.0 / rate_hz
        self._credit_s = burst * self._step_s
        self._next_s = 0.0

    def wait_s(self, now_s: float) -> float:
        """How long the request that comes now has to wait [s]."""
        self._next_s = max(self._next_s + self._step_s, now_s - self._credit_s)
        return max(0.0, self._next_s - now_s)

    async def turn(self) -> None:
        """Wait until it is this request's turn."""
        wait_s = self.wait_s(time.monotonic())
        if wait_s > 0.0:
            await asyncio.sleep(wait_s)
