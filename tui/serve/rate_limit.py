"""A limit on how fast a visitor may send."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic


class RateLimit:
    """A token bucket: after a burst, messages are taken at a steady rate.

    Args:
        rate: Units per second, of any kind: messages or bytes.
        burst: Units that may come at once.
        clock: Returns the time in seconds.
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left, self._time = burst, clock()

    def delay(self, units: float) -> float:
        """Take some units, and return for how many seconds the sender must wait."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._time) * self._rate) - units
        self._time = now
        return max(0.0, -self._left / self._rate)
