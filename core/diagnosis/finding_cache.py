"""A cache of the badges of one run."""

from __future__ import annotations

from nn_tui.core.analysis.badge import Badge
from nn_tui.core.analysis.health import diagnose
from nn_tui.core.engine.trace import Trace
from nn_tui.core.run.run import Run

Badges = tuple[Badge, ...]


class BadgeCache:
    """The badges of the passes of a run that were diagnosed last.

    Args:
        max_passes: The largest number of passes in the cache; the oldest entry is evicted first.
    """

    def __init__(self, max_passes: int = 256) -> None:
        self._max_passes = max_passes
        self._run: Run | None = None
        self._badges: dict[tuple[int, int], Badges] = {}  # by pass and updates done
        self._newest: Badges | None = None

    def __len__(self) -> int:
        """Return the number of passes in the cache."""
        return len(self._badges)

    def get(self, run: Run, trace: Trace, updates_done: int) -> Badges | None:
        """Return the badges of a pass; None if they are not in the cache."""
        return self._badges.get((trace.update, updates_done)) if run is self._run else None

    def newest(self, run: Run) -> Badges | None:
        """Return the badges of the run that were asked for last; None if none were."""
        return self._newest if run is self._run else None

    def diagnose(self, run: Run, trace: Trace, updates_done: int) -> Badges:
        """Return the badges of a pass, from the cache or computed. Another run empties the cache first."""
        if run is not self._run:
            self._run, self._badges = run, {}
        key = trace.update, updates_done
        if key not in self._badges:
            if len(self._badges) >= self._max_passes:
                del self._badges[next(iter(self._badges))]
            self._badges[key] = diagnose(run, trace, updates_done)
        self._newest = self._badges[key]
        return self._newest
